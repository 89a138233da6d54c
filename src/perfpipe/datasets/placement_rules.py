"""Rules about one episode of care by itself: SSDA903 validation rules that one row can break (definitions 4.2, 4.3).

The numbers are those of the national return. A rule's severity is what the measures need (definitions 1.7), not the
return's: no rule here takes a row out of a figure, but the one about dates in the wrong order.
"""

from __future__ import annotations

from datetime import date

from perfpipe.datasets.placement_values import OWN_HOME, given, is_postcode
from perfpipe.datasets.row_check import RowCheck, day_after_extract, row_check
from perfpipe.frames.libraries import pd
from perfpipe.rules.rule import INFO, UNUSABLE

SAFE_MILES, UNKNOWN_MILES = 350, 999.9


def _postcode(column: str, whose: str) -> RowCheck:
    return row_check(
        f"{column}_invalid",
        column,
        "a full British postcode, or a blank",
        f"Correct the postcode of {whose}, or leave it blank where it is not known.",
        lambda rows: rows[column].notna() & ~is_postcode(rows[column]),
        reference="SSDA903 rule 392c (its form only: no list of postcodes is at hand)",
    )


def _of_age_and_open(rows: pd.DataFrame) -> pd.Series[bool]:
    """Open episodes of those whose 18th birthday has come by the extract's time in Europe/London."""
    of_age: pd.Series[bool] = rows["dob"] + pd.DateOffset(years=18) <= rows["until"]
    return rows["ceased_on"].isna() & of_age


EPISODE_CHECKS = (
    row_check(
        "ceased_before_started",
        "ceased_on",
        "an episode that ends after it starts",
        "Correct whichever of the dates is wrong, at source.",
        lambda rows: (rows["ceased_on"] < rows["started_on"]).fillna(False),
        "SSDA903 rule 356",
        marks=UNUSABLE,
        against=("started_on",),
    ),
    row_check(
        "ceased_on_its_first_day",
        "ceased_on",
        "an episode of at least 24 hours",
        "Remove the episode at source, or correct its dates. It is in no month-end figure.",
        lambda rows: rows["ceased_on"] == rows["started_on"],
        reference="SSDA903 rule 355",
    ),
    row_check(
        "birth_date_blank",
        "dob",
        "a date of birth for each child, where the source gives any",
        "Record the date of birth. Until then the child is in no figure that needs an age.",
        lambda rows: rows["dob"].isna() & bool(rows["dob"].notna().any()),
        reference="definitions 4.7",
        lacking="dob",
    ),
    row_check(
        "started_before_birth",
        "started_on",
        "a start on or after the child's date of birth",
        "Correct the start or the date of birth.",
        lambda rows: rows["started_on"] < rows["dob"],
        reference="definitions 1.6",
        against=("dob",),
    ),
    day_after_extract(
        "started_after_extract",
        "started_on",
        "a start no later than the day of the extract",
        "Correct the start, or leave out placements that are only planned. It counts from the month recorded.",
        "definitions 1.6",
    ),
    day_after_extract(
        "born_after_extract",
        "dob",
        "a date of birth no later than the day of the extract",
        "Correct the date of birth.",
        "definitions 1.6",
    ),
    row_check(
        "ceased_after_extract",
        "ceased_on",
        "an end no later than the day of the extract",
        "Leave the end blank until the episode has ended, if it is only planned.",
        lambda rows: rows["ceased_on"] > rows["today"],
        reference="definitions 1.6",
        severity=INFO,
    ),
    row_check(
        "aged_18_or_over",
        "dob",
        "a child under 18 while an episode is open",
        "End the episode at source, or confirm section 20(5) accommodation. The child is counted until then.",
        _of_age_and_open,
        reference="SSDA903 rule 359",
    ),
    row_check(
        "ceased_without_reason",
        "cease_reason_code",
        "a reason for each episode that has ceased",
        "Record the reason the episode ceased, or remove the date if it is still open.",
        lambda rows: rows["ceased_on"].notna() & rows["cease_reason_code"].isna(),
        reference="SSDA903 rule 148",
    ),
    row_check(
        "reason_without_end",
        "ceased_on",
        "a date for each episode that has a reason why it ceased",
        "Record the date the episode ceased, or remove the reason if it is still open. It counts as open until then.",
        lambda rows: rows["ceased_on"].isna() & rows["cease_reason_code"].notna(),
        reference="SSDA903 rule 148",
    ),
    _postcode("home_postcode", "the child's home"),
    _postcode("placement_postcode", "the placement"),
    row_check(
        "placed_at_home_address",
        "placement_postcode",
        "a placement postcode that differs from the home's, unless the child is placed with parents (P1)",
        "Correct the postcode of the home or of the placement, or the type of placement.",
        lambda rows: (rows["home_postcode"] == rows["placement_postcode"]) & (rows["placement_code"] != OWN_HOME),
        reference="SSDA903 rule 392d",
    ),
    row_check(
        "distance_implausible",
        "distance_miles",
        f"at most {SAFE_MILES} miles, or {UNKNOWN_MILES} where the distance is not known",
        "Correct the distance from home to placement.",
        lambda rows: (rows["distance_miles"] > SAFE_MILES) & (rows["distance_miles"] != UNKNOWN_MILES),
        reference="SSDA903 rule 454",
    ),
    row_check(
        "urn_blank",
        "urn",
        "Ofsted's unique reference number for semi-independent accommodation (H5) from 28 October 2023",
        "Record the number. If the placement is outside England, do nothing: it has none.",
        lambda rows: (rows["placement_code"] == "H5") & rows["urn"].isna() & given(rows["urn"]),
        reference="SSDA903 rule 230",
        valid_from=date(2023, 10, 29),
        dated_by="ceased_on",
    ),
)
