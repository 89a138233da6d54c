"""Numbers that teams type into one shared sheet: counted by hand, some late, some put right later."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

from perfpipe.dates.months import Month, month_range
from perfpipe_sample import parameters as p
from perfpipe_sample import recording_parameters as r
from perfpipe_sample.knowledge import RecordHistory, extraction_at, history, moment_between
from perfpipe_sample.records import TypedNumber

QUARTERLY = ("private_fostering_visits", "allegations_concluded")
LOGS = {
    "contacts_decided_1_day": ("Contact log", "Front door team"),
    "reviews_on_time": ("Reviewing officers' log", "Reviewing service"),
    "private_fostering_visits": ("Visit log", "Fostering team"),
    "allegations_concluded": ("Designated officer's log", "Designated officer"),
}


def simulate_typed_numbers(rng: random.Random, last_month: Month) -> list[TypedNumber]:
    """The numbers of every month and, of two measures, of every quarter, as they truly are."""
    found = []
    for month in month_range(p.TYPED_START, last_month):
        share = p.TYPED_SHARES[month.financial_year_start.year]
        for group, contacts in p.CONTACTS_A_MONTH.items():
            found.append(_number(rng, "contacts_decided_1_day", month, rng.randint(*contacts), share.contacts, group))
        found.append(_number(rng, "reviews_on_time", month, rng.randint(*p.REVIEWS_A_MONTH), share.reviews))
        if month.number % 3 == 0:
            visits, allegations = rng.randint(*p.FOSTERING_A_QUARTER), rng.randint(*p.ALLEGATIONS_A_QUARTER)
            found.append(_number(rng, "private_fostering_visits", month, visits, share.visits))
            found.append(_number(rng, "allegations_concluded", month, allegations, share.allegations))
    return found


def _number(
    rng: random.Random, measure_id: str, month: Month, of: int, share: float, group: str | None = None
) -> TypedNumber:
    done = sum(rng.random() < share for _ in range(of))
    source, entered_by = LOGS[measure_id]
    return TypedNumber(measure_id, month.last_day, group, done, of, source, entered_by)


def record_typed_numbers(rng: random.Random, numbers: list[TypedNumber]) -> list[RecordHistory[TypedNumber]]:
    """The histories of all numbers: typed before the sheet of their month or some months late, a few wrong at first."""
    typed_at: dict[tuple[str, date], datetime] = {}  # a team types all its groups together
    for number in numbers:
        key = (number.measure_id, number.month_end)
        typed_at[key] = typed_at.get(key) or _typed_at(rng, number)
    return [_record(rng, number, typed_at[number.measure_id, number.month_end]) for number in numbers]


def _typed_at(rng: random.Random, number: TypedNumber) -> datetime:
    """In the last days before the sheet of the month is sent, or of a later one; for a quarter nobody is late."""
    month = Month.of(number.month_end)
    lags = (1,) if number.measure_id in QUARTERLY else r.TYPED_LAGS
    late = rng.choices(range(len(lags)), lags)[0]
    before = extraction_at("manual_measures", month + late) - timedelta(days=3)
    return moment_between(rng, before, extraction_at("manual_measures", month + late))


def _record(rng: random.Random, true: TypedNumber, typed_at: datetime) -> RecordHistory[TypedNumber]:
    if rng.random() >= r.TYPED_WRONG or not true.denominator:
        return history(true, typed_at)
    first = max(true.numerator - rng.randint(1, 3), 0)  # forgotten, and counted when somebody looks again
    again = typed_at + timedelta(days=rng.randint(20, 80))
    changes: list[tuple[datetime, dict[str, int]]] = [(again, {"numerator": true.numerator})]
    return history(replace(true, numerator=first), typed_at, changes)
