"""Compare and backfill: what would change is said before, and is what changes; interrupted, it goes on."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

import perfpipe.rerun.backfill
from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.faults.stopping import StoppingFaults
from perfpipe.history.release import release, reopen
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionRecord, PackAudience
from perfpipe.questions.queries import figures_known
from perfpipe.rerun.backfill import MonthIs, backfill, chosen, counts_of_months, months_grid, refuse_wrong
from perfpipe.rerun.compare import compare
from perfpipe.run import run_month
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.workspaces import deliver, episode, new_workspace, one

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("_runs_of_a_year")]
APRIL, MAY, JUNE = Month(2018, 4), Month(2018, 5), Month(2018, 6)
BOARD = PackAudience.BOARD


def april_and_may(*, late: bool) -> list[dict[str, str]]:
    """A return in April and two in May; the second interview of May is entered late."""
    rows = [
        episode(0, missing_from="01/04/2018 10:00", returned_at="02/04/2018 10:00", interview_at="03/04/2018 10:00"),
        episode(1, returned_at="02/05/2018 10:00", interview_at="03/05/2018 10:00"),
        episode(2, returned_at="04/05/2018 10:00", interview_at="05/05/2018 09:00" if late else ""),
    ]
    return [dict(row) for row in rows]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """April and May published and released; then the interviews come again, one of them filled in."""
    made = new_workspace(tmp_path / "workspace")
    deliver(made, "2018-04", "return_home_interviews", april_and_may(late=False)[:1])
    deliver(made, "2018-05", "return_home_interviews", april_and_may(late=False)[1:])
    for month in (APRIL, MAY):
        run_month(made, month)
        release(made, month, BOARD, "performance", "shown")
    deliver(made, "2018-06", "return_home_interviews", april_and_may(late=True))
    return made


def editions(workspace: Workspace) -> list[EditionRecord]:
    ledger = Ledger.open(workspace.processed)
    try:
        return ledger.packs(BOARD)
    finally:
        ledger.close()


@pytest.mark.soak
def test_a_comparison_says_what_a_run_then_changes_and_publishes_nothing(workspace: Workspace) -> None:
    before = editions(workspace), figures_known(workspace, MAY)
    changes = {
        (each.code, each.month): each
        for each in compare(workspace, MAY, MAY)
        if (each.period, each.breakdown) == ("month", "all")
    }
    headline = changes["RHI-06", "2018-05"]
    assert (headline.before, headline.after, headline.seen) == ("50%", "100%", True)
    assert headline.why == "1 interview was entered late"
    assert ("RHI-01", "2018-05") not in changes
    assert editions(workspace) == before[0]
    assert figures_known(workspace, MAY).equals(before[1])

    run_month(workspace, MAY)
    assert one(figures_known(workspace, MAY), "RHI-06", "2018-05")["value"] == 1
    assert compare(workspace, MAY, MAY) == []


@pytest.mark.soak
def test_the_grid_says_how_each_month_stands(workspace: Workspace) -> None:
    grid = months_grid(workspace, APRIL, JUNE)
    assert [(each.month, each.state) for each in grid] == [
        (APRIL, MonthIs.STALE), (MAY, MonthIs.STALE), (JUNE, MonthIs.NEVER_RUN),
    ]  # fmt: skip
    assert grid[1].why == "extracts"
    assert chosen(grid, "missing") == [JUNE]
    assert chosen(grid, "stale") == [APRIL, MAY]
    assert chosen(grid, "failed") == []
    to_come = Month.of(date.today()) + 1
    assert [(each.state, each.why) for each in months_grid(workspace, to_come, to_come)] == [
        (MonthIs.FAILED, "the month has not ended")
    ]
    empty = months_grid(workspace, Month(2018, 7), Month(2018, 7))
    assert [(each.state, each.why) for each in empty] == [(MonthIs.FAILED, "no extract of this month was delivered")]
    backfill(workspace, [MAY], (MAY, MAY), "late_records")
    assert months_grid(workspace, MAY, MAY)[0].state is MonthIs.PUBLISHED
    with workspace.plan_file.open("a", encoding="utf-8") as file:
        file.write("\n# another plan\n")
    assert months_grid(workspace, MAY, MAY)[0].why == "plan"


@pytest.mark.soak
def test_new_editions_stand_beside_the_old_with_their_reason_and_marks_from_what_was_seen(workspace: Workspace) -> None:
    results = backfill(
        workspace, [APRIL, MAY, JUNE], (APRIL, JUNE), "late_records", note="one interview", role="performance"
    )
    assert [(each.month, each.changed, each.failed) for each in results] == [
        (APRIL, True, ""), (MAY, True, ""), (JUNE, True, ""),
    ]  # fmt: skip
    assert [(each.month, each.edition) for each in editions(workspace)] == [
        (APRIL, 1), (MAY, 1), (APRIL, 2), (MAY, 2), (JUNE, 1),
    ]  # fmt: skip
    assert one(figures_known(workspace, MAY), "RHI-06", "2018-05")["revised"]
    folder = workspace.reports / "2018-05" / "board" / "2"
    assert json.loads((folder / "manifest.json").read_text())["reason"] == "records were entered late: one interview"
    cover = openpyxl.load_workbook(folder / "board_pack.xlsx")["Cover"]
    assert "records were entered late: one interview" in [cell.value for line in cover for cell in line]
    again = backfill(workspace, [APRIL, MAY, JUNE], (APRIL, JUNE), "other")
    assert [each.changed for each in again] == [False, False, False]


@pytest.mark.soak
def test_a_month_that_is_signed_off_gets_a_draft_and_that_is_said(workspace: Workspace) -> None:
    reopen(workspace, MAY, BOARD, "performance", "for the next meeting")
    release(workspace, MAY, BOARD, "performance", "to come", on=date.today() + timedelta(days=30))
    said: list[str] = []
    compare(workspace, MAY, MAY, said.append)
    assert "2018-05 is signed off: a run of it makes a draft, and changes no figure" in said
    assert months_grid(workspace, MAY, MAY)[0].why == "extracts; signed off, so that a run makes a draft"
    ended = backfill(workspace, [MAY], (MAY, MAY), "late_records")
    assert counts_of_months(ended) == "0 published, 0 unchanged, 0 failed, 1 draft"
    assert [each.edition for each in editions(workspace)] == [1, 1]


@pytest.mark.soak
def test_an_interrupted_one_goes_on_with_what_is_missing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    real = run_month

    def killed_in_may(at: Workspace, month: Month, **given: object) -> object:
        if month == MAY:
            raise KeyboardInterrupt
        return real(at, month, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(perfpipe.rerun.backfill, "run_month", killed_in_may)
    with pytest.raises(KeyboardInterrupt):
        backfill(workspace, [APRIL, MAY], (APRIL, MAY), "late_records")
    monkeypatch.setattr(perfpipe.rerun.backfill, "run_month", real)
    assert [each.month for each in backfill(workspace, [APRIL, MAY], (APRIL, MAY), "late_records")] == [MAY]
    assert [(each.month, each.edition) for each in editions(workspace)][2:] == [(APRIL, 2), (MAY, 2)]
    assert one(figures_known(workspace, MAY), "RHI-06", "2018-05")["revised"]


@pytest.mark.soak
def test_a_month_that_fails_does_not_hold_up_the_others(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    real = run_month

    def stopped_in_april(at: Workspace, month: Month, **given: object) -> object:
        if month == APRIL:
            raise StoppingFaults([])
        return real(at, month, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(perfpipe.rerun.backfill, "run_month", stopped_in_april)
    first, second = backfill(workspace, [APRIL, MAY], (APRIL, MAY), "late_records")
    assert first.failed
    assert second.changed


@pytest.mark.soak
def test_what_cannot_be_is_refused(workspace: Workspace) -> None:
    with pytest.raises(SettingsError, match="no reason 'because'; expected one of first_load"):
        backfill(workspace, [MAY], (MAY, MAY), "because")
    with workspace.plan_file.open("a", encoding="utf-8") as file:
        file.write('\n[[owners]]\nid = "performance"\nrole = "Performance manager"\n')
    with pytest.raises(SettingsError, match="no role 'nobody'"):
        refuse_wrong(workspace, (MAY, MAY), "other", "nobody")
    with pytest.raises(SettingsError, match="2018-06 to 2018-04: the first month is after the last"):
        months_grid(workspace, JUNE, APRIL)
    with pytest.raises(SettingsError, match="2018-06 to 2018-04: the first month is after the last"):
        compare(workspace, JUNE, APRIL)


def ended_with(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(str(ended.value.code))


@pytest.mark.soak
def test_the_commands(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--workspace", str(workspace.root))
    assert ended_with("run", "2018-05", "--dry-run", *where) == 0
    said = capsys.readouterr().out
    assert "figures would change" in said
    assert "2018-05  RHI-06   month                  50% -> 100%" in said
    assert ended_with("compare", "2018-05", "--format", "csv", *where) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {"measure_id", "before", "after", "status_before", "status_after", "seen"} <= set(rows[0])
    assert ended_with("compare", "2018-05", "--format", "json", *where) == 0
    assert json.loads(capsys.readouterr().out)
    assert ended_with("backfill", "2018-04", "2018-05", "--reason", "late_records", *where) == 2
    assert "add --yes" in capsys.readouterr().err
    assert ended_with("backfill", "2018-04", "2018-05", "--reason", "because", "--dry-run", *where) == 2
    said = capsys.readouterr()
    assert "no reason 'because'" in said.err
    assert said.out == ""
    assert [each.edition for each in editions(workspace)] == [1, 1]
    assert ended_with("backfill", "2018-04", "2018-05", "--reason", "late_records", "--dry-run", *where) == 0
    assert ended_with("backfill", "2018-04", "2018-05", "--reason", "late_records", "--yes", *where) == 0
    assert "2 published, 0 unchanged, 0 failed" in capsys.readouterr().out
    assert ended_with("backfill", "2018-07", "2018-07", "--reason", "other", "--yes", *where) == 1
    said = capsys.readouterr()
    assert said.err.count("2018-07: no extract of this month was delivered; to make its pack nevertheless") == 1
    assert "0 published, 0 unchanged, 1 failed" in said.out
    assert ended_with("run", "2018-05", "--as-known", "2018-05-01", *where) == 2
    assert "2018-05: no extract of this month had come by 2018-05-01" in capsys.readouterr().err
    tomorrow = str(date.today() + timedelta(days=2))
    assert ended_with("run", "2018-05", "--as-known", tomorrow, *where) == 2
    assert f"{tomorrow} has not come yet" in capsys.readouterr().err
    assert [each.edition for each in editions(workspace)] == [1, 1, 2, 2]
