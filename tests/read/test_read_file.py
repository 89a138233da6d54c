"""Read: sheets, header rows and cells of files as they come; and files that are no workbooks at all."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from perfpipe.datasets import BY_ID, DATASETS
from perfpipe.faults.fault import Fault, shape_of
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import Parser, date_in_name, letter_of, plain, position_of, read_file
from perfpipe.rules.rule import Severity
from perfpipe.settings.settings import FileLimits
from tests.builders import (
    RECORD,
    change_member,
    episode,
    layout_of,
    only_stop,
    placement,
    read,
    standard,
    table_of,
    worker,
    write_csv,
    write_sheets,
    write_xlsx,
)  # fmt: skip

SHEET = "xl/worksheets/sheet1.xml"


def texts(table: RawTable, column: str) -> list[str]:
    return [text for _, text in table.columns[column]]


@pytest.mark.parametrize("dataset", [dataset.id for dataset in DATASETS])
def test_csv_and_workbook_in_the_standard_layout_read_alike(dataset: str, tmp_path: Path) -> None:
    records = [RECORD[dataset]]
    from_csv = read(write_csv(tmp_path / "a.csv", records), dataset)
    from_xlsx = read(write_xlsx(tmp_path / "a.xlsx", records), dataset)
    assert from_csv.faults == from_xlsx.faults == []
    assert from_csv.rows == from_xlsx.rows == [2]
    assert {name: list(cells) for name, cells in from_csv.columns.items()} == {
        name: list(cells) for name, cells in from_xlsx.columns.items()
    }
    assert (from_csv.sheet, from_xlsx.sheet) == ("", "Records")


def test_kinds_of_cells(tmp_path: Path) -> None:
    values = [
        "0012", 12, 12.5, 12345678901234567, datetime(2017, 5, 2, 10, 7), datetime(2017, 5, 2), date(2017, 5, 2),
        True, 1, 0, False, None, "  ", 0.1, "=1+1", "#REF!",
    ]  # fmt: skip
    records = [worker(team=value) for value in values]
    found = list(read(write_xlsx(tmp_path / "a.xlsx", records), "social_workers").columns["team"])
    assert found == [
        ("t", "0012"), ("n", "12"), ("n", "12.5"), ("n", "1.234567890123457e+16"), ("D", "2017-05-02 10:07:00"),
        ("d", "2017-05-02"), ("d", "2017-05-02"), ("b", "True"), ("n", "1"), ("n", "0"), ("b", "False"), ("-", ""),
        ("-", ""), ("n", "0.1"), ("f", ""), ("e", ""),
    ]  # fmt: skip


def test_times_are_whole_seconds_whatever_the_fraction_of_a_day(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker(team=datetime(2017, 5, 2, 10))])
    change_member(path, SHEET, lambda xml: xml.replace("42857.41666666666", "42857.4166666655"))
    assert list(read(path, "social_workers").columns["team"]) == [("D", "2017-05-02 10:00:00")]


def test_row_numbers_are_the_sources_own(tmp_path: Path) -> None:
    rows = table_of([worker(worker_id="W1"), worker(worker_id="W2")])
    blank = [None] * len(rows[0])
    sheet = [["Staff extract"], blank, *rows[:2], blank, blank, rows[2]]
    table = read(write_sheets(tmp_path / "a.xlsx", {"Staff": sheet}), "social_workers")
    assert (table.rows, texts(table, "worker_id")) == ([4, 7], ["W1", "W2"])
    assert (table.headers["worker_id"], table.letters["worker_id"]) == ("worker_id", "A")


def test_row_numbers_of_a_csv_file_are_those_a_spreadsheet_shows(tmp_path: Path) -> None:
    lines = "worker_id,contract,fte,started_on,left_on,team"
    text = f'Title\r\n\r\n{lines}\r\nW1,perm,1,x,,"two\r\nlines"\r\n\r\n,,,,,\r\nW2,perm,1,x,,\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode())
    table = read(tmp_path / "a.csv", "social_workers")
    assert (table.rows, texts(table, "worker_id")) == ([4, 7], ["W1", "W2"])


def test_tables_need_not_start_in_column_a(tmp_path: Path) -> None:
    rows = [[None, None, *row] for row in table_of([worker()])]
    table = read(write_sheets(tmp_path / "a.xlsx", {"S": rows}), "social_workers")
    assert (table.letters["worker_id"], texts(table, "worker_id")) == ("C", ["W1"])


@pytest.mark.parametrize(
    "header", ["Worker's  ID", "WORKER\u2019S ID", "worker\u2018s\u00a0id ", " Worker's ID", "\ufeffWorker's\nID"]
)
def test_headers_match_whatever_quotes_spaces_and_case(header: str, tmp_path: Path) -> None:
    names = {name: [name] for name in ("contract", "fte", "started_on", "left_on")}
    layout = layout_of("social_workers", columns=names | {"worker_id": ["Worker's ID"]})
    record = {header if key == "worker_id" else key: value for key, value in worker().items()}
    assert texts(read(write_xlsx(tmp_path / "a.xlsx", [record]), "social_workers", layout), "worker_id") == ["W1"]


def test_dashes_match_too() -> None:
    assert plain("Start \u2013 date") == plain("start - DATE")
    assert plain("\u201cStart\u201d") == '"start"'


def test_a_column_the_layout_does_not_know_stops_and_all_headers_are_listed(tmp_path: Path) -> None:
    fault = only_stop(read(write_csv(tmp_path / "a.csv", [worker(Notes="x", Colour="y")]), "social_workers"))
    assert (fault.rule, fault.row) == ("column_unmapped", 1)
    assert "'Notes', 'Colour'; the headers are 'worker_id', 'contract', 'fte'" in fault.found


def test_ignored_columns_are_not_read(tmp_path: Path) -> None:
    layout = layout_of("social_workers", ignore=["NOTES "])
    table = read(write_csv(tmp_path / "a.csv", [worker(Notes="x")]), "social_workers", layout)
    assert table.faults == []
    assert "Notes" not in table.headers.values()


def test_a_missing_column_stops_and_lists_what_was_found(tmp_path: Path) -> None:
    record = {key: value for key, value in worker().items() if key not in ("fte", "left_on")}
    fault = only_stop(read(write_xlsx(tmp_path / "a.xlsx", [record], above=[["Title"]]), "social_workers"))
    assert (fault.rule, fault.sheet, fault.row) == ("column_missing", "Records", 2)
    assert fault.found == (
        "no column for fte (expected 'fte'); left_on (expected 'left_on'); "
        "the headers are 'worker_id', 'contract', 'started_on'"
    )


def test_a_declared_layout_needs_every_column_it_maps(tmp_path: Path) -> None:
    columns = {name: name for name in worker()} | {"team": "Team name"}
    path = write_csv(tmp_path / "a.csv", [worker()])
    assert (
        "no column for team"
        in only_stop(read(path, "social_workers", layout_of("social_workers", columns=columns))).found
    )


def test_two_columns_for_the_same_thing_stop(tmp_path: Path) -> None:
    fault = only_stop(read(write_csv(tmp_path / "a.csv", [placement(CHILD="C9")]), "placements"))
    assert (fault.rule, fault.found) == ("column_repeated", "two columns for the same thing: 'CHILD'")


def test_the_sheet_is_found_by_its_headers(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"Read me": [["Hello"]], "Data": table_of([worker()])})
    assert read(path, "social_workers").sheet == "Data"


def test_two_sheets_that_match_stop(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"New": table_of([worker()]), "Old": table_of([worker()])})
    fault = only_stop(read(path, "social_workers"))
    assert (fault.rule, fault.found) == ("sheet_ambiguous", "2 sheets match: 'New', 'Old'")
    named = read(path, "social_workers", layout_of("social_workers", sheet="old "))
    assert (named.sheet, named.rows) == ("Old", [2])


def test_a_hidden_sheet_is_called_hidden(tmp_path: Path) -> None:
    workbook = Workbook()
    for name, state in (("New", "visible"), ("Old", "hidden")):
        sheet = workbook.create_sheet(name)
        sheet.sheet_state = state
        for row in table_of([worker()]):
            sheet.append(row)
    workbook.save(tmp_path / "a.xlsx")
    assert "'New', 'Old' (hidden)" in only_stop(read(tmp_path / "a.xlsx", "social_workers")).found


def test_a_missing_sheet_stops_and_lists_the_sheets(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"One": [["x"]], "Two": [["y"]]})
    fault = only_stop(read(path, "social_workers", layout_of("social_workers", sheet=["Staff", "People"])))
    assert (fault.rule, fault.found) == ("sheet_missing", "no sheet named Staff or People; found 'One', 'Two'")


def test_no_header_row_stops_without_showing_a_cell(tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "a.xlsx", {"S": [["Secret", "Name"]]})
    fault = only_stop(read(path, "social_workers"))
    assert fault.rule == "header_missing"
    assert "Secret" not in str(fault)
    assert "first 50 rows, of 'S'" in fault.found


@pytest.mark.parametrize("row", [2, 40])
def test_a_wrong_header_row_stops_without_showing_a_record(row: int, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [worker(worker_id="Secret", team="Secret too")])
    fault = only_stop(read(path, "social_workers", layout_of("social_workers", header_row=row)))
    assert (fault.rule, "Secret" in str(fault)) == ("header_missing", False)
    assert f"in row {row}, where the layout says" in fault.found


def test_a_declared_header_row_is_taken_even_if_another_row_has_the_headers_too(tmp_path: Path) -> None:
    rows = table_of([worker()])
    path = write_sheets(tmp_path / "a.xlsx", {"S": [rows[0], ["guidance"], *rows]})
    assert read(path, "social_workers", layout_of("social_workers", header_row=3)).rows == [4]


def test_another_delimiter_than_the_declared_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("worker_id;contract;fte\nW1;perm;1\n")
    fault = only_stop(read(tmp_path / "a.csv", "social_workers", layout_of("social_workers", delimiter=",")))
    assert "values seem to be separated by ';'" in fault.found
    assert "delimiter = ';'" in fault.what_to_do


def test_declared_totals_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    records = [worker(), {"worker_id": "TOTAL  staff", "fte": "1"}, worker(worker_id="W2", team="Total")]
    path = write_xlsx(tmp_path / "a.xlsx", records)
    table = read(path, "social_workers", layout_of("social_workers", ignore=["team"], totals_row="total"))
    assert texts(table, "worker_id") == ["W1", "W2"]
    assert [(f.rule, f.row, f.severity) for f in table.faults] == [("totals_row", 3, Severity.INFO)]
    kept = read(path, "social_workers", layout_of("social_workers", ignore=["team"]))
    assert texts(kept, "worker_id") == ["W1", "W2"]
    assert [(f.rule, f.row, f.severity) for f in kept.faults] == [("totals_row_undeclared", 3, Severity.WARN)]


def test_cells_without_a_header_are_reported_and_not_used(tmp_path: Path) -> None:
    rows = table_of([worker(), worker(worker_id="W2")])
    rows[2] += [None, "see note"]
    table = read(write_sheets(tmp_path / "a.xlsx", {"S": rows}), "social_workers")
    assert [(f.rule, f.address, f.found, f.severity) for f in table.faults] == [
        ("cell_without_header", "a.xlsx, sheet S, row 3, column G", "AAA AAAA, text", Severity.WARN)
    ]
    assert len(table.rows) == 2


def test_many_cells_without_a_header_are_counted(tmp_path: Path) -> None:
    rows = [[*row, None if n == 0 else "x"] for n, row in enumerate(table_of([worker()] * 50))]
    table = read(write_sheets(tmp_path / "a.xlsx", {"S": rows}), "social_workers")
    assert len(table.faults) == 20
    assert table.faults[-1].found == "A, text; and 30 more cells below it"


def test_ragged_rows_stop_with_their_numbers(tmp_path: Path) -> None:
    text = "worker_id,contract,fte,started_on,left_on\nW1,perm,1,x,\nW2,perm,1,x\nW3,perm,1,x,,y\n"
    (tmp_path / "a.csv").write_text(text)
    table = read(tmp_path / "a.csv", "social_workers")
    assert [(f.rule, f.row, f.found) for f in table.faults] == [
        ("row_ragged", 3, "4 values where the header has 5"),
        ("row_ragged", 4, "6 values where the header has 5"),
    ]
    (tmp_path / "b.csv").write_text(text + "W,perm,1,x\n" * 50)
    many = read(tmp_path / "b.csv", "social_workers")
    assert (len(many.faults), many.faults[-1].found) == (21, "32 more such rows")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_no_part_of_the_first_header(encoding: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [worker()], encoding)
    assert read(path, "social_workers").rows == [2]
    quoted = path.read_text(encoding).replace("worker_id", '"worker_id"')
    path.write_text(quoted, encoding=encoding)
    assert read(path, "social_workers", layout_of("social_workers", encoding="utf-8")).rows == [2]


@pytest.mark.parametrize("line", ['"W1,perm,1,x,', '"W"1,perm,1,x,', f"{'x' * 200_000},perm,1,x,"])
def test_a_damaged_csv_file_stops_with_its_line(line: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"worker_id,contract,fte,started_on,left_on\n{line}\n")
    fault = only_stop(read(tmp_path / "a.csv", "social_workers"))
    assert (fault.rule, fault.found.startswith("line 2")) == ("csv_damaged", True)


def test_tabs_in_tsv_and_other_delimiters(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("worker_id\tcontract\tfte\tstarted_on\tleft_on\nW,1\tp\t1\tx\t\n")
    assert texts(read(tmp_path / "a.tsv", "social_workers"), "worker_id") == ["W,1"]
    (tmp_path / "b.csv").write_text("worker_id|contract|fte|started_on|left_on\nW,1|p|1|x|\n")
    layout = layout_of("social_workers", delimiter="|")
    assert texts(read(tmp_path / "b.csv", "social_workers", layout), "worker_id") == ["W,1"]


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
def test_text_named_txt_is_read_with_the_delimiter_that_its_headers_confirm(tmp_path: Path, delimiter: str) -> None:
    lines = [["worker_id", "contract", "fte", "started_on", "left_on"], ["W1", "p", "1", "x", ""]]
    path = tmp_path / "a.txt"
    path.write_text("".join(delimiter.join(line) + "\n" for line in lines))
    table = read(path, "social_workers")
    assert (table.rows, texts(table, "worker_id"), texts(table, "contract")) == ([2], ["W1"], ["p"])


def test_a_workbook_named_txt_stops_with_what_to_do(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker()]).rename(tmp_path / "a.txt")
    fault = only_stop(read(path, "social_workers"))
    assert (fault.rule, "ending of its format" in fault.what_to_do) == ("not_text", True)


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a"])
def test_other_formats_stop(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x")
    fault = only_stop(read(tmp_path / name, "social_workers"))
    assert fault.rule == "format_unknown"
    assert ".xlsx" in fault.what_to_do


def test_an_empty_table_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("worker_id,contract,fte,started_on,left_on\n")
    table = read(tmp_path / "a.csv", "social_workers")
    assert (table.rows, table.faults) == ([], [])


def test_the_time_of_an_extract_in_a_cell(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker()], above=[["Made", datetime(2017, 6, 2, 9, 30)], []])
    layout = layout_of("social_workers", extracted_at={"cell": "B1"})
    assert read(path, "social_workers", layout).extracted_at == ("D", "2017-06-02 09:30:00")
    far = layout_of("social_workers", extracted_at={"cell": "ZZ999"})
    assert read(path, "social_workers", far).extracted_at == ("-", "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HR_20170602_0930.xlsx", datetime(2017, 6, 2, 9, 30)), ("HR_20170602.xlsx", datetime(2017, 6, 2)),
        ("HR_20170631.xlsx", None), ("HR.xlsx", None),
    ],
)  # fmt: skip
def test_the_time_of_an_extract_in_its_name(name: str, expected: datetime | None) -> None:
    pattern = r"_(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:_(?P<hour>\d\d)(?P<minute>\d\d))?"
    assert date_in_name(name, pattern) == expected


def test_letters_of_columns() -> None:
    assert [letter_of(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(position_of(letter_of(n)) == n for n in range(2000))


# what the parser hides, and files that are no workbooks


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ('<c r="B2" t="e"><v>#REF!</v></c>', "e"), ("<c r='B2' t='e'><v>#N/A</v></c>", "e"),
        ('<c r="B2"><f>1+1</f><v></v></c>', "f"), ('<c r="B2"><f>1+1</f></c>', "f"),
        ('<c r="B2"><f t="shared" si="0"/></c>', "f"),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', "-"), ('<c r="B2"><f>1+1</f><v>2</v></c>', "n"),
        ('<c t="e"><v>#REF!</v></c>', "e"), ('<c r="B2"/>', "-"), ('\n  <c r="B2">\n  <f>A1</f>\n  <v/></c>', "f"),
    ],
)  # fmt: skip
def test_errors_and_formulas_without_a_value_are_never_blank(cell: str, kind: str, tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", [{"worker_id": "W1", "contract": "CELL", "fte": 1, "started_on": 1, "left_on": 1}]
    )
    change_member(path, SHEET, lambda xml: xml.replace('<c r="B2" t="inlineStr"><is><t>CELL</t></is></c>', cell))
    assert [k for k, _ in read(path, "social_workers").columns["contract"]] == [kind]


def test_prefixed_xml_is_looked_at_too(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker(team="#REF!")])

    def prefixed(xml: str) -> str:
        for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t", "f"):
            xml = (
                xml.replace(f"<{name}>", f"<x:{name}>")
                .replace(f"<{name} ", f"<x:{name} ")
                .replace(f"</{name}>", f"</x:{name}>")
            )
        return xml.replace("xmlns=", "xmlns:x=")

    change_member(path, SHEET, prefixed)
    assert [kind for kind, _ in read(path, "social_workers").columns["team"]] == ["e"]


def test_a_workbook_named_xls_is_looked_into_all_the_same(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker(team="#REF!")]).rename(tmp_path / "a.xls")
    table = read(path, "social_workers")
    assert [kind for kind, _ in table.columns["team"]] == ["e"]


def test_formatted_cells_far_out_do_no_harm_and_values_there_stop(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker()])
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    change_member(path, SHEET, lambda xml: xml.replace("</sheetData>", far))
    assert read(path, "social_workers").rows == [2]
    change_member(path, SHEET, lambda xml: xml.replace('s="0"/></row></sheetData>', "><v>1</v></c></row></sheetData>"))
    assert only_stop(read(path, "social_workers")).rule == "too_large"


def zip_of(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "reason", "words"),
    [
        (b"", "empty_file", "0 bytes"),
        (b"<html><table><tr><td>worker_id</td></tr></table></html>", "not_a_workbook", "web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "not_a_workbook", "web page or XML"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted", "password"),
        (b"PK\x03\x04 cut short", "not_readable", "damaged"),
        (zip_of(), "not_readable", "damaged"),
        (zip_of(a=b"x"), "not_readable", "damaged"),
        (
            b"worker_id\tcontract, of now\nW1\tx",
            "not_a_workbook",
            "text with the name of a workbook, with tabs between",
        ),
        (b"worker_id,contract\n", "not_a_workbook", "text with the name of a workbook, with commas between"),
        (
            "Zo\u00eb;contract\r\n".encode("cp1252"),
            "not_a_workbook",
            "text with the name of a workbook, with semicolons",
        ),
        ("worker_id\tcontract\r\n".encode("utf-16"), "not_a_workbook", "text with the name of a workbook, with tabs"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "not_a_workbook", "web page"),
        (b"\x01\x02,\n", "not_readable", "damaged"),
        (OLE + b"\0" * 600, "not_readable", "damaged"),
    ],
)
@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_what_is_no_workbook_stops_with_a_reason(
    content: bytes, reason: str, words: str, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    fault = only_stop(read(path, "social_workers"))
    assert (fault.rule, words in fault.found, bool(fault.what_to_do)) == (reason, True, True)


def test_text_with_the_name_of_a_workbook_is_read_once_it_is_renamed(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [worker()])
    text = path.read_text(encoding="utf-8").replace(",", "\t")
    (tmp_path / "staff.xls").write_text(text, encoding="utf-8")
    fault = only_stop(read(tmp_path / "staff.xls", "social_workers"))
    assert "end in .tsv" in fault.what_to_do
    renamed = read((tmp_path / "staff.xls").rename(tmp_path / "staff.tsv"), "social_workers")
    assert (len(renamed.rows), renamed.faults) == (1, [])


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker()])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/big", b"\0" * 11 * 2**20)
    dataset, layout = BY_ID["social_workers"], standard("social_workers")
    with Parser(FileLimits(unpacked_mb=10)) as parser:
        assert only_stop(read_file(path, "a.xlsx", dataset, layout, parser)).rule == "too_large"


@pytest.mark.slow
def test_a_parser_that_takes_too_long_is_ended_and_the_next_file_is_read(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker(worker_id=f"W{n}") for n in range(5000)])
    dataset, layout = BY_ID["social_workers"], standard("social_workers")
    with Parser() as parser:
        parser._limits = FileLimits.model_construct(seconds=0.01)
        began = time.monotonic()
        assert only_stop(read_file(path, "a.xlsx", dataset, layout, parser)).rule == "too_slow"
        assert time.monotonic() - began < 10
        parser._limits = FileLimits()
        assert len(read_file(path, "a.xlsx", dataset, layout, parser).rows) == 5000


def test_a_parser_that_dies_is_replaced(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker()])
    dataset, layout = BY_ID["social_workers"], standard("social_workers")
    with Parser() as parser:
        assert read_file(path, "a.xlsx", dataset, layout, parser).rows == [2]
        assert parser._process is not None
        parser._process.kill()
        parser._process.wait()
        assert read_file(path, "a.xlsx", dataset, layout, parser).rows == [2]


@pytest.mark.parametrize(
    ("kind", "text", "shape"),
    [
        ("t", "12/05/2017", "99/99/9999, text"), ("t", "Zo\u00eb Smith", "AAA AAAAA, text"),
        ("n", "12.5", "99.9, number"),
        ("t", "x" * 30, "A" * 19 + "..., text"), ("-", "", "blank"), ("e", "", "an Excel error such as #REF! or #N/A"),
        ("t", "\u0660\u00bd\U0001f600", "9AA, text"), ("b", "True", "AAAA, true or false"), ("t", "a\nb", "AAA, text"),
        ("D", "2017-05-02 10:00:00", "9999-99-99 99:99:99, date and time"),
    ],
)  # fmt: skip
def test_shapes(kind: str, text: str, shape: str) -> None:
    assert shape_of(kind, text) == shape


def test_addresses_of_faults() -> None:
    fault = Fault("d", "a.xlsx", "S", 12, "H (Returned)", "r", Severity.WARN, "f", "e", "w")
    assert fault.address == "a.xlsx, sheet S, row 12, column H (Returned)"


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as started:
        yield started


@pytest.mark.parametrize("header_row", [None, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("row", [0, 1, 3, 4, 5])  # title, blank, records, totals; row 2 has the headers
def test_a_secret_in_any_cell_but_a_header_is_in_no_fault(
    row: int, header_row: int | None, tmp_path: Path, parser: Parser
) -> None:
    secret = "Zebedee"
    for position in range(7):
        rows: list[list[object]] = [["Staff"], [], *table_of([worker(), worker()]), ["Total"]]
        rows[row] = [*rows[row], *[""] * 7][:7]
        rows[row][position] = secret
        layout = layout_of("social_workers", totals_row="Total", header_row=header_row)
        for name in ("a.csv", "a.xlsx"):
            path = tmp_path / name
            write_sheets(path, {"S": rows}) if name == "a.xlsx" else path.write_text(
                "\n".join(",".join(str(value) for value in values) for values in rows)
            )
            assert secret not in str(read_file(path, name, BY_ID["social_workers"], layout, parser).faults)


def test_an_episode_reads(tmp_path: Path) -> None:
    assert read(write_xlsx(tmp_path / "a.xlsx", [episode()]), "return_home_interviews").faults == []
