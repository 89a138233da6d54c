"""Assess: figures against the plan's targets, the month before, and what the audience last saw.

Status is decided in exact arithmetic on numerator, denominator, target and tolerance, never in floats
(definitions 7.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.assess.spc import Numbers, change_limit, wilson
from perfpipe.assess.variation import with_variation
from perfpipe.compute.compute import KEY
from perfpipe.dates.months import Month
from perfpipe.measures.definition import IMPROVING, PER, WORSENING, Measure, Period, Polarity, Unit
from perfpipe.plan import Plan, TargetStep, target_ends
from perfpipe.plan.targets import MET, MISSED, NEAR
from perfpipe.settings.control_limits import NOTHING_DECLARED, ControlLimits

NO_TARGET, NO_DATA = "no_target", "no_data"
NO_CLEAR_CHANGE = "no clear change"
UP, DOWN, SAME, NOT_COMPARED = "up", "down", "same", "not compared"
MONTHS_APART = {Period.QUARTER: 3, Period.YEAR_TO_DATE: 12}  # from a figure to the one that it is compared with
SCALES: dict[str, int] = {Unit.PER_10_000.value: PER}
SEEN = ["value", "unit", "state", "status"]  # of a figure, by which it is told whether an audience sees another
JUDGED_BY = ["measure_id", "period", "month", "value", "numerator", "denominator", "unit"]
SAME_NUMBER = Fraction(1, 10**9)


def status_of(value: Fraction, step: TargetStep, polarity: Polarity) -> str:
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
        return MET
    return NEAR if gap <= tolerance else MISSED


def exact_value(numerator: float, denominator: float) -> Fraction:
    """The unrounded value of a figure; a denominator of NaN is a count's."""
    top = Fraction(Decimal(repr(float(numerator))))
    return top if pd.isna(denominator) else top / Fraction(Decimal(repr(float(denominator))))


def value_of(value: float, numerator: float, denominator: float, unit: str) -> Fraction:
    """The exact value of a figure: its ratio, where the value is one; else the value itself, as it is written.

    Medians have no ratio, and a share that was estimated (survival) differs from it.
    """
    plain = exact_value(value, float("nan"))
    if pd.isna(numerator) or pd.isna(denominator) or not denominator:
        return plain
    ratio = exact_value(numerator, denominator) * SCALES.get(unit, 1)
    return ratio if abs(ratio - plain) <= SAME_NUMBER * (1 + abs(plain)) else plain


def assess(
    figures: pd.DataFrame, plan: Plan, measures: Sequence[Measure], limits: ControlLimits = NOTHING_DECLARED
) -> pd.DataFrame:
    """Figures with `target`, `status`, `variance`, `lower`, `upper`, `direction`, `previous`, and their variation.

    `variance` is value minus target, or the distance outside a range (0 inside); `previous` is the figure of the
    equal period before, `direction` the change since then by the measure's polarity. `lower` and `upper` are those
    that the figures bring, else a Wilson interval for proportions. `variation` and what goes with it:
    `variation.with_variation`.
    """
    by_id = {measure.id: measure for measure in measures}
    intervals = _intervals(figures, measures)
    judged = _judged(figures, plan, by_id)
    assessed = with_variation(figures.assign(**judged, **intervals), measures, limits)
    return _with_direction(assessed, by_id)


def _intervals(figures: pd.DataFrame, measures: Sequence[Measure]) -> dict[str, pd.Series]:
    there = figures["state"] == "ok"
    nested = figures["measure_id"].isin([measure.id for measure in measures if measure.nested])
    shown = there & nested & (figures["unit"] == Unit.PERCENT)
    ends = wilson(figures["numerator"].where(shown), figures["denominator"].where(shown))
    made = dict(zip(("lower", "upper"), ends, strict=True))
    if "lower" not in figures:
        return made
    own = there & figures["lower"].notna() & figures["upper"].notna()
    return {name: figures[name].where(own, made[name]) for name in made}


def _judged(figures: pd.DataFrame, plan: Plan, measures: dict[str, Measure]) -> dict[str, pd.Series]:
    """Target, status and variance. Only figures of the whole authority have a target: they alone are looped over."""
    there = (figures["state"] == "ok").to_numpy()
    targets: list[str | None] = [None] * len(figures)
    statuses = np.where(there, NO_TARGET, NO_DATA).astype(object)
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
            value = value_of(row.value, row.numerator, row.denominator, row.unit)
            statuses[place] = status_of(value, step, measure.polarity)
            variances[place] = float(_distance(value, step))
    return {
        "target": pd.Series(targets, index=figures.index, dtype="str"),
        "status": pd.Series(statuses, index=figures.index, dtype="str"),
        "variance": pd.Series(variances, index=figures.index),
    }


def _distance(value: Fraction, step: TargetStep) -> Fraction:
    if step.target is not None:
        return value - Fraction(step.target)
    assert step.low is not None
    assert step.high is not None
    return min(value - Fraction(step.low), Fraction(0)) + max(value - Fraction(step.high), Fraction(0))


def _with_direction(assessed: pd.DataFrame, measures: dict[str, Measure]) -> pd.DataFrame:
    """`previous` and `direction` against the same figure over the equal period before (definitions 7.7).

    The change is clear when it is more than common causes move a series from one point to the next, where it has
    limits; else when neither figure lies in the interval of the other; else whatever it is.
    """
    before = assessed[[*KEY, "value", "lower", "upper", "provisional", "definition_version"]].copy()
    before["month"] = _following(before["month"], before["period"])
    both = assessed.merge(before, on=KEY, how="left", suffixes=("", "_before"))
    now, then = both["value"].to_numpy(), both["value_before"].to_numpy()
    same_version = both["definition_version"] == both["definition_version_before"]
    settled = ~both["provisional"].astype(bool) & ~both["provisional_before"].eq(True)
    numbers = both["value"].notna() & both["value_before"].notna() & (both["state"] == "ok")
    compared = (settled & same_version & numbers).to_numpy()
    by_limits = ~both["variation"].isin(["", "none"]).to_numpy()
    by_chance = np.abs(now - then) <= change_limit(both["mean"].to_numpy(), both["upper_limit"].to_numpy())
    in_interval = both["value_before"].between(both["lower"], both["upper"])
    in_interval |= both["value"].between(both["lower_before"], both["upper_before"])
    unclear = np.where(by_limits, by_chance, in_interval.to_numpy() & (now != then))
    gain, sided = _gain(both, measures)
    direction = np.select(
        [~compared, unclear, ~sided & (now == then), ~sided & (now > then), ~sided, gain == 0, gain > 0],
        [NOT_COMPARED, NO_CLEAR_CHANGE, SAME, UP, DOWN, NO_CLEAR_CHANGE, IMPROVING],
        WORSENING,
    )
    return assessed.assign(previous=then, direction=pd.Series(direction, index=assessed.index, dtype="str"))


def _following(months: pd.Series, periods: pd.Series) -> npt.NDArray[np.object_]:
    """For each month the one whose figure is compared with it: a quarter or, to date, a year later, else a month."""
    month_of, known_months = pd.factorize(months)
    period_of, known_periods = pd.factorize(periods)
    apart = [MONTHS_APART.get(Period(period), 1) for period in known_periods]
    later = [[str(Month.parse(month) + by) for by in apart] for month in known_months]
    return np.array(later, dtype=object).reshape(len(known_months), len(apart))[month_of, period_of]


def _gain(both: pd.DataFrame, measures: dict[str, Measure]) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """By how much each figure is better than before, and whether one way is better at all."""
    polarity = both["measure_id"].map({name: measure.polarity.value for name, measure in measures.items()}).to_numpy()
    now, then = both["value"].to_numpy(), both["value_before"].to_numpy()
    ends = {target: tuple(map(float, target_ends(target))) for target in both["target"].dropna().unique()}
    low, high = (both["target"].map({t: e[side] for t, e in ends.items()}).to_numpy("float64") for side in (0, 1))
    outside = [np.maximum(np.maximum(low - value, value - high), 0) for value in (now, then)]
    nearer = np.round(outside[1] - outside[0], 12)
    ranged = polarity == Polarity.RANGE_IS_BEST.value
    gain = np.select([ranged, polarity == Polarity.LOWER_IS_BETTER.value], [nearer, then - now], now - then)
    return gain, np.where(ranged, ~np.isnan(low), polarity != Polarity.NEITHER.value)


def with_revisions(assessed: pd.DataFrame, last_seen: pd.DataFrame | None) -> pd.DataFrame:
    """Figures with `revised`: the shown value or status differs from what the audience last saw (definitions 7.8).

    `last_seen` has the columns `KEY` and `SEEN`, or is None when the audience has seen nothing yet.
    """
    if last_seen is None or last_seen.empty:
        return assessed.assign(revised=False)
    both = assessed[[*KEY, *SEEN]].merge(
        last_seen[[*KEY, *SEEN]], on=KEY, how="left", suffixes=("", "_seen"), indicator=True
    )
    changed = both["state"] != both["state_seen"]
    changed |= both["status"].isin([MET, NEAR, MISSED]) & (both["status"] != both["status_seen"])
    known = both["_merge"] == "both"
    moved = known & (both["value"] != both["value_seen"])  # only these are rounded
    numbers = (both.loc[moved, name].tolist() for name in ("value", "value_seen", "unit"))
    shown = [shown_number(now, unit) != shown_number(then, unit) for now, then, unit in zip(*numbers, strict=True)]
    changed[moved] |= np.array(shown, dtype=bool)
    return assessed.assign(revised=(known & changed).to_numpy())


def shown_number(value: float, unit: str) -> str:
    """A value as packs round it, half up: whole percentages and counts, else one decimal; empty for none."""
    if pd.isna(value):
        return ""
    number = Decimal(repr(float(value))) * (100 if unit == Unit.PERCENT else 1)
    places = Decimal(1) if unit in (Unit.PERCENT, Unit.COUNT) else Decimal("0.1")
    return str(number.quantize(places, rounding=ROUND_HALF_UP))
