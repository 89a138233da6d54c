"""What spreadsheets do to records: each is read right or reported by a rule with a name, never dropped or guessed."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.datasets import BY_ID
from perfpipe.faults.fault import Fault
from perfpipe.read.child_process import Parser, Unreadable
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import read_file
from perfpipe.rules.rule import Severity
from perfpipe.settings.layouts import Layout, standard_layouts
from perfpipe.settings.settings import FileLimits
from tests.binary_workbooks import encrypted, write_xlsb
from tests.builders import (
    change_member,
    checked,
    layout_of,
    placement,
    read,
    rules,
    table_of,
    worker,
    write_csv,
    write_sheets,
    write_xlsx,
)  # fmt: skip

FIXTURES = Path(__file__).parents[1] / "fixtures"
UNDECLARED = layout_of("social_workers", date_order={})
SHEET = "xl/worksheets/sheet1.xml"


def staff(*workers: dict[str, object]) -> list[list[object]]:
    return table_of(workers or [worker(worker_id=f"W{n}") for n in range(1, 5)])


def changed(path: Path, change: Callable[[Worksheet], object]) -> Path:
    workbook = load_workbook(path)
    change(workbook.worksheets[0])
    workbook.save(path)
    return path


def found(table: RawTable) -> list[tuple[str, int, Severity]]:
    return [(fault.rule, fault.row, fault.severity) for fault in table.faults]


def only_stop(table: RawTable) -> Fault:
    assert [fault.severity for fault in table.faults if fault.severity is Severity.STOP] == [Severity.STOP]
    return next(fault for fault in table.faults if fault.severity is Severity.STOP)


def ids(table: RawTable) -> list[str]:
    return [text for _, text in table.columns["worker_id"]]


# rows that are no records


@pytest.mark.parametrize("label", ["Total", "TOTALS", "Grand total:", "Sub-total", "Total staff"])
def test_a_totals_row_that_nobody_declared_is_left_out_and_reported(label: str, tmp_path: Path) -> None:
    rows = [*staff(worker(worker_id="W1")), [label, None, 1], []]
    table = read(write_sheets(tmp_path / "a.xlsx", {"S": rows}), "social_workers")
    assert (ids(table), found(table)) == (["W1"], [("totals_row_undeclared", 3, Severity.WARN)])
    assert "`totals_row`" in table.faults[0].what_to_do


def test_a_complete_record_that_begins_with_total_is_a_record(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker(worker_id="Total care 1"), worker(worker_id="Totally")])
    table = read(path, "social_workers")
    assert (ids(table), table.faults) == (["Total care 1", "Totally"], [])


def test_notes_below_the_table_are_left_out_and_reported(tmp_path: Path) -> None:
    rows = [*staff(worker(worker_id="W1")), [], ["Includes agency"], [None, "Printed by hand"]]
    table = read(write_sheets(tmp_path / "a.xlsx", {"S": rows}), "social_workers")
    assert (table.rows, found(table)) == ([2], [("footnote", 4, Severity.WARN), ("footnote", 5, Severity.WARN)])
    between = [*staff(worker(worker_id="W1")), ["a stray text"], staff(worker(worker_id="W2"))[1]]
    kept = checked(write_sheets(tmp_path / "b.xlsx", {"S": between}), "social_workers")
    assert kept.rows["worker_id"].tolist() == ["W1", "W2"]
    assert ("value_missing", 3) in [(fault.rule, fault.row) for fault in kept.faults]


def test_headers_repeated_on_every_page_are_left_out_and_row_numbers_stay(tmp_path: Path) -> None:
    head, *records = staff()
    rows = [["Staff"], head, records[0], [], head, records[1], [f" {name} " for name in head], records[2]]
    table = read(write_sheets(tmp_path / "a.xlsx", {"S": rows}), "social_workers")
    assert (ids(table), table.rows) == (["W1", "W2", "W3"], [3, 6, 8])
    assert found(table) == [("header_repeated", 5, Severity.WARN), ("header_repeated", 7, Severity.WARN)]


# merged and hidden


@pytest.mark.parametrize("merged", ["A3:A4", "A3:B3", "A1:B1", "A2:C5"])
def test_merged_cells_in_the_table_stop(merged: str, tmp_path: Path) -> None:
    path = changed(write_sheets(tmp_path / "a.xlsx", {"S": staff()}), lambda sheet: sheet.merge_cells(merged))
    fault = next(fault for fault in read(path, "social_workers").faults)
    assert fault.severity is Severity.STOP
    assert fault.rule == "cells_merged" or merged == "A1:B1"  # there a header is gone


def test_a_header_merged_over_two_rows_stops(tmp_path: Path) -> None:
    rows = [staff()[0], [], *staff()[1:]]
    path = changed(write_sheets(tmp_path / "a.xlsx", {"S": rows}), lambda sheet: sheet.merge_cells("A1:A2"))
    fault = only_stop(read(path, "social_workers"))
    assert (fault.rule, fault.found) == ("cells_merged", "merged cells in the table: A1:A2")


def test_merged_cells_of_a_title_a_note_or_an_ignored_column_do_no_harm(tmp_path: Path) -> None:
    rows = [["Staff"], *[[*row, "x" if n else "Notes"] for n, row in enumerate(staff())], ["A note"]]
    path = write_sheets(tmp_path / "a.xlsx", {"S": rows})
    for merged in ("A1:F1", "F3:F4", "A7:F7"):
        changed(path, lambda sheet, merged=merged: sheet.merge_cells(merged))  # type: ignore[misc]
    table = read(path, "social_workers", layout_of("social_workers", ignore=["Notes"]))
    assert (ids(table), rules(table.faults)) == (["W1", "W2", "W3", "W4"], ["footnote"])


def test_hidden_rows_columns_and_sheets_are_read_and_reported(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        for row in (3, 4):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet.sheet_state = "hidden"
        assert sheet.parent is not None
        sheet.parent.create_sheet("Read me")

    path = changed(write_sheets(tmp_path / "a.xlsx", {"S": staff()}), hide)
    table = read(path, "social_workers")
    assert ids(table) == ["W1", "W2", "W3", "W4"]
    assert found(table) == [(rule, 0, Severity.WARN) for rule in ("sheet_hidden", "rows_hidden", "columns_hidden")]
    assert "2 of 4 records in hidden rows, by hand or by a filter: rows 3 to 4" in table.faults[1].found
    assert "hidden columns: C" in table.faults[2].found
    named = read(path, "social_workers", layout_of("social_workers", sheet="S"))
    assert "because the layout names it" in named.faults[0].found


def test_hidden_rows_of_a_sheet_written_in_an_unusual_way(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"S": staff()})
    change_member(
        path, SHEET, lambda xml: xml.replace('<row r="3"', '<row hidden = "1" r="3"').replace("<c r", "<c  r")
    )
    change_member(path, SHEET, lambda xml: xml.replace('<row r="4"', "<row hidden='true' r='4'"))
    assert "rows 3 to 4" in read(path, "social_workers").faults[0].found


# dates


def test_workbooks_that_count_from_1904_are_read_right_and_reported(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.worksheets[0]
    for row in staff(worker(started_on=date(2016, 5, 1))):
        sheet.append(row)
    workbook.save(tmp_path / "a.xlsx")
    table = read(tmp_path / "a.xlsx", "social_workers")
    assert (list(table.columns["started_on"]), rules(table.faults)) == ([("d", "2016-05-01")], ["dates_from_1904"])


@pytest.mark.parametrize(
    "added",
    [
        '<x15:workbookPr chartTrackingRefBase="1"/>',  # as every Excel from 2013 writes it
        "<y:deep><x15:workbookPr/></y:deep>",
    ],
)
def test_what_newer_excels_add_hides_no_calendar_of_1904(added: str, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker(started_on=date(2016, 5, 1))])
    spaces = 'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" xmlns:y="urn:y"'
    ext = f'<extLst><ext uri="{{140A7094-0E35-4892-8432-C4D2E57EDEB5}}" {spaces}>{added}</ext></extLst></workbook>'
    change_member(path, "xl/workbook.xml", lambda xml: xml.replace("</workbook>", ext))
    assert read(path, "social_workers").faults == []  # nor does it bring one
    change_member(path, "xl/workbook.xml", lambda xml: xml.replace("<workbookPr", '<workbookPr date1904="1"', 1))
    table = read(path, "social_workers")
    change_member(path, "xl/workbook.xml", lambda xml: xml.replace("<x15:workbookPr", '<x15:workbookPr date1904="0"'))
    assert rules(read(path, "social_workers").faults) == ["not_readable"]  # two calendars: the parser takes the last
    four_years_on = [("d", "2020-05-02")]  # 1,462 days: the same number, counted from 1904
    assert (rules(table.faults), list(table.columns["started_on"])) == (["dates_from_1904"], four_years_on)


@pytest.mark.parametrize("serial", ["59", "60", "0", "-3", "2958466"])
def test_dates_before_march_1900_and_after_all_time_are_faults(serial: str, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker(started_on=date(2016, 5, 1)), worker(worker_id="W2")])
    change_member(path, SHEET, lambda xml: xml.replace("<v>42491</v>", f"<v>{serial}</v>"))
    result = checked(path, "social_workers")
    assert result.rows["worker_id"].tolist() == ["W2"]
    assert {f.rule for f in result.faults if f.row == 2} <= {"date_out_of_bounds", "date_unreadable"}


def dated(
    tmp_path: Path, texts: list[object], layout: Layout = UNDECLARED, ended: list[object] | None = None
) -> RawTable:
    ends = ended or [None] * len(texts)
    records = [
        worker(worker_id=f"W{n}", started_on=text, left_on=end)
        for n, (text, end) in enumerate(zip(texts, ends, strict=True))
    ]
    return read(write_xlsx(tmp_path / "a.xlsx", records), "social_workers", layout)


@pytest.mark.parametrize(
    ("texts", "rule"),
    [
        (["01/05/2016", "13/05/2016"], ""),  # a day above 12 shows the order
        (["2016-05-01", "2016-05-02"], ""),
        (["01/05/2016", "02/05/2016"], "date_order_unclear"),  # nothing shows it
        (["12/05/2016", "11/05/2016"], "date_order_unclear"),  # the twelfth may be December
        (["01/05/2016", "05/13/2016"], "date_order_unclear"),  # the month is first
        (["13/05/2016"] * 149 + ["05/13/2016"], ""),  # one slip in a hundred is told by its cell
        (["13/05/2016"] * 148 + ["05/13/2016"] * 2, "date_order_unclear"),
        (["13/05/2016", "05/13/2016", "05/14/2016"], "date_order_unclear"),  # it contradicts itself
        ([date(2016, 5, 1), date(2016, 6, 12), "13/05/2016", "28/05/2016"], "dates_swapped"),  # opened in America
    ],
)
def test_the_order_of_day_and_month_is_never_guessed(texts: list[object], rule: str, tmp_path: Path) -> None:
    table = dated(tmp_path, texts)
    assert rules(table.faults) == ([rule] if rule else [])
    if rule == "date_order_unclear":
        assert table.faults[0].severity is Severity.STOP
        assert '`date_order = { started_on = "day_first" }`' in table.faults[0].what_to_do
        assert table.faults[0].column == "D (started_on)"


def test_another_column_of_the_file_can_show_the_order(tmp_path: Path) -> None:
    assert dated(tmp_path, ["01/05/2016", "02/05/2016"], ended=["31/01/2017", None]).faults == []
    against = dated(tmp_path, ["01/05/2016", "02/05/2016"], ended=["01/31/2017", None])
    assert rules(against.faults) == ["date_order_unclear"] * 2


def test_texts_among_date_cells_are_reported(tmp_path: Path) -> None:
    table = dated(tmp_path, [date(2016, 5, 13), "14/05/2016"])
    assert found(table) == [("dates_mixed", 0, Severity.WARN)]


def test_a_declared_order_is_kept_to_and_a_column_that_contradicts_it_stops(tmp_path: Path) -> None:
    american = layout_of("social_workers", date_order={"started_on": "month_first"})
    assert dated(tmp_path, ["05/01/2016", "05/13/2016"], american).faults == []
    result = checked(tmp_path / "a.xlsx", "social_workers", american)
    assert result.rows["started_on"].dt.strftime("%Y-%m-%d").tolist() == ["2016-05-01", "2016-05-13"]
    wrong = dated(tmp_path, ["13/05/2016", "14/05/2016", "01/05/2016"], american)
    assert rules(wrong.faults) == ["date_order_contradicted"]
    standard = standard_layouts(BY_ID["social_workers"])[0]
    assert dated(tmp_path, ["01/05/2016"], standard).faults == []  # the template documents the order
    assert rules(dated(tmp_path, ["05/13/2016", "05/14/2016", "01/05/2016"], standard).faults) == [
        "date_order_contradicted"
    ]
    iso = layout_of("social_workers", date_order="iso")
    dated(tmp_path, ["01/05/2016", "2016-05-02"], iso)
    assert [f.rule for f in checked(tmp_path / "a.xlsx", "social_workers", iso).faults] == ["date_unreadable"]


def test_the_time_of_an_extract_is_never_guessed_in_silence(tmp_path: Path) -> None:
    layout = layout_of("social_workers", date_order={}, extracted_at={"cell": "B1"})
    record = worker(started_on=date(2016, 5, 13))
    table = read(
        write_xlsx(tmp_path / "a.xlsx", [record], above=[["Made", "02/06/2017 09:30"]]), "social_workers", layout
    )
    assert [(f.rule, f.column, f.severity) for f in table.faults] == [
        ("date_order_unclear", "extracted_at", Severity.WARN)
    ]


# identifiers and numbers


@pytest.mark.parametrize(
    ("values", "lost"),
    [
        (["00123", 456], True), (["00123", "00456"], False), ([123, 4567], False), (["00123", 45678], False),
        (["00123", "0456", 78], False), (["00123", *[f"1000{n}" for n in range(9)], "78"], True),
        (["00123", "78"], False), (["00123", *[f"1000{n}" for n in range(7)], "78"], False),
    ],
)  # fmt: skip
def test_identifiers_that_lost_their_leading_zeros(values: list[object], lost: bool, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker(worker_id=value) for value in values])
    assert rules(read(path, "social_workers").faults) == (["leading_zeros_lost"] if lost else [])


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["00123", "123", "4567", "004"], "2 identifiers that differ only in leading zeros, in rows 2 and 3"),
        (["w7", "W8", "W7", "w7"], "2 identifiers that differ only in capitals, in rows 2 and 4"),
        (["W 7", "W7"], "2 identifiers that differ only in blanks, in rows 2 and 3"),
        (
            ["0w 7", "W7", "x", "W07"],
            "2 identifiers that differ only in blanks, capitals and leading zeros, in rows 2 and 3",
        ),
        (["w7", "W7", "0W7"], "3 identifiers that differ only in capitals and leading zeros, in rows 2, 3 and 4"),
        (["0", "00", "1"], "2 identifiers that differ only in leading zeros, in rows 2 and 3"),
        (["W7", "W70", "7", "W7"], None),
        (["00123", *[f"1000{n}" for n in range(9)], "123"], None),  # has lost its zeros, which stops
    ],
)
def test_identifiers_that_are_nearly_the_same_are_told_by_their_rows(
    values: list[object], found: str | None, tmp_path: Path
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker(worker_id=value) for value in values])
    told = [
        (f.found, f.severity, f.column) for f in read(path, "social_workers").faults if f.rule == "identifiers_alike"
    ]
    assert told == ([(found, Severity.INFO, "A (worker_id)")] if found else [])


@pytest.mark.parametrize(("pairs", "more"), [(25, "; and 5 more like this"), (20, "")])
def test_of_many_identifiers_alike_the_first_twenty_are_listed(pairs: int, more: str, tmp_path: Path) -> None:
    values = [f"{sign}{n}" for n in range(100, 100 + pairs) for sign in "wW"]
    path = write_xlsx(tmp_path / "a.xlsx", [worker(worker_id=value) for value in values])
    told = [fault.found for fault in read(path, "social_workers").faults if fault.rule == "identifiers_alike"]
    assert len(told) == 20
    assert told[-1].endswith(f"in rows 40 and 41{more}")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("123.0", "identifier_inexact"),
        ("123.00", "identifier_inexact"),
        ("12\uff13", "identifier_odd"),  # a full-width 3
        ("\u0421123", "identifier_odd"),  # a Cyrillic letter that looks like C
        ('C123"', "identifier_odd"),
        ("C123 ", ""),  # spaces around it are no part of it
        ("12.5", ""),
        ("C-1/23.0", ""),
    ],
)
def test_identifiers_that_are_not_what_they_look_like(text: str, rule: str, tmp_path: Path) -> None:
    result = checked(write_csv(tmp_path / "a.csv", [worker(worker_id=text)]), "social_workers")
    assert rules(result.faults) == ([rule] if rule else [])
    assert result.rows["worker_id"].tolist() == ([] if rule else [text.strip()])


@pytest.mark.parametrize(
    ("team", "garbled"),
    [
        ("Caf\u00e9 \u2013 children\u2019s", False),
        ("\u00a35 and more", False),
        ("Caf\u00c3\u00a9", True),  # UTF-8 read as cp1252, and saved
        ("children\u00e2\u20ac\u2122s", True),
        ("Caf\ufffd", True),
    ],
)
def test_letters_that_two_encodings_made_are_reported_and_kept(team: str, garbled: bool, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [worker(), worker(worker_id="W2", team=team)])
    result = checked(path, "social_workers")
    assert [(fault.rule, fault.row, fault.column) for fault in result.faults] == (
        [("text_garbled", 3, "F (team)")] if garbled else []
    )
    assert result.rows["team"].tolist()[1] == team


@pytest.mark.parametrize("text", ["85%", "1,234", "\u00a35", "5 days"])
def test_a_number_with_a_sign_is_a_fault_and_never_another_number(text: str, tmp_path: Path) -> None:
    result = checked(write_xlsx(tmp_path / "a.xlsx", [worker(fte=text)]), "social_workers")
    assert "number_unreadable" in [fault.rule for fault in result.faults]
    assert result.rows["fte"].isna().all()


def test_a_share_given_as_a_percentage_is_reported(tmp_path: Path) -> None:
    result = checked(
        write_csv(tmp_path / "a.csv", [worker(fte="85"), worker(worker_id="W2", fte="0.85")]), "social_workers"
    )
    assert [(fault.rule, fault.row) for fault in result.faults] == [("fte_impossible", 2)]


def test_lying_dimensions_hide_nothing(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"S": staff()})
    for lie in ("A1:A1", "A1:XFD1048576", "C3:D4"):
        change_member(
            path, SHEET, lambda xml, lie=lie: xml.replace('<dimension ref="A1:E5"', f'<dimension ref="{lie}"')
        )  # type: ignore[misc]
        assert ids(read(path, "social_workers")) == ["W1", "W2", "W3", "W4"]
        change_member(
            path, SHEET, lambda xml, lie=lie: xml.replace(f'<dimension ref="{lie}"', '<dimension ref="A1:E5"')
        )  # type: ignore[misc]


def test_a_shared_string_without_a_number_is_blank(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"S": staff(worker(team="x"))})
    change_member(
        path,
        SHEET,
        lambda xml: xml.replace('<c r="F2" t="inlineStr"><is><t>x</t></is></c>', '<c r="F2" t="s"><v/></c>'),
    )
    assert list(read(path, "social_workers").columns["team"]) == [("-", "")]


# other formats: what the parser hides is seen in each


@pytest.mark.parametrize("suffix", [".xls", ".ods"])
def test_errors_merged_and_hidden_cells_of_old_and_open_formats(suffix: str) -> None:
    with Parser() as parser:
        sheet, hidden = parser.sheets(FIXTURES / f"odd_cells{suffix}", "a")
    assert [sheet.columns[5][row] for row in range(1, 6)] == [("e", ""), ("e", ""), ("n", "2"), ("e", ""), ("t", "x")]
    assert (sheet.merged, sheet.hidden_rows, sheet.hidden_columns) == ([(5, 0, 5, 1)], [3], [2])
    assert (sheet.visible, hidden.visible, sheet.notes) == (True, False, ["dates_from_1904"])
    assert list(sheet.columns[3])[1:3] == [("d", "2016-05-01"), ("D", "2016-05-13 10:30:00")]


def test_errors_merged_and_hidden_cells_of_binary_workbooks(tmp_path: Path) -> None:
    path = write_xlsb(tmp_path / "a.xlsb", staff(), hidden=2, error=(3, 2))
    with Parser() as parser:
        (sheet,) = parser.sheets(path, "a.xlsb")
    assert (sheet.row(0)[0], sheet.columns[2][3]) == (("t", "worker_id"), ("e", ""))
    assert (sheet.merged, sheet.hidden_rows, sheet.notes) == ([(1, 0, 1, 1)], [2], ["dates_from_1904"])


def test_macros_are_ignored_and_recorded(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"S": staff()}).rename(tmp_path / "a.xlsm")
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macros")
    assert found(read(path, "social_workers")) == [("macros_ignored", 0, Severity.INFO)]


@pytest.mark.slow
def test_workbooks_with_a_password_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = encrypted(write_sheets(tmp_path / "a.xlsx", {"S": staff(worker(worker_id="W1", team="=1/0"))}), "Zebedee")
    monkeypatch.delenv("PERFPIPE_PASSWORD", raising=False)
    missing = only_stop(read(path, "social_workers"))
    assert (missing.rule, "PERFPIPE_PASSWORD" in missing.what_to_do) == ("encrypted", True)
    monkeypatch.setenv("PERFPIPE_PASSWORD", "wrong Zebedee")
    wrong = only_stop(read(path, "social_workers"))
    assert (wrong.rule, "Zebedee" in str(wrong)) == ("password_wrong", False)
    monkeypatch.setenv("PERFPIPE_PASSWORD", "Zebedee")
    table = read(path, "social_workers")
    assert (ids(table), list(table.columns["team"])) == (["W1"], [("f", "")])  # looked into like any other
    monkeypatch.setenv("OTHER", "wrong")
    assert (
        only_stop(read(path, "social_workers", layout_of("social_workers", password_env="OTHER"))).rule
        == "password_wrong"
    )


def test_a_workbook_that_excel_opens_without_asking_is_opened(tmp_path: Path) -> None:
    path = encrypted(write_sheets(tmp_path / "a.xlsx", {"S": staff()}), "VelvetSweatshop")
    assert len(read(path, "social_workers").rows) == 4


# hostile archives, and limits


def test_members_that_lead_out_of_the_archive_write_nothing(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "in" / "a.xlsx", {"S": staff()})
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("../../escaped.xml", b"x")
        package.writestr("/escaped.xml", b"x")
    assert ids(read(path, "social_workers")) == ["W1", "W2", "W3", "W4"]
    assert not list(tmp_path.rglob("escaped.xml"))


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"S": staff()})
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as package:
        package.writestr(SHEET, b"<worksheet/>")
    fault = only_stop(read(path, "social_workers"))
    assert (fault.rule, "two parts with the same name" in fault.found) == ("not_readable", True)


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/styles.xml"])
def test_entities_that_explode_do_no_harm(part: str, tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"S": staff()})
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>'
    change_member(path, part, lambda xml: bomb + xml[xml.index("?>") + 2 :] if "?>" in xml else bomb + xml)
    change_member(path, SHEET, lambda xml: xml.replace("W1", "&l11;"))
    table = read(path, "social_workers")
    assert rules(table.faults) == ["not_readable"] or ids(table) == ["W1", "W2", "W3", "W4"]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [({"rows": 100}, "too_large"), ({"columns": 10}, "too_large"), ({"cells": 1000}, "too_large"), ({}, "")],
)
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_limits_of_rows_columns_and_cells(limits: dict[str, int], reason: str, name: str, tmp_path: Path) -> None:
    records = [worker(worker_id=f"W{n}", **{f"c{n}": "x" for n in range(20)}) for n in range(110)]
    path = tmp_path / name
    write_xlsx(path, records) if name == "a.xlsx" else write_csv(path, records)
    layout = layout_of("social_workers", ignore=[f"c{n}" for n in range(20)])
    with Parser(FileLimits(**limits)) as parser:
        table = read_file(path, name, BY_ID["social_workers"], layout, parser)
    assert rules(table.faults) == ([reason] if reason else [])
    assert "[limits]" in str(table.faults) or name == "a.csv" or not reason


@pytest.mark.soak
@pytest.mark.slow
def test_memory_is_limited_and_the_next_file_is_read(tmp_path: Path) -> None:
    big = write_sheets(tmp_path / "a.xlsx", {"S": [["x" * 30_000 + str(n) for n in range(10)] for _ in range(300)]})
    small = write_sheets(tmp_path / "b.xlsx", {"S": staff()})
    with Parser(FileLimits.model_construct(memory_mb=120)) as parser:
        with pytest.raises(Unreadable) as refused:
            parser.sheets(big, "a.xlsx")
        assert refused.value.rule.id in ("too_large", "parser_died", "not_readable")
        assert len(parser.sheets(small, "b.xlsx")) == 1


# the national return as one workbook


def test_the_national_return_as_one_workbook_with_a_sheet_for_each_table(tmp_path: Path) -> None:
    layout = standard_layouts(BY_ID["placements"])[1]
    episodes = [{k: v for k, v in placement().items() if k != "dob"} | {"child_id": child} for child in ("C1", "C2")]
    header = [["CHILD", "SEX", "DOB", "UPN"], ["C1", "1", "13/06/2005", ""], ["C2", "2", date(2006, 7, 14), ""]]
    missing = [["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"], ["C1", "13/06/2005", "M", "01/05/2017", ""]]
    sheets = {"Cover": [["SSDA903"]], "Header": header, "Episodes": table_of(episodes), "Missing": missing}
    path = write_sheets(tmp_path / "SSDA903_2017.xlsx", sheets)
    table = read(path, "placements", layout)
    assert (table.sheet, list(table.columns["dob"])) == ("Episodes", [("t", "13/06/2005"), ("d", "2006-07-14")])
    assert rules(table.faults) == ["dates_mixed"]
    renamed = {"Children": header, "Table 2": table_of(episodes), "Missing": missing}
    other = read(write_sheets(tmp_path / "b.xlsx", renamed), "placements", layout)
    assert (other.sheet, len(other.columns["dob"])) == ("Table 2", 2)  # by their headers


@pytest.mark.parametrize(
    ("rows", "severity", "words"),
    [
        (
            [["CHILD", "SEX", "DOB"], ["C1", "1", "13/06/2005"], ["C2", "1", ""], ["C1", "1", "14/06/2005"]],
            Severity.WARN,
            "a child with 2 dates of birth, in rows 2 and 4",
        ),
        ([["CHILD", "SEX", "DOB"], ["C9", "1", "13/06/2005"]], Severity.WARN, "1 children of the episodes"),
        ([["CHILD", "SEX"], ["C1", "1"]], Severity.STOP, "no columns CHILD and DOB"),
    ],
)
def test_a_header_table_that_does_not_fit(
    rows: list[list[object]], severity: Severity, words: str, tmp_path: Path
) -> None:
    layout = standard_layouts(BY_ID["placements"])[1]
    episode = {key: value for key, value in placement().items() if key != "dob"}
    path = write_sheets(tmp_path / "ssda903.xlsx", {"Episodes": table_of([episode]), "Header": rows})
    fault = read(path, "placements", layout).faults[0]
    assert (fault.rule, fault.severity, fault.sheet, words in fault.found) == ("header_file", severity, "Header", True)


def test_of_a_child_with_two_dates_of_birth_only_the_date_is_unknown(tmp_path: Path) -> None:
    """A blank beside a date is no second one; the others keep theirs, and no fault says a date."""
    layout = standard_layouts(BY_ID["placements"])[1]
    episodes = [{k: v for k, v in placement(child_id=each).items() if k != "dob"} for each in ("C1", "C2", "C3")]
    header = [["CHILD", "SEX", "DOB"], ["C1", "1", "13/06/2005"], ["C2", "1", ""], ["C2", "1", "15/06/2005"]]
    header += [["C1", "1", "14/06/2005"], ["C3", "1", "16/06/2005"], ["C3", "1", "16/06/2005"]]
    path = write_sheets(tmp_path / "ssda903.xlsx", {"Episodes": table_of(episodes), "Header": header})
    table = read(path, "placements", layout)
    assert [text for _, text in table.columns["dob"]] == ["", "15/06/2005", "16/06/2005"]
    (fault,) = [each for each in table.faults if each.rule == "header_file"]
    assert (fault.sheet, fault.row, fault.column) == ("Header", 5, "C (DOB)")
    assert "2005" not in fault.found


def test_the_child_process_starts_in_well_under_half_a_second() -> None:
    code = "import sys; import perfpipe.read.formats.worker; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "numpy", "pydantic", "pandera", "openpyxl", "msoffcrypto", "olefile"} & set(loaded)
    began = time.monotonic()
    with Parser() as parser:
        parser.sheets(FIXTURES / "odd_cells.ods", "a")
    assert time.monotonic() - began < 2  # 0.1 s on an idle machine
