"""Raw cells into typed columns, each distinct cell parsed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from perfpipe.datasets.definition import Column, Dataset, Kind
from perfpipe.dates.months import LONDON
from perfpipe.read.raw_cells import NOTHING, ColumnCells, Index, Mask
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.cells import SEVERAL_IDENTIFIERS
from perfpipe.rules.rule import Rule
from perfpipe.settings.layouts import Layout
from perfpipe.validate.cell_parsers import Parsed, open_end, parse_cell, parser_of
from perfpipe.validate.several_identifiers import several_identifiers


@dataclass(frozen=True, eq=False)
class ParsedColumn:
    """One column: the value of each distinct cell (None: blank or unreadable), and the rule that each breaks."""

    values: list[Parsed]
    rules: list[Rule | None]
    index: Index
    most: float | None = None
    open_ends: dict[str, int] = field(default_factory=dict)  # days that mean open, and how many cells hold each

    @property
    def beyond(self) -> Mask:
        """True for each row with a number that is more than the column can hold."""
        found = [self.most is not None and isinstance(value, float) and value > self.most for value in self.values]
        return np.array(found, dtype=np.bool_)[self.index]

    @property
    def blank(self) -> Mask:
        """True for each row without a value, unreadable ones included."""
        return np.array([value is None for value in self.values], dtype=np.bool_)[self.index]

    @property
    def bad(self) -> Mask:
        """True for each row whose cell cannot be read."""
        return np.array([rule is not None for rule in self.rules], dtype=np.bool_)[self.index]

    @property
    def broken(self) -> list[tuple[int, Rule]]:
        """The rows whose cell cannot be read, each with the rule that it breaks."""
        found = ((row, self.rules[self.index[row]]) for row in np.flatnonzero(self.bad).tolist())
        return [(row, rule) for row, rule in found if rule]

    @property
    def missing(self) -> list[int]:
        """The rows whose cell is blank."""
        missing: list[int] = np.flatnonzero(self.blank & ~self.bad).tolist()
        return missing


def parse_column(table: RawTable, column: Column, layout: Layout, dataset: Dataset) -> ParsedColumn:
    """The cells of one column of a table, read as its layout says. An end that means open is blank."""
    cells = ColumnCells.of(table.columns.get(column.name, [NOTHING] * len(table.rows)))
    parse = parser_of(column, layout)
    parsed = [parse_cell(parse, *cell) for cell in cells.distinct]
    days: dict[str, int] = {}
    if column.name in (dataset.end, dataset.end_fallback) and not column.filled:
        times = np.bincount(cells.numbers, minlength=len(cells.distinct)).tolist()
        for place, cell in enumerate(cells.distinct):
            if day := open_end(*cell, column.name, layout):
                parsed[place] = (None, None)
                days[day] = days.get(day, 0) + times[place]
    if column.kind is Kind.ID and column.filled:
        several = several_identifiers(cells.distinct)
        parsed = [
            (None, SEVERAL_IDENTIFIERS) if cell in several else each
            for cell, each in zip(cells.distinct, parsed, strict=True)
        ]
    values, rules = [value for value, _ in parsed], [rule for _, rule in parsed]
    return ParsedColumn(values, rules, cells.numbers, column.most, days)


def typed(column: Column, parsed: ParsedColumn, dataset: Dataset) -> dict[str, object]:
    """The typed column by its name; of an instant its precision too."""
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


def _spread(distinct: pd.Series[Any], dtype: Any, parsed: ParsedColumn) -> object:
    return distinct.astype(dtype).array.take(parsed.index)


def with_own_columns(
    rows: pd.DataFrame, table: RawTable, dataset: Dataset, layout: Layout, as_at: datetime
) -> pd.DataFrame:
    """The columns that every dataset has, and those that follow from another column."""
    rows["as_at"] = pd.Series(as_at, index=rows.index, dtype="datetime64[us, UTC]")
    rows["source_row"] = pd.Series(table.rows, index=rows.index, dtype="Int64")
    rows["defects"] = ""
    if {"left_on", "last_day_on"} <= dataset.by_name.keys():
        exclusive = layout.left_on_is == "first_day_not_in_post"
        last_day = rows["left_on"] - timedelta(days=int(exclusive))
        rows["last_day_on"] = rows["last_day_on"].fillna(last_day)
    for column in dataset.columns:
        if column.precision_from is not None:
            by_date = (rows[column.precision_from] == "date") & rows[column.name].notna()
            if not by_date.any():
                continue
            midnight = rows[column.name].dt.tz_convert(LONDON).dt.normalize().dt.tz_convert("UTC")
            rows[column.name] = rows[column.name].where(~by_date, midnight)
            name = f"{column.name}_precision"
            rows[name] = rows[name].where(~by_date, "date")
    return rows
