"""The assessed frame as typed rows, found by what they are of, and the figures made from them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from perfpipe.assess.assess import value_of
from perfpipe.assess.assessed_figures import ASSESSED
from perfpipe.measures.definition import Measure, Unit
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.row import Row
from perfpipe.packs.wording.numbers import (
    MARKERS,
    decimals_for,
    present,
    scaled,
    show_counts,
    show_interval,
    show_value,
)

ALL = "all"
OF_CASES = (Unit.PERCENT, Unit.HOURS)  # a few cases move these much


Key = tuple[str, str, str, str, str]


def _column(column: pd.Series[Any], name: str) -> list[Any]:
    match ASSESSED.dtypes[name]:
        case "float64":
            return [present(number) for number in column.astype("float64").tolist()]
        case "bool":
            return column.astype(bool).tolist()
        case "int64":
            return column.astype(int).tolist()
        case _:
            return column.astype(object).where(column.notna(), "").tolist()


class Rows:
    """All rows of `ASSESSED`. A row that is not there reads as not available, never as zero."""

    def __init__(self, assessed: pd.DataFrame) -> None:
        self._rows: dict[Key, Row] = {}
        names = list(Row.__dataclass_fields__)
        columns = [_column(assessed[name], name) for name in names]
        for values in zip(*columns, strict=True):
            row = Row(*values)
            self._rows[row.measure_id, row.period, row.breakdown, row.group, row.month] = row

    def find(self, measure_id: str, period: str, month: str, breakdown: str = ALL, group: str = ALL) -> Row:
        """The row of a figure; one that says `not available` where the frame has none."""
        key = (measure_id, period, breakdown, group, month)
        return self._rows.get(key) or _absent(*key)


def _absent(measure_id: str, period: str, breakdown: str, group: str, month: str) -> Row:
    return Row(
        measure_id=measure_id,
        month=month,
        period=period,
        breakdown=breakdown,
        group=group,
        numerator=None,
        denominator=None,
        value=None,
        state="not_available",
        state_reason="no figure was computed",
        target="",
        status="no_data",
        lower=None,
        upper=None,
        revised=False,
        provisional=False,
        definition_version=1,
        direction="not compared",
        previous=None,
    )


def figure_of(row: Row, measure: Measure, low_base: int) -> Figure:
    """A row's figure as every output shows it."""
    unit = measure.unit
    if row.state != "ok" or row.value is None:
        marker = MARKERS.get(row.state, "[x]")
        words = f"{marker} {row.state_reason}".strip()
        return Figure(
            None, None, 0, unit.value, marker, row.state_reason, marker, words, None, None, None, None, None,
            row.provisional, row.revised, False,
        )  # fmt: skip
    value = value_of(row.value, _number(row.numerator), _number(row.denominator), unit)
    decimals = decimals_for(value, unit, row.target, row.status)
    is_low = unit in OF_CASES and row.denominator is not None and row.denominator < low_base
    interval = None
    if row.lower is not None and row.upper is not None:
        interval = (float(scaled(row.lower, unit)), float(scaled(row.upper, unit)))
    shown = show_value(value, unit, decimals)
    counted = unit is not Unit.COUNT
    return Figure(
        value=row.value,
        plotted=float(scaled(value, unit)),
        decimals=decimals,
        unit=unit.value,
        marker="",
        reason="",
        shown=shown,
        full=_full(row, measure, shown, is_low),
        numerator=row.numerator if counted else None,
        denominator=row.denominator if counted else None,
        lower=row.lower,
        upper=row.upper,
        plotted_interval=interval,
        provisional=row.provisional,
        revised=row.revised,
        low_base=is_low,
    )


def _number(number: float | None) -> float:
    return math.nan if number is None else number


def _full(row: Row, measure: Measure, shown: str, is_low: bool) -> str:
    counts = ""
    if measure.unit is not Unit.COUNT:
        counts = show_counts(row.numerator, row.denominator, measure.counted_in, measure.unit)
    interval = show_interval(row.lower, row.upper, measure.unit)
    doubt = ["low base" + (f", 95% interval {interval}" if interval else "")] if is_low else []
    inside = "; ".join([*([counts] if counts else []), *doubt])
    marks = [mark for mark, on in (("[p]", row.provisional), ("[r]", row.revised)) if on]
    return " ".join([shown, *([f"({inside})"] if inside else []), *marks])
