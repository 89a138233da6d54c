"""Children who are assessed, and how that is keyed: late, corrected, incomplete, sometimes in error."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from perfpipe.dates.months import Month, month_range
from perfpipe_sample import parameters as p
from perfpipe_sample import recording_parameters as r
from perfpipe_sample.bank_holidays import is_working_day, working_day_after
from perfpipe_sample.knowledge import Changes, RecordHistory, entered_at, history
from perfpipe_sample.recording import NOTES
from perfpipe_sample.records import Assessment

ASSESSING_TEAMS = {"access": 70, "north": 10, "south": 8, "east": 8, "disability": 4}
WORKING_DAYS = 45


def simulate_assessments(rng: random.Random, last_day: date) -> list[Assessment]:
    """Every assessment as it truly went, brothers and sisters together."""
    serial = itertools.count(300001)
    found: list[Assessment] = []
    for month in month_range(p.ASSESSMENTS_START, Month.of(last_day)):
        wanted = len(found) + round(p.ASSESSMENTS_A_MONTH * p.MONTH_FACTORS.get(month.number, 1.0) + rng.gauss(0, 9))
        while len(found) < wanted:
            first = _assess(rng, month)
            children = rng.choices(list(p.SIBLING_GROUPS), list(p.SIBLING_GROUPS.values()))[0]
            found += [_of_child(rng, first, next(serial)) for _ in range(children)]
    return [row for row in found if row.started_on <= last_day]


def _assess(rng: random.Random, month: Month) -> Assessment:
    """The dates of one family's assessment."""
    referral = month.first_day + timedelta(days=rng.randrange(month.last_day.day))
    if rng.random() >= p.WEEKEND_REFERRALS and not is_working_day(referral):
        referral = working_day_after(referral, 1)
    started = working_day_after(referral, rng.choices(range(4), p.DAYS_TO_START)[0])
    late = p.ASSESSMENT_LATE.get(month.financial_year_start.year, p.ASSESSMENT_LATE_OTHERWISE)
    if rng.random() < p.ASSESSMENT_STUCK:
        days = rng.randint(130, 320)
    elif rng.random() < late:
        days = WORKING_DAYS + 1 + int(rng.expovariate(1 / 14))
    else:
        days = min(WORKING_DAYS, int(rng.triangular(3, 49, 40)))
    team = rng.choices(list(ASSESSING_TEAMS), list(ASSESSING_TEAMS.values()))[0]
    outcome = rng.choices(list(p.ASSESSMENT_OUTCOMES), list(p.ASSESSMENT_OUTCOMES.values()))[0]
    authorised = working_day_after(started, days)
    return Assessment("", "", None, referral, started, team, authorised, outcome=outcome)


def _of_child(rng: random.Random, family: Assessment, number: int) -> Assessment:
    """The family's assessment, of one child."""
    born = family.started_on - timedelta(days=rng.randrange(17 * 365))
    if rng.random() < p.UNBORN:
        born = family.started_on + timedelta(days=rng.randint(20, 180))
    assert family.authorised_on is not None
    seen = rng.random() < p.CHILD_SEEN
    seen_on = family.started_on + (family.authorised_on - family.started_on) * min(rng.betavariate(1.2, 4), 1.0)
    return replace(
        family,
        assessment_id=f"AS{number}",
        child_id=f"C{number + 300000}",
        born_on=born,
        child_seen="Y" if seen else "N",
        seen_on=seen_on if seen else None,
    )


def record_assessments(rng: random.Random, assessments: Sequence[Assessment]) -> list[RecordHistory[Assessment]]:
    """The histories of every assessment: opened, the child seen, authorised."""
    return [_record(rng, row) for row in assessments]


def _record(rng: random.Random, true: Assessment) -> RecordHistory[Assessment]:
    assert true.authorised_on is not None
    opened = entered_at(rng, "assessments", _evening(true.started_on), r.ASSESSMENT_LAGS)
    row = replace(true, authorised_on=None, child_seen=None, seen_on=None, outcome=None)
    row = _with_faults(rng, row)
    changes: list[tuple[datetime, Changes]] = []
    seen_known = rng.random() >= r.SEEN_BLANK
    if true.seen_on and seen_known:
        changes.append(
            (
                entered_at(rng, "assessments", _evening(true.seen_on), r.ASSESSMENT_LAGS),
                {"seen_on": true.seen_on},
            )
        )
    end: dict[str, object] = {
        "authorised_on": true.authorised_on,
        "child_seen": true.child_seen if seen_known else None,
        "outcome": None if rng.random() < r.ASSESSMENT_OUTCOME_BLANK else true.outcome,
    }
    if rng.random() < r.AUTHORISED_BEFORE_START:
        end["authorised_on"] = true.started_on - timedelta(days=rng.randint(1, 9))
    authorised = max(opened, entered_at(rng, "assessments", _evening(true.authorised_on), r.AUTHORISATION_LAGS))
    changes.append((authorised, end))
    if rng.random() < r.CORRECTED:
        later = authorised + timedelta(days=rng.randint(10, 60))
        changes.append((later, {"outcome": true.outcome, "child_seen": true.child_seen}))
    if rng.random() < r.DELETED:
        changes.append((authorised + timedelta(days=rng.randint(61, 90)), None))
    return history(row, opened, changes)


def _with_faults(rng: random.Random, row: Assessment) -> Assessment:
    """The row as opened: the referral may be missing or wrong, the row there twice."""
    chance = rng.random()
    if chance < r.REFERRAL_BLANK:
        row = replace(row, referral_on=None)
    elif chance < r.REFERRAL_BLANK + r.REFERRAL_AFTER_START:
        row = replace(row, referral_on=row.started_on + timedelta(days=rng.randint(1, 5)))
    notes = rng.choice(NOTES) if rng.random() < 0.1 else None
    return replace(row, notes=notes, copies=2 if rng.random() < r.ENTERED_TWICE else 1)


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(17, 0))
