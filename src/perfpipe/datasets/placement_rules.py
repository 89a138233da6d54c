"""Rules about one episode of care by itself: SSDA903 validation rules that one row can break (definitions 4.2, 4.3).

The numbers are those of the national return. A rule's severity is what the measures need (definitions 1.7), not the
return's: no rule here takes a row out of a figure, but the one about dates in the wrong order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from perfpipe.datasets.definition import CodeList, Finder, Rule, Severity
from perfpipe.datasets.placement_codes import CEASE_REASON, CHANGE_REASON, PLACEMENT, SHORT_BREAKS, TEMPORARY

Day = Callable[[pd.DataFrame], "pd.Series[Any]"]

OWN_HOME = "P1"
FAMILIES = ("U1", "U2", "U3", "U4", "U5", "U6", "A3", "A4", "A5", "A6")
CANNOT_PROVIDE = {  # rules 527 to 531
    "PR1": ("P1", "R2", "R5"),
    "PR2": ("P1", "R2", "R5"),
    "PR3": (*FAMILIES, "K1", "K2", "P1"),
    "PR4": ("P1",),
    "PR5": ("P1",),
}
SAFE_MILES, UNKNOWN_MILES = 350, 999.9
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}", re.IGNORECASE)


def given(column: pd.Series[Any]) -> bool:
    """Whether the extract has any value in this column: one that it lacks altogether is not blank row by row."""
    return bool(column.notna().any())


def _outside_dates(codes: CodeList, column: str, needed: Day, used_until: Day) -> Finder:
    """Rows whose code came onto the list after `used_until`, or had left it by the day on which it was `needed`."""

    def finds(rows: pd.DataFrame) -> pd.Series[bool]:
        outside = pd.Series(False, index=rows.index)
        last, end = needed(rows), used_until(rows)
        for code in codes.codes:
            uses = rows[column] == code.code
            if code.valid_from:
                outside |= uses & (end < pd.Timestamp(code.valid_from))
            if code.valid_to:
                outside |= uses & (last > pd.Timestamp(code.valid_to))
        return outside

    return finds


def _last_day_of_use(rows: pd.DataFrame) -> pd.Series[Any]:
    """The last day on which an episode needs its code: the day before it ended, as the next starts on that day."""
    return (rows["until"] - pd.Timedelta(days=1)).clip(lower=rows["started_on"])


def is_postcode(column: pd.Series[Any]) -> pd.Series[bool]:
    """Whether each text has the form of a full British postcode; False where blank."""
    numbers, texts = pd.factorize(column)  # blanks are number -1: the last of the answers
    fits = [POSTCODE.fullmatch(text.strip()) is not None for text in texts]
    return pd.Series(np.array([*fits, False])[numbers], index=column.index)


def _postcode(column: str, whose: str) -> Rule:
    return Rule(
        f"{column}_invalid",
        column,
        Severity.WARN,
        "a full British postcode, or a blank",
        f"Correct the postcode of {whose}, or leave it blank where it is not known.",
        lambda rows: rows[column].notna() & ~is_postcode(rows[column]),
        reference="SSDA903 rule 392c (its form only: no list of postcodes is at hand)",
    )


def _of_age_and_open(rows: pd.DataFrame) -> pd.Series[bool]:
    """Open episodes of those whose 18th birthday has come by the extract's time in Europe/London."""
    of_age: pd.Series[bool] = rows["dob"] + pd.DateOffset(years=18) <= rows["until"]
    return rows["ceased_on"].isna() & of_age


def _provider_cannot(rows: pd.DataFrame) -> pd.Series[bool]:
    wrong = (rows["provider_code"] == "PR0") & rows["placement_code"].notna() & (rows["placement_code"] != OWN_HOME)
    for provider, codes in CANNOT_PROVIDE.items():
        wrong |= (rows["provider_code"] == provider) & rows["placement_code"].isin(codes)
    return wrong


def _own_but_outside(rows: pd.DataFrame) -> pd.Series[bool]:
    lasting = ~rows["placement_code"].isin((*FAMILIES, *TEMPORARY)) & rows["placement_code"].notna()
    looked_after = ~rows["legal_status_code"].isin(SHORT_BREAKS) & rows["legal_status_code"].notna()
    return (rows["provider_code"] == "PR1") & (rows["location"] == "OUT") & lasting & looked_after


EPISODE_RULES = (
    Rule(
        "ceased_before_started",
        "ceased_on",
        Severity.EXCLUDE,
        "an episode that ends after it starts",
        "Correct the dates at source.",
        lambda rows: (rows["ceased_on"] < rows["started_on"]).fillna(False),
        ("*",),
        "SSDA903 rule 356",
    ),
    Rule(
        "ceased_on_its_first_day",
        "ceased_on",
        Severity.WARN,
        "an episode of at least 24 hours",
        "Remove the episode at source, or correct its dates. It is in no month-end figure.",
        lambda rows: rows["ceased_on"] == rows["started_on"],
        reference="SSDA903 rule 355",
    ),
    Rule(
        "started_before_birth",
        "started_on",
        Severity.WARN,
        "a start on or after the child's date of birth",
        "Correct the start or the date of birth.",
        lambda rows: rows["started_on"] < rows["dob"],
        reference="definitions 1.6",
    ),
    Rule(
        "started_after_extract",
        "started_on",
        Severity.WARN,
        "a start no later than the day of the extract",
        "Correct the start, or leave out placements that are only planned. It counts from the month it names.",
        lambda rows: rows["started_on"] > rows["today"],
        reference="definitions 1.6",
    ),
    Rule(
        "ceased_after_extract",
        "ceased_on",
        Severity.INFO,
        "an end no later than the day of the extract",
        "Leave the end blank until the episode has ended, if it is only planned.",
        lambda rows: rows["ceased_on"] > rows["today"],
        reference="definitions 1.6",
    ),
    Rule(
        "aged_18_or_over",
        "dob",
        Severity.WARN,
        "a child under 18 while an episode is open",
        "End the episode at source, or confirm section 20(5) accommodation. The child is counted until then.",
        _of_age_and_open,
        reference="SSDA903 rule 359",
    ),
    Rule(
        "new_episode_reason_blank",
        "new_episode_reason_code",
        Severity.WARN,
        "a reason for the new episode: S, L, P, T, B or U",
        "Record why the episode began.",
        lambda rows: rows["new_episode_reason_code"].isna() & given(rows["new_episode_reason_code"]),
        reference="SSDA903 rule 143",
    ),
    Rule(
        "placement_code_outside_dates",
        "placement_code",
        Severity.WARN,
        "a placement code that was on the national list while the episode ran",
        "Correct the code at source; where the list changed during the episode, use the new code from that day.",
        _outside_dates(PLACEMENT, "placement_code", _last_day_of_use, lambda rows: rows["until"]),
        reference="SSDA903 rules 146, 217t",
    ),
    Rule(
        "cease_reason_outside_dates",
        "cease_reason_code",
        Severity.WARN,
        "a reason that was on the national list when the episode ceased",
        "Correct the reason the episode ceased: E43 and E44 were used to 31 March 2018, E45 to E48 from then on.",
        _outside_dates(CEASE_REASON, "cease_reason_code", lambda rows: rows["ceased_on"], lambda rows: rows["until"]),
        reference="SSDA903 rule 149",
    ),
    Rule(
        "change_reason_outside_dates",
        "change_reason_code",
        Severity.WARN,
        "a reason that was on the national list when the placement changed",
        "Correct the reason for the change: CUSTOD is used from 1 April 2018.",
        _outside_dates(CHANGE_REASON, "change_reason_code", lambda rows: rows["ceased_on"], lambda rows: rows["until"]),
        reference="SSDA903 rule 1009",
    ),
    Rule(
        "placement_code_blank",
        "placement_code",
        Severity.WARN,
        "a placement code",
        "Record the type of placement. Until then the child is shown as 'not known'.",
        lambda rows: rows["placement_code"].isna(),
        reference="SSDA903 rule 146",
    ),
    Rule(
        "legal_status_blank",
        "legal_status_code",
        Severity.WARN,
        "a legal status code",
        "Record the legal status. Until then the episode counts as looked after.",
        lambda rows: rows["legal_status_code"].isna(),
        reference="SSDA903 rule 144",
    ),
    Rule(
        "need_blank",
        "need_code",
        Severity.WARN,
        "a category of need, N1 to N8",
        "Record the category of need.",
        lambda rows: rows["need_code"].isna() & given(rows["need_code"]),
        reference="SSDA903 rule 145",
    ),
    Rule(
        "provider_blank",
        "provider_code",
        Severity.WARN,
        "a provider, except for temporary placements",
        "Record the provider. Until then foster care is shown as 'provider not known'.",
        lambda rows: (
            rows["provider_code"].isna()
            & rows["placement_code"].notna()
            & ~rows["placement_code"].str.startswith(("T", "Z"), na=False)
        ),
        reference="SSDA903 rules 178, 526",
    ),
    Rule(
        "provider_of_temporary_placement",
        "provider_code",
        Severity.WARN,
        "no provider for a temporary placement (T0 to T4)",
        "Remove the provider: a temporary placement has none of its own.",
        lambda rows: rows["placement_code"].isin(TEMPORARY) & rows["provider_code"].notna(),
        reference="SSDA903 rule 213",
    ),
    Rule(
        "provider_cannot_run_placement",
        "provider_code",
        Severity.WARN,
        "a provider that can run this type of placement",
        "Correct the provider or the type of placement: parents (PR0) with P1 only, own provision and other "
        "authorities (PR1, PR2) not with P1, R2 or R5, other public bodies (PR3) not with P1, foster care, adoption, "
        "K1 or K2, and private or voluntary ones (PR4, PR5) not with P1.",
        _provider_cannot,
        reference="SSDA903 rules 527, 528, 529, 530, 531",
    ),
    Rule(
        "own_provision_outside_area",
        "location",
        Severity.WARN,
        "own provision inside the authority's boundary, except for foster care and adoption",
        "Correct the provider or whether the placement is inside the boundary.",
        _own_but_outside,
        reference="SSDA903 rule 1015",
    ),
    Rule(
        "ceased_without_reason",
        "cease_reason_code",
        Severity.WARN,
        "a reason for each episode that has ceased",
        "Record the reason the episode ceased, or remove the date if it is still open.",
        lambda rows: rows["ceased_on"].notna() & rows["cease_reason_code"].isna(),
        reference="SSDA903 rule 148",
    ),
    Rule(
        "reason_without_end",
        "ceased_on",
        Severity.WARN,
        "a date for each episode that has a reason why it ceased",
        "Record the date the episode ceased, or remove the reason if it is still open. It counts as open until then.",
        lambda rows: rows["ceased_on"].isna() & rows["cease_reason_code"].notna(),
        reference="SSDA903 rule 148",
    ),
    _postcode("home_postcode", "the child's home"),
    _postcode("placement_postcode", "the placement"),
    Rule(
        "placed_at_home_address",
        "placement_postcode",
        Severity.WARN,
        "a placement postcode that differs from the home's, unless the child is placed with parents (P1)",
        "Correct the postcode of the home or of the placement, or the type of placement.",
        lambda rows: (rows["home_postcode"] == rows["placement_postcode"]) & (rows["placement_code"] != OWN_HOME),
        reference="SSDA903 rule 392d",
    ),
    Rule(
        "distance_implausible",
        "distance_miles",
        Severity.WARN,
        f"at most {SAFE_MILES} miles, or {UNKNOWN_MILES} where the distance is not known",
        "Correct the distance from home to placement.",
        lambda rows: (rows["distance_miles"] > SAFE_MILES) & (rows["distance_miles"] != UNKNOWN_MILES),
        reference="SSDA903 rule 454",
    ),
    Rule(
        "urn_blank",
        "urn",
        Severity.WARN,
        "Ofsted's unique reference number for semi-independent accommodation (H5) from 28 October 2023",
        "Record the number. A placement outside England has none, and needs nothing.",
        lambda rows: (rows["placement_code"] == "H5") & rows["urn"].isna() & given(rows["urn"]),
        reference="SSDA903 rule 230",
        valid_from=date(2023, 10, 29),
        dated_by="ceased_on",
    ),
)
