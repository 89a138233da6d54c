"""Read: the files of an extract into raw cells, column by column, indexed by the source's own row numbers.

Nothing is interpreted here beyond finding the sheet and the header row: typing is `validate.py`'s work.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from perfpipe.datasets.definition import Dataset
from perfpipe.faults.fault import Address, Fault, fault_of, shape_of
from perfpipe.read.ambiguous_columns import column_faults
from perfpipe.read.child_process import Parser, Unreadable
from perfpipe.read.clean_cells import cleaned
from perfpipe.read.companion_sheet import born_on, companion_in
from perfpipe.read.formats.container import letter_of, position_of
from perfpipe.read.formats.delimited_text import plain
from perfpipe.read.header_names import parts_of
from perfpipe.read.headers import Header, find_header, sheet_faults
from perfpipe.read.kept_cells import holds_kept_cells, sheets_kept
from perfpipe.read.raw_cells import NOTHING, Cell, RawSheet
from perfpipe.read.raw_table import RawTable
from perfpipe.read.record_rows import Rows, records_of, stray_cells
from perfpipe.read.seen_columns import seen_columns
from perfpipe.read.sheet_notes import ragged_rows, sheet_notes, sheets_not_read, stopping_merges, whole_rows
from perfpipe.read.split_times import with_times
from perfpipe.read.turned_sheet import turned_sheet
from perfpipe.rules.containers import FORMAT_UNKNOWN, SPREADSHEETS, TEXTS
from perfpipe.rules.tables import HEADER_FILE
from perfpipe.settings.layouts import Layout


def read_file(path: Path, name: str, dataset: Dataset, layout: Layout, parser: Parser) -> RawTable:
    """The records of one file by its layout. Faults of severity `stop` come back in `faults`, with no records."""
    try:
        sheets = sheets_of(path, name, dataset, layout, parser)
    except Unreadable as problem:
        return no_table(name, fault_of(problem.rule, Address(dataset.id, name), problem.detail))
    return table_in(sheets, name, dataset, layout)


def table_in(sheets: list[RawSheet], name: str, dataset: Dataset, layout: Layout) -> RawTable:
    """The records of the sheet, of several, that has the layout's headers."""
    found = find_header(sheets, name, dataset, layout)
    if isinstance(found, Fault):
        return no_table(name, found)
    if faults := sheet_faults(found, dataset, layout):
        return dataclasses.replace(no_table(name, *faults), unused=_unused(found, dataset, layout))
    table = _table(found, dataset, layout)
    if layout.sheets:
        table.faults.extend(sheets_not_read(sheets, [found.sheet.name], dataset, layout))
    companion = companion_in(sheets, found.sheet, layout) if table.columns else None
    if companion is not None:
        table = _with_birth_dates(table, companion, dataset, layout)
    return table


def sheets_of(path: Path, name: str, dataset: Dataset, layout: Layout, parser: Parser) -> list[RawSheet]:
    """The sheets of a file, turned where its layout says so; a CSV file is one. Raises Unreadable."""
    clean = [cleaned(sheet) for sheet in delivered_sheets(path, name, dataset, layout, parser)]
    return [turned_sheet(sheet, dataset, layout) for sheet in clean] if layout.turned else clean


def delivered_sheets(path: Path, name: str, dataset: Dataset, layout: Layout, parser: Parser) -> list[RawSheet]:
    """The sheets of a file as they were delivered, or what is kept of them. Raises Unreadable."""
    if holds_kept_cells(path):
        return sheets_kept(path, name)
    suffix = Path(name).suffix.lower()
    if suffix in SPREADSHEETS:
        return parser.sheets(path, name, os.environ.get(layout.password_env, ""))
    if suffix in TEXTS:
        names = [*(layout.headers(column.name) for column in dataset.columns), *layout.times.values()]
        headers = [parts_of(each, layout.header_rows) for each in names]
        return [parser.texts(path, name, layout, suffix == ".tsv", headers)]
    raise Unreadable(FORMAT_UNKNOWN, f"the format {suffix or 'of a name with no ending'} cannot be read")


def _unused(header: Header, dataset: Dataset, layout: Layout) -> RawTable | None:
    """The records under headers that stop, in the columns that are there once; None of what may be another table."""
    sure = {name: position for name, position in header.positions.items() if name not in header.unsure}
    if len(sure) <= len(header.missing):
        return None
    table = _table(dataclasses.replace(header, positions=sure), dataset, layout)
    left = table.unused or table
    faults = [*table.faults, *left.faults] if table.unused else table.faults
    return dataclasses.replace(left, faults=faults, unsure=header.unsure)


def _table(header: Header, dataset: Dataset, layout: Layout) -> RawTable:
    sheet = header.sheet
    rows, left_out = records_of(header, dataset, layout)
    stops = ragged_rows(sheet, header, rows, dataset) + stopping_merges(header, rows, dataset)
    if stops:
        whole = _records(header, whole_rows(header, rows), left_out, dataset, layout)
        return dataclasses.replace(no_table(sheet.file, *stops), unused=whole)
    return _records(header, rows, left_out, dataset, layout)


def _records(header: Header, rows: Rows, left_out: Sequence[Fault], dataset: Dataset, layout: Layout) -> RawTable:
    sheet = header.sheet
    every = RawTable(
        file=sheet.file,
        sheet=sheet.name,
        rows=(rows + 1).tolist(),
        columns={name: sheet.columns[p].take(rows) for name, p in header.positions.items()},
        headers={name: " ".join(header.cells[p][1].split()) for name, p in header.positions.items()},
        letters={name: letter_of(position) for name, position in header.positions.items()},
        extracted_at=_named_cell(sheet, layout),
        faults=[*sheet_notes(header, rows, dataset, layout), *stray_cells(header, rows, dataset), *left_out],
        seen=seen_columns(header.cells, sheet.columns, rows, header.positions),
    )
    times = {name: every.columns.pop(name) for name in layout.apart if name in every.columns}
    table = dataclasses.replace(every, faults=every.faults + column_faults(every, dataset, layout))
    return with_times(table, dataclasses.replace(every, columns=times), layout)


def with_companion(
    table: RawTable, path: Path, name: str, dataset: Dataset, layout: Layout, parser: Parser
) -> RawTable:
    """The records with the dates of birth of the national header file, put beside each by the child's number."""
    if table.unused:
        unused = with_companion(table.unused, path, name, dataset, layout, parser)
        return dataclasses.replace(table, unused=unused)
    if "child_id" not in table.columns or "dob" in table.columns:
        return table
    at = Address(dataset.id, name)
    try:
        sheets = companion_sheets(path, name, layout, parser)
    except Unreadable as problem:
        fault = fault_of(HEADER_FILE, at, f"{problem.rule.id}: {problem.detail}")
        return dataclasses.replace(table, faults=[*table.faults, fault])
    sheets = [cleaned(sheet) for sheet in sheets]
    companion = sheets[0] if len(sheets) == 1 else companion_in(sheets, None, layout)
    if companion is None:
        fault = fault_of(HEADER_FILE, at, "no sheet with columns CHILD and DOB")
        return dataclasses.replace(table, faults=[*table.faults, fault])
    return _with_birth_dates(table, companion, dataset, layout)


def companion_sheets(path: Path, name: str, layout: Layout, parser: Parser) -> list[RawSheet]:
    """The sheets of a file beside an extract as they were delivered, or what is kept of them. Raises Unreadable."""
    if holds_kept_cells(path):
        return sheets_kept(path, name)
    suffix = Path(name).suffix.lower()
    if suffix in TEXTS:
        return [parser.texts(path, name, layout, suffix == ".tsv", [["child"], ["dob"], ["sex"], ["upn"]])]
    return parser.sheets(path, name, os.environ.get(layout.password_env, ""))


def _with_birth_dates(table: RawTable, companion: RawSheet, dataset: Dataset, layout: Layout) -> RawTable:
    if "dob" in table.columns:
        return table
    cells, faults = born_on(companion, table.columns["child_id"], dataset)
    if cells is None:
        return dataclasses.replace(table, faults=table.faults + faults)
    where = companion.name or companion.file
    born = dataclasses.replace(
        table,
        columns=table.columns | {"dob": cells},
        headers=table.headers | {"dob": "DOB"},
        letters=table.letters | {"dob": where},
        faults=table.faults + faults,
    )
    only = dataclasses.replace(born, columns={"dob": cells}, extracted_at=None)
    return dataclasses.replace(born, faults=born.faults + column_faults(only, dataset, layout))


def _named_cell(sheet: RawSheet, layout: Layout) -> Cell | None:
    if layout.extracted_at is None or layout.extracted_at.cell is None:
        return None
    sheet = sheet.source or sheet
    match = re.fullmatch(r"([A-Z]+)(\d+)", layout.extracted_at.cell)
    assert match is not None
    row, position = int(match[2]) - 1, position_of(match[1])
    there = row < sheet.height and position < len(sheet.columns)
    return sheet.columns[position][row] if there else NOTHING


def no_table(file: str, *faults: Fault) -> RawTable:
    """What is read of a file with faults that stop it: no records."""
    return RawTable(file, "", [], {}, {}, {}, faults=list(faults))


def date_in_name(name: str, pattern: str) -> datetime | None:
    """The local time that a file name carries, by a pattern with groups year, month, day (hour, minute)."""
    match = re.search(pattern, name)
    if not match:
        return None
    part = {key: value for key, value in match.groupdict().items() if value is not None}
    time = f"{part.get('hour', '0'):0>2}:{part.get('minute', '0'):0>2}"
    try:
        return datetime.fromisoformat(f"{part['year']}-{part['month']:0>2}-{part['day']:0>2}T{time}")
    except (ValueError, KeyError):
        return None


__all__ = [
    "Parser",
    "Unreadable",
    "date_in_name",
    "letter_of",
    "plain",
    "position_of",
    "read_file",
    "shape_of",
    "with_companion",
]
