"""CSV files: encoding, delimiter, quotes and line ends are declared, or found out and confirmed; never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.read.raw_table import RawTable
from tests.builders import layout_of, only_stop, read, rules, worker, write_csv

HEAD = "worker_id,contract,fte,started_on,left_on"
LAYOUT = layout_of("social_workers")


def written(folder: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def ids(table: RawTable) -> list[str]:
    return [text for _, text in table.columns["worker_id"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])  # the last two with a byte order mark
def test_encodings_that_show_themselves(encoding: str, tmp_path: Path) -> None:
    table = read(write_csv(tmp_path / "a.csv", [worker(worker_id="Zo\u00eb")], encoding), "social_workers")
    assert (ids(table), table.faults) == (["Zo\u00eb"], [])


def test_an_encoding_that_nothing_confirms_is_reported_unless_declared(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [worker(worker_id="Zo\u00eb")], "cp1252")
    table = read(path, "social_workers")
    assert (ids(table), rules(table.faults)) == (["Zo\u00eb"], ["encoding_found_out"])
    assert "encoding = 'cp1252'" in table.faults[0].what_to_do
    assert read(path, "social_workers", layout_of("social_workers", encoding="cp1252")).faults == []


@pytest.mark.parametrize(("written_in", "declared"), [("cp1252", "utf-8"), ("utf-16", "utf-8"), ("utf-8", "ascii")])
def test_a_declared_encoding_is_kept_to(written_in: str, declared: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [worker(worker_id="Zo\u00eb")], written_in)
    fault = only_stop(read(path, "social_workers", layout_of("social_workers", encoding=declared)))
    assert (fault.rule, fault.found) == ("encoding", f"text that is not {declared}")
    assert "`encoding`" in fault.what_to_do


def test_text_of_two_bytes_a_letter_without_a_mark_is_called_so(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEAD}\nW1,perm,1,,\n".encode("utf-16-le"))
    fault = only_stop(read(path, "social_workers"))
    assert (fault.rule, "may be UTF-16" in fault.found, "utf-16-le" in fault.what_to_do) == ("csv_damaged", True, True)
    assert ids(read(path, "social_workers", layout_of("social_workers", encoding="utf-16-le"))) == ["W1"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_delimiter_is_found_out_by_the_headers_it_gives(mark: str, tmp_path: Path) -> None:
    others = "".join({",", ";", "\t", "|"} - {mark})
    text = f'Staff, by team; all|of them\n{HEAD.replace(",", mark)}\n"W{others}1"{mark}perm{mark}1{mark}x{mark}\n'
    table = read(written(tmp_path, text), "social_workers")
    assert (ids(table), table.rows, table.faults) == ([f"W{others}1"], [3], [])


def test_the_line_by_which_excel_names_the_delimiter_is_no_header(tmp_path: Path) -> None:
    table = read(written(tmp_path, f"sep=;\n{HEAD.replace(',', ';')}\nW1;perm;1,5;x;\n"), "social_workers")
    assert (ids(table), table.columns["fte"][0]) == (["W1"], ("t", "1,5"))


def test_two_delimiters_that_both_fit_stop(tmp_path: Path) -> None:
    text = f"{HEAD}\n{HEAD.replace(',', ';')}\nW1,perm,1,x,\n"
    fault = only_stop(read(written(tmp_path, text), "social_workers"))
    assert (fault.rule, fault.found) == ("delimiter_ambiguous", "a file that can be read with each of ',' ';'")
    declared = layout_of("social_workers", delimiter=",", header_row=1)
    assert only_stop(read(tmp_path / "a.csv", "social_workers", declared)).rule == "row_ragged"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends(ends: str, tmp_path: Path) -> None:
    text = f'{HEAD}\nW1,perm,1,x,\n\n"W\n2",perm,1,x,\nW3,perm,1,x,\n'.replace("\n", ends)
    table = read(written(tmp_path, text), "social_workers")
    assert (ids(table), table.rows, table.faults) == (["W1", f"W{ends}2", "W3"], [2, 4, 5], [])


def test_mixed_line_ends_are_exact(tmp_path: Path) -> None:
    text = f"{HEAD}\r\nW1,perm,1,x,\nW2,perm,1,x,\rW3,perm,1,x,\r\n"
    assert read(written(tmp_path, text), "social_workers").rows == [2, 3, 4]


@pytest.mark.parametrize(
    "body",
    [
        'W1,"perm,1,x,\nW2,perm,1,x,\n',  # an open quote
        'W1,"perm,1,x,\nW2,perm",1,x,\n',  # two, which make one value of two rows
        'W1,perm,1,x,"\nW2,perm,1,x,\nW3,perm,1,x,"\n',
        'W1,"pe"rm,1,x,\n',
        "W1,per\0m,1,x,\n",
    ],
)
def test_stray_quotes_and_characters_never_swallow_a_row(body: str, tmp_path: Path) -> None:
    fault = only_stop(read(written(tmp_path, f"{HEAD}\n{body}"), "social_workers"))
    assert (fault.rule, "perm" in str(fault)) == ("csv_damaged", False)


STAFF = "worker_id,role,team,contract,fte,started_on,left_on"
GOOD = "W1,Social worker,North,permanent,1,2016-01-01,"
WITH_TEAM = layout_of("social_workers", columns={name: name for name in STAFF.split(",")})
INSIDE, AFTER, OPEN = (
    "a quote inside a value that does not begin with one",
    "text after the closing quote of a value",
    "a quote that opens a value and is not closed",
)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (
            'W2,Social worker"Smith, Jo",permanent,1,2016-01-01,',
            INSIDE,
        ),  # a comma lost before: as many values as before
        ('W2,Social worker, "Smith, Jo",permanent,1,', INSIDE),  # a space before, and a comma lost behind
        ('W2,"Smith, Jo"North,permanent,1,2016-01-01,', AFTER),
        ('W2,"Smith, Jo" ,North,permanent,1,2016-01-01,', AFTER),
        ('W2,5" files,North,permanent,1,2016-01-01,', INSIDE),
        ('W2,Social ""senior"" worker,North,permanent,1,2016-01-01,', INSIDE),
        ('W2,Social worker,"North,permanent,1,2016-01-01,', OPEN),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_quote_out_of_its_place_is_refused_with_its_line(
    mark: str, ends: str, row: str, found: str, tmp_path: Path
) -> None:
    wrapped = GOOD.replace("North", '"North,\nupper ""floor"""')
    text = "\n".join(['Staff of the "North" team', STAFF, GOOD, wrapped, row, ""])
    path = written(tmp_path, text.replace(",", mark).replace("\n", ends))
    fault = only_stop(read(path, "social_workers", WITH_TEAM))
    assert (fault.rule, fault.file, fault.found) == ("csv_damaged", "a.csv", f"line 6: {found}")
    assert "a delimiter may be missing" in fault.what_to_do


@pytest.mark.parametrize(
    "row", [f"{GOOD},", GOOD[:-1], "W2,Social worker,North", 'W2,"Social worker""North",permanent,1,,']
)
def test_a_row_with_more_or_fewer_values_than_the_header_is_refused_with_its_row(row: str, tmp_path: Path) -> None:
    path = written(tmp_path, f"{STAFF}\n{GOOD}\n{row}\n{GOOD}\n")
    fault = only_stop(read(path, "social_workers", WITH_TEAM))
    assert (fault.rule, fault.row) == ("row_ragged", 3)


def test_what_is_quoted_as_it_should_be_is_read(tmp_path: Path) -> None:
    rows = [
        '"W1","Social ""senior"" worker","North, or\r\nSouth",permanent,1,2016-01-01,',
        'W2,="0012",North,permanent,1,2016-01-01,""',
        "",
    ]
    path = written(tmp_path, "\r\n".join([f'"{STAFF.replace(",", chr(34) + "," + chr(34))}"', *rows, ""]))
    table = read(path, "social_workers", WITH_TEAM)
    assert [text for _, text in table.columns["role"]] == ['Social "senior" worker', "0012"]
    assert [text for _, text in table.columns["team"]] == ["North, or\r\nSouth", "North"]
    assert table.faults == []


def test_a_quote_inside_a_value_is_a_character_and_a_file_without_quoting_can_be_declared(tmp_path: Path) -> None:
    path = written(tmp_path, f'{HEAD}\n5" W1,perm,1,x,\n"W2,perm,1,x,\nW3",perm,1,x,\n')
    assert only_stop(read(path, "social_workers")).rule == "csv_damaged"
    plain = layout_of("social_workers", quote="")
    assert ids(read(path, "social_workers", plain)) == ['5" W1', '"W2', 'W3"']
    other = written(tmp_path, f"{HEAD}\n'W,1',perm,1,x,\n", "b.csv")
    assert ids(read(other, "social_workers", layout_of("social_workers", quote="'"))) == ["W,1"]


def test_lines_within_a_value_are_kept_and_the_row_numbers_are_a_spreadsheets(tmp_path: Path) -> None:
    text = f'{HEAD},team\nW1,perm,1,x,,"one\ntwo, three"\nW2,perm,1,x,,\n'
    table = read(written(tmp_path, text), "social_workers")
    assert (table.rows, table.columns["team"][0]) == ([2, 3], ("t", "one\ntwo, three"))


@pytest.mark.parametrize("cut", [2, 7, 12])
def test_a_file_cut_short_in_its_last_line_is_never_read_in_silence(cut: int, tmp_path: Path) -> None:
    text = f"{HEAD}\nW1,perm,1,x,\nW2,perm,0.5,x,01/02/2017\n"
    table = read(written(tmp_path, text[:-cut]), "social_workers", LAYOUT)
    assert set(rules(table.faults)) & {"row_ragged", "last_line_unfinished"}


def test_a_workbook_with_the_name_of_a_csv_file_is_called_so(tmp_path: Path) -> None:
    fault = only_stop(read(written(tmp_path, b"PK\x03\x04rest"), "social_workers"))
    assert (fault.rule, ".xlsx" in fault.what_to_do) == ("not_text", True)
    assert only_stop(read(written(tmp_path, b""), "social_workers")).rule == "empty_file"


def test_a_number_as_a_spreadsheet_shows_it_is_no_identifier(tmp_path: Path) -> None:
    from tests.builders import checked

    text = f"{HEAD}\n1.23457E+16,permanent,1,01/05/2016,\n12345678901234567,permanent,1,01/05/2016,\n"
    found = checked(written(tmp_path, text), "social_workers")
    assert found.rows["worker_id"].tolist() == ["12345678901234567"]
    assert [(f.rule, f.row) for f in found.faults] == [("identifier_inexact", 2)]
