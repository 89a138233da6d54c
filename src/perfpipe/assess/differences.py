"""Tests of the difference of two figures (definitions 7.10): of shares, counts, ratios and stocks.

Each says whether the difference is clear at 95% and at 99%. Arrays have an element a comparison.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from perfpipe.assess.spc import Z_95

Z_99 = 2.576
AT_95, AT_99 = 0.05, 0.01
FEW = 20  # cases
TIES = 1 + 1e-7  # two outcomes as likely as each other, but for floating point

Numbers = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Difference(NamedTuple):
    """Now less then, with its 95% interval, and whether it is clear at 95% and at 99%; NaN and False: not tested."""

    lower: Numbers
    upper: Numbers
    clear: Bools
    sure: Bools


def newcombe(x1: Numbers, n1: Numbers, x2: Numbers, n2: Numbers, z: float = Z_95) -> tuple[Numbers, Numbers]:
    """The interval of a difference of two independent shares, from their Wilson intervals (Newcombe's method 10)."""
    p1, p2 = x1 / n1, x2 / n2
    (low1, high1), (low2, high2) = (_wilson(x, n, z) for x, n in ((x1, n1), (x2, n2)))
    difference = p1 - p2
    return (
        difference - np.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2),
        difference + np.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2),
    )


def _wilson(x: Numbers, n: Numbers, z: float) -> tuple[Numbers, Numbers]:
    """As `spc.wilson`, for any z."""
    half = z * np.sqrt(z * z + 4 * x * np.maximum(1 - x / n, 0.0))
    middle, scale = 2 * x + z * z, 2 * (n + z * z)
    return np.maximum((middle - half) / scale, 0.0), np.minimum((middle + half) / scale, 1.0)


def of_shares(x1: Numbers, n1: Numbers, x2: Numbers, n2: Numbers, effect1: Numbers, effect2: Numbers) -> Difference:
    """By Newcombe's interval, both n divided by the design effect of children: that of both figures, by their cases.

    Of few cases the interval promises too much: there Fisher's exact test has to find the difference, too.
    """
    effect = (n1 * effect1 + n2 * effect2) / (n1 + n2)
    parts = (x1 / effect, n1 / effect, x2 / effect, n2 / effect)
    (low, high), (low99, high99) = newcombe(*parts), newcombe(*parts, z=Z_99)
    clear, sure = (low > 0) | (high < 0), (low99 > 0) | (high99 < 0)
    few = np.flatnonzero(clear & (np.minimum(parts[1], parts[3]) < FEW))
    whole = [np.rint(part[few]).astype(np.int64).tolist() for part in parts]
    chance = np.array([fisher_p(*each) for each in zip(*whole, strict=True)], dtype=np.float64)
    clear[few] &= chance < AT_95
    sure[few] &= chance < AT_99
    return Difference(low, high, clear, sure)


def of_counts(x1: Numbers, x2: Numbers, spread1: Numbers, spread2: Numbers, share: Numbers) -> Difference:
    """Of events: by the spread of each child's; where no child counts twice, exactly, by the share of the days.

    `share`: what part of all days are those of the first count.
    """
    error = np.sqrt(spread1 + spread2)
    once = (spread1 == x1) & (spread2 == x2) & (x1 == np.round(x1)) & (x2 == np.round(x2))
    places = np.flatnonzero(once)
    chance = np.ones(len(x1))
    chance[places] = [
        binomial_p(int(a), int(a + b), float(s)) for a, b, s in zip(x1[places], x2[places], share[places], strict=True)
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        away = np.where(error > 0, np.abs(x1 - x2) / error, 0.0)
    return Difference(
        x1 - x2 - Z_95 * error,
        x1 - x2 + Z_95 * error,
        np.where(once, chance < AT_95, away > Z_95),
        np.where(once, chance < AT_99, away > Z_99),
    )


def of_ratios(v1: Numbers, n1: Numbers, v2: Numbers, n2: Numbers, spread1: Numbers, spread2: Numbers) -> Difference:
    """Of ratios whose counted are no part of the whole, as turnover and caseloads: by the spread of people."""
    error = np.sqrt(spread1 / n1**2 + spread2 / n2**2)
    away = np.abs(v1 - v2)
    return Difference(v1 - v2 - Z_95 * error, v1 - v2 + Z_95 * error, away > Z_95 * error, away > Z_99 * error)


def of_stocks(change: Numbers, came: Numbers, went: Numbers, spread: Numbers) -> Difference:
    """Of a stock: those who came against those who went, as an exact binomial of one half.

    Who comes or goes on one day may be siblings: `spread` is the sum of squares of each day's, and both numbers are
    divided by it over their sum, which counts a family of siblings as one step on whichever side.
    """
    steps = np.maximum(came + went, 1.0)
    family = np.maximum(spread / steps, 1.0)
    some, of = np.rint(came / family), np.rint(came / family) + np.rint(went / family)
    chance = np.array([binomial_p(int(a), int(n), 0.5) for a, n in zip(some, of, strict=True)], dtype=np.float64)
    half = Z_95 * np.sqrt(spread)
    return Difference(change - half, change + half, chance < AT_95, chance < AT_99)


def of_intervals(lower1: Numbers, upper1: Numbers, lower2: Numbers, upper2: Numbers) -> Difference:
    """Of medians and estimates: sure where 95% intervals have nothing in common, rarer by chance than 1 in 100."""
    apart = (lower1 > upper2) | (lower2 > upper1)
    nothing = np.full(len(lower1), np.nan)
    return Difference(nothing, nothing, apart, apart)


@cache
def fisher_p(x1: int, n1: int, x2: int, n2: int) -> float:
    """Fisher's exact two-sided probability of two shares, x1 of n1 and x2 of n2, if they were one."""
    both, least = x1 + x2, max(0, x1 + x2 - n2)
    ways = [math.comb(n1, k) * math.comb(n2, both - k) for k in range(least, min(n1, both) + 1)]
    return sum(each for each in ways if each <= ways[x1 - least]) / sum(ways)


@cache
def binomial_p(successes: int, trials: int, share: float) -> float:
    """The exact two-sided probability of an outcome as unlikely as this one, or less likely."""
    if not trials:
        return 1.0
    logs = np.fromiter((math.lgamma(k + 1) for k in range(trials + 1)), np.float64, trials + 1)
    k = np.arange(trials + 1)
    chance = np.exp(logs[-1] - logs - logs[::-1] + k * math.log(share) + (trials - k) * math.log1p(-share))
    return float(min(chance[chance <= chance[successes] * TIES].sum(), 1.0))
