"""The true figures on missing episodes and return home interviews, from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from perfpipe.months import Month
from perfpipe.sample.figures import NONE_OFF, Figure, Off, Rule, Writer, by_value
from perfpipe.sample.parameters import OTHER_AUTHORITY
from perfpipe.sample.records import MissingEpisode

LOCAL = ZoneInfo("Europe/London")
NOTHING_TO_INTERVIEW = ("aged_18", "died", "not_our_child", "recorded_in_error", "not_missing")
SPLITS = (
    by_value("looked_after", {"Y": "yes", "N": "no"}, attrgetter("looked_after")),
    by_value("area", {"IN": "in", "OUT": "out"}, attrgetter("area")),
)
TIME_LIMIT, DATE_LIMIT = timedelta(hours=72), timedelta(days=3)
SHARES = ("rhi_offered", "rhi_accepted", "rhi_completed", "rhi_within_72h")


def interview_figures(
    rows: Sequence[MissingEpisode], month: Month, as_at: datetime, off: Off = NONE_OFF
) -> Iterator[Figure]:
    """All of a month's figures from the rows of its extract, made at `as_at` (local time)."""
    rows = [row for row in rows if _ours_and_missing(row, off)]
    if Rule.SAME_EPISODE_COUNTS_ONCE in off:
        rows = [row for row in rows for _ in range(row.copies)]
    started = [row for row in rows if Month.of(row.missing_from) == month]
    yield from Writer("missing_episodes", month, "month", SPLITS).count(started)
    yield from Writer("missing_children", month, "month", SPLITS).count(
        started, lambda part: len({row.child_id for row in part})
    )
    eligible = [row for row in rows if _eligible(row, month, as_at, off)]
    offered, accepted, completed, within = (Writer(name, month, "month", SPLITS) for name in SHARES)
    days = 3 if Rule.COMPLETED_MATURES_IN_28_DAYS in off else 28

    def too_soon_to_offer(row: MissingEpisode) -> bool:
        return _since_return(row, as_at, off) < TIME_LIMIT

    def too_soon_to_complete(row: MissingEpisode) -> bool:
        return _since_return(row, as_at, off) < timedelta(days=days)

    yield from offered.share(eligible, lambda row: row.offered == "Y", too_soon_to_offer)
    offers = [row for row in eligible if row.offered == "Y"]
    yield from accepted.share(offers, lambda row: row.outcome == "accepted", too_soon_to_offer)
    yield from completed.share(eligible, lambda row: _interviewed(row, as_at), too_soon_to_complete)
    judged = [row for row in eligible if not _before_found(row, off)]
    yield from within.share(judged, lambda row: _interviewed(row, as_at) and _in_time(row, off), too_soon_to_offer)


def _ours_and_missing(row: MissingEpisode, off: Off) -> bool:
    hosted = row.responsible_la == OTHER_AUTHORITY and Rule.HOSTED_ARE_NOT_OURS not in off
    return (row.category == "M" or Rule.AWAY_IS_NOT_MISSING in off) and not hosted


def _eligible(row: MissingEpisode, month: Month, as_at: datetime, off: Off) -> bool:
    """Whether the row is one of the month's returns after which an interview is due."""
    start = _return_at(row, off)
    if start is None or Month.of(start) != month or start > as_at:
        return False
    if start < row.missing_from and Rule.RETURN_NOT_BEFORE_START not in off:
        return False
    listed = row.not_required_reason in NOTHING_TO_INTERVIEW or Rule.OTHER_REASONS_STAY_IN in off
    not_due = row.rhi_required == "N" and listed
    return not not_due or Rule.LISTED_REASONS_EXCLUDE in off


def _return_at(row: MissingEpisode, off: Off) -> datetime | None:
    """When the 72 hours start."""
    return row.returned_at if Rule.FOUND_STANDS_IN_FOR_RETURN in off else row.returned_at or row.found_at


def _since_return(row: MissingEpisode, as_at: datetime, off: Off) -> timedelta:
    start = _return_at(row, off)
    return _elapsed(start, as_at) if start else timedelta()


def _interviewed(row: MissingEpisode, as_at: datetime) -> bool:
    return row.interview_at is not None and row.interview_at <= as_at


def _before_found(row: MissingEpisode, off: Off) -> bool:
    """Whether the interview is recorded before the child was found: the row says nothing about timeliness."""
    found = row.found_at or row.returned_at
    if row.interview_at is None or found is None or Rule.INTERVIEW_NOT_BEFORE_FOUND in off:
        return False
    if _date_only(row.interview_at, off) or _date_only(found, off):
        return row.interview_at.date() < found.date()
    return row.interview_at < found


def _in_time(row: MissingEpisode, off: Off) -> bool:
    """Within 72 hours by the clock in Greenwich, or within three days where a time is not known."""
    start, at = _return_at(row, off), row.interview_at
    if start is None or at is None:
        return False
    if _date_only(start, off) or _date_only(at, off):
        return at.date() - start.date() <= DATE_LIMIT
    return _elapsed(start, at) <= TIME_LIMIT


def _date_only(moment: datetime, off: Off) -> bool:
    return moment.time() == time() and Rule.MIDNIGHT_IS_NO_TIME not in off


def _elapsed(start: datetime, end: datetime) -> timedelta:
    """The time that truly passed between two local times."""
    return end.replace(tzinfo=LOCAL).astimezone(UTC) - start.replace(tzinfo=LOCAL).astimezone(UTC)
