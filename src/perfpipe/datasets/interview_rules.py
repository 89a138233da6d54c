"""Rules about return home interviews (definitions 3.4 to 3.17).

Only the rules that make a measure's own dates impossible take a row out of it (definitions 1.7); the others are
reported, and the row counts as it is.
"""

from __future__ import annotations

from datetime import timedelta

from perfpipe.datasets.compared_rows import row_that_differs
from perfpipe.datasets.interview_codes import INTERVIEWS_SETTLE_DAYS, STATED_REASONS
from perfpipe.datasets.interview_times import date_only, earlier, interview_too_early, returned
from perfpipe.datasets.row_check import day_after_extract, row_check
from perfpipe.frames.libraries import pd
from perfpipe.rules.rule import INFO, Defect

INTERVIEW_BEFORE_RETURN = Defect("interview_before_return", "the interview is before the child was found")
INTERVIEW_IN_FUTURE = Defect("interview_in_future", "the interview is after the extract")
OFFER_BEFORE_MISSING = Defect("offer_before_missing", "the offer is before the child went missing")
OUTCOMES_OF_AN_OFFER = ("accepted", "declined_child", "declined_parent")
MATURE = timedelta(days=INTERVIEWS_SETTLE_DAYS)


def _shared_differently(rows: pd.DataFrame) -> pd.Series[bool]:
    """Episodes with one interview number and more than one time, or more than one child."""
    same = rows.groupby("interview_id")
    return (same["interview_at"].transform("nunique") > 1) | (same["child_id"].transform("nunique") > 1)


INTERVIEW_CHECKS = (
    row_check(
        "interview_before_found",
        "interview_at",
        "an interview after the child was found",
        "Correct the time of the interview or of the return at source.",
        interview_too_early,
        "definitions 3.8",
        marks=INTERVIEW_BEFORE_RETURN,
        against=("found_at", "returned_at"),
    ),
    day_after_extract(
        "interview_after_extract",
        "interview_at",
        "an interview no later than the time of the extract",
        "Correct the time of the interview at source.",
        "definitions 1.6",
        marks=INTERVIEW_IN_FUTURE,
    ),
    row_check(
        "interview_without_return",
        "interview_at",
        "a time found or a return for each episode with an interview",
        "Record when the child was found or returned. The interview is in no figure until then.",
        lambda rows: rows["interview_at"].notna() & returned(rows).isna(),
        "definitions 3.9",
    ),
    row_check(
        "offered_blank",
        "offered",
        "Y, N or NA for every episode that has ended",
        "Record whether an interview was offered. Until then it counts as not offered.",
        lambda rows: rows["offered"].isna() & returned(rows).notna() & (rows["category"] == "M"),
        "definitions 3.4: blank is not NA",
    ),
    row_check(
        "not_applicable_but_required",
        "offered",
        "Y or N where an interview is required",
        "Record whether an interview was offered, or why none is required. Until then it counts as not offered.",
        lambda rows: (
            (rows["offered"] == "NA")
            & returned(rows).notna()
            & (rows["category"] == "M")
            & ~((rows["rhi_required"] == "N") & rows["not_required_reason"].isin(STATED_REASONS))
        ),
        "definitions 3.4, 3.18: case 10",
    ),
    row_check(
        "offered_before_missing",
        "offered_at",
        "an offer after the child went missing",
        "Correct the time of the offer at source.",
        earlier("offered_at", "missing_from"),
        "definitions 3.6",
        marks=OFFER_BEFORE_MISSING,
        against=("missing_from",),
    ),
    day_after_extract(
        "offered_after_extract",
        "offered_at",
        "an offer no later than the time of the extract",
        "Correct the time of the offer at source.",
        "definitions 1.6",
    ),
    row_check(
        "outcome_without_offer",
        "offered",
        "Y where the child or a parent accepted or declined",
        "Record that the interview was offered, or correct the outcome. Until then it counts as not offered.",
        lambda rows: rows["offered"].isin(("N", "NA")) & rows["outcome"].isin(OUTCOMES_OF_AN_OFFER),
        "definitions 3.17: RHI-04",
    ),
    row_check(
        "interview_without_offer",
        "offered",
        "Y where an interview took place",
        "Record that the interview was offered, or remove it. Until then it counts as done and as not offered.",
        lambda rows: (
            rows["offered"].isin(("N", "NA"))
            & rows["interview_at"].notna()
            & ~rows["outcome"].isin(OUTCOMES_OF_AN_OFFER)  # told by outcome_without_offer
        ),
        "definitions 3.17: RHI-06",
    ),
    row_check(
        "interview_not_accepted",
        "outcome",
        "accepted where an interview took place",
        "Correct the outcome, or remove the interview. Until then it counts as done and as not accepted.",
        lambda rows: rows["interview_at"].notna() & (rows["outcome"] != "accepted").fillna(True),
        "definitions 3.17: RHI-06",
    ),
    row_check(
        "accepted_but_not_done",
        "interview_at",
        f"an interview within {INTERVIEWS_SETTLE_DAYS} days of the return where it was accepted",
        "Record when the interview took place, or that it could not be completed. It counts as not done until then.",
        lambda rows: (
            (rows["outcome"] == "accepted")
            & rows["interview_at"].isna()
            & (rows["category"] == "M")
            & (rows["as_at"] - returned(rows) > MATURE)
        ),
        "definitions 3.10",
    ),
    row_check(
        "pending_too_long",
        "outcome",
        f"an outcome within {INTERVIEWS_SETTLE_DAYS} days of the return",
        "Record the outcome of the offer.",
        lambda rows: (rows["outcome"] == "pending") & (rows["as_at"] - returned(rows) > MATURE),
        "definitions 3.10",
    ),
    row_check(
        "interview_shared_differently",
        "interview_id",
        "one child and one time for all episodes with the same interview number",
        "Correct the number or the time of the interview. Until then each episode counts by its own row.",
        _shared_differently,
        "definitions 3.5, 3.12",
        other_row=row_that_differs("interview_id", "interview_at", "child_id"),
    ),
    row_check(
        "away_with_interview",
        "category",
        "an interview after a missing (M) episode; one after an away (A) episode is in no figure",
        "Correct the category if the child's whereabouts were not known. Otherwise there is nothing to do.",
        lambda rows: (rows["category"] == "A") & rows["interview_at"].notna(),
        "definitions 3.15",
        severity=INFO,
    ),
    date_only("interview_at"),
)
