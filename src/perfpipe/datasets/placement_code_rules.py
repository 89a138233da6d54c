"""Rules about the codes of one episode of care: given, of a kind, and on their list at the time (definitions 4.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from perfpipe.datasets.definition import CodeList
from perfpipe.datasets.placement_codes import CEASE_REASON, CHANGE_REASON, PLACEMENT, SHORT_BREAKS, TEMPORARY
from perfpipe.datasets.placement_values import OWN_HOME, given
from perfpipe.datasets.row_check import Finder, row_check
from perfpipe.frames.libraries import pd

Day = Callable[["pd.DataFrame"], "pd.Series[Any]"]

FAMILIES = ("U1", "U2", "U3", "U4", "U5", "U6", "A3", "A4", "A5", "A6")
CANNOT_PROVIDE = {  # rules 527 to 531
    "PR1": ("P1", "R2", "R5"),
    "PR2": ("P1", "R2", "R5"),
    "PR3": (*FAMILIES, "K1", "K2", "P1"),
    "PR4": ("P1",),
    "PR5": ("P1",),
}


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


def _provider_cannot(rows: pd.DataFrame) -> pd.Series[bool]:
    wrong = (rows["provider_code"] == "PR0") & rows["placement_code"].notna() & (rows["placement_code"] != OWN_HOME)
    for provider, codes in CANNOT_PROVIDE.items():
        wrong |= (rows["provider_code"] == provider) & rows["placement_code"].isin(codes)
    return wrong


def _own_but_outside(rows: pd.DataFrame) -> pd.Series[bool]:
    lasting = ~rows["placement_code"].isin((*FAMILIES, *TEMPORARY)) & rows["placement_code"].notna()
    looked_after = ~rows["legal_status_code"].isin(SHORT_BREAKS) & rows["legal_status_code"].notna()
    return (rows["provider_code"] == "PR1") & (rows["location"] == "OUT") & lasting & looked_after


CODE_CHECKS = (
    row_check(
        "new_episode_reason_blank",
        "new_episode_reason_code",
        "a reason for the new episode: S, L, P, T, B or U",
        "Record why the episode began.",
        lambda rows: rows["new_episode_reason_code"].isna() & given(rows["new_episode_reason_code"]),
        reference="SSDA903 rule 143",
    ),
    row_check(
        "placement_code_outside_dates",
        "placement_code",
        "a placement code that was on the national list while the episode ran",
        "Correct the code at source; where the list changed during the episode, use the new code from that day.",
        _outside_dates(PLACEMENT, "placement_code", _last_day_of_use, lambda rows: rows["until"]),
        reference="SSDA903 rules 146, 217t",
    ),
    row_check(
        "cease_reason_outside_dates",
        "cease_reason_code",
        "a reason that was on the national list when the episode ceased",
        "Correct the reason the episode ceased: E43 and E44 were used to 31 March 2018, E45 to E48 from then on.",
        _outside_dates(CEASE_REASON, "cease_reason_code", lambda rows: rows["ceased_on"], lambda rows: rows["until"]),
        reference="SSDA903 rule 149",
    ),
    row_check(
        "change_reason_outside_dates",
        "change_reason_code",
        "a reason that was on the national list when the placement changed",
        "Correct the reason for the change: CUSTOD is used from 1 April 2018.",
        _outside_dates(CHANGE_REASON, "change_reason_code", lambda rows: rows["ceased_on"], lambda rows: rows["until"]),
        reference="SSDA903 rule 1009",
    ),
    row_check(
        "placement_code_blank",
        "placement_code",
        "a placement code",
        "Record the type of placement. Until then the child is shown as 'not known'.",
        lambda rows: rows["placement_code"].isna(),
        reference="SSDA903 rule 146",
    ),
    row_check(
        "legal_status_blank",
        "legal_status_code",
        "a legal status code",
        "Record the legal status. Until then the episode counts as looked after.",
        lambda rows: rows["legal_status_code"].isna(),
        reference="SSDA903 rule 144",
    ),
    row_check(
        "need_blank",
        "need_code",
        "a category of need, N1 to N8",
        "Record the category of need.",
        lambda rows: rows["need_code"].isna() & given(rows["need_code"]),
        reference="SSDA903 rule 145",
    ),
    row_check(
        "provider_blank",
        "provider_code",
        "a provider, except for temporary placements",
        "Record the provider. Until then foster care is shown as 'provider not known'.",
        lambda rows: (
            rows["provider_code"].isna()
            & rows["placement_code"].notna()
            & ~rows["placement_code"].str.startswith(("T", "Z"), na=False)
        ),
        reference="SSDA903 rules 178, 526",
    ),
    row_check(
        "provider_of_temporary_placement",
        "provider_code",
        "no provider for a temporary placement (T0 to T4)",
        "Remove the provider: a temporary placement has none of its own.",
        lambda rows: rows["placement_code"].isin(TEMPORARY) & rows["provider_code"].notna(),
        reference="SSDA903 rule 213",
    ),
    row_check(
        "provider_cannot_run_placement",
        "provider_code",
        "a provider that can run this type of placement",
        "Correct the provider or the type of placement: parents (PR0) with P1 only, own provision and other "
        "authorities (PR1, PR2) not with P1, R2 or R5, other public bodies (PR3) not with P1, foster care, adoption, "
        "K1 or K2, and private or voluntary ones (PR4, PR5) not with P1.",
        _provider_cannot,
        reference="SSDA903 rules 527, 528, 529, 530, 531",
    ),
    row_check(
        "own_provision_outside_area",
        "location",
        "own provision inside the authority's boundary, except for foster care and adoption",
        "Correct the provider or whether the placement is inside the boundary.",
        _own_but_outside,
        reference="SSDA903 rule 1015",
    ),
)
