"""Which rows under the headers are records. Every other row that is filled is left out by a rule with a name."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from perfpipe.datasets.definition import Dataset, Severity
from perfpipe.faults.fault import Fault, shape_of
from perfpipe.read.formats.container import letter_of
from perfpipe.read.formats.delimited_text import plain
from perfpipe.read.headers import Header
from perfpipe.read.raw_cells import NOTHING, TEXT, Mask, RawSheet
from perfpipe.settings.layouts import Layout

Rows = npt.NDArray[np.int64]  # row numbers from 0
LISTED = 20  # faults of one kind, before the rest is only counted
TOTAL = re.compile(r"(?:grand |overall |sub[ -]?)?totals?\b")
NARROWEST = 3  # columns of a table in which a row with one filled cell is no record


def records_of(header: Header, dataset: Dataset, layout: Layout) -> tuple[Rows, list[Fault]]:
    """The rows of the records, and a fault for each filled row that is none."""
    sheet = header.sheet
    filled = sheet.filled
    filled[: header.row + 1] = False
    declared = filled & _begins(sheet, plain(layout.totals_row or ""))
    headers = filled & ~declared & _is_header(header)
    totals = filled & ~declared & ~headers & _begins(sheet, "total", TOTAL) & _incomplete(header, dataset)
    rows = filled & ~declared & ~headers & ~totals
    notes = _trailing_notes(sheet, header, np.flatnonzero(rows))
    rows[notes] = False
    left_out = [
        *(_declared_total(sheet, dataset, row) for row in np.flatnonzero(declared).tolist()),
        *_left_out(sheet, dataset, np.flatnonzero(headers), *REPEATED),
        *_left_out(sheet, dataset, np.flatnonzero(totals), *UNDECLARED),
        *_left_out(sheet, dataset, notes, *FOOTNOTE),
    ]
    return np.flatnonzero(rows), sorted(left_out, key=lambda fault: fault.row)


REPEATED = (
    "header_repeated", "the headers again, inside the table", "one row of headers, above the records",
    "Remove the row, or export without page headings. It was not counted as a record.",
)  # fmt: skip
UNDECLARED = (
    "totals_row_undeclared", "a row that begins with 'Total' and is no complete record", "records",
    "Set `totals_row` in the layout if the source always writes one, or remove the row. It is not a record.",
)  # fmt: skip
FOOTNOTE = (
    "footnote", "a text in one cell below the table", "records",
    "Nothing, if it is a note; complete the row if it is a record. It was not counted as one.",
)  # fmt: skip


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
    """True for each row that has the same texts as the header row in every column that is read."""
    same = np.ones(header.sheet.height, dtype=np.bool_)
    columns = [(header.sheet.columns[p], plain(header.cells[p][1])) for p in header.positions.values()]
    for column, wanted in sorted(columns, key=lambda pair: len(pair[0].distinct)):
        if not same[header.row + 1 :].any():
            break
        same &= np.array([plain(text) == wanted for _, text in column.distinct], dtype=np.bool_)[column.numbers]
    return same


def _incomplete(header: Header, dataset: Dataset) -> Mask:
    """True for each row in which a cell is blank that every record must have."""
    incomplete = np.zeros(header.sheet.height, dtype=np.bool_)
    for name, position in header.positions.items():
        if dataset.by_name[name].filled:
            incomplete |= ~header.sheet.columns[position].filled
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


def _declared_total(sheet: RawSheet, dataset: Dataset, row: int) -> Fault:
    return Fault(
        dataset=dataset.id, file=sheet.file, sheet=sheet.name, row=row + 1, column="",
        rule="totals_row", severity=Severity.INFO, found="a totals row", expected="records",
        what_to_do="Nothing: the layout says that such rows are no records.",
    )  # fmt: skip


def _left_out(
    sheet: RawSheet, dataset: Dataset, rows: Rows, rule: str, found: str, expected: str, what_to_do: str
) -> list[Fault]:
    faults = []
    for number, row in enumerate(rows[:LISTED].tolist(), 1):
        more = f"; and {len(rows) - LISTED} more rows below it" if number == LISTED < len(rows) else ""
        faults.append(
            Fault(
                dataset.id, sheet.file, sheet.name, row + 1, "", rule, Severity.WARN, found + more, expected, what_to_do
            )
        )  # fmt: skip
    return faults


def stray_cells(header: Header, rows: Rows, dataset: Dataset) -> list[Fault]:
    """Cells beside or inside the table that no header stands over."""
    sheet, faults = header.sheet, []
    for position, column in enumerate(sheet.columns):
        if header.cells[position] != NOTHING:
            continue
        stray = rows[column.filled[rows]].tolist()
        found = [shape_of(*column[row]) for row in stray[:LISTED]]
        if len(stray) > LISTED:
            found[-1] += f"; and {len(stray) - LISTED} more cells below it"
        for row, shape in zip(stray, found, strict=False):
            faults.append(
                Fault(
                    dataset.id, sheet.file, sheet.name, row + 1, letter_of(position), "cell_without_header",
                    Severity.WARN, shape, "cells under the table's headers only",
                    "Give the column a header, or clear the cell. It was not used.",
                )
            )  # fmt: skip
    return sorted(faults, key=lambda fault: fault.row)
