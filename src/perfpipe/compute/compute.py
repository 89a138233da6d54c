"""Compute: the rows that speak for each month into figures, one per (measure, month, period, breakdown, group).

Nothing is formatted, and nothing is compared with a target.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.compute.group_counts import Floats, GroupCells, NumberedRows, RowSelection
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import Month, month_range
from perfpipe.measures.definition import PER, Breakdown, Mask, Measure, Period, Statistic

FIGURE_COLUMNS = {
    "measure_id": "str", "code": "str", "month": "str", "period": "str", "breakdown": "str", "group": "str",
    "numerator": "float64", "denominator": "float64", "value": "float64", "lower": "float64", "upper": "float64",
    "state": "str", "state_reason": "str", "unit": "str", "provisional": "bool", "definition_version": "int64",
}  # fmt: skip
KEY = ["measure_id", "month", "period", "breakdown", "group"]
WHOLE_ONLY = (Period.QUARTER, Period.YEAR_TO_DATE)  # not split by group, unless they are the headline
NOT_STATED, NOT_ALL_STATED = "no number was given for the month", "no number was given for some of its groups"

Columns = dict[str, npt.NDArray[Any]]


def compute(measure_rows: MeasureRows, measures: Sequence[Measure]) -> pd.DataFrame:
    """Figures of all measures for all months, with the columns of `FIGURE_COLUMNS`, unique by `KEY`.

    `lower` and `upper` are the interval of a measure that brings its own, as a survival estimate does.
    """
    known = _Known(measure_rows)
    parts = [part for measure in measures for part in _figures_of(known, measure)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in FIGURE_COLUMNS}
    figures = pd.DataFrame(columns).astype(FIGURE_COLUMNS)
    if figures.duplicated(KEY).any():
        raise AssertionError("two figures with one key")
    return figures


@dataclass(frozen=True)
class _Known:
    """What several measures ask alike of the rows that speak, found out once."""

    measure_rows: MeasureRows
    seen: dict[int, NumberedRows] = field(
        default_factory=dict
    )  # by the identity of the view, which `measure_rows` keeps
    reasons: dict[Hashable, npt.NDArray[np.object_]] = field(default_factory=dict)
    early: dict[Hashable, set[Month]] = field(default_factory=dict)


def counted(measure_rows: MeasureRows, measure: Measure, period: Period) -> pd.DataFrame:
    """The view's rows that are not excluded, with `in_denominator`, `in_numerator`, `not_yet_due` (bool)."""
    rows = _counted(_Known(measure_rows), measure, period)
    return rows.seen.rows.assign(in_denominator=rows.bottom, in_numerator=rows.top, not_yet_due=rows.waiting)


def _counted(known: _Known, measure: Measure, period: Period) -> RowSelection:
    view = known.measure_rows.view(measure, period)
    seen = known.seen.setdefault(id(view), NumberedRows(view)).without(measure.id)
    bottom = _mask(measure.denominator, seen.rows)
    top = _mask(measure.numerator, seen.rows)
    if measure.denominator is not None and measure.nested:
        top &= bottom
    return RowSelection(seen, top, bottom, _mask(measure.not_yet_due, seen.rows))


def behind(measure_rows: MeasureRows, measure: Measure, period: Period, month: Month) -> pd.DataFrame:
    """The rows of `counted` from which the figure of one month is made."""
    rows = counted(measure_rows, measure, period)
    covered = period.months_to(month) if _sums_months(measure, period) else [month]
    return rows[rows["month"].isin([str(each) for each in covered])]


def _sums_months(measure: Measure, period: Period) -> bool:
    """True where a row's month is the event's own, and a figure is made of the events of several months."""
    return measure.month_of is not None and period is not Period.LAST_90_DAYS


def _mask(mask: Mask | None, rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if mask is None:
        return np.zeros(len(rows), dtype=np.bool_)
    return mask(rows).fillna(False).to_numpy(dtype=np.bool_, copy=True)


def _figures_of(known: _Known, measure: Measure) -> Iterator[Columns]:
    """For every period and breakdown the columns of `FIGURE_COLUMNS`, as arrays of one length."""
    measure_rows = known.measure_rows
    rows: RowSelection | None = None
    for period in measure.periods:
        if rows is None or not _sums_months(measure, period):
            rows = _counted(known, measure, period)
        months = [month for month in measure_rows.months if period.months_to(month)]
        if not months:
            continue
        reasons, early = _reasons(known, measure, period, months), _early(known, measure, period, months)
        covered = [period.months_to(month) if _sums_months(measure, period) else [month] for month in months]
        split = period not in WHOLE_ONLY or period is measure.periods[0]
        for breakdown in (None, *(measure.breakdowns if split else ())):
            cells = GroupCells.of(rows, covered, breakdown)
            totals = _totals(cells, measure, [measure_rows.population.get(str(month), np.nan) for month in months])
            wide = len(cells.groups)
            unavailable = np.repeat(reasons, wide)
            if measure.stated:
                unavailable = np.where(unavailable == "", _not_stated(cells, measure, breakdown), unavailable)
            same = {
                "measure_id": measure.id,
                "code": measure.code,
                "period": period.value,
                "breakdown": breakdown.id if breakdown else "all",
                "unit": measure.unit.value,
                "definition_version": measure.version,
            }
            yield {
                **{name: np.full(cells.count, value, dtype=object) for name, value in same.items()},
                **_with_states(totals, unavailable, np.repeat(early, wide)),
                "month": np.repeat(np.array([str(month) for month in months], dtype=object), wide),
                "group": np.array(cells.groups * len(months), dtype=object),
            }


def _not_stated(cells: GroupCells, measure: Measure, breakdown: Breakdown | None) -> npt.NDArray[np.object_]:
    """For each cell why no number was stated for it, or an empty text. The whole is known when all its groups are."""
    groups = len(measure.breakdowns[0].groups) if measure.breakdowns and breakdown is None else 1
    stated = cells.sums(cells.counted.top)
    return np.select([stated == 0, stated < groups], [NOT_STATED, NOT_ALL_STATED], "").astype(object)


def _totals(cells: GroupCells, measure: Measure, population: list[float]) -> Columns:
    """For every cell `numerator`, `denominator` (NaN for a count), `value`, `lower`, `upper`, `reason`, `waiting`."""
    rows = cells.counted
    nothing = np.full(cells.count, np.nan)
    lower, upper, why = nothing, nothing, np.full(cells.count, "", dtype=object)
    if measure.statistic:
        numerator, denominator = nothing, cells.sums(rows.bottom)
        value, lower, upper, why = _estimates(cells, measure.statistic)
    else:
        numerator, denominator = (
            cells.different(mask, measure.distinct)
            if measure.distinct
            else cells.sums(mask, np.nan_to_num(rows.column(weight).astype("float64")) if weight else None)
            for mask, weight in ((rows.top, measure.numerator_weight or measure.weight), (rows.bottom, measure.weight))
        )
        if measure.per_population:
            denominator = np.repeat(np.array(population, dtype="float64"), len(cells.groups))
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(denominator > 0, numerator / denominator, np.nan)
        value = numerator if measure.is_count else share * (PER if measure.per_population else 1)
    return {
        "numerator": numerator,
        "denominator": nothing if measure.is_count else denominator,
        "value": value,
        "lower": lower,
        "upper": upper,
        "why": why,
        "waiting": cells.sums(rows.waiting) if measure.not_yet_due else np.zeros(cells.count),
    }


def _estimates(cells: GroupCells, statistic: Statistic) -> tuple[Floats, Floats, Floats, npt.NDArray[np.object_]]:
    value, lower, upper = (np.full(cells.count, np.nan) for _ in range(3))
    reason = np.full(cells.count, "", dtype=object)
    columns = [cells.counted.column(name) for name in statistic.columns]
    cell, position = cells.pairs(cells.counted.bottom)
    order = np.argsort(cell, kind="stable")
    filled, starts = np.unique(cell[order], return_index=True)
    groups = np.split(position[order], starts[1:]) if len(filled) else []  # of nothing, split makes one part
    for number, positions in zip(filled, groups, strict=True):
        estimate = statistic.of(*(column[positions] for column in columns))
        value[number], lower[number], upper[number], reason[number] = estimate
    return value, lower, upper, reason


def _with_states(totals: Columns, unavailable: npt.NDArray[np.object_], early: npt.NDArray[np.bool_]) -> Columns:
    """Totals with `state`, `state_reason` and `provisional`; no number where there is none."""
    absent = unavailable != ""
    nothing = np.isnan(totals["value"]) & ~absent
    waiting = nothing & (totals["waiting"] > 0)
    not_applicable = nothing & ~waiting
    reason = np.where(absent, unavailable, "").astype(object)
    reason[waiting] = "not yet due"
    reason[not_applicable] = np.where(totals["why"] == "", "nothing to count", totals["why"])[not_applicable]
    state = np.full(len(reason), "ok", dtype=object)
    state[absent | waiting], state[not_applicable] = "not_available", "not_applicable"
    numbers = ("numerator", "denominator", "value", "lower", "upper")
    return {
        **{name: np.where(absent, np.nan, totals[name]) for name in numbers},
        "state": state,
        "state_reason": reason,
        "provisional": early & ~absent & ~not_applicable,
    }


def _reasons(known: _Known, measure: Measure, period: Period, months: Sequence[Month]) -> npt.NDArray[np.object_]:
    """For each month why it cannot be computed; empty if it can."""
    beside = measure.beside.id if measure.beside else ""
    back = (measure.lookback_months, measure.months_after_end, measure.bridge, measure.month_of is None)
    asked = (measure.made_within_days, measure.needs, measure.per_population, measure.stated)
    key = (measure.dataset.id, beside, period, back, *asked)
    if key not in known.reasons:
        found = [_unavailable(known.measure_rows, measure, period, month) for month in months]
        known.reasons[key] = np.array(found, dtype=object)
    return known.reasons[key]


def _early(known: _Known, measure: Measure, period: Period, months: Sequence[Month]) -> list[bool]:
    """For each month whether its figure is provisional.

    It is where an extract was made before a month that it speaks for, and the time its events need to mature, had
    passed.
    """
    key = (measure.dataset.id, measure.matures_after_hours)
    if key not in known.early:
        grace = pd.Timedelta(hours=measure.matures_after_hours)
        by_month = known.measure_rows.speaks_for[measure.dataset.id].by_month
        known.early[key] = {month for month, each in by_month.items() if each.extracted_at < month.end_at + grace}
    if _sums_months(measure, period):
        return [not known.early[key].isdisjoint(period.months_to(month)) for month in months]
    return [month in known.early[key] for month in months]


def _unavailable(measure_rows: MeasureRows, measure: Measure, period: Period, month: Month) -> str:
    """Why a month cannot be computed; empty if it can."""
    for dataset in (measure.dataset, measure.beside):
        reason = _unavailable_from(measure_rows, dataset, measure, period, month) if dataset else ""
        if reason:
            return reason
    if measure.per_population and str(month) not in measure_rows.population:
        return "no population declared for the month"
    return ""


def _unavailable_from(
    measure_rows: MeasureRows, dataset: Dataset, measure: Measure, period: Period, month: Month
) -> str:
    speaks_for = measure_rows.speaks_for[dataset.id]
    if month not in speaks_for.by_month:
        return "extract missing"
    if period is not Period.MONTH_END and speaks_for.by_month[month].selects_by is Selects.SNAPSHOT:
        return "the extract is a snapshot"
    if measure.needs:
        lacking = measure_rows.columns_without_content(dataset, speaks_for.by_month[month].id) & set(measure.needs)
        if lacking:
            return f"the extract has no {' or '.join(sorted(lacking))}"
    days = measure.made_within_days
    if days is not None and speaks_for.by_month[month].extracted_at > month.end_at + pd.Timedelta(days=days):
        return "the extract was made too long after the month"
    needed = _months_needed(dataset, measure, period, month)
    if speaks_for.unbroken[month] < needed:
        missing = [each for each in month_range(month - (needed - 1), month) if each not in speaks_for.by_month]
        return f"history missing: {missing[0]}" + (f" to {missing[-1]}" if len(missing) > 1 else "")
    if dataset.end is None and measure.needs:
        months = month_range(month - (needed - 1), month)
        blank = [each for each in months if not measure_rows.columns_blank_in(dataset, each).isdisjoint(measure.needs)]
        return f"the extract lacks {' or '.join(measure.needs)} for {blank[0]}" if blank else ""
    return ""


def _months_needed(dataset: Dataset, measure: Measure, period: Period, month: Month) -> int:
    """How many months a figure looks at, the month itself included."""
    if measure.stated:
        return 1
    if measure.bridge:
        return 2
    if measure.month_of is not None or dataset.end is None:
        return len(period.months_to(month)) + measure.months_after_end
    return 1 if period in (Period.MONTH, Period.MONTH_END) else measure.lookback_months
