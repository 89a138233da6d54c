"""The groups of placements, dated (definitions 4.4), and the children looked after at each month end (definitions 4.5).

Groups are for showing, and the plan may change them. What a measure counts is defined by codes, whatever their groups.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING

from perfpipe.datasets.placement_codes import CONNECTED, PLACEMENT, PROVIDER
from perfpipe.datasets.placement_order import in_order, last_places, numbers_of
from perfpipe.datasets.placements import SHORT_BREAKS, UNACCOMPANIED_UNREADABLE
from perfpipe.frames.libraries import np
from perfpipe.measures.counts import Mask
from perfpipe.measures.definition import Breakdown
from perfpipe.measures.local_choices import NOT_KNOWN, PLACEMENT_GROUPS, PlacementGroup, spans

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.int64]

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


def grouped_by(groups: tuple[PlacementGroup, ...]) -> Breakdown:
    """The breakdown by placement group; last come children without a usable placement code."""
    titles = {group.id: group.title for group in groups}
    return Breakdown("placement_group", "Placement group", titles | {NOT_KNOWN: "Not known"})


PLACEMENT_GROUP = grouped_by(PLACEMENT_GROUPS)


@cache
def _lookup(groups: tuple[PlacementGroup, ...]) -> tuple[list[str], Numbers]:
    """From which months on, and for each such span, code and provider (the last: any other) the number of the group."""
    held = spans(groups)
    lookup = np.full((len(held), len(PLACEMENT.codes) + 1, len(PROVIDER.codes) + 1), len(groups))
    for number, span in enumerate(held):
        for place, code in enumerate(PLACEMENT.by_code):
            for who, provider in enumerate((*PROVIDER.by_code, "")):
                named = span.entries.get((code, provider)) or span.entries[code, ""]
                lookup[number, place, who] = named[0].group
    return [span.since for span in held], lookup


def group_numbers(
    place: pd.Series, provider: pd.Series, month: pd.Series, groups: tuple[PlacementGroup, ...] = PLACEMENT_GROUPS
) -> Numbers:
    """The place of each group in the breakdown, by type, provider and the month (YYYY-MM) at whose end it is asked."""
    import pandas as pd

    since, lookup = _lookup(groups)
    number, months = pd.factorize(month)
    span = np.array([*(bisect_right(since, each) - 1 for each in months), 0])[number]
    at, who = (
        pd.Index([*codes]).get_indexer(pd.Index(each))
        for codes, each in ((PLACEMENT.by_code, place), (PROVIDER.by_code, provider))
    )  # -1 is the last: not known, or any other
    found: Numbers = lookup[span, at, who]
    return found


def group_of(
    place: pd.Series, provider: pd.Series, month: pd.Series, groups: tuple[PlacementGroup, ...] = PLACEMENT_GROUPS
) -> pd.Categorical[str]:
    """As `group_numbers`, the groups by name."""
    import pandas as pd

    names = pd.Index([*grouped_by(groups).groups], dtype="str")
    return pd.Categorical.from_codes(group_numbers(place, provider, month, groups), categories=names)


def in_care(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """True for episodes that are not in a series of short breaks (V3, V4)."""
    return ~rows["legal_status_code"].isin(SHORT_BREAKS).to_numpy(dtype=np.bool_)


def children(rows: pd.DataFrame, groups: tuple[PlacementGroup, ...] = PLACEMENT_GROUPS) -> pd.DataFrame:
    """One row per child looked after at each month end (definitions 4.5).

    Takes the episodes open at each `month`'s end, with the settled placement of the dataset. Short breaks
    (V3, V4) are left out; a child with two open episodes is counted once, in the one that started last.
    Adds the columns of the breakdowns. `defects` are those of the settled placement, and of whether the child is
    unaccompanied.
    """
    whose = numbers_of(rows, ["month", "child_id"])
    once = rows.iloc[last_places(whose, in_order(rows, whose, np.flatnonzero(in_care(rows))))]
    place, provider = once["settled_placement_code"], once["settled_provider_code"]
    defects, mark = once["settled_defects"], UNACCOMPANIED_UNREADABLE.id
    return once.assign(
        defects=defects.mask(once["defects"].str.contains(mark, regex=False), defects + " " + mark),
        placement_group=group_of(place, provider, once["month"], groups),
        area=once["settled_location"].map({"IN": "in", "OUT": "out"}),
        run_by=provider.where(provider.isna(), "external").mask(provider == OWN, "own"),
        is_unaccompanied=once["unaccompanied"].map({"Y": "yes", "N": "no"}),
    )


def looked_after(rows: pd.DataFrame) -> pd.Series:
    """Every child of the snapshot."""
    return rows["child_id"].notna()


def placed_in(*codes: str) -> Mask:
    """Children whose settled placement has one of the codes; a code that is not on the list is refused."""

    def placed(rows: pd.DataFrame) -> pd.Series:
        if unknown := [code for code in codes if code not in PLACEMENT.by_code]:
            raise ValueError(f"placed_in: no placement code {', '.join(map(repr, unknown))}")
        return rows["settled_placement_code"].isin(codes)

    return placed


def run_by_authority(rows: pd.DataFrame) -> pd.Series:
    """Children whose settled placement is the authority's own (PR1)."""
    return rows["settled_provider_code"] == OWN


def in_supported(rows: pd.DataFrame) -> pd.Series:
    """Children in semi-independent or supported accommodation, or in independent living while it was on the list."""
    place = rows["settled_placement_code"]
    return place.isin(SUPPORTED) & ((place != "P2") | (rows["month"] <= P2_LAST_MONTH_END))
