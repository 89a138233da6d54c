"""All true figures of a month on children looked after, from the extracts that speak for the months they look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from perfpipe_sample.knowledge import Extract
from perfpipe_sample.records import CareEpisode
from perfpipe_sample.simulated_authority import SimulatedAuthority
from perfpipe_sample.truth.dates import CalendarMonth, before, last_day, month_of, months_ending
from perfpipe_sample.truth.figures import NONE_OFF, CountingRule, Off, TrueFigure
from perfpipe_sample.truth.placements import placement_figures
from perfpipe_sample.truth.stability import CARE_BACK, YEAR_BACK, flow_figures, stability_figures
from perfpipe_sample.truth.stock import stock_figures

Speaks = Callable[[CalendarMonth], Extract | None]


def care_figures(
    authority: SimulatedAuthority, speaks: Speaks, month: CalendarMonth, off: Off = NONE_OFF
) -> Iterator[TrueFigure]:
    """Everything; what lacks an extract is not available. `speaks`: the extract that speaks for a month.

    What a temporary placement interrupts is a matter of the child's life, whatever span an extract has: so episodes
    that had ended before it are looked at, too.
    """

    def lives_known(extract: Extract | None) -> list[CareEpisode] | None:
        if extract is None:
            return None
        if ("lives", extract) not in authority.worked_out:
            authority.worked_out["lives", extract] = authority.care_known(extract)
        known: list[CareEpisode] = authority.worked_out["lives", extract]
        return known

    own, earlier = lives_known(speaks(month)), lives_known(speaks(before(month)))
    yield from _available(placement_figures(own or (), month, off), own is not None)
    for months in (YEAR_BACK, CARE_BACK):
        rows = _look_back_rows(authority, speaks, month, months, off)
        yield from _available(stability_figures(rows or (), month, months, off), rows is not None)
    spoken = {each: lives_known(speaks(each)) for each in months_ending(month, 12)}
    yield from flow_figures(spoken, month, off)
    complete = own is not None and earlier is not None
    yield from _available(stock_figures(own or (), earlier or (), month, off), complete)


def _available(figures: Iterator[TrueFigure], yes: bool) -> Iterator[TrueFigure]:
    for figure in figures:
        yield figure if yes else figure.without_data()


def _look_back_rows(
    authority: SimulatedAuthority, speaks: Speaks, month: CalendarMonth, months: int, off: Off
) -> Sequence[CareEpisode] | None:
    """Episodes that ended, each from the extract that speaks for its last month; open ones from the month's own.

    The same episode from two extracts, by child and start: the one made later is right. None if an extract is missing.
    """
    own, end = speaks(month), last_day(month)
    ended_in: dict[Extract, set[CalendarMonth]] = {}
    for earlier in months_ending(month, months):
        extract = speaks(earlier)
        if extract is None or own is None:
            return None
        ended_in.setdefault(extract, set()).add(earlier)
    if CountingRule.ENDED_BEFORE_IS_LOOKED_UP in off and own is not None:
        return authority.care_in(own)
    rows: dict[tuple[str, date], CareEpisode] = {}
    for extract in sorted(ended_in, key=lambda extract: extract.extracted_at):
        for row in authority.care_in(extract):
            ended = row.ceased_on is not None and month_of(row.ceased_on) in ended_in[extract]
            still_open = extract == own and (row.ceased_on is None or row.ceased_on > end)
            if ended or (still_open and row.started_on <= end):
                rows[row.child_id, row.started_on] = row
    return list(rows.values())
