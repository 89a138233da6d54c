"""The true figures on assessments, from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from perfpipe_sample.bank_holidays import BANK_HOLIDAYS, working_day_after
from perfpipe_sample.records import Assessment
from perfpipe_sample.truth.dates import CalendarMonth
from perfpipe_sample.truth.events import DeliveredExtracts, Question, shares
from perfpipe_sample.truth.figures import NONE_OFF, CountingRule, Off, TrueFigure

LIMIT = 45
NO_HOLIDAYS: frozenset[date] = frozenset()


def assessment_figures(
    known: DeliveredExtracts[Assessment], month: CalendarMonth, off: Off = NONE_OFF
) -> Iterator[TrueFigure]:
    """All figures of a month."""
    for question in _questions(off):
        yield from shares(known, question, month)


def _questions(off: Off) -> Iterator[Question[Assessment]]:
    due, possible = partial(_due_on, off=off), partial(_possible, off=off)
    seen = partial(_seen, off=off)

    def after_referral(row: Assessment) -> bool:
        return possible(row) and (
            row.referral_on is None or row.referral_on <= row.started_on or CountingRule.REFERRAL_NOT_AFTER_START in off
        )

    def in_time(row: Assessment) -> bool:
        return row.authorised_on is not None and row.authorised_on <= due(row)

    def fell_due(row: Assessment) -> bool:
        return after_referral(row) and (
            row.authorised_on is not None or CountingRule.OVERDUE_UNFINISHED_COUNT not in off
        )

    def from_start(row: Assessment) -> bool:
        return _authorised_on(row) <= working_day_after(row.started_on, LIMIT, _holidays(off))

    yield Question("assessments_within_45_days", lambda row: row.authorised_on, after_referral, in_time)
    yield Question("assessments_within_45_days_of_start", lambda row: row.authorised_on, possible, from_start)
    after_end = 0 if CountingRule.DONE_EARLY_COUNTS_WHEN_DUE in off else 3
    yield Question("assessments_due_in_time", due, fell_due, in_time, after_end)
    yield Question("children_seen_in_assessment", lambda row: row.authorised_on, possible, seen)
    yield Question(
        "assessments_no_further_action",
        lambda row: row.authorised_on,
        possible,
        lambda row: row.outcome == "no_further_action",
    )


def _due_on(row: Assessment, off: Off) -> date:
    clock = row.referral_on or row.started_on
    if CountingRule.CLOCK_STARTS_AT_REFERRAL in off:
        clock = row.started_on
    return working_day_after(clock, LIMIT, _holidays(off))


def _holidays(off: Off) -> frozenset[date]:
    return NO_HOLIDAYS if CountingRule.BANK_HOLIDAYS_ARE_NO_WORKING_DAYS in off else BANK_HOLIDAYS


def _possible(row: Assessment, off: Off) -> bool:
    """Not authorised before it started."""
    in_order = row.authorised_on is None or row.authorised_on >= row.started_on
    return in_order or CountingRule.AUTHORISED_NOT_BEFORE_START in off


def _seen(row: Assessment, off: Off) -> bool:
    return row.child_seen == "Y" or (row.child_seen is None and CountingRule.BLANK_SEEN_IS_NOT_SEEN in off)


def _authorised_on(row: Assessment) -> date:
    assert row.authorised_on is not None
    return row.authorised_on
