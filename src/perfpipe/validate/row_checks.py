"""The checks of a dataset over its typed rows: rows that cannot be used leave, others are marked with their defects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from perfpipe.datasets.definition import Dataset
from perfpipe.datasets.row_check import RowCheck
from perfpipe.dates.months import local_day
from perfpipe.faults.fault import Address, Fault, fault_of, shape_of
from perfpipe.read.raw_cells import Mask
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.rule import UNUSABLE
from perfpipe.validate.left_out_rows import LeftOutRows


def apply_checks(
    rows: pd.DataFrame, table: RawTable, dataset: Dataset, unreadable: Mapping[str, Mask], left_out: LeftOutRows
) -> tuple[pd.DataFrame, list[Fault]]:
    """The rows that can be used, with `defects`, and a fault for each that breaks a rule; the others are `left_out`.

    A rule by which rows are unusable applies to all rows, and the others to those that then remain, seen with the
    dataset's context. A cell that cannot be read (`unreadable`, by column) has its fault already: no rule tells a
    second one of it, unless it takes the row out of figures.
    """
    faults: list[Fault] = []
    for check in (check for check in dataset.checks if check.rule.defect is UNUSABLE):
        broken = broken_rows(check, rows, dataset)
        faults += _faults(check, broken, rows, table, dataset)
        left_out.add(rows.index[broken].tolist(), check.column, check.rule.id, check.rule.id.replace("_", " "))
        rows = rows[~broken]
    marks = rows["defects"]
    seen = dataset.as_rules_see(rows)
    for check in (check for check in dataset.checks if check.rule.defect is not UNUSABLE):
        defect = check.rule.defect
        broken = broken_rows(check, seen, dataset)
        told = broken if defect else broken & ~unreadable[check.column][rows.index]
        faults += _faults(check, told, rows, table, dataset)
        if check.lacking:
            lost = broken if check.mistaken else broken & rows[check.lacking].isna()
            because = defect.meaning if defect else check.rule.id.replace("_", " ")
            left_out.doubt(rows.index[lost].tolist(), check.lacking, check.rule.id, because)
        if check.mistaken and not defect:
            rows = rows.assign(**{check.lacking: rows[check.lacking].mask(broken)})
        if defect and broken.any():
            marks = marks.where(~broken, marks + " " + defect.id)
    return rows.assign(defects=marks.str.strip()), faults


def broken_rows(check: RowCheck, rows: pd.DataFrame, dataset: Dataset) -> pd.Series[bool]:
    """True for each row that breaks a rule on a day when the rule holds. Rows with the dataset's context."""
    broken: pd.Series[bool] = check.finds(rows).fillna(False).astype(bool)
    if check.valid_from is None and check.valid_to is None:
        return broken
    day = _day(rows[check.dated_by or dataset.start]).fillna(local_day(rows["as_at"]))
    if check.valid_from is not None:
        broken &= day >= pd.Timestamp(check.valid_from)
    if check.valid_to is not None:
        broken &= day <= pd.Timestamp(check.valid_to)
    return broken


def _day(moments: pd.Series[Any]) -> pd.Series[Any]:
    """The local day of dates and instants, or the first day of months written YYYY-MM."""
    return pd.to_datetime(moments, format="%Y-%m") if moments.dtype == "str" else local_day(moments)


def _faults(
    check: RowCheck, broken: pd.Series[bool], rows: pd.DataFrame, table: RawTable, dataset: Dataset
) -> list[Fault]:
    """One fault for each row that breaks a rule. The index of the rows is their position in the table."""
    if not broken.any():
        return []
    cells = table.columns.get(check.column)
    column = table.address_of(check.column)
    return [
        fault_of(
            check.rule,
            Address(dataset.id, table.file, table.sheet, table.rows[position], column),
            shape_of(*cells[position]) if cells else "no such column",
        )
        for position in rows.index[broken].tolist()
    ]
