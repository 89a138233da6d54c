"""What the figures of interviews lost to records that say what cannot be, and where that is too much to show them.

A child whose return is recorded before it went missing, or after the extract was made, did return: some day until it
was interviewed, went missing again, or the extract was made. Or it is the start that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from perfpipe_sample.truth.dates import CalendarMonth, first_day, last_day, month_of
from perfpipe_sample.truth.figures import CountingRule
from perfpipe_sample.truth.interview_cases import Case
from perfpipe_sample.truth.interview_steps import CountingStep

Lost = dict[tuple[str, str], set[str]]  # by group, the numbers of the episodes
NOON = time(12)
MORE_THAN, AT_LEAST = 0.1, 3  # of its records, and how many of them


def left_again(cases: Sequence[Case]) -> dict[str, datetime]:
    """For each episode when the child next went missing, by the number of the episode."""
    found: dict[str, datetime] = {}
    next_of: dict[str, tuple[datetime, datetime | None]] = {}
    for case in sorted(cases, key=lambda case: case.row.missing_from, reverse=True):
        left, child = case.row.missing_from, case.row.child_id
        later, after = next_of.get(child, (left, None))
        after = after if later == left else later
        next_of[child] = left, after
        if after:
            found[case.row.episode_id] = after
    return found


def lost_to(
    step: CountingStep, told: Sequence[Case], cases: Sequence[Case], again: Mapping[str, datetime], month: CalendarMonth
) -> Lost:
    """What a measure lost in a month. `told`: the cases with a return in it; `cases`: all of the extract."""
    lost: Lost = {}
    wrong = step.spoilt
    if wrong is None:
        return lost
    for case in told:
        if not case.impossible and wrong(case):
            _add(lost, case)
    for case in cases:
        if case.impossible and any(
            step.takes(each) or wrong(each) for each in _as_it_may_be(case, again.get(case.row.episode_id), month)
        ):
            _add(lost, case)
    return lost


def too_many(step: CountingStep, lost: int, counted: int) -> bool:
    """Whether so many are lost that there is no figure."""
    return step.spoilt is not None and lost >= AT_LEAST and lost > MORE_THAN * (lost + counted)


def _add(lost: Lost, case: Case) -> None:
    for group in case.groups:
        lost.setdefault(group, set()).add(case.row.episode_id)


def _as_it_may_be(case: Case, again: datetime | None, month: CalendarMonth) -> Iterator[Case]:
    """The episode with a return in the month that may be the true one: the earliest, with a time and without."""
    row, recorded = case.row, case.returned
    if CountingRule.WRONG_RETURNS_ARE_LOST in case.off or recorded is None:
        return
    if recorded < row.missing_from and month_of(recorded) == month:
        yield replace(case, row=replace(row, missing_from=recorded))
    since = row.missing_from
    if row.returned_at and row.found_at and row.found_at > since:
        since = row.found_at
    day = max(since.date(), first_day(month))
    if day > min(_latest(case, since, again), last_day(month)):
        return
    noon = datetime.combine(day, NOON)
    for moment in (max(noon, since) if since.date() == day else noon, datetime.combine(day, time())):
        yield replace(case, row=replace(row, returned_at=moment))


def _latest(case: Case, since: datetime, again: datetime | None) -> date:
    days = [case.as_at.date()]
    if again:
        days.append(again.date())
    if case.row.interview_at and case.row.interview_at.date() >= since.date():
        days.append(case.row.interview_at.date())
    return min(days)
