"""Rules about missing episodes and their interviews (definitions 3.3 to 3.15).

The numbers are those of the Missing table of the SSDA903 return. Only the rules that make a measure's own dates
impossible take a row out of it (definitions 1.7); the others are told, and the row counts as it stands.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from perfpipe.datasets.definition import Rule, Severity
from perfpipe.datasets.in_order import InOrder
from perfpipe.datasets.interview_codes import NOT_REQUIRED_REASON, OTHER_REASON
from perfpipe.dates.months import local_day

TIMED_MEASURES = (  # of the time from the return to the interview
    "rhi_within_72h", "rhi_within_72h_with_away", "rhi_completed_within_72h", "rhi_median_hours",
    "rhi_slowest_tenth_hours", "rhi_hours_not_known", "rhi_judged_by_date",
)  # fmt: skip
DONE_MEASURES = ("rhi_completed", "rhi_independent", *TIMED_MEASURES)
RETURN_MEASURES = ("rhi_offered", "rhi_offered_within_72h", "rhi_accepted", "rhi_overdue", *DONE_MEASURES)
STATED_REASONS = tuple(code for code in NOT_REQUIRED_REASON.by_code if code != OTHER_REASON)
OUTCOMES_OF_AN_OFFER = ("accepted", "declined_child", "declined_parent")
MATURE = pd.Timedelta(days=28)  # interviews keep coming for as long (definitions 3.10)


def returned(rows: pd.DataFrame) -> pd.Series:
    """When the 72 hours start: `returned_at`, else `found_at` (definitions 3.6). Instants in UTC."""
    return rows["returned_at"].fillna(rows["found_at"])


def return_too_early(rows: pd.DataFrame) -> pd.Series:
    """Returns before the episode began."""
    return (returned(rows) < rows["missing_from"]).fillna(False)


def return_too_late(rows: pd.DataFrame) -> pd.Series:
    """Returns after the extract was made."""
    return (returned(rows) > rows["as_at"]).fillna(False)


def interview_too_early(rows: pd.DataFrame) -> pd.Series:
    """Interviews before the child was found, or before the return when no time found is known (definitions 3.8).

    Where either side is date-only the dates are compared.
    """
    earliest = rows["found_at"].fillna(rows["returned_at"])
    by_date = (
        (rows["interview_at_precision"] == "date")
        | (rows["found_at_precision"].fillna(rows["returned_at_precision"]) == "date")
    ).fillna(False)
    by_days = local_day(rows["interview_at"]) < local_day(earliest)
    return (rows["interview_at"] < earliest).where(~by_date, by_days).fillna(False)


def with_days(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the local days that rules compare with dates, and when the child's earlier episodes had ended.

    `ended_at`: found, else returned (the end by the national definition); `missing_on`, `returned_on`, `today` (of the
    extract); `of_age_on`, the 18th birthday; `latest_end_before`, far away while an earlier episode is open.
    """
    ended = rows["found_at"].fillna(rows["returned_at"])
    ordered = InOrder.of(rows, "child_id", "missing_from")
    return rows.assign(
        ended_at=ended,
        missing_on=local_day(rows["missing_from"]),
        returned_on=local_day(returned(rows)),
        today=local_day(rows["as_at"]),
        of_age_on=rows["dob"] + pd.DateOffset(years=18),
        latest_end_before=ordered.latest_end_before(ended),
    )


def _earlier(one: str, other: str) -> Any:
    """Rows where one instant is before another; where either is only a date, by dates."""

    def finds(rows: pd.DataFrame) -> pd.Series[bool]:
        by_date = (rows[f"{one}_precision"] == "date") | (rows[f"{other}_precision"] == "date")
        by_date = by_date.fillna(False).astype(bool)
        earlier: pd.Series[bool] = rows[one] < rows[other]
        return earlier.where(~by_date, local_day(rows[one]) < local_day(rows[other]))

    return finds


def _overlapping(rows: pd.DataFrame) -> pd.Series[bool]:
    """Episodes that began before an earlier one of the child had ended; a start that is only a date, by dates."""
    by_date = (rows["missing_from_precision"] == "date").fillna(False).astype(bool)
    day_before = local_day(rows["latest_end_before"])
    overlaps: pd.Series[bool] = rows["missing_from"] < rows["latest_end_before"]
    return overlaps.where(~by_date, rows["missing_on"] < day_before)


def _of_age_meanwhile(rows: pd.DataFrame) -> pd.Series[bool]:
    """Episodes that ran to the 18th birthday or beyond, and for which an interview is still required."""
    ran_until = rows["returned_on"].fillna(rows["today"])
    return (rows["of_age_on"] <= ran_until) & (rows["rhi_required"] != "N").fillna(True)


def _shared_differently(rows: pd.DataFrame) -> pd.Series[bool]:
    """Episodes with one interview number and more than one time, or more than one child."""
    same = rows.groupby("interview_id")
    return (same["interview_at"].transform("nunique") > 1) | (same["child_id"].transform("nunique") > 1)


def _midnight(column: str) -> Rule:
    return Rule(
        f"{column}_date_only",
        column,
        Severity.INFO,
        "a time as well as a date",
        "Record the time. Until then the 72 hours are judged by dates, which can only favour the authority.",
        lambda rows: (rows[f"{column}_precision"] == "date").fillna(False),
        reference="definitions 3.7",
    )


def _impossible(
    rule: str, column: str, expected: str, what_to_do: str, finds: Any, measures: tuple[str, ...], reference: str
) -> Rule:
    return Rule(rule, column, Severity.EXCLUDE, expected, what_to_do, finds, measures, reference)


def _warn(rule: str, column: str, expected: str, what_to_do: str, finds: Any, reference: str) -> Rule:
    return Rule(rule, column, Severity.WARN, expected, what_to_do, finds, reference=reference)


EPISODE_RULES = (
    _impossible(
        "return_before_missing",
        "returned_at",
        "a return no earlier than the start of the episode",
        "Correct the start or the return at source.",
        return_too_early,
        RETURN_MEASURES,
        "SSDA903 rule 567",
    ),
    _impossible(
        "return_after_extract",
        "returned_at",
        "a return no later than the time of the extract",
        "Correct the return at source.",
        return_too_late,
        RETURN_MEASURES,
        "SSDA903 rule 571",
    ),
    _warn(
        "found_before_missing",
        "found_at",
        "a time found no earlier than the start of the episode",
        "Correct the start or the time found at source. The 72 hours run from the return.",
        lambda rows: _earlier("found_at", "missing_from")(rows) & rows["returned_at"].notna(),
        "SSDA903 rule 567",
    ),
    _warn(
        "found_after_return",
        "found_at",
        "a time found no later than the return",
        "Correct the time found or the return at source. The 72 hours run from the return.",
        _earlier("returned_at", "found_at"),
        "definitions 3.3",
    ),
    _warn(
        "missing_after_extract",
        "missing_from",
        "a start no later than the time of the extract",
        "Correct the start at source.",
        lambda rows: rows["missing_from"] > rows["as_at"],
        "SSDA903 rule 570",
    ),
    _warn(
        "missing_before_birth",
        "missing_from",
        "a start after the child's date of birth",
        "Correct the start or the date of birth.",
        lambda rows: rows["missing_on"] <= rows["dob"],
        "SSDA903 rule 586",
    ),
    _warn(
        "overlapping_missing",
        "missing_from",
        "an episode that starts after the child's earlier ones have ended",
        "End the earlier episode, or remove the one recorded twice. Each counts as an episode of its own until then.",
        _overlapping,
        "SSDA903 rule 574",
    ),
    _warn(
        "aged_18_during_episode",
        "rhi_required",
        "N with the reason aged_18 for an episode that runs to the 18th birthday",
        "Close the episode on the birthday: no interview is required, reason aged 18. It stays in the figures "
        "until then.",
        _of_age_meanwhile,
        "definitions 3.14",
    ),
    _warn(
        "not_18_yet",
        "not_required_reason",
        "the reason aged_18 only for a child who turned 18 by the return",
        "Correct the reason or the date of birth: the reason takes the episode out of the figures.",
        lambda rows: (
            (rows["not_required_reason"] == "aged_18") & (rows["of_age_on"] > rows["returned_on"].fillna(rows["today"]))
        ),
        "definitions 3.16",
    ),
    _warn(
        "reason_not_listed",
        "not_required_reason",
        "one of " + ", ".join(STATED_REASONS) + " when no interview is required",
        "Give a listed reason. Any other keeps the episode in the figures, unless the plan says otherwise.",
        lambda rows: (rows["rhi_required"] == "N") & ~rows["not_required_reason"].isin(STATED_REASONS),
        "definitions 3.16",
    ),
    _warn(
        "reason_but_required",
        "rhi_required",
        "N where a reason is given why no interview is required",
        "Record N, or remove the reason. The episode stays in the figures until then.",
        lambda rows: rows["not_required_reason"].notna() & (rows["rhi_required"] != "N").fillna(True),
        "definitions 3.16",
    ),
    _warn(
        "closed_without_return",
        "closed_reason",
        "a time found or a return for each episode that is closed",
        "Record when the child was found or returned. The episode counts as open until then.",
        lambda rows: rows["closed_reason"].notna() & returned(rows).isna(),
        "definitions 3.3, 3.9",
    ),
    _warn(
        "birth_dates_of_missing_child_differ",
        "dob",
        "one date of birth for each child",
        "Correct the date of birth on the episodes where it is wrong.",
        lambda rows: rows["dob"].groupby(rows["child_id"]).transform("nunique") > 1,
        "SSDA903 rule INT13",
    ),
    _midnight("returned_at"),
)
INTERVIEW_RULES = (
    _impossible(
        "interview_before_found",
        "interview_at",
        "an interview after the child was found",
        "Correct the time of the interview or of the return at source.",
        interview_too_early,
        TIMED_MEASURES,
        "definitions 3.8",
    ),
    _impossible(
        "interview_after_extract",
        "interview_at",
        "an interview no later than the time of the extract",
        "Correct the time of the interview at source.",
        lambda rows: (rows["interview_at"] > rows["as_at"]).fillna(False),
        DONE_MEASURES,
        "definitions 1.6",
    ),
    _warn(
        "interview_without_return",
        "interview_at",
        "a time found or a return for each episode with an interview",
        "Record when the child was found or returned. The interview is in no figure until then.",
        lambda rows: rows["interview_at"].notna() & returned(rows).isna(),
        "definitions 3.9",
    ),
    _warn(
        "offered_blank",
        "offered",
        "Y, N or NA for every episode that has ended",
        "Record whether an interview was offered. Until then it counts as not offered.",
        lambda rows: rows["offered"].isna() & returned(rows).notna() & (rows["category"] == "M"),
        "definitions 3.4: blank is not NA",
    ),
    _warn(
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
    _impossible(
        "offered_before_missing",
        "offered_at",
        "an offer after the child went missing",
        "Correct the time of the offer at source.",
        _earlier("offered_at", "missing_from"),
        ("rhi_offered_within_72h",),
        "definitions 3.6",
    ),
    _warn(
        "offered_after_extract",
        "offered_at",
        "an offer no later than the time of the extract",
        "Correct the time of the offer at source.",
        lambda rows: rows["offered_at"] > rows["as_at"],
        "definitions 1.6",
    ),
    _warn(
        "outcome_without_offer",
        "offered",
        "Y where the child or a parent accepted or declined",
        "Record that the interview was offered, or correct the outcome. Until then it counts as not offered.",
        lambda rows: rows["offered"].isin(("N", "NA")) & rows["outcome"].isin(OUTCOMES_OF_AN_OFFER),
        "definitions 3.17: RHI-04",
    ),
    _warn(
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
    _warn(
        "interview_not_accepted",
        "outcome",
        "accepted where an interview took place",
        "Correct the outcome, or remove the interview. Until then it counts as done and as not accepted.",
        lambda rows: rows["interview_at"].notna() & (rows["outcome"] != "accepted").fillna(True),
        "definitions 3.17: RHI-06",
    ),
    _warn(
        "accepted_but_not_done",
        "interview_at",
        "an interview within 28 days of the return where it was accepted",
        "Record when the interview took place, or that it could not be completed. It counts as not done until then.",
        lambda rows: (
            (rows["outcome"] == "accepted")
            & rows["interview_at"].isna()
            & (rows["category"] == "M")
            & (rows["as_at"] - returned(rows) > MATURE)
        ),
        "definitions 3.10",
    ),
    _warn(
        "pending_too_long",
        "outcome",
        "an outcome within 28 days of the return",
        "Record what became of the offer.",
        lambda rows: (rows["outcome"] == "pending") & (rows["as_at"] - returned(rows) > MATURE),
        "definitions 3.10",
    ),
    _warn(
        "interview_shared_differently",
        "interview_id",
        "one child and one time for all episodes with the same interview number",
        "Correct the number or the time of the interview. Each episode is judged by its own row until then.",
        _shared_differently,
        "definitions 3.5, 3.12",
    ),
    Rule(
        "away_with_interview",
        "category",
        Severity.INFO,
        "an interview after a missing (M) episode; one after an away (A) episode is in no figure",
        "Correct the category if the child's whereabouts were not known. Otherwise nothing is to be done.",
        lambda rows: (rows["category"] == "A") & rows["interview_at"].notna(),
        reference="definitions 3.15",
    ),
    _midnight("interview_at"),
)
