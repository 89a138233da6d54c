"""Which rows under the headers are records. Every other row that is filled is left out by a rule with a name."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from perfpipe.datasets.definition import Dataset
from perfpipe.faults.fault import Address, Fault, fault_of, shape_of
from perfpipe.read.formats.container import letter_of
from perfpipe.read.formats.delimited_text import plain
from perfpipe.read.headers import Header
from perfpipe.read.raw_cells import NOTHING, TEXT, Mask, RawSheet
from perfpipe.rules.rule import Rule
from perfpipe.rules.tables import CELL_WITHOUT_HEADER, FOOTNOTE, HEADER_REPEATED, TOTALS_ROW, TOTALS_ROW_UNDECLARED
from perfpipe.settings.layouts import Layout, as_compared

Rows = npt.NDArray[np.int64]  # row numbers from 0
LISTED = 20  # faults of one kind, before the rest is only counted
TOTAL = re.compile(r"(?:grand |overall |sub[ -]?)?totals?\b")
UNDECLARED = "a row that begins with 'Total', 'Subtotal' or the like and is not a complete record"
BESIDE = "a text with nothing beside it"
NARROWEST = 3  # columns of a table in which a row with one filled cell is no record


def records_of(header: Header, dataset: Dataset, layout: Layout) -> tuple[Rows, list[Fault]]:
    """The rows of the records, and a fault for each filled row that is none."""
    sheet = header.sheet
    filled = sheet.filled
    filled[: header.row + 1] = False
    declared = filled & _begins(sheet, plain(layout.totals_row or ""))
    headers = filled & ~declared & _is_header(header)
    totals = filled & ~declared & ~headers & _begins(sheet, "total", TOTAL) & _incomplete(header, dataset, layout)
    rows = filled & ~declared & ~headers & ~totals
    notes = _trailing_notes(sheet, header, np.flatnonzero(rows)) if sheet.source is None else np.flatnonzero(rows)[:0]
    rows[notes] = False
    left_out = [
        *(
            fault_of(TOTALS_ROW, Address(dataset.id, sheet.file, sheet.name, row + 1), "a totals row")
            for row in np.flatnonzero(declared).tolist()
        ),
        *_left_out(HEADER_REPEATED, sheet, dataset, np.flatnonzero(headers), "headers repeated inside the table"),
        *_left_out(TOTALS_ROW_UNDECLARED, sheet, dataset, np.flatnonzero(totals), UNDECLARED),
        *_left_out(FOOTNOTE, sheet, dataset, notes, "text in one cell below the table"),
        *(
            fault_of(FOOTNOTE, Address(dataset.id, sheet.file, sheet.name, header.row + 1, letter_of(position)), BESIDE)
            for position, cell in enumerate(header.cells)
            if cell in header.notes
        ),
    ]
    return np.flatnonzero(rows), sorted(left_out, key=lambda fault: fault.row)


def _begins(sheet: RawSheet, word: str, pattern: re.Pattern[str] | None = None) -> Mask:
    """True for each row whose first cell that is not blank begins with a word, or by a pattern that has this word."""
    pattern = pattern or re.compile(re.escape(word) if word else "(?!)")
    rare = word.split(" ")[0]  # most texts do not have it: a quick look saves the slow one
    begins, seen = np.zeros(sheet.height, dtype=np.bool_), np.zeros(sheet.height, dtype=np.bool_)
    for column in sheet.columns:
        if seen.all():
            break
        matches = np.array(
            [rare in text.casefold() and pattern.match(plain(text)) is not None for _, text in column.distinct],
            dtype=np.bool_,
        )
        begins |= matches[column.numbers] & column.filled & ~seen
        seen |= column.filled
    return begins


def _is_header(header: Header) -> Mask:
    """True for each row that has the same texts as one of the header rows in every column that is read."""
    found = np.zeros(header.sheet.height, dtype=np.bool_)
    for row in range(header.first_row, header.row + 1):
        found |= _same_as(header, row)
    return found


def _same_as(header: Header, row: int) -> Mask:
    same = np.ones(header.sheet.height, dtype=np.bool_)
    read = [header.sheet.columns[position] for position in sorted(set(header.positions.values()))]
    columns = [(column, plain(column[row][1])) for column in read]
    for column, wanted in sorted(columns, key=lambda pair: len(pair[0].distinct)):
        if not same[header.row + 1 :].any():
            break
        same &= np.array([plain(text) == wanted for _, text in column.distinct], dtype=np.bool_)[column.numbers]
    return same


def _incomplete(header: Header, dataset: Dataset, layout: Layout) -> Mask:
    """True for each row in which a cell is blank that every record must have."""
    incomplete = np.zeros(header.sheet.height, dtype=np.bool_)
    for name, position in header.positions.items():
        if name in dataset.by_name and dataset.by_name[name].filled:
            column, words = header.sheet.columns[position], layout.blank_words(name)
            blank = [kind == NOTHING[0] or as_compared(text) in words for kind, text in column.distinct]
            incomplete |= np.array(blank, dtype=np.bool_)[column.numbers]
    return incomplete


def _trailing_notes(sheet: RawSheet, header: Header, rows: Rows) -> Rows:
    """The last rows as far as each has one filled cell only, a text."""
    if len(header.positions) < NARROWEST:
        return rows[:0]
    counts = np.zeros(sheet.height, dtype=np.int64)
    for column in sheet.columns:
        counts += column.filled
    several = np.flatnonzero(counts[rows] > 1)
    last = rows[several[-1]] if len(several) else header.row
    return np.array([row for row in rows[rows > last].tolist() if _only_cell(sheet, row) == TEXT], dtype=np.int64)


def _only_cell(sheet: RawSheet, row: int) -> str:
    return next(kind for kind, _ in (column[row] for column in sheet.columns) if kind != NOTHING[0])


def _left_out(rule: Rule, sheet: RawSheet, dataset: Dataset, rows: Rows, found: str) -> list[Fault]:
    faults = []
    for number, row in enumerate(rows[:LISTED].tolist(), 1):
        more = f"; and {len(rows) - LISTED} more rows below it" if number == LISTED < len(rows) else ""
        faults.append(fault_of(rule, Address(dataset.id, sheet.file, sheet.name, row + 1), found + more))
    return faults


def stray_cells(header: Header, rows: Rows, dataset: Dataset) -> list[Fault]:
    """Cells beside or inside the table that have no header above them."""
    sheet = header.sheet
    faults: list[Fault] = []
    for position, column in enumerate(sheet.columns):
        if header.cells[position] != NOTHING:
            continue
        stray = rows[column.filled[rows]].tolist()
        found = [shape_of(*column[row]) for row in stray[:LISTED]]
        if len(stray) > LISTED:
            found[-1] += f"; and {len(stray) - LISTED} more cells below it"
        letter = letter_of(position)
        faults += [
            fault_of(CELL_WITHOUT_HEADER, Address(dataset.id, sheet.file, sheet.name, row + 1, letter), shape)
            for row, shape in zip(stray, found, strict=False)
        ]
    return sorted(faults, key=lambda fault: fault.row)
