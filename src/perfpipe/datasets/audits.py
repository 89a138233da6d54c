"""Case file audits: one row per audited case, graded as a whole and by theme (definitions 6.2)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.compared_rows import row_in
from perfpipe.datasets.definition import Code, CodeList, Column, Dataset, Kind, PersonKind
from perfpipe.datasets.interview_codes import YES_NO, YES_NO_NA
from perfpipe.datasets.row_check import day_after_extract, row_check
from perfpipe.rules.rule import UNUSABLE, Defect

if TYPE_CHECKING:
    import pandas as pd

PRESENT_SCALE = date(2013, 11, 1)  # "requires improvement" took the place of "adequate"
NOT_GRADED = Defect("overall_grade_missing", "the case as a whole has no grade")
EARLIER_NOT_GRADED = Defect("earlier_grade_missing", "the previous audit has no known grade")
GRADE_UNREADABLE = Defect("moderated_grade_unreadable", "the moderated grade cannot be read")
MODERATED_UNREADABLE = Defect("moderated_unreadable", "whether it was moderated cannot be read")
THEMES = ("chronology_grade", "risk_grade", "plan_grade", "assessment_grade")
GRADE = CodeList(
    "audit_grade",
    (
        Code("outstanding", "Outstanding"),
        Code("good", "Good"),
        Code("requires_improvement", "Requires improvement", valid_from=PRESENT_SCALE),
        Code("adequate", "Adequate", valid_to=date(2013, 10, 31)),
        Code("inadequate", "Inadequate"),
    ),
    {
        "RI": "requires_improvement",
        "RIG": "requires_improvement",
        "Requires improvement to be good": "requires_improvement",
    }
    | {"1": "outstanding", "2": "good", "3": "requires_improvement", "4": "inadequate"},
)


def with_grades(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `final_grade` and, of re-audits, `grade_before` and `audited_before_on`.

    A moderated grade takes the place of the auditor's. The audit before is looked up in the same extract; where it is
    not there, or its moderated grade cannot be read, the source's `previous_grade` is its grade.
    """
    final = rows["moderated_grade"].astype("str").fillna(rows["overall_grade"].astype("str"))
    of_one = [name for name in ("reading_id", "audit_id") if name in rows]  # rows of several extracts say of which
    sure = final.where(~has_defect(rows, GRADE_UNREADABLE))
    known = rows[[*of_one, "audited_on", "source_row"]].assign(final_grade=sure).drop_duplicates(of_one)
    before = rows["previous_audit_id"].where(rows["previous_audit_id"] != rows["audit_id"])
    found = rows[of_one].assign(audit_id=before).merge(known, on=of_one, how="left").set_axis(rows.index)
    return rows.assign(
        final_grade=final,
        grade_before=found["final_grade"].fillna(rows["previous_grade"].astype("str")).where(before.notna()),
        audited_before_on=found["audited_on"],
        audited_before_row=found["source_row"],
    )


def has_defect(rows: pd.DataFrame, defect: Defect) -> pd.Series[bool]:
    """Rows that are marked with a defect."""
    return rows["defects"].str.split().map(lambda marks: defect.id in marks).astype(bool)


def _reaudit_without_grade(rows: pd.DataFrame) -> pd.Series[bool]:
    found: pd.Series[bool] = rows["previous_audit_id"].notna() & rows["grade_before"].isna()
    return found


def _no_theme(rows: pd.DataFrame) -> pd.Series[bool]:
    themes = rows[list(THEMES)].notna()
    found: pd.Series[bool] = ~themes.any(axis=1) & bool(themes.to_numpy().any())
    return found


_warn = partial(row_check, reference="definitions 6.2")


AUDIT_CHECKS = (
    day_after_extract(
        "audited_after_extract",
        "audited_on",
        "an audit no later than the day of the extract",
        "Correct the date, or leave out audits that are only planned.",
        marks=UNUSABLE,
    ),
    row_check(
        "audit_not_graded",
        "overall_grade",
        "an overall grade for every audit",
        "Record the grade. Until then the audit is left out of the share graded good.",
        lambda rows: rows["final_grade"].isna(),
        marks=NOT_GRADED,
    ),
    row_check(
        "audit_before_not_graded",
        "previous_audit_id",
        "an earlier audit with a grade in the same extract, or its grade in previous_grade",
        "Record the number of the previous audit, or its grade. Until then it is not known whether the case improved.",
        _reaudit_without_grade,
        marks=EARLIER_NOT_GRADED,
        lacking="previous_grade",
    ),
    _warn(
        "audit_before_is_later",
        "previous_audit_id",
        "an earlier audit before this one",
        "Correct the number or a date. The two grades are compared as recorded.",
        lambda rows: rows["audited_before_on"] >= rows["audited_on"],
        other_row=row_in("audited_before_row"),
    ),
    _warn(
        "grade_of_former_scale",
        "overall_grade",
        f"a grade on the scale in use since {PRESENT_SCALE:%B %Y}",
        "Grade it on the present scale. Adequate counts as not good until then.",
        lambda rows: rows["final_grade"] == "adequate",
        valid_from=PRESENT_SCALE,
    ),
    _warn(
        "moderated_without_grade",
        "moderated_grade",
        "the moderated grade, changed or not, where the audit was moderated",
        "Record it. The auditor's grade is used until then.",
        lambda rows: (rows["moderated"] == "Y") & rows["moderated_grade"].isna(),
    ),
    _warn(
        "graded_but_not_moderated",
        "moderated",
        "Y where there is a moderated grade",
        "Correct one of the two. The moderated grade counts.",
        lambda rows: (rows["moderated"] == "N") & rows["moderated_grade"].notna(),
    ),
    _warn(
        "no_theme_graded",
        "audit_id",
        "a grade for at least one theme",
        "Record the grades of the themes. Until then the audit counts only in the overall grade.",
        _no_theme,
        against=THEMES,
    ),
)

AUDITS = Dataset(
    id="audits",
    title="Case file audits",
    one_row_is="one audit of one case",
    key=("audit_id",),
    person=(PersonKind.CHILD, "child_id"),
    start="audited_on",
    end="audited_on",
    goes_back_by="end",
    derive=with_grades,
    context=with_grades,
    columns=(
        Column("audit_id", Kind.ID, "the source's number of the audit", True, True),
        Column("child_id", Kind.ID, "the source's number of the child whose case was audited", True, True),
        Column("audited_on", Kind.DATE, "day the audit was completed", True, True),
        Column("team", Kind.TEXT, "team that holds the case"),
        Column("overall_grade", Kind.CODE, "the auditor's grade of the whole case", True, codes=GRADE),
        Column("chronology_grade", Kind.CODE, "grade of the chronology; blank if not audited", codes=GRADE),
        Column("risk_grade", Kind.CODE, "grade of how risk is assessed and managed", codes=GRADE),
        Column("plan_grade", Kind.CODE, "grade of the plan", codes=GRADE),
        Column("assessment_grade", Kind.CODE, "grade of the assessment", codes=GRADE),
        Column("risk_statement", Kind.CODE, "whether the plan states the risk clearly, or scales it", codes=YES_NO_NA),
        Column(
            "moderated",
            Kind.CODE,
            "whether a second auditor moderated it",
            codes=YES_NO,
            unreadable=MODERATED_UNREADABLE,
        ),
        Column(
            "moderated_grade", Kind.CODE, "the overall grade after moderation", codes=GRADE, unreadable=GRADE_UNREADABLE
        ),
        Column("previous_audit_id", Kind.ID, "for a re-audit: the number of the previous audit"),
        Column("previous_grade", Kind.CODE, "for a re-audit: the previous overall grade", codes=GRADE),
    ),
    checks=AUDIT_CHECKS,
)
