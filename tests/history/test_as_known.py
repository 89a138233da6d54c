"""A pack as it would have been, and what a delivery note cannot change."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from perfpipe.check.check import check_workspace
from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience, RunState
from perfpipe.questions.known_on_a_day import figures_as_known
from perfpipe.questions.queries import figures_known
from perfpipe.receive.receive import receive
from perfpipe.receive.withdraw import withdraw_extract
from perfpipe.run import open_job, run_month
from perfpipe.settings.workspace import Workspace
from tests.workspaces import deliver, episode, new_workspace, one

pytestmark = pytest.mark.usefixtures("_runs_of_a_year")

MAY = Month(2018, 5)
DONE = episode(1, returned_at="2018-05-10 10:00", interview_at="2018-05-11 10:00")
MISSED = episode(2, returned_at="2018-05-12 10:00")
LATE = episode(2, returned_at="2018-05-12 10:00", interview_at="2018-05-13 10:00")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """May's two returns, delivered on 6 June; on 6 July, with June's extract, the second has an interview."""
    workspace = new_workspace(tmp_path)
    deliver(workspace, "2018-05", "return_home_interviews", [DONE, MISSED])
    june = episode(3, returned_at="2018-06-10 10:00", interview_at="2018-06-11 10:00")
    deliver(workspace, "2018-06", "return_home_interviews", [DONE, LATE, june])
    for month, day in (("2018-05", "2018-06-06"), ("2018-06", "2018-07-06")):
        (workspace.raw / month / "delivery.toml").write_text(f"delivered_on = {day}\n", encoding="utf-8")
    return workspace


def value_in(workspace: Workspace, day: str) -> float:
    figure = one(figures_as_known(workspace, date.fromisoformat(day), MAY), "RHI-06", "2018-05")
    return float(figure["value"])


@pytest.mark.soak
@pytest.mark.slow
def test_a_pack_as_known_stands_apart_and_changes_no_figure(workspace: Workspace) -> None:
    run_month(workspace, MAY)
    now = figures_known(workspace)
    made = run_month(workspace, MAY, as_known=date(2018, 6, 30))
    assert made.pack.parent == workspace.reports / "2018-05" / "board" / "as_known-1"
    again = run_month(workspace, MAY, as_known=date(2018, 6, 30))
    assert (again.changed, again.pack) == (False, made.pack)
    assert run_month(workspace, MAY, as_known=date(2018, 7, 1)).pack.parent.name == "as_known-2"
    assert figures_known(workspace).equals(now)
    book = openpyxl.load_workbook(made.pack)
    said = "As known on 30 June 2018: not as published"
    assert all(any(said in str(cell.value) for row in sheet.iter_rows(max_row=12) for cell in row) for sheet in book)
    assert json.loads((made.pack.parent / "manifest.json").read_text())["kind"] == "as_known"
    ledger = Ledger.open(workspace.processed)
    try:
        assert [each.edition for each in ledger.packs(PackAudience.BOARD)] == [1]
        assert [run.state for run in ledger.runs()][1] is RunState.AS_KNOWN
    finally:
        ledger.close()


@pytest.mark.soak
@pytest.mark.slow
def test_figures_as_known_receive_what_lies_there_first(workspace: Workspace) -> None:
    """On 30 June one of two was interviewed in time; since 6 July both were."""
    assert (value_in(workspace, "2018-06-30"), value_in(workspace, "2018-07-06")) == (0.5, 1.0)


def taken_in(workspace: Workspace, at: datetime) -> None:
    """Receive what lies there, by the clock of a day."""
    with open_job(workspace, MAY) as job:
        receive(job.workspace, job.settings, job.ledger, at)


def newest_extract(workspace: Workspace, folder: str) -> str:
    with open_job(workspace, MAY) as job:
        return next(each.id for each in job.ledger.extracts_known(None) if each.folder == folder)


@pytest.mark.soak
def test_an_extract_that_was_withdrawn_since_was_known_until_then(workspace: Workspace) -> None:
    """June's, where both were interviewed in time, came on 6 July and was withdrawn on 20 July."""
    taken_in(workspace, datetime(2018, 7, 6, 9, tzinfo=UTC))
    june = newest_extract(workspace, "2018-06")
    withdraw_extract(workspace, june, "of an old query", datetime(2018, 7, 20, 9, tzinfo=UTC))
    found = [value_in(workspace, day) for day in ("2018-07-05", "2018-07-06", "2018-07-19", "2018-07-20")]
    assert found == [0.5, 1.0, 1.0, 0.5]


@pytest.mark.soak
def test_a_wrong_extract_of_a_history_that_was_loaded_later_was_never_known(workspace: Workspace) -> None:
    """Taken in years later by a note that says 6 July 2018, and withdrawn the day after: nobody saw it then."""
    taken_in(workspace, datetime(2020, 1, 6, 9, tzinfo=UTC))
    june = newest_extract(workspace, "2018-06")
    withdraw_extract(workspace, june, "of an old query", datetime(2020, 1, 7, 9, tzinfo=UTC))
    assert [value_in(workspace, day) for day in ("2018-07-06", "2020-01-06")] == [0.5, 1.0]


@pytest.mark.slow
def test_a_note_that_comes_later_does_not_change_what_was_known(workspace: Workspace) -> None:
    assert value_in(workspace, "2018-06-30") == 0.5
    (workspace.raw / "2018-06" / "delivery.toml").write_text("delivered_on = 2018-06-20\n", encoding="utf-8")
    assert value_in(workspace, "2018-06-30") == 0.5
    faults = check_workspace(workspace, None, lambda _: None).faults
    found = [fault for fault in faults if fault.file == "2018-06/delivery.toml"]
    assert [(fault.rule, fault.severity.value) for fault in found] == [("delivery_note_changed", "warn")]


@pytest.mark.slow
@pytest.mark.parametrize(("made", "faults"), [("2018-06-07", ["made_after_delivery"]), ("2018-06-06", [])])
def test_a_file_made_after_its_delivery_is_told(workspace: Workspace, made: str, faults: list[str]) -> None:
    note = f"delivered_on = 2018-06-06\nextracted_at = {made}\n"
    (workspace.raw / "2018-05" / "delivery.toml").write_text(note, encoding="utf-8")
    found = check_workspace(workspace, None, lambda _: None).faults
    assert [fault.rule for fault in found if fault.rule == "made_after_delivery"] == faults
