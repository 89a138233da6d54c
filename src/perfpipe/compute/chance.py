"""How much chance moves a figure, each child (or worker) a unit: what comparisons rest on (definitions 7.10).

Events of one child are not independent of each other: a few children have many episodes, and interviews that work
for a child once work again. So a figure says beside its counts how far these hang together by child.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from perfpipe.compute.group_counts import Bools, Floats, GroupCells, Whole
from perfpipe.measures.counts import FTE, Unit
from perfpipe.measures.definition import Measure

PEOPLE = ("child_id", "worker_id")
AT_ONCE = 4_000_000  # numbers of a table of people by month and group


def chance_of(cells: GroupCells, measure: Measure, numerator: Floats, denominator: Floats) -> dict[str, Floats]:
    """For every cell `design_effect`, of shares, and `spread`, of counts and of ratios; NaN where there is none.

    `design_effect`: by how much events that hang together by child make a share vary more, at least 1: the sum of
    (y - p n)² over children times C / (C - 1), over n p (1 - p), with C children. `spread`: the variance of the
    numerator, of a count the sum of squares of each child's events, of a ratio that same sum over people.
    """
    nothing = np.full(cells.count, np.nan)
    counts, none = measure.counts, {"design_effect": nothing, "spread": nothing}
    if counts.statistic or cells.count == 0:
        return none
    if counts.distinct and (counts.is_count or counts.per_population):
        return none | {"spread": numerator}  # each child counts once
    unit = _unit_column(cells, measure)
    if counts.is_count or counts.per_population:
        return none | {"spread": numerator if unit is None else _squares(cells, measure, unit, nothing)}
    if unit is None and not counts.nested and counts.counted_in != FTE:
        return none  # whose the days or amounts are is not known
    share = counts.unit is Unit.PERCENT and (counts.nested or unit is None)
    if unit is None:
        return none | {"design_effect": np.where(denominator > 0, 1.0, np.nan)}
    with np.errstate(invalid="ignore", divide="ignore"):
        value = numerator / denominator
        spread = _squares(cells, measure, unit, value)
        effect = np.maximum(np.nan_to_num(spread / (denominator * value * (1 - value)), nan=1.0, posinf=1.0), 1.0)
    known = denominator > 0
    if share:
        return none | {"design_effect": np.where(known, effect, np.nan)}
    return none | {"spread": np.where(known, spread, np.nan)}


def _unit_column(cells: GroupCells, measure: Measure) -> str | None:
    """The column whose values are the units of chance; None where rows are, as nothing says whose they are."""
    columns = cells.counted.seen.rows.columns
    return next((name for name in (measure.basis.chance_unit, *PEOPLE) if name in columns), None)


def _squares(cells: GroupCells, measure: Measure, unit: str, value: Floats) -> Floats:
    """For every cell the sum over its units of y², or where there is a value of (y - value n)² times C / (C - 1)."""
    counts, rows = measure.counts, cells.counted
    ratio = not (counts.is_count or counts.per_population)
    top = _amounts(cells, rows.top, counts.numerator_weight or counts.weight)
    bottom = _amounts(cells, rows.bottom, counts.weight) if ratio else top
    sums = np.zeros((4, cells.count))  # of y², y n, n², and how many units there are
    for y, n in _tables(cells, unit, (top, bottom) if ratio else (top,)):
        sums += [np.square(y).sum(axis=-1).ravel(), (y * n).sum(axis=-1).ravel(), np.square(n).sum(axis=-1).ravel(),
                 ((n > 0) | (y > 0)).sum(axis=-1).ravel()]  # fmt: skip
    if counts.weight or counts.numerator_weight:
        sums = sums.round(6)  # as the sums of FTE are: no float dust, which depends on the months computed together
    squares: Floats = sums[0]
    if not ratio:
        return squares
    many = np.where(sums[3] > 1, sums[3], np.nan)
    around: Floats = squares - 2 * value * sums[1] + np.square(value) * sums[2]
    spread: Floats = np.maximum(around, 0.0) * many / (many - 1)
    return spread


def _amounts(cells: GroupCells, mask: Bools, weight: str | None) -> tuple[Whole, Floats]:
    """The rows of a mask that stand in some cell, and what each adds."""
    chosen = np.flatnonzero(mask & (cells.at >= 0))
    if weight is None:
        return chosen, np.ones(len(chosen))
    return chosen, np.nan_to_num(cells.counted.column(weight)[chosen].astype("float64"))


def _tables(cells: GroupCells, unit: str, parts: tuple[tuple[Whole, Floats], ...]) -> Iterator[tuple[Floats, Floats]]:
    """Above and below the line what each unit adds, by figure, group and unit; so many units at once as fit."""
    number, known = cells.counted.seen.numbered(unit)
    used = np.unique(np.concatenate([number[rows] for rows, _ in parts]))
    place = np.full(len(known) + 1, -1)
    place[used] = np.arange(len(used))  # of a blank, -1, the last
    groups, step = len(cells.groups), max(1, AT_ONCE // (cells.known * len(cells.groups)))
    for start in range(0, len(used), step):
        wide = min(step, len(used) - start)
        found = []
        for rows, amount in parts:
            at = place[number[rows]] - start
            inside = (at >= 0) & (at < wide)
            cell = (cells.at[rows] * groups + cells.group[rows]) * wide + at
            table: Floats = np.bincount(cell[inside], amount[inside], cells.known * groups * wide).astype("float64")
            found.append(_over_months(cells, table.reshape(cells.known, groups, wide)))
        yield found[0], found[-1]


def _over_months(cells: GroupCells, by_month: Floats) -> Floats:
    found: Floats
    if (cells.first == cells.last).all():
        found = by_month[cells.first]
        return found
    up_to = np.concatenate([np.zeros((1, *by_month.shape[1:])), by_month.cumsum(axis=0)])
    found = up_to[cells.last + 1] - up_to[cells.first]
    return found
