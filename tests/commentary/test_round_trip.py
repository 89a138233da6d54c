"""The round trip: a workbook is asked for, filled in and put back; the next run takes it in, and is not held up."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import tomlkit
from openpyxl import load_workbook

from perfpipe.check.check import check_workspace
from perfpipe.cli.main import main
from perfpipe.commentary.form import HEADER_ROW, SHEET
from perfpipe.dates.months import Month
from perfpipe.job.job import open_job
from perfpipe.ledger.ledger import Ledger
from perfpipe.publish.editions import Outcome
from perfpipe.questions.commentary_request import ask_for_commentary
from perfpipe.questions.queries import events_known
from perfpipe.reconcile.commentary_known import commentary_known
from perfpipe.run import run_month
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.commentary.forms import fill, place_of
from tests.workspaces import deliver, episode, new_workspace

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("_runs_of_a_year")]

MAY, JUNE = Month(2018, 5), Month(2018, 6)
WORDS = {"cause": "We wait for the other council.", "action": "A rota", "written_on": date(2018, 6, 12)}
OWNER = "Missing and exploitation team"


def returned(day: int, month: int = 5, **fields: str) -> dict[str, str]:
    at = f"2018-{month:02d}-{day:02d} 10:00"
    return dict(episode(month * 100 + day, child_id=f"KID{day}", returned_at=at, **fields))


@pytest.fixture
def workspace(tmp_path: Path, made_once: Callable[[str, Callable[[Path], None]], Path]) -> Workspace:
    """One month was run, and its workbook written."""

    def make(root: Path) -> None:
        workspace = new_workspace(root)
        deliver(workspace, "2018-05", "return_home_interviews", [returned(day) for day in range(1, 29)])
        run_month(workspace, MAY)
        ask_for_commentary(workspace, MAY)

    shutil.copytree(made_once("commentary", make), tmp_path / "workspace")
    return Workspace(tmp_path / "workspace")


def form_of(workspace: Workspace, month: Month = MAY) -> Path:
    return workspace.commentary / str(month) / f"commentary_{month}.xlsx"


def row_of(path: Path, measure: str) -> int:
    """The row of a measure, counted from 1."""
    page = load_workbook(path)[SHEET]
    keys = [str(page.cell(row, place_of("key")).value) for row in range(HEADER_ROW + 1, page.max_row + 1)]
    return next(number for number, key in enumerate(keys, 1) if key.startswith(f"{measure} "))


def write(workspace: Workspace, measure: str = "rhi_within_72h", **words: object) -> Path:
    path = form_of(workspace)
    return fill(path, {row_of(path, measure): WORDS | words})


def page_of(outcome: Outcome) -> str:
    return (outcome.pack.parent / "board_pack.html").read_text(encoding="utf-8")


def commentary_events(workspace: Workspace) -> list[tuple[str, str, str]]:
    events = [event for event in events_known(workspace, MAY) if event.what.value == "commentary changed"]
    return [(event.role, event.about, event.why) for event in events]


def test_words_are_taken_in_shown_kept_and_logged_without_a_word_of_them(workspace: Workspace) -> None:
    write(workspace)
    outcome = run_month(workspace, MAY)
    assert (outcome.changed, outcome.comments, outcome.comments_left_out) == (True, 1, 0)
    assert outcome.pack.parent.name == "2"
    assert "We wait for the other council." in page_of(outcome)
    assert f"Written by {OWNER}, 12 June 2018." in page_of(outcome)
    assert commentary_events(workspace) == [(OWNER, "rhi_within_72h month", "added, written on 2018-06-12")]
    (copy,) = workspace.earlier_commentary.iterdir()
    assert "We wait" in copy.read_text(encoding="utf-8")
    ledger = Ledger.open(workspace.processed)
    assert ledger.runs(month=MAY)[-1].commentary_sha256 == copy.stem
    ledger.close()
    assert b"We wait" not in (workspace.processed / "ledger.db").read_bytes()


@pytest.mark.soak
def test_spaces_and_another_name_change_nothing_and_another_word_makes_an_edition(workspace: Workspace) -> None:
    write(workspace)
    run_month(workspace, MAY)
    write(workspace, cause="  We wait for\nthe other  council.")
    form_of(workspace).rename(form_of(workspace).with_name("back from the team.XLSX"))
    assert not run_month(workspace, MAY).changed
    form_of(workspace).with_name("back from the team.XLSX").rename(form_of(workspace))
    write(workspace, cause="We wait for nobody.")
    outcome = run_month(workspace, MAY)
    assert (outcome.changed, outcome.pack.parent.name) == (True, "3")
    shutil.rmtree(workspace.commentary)
    without = run_month(workspace, MAY)
    assert "No commentary by the owners of measures has come for May 2018." in page_of(without)
    assert [why.split(",")[0] for _, _, why in commentary_events(workspace)] == ["added", "changed", "removed"]
    assert len(list(workspace.earlier_commentary.iterdir())) == 2


@pytest.mark.soak
def test_faulty_words_are_left_out_told_and_hold_nothing_up(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    write(workspace, cause="KID7 waited")
    write(workspace, "rhi_offered", cause="Offers are made on the phone.")
    (workspace.commentary / "notes.docx").write_bytes(b"?")
    with pytest.raises(SystemExit) as ended:
        main(["run", "2018-05", "--workspace", str(workspace.root)])
    said = capsys.readouterr().err
    assert ended.value.code == 0
    assert "commentary: owners' words on 1 measure; 1 row has faults and is left out" in said
    with pytest.raises(SystemExit) as checked:
        main(["check", "2018-05", "--details", "--workspace", str(workspace.root)])
    told = capsys.readouterr().out
    assert checked.value.code == 0
    assert "commentary/2018-05/commentary_2018-05.xlsx, sheet Commentary, row" in told
    assert "commentary_identifier: found the id of a record" in told
    assert "commentary_place" in told
    assert "KID7" not in told + said
    page = (workspace.reports / "2018-05" / "board" / "2" / "board_pack.html").read_text(encoding="utf-8")
    assert "Offers are made on the phone." in page
    assert "KID7" not in page
    assert "One row of words cannot be shown." in page


def test_a_folder_that_cannot_be_opened_holds_nothing_up(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("perfpipe.commentary.take_in._entries", refused)
    with open_job(workspace, MAY) as job:
        known = commentary_known(workspace, job.settings, job.plan, MAY, date(2018, 6, 20), {})
    assert [(fault.rule, fault.address) for fault in known.faults] == [("commentary_unreadable", "commentary/2018-05")]


@pytest.mark.soak
def test_one_measure_in_two_workbooks_is_in_none(workspace: Workspace) -> None:
    write(workspace)
    shutil.copyfile(form_of(workspace), form_of(workspace).with_name("again.xlsx"))
    faults = [
        fault for fault in check_workspace(workspace, MAY, lambda _: None).faults if fault.rule == "commentary_measure"
    ]
    assert [fault.file.split("/")[-1] for fault in faults] == ["again.xlsx", "commentary_2018-05.xlsx"]
    outcome = run_month(workspace, MAY)
    assert (outcome.comments, outcome.comments_left_out) == (0, 2)


@pytest.mark.soak
def test_words_are_stale_when_the_status_of_their_figure_is_another(workspace: Workspace) -> None:
    write(workspace)
    plan = tomllib.loads(workspace.plan_file.read_text(encoding="utf-8"))
    for step in plan["targets"]["rhi_within_72h"]["steps"]:
        step["target"] = "0"
    workspace.plan_file.write_text(tomlkit.dumps(plan), encoding="utf-8")
    page = page_of(run_month(workspace, MAY))
    assert "The figure has changed since this was written: it was 0% (missed), and is now 0% (met)." in page


@pytest.mark.soak
def test_the_next_workbook_has_the_last_words_and_one_with_words_is_not_overwritten(workspace: Workspace) -> None:
    asked = ask_for_commentary(workspace, MAY)  # nothing was written in it: it is made again
    write(workspace)
    with pytest.raises(SettingsError, match="words have been written in it"):
        ask_for_commentary(workspace, MAY)
    run_month(workspace, MAY)
    form_of(workspace).rename(workspace.root / "old.xlsx")
    again = ask_for_commentary(workspace, MAY)  # of one month: what the pack shows stands beside the new figure
    words = load_workbook(again.path)[SHEET].cell(HEADER_ROW + row_of(again.path, "rhi_within_72h"), place_of("before"))
    assert str(words.value).startswith(f"May 2018, {OWNER}: We wait")
    deliver(workspace, "2018-06", "return_home_interviews", [returned(day, 6) for day in range(1, 29)])
    asked = ask_for_commentary(workspace, JUNE, "missing and EXPLOITATION team")
    assert asked.path.name == "commentary_2018-06_missing-and-exploitation-team.xlsx"
    assert asked.owners == (OWNER,)
    page = load_workbook(asked.path)[SHEET]
    before = page.cell(HEADER_ROW + row_of(asked.path, "rhi_within_72h"), place_of("before")).value
    assert before == f"May 2018, {OWNER}: We wait for the other council.\nAction: A rota"
    with pytest.raises(SettingsError, match="owns no measure with a target in 2018-06; expected one of 'Missing and"):
        ask_for_commentary(workspace, JUNE, "Mayor")


@pytest.mark.soak
def test_a_pack_as_known_on_a_day_has_the_words_of_its_time(workspace: Workspace) -> None:
    write(workspace)
    ledger = Ledger.open(workspace.processed)
    received = ledger.runs(month=MAY)[-1].known_at
    ledger.close()
    assert received is not None
    outcome = run_month(workspace, MAY, as_known=received.date())
    assert outcome.comments == 1  # of 12 June 2018, long before
