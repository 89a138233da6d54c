"""The statistics of assessment: the Wilson score interval and the XmR control chart (definitions 7.3 to 7.6)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.measures.words import Assurance

Z_95 = 1.96
PER_MOVING_RANGE = 2.66  # three standard deviations: 3 / 1.128
NEAR = 2 / 3  # of the way to a limit
RUN = 7  # points on one side of the mean, and points of a trend
TRIAL_FROM, FIXED_FROM, BASELINE = 6, 12, 24  # points: trial limits, limits, and the most they are made from
LARGEST_LAG_CORRELATION = 0.5
DUST = 1e-12  # what floating point may add to a value or a line

TOO_FEW = f"fewer than {TRIAL_FROM} figures"
NOT_SIDE_BY_SIDE = "no two figures side by side"
MOST_SIGNAL = "not stable, most figures are outside normal variation"
FOLLOWS = "not stable, each figure follows the one before"

Numbers = npt.NDArray[np.float64]
Sides = npt.NDArray[np.int8]


def wilson(numerator: pd.Series, denominator: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Lower and upper end of the 95% Wilson score interval of proportions, 0 to 1; NaN where n is 0 or absent.

    The formula of the public health technical guidance (OHID), as in definitions 7.3. It describes the
    random variation of the process, not sampling error: the records are a full count.
    """
    n = denominator.where(denominator > 0)
    spread = Z_95 * (Z_95**2 + 4 * numerator * (1 - numerator / n)) ** 0.5
    middle, scale = 2 * numerator + Z_95**2, 2 * (n + Z_95**2)
    return ((middle - spread) / scale).clip(lower=0), ((middle + spread) / scale).clip(upper=1)


class Signal(StrEnum):
    """The rule by which a point is special-cause variation; of several the first of this order is named."""

    OUTSIDE = "outside the limits"
    TREND = "trend"
    TWO_OF_THREE = "two of three near a limit"
    SHIFT = "shift"


@dataclass(frozen=True)
class Special:
    """One point's special cause. `side` is 1 for high, or rising in a trend, and -1 for low or falling."""

    signal: Signal
    side: int


@dataclass(frozen=True)
class ProcessLimits:
    """Mean and natural process limits of a baseline; `points` says how many it had."""

    mean: float
    lower: float
    upper: float
    points: int

    @property
    def is_trial(self) -> bool:
        """Made from fewer than 12 points: they still move with each new one."""
        return self.points < FIXED_FROM

    @property
    def near(self) -> tuple[float, float]:
        """The lower and upper line at two thirds of the way from the mean to a limit."""
        return self.mean - NEAR * (self.mean - self.lower), self.mean + NEAR * (self.upper - self.mean)


@dataclass(frozen=True)
class ControlChart:
    """A series and its limits, or why there are none. `specials` has an entry a point, None for common cause."""

    limits: ProcessLimits | None
    refused: str
    specials: tuple[Special | None, ...]
    usual: float = math.nan  # the value that half of the baseline and more have


def xmr_limits(baseline: Sequence[float] | Numbers) -> ProcessLimits:
    """Limits at the mean plus and minus 2.66 times the mean moving range; no outlier screening (definitions 7.4).

    Missing points are left out, and so are the moving ranges that touch them. Raises ValueError without two points
    side by side.
    """
    values = np.asarray(baseline, dtype=np.float64)
    present, ranges = values[~np.isnan(values)], np.abs(np.diff(values))
    ranges = ranges[~np.isnan(ranges)]
    if not len(ranges):
        raise ValueError("limits need two points side by side")
    reach, mean = PER_MOVING_RANGE * float(ranges.mean()), float(present.mean())
    return ProcessLimits(mean, mean - reach, mean + reach, len(present))


def xmr_chart(values: Sequence[float] | Numbers, baseline: slice | None = None) -> ControlChart:
    """The chart of one stretch of a series between rebases; NaN where there is no figure to judge.

    Limits come from the baseline, by default the first points, at most 24; from 24 points on they are frozen. Under
    6 points there are none, and none where most points signal, or where in the baseline each point follows the one
    before (lag-1 correlation above 0.5): the process is not stable, and limits would mean nothing (definitions 7.6).
    """
    series = np.asarray(values, dtype=np.float64)
    base = series[baseline] if baseline else first_points(series, BASELINE)
    present = ~np.isnan(base)
    if present.sum() < TRIAL_FROM:
        return _refused(series, TOO_FEW)
    if not (present[1:] & present[:-1]).any():
        return _refused(series, NOT_SIDE_BY_SIDE)
    if lag_correlation(base) > LARGEST_LAG_CORRELATION:
        return _refused(series, FOLLOWS)
    limits = xmr_limits(base)
    usual = _usual(base[present])
    specials = special_causes(series, limits, usual)
    if 2 * sum(special is not None for special in specials) > np.count_nonzero(~np.isnan(series)):
        return _refused(series, MOST_SIGNAL)
    return ControlChart(limits, "", tuple(specials), usual)


def first_points(series: Numbers, most: int) -> Numbers:
    """The series up to so many figures."""
    present = np.flatnonzero(~np.isnan(series))
    return series[: present[most - 1] + 1] if len(present) > most else series


def _refused(series: Numbers, reason: str) -> ControlChart:
    return ControlChart(None, reason, (None,) * len(series))


def lag_correlation(values: Sequence[float] | Numbers) -> float:
    """The correlation of each point with the one before it; 0 for a series that does not vary."""
    series = np.asarray(values, dtype=np.float64)
    around = series - np.nanmean(series)
    if np.nanmax(np.abs(around)) <= DUST * max(1.0, float(np.nanmax(np.abs(series)))):
        return 0.0
    return float(np.nansum(around[:-1] * around[1:]) / np.nansum(around**2))


def _usual(present: Numbers) -> float:
    """The value that at least half of some points have, as months at 100%; NaN where there is none."""
    values, many = np.unique(present.round(12), return_counts=True)
    return float(values[many.argmax()]) if 2 * many.max() >= len(present) else math.nan


def special_causes(
    values: Sequence[float] | Numbers, limits: ProcessLimits, usual: float = math.nan, run: int = RUN
) -> list[Special | None]:
    """The rule that each point breaks, or None: the four rules of NHS Making Data Count (definitions 7.5).

    Outside: beyond a limit. Trend: 7 points, each higher (or each lower) than the one before. Two of three: of
    three in a row on one side, at least two between near line and limit; those are flagged. Shift: 7 in a row on
    one side (or `run`). Where half of the baseline and more have one value, a point of this `usual` value shifts
    nothing: beside 17 months at 100%, one at 96% moves the mean, and not the process.
    """
    series = _on_the_lines(np.asarray(values, dtype=np.float64), limits)
    found: list[Special | None] = [None] * len(series)
    sides_by_rule = {  # the last has precedence
        Signal.SHIFT: _shift(series, limits, usual, run),
        Signal.TWO_OF_THREE: _two_of_three(series, limits),
        Signal.TREND: _trend(series),
        Signal.OUTSIDE: (series > limits.upper).astype(np.int8) - (series < limits.lower).astype(np.int8),
    }
    for signal, sides in sides_by_rule.items():
        for place in np.flatnonzero(sides):
            found[place] = Special(signal, int(sides[place]))
    return found


def _on_the_lines(values: Numbers, limits: ProcessLimits) -> Numbers:
    """The values, those that differ from a line only by the dust of floating point moved onto it."""
    values = values.copy()
    for line in (limits.lower, limits.upper, *limits.near, limits.mean):
        values[np.abs(values - line) <= DUST * max(1.0, abs(line))] = line
    return values


def _runs(flags: npt.NDArray[np.bool_], least: int) -> npt.NDArray[np.bool_]:
    """True for each place in an unbroken run of at least so many."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    kept = np.zeros(len(flags), dtype=np.bool_)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        kept[start:end] = end - start >= least
    return kept


def _shift(values: Numbers, limits: ProcessLimits, usual: float, run: int) -> Sides:
    moved = ~(np.abs(values - usual) <= DUST)
    above, below = _runs((values > limits.mean) & moved, run), _runs((values < limits.mean) & moved, run)
    return above.astype(np.int8) - below.astype(np.int8)


def _trend(values: Numbers) -> Sides:
    """A point at which one trend ends and another begins belongs to the one that ends there."""
    moves, sides = np.diff(values), np.zeros(len(values), dtype=np.int8)
    rising, falling = _runs(moves > 0, RUN - 1), _runs(moves < 0, RUN - 1)
    for run, side in ((rising, 1), (falling, -1)):
        sides[:-1][run] = side
    for run, side in ((rising, 1), (falling, -1)):
        sides[1:][run] = side
    return sides


def _two_of_three(values: Numbers, limits: ProcessLimits) -> Sides:
    sides = np.zeros(len(values), dtype=np.int8)
    low, high = limits.near
    above = (values > limits.mean, (values > high) & (values <= limits.upper), 1)
    below = (values < limits.mean, (values < low) & (values >= limits.lower), -1)
    for on_side, close, side in (above, below):
        for place in range(len(values) - 2):
            three = slice(place, place + 3)
            if np.count_nonzero(close[three]) >= 2 and on_side[three].all():
                sides[three][close[three]] = side
    return sides


def assurance_of(limits: ProcessLimits, low: float = -math.inf, high: float = math.inf) -> Assurance:
    """What is wanted, `low` to `high`, against the limits. On a limit it passes: a flat 100% meets 100%.

    A target of which more is better has no `high`, one of which less is better no `low`.
    """
    dust = DUST * max(1.0, abs(limits.mean))
    if low <= limits.lower + dust and limits.upper - dust <= high:
        return Assurance.PASSES
    if low > limits.upper + dust or high < limits.lower - dust:
        return Assurance.FAILS
    return Assurance.HIT_AND_MISS
