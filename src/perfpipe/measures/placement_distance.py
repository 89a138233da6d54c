"""How far from home children are placed, and whether outside the authority's boundary (definitions 4.8)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.placement_distance import tenths
from perfpipe.datasets.placement_rules import UNKNOWN_MILES
from perfpipe.datasets.placements import PLACEMENTS
from perfpipe.measures.counts import share
from perfpipe.measures.definition import Basis, Display, Measure, Period, Polarity
from perfpipe.measures.placement_groups import OWNER, children, looked_after

if TYPE_CHECKING:
    import pandas as pd

FAR_MILES = 20
LAIT = "DfE, LAIT LACDistance (SSDA903 return), counted at month end"
WHERE_FROM = (
    "Distance and boundary are the extract's own, or, where it has none at all, worked out from postcodes and the "
    "places file of the workspace."
)


def outside(rows: pd.DataFrame) -> pd.Series:
    """Placed outside the authority's boundary; not known is not outside."""
    is_out: pd.Series[bool] = rows["settled_location"] == "OUT"
    return is_out


def far_and_outside(rows: pd.DataFrame) -> pd.Series:
    """More than 20 miles from home, rounded to a tenth, and outside the boundary.

    999.9 stands for not known; an unaccompanied child has no home to be far from.
    """
    miles = tenths(rows["settled_distance_miles"])
    known = (miles != UNKNOWN_MILES) & (rows["unaccompanied"] != "Y").fillna(True)
    far: pd.Series[bool] = outside(rows) & known & (miles > FAR_MILES)
    return far


CHILDREN = Basis(PLACEMENTS, rows=children)
_of_children = partial(
    Measure,
    basis=CHILDREN,
    periods=(Period.MONTH_END,),
    shown=Display(Polarity.LOWER_IS_BETTER, same_total_as="children_looked_after"),
    owner=OWNER,
)

FAR_FROM_HOME = _of_children(
    id="far_from_home",
    code="PL-09",
    title="Children placed over 20 miles from home and outside the boundary",
    basis=CHILDREN.needing("distance_miles", "location"),
    counts=share(far_and_outside, of=looked_after),
    left_out_by=("distance_unreadable", "location_unreadable", "unaccompanied_unreadable"),
    why_it_matters="Far from home a child is far from family, school and friends, and from the social worker.",
    definition="Of all children looked after at month end, those placed more than 20 miles from home (straight line, "
    "rounded to a tenth of a mile) and outside the authority's boundary. A distance that is blank or 999.9 is not "
    "known: the child stays in the denominator. Unaccompanied children have no distance. " + WHERE_FROM,
    source=LAIT,
)
OUTSIDE_BOUNDARY = _of_children(
    id="outside_boundary",
    code="PL-10",
    title="Children placed outside the boundary",
    basis=CHILDREN.needing("location"),
    counts=share(outside, of=looked_after),
    left_out_by=("location_unreadable",),
    why_it_matters="Another authority's schools, health services and police then look after the child.",
    definition="Of all children looked after at month end, those placed outside the authority's boundary at any "
    "distance. Not the published measure, which asks for 20 miles too (PL-09). " + WHERE_FROM,
    source="Local definition",
)

MEASURES = (FAR_FROM_HOME, OUTSIDE_BOUNDARY)
