"""What one measure counts among some missing episodes, by group, and the true figure that this makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from perfpipe_sample.truth.dates import CalendarMonth, written
from perfpipe_sample.truth.figures import NOT_APPLICABLE, NOT_AVAILABLE, VALUE, TrueFigure
from perfpipe_sample.truth.interview_cases import Case
from perfpipe_sample.truth.interview_steps import CountingStep

Group = tuple[str, str]
REASONS = "not_required_because"


@dataclass
class Tally:
    """What one measure has counted in one group."""

    hits: int = 0
    of: int = 0
    waiting: int = 0
    children: set[str] = field(default_factory=set)
    hours: list[float] = field(default_factory=list)


Counted = dict[Group, Tally]


def tallies_of(step: CountingStep, cases: Sequence[Case]) -> Counted:
    """What a measure counts among some episodes, by group."""
    tallies: Counted = {}
    for case in cases:
        counts = step.of(case) if step.of else step.counts(case)
        waits = not counts and _ours_or_away(step, case) and step.too_young(case)
        if counts or waits:
            hit = counts and step.counts(case)
            for group in [*case.groups, (REASONS, case.row.not_required_reason or "")]:
                _add(tallies.setdefault(group, Tally()), case, hit, counts, waits)
    return tallies


def together(tallies: Sequence[Tally]) -> Tally:
    """What several months have counted."""
    return Tally(
        sum(tally.hits for tally in tallies),
        sum(tally.of for tally in tallies),
        sum(tally.waiting for tally in tallies),
        {child for tally in tallies for child in tally.children},
        [hours for tally in tallies for hours in tally.hours],
    )


def _ours_or_away(step: CountingStep, case: Case) -> bool:
    return case.ours and (case.missing or step.measure_id == "rhi_within_72h_with_away")


def _add(tally: Tally, case: Case, hit: bool, counts: bool, waits: bool) -> None:
    tally.hits += hit
    tally.of += counts
    tally.waiting += waits
    if hit:
        tally.children.add(case.row.child_id)
        if case.hours is not None:
            tally.hours.append(case.hours)


def figure_of(step: CountingStep, month: CalendarMonth, period: str, group: Group, tally: Tally) -> TrueFigure:
    """The true figure of a measure in one group."""
    key = (step.measure_id, written(month), period, *group)
    if step.of is None:
        return TrueFigure(*key, len(tally.children) if step.children else tally.hits, None)
    none = NOT_AVAILABLE if tally.waiting else NOT_APPLICABLE
    if step.middle is not None:
        value = _middle(tally.hours, step.middle)
        return TrueFigure(*key, None, len(tally.hours), VALUE if value is not None else none, value)
    return TrueFigure(*key, tally.hits, tally.of, VALUE if tally.of else none)


def _middle(hours: Sequence[float], share: float) -> float | None:
    """The hours within which a share of all lie, in a straight line between two; nine tenths only of ten or more."""
    if not hours or (share > 0.5 and len(hours) < 10):
        return None
    if share == 0.5:
        return median(hours)
    ordered = sorted(hours)
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
