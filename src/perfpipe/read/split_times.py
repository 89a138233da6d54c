"""A date in one column and its time of day in another, as a layout's `times` says: put together, as one column."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from perfpipe.dates.date_formats import HALF
from perfpipe.read.raw_cells import (
    BLANK,
    DATE,
    DATETIME,
    ERROR,
    FORMULA,
    NOTHING,
    NUMBER,
    TEXT,
    TIME,
    Cell,
    ColumnCells,
)
from perfpipe.read.raw_table import RawTable
from perfpipe.settings.layouts import TIME_OF, Layout, as_compared

CLOCK = re.compile(rf"(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}})(?:[.,]\d+)?)?{HALF}?", re.ASCII | re.IGNORECASE)
FOUR_DIGITS = re.compile(r"([01]\d|2[0-4])([0-5]\d)", re.ASCII)  # 0930; as a number 930 could be minutes
DAY_LONG = {  # how 24:00 comes out of a cell of a workbook
    (TIME, "1 day, 0:00:00"), (DATE, "1900-01-01"), (DATE, "1904-01-02"), (TEXT, "PT24H00M00S"),
}  # fmt: skip
ACCESS_DAY = re.compile(r"(?:30/12/1899|1899-12-30)[ T]")  # what databases put before a time that has no day
PART_OF_A_DAY = re.compile(r"0\.\d+")  # as a text it could be hours and minutes as well
SECONDS_A_DAY = 86_400
MIDNIGHT = re.compile(r"(?<=\d)[ T]0?0:00(?::00(?:\.0+)?)?")  # what a program adds to a date without a time


def with_times(table: RawTable, times: RawTable, layout: Layout) -> RawTable:
    """The table with each of the times beside its date, at the address of both; a blank time leaves the date alone."""
    columns, letters, headers = dict(table.columns), dict(table.letters), dict(table.headers)
    for name in times.columns:
        column = name.removeprefix(TIME_OF)
        columns[column] = _joined(ColumnCells.of(columns[column]), ColumnCells.of(times.columns[name]), column, layout)
        letters[column] = f"{table.address_of(column)} and {times.letters[name]}"
        headers[column] = times.headers[name]
    return replace(table, columns=columns, letters=letters, headers=headers)


def _joined(dates: ColumnCells, times: ColumnCells, column: str, layout: Layout) -> ColumnCells:
    pairs = np.stack([dates.numbers, times.numbers])
    distinct, number = np.unique(pairs, axis=1, return_inverse=True)
    clock = [_clock(cell) for cell in times.distinct]
    if any(kind == NUMBER and said is None for (kind, _), said in zip(times.distinct, clock, strict=True)):
        # 14.25 beside them: nobody knows whether 0.25 is a quarter of a day or 25 minutes
        clock = [None if kind == NUMBER else said for (kind, _), said in zip(times.distinct, clock, strict=True)]
    cells = [_cell(dates.distinct[d], times.distinct[t], clock[t], column, layout) for d, t in distinct.T.tolist()]
    together = ColumnCells.of(cells)
    return ColumnCells(together.distinct, together.numbers[number.reshape(-1)])


def _cell(day: Cell, time: Cell, clock: str | None, column: str, layout: Layout) -> Cell:
    """A date and a time as one cell; where they are none, a text that cannot be read as both."""
    blank = layout.blank_words(column)
    if time[0] == BLANK or as_compared(time[1]) in blank or day[0] in (ERROR, FORMULA):
        return day
    if time[0] in (ERROR, FORMULA):
        return time
    if day == NOTHING or as_compared(day[1]) in blank:
        return (TEXT, clock or f"+ {time[1]}")
    date = _day(day, column, layout)
    if time[0] == DATETIME and day[0] in (DATE, DATETIME) and time[1].startswith(f"{date} "):
        return time  # of the same day, shown as a time
    return (TEXT, f"{date} {clock}" if clock else f"{date} + {time[1]}")


def _clock(cell: Cell) -> str | None:
    """A time of day with colons; None of what is no time, or could be another."""
    kind, text = cell
    if cell in DAY_LONG:
        return "24:00:00"
    if kind == NUMBER:
        return _part_of_a_day(float(text))
    plain = " ".join(ACCESS_DAY.sub("", text).split())
    if digits := FOUR_DIGITS.fullmatch(plain):
        return f"{digits[1]}:{digits[2]}:00"
    found = CLOCK.fullmatch(plain)
    if found is None or PART_OF_A_DAY.fullmatch(plain):
        return None
    hours, minutes, seconds, half = found.groups()
    return f"{hours}:{minutes}:{seconds or '00'}" + (f" {half}m" if half else "")


def _part_of_a_day(number: float) -> str | None:
    """The time that a number from 0 to 1 is in Excel, to the second; None of any other number."""
    if not 0 <= number <= 1:
        return None
    minutes, second = divmod(round(number * SECONDS_A_DAY), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"


def _day(cell: Cell, column: str, layout: Layout) -> str:
    """A date without the midnight that may stand behind it."""
    kind, text = cell
    form = layout.format_of(column)
    if kind not in (DATE, DATETIME) and form and (counted := form.counted(text.strip())):
        text = counted.isoformat(" ")
    return MIDNIGHT.sub("", text.strip())
