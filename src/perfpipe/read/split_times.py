"""A date in one column and its time of day in another, as a layout's `times` says: put together, as one column."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from perfpipe.dates.date_formats import HALF
from perfpipe.read.raw_cells import BLANK, DATE, DATETIME, ERROR, FORMULA, NOTHING, TEXT, Cell, ColumnCells
from perfpipe.read.raw_table import RawTable
from perfpipe.settings.layouts import TIME_OF, Layout, as_compared

CLOCK = re.compile(rf"(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}})(?:[.,]\d+)?)?{HALF}?", re.ASCII | re.IGNORECASE)
DAY_LONG = "1 day, 0:00:00"  # how 24:00 comes out of a cell that shows hours
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
    cells = [_cell(dates.distinct[d], times.distinct[t], column, layout) for d, t in distinct.T.tolist()]
    together = ColumnCells.of(cells)
    return ColumnCells(together.distinct, together.numbers[number.reshape(-1)])


def _cell(day: Cell, time: Cell, column: str, layout: Layout) -> Cell:
    """A date and a time as one cell; where they are none, a text that cannot be read as both."""
    blank = layout.blank_words(column)
    if time[0] == BLANK or as_compared(time[1]) in blank or day[0] in (ERROR, FORMULA):
        return day
    if time[0] in (ERROR, FORMULA):
        return time
    said = _clock("24:00" if time[1] == DAY_LONG else time[1])
    if day == NOTHING or as_compared(day[1]) in blank:
        return (TEXT, said)
    return (TEXT, f"{_day(day, column, layout)} {said}")


def _clock(text: str) -> str:
    """A time with colons; any other text as it is."""
    clock = CLOCK.fullmatch(" ".join(text.split()))
    if clock is None:
        return text
    hours, minutes, seconds, half = clock.groups()
    return f"{hours}:{minutes}:{seconds or '00'}" + (f" {half}m" if half else "")


def _day(cell: Cell, column: str, layout: Layout) -> str:
    """A date without the midnight that may stand behind it."""
    kind, text = cell
    form = layout.format_of(column)
    if kind not in (DATE, DATETIME) and form and (counted := form.counted(text.strip())):
        text = counted.isoformat(" ")
    return MIDNIGHT.sub("", text.strip())
