"""One row of a workbook of commentary as it is read: what it says, and all that is wrong with its cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from perfpipe.commentary.comment import Comment, Place
from perfpipe.commentary.form import BY_KEY, SAID, SHEET, FormColumn, read_key
from perfpipe.commentary.identifiers import identifiers_in
from perfpipe.commentary.small_numbers import small_numbers_in
from perfpipe.dates.months import Month
from perfpipe.dates.written_dates import written_date
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.rules.commentary import (
    COMMENTARY_BY,
    COMMENTARY_CELL,
    COMMENTARY_IDENTIFIER,
    COMMENTARY_MEASURE,
    COMMENTARY_SMALL_NUMBER,
)
from perfpipe.rules.rule import Rule

if TYPE_CHECKING:
    from openpyxl.cell import Cell

NO_DATASET = ""
YEARS_AHEAD = 5
A_DAY = "a day, such as 30/06/2018"


@dataclass(frozen=True)
class MayHold:
    """What a workbook can rightly hold: its month, the measures of packs, the roles, the latest day of writing.

    `roles` are by their ids and titles in small letters. `identifiers`: the ids in the month's extracts.
    """

    month: Month
    places: Collection[Place]
    roles: Mapping[str, str]
    today: date
    identifiers: Collection[str]


class FormRowRead:
    """One row as it is read: its cells, and what is wrong with them."""

    def __init__(self, cells: Mapping[FormColumn, Cell], file: str, expected: MayHold) -> None:
        self.cells = {column.key: cell for column, cell in cells.items()}
        self.file, self.expected = file, expected
        self.faults: list[Fault] = []
        self.is_left_out = False

    @property
    def says_anything(self) -> bool:
        """Whether there are words, or a day for an action: a role and a day of writing alone say nothing."""
        return any(text_of(self.cells[key]) for key in SAID)

    def at(self, key: str = "") -> Address:
        """The address of the row, or of one of its cells."""
        from openpyxl.utils import get_column_letter

        cell = self.cells[key or "key"]
        column = f"{get_column_letter(cell.column)} ({BY_KEY[key].title})" if key else ""
        return Address(NO_DATASET, self.file, SHEET, cell.row, column)

    def comment(self) -> Comment | None:
        """What the row says; None where a fault leaves it out."""
        of = self._of()
        texts = {key: self._words(key) for key in ("cause", "action", "question")}
        last = date(self.expected.month.year + YEARS_AHEAD, 12, 31)
        by_when = self._day("by_when", last, COMMENTARY_CELL)
        role = self._role()
        written_on = self._day("written_on", self.expected.today, COMMENTARY_BY)
        if of and not written_on and not text_of(self.cells["written_on"]):
            self._leave_out(COMMENTARY_BY, "written_on", "blank", expected=A_DAY)
        if self.is_left_out or of is None or written_on is None:
            return None
        shown, status = (text_of(self.cells[key]) for key in ("shown", "status"))
        return Comment(
            *of, role, written_on, texts["cause"], texts["action"], by_when, texts["question"], shown, status
        )

    def _of(self) -> Place | None:
        month = str(self.expected.month)
        key = read_key(text_of(self.cells["key"]))
        if key is None:
            self._leave_out(COMMENTARY_MEASURE, "", "words in a row of no measure", month=month)
            return None
        place, of = key
        if of != month:
            self._leave_out(COMMENTARY_MEASURE, "", "a row of another month", month=month)
        elif place not in self.expected.places:
            self._leave_out(COMMENTARY_MEASURE, "", "a measure or period that packs do not show", month=month)
        return place

    def _words(self, key: str) -> str:
        """A text, without faults that the cell has; words that count few people stay."""
        column, cell = BY_KEY[key], self.cells[key]
        expected = f"plain text of at most {column.longest} letters"
        odd = _not_text(cell)
        if odd:
            self._leave_out(COMMENTARY_CELL, key, odd, expected=expected)
            return ""
        text = text_of(cell)
        if len(text) > column.longest:
            self._leave_out(COMMENTARY_CELL, key, f"{len(text)} letters", expected=expected)
        unseen = next((place for place, sign in enumerate(text, 1) if not sign.isprintable()), 0)
        if unseen:
            self._leave_out(COMMENTARY_CELL, key, f"a sign that cannot be seen, letter {unseen}", expected=expected)
        for found in identifiers_in(text, self.expected.identifiers, self.expected.month.last_day):
            self._leave_out(COMMENTARY_IDENTIFIER, key, found)
        few = small_numbers_in(text)
        if few:
            places = ", ".join(map(str, few))
            found = f"a number of people or cases from 1 to 4, word {places} of the text"
            self.faults.append(fault_of(COMMENTARY_SMALL_NUMBER, self.at(key), found))
        return text

    def _role(self) -> str:
        text = text_of(self.cells["role"])
        role = self.expected.roles.get(text.casefold())
        if role is None:
            found = "a role that is not in the plan" if text else "blank"
            self._leave_out(COMMENTARY_BY, "role", found, expected="a role of the plan, as in the list of the cell")
        return role or ""

    def _day(self, key: str, last: date, rule: Rule) -> date | None:
        """A day from the start of the month to `last`; None where the cell is blank or at fault."""
        cell = self.cells[key]
        if not text_of(cell):
            return None
        day, first = _day_of(cell), self.expected.month.first_day
        if day is None:
            self._leave_out(rule, key, "not a day", expected=A_DAY)
        elif not first <= day <= last:
            self._leave_out(rule, key, "a day out of reach", expected=f"a day from {first} to {last}")
        return day

    def _leave_out(self, rule: Rule, key: str, found: str, **words: object) -> None:
        self.is_left_out = True
        self.faults.append(fault_of(rule, self.at(key), found, **words))


def text_of(cell: Cell) -> str:
    """What a cell says, its spaces and line breaks as single spaces."""
    from openpyxl.utils.escape import unescape

    value = cell.value
    if value is None:
        return ""
    return " ".join((unescape(value) if isinstance(value, str) else str(value)).split())


def _not_text(cell: Cell) -> str:
    """What a cell holds that is no text; empty where it holds text, a number or nothing."""
    if cell.data_type == "f":
        return "a formula"
    if cell.data_type == "e":
        return "an Excel error"
    if isinstance(cell.value, bool):
        return "TRUE or FALSE"
    return "" if isinstance(cell.value, str | int | float | None) else "a date or time"


def _day_of(cell: Cell) -> date | None:
    value = cell.value
    if isinstance(value, datetime):
        return value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else None
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or cell.data_type == "f":
        return None
    try:
        found = written_date(text_of(cell), "day_first", None)
    except ValueError:
        return None
    return None if found is None or found.timed else found.day.date()
