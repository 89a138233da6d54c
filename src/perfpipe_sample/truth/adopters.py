"""The true figures on prospective adopters, from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from perfpipe_sample.records import Household
from perfpipe_sample.truth.dates import CalendarMonth, last_day, months_on
from perfpipe_sample.truth.events import DeliveredExtracts, Question, shares
from perfpipe_sample.truth.figures import NONE_OFF, CountingRule, Off, Split, TrueFigure, Writer

STAGES = ("stage_1", "between", "stage_2", "approved_waiting", "not_known")


def adopter_figures(
    known: DeliveredExtracts[Household], month: CalendarMonth, off: Off = NONE_OFF
) -> Iterator[TrueFigure]:
    """All figures of a month."""
    extract = known.speaks_for(month)
    rows = known.rows_of(extract) if extract else ()
    for figure in _snapshot(rows, month, off):
        yield figure if extract else figure.without_data()
    for question in _questions(off):
        yield from shares(known, question, month)


def _snapshot(rows: Sequence[Household], month: CalendarMonth, off: Off) -> Iterator[TrueFigure]:
    day = last_day(month)
    there = [
        row
        for row in rows
        if row.registered_on <= day and _possible(row) and not (_by(row.matched_on, day) or _by(row.withdrawn_on, day))
    ]
    split = Split("adopter_stage", STAGES, lambda row: _stage(row, day, off))  # type: ignore[arg-type]
    yield from Writer("adopters_in_process", month, "month_end", (split,)).count(there)
    waiting = [row for row in there if _stage(row, day, off) == "approved_waiting"]
    yield from Writer("adopters_approved_waiting", month, "month_end").count(waiting)


def _stage(row: Household, day: date, off: Off) -> str:
    if _by(row.approved_on, day):
        return "approved_waiting"
    if _by(_stage_2_from(row, off), day):
        return "stage_2"
    return "between" if _by(_stage_1_done(row, off), day) else "stage_1"


def _by(happened: date | None, day: date) -> bool:
    return happened is not None and happened <= day


def _questions(off: Off) -> Iterator[Question[Household]]:
    yield _stage_1(off)
    yield _stage_2(off)
    yield Question("adopters_approved_within_6_months", lambda row: row.approved_on, _possible, _approved_soon)
    yield Question(
        "adopters_waited_3_months",
        lambda row: row.matched_on,
        lambda row: _possible(row) and row.approved_on is not None,
        _waited,
    )


def _stage_1(off: Off) -> Question[Household]:
    def due(row: Household) -> date | None:
        return None if _fast(row, off) else months_on(row.registered_on, 2)

    def asked(row: Household) -> bool:
        early = row.stage_1_ended_on is not None and row.stage_1_ended_on < row.registered_on
        return _possible(row) and not early and not _left_first(row, _stage_1_done(row, off), due(row), off)

    def in_time(row: Household) -> bool:
        return _in_time(_stage_1_done(row, off), due(row))

    return Question("adopters_stage_1_in_time", due, asked, in_time, 2)


def _stage_2(off: Off) -> Question[Household]:
    def due(row: Household) -> date | None:
        start = _stage_2_from(row, off)
        return months_on(start, 4) if start else None

    def asked(row: Household) -> bool:
        return _possible(row) and not _early_approval(row, off) and not _left_first(row, row.approved_on, due(row), off)

    def in_time(row: Household) -> bool:
        return _in_time(row.approved_on, due(row))

    return Question("adopters_stage_2_in_time", due, asked, in_time, 4)


def _approved_soon(row: Household) -> bool:
    return _in_time(row.approved_on, months_on(row.registered_on, 6))


def _waited(row: Household) -> bool:
    assert row.approved_on is not None
    assert row.matched_on is not None
    return row.matched_on >= months_on(row.approved_on, 3)


def _fast(row: Household, off: Off) -> bool:
    return row.fast_track == "Y" and CountingRule.FAST_TRACK_HAS_NO_STAGE_1 not in off


def _stage_1_done(row: Household, off: Off) -> date | None:
    if _fast(row, off):
        return None
    stands_in = None if CountingRule.STAGE_2_ENDS_STAGE_1 in off else row.stage_2_started_on
    return row.stage_1_ended_on or stands_in


def _stage_2_from(row: Household, off: Off) -> date | None:
    return row.stage_2_started_on or (row.registered_on if _fast(row, off) else None)


def _early_approval(row: Household, off: Off) -> bool:
    """Approved before stage 2 began, says the record: it says nothing about that stage."""
    if row.approved_on is None or row.stage_2_started_on is None or CountingRule.APPROVED_NOT_BEFORE_STAGE_2 in off:
        return False
    return row.approved_on < row.stage_2_started_on


def _left_first(row: Household, done: date | None, due: date | None, off: Off) -> bool:
    withdrew = row.withdrawn_on is not None and due is not None and row.withdrawn_on <= due
    return withdrew and done is None and CountingRule.WITHDRAWN_BY_THE_DUE_DAY_ARE_OUT not in off


def _in_time(done: date | None, due: date | None) -> bool:
    return done is not None and due is not None and done <= due


def _possible(row: Household) -> bool:
    steps = (row.approved_on, row.matched_on, row.withdrawn_on)
    return all(step is None or step >= row.registered_on for step in steps)
