"""Tables in other shapes than one row of headers above the records: groups of columns, months side by side."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from perfpipe.faults.fault import Fault
from perfpipe.read.turned_sheet import in_source
from perfpipe.settings.layouts import Layout
from tests.builders import checked, layout_of, only_stop, read, rules, write_rows, write_sheets

RHI = "return_home_interviews"
NAMES = {
    "episode_id": "Episode / Number", "child_id": "Episode / Child", "category": "Category",
    "missing_from": "Times / Missing", "returned_at": "Times Returned", "offered": "Interview Offered?",
    "outcome": "Interview / Outcome", "interview_at": "Interview / Date",
}  # fmt: skip
GROUPS = ["Episode", None, "Category", "Times", None, "Interview", None, None]
UNDER = ["Number", "Child", None, "Missing", "Returned", "Offered?", "Outcome", "Date"]
ROW = ["E1", "C1", "M", "01/05/2017 20:00", "02/05/2017 10:00", "Y", "accepted", "03/05/2017 10:00"]


def grouped(**changes: object) -> Layout:
    return layout_of(RHI, columns=NAMES, header_rows=2, **changes)


@pytest.mark.parametrize("above", [0, 3])
@pytest.mark.parametrize("merged", [True, False])
def test_a_row_of_groups_above_the_names(above: int, merged: bool, tmp_path: Path) -> None:
    rows = [*[["Missing children"], ["May 2017"], []][:above], GROUPS, UNDER, ROW, ["E2", "C2", "X", *ROW[3:]]]
    first = above + 1
    cells = [f"A{first}:B{first}", f"C{first}:C{first + 1}", f"D{first}:E{first}", f"F{first}:H{first}"]
    path = write_rows(tmp_path / "a.xlsx", rows, cells if merged else [])
    result = checked(path, RHI, grouped())
    assert result.rows["child_id"].tolist() == ["C1"]
    assert result.rows["interview_at"].dt.strftime("%Y-%m-%d %H:%M").tolist() == ["2017-05-03 09:00"]
    assert [(f.rule, f.row, f.column) for f in result.faults] == [("code_unknown", above + 4, "C (Category)")]


def test_groups_in_a_csv_file_whose_delimiter_is_found_out(tmp_path: Path) -> None:
    with open(tmp_path / "a.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([GROUPS, UNDER, ROW])
    table = read(tmp_path / "a.csv", RHI, grouped())
    assert (table.faults, table.rows) == ([], [3])
    assert table.headers["interview_at"] == "Interview / Date"


def test_a_merge_that_ends_is_the_end_of_its_group(tmp_path: Path) -> None:
    rows = [[*GROUPS, None], [*UNDER, "Notes"], [*ROW, "secret"]]
    path = write_rows(tmp_path / "a.xlsx", rows, ["A1:B1", "D1:E1", "F1:H1"])
    assert read(path, RHI, grouped(ignore="Notes")).faults == []
    (fault,) = read(path, RHI, grouped()).faults
    assert (fault.rule, fault.row) == ("column_unmapped", 2)
    said = "columns that the layout does not mention: 'Notes'; the headers are 'Episode / Number',"
    assert fault.found.startswith(said)


def test_group_and_names_repeated_inside_the_table_are_no_records(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.xlsx", [GROUPS, UNDER, ROW, GROUPS, UNDER, ["E2", "C2", *ROW[2:]]])
    result = checked(path, RHI, grouped())
    assert result.rows["episode_id"].tolist() == ["E1", "E2"]
    assert [(fault.rule, fault.row) for fault in result.faults] == [("header_repeated", 4), ("header_repeated", 5)]


def test_headers_that_are_not_found_are_named_as_they_are_joined(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.xlsx", [["Post", None], ["number", "kind"], ["W1", "permanent"]])
    fault = only_stop(read(path, "social_workers", layout_of("social_workers", header_rows=2)))
    assert fault.found.startswith(
        "no row with the layout's headers, joined from 2 rows as 'Group / Name', in the first"
    )


def test_the_declared_header_row_is_that_of_the_names(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.xlsx", [["Title"], GROUPS, UNDER, ROW])
    assert read(path, RHI, grouped(header_row=3)).rows == [4]
    assert rules(read(path, RHI, grouped(header_row=2)).faults) == ["header_missing"]


# months as columns

ACROSS = [
    ["Measure", "Apr-17", "May-17", "Jun-17"],
    ["Vacancies FTE", 12.5, 11, None],
    ["Agency FTE", 9, 10.2, None],
]
WORKFORCE = {"month": "Measure", "vacancies_fte": "Vacancies FTE", "agency_fte": "Agency FTE"}


def turned(**changes: object) -> Layout:
    return layout_of("workforce_monthly", columns=WORKFORCE, turned=True, **changes)


def where(faults: Sequence[Fault]) -> list[tuple[str, int, str]]:
    return [(fault.rule, fault.row, fault.column) for fault in faults]


def test_months_as_columns(tmp_path: Path) -> None:
    result = checked(write_sheets(tmp_path / "a.xlsx", {"Sheet1": ACROSS}), "workforce_monthly", turned())
    assert result.faults == []
    assert result.rows[["month", "vacancies_fte", "agency_fte"]].to_numpy().tolist() == [
        ["2017-04", 12.5, 9.0], ["2017-05", 11.0, 10.2],
    ]  # fmt: skip


def test_months_as_columns_below_a_title_with_other_rows_a_total_and_a_note(tmp_path: Path) -> None:
    sheet = [
        ["Staffing return 2017-18"],
        [],
        [None, "Measure", datetime(2017, 4, 1), "May 2017", "Total"],
        [None, "Vacancies FTE", 12.5, 11, 23.5],
        [None, "Headcount", 120, 121, None],
        [],
        [None, "Agency FTE", 9, 10.2, 19.2],
        [None, "Source: HR"],
    ]
    path = write_sheets(tmp_path / "a.xlsx", {"S": sheet})
    result = checked(path, "workforce_monthly", turned(ignore="Headcount", totals_row="Total"))
    faults = [in_source(fault) for fault in result.faults]
    assert result.rows["month"].tolist() == ["2017-04", "2017-05"]
    assert result.rows["agency_fte"].tolist() == [9.0, 10.2]
    assert sorted(where(faults)) == [("footnote", 8, "B"), ("totals_row", 0, "E")]
    (fault,) = map(in_source, read(path, "workforce_monthly", turned()).faults)
    assert (fault.rule, fault.column) == ("column_unmapped", "B")
    assert "'Headcount'" in fault.found


def test_faults_of_a_turned_table_keep_the_sources_row_and_column(tmp_path: Path) -> None:
    sheet = [
        ["Title"],
        ["Measure", "Apr-17", "May-17", "May-17"],
        ["Vacancies FTE", "many", 11, 11],
        ["Agency FTE", 9, 9, 8],
    ]
    result = checked(write_sheets(tmp_path / "a.xlsx", {"S": sheet}), "workforce_monthly", turned())
    faults = [in_source(fault) for fault in result.faults]
    assert where(faults) == [("number_unreadable", 3, "B (Vacancies FTE)"), ("key_repeated", 2, "C (Measure)")]
    assert "Column D is used." in faults[1].what_to_do


def test_a_blank_corner_above_the_names(tmp_path: Path) -> None:
    sheet = [["Title"], [None, "Apr-17", "May-17"], ["Vacancies FTE", 12.5, 11], ["Agency FTE", 9, 10.2]]
    layout = turned().model_copy(update={"columns": turned().columns | {"month": ("",)}})
    result = checked(write_sheets(tmp_path / "a.xlsx", {"S": sheet}), "workforce_monthly", layout)
    assert (result.faults, result.rows["month"].tolist()) == ([], ["2017-04", "2017-05"])


def test_a_turned_csv_file_with_words_for_blank_and_a_time_in_a_cell(tmp_path: Path) -> None:
    lines = ["Made,,06/06/2017 10:00", "Measure,Apr-17,May-17,Jun-17", "Vacancies FTE,12.5,11,-", "Agency FTE,9,10.2,-"]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    layout = turned(blank="-", extracted_at={"cell": "C1"})
    result = checked(tmp_path / "a.csv", "workforce_monthly", layout)
    assert (result.faults, result.rows["month"].tolist()) == ([], ["2017-04", "2017-05"])
    assert read(tmp_path / "a.csv", "workforce_monthly", layout).extracted_at == ("t", "06/06/2017 10:00")


def test_a_column_beside_the_names_that_is_no_month_can_be_ignored(tmp_path: Path) -> None:
    sheet = [["Measure", "Unit", "Apr-17"], ["Vacancies FTE", "FTE", 12.5], ["Agency FTE", "FTE", 9]]
    path = write_sheets(tmp_path / "a.xlsx", {"S": sheet})
    (fault,) = checked(path, "workforce_monthly", turned()).faults[:1]
    assert (in_source(fault).rule, in_source(fault).row, in_source(fault).column) == (
        "month_unreadable", 1, "B (Measure)",
    )  # fmt: skip
    result = checked(path, "workforce_monthly", turned(ignore="Unit"))
    assert (result.faults, result.rows["month"].tolist()) == ([], ["2017-04"])


def test_hidden_months_and_measures_of_a_turned_table(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ACROSS:
        sheet.append(row)
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    faults = read(tmp_path / "a.xlsx", "workforce_monthly", turned()).faults
    assert [(fault.rule, fault.found) for fault in faults] == [
        ("rows_hidden", "hidden rows, by hand or by a filter: rows 3"), ("columns_hidden", "hidden columns: B"),
    ]  # fmt: skip


@pytest.mark.parametrize("sheet", [[], [["Month", "Vacancies"]], [["a"] * 60 for _ in range(60)]])
def test_a_sheet_that_is_not_side_by_side_has_no_headers(sheet: list[list[object]], tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"S": sheet})
    assert rules(read(path, "workforce_monthly", turned()).faults) == ["header_missing"]
