"""The groups of placements, dated (`domain.md` 2.4), and the children looked after at each month end (2.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perfpipe.datasets.placement_order import in_order, last_of_each, numbers_of
from perfpipe.datasets.placements import SHORT_BREAKS, TEMPORARY
from perfpipe.measures.definition import Breakdown, Mask

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

CONNECTED = ("U1", "U2", "U3")
UNRELATED = ("U4", "U5", "U6")
FOSTER = (*CONNECTED, *UNRELATED)
CHILDRENS_HOMES = ("K1", "K2")
SUPPORTED = ("H5", "P2", "K3")
ADOPTION = ("A3", "A4", "A5", "A6")
OWN = "PR1"
P2_LAST_MONTH_END = "2023-09"  # independent living left the national list on 27 October 2023
OWNER = "Head of looked after children"
CLA = "DfE, children looked after in England (SSDA903 return), counted at month end"
SERIES_BREAK = (
    "Published series break on 28 October 2023, when independent living (P2) left the list and unregistered places "
    "went to 'other', and on 1 April 2024, when supported accommodation (K3) came onto it."
)

PLACEMENT_GROUP = Breakdown(
    "placement_group",
    "Placement group",
    {
        "foster_connected": "Foster: friends and family",
        "foster_inhouse": "Foster: own carers",
        "foster_ifa": "Foster: independent agency",
        "foster_other_la": "Foster: another authority's carers",
        "foster_unknown": "Foster: provider not known",
        "childrens_home": "Children's homes",
        "residential_other": "Other residential",
        "supported_semi_independent": "Supported or semi-independent",
        "with_parents": "With parents",
        "adoption": "Placed for adoption",
        "other": "Other placements",
        "temporary": "Temporary, placement not known",
        "not_known": "Not known",
    },
)
_GROUP_OF_PLACE = (
    dict.fromkeys(CONNECTED, "foster_connected")
    | dict.fromkeys(UNRELATED, "foster_unknown")
    | dict.fromkeys(CHILDRENS_HOMES, "childrens_home")
    | dict.fromkeys(("R1", "R2", "R3", "R5", "S1"), "residential_other")
    | dict.fromkeys(SUPPORTED, "supported_semi_independent")
    | {"P1": "with_parents"}
    | dict.fromkeys(ADOPTION, "adoption")
    | dict.fromkeys(("P3", "Z1", "Z11", "Z12", "Z13", "Z14"), "other")
    | dict.fromkeys(TEMPORARY, "temporary")
)
_GROUP_OF_PROVIDER = {
    OWN: "foster_inhouse",
    "PR4": "foster_ifa",
    "PR5": "foster_ifa",
    "PR2": "foster_other_la",
}


def group_of(place: pd.Series, provider: pd.Series, month: pd.Series) -> pd.Series:
    """The placement group by type, provider and the month (YYYY-MM) at whose end it is asked; blank: not known."""
    group = place.map(_GROUP_OF_PLACE)
    by_provider = provider.map(_GROUP_OF_PROVIDER).fillna("foster_unknown")
    group = group.where(group != "foster_unknown", by_provider)
    return group.where((place != "P2") | (month <= P2_LAST_MONTH_END), "other")


def in_care(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """True for episodes that are not in a series of short breaks (V3, V4)."""
    return ~rows["legal_status_code"].isin(SHORT_BREAKS).to_numpy(dtype=np.bool_)


def children(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per child looked after at each month end (2.5).

    Takes the episodes open at each `month`'s end, with the settled placement of the dataset. Short breaks
    (V3, V4) are left out; a child with two open episodes is counted once, in the one that started last.
    Adds the columns of the breakdowns.
    """
    whose = numbers_of(rows, ["month", "child_id"])
    once = rows.iloc[last_of_each(whose, in_order(rows, whose, np.flatnonzero(in_care(rows))))]
    place, provider = once["settled_placement_code"], once["settled_provider_code"]
    return once.assign(
        placement_group=group_of(place, provider, once["month"]),
        area=once["settled_location"].map({"IN": "in", "OUT": "out"}),
        run_by=provider.where(provider.isna(), "external").mask(provider == OWN, "own"),
        is_unaccompanied=once["unaccompanied"].map({"Y": "yes", "N": "no"}),
    )


def looked_after(rows: pd.DataFrame) -> pd.Series:
    """Every child of the snapshot."""
    return rows["child_id"].notna()


def placed_in(*codes: str) -> Mask:
    """Children whose settled placement has one of the codes."""
    return lambda rows: rows["settled_placement_code"].isin(codes)


def in_group(*groups: str) -> Mask:
    """Children whose settled placement is in one of the groups."""
    return lambda rows: rows["placement_group"].isin(groups)
