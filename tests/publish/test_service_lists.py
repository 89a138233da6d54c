"""The lists for the service: who is missing, whose interview is due or overdue, at the time of the extract."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from perfpipe.compute.measure_rows import hosted
from perfpipe.dates.months import Month
from perfpipe.packs.models.lists import EpisodeLine, ListsBook, ServiceList
from perfpipe.packs.workbooks.lists_book import RESTRICTED, write_lists_book
from perfpipe.publish.service_lists import service_lists
from perfpipe.run import run_month
from tests.datasets.rules.cases import judged
from tests.interview_worlds import missing
from tests.workspaces import deliver, episode, new_workspace

AS_AT = datetime(2018, 6, 5, 11, 0, tzinfo=UTC)  # noon in London


def lists_of(*records: dict[str, object]) -> dict[str, ServiceList]:
    rows = judged("return_home_interviews", list(records), AS_AT).rows
    marked = rows.assign(hosted=hosted(rows, {"exampleshire"}))
    return {each.title: each for each in service_lists(marked, "2018-05/episodes.csv", "Episodes")}


def hours(each: ServiceList) -> dict[str, int]:
    return {row.episode: row.hours for row in each.rows}


def test_missing_now_is_whoever_had_not_returned_by_the_extract() -> None:
    lists = lists_of(
        missing(1, missing_from="05/06/2018 02:00"),
        missing(2, missing_from="01/06/2018 12:00", returned_at="06/06/2018 10:00"),  # after the extract
        missing(3, missing_from="01/06/2018 12:00", found_at="04/06/2018 10:00"),
        missing(4, missing_from="01/06/2018 12:00", category="A"),
        missing(5, missing_from="03/06/2018 12:00", responsible_la="Otherton"),
        missing(6, missing_from="07/06/2018 12:00"),  # not yet
    )
    assert list(hours(lists["Missing now"]).items()) == [("E2", 96), ("E1", 10)]
    other = lists["Other authorities"].rows
    assert [(row.what, row.episode, row.authority) for row in other] == [("Missing now", "E5", "Otherton")]


def test_due_is_what_can_still_be_in_time_and_overdue_what_cannot() -> None:
    back = {"missing_from": "20/05/2018 10:00"}
    lists = lists_of(
        missing(1, returned_at="02/06/2018 12:00", **back),  # 72 hours to the minute
        missing(2, returned_at="02/06/2018 12:01", **back),
        missing(3, returned_at="04/06/2018 12:00", **back, offered="Y", outcome="pending"),
        missing(4, returned_at="02/06/2018", **back),  # until the end of the 5th
        missing(5, returned_at="01/06/2018", **back),
        missing(6, returned_at="25/05/2018 12:00", **back, offered="Y", outcome="accepted"),
        missing(7, returned_at="04/06/2018 12:00", **back, interview_at="04/06/2018 15:00"),
        missing(8, returned_at="01/06/2018 12:00", **back, offered="Y", outcome="declined_child"),
        missing(9, returned_at="01/06/2018 12:00", **back, rhi_required="N", not_required_reason="died"),
        missing(10, returned_at="19/05/2018 12:00", **back),  # before the episode began
        missing(11, returned_at="04/06/2018 12:00", **back, responsible_la="Otherton"),
        missing(12, returned_at="04/06/2018 12:00", **back, offered="Y", outcome="declined_parent"),
    )
    assert list(hours(lists["Interviews due"]).items()) == [("E2", 0), ("E4", 12), ("E3", 48)]
    assert list(hours(lists["Interviews overdue"]).items()) == [("E1", 0), ("E5", 12), ("E6", 192)]
    assert "1 more without an interview are not listed" in lists["Interviews overdue"].note
    assert [(row.what, row.episode) for row in lists["Other authorities"].rows] == [("Interview due", "E11")]


def test_a_line_says_where_it_comes_from_and_what_is_known() -> None:
    (line,) = lists_of(
        missing(1, child_id="C9", returned_at="01/06/2018", looked_after_flag="Y", placed_or_living_in_la="OUT")
    )["Interviews overdue"].rows
    assert (line.file, line.sheet, line.row) == ("2018-05/episodes.csv", "Episodes", 2)
    assert (line.child, line.since, line.by_date) == ("C9", datetime(2018, 6, 1), True)
    assert (line.looked_after, line.area, line.offered, line.outcome) == ("yes", "out", "", "")


def test_the_workbook_says_that_it_is_restricted_and_text_stays_text(tmp_path: Path) -> None:
    line = EpisodeLine(
        "Missing now", "=E1", "+C1", datetime(2018, 6, 1, 10), False, 4, "yes", "", "", "", "", "f", "s", 7
    )
    lists = (ServiceList("Missing now", "Hours missing", "Longest first.", (line,)), ServiceList("B", "Hours", "n", ()))
    book = ListsBook("Exampleshire", "May 2018", "Performance team: restricted", "f" * 64, AS_AT, lists)
    for name in ("one.xlsx", "two.xlsx"):
        write_lists_book(book, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    read = openpyxl.load_workbook(tmp_path / "one.xlsx")
    assert read.sheetnames == ["Read me", "Missing now", "B"]
    for sheet in read.worksheets:
        assert any(RESTRICTED in str(row[0]) for row in sheet.iter_rows(values_only=True))
        assert sheet.oddFooter.left.text == "Performance team: restricted"
    (header, row) = read["Missing now"][read["Missing now"].tables["List_1"].ref]
    assert [cell.value for cell in header][1:5] == ["Episode", "Child", "Since", "Hours missing"]
    assert [cell.value for cell in row][1:7] == ["=E1", "+C1", datetime(2018, 6, 1, 10), 4, "Looked after", "Not known"]
    assert row[1].data_type == "s"


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.usefixtures("_runs_of_a_year")
def test_a_run_writes_the_lists_for_the_analyst_alone(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "workspace")
    rows = [
        episode(1, child_id="Q7X", missing_from="10/05/2018 10:00", outcome=""),
        episode(2, returned_at="02/05/2018 10:00"),
    ]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    outcome = run_month(workspace, Month(2018, 5))
    book = openpyxl.load_workbook(outcome.faults_book.parent / "lists.xlsx")
    counted = {row[0]: row[1] for row in book["Read me"].iter_rows(values_only=True)}
    assert (counted["Missing now"], counted["Interviews overdue"], counted["Interviews due"]) == (1, 1, 0)
    assert "Q7X" in {cell for row in book["Missing now"].iter_rows(values_only=True) for cell in row}
    assert not (outcome.pack.parent / "lists.xlsx").exists()
    teams = openpyxl.load_workbook(outcome.faults_book.parent / "teams.xlsx")
    said = [row[1] for row in teams["Read me"].iter_rows(values_only=True) if row[0] == "Not here"]
    assert said == [f"{each}: no extract has come for this month" for each in (
        "Children's social workers", "Placements of children looked after")]  # fmt: skip
    assert not (outcome.pack.parent / "teams.xlsx").exists()
    run_month(workspace, Month(2018, 6), allow_empty=True)
    later = openpyxl.load_workbook(workspace.reports / "2018-06" / "analyst" / "1" / "lists.xlsx")
    assert later.sheetnames == ["Read me"]
    assert any("no extract has come" in str(row[1]) for row in later["Read me"].iter_rows(values_only=True))


def test_no_rows_make_empty_lists() -> None:
    assert [each.rows for each in lists_of().values()] == [(), (), (), ()]
