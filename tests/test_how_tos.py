"""The how-tos are followed: what their pages say to type is typed, in a workspace that has the months they speak of.

`docs/deploy.md` needs a machine of its own, with PostgreSQL, systemd and a proxy; what it says of a restore is in
`tests/test_restore.py`. `docs/tutorial.md` is followed word for word in `tests/test_tutorial.py`.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from perfpipe.cli.main import main
from perfpipe.dates.months import Month, month_range
from perfpipe.job.job import open_job
from perfpipe.run import run_month
from tests.schedule.months import EXPECTED
from tests.test_docs import DOCS, typed
from tests.workspaces import deliver, episode, new_workspace, placement

pytestmark = [pytest.mark.slow, pytest.mark.soak]
FIRST, LAST = Month(2017, 4), Month(2018, 6)
CHILD = "KQZX7741"
HOW_TOS = (
    "add-a-layout", "backfill", "commentary", "erasure", "plan", "quarterly-return", "release", "runbook", "schedule",
)  # fmt: skip
NOT_TYPED = {
    "perfpipe serve --workspace DIR": "serves until it is stopped: tests/flows/test_serve.py",
    "python -m flows.monthly_report 2018-03 --workspace DIR": "through Prefect: tests/flows/test_flows.py",
    "python -m flows.backfill 2017-04 2018-03 --reason late_records --yes --workspace DIR": (
        "through Prefect: tests/flows/test_backfill_flow.py"
    ),
    "perfpipe verify --notify --workspace DIR": "tells people: tests/schedule/test_send.py",
    "perfpipe return 2017-18-Q3 --plan-of c044647b6009": "the hash of a plan that only its page knows",
    "perfpipe retain --yes": "only said of: tests/erase/test_retain.py",
    "perfpipe erase --go-on": "after a machine stopped in the middle: tests/erase/test_erase_person.py",
}
YES = "yes\n"
ANSWERS = {"perfpipe erase": f"{CHILD}\nerase\n", "perfpipe backfill": YES}
ONE_PLACEHOLDER = {"ROLE": "performance_manager", "<month>": "2018-03"}


class Typed(io.StringIO):
    """What is typed: at a terminal where a command asks for consent; an id is read from a pipe, as no test has one."""

    def isatty(self) -> bool:
        return self.getvalue() == YES


def commands_of(page: str) -> Iterator[str]:
    """What a page says to type, in its order: lines of their own, and what is named with all that it needs."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    found = re.finditer(r"^ {4}((?:perfpipe|python -m) [a-z].*)$|`(perfpipe [a-z][^`]*)`", text, re.MULTILINE)
    for match in found:
        command = " ".join(re.split(r" +#| > |  ", match[1] or match[2])[0].split())
        whole = match[1] or (re.search(r" (?:\d{4}-\d\d|[\w-]+\.xlsx|--)", command) and "..." not in command)
        if whole and not re.search(r"\b(?:FILE|DAY|EXTRACT)\b", command):
            yield command


def prepared(root: Path) -> None:
    """Fifteen months of interviews and placements, with a child to erase; three of them were run."""
    workspace = new_workspace(root)
    with workspace.settings_file.open("a", encoding="utf-8") as settings:
        settings.write(EXPECTED)
    for month in month_range(FIRST, LAST):
        day = f"{str(month)[5:]}/{str(month)[:4]}"
        ours = [episode(n, child_id=f"C100{n}", returned_at=f"{n:02}/{day} 10:00") for n in range(1, 6)]
        theirs = episode(9, child_id=CHILD, episode_id="E9", returned_at=f"09/{day} 10:00")
        deliver(workspace, str(month), "return_home_interviews", [*ours, theirs])
        children = [placement(f"C100{n}", "01/05/2016") for n in range(1, 6)]
        deliver(workspace, str(month), "placements", [*children, placement(CHILD, "01/05/2016")])
        deliver_on = month.end_at.strftime("%Y-%m-%d")
        (workspace.raw / str(month) / "delivery.toml").write_text(f"delivered_on = {deliver_on}\n")
    plan = workspace.plan_file
    plan.write_text(f'revised_on = "2017-12-08"\n{plan.read_text(encoding="utf-8")}', encoding="utf-8")
    for month in (Month(2017, 12), Month(2018, 3), LAST):
        run_month(workspace, month)


@pytest.fixture
def _short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    import perfpipe.questions.known_on_a_day  # noqa: F401  # has its own months, and takes the function as it is now

    for module in ("run", "rerun.compare", "rerun.backfill", "questions.commentary_request"):
        monkeypatch.setattr(f"perfpipe.{module}.open_job", partial(open_job, months_back=1))


@pytest.mark.usefixtures("_short_runs")
@pytest.mark.parametrize("page", HOW_TOS)
def test_what_a_how_to_says_to_type_works(
    page: str,
    tmp_path: Path,
    made_once: Callable[[str, Callable[[Path], None]], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    workspace = shutil.copytree(made_once("how_tos", prepared), tmp_path / "workspace")
    monkeypatch.chdir(workspace)
    failed = {}
    for command in dict.fromkeys(commands_of(page)):
        if command in NOT_TYPED:
            continue
        text = command.replace(" --workspace DIR", "")
        for placeholder, word in ONE_PLACEHOLDER.items():
            text = text.replace(placeholder, word)
        answer = next((each for start, each in ANSWERS.items() if command.startswith(start)), "")
        monkeypatch.setattr("sys.stdin", Typed(answer))
        with pytest.raises(SystemExit) as done:
            main(typed(text))
        said = "".join(capsys.readouterr())
        if done.value.code != 0:
            failed[command] = f"{done.value.code}: {said[-300:]}"
    assert failed == {}


def test_every_command_that_is_not_typed_is_still_on_a_page() -> None:
    there = {command for page in HOW_TOS for command in commands_of(page)}
    assert set(NOT_TYPED) <= there
