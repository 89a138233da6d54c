"""A series in its stretches: where limits are recalculated, and from which of its figures (definitions 7.4)."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from perfpipe.measures.definition import Measure
from perfpipe.settings.control_limits import Baseline, ControlLimits


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


class Stretch(NamedTuple):
    """Places of a series between two rebases, from which month on, and why it begins (empty for the first)."""

    first: int
    end: int
    since: str
    reason: str


def month_number(month: str) -> int:
    """A month as a number; those that end a quarter can be divided by 3."""
    return int(month[:4]) * 12 + int(month[5:])


def stretches_of(measure: Measure, at: dict[int, SeriesFigure], limits: ControlLimits) -> list[Stretch]:
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


def baseline_of(
    measure: Measure, rows: dict[int, SeriesFigure], stretch: Stretch, limits: ControlLimits
) -> Baseline | None:
    """The newest baseline that settings declare in the stretch, though it may have begun before the first month."""
    last = max(row.month for row in rows.values())
    declared = [b for b in limits.baselines if b.measure == measure.id and stretch.since <= b.from_month <= last]
    return max(declared, key=lambda each: each.from_month, default=None)


def places_of(rows: dict[int, SeriesFigure], baseline: Baseline | None) -> slice | None:
    """The places of a declared baseline; None without one."""
    if baseline is None:
        return None
    inside = [place for place, row in rows.items() if baseline.from_month <= row.month <= baseline.to_month]
    return slice(min(inside, default=0), max(inside, default=-1) + 1)
