"""The checks of a dataset over its typed rows: rows that cannot be used leave, others are marked with their defects.

One wrong cell is one fault: where a cell cannot be read, or holds a day after the extract was made, that is told, and
not what follows from it. The fault that is told has the defects of those that are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from perfpipe.datasets.definition import Dataset
from perfpipe.datasets.row_check import RowCheck
from perfpipe.dates.months import local_day
from perfpipe.faults.fault import COMPARED, Address, Fault, fault_of, shape_of
from perfpipe.read.raw_cells import Mask
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.rule import UNUSABLE, Defect, Severity
from perfpipe.validate.left_out_rows import LeftOutRows

CellDefects = Mapping[tuple[int, str], Defect]  # by the position of a row and the column of a cell


def apply_checks(
    rows: pd.DataFrame, table: RawTable, dataset: Dataset, unreadable: Mapping[str, Mask], left_out: LeftOutRows
) -> tuple[pd.DataFrame, list[Fault], CellDefects]:
    """The rows that can be used, with `defects`; a fault for each that breaks a rule; defects that come of wrong cells.

    The rows that cannot be used are `left_out`. A rule by which rows are unusable applies to all rows, and the others
    to those that then remain, seen with the dataset's context. `unreadable`: the cells of each column that cannot be
    read, which have their fault already.
    """
    told = _ToldOnce(table, dataset, unreadable, rows)
    for check in (check for check in dataset.checks if check.rule.defect is UNUSABLE):
        broken = broken_rows(check, rows, dataset)
        told.tell(check, rows, broken)
        for position in rows.index[broken].tolist():
            rule = told.in_place_of(check, position)
            left_out.add([position], check.column, rule, rule.replace("_", " "))
        rows = rows[~broken]
    marks = rows["defects"]
    seen = dataset.as_rules_see(rows)
    for check in sorted(dataset.checks, key=lambda check: check.rule.severity is Severity.INFO):
        defect = check.rule.defect
        if defect is UNUSABLE:
            continue
        broken = broken_rows(check, seen, dataset)
        told.tell(check, seen, broken)
        if check.lacking:
            lost = broken if check.mistaken else broken & rows[check.lacking].isna()
            lost &= check.mistaken | ~told.unreadable(check.lacking, rows.index)  # that says so itself
            for position in rows.index[lost].tolist():
                rule = told.in_place_of(check, position)
                because = defect.meaning if defect else rule.replace("_", " ")
                left_out.doubt([position], check.lacking, rule, because)
        if check.mistaken and not defect:
            rows = rows.assign(**{check.lacking: rows[check.lacking].mask(broken)})
        if defect and broken.any():
            marks = marks.where(~broken, marks + " " + defect.id)
    return rows.assign(defects=marks.str.strip()), told.all_faults(rows.index), told.of_cells


@dataclass
class _ToldOnce:
    """Collects the faults of rows: of a wrong cell one, whatever rules it breaks."""

    table: RawTable
    dataset: Dataset
    unreadable_cells: Mapping[str, Mask]
    rows: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)
    of_cells: dict[tuple[int, str], Defect] = field(default_factory=dict)
    told: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ahead = {check.column: check for check in self.dataset.checks if check.after_extract}
        self.wrong = {name: np.array(mask) for name, mask in self.unreadable_cells.items()}
        self.after: dict[str, Mask] = {}
        for name, check in self.ahead.items():
            found = check.finds(self.rows).fillna(False).astype(bool) & self.rows[name].notna()
            self.after[name] = np.zeros(len(self.table.rows), dtype=np.bool_)
            self.after[name][self.rows.index[found]] = True
            self.wrong[name] |= self.after[name]

    def unreadable(self, column: str, index: pd.Index[int]) -> Mask:
        """Of some rows, those whose cell of a column cannot be read."""
        found: Mask = self.unreadable_cells[column][index]
        return found

    def tell(self, check: RowCheck, rows: pd.DataFrame, broken: pd.Series[bool]) -> None:
        """A fault for each row that breaks a rule, unless a wrong cell of it is told in its place."""
        positions = broken.index[broken].to_numpy()
        if check.after_extract:
            positions = positions[~self.after[check.column][positions]]  # these are told in the end
        explained = np.zeros(len(positions), dtype=np.bool_)
        for column in self._looked_at(check):
            explained |= self.wrong[column][positions]
        if check.rule.defect:
            for position in positions[explained].tolist():
                cell = next(name for name in self._looked_at(check) if self.wrong[name][position])
                self._mark((position, cell), check.rule.defect)
        beside = self._rows_beside(check, rows, broken) if not explained.all() else {}
        for position in positions[~explained].tolist():
            told = self.told.setdefault(check.column, set())
            if check.rule.severity is not Severity.INFO or position not in told:
                told.add(position)
                self.faults.append(self._fault(check, position, more=beside.get(position, "")))

    def _rows_beside(self, check: RowCheck, rows: pd.DataFrame, broken: pd.Series[bool]) -> dict[int, str]:
        """By the position of each row that breaks a rule, words for the other one with which it was compared."""
        if check.other_row is None:
            return {}
        other = check.other_row(rows, broken).dropna()
        return {
            at: f"{COMPARED}row {self.table.place_of(int(row))}"
            for at, row in zip(other.index.tolist(), other.tolist(), strict=True)
        }

    def in_place_of(self, check: RowCheck, position: int) -> str:
        """The id of the rule that is told of a row which breaks one."""
        ahead = (name for name in self._looked_at(check) if name in self.after and self.after[name][position])
        return self.ahead[name].rule.id if (name := next(ahead, "")) else check.rule.id

    def all_faults(self, usable: pd.Index[int]) -> list[Fault]:
        """The faults of days after the extract, in rows that are usable or that these took out; and all others."""
        found = []
        for column, check in self.ahead.items():
            for position in np.flatnonzero(self.after[column]).tolist():
                if check.rule.defect and check.rule.defect is not UNUSABLE:
                    self._mark((position, column), check.rule.defect)
                marks = self.of_cells.get((position, column))
                if position in usable or UNUSABLE in (marks, check.rule.defect):
                    found.append(self._fault(check, position, check.rule.defect if marks is None else marks))
        return found + self.faults

    def _looked_at(self, check: RowCheck) -> list[str]:
        names = dict.fromkeys((check.column, check.lacking, *check.against))
        return [name for name in names if name in self.wrong]

    def _mark(self, cell: tuple[int, str], defect: Defect) -> None:
        marked = self.of_cells.get(cell)
        if marked is None or defect is UNUSABLE:
            self.of_cells[cell] = defect
        elif marked is not UNUSABLE and defect.id not in marked.id.split():
            self.of_cells[cell] = Defect(f"{marked.id} {defect.id}", f"{marked.meaning}, and {defect.meaning}")

    def _fault(self, check: RowCheck, position: int, marks: Defect | None = None, more: str = "") -> Fault:
        cells = self.table.columns.get(check.column)
        column = self.table.address_of(check.column)
        at = Address(self.dataset.id, self.table.file, self.table.sheet, self.table.rows[position], column)
        found = shape_of(*cells[position]) if cells else "no such column"
        if self.after.get(check.column) is not None and check.after_extract and self.after[check.column][position]:
            made = local_day(self.rows["as_at"]).iloc[0]
            found = f"{found}, a day after the extract, which was made on {made:%d/%m/%Y}"
        return fault_of(check.rule, at, found + more, marks)


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
