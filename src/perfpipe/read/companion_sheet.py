"""The national header table beside the episodes: a file of its own, or a sheet of the same workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from perfpipe.datasets.definition import Dataset
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.read.formats.container import letter_of
from perfpipe.read.formats.delimited_text import HEADER_SEARCH_ROWS, plain
from perfpipe.read.raw_cells import BLANK, NOTHING, Cell, RawSheet
from perfpipe.read.record_rows import LISTED
from perfpipe.rules.tables import CHILDREN_NOT_IN_HEADER_FILE, HEADER_FILE, TWO_DATES_OF_BIRTH
from perfpipe.settings.layouts import Layout

NEEDED = {"child", "dob"}
TELLING = {"child", "dob", "sex"}  # the national Missing table has CHILD and DOB too


def companion_in(sheets: Sequence[RawSheet], main: RawSheet | None, layout: Layout) -> RawSheet | None:
    """The sheet with the header table: by a name that the layout gives, else the only one with its headers."""
    if main is not None and not layout.companion_sheet:
        return None
    others = [sheet for sheet in sheets if sheet is not main]
    wanted = {plain(name) for name in layout.companion_sheet}
    named = [sheet for sheet in others if plain(sheet.name) in wanted]
    matching = [sheet for sheet in others if header_row(sheet, TELLING) is not None]
    chosen = named or matching
    return chosen[0] if len(chosen) == 1 else None


def born_on(companion: RawSheet, children: Sequence[Cell], dataset: Dataset) -> tuple[list[Cell] | None, list[Fault]]:
    """The date of birth of each child, and what is wrong with the table. None: it cannot be used."""
    at = Address(dataset.id, companion.file, companion.name)
    row = header_row(companion, NEEDED)
    if row is None:
        return None, [fault_of(HEADER_FILE, at, "no columns CHILD and DOB")]
    header = [plain(text) for _, text in companion.row(row)]
    child, dob = (companion.columns[header.index(name)][row + 1 :] for name in ("child", "dob"))
    said: dict[str, dict[Cell, int]] = {}  # for each child the dates of birth, each with the first row that has it
    for number, ((kind, name), cell) in enumerate(zip(child, dob, strict=True), row + 2):
        if kind != BLANK:
            dates = said.setdefault(name.strip(), {})
            if cell[0] != BLANK:
                dates.setdefault(cell, number)
    column = f"{letter_of(header.index('dob'))} (DOB)"
    faults = _several_dates([list(dates.values()) for dates in said.values() if len(dates) > 1], at, column)
    unknown = len({text.strip() for kind, text in children if kind != BLANK} - said.keys())
    found = f"{unknown} children of the episodes are not in it"
    faults += [fault_of(CHILDREN_NOT_IN_HEADER_FILE, at, found)] if unknown else []
    born = {name: next(iter(dates)) for name, dates in said.items() if len(dates) == 1}
    return [born.get(text.strip(), NOTHING) for _, text in children], faults


def _several_dates(children: Sequence[Sequence[int]], at: Address, column: str) -> list[Fault]:
    """A fault for each child with several dates of birth, at the last of the rows that say them."""
    faults = []
    for number, rows in enumerate(children[:LISTED], 1):
        more = f"; and {len(children) - LISTED} more children" if number == LISTED < len(children) else ""
        found = f"a child with {len(rows)} dates of birth, in rows {' and '.join(map(str, rows))}{more}"
        faults.append(fault_of(TWO_DATES_OF_BIRTH, replace(at, row=rows[-1], column=column), found))
    return faults


def header_row(sheet: RawSheet, names: set[str]) -> int | None:
    """The first row (from 0) that has all these names as headers."""
    rows = range(min(sheet.height, HEADER_SEARCH_ROWS))
    return next((row for row in rows if names <= {plain(text) for _, text in sheet.row(row)}), None)
