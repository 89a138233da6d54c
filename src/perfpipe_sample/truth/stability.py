"""The true figures on moves: three or more placements, long-term stability, new and unplanned, from what was recorded.

Plain loops over each child's episodes, one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from perfpipe_sample.records import CareEpisode
from perfpipe_sample.truth.dates import (
    CalendarMonth,
    before,
    first_day,
    last_day,
    month_of,
    months_on,
    periods_ending,
)
from perfpipe_sample.truth.figures import NONE_OFF, CountingRule, Off, Split, TrueFigure, Writer
from perfpipe_sample.truth.placements import GROUPS, SHORT_BREAKS, by_child, group_of, is_open, lasting, looked_after

YEAR_BACK, CARE_BACK = 12, 30  # months
UNPLANNED = ("ALLEG", "STAND", "APPRR", "CREQB", "CREQO", "CHILD", "LAREQ")
Extracts = Mapping[CalendarMonth, Sequence[CareEpisode] | None]


@dataclass
class Placement:
    """A time with one carer."""

    episodes: list[CareEpisode]

    @property
    def start(self) -> date:
        """The first day."""
        return self.episodes[0].started_on

    @property
    def end(self) -> date:
        """The day it ended; far away while it lasts."""
        return max(row.ceased_on or date.max for row in self.episodes)


@dataclass(frozen=True)
class Event:
    """Something that happened to a child in a placement group."""

    on: date
    group: str


BY_GROUP = Split("placement_group", GROUPS, lambda event: event.group)  # type: ignore[attr-defined]


def placements_of(episodes: Sequence[CareEpisode], off: Off) -> list[Placement]:
    """One child's placements in order: episodes with one carer, temporary placements left out."""
    found: list[Placement] = []
    until: date | None = None  # the end of the temporary placement just before
    for row in episodes:
        if row.legal_status in SHORT_BREAKS:
            continue
        if row.place.startswith("T") and CountingRule.TEMPORARY_IS_NO_MOVE not in off:
            until = row.ceased_on
            continue
        last = found[-1].episodes[-1] if found else None
        reasons = ("S", "P", "B", "T", "U") if CountingRule.SAME_CARER_IS_NO_MOVE in off else ("S", "P", "B")
        returns = until == row.started_on and row.new_episode_reason != "S" and _same_home(last, row)
        if last is None or (row.new_episode_reason in reasons and not returns):
            found.append(Placement([row]))
        else:
            found[-1].episodes.append(row)
        until = None
    return found


def _same_home(one: CareEpisode | None, other: CareEpisode) -> bool:
    return one is not None and (one.place, one.postcode) == (other.place, other.postcode)


def stability_figures(
    rows: Sequence[CareEpisode], month: CalendarMonth, months: int, off: Off = NONE_OFF
) -> Iterator[TrueFigure]:
    """Three or more placements from a look-back of 12 months, long-term stability from one of 30."""
    children = {child.child_id for child in looked_after(rows, last_day(month), off)}
    cohort = [episodes for child_id, episodes in by_child(rows).items() if child_id in children]
    if months == YEAR_BACK:
        writer = Writer("three_or_more_placements", month, "rolling_12")
        yield from writer.share(cohort, lambda episodes: _many(placements_of(episodes, off), month))
    else:
        writer = Writer("long_term_stability", month, "rolling_12")
        long = [episodes for episodes in cohort if _long_in_care(episodes, month)]
        yield from writer.share(long, lambda episodes: _settled(episodes, month, off))


def _many(placements: Sequence[Placement], month: CalendarMonth) -> bool:
    first = first_day(before(month, 11))
    return sum(one.end > first and one.end > one.start for one in placements) >= 3


def _long_in_care(episodes: Sequence[CareEpisode], month: CalendarMonth) -> bool:
    since, until = date.max, date.min
    for row in episodes:
        since = since if row.started_on <= until else row.started_on
        until = max(until, row.ceased_on or date.max)
    young = months_on(episodes[-1].born_on, 16 * 12) > last_day(month)
    return young and months_on(since, CARE_BACK) <= last_day(month)


def _settled(episodes: Sequence[CareEpisode], month: CalendarMonth, off: Off) -> bool:
    now = [row for row in episodes if is_open(row, last_day(month), off)][-1]
    usual = lasting(now, episodes, off)
    placements = placements_of(episodes, off)
    at = next((number for number, one in enumerate(placements) if usual in one.episodes), None)
    if at is None:
        return False
    since = placements[at].start
    adopted = placements[at].episodes[0].place.startswith("A") and CountingRule.ADOPTION_JOINS_THE_ONE_BEFORE not in off
    if adopted and at and placements[at - 1].end >= since:
        since = placements[at - 1].start
    return months_on(since, 24) <= last_day(month)


def flow_figures(extracts: Extracts, month: CalendarMonth, off: Off = NONE_OFF) -> Iterator[TrueFigure]:
    """New placements, unplanned endings and changes without a reason, each month from its own extract.

    `extracts`: the rows of the extract that speaks for each month; None where there is none.
    """
    for name, find in (("unplanned_endings", _unplanned), ("new_placements", _new)):
        events = _by_month(extracts, find, off)
        for period, months in periods_ending(month):
            splits = (BY_GROUP,) if period in ("month", "rolling_12") else ()
            yield from _count(Writer(name, month, period, splits), events, months)
    yield from _count(
        Writer("change_reason_not_known", month, "month"), _by_month(extracts, _unexplained, off), [month]
    )


Find = Callable[[Sequence[CareEpisode], Off], Iterator[Event]]


def _by_month(extracts: Extracts, find: Find, off: Off) -> dict[CalendarMonth, list[Event] | None]:
    """What is found in each month by its own extract; None where there is none."""
    in_extract: dict[int, list[Event]] = {}
    for rows in extracts.values():
        if rows is not None and id(rows) not in in_extract:
            counted = [row for row in rows if row.legal_status not in SHORT_BREAKS]
            in_extract[id(rows)] = [event for episodes in by_child(counted).values() for event in find(episodes, off)]
    return {
        month: None if rows is None else [event for event in in_extract[id(rows)] if month_of(event.on) == month]
        for month, rows in extracts.items()
    }


def _count(
    writer: Writer, events: Mapping[CalendarMonth, list[Event] | None], months: Sequence[CalendarMonth]
) -> Iterator[TrueFigure]:
    for figure in writer.count([event for month in months for event in events[month] or ()]):
        yield figure if all(events[month] is not None for month in months) else figure.without_data()


def _unplanned(episodes: Sequence[CareEpisode], off: Off) -> Iterator[Event]:
    reasons = (*UNPLANNED, "CLOSE") if CountingRule.CLOSURE_IS_PLANNED in off else UNPLANNED
    for row in episodes:
        if row.ceased_on and row.change_reason in reasons:
            yield Event(row.ceased_on, group_of(lasting(row, episodes, off)))


def _new(episodes: Sequence[CareEpisode], off: Off) -> Iterator[Event]:
    for one in placements_of(episodes, off):
        first = one.episodes[0]
        if first.ceased_on is None or first.ceased_on > first.started_on:
            yield Event(first.started_on, group_of(first))


def _unexplained(episodes: Sequence[CareEpisode], off: Off) -> Iterator[Event]:
    for row, following in pairwise(episodes):
        moves = following.new_episode_reason in ("P", "B", "T", "U")
        usual = not row.place.startswith("T") and not following.place.startswith("T")
        if row.ceased_on and row.cease_reason == "X1" and moves and usual and row.change_reason is None:
            yield Event(row.ceased_on, group_of(row))
