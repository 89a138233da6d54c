"""Households who register to adopt, go through two stages, wait and are matched, or withdraw on the way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from perfpipe.dates.months import Month
from perfpipe_sample import parameters as p
from perfpipe_sample import recording_parameters as r
from perfpipe_sample.busy_months import spread
from perfpipe_sample.knowledge import Changes, RecordHistory, entered_at, history
from perfpipe_sample.records import Household

REASONS = ("Change of circumstances", "Not suitable at this time", "Chose another agency")
STEPS = ("stage_1_ended_on", "stage_2_started_on", "approved_on", "matched_on", "withdrawn_on")


def simulate_adopters(rng: random.Random, last_day: date) -> list[Household]:
    """Every household's way, from registration to match or withdrawal."""
    years = range(p.ADOPTERS_START.year, Month.of(last_day).year + 1)
    days = [day for year in years for day in spread(rng, p.REGISTRATIONS_A_YEAR, year)]
    begun = [day for day in sorted(days) if p.ADOPTERS_START.first_day <= day <= last_day]
    return [_live_through(rng, f"H{1001 + number}", day) for number, day in enumerate(begun)]


def _live_through(rng: random.Random, name: str, registered: date) -> Household:
    fast = rng.random() < p.FAST_TRACK
    row = Household(name, registered, "Y" if fast else "N")
    day = registered
    if not fast:
        day += _days(rng, p.STAGE_1_DAYS, 14)
        if rng.random() < p.WITHDRAW["stage_1"]:
            return _withdraw(rng, row, registered, day)
        row = replace(row, stage_1_ended_on=day)
        day += timedelta(
            days=rng.randint(0, 10) if rng.random() < p.NO_BREAK else rng.randint(15, p.LONGEST_BREAK_DAYS)
        )
    row = replace(row, stage_2_started_on=day)
    approved = day + _days(rng, p.STAGE_2_DAYS, 60)
    if rng.random() < p.WITHDRAW["stage_2"]:
        return _withdraw(rng, row, day, approved)
    matched = approved + _days(rng, p.WAITING_DAYS, -10)
    row = replace(row, approved_on=approved)
    if rng.random() < p.WITHDRAW["waiting"]:
        return _withdraw(rng, row, approved, matched + timedelta(days=120))
    return replace(row, matched_on=matched)


def _days(rng: random.Random, of: tuple[int, int], least: int) -> timedelta:
    """How long something takes: around the mean, some much longer."""
    mean, width = of
    late = rng.expovariate(1 / width) * 2 if rng.random() < 0.3 else 0
    return timedelta(days=max(least, round(rng.gauss(mean - 0.4 * width, width) + late)))


def _withdraw(rng: random.Random, row: Household, first: date, last: date) -> Household:
    days = max((last - first).days, 1)
    return replace(
        row, withdrawn_on=first + timedelta(days=rng.randint(1, days + 40)), withdrawal_reason=rng.choice(REASONS)
    )


def record_adopters(rng: random.Random, households: Sequence[Household]) -> list[RecordHistory[Household]]:
    """The histories of every household: each step keyed by itself."""
    return [_record(rng, household) for household in households]


def _record(rng: random.Random, true: Household) -> RecordHistory[Household]:
    opened = entered_at(rng, "adopters", _noon(true.registered_on), r.ADOPTER_LAGS)
    row = Household(true.household_id, true.registered_on, true.fast_track)
    wrong = rng.choice(("stage_1_ended_on", "approved_on")) if rng.random() < r.ADOPTER_DATE_WRONG else None
    changes: list[tuple[datetime, Changes]] = []
    for step in STEPS:
        day: date | None = getattr(true, step)
        blank = step == "stage_1_ended_on" and rng.random() < r.STAGE_1_END_BLANK
        if day is None or blank:
            continue
        keyed = entered_at(rng, "adopters", _noon(day), r.ADOPTER_LAGS)
        if step == wrong:
            after = true.registered_on if step == "stage_1_ended_on" else true.stage_2_started_on
            day = (after or day) - timedelta(days=rng.randint(1, 6))
        change: dict[str, object] = {step: day}
        if step == "withdrawn_on":
            change["withdrawal_reason"] = true.withdrawal_reason
        changes.append((keyed, change))
    return history(row, opened, changes)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12, 0))
