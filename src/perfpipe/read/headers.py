"""Which sheet and which row of a file have a layout's headers, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfpipe.datasets.definition import Dataset
from perfpipe.faults.fault import Address, Fault, fault_of, shape_of
from perfpipe.read.formats.delimited_text import DELIMITERS, HEADER_SEARCH_ROWS, plain
from perfpipe.read.header_names import columns_of, header_names, is_among
from perfpipe.read.raw_cells import BLANK, TEXT, Cell, RawSheet, Row
from perfpipe.read.turned_sheet import is_note
from perfpipe.rules.tables import (
    COLUMN_MISSING,
    COLUMN_REPEATED,
    COLUMN_UNMAPPED,
    COLUMN_UNMAPPED_IN_STANDARD,
    HEADER_BY_OTHER_DELIMITER,
    HEADER_MISSING,
    SHEET_AMBIGUOUS,
    SHEET_MISSING,
)
from perfpipe.settings.layouts import NO_HEADER, TIME_OF, Layout

Accepted = dict[str, list[str]]  # by the header, as `plain` has it, the columns that it feeds
LONGEST_HEADER = 80  # a longer text is no header: it is not shown


@dataclass(frozen=True, eq=False)
class Header:
    """The headers of a table: the sheet, the number of the last header row from 0, the names, where each column is.

    `first_row`: where several rows of headers stand above each other, the first of them. `notes`: texts beside the
    names of a turned sheet that name nothing. `missing` and `twice`: columns that the layout maps.
    """

    sheet: RawSheet
    row: int
    first_row: int
    cells: Row
    positions: dict[str, int]
    unmapped: list[Cell]
    repeated: list[Cell]
    notes: list[Cell]
    missing: list[str]
    twice: list[str]

    @property
    def unsure(self) -> frozenset[str]:
        """The columns that the layout maps and of which nothing can be said, each with the time that belongs to it."""
        return frozenset(part for name in (*self.missing, *self.twice) for part in (name, name.removeprefix(TIME_OF)))


def find_header(sheets: list[RawSheet], name: str, dataset: Dataset, layout: Layout) -> Header | Fault:
    """The one sheet that has every column the layout needs, and its header row; else the nearest; or what stops it."""
    wanted = {plain(sheet) for sheet in layout.sheets}
    named = [sheet for sheet in sheets if not wanted or plain(sheet.name) in wanted]
    if not named:
        detail = f"no sheet named {' or '.join(layout.sheets)}; found {sheet_names(sheets)}"
        return fault_of(SHEET_MISSING, Address(dataset.id, name), detail)
    accepted: Accepted = {}
    mapped = {column.name: layout.headers(column.name) for column in dataset.columns} | layout.apart
    for column, names in mapped.items():
        for text in dict.fromkeys(map(plain, names)):
            accepted.setdefault(text or plain(NO_HEADER), []).append(column)
    rows = [(sheet, _header_row(sheet, accepted, layout)) for sheet in named]
    needed = _needed(dataset, layout)
    headers = [_header(sheet, row, accepted, needed, layout) for sheet, row in rows if row is not None]
    complete = [header for header in headers if not header.missing]
    if len(complete) > 1:
        detail = f"{len(complete)} sheets match: {sheet_names([header.sheet for header in complete])}"
        return fault_of(SHEET_AMBIGUOUS, Address(dataset.id, name), detail)
    if complete:
        return complete[0]
    near = max(headers, key=lambda header: len(header.positions), default=None)
    if near is None or not near.positions:
        return _no_header(named, name, dataset, layout)
    return near


def sheet_names(sheets: Sequence[RawSheet]) -> str:
    """Names of sheets as messages list them."""
    return ", ".join(repr(s.name) + ("" if s.visible else " (hidden)") for s in sheets) or "none"


def _header_row(sheet: RawSheet, accepted: Accepted, layout: Layout) -> int | None:
    """The row (from 0) that has the layout's headers: the declared one, else the best of the first rows."""
    if layout.header_row is not None:
        return layout.header_row - 1 if layout.header_row <= sheet.height else None
    best, best_count = None, 1
    for number in range(min(sheet.height, HEADER_SEARCH_ROWS)):
        names = header_names(sheet, number, layout.header_rows)
        known = {name for _, text in names for name in columns_of(text, accepted)}
        if len(known) > best_count:
            best, best_count = number, len(known)
    return best


def _header(sheet: RawSheet, row: int, accepted: Accepted, needed: Sequence[str], layout: Layout) -> Header:
    ignored = {plain(text) for text in layout.ignore}
    names = header_names(sheet, row, layout.header_rows)
    header = Header(sheet, row, max(row - layout.header_rows + 1, 0), names, {}, [], [], [], [], [])
    for position, (kind, text) in enumerate(header.cells):
        columns = columns_of(text, accepted)
        if any(column in header.positions for column in columns):
            header.repeated.append((kind, text))
            header.twice.extend(columns)
        elif columns:
            header.positions.update(dict.fromkeys(columns, position))
        elif kind != BLANK and not is_among(text, ignored):
            (header.notes if is_note(sheet, position) else header.unmapped).append((kind, text))
    header.missing.extend(name for name in needed if name not in header.positions)
    return header


def _needed(dataset: Dataset, layout: Layout) -> list[str]:
    columns = [column for column in dataset.columns if layout.headers(column.name)]
    return [column.name for column in columns if column.required or not layout.is_standard] + list(layout.apart)


def _no_header(named: list[RawSheet], name: str, dataset: Dataset, layout: Layout) -> Fault:
    if layout.header_row is not None:
        where = f"in row {layout.header_row}, where the layout says they are"
    else:
        where = f"in the first {HEADER_SEARCH_ROWS} rows"
    joined = f", joined from {layout.header_rows} rows as 'Group / Name'," if layout.header_rows > 1 else ""
    of = sheet_names(named) if named[0].name else "the file"
    detail = f"no row with the layout's headers{joined} {where}, of {of}"
    at = Address(dataset.id, name)
    other = _other_delimiter(named[0], layout)  # of a declared delimiter that is wrong
    if other:
        detail += f"; values seem to be separated by {other!r}"
        return fault_of(HEADER_BY_OTHER_DELIMITER, at, detail, other=other, declared=layout.delimiter)
    return fault_of(HEADER_MISSING, at, detail, layout=layout.name)


def _other_delimiter(sheet: RawSheet, layout: Layout) -> str | None:
    """The delimiter that a CSV file seems to have, when its rows hold one value each."""
    if sheet.widths is None or len(sheet.columns) != 1 or layout.delimiter is None:
        return None
    texts = [text for _, text in sheet.columns[0][:HEADER_SEARCH_ROWS]]
    counts = {mark: sum(mark in text for text in texts) for mark in DELIMITERS if mark != layout.delimiter}
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] * 2 > len(texts) else None


def sheet_faults(header: Header, dataset: Dataset, layout: Layout) -> list[Fault]:
    """Columns that are missing, that the layout does not know, or that are there twice: each stops.

    As many unknown ones as are missing are these under another name, which is one fault.
    """
    faults = []
    at = Address(dataset.id, header.sheet.file, header.sheet.name, header.row + 1)
    if header.missing:
        faults.append(fault_of(COLUMN_MISSING, at, _missing_found(header, layout)))
    if len(header.unmapped) > len(header.missing):
        found = f"{shown(header.unmapped, header)}; the headers are {shown(header.cells, header)}"
        rule = COLUMN_UNMAPPED_IN_STANDARD if layout.is_standard else COLUMN_UNMAPPED
        faults.append(fault_of(rule, at, f"columns that the layout does not mention: {found}"))
    if header.repeated:
        found = f"two columns for the same thing: {shown(header.repeated, header)}"
        faults.append(fault_of(COLUMN_REPEATED, at, found))
    return faults


def _missing_found(header: Header, layout: Layout) -> str:
    missing = "; ".join(
        f"{name} (expected {' or '.join(map(repr, layout.apart.get(name) or layout.headers(name)))})"
        for name in header.missing
    )
    unmapped = f"headers that the layout does not mention: {shown(header.unmapped, header)}; "
    others = unmapped if header.unmapped else ""
    return f"no column for {missing}; {others}the headers are {shown(header.cells, header)}"


def shown(cells: list[Cell], header: Header) -> str:
    """Headers as messages list them; in a row without two known headers, which may be a record, by shape only."""
    known = {header.cells[position] for position in header.positions.values()}
    trusted = len(header.positions) >= 2
    texts = []
    for kind, text in cells:
        if kind == BLANK:
            continue
        plainly = (kind, text) in known or (trusted and kind == TEXT and len(text) <= LONGEST_HEADER)
        texts.append(repr(" ".join(text.split())) if plainly else f"({shape_of(kind, text)})")
    return ", ".join(texts)
