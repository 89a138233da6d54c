"""Validate: raw cells into typed rows and faults.

Parse explicitly first, one parser per kind of column, then apply the dataset's rules, then check the result with
pandera. No value is guessed: what cannot be read is a fault, and a row that needs it is excluded, not dropped
in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas  # noqa: F401  # here, while the process that reads gets ready

from perfpipe.datasets.definition import Column, Dataset
from perfpipe.faults.fault import Address, Fault, fault_of, shape_of
from perfpipe.read.raw_cells import Mask
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.cells import (
    COLUMN_UNREADABLE,
    COUNTS_AS_BLANK,
    FILE_NOT_USED,
    KEY_REPEATED,
    ROW_LEFT_OUT,
    ROW_REPEATED,
    TYPED_KEY_REPEATED,
    TYPED_ROW_REPEATED,
    VALUE_MISSING,
)
from perfpipe.rules.rule import UNUSABLE, Rule
from perfpipe.settings.layouts import Layout
from perfpipe.validate.row_checks import apply_checks
from perfpipe.validate.typed_columns import parse_column, typed, with_own_columns

LEAST_UNREADABLE, MOST_UNREADABLE = 5, 0.5  # cells; and their share of the filled ones


@dataclass(frozen=True)
class ValidationResult:
    """Typed rows with the columns and dtypes of `Dataset.dtypes`, unique by its key, and all faults."""

    rows: pd.DataFrame
    faults: list[Fault]


def validate(table: RawTable, dataset: Dataset, layout: Layout, as_at: datetime) -> ValidationResult:
    """Typed rows of one raw table. `as_at`: the extract's time, an aware UTC instant."""
    faults = list(table.faults)
    columns: dict[str, Any] = {}
    unusable = np.zeros(len(table.rows), dtype=np.bool_)
    unreadable: dict[str, Mask] = {}
    for column in dataset.columns:
        parsed = parse_column(table, column, layout)
        columns |= typed(column, parsed, dataset)
        bad = unreadable[column.name] = parsed.bad
        faults += _unreadable_column(table, column, dataset, int(bad.sum()), int((bad | ~parsed.blank).sum()))
        broken = ((row, parsed.rules[parsed.index[row]]) for row in np.flatnonzero(bad).tolist())
        faults += [_cell_fault(rule, table, dataset, column, row) for row, rule in broken if rule]
        if column.filled:
            missing = np.flatnonzero(parsed.blank & ~bad).tolist()
            faults += [_cell_fault(VALUE_MISSING, table, dataset, column, row) for row in missing]
            unusable |= parsed.blank
        elif column.vital:
            unusable |= bad
    rows = pd.DataFrame(columns, index=pd.RangeIndex(len(table.rows)))
    rows = with_own_columns(rows, table, dataset, layout, as_at)[~unusable]
    rows = rows.astype(dataset.dtypes)[list(dataset.dtypes)]
    rows, duplicates = _without_duplicates(rows, table, dataset)
    rows, found = apply_checks(rows, table, dataset, unreadable)
    rows = dataset.frame.checked(rows.reset_index(drop=True))
    return ValidationResult(rows, faults + duplicates + found)


def _cell_fault(rule: Rule, table: RawTable, dataset: Dataset, column: Column, position: int) -> Fault:
    """A cell that is missing or cannot be read: its row leaves every figure if the dataset needs the cell."""
    needed = column.filled or column.vital
    if not needed:
        until_then = COUNTS_AS_BLANK
    elif dataset.refused_whole:
        until_then = FILE_NOT_USED
    else:
        until_then = ROW_LEFT_OUT if rule is VALUE_MISSING else ""
    return fault_of(
        rule,
        Address(dataset.id, table.file, table.sheet, table.rows[position], table.address_of(column.name)),
        shape_of(*table.columns[column.name][position]) if column.name in table.columns else "no such column",
        UNUSABLE if needed else None,
        expected=column.expected,
        until_then=until_then,
    )


def _unreadable_column(table: RawTable, column: Column, dataset: Dataset, bad: int, filled: int) -> list[Fault]:
    """A column of which most cells cannot be read: other values than its header says. Nothing of it can be trusted."""
    if bad < LEAST_UNREADABLE or bad <= MOST_UNREADABLE * filled:
        return []
    at = Address(dataset.id, table.file, table.sheet, 0, table.address_of(column.name))
    found = f"{bad} of {filled} cells cannot be read as values of this column"
    return [fault_of(COLUMN_UNREADABLE, at, found, expected=column.expected)]


def _without_duplicates(rows: pd.DataFrame, table: RawTable, dataset: Dataset) -> tuple[pd.DataFrame, list[Fault]]:
    """Rows unique by key: of several rows with one key the last is used, and each other one is a fault."""
    key = list(dataset.key)
    repeated = rows.duplicated(key, keep="last")
    if not repeated.any():
        return rows, []
    content = [name for name in rows if name not in ("source_row", "defects")]
    several = rows[rows.duplicated(key, keep=False)]
    same = several.duplicated(content, keep="last")
    used = several.groupby(key, dropna=False, sort=False)["source_row"].transform("last")
    repeats, differs, unusable = ROW_REPEATED, KEY_REPEATED, None
    if dataset.refused_whole:
        repeats, differs, unusable = TYPED_ROW_REPEATED, TYPED_KEY_REPEATED, UNUSABLE
    column = table.address_of(key[0])
    faults = [
        fault_of(
            repeats if again else differs,
            Address(dataset.id, table.file, table.sheet, int(row), column),
            "the same record again" if again else "the same key with different values",
            unusable,
            key=", ".join(key),
            used=table.place_of(int(last)),
        )
        for row, again, last, is_used in zip(several["source_row"], same, used, ~repeated[several.index], strict=True)
        if not is_used
    ]
    return rows[~repeated], faults
