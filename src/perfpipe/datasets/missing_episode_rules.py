"""Rules about missing episodes (definitions 3.3 to 3.16).

The numbers are those of the Missing table of the SSDA903 return. Only the rules that make a measure's own dates
impossible take a row out of it (definitions 1.7); the others are reported, and the row counts as it is.
"""

from __future__ import annotations

from perfpipe.datasets.compared_rows import row_ended_last, row_that_differs
from perfpipe.datasets.interview_codes import STATED_REASONS
from perfpipe.datasets.interview_times import date_only, earlier, return_precision, returned
from perfpipe.datasets.row_check import day_after_extract, row_check
from perfpipe.dates.months import local_day
from perfpipe.frames.libraries import pd
from perfpipe.rules.rule import Defect

RETURN_TIME_WRONG = Defect("return_time_wrong", "the return is before the episode or after the extract")


def return_too_early(rows: pd.DataFrame) -> pd.Series:
    """Returns before the episode began; where either is only a date, by dates."""
    by_date = (return_precision(rows) == "date") | (rows["missing_from_precision"] == "date")
    by_days = local_day(returned(rows)) < local_day(rows["missing_from"])
    return (returned(rows) < rows["missing_from"]).where(~by_date.fillna(False).astype(bool), by_days).fillna(False)


def return_too_late(rows: pd.DataFrame) -> pd.Series:
    """Returns after the extract was made; midnight is not after the last second of its day."""
    return (returned(rows) > rows["as_at"] + pd.Timedelta(seconds=1)).fillna(False)


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


EPISODE_CHECKS = (
    row_check(
        "return_before_missing",
        "returned_at",
        "a return no earlier than the start of the episode",
        "Correct the start or the return at source.",
        return_too_early,
        "SSDA903 rule 567",
        marks=RETURN_TIME_WRONG,
        mistaken=True,
        against=("missing_from", "found_at"),
    ),
    row_check(
        "return_after_extract",
        "returned_at",
        "a return no later than the time of the extract",
        "Correct the return at source.",
        return_too_late,
        "SSDA903 rule 571",
        marks=RETURN_TIME_WRONG,
        mistaken=True,
        against=("found_at",),
        after_extract=True,
    ),
    row_check(
        "found_after_extract",
        "found_at",
        "a time found no later than the time of the extract",
        "Correct the time found at source.",
        lambda rows: rows["found_at"] > rows["as_at"] + pd.Timedelta(seconds=1),
        "SSDA903 rule 571",
        after_extract=True,
    ),
    row_check(
        "found_before_missing",
        "found_at",
        "a time found no earlier than the start of the episode",
        "Correct the start or the time found at source. The 72 hours run from the return.",
        lambda rows: (
            earlier("found_at", "missing_from")(rows)
            & rows["returned_at"].notna()
            & ~return_too_early(rows)  # told by return_before_missing
        ),
        "SSDA903 rule 567",
        against=("missing_from",),
    ),
    row_check(
        "found_after_return",
        "found_at",
        "a time found no later than the return",
        "Correct the time found or the return at source. The 72 hours run from the return.",
        lambda rows: earlier("returned_at", "found_at")(rows) & ~return_too_early(rows),
        "definitions 3.3",
        against=("returned_at",),
    ),
    day_after_extract(
        "missing_after_extract",
        "missing_from",
        "a start no later than the time of the extract",
        "Correct the start at source.",
        "SSDA903 rule 570",
    ),
    day_after_extract(
        "missing_child_born_after_extract",
        "dob",
        "a date of birth no later than the day of the extract",
        "Correct the date of birth.",
        "definitions 1.6",
    ),
    row_check(
        "missing_before_birth",
        "missing_from",
        "a start after the child's date of birth",
        "Correct the start or the date of birth.",
        lambda rows: rows["missing_on"] <= rows["dob"],
        "SSDA903 rule 586",
        against=("dob",),
    ),
    row_check(
        "overlapping_missing",
        "missing_from",
        "an episode that starts after the child's earlier ones have ended",
        "End the earlier episode, or remove the one recorded twice. Each counts as an episode of its own until then.",
        _overlapping,
        "SSDA903 rule 574",
        other_row=row_ended_last("child_id", "missing_from", "ended_at"),
    ),
    row_check(
        "aged_18_during_episode",
        "rhi_required",
        "N with the reason aged_18 for an episode that runs to the 18th birthday",
        "Close the episode on the birthday: no interview is required, reason aged 18. It stays in the figures "
        "until then.",
        _of_age_meanwhile,
        "definitions 3.14",
        against=("missing_from", "found_at", "returned_at"),
    ),
    row_check(
        "not_18_yet",
        "not_required_reason",
        "the reason aged_18 only for a child who turned 18 by the return",
        "Correct the reason or the date of birth: the reason takes the episode out of the figures.",
        lambda rows: (
            (rows["not_required_reason"] == "aged_18") & (rows["of_age_on"] > rows["returned_on"].fillna(rows["today"]))
        ),
        "definitions 3.16",
        against=("dob",),
    ),
    row_check(
        "reason_not_listed",
        "not_required_reason",
        "one of " + ", ".join(STATED_REASONS) + " when no interview is required",
        "Record a listed reason. Any other keeps the episode in the figures, unless the plan says otherwise.",
        lambda rows: (rows["rhi_required"] == "N") & ~rows["not_required_reason"].isin(STATED_REASONS),
        "definitions 3.16",
    ),
    row_check(
        "reason_but_required",
        "rhi_required",
        "N where a reason is given why no interview is required",
        "Record N, or remove the reason. The episode stays in the figures until then.",
        lambda rows: rows["not_required_reason"].notna() & (rows["rhi_required"] != "N").fillna(True),
        "definitions 3.16",
    ),
    row_check(
        "closed_without_return",
        "closed_reason",
        "a time found or a return for each episode that is closed",
        "Record when the child was found or returned. The episode counts as open until then.",
        lambda rows: rows["closed_reason"].notna() & returned(rows).isna(),
        "definitions 3.3, 3.9",
    ),
    row_check(
        "birth_dates_of_missing_child_differ",
        "dob",
        "one date of birth for each child",
        "Correct the date of birth on the episodes where it is wrong.",
        lambda rows: rows["dob"].groupby(rows["child_id"]).transform("nunique") > 1,
        "SSDA903 rule INT13",
        other_row=row_that_differs("child_id", "dob"),
    ),
    date_only("returned_at"),
)
