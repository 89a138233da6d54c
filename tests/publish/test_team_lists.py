"""Caseloads by team and worker, and open placements: the rows that SW-12 and PL-01 count, each with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from perfpipe.dates.months import Month
from perfpipe.packs.models.team_lists import TeamBook, TeamList
from perfpipe.packs.workbooks.team_book import RESTRICTED, write_team_book
from perfpipe.publish.team_lists import team_book
from perfpipe.run import open_job, receive_files, sources_of
from perfpipe.settings.workspace import Workspace
from tests.workspaces import deliver, figures_of, new_workspace, one, placement, spell

MONTH = "2018-05"
WORKERS = [
    spell("W1", "2015-01-01", team="North", cases="30"),  # over the ceiling of 25
    spell("W2", "2015-01-01", team="North", cases="10", fte="0.5"),
    spell("W3", "2015-01-01", team="South", cases="12", fte="0.5"),  # two posts: 20 cases in one FTE
    spell("W3", "2016-01-01", team="North", cases="8", fte="0.5"),
    spell("W4", "2015-01-01", team="South", cases="0"),  # holds none: not in the average
    spell("W5", "2015-01-01", "2018-05-01", team="South", cases="40"),  # has left
    spell("W6", "2015-01-01", team="", cases="5", contract="agency"),
]
CHILDREN = [
    placement("C1", "2014-01-01", "2016-01-01"),  # a change of legal status goes on with the placement
    placement("C1", "2016-01-01", RNE="L", LS="E1"),
    placement("C2", "2015-02-01", "2018-01-10"),
    placement("C2", "2018-01-10", RNE="P", PLACE="K2", PL_POST="ZZ2 2ZZ"),
    placement("C3", "2016-03-01", "2018-05-20"),
    placement("C3", "2018-05-20", RNE="P", PLACE="T3", PLACE_PROVIDER=""),  # temporary
    placement("C4", "2015-02-01", "2018-05-31"),  # ended on the last day
    placement("C5", "2010-02-01", LS="V4"),  # a short break
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path)
    deliver(made, MONTH, "social_workers", WORKERS)
    deliver(made, MONTH, "placements", CHILDREN)
    return made


def book_of(workspace: Workspace, month: str = MONTH) -> TeamBook:
    with open_job(workspace, Month.parse(month), months_back=1) as job:
        return team_book(job, sources_of(job, receive_files(job)))


def lists_of(book: TeamBook) -> dict[str, TeamList]:
    return {each.title: each for each in book.lists}


@pytest.mark.slow
def test_caseloads_by_team_and_worker_add_up_to_the_figures(workspace: Workspace) -> None:
    lists = lists_of(book_of(workspace))
    # team, workers, with cases, FTE of those, cases, cases per FTE, over 25
    assert lists["Teams"].rows == (
        ("North", 3, 3, 2.0, 48, 24.0, 1),
        ("South", 2, 1, 0.5, 12, 24.0, 0),
        ("Team not known", 1, 1, 1.0, 5, 5.0, 0),
        ("All teams", 5, 4, 3.5, 65, 65 / 3.5, 1),
    )
    assert [(row[0], row[1], row[4], row[5], row[6], row[7]) for row in lists["Workers"].rows] == [
        ("North", "W1", 1.0, 30, 30.0, "Yes"),
        ("North", "W2", 0.5, 10, 20.0, "No"),
        ("North", "W3", 0.5, 8, 20.0, "No"),
        ("South", "W3", 0.5, 12, 20.0, "No"),
        ("South", "W4", 1.0, 0, 0.0, "No"),
        ("Team not known", "W6", 1.0, 5, 5.0, "No"),
    ]
    assert [row[3] for row in lists["Workers"].rows] == [*["Directly employed"] * 5, "Agency"]
    assert lists["Workers"].rows[0][-3:] == ("2018-05/social_workers.csv", "", 2)
    figures = figures_of(workspace, MONTH, 1, codes=("SW-12", "SW-12b", "SW-14b"))
    all_teams = lists["Teams"].rows[-1]
    average = one(figures, "SW-12", MONTH)
    assert (average["numerator"], average["denominator"]) == (all_teams[4], all_teams[3])
    assert [one(figures, code, MONTH)["numerator"] for code in ("SW-12b", "SW-14b")] == [all_teams[6], all_teams[1]]


def test_what_is_not_known_is_said_so_and_counts_as_nothing(tmp_path: Path) -> None:
    made = new_workspace(tmp_path)
    rows = [spell("W1", "2015-01-01", fte="", cases="9"), spell("W2", "2015-01-01", cases="")]
    deliver(made, MONTH, "social_workers", [*rows, spell("W3", "2015-01-01", cases="8")])
    lists = lists_of(book_of(made))
    cells = {row[1]: row[4:8] for row in lists["Workers"].rows}
    assert cells == {
        "W1": (None, 9, None, "Not known"), "W2": (1.0, None, None, "Not known"), "W3": (1.0, 8, 8.0, "No"),
    }  # fmt: skip
    assert lists["Teams"].rows[-1] == ("All teams", 3, 1, 1.0, 8, 8.0, 0)


def test_a_placement_is_open_since_it_began(workspace: Workspace) -> None:
    lists = lists_of(book_of(workspace))
    rows = lists["Placements open"].rows
    assert [row[:3] for row in rows] == [
        ("C1", date(2014, 1, 1), 1611), ("C2", date(2018, 1, 10), 141), ("C3", date(2018, 5, 20), 11),
    ]  # fmt: skip
    assert [row[-1] for row in rows] == [3, 5, 7]
    assert [row[0] for row in lists["Temporary, no end"].rows] == ["C3"]
    assert one(figures_of(workspace, MONTH, 1, codes=("PL-01",)), "PL-01", MONTH)["numerator"] == len(rows)


def test_without_an_extract_it_says_so(workspace: Workspace) -> None:
    book = book_of(workspace, "2018-07")
    assert book.lists == ()
    assert [words.partition(":")[2] for words in book.missing] == [" no extract has come for this month"] * 2


def test_the_workbook_is_restricted_the_same_each_time_and_text_stays_text(tmp_path: Path) -> None:
    line = ("=Team", "+W1", None, 0.5, date(2018, 5, 1), 3)
    lists = (TeamList("Workers", "n", ("Team", "Worker", "Role", "FTE", "Since", "Row"), (line,)),
             TeamList("B", "n", ("Team", "Row"), ()))  # fmt: skip
    book = TeamBook("Exampleshire", "May 2018", "Performance team: restricted", "f" * 64, lists, ())
    for name in ("one.xlsx", "two.xlsx"):
        write_team_book(book, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    read = openpyxl.load_workbook(tmp_path / "one.xlsx")
    for sheet in read.worksheets:
        assert any(RESTRICTED in str(row[0]) for row in sheet.iter_rows(values_only=True))
        assert sheet.oddFooter.left.text == "Performance team: restricted"
    _, row = read["Workers"][read["Workers"].tables["Team_list_1"].ref]
    assert [cell.value for cell in row][:4] == ["=Team", "+W1", "Not known", 0.5]
    assert row[0].data_type == "s"
