"""The workbook of commentary: what is written into it, what is read out of it, and every fault of it by its cell."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from perfpipe.commentary.comment import Comment, Commentary, read_back, written
from perfpipe.commentary.form import BY_KEY, COLUMNS, HEADER_ROW, SHEET, TO_FILL
from perfpipe.commentary.read_form import has_words, read_form
from perfpipe.commentary.write_form import write_form
from tests.commentary.forms import (
    FILE,
    HEAD,
    LEAD,
    MARCH,
    ROWS,
    TURNOVER,
    WELL,
    WITHIN,
    expected,
    fill,
    page_of,
    place_of,
    read,
    told,
)

ROLES = (LEAD, HEAD)
COMMENT = Comment(
    *WITHIN,
    LEAD,
    date(2018, 4, 12),
    "Interviews out of area wait for the other council.",
    "Agree with two providers",
    date(2018, 6, 30),
    "Will the Board write to neighbours?",
    "23%",
    "missed",
)


@pytest.fixture
def form(tmp_path: Path) -> Path:
    write_form(ROWS, ROLES, MARCH, tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def test_what_is_given_is_locked_and_what_is_to_be_filled_in_is_not(form: Path) -> None:
    page = page_of(form)
    assert page.protection.sheet
    assert not page.protection.password
    open_cells = {COLUMNS[cell.column - 1].key for cell in page[HEADER_ROW + 1] if not cell.protection.locked}
    assert open_cells == {column.key for column in TO_FILL}
    assert page.cell(HEADER_ROW + 1, place_of("role")).value == LEAD  # its owner
    hidden = {column.key for place, column in enumerate(COLUMNS, 1) if page.column_dimensions[_letter(place)].hidden}
    assert hidden == {"key", "shown", "status"}


def _letter(place: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place - 1]


def test_cells_help_with_lists_limits_and_letters_used(form: Path) -> None:
    page = page_of(form)
    rules = {rule.type: rule for rule in page.data_validations.dataValidation}
    assert rules["list"].formula1 == "'Lists'!$A$1:$A$2"
    lengths = [rule.formula1 for rule in page.data_validations.dataValidation if rule.type == "textLength"]
    assert lengths == ["500", "250", "200"]
    used = page.cell(HEADER_ROW + 1, place_of("length")).value
    assert used == '=LEN(G5)&" of 500"&CHAR(10)&LEN(H5)&" of 250"&CHAR(10)&LEN(J5)&" of 200"'
    assert [each.value for each in load_workbook(form)["Lists"]["A"]] == list(ROLES)
    red = {str(area.sqref): rule.formula for area in page.conditional_formatting for rule in area.rules}
    assert red["G5:G6"] == ["LEN(G5)>500"]
    assert red["L5:L6"] == ['AND(LEN($G5&$H5&$I5&$J5)>0,L5="")']  # words without their day


def test_the_same_rows_give_the_same_bytes(form: Path, tmp_path: Path) -> None:
    write_form(ROWS, ROLES, MARCH, tmp_path / "b.xlsx")
    assert form.read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_row_that_is_filled_in_comes_back_and_empty_rows_say_nothing(form: Path) -> None:
    assert not has_words(form.read_bytes())
    fill(form, {1: WELL, 2: {"role": HEAD, "written_on": date(2018, 4, 12)}})
    assert has_words(form.read_bytes())
    reading = read(form)
    assert [comment for comment, _ in reading.comments] == [COMMENT]
    assert (told(reading), reading.left_out) == ([], 0)


def test_roles_by_id_and_in_any_case_and_days_as_text_are_understood(form: Path) -> None:
    fill(form, {1: WELL | {"role": " missing_LEAD ", "written_on": "12 April 2018", "by_when": "30/06/2018"}})
    assert [comment for comment, _ in read(form).comments] == [COMMENT]


def test_all_faults_are_told_in_one_go_by_cell(form: Path) -> None:
    fill(
        form,
        {
            1: {
                "cause": "x" * 501,
                "action": "=SUM(A1)",
                "by_when": "soon",
                "question": "Is C1042 safe?",
                "role": "Nobody",
            },
            2: WELL | {"written_on": date(2018, 4, 21), "cause": "Born on 3 May", "question": "Three girls?"},
        },
    )
    reading = read(form)
    at = f"sheet {SHEET}, row"
    assert told(reading) == [
        (f"{at} 5, column G (What it means, and the cause)", "commentary_cell", "501 letters"),
        (f"{at} 5, column H (Action)", "commentary_cell", "a formula"),
        (f"{at} 5, column J (Question to put)", "commentary_identifier", "the id of a record"),
        (f"{at} 5, column J (Question to put)", "commentary_identifier", "letters and digits, as ids are"),
        (f"{at} 5, column I (By when)", "commentary_cell", "not a day"),
        (f"{at} 5, column K (Written by)", "commentary_by", "a role that is not in the plan"),
        (f"{at} 5, column L (Written on)", "commentary_by", "blank"),
        (f"{at} 6, column G (What it means, and the cause)", "commentary_identifier", "words about a date of birth"),
        (f"{at} 6, column J (Question to put)", "commentary_small_number",
         "a number of people or cases from 1 to 4, word 1 of the text"),
        (f"{at} 6, column L (Written on)", "commentary_by", "a day out of reach"),
    ]  # fmt: skip
    assert (reading.comments, reading.left_out) == ((), 2)
    assert not any("C1042" in str(fault) or "girls" in str(fault) for fault in reading.faults)


def test_small_numbers_are_reported_and_the_words_stay(form: Path) -> None:
    fill(form, {1: WELL | {"cause": "Three girls were late."}})
    reading = read(form)
    assert [rule for _, rule, _ in told(reading)] == ["commentary_small_number"]
    assert [comment.cause for comment, _ in reading.comments] == ["Three girls were late."]
    assert reading.left_out == 0


def test_rows_of_another_month_of_no_measure_and_of_none_that_is_known_are_left_out(form: Path) -> None:
    fill(form, {1: WELL | {"key": "rhi_within_72h month 2018-02"}, 2: WELL | {"key": "made_up month 2018-03"}, 4: WELL})
    found = ["a row of another month", "a measure or period that packs do not show", "words in a row of no measure"]
    reading = read(form)
    assert [what for _, rule, what in told(reading) if rule == "commentary_measure"] == found
    assert reading.left_out == 3


def test_moved_columns_and_rows_are_found_by_their_headers(form: Path) -> None:
    fill(form, {1: WELL})
    workbook = load_workbook(form)
    workbook[SHEET].insert_rows(1, 3)
    workbook[SHEET].insert_cols(1)
    workbook.save(form)
    assert [comment for comment, _ in read(form).comments] == [COMMENT]


@pytest.mark.parametrize("name", ["empty", "text", "cut", "other", "no_column", "chart_sheet"])
def test_a_file_that_is_no_such_workbook_is_one_fault(form: Path, name: str) -> None:
    fill(form, {1: WELL})
    content = {"empty": b"", "text": b"PK\x03\x04 and more", "cut": form.read_bytes()[:2000]}.get(name, b"")
    if name in ("other", "no_column", "chart_sheet"):
        workbook = load_workbook(form) if name == "no_column" else Workbook()
        if name == "no_column":
            workbook[SHEET].cell(HEADER_ROW, place_of("action")).value = "Something else"
        if name == "chart_sheet":
            workbook.create_chartsheet(SHEET)
        made = BytesIO()
        workbook.save(made)
        content = made.getvalue()
    reading = read_form(content, FILE, expected())
    assert [rule for _, rule, _ in told(reading)] == ["commentary_unreadable"]
    assert has_words(content)


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_UNPACKED"])
def test_a_file_that_is_large_or_would_be_is_not_opened(
    form: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"perfpipe.commentary.read_form.{limit}", 5000)
    fill(form, {1: WELL})
    assert [found for _, _, found in told(read(form))] == ["a file that is too large"]


TEXTS = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="=+-@ \t\n'\"aé漢😀\u202e\u200b\x00_x41", max_size=60),
    st.integers(450, 5000).map("word ".__mul__).map(lambda text: text[:5000]),
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(TEXTS)
@example("=cmd|' /C calc'!A0")
@example("-2+3")
@example("_x0041_ and _x005F_")
@example("x" * 5000)
def test_what_is_typed_comes_back_the_same_but_for_spaces_or_is_refused(text: str) -> None:
    page = _typed(text)
    reading = read_form(page, FILE, expected())
    plain = " ".join(text.split())
    if reading.comments:
        ((comment, _),) = reading.comments
        assert comment.cause == plain
        (again,) = read_back(written([comment]))
        assert again == comment
        assert len(plain) <= BY_KEY["cause"].longest
    else:
        assert reading.faults or not plain


def _typed(text: str) -> bytes:
    """A workbook with a text as Excel stores it: what XML cannot hold is escaped."""
    workbook = Workbook()
    page = workbook.active
    assert page is not None
    page.title = SHEET
    row = {"key": "rhi_within_72h month 2018-03", "role": LEAD, "written_on": datetime(2018, 4, 12), "shown": "23%"}
    for place, column in enumerate(COLUMNS, 1):
        page.cell(1, place, column.title)
        page.cell(2, place, row.get(column.key))
    cell = page.cell(2, place_of("cause"))
    escaped = text.replace("_x", "_x005F_x")
    stored = "".join(sign if _in_xml(sign) else f"_x{ord(sign):04X}_" for sign in escaped)
    cell._value, cell.data_type = stored or None, "s"
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


def _in_xml(sign: str) -> bool:
    return sign in "\t\n" or (sign >= " " and not "\ud800" <= sign <= "\udfff" and sign not in "\ufffe\uffff")


def test_words_have_one_hash_whatever_order_they_come_in() -> None:
    other = Comment(*TURNOVER, HEAD, date(2018, 4, 1), "Pay", "", None, "", "15%", "met")
    assert Commentary((COMMENT, other)).sha256 == Commentary((other, COMMENT)).sha256
    assert Commentary().sha256 == ""
    assert read_back(written((other, COMMENT))) == (COMMENT, other)
