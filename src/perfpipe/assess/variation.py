"""What the variation of a series is: common cause or special, and whether it can be relied on to meet its target.

XmR limits where they are valid; where not, the reason, and the median of a run chart (definitions 7.4 to 7.6).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

import numpy as np
import pandas as pd

from perfpipe.assess.assessed_figures import VARIATION
from perfpipe.assess.spc import TOO_FEW, ControlChart, Numbers, Special, assurance_of, xmr_chart
from perfpipe.measures.definition import Measure, Period, Polarity
from perfpipe.measures.shown_numbers import target_ends
from perfpipe.measures.words import Assurance, State, Variation
from perfpipe.settings.control_limits import Baseline, ControlLimits

SHARED = "neighbouring points overlap, so there are no limits"
REFUSED = {
    Period.ROLLING_12: SHARED,
    Period.YEAR_TO_DATE: SHARED,
    Period.LAST_90_DAYS: SHARED,
    Period.COHORT: SHARED,
    Period.MONTH_END: "month-end numbers move slowly, so there are no limits",
}
IMPROVEMENT = (Variation.IMPROVEMENT_HIGH, Variation.IMPROVEMENT_LOW)
CONCERN = (Variation.CONCERN_HIGH, Variation.CONCERN_LOW)
NEUTRAL = (Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW)
FEW_ALLOWED = 0.25  # the share of figures of too few cases from which there are no limits
NAN = float("nan")


class SeriesFigure(NamedTuple):
    """What is asked of one figure of a series, and its place in the frame."""

    measure_id: str
    period: str
    month: str
    denominator: float
    value: float
    state: str
    provisional: bool
    definition_version: int
    target: str
    position: int


class Verdict(NamedTuple):
    """What is said about one figure, as the columns `VARIATION`; the defaults are those of a figure of a group."""

    variation: str = ""
    variation_reason: str = ""
    assurance: str = ""
    mean: float = NAN
    lower_limit: float = NAN
    upper_limit: float = NAN
    trial_limits: bool = False
    within_since: str = ""
    median: float = NAN
    rebased: str = ""


NOTHING_SAID = Verdict(Variation.NONE, assurance=Assurance.NONE)


class Stretch(NamedTuple):
    """Places of a series between two rebases, from which month on, and why it begins (empty for the first)."""

    first: int
    end: int
    since: str
    reason: str


def with_variation(assessed: pd.DataFrame, measures: Sequence[Measure], limits: ControlLimits) -> pd.DataFrame:
    """The frame with the columns `VARIATION`, worked out for each series of the whole authority; blank for groups.

    Provisional figures, and those of fewer cases than `least_cases`, neither make limits nor signal.
    """
    by_id = {measure.id: measure for measure in measures}
    judged = [Verdict()] * len(assessed)
    positions = np.flatnonzero((assessed["breakdown"] == "all").to_numpy())
    whole = assessed.iloc[positions].assign(position=positions)[[*SeriesFigure._fields]].astype(object)
    whole = whole.sort_values(["measure_id", "period", "month"])
    every = map(SeriesFigure._make, whole.itertuples(index=False, name=None))
    for (measure_id, period), rows in groupby(every, lambda row: (row.measure_id, row.period)):
        series = list(rows)
        for row, found in zip(series, _of_series(by_id[measure_id], Period(period), series, limits), strict=True):
            judged[row.position] = found
    verdicts = pd.DataFrame(judged, index=assessed.index).astype({column.name: column.dtype for column in VARIATION})
    return pd.concat([assessed, verdicts], axis=1)


def _of_series(measure: Measure, period: Period, rows: list[SeriesFigure], limits: ControlLimits) -> list[Verdict]:
    """One series, oldest first. Of quarters only the months that end one are judged."""
    step = 3 if period is Period.QUARTER else 1
    charted = [row for row in rows if _number(row.month) % step == 0]
    if not charted:
        return [NOTHING_SAID] * len(rows)
    first = _number(charted[0].month)
    at = {(_number(row.month) - first) // step: row for row in charted}
    found: dict[str, Verdict] = {}
    for stretch in _stretches(measure, at, limits):
        part = {place - stretch.first: row for place, row in at.items() if stretch.first <= place < stretch.end}
        for place, judged in _of_stretch(measure, period, part, stretch, limits):
            begins = stretch.reason if place == 0 else ""
            found[part[place].month] = judged._replace(rebased=begins)
    return [found.get(row.month, NOTHING_SAID) for row in rows]


def _number(month: str) -> int:
    """A month as a number; those that end a quarter can be divided by 3."""
    return int(month[:4]) * 12 + int(month[5:])


def _stretches(measure: Measure, at: dict[int, SeriesFigure], limits: ControlLimits) -> list[Stretch]:
    """Where limits are recalculated: at each rebase, and where the definition is of another version."""
    starts = {0: ("", "")}
    rows = list(at.items())
    for (_, before), (place, row) in pairwise(rows):
        if before.definition_version != row.definition_version:
            starts[place] = (row.month, f"definition version {row.definition_version}")
    for rebase in sorted(limits.rebases, key=lambda each: each.from_month):
        if rebase.measure == measure.id:
            after = [place for place, row in rows if row.month >= rebase.from_month]
            if after:
                starts[after[0]] = (rebase.from_month, rebase.reason if after[0] else "")
    places = [*sorted(starts), rows[-1][0] + 1]
    return [Stretch(first, end, *starts[first]) for first, end in pairwise(places)]


def _of_stretch(
    measure: Measure, period: Period, rows: dict[int, SeriesFigure], stretch: Stretch, limits: ControlLimits
) -> Iterator[tuple[int, Verdict]]:
    there = {place: row for place, row in rows.items() if row.state == State.OK and not row.provisional}
    enough = {place: row for place, row in there.items() if not row.denominator < limits.least_cases}
    reason = REFUSED.get(period, "")
    if not reason and len(there) - len(enough) > FEW_ALLOWED * len(there):
        reason = f"more than a quarter of the figures are of {_few(limits)}"
    values = np.full(stretch.end - stretch.first, NAN)
    for place, row in enough.items():
        values[place] = row.value
    chart = (
        ControlChart(None, reason, ()) if reason else _chart(values, rows, _baseline(measure, rows, stretch, limits))
    )
    if chart.limits is None:
        middle = median(row.value for row in there.values()) if there else NAN
        for place in rows:
            yield place, Verdict(Variation.NONE, chart.refused, Assurance.NONE, median=middle)
        return
    since = ""
    for place, row in rows.items():
        special = chart.specials[place]
        if place in enough:
            since = "" if special else since or row.month
        unjudged = "" if row.state != State.OK else "provisional" if row.provisional else _few(limits)
        yield (
            place,
            Verdict(
                variation=_variation(special, row, chart, measure) if place in enough else Variation.NONE,
                variation_reason=special.signal.value if special else "" if place in enough else unjudged,
                assurance=_assurance(row, chart, measure),
                mean=chart.limits.mean,
                lower_limit=chart.limits.lower,
                upper_limit=chart.limits.upper,
                trial_limits=chart.limits.is_trial,
                within_since=since if place in enough else "",
            ),
        )


def _few(limits: ControlLimits) -> str:
    return f"fewer than {limits.least_cases} cases"


def _baseline(
    measure: Measure, rows: dict[int, SeriesFigure], stretch: Stretch, limits: ControlLimits
) -> Baseline | None:
    """The newest baseline that settings declare in the stretch, though it may have begun before the first month."""
    last = max(row.month for row in rows.values())
    declared = [b for b in limits.baselines if b.measure == measure.id and stretch.since <= b.from_month <= last]
    return max(declared, key=lambda each: each.from_month, default=None)


def _chart(values: Numbers, rows: dict[int, SeriesFigure], baseline: Baseline | None) -> ControlChart:
    if baseline is None:
        return xmr_chart(values)
    inside = [place for place, row in rows.items() if baseline.from_month <= row.month <= baseline.to_month]
    chart = xmr_chart(values, slice(min(inside, default=0), max(inside, default=-1) + 1))
    reason = f"{TOO_FEW} in the declared baseline" if chart.refused == TOO_FEW else chart.refused
    return ControlChart(chart.limits, reason, chart.specials)


def _variation(special: Special | None, row: SeriesFigure, chart: ControlChart, measure: Measure) -> Variation:
    if special is None:
        return Variation.COMMON
    better = _better_side(row, chart, measure)
    high, low = NEUTRAL if better == 0 else IMPROVEMENT if special.side == better else CONCERN
    return high if special.side > 0 else low


def _better_side(row: SeriesFigure, chart: ControlChart, measure: Measure) -> int:
    """1 where higher is better, -1 where lower is, 0 where neither; of a range, the side on which it lies."""
    if measure.shown.polarity is not Polarity.RANGE_IS_BEST:
        return {Polarity.HIGHER_IS_BETTER: 1, Polarity.LOWER_IS_BETTER: -1}.get(measure.shown.polarity, 0)
    assert chart.limits is not None
    low, high = _wanted(row, measure)
    outside = row.value if not low <= row.value <= high else chart.limits.mean
    return 1 if outside < low else -1 if outside > high else 0


def _wanted(row: SeriesFigure, measure: Measure) -> tuple[float, float]:
    """From where to where a value is on target; everywhere without a target."""
    if measure.shown.polarity is Polarity.NEITHER or pd.isna(row.target) or not row.target:
        return -math.inf, math.inf
    low, high = map(float, target_ends(row.target))
    return (
        -math.inf if measure.shown.polarity is Polarity.LOWER_IS_BETTER else low,
        math.inf if measure.shown.polarity is Polarity.HIGHER_IS_BETTER else high,
    )


def _assurance(row: SeriesFigure, chart: ControlChart, measure: Measure) -> Assurance:
    assert chart.limits is not None
    low, high = _wanted(row, measure)
    return Assurance.NONE if (low, high) == (-math.inf, math.inf) else assurance_of(chart.limits, low, high)
