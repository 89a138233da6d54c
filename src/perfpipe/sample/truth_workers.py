"""The true figures on appointed, retained and leaving social workers, from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from perfpipe.months import Month, add_months
from perfpipe.sample.figures import NONE_OFF, Figure, Off, Rule, Writer, by_value
from perfpipe.sample.records import PostHeld

# The months whose ended spells a figure needs, its own included: one more than those in which it looks for
# appointments, since a spell that ended just before them may go on in them.
YEAR_BACK, TWO_YEARS_BACK = 13, 25
LONGEST_GAP = timedelta(days=28)
EXPERIENCE = by_value("experience", {"Y": "newly_qualified", "N": "experienced"}, attrgetter("newly_qualified"))


@dataclass(frozen=True)
class Employment:
    """Spells of one worker that follow each other without a real break, or run side by side."""

    spells: tuple[PostHeld, ...]

    @property
    def started_on(self) -> date:
        """The first day."""
        return self.spells[0].started_on

    @property
    def newly_qualified(self) -> str | None:
        """Whether newly qualified when appointed."""
        return self.spells[0].newly_qualified

    @property
    def left_on(self) -> date | None:
        """The last day worked; None while any spell is open."""
        ends = [spell.left_on for spell in self.spells if spell.left_on]
        return max(ends) if len(ends) == len(self.spells) else None

    @property
    def last_spells(self) -> list[PostHeld]:
        """The spells that end with the employment."""
        return [spell for spell in self.spells if spell.left_on == self.left_on]


def appointments_in_month(rows: Sequence[PostHeld], month: Month, off: Off = NONE_OFF) -> Iterator[Figure]:
    """Who was appointed in the month, from the rows of its extract."""
    started = [one for one in employments(rows, off) if Month.of(one.started_on) == month]
    yield from Writer("new_appointments", month, "month", (EXPERIENCE,)).count(started)


def appointments_in_year(rows: Sequence[PostHeld], month: Month, off: Off = NONE_OFF) -> Iterator[Figure]:
    """Who was appointed in the twelve months to the end of the month."""
    first, last = _year_to(month)
    started = [one for one in employments(rows, off) if first <= one.started_on <= last]
    yield from Writer("new_appointments", month, "rolling_12", (EXPERIENCE,)).count(started)


def retention(rows: Sequence[PostHeld], month: Month, off: Off = NONE_OFF) -> Iterator[Figure]:
    """Of those whose first anniversary fell in the twelve months, who was there on it.

    An extract is made after its month has ended, so that every such anniversary has been reached.
    """
    first, last = _year_to(month)
    cohort = [one for one in employments(rows, off) if first <= add_months(one.started_on, 12) <= last]
    yield from Writer("retained_12_months", month, "cohort", (EXPERIENCE,)).share(cohort, _there_after_a_year)


def turnover(rows: Sequence[PostHeld], month: Month, off: Off = NONE_OFF) -> Iterator[Figure]:
    """FTE who left in the twelve months, over FTE in post at their end."""
    first, last = _year_to(month)
    leavers = [one for one in employments(rows, off) if one.left_on and first <= one.left_on <= last]
    if Rule.CAME_AND_WENT_ARE_NOT_LEAVERS not in off:
        leavers = [one for one in leavers if one.started_on < first]
    if Rule.PROMOTED_ARE_NOT_LEAVERS not in off:
        leavers = [one for one in leavers if one.last_spells[0].leaving_reason != "internal_move"]
    left = [spell for one in leavers for spell in one.last_spells]
    in_post = [row for row in _counted(rows, off) if row.started_on <= last and _there_after(row, last)]
    yield from Writer("turnover_12_months", month, "rolling_12").ratio(_fte(left, off), _fte(in_post, off))


def employments(rows: Sequence[PostHeld], off: Off = NONE_OFF) -> list[Employment]:
    """The employments that the permanent spells make up: gaps of up to 28 days are bridged."""
    by_worker: dict[str, list[PostHeld]] = {}
    for row in sorted(_counted(rows, off), key=lambda row: (row.started_on, row.left_on or date.max)):
        by_worker.setdefault(row.worker_id, []).append(row)
    found = []
    for spells in by_worker.values():
        joined = [spells[0]]
        for spell in spells[1:]:
            if Rule.SHORT_GAPS_ARE_BRIDGED not in off and _follows(joined, spell):
                joined.append(spell)
            else:
                found.append(Employment(tuple(joined)))
                joined = [spell]
        found.append(Employment(tuple(joined)))
    return found


def _follows(joined: Sequence[PostHeld], spell: PostHeld) -> bool:
    ends = [earlier.left_on for earlier in joined]
    return any(end is None or spell.started_on - end <= LONGEST_GAP for end in ends)


def _year_to(month: Month) -> tuple[date, date]:
    return (month - 11).first_day, month.last_day


def _counted(rows: Sequence[PostHeld], off: Off) -> list[PostHeld]:
    return [row for row in rows if row.contract == "permanent" or Rule.AGENCY_WORKERS_DO_NOT_COUNT in off]


def _there_after_a_year(employment: Employment) -> bool:
    return employment.left_on is None or employment.left_on >= add_months(employment.started_on, 12)


def _there_after(row: PostHeld, day: date) -> bool:
    return row.left_on is None or row.left_on > day


def _fte(rows: Sequence[PostHeld], off: Off) -> float:
    if_blank = 1.0 if Rule.BLANK_FTE_IS_LEFT_OUT in off else 0.0
    return round(sum(if_blank if row.fte is None else row.fte for row in rows), 6)
