"""Sheets whose records stand side by side, as months do in many a return: turned, so that each is a row.

What follows reads the turned sheet, whose row 3 is the source's column C; `in_source` gives a fault its place there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from perfpipe.datasets.definition import Dataset
from perfpipe.faults.fault import Fault
from perfpipe.read.formats.container import letter_of, position_of
from perfpipe.read.formats.delimited_text import HEADER_SEARCH_ROWS, plain
from perfpipe.read.raw_cells import NOTHING, TEXT, Cell, ColumnCells, HiddenSigns, RawSheet, Row
from perfpipe.settings.layouts import NO_HEADER, Layout, as_compared

MOST_ROWS = 2000  # a longer sheet does not hold its records side by side
ADDRESS = re.compile(r"([A-Z]+)(?: \((.*)\))?", re.DOTALL)
ROW_NAMED = re.compile(r"\b([Rr])ow (\d+)\b")


def turned_sheet(sheet: RawSheet, dataset: Dataset, layout: Layout) -> RawSheet:
    """The sheet with its rows as columns; without a cell where it has no column of the layout's headers.

    What stands above or before the table is left out, and so is a record that holds nothing but its own name: a month
    that is still to come.
    """
    rows = [sheet.row(number) for number in range(min(sheet.height, MOST_ROWS))]
    names = {plain(text) for column in dataset.columns for text in layout.headers(column.name)} - {""}
    corner = _corner(rows, names, without_name="" in layout.headers(dataset.start))
    if corner is None:
        return replace(sheet, height=0, columns=[], source=sheet)
    top, left = corner
    if "" in layout.headers(dataset.start) and rows[top][left] == NOTHING:
        rows[top][left] = (TEXT, NO_HEADER)
    width = len(sheet.columns)
    records = _records(rows, top, left, layout)
    columns = [
        ColumnCells.of([row[p] if p in records and number >= top else NOTHING for p in range(width)])
        for number, row in enumerate(rows)
    ]
    return RawSheet(
        sheet.file,
        sheet.name,
        width,
        columns,
        sheet.visible,
        merged=[(left, first, right, last) for first, left, last, right in sheet.merged],
        hidden_rows=sheet.hidden_columns,
        hidden_columns=sheet.hidden_rows,
        notes=sheet.notes,
        signs=_turned_signs(sheet, len(rows)),
        source=sheet,
    )


def _records(rows: Sequence[Row], top: int, left: int, layout: Layout) -> set[int]:
    """The columns that become rows: the one of the names, and each that holds anything below its own name."""
    blank, ignored = {as_compared(word) for word in layout.blank}, {plain(text) for text in layout.ignore}
    beside = range(left + 1, len(rows[top]))
    return {left} | {
        position
        for position in beside
        if plain(rows[top][position][1]) not in ignored
        and any(_filled(row[position], blank) for row in rows[top + 1 :])
    }


def is_note(sheet: RawSheet, position: int) -> bool:
    """Whether a header of a turned sheet is a note: it has nothing beside it."""
    return sheet.source is not None and int(sheet.columns[position].filled.sum()) == 1


def _filled(cell: Cell, blank: set[str]) -> bool:
    return cell != NOTHING and as_compared(cell[1]) not in blank


def _corner(rows: Sequence[Row], names: set[str], without_name: bool) -> tuple[int, int] | None:
    """Row and column of the first header, in the column that has most of them; of a blank one above it, if so said."""
    width = len(rows[0]) if rows else 0
    found = [{plain(row[position][1]) for row in rows} & names for position in range(min(width, HEADER_SEARCH_ROWS))]
    best = max(range(len(found)), key=lambda position: len(found[position]), default=0)
    if not found or len(found[best]) < 1:
        return None
    top = next(number for number, row in enumerate(rows) if plain(row[best][1]) in names)
    if without_name:
        above = (number for number in range(top - 1, -1, -1) if any(cell != NOTHING for cell in rows[number][best:]))
        top = next(above, top)
    return top, best


def _turned_signs(sheet: RawSheet, height: int) -> dict[int, HiddenSigns]:
    turned = {}
    for row in range(height):
        found = {position: signs for position, signs in sheet.signs.items() if signs.rows[row]}
        if found:
            mask = np.array([position in found for position in range(len(sheet.columns))], dtype=np.bool_)
            turned[row] = HiddenSigns(mask, ", ".join(dict.fromkeys(signs.names for signs in found.values())))
    return turned


def in_source(fault: Fault) -> Fault:
    """A fault of a turned sheet with the row and column of the source."""
    row, column = place_in_source(fault.row, fault.column)
    found, what_to_do = (ROW_NAMED.sub(_column_named, text) for text in (fault.found, fault.what_to_do))
    return replace(fault, row=row, column=column, found=found, what_to_do=what_to_do)


def place_in_source(row: int, column: str) -> tuple[int, str]:
    """Row and column in the source of a place in the turned sheet; the column as `H (Returned)`, H, a name or none."""
    match = ADDRESS.fullmatch(column)
    letter, name = (match[1], match[2] or "") if match else ("", column)
    there = letter_of(row - 1) if row else ""
    return position_of(letter) + 1 if letter else 0, f"{there} ({name})" if there and name else there or name


def _column_named(match: re.Match[str]) -> str:
    return f"{'Column' if match[1] == 'R' else 'column'} {letter_of(int(match[2]) - 1)}"
