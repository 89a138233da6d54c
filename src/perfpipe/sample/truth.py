"""What the figures truly are: worked out from the authority's log, by other code than the product's own.

Nothing here may import the stages or measures of perfpipe: that the two agree should mean something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, time
from functools import cache
from operator import attrgetter
from typing import Any

from perfpipe.months import Month, month_range
from perfpipe.sample import (
    truth_adopters,
    truth_assessments,
    truth_audits,
    truth_interviews,
    truth_placements,
    truth_workers,
)
from perfpipe.sample.authority import Authority
from perfpipe.sample.extracts import team_name
from perfpipe.sample.figures import NONE_OFF, Figure, Off
from perfpipe.sample.knowledge import Extract, regular_delivery
from perfpipe.sample.records import PostHeld
from perfpipe.sample.truth_events import DayOf, Known

Calculation = Callable[[Sequence[PostHeld], Month, Off], Iterator[Figure]]
LONGEST_TRUTH = 24  # months


def truth_of(authority: Authority, extracts: Sequence[Extract], months: Sequence[Month], seed: int) -> dict[str, Any]:
    """The contents of `truth.json`: figures as known in the end, and when each month was first reported."""
    known_at_end = regular_delivery(months[-1])
    reported = months[-LONGEST_TRUTH:]
    at_end = [asdict(f) for month in reported for f in figures(authority, extracts, month, known_at_end)]
    first = [asdict(f) for month in reported for f in figures(authority, extracts, month, regular_delivery(month))]
    return {
        "seed": seed,
        "months": [str(month) for month in months],
        "known_at_end": known_at_end.isoformat(),
        "first_reported_on": {str(month): regular_delivery(month).isoformat() for month in months},
        "figures_at_end": at_end,
        "figures_first_reported": first,
    }


def figures(
    authority: Authority, extracts: Sequence[Extract], month: Month, known_on: date, off: Off = NONE_OFF
) -> Iterator[Figure]:
    """A month's true figures, as the extracts delivered by a day allow them to be known."""
    delivered = [extract for extract in extracts if extract.delivered_on <= known_on]
    missing = speaking_for(delivered, "return_home_interviews", month)
    episodes = authority.missing_in(missing) if missing else ()
    as_at = missing.extracted_at if missing else datetime.combine(month.last_day, time())
    for figure in truth_interviews.interview_figures(episodes, month, as_at, off):
        yield figure if missing else figure.without_data()
    care = speaking_for(delivered, "placements", month)
    placements = authority.care_in(care) if care else ()
    for figure in truth_placements.placement_figures(placements, month, off):
        yield figure if care else figure.without_data()
    yield from _worker_figures(authority, delivered, month, off)
    yield from _practice_figures(authority, delivered, month, off)


def _practice_figures(authority: Authority, delivered: Sequence[Extract], month: Month, off: Off) -> Iterator[Figure]:
    def known(
        dataset: str, rows_of: Callable[[Extract], Sequence[Any]], name_of: Callable[[Any], str], ended_on: DayOf
    ) -> Known:
        speaks_for = cache(lambda each: speaking_for(delivered, dataset, each))
        return Known(speaks_for, rows_of, name_of, ended_on, off, authority.worked_out)

    assessments = known(
        "assessments", authority.assessments_in, attrgetter("assessment_id"), attrgetter("authorised_on")
    )
    audits = known("audits", authority.audits_in, attrgetter("audit_id"), attrgetter("audited_on"))
    adopters = known("adopters", authority.adopters_in, attrgetter("household_id"), attrgetter("ended_on"))
    yield from truth_assessments.assessment_figures(assessments, month, off)
    yield from truth_audits.audit_figures(audits, month, off)
    yield from truth_adopters.adopter_figures(adopters, month, off)


def speaking_for(extracts: Sequence[Extract], dataset: str, month: Month) -> Extract | None:
    """The extract that speaks for a month: of those that cover it, the one made last."""
    covering = [extract for extract in extracts if extract.dataset == dataset and extract.covers(month)]
    return max(covering, key=lambda extract: extract.extracted_at, default=None)


def _worker_figures(authority: Authority, delivered: Sequence[Extract], month: Month, off: Off) -> Iterator[Figure]:
    own = speaking_for(delivered, "social_workers", month)
    rows = authority.posts_in(own) if own else None
    yield from _from_rows(rows, truth_workers.appointments_in_month, month, off)
    for months, calculation in (
        (truth_workers.YEAR_BACK, truth_workers.appointments_in_year),
        (truth_workers.TWO_YEARS_BACK, truth_workers.retention),
        (truth_workers.YEAR_BACK, truth_workers.turnover),
    ):
        yield from _from_rows(_look_back_rows(authority, delivered, month, months), calculation, month, off)


def _from_rows(rows: Sequence[PostHeld] | None, calculation: Calculation, month: Month, off: Off) -> Iterator[Figure]:
    """The figures of a calculation; without rows the same figures, not available."""
    for figure in calculation(rows or (), month, off):
        yield figure if rows is not None else figure.without_data()


def _look_back_rows(
    authority: Authority, delivered: Sequence[Extract], month: Month, months: int
) -> list[PostHeld] | None:
    """Spells that ended, each from the extract that speaks for its last month; open ones from the month's own.

    The same spell from two extracts: the one made later is right. A spell is known by its team's name then.
    None if an extract is missing.
    """
    ended_in: dict[Extract, set[Month]] = {}
    for earlier in month_range(month - (months - 1), month):
        extract = speaking_for(delivered, "social_workers", earlier)
        if extract is None:
            return None
        ended_in.setdefault(extract, set()).add(earlier)
    own = speaking_for(delivered, "social_workers", month)
    rows: dict[tuple[str, date, str, str], PostHeld] = {}
    for extract in sorted(ended_in, key=lambda extract: extract.extracted_at):
        for row in authority.posts_in(extract):
            ended = row.left_on is not None and Month.of(row.left_on) in ended_in[extract]
            still_open = row.left_on is None or row.left_on > month.last_day
            if ended or (extract == own and still_open and row.started_on <= month.last_day):
                shown = replace(row, team=team_name(row.team, extract.month))
                rows[row.worker_id, row.started_on, row.contract, shown.team] = shown
    return list(rows.values())
