"""The national header table beside the episodes: a file of its own, or a sheet of the same workbook."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.datasets.definition import Dataset
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.read.formats.delimited_text import HEADER_SEARCH_ROWS, plain
from perfpipe.read.raw_cells import BLANK, NOTHING, Cell, RawSheet
from perfpipe.rules.tables import CHILDREN_NOT_IN_HEADER_FILE, HEADER_FILE
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
    matching = [sheet for sheet in others if _header_row(sheet, TELLING) is not None]
    chosen = named or matching
    return chosen[0] if len(chosen) == 1 else None


def born_on(companion: RawSheet, children: Sequence[Cell], dataset: Dataset) -> tuple[list[Cell] | None, list[Fault]]:
    """The date of birth of each child, and what is wrong with the table. None: it cannot be used."""
    at = Address(dataset.id, companion.file, companion.name)
    row = _header_row(companion, NEEDED)
    if row is None:
        return None, [fault_of(HEADER_FILE, at, "no columns CHILD and DOB")]
    header = [plain(text) for _, text in companion.row(row)]
    child, dob = companion.columns[header.index("child")][row + 1 :], companion.columns[header.index("dob")][row + 1 :]
    born: dict[str, Cell] = {}
    twice = set()
    for (kind, number), cell in zip(child, dob, strict=True):
        if kind != BLANK and born.setdefault(number.strip(), cell) != cell:
            twice.add(number)
    if twice:
        return None, [fault_of(HEADER_FILE, at, f"{len(twice)} children with two dates of birth")]
    unknown = len({text.strip() for kind, text in children if kind != BLANK} - born.keys())
    found = f"{unknown} children of the episodes are not in it"
    faults = [fault_of(CHILDREN_NOT_IN_HEADER_FILE, at, found)] if unknown else []
    return [born.get(text.strip(), NOTHING) for _, text in children], faults


def _header_row(sheet: RawSheet, names: set[str]) -> int | None:
    rows = range(min(sheet.height, HEADER_SEARCH_ROWS))
    return next((row for row in rows if names <= {plain(text) for _, text in sheet.row(row)}), None)
