"""Placement measures at month end (`domain.md` 2.4, 2.5 and 2.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfpipe.datasets.placements import PLACEMENTS, SHORT_BREAKS, TEMPORARY
from perfpipe.measures.definition import Breakdown, Measure, Period, Polarity, Unit, last_of_each
from perfpipe.measures.return_home_interviews import AREA

if TYPE_CHECKING:
    import pandas as pd

FOSTER = ("U1", "U2", "U3", "U4", "U5", "U6")
CHILDRENS_HOMES = ("K1", "K2")
SUPPORTED = ("H5", "P2", "K3")
P2_LAST_MONTH_END = "2023-09"  # independent living left the national list on 27 October 2023
OWNER = "Head of looked after children"
CLA = "DfE, children looked after in England (SSDA903 return), counted at month end"

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
    dict.fromkeys(("U1", "U2", "U3"), "foster_connected")
    | dict.fromkeys(("U4", "U5", "U6"), "foster_unknown")
    | dict.fromkeys(CHILDRENS_HOMES, "childrens_home")
    | dict.fromkeys(("R1", "R2", "R3", "R5", "S1"), "residential_other")
    | dict.fromkeys(SUPPORTED, "supported_semi_independent")
    | {"P1": "with_parents"}
    | dict.fromkeys(("A3", "A4", "A5", "A6"), "adoption")
    | dict.fromkeys(("P3", "Z1", "Z11", "Z12", "Z13", "Z14"), "other")
    | dict.fromkeys(TEMPORARY, "temporary")
)
_GROUP_OF_PROVIDER = {
    "PR1": "foster_inhouse",
    "PR4": "foster_ifa",
    "PR5": "foster_ifa",
    "PR2": "foster_other_la",
}


def children(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per child looked after at each month end (2.5).

    Takes the episodes open at each `month`'s end, with the settled placement of the dataset. Short breaks
    (V3, V4) are left out; a child with two open episodes is counted once, in the one that started last.
    """
    looked_after = rows[~rows["legal_status_code"].isin(SHORT_BREAKS)]
    order = ["started_on", "placement_code", "provider_code", "source_row"]
    once = last_of_each(looked_after, ["month", "child_id"], order)
    place = once["settled_placement_code"]
    group = place.map(_GROUP_OF_PLACE)
    by_provider = once["settled_provider_code"].map(_GROUP_OF_PROVIDER).fillna("foster_unknown")
    group = group.where(group != "foster_unknown", by_provider)
    group = group.where((place != "P2") | (once["month"] <= P2_LAST_MONTH_END), "other")
    return once.assign(placement_group=group, area=once["settled_location"].map({"IN": "in", "OUT": "out"}))


def looked_after(rows: pd.DataFrame) -> pd.Series:
    """Every child of the snapshot."""
    return rows["child_id"].notna()


CHILDREN_LOOKED_AFTER = Measure(
    id="children_looked_after",
    code="PL-01",
    title="Children looked after",
    dataset=PLACEMENTS,
    periods=(Period.MONTH_END,),
    rows=children,
    numerator=looked_after,
    unit=Unit.COUNT,
    polarity=Polarity.RANGE_IS_BEST,
    breakdowns=(AREA,),
    owner=OWNER,
    why_it_matters="Neither high nor low is good in itself: a change has to be understood.",
    definition="Children with an open episode at the end of the month's last day; series of short breaks "
    "(V3, V4) are left out, unaccompanied children are included.",
    source=CLA,
)
IN_FOSTER_CARE = Measure(
    id="in_foster_care",
    code="PL-02",
    title="Children in foster care",
    dataset=PLACEMENTS,
    periods=(Period.MONTH_END,),
    rows=children,
    denominator=looked_after,
    numerator=lambda rows: rows["settled_placement_code"].isin(FOSTER),
    unit=Unit.PERCENT,
    polarity=Polarity.HIGHER_IS_BETTER,
    breakdowns=(AREA,),
    owner=OWNER,
    why_it_matters="Most children do best in a family.",
    definition="Of children looked after at month end, those placed with foster carers (U1 to U6), own, agency "
    "or connected.",
    source=CLA,
)
IN_CHILDRENS_HOMES = Measure(
    id="in_childrens_homes",
    code="PL-05",
    title="Children in children's homes",
    dataset=PLACEMENTS,
    periods=(Period.MONTH_END,),
    rows=children,
    denominator=looked_after,
    numerator=lambda rows: rows["settled_placement_code"].isin(CHILDRENS_HOMES),
    unit=Unit.PERCENT,
    polarity=Polarity.LOWER_IS_BETTER,
    breakdowns=(AREA,),
    owner=OWNER,
    why_it_matters="Residential care is right for some children; a rising share says families are not found.",
    definition="Of children looked after at month end, those in a children's home, secure ones included "
    "(K1, K2). Supported accommodation is not residential care here.",
    source=CLA,
)
IN_SUPPORTED_ACCOMMODATION = Measure(
    id="in_supported_accommodation",
    code="PL-06",
    title="Children in supported accommodation",
    dataset=PLACEMENTS,
    periods=(Period.MONTH_END,),
    rows=children,
    denominator=looked_after,
    numerator=lambda rows: rows["placement_group"] == "supported_semi_independent",
    unit=Unit.PERCENT,
    polarity=Polarity.NEITHER,
    owner=OWNER,
    why_it_matters="Young people living semi-independently need as much care as any other looked after child.",
    definition="Of children looked after at month end, those in semi-independent, independent (to 27 October "
    "2023) or supported accommodation (H5, P2, K3).",
    source=CLA,
)
CHILDREN_BY_PLACEMENT_GROUP = Measure(
    id="children_by_placement_group",
    code="PL-01g",
    title="Children looked after by placement group",
    dataset=PLACEMENTS,
    periods=(Period.MONTH_END,),
    rows=children,
    numerator=looked_after,
    unit=Unit.COUNT,
    polarity=Polarity.NEITHER,
    breakdowns=(PLACEMENT_GROUP,),
    owner=OWNER,
    why_it_matters="Where children live, and so what has to be found, checked and paid for.",
    definition="Children looked after at month end by the group of their placement; a temporary placement "
    "counts as the one it interrupts.",
    source=CLA,
)

MEASURES = (
    CHILDREN_LOOKED_AFTER,
    CHILDREN_BY_PLACEMENT_GROUP,
    IN_FOSTER_CARE,
    IN_CHILDRENS_HOMES,
    IN_SUPPORTED_ACCOMMODATION,
)
