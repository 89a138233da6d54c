"""Social work assessments: one row per assessment of one child (definitions 6.1)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from perfpipe.datasets.definition import Code, CodeList, Column, Dataset, Kind, PersonKind
from perfpipe.datasets.interview_codes import YES_NO
from perfpipe.datasets.row_check import Finder, RowCheck, day_after_extract, row_check
from perfpipe.dates.months import local_day
from perfpipe.dates.working_days import working_days_after
from perfpipe.rules.rule import UNUSABLE, Defect

if TYPE_CHECKING:
    import pandas as pd

WORKING_DAYS = 45
SINCE = date(2013, 4, 15)  # Working Together 2013: one assessment took the place of initial and core assessments
REFERRAL_DATE_WRONG = Defect("referral_date_wrong", "the referral is later than the start of the assessment")
REFERRAL_UNREADABLE = Defect("referral_date_unreadable", "the date of the referral cannot be read")
SEEN_UNREADABLE = Defect("child_seen_unreadable", "whether the child was seen cannot be read")
OUTCOME_UNREADABLE = Defect("assessment_outcome_unreadable", "what the assessment led to cannot be read")
LONG_OPEN_DAYS = 365

OUTCOME = CodeList(
    "assessment_outcome",
    (
        Code("section_47", "Strategy discussion or section 47 enquiry"),
        Code("child_in_need", "Child in need plan"),
        Code("looked_after", "Became looked after"),
        Code("ongoing", "Goes on as before under an existing plan"),
        Code("early_help", "Step down to early help"),
        Code("other_agency", "Passed to another agency"),
        Code("no_further_action", "No further action"),
    ),
    {"NFA": "no_further_action", "CIN": "child_in_need", "S47": "section_47", "LAC": "looked_after"},
)


def with_due_dates(rows: pd.DataFrame, proclaimed: Collection[date] = ()) -> pd.DataFrame:
    """Rows with `due_on`, the 45th working day after the referral, and `due_from_start_on`, after the start.

    Without a referral, as where the case is open already, the clock of `due_on` begins at the start. `proclaimed`: bank
    holidays that the calendar does not know yet.
    """
    return rows.assign(
        due_on=working_days_after(rows["referral_on"].fillna(rows["started_on"]), WORKING_DAYS, proclaimed),
        due_from_start_on=working_days_after(rows["started_on"], WORKING_DAYS, proclaimed),
    )


def with_today(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `today` of the extract."""
    return rows.assign(today=local_day(rows["as_at"]))


def _open_too_long(rows: pd.DataFrame) -> pd.Series[bool]:
    found: pd.Series[bool] = rows["authorised_on"].isna() & (
        (rows["today"] - rows["started_on"]).dt.days > LONG_OPEN_DAYS
    )
    return found


def _without(column: str) -> Finder:
    """Authorised assessments without a value in a column that the source fills at all."""
    return lambda rows: rows["authorised_on"].notna() & rows[column].isna() & bool(rows[column].notna().any())


def _out(rule: str, column: str, expected: str, finds: Finder, marks: Defect = UNUSABLE) -> RowCheck:
    what_to_do = "Correct whichever of the dates is wrong, at source."
    return row_check(rule, column, expected, what_to_do, finds, marks=marks, against=("started_on",))


_warn = partial(row_check, reference="definitions 6.1")


ASSESSMENT_CHECKS = (
    _out(
        "authorised_before_start",
        "authorised_on",
        "an authorisation on or after the day the assessment started",
        lambda rows: rows["authorised_on"] < rows["started_on"],
    ),
    day_after_extract(
        "authorised_after_extract",
        "authorised_on",
        "an authorisation no later than the day of the extract",
        "Correct the date at source.",
        marks=UNUSABLE,
    ),
    _out(
        "referral_after_start",
        "referral_on",
        "a referral on or before the day the assessment started",
        lambda rows: rows["referral_on"] > rows["started_on"],
        REFERRAL_DATE_WRONG,
    ),
    day_after_extract(
        "assessment_after_extract",
        "started_on",
        "a start no later than the day of the extract",
        "Correct the start, or leave out assessments that are only planned.",
        "definitions 6.1",
    ),
    day_after_extract(
        "referral_after_extract",
        "referral_on",
        "a referral no later than the day of the extract",
        "Correct the date of the referral.",
        "definitions 6.1",
        marks=REFERRAL_DATE_WRONG,
    ),
    day_after_extract(
        "seen_after_extract",
        "seen_on",
        "a day no later than that of the extract",
        "Correct the day on which the child was seen. The child counts as seen.",
        "definitions 6.1",
    ),
    _warn(
        "assessment_of_former_kind",
        "started_on",
        f"an assessment started on or after {SINCE:%d %B %Y}, when the limit of 45 working days came in",
        "Leave out earlier initial and core assessments. Until then they too are measured against 45 working days.",
        lambda rows: ~(rows["referral_on"] > rows["started_on"]),  # told by referral_after_start
        valid_to=date.fromordinal(SINCE.toordinal() - 1),
    ),
    _warn(
        "assessment_open_too_long",
        "authorised_on",
        f"an assessment that is authorised within {LONG_OPEN_DAYS} days",
        "Authorise or close it at source. It was late when it fell due, and counts as completed in no month.",
        _open_too_long,
    ),
    _warn(
        "assessed_as_adult",
        "dob",
        "a child under 18 when the assessment started",
        "Check the date of birth. The assessment counts as recorded.",
        lambda rows: rows["started_on"] >= rows["dob"] + _years(18),
    ),
    _warn(
        "child_seen_blank",
        "child_seen",
        "Y or N for every authorised assessment",
        "Record whether the child was seen. A blank counts as not seen.",
        _without("child_seen"),
    ),
    _warn(
        "seen_without_date",
        "seen_on",
        "a date for each child who was seen",
        "Record when. The child counts as seen.",
        lambda rows: (rows["child_seen"] == "Y") & rows["seen_on"].isna() & bool(rows["seen_on"].notna().any()),
    ),
    _warn(
        "not_seen_but_dated",
        "child_seen",
        "Y where there is a date on which the child was seen",
        "Correct one of the two. The child counts as not seen.",
        lambda rows: (rows["child_seen"] == "N") & rows["seen_on"].notna(),
    ),
    _warn(
        "seen_after_authorised",
        "seen_on",
        "a child seen before the assessment was authorised",
        "Check the dates. The child counts as seen.",
        lambda rows: rows["seen_on"] > rows["authorised_on"],
        against=("authorised_on",),
    ),
    _warn(
        "assessment_outcome_blank",
        "outcome",
        "an outcome for every authorised assessment",
        "Record it. Until then the assessment counts as leading to further action.",
        _without("outcome"),
    ),
    _warn(
        "outcome_without_authorisation",
        "authorised_on",
        "an authorisation where there is an outcome",
        "Ask a manager to authorise it. The assessment counts as unfinished until then.",
        lambda rows: rows["outcome"].notna() & rows["authorised_on"].isna(),
    ),
)  # fmt: skip


def _years(number: int) -> Any:
    import pandas as pd

    return pd.DateOffset(years=number)


ASSESSMENTS = Dataset(
    id="assessments",
    title="Social work assessments",
    one_row_is="one assessment of one child",
    key=("assessment_id",),
    person=(PersonKind.CHILD, "child_id"),
    start="started_on",
    end="authorised_on",
    goes_back_by="end",
    derive=with_due_dates,
    due_days=with_due_dates,
    context=with_today,
    columns=(
        Column("assessment_id", Kind.ID, "the source's number of the assessment of this child", True, True),
        Column("child_id", Kind.ID, "the source's number of the child", True, True),
        Column("dob", Kind.DATE, "date of birth; the expected date for an unborn child", aliases=("date_of_birth",)),
        Column(
            "referral_on",
            Kind.DATE,
            "the referral that led to it; blank if the case was already open",
            True,
            unreadable=REFERRAL_UNREADABLE,
        ),
        Column("started_on", Kind.DATE, "day the assessment started", True, True),
        Column("authorised_on", Kind.DATE, "day a manager authorised it; blank while unfinished", True, vital=True),
        Column("child_seen", Kind.CODE, "whether the child was seen", codes=YES_NO, unreadable=SEEN_UNREADABLE),
        Column("seen_on", Kind.DATE, "day the child was first seen"),
        Column("outcome", Kind.CODE, "what the assessment led to", codes=OUTCOME, unreadable=OUTCOME_UNREADABLE),
        Column("team", Kind.TEXT, "team"),
    ),
    checks=ASSESSMENT_CHECKS,
)
