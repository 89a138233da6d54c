"""Correct: declared corrections into the raw cells of an extract, before they are parsed like any other.

A correction applies where its record says what the correction calls wrong;
`corrections_still_needed.py` says when one is no longer needed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from perfpipe.datasets.definition import Column, Dataset
from perfpipe.ledger.records import CorrectionOutcome, CorrectionResult
from perfpipe.read.raw_cells import TEXT, Cell, ColumnCells, Mask
from perfpipe.read.raw_table import RawTable
from perfpipe.settings.corrections import Correction
from perfpipe.settings.layouts import Layout
from perfpipe.validate.cell_parsers import CellParser, parse_cell, parser_of
from perfpipe.validate.fault_identity import keyed_hash


def correction_id(correction: Correction, key: bytes) -> str:
    """What names a correction in the ledger: a keyed hash of all that it says."""
    return keyed_hash(key, correction.model_dump_json(by_alias=True))


def corrected(
    table: RawTable, dataset: Dataset, layout: Layout, corrections: Mapping[str, Correction]
) -> tuple[RawTable, list[CorrectionOutcome]]:
    """The table with the corrections (by their ids) applied, and what each met. All see the cells as delivered."""
    columns = dict(table.columns)
    met: list[CorrectionOutcome] = []
    for name, correction in corrections.items():
        if correction.column not in columns or not set(correction.key) <= set(table.columns):
            continue
        found = np.ones(len(table.rows), dtype=np.bool_)
        for key, value in correction.key.items():
            found &= holding(ColumnCells.of(table.columns[key]), dataset.by_name[key], layout, value)
        rows = np.flatnonzero(found)
        if len(rows) == 0:
            continue
        outcome = CorrectionResult.SEVERAL
        if len(rows) == 1:
            cells = ColumnCells.of(table.columns[correction.column])
            wrong = holding(cells.take(rows), dataset.by_name[correction.column], layout, correction.wrong)[0]
            outcome = CorrectionResult.APPLIED if wrong else CorrectionResult.OTHER_VALUE
        if outcome is CorrectionResult.APPLIED:
            columns[correction.column] = _with(
                ColumnCells.of(columns[correction.column]), int(rows[0]), correction.right
            )
        met += [CorrectionOutcome(name, table.rows[row], outcome) for row in rows.tolist()]
    return dataclasses.replace(table, columns=columns), met


def holding(cells: ColumnCells, column: Column, layout: Layout, text: str) -> Mask:
    """True where a cell says the same as a text: to the letter, or when both are read as the column's kind."""
    parse = parser_of(column, layout)
    wanted = parse_cell(parse, TEXT, text)[0]
    return np.array([_same(parse, cell, text, wanted) for cell in cells.distinct], dtype=np.bool_)[cells.numbers]


def _same(parse: CellParser, cell: Cell, text: str, wanted: object) -> bool:
    return cell[1].strip() == text.strip() or (wanted is not None and parse_cell(parse, *cell)[0] == wanted)


def _with(cells: ColumnCells, row: int, text: str) -> ColumnCells:
    numbers = cells.numbers.copy()
    if not text.strip():
        numbers[row] = 0
        return ColumnCells(cells.distinct, numbers)
    numbers[row] = len(cells.distinct)
    return ColumnCells([*cells.distinct, (TEXT, text)], numbers)
