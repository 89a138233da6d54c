"""What only a whole column shows: which of day and month comes first in dates that are text, and lost leading zeros.

No order is guessed. An order that the layout does not declare must show in the file: in a date whose day is above
12. What contradicts itself, or shows nothing, stops, and names the layout key to set.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from perfpipe.datasets.definition import Dataset, Kind, Severity
from perfpipe.faults.fault import Fault
from perfpipe.read.date_text import DATE_TEXT
from perfpipe.read.raw_cells import DATE, DATETIME, NUMBER, TEXT, Cell, ColumnCells
from perfpipe.read.record_rows import LISTED
from perfpipe.settings.layouts import Layout

if TYPE_CHECKING:
    from perfpipe.read.raw_table import RawTable

DATES = (Kind.DATE, Kind.INSTANT, Kind.MONTH)
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
    def of(cls, cells: Sequence[Cell]) -> Order:
        """The evidence of some cells."""
        column = ColumnCells.of(cells)
        counts = np.bincount(column.numbers, minlength=len(column.distinct)).tolist()
        found = dict.fromkeys(cls.__dataclass_fields__, 0)
        for (kind, text), count in zip(column.distinct, counts, strict=True):
            if kind in (DATE, DATETIME):
                found["date_cells"] += count
                found["late_days"] += count * (text[8:10] > "12")
            elif kind == TEXT and (match := DATE_TEXT.fullmatch(text.replace("\u00a0", " ").strip())) and match["d"]:
                first, second = int(match["d"]), int(match["m"])
                key = "day_first" if first > 12 >= second else "month_first" if second > 12 >= first else "neither"
                found[key] += count
        return cls(**found)

    @property
    def texts(self) -> int:
        """How many dates are text."""
        return self.day_first + self.month_first + self.neither


def column_faults(table: RawTable, dataset: Dataset, layout: Layout) -> list[Fault]:
    """Columns that cannot be read without guessing, each a fault that stops; and mixtures that are reported."""
    names = [name for name in table.columns if dataset.by_name[name].kind in DATES]
    orders = {name: Order.of(table.columns[name]) for name in names}
    if table.extracted_at is not None and "extracted_at" not in orders:
        orders["extracted_at"] = Order.of([table.extracted_at])
    undeclared = [order for name, order in orders.items() if layout.order_of(name) is None]
    shown = any(o.day_first for o in undeclared) and not any(o.month_first > o.day_first for o in undeclared)
    faults = []
    for name, order in orders.items():
        faults += _order_faults(table, dataset, layout, name, order, shown)
    for name in table.columns:
        if dataset.by_name[name].kind is Kind.ID:
            faults += _zero_faults(table, dataset, name)
        elif dataset.by_name[name].kind is Kind.TEXT:
            faults += _garbled_faults(table, dataset, name)
    return faults


def _order_faults(
    table: RawTable, dataset: Dataset, layout: Layout, name: str, order: Order, shown: bool
) -> list[Fault]:
    declared = layout.order_of(name)
    key = f'`date_order = {{ {name} = "day_first" }}`'
    do = f"Set {key} or 'month_first' in the layout, or export dates as yyyy-mm-dd."
    if not order.texts or declared == "iso":
        return []
    against = order.day_first if declared == "month_first" else order.month_first
    if declared and against > max(1, SLIPS * order.texts):
        found = f"{against} of {order.texts} dates that contradict `date_order`, which is {declared!r}"
        do = f"Correct `date_order` in the layout, or the dates at source: in this column it is {key}."
        do = do if declared == "month_first" else do.replace("day_first", "month_first")
        return [_fault(table, dataset, name, "date_order_contradicted", found, do)]
    if (
        declared is None
        and order.month_first
        and (not order.day_first or order.month_first > max(1, SLIPS * order.texts))
    ):
        found = f"dates with the month first ({order.month_first}) and with the day first ({order.day_first})"
        return [_fault(table, dataset, name, "date_order_unclear", found, do)]
    if declared is None and not order.day_first and order.neither and not shown:
        found = f"{order.neither} dates as text, in none of which the day is above 12"
        if name == "extracted_at":  # one cell, whose day is up to 12 in two of five months: read, and said
            do = f"{do} Until then it is read with the day first."
            return [_fault(table, dataset, name, "date_order_unclear", found, do, Severity.WARN)]
        return [_fault(table, dataset, name, "date_order_unclear", found, do)]
    if not order.date_cells:
        return []
    if not order.late_days and order.day_first + order.month_first == order.texts:
        found = (
            f"{order.date_cells} date cells, all with a day up to 12, and {order.texts} dates as text, all above: "
            "day and month were swapped when the file was opened"
        )
        do = (
            "Export the file again and do not open it in Excel before sending, or import its dates as day, month, year."
        )
        return [_fault(table, dataset, name, "dates_swapped", found, do)]
    found = f"{order.date_cells} date cells and {order.texts} dates as text in one column"
    do = "Format the whole column as dates at source. Until then the texts are read with the day first."
    do = do.replace("the day", "the month") if declared == "month_first" else do
    return [_fault(table, dataset, name, "dates_mixed", found, do, Severity.WARN)]


def _zero_faults(table: RawTable, dataset: Dataset, name: str) -> list[Fault]:
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
    do = "Format the column as text at source, so that leading zeros stay, and export it again."
    return [_fault(table, dataset, name, "leading_zeros_lost", found, do)]


def _garbled_faults(table: RawTable, dataset: Dataset, name: str) -> list[Fault]:
    """Texts saved twice in two encodings, as Ã© for é, or with the sign for what could not be read."""
    column = ColumnCells.of(table.columns[name])
    garbled = np.array([kind == TEXT and _is_garbled(text) for kind, text in column.distinct], dtype=np.bool_)
    rows = np.flatnonzero(garbled[column.numbers]).tolist()
    more = f"; and {len(rows) - LISTED} more cells below it" if len(rows) > LISTED else ""
    do = "Export it again from the source in UTF-8, not from a file that was opened in between. It was used as it is."
    found = "letters that two encodings made of one, or that were lost"
    faults = [_fault(table, dataset, name, "text_garbled", found, do, Severity.WARN) for _ in rows[:LISTED]]
    return [
        dataclasses.replace(fault, row=table.rows[row], found=found + (more if row == rows[:LISTED][-1] else ""))
        for fault, row in zip(faults, rows, strict=False)
    ]


def _is_garbled(text: str) -> bool:
    if text.isascii():
        return False
    try:
        return "\ufffd" in text or bool(text.encode("cp1252").decode("utf-8"))
    except UnicodeError:
        return False


def _fault(
    table: RawTable, dataset: Dataset, name: str, rule: str, found: str, do: str, severity: Severity = Severity.STOP
) -> Fault:
    header = table.headers.get(name)
    column = f"{table.letters[name]} ({header})" if header else name
    expected = dataset.by_name[name].expected if name in dataset.by_name else "a date and time in an order that shows"
    return Fault(dataset.id, table.file, table.sheet, 0, column, rule, severity, found, expected, do)
