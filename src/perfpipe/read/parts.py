"""An extract in parts, several files or sheets: each is read by itself, then their records are put together."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from perfpipe.datasets.definition import Dataset
from perfpipe.datasets.extract_part import ROWS_OF_A_PART, ExtractPart, part_and_row
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.read.child_process import Parser, Unreadable
from perfpipe.read.formats.delimited_text import plain
from perfpipe.read.raw_cells import BLANK, Cell, ColumnCells
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import no_table, read_file, sheets_of, table_in
from perfpipe.read.sheet_notes import sheets_not_read
from perfpipe.rules.arrivals import PART_MISSING, PART_REPEATED
from perfpipe.rules.extracts import PARTS_OVERLAP
from perfpipe.settings.layouts import Layout


def read_parts(files: Sequence[tuple[Path, str]], dataset: Dataset, layout: Layout, parser: Parser) -> list[RawTable]:
    """The parts of an extract as its layout names them, in that order: its files, or sheets of its only file."""
    if layout.sheet_parts:
        return _read_sheets(*files[0], dataset, layout, parser)
    return [read_file(path, name, dataset, layout, parser) for path, name in files]


def _read_sheets(path: Path, name: str, dataset: Dataset, layout: Layout, parser: Parser) -> list[RawTable]:
    try:
        sheets = sheets_of(path, name, dataset, layout, parser)
    except Unreadable as problem:
        return [no_table(name, fault_of(problem.rule, Address(dataset.id, name), problem.detail))]
    at = Address(dataset.id, name)
    tables, taken = [], dict[str, str]()
    for part, patterns in layout.sheet_parts.items():
        chosen = [sheet for sheet in sheets if _fits(sheet.name, patterns)]
        twice = [taken[sheet.name] for sheet in chosen if sheet.name in taken]
        taken |= {sheet.name: part for sheet in chosen}
        if not chosen:
            found = f"no sheet for the part {part!r} ({' or '.join(patterns)})"
            tables.append(no_table(name, fault_of(PART_MISSING, at, found, part=part)))
        elif len(chosen) > 1 or twice:
            both = f"the part {twice[0]!r}" if twice else f"another sheet, {chosen[-1].name!r}"
            found = f"the part {part!r} is the sheet {chosen[0].name!r}, which is also that of {both}"
            if not twice:
                found = f"the part {part!r} is the sheet {chosen[0].name!r} and {both}"
            tables.append(no_table(name, fault_of(PART_REPEATED, at, found)))
        else:
            tables.append(table_in(chosen, name, dataset, layout))
    tables[0].faults.extend(sheets_not_read(sheets, list(taken), dataset, layout))
    return tables


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(plain(name), plain(pattern)) for pattern in patterns)


def joined(tables: Sequence[RawTable]) -> RawTable:
    """The records of several parts as one table, with the numbers of their rows as `extract_part.py` says."""
    if len(tables) == 1 or any(not table.columns for table in tables):
        return replace(tables[0], faults=[fault for table in tables for fault in table.faults])
    files, sheets = (list(dict.fromkeys(each)) for each in zip(*((t.file, t.sheet) for t in tables), strict=True))
    folder = files[0].rpartition("/")[0]
    names = ", ".join(file.rpartition("/")[2] for file in files)
    parts = tuple(ExtractPart(t.file, t.sheet, {name: t.address_of(name) for name in t.columns}) for t in tables)
    return replace(
        tables[0],
        file=f"{folder}/{names}" if folder else names,
        sheet=", ".join(sheets),
        rows=[n * ROWS_OF_A_PART + row for n, table in enumerate(tables) for row in table.rows],
        columns={name: _together([ColumnCells.of(t.columns[name]) for t in tables]) for name in tables[0].columns},
        faults=[_numbered(fault, n, parts) for n, table in enumerate(tables) for fault in table.faults],
        parts=parts,
    )


def _together(cells: Sequence[ColumnCells]) -> ColumnCells:
    number: dict[Cell, int] = {}
    for column in cells:
        for cell in column.distinct:
            number.setdefault(cell, len(number))
    numbers = [np.array([number[cell] for cell in each.distinct], dtype=np.int32)[each.numbers] for each in cells]
    return ColumnCells(list(number), np.concatenate(numbers))


def _numbered(fault: Fault, position: int, parts: Sequence[ExtractPart]) -> Fault:
    if not fault.row:
        return fault
    column = _address_in(parts[0], fault.column, parts[position])
    return replace(fault, row=position * ROWS_OF_A_PART + fault.row, column=column)


def _address_in(part: ExtractPart, address: str, of: ExtractPart) -> str:
    """The address in one part of a column that another part has at an address."""
    name = next((name for name, there in of.columns.items() if there == address), "")
    return part.columns.get(name, address)


def placed(faults: Sequence[Fault], parts: Sequence[ExtractPart]) -> list[Fault]:
    """Faults of a joined table with the file, sheet, row and column of their own part."""
    return [_placed(fault, parts) if fault.row and parts else fault for fault in faults]


def _placed(fault: Fault, parts: Sequence[ExtractPart]) -> Fault:
    part, row = part_and_row(parts, fault.row)
    assert part is not None
    column = _address_in(part, fault.column, parts[0])
    return replace(fault, file=part.file, sheet=part.sheet, row=row, column=column)


def overlaps(table: RawTable, dataset: Dataset) -> list[Fault]:
    """Records that stand in two parts: one part was sent twice, or holds the records of another."""
    keys = [list(table.columns[name]) for name in dataset.key if name in table.columns]
    first: dict[tuple[str, ...], int] = {}
    twice: dict[tuple[int, int], int] = {}
    for number, *cells in zip(table.rows, *keys, strict=True):
        if any(kind == BLANK for kind, _ in cells):
            continue
        position = number // ROWS_OF_A_PART
        earlier = first.setdefault(tuple(text.strip() for _, text in cells), position)
        if earlier != position:
            twice[earlier, position] = twice.get((earlier, position), 0) + 1
    return [_overlap(table.parts[a], table.parts[b], dataset, count) for (a, b), count in twice.items()]


def _overlap(one: ExtractPart, other: ExtractPart, dataset: Dataset, count: int) -> Fault:
    where = one.file if one.file != other.file else f"the sheet {one.sheet}"
    found = f"{count} records with a key that {where} has too"
    return fault_of(PARTS_OVERLAP, Address(dataset.id, other.file, other.sheet), found, key=", ".join(dataset.key))
