"""What only a whole column shows: which of day and month comes first in dates that are text, and lost leading zeros.

No order is guessed. An order that the layout does not declare must show in the file: in a date whose day is above
12. What contradicts itself, or shows nothing, stops, and names the layout key to set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from perfpipe.datasets.definition import Dataset, Kind
from perfpipe.dates.date_formats import DateFormat
from perfpipe.dates.written_dates import NUMERIC, without_zone
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.read.alike_identifiers import alike_identifiers
from perfpipe.read.raw_cells import DATE, DATETIME, NUMBER, TEXT, Cell, ColumnCells
from perfpipe.read.record_rows import LISTED
from perfpipe.rules.tables import (
    DATE_FORMAT_CONTRADICTED,
    DATE_ORDER_CONTRADICTED,
    DATE_ORDER_CONTRADICTED_IN_STANDARD,
    DATE_ORDER_UNCLEAR,
    DATE_ORDER_UNCLEAR_OF_EXTRACT,
    DATES_MIXED,
    DATES_SWAPPED,
    LEADING_ZEROS_LOST,
    TEXT_GARBLED,
)
from perfpipe.settings.expected_cells import expected_in
from perfpipe.settings.layouts import Layout

if TYPE_CHECKING:
    from perfpipe.read.raw_table import RawTable

DATES = (Kind.DATE, Kind.INSTANT, Kind.MONTH)
EXTRACTED_AT = "extracted_at"  # the cell that says when the extract was made, in place of a column
SLIPS = 0.01  # the share of dates that may be plainly wrong before the column is no longer trusted
MOSTLY = 0.9


@dataclass(frozen=True)
class Order:
    """How many dates of a column show that the day comes first, or the month, or neither; and how many are date cells.

    `late_days`: the date cells whose day is above 12.
    """

    day_first: int = 0
    month_first: int = 0
    neither: int = 0
    date_cells: int = 0
    late_days: int = 0

    @classmethod
    def of(cls, cells: Sequence[Cell], form: DateFormat | None) -> Order:
        """The evidence of some cells; of those that are text by their declared form, if they have one."""
        column = ColumnCells.of(cells)
        counts = np.bincount(column.numbers, minlength=len(column.distinct)).tolist()
        found = dict.fromkeys(cls.__dataclass_fields__, 0)
        for (kind, text), count in zip(column.distinct, counts, strict=True):
            if kind in (DATE, DATETIME):
                found["date_cells"] += count
                found["late_days"] += count * (text[8:10] > "12")
            elif kind == TEXT and (shows := _shown_by_form(text, form) if form else _shown(text)):
                found[shows] += count
        return cls(**found)

    @property
    def texts(self) -> int:
        """How many dates are text."""
        return self.day_first + self.month_first + self.neither


def _shown(text: str) -> str:
    """What a date of two numbers and a year shows; empty for any other text."""
    match = NUMERIC.fullmatch(without_zone(text))
    if match is None or not match["d"]:
        return ""
    first, second = int(match["d"]), int(match["m"])
    return "day_first" if first > 12 >= second else "month_first" if second > 12 >= first else "neither"


def _shown_by_form(text: str, form: DateFormat) -> str:
    """What a date of a declared form shows; empty for any other text."""
    match = form.match(without_zone(text))
    if match is None:
        return ""
    part = match.groupdict()
    day, month = int(part.get("d") or 1), int(part.get("m") or 1)
    as_declared, against = ("day_first", "month_first") if form.day_first else ("month_first", "day_first")
    return as_declared if day > 12 >= month else against if month > 12 >= day else "neither"


def column_faults(table: RawTable, dataset: Dataset, layout: Layout) -> list[Fault]:
    """Columns that cannot be read without guessing, each a fault that stops; and mixtures that are reported."""
    names = [name for name in table.columns if dataset.by_name[name].kind in DATES]
    orders = {name: Order.of(table.columns[name], layout.format_of(name)) for name in names}
    if table.extracted_at is not None and EXTRACTED_AT not in orders:
        orders[EXTRACTED_AT] = Order.of([table.extracted_at], layout.format_of(EXTRACTED_AT))
    undeclared = [o for name, o in orders.items() if layout.order_of(name) is None and not layout.format_of(name)]
    shown = any(o.day_first for o in undeclared) and not any(o.month_first > o.day_first for o in undeclared)
    faults = []
    for name, order in orders.items():
        faults += _order_faults(table, dataset, layout, name, order, shown)
    for name in table.columns:
        if dataset.by_name[name].kind is Kind.ID:
            lost = _zero_faults(table, dataset, layout, name)
            faults += lost or alike_identifiers(table, _at(table, dataset, name), name)
        elif dataset.by_name[name].kind is Kind.TEXT:
            faults += _garbled_faults(table, dataset, layout, name)
    return faults


def _order_faults(
    table: RawTable, dataset: Dataset, layout: Layout, name: str, order: Order, shown: bool
) -> list[Fault]:
    declared, form = layout.order_of(name), layout.format_of(name)
    if not order.texts or declared == "iso":
        return []
    at, expected = _at(table, dataset, name), _expected(dataset, name, layout)
    if form is not None:
        against = order.month_first if form.day_first else order.day_first
        if against > max(1, SLIPS * order.texts):
            found = f"{against} of {order.texts} dates that contradict `date_format`, which is {form.text!r}"
            return [fault_of(DATE_FORMAT_CONTRADICTED, at, found, expected=expected)]
        return _mixed_faults(order, at, expected, first="day" if form.day_first else "month")
    if declared is not None:
        against = order.day_first if declared == "month_first" else order.month_first
        if against > max(1, SLIPS * order.texts):
            declares = "which is" if not layout.is_standard else "which the built-in layout has as"
            found = f"{against} of {order.texts} dates that contradict `date_order`, {declares} {declared!r}"
            seen = "day_first" if declared == "month_first" else "month_first"
            rule = DATE_ORDER_CONTRADICTED_IN_STANDARD if layout.is_standard else DATE_ORDER_CONTRADICTED
            return [fault_of(rule, at, found, expected=expected, column=name, seen=seen)]
    elif unclear := _unclear(order, shown):
        # one cell, whose day is up to 12 in two of five months, is read all the same
        rule = DATE_ORDER_UNCLEAR_OF_EXTRACT if name == EXTRACTED_AT and not order.month_first else DATE_ORDER_UNCLEAR
        return [fault_of(rule, at, unclear, expected=expected, column=name)]
    return _mixed_faults(order, at, expected, first="month" if declared == "month_first" else "day")


def _unclear(order: Order, shown: bool) -> str:
    """Why nothing says whether the day or the month comes first; empty if something does."""
    if order.month_first and (not order.day_first or order.month_first > max(1, SLIPS * order.texts)):
        return f"dates with the month first ({order.month_first}) and with the day first ({order.day_first})"
    if not order.day_first and order.neither and not shown:
        return f"{count_of(order.neither, 'date')} as text, none with a day above 12"
    return ""


def _mixed_faults(order: Order, at: Address, expected: str, first: str) -> list[Fault]:
    """Date cells beside dates as text, as Excel leaves them where it takes day and month the other way round."""
    if not order.date_cells:
        return []
    cells, texts = count_of(order.date_cells, "date cell"), f"{count_of(order.texts, 'date')} as text"
    if not order.late_days and order.day_first + order.month_first == order.texts:
        found = (
            f"{cells}, all with a day up to 12, and {texts}, all above: "
            "day and month were swapped when the file was opened"
        )
        return [fault_of(DATES_SWAPPED, at, found, expected=expected)]
    found = f"{cells} and {texts} in one column"
    return [fault_of(DATES_MIXED, at, found, expected=expected, first=first)]


def _zero_faults(table: RawTable, dataset: Dataset, layout: Layout, name: str) -> list[Fault]:
    """Shorter numbers among numbers with leading zeros: 123 in a column with 00456 was 00123."""
    column = ColumnCells.of(table.columns[name])
    counts = np.bincount(column.numbers, minlength=len(column.distinct)).tolist()
    digits = [(kind, text.strip(), n) for (kind, text), n in zip(column.distinct, counts, strict=True) if n]
    digits = [(kind, text, n) for kind, text, n in digits if kind in (TEXT, NUMBER) and text.isdecimal()]
    lengths = {len(text) for kind, text, _ in digits if kind == TEXT and text[0] == "0" and len(text) > 1}
    if len(lengths) != 1:
        return []
    (length,) = lengths
    short = [(kind, n) for kind, text, n in digits if len(text) < length]
    numbers = sum(n for kind, n in short if kind == NUMBER)
    texts = sum(n for kind, n in short if kind == TEXT)
    usual = sum(n for _, text, n in digits if len(text) == length)
    lost = numbers + (texts if usual >= MOSTLY * (usual + texts) else 0)
    if not lost:
        return []
    found = f"{lost} numbers of fewer than {length} digits, where others have {length} with leading zeros"
    return [fault_of(LEADING_ZEROS_LOST, _at(table, dataset, name), found, expected=_expected(dataset, name, layout))]


def _garbled_faults(table: RawTable, dataset: Dataset, layout: Layout, name: str) -> list[Fault]:
    """Texts saved twice in two encodings, as Ã© for é, or with the sign for what could not be read."""
    column = ColumnCells.of(table.columns[name])
    garbled = np.array([kind == TEXT and _is_garbled(text) for kind, text in column.distinct], dtype=np.bool_)
    rows = np.flatnonzero(garbled[column.numbers]).tolist()
    more = f"; and {len(rows) - LISTED} more cells below it" if len(rows) > LISTED else ""
    found = "letters garbled or lost in a change of encoding"
    return [
        fault_of(
            TEXT_GARBLED,
            replace(_at(table, dataset, name), row=table.rows[row]),
            found + (more if row == rows[:LISTED][-1] else ""),
            expected=_expected(dataset, name, layout),
        )
        for row in rows[:LISTED]
    ]


def _is_garbled(text: str) -> bool:
    if text.isascii():
        return False
    try:
        return "\ufffd" in text or bool(text.encode("cp1252").decode("utf-8"))
    except UnicodeError:
        return False


def _at(table: RawTable, dataset: Dataset, name: str) -> Address:
    return Address(dataset.id, table.file, table.sheet, 0, table.address_of(name))


def _expected(dataset: Dataset, name: str, layout: Layout) -> str:
    if name not in dataset.by_name:
        return "a date and time in a clear order"
    return expected_in(dataset.by_name[name], layout)
