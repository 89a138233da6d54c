"""Validate: raw cells into typed rows and faults.

Parse explicitly first, one parser per kind of column, then apply the dataset's rules, then check the result with
pandera. No value is guessed: what cannot be read is a fault, and a row that needs it is excluded, not dropped
in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import pandera.pandas  # noqa: F401  # here, while the process that reads gets ready

from perfpipe.datasets.definition import Dataset
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.read.raw_cells import Mask
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.cells import KEY_REPEATED, ROW_REPEATED, TYPED_KEY_REPEATED, TYPED_ROW_REPEATED, VALUE_MISSING
from perfpipe.rules.rule import UNUSABLE
from perfpipe.settings.layouts import Layout
from perfpipe.validate.autumn_hour import in_possible_order
from perfpipe.validate.cell_faults import SeenCells, cell_fault, missing_fault, open_end_faults, unreadable_column
from perfpipe.validate.left_out_rows import LeftOutRows, in_words
from perfpipe.validate.row_checks import CellDefects, apply_checks
from perfpipe.validate.typed_columns import ParsedColumn, parse_column, typed, with_own_columns


@dataclass(frozen=True)
class ValidationResult:
    """Typed rows with the columns and dtypes of `Dataset.dtypes`, unique by its key, and all faults.

    `left_out`: the rows that faults keep out of figures, as far as they can be read (`left_out_rows.left_out_frame`).
    """

    rows: pd.DataFrame
    faults: list[Fault]
    left_out: pd.DataFrame


def validate(table: RawTable, dataset: Dataset, layout: Layout, as_at: datetime) -> ValidationResult:
    """Typed rows of one raw table. `as_at`: the extract's time, an aware UTC instant."""
    columns: dict[str, object] = {}
    unusable = np.zeros(len(table.rows), dtype=np.bool_)
    left_out = LeftOutRows(table, dataset)
    parsed = {column.name: parse_column(table, column, layout, dataset) for column in dataset.columns}
    for column in dataset.columns:
        cells = parsed[column.name]
        columns |= typed(column, cells, dataset)
        if column.filled:
            left_out.add(cells.missing, column.name, VALUE_MISSING.id, f"{in_words(column.name)} missing")
            unusable |= cells.blank
        elif column.vital:
            unusable |= cells.bad
        add = left_out.add if column.filled or column.vital else left_out.doubt
        for row, rule in cells.broken:
            add([row], column.name, rule.id, f"{in_words(column.name)} unreadable")
    unreadable = {name: cells.bad for name, cells in parsed.items()}
    rows = pd.DataFrame(columns, index=pd.RangeIndex(len(table.rows)))
    every = with_own_columns(rows, table, dataset, layout, as_at).astype(dataset.dtypes)[list(dataset.dtypes)]
    every["defects"] = _unreadable_defects(dataset, unreadable, every)
    rows = in_possible_order(every[~unusable], dataset)
    rows, duplicates = _without_duplicates(rows, table, dataset)
    rows, found, defects = apply_checks(rows, table, dataset, unreadable, left_out)
    of_cells = _faults_of_cells(table, dataset, layout, parsed, defects)
    kept_out = left_out.frame(every, rows)
    rows = dataset.frame.checked(rows.reset_index(drop=True))
    return ValidationResult(rows, [*table.faults, *of_cells, *duplicates, *found], kept_out)


def _faults_of_cells(
    table: RawTable, dataset: Dataset, layout: Layout, parsed: Mapping[str, ParsedColumn], defects: CellDefects
) -> Iterator[Fault]:
    """The faults of columns and of their cells. `defects`: those of rows that come of a cell, by its row and column."""
    for column in dataset.columns:
        cells, seen = parsed[column.name], SeenCells(table, dataset, column, layout)
        yield from unreadable_column(seen, cells.bad | cells.beyond, int((cells.bad | ~cells.blank).sum()))
        yield from open_end_faults(seen, cells.open_ends)
        for row, rule in cells.broken:
            yield cell_fault(rule, seen, row, defects.get((row, column.name)))
        if column.filled:
            yield from (missing_fault(seen, row) for row in cells.missing)


def _unreadable_defects(dataset: Dataset, unreadable: Mapping[str, Mask], rows: pd.DataFrame) -> pd.Series[str]:
    """The defects of rows with a cell that cannot be read, where a blank would mean something."""
    marks = pd.Series("", index=rows.index, dtype="str")
    for column in dataset.columns:
        if column.unreadable is not None and (bad := unreadable[column.name]).any():
            marked = bad & column.decides(rows).fillna(False).to_numpy(dtype=np.bool_) if column.decides else bad
            marks = marks.where(~marked, marks + " " + column.unreadable.id)
    return marks.str.strip()


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
