"""Identifiers of one column that differ only in leading zeros, capitals or blanks: one child may have two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.read.raw_cells import NUMBER, TEXT, ColumnCells
from perfpipe.read.record_rows import LISTED
from perfpipe.rules.tables import IDENTIFIERS_ALIKE

if TYPE_CHECKING:
    from perfpipe.read.raw_table import RawTable


def alike_identifiers(table: RawTable, at: Address, name: str) -> list[Fault]:
    """A fault for each few that are alike, at the last of them, with the first row of each; their values never."""
    column = ColumnCells.of(table.columns[name])
    cells, firsts = np.unique(column.numbers, return_index=True)
    first_rows: dict[str, dict[str, int]] = {}
    for cell, first in zip(cells.tolist(), firsts.tolist(), strict=True):
        kind, text = column.distinct[cell]
        if kind in (TEXT, NUMBER):
            rows = first_rows.setdefault(_plain(text), {})
            rows[text.strip()] = min(first, rows.get(text.strip(), first))
    alike = [rows for rows in first_rows.values() if len(rows) > 1]
    faults = []
    for number, rows in enumerate(alike[:LISTED], 1):
        more = f"; and {len(alike) - LISTED} more like this" if number == LISTED < len(alike) else ""
        places = sorted(table.rows[first] for first in rows.values())
        found = f"{len(rows)} identifiers that differ only in {_difference(list(rows))}, in rows {_listed(places)}"
        faults.append(fault_of(IDENTIFIERS_ALIKE, replace(at, row=places[-1]), found + more))
    return faults


def _plain(text: str) -> str:
    """What is alike in them: without blanks, capitals, and leading zeros of any number in it."""
    joined = "".join(text.split()).casefold()
    return joined.lstrip("0") or "0"


def _difference(texts: Sequence[str]) -> str:
    joined = ["".join(text.split()) for text in texts]
    found = ["blanks"] if joined != list(texts) else []
    found += ["capitals"] if len({text.lstrip("0") for text in joined}) > 1 else []
    found += ["leading zeros"] if len({text.casefold() for text in joined}) > 1 else []
    return _listed(found)


def _listed(each: Sequence[object]) -> str:
    words = list(map(str, each))
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
