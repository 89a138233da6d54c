"""Validate: raw cells into typed rows and faults.

Parse explicitly first, one parser per kind of column, then apply the dataset's rules, then check the result with
pandera. No value is guessed: what cannot be read is a fault, and a row that needs it is excluded, not dropped
in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pandera.errors
import pandera.pandas

from perfpipe.datasets.definition import Column, Dataset, Kind, Rule, Severity
from perfpipe.dates.months import LONDON, local_day
from perfpipe.faults.fault import Fault, shape_of
from perfpipe.read.raw_cells import NOTHING, ColumnCells, Index, Mask
from perfpipe.read.raw_table import RawTable
from perfpipe.settings.layouts import Layout
from perfpipe.validate.cell_parsers import Bad, Parsed, local_time, parse_cell, parser_of


@dataclass(frozen=True)
class ValidationResult:
    """Typed rows with the columns and dtypes of `Dataset.dtypes`, unique by its key, and all faults."""

    rows: pd.DataFrame
    faults: list[Fault]


@dataclass(frozen=True, eq=False)
class ParsedColumn:
    """One column: the value of each distinct cell (None: blank or unreadable), and the rule that each breaks."""

    values: list[Parsed]
    rules: list[str]
    index: Index

    @property
    def blank(self) -> Mask:
        """True for each row without a value, unreadable ones included."""
        return np.array([value is None for value in self.values], dtype=np.bool_)[self.index]

    @property
    def bad(self) -> Mask:
        """True for each row whose cell cannot be read."""
        return np.array([rule != "" for rule in self.rules], dtype=np.bool_)[self.index]


def validate(table: RawTable, dataset: Dataset, layout: Layout, as_at: datetime) -> ValidationResult:
    """Typed rows of one raw table. `as_at`: the extract's time, an aware UTC instant."""
    faults = list(table.faults)
    columns: dict[str, Any] = {}
    unusable = np.zeros(len(table.rows), dtype=np.bool_)
    unreadable: dict[str, Mask] = {}
    for column in dataset.columns:
        parsed = _parse_column(table, column, layout)
        columns |= _typed(column, parsed, dataset)
        bad = unreadable[column.name] = parsed.bad
        faults += _unreadable_column(table, column, dataset, int(bad.sum()), int((bad | ~parsed.blank).sum()))
        faults += [
            _cell_fault(table, dataset, column, row, parsed.rules[parsed.index[row]])
            for row in np.flatnonzero(bad).tolist()
        ]
        if column.filled:
            missing = np.flatnonzero(parsed.blank & ~bad).tolist()
            faults += [_cell_fault(table, dataset, column, row, "value_missing") for row in missing]
            unusable |= parsed.blank
        elif column.vital:
            unusable |= bad
    rows = pd.DataFrame(columns, index=pd.RangeIndex(len(table.rows)))
    rows = _with_own_columns(rows, table, dataset, layout, as_at)[~unusable]
    rows = rows.astype(dataset.dtypes)[list(dataset.dtypes)]
    rows, duplicates = _without_duplicates(rows, table, dataset)
    rows, broken = _apply_rules(rows, table, dataset, unreadable)
    check_schema(rows, dataset)
    return ValidationResult(rows.reset_index(drop=True), faults + duplicates + broken)


def check_schema(rows: pd.DataFrame, dataset: Dataset) -> None:
    """Check typed rows with pandera; a failure is our own defect and says so without any value."""
    wrong = [name for name, dtype in dataset.dtypes.items() if name in rows and str(rows[name].dtype) != dtype]
    if wrong:  # pandera does not tell datetime64[ns] from datetime64[us]
        raise AssertionError(f"typed rows of {dataset.id} do not fit their schema: dtype of {', '.join(wrong)}")
    try:
        dataset.schema().validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["column", "check"]].drop_duplicates().to_numpy().tolist()
        checks = ", ".join(sorted(f"{column} {check}" for column, check in cases))
        message = f"typed rows of {dataset.id} do not fit their schema: {checks}"
        raise AssertionError(message) from None


def _parse_column(table: RawTable, column: Column, layout: Layout) -> ParsedColumn:
    """Each distinct cell is parsed once."""
    cells = ColumnCells.of(table.columns.get(column.name, [NOTHING] * len(table.rows)))
    parse = parser_of(column, layout)
    parsed = [parse_cell(parse, *cell) for cell in cells.distinct]
    return ParsedColumn([value for value, _ in parsed], [rule for _, rule in parsed], cells.numbers)


def _typed(column: Column, parsed: ParsedColumn, dataset: Dataset) -> dict[str, Any]:
    dtype = dataset.dtypes[column.name]
    if column.kind is Kind.INSTANT:
        instants = [value if isinstance(value, tuple) else (None, None) for value in parsed.values]
        moments = pd.to_datetime(pd.Series([moment for moment, _ in instants], dtype="object"), utc=True)
        precisions = pd.Series([precision for _, precision in instants], dtype="str")
        name = f"{column.name}_precision"
        return {column.name: _spread(moments, dtype, parsed), name: _spread(precisions, "str", parsed)}
    if column.kind is Kind.DATE:
        moments = pd.to_datetime(pd.Series(parsed.values, dtype="object"))
        return {column.name: _spread(moments, dtype, parsed)}
    return {column.name: _spread(pd.Series(parsed.values, dtype="object"), dtype, parsed)}


def _spread(distinct: pd.Series[Any], dtype: Any, parsed: ParsedColumn) -> Any:
    return distinct.astype(dtype).array.take(parsed.index)


def _with_own_columns(
    rows: pd.DataFrame, table: RawTable, dataset: Dataset, layout: Layout, as_at: datetime
) -> pd.DataFrame:
    """The columns that every dataset has, and those that follow from another column."""
    rows["as_at"] = pd.Series(as_at, index=rows.index, dtype="datetime64[us, UTC]")
    rows["source_row"] = pd.Series(table.rows, index=rows.index, dtype="Int64")
    rows["excluded_from"] = ""
    if "last_day_on" in dataset.by_name:
        exclusive = layout.left_on_is == "first_day_not_in_post"
        last_day = rows["left_on"] - timedelta(days=int(exclusive))
        rows["last_day_on"] = rows["last_day_on"].fillna(last_day)
    for column in dataset.columns:
        if column.precision_from is not None:
            by_date = (rows[column.precision_from] == "date") & rows[column.name].notna()
            midnight = rows[column.name].dt.tz_convert(LONDON).dt.normalize().dt.tz_convert("UTC")
            rows[column.name] = rows[column.name].where(~by_date, midnight)
            name = f"{column.name}_precision"
            rows[name] = rows[name].where(~by_date, "date")
    return rows


LEAST_UNREADABLE, MOST_UNREADABLE = 5, 0.5  # cells; and their share of the filled ones
WHAT_TO_DO = {
    "value_missing": "Fill the cell at source.",
    "code_unknown": "Correct the code, or map the text of that cell in `values` of the layout.",
    "error_cell": "Mend the formula at source, or replace it by its value.",
    "formula_without_value": "Open the workbook in Excel, let it calculate, save it and send it again.",
    "identifier_odd": "Type the identifier again: it has a sign that cannot be seen, or a letter of another alphabet.",
    "identifier_inexact": "Format the column as text at source: digits were lost or added.",
    "time_does_not_exist": "Correct the time: clocks went forward over it that night.",
    "no_such_date": "Correct the day, month or time: the form is right, and there is none such, as 30 February.",
    "date_out_of_bounds": "Correct the date, or the cell's format; leave the cell blank if there is no date.",
}


def _cell_fault(table: RawTable, dataset: Dataset, column: Column, position: int, rule: str) -> Fault:
    excluded = column.filled or column.vital
    return Fault(
        dataset=dataset.id,
        file=table.file,
        sheet=table.sheet,
        row=table.rows[position],
        column=column_address(table, column.name),
        rule=rule,
        severity=Severity.EXCLUDE if excluded else Severity.WARN,
        found=shape_of(*table.columns[column.name][position]) if column.name in table.columns else "no such column",
        expected=column.expected,
        what_to_do=_what_to_do(rule, dataset, excluded),
        excludes_from="*" if excluded else "",
    )


def _what_to_do(rule: str, dataset: Dataset, excluded: bool) -> str:
    do = WHAT_TO_DO.get(rule, "Correct the cell at source.")
    if not excluded:
        return f"{do} It counts as blank until then."
    if dataset.refused_whole:
        return f"{do} Nothing of the file is used until then."
    return f"{do} The row is left out of every figure until then." if rule == "value_missing" else do


def _unreadable_column(table: RawTable, column: Column, dataset: Dataset, bad: int, filled: int) -> list[Fault]:
    """A column of which most cells cannot be read: other values than its header says. Nothing of it can be trusted."""
    if bad < LEAST_UNREADABLE or bad <= MOST_UNREADABLE * filled:
        return []
    return [
        Fault(
            dataset.id, table.file, table.sheet, 0, column_address(table, column.name), "column_unreadable",
            Severity.STOP, f"{bad} of {filled} cells that cannot be read as this column's", column.expected,
            "Check that headers stand over their own values, and the column's format; map other spellings in `values` "
            "of the layout.",
        )
    ]  # fmt: skip


def column_address(table: RawTable, column: str) -> str:
    """Where a column is, as one reads it: `H (Returned)`; its name where the source has no such column."""
    header = table.headers.get(column)
    return f"{table.letters[column]} ({header})" if header else column


def _without_duplicates(rows: pd.DataFrame, table: RawTable, dataset: Dataset) -> tuple[pd.DataFrame, list[Fault]]:
    """Rows unique by key: of several rows with one key the last is used, and each other one is a fault."""
    key = list(dataset.key)
    repeated = rows.duplicated(key, keep="last")
    if not repeated.any():
        return rows, []
    content = [name for name in rows if name not in ("source_row", "excluded_from")]
    several = rows[rows.duplicated(key, keep=False)]
    same = several.duplicated(content, keep="last")
    used = several.groupby(key, dropna=False, sort=False)["source_row"].transform("last")
    faults = [
        Fault(
            dataset=dataset.id,
            file=table.file,
            sheet=table.sheet,
            row=int(row),
            column=column_address(table, key[0]),
            rule="row_repeated" if again else "key_repeated",
            severity=Severity.EXCLUDE if dataset.refused_whole else Severity.WARN,
            found="the same record again" if again else "the same key with other values",
            expected=f"one row for each {', '.join(key)}",
            what_to_do="Remove one of the rows at source. "
            + (f"The other is row {last}." if dataset.refused_whole else f"Row {last} is used."),
            excludes_from="*" if dataset.refused_whole else "",
        )
        for row, again, last, is_used in zip(several["source_row"], same, used, ~repeated[several.index], strict=True)
        if not is_used
    ]
    return rows[~repeated], faults


def _apply_rules(
    rows: pd.DataFrame, table: RawTable, dataset: Dataset, unreadable: Mapping[str, Mask]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Every rule of the dataset over the rows; rows excluded from all measures leave, others are marked.

    A rule that excludes from all measures applies to all rows, and the others to those that then remain, seen
    with the dataset's context. A cell that cannot be read has its fault already: no rule tells a second one of it,
    unless it takes the row out of figures.
    """
    faults: list[Fault] = []
    for rule in (rule for rule in dataset.rules if "*" in rule.excludes_from):
        broken = broken_rows(rule, rows, dataset)
        faults += _rule_faults(rule, broken, rows, table, dataset)
        rows = rows[~broken]
    marks = pd.Series("", index=rows.index, dtype="str")
    seen = dataset.as_rules_see(rows)
    for rule in (rule for rule in dataset.rules if "*" not in rule.excludes_from):
        broken = broken_rows(rule, seen, dataset)
        told = broken if rule.excludes_from else broken & ~unreadable[rule.column][rows.index]
        faults += _rule_faults(rule, told, rows, table, dataset)
        if rule.excludes_from:
            marks = marks.where(~broken, marks + " " + " ".join(rule.excludes_from))
    return rows.assign(excluded_from=marks.str.strip()), faults


def broken_rows(rule: Rule, rows: pd.DataFrame, dataset: Dataset) -> pd.Series[bool]:
    """True for each row that breaks a rule on a day when the rule holds. Rows with the dataset's context."""
    broken: pd.Series[bool] = rule.finds(rows).fillna(False).astype(bool)
    if rule.valid_from is None and rule.valid_to is None:
        return broken
    day = _day(rows[rule.dated_by or dataset.start]).fillna(local_day(rows["as_at"]))
    if rule.valid_from is not None:
        broken &= day >= pd.Timestamp(rule.valid_from)
    if rule.valid_to is not None:
        broken &= day <= pd.Timestamp(rule.valid_to)
    return broken


def _day(moments: pd.Series[Any]) -> pd.Series[Any]:
    """The local day of dates and instants, or the first day of months written YYYY-MM."""
    return pd.to_datetime(moments, format="%Y-%m") if moments.dtype == "str" else local_day(moments)


def _rule_faults(
    rule: Rule, broken: pd.Series[bool], rows: pd.DataFrame, table: RawTable, dataset: Dataset
) -> list[Fault]:
    """One fault for each row that breaks a rule. The index of the rows is their position in the table."""
    cells = table.columns.get(rule.column)
    positions = rows.index[broken].tolist()
    return [
        Fault(
            dataset=dataset.id,
            file=table.file,
            sheet=table.sheet,
            row=table.rows[position],
            column=column_address(table, rule.column),
            rule=rule.id,
            severity=rule.severity,
            found=shape_of(*cells[position]) if cells else "no such column",
            expected=rule.expected,
            what_to_do=rule.what_to_do,
            excludes_from=" ".join(rule.excludes_from),
        )
        for position in positions
    ]


__all__ = ["Bad", "ValidationResult", "broken_rows", "check_schema", "column_address", "local_time", "validate"]
