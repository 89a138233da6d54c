"""Medians and other quantiles with their 95% interval, each child a unit (definitions 7.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfpipe.frames.libraries import np
from perfpipe.measures.counts import Estimate

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

NORMAL_95 = 1.959963984540054


def quantile(values: Numbers, child: npt.NDArray[np.object_], share: float) -> Estimate:
    """The value below which a share of all lie, in a straight line between two, and its interval.

    The interval goes from one of the ordered values to another: their ranks are those of a share of so many, the
    number divided by the design effect of children, counted on whether each value lies below. None where there are too
    few for such ranks.
    """
    middle = float(np.quantile(values, share))
    many = len(values)
    half = NORMAL_95 * float(np.sqrt(many * share * (1 - share) * _design_effect(values <= middle, child)))
    first, last = round(many * share - half), round(1 + many * share + half)
    if first < 1 or last > many:
        return Estimate(middle)
    ordered = np.sort(values)
    return Estimate(middle, float(ordered[first - 1]), float(ordered[last - 1]))


def _design_effect(below: npt.NDArray[np.bool_], child: npt.NDArray[np.object_]) -> float:
    number = np.unique(child.astype(str), return_inverse=True)[1]
    top, of = np.bincount(number, below), np.bincount(number)
    share = float(below.mean())
    if len(of) < 2 or share in (0.0, 1.0):
        return 1.0
    spread = float(np.square(top - share * of).sum()) * len(of) / (len(of) - 1)
    return max(spread / (len(below) * share * (1 - share)), 1.0)
