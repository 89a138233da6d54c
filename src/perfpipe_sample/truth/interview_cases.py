"""What one missing episode is, for the true figures: judged in plain Python by the rules of counting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from perfpipe_sample.parameters import OTHER_AUTHORITY
from perfpipe_sample.records import MissingEpisode
from perfpipe_sample.truth.figures import NONE_OFF, WHOLE, CountingRule, Off

LOCAL = ZoneInfo("Europe/London")
NOTHING_TO_INTERVIEW = ("aged_18", "died", "not_our_child", "recorded_in_error", "not_missing")
GROUPS = {
    "looked_after": {"Y": "yes", "N": "no", None: "not_known"},
    "area": {"IN": "in", "OUT": "out", None: "not_known"},
}
TIME_LIMIT, COMPLETION_LIMIT = 3, 28  # days


@dataclass(frozen=True)
class Case:
    """One episode as an extract made at `as_at` (local time) has it."""

    row: MissingEpisode
    as_at: datetime
    off: Off = NONE_OFF

    @cached_property
    def hosted(self) -> bool:
        """Whether another authority is responsible for the child."""
        return self.row.responsible_la == OTHER_AUTHORITY

    @cached_property
    def ours(self) -> bool:
        """Whether the child is the authority's own."""
        return not self.hosted or CountingRule.HOSTED_ARE_NOT_OURS in self.off

    @cached_property
    def missing(self) -> bool:
        """Whether the child's whereabouts were not known."""
        return self.row.category == "M" or CountingRule.AWAY_IS_NOT_MISSING in self.off

    @cached_property
    def groups(self) -> list[tuple[str, str]]:
        """Every group the episode belongs to, the whole first."""
        flags = {"looked_after": self.row.looked_after, "area": self.row.area}
        return [WHOLE, *((name, GROUPS[name][flag]) for name, flag in flags.items())]

    @cached_property
    def returned(self) -> datetime | None:
        """When the 72 hours start."""
        found = None if CountingRule.FOUND_STANDS_IN_FOR_RETURN in self.off else self.row.found_at
        return self.row.returned_at or found

    @cached_property
    def impossible(self) -> bool:
        """Whether the child returned before leaving, or after the extract."""
        start = self.returned
        if start is None:
            return False
        left = self.row.missing_from
        by_date = self._date_only(start) or self._date_only(left)
        before = start.date() < left.date() if by_date else start < left
        return (before and CountingRule.RETURN_NOT_BEFORE_START not in self.off) or start > self.as_at

    @cached_property
    def exempt(self) -> bool:
        """Whether a listed reason says that no interview is required."""
        if self.row.rhi_required != "N" or CountingRule.LISTED_REASONS_EXCLUDE in self.off:
            return False
        return self.row.not_required_reason in NOTHING_TO_INTERVIEW or CountingRule.OTHER_REASONS_STAY_IN in self.off

    @cached_property
    def eligible(self) -> bool:
        """Whether an interview is required after the return."""
        return self.returned is not None and not self.impossible and not self.exempt

    @cached_property
    def due(self) -> bool:
        """Whether 72 hours have passed."""
        return self.eligible and self._passed(TIME_LIMIT)

    @cached_property
    def settled(self) -> bool:
        """Whether 28 days have passed."""
        limit = TIME_LIMIT if CountingRule.COMPLETED_MATURES_IN_28_DAYS in self.off else COMPLETION_LIMIT
        return self.eligible and self._passed(limit)

    def _passed(self, days: int) -> bool:
        start = self.returned
        assert start is not None
        if self._date_only(start) and CountingRule.DAY_OF_RETURN_MUST_PASS not in self.off:
            return (self.as_at.date() - start.date()).days > days
        return elapsed(start, self.as_at) >= timedelta(days=days)

    @cached_property
    def interviewed(self) -> bool:
        """Whether there has been an interview."""
        return self.row.interview_at is not None and self.row.interview_at <= self.as_at

    @cached_property
    def mistimed(self) -> bool:
        """Whether the interview is recorded before the child was found: the row says nothing about timeliness."""
        found, at = self.row.found_at or self.row.returned_at, self.row.interview_at
        if not self.interviewed or at is None or found is None or CountingRule.INTERVIEW_NOT_BEFORE_FOUND in self.off:
            return False
        if self._date_only(at) or self._date_only(found):
            return at.date() < found.date()
        return at < found

    @cached_property
    def by_date(self) -> bool:
        """Whether only the date is known of the return or the interview."""
        return any(moment is not None and self._date_only(moment) for moment in (self.returned, self.row.interview_at))

    @cached_property
    def in_time(self) -> bool:
        """Whether the interview was within 72 hours, or within three days where a time is not known."""
        return self.interviewed and self._within(self.row.interview_at)

    @cached_property
    def offered(self) -> bool:
        """Whether an interview is recorded as offered."""
        return self.row.offered == "Y"

    @cached_property
    def offered_in_time(self) -> bool:
        """Whether it was offered within 72 hours."""
        if self.row.offered_at is None and CountingRule.OFFER_NEEDS_A_DATE in self.off:
            return self.offered
        return self.offered and self._within(self.row.offered_at)

    @cached_property
    def offered_too_early(self) -> bool:
        """Whether the offer is recorded before the child went missing."""
        at, left = self.row.offered_at, self.row.missing_from
        if at is None or CountingRule.OFFER_NOT_BEFORE_START in self.off:
            return False
        if self._date_only(at) or self._date_only(left):
            return at.date() < left.date()
        return at < left

    @cached_property
    def declined(self) -> bool:
        """Whether the child or a parent said no."""
        return (
            self.row.outcome in ("declined_child", "declined_parent")
            and CountingRule.DECLINED_ARE_NOT_OVERDUE not in self.off
        )

    @cached_property
    def hours(self) -> float | None:
        """Hours from return to interview, none where a time is not known."""
        start, at = self.returned, self.row.interview_at
        if start is None or at is None or (self.by_date and CountingRule.DATES_HAVE_NO_HOURS not in self.off):
            return None
        hours = elapsed(start, at).total_seconds() / 3600
        return hours if CountingRule.BEFORE_RETURN_IS_AT_ONCE in self.off else max(hours, 0.0)

    def open_after(self, day_end: datetime) -> bool:
        """Whether the child was missing at the end of a day, given as the midnight that ends it."""
        start = self.row.returned_at or self.row.found_at
        return self.row.missing_from < day_end and (start is None or start >= day_end)

    def _within(self, at: datetime | None) -> bool:
        start = self.returned
        if start is None or at is None:
            return False
        if self._date_only(start) or self._date_only(at):
            return (at.date() - start.date()).days <= TIME_LIMIT
        return elapsed(start, at) <= timedelta(days=TIME_LIMIT)

    def _date_only(self, moment: datetime) -> bool:
        return moment.time() == time() and CountingRule.MIDNIGHT_IS_NO_TIME not in self.off


def elapsed(start: datetime, end: datetime) -> timedelta:
    """The time that truly passed between two local times."""
    return end.replace(tzinfo=LOCAL).astimezone(UTC) - start.replace(tzinfo=LOCAL).astimezone(UTC)
