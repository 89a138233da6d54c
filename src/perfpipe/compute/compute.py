"""Compute: the rows that speak for each month into figures, one per (measure, month, period, breakdown, group).

Nothing is formatted, and nothing is compared with a target.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.compute.availability import Availability
from perfpipe.compute.chance import chance_of
from perfpipe.compute.figure_columns import Columns, absent_columns, naming_columns, with_states
from perfpipe.compute.group_counts import Bools, Floats, GroupCells, NumberedRows, RowSelection
from perfpipe.compute.left_out import LostFromFigures, mask_of
from perfpipe.compute.lost_rows import LeftOut, LostRows
from perfpipe.compute.measure_rows import MeasureRows, sums_months
from perfpipe.dates.months import Month
from perfpipe.measures.counts import PER, Statistic
from perfpipe.measures.definition import Breakdown, Measure, Period
from perfpipe.measures.figure import FIGURES

WHOLE_ONLY = (Period.QUARTER, Period.YEAR_TO_DATE)  # not split by group, unless they are the headline
NOT_STATED, NOT_ALL_STATED = "no number was given for the month", "no number was given for some of its groups"


def compute(measure_rows: MeasureRows, measures: Sequence[Measure]) -> pd.DataFrame:
    """`FIGURES` of all measures for all months.

    `lower` and `upper` are the interval of a measure that brings its own, as a survival estimate does.
    """
    answers = _Answers.of(measure_rows)
    parts = [part for measure in measures for part in _figures_of(answers, measure)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in FIGURES.names}
    return FIGURES.checked(pd.DataFrame(columns).astype(FIGURES.dtypes))


@dataclass(frozen=True)
class _Answers:
    """What several measures ask alike of their rows, found out once."""

    measure_rows: MeasureRows
    availability: Availability
    left_out: LeftOut
    seen: dict[int, NumberedRows] = field(default_factory=dict)  # by the identity of the view, which is kept

    @classmethod
    def of(cls, measure_rows: MeasureRows) -> _Answers:
        kept = next(
            (each for each in measure_rows.answers if isinstance(each, cls) and each.measure_rows is measure_rows), None
        )
        if kept is None:
            kept = cls(measure_rows, Availability(measure_rows), LeftOut(measure_rows))
            measure_rows.answers.append(kept)
        return kept


def selection_of(measure_rows: MeasureRows, measure: Measure, period: Period) -> RowSelection:
    """The view's rows that are not excluded, and which of them count above the line, below it, or not yet."""
    return _counted(_Answers.of(measure_rows), measure, period)


def lost_to(
    measure_rows: MeasureRows,
    measure: Measure,
    period: Period,
    months: Sequence[Month],
    of: tuple[Breakdown, str] | None = None,
) -> pd.DataFrame:
    """The rows that faults keep out of the figure of one group (None: of the whole) over some months, as
    `left_out.PLACED`.
    """
    answers = _Answers.of(measure_rows)
    found = answers.left_out.rows(measure, period, _seen(answers, measure, period))
    counted = _counted(answers, measure, period)
    lost = LostFromFigures.of(found, measure, [months], counted, answers.left_out.places)
    return lost.placed(of[0], list(of[0].groups).index(of[1])) if of else lost.placed(None, 0)


def _counted(answers: _Answers, measure: Measure, period: Period) -> RowSelection:
    seen = _seen(answers, measure, period).without(measure.left_out_by or ())
    bottom = mask_of(measure.counts.denominator, seen.rows)
    top = mask_of(measure.counts.numerator, seen.rows)
    if measure.counts.denominator is not None and measure.counts.nested:
        top &= bottom
    return RowSelection(seen, top, bottom, mask_of(measure.mature.not_yet_due, seen.rows))


def _seen(answers: _Answers, measure: Measure, period: Period) -> NumberedRows:
    view = answers.measure_rows.view(measure, period)
    return answers.seen.setdefault(id(view), NumberedRows(view))


def is_split(measure: Measure, period: Period) -> bool:
    """Whether the figures of a period are also made for each group."""
    return period not in WHOLE_ONLY or period is measure.periods[0]


def _figures_of(answers: _Answers, measure: Measure) -> Iterator[Columns]:
    """For every period and breakdown the columns of `FIGURES`, as arrays of one length."""
    measure_rows = answers.measure_rows
    rows: RowSelection | None = None
    found: list[tuple[LostRows, Bools]] = []
    for period in measure.periods:
        months = [month for month in measure_rows.months if period.months_to(month)]
        if not months:
            continue
        breakdowns = (None, *(measure.shown.breakdowns if is_split(measure, period) else ()))
        reasons = answers.availability.reasons(measure, period, months)
        if (reasons != "").all():
            yield from (absent_columns(measure, period, each, months, reasons) for each in breakdowns)
            continue
        if rows is None or not sums_months(measure, period):
            rows = _counted(answers, measure, period)
            found = answers.left_out.rows(measure, period, _seen(answers, measure, period))
        early = answers.availability.early(measure, period, months)
        covered = [period.months_to(month) if sums_months(measure, period) else [month] for month in months]
        lost = LostFromFigures.of(found, measure, covered, rows, answers.left_out.places)
        for breakdown in breakdowns:
            cells = GroupCells.of(rows, covered, breakdown)
            totals = _totals(cells, measure, [measure_rows.population.get(str(month), np.nan) for month in months])
            unavailable = np.repeat(reasons, len(cells.groups))
            if measure.basis.stated:
                unavailable = np.where(unavailable == "", _not_stated(cells, measure, breakdown), unavailable)
            left_out = lost.losses(cells, breakdown)
            known = unavailable == ""
            unavailable = np.where(known, left_out.withheld, unavailable)
            totals |= chance_of(cells, measure, totals["numerator"], totals["denominator"])
            yield {
                **naming_columns(measure, period, breakdown, months),
                **with_states(totals, unavailable, np.repeat(early, len(cells.groups))),
                **left_out.columns(known),
            }


def _not_stated(cells: GroupCells, measure: Measure, breakdown: Breakdown | None) -> npt.NDArray[np.object_]:
    """For each cell why no number was stated for it, or an empty text. The whole is known when all its groups are."""
    groups = len(measure.shown.breakdowns[0].groups) if measure.shown.breakdowns and breakdown is None else 1
    stated = cells.sums(cells.counted.top)
    return np.select([stated == 0, stated < groups], [NOT_STATED, NOT_ALL_STATED], "").astype(object)


def _totals(cells: GroupCells, measure: Measure, population: list[float]) -> Columns:
    """For every cell `numerator`, `denominator` (NaN for a count), `value`, `lower`, `upper`, `why`, `waiting`."""
    rows = cells.counted
    nothing = np.full(cells.count, np.nan)
    lower, upper, why = nothing, nothing, np.full(cells.count, "", dtype=object)
    if measure.counts.statistic:
        numerator, denominator = nothing, cells.sums(rows.bottom)
        value, lower, upper, why = _estimates(cells, measure.counts.statistic)
    else:
        numerator, denominator = (
            cells.different(mask, measure.counts.distinct)
            if measure.counts.distinct
            else cells.sums(mask, np.nan_to_num(rows.column(weight).astype("float64")) if weight else None)
            for mask, weight in (
                (rows.top, measure.counts.numerator_weight or measure.counts.weight),
                (rows.bottom, measure.counts.weight),
            )
        )
        if measure.counts.per_population:
            denominator = np.repeat(np.array(population, dtype="float64"), len(cells.groups))
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(denominator > 0, numerator / denominator, np.nan)
        value = numerator if measure.counts.is_count else share * (PER if measure.counts.per_population else 1)
    return {
        "numerator": numerator,
        "denominator": nothing if measure.counts.is_count else denominator,
        "value": value,
        "lower": lower,
        "upper": upper,
        "why": why,
        "waiting": cells.sums(rows.waiting) if measure.mature.not_yet_due else np.zeros(cells.count),
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
