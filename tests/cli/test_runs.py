"""`perfpipe runs`: each run with its outcome, from a ledger alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.ledger.history_records import EventKind, EventRecord
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionRecord, PackAudience, RunRecord, RunState
from tests.workspaces import new_workspace

MAY, JUNE = Month(2018, 5), Month(2018, 6)


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    said = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, said.out, said.err


def test_runs_are_listed_newest_first_with_who_and_what_came_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = new_workspace(tmp_path / "w")
    assert call(capsys, "runs", "-w", workspace.root) == (
        0, "", f"no run yet; `perfpipe run MONTH --workspace {workspace.root}` makes one\n"
    )  # fmt: skip
    ledger = Ledger.open(workspace.processed)
    for day, month, state, same_as in ((1, MAY, RunState.DONE, None), (2, MAY, RunState.UNCHANGED, 1),
                                       (3, JUNE, RunState.DRAFT, None)):  # fmt: skip
        at = datetime(2018, 7, day, 9, 30, tzinfo=UTC)
        with ledger.writing():
            reason = "late_records" if day == 1 else ""
            run = RunRecord(month, month - 12, state, "f", same_as, at, at, reason, "c", "p",
                            login="jane")  # fmt: skip
            number = ledger.add_run(run, {}, [])
            if state is RunState.DONE:
                ledger.add_pack(EditionRecord(number, month, PackAudience.BOARD, 4, "m"))
                ledger.add_event(EventRecord(at, "manager", "jane", EventKind.PUBLISHED, month, "board edition 4", ""))
    ledger.close()
    code, out, _ = call(capsys, "runs", "-w", workspace.root)
    assert (code, out.splitlines()) == (
        0,
        [
            "run 3  2018-07-03 10:30  2018-06  draft  (jane)",
            "run 2  2018-07-02 10:30  2018-05  unchanged  as run 1  (jane)",
            "run 1  2018-07-01 10:30  2018-05  published  board edition 4  manager (jane)  late_records",
        ],
    )
    _, out, _ = call(capsys, "runs", "2018-06", "-w", workspace.root, "--format", "json")
    (only,) = json.loads(out)
    assert (only["month"], only["first_month"], only["outcome"], only["edition"]) == ("2018-06", "2017-06", "draft", "")
    assert call(capsys, "runs", "2018-04", "-w", workspace.root)[2] == "no run of 2018-04 yet\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_knows_the_commands(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "completion", shell)
    assert code == 0
    assert [word for word in ("perfpipe", "check", "first-figures", "explain") if word not in out] == []
