"""Validate: typed rows from raw cells, and a fault for each that cannot be read; never a value in a fault."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfpipe.datasets import BY_ID, DATASETS
from perfpipe.datasets.definition import Column, Kind
from perfpipe.read.raw_cells import ColumnCells
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import letter_of
from perfpipe.rules.cells import TIME_UNREADABLE
from perfpipe.rules.rule import Severity
from perfpipe.settings.layouts import Layout
from perfpipe.validate.cell_parsers import Bad, date_reader, local_time, parse_cell, parser_of
from perfpipe.validate.validate import ValidationResult, validate
from tests.builders import (
    AS_AT,
    ASSESSMENT,
    RECORD,
    check_records,
    checked,
    episode,
    layout_of,
    placement,
    rules,
    standard,
    worker,
    write_csv,
    write_xlsx,
)  # fmt: skip

ANY = Layout(name="any", files=("*",))


def parsed(kind: Kind, cell: tuple[str, str], layout: Layout = ANY, **more: object) -> object:
    column = dataclasses.replace(Column("x", kind, "a column"), **more)  # type: ignore[arg-type]
    value, rule = parse_cell(parser_of(column, layout), *cell)
    return rule.id if rule else value


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("cell", [("-", ""), ("t", " \u00a0"), ("t", "NULL"), ("t", "None"), ("t", "n/k")])
def test_blanks(kind: Kind, cell: tuple[str, str]) -> None:
    assert parsed(kind, cell) is None


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#NAME?", "#DIV/0!", "#VALUE!", "#n/a", "#BUSY!", "Err:502"])
def test_errors_are_never_blank(kind: Kind, text: str) -> None:
    assert parsed(kind, ("t", text)) == "error_cell"
    assert parsed(kind, ("e", "")) == "error_cell"
    assert parsed(kind, ("f", "")) == "formula_without_value"


def test_a_text_with_a_hash_is_no_error() -> None:
    assert parsed(Kind.TEXT, ("t", "#3")) == "#3"
    assert parsed(Kind.TEXT, ("t", "#hurry!")) == "#hurry!"
    assert parsed(Kind.ID, ("t", "#12")) == "#12"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (("t", "0012"), "0012"), (("t", " 12\u00a0"), "12"), (("n", "12"), "12"), (("n", "-12"), "-12"),
        (("t", "12345678901234567"), "12345678901234567"), (("n", "123456789012345"), "123456789012345"),
        (("n", "1234567890123456"), "identifier_inexact"), (("n", "1.2345678901234568e+16"), "identifier_inexact"),
        (("n", "12.5"), "identifier_inexact"), (("n", "nan"), "identifier_inexact"),
        (("n", "inf"), "identifier_inexact"),
        (("d", "2017-05-02"), "identifier_unreadable"), (("b", "True"), "identifier_unreadable"),
    ],
)  # fmt: skip
def test_identifiers(cell: tuple[str, str], expected: str) -> None:
    assert parsed(Kind.ID, cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (("t", "02/05/2017"), date(2017, 5, 2)), (("t", "2/5/2017"), date(2017, 5, 2)),
        (("t", "02-05-2017"), date(2017, 5, 2)),
        (("t", "02.05.2017"), date(2017, 5, 2)), (("t", "2017-05-02"), date(2017, 5, 2)),
        (("d", "2017-05-02"), date(2017, 5, 2)),
        (("D", "2017-05-02 10:30:00"), date(2017, 5, 2)), (("t", "02/05/2017 10:30"), date(2017, 5, 2)),
        (("t", "29/02/2016"), date(2016, 2, 29)), (("t", "29/02/2017"), "no_such_date"),
        (("t", "05/13/2017"), "no_such_date"),  # month first is never guessed
        (("t", "31/04/2017"), "no_such_date"), (("t", "02/05/17"), "date_unreadable"),
        (("t", "02/05-2017"), "date_unreadable"),
        (("t", "2 May 2017"), date(2017, 5, 2)), (("t", "02-MAY-17"), date(2017, 5, 2)),
        (("t", "May 2, 2017"), date(2017, 5, 2)), (("t", "Tue 2nd May 2017"), date(2017, 5, 2)),
        (("t", "31-Dec-49"), date(2049, 12, 31)), (("t", "01-JAN-50"), date(1950, 1, 1)),
        (("t", "30 Feb 2017"), "no_such_date"), (("t", "May-17"), "date_unreadable"),
        (("t", "2017/05/02"), "date_unreadable"), (("t", "31/03/2017 24:00"), date(2017, 3, 31)),
        (("t", "NA"), "date_unreadable"),
        (("n", "42857"), "date_unreadable"), (("t", "42857"), "date_unreadable"),
        (("T", "10:00:00"), "date_unreadable"),
        (("b", "True"), "date_unreadable"), (("d", "1900-02-28"), "date_out_of_bounds"),
        (("t", "01/03/1900"), date(1900, 3, 1)),
        (("t", "31/12/9999"), "date_out_of_bounds"), (("t", "31/12/2099"), date(2099, 12, 31)),
        (("t", "01/01/2100"), "date_out_of_bounds"),
        (("t", "00/00/0000"), "no_such_date"),
    ],
)  # fmt: skip
def test_dates(cell: tuple[str, str], expected: date | str) -> None:
    found = parsed(Kind.DATE, cell)
    assert found == (datetime.combine(expected, datetime.min.time()) if isinstance(expected, date) else expected)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (("t", "02/05/2017 10:30"), (at(2017, 5, 2, 9, 30), "minute")),
        (("t", "2017-05-02T10:30:15"), (at(2017, 5, 2, 9, 30, 15), "minute")),
        (("t", "2017-05-02 10:30:15.000"), (at(2017, 5, 2, 9, 30, 15), "minute")),
        (("t", "2/1/2017 9:05"), (at(2017, 1, 2, 9, 5), "minute")),
        (("D", "2017-01-02 10:30:00"), (at(2017, 1, 2, 10, 30), "minute")),
        (("d", "2017-01-02"), (at(2017, 1, 2), "date")),
        (("t", "02/05/2017"), (at(2017, 5, 1, 23), "date")),
        (("t", "02/05/2017 00:00"), (at(2017, 5, 1, 23), "date")),  # definitions 3.7
        (("t", "02/05/2017 00:01"), (at(2017, 5, 1, 23, 1), "minute")),
        (("t", "26/03/2017 01:30"), "time_does_not_exist"),
        (("t", "26/03/2017 00:59"), (at(2017, 3, 26, 0, 59), "minute")),
        (("t", "26/03/2017 02:00"), (at(2017, 3, 26, 1), "minute")),
        (("t", "29/10/2017 01:30"), (at(2017, 10, 29, 0, 30), "minute")),
        (("t", "02/05/2017 24:00"), (at(2017, 5, 2, 23), "minute")),
        (("t", "31/12/2017 24:00:00"), (at(2018, 1, 1), "minute")), (("t", "02/05/2017 24:30"), "no_such_date"),
        (("t", "02/05/2017 24:00:01"), "no_such_date"), (("t", "02/05/2017 24:00 PM"), "no_such_date"),
        (("t", "02/05/2017 2:30:00 PM"), (at(2017, 5, 2, 13, 30), "minute")),
        (("t", "02/05/2017 12:30 am"), (at(2017, 5, 1, 23, 30), "minute")),
        (("t", "02/05/2017 12:30 p.m."), (at(2017, 5, 2, 11, 30), "minute")),
        (("t", "02/05/2017 13:30 AM"), "no_such_date"), (("t", "02/05/2017 0:30 PM"), "no_such_date"),
        (("t", "02-MAY-17 02.30.00.000000 PM"), (at(2017, 5, 2, 13, 30), "minute")),
        (("t", "02MAY2017:14:30:00"), (at(2017, 5, 2, 13, 30), "minute")),
        (("t", "May  2 2017  2:30PM"), (at(2017, 5, 2, 13, 30), "minute")),
        (("t", "02/05/2017 10:60"), "no_such_date"),
        (("t", "02/05/2017 10am"), "time_unreadable"), (("n", "42857.4"), "time_unreadable"),
        (("t", "10:30"), "time_unreadable"),
    ],
)  # fmt: skip
def test_instants(cell: tuple[str, str], expected: object) -> None:
    assert parsed(Kind.INSTANT, cell) == expected


def test_of_an_hour_that_occurs_twice_a_return_takes_the_first_reading_and_an_interview_the_last(
    tmp_path: Path,
) -> None:
    record = episode(missing_from="28/10/2017 12:00", returned_at="29/10/2017 01:30", interview_at="29/10/2017 01:30")
    path = write_csv(tmp_path / "a.csv", [record])
    row = checked(path, "return_home_interviews", as_at=at(2017, 12, 1)).rows.iloc[0]
    assert (row["returned_at"], row["interview_at"]) == (
        pd.Timestamp("2017-10-29 00:30", tz="UTC"), pd.Timestamp("2017-10-29 01:30", tz="UTC"),
    )  # fmt: skip
    by_name = BY_ID["return_home_interviews"].by_name
    assert [name for name, column in by_name.items() if column.last_reading] == ["offered_at", "interview_at"]


def test_a_layout_can_say_that_times_are_dates_only() -> None:
    layout = layout_of("return_home_interviews", date_only=["returned_at"])
    column = BY_ID["return_home_interviews"].by_name["returned_at"]
    found = parse_cell(parser_of(column, layout), "t", "02/05/2017 10:30")
    assert found == ((at(2017, 5, 1, 23), "date"), None)


def test_the_source_can_say_of_a_record_that_its_times_are_dates_only(tmp_path: Path) -> None:
    records = [
        episode(end_precision="date", interview_precision="date"),
        episode(episode_id="E2", end_precision="minute"),
    ]
    rows = check_records(tmp_path, "return_home_interviews", records).rows
    assert rows["returned_at_precision"].tolist() == ["date", "minute"]
    assert rows["interview_at_precision"].tolist() == ["date", "minute"]
    assert rows["found_at_precision"].isna().all()
    assert rows["returned_at"].tolist() == [
        pd.Timestamp("2017-05-01 23:00", tz="UTC"), pd.Timestamp("2017-05-02 09:00", tz="UTC"),
    ]  # fmt: skip


@given(st.datetimes(datetime(1901, 1, 1), datetime(2099, 12, 31)))
def test_every_local_minute_that_exists_comes_back(moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    read = date_reader("x", ANY)
    for form in ("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %I:%M %p", "%d-%b-%Y %H:%M", "%B %d, %Y %I.%M%p"):
        assert local_time("t", moment.strftime(form), TIME_UNREADABLE, read)[:2] == (moment, True), form
    found = parsed(Kind.INSTANT, ("D", moment.isoformat(sep=" ")))
    if found != "time_does_not_exist":
        assert isinstance(found, tuple)
        assert found[0].utcoffset() is not None


@pytest.mark.slow
@given(st.text(max_size=20))
def test_any_text_is_read_or_a_fault_and_never_an_accident(text: str) -> None:
    for kind in Kind:
        parsed(kind, ("t", text))
    with suppress(Bad):
        local_time("t", text, TIME_UNREADABLE, date_reader("x", ANY))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (("n", "12.5"), 12.5), (("t", "12.5"), 12.5), (("t", "-1"), "number_too_small"),
        (("t", "1,234"), "number_unreadable"),
        (("t", "85%"), "number_unreadable"), (("t", "1e3"), 1000.0), (("t", "1e999"), "number_unreadable"),
        (("b", "True"), "number_unreadable"), (("n", "nan"), "number_unreadable"),
        (("d", "2017-05-02"), "number_unreadable"),
        (("t", "\u0661"), "number_unreadable"), (("t", ".5"), 0.5), (("t", "5."), "number_unreadable"),
        (("t", "0,6"), "number_unreadable"), (("t", "."), "number_unreadable"),
    ],
)  # fmt: skip
def test_numbers(cell: tuple[str, str], expected: object) -> None:
    assert parsed(Kind.NUMBER, cell, least=0) == expected


@pytest.mark.parametrize(
    ("decimal", "text", "expected"),
    [
        (",", "0,6", 0.6), (",", "12", 12.0), (",", "1.204,5", 1204.5), (",", "1 204,5", 1204.5),
        (",", "1.204", 1204.0),
        (",", "1.234.567", 1234567.0), (",", "-0,5", "number_too_small"), (",", "12.5", "number_unreadable"),
        (",", "1.2045,5", "number_unreadable"), (",", "1,2,3", "number_unreadable"), (",", "60%", "number_unreadable"),
        (".", "1,204.5", 1204.5), (".", "1 204", 1204.0), (".", "12.5", 12.5), (".", "0,6", "number_unreadable"),
        (".", "12,04", "number_unreadable"), (".", "1,204,5", "number_unreadable"),
    ],
)  # fmt: skip
def test_a_declared_decimal_sign_says_what_the_other_one_is(decimal: str, text: str, expected: object) -> None:
    layout = Layout(name="any", files=("*",), decimal={"x": decimal})
    assert parsed(Kind.NUMBER, ("t", text), layout, least=0) == expected
    assert parsed(Kind.NUMBER, ("n", "12.5"), layout) == 12.5  # a cell of a workbook has no sign of its own


@pytest.mark.parametrize(
    ("fte", "remedy"),
    [
        ("0,6", "Correct the cell at source. If the source always writes a comma between thousands, say "
                '`decimal = "."` in a layout of your own; if before decimals, `decimal = ","`.'),
        ("60%", "Correct the cell at source. Write it as a plain number: 60% could be 60 or 0.6."),
        ("1.0 FTE", "Correct the cell at source."),
    ],
)  # fmt: skip
def test_what_to_do_about_a_number_is_about_the_sign_that_stands_in_it(fte: str, remedy: str, tmp_path: Path) -> None:
    (fault,) = check_records(tmp_path, "social_workers", [worker(fte=fte)]).faults
    assert fault.what_to_do == f"{remedy} Until then the row is left out of figures that need it."


def test_counts_are_read_with_thousands_apart_where_that_is_declared() -> None:
    layout = Layout(name="any", files=("*",), decimal={"all": "."})
    assert parsed(Kind.COUNT, ("t", "1,234"), layout) == 1234
    assert parsed(Kind.COUNT, ("t", "1,234.5"), layout) == "number_not_whole"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (("n", "12"), 12), (("t", "12"), 12), (("n", "12.0"), 12), (("n", "1.9"), "number_not_whole"),
        (("n", "-1"), "number_too_small"), (("t", "999999999999999e9"), "number_unreadable"),
        (("t", "1e99"), "number_unreadable"),
    ],
)  # fmt: skip
def test_counts(cell: tuple[str, str], expected: object) -> None:
    assert parsed(Kind.COUNT, cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (("t", "2017-05"), "2017-05"), (("t", "05/2017"), "2017-05"), (("t", "5/2017"), "2017-05"),
        (("d", "2017-05-31"), "2017-05"), (("t", "31/05/2017"), "2017-05"), (("t", "13/2017"), "month_unreadable"),
        (("t", "0000-05"), "month_unreadable"), (("t", "May 2017"), "2017-05"), (("t", "May-17"), "2017-05"),
        (("n", "201705"), "month_unreadable"),
        (("b", "True"), "month_unreadable"),
    ],
)  # fmt: skip
def test_months(cell: tuple[str, str], expected: str) -> None:
    assert parsed(Kind.MONTH, cell) == expected


@pytest.mark.parametrize(
    "cell", [("t", "Y"), ("t", "yes"), ("t", "a) Yes"), ("n", "1"), ("b", "True"), ("t", "TRUE"), ("t", "1")]
)
def test_yes(cell: tuple[str, str]) -> None:
    column = BY_ID["return_home_interviews"].by_name["offered"]
    assert parse_cell(parser_of(column, ANY), *cell) == ("Y", None)


def test_not_applicable_is_not_blank_and_no_is_not_true(tmp_path: Path) -> None:
    answers = ["NA", "", "N", "N/A", "No", "Not applicable", "b) No"]
    records = [episode(episode_id=str(n), offered=answer) for n, answer in enumerate(answers)]
    rows = check_records(tmp_path, "return_home_interviews", records).rows
    assert rows["offered"].fillna("blank").tolist() == ["NA", "blank", "N", "NA", "N", "NA", "N"]


def test_a_layouts_own_spellings(tmp_path: Path) -> None:
    layout = layout_of("social_workers", values={"contract": {"Own  staff": "permanent"}})
    rows = check_records(
        tmp_path, "social_workers", [worker(contract="own\u00a0STAFF "), worker(worker_id="W2", contract="1")], layout
    ).rows
    assert rows["contract"].tolist() == ["permanent", "agency"]


def test_a_row_that_lacks_what_it_must_have_is_left_out_and_counted(tmp_path: Path) -> None:
    records = [episode(), episode(episode_id="E2", child_id=None), episode(episode_id="E3", category="X")]
    found = check_records(tmp_path, "return_home_interviews", records)
    assert found.rows["episode_id"].tolist() == ["E1"]
    assert [(f.rule, f.row, f.column, f.severity, f.defect, f.found) for f in found.faults] == [
        ("value_missing", 3, "B (child_id)", Severity.EXCLUDE, "*", "blank"),
        ("code_unknown", 4, "C (category)", Severity.EXCLUDE, "*", "A, text"),
    ]


def test_a_vital_cell_may_be_blank_but_not_unreadable(tmp_path: Path) -> None:
    records = [
        episode(returned_at="", interview_at="", outcome=""),
        episode(episode_id="E2", returned_at="soon"),
        episode(episode_id="E3", returned_at="#N/A"),
        episode(episode_id="E4", interview_at="26/03/2017 01:30"),
    ]
    found = check_records(tmp_path, "return_home_interviews", records)
    assert found.rows["episode_id"].tolist() == ["E1"]
    assert rules(found.faults) == ["time_unreadable", "error_cell", "time_does_not_exist"]
    assert {(f.severity, f.defect) for f in found.faults} == {(Severity.EXCLUDE, "*")}


def test_another_unreadable_cell_counts_as_blank_and_says_so(tmp_path: Path) -> None:
    found = check_records(tmp_path, "return_home_interviews", [episode(dob="unknown")])
    assert len(found.rows) == 1
    (fault,) = found.faults
    assert (fault.rule, fault.severity, fault.defect) == ("date_unreadable", Severity.WARN, "")
    assert fault.what_to_do.endswith("It counts as blank until then.")


def test_an_unreadable_cell_whose_blank_means_something_marks_its_row_and_says_so(tmp_path: Path) -> None:
    found = check_records(tmp_path, "assessments", [ASSESSMENT | {"referral_on": "unknown"}])
    assert found.rows["defects"].tolist() == ["referral_date_unreadable"]
    (fault,) = found.faults
    assert (fault.rule, fault.severity, fault.defect) == (
        "date_unreadable",
        Severity.EXCLUDE,
        "referral_date_unreadable",
    )
    assert fault.what_to_do.endswith("Until then the row is left out of figures that need it.")


def test_identical_rows_and_rows_of_one_key_that_differ(tmp_path: Path) -> None:
    records = [episode(), episode(offered="N"), episode(episode_id="E2", child_id="C2"), episode()]
    found = check_records(tmp_path, "return_home_interviews", records)
    assert [(f.rule, f.row, f.what_to_do.endswith("Row 5 is used.")) for f in found.faults] == [
        ("row_repeated", 2, True),
        ("key_repeated", 3, True),
    ]
    assert found.rows[["episode_id", "source_row"]].to_numpy().tolist() == [["E2", 4], ["E1", 5]]


def test_rows_of_one_key_with_a_blank_part_are_repeated_too(tmp_path: Path) -> None:
    found = check_records(tmp_path, "placements", [placement(legal_status_code=""), placement(legal_status_code="")])
    assert "row_repeated" in rules(found.faults)
    assert len(found.rows) == 1


def test_a_row_is_marked_with_each_of_its_defects(tmp_path: Path) -> None:
    records = [
        episode(),
        episode(episode_id="E2", interview_at="01/05/2017 10:00"),
        episode(episode_id="E3", returned_at="01/05/2017 10:00", interview_at="30/08/2017 10:00"),
    ]
    rows = check_records(tmp_path, "return_home_interviews", records).rows
    assert rows["defects"].tolist() == [
        "",
        "interview_before_return",
        "return_time_wrong interview_in_future",  # returned before the episode, interviewed after the extract
    ]


def test_a_row_left_out_of_everything_breaks_no_other_rule(tmp_path: Path) -> None:
    records = [
        placement(started_on="01/05/2017", ceased_on="01/04/2017", cease_reason_code="E4A"),
        placement(started_on="02/05/2017"),
    ]
    found = check_records(tmp_path, "placements", records)
    assert rules(found.faults) == ["ceased_before_started"]
    assert len(found.rows) == 1


@pytest.mark.parametrize(
    ("left_on_is", "given", "expected"),
    [
        ("last_day_worked", None, "2017-06-30"), ("first_day_not_in_post", None, "2017-06-29"),
        ("first_day_not_in_post", "28/06/2017", "2017-06-28"),
    ],
)  # fmt: skip
def test_the_last_day_worked_follows_from_the_layout(
    left_on_is: str, given: str | None, expected: str, tmp_path: Path
) -> None:
    columns = {name: name for name in (*worker(), "last_day_on")}
    layout = layout_of("social_workers", left_on_is=left_on_is, columns=columns)
    rows = check_records(tmp_path, "social_workers", [worker(left_on="30/06/2017", last_day_on=given)], layout).rows
    assert rows["last_day_on"].tolist() == [pd.Timestamp(expected)]


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.id)
def test_typed_rows_have_the_columns_dtypes_and_key_of_their_dataset(dataset, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    rows = check_records(tmp_path, dataset.id, [RECORD[dataset.id]]).rows
    assert {name: str(dtype) for name, dtype in rows.dtypes.items()} == dataset.dtypes
    assert not rows.duplicated(list(dataset.key)).any()
    assert rows["source_row"].tolist() == [2]
    assert rows["as_at"].tolist() == [pd.Timestamp(AS_AT)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: rows.assign(extra=1),
        lambda rows: rows.drop(columns="team"),
        lambda rows: rows.assign(fte=rows["fte"].astype("str")),
        lambda rows: rows.assign(fte=-1.0),
        lambda rows: rows.assign(left_on=rows["left_on"].astype("datetime64[ns]")),
        lambda rows: rows.assign(as_at=rows["as_at"].dt.tz_localize(None)),
        lambda rows: rows.assign(contract="zero hours"),
        lambda rows: rows.assign(worker_id=pd.Series([None], dtype="str")),
        lambda rows: pd.concat([rows, rows], ignore_index=True),
    ],
)
def test_the_schema_is_strict_and_its_failure_shows_no_value(spoil, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    rows = check_records(tmp_path, "social_workers", [worker(role="SECRET")]).rows
    with pytest.raises(AssertionError, match="do not fit their schema") as caught:
        BY_ID["social_workers"].frame.checked(spoil(rows))
    assert "SECRET" not in str(caught.value)
    assert "zero hours" not in str(caught.value)


def test_an_empty_table_gives_empty_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("worker_id,contract,fte,started_on,left_on\n")
    found = checked(path, "social_workers")
    assert (len(found.rows), found.faults) == (0, [])
    assert {name: str(dtype) for name, dtype in found.rows.dtypes.items()} == BY_ID["social_workers"].dtypes


def test_dates_of_a_workbook_and_of_a_text_file_are_the_same_rows(tmp_path: Path) -> None:
    real = episode(
        missing_from=datetime(2017, 5, 1, 20),
        returned_at=datetime(2017, 5, 2, 10),
        interview_at=datetime(2017, 5, 3, 10),
    )
    from_text = checked(write_csv(tmp_path / "a.csv", [episode()]), "return_home_interviews").rows
    from_dates = checked(write_xlsx(tmp_path / "a.xlsx", [real]), "return_home_interviews").rows
    pd.testing.assert_frame_equal(from_text, from_dates)


def table_of_cells(dataset: str, rows: list[dict[str, tuple[str, str]]]) -> RawTable:
    names = [column.name for column in BY_ID[dataset].columns]
    cells = {name: ColumnCells.of([row.get(name, ("-", "")) for row in rows]) for name in names}
    letters = {name: letter_of(position) for position, name in enumerate(names)}
    return RawTable(
        "f.xlsx", "S", list(range(2, len(rows) + 2)), dict(cells), dict(zip(names, names, strict=True)), letters
    )


def validated(dataset: str, rows: list[dict[str, tuple[str, str]]]) -> ValidationResult:
    return validate(table_of_cells(dataset, rows), BY_ID[dataset], standard(dataset), AS_AT)


SECRET = "Zebedee-Quux"
kinds = st.sampled_from(["t", "n", "d", "D", "T", "b", "e", "f"])


@pytest.mark.soak
@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([dataset.id for dataset in DATASETS]))
def test_a_secret_planted_in_any_cell_is_in_no_field_of_any_fault(data: st.DataObject, dataset: str) -> None:
    good = {name: ("t", str(text)) for name, text in RECORD[dataset].items() if text}
    column = data.draw(st.sampled_from([column.name for column in BY_ID[dataset].columns]))
    before, after = data.draw(st.text(max_size=3)), data.draw(st.text(max_size=3))
    rows = [good, good | {column: ("t", before + SECRET + after)}, good | {column: ("t", "07777 123456")}]
    found = validated(dataset, rows * data.draw(st.integers(1, 2)))
    told = " ".join(str(value) for fault in found.faults for value in dataclasses.astuple(fault))
    assert SECRET not in told
    assert "Zebedee" not in told
    assert "07777" not in told


raw_text = st.one_of(
    st.text(max_size=12),
    st.dates(date(1850, 1, 1), date(9999, 12, 31)).map(lambda day: day.strftime("%d/%m/%Y")),
    st.datetimes(datetime(1900, 1, 1), datetime(2300, 1, 1)).map(lambda m: m.strftime("%d/%m/%Y %H:%M")),
    st.sampled_from(
        ["Y", "N", "NA", "M", "U6", "T0", "K1", "PR1", "C2", "V4", "permanent", "1", "0.5", "2017-05", "1e99"]
    ),
)


@pytest.mark.soak
@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([dataset.id for dataset in DATASETS]))
def test_any_cells_give_rows_that_fit_and_every_row_left_out_has_a_fault(data: st.DataObject, dataset: str) -> None:
    good = {name: ("t", str(text)) for name, text in RECORD[dataset].items() if text}
    names = st.sampled_from([column.name for column in BY_ID[dataset].columns])
    changes = st.dictionaries(names, st.tuples(st.just("t"), raw_text), max_size=4)
    rows = [good | change for change in data.draw(st.lists(changes, max_size=5))]
    found = validated(dataset, rows)
    kept = set(found.rows["source_row"])
    told = {fault.row for fault in found.faults}
    assert set(range(2, len(rows) + 2)) - kept <= told
    BY_ID[dataset].frame.checked(found.rows)


@pytest.mark.parametrize(
    ("kinds", "remedy"),
    [
        ("f", "Open the workbook in Excel, let it calculate, save it and send it again."),
        ("e", "Correct the formula at source, or replace it with its value."),
        ("fe", "Check that each header is above its own values"),
    ],
)
def test_a_column_of_formulas_that_give_no_value_needs_no_other_form_of_dates(kinds: str, remedy: str) -> None:
    good = {name: ("t", str(text)) for name, text in RECORD["social_workers"].items() if text}
    rows = [good | {"worker_id": ("t", f"W{n}"), "started_on": (kinds[n % len(kinds)], "")} for n in range(6)]
    (fault,) = [each for each in validated("social_workers", rows).faults if each.rule == "column_unreadable"]
    assert fault.what_to_do.startswith(remedy)


@pytest.mark.parametrize(
    ("good", "bad", "blank", "stops"), [(5, 6, 0, True), (6, 6, 0, False), (0, 5, 9, True), (0, 4, 0, False)]
)
def test_a_column_of_which_most_cells_cannot_be_read_stops(
    good: int, bad: int, blank: int, stops: bool, tmp_path: Path
) -> None:
    dates = ["01/02/2016"] * good + ["Y"] * bad + [""] * blank  # another column's values under this header
    records = [worker(worker_id=f"W{n}", qualified_on=text) for n, text in enumerate(dates)]
    faults = check_records(tmp_path, "social_workers", records).faults
    assert rules(faults).count("date_unreadable") == bad
    stopping = [(f.rule, f.column, f.found) for f in faults if f.severity is Severity.STOP]
    found = f"{bad} of {good + bad} cells cannot be read as values of this column: A, text ({bad})"
    assert stopping == ([("column_unreadable", "F (qualified_on)", found)] if stops else [])
