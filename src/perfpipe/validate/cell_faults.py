"""The faults of cells: missing ones, and those that cannot be read as their column's kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from perfpipe.datasets.definition import Column, Dataset
from perfpipe.faults.fault import Address, Fault, fault_of, shape_of
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.read.raw_cells import BLANK, ERROR, FORMULA, NOTHING, Cell, ColumnCells, Mask
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.cells import (
    COLUMN_UNREADABLE,
    COUNTS_AS_BLANK,
    END_MEANS_OPEN,
    ERROR_CELL,
    FILE_NOT_USED,
    FORMULA_WITHOUT_VALUE,
    LEFT_OUT_WHERE_NEEDED,
    ROW_LEFT_OUT,
    VALUE_DECLARED_BLANK,
    VALUE_MISSING,
)
from perfpipe.rules.rule import UNUSABLE, Defect, Rule
from perfpipe.settings.expected_cells import expected_in, or_map, remedy_in
from perfpipe.settings.layouts import Layout, as_compared

LEAST_UNREADABLE, MOST_UNREADABLE = 5, 0.5  # cells; and their share of the filled ones
MOST_FORMS = 5
WITHOUT_VALUE = {ERROR: ERROR_CELL, FORMULA: FORMULA_WITHOUT_VALUE}  # no matter of the column's form


@dataclass(frozen=True, eq=False)
class SeenCells:
    """The cells of one column of a table, and how its layout reads them."""

    table: RawTable
    dataset: Dataset
    column: Column
    layout: Layout

    def at(self, row: int = 0) -> Address:
        """The address of a row of the source, 0 for the whole column."""
        table = self.table
        return Address(self.dataset.id, table.file, table.sheet, row, table.address_of(self.column.name))

    def cell(self, position: int) -> Cell | None:
        """The cell of a record; None where the source has no such column."""
        cells = self.table.columns.get(self.column.name)
        return None if cells is None else cells[position]


def cell_fault(rule: Rule, seen: SeenCells, position: int, marks: Defect | None = None, more: str = "") -> Fault:
    """A cell that is missing or cannot be read: its row leaves every figure if the dataset needs the cell.

    Else those for which a blank there would mean something. `marks`: the defect of the row that comes of it.
    """
    needed = seen.column.filled or seen.column.vital
    marks = marks or seen.column.unreadable
    if not needed:
        until_then = LEFT_OUT_WHERE_NEEDED if marks else COUNTS_AS_BLANK
    elif seen.dataset.refused_whole:
        until_then = FILE_NOT_USED
    else:
        until_then = ROW_LEFT_OUT if rule.id == VALUE_MISSING.id else ""
    cell = seen.cell(position)
    fields = {
        "expected": expected_in(seen.column, seen.layout),
        "remedy": remedy_in(seen.column, seen.layout, cell[1] if cell else ""),
        "or_map": or_map(seen.layout),
        "until_then": until_then,
    }
    return fault_of(
        rule,
        seen.at(seen.table.rows[position]),
        shape_of(*cell) + more if cell else "no such column",
        UNUSABLE if needed else marks,
        **{name: fields[name] for name in rule.fields},
    )


def missing_fault(seen: SeenCells, position: int) -> Fault:
    """A cell that must be filled and is blank, or holds a word that means blank."""
    kind, text = seen.cell(position) or NOTHING
    if kind == BLANK:
        return cell_fault(VALUE_MISSING, seen, position)
    declared = as_compared(text) in seen.layout.blank_words(seen.column.name)
    return cell_fault(
        VALUE_DECLARED_BLANK if declared else VALUE_MISSING, seen, position, more=", a word that means blank"
    )


def unreadable_column(seen: SeenCells, bad: Mask, filled: int) -> list[Fault]:
    """A column of which most cells cannot be read: other values than its header says. Nothing of it can be trusted."""
    number = int(bad.sum())
    if number < LEAST_UNREADABLE or number <= MOST_UNREADABLE * filled:
        return []
    cells = ColumnCells.of(seen.table.columns[seen.column.name]).take(np.flatnonzero(bad))
    found = f"{number} of {filled} cells cannot be read as values of this column: {forms_in(cells)}"
    texts = " ".join(cells.distinct[number][1] for number in np.unique(cells.numbers).tolist())
    expected, remedy = expected_in(seen.column, seen.layout), remedy_in(seen.column, seen.layout, texts)
    kinds = {cells.distinct[number][0] for number in np.unique(cells.numbers).tolist()}
    of_excel = WITHOUT_VALUE.get(kinds.pop()) if len(kinds) == 1 else None
    rule = COLUMN_UNREADABLE if of_excel is None else replace(COLUMN_UNREADABLE, what_to_do=of_excel.what_to_do)
    fields = {"expected": expected, "remedy": remedy, "until_then": ""}
    return [fault_of(rule, seen.at(), found, **{name: fields[name] for name in rule.fields})]


def open_end_faults(seen: SeenCells, days: Mapping[str, int]) -> list[Fault]:
    """What of a column of ends was read as open: one fault for each day that means it."""
    said = [f"{count_of(number, 'cell')} {'says' if number == 1 else 'say'} {day}" for day, number in days.items()]
    return [fault_of(END_MEANS_OPEN, seen.at(), found) for found in said]


def forms_in(cells: ColumnCells) -> str:
    """How many cells have each form, the commonest first: 99-AAA-99, text (40)."""
    counts: Counter[str] = Counter()
    times = np.bincount(cells.numbers, minlength=len(cells.distinct)).tolist()
    for cell, number in zip(cells.distinct, times, strict=True):
        if number:
            counts[shape_of(*cell)] += number
    parts = [f"{form} ({number})" for form, number in counts.most_common(MOST_FORMS)]
    return "; ".join(parts) + (f" and {len(counts) - MOST_FORMS} more forms" if len(counts) > MOST_FORMS else "")
