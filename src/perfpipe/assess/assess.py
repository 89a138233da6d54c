"""Assess: figures against the plan's targets, their own past, and what the audience last saw.

Status is decided in exact arithmetic on numerator, denominator, target and tolerance, never in floats
(definitions 7.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.assess.assessed_figures import ASSESSED
from perfpipe.assess.left_out_values import FigureRow, possible_values
from perfpipe.assess.movement import with_movement
from perfpipe.assess.revised import FigureNow, SeenFigure, is_revised
from perfpipe.assess.spc import wilson
from perfpipe.assess.standing import with_standing
from perfpipe.assess.variation import with_variation
from perfpipe.assess.year_before import with_year_before
from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Period, Polarity
from perfpipe.measures.figure import KEY
from perfpipe.measures.shown_numbers import value_of
from perfpipe.measures.words import State, Status
from perfpipe.plan import Plan, TargetStep
from perfpipe.settings.control_limits import NOTHING_DECLARED, ControlLimits

MONTHS_APART = {Period.QUARTER: 3, Period.YEAR_TO_DATE: 12}  # from a figure to the one that it is compared with
SEEN = [*SeenFigure._fields]
JUDGED_BY = ["measure_id", "period", "month", "value", "numerator", "denominator", "unit", "left_out", "left_out_of"]


def status_of(value: Fraction, step: TargetStep, polarity: Polarity) -> Status:
    """Met, near or missed: boundaries inclusive, value unrounded, tolerance in the value's own unit."""
    tolerance = Fraction(step.amber_within)
    if polarity is Polarity.RANGE_IS_BEST:
        assert step.low is not None
        assert step.high is not None
        low, high = Fraction(step.low), Fraction(step.high)
        gap = max(low - value, value - high, Fraction(0))
    else:
        assert step.target is not None
        target = Fraction(step.target)
        gap = target - value if polarity is Polarity.HIGHER_IS_BETTER else value - target
    if gap <= 0:
        return Status.MET
    return Status.NEAR if gap <= tolerance else Status.MISSED


def assess(
    figures: pd.DataFrame,
    plan: Plan,
    measures: Sequence[Measure],
    limits: ControlLimits = NOTHING_DECLARED,
    last_shown: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """`FIGURES` as `ASSESSED`: against target, their own past, and what the audience last saw (`with_revisions`).

    `lower` and `upper` are those that the figures bring, else a Wilson interval for proportions. `variance` is 0 inside
    a range. What a series has done: `with_the_past`.
    """
    by_id = {measure.id: measure for measure in measures}
    intervals = _intervals(figures, measures)
    judgement = judged(figures, plan, by_id)
    assessed = with_the_past(_with_previous(figures.assign(**judgement, **intervals)), measures, limits)
    return ASSESSED.checked(with_revisions(assessed, last_shown)[ASSESSED.names])


def with_the_past(figures: pd.DataFrame, measures: Sequence[Measure], limits: ControlLimits) -> pd.DataFrame:
    """Judged figures with what their own past says of them: `VARIATION` and `MOVED`."""
    by_id = {measure.id: measure for measure in measures}
    varied = with_variation(figures, measures, limits)
    return with_standing(with_movement(with_year_before(varied, by_id), by_id))


def _intervals(figures: pd.DataFrame, measures: Sequence[Measure]) -> dict[str, pd.Series]:
    there = figures["state"] == State.OK
    nested = figures["measure_id"].isin([measure.id for measure in measures if measure.counts.nested])
    shown = there & nested & (figures["unit"] == Unit.PERCENT)
    ends = wilson(figures["numerator"].where(shown), figures["denominator"].where(shown))
    made = dict(zip(("lower", "upper"), ends, strict=True))
    own = there & figures["lower"].notna() & figures["upper"].notna()
    return {name: figures[name].where(own, made[name]) for name in made}


def judged(figures: pd.DataFrame, plan: Plan, measures: dict[str, Measure]) -> dict[str, pd.Series]:
    """Target, status and variance. Only figures of the whole authority have a target: they alone are looped over."""
    there = (figures["state"] == State.OK).to_numpy()
    targets: list[str | None] = [None] * len(figures)
    statuses = np.where(there, Status.NO_TARGET, Status.NO_DATA).astype(object)
    variances = np.full(len(figures), np.nan)
    with_target = figures["measure_id"].isin(plan.targets) & (figures["breakdown"] == "all")
    places = np.flatnonzero(with_target.to_numpy())
    chosen = figures[JUDGED_BY].iloc[places].astype(object)  # the arrow strings of pandas are slow to loop over
    rows: Iterable[Any] = chosen.itertuples(index=False)
    for place, row in zip(places, rows, strict=True):
        measure = measures[row.measure_id]
        target = plan.target_of(measure, Period(row.period))
        step = target.step_for(Month.parse(row.month)) if target else None
        if step is None:
            continue
        targets[place] = step.written
        if there[place]:
            value = value_of(row.value, row.numerator, row.denominator, Unit(row.unit))
            statuses[place] = _status(row, value, step, measure)
            variances[place] = float(_distance(value, step))
    return {
        "target": pd.Series(targets, index=figures.index, dtype="str"),
        "status": pd.Series(statuses, index=figures.index, dtype="str"),
        "variance": pd.Series(variances, index=figures.index),
    }


def _status(row: Any, value: Fraction, step: TargetStep, measure: Measure) -> Status:
    """The status, where records left out by faults could not turn it (definitions 2.6)."""
    if not row.left_out:
        return status_of(value, step, measure.shown.polarity)
    could_be = possible_statuses(row, step, measure)
    return could_be.pop() if len(could_be) == 1 else Status.NOT_DECIDED


def possible_statuses(row: FigureRow, step: TargetStep, measure: Measure) -> set[Status]:
    """The statuses that a figure could have, had the records left out been there; none where none is left out."""
    return {status_of(each, step, measure.shown.polarity) for each in possible_values(row, measure)}


def _distance(value: Fraction, step: TargetStep) -> Fraction:
    if step.target is not None:
        return value - Fraction(step.target)
    assert step.low is not None
    assert step.high is not None
    return min(value - Fraction(step.low), Fraction(0)) + max(value - Fraction(step.high), Fraction(0))


def _with_previous(assessed: pd.DataFrame) -> pd.DataFrame:
    """`previous`: the value of the equal period before, as a fact; what may be said of it: `with_movement`."""
    before = assessed[[*KEY, "value"]].rename(columns={"value": "previous"})
    before["month"] = _following(before["month"], before["period"])
    previous = assessed[KEY].merge(before, on=KEY, how="left")["previous"]
    return assessed.assign(previous=previous.to_numpy())


def _following(months: pd.Series, periods: pd.Series) -> npt.NDArray[np.object_]:
    """For each month the one whose figure is compared with it: a quarter or, to date, a year later, else a month."""
    month_of, known_months = pd.factorize(months)
    period_of, known_periods = pd.factorize(periods)
    apart = [MONTHS_APART.get(Period(period), 1) for period in known_periods]
    later = [[str(Month.parse(month) + by) for by in apart] for month in known_months]
    return np.array(later, dtype=object).reshape(len(known_months), len(apart))[month_of, period_of]


def with_revisions(figures: pd.DataFrame, last_shown: pd.DataFrame | None) -> pd.DataFrame:
    """Figures, assessed or known, with `revised`: they differ from what their audience saw last (`is_revised`).

    `last_shown`: known figures as `CELLS` of the ledger, a row each, or None where the audience has seen nothing yet.
    """
    if last_shown is None or last_shown.empty:
        return figures.assign(revised=False)
    both = figures.merge(last_shown[[*KEY, *SEEN]], on=KEY, how="left", suffixes=("", "_seen"), indicator=True)
    known = (both["_merge"] == "both").to_numpy()
    now, then = both.loc[known, list(FigureNow._fields)], both.loc[known, ["state_seen", "status_seen", "number"]]
    pairs = zip(now.itertuples(index=False, name=None), then.fillna("").itertuples(index=False, name=None), strict=True)
    revised = np.zeros(len(both), dtype=bool)
    revised[known] = [is_revised(FigureNow(*new), SeenFigure(*old)) for new, old in pairs]
    return figures.assign(revised=revised)
