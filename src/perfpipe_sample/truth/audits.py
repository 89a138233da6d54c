"""The true figures on audits, from what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from perfpipe_sample.knowledge import Extract
from perfpipe_sample.records import Audit
from perfpipe_sample.truth.dates import CalendarMonth
from perfpipe_sample.truth.events import DeliveredExtracts, Question, shares
from perfpipe_sample.truth.figures import NONE_OFF, CountingRule, Off, TrueFigure

GOOD = ("good", "outstanding")
FROM_BEST = ("outstanding", "good", "requires_improvement", "inadequate")


def audit_figures(known: DeliveredExtracts[Audit], month: CalendarMonth, off: Off = NONE_OFF) -> Iterator[TrueFigure]:
    """All figures of a month. Re-audits are given the grade before from the audits of their extract."""
    graded_before = replace(known, rows_of=lambda extract: _with_grade_before(known, extract, off))

    def share(measure_id: str, asked: Callable[[Audit], bool], hit: Callable[[Audit], bool]) -> Iterator[TrueFigure]:
        return shares(graded_before, Question(measure_id, lambda row: row.audited_on, asked, hit), month)

    def graded(row: Audit) -> bool:
        return _final(row, off) is not None

    yield from share("audits_good", graded, lambda row: _final(row, off) in GOOD)
    yield from share("audits_moderated", lambda row: True, lambda row: row.moderated == "Y")
    yield from share(
        "reaudits_improved", lambda row: graded(row) and row.grade_before is not None, lambda row: _better(row, off)
    )
    answered = ("Y", "N", "NA") if CountingRule.NOT_APPLICABLE_IS_NO_ANSWER in off else ("Y", "N")
    stated: Question[Audit] = Question(
        "plans_with_risk_statement",
        lambda row: row.audited_on,
        lambda row: row.risk_statement in answered,
        lambda row: row.risk_statement == "Y",
    )
    yield from shares(graded_before, stated, month)
    yield from share("risk_work_good", lambda row: row.risk is not None, lambda row: row.risk in GOOD)
    yield from share("chronologies_good", lambda row: row.chronology is not None, lambda row: row.chronology in GOOD)
    yield from share("assessments_good", lambda row: row.assessment is not None, lambda row: row.assessment in GOOD)
    yield from share("plans_good", lambda row: row.plan is not None, lambda row: row.plan in GOOD)


def _with_grade_before(known: DeliveredExtracts[Audit], extract: Extract, off: Off) -> list[Audit]:
    """The rows of an extract; `grade_before` is that of the audit it names, else what the source says."""
    rows = known.rows_of(extract)
    grades = {row.audit_id: _final(row, off) for row in rows}
    told = CountingRule.PREVIOUS_GRADE_STANDS_IN not in off
    found = []
    for row in rows:
        before = grades.get(row.audit_before or "") or (row.grade_before if told else None)
        found.append(row if before == row.grade_before else replace(row, grade_before=before))
    return found


def _final(row: Audit, off: Off) -> str | None:
    moderated = None if CountingRule.MODERATED_GRADE_COUNTS in off else row.moderated_grade
    return moderated or row.overall


def _better(row: Audit, off: Off) -> bool:
    final = _final(row, off)
    assert final is not None
    assert row.grade_before is not None
    return FROM_BEST.index(final) < FROM_BEST.index(row.grade_before)
