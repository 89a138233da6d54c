"""What the variation of a series is: common cause or special, and whether it can be relied on to meet its target.

XmR limits where they are valid; where not, the reason, and the median of a run chart (definitions 7.4 to 7.6).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.assess.assessed_figures import VARIATION
from perfpipe.assess.run_chart import run_of
from perfpipe.assess.spc import BASELINE, TOO_FEW, ControlChart, Numbers, Special, assurance_of, first_points, xmr_chart
from perfpipe.assess.step_change import steps_in
from perfpipe.assess.stretches import SeriesFigure, baseline_of, month_number, places_of, stretches_of
from perfpipe.assess.sure_signals import sure_signals
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
OF_RUNS = {
    "signals_since": "str", "run_tested": "bool", "run_side": "int64", "run_since": "str", "run_median": "float64",
    "run_sure": "bool", "signal_sure": "bool", "step_side": "int64", "step_since": "str", "step_before": "float64",
    "step_level": "float64",
}  # fmt: skip


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
    signals_since: str = ""
    run_tested: bool = False
    run_side: int = 0
    run_since: str = ""
    run_median: float = NAN
    run_sure: bool = False
    signal_sure: bool = False
    step_side: int = 0
    step_since: str = ""
    step_before: float = NAN
    step_level: float = NAN


NOTHING_SAID = Verdict(Variation.NONE, assurance=Assurance.NONE)


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
    verdicts = pd.DataFrame(judged, index=assessed.index, columns=[*Verdict._fields])
    verdicts = verdicts.astype({column.name: column.dtype for column in VARIATION} | OF_RUNS)
    return pd.concat([assessed, verdicts], axis=1)


def _of_series(measure: Measure, period: Period, rows: list[SeriesFigure], limits: ControlLimits) -> list[Verdict]:
    """One series, oldest first. Of quarters only the months that end one are judged."""
    step = 3 if period is Period.QUARTER else 1
    charted = [row for row in rows if month_number(row.month) % step == 0]
    if not charted:
        return [NOTHING_SAID] * len(rows)
    first = month_number(charted[0].month)
    at = {(month_number(row.month) - first) // step: row for row in charted}
    found: dict[str, Verdict] = {}
    for stretch in stretches_of(measure, at, limits):
        part = {place - stretch.first: row for place, row in at.items() if stretch.first <= place < stretch.end}
        baseline = baseline_of(measure, part, stretch, limits)
        steps = {} if period in REFUSED else steps_in(part, baseline, limits.least_cases)
        for place, judged in _of_stretch(measure, period, part, baseline, limits):
            begins = stretch.reason if place == 0 else ""
            of_step = steps[place]._asdict() if place in steps else {}
            found[part[place].month] = judged._replace(rebased=begins, **of_step)
    return [found.get(row.month, NOTHING_SAID) for row in rows]


def _of_stretch(
    measure: Measure, period: Period, rows: dict[int, SeriesFigure], baseline: Baseline | None, limits: ControlLimits
) -> Iterator[tuple[int, Verdict]]:
    there = {place: row for place, row in rows.items() if row.state == State.OK and not row.provisional}
    enough = {place: row for place, row in there.items() if not row.denominator < limits.least_cases}
    reason = REFUSED.get(period, "")
    if not reason and len(there) - len(enough) > FEW_ALLOWED * len(there):
        reason = f"more than a quarter of the figures are of {_few(limits)}"
    many = max(rows) + 1
    chart = ControlChart(None, reason, ()) if reason else _chart(_values(enough, many), rows, baseline)
    if chart.limits is None:
        runs = {} if period in REFUSED else _runs(_values(there, many), there, places_of(rows, baseline))
        middle = median(row.value for row in there.values()) if there else NAN
        for place in rows:
            of_run = runs.get(place, Verdict())
            yield (
                place,
                of_run._replace(
                    variation=Variation.NONE, variation_reason=chart.refused, assurance=Assurance.NONE, median=middle
                ),
            )
        return
    values, where = _values(enough, many), places_of(rows, baseline)
    base = first_points(values, BASELINE) if where is None else values[where]
    sure = sure_signals(values, _values(enough, many, "denominator"), base, chart)
    yield from _by_limits(measure, rows, enough, (chart, sure), limits)


def _by_limits(
    measure: Measure,
    rows: dict[int, SeriesFigure],
    enough: dict[int, SeriesFigure],
    charted: tuple[ControlChart, npt.NDArray[np.bool_]],
    limits: ControlLimits,
) -> Iterator[tuple[int, Verdict]]:
    chart, sure = charted
    assert chart.limits is not None
    since, signals_since, side = "", "", 0
    for place, row in rows.items():
        special, is_judged = chart.specials[place], place in enough
        if is_judged:
            since = "" if special else since or row.month
            signals_since = "" if not special else signals_since if special.side == side else row.month
            side = special.side if special else 0
        unjudged = "" if row.state != State.OK else "provisional" if row.provisional else _few(limits)
        yield (
            place,
            Verdict(
                variation=_variation(special, row, chart, measure) if is_judged else Variation.NONE,
                variation_reason=special.signal.value if special else "" if is_judged else unjudged,
                assurance=_assurance(row, chart, measure) if is_judged else Assurance.NONE,
                mean=chart.limits.mean,
                lower_limit=chart.limits.lower,
                upper_limit=chart.limits.upper,
                trial_limits=chart.limits.is_trial,
                within_since=since if is_judged else "",
                signals_since=signals_since if is_judged else "",
                signal_sure=is_judged and bool(sure[place]),
            ),
        )


def _values(rows: dict[int, SeriesFigure], many: int, of: str = "value") -> Numbers:
    values = np.full(many, NAN)
    for place, row in rows.items():
        values[place] = getattr(row, of)
    return values


def _runs(values: Numbers, there: dict[int, SeriesFigure], baseline: slice | None) -> dict[int, Verdict]:
    """What the rule of a run chart says at each figure, of those up to it."""
    found = {}
    for place in there:
        run = run_of(values[: place + 1], baseline)
        since = there[run.since].month if run.side else ""
        found[place] = Verdict(
            run_tested=not run.reason,
            run_side=run.side,
            run_since=since,
            run_median=run.median,
            run_sure=run.sure,
        )
    return found


def _few(limits: ControlLimits) -> str:
    return f"fewer than {limits.least_cases} cases"


def _chart(values: Numbers, rows: dict[int, SeriesFigure], baseline: Baseline | None) -> ControlChart:
    if baseline is None:
        return xmr_chart(values)
    chart = xmr_chart(values, places_of(rows, baseline))
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
