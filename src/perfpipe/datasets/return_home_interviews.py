"""Return home interviews: one row per missing or away episode, with its interview (`domain.md` 1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Code, CodeList, Column, Dataset, Kind, Rule, Severity

if TYPE_CHECKING:
    import pandas as pd

CATEGORY = CodeList(
    "category",
    (Code("M", "Missing"), Code("A", "Away from placement without authorisation")),
    {"Away": "A", "Absent": "A"},
)
YES_NO = CodeList(
    "yes_no",
    (Code("Y", "Yes"), Code("N", "No")),
    {"1": "Y", "0": "N", "True": "Y", "False": "N"},
)
YES_NO_NA = CodeList(
    "yes_no_na",
    (*YES_NO.codes, Code("NA", "Not applicable")),
    {**YES_NO.synonyms, "N/A": "NA"},
)
AREA = CodeList(
    "area",
    (Code("IN", "In the authority's area"), Code("OUT", "Out of the authority's area")),
    {"In area": "IN", "Out of area": "OUT", "Y": "IN", "Yes": "IN", "1": "IN", "True": "IN"}
    | {"N": "OUT", "No": "OUT", "0": "OUT", "False": "OUT"},
)
PRECISION = CodeList("precision", (Code("minute", "Date and time"), Code("date", "Date only")))
NOT_REQUIRED_REASON = CodeList(
    "not_required_reason",
    (
        Code("aged_18", "Aged 18"),
        Code("died", "Died"),
        Code("not_our_child", "Not our child"),
        Code("recorded_in_error", "Recorded in error"),
        Code("not_missing", "Not missing after all"),
        Code("other", "Other reason"),
    ),
)
REASONS_THAT_EXCLUDE = ("aged_18", "died", "not_our_child", "recorded_in_error", "not_missing")
OUTCOME = CodeList(
    "outcome",
    (
        Code("accepted", "Accepted"),
        Code("declined_child", "Declined by child"),
        Code("declined_parent", "Declined by parent"),
        Code("unable", "Unable to complete"),
        Code("missing_again", "Missing again"),
        Code("pending", "Pending"),
    ),
)


def returned(rows: pd.DataFrame) -> pd.Series:
    """When the 72 hours start: `returned_at`, else `found_at` (`domain.md` 1.6, rule 1). Instants in UTC."""
    return rows["returned_at"].fillna(rows["found_at"])


def interview_too_early(rows: pd.DataFrame) -> pd.Series:
    """Interviews before the child was found, or before the return when no time found is known (1.6, rule 4).

    Where either side is date-only the dates are compared.
    """
    earliest = rows["found_at"].fillna(rows["returned_at"])
    by_date = (
        (rows["interview_at_precision"] == "date")
        | (rows["found_at_precision"].fillna(rows["returned_at_precision"]) == "date")
    ).fillna(False)
    dates = rows["interview_at"].dt.tz_convert("Europe/London").dt.normalize()
    earliest_dates = earliest.dt.tz_convert("Europe/London").dt.normalize()
    return (rows["interview_at"] < earliest).where(~by_date, dates < earliest_dates).fillna(False)


def _midnight(column: str) -> Rule:
    return Rule(
        f"{column}_date_only",
        column,
        Severity.INFO,
        "a time as well as a date",
        "Record the time. Until then the 72 hours are judged by dates, which can only favour the authority.",
        lambda rows: (rows[f"{column}_precision"] == "date").fillna(False),
        reference="domain.md 0.4 ruling 4",
    )


RETURN_HOME_INTERVIEWS = Dataset(
    id="return_home_interviews",
    title="Return home interviews",
    one_row_is="one missing or away episode, with its return home interview where there was one",
    key=("episode_id",),
    start="missing_from",
    end="returned_at",
    end_fallback="found_at",
    goes_back_by="end",
    columns=(
        Column("episode_id", Kind.ID, "the source's number of the episode", required=True, filled=True),
        Column("child_id", Kind.ID, "the source's number of the child", required=True, filled=True),
        Column("dob", Kind.DATE, "date of birth", aliases=("date_of_birth",)),
        Column("category", Kind.CODE, "missing or away", required=True, filled=True, codes=CATEGORY),
        Column(
            "looked_after_flag",
            Kind.CODE,
            "looked after at the start of the episode",
            codes=YES_NO,
            aliases=("looked_after",),
        ),
        Column("responsible_la", Kind.TEXT, "the local authority responsible for the child; blank is ours"),
        Column(
            "placed_or_living_in_la",
            Kind.CODE,
            "placed or living in the authority's area at the start of the episode",
            codes=AREA,
        ),
        Column("missing_from", Kind.INSTANT, "when the child went missing", required=True, filled=True),
        Column("found_at", Kind.INSTANT, "when the child was found", vital=True, precision_from="end_precision"),
        Column(
            "returned_at",
            Kind.INSTANT,
            "when the child returned; blank while still missing",
            required=True,
            vital=True,
            precision_from="end_precision",
        ),
        Column("end_precision", Kind.CODE, "whether the return has a time", codes=PRECISION),
        Column("rhi_required", Kind.CODE, "whether an interview is required", codes=YES_NO),
        Column(
            "not_required_reason",
            Kind.CODE,
            "why no interview is required; only listed reasons take an episode out",
            codes=NOT_REQUIRED_REASON,
        ),
        Column("offered", Kind.CODE, "whether an interview was offered", required=True, codes=YES_NO_NA),
        Column("offered_at", Kind.INSTANT, "when it was offered", last_reading=True),
        Column("outcome", Kind.CODE, "what became of the offer", required=True, codes=OUTCOME),
        Column("closed_reason", Kind.TEXT, "why the episode was closed"),
        Column("interview_id", Kind.ID, "the source's number of the interview; one may cover several episodes"),
        Column(
            "interview_at",
            Kind.INSTANT,
            "when the interview began; blank if none took place",
            required=True,
            vital=True,
            last_reading=True,
            precision_from="interview_precision",
        ),
        Column("interview_precision", Kind.CODE, "whether the interview has a time", codes=PRECISION),
        Column("interviewer_role", Kind.TEXT, "who did the interview"),
        Column("independent", Kind.CODE, "whether the interviewer was independent", codes=YES_NO),
        Column("method", Kind.TEXT, "how the interview was done"),
    ),
    rules=(
        Rule(
            "return_before_missing",
            "returned_at",
            Severity.EXCLUDE,
            "a return no earlier than the start of the episode",
            "Correct the start or the return at source.",
            lambda rows: (returned(rows) < rows["missing_from"]).fillna(False),
            ("rhi_offered", "rhi_accepted", "rhi_completed", "rhi_within_72h"),
            "SSDA903 rule 567",
        ),
        Rule(
            "return_after_extract",
            "returned_at",
            Severity.EXCLUDE,
            "a return no later than the time of the extract",
            "Correct the return at source.",
            lambda rows: (returned(rows) > rows["as_at"]).fillna(False),
            ("rhi_offered", "rhi_accepted", "rhi_completed", "rhi_within_72h"),
        ),
        Rule(
            "interview_before_found",
            "interview_at",
            Severity.EXCLUDE,
            "an interview after the child was found",
            "Correct the time of the interview or of the return at source.",
            interview_too_early,
            ("rhi_within_72h",),
            "domain.md 1.6 rule 4",
        ),
        Rule(
            "interview_after_extract",
            "interview_at",
            Severity.EXCLUDE,
            "an interview no later than the time of the extract",
            "Correct the time of the interview at source.",
            lambda rows: (rows["interview_at"] > rows["as_at"]).fillna(False),
            ("rhi_completed", "rhi_within_72h"),
        ),
        Rule(
            "offered_blank",
            "offered",
            Severity.WARN,
            "Y, N or NA for every episode that has ended",
            "Record whether an interview was offered. Until then it counts as not offered.",
            lambda rows: rows["offered"].isna() & returned(rows).notna() & (rows["category"] == "M"),
            reference="domain.md 1.4: blank is not NA",
        ),
        Rule(
            "reason_not_listed",
            "not_required_reason",
            Severity.WARN,
            "one of " + ", ".join(REASONS_THAT_EXCLUDE) + " when no interview is required",
            "Give a listed reason. Any other keeps the episode in the figures.",
            lambda rows: (rows["rhi_required"] == "N") & ~rows["not_required_reason"].isin(REASONS_THAT_EXCLUDE),
            reference="domain.md 0.4 ruling 5",
        ),
        _midnight("returned_at"),
        _midnight("interview_at"),
    ),
)
