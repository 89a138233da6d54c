"""Placements: one row per episode of care, in the shape of the SSDA903 return (`domain.md` 2.1 to 2.5)."""

from __future__ import annotations

import pandas as pd

from perfpipe.datasets.definition import Column, Dataset, Kind
from perfpipe.datasets.in_order import InOrder
from perfpipe.datasets.placement_codes import (
    CEASE_REASON,
    CHANGE_REASON,
    LEGAL_STATUS,
    LOCATION,
    NEED,
    NEW_EPISODE_REASON,
    PLACEMENT,
    PROVIDER,
    SHORT_BREAKS,
    TEMPORARY,
)
from perfpipe.datasets.placement_history import HISTORY_RULES, with_neighbours
from perfpipe.datasets.placement_limits import LIMIT_RULES
from perfpipe.datasets.placement_rules import EPISODE_RULES

__all__ = [
    "LEGAL_STATUS", "LOCATION", "NEW_EPISODE_REASON", "PLACEMENT", "PLACEMENTS", "PROVIDER", "SHORT_BREAKS",
    "TEMPORARY", "with_settled_placement",
]  # fmt: skip


def with_settled_placement(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `settled_placement_code`, `settled_provider_code` and `settled_location` (`domain.md` 2.5).

    They are the episode's own; for a temporary placement (T0 to T4), those of the placement before it in the
    same period of care. A temporary placement with none before it keeps its own.
    """
    ordered = rows.sort_values(["child_id", "started_on", "source_row"], kind="stable")
    latest_end = InOrder.of(ordered, "child_id", "started_on").latest_end_before(ordered["ceased_on"])
    gap = ordered["started_on"] > latest_end
    period_of_care = gap.groupby(ordered["child_id"]).cumsum()
    lasting = ~ordered["placement_code"].isin(TEMPORARY)
    block = lasting.groupby([ordered["child_id"], period_of_care]).cumsum()
    settled = {}
    for name in ("placement_code", "provider_code", "location"):
        own = ordered[name]
        before = own.where(lasting).groupby([ordered["child_id"], period_of_care, block]).transform("first")
        settled[f"settled_{name}"] = own.where(lasting | (block == 0), before).reindex(rows.index)
    return rows.assign(**settled)


PLACEMENTS = Dataset(
    id="placements",
    title="Placements of children looked after",
    one_row_is="one episode of care: a new row on any change of legal status or placement",
    key=("child_id", "started_on", "placement_code", "legal_status_code"),
    follow_by=("child_id", "started_on"),
    start="started_on",
    end="ceased_on",
    goes_back_by="end",
    derive=with_settled_placement,
    context=with_neighbours,
    columns=(
        Column("child_id", Kind.ID, "the source's number of the child", True, True, aliases=("CHILD",)),
        Column("dob", Kind.DATE, "date of birth", aliases=("date_of_birth",)),
        Column("started_on", Kind.DATE, "date the episode commenced", True, True, aliases=("DECOM",)),
        Column(
            "new_episode_reason_code",
            Kind.CODE,
            "reason for the new episode",
            codes=NEW_EPISODE_REASON,
            aliases=("RNE",),
        ),
        Column("legal_status_code", Kind.CODE, "legal status", True, codes=LEGAL_STATUS, aliases=("LS",)),
        Column("need_code", Kind.CODE, "category of need", codes=NEED, aliases=("CIN",)),
        Column("placement_code", Kind.CODE, "type of placement", True, codes=PLACEMENT, aliases=("PLACE",)),
        Column("provider_code", Kind.CODE, "placement provider", codes=PROVIDER, aliases=("PLACE_PROVIDER",)),
        Column(
            "ceased_on",
            Kind.DATE,
            "date the episode ceased; blank while open",
            True,
            aliases=("DEC",),
            vital=True,
        ),
        Column(
            "cease_reason_code",
            Kind.CODE,
            "reason the episode ceased",
            codes=CEASE_REASON,
            aliases=("REC",),
        ),
        Column(
            "change_reason_code",
            Kind.CODE,
            "reason for the change of placement, on the episode that ends",
            codes=CHANGE_REASON,
            aliases=("REASON_PLACE_CHANGE",),
        ),
        Column("home_postcode", Kind.TEXT, "postcode of the child's home", aliases=("HOME_POST",)),
        Column("placement_postcode", Kind.TEXT, "postcode of the placement", aliases=("PL_POST",)),
        Column("urn", Kind.ID, "Ofsted's unique reference number of the placement"),
        Column(
            "distance_miles",
            Kind.NUMBER,
            "miles from home to placement",
            least=0,
            aliases=("PL_DISTANCE",),
        ),
        Column(
            "location",
            Kind.CODE,
            "inside or outside the authority's boundary",
            codes=LOCATION,
            aliases=("PL_LOCATION",),
        ),
    ),
    rules=(*EPISODE_RULES, *LIMIT_RULES, *HISTORY_RULES),
)
