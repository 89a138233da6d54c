"""What the figures truly are: worked out from the authority's log, by other code than the product's own.

Nothing here may import the stages or measures of perfpipe: that the two agree should mean something.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from perfpipe.months import Month, month_range
from perfpipe.sample import truth_interviews, truth_placements, truth_workers
from perfpipe.sample.authority import Authority
from perfpipe.sample.extracts import team_name
from perfpipe.sample.figures import NONE_OFF, Figure, Off
from perfpipe.sample.knowledge import Extract, regular_delivery
from perfpipe.sample.records import PostHeld

LONGEST_TRUTH = 24  # months


def truth(
    authority: Authority, extracts: Sequence[Extract], months: Sequence[Month], seed: int
) -> dict[str, Any]:
    """The contents of `truth.json`: figures as known in the end, and when each month was first reported."""
    known_at_end = regular_delivery(months[-1])
    reported = months[-LONGEST_TRUTH:]
    at_end = [asdict(f) for month in reported for f in figures(authority, extracts, month, known_at_end)]
    first = [
        asdict(f) for month in reported for f in figures(authority, extracts, month, regular_delivery(month))
    ]
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
    if missing:
        rows = authority.missing_in(missing)
        yield from truth_interviews.interview_figures(rows, month, missing.extracted_at, off)
    else:
        yield from truth_interviews.not_available(month)
    care = speaking_for(delivered, "placements", month)
    if care:
        yield from truth_placements.placement_figures(authority.care_in(care), month, off)
    else:
        yield from truth_placements.not_available(month)
    yield from _worker_figures(authority, delivered, month, off)


def speaking_for(extracts: Sequence[Extract], dataset: str, month: Month) -> Extract | None:
    """The extract that speaks for a month: of those that cover it, the one made last."""
    covering = [extract for extract in extracts if extract.dataset == dataset and extract.covers(month)]
    return max(covering, key=lambda extract: extract.extracted_at, default=None)


def _worker_figures(
    authority: Authority, delivered: Sequence[Extract], month: Month, off: Off
) -> Iterator[Figure]:
    own = speaking_for(delivered, "social_workers", month)
    if own is None:
        yield from truth_workers.appointments_not_available(month)
    else:
        yield from truth_workers.appointment_figures(authority.posts_in(own), month, off)
    look_back = month_range(month - (truth_workers.LOOK_BACK_MONTHS - 1), month)
    speaking = [speaking_for(delivered, "social_workers", earlier) for earlier in look_back]
    if own is None or None in speaking:
        yield from truth_workers.look_back_not_available(month)
    else:
        rows = _look_back_rows(authority, own, month, dict(zip(look_back, speaking, strict=True)))
        yield from truth_workers.look_back_figures(rows, month, own.extracted_at.date(), off)


def _look_back_rows(
    authority: Authority, own: Extract, month: Month, speaking: dict[Month, Extract | None]
) -> list[PostHeld]:
    """Spells that ended, each from the extract that speaks for its last month, and open ones from the month's own.

    The same spell from two extracts: the one made later is right. A spell is known by its team's name then.
    """
    rows: dict[tuple[str, date, str, str], PostHeld] = {}
    by_extract: dict[Extract, set[Month]] = {}
    for earlier, extract in speaking.items():
        if extract is not None:
            by_extract.setdefault(extract, set()).add(earlier)
    for extract in sorted(by_extract, key=lambda extract: extract.extracted_at):
        for row in authority.posts_in(extract):
            ended = row.left_on is not None and Month.of(row.left_on) in by_extract[extract]
            still_open = row.left_on is None or row.left_on > month.last_day
            if ended or (extract == own and still_open and row.started_on <= month.last_day):
                shown = replace(row, team=team_name(row.team, extract.month))
                rows[row.worker_id, row.started_on, row.contract, shown.team] = shown
    return list(rows.values())
