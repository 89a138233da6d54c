"""Prospective adopters: one row per household, from registration to match (definitions 6.3)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Column, Dataset, Kind, PersonKind
from perfpipe.datasets.interview_codes import YES_NO
from perfpipe.datasets.row_check import Finder, RowCheck, day_after_extract, row_check
from perfpipe.dates.due_dates import months_after
from perfpipe.rules.rule import UNUSABLE, Defect

if TYPE_CHECKING:
    import pandas as pd

TWO_STAGES = date(2013, 7, 1)  # the two-stage process came in
STAGE_1_MONTHS, STAGE_2_MONTHS, LONGEST_BREAK = 2, 4, 6
STAGE_1_DATES_WRONG = Defect("stage_1_dates_wrong", "stage 1 ended before it began")
FAST_TRACK_UNREADABLE = Defect("fast_track_unreadable", "whether the household is on the fast track cannot be read")
STAGE_2_DATES_WRONG = Defect("stage_2_dates_wrong", "stage 2 ended before it began")


def with_due_dates(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with when each stage began, was done and is due; each stage by itself, as there may be a break between.

    `stage_1_done_on` and `stage_1_due_on` are blank of households on the fast track, which have no stage 1;
    `stage_2_from` is then the registration. A stage 1 without an end was done when stage 2 began.
    """
    fast = rows["fast_track"] == "Y"
    stage_2_from = rows["stage2_started_on"].fillna(rows["registered_on"].where(fast))
    return rows.assign(
        stage_1_done_on=rows["stage1_ended_on"].fillna(rows["stage2_started_on"]).where(~fast),
        stage_1_due_on=months_after(rows["registered_on"], STAGE_1_MONTHS).where(~fast),
        stage_2_from=stage_2_from,
        stage_2_due_on=months_after(stage_2_from, STAGE_2_MONTHS),
    )


def _out(
    rule: str, column: str, expected: str, finds: Finder, marks: Defect = UNUSABLE, against: str = "registered_on"
) -> RowCheck:
    what_to_do = "Correct whichever of the dates is wrong, at source."
    return row_check(rule, column, expected, what_to_do, finds, marks=marks, against=(against,))


_warn = partial(row_check, reference="definitions 6.3")


def _after_extract(rule: str, column: str, marks: Defect | None = UNUSABLE) -> RowCheck:
    expected, what_to_do = "a day no later than that of the extract", "Correct the date at source."
    return day_after_extract(rule, column, expected, what_to_do, "" if marks else "definitions 6.3", marks=marks)


def _before_registered(rule: str, column: str) -> RowCheck:
    def finds(rows: pd.DataFrame) -> pd.Series[bool]:
        found: pd.Series[bool] = rows[column] < rows["registered_on"]
        return found

    return _out(rule, column, "a day on or after that of the registration", finds)


ADOPTER_CHECKS = (
    _after_extract("registered_after_extract", "registered_on"),
    _after_extract("approved_after_extract", "approved_on"),
    _after_extract("matched_after_extract", "matched_on"),
    _after_extract("stage_1_ended_after_extract", "stage1_ended_on", None),
    _after_extract("stage_2_started_after_extract", "stage2_started_on", None),
    _after_extract("withdrawn_after_extract", "withdrawn_on", None),
    _before_registered("approved_before_registered", "approved_on"),
    _before_registered("matched_before_registered", "matched_on"),
    _before_registered("withdrawn_before_registered", "withdrawn_on"),
    _out(
        "stage_1_ended_before_registered",
        "stage1_ended_on",
        "an end of stage 1 on or after the registration",
        lambda rows: rows["stage1_ended_on"] < rows["registered_on"],
        STAGE_1_DATES_WRONG,
    ),
    _out(
        "approved_before_stage_2",
        "approved_on",
        "an approval on or after the start of stage 2",
        lambda rows: rows["approved_on"] < rows["stage2_started_on"],
        STAGE_2_DATES_WRONG,
        "stage2_started_on",
    ),
    _warn(
        "stage_2_before_end_of_stage_1",
        "stage2_started_on",
        "stage 2 starting on or after the end of stage 1",
        "Check the dates. Each stage is measured as recorded.",
        lambda rows: rows["stage2_started_on"] < rows["stage1_ended_on"],
        against=("stage1_ended_on",),
    ),
    _warn(
        "stage_1_end_blank",
        "stage1_ended_on",
        "an end of stage 1 for a household in stage 2, unless on the fast track",
        "Record it. Until then stage 1 counts as ended when stage 2 began.",
        lambda rows: rows["stage2_started_on"].notna() & rows["stage1_ended_on"].isna() & (rows["fast_track"] != "Y"),
    ),
    _warn(
        "stage_2_start_blank",
        "stage2_started_on",
        "a start of stage 2 for an approved household",
        "Record it. Until then the household is in no figure on stage 2.",
        lambda rows: rows["approved_on"].notna() & rows["stage2_started_on"].isna() & (rows["fast_track"] != "Y"),
    ),
    _warn(
        "fast_track_with_stage_1",
        "fast_track",
        "a blank end of stage 1 on the fast track",
        "Correct the flag, or remove the end of stage 1. The household counts as on the fast track.",
        lambda rows: (rows["fast_track"] == "Y") & rows["stage1_ended_on"].notna(),
    ),
    _warn(
        "break_too_long",
        "stage2_started_on",
        f"stage 2 within {LONGEST_BREAK} months of the end of stage 1",
        "Check the dates: after a longer break stage 1 has to be done again. Each stage is measured as recorded.",
        lambda rows: (
            (rows["stage2_started_on"] > months_after(rows["stage1_ended_on"], LONGEST_BREAK))
            & ~(rows["stage1_ended_on"] < rows["registered_on"])  # told by stage_1_ended_before_registered
        ),
    ),
    _warn(
        "matched_before_approved",
        "matched_on",
        "a match on or after the approval",
        "Check the dates. The household counts as matched without waiting.",
        lambda rows: rows["matched_on"] < rows["approved_on"],
        against=("approved_on",),
    ),
    _warn(
        "matched_without_approval",
        "approved_on",
        "an approval for each household that is matched",
        "Record it. Until then it is not known how long the household waited.",
        lambda rows: rows["matched_on"].notna() & rows["approved_on"].isna(),
    ),
    _warn(
        "withdrawn_and_went_on",
        "withdrawn_on",
        "a withdrawal with no approval or match after it",
        "Remove the withdrawal, or correct a date. Until then the household counts as having left the process.",
        lambda rows: (rows["approved_on"] > rows["withdrawn_on"]) | (rows["matched_on"] > rows["withdrawn_on"]),
    ),
    _warn(
        "registered_before_two_stages",
        "registered_on",
        f"a registration on or after {TWO_STAGES:%d %B %Y}, when the two stages were introduced",
        "Leave out households assessed before. Until then they too are measured by the two stages.",
        lambda rows: rows["registered_on"].notna(),
        valid_to=TWO_STAGES - timedelta(days=1),
    ),
)

ADOPTERS = Dataset(
    id="adopters",
    title="Prospective adopters",
    one_row_is="one household of prospective adopters, from its registration on",
    key=("household_id",),
    person=(PersonKind.HOUSEHOLD, "household_id"),
    start="registered_on",
    end="matched_on",
    end_fallback="withdrawn_on",
    goes_back_by="end",
    derive=with_due_dates,
    columns=(
        Column("household_id", Kind.ID, "the source's number of the household and its registration", True, True),
        Column("registered_on", Kind.DATE, "registration of interest accepted: stage 1 starts", True, True),
        Column(
            "fast_track",
            Kind.CODE,
            "approved before, or foster carers: stage 2 only",
            codes=YES_NO,
            unreadable=FAST_TRACK_UNREADABLE,
            decides=lambda rows: rows["stage1_ended_on"].isna(),  # who ended stage 1 was in it
        ),
        Column("stage1_ended_on", Kind.DATE, "decision at the end of stage 1", True, vital=True),
        Column("stage2_started_on", Kind.DATE, "stage 2 starts", True, vital=True),
        Column("approved_on", Kind.DATE, "decision that they are suitable to adopt", True, vital=True),
        Column("matched_on", Kind.DATE, "match with a child decided; blank while they wait", True, vital=True),
        Column("withdrawn_on", Kind.DATE, "withdrew, or was turned down", True, vital=True),
        Column("withdrawal_reason", Kind.TEXT, "why the household left the process"),
    ),
    checks=ADOPTER_CHECKS,
)
