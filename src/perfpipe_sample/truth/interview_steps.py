"""Which episodes each interview measure counts, for the true figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from perfpipe_sample.truth.figures import CountingRule
from perfpipe_sample.truth.interview_cases import Case

Test = Callable[[Case], bool]


@dataclass(frozen=True)
class CountingStep:
    """How one measure counts the episodes of a month: which, of which, and which are too young to tell."""

    measure_id: str
    counts: Test
    of: Test | None = None
    too_young: Test = lambda case: False
    children: bool = False
    middle: float | None = None  # of the hours: 0.5 for the median
    by_reason: bool = False
    periods: tuple[str, ...] = ()  # none: all
    spoilt: Test | None = None  # records that say what cannot be; none: it takes all as they are

    def takes(self, case: Case) -> bool:
        """Whether the case is one of those that the measure is of."""
        return self.of(case) if self.of else self.counts(case)


def _soon(case: Case) -> bool:
    return case.eligible and not case.due


def _young(case: Case) -> bool:
    return case.eligible and not case.settled


def ours_and_missing(case: Case) -> bool:
    """Whether the episode is the authority's own child's, whereabouts not known."""
    return case.ours and case.missing


def _due(case: Case) -> bool:
    return ours_and_missing(case) and case.due


def _judged(case: Case) -> bool:
    return _due(case) and not case.mistimed


def _done(case: Case) -> bool:
    return ours_and_missing(case) and case.settled and case.interviewed


def _timed(case: Case) -> bool:
    return _done(case) and not case.mistimed


def _with_hours(case: Case) -> bool:
    return _timed(case) and case.hours is not None


def _offered_with(*outcomes: str | None) -> Test:
    return lambda case: _due(case) and case.offered and case.row.outcome in outcomes


def _refused(case: Case) -> bool:
    na = case.row.offered == "NA" and CountingRule.NA_IS_NOT_OFFERED not in case.off
    return _due(case) and (case.row.offered == "N" or na)


def _independent(case: Case) -> bool:
    return _done(case) and (case.row.independent is not None or CountingRule.BLANK_IS_NOT_INDEPENDENT not in case.off)


def _overdue(case: Case) -> bool:
    return _due(case) and not case.interviewed and not case.declined


def _due_but_mistimed(case: Case) -> bool:
    return _due(case) and case.mistimed


def _done_but_mistimed(case: Case) -> bool:
    return _done(case) and case.mistimed


def _no_other(case: Case) -> bool:
    """Of measures that only an impossible return spoils."""
    return False


STARTED = (
    CountingStep("missing_episodes", ours_and_missing),
    CountingStep("missing_children", ours_and_missing, children=True),
    CountingStep("away_episodes", lambda case: case.ours and case.row.category == "A"),
    CountingStep("hosted_missing_episodes", lambda case: case.hosted and case.missing),
)
RETURNED = (
    CountingStep("rhi_within_72h", lambda case: case.in_time, _judged, _soon, spoilt=_due_but_mistimed),
    CountingStep("rhi_within_72h_with_away", lambda case: case.in_time,
         lambda case: case.ours and case.due and not case.mistimed, _soon,
         spoilt=lambda case: case.ours and case.due and case.mistimed),
    CountingStep("rhi_judged_by_date", lambda case: case.interviewed and case.by_date, _judged, _soon,
         spoilt=_due_but_mistimed),
    CountingStep("rhi_offered", lambda case: case.offered, _due, _soon, spoilt=_no_other),
    CountingStep("rhi_offered_within_72h", lambda case: case.offered_in_time,
         lambda case: _due(case) and not case.offered_too_early,
         lambda case: _soon(case) and not case.offered_too_early,
         spoilt=lambda case: _due(case) and case.offered_too_early),
    CountingStep("rhi_accepted", lambda case: case.row.outcome == "accepted",
         lambda case: _due(case) and case.offered, _soon, spoilt=_no_other),
    CountingStep("rhi_completed", lambda case: case.interviewed,
                 lambda case: ours_and_missing(case) and case.settled, _young, spoilt=_no_other),
    CountingStep("rhi_completed_within_72h", lambda case: case.in_time, _timed, _young, spoilt=_done_but_mistimed),
    CountingStep("rhi_median_hours", _timed, _with_hours, _young, middle=0.5,
         spoilt=lambda case: _done_but_mistimed(case) and not case.by_date),
    CountingStep("rhi_slowest_tenth_hours", _timed, _with_hours, _young, middle=0.9,
         spoilt=lambda case: _done_but_mistimed(case) and not case.by_date),
    CountingStep("rhi_hours_not_known", lambda case: _timed(case) and case.by_date,
         spoilt=lambda case: _done_but_mistimed(case) and case.by_date),
    CountingStep("rhi_independent", lambda case: case.row.independent == "Y", _independent, _young, spoilt=_no_other),
    CountingStep("rhi_overdue", _overdue, spoilt=_no_other),
    CountingStep("rhi_backlog", _overdue, periods=("rolling_12",), spoilt=_no_other),
    CountingStep("funnel_returned", ours_and_missing),
    CountingStep("funnel_impossible", lambda case: ours_and_missing(case) and case.impossible),
    CountingStep("funnel_not_required", lambda case: ours_and_missing(case) and case.exempt and not case.impossible,
         by_reason=True),
    CountingStep("funnel_eligible", lambda case: ours_and_missing(case) and case.eligible),
    CountingStep("funnel_not_yet_due", lambda case: ours_and_missing(case) and _soon(case)),
    CountingStep("funnel_due", _due),
    CountingStep("funnel_offered", lambda case: _due(case) and case.offered),
    CountingStep("funnel_not_offered", _refused),
    CountingStep("funnel_offer_not_recorded", lambda case: _due(case) and case.row.offered is None),
    CountingStep("funnel_accepted", _offered_with("accepted")),
    CountingStep("funnel_declined_child", _offered_with("declined_child")),
    CountingStep("funnel_declined_parent", _offered_with("declined_parent")),
    CountingStep("funnel_other_outcome", _offered_with("unable", "missing_again", "pending", None)),
    CountingStep("funnel_completed", lambda case: _due(case) and case.interviewed),
    CountingStep("funnel_within_72h", lambda case: _judged(case) and case.in_time),
    CountingStep("funnel_late", lambda case: _judged(case) and case.interviewed and not case.in_time),
    CountingStep("funnel_mistimed", lambda case: _due(case) and case.mistimed),
    CountingStep("funnel_not_completed", lambda case: _due(case) and not case.interviewed),
    CountingStep("funnel_children_returned", ours_and_missing, children=True),
    CountingStep("funnel_children_due", _due, children=True),
    CountingStep("funnel_children_completed", lambda case: _due(case) and case.interviewed, children=True),
    CountingStep("funnel_children_within_72h", lambda case: _judged(case) and case.in_time, children=True),
)  # fmt: skip
