"""Assess: figures against the plan's targets, the month before, and what the audience last saw.

Status is decided in exact arithmetic on numerator, denominator, target and tolerance, never in floats
(`domain.md` 0.4 ruling 7, 4.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from perfpipe.compute import KEY
from perfpipe.measures.definition import Measure, Period, Polarity
from perfpipe.months import Month
from perfpipe.plan import Plan, Step
from perfpipe.spc import wilson

MET, NEAR, MISSED, NO_TARGET, NO_DATA = "met", "near", "missed", "no_target", "no_data"
IMPROVING, WORSENING, NO_CLEAR_CHANGE = "improving", "worsening", "no clear change"
UP, DOWN, SAME, NOT_COMPARED = "up", "down", "same", "not compared"


def status_of(value: Fraction, step: Step, polarity: Polarity) -> str:
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


def assess(figures: pd.DataFrame, plan: Plan, measures: Sequence[Measure]) -> pd.DataFrame:
    """Figures with `target`, `status`, `variance`, `lower`, `upper`, `direction` and `previous`.

    `variance` is value minus target, or the distance outside a range (0 inside); `previous` is the month before,
    `direction` the change since then by the measure's polarity.
    """
    by_id = {measure.id: measure for measure in measures}
    targets = [_judged(row, by_id[str(row.measure_id)], plan) for row in figures.itertuples(index=False)]
    judged = pd.DataFrame(targets, columns=["target", "status", "variance"], index=figures.index)
    assessed = figures.assign(
        target=judged["target"].astype("str"),
        status=judged["status"],
        variance=judged["variance"].astype("float64"),
    )
    nested = figures["measure_id"].map({measure.id: measure.nested and not measure.is_count for measure in measures})
    shown = nested & (figures["state"] == "ok")
    lower, upper = wilson(figures["numerator"].where(shown), figures["denominator"].where(shown))
    return _with_direction(assessed.assign(lower=lower, upper=upper), plan, by_id)


def _judged(row: Any, measure: Measure, plan: Plan) -> tuple[str | None, str, float]:
    target = plan.target_of(measure, Period(row.period)) if row.breakdown == "all" else None
    step = target.step_for(Month.parse(row.month)) if target else None
    written = step.written if step else None
    if row.state != "ok":
        return written, NO_DATA, float("nan")
    if step is None:
        return None, NO_TARGET, float("nan")
    value = exact_value(row.numerator, row.denominator)
    return written, status_of(value, step, measure.polarity), float(_distance(value, step))


def _distance(value: Fraction, step: Step) -> Fraction:
    if step.target is not None:
        return value - Fraction(step.target)
    assert step.low is not None
    assert step.high is not None
    return min(value - Fraction(step.low), Fraction(0)) + max(value - Fraction(step.high), Fraction(0))


def _with_direction(assessed: pd.DataFrame, plan: Plan, measures: dict[str, Measure]) -> pd.DataFrame:
    """`previous` and `direction` against the same figure one month before (ruling 13)."""
    before = assessed[[*KEY, "value", "provisional", "definition_version"]].copy()
    following = {month: str(Month.parse(month) + 1) for month in before["month"].unique()}
    before["month"] = before["month"].map(following)
    both = assessed.merge(before, on=KEY, how="left", suffixes=("", "_before"))
    directions = [_direction(row, measures[str(row.measure_id)], plan) for row in both.itertuples(index=False)]
    return assessed.assign(previous=both["value_before"].to_numpy(), direction=directions)


def _direction(row: Any, measure: Measure, plan: Plan) -> str:
    now, then = row.value, row.value_before
    pending = row.provisional or row.provisional_before is True
    broken = row.definition_version != row.definition_version_before
    if pd.isna(now) or pd.isna(then) or pending or broken or row.state != "ok":
        return NOT_COMPARED
    if now != then and not pd.isna(row.lower) and row.lower <= then <= row.upper:
        return NO_CLEAR_CHANGE
    better = _gain(now, then, measure, plan, Month.parse(row.month))
    if better is None:
        return SAME if now == then else UP if now > then else DOWN
    return NO_CLEAR_CHANGE if better == 0 else IMPROVING if better > 0 else WORSENING


def _gain(now: float, then: float, measure: Measure, plan: Plan, month: Month) -> float | None:
    """By how much it is better than before; None where neither way is better."""
    if measure.polarity is Polarity.NEITHER:
        return None
    if measure.polarity is Polarity.RANGE_IS_BEST:
        target = plan.target_of(measure, measure.periods[0])
        step = target.step_for(month) if target else None
        if step is None:
            return None
        gaps = [abs(float(_distance(exact_value(value, float("nan")), step))) for value in (now, then)]
        return gaps[1] - gaps[0]
    return now - then if measure.polarity is Polarity.HIGHER_IS_BETTER else then - now


def with_revisions(assessed: pd.DataFrame, last_seen: pd.DataFrame | None) -> pd.DataFrame:
    """Figures with `revised`: the shown value or status differs from what the audience last saw (ruling 15).

    `last_seen` has the same columns, or is None when the audience has seen nothing yet.
    """
    if last_seen is None or last_seen.empty:
        return assessed.assign(revised=False)
    seen = last_seen[[*KEY, "value", "unit", "state", "status"]]
    both = assessed[[*KEY, "value", "unit", "state", "status"]].merge(
        seen, on=KEY, how="left", suffixes=("", "_seen"), indicator=True
    )
    changed = both["state"] != both["state_seen"]
    changed |= both["status"].isin([MET, NEAR, MISSED]) & (both["status"] != both["status_seen"])
    shown = [shown_number(value, unit) for value, unit in zip(both["value"], both["unit"], strict=True)]
    shown_then = [shown_number(value, unit) for value, unit in zip(both["value_seen"], both["unit"], strict=True)]
    changed |= pd.Series(shown) != pd.Series(shown_then)
    return assessed.assign(revised=((both["_merge"] == "both") & changed).to_numpy())


def shown_number(value: float, unit: str) -> str:
    """A value as packs round it, half up: whole percentages, whole counts; empty for none."""
    if pd.isna(value):
        return ""
    number = Decimal(repr(float(value))) * (100 if unit == "percent" else 1)
    return str(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))
