"""Case file audits, some moderated and some repeated, and when they were keyed."""

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
from perfpipe_sample.records import Audit

GRADES = ("inadequate", "requires_improvement", "good", "outstanding")


def simulate_audits(rng: random.Random, last_day: date) -> list[Audit]:
    """Every audit, the repeated ones beside those of the month."""
    serial = itertools.count(4001)
    again: list[tuple[date, Audit]] = []
    found: list[Audit] = []
    for month in month_range(p.AUDITS_START, Month.of(last_day)):
        due = [before for day, before in again if Month.of(day) == month]
        for number in range(rng.randint(*p.AUDITS_A_MONTH)):
            before = due[number] if number < len(due) else None
            audit = _audit(rng, month, f"AU{next(serial)}", before)
            found.append(audit)
            if audit.overall in GRADES[:2] and rng.random() < p.REAUDITED_SHARE:
                again.append((audit.audited_on + timedelta(days=rng.randint(90, 270)), audit))
    return [audit for audit in found if audit.audited_on <= last_day]


def _audit(rng: random.Random, month: Month, name: str, before: Audit | None) -> Audit:
    day = month.first_day + timedelta(days=rng.randrange(month.last_day.day))
    day = day if is_working_day(day) else working_day_after(day, 1)
    good = p.AUDITS_GOOD.get(month.financial_year_start.year, 0.6)
    weights = (0.2 * (1 - good), 0.8 * (1 - good), 0.92 * good, 0.08 * good)
    overall = rng.choices(range(4), weights)[0]
    if before is not None and before.overall:
        rank = GRADES.index(before.overall)
        overall = min(rank + 1, 3) if rng.random() < p.REAUDITS_IMPROVED else max(rank - (rng.random() < 0.2), 0)

    def theme(shift: float, done: float) -> str | None:
        if rng.random() > done:
            return None
        return GRADES[min(max(overall + rng.choices((-1, 0, 1), (1 + shift, 4, 1 - shift))[0], 0), 3)]

    audit = Audit(
        name,
        before.child_id if before else f"C{700000 + int(name[2:])}",
        day,
        GRADES[overall],
        theme(0.7, 0.97),
        theme(0.1, 0.95),
        theme(0.3, 0.9),
        theme(-0.2, 0.92),
        "NA" if rng.random() < 0.08 else "Y" if rng.random() < good + 0.15 else "N",
        audit_before=before.audit_id if before else None,
        grade_before=before.moderated_grade or before.overall if before else None,
    )
    if rng.random() >= p.MODERATED_SHARE:
        return replace(audit, moderated="N")
    other = rng.random() < p.MODERATED_OTHERWISE
    moderated = min(max(overall + (rng.choice((-1, -1, 1)) if other else 0), 0), 3)
    return replace(audit, moderated="Y", moderated_grade=GRADES[moderated])


def record_audits(rng: random.Random, audits: Sequence[Audit]) -> list[RecordHistory[Audit]]:
    """The histories of every audit: keyed some days after, moderated some weeks after."""
    return [_record(rng, audit) for audit in audits]


def _record(rng: random.Random, true: Audit) -> RecordHistory[Audit]:
    keyed = entered_at(rng, "audits", datetime.combine(true.audited_on, time(16, 0)), r.AUDIT_LAGS)
    row = replace(true, moderated="N", moderated_grade=None)
    if true.audit_before:
        unknown = rng.random() < r.AUDIT_BEFORE_UNKNOWN
        given = rng.random() < r.GRADE_BEFORE_GIVEN
        row = replace(
            row,
            audit_before=f"AU{rng.randint(100, 999)}" if unknown else row.audit_before,
            grade_before=row.grade_before if given else None,
        )
    changes: list[tuple[datetime, Changes]] = []
    if rng.random() < r.AUDIT_NOT_GRADED:
        row = replace(row, overall=None)
    if true.moderated == "Y":
        grade = {"moderated": "Y", "moderated_grade": true.moderated_grade}
        changes.append((keyed + timedelta(days=rng.randint(7, 45)), grade))
    return history(row, keyed, changes)
