"""What takes rows out of figures is a defect: the list of measures that a fault named becomes the defect it marks.

Which measures leave out rows with which defect is now said by the measures. `*`, of a row in no figure, stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

DEFECTS = {  # by the rules of then, which listed measures
    "return_before_missing": "return_time_wrong",
    "return_after_extract": "return_time_wrong",
    "interview_before_found": "interview_before_return",
    "interview_after_extract": "interview_in_future",
    "offered_before_missing": "offer_before_missing",
    "fte_blank": "fte_not_known",
    "covering_above_agency": "more_cover_than_agency",
    "covering_above_vacancies": "more_cover_than_vacancies",
    "referral_after_start": "referral_date_wrong",
    "audit_not_graded": "overall_grade_missing",
    "audit_before_not_graded": "earlier_grade_missing",
    "stage_1_ended_before_registered": "stage_1_dates_wrong",
    "approved_before_stage_2": "stage_2_dates_wrong",
}


def upgrade() -> None:
    """Rename the column, which copies no row on any database, and fill in the defects."""
    op.execute("ALTER TABLE faults RENAME COLUMN excludes_from TO defect")
    faults = sa.table("faults", sa.column("rule"), sa.column("defect"))
    named = faults.c.defect.not_in(("", "*"))
    op.execute(faults.update().where(named).values(defect=sa.case(DEFECTS, value=faults.c.rule, else_=faults.c.defect)))
