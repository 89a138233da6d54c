"""What the figures truly are: worked out from the authority's log, by other code than the product's own.

Nothing here imports perfpipe, dates included: that the two agree should mean something. The rest of the sample has
perfpipe's months; where the truth meets it, only their year and number are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TypedDict

from perfpipe_sample import recording_parameters as r
from perfpipe_sample.knowledge import Extract
from perfpipe_sample.records import PostHeld
from perfpipe_sample.simulated_authority import SimulatedAuthority
from perfpipe_sample.truth import interviews as truth_interviews
from perfpipe_sample.truth import workers as truth_workers
from perfpipe_sample.truth import workforce as truth_workforce
from perfpipe_sample.truth.care import care_figures
from perfpipe_sample.truth.dates import CalendarMonth, following, last_day, month_of, months_ending, written
from perfpipe_sample.truth.employments import LONGEST_GAP
from perfpipe_sample.truth.figures import NONE_OFF, Off, TrueFigure
from perfpipe_sample.truth.practice import ExtractFor, practice_figures

LONGEST_TRUTH = 24  # months


class Truth(TypedDict):
    """The contents of `truth.json`, where a figure is an object of its fields."""

    seed: int
    months: list[str]
    known_at_end: str
    first_reported_on: dict[str, str]
    figures_at_end: list[TrueFigure]
    figures_first_reported: list[TrueFigure]


def truth_of(
    authority: SimulatedAuthority, extracts: Sequence[Extract], months: Sequence[CalendarMonth], seed: int
) -> Truth:
    """The contents of `truth.json`: figures as known in the end, and when each month was first reported."""
    known_at_end = reported_on(months[-1])
    reported = months[-LONGEST_TRUTH:]
    at_end = [f for month in reported for f in figures(authority, extracts, month, known_at_end)]
    first = [f for month in reported for f in figures(authority, extracts, month, reported_on(month))]
    return {
        "seed": seed,
        "months": [written(month) for month in months],
        "known_at_end": known_at_end.isoformat(),
        "first_reported_on": {written(month): reported_on(month).isoformat() for month in months},
        "figures_at_end": at_end,
        "figures_first_reported": first,
    }


def figures(
    authority: SimulatedAuthority,
    extracts: Sequence[Extract],
    month: CalendarMonth,
    known_on: date,
    off: Off = NONE_OFF,
) -> Iterator[TrueFigure]:
    """A month's true figures, as the extracts delivered by a day allow them to be known."""
    delivered = [extract for extract in extracts if extract.delivered_on <= known_on]
    speaks_for = cache(lambda dataset, month: speaking_for(delivered, dataset, month))
    kept = {} if off else authority.worked_out  # what a rule switched off makes is asked for once

    def missing_episodes(reported: CalendarMonth) -> truth_interviews.ReportedEpisodes | None:
        extract = speaks_for("return_home_interviews", reported)
        if extract and extract not in kept:
            kept[extract] = truth_interviews.ReportedEpisodes(authority.missing_in(extract), extract.extracted_at)
        return kept[extract] if extract else None

    yield from truth_interviews.interview_figures(missing_episodes, month, off)
    yield from care_figures(authority, lambda month: speaks_for("placements", month), month, off)
    yield from _worker_figures(authority, speaks_for, month, off)
    yield from practice_figures(authority, speaks_for, month, off)


def speaking_for(extracts: Sequence[Extract], dataset: str, month: CalendarMonth) -> Extract | None:
    """The extract that speaks for a month: of those that cover it, the one made last."""
    covering = [extract for extract in extracts if extract.dataset == dataset and _covers(extract, month)]
    return max(covering, key=lambda extract: extract.extracted_at, default=None)


def _covers(extract: Extract, month: CalendarMonth) -> bool:
    """Whether a month lies in the span that the sample says an extract has."""
    first, last = extract.first_month, extract.month
    return (first.year, first.number) <= month <= (last.year, last.number)


def reported_on(month: CalendarMonth) -> date:
    """The day on which the extracts of a month should arrive, and its figures are first reported."""
    return last_day(month) + timedelta(days=r.EXTRACTION_DAY + 1)


def _worker_figures(
    authority: SimulatedAuthority, speaks_for: ExtractFor, month: CalendarMonth, off: Off
) -> Iterator[TrueFigure]:
    own = speaks_for("social_workers", month)
    rows = authority.posts_in(own) if own else None
    look_back = cache(lambda months: _look_back_rows(authority, speaks_for, month, months))
    for months, calculation in truth_workers.FROM_LOOK_BACK:
        yield from _from_rows(look_back(months), calculation, month, off)
    made = own.extracted_at if own else datetime.combine(last_day(month), time())
    for figure, known in truth_workforce.staff_figures(rows or (), month, made, off):
        yield figure if rows is not None and known else figure.without_data()
    yield from _workforce_rates(authority, speaks_for, month, off)


def _workforce_rates(
    authority: SimulatedAuthority, speaks_for: ExtractFor, month: CalendarMonth, off: Off
) -> Iterator[TrueFigure]:
    own = speaks_for("social_workers", month)
    totals = []
    for each in months_ending(month, 12):
        extract = speaks_for("workforce_monthly", each)
        if extract:
            totals += [total for total in authority.workforce_in(extract) if month_of(total.month_end) == each]
    has_month = any(month_of(total.month_end) == month for total in totals)
    known = {
        "both": bool(own) and has_month,
        "totals": has_month,
        "a year of totals": bool(own) and len(totals) == 12,
    }
    rows = authority.posts_in(own) if own else ()
    for made_from, figure in truth_workforce.rates(rows, totals, month, off):
        yield figure if known[made_from] else figure.without_data()


def _from_rows(
    rows: Sequence[PostHeld] | None, calculation: truth_workers.Calculation, month: CalendarMonth, off: Off
) -> Iterator[TrueFigure]:
    """The figures of a calculation; without rows the same figures, not available."""
    for figure in calculation(rows or (), month, off):
        yield figure if rows is not None else figure.without_data()


def _look_back_rows(
    authority: SimulatedAuthority, speaks_for: ExtractFor, month: CalendarMonth, months: int
) -> list[PostHeld] | None:
    """Spells that ended, each from the extract that speaks for its last month; open ones from the month's own.

    The same spell from two extracts: the one made later is right. A spell is known by worker and start; several that
    start together in one extract are all there. With those that began just after the month, as far as is known.
    None if an extract is missing.
    """
    ended_in: dict[Extract, set[CalendarMonth]] = {}
    for earlier in months_ending(month, months):
        extract = speaks_for("social_workers", earlier)
        if extract is None:
            return None
        ended_in.setdefault(extract, set()).add(earlier)
    own, end = speaks_for("social_workers", month), last_day(month)
    rows: dict[tuple[str, date], list[PostHeld]] = {}
    for extract in sorted(ended_in, key=lambda extract: extract.extracted_at):
        found: dict[tuple[str, date], list[PostHeld]] = {}
        for row in authority.posts_in(extract):
            ended = row.left_on is not None and month_of(row.left_on) in ended_in[extract]
            still_open = extract == own and (row.left_on is None or row.left_on > end)
            if ended or (still_open and row.started_on <= end):
                found.setdefault((row.worker_id, row.started_on), []).append(row)
        rows |= found
    newest = speaks_for("social_workers", following(month)) or own
    assert newest is not None
    soon = [row for row in authority.posts_in(newest) if end < row.started_on <= end + LONGEST_GAP]
    return [*(row for versions in rows.values() for row in versions), *soon]
