"""What missing episodes say at the time of their extract: the rows that all interview measures count (definitions 3.6).

Columns added to the typed rows: `returned` (instant that starts the clock), `returned_by_date` (only its date is
known), `judged_by_date` (the same of the return or the interview), `impossible` (a return before the episode began or
after the extract), `not_required_because` (a reason that is listed, definitions 3.16), and, all true or false:
`eligible` for an interview, `due` (72 hours have passed), `settled` (as many days have as the authority says),
`completed`, `mistimed` (an interview before the child was found), `within_72h`, `offered_within_72h`;
`hours_to_interview`, blank where they are not known; and the two breakdowns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfpipe.datasets.interview_times import interview_too_early, return_precision, returned
from perfpipe.datasets.missing_episode_rules import return_too_early, return_too_late
from perfpipe.dates.months import local_day
from perfpipe.measures.local_choices import AS_USUAL, Counting

if TYPE_CHECKING:
    import pandas as pd

INTERVIEW_HOURS = 72  # of the statutory guidance
HOURS_A_DAY = 24


def episodes(rows: pd.DataFrame, counting: Counting = AS_USUAL) -> pd.DataFrame:
    """Missing episodes of our own children."""
    return _described(rows[(rows["category"] == "M") & ~rows["hosted"]], counting)


def with_away(rows: pd.DataFrame, counting: Counting = AS_USUAL) -> pd.DataFrame:
    """Missing and away episodes of our own children."""
    return _described(rows[~rows["hosted"]], counting)


def of_other_authorities(rows: pd.DataFrame, counting: Counting = AS_USUAL) -> pd.DataFrame:
    """Missing episodes of other authorities' children who live here."""
    return _described(rows[(rows["category"] == "M") & rows["hosted"]], counting)


def _described(rows: pd.DataFrame, counting: Counting) -> pd.DataFrame:
    start = returned(rows)
    by_date = return_precision(rows) == "date"
    interview_by_date = rows["interview_at_precision"] == "date"
    days = {"returned": local_day(start), "as_at": local_day(rows["as_at"])}
    impossible = return_too_early(rows) | return_too_late(rows)
    exempt = (rows["rhi_required"] == "N") & rows["not_required_reason"].isin(counting.interview_not_required)
    eligible = start.notna() & ~impossible & ~exempt
    completed = rows["interview_at"].notna() & (rows["interview_at"] <= rows["as_at"])
    hours_since = _hours(start, rows["as_at"])
    days_since = (days["as_at"] - days["returned"]).dt.days
    hours = _hours(start, rows["interview_at"])

    def passed(limit: int) -> pd.Series:
        """By the extract, so many hours since the return; since the end of its day where only that is known."""
        return (hours_since >= limit).where(~by_date, days_since > limit // HOURS_A_DAY)

    def in_time(at: str, elapsed: pd.Series) -> pd.Series:
        """At most 72:00:00 by the clock, inclusive; at most three days where either side is only a date."""
        dates = by_date | (rows[f"{at}_precision"] == "date")
        later = (local_day(rows[at]) - days["returned"]).dt.days
        return (elapsed <= INTERVIEW_HOURS).where(~dates, later <= INTERVIEW_HOURS // HOURS_A_DAY)

    return rows.assign(
        returned=start,
        returned_by_date=by_date,
        judged_by_date=by_date | interview_by_date,
        impossible=impossible,
        not_required_because=rows["not_required_reason"].where(exempt),
        eligible=eligible,
        due=eligible & passed(INTERVIEW_HOURS),
        settled=eligible & passed(counting.interviews_settle_days * HOURS_A_DAY),
        completed=completed,
        mistimed=completed & interview_too_early(rows),
        within_72h=in_time("interview_at", hours),
        offered_within_72h=in_time("offered_at", _hours(start, rows["offered_at"])),
        hours_to_interview=hours.clip(lower=0).where(~(by_date | interview_by_date)),
        looked_after=rows["looked_after_flag"].map({"Y": "yes", "N": "no"}),
        area=rows["placed_or_living_in_la"].map({"IN": "in", "OUT": "out"}),
    )


def _hours(start: pd.Series, end: pd.Series) -> pd.Series:
    hours: pd.Series = (end - start).dt.total_seconds() / 3600
    return hours
