"""What a layout says of cells: words that mean blank, forms of dates, spellings; and what messages then say."""

from __future__ import annotations

import subprocess
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from perfpipe.cli.fault_lines import fault_lines, forms_of
from perfpipe.datasets import BY_ID
from perfpipe.faults.fault import Fault
from perfpipe.settings.layout_problems import layout_problems
from perfpipe.validate.validate import ValidationResult
from tests.builders import (
    check_records,
    checked,
    episode,
    layout_of,
    placement,
    read,
    rules,
    worker,
    write_csv,
    write_xlsx,
)
from tests.programs import path_of

RHI = "return_home_interviews"


def only(faults: list[Fault], rule: str) -> list[Fault]:
    return [fault for fault in faults if fault.rule == rule]


@pytest.mark.slow
@pytest.mark.parametrize("word", ["N/A", "n/a", " N/a ", "Not  recorded"])
def test_a_word_that_the_layout_says_means_blank(word: str, tmp_path: Path) -> None:
    records = [episode(interview_at=word, outcome=word)]
    layout = layout_of(RHI, blank=["n/a", "not recorded"])
    result = check_records(tmp_path, RHI, records, layout)
    assert result.rows[["interview_at", "outcome"]].isna().all().all()
    assert not only(result.faults, "time_unreadable")
    assert only(check_records(tmp_path, RHI, records, layout_of(RHI)).faults, "time_unreadable")  # none by default


def test_a_word_that_means_blank_in_one_column_alone(tmp_path: Path) -> None:
    values = {"interview_at": {"-": ""}, "offered": {"Declined": "Y", "-": ""}}
    record = episode(interview_at="-", offered="-", outcome="-")
    result = check_records(tmp_path, RHI, [record], layout_of(RHI, values=values))
    assert result.rows[["interview_at", "offered", "outcome"]].isna().all().all()
    assert [fault.column for fault in only(result.faults, "code_unknown")] == ["G (outcome)"]


@pytest.mark.slow
def test_a_code_stays_a_code_where_a_word_means_blank_elsewhere(tmp_path: Path) -> None:
    result = check_records(tmp_path, RHI, [episode(offered="N/A", interview_at="N/A")], layout_of(RHI, blank=["N/A"]))
    assert result.rows["offered"].tolist() == ["NA"]  # its own list has it
    own = layout_of(RHI, blank=["N/A"], values={"offered": {"N/A": ""}})
    assert check_records(tmp_path, RHI, [episode(offered="N/A")], own).rows["offered"].isna().all()


def test_a_number_can_mean_blank(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [worker(fte=99, left_on=99), worker(worker_id="W2")])
    result = checked(path, "social_workers", layout_of("social_workers", values={"left_on": {"99": ""}}))
    assert result.rows["left_on"].isna().all()


def test_a_blank_word_where_a_cell_must_be_filled_is_missing_and_told_so(tmp_path: Path) -> None:
    result = check_records(tmp_path, RHI, [episode(missing_from="TBC"), episode()], layout_of(RHI, blank="TBC"))
    (fault,) = only(result.faults, "value_missing")
    assert fault.found == "AAA, text, a word that means blank"
    assert "says in `blank` or `values` that its text means blank" in fault.what_to_do
    assert "The row is left out of every figure until then." in fault.what_to_do


def test_a_totals_row_may_have_words_for_blank(tmp_path: Path) -> None:
    total = worker(worker_id="Total", contract="-", fte="2", started_on="-", left_on="-")
    result = check_records(tmp_path, "social_workers", [worker(), total], layout_of("social_workers", blank="-"))
    assert rules(result.faults) == ["totals_row_undeclared"]


def test_dates_in_the_form_that_is_declared_for_a_column(tmp_path: Path) -> None:
    form = {
        "missing_from": "m/d/yyyy h:mm:ss AM",
        "returned_at": "dd.mm.yy",
        "interview_at": "DD-MON-RR HH.MI.SSXFF AM",
    }
    layout = layout_of(RHI, date_format=form)
    record = episode(missing_from="5/1/2017 8:00:00 PM", returned_at="02.05.17", interview_at="03-MAY-17 02.30.00.0 PM")
    result = check_records(tmp_path, RHI, [record], layout)
    row = result.rows.iloc[0]
    assert [f"{row[name]:%Y-%m-%d %H:%M}" for name in form] == [
        "2017-05-01 19:00", "2017-05-01 23:00", "2017-05-03 13:30",
    ]  # fmt: skip
    assert [row[f"{name}_precision"] for name in form] == ["minute", "date", "minute"]
    assert not only(result.faults, "date_order_unclear")


@pytest.mark.slow
def test_a_form_that_the_column_contradicts_stops(tmp_path: Path) -> None:
    records = [episode(episode_id=f"E{n}", missing_from=f"5/{n}/2017 8:00 PM") for n in range(1, 29)]
    form = {"date_order": {}, "date_format": "d/m/yyyy h:mm AM"}
    (fault,) = check_records(tmp_path, RHI, records, layout_of(RHI, **form)).faults[:1]
    assert fault.rule == "date_order_contradicted"
    assert fault.found == "16 of 28 dates that contradict `date_format`, which is 'd/m/yyyy h:mm AM'"
    assert "Correct `date_format`" in fault.what_to_do
    form = {"date_order": {}, "date_format": {"missing_from": "m/d/yyyy"}}
    records = [record | {"returned_at": "", "interview_at": ""} for record in records]
    assert not only(check_records(tmp_path, RHI, records, layout_of(RHI, **form)).faults, "date_order_contradicted")


def test_dates_that_excel_swapped_are_found_whatever_their_form(tmp_path: Path) -> None:
    from datetime import datetime

    days = [datetime(2017, n, 5) if n <= 12 else f"5/{n}/2017" for n in range(1, 25)]
    records = [worker(worker_id=f"W{n}", started_on=day) for n, day in enumerate(days)]
    layout = layout_of("social_workers", date_order={}, date_format="m/d/yyyy")
    path = write_xlsx(tmp_path / "a.xlsx", records)
    assert rules(checked(path, "social_workers", layout).faults)[0] == "dates_swapped"


def test_messages_say_the_form_that_is_declared(tmp_path: Path) -> None:
    records = [episode(missing_from="2017.05"), episode(episode_id="E2")]
    for order, expected in (
        ({"date_order": "month_first"}, "text mm/dd/yyyy hh:mm or yyyy-mm-dd hh:mm"),
        ({"date_order": "iso"}, "or text yyyy-mm-dd hh:mm"),
        ({"date_order": {}, "date_format": "dd.mm.yy"}, "text in the form 'dd.mm.yy' of the layout's `date_format`"),
    ):
        changed = [r | {"missing_from": "01.15"} for r in records]
        plain = [r | {"returned_at": "", "interview_at": ""} for r in changed]
        fault = only(check_records(tmp_path, RHI, plain, layout_of(RHI, **order)).faults, "time_unreadable")[0]
        assert expected in fault.expected
        assert "date_order" not in fault.what_to_do
        assert ("Or correct `date_format`" in fault.what_to_do) == ("date_format" in order)


def test_faults_are_counted_by_column_with_each_form_that_was_found(tmp_path: Path) -> None:
    records = [episode(episode_id=f"E{n}", offered="perhaps", outcome="N/K?") for n in range(3)]
    records += [episode(episode_id=f"F{n}", offered="2") for n in range(2)]
    records += [episode(episode_id=f"G{n}") for n in range(9)]
    faults = check_records(tmp_path, RHI, records).faults
    offered, outcome = (
        [fault for fault in faults if fault.rule == "code_unknown" and fault.column == column]
        for column in ("F (offered)", "G (outcome)")
    )
    assert forms_of(offered) == "AAAAAAA, text (3 times), 9, text (2 times)"
    assert {fault.expected for fault in offered} == {"one of Y, N, NA"}
    assert forms_of(outcome) == "A/AA, text"
    assert "perhaps" not in "".join(fault_lines(faults))


@pytest.mark.parametrize(
    ("text", "expected"),
    [('="C007"', "C007"), ('= "C007"', "C007"), ("'007", "007"), ('="say ""no"""', 'say "no"'), ('=""', None)],
)
def test_texts_marked_so_that_excel_leaves_them_alone(text: str, expected: str | None, tmp_path: Path) -> None:
    record = worker(team=text, role=text)
    result = checked(write_csv(tmp_path / "a.csv", [record]), "social_workers")
    assert [None if value != value else value for value in result.rows["team"]] == [expected]
    if expected and '"' not in expected:
        marked = {key: f'="{value}"' for key, value in worker(worker_id=expected).items()}
        found = checked(write_csv(tmp_path / "b.csv", [marked]), "social_workers")
        assert (found.faults, found.rows["worker_id"].tolist()) == ([], [expected])


@pytest.mark.parametrize(
    "sign", ["\u200b", "\ufeff", "\u00ad", "\u00a0", "\u202e", "\u200e", "\x1f", "\u2060", "\u3000"]
)
def test_invisible_signs_are_taken_out_and_counted(sign: str, tmp_path: Path) -> None:
    records = [
        worker(worker_id=f"{sign}W1", contract=f"permanent{sign}", started_on=f"{sign}01/05/2016"),
        worker(worker_id=f"W2{sign}", left_on=sign),
    ]
    records = [{f"{sign}{key}" if key == "fte" else key: value for key, value in record.items()} for record in records]
    result = checked(write_csv(tmp_path / "a.csv", records), "social_workers")
    assert result.rows["worker_id"].tolist() == ["W1", "W2"]
    assert result.rows["contract"].tolist() == ["permanent", "permanent"]
    told = {fault.column: fault.found.partition(":")[0] for fault in only(result.faults, "invisible_signs")}
    assert len(result.faults) == len(told)
    assert told == {
        "A (worker_id)": "2 cells with signs that cannot be seen",
        "B (contract)": "1 cell with signs that cannot be seen",
        "C (fte)": "the header with signs that cannot be seen",
        "D (started_on)": "1 cell with signs that cannot be seen",
    } | ({} if sign.isspace() else {"E (left_on)": "1 cell with signs that cannot be seen"})
    assert result.rows["left_on"].isna().all()
    assert f"U+{ord(sign):04X} " in result.faults[0].found


def test_an_identifier_is_the_same_with_and_without_a_sign_that_nobody_sees(tmp_path: Path) -> None:
    records = [worker(worker_id="C1\u200b23"), worker(worker_id="C123")]
    result = checked(write_csv(tmp_path / "a.csv", records), "social_workers")
    assert sorted(rules(result.faults)) == ["invisible_signs", "row_repeated"]


@pytest.mark.parametrize(
    "text", ["2A: Schools", "2a - Schools", "k) 2A: Schools", "zz) 2A Schools", "2A-Schools", "2A"]
)
def test_codes_of_a_source_are_looked_up_without_their_prefix_and_label(text: str, tmp_path: Path) -> None:
    layout = layout_of(RHI, values={"outcome": {"2A": "accepted", "2A Schools": "accepted", "3D": ""}})
    result = check_records(tmp_path, RHI, [episode(outcome=text)], layout)
    assert (rules(result.faults), result.rows["outcome"].tolist()) == ([], ["accepted"])
    assert check_records(tmp_path, RHI, [episode(outcome="j) 3D: Health")], layout).rows["outcome"].isna().all()


@pytest.mark.parametrize(("text", "code"), [("zz) T4: Temporary", "T4"), ("(f) U6: Foster", "U6"), ("12) K2", "K2")])
def test_codes_behind_longer_list_prefixes(text: str, code: str, tmp_path: Path) -> None:
    result = check_records(tmp_path, "placements", [placement(placement_code=text)])
    assert result.rows["placement_code"].tolist() == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("U6 Foster placement", "U6"), ("[U6] Foster", "U6"), ("(U6) Foster", "U6"), ("U6 (Foster)", "U6"),
        ("b) U6 Foster", "U6"), ("Foster placement (U6)", "U6"), ("Foster [U6]", "U6"),
        ("U6 Foster (was U4)", None), ("Foster U6 or U4", None), ("Foster", None), ("k2) Foster", None),
        ("U66 Foster", None),
    ],
)  # fmt: skip
def test_a_code_of_letter_and_number_beside_its_label_where_there_is_no_other(
    text: str, code: str | None, tmp_path: Path
) -> None:
    result = check_records(tmp_path, "placements", [placement(placement_code=text)])
    found = result.rows["placement_code"]
    assert (found.dropna().tolist(), "code_unknown" in rules(result.faults)) == ([code] if code else [], code is None)


def test_one_header_feeds_two_columns_each_with_its_own_values(tmp_path: Path) -> None:
    names = {
        name: name for name in ("episode_id", "child_id", "category", "missing_from", "returned_at", "interview_at")
    }
    layout = layout_of(
        RHI,
        columns=names | {"offered": "Y / N / Declined", "outcome": "Y / N / Declined"},
        values={
            "offered": {"Declined": "Y"},
            "outcome": {"Y": "accepted", "N": "", "Declined": "declined_child"},
        },
    )
    records = [
        {"Y / N / Declined": text} | {name: episode(episode_id=text)[name] for name in names}
        for text in ("Y", "N", "Declined", "Perhaps")
    ]
    result = check_records(tmp_path, RHI, records, layout)
    rows = result.rows.set_index("episode_id")
    assert rows["offered"].fillna("").to_dict() == {"Y": "Y", "N": "N", "Declined": "Y", "Perhaps": ""}
    assert rows["outcome"].fillna("").to_dict() == {
        "Y": "accepted", "N": "", "Declined": "declined_child", "Perhaps": "",
    }  # fmt: skip
    unknown = only(result.faults, "code_unknown")
    assert [(fault.row, fault.column) for fault in unknown] == [(5, "A (Y / N / Declined)")] * 2
    assert [fault.expected.partition(",")[0] for fault in unknown] == ["one of Y", "one of accepted"]


def test_one_header_for_two_columns_is_missed_for_both(tmp_path: Path) -> None:
    columns = {name: name for name in episode()} | {"outcome": "offered"}
    layout = layout_of(RHI, columns=columns, values={"offered": {}, "outcome": {"Y": "accepted"}})
    records = [{name: value for name, value in episode().items() if name not in ("offered", "outcome")}]
    (fault,) = check_records(tmp_path, RHI, records, layout).faults
    assert "offered (expected 'offered'); outcome (expected 'offered')" in fault.found


def test_nothing_is_advised_that_cannot_be_done(tmp_path: Path) -> None:
    records = [episode(episode_id=f"E{n}", missing_from=f"05/{n:02}/2017 20:00") for n in range(1, 29)]
    (fault,) = check_records(tmp_path, RHI, records).faults[:1]
    assert fault.rule == "date_order_contradicted"
    assert "declare a layout of your own with `date_order" in fault.what_to_do  # the built-in one has no keys
    unknown = [episode(offered="perhaps")]
    (fault,) = only(check_records(tmp_path, RHI, unknown).faults, "code_unknown")
    assert "in `values` of a layout of your own" in fault.what_to_do
    (fault,) = only(check_records(tmp_path, RHI, unknown, layout_of(RHI)).faults, "code_unknown")
    assert "in `values` of the layout" in fault.what_to_do


APART = {"returned_at": "return time", "interview_at": "interview time"}


def apart(tmp_path: Path, *rows: tuple[object, object], **changes: object) -> ValidationResult:
    """Returns of which date and time stand in two columns, read by a layout that says so."""
    records = [
        episode(episode_id=f"E{n}", interview_at="") | {"returned_at": day, "return time": time, "interview time": ""}
        for n, (day, time) in enumerate(rows)
    ]
    path = write_xlsx(tmp_path / "a.xlsx", records)
    return checked(path, RHI, layout_of(RHI, times=APART, **changes))


def test_a_date_in_one_column_and_its_time_in_another(tmp_path: Path) -> None:
    rows = [
        ("02/05/2017", "14:30"), ("02/05/2017", time(14, 30)), (date(2017, 5, 2), "14:30:00"),
        ("2017-05-02", "2.30 pm"), ("02/05/2017 00:00", "14.30"), (datetime(2017, 5, 2, 0, 0), time(14, 30)),
        ("2 May 2017", "2:30PM"), ("02/05/2017", 14.5 / 24), ("02/05/2017", timedelta(hours=14, minutes=30)),
        ("02/05/2017", time(14, 29, 59, 990_000)), ("02/05/2017", "30/12/1899 14:30:00"),
        ("02/05/2017", "1430"), ("02/05/2017", "1899-12-30T14:30"), (date(2017, 5, 2), datetime(2017, 5, 2, 14, 30)),
    ]  # fmt: skip
    result = apart(tmp_path, *rows)
    assert [f"{at:%Y-%m-%d %H:%M}" for at in result.rows["returned_at"]] == ["2017-05-02 13:30"] * len(rows)  # UTC
    assert set(result.rows["returned_at_precision"]) == {"minute"}
    assert not only(result.faults, "time_unreadable")


def test_a_time_apart_that_is_blank_leaves_a_date_and_24_00_is_the_next_midnight(tmp_path: Path) -> None:
    rows = [
        ("02/05/2017", ""),
        ("02/05/2017", "TBC"),
        ("02/05/2017", "00:00"),
        ("02/05/2017", "24:00"),
        (date(2017, 5, 2), timedelta(hours=24)),
        ("02/05/2017", date(1900, 1, 1)),
        ("02/05/2017", 1),
        ("02/05/2017", time(23, 59, 59, 999_000)),
        ("02/05/2017", "PT24H00M00S"),
        ("", ""),
        ("TBC", ""),
    ]
    result = apart(tmp_path, *rows, blank=["TBC"])
    known = result.rows.set_index("episode_id")["returned_at"].dt.strftime("%Y-%m-%d %H:%M").fillna("").tolist()
    assert known == ["2017-05-01 23:00"] * 3 + ["2017-05-02 23:00"] * 6 + [""] * 2
    assert result.rows["returned_at_precision"].fillna("").tolist() == ["date"] * 3 + ["minute"] * 6 + [""] * 2


@pytest.mark.parametrize(
    ("day", "clock", "rule", "found"),
    [
        ("02/05/2017", "half past two", "time_unreadable", "99/99/9999 + AAAA A..., text"),
        ("02/05/2017", "25:00", "no_such_date", "99/99/9999 99:99:99, text"),
        ("", "14:30", "time_unreadable", "99:99:99, text"),
        ("02/05/2017", 14.25, "time_unreadable", "99/99/9999 + 99.99, text"),
        ("02/05/2017", 1430, "time_unreadable", "99/99/9999 + 9999, text"),
        ("02/05/2017", "0.25", "time_unreadable", "99/99/9999 + 9.99, text"),
        ("02/05/2017", timedelta(hours=30), "time_unreadable", "99/99/9999 + 9 AAA,..., text"),
        ("02/05/2017", datetime(1900, 1, 1, 6), "time_unreadable", "99/99/9999 + 9999-9..., text"),
        (date(2017, 5, 2), datetime(2017, 5, 3, 14, 30), "time_unreadable", "9999-99-99 + 9999-9..., text"),
        ("", datetime(2017, 5, 3, 14, 30), "time_unreadable", "+ 9999-99-99 99:99:..., text"),
        ("02/05/2017 09:00", "14:30", "time_unreadable", "99/99/9999 99:99 99..., text"),
        (datetime(2017, 5, 2, 9, 0), "14:30", "time_unreadable", "9999-99-99 99:99:99..., text"),
    ],
)
def test_what_cannot_be_read_of_a_date_and_a_time_names_both_columns(
    day: object, clock: object, rule: str, found: str, tmp_path: Path
) -> None:
    (fault,) = only(apart(tmp_path, (day, clock)).faults, rule)
    assert (fault.found, fault.row) == (found, 2)
    assert fault.column == "E (returned_at) and I (return time)"


def test_a_number_beside_such_as_are_no_parts_of_a_day_is_none_either(tmp_path: Path) -> None:
    """Hours and minutes typed as 14.25 in a cell of numbers: then 0.25 is as likely 25 past midnight as 6 o'clock."""
    found = only(apart(tmp_path, ("02/05/2017", 0.25), ("02/05/2017", 14.25)).faults, "time_unreadable")
    assert [fault.row for fault in found] == [2, 3]


@pytest.mark.parametrize(
    ("form", "cell"),
    [("excel", 2958465), ("excel", "2958465"), ("yyyymmdd", 20991231), ("yyyymmdd", "20991231")],
)
def test_an_end_that_means_open_may_be_a_number(form: str, cell: object, tmp_path: Path) -> None:
    starts = 42500 if form == "excel" else 20160510
    columns = {name: name for name in ("child_id", "started_on", "legal_status_code", "placement_code", "ceased_on")}
    layout = layout_of("placements", columns=columns, date_order={}, date_format=form, open_ends=["2099-12-31"])
    record = {"child_id": "C1", "started_on": starts, "legal_status_code": "C2", "placement_code": "U6"}
    path = write_xlsx(tmp_path / "a.xlsx", [record | {"ceased_on": cell}])
    result = checked(path, "placements", layout)
    day = "31/12/9999" if form == "excel" else "31/12/2099"
    assert [fault.found for fault in only(result.faults, "end_means_open")] == [f"1 cell says {day}"]
    assert result.rows["ceased_on"].isna().all()
    assert len(result.rows) == 1


def test_four_digits_are_a_time_as_text_and_a_number_could_be_minutes(tmp_path: Path) -> None:
    result = apart(
        tmp_path, ("02/05/2017", "0930"), ("02/05/2017", "2400"), ("02/05/2017", "2460"), ("02/05/2017", 930)
    )
    known = result.rows["returned_at"].dt.strftime("%d %H:%M").tolist()
    assert known == ["02 08:30", "02 23:00"]
    wrong = only(result.faults, "time_unreadable")
    assert [fault.row for fault in wrong] == [4, 5]
    assert "its time: a time cell, or text such as 14:30, 1430 or 2.30 pm" in wrong[1].expected
    assert "date_format" not in wrong[1].what_to_do


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_times_as_programs_save_them(ending: str, tmp_path: Path) -> None:
    """24:00 as Excel has it where a cell shows hours and minutes: the number 1."""
    book = Workbook()
    assert book.active is not None
    headers = ["episode_id", "child_id", "category", "missing_from", "returned_at", "offered", "outcome",
               "interview_at", "return time", "interview time"]  # fmt: skip
    book.active.append(headers)
    for n, (number, shown) in enumerate([(1.0, "hh:mm"), (1.0, "[h]:mm"), (0.5, "hh:mm"), (1.25, "hh:mm")]):
        book.active.append([f"E{n}", "C1", "M", datetime(2017, 5, 1), datetime(2017, 5, 2), "Y", "", None, number])
        book.active.cell(n + 2, 9).number_format = shown
    made = tmp_path / "a.xlsx"
    book.save(made)
    if ending != "xlsx":
        office = path_of("soffice", "libreoffice-calc-nogui")
        subprocess.run(
            [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/p", "--convert-to", ending, "--outdir",
             str(tmp_path), str(made)], check=True, capture_output=True,
        )  # fmt: skip
    result = checked(tmp_path / f"a.{ending}", RHI, layout_of(RHI, times=APART))
    known = result.rows["returned_at"].dt.strftime("%Y-%m-%d %H:%M").tolist()
    assert known == ["2017-05-02 23:00", "2017-05-02 23:00", "2017-05-02 11:00"]
    assert [fault.row for fault in only(result.faults, "time_unreadable")] == [5]


def test_the_order_and_the_form_are_those_of_the_date(tmp_path: Path) -> None:
    (unclear,) = only(apart(tmp_path, ("02/05/2017", "14:30"), date_order={"missing_from": "day_first"}).faults,
                      "date_order_unclear")  # fmt: skip
    assert unclear.column == "E (returned_at)"
    for day, form in (("05022017", "mmddyyyy"), ("02.05.17", "dd.mm.yy"), (42857, "excel")):
        declared = {"date_order": {"missing_from": "day_first"}, "date_format": {"returned_at": form}}
        rows = apart(tmp_path, (day, "2:30 PM"), (day, "14:30"), **declared).rows
        assert [f"{at:%Y-%m-%d %H:%M}" for at in rows["returned_at"]] == ["2017-05-02 13:30"] * 2, form


def test_the_column_of_times_must_be_there(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [episode()])
    (fault,) = only(read(path, RHI, layout_of(RHI, times={"returned_at": ["return time", "time"]})).faults,
                    "column_missing")  # fmt: skip
    assert "no column for time of returned_at (expected 'return time' or 'time')" in fault.found


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"times": {"nothing": "x"}}, "no column 'nothing'"),
        ({"times": {"offered": "x"}}, "offered holds no times"),
        ({"times": {"found_at": "x"}}, "no entry for found_at in `columns`; expected the header of its date"),
        ({"times": {"returned_at": "x"}, "date_order": {}, "date_format": "dd/mm/yyyy hh:mm"},
         "`date_format` says 'dd/mm/yyyy hh:mm', with a time; expected the form of the date alone"),
        ({"times": {"returned_at": "x"}, "turned": True}, "expected no `times` beside `turned`"),
        ({"decimal": {"nothing": ","}}, "no column 'nothing'"),
        ({"decimal": {"offered": ","}}, "offered holds no numbers"),
    ],
)  # fmt: skip
def test_keys_for_columns_that_do_not_have_what_they_are_about(changes: dict[str, object], problem: str) -> None:
    found = layout_problems(BY_ID[RHI], layout_of(RHI, **changes))
    assert [what for _, what in found if problem in what], found
