"""A step inside a series: from one month on another level, which lasts (definitions 7.13).

Limits whose baseline holds the step are too wide or refused, and the year before soon lies after it: neither sees it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from perfpipe.assess.run_chart import most_correlation
from perfpipe.assess.spc import RUN, Numbers
from perfpipe.assess.stretches import SeriesFigure
from perfpipe.measures.words import State
from perfpipe.settings.control_limits import Baseline

LEAST = RUN  # figures before a step, and since
MOST = 24  # figures since: what has lasted longer is the level, and no change
CLEAR = 4.5  # standard errors of the difference of the two levels, as wide as alike neighbours make them
DUST = 1e-9  # of the spread of a series: what floating point leaves of two flat levels


class LevelStep(NamedTuple):
    """Up (1) or down (-1; 0: none), the place of the first figure on the new level, and the means before and since."""

    side: int = 0
    since: int = -1
    before: float = float("nan")
    level: float = float("nan")


class StepSince(NamedTuple):
    """The same with the month of that figure, as columns."""

    step_side: int
    step_since: str
    step_before: float
    step_level: float


def steps_in(rows: dict[int, SeriesFigure], baseline: Baseline | None, least_cases: int) -> dict[int, StepSince]:
    """By place the step that a stretch of a series stands on, as far as settled figures of enough cases tell.

    A declared baseline is a level that someone chose: nothing before it is a step.
    """
    from_month = baseline.from_month if baseline else ""
    settled = {
        place: row.value
        for place, row in rows.items()
        if row.state == State.OK
        and not row.provisional
        and row.month >= from_month
        and not row.denominator < least_cases
    }
    values = np.full(max(rows) + 1, np.nan)
    values[list(settled)] = list(settled.values())
    return {
        place: StepSince(step.side, rows[step.since].month, step.before, step.level)
        for place, step in steps_of(values).items()
    }


def steps_of(values: Numbers) -> dict[int, LevelStep]:
    """By place the clear step that the series up to it holds, and stands on still; NaN where there is no figure."""
    places = np.flatnonzero(~np.isnan(values))
    series = values[places]
    found = {}
    for end in np.flatnonzero(_could_be(series)):
        step = _step(series[: end + 1], places[: end + 1])
        if step.side:
            found[int(places[end])] = step
    return found


def _could_be(series: Numbers) -> npt.NDArray[np.bool_]:
    """Up to which figures two levels differ clearly, before it is asked how alike neighbours are."""
    number = np.arange(1, len(series) + 1)
    many, first = number[:, None], number[None, :]  # figures in all, and before the step
    total, squares = np.cumsum(series), np.cumsum(np.square(series))
    after = np.where(many - first >= LEAST, many - first, np.nan)
    first = np.where(first >= LEAST, first, np.nan)
    between = np.square(total[None, :] / first - (total[:, None] - total[None, :]) / after) * first * after / many
    around = (squares - np.square(total) / number)[:, None] - between
    return np.asarray((between * (many - 2) >= CLEAR**2 * np.maximum(around, 0)).any(axis=1))


def _step(series: Numbers, places: npt.NDArray[np.int64]) -> LevelStep:
    many, spread = len(series), float(np.square(series - series.mean()).sum())
    first = min(range(1, many), key=lambda split: float(np.square(_residuals(series, split)).sum()))
    residuals = _residuals(series, first)
    around = float(np.square(residuals).sum())
    before, since = float(series[:first].mean()), float(series[first:].mean())
    if (
        not LEAST <= first <= many - LEAST
        or many - first > MOST
        or spread <= DUST**2
        or not _lasts(series, before, since)
    ):
        return LevelStep()
    if around >= _around_a_line(series):
        return LevelStep()
    if around > DUST * spread:
        side_by_side = np.diff(places) == 1
        seen = float((residuals[:-1] * residuals[1:])[side_by_side].sum()) / around
        alike = most_correlation(seen, many)
        error = (around / (many - 2) * (1 / first + 1 / (many - first)) * (1 + alike) / (1 - alike)) ** 0.5
        if abs(since - before) < CLEAR * error:
            return LevelStep()
    return LevelStep(int(np.sign(since - before)), int(places[first]), before, since)


def _residuals(series: Numbers, split: int) -> Numbers:
    """How far each figure is from the mean of its side."""
    return np.concatenate([side - side.mean() for side in (series[:split], series[split:])])


def _lasts(series: Numbers, before: float, since: float) -> bool:
    """Whether the newest figure, and most of the newest, are nearer to the new level."""
    newest = (float(series[-1]), float(np.median(series[-LEAST:])))
    return all(abs(value - since) < abs(value - before) for value in newest)


def _around_a_line(series: Numbers) -> float:
    """The sum of squares around a straight line: what drifts has no month in which it began."""
    time = np.arange(len(series)) - (len(series) - 1) / 2
    away = series - series.mean()
    return float(np.square(away).sum() - (time @ away) ** 2 / np.square(time).sum())
