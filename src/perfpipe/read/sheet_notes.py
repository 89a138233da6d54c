"""What is said of a file or sheet as a whole: merged cells, what is hidden, ragged rows, and how it was read."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from perfpipe.datasets.definition import Dataset
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.read.formats.container import letter_of
from perfpipe.read.formats.delimited_text import plain
from perfpipe.read.headers import Header, sheet_names
from perfpipe.read.raw_cells import RawSheet
from perfpipe.read.record_rows import LISTED, Rows
from perfpipe.rules.tables import (
    CELLS_MERGED,
    COLUMNS_HIDDEN,
    DATES_FROM_1904,
    ENCODING_FOUND_OUT,
    ERRORS_NOT_SEEN,
    INVISIBLE_SIGNS,
    LAST_LINE_UNFINISHED,
    MACROS_IGNORED,
    ROW_RAGGED,
    ROWS_HIDDEN,
    SHEET_HIDDEN,
    SHEET_NOT_READ,
)
from perfpipe.settings.layouts import Layout

NOTES = {  # by the id of its rule what was found; {suffix} is the ending of the file's name
    rule.id: (rule, found)
    for rule, found in (
        (MACROS_IGNORED, "macros, which were not run"),
        (DATES_FROM_1904, "a workbook that counts its days from 1904"),
        (ERRORS_NOT_SEEN, "a {suffix} file in which an Excel error such as #REF! looks like a blank cell"),
        (ENCODING_FOUND_OUT, "text that is not UTF-8; it was read as cp1252, the encoding of Windows in England"),
        (LAST_LINE_UNFINISHED, "no line break at the end of the last line"),
    )
}


def ragged_rows(sheet: RawSheet, header: Header, rows: Rows, dataset: Dataset) -> list[Fault]:
    """Rows of a CSV file that are longer or shorter than its header."""
    if sheet.widths is None:
        return []
    expected = int(sheet.widths[header.row])
    odd = rows[sheet.widths[rows] != expected].tolist()
    faults = []
    for row in odd[:LISTED]:
        found = f"{sheet.widths[row]} values where the header has {expected}"
        faults.append(fault_of(ROW_RAGGED, Address(dataset.id, sheet.file, row=row + 1), found))
    if len(odd) > LISTED:
        more = f"{len(odd) - LISTED} more such rows"
        faults.append(fault_of(ROW_RAGGED, Address(dataset.id, sheet.file), more))
    return faults


def stopping_merges(header: Header, rows: Rows, dataset: Dataset) -> list[Fault]:
    """Merged cells among the headers and records of the columns that are read: all but the first would be blank."""
    table = np.append(rows, header.row)
    positions = header.positions.values()
    turned = header.sheet.source is not None
    ranges = [
        f"{letter_of(first)}{left + 1}:{letter_of(last)}{right + 1}"
        if turned
        else f"{letter_of(left)}{first + 1}:{letter_of(right)}{last + 1}"
        for first, left, last, right in header.sheet.merged
        if (first, left) != (last, right)
        and not (header.first_row < header.row and header.first_row <= first and last <= header.row)
        and ((first <= table) & (table <= last)).any()
        and any(left <= position <= right for position in positions)
    ]
    if not ranges:
        return []
    more = f" and {len(ranges) - LISTED} more" if len(ranges) > LISTED else ""
    found = f"merged cells in the table: {', '.join(ranges[:LISTED])}{more}"
    return [fault_of(CELLS_MERGED, Address(dataset.id, header.sheet.file, header.sheet.name), found)]


def whole_rows(header: Header, rows: Rows) -> Rows:
    """The rows that are as long as their header and that no merged cell touches."""
    sheet, whole = header.sheet, np.ones(len(rows), dtype=np.bool_)
    if sheet.widths is not None:
        whole &= sheet.widths[rows] == sheet.widths[header.row]
    for first, _, last, _ in sheet.merged:
        whole &= (rows < first) | (rows > last)
    return rows[whole]


def sheet_notes(header: Header, rows: Rows, dataset: Dataset, layout: Layout) -> list[Fault]:
    """Faults of the file as a whole, and what of the table is hidden. Hidden or not, it is read."""
    sheet = header.sheet
    suffix = Path(sheet.file).suffix.lower()
    at = Address(dataset.id, sheet.file, sheet.name)
    faults = []
    for note in sheet.notes:
        rule, found = NOTES[note]
        row = int(rows.max()) + 1 if rule is LAST_LINE_UNFINISHED and len(rows) else 0
        faults.append(fault_of(rule, replace(at, row=row), found.format(suffix=suffix)))
    if not sheet.visible:
        why = "the layout names it" if layout.sheets else "no other has the layout's headers"
        faults.append(fault_of(SHEET_HIDDEN, at, f"a hidden sheet, used because {why}"))
    return faults + _hidden(header, rows, at) + _invisible(header, rows, at)


def _hidden(header: Header, rows: Rows, at: Address) -> list[Fault]:
    """Records and columns of the table that are hidden; in a turned sheet records are columns of the source."""
    sheet, faults = header.sheet, []
    hidden = np.intersect1d(rows, np.asarray(sheet.hidden_rows, dtype=np.int64))
    columns = np.array(sorted(set(sheet.hidden_columns) & set(header.positions.values())), dtype=np.int64)
    if sheet.source is not None:
        hidden, columns = columns, hidden
    if len(hidden):
        of_all = f"{len(hidden)} of {len(rows)} records in " if sheet.source is None else ""
        found = f"{of_all}hidden rows, by hand or by a filter: {_spans(hidden + 1)}"
        faults.append(fault_of(ROWS_HIDDEN, at, found))
    if len(columns):
        letters = ", ".join(map(letter_of, columns.tolist()))
        faults.append(fault_of(COLUMNS_HIDDEN, at, f"hidden columns: {letters}"))
    return faults


def _invisible(header: Header, rows: Rows, at: Address) -> list[Fault]:
    """For each column that is read, how many of its cells had signs that nobody sees."""
    faults = []
    for position in sorted(set(header.positions.values()) & set(header.sheet.signs)):
        signs = header.sheet.signs[position]
        cells = int(signs.rows[rows].sum())
        parts = ["the header"] if signs.rows[header.first_row : header.row + 1].any() else []
        parts += [count_of(cells, "cell")] if cells else []
        if parts:
            column = f"{letter_of(position)} ({' '.join(header.cells[position][1].split())})"
            found = f"{' and '.join(parts)} with signs that cannot be seen: {signs.names}"
            faults.append(fault_of(INVISIBLE_SIGNS, replace(at, column=column), found))
    return faults


def sheets_not_read(sheets: Sequence[RawSheet], read: Collection[str], dataset: Dataset, layout: Layout) -> list[Fault]:
    """The sheets with a table that a layout which names its sheets does not name; `read`: those that were."""
    known = {plain(name) for name in read}
    ignored = [plain(pattern) for pattern in (*layout.sheet_patterns, *layout.ignore_sheets)]
    others = [
        sheet
        for sheet in sheets
        if plain(sheet.name) not in known
        and not any(fnmatch.fnmatchcase(plain(sheet.name), pattern) for pattern in ignored)
        and _is_table(sheet)
    ]
    if not others:
        return []
    found = f"sheets that no layout names: {sheet_names(others)}"
    return [fault_of(SHEET_NOT_READ, Address(dataset.id, others[0].file), found)]


def _is_table(sheet: RawSheet) -> bool:
    """Whether a sheet has two rows of two cells or more: a title page has not."""
    counts = np.zeros(sheet.height, dtype=np.int64)
    for column in sheet.columns:
        counts += column.filled
    return int((counts > 1).sum()) > 1


def _spans(rows: Rows) -> str:
    """Row numbers as one writes them: 3 to 7, 9."""
    ends = np.flatnonzero(np.diff(rows) > 1)
    firsts, lasts = rows[np.append(0, ends + 1)].tolist(), rows[np.append(ends, len(rows) - 1)].tolist()
    texts = [str(a) if a == b else f"{a} to {b}" for a, b in zip(firsts, lasts, strict=True)]
    return "rows " + ", ".join(texts[:LISTED]) + (" and more" if len(texts) > LISTED else "")
