"""Audit measures (definitions 6.2).

All count by the month in which the audit was done: nothing here has a due date.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.audits import AUDITS
from perfpipe.measures.counts import Mask, share
from perfpipe.measures.definition import Basis, Display, Measure, Period, Polarity

if TYPE_CHECKING:
    import pandas as pd

GOOD = ("good", "outstanding")
RANK = {"inadequate": 0, "requires_improvement": 1, "adequate": 1, "good": 2, "outstanding": 3}


def graded(column: str) -> Mask:
    """Audits with a grade in a column."""
    return lambda rows: rows[column].notna()


def good(column: str) -> Mask:
    """Audits graded good or outstanding in a column."""
    return lambda rows: rows[column].isin(GOOD)


def reaudited(rows: pd.DataFrame) -> pd.Series:
    """Audits of a case that was audited before, both graded."""
    return rows["grade_before"].notna() & rows["final_grade"].notna()


def improved(rows: pd.DataFrame) -> pd.Series:
    """Re-audits with a better grade than the audit before."""
    better: pd.Series = rows["final_grade"].map(RANK) > rows["grade_before"].map(RANK)
    return better


AUDITED = Basis(AUDITS, month_of="audited_on")
_of_audits = partial(
    Measure,
    basis=AUDITED,
    periods=(Period.ROLLING_12, Period.MONTH, Period.QUARTER, Period.YEAR_TO_DATE),
    shown=Display(Polarity.HIGHER_IS_BETTER),
    owner="Quality assurance manager",
    source="Local definition: the authority's own audit programme",
)

AUDITS_GOOD = _of_audits(
    id="audits_good",
    code="R1-02",
    title="Audits graded good or better",
    periods=(Period.MONTH, Period.QUARTER, Period.YEAR_TO_DATE, Period.ROLLING_12),
    counts=share(good("final_grade"), of=graded("final_grade")),
    left_out_by=("overall_grade_missing", "moderated_grade_unreadable"),
    why_it_matters="The quality of practice, as experienced colleagues see it in the file.",
    definition="Of audits done in the period with an overall grade, those graded good or outstanding; a moderated "
    "grade takes the place of the auditor's. Each audit counts, re-audits too: a case audited twice in the period "
    "counts twice. The sample is the audits done: see the number below the line.",
)
AUDITS_MODERATED = _of_audits(
    id="audits_moderated",
    code="R1-02m",
    title="Audits that were moderated",
    basis=AUDITED.needing("moderated"),
    counts=share(lambda rows: rows["moderated"] == "Y", of=graded("audit_id")),
    shown=Display(Polarity.NEITHER),
    left_out_by=("moderated_unreadable",),
    why_it_matters="How much of the grading a second auditor has looked at: what the grades are worth.",
    definition="Of audits done in the period, those moderated. A blank counts as not moderated.",
)
REAUDITS_IMPROVED = _of_audits(
    id="reaudits_improved",
    code="R1-03",
    title="Re-audits that show improvement",
    basis=AUDITED.needing("previous_audit_id"),
    counts=share(improved, of=reaudited),
    left_out_by=("overall_grade_missing", "earlier_grade_missing", "moderated_grade_unreadable"),
    why_it_matters="Whether what an audit finds is put right.",
    definition="Of re-audits done in the period, those graded better overall than the audit before; each re-audit "
    "counts. One that was outstanding and stays so has not improved. A re-audit without a known earlier grade is left "
    "out and reported as a fault.",
)
RISK_STATEMENTS = _of_audits(
    id="plans_with_risk_statement",
    code="R3-02",
    title="Audited plans with a clear risk statement",
    basis=AUDITED.needing("risk_statement"),
    counts=share(lambda rows: rows["risk_statement"] == "Y", of=lambda rows: rows["risk_statement"].isin(["Y", "N"])),
    left_out_by=(),
    why_it_matters="All partners should read the same risk in the same plan.",
    definition="Of audits done in the period in which the question was answered Y or N, those answered Y: the plan "
    "states the risk clearly, or scales it. Not applicable and blank are left out.",
)


def _of_theme(id_: str, code: str, column: str, title: str, why_it_matters: str) -> Measure:
    return _of_audits(
        id=id_,
        code=code,
        title=f"{title} graded good or better in audits",
        basis=AUDITED.needing(column),
        counts=share(good(column), of=graded(column)),
        left_out_by=(),
        why_it_matters=why_it_matters,
        definition=f"Of audits done in the period with a grade in {column}, those graded good or outstanding there. "
        "Audits without a grade of this theme are left out. Themes are not moderated.",
    )


RISK_GOOD = _of_theme(
    "risk_work_good", "R3-02g", "risk_grade", "Risk assessment", "Whether risk is seen, weighed and acted upon."
)
CHRONOLOGIES_GOOD = _of_theme(
    "chronologies_good",
    "R4-03",
    "chronology_grade",
    "Chronologies",
    "A good chronology shows what a single event hides.",
)
ASSESSMENTS_GOOD = _of_theme(
    "assessments_good",
    "R5-03",
    "assessment_grade",
    "Assessments",
    "A timely assessment that is not good helps no child.",
)
PLANS_GOOD = _of_theme(
    "plans_good", "R5-03p", "plan_grade", "Plans", "A plan says what is to change for the child, by whom and by when."
)

MEASURES = (
    AUDITS_GOOD,
    AUDITS_MODERATED,
    REAUDITS_IMPROVED,
    RISK_STATEMENTS,
    RISK_GOOD,
    CHRONOLOGIES_GOOD,
    ASSESSMENTS_GOOD,
    PLANS_GOOD,
)
