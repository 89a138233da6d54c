"""The rule of a run chart: so many points in a row on one side of the median of a baseline (definitions 7.11).

For series without control limits whose points share no data.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from perfpipe.assess.spc import BASELINE, DUST, FIXED_FROM, Numbers, lag_correlation

LARGEST_CORRELATION = 0.75  # of neighbours: above it there is no rule
BY_CHANCE = 1 / 64  # how often a run of seven follows a point on its side, where neighbours have nothing in common
MORE_OF_FEW = 2  # points, where the baseline is short


class Run(NamedTuple):
    """Where a series stands now: tested or why not, on which side (1, -1; 0: no run), since which place, the median."""

    reason: str
    side: int = 0
    since: int = -1
    median: float = float("nan")
    many: int = 0  # figures in it
    sure: bool = False  # long enough for the correlation that is likely behind the one that is seen


def least_run(correlation: float, points: int) -> int:
    """How many points make a run, by the lag-1 correlation of a baseline and its number of points."""
    same_side = 0.5 + math.asin(max(correlation, 0.0)) / math.pi
    more = 0 if points >= BASELINE else MORE_OF_FEW
    return 1 + math.ceil(math.log(BY_CHANCE) / math.log(same_side) - DUST) + more


def likely_correlation(seen: float, points: int) -> float:
    """The most correlation that is likely behind one seen in so few points: short series show less than there is.

    What is seen, its bias, and three standard errors; none where none is seen.
    """
    return 0.0 if seen <= 0 else most_correlation(seen, points)


def most_correlation(seen: float, points: int) -> float:
    """The same where none being seen is no sign of none, as of what is left around levels that were fitted."""
    likely: float = seen + (1 + 4 * seen) / points + 3 * points**-0.5
    return min(max(likely, 0.0), 0.95)


def run_of(values: Numbers, baseline: slice | None = None) -> Run:
    """The run that the last figure stands in; NaN where there is no figure to judge.

    The baseline is the declared one, else the first 24 figures, or the first 12 while fewer than a run follow 24. A
    figure on the median is passed over, and so is a gap.
    """
    there = np.flatnonzero(~np.isnan(values))
    if baseline is not None:
        inside = (there >= (baseline.start or 0)) & (there < baseline.stop)
        many, first_after = int(inside.sum()), int(np.searchsorted(there, baseline.stop))
        base = values[baseline]
    else:
        many = BASELINE if len(there) >= BASELINE + least_run(0.0, BASELINE) else FIXED_FROM
        first_after = many
        base = values[: there[many - 1] + 1] if len(there) >= many else values[:0]
    if many < FIXED_FROM or len(there) < first_after or not len(base):
        return Run(f"fewer than {FIXED_FROM} figures to compare with")
    correlation = lag_correlation(base)
    if correlation > LARGEST_CORRELATION:
        return Run("each figure follows the one before")
    after, middle = there[first_after:], float(np.nanmedian(base))
    needed = least_run(correlation, many)
    if len(after) < needed:
        return Run(f"fewer than {needed} figures after the first {many}")
    likely = likely_correlation(correlation, many)
    run = _last_run(values, after, middle, needed)
    return run._replace(sure=bool(run.side) and run.many >= least_run(likely, many))


def _last_run(values: Numbers, after: npt.NDArray[np.int64], middle: float, needed: int) -> Run:
    away = values[after] - middle
    sides = np.where(np.abs(away) <= DUST * max(1.0, abs(middle)), 0, np.sign(away)).astype(int)
    off, places = sides[sides != 0], after[sides != 0]
    if not len(off):
        return Run("", median=middle)
    other = np.flatnonzero(off != off[-1])
    start = int(other[-1]) + 1 if len(other) else 0
    if len(off) - start < needed:
        return Run("", median=middle)
    return Run("", int(off[-1]), int(places[start]), middle, len(off) - start)
