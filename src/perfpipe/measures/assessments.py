"""Assessment measures (definitions 2.3 to 2.5 and 6.1).

Attribution is by the month of completion, as in the national return; R5-01d is by the month in which an assessment
fell due, and so sees the unfinished ones that the others cannot.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.assessments import ASSESSMENTS
from perfpipe.dates import due_dates
from perfpipe.measures.counts import share
from perfpipe.measures.definition import Basis, Display, Maturity, Measure, Period, Polarity

if TYPE_CHECKING:
    import pandas as pd

GUIDANCE = "Working Together to Safeguard Children: 45 working days from referral"
CENSUS = "DfE, children in need census"


def completed(rows: pd.DataFrame) -> pd.Series:
    """Authorised by a manager."""
    return rows["authorised_on"].notna()


def in_time(rows: pd.DataFrame) -> pd.Series:
    """Authorised by the 45th working day after the referral."""
    return due_dates.in_time(rows["authorised_on"], rows["due_on"])


COMPLETED = Basis(ASSESSMENTS, month_of="authorised_on")
_of_assessments = partial(
    Measure,
    basis=COMPLETED,
    periods=(Period.MONTH, Period.QUARTER, Period.YEAR_TO_DATE, Period.ROLLING_12),
    shown=Display(Polarity.HIGHER_IS_BETTER),
    owner="Head of assessment",
)

WITHIN_45_DAYS = _of_assessments(
    id="assessments_within_45_days",
    code="R5-01",
    title="Assessments completed within 45 working days of referral",
    counts=share(in_time, of=completed),
    left_out_by=("referral_date_wrong", "referral_date_unreadable"),
    why_it_matters="Children should not wait to know what help they will get.",
    definition="Of assessments authorised in the month (completion month, as the national return counts), those "
    "authorised by the 45th working day after the referral; without a referral date, after the start. Unfinished ones "
    "are not in it: see R5-01d.",
    source=GUIDANCE,
)
WITHIN_45_DAYS_OF_START = _of_assessments(
    id="assessments_within_45_days_of_start",
    code="R5-01s",
    title="Assessments completed within 45 working days of their start (national basis)",
    counts=share(lambda rows: due_dates.in_time(rows["authorised_on"], rows["due_from_start_on"]), of=completed),
    left_out_by=(),
    why_it_matters="The figure that is published for every authority, for comparison.",
    definition="Of assessments authorised in the month (completion month), those authorised by the 45th working day "
    "after the assessment started.",
    source=CENSUS,
)
DUE_IN_TIME = _of_assessments(
    id="assessments_due_in_time",
    code="R5-01d",
    title="Assessments that fell due and were completed in time",
    # 45 working days reach into the third month after, Christmas and Easter included
    basis=replace(COMPLETED, month_of="due_on", months_after_end=3),
    counts=share(in_time, of=lambda rows: due_dates.judged(rows["authorised_on"], rows["due_on"], rows["as_at"])),
    mature=Maturity(
        not_yet_due=lambda rows: due_dates.not_yet_due(rows["authorised_on"], rows["due_on"], rows["as_at"])
    ),
    left_out_by=("referral_date_wrong", "referral_date_unreadable"),
    why_it_matters="An assessment that is never finished is in no completion figure: here it counts as late.",
    definition="Of assessments whose 45th working day after the referral (without one, the start) fell in the month "
    "(due month), those authorised by then. Overdue unfinished ones count as late; those not yet due at the extract "
    "are left out.",
    source=f"Local definition; {GUIDANCE}",
)
CHILDREN_SEEN = _of_assessments(
    id="children_seen_in_assessment",
    code="R5-04",
    title="Children seen in their assessment",
    basis=COMPLETED.needing("child_seen"),
    counts=share(lambda rows: rows["child_seen"] == "Y", of=completed),
    left_out_by=("child_seen_unreadable",),
    why_it_matters="An assessment of a child whom nobody saw is about papers.",
    definition="Of assessments authorised in the month (completion month), those with child seen = Y. A blank counts "
    "as not seen.",
    source="Local definition; the item is that of the standard safeguarding dataset",
)
NO_FURTHER_ACTION = _of_assessments(
    id="assessments_no_further_action",
    code="R2-05",
    title="Assessments that ended with no further action",
    basis=COMPLETED.needing("outcome"),
    counts=share(lambda rows: rows["outcome"] == "no_further_action", of=completed),
    shown=Display(Polarity.LOWER_IS_BETTER),
    left_out_by=("assessment_outcome_unreadable",),
    why_it_matters="Many assessments that lead to nothing say that thresholds are applied unevenly.",
    definition="Of assessments authorised in the month (completion month), those with the outcome no further action. "
    "A step down to early help is not one; a blank outcome stays below the line.",
    source="Local definition",
)

MEASURES = (WITHIN_45_DAYS, WITHIN_45_DAYS_OF_START, DUE_IN_TIME, CHILDREN_SEEN, NO_FURTHER_ACTION)
