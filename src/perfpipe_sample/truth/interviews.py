"""The true figures on missing episodes and return home interviews, from what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from perfpipe_sample.records import MissingEpisode
from perfpipe_sample.truth.dates import (
    CalendarMonth,
    before,
    first_day,
    following,
    last_day,
    month_of,
    months_ending,
    periods_ending,
    written,
)
from perfpipe_sample.truth.figures import (
    NONE_OFF,
    WHOLE,
    CountingRule,
    Off,
    TrueFigure,
)
from perfpipe_sample.truth.interview_cases import GROUPS, NOTHING_TO_INTERVIEW, Case
from perfpipe_sample.truth.interview_steps import RETURNED, STARTED, CountingStep, ours_and_missing
from perfpipe_sample.truth.interview_tallies import REASONS, Counted, Group, figure_of, tallies_of, together
from perfpipe_sample.truth.lost_returns import Lost, left_again, lost_to, too_many


@dataclass(frozen=True)
class ReportedEpisodes:
    """The rows of the extract that speaks for some months, made at `as_at` (local time)."""

    rows: Sequence[MissingEpisode]
    as_at: datetime
    worked_out: dict[object, Any] = field(default_factory=dict)  # most events stay the same from report to report


Reports = Callable[[CalendarMonth], ReportedEpisodes | None]
Moment = Callable[[Case], datetime | None]


ALL_GROUPS: list[Group] = [WHOLE, *((name, group) for name in GROUPS for group in GROUPS[name].values())]


def interview_figures(reports: Reports, month: CalendarMonth, off: Off = NONE_OFF) -> Iterator[TrueFigure]:
    """All of a month's figures, each event from the extract that speaks for its own month."""
    months = months_ending(month, 12)
    known = {each: report for each in months if (report := reports(each))}
    for moment, steps in ((_started, STARTED), (_ended, RETURNED)):
        for step in steps:
            counted = {each: _counted(step, known[each], each, off, moment) for each in known}
            for period, covered in periods_ending(month):
                if step.periods and period not in step.periods:
                    continue
                there = [each for each in covered if each in known]
                lost = [_lost(step, known[each], each, off) for each in there]
                for figure in _of_step(step, month, period, [counted[each] for each in there], lost):
                    yield figure if len(there) == len(covered) else figure.without_data()
    yield from _often(month, {each: _cases(known[each], each, off, _started) for each in known})
    yield from _open_and_bridge(month, known.get(month), known.get(before(month)), off)


def _started(case: Case) -> datetime | None:
    return case.row.missing_from


def _ended(case: Case) -> datetime | None:
    return case.returned


def _cases(report: ReportedEpisodes, month: CalendarMonth, off: Off, moment: Moment) -> list[Case]:
    """The month's events; an episode that was entered twice counts once."""
    key = (moment, off)
    if key not in report.worked_out:
        twice = CountingRule.SAME_EPISODE_COUNTS_ONCE in off
        by_month: dict[CalendarMonth, list[Case]] = {}
        for case in _all(report, off):
            at = moment(case)
            if at is not None:
                by_month.setdefault(month_of(at), []).extend([case] * (case.row.copies if twice else 1))
        report.worked_out[key] = by_month
    cases: list[Case] = report.worked_out[key].get(month, [])
    return cases


def _counted(step: CountingStep, report: ReportedEpisodes, month: CalendarMonth, off: Off, moment: Moment) -> Counted:
    key = (step.measure_id, month, off)
    if key not in report.worked_out:
        report.worked_out[key] = tallies_of(step, _cases(report, month, off, moment))
    counted: Counted = report.worked_out[key]
    return counted


def _lost(step: CountingStep, report: ReportedEpisodes, month: CalendarMonth, off: Off) -> Lost:
    """What a measure of returns lost in a month, by group."""
    if step.spoilt is None:
        return {}
    key = ("lost", step.measure_id, month, off)
    if key not in report.worked_out:
        cases, again = _all(report, off), ("left again", off)
        if again not in report.worked_out:
            report.worked_out[again] = left_again(cases)
        told = _cases(report, month, off, _ended)
        report.worked_out[key] = lost_to(step, told, cases, report.worked_out[again], month)
    lost: Lost = report.worked_out[key]
    return lost


def _of_step(
    step: CountingStep, month: CalendarMonth, period: str, counted: Sequence[Counted], lost: Sequence[Lost] = ()
) -> Iterator[TrueFigure]:
    groups = ALL_GROUPS if period not in ("quarter", "year_to_date") else [WHOLE]
    if step.measure_id == "hosted_missing_episodes":
        groups = [WHOLE]
    elif step.by_reason and len(groups) > 1:
        groups = [*groups, *((REASONS, reason) for reason in NOTHING_TO_INTERVIEW)]
    for group in groups:
        tally = together([tallies[group] for tallies in counted if group in tallies])
        figure = figure_of(step, month, period, group, tally)
        number = len({episode for each in lost for episode in each.get(group, ())})
        yield figure.without_data() if too_many(step, number, tally.of if step.of else tally.hits) else figure


def _often(month: CalendarMonth, started: dict[CalendarMonth, list[Case]]) -> Iterator[TrueFigure]:
    """Children with three or more episodes in the 90 days to the month's end."""
    since = last_day(month) - timedelta(days=89)
    months = months_ending(month, 4)
    cases = [case for each in months for case in started.get(each, ()) if ours_and_missing(case)]
    cases = [case for case in cases if case.row.missing_from.date() >= since]
    times: dict[str, int] = {}
    for case in cases:
        times[case.row.child_id] = times.get(case.row.child_id, 0) + 1
    step = CountingStep("missing_often", lambda case: times[case.row.child_id] >= 3, children=True)
    for figure in _of_step(step, month, "last_90_days", [tallies_of(step, cases)]):
        yield figure if all(each in started for each in months) else figure.without_data()


def _open_and_bridge(
    month: CalendarMonth, now: ReportedEpisodes | None, earlier: ReportedEpisodes | None, off: Off
) -> Iterator[TrueFigure]:
    """Those missing at the month's end, and how they came to be from those at the end of the month before."""
    start, end = (datetime.combine(first_day(each), time()) for each in (month, following(month)))
    ours = [case for case in _all(now, off) if ours_and_missing(case)]
    then = [case for case in _all(earlier, off) if ours_and_missing(case)]
    opening = [case for case in then if case.open_after(start)]
    opening_now = [case for case in ours if case.open_after(start)]
    still = [case for case in ours if case.open_after(end)]
    arrived = [case for case in ours if start <= case.row.missing_from < end and not _ended_before(case, start)]
    ended = [case for case in (*opening_now, *arrived) if not case.open_after(end)]
    for group in ALL_GROUPS:
        number = [sum(group in case.groups for case in part) for part in (opening, arrived, ended, opening_now, still)]
        figure = TrueFigure("missing_at_month_end", written(month), "month_end", *group, number[4], None)
        yield figure if now else figure.without_data()
        for measure_id, value in (
            ("bridge_missing_before", number[0]),
            ("bridge_started", number[1]),
            ("bridge_returned", number[2]),
            ("bridge_late_and_corrected", number[3] - number[0]),
            ("bridge_still_missing", number[4]),
        ):
            figure = TrueFigure(measure_id, written(month), "month", *group, value, None)
            yield figure if now and earlier else figure.without_data()


def _all(report: ReportedEpisodes | None, off: Off) -> list[Case]:
    if report is None:
        return []
    if off not in report.worked_out:
        report.worked_out[off] = [Case(row, report.as_at, off) for row in report.rows]
    cases: list[Case] = report.worked_out[off]
    return cases


def _ended_before(case: Case, start: datetime) -> bool:
    """Whether the return is recorded in an earlier month than the start."""
    ended = case.row.returned_at or case.row.found_at
    return ended is not None and ended < start
