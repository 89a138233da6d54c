"""Placements that begin and end in a month, and what is not recorded about them (definitions 4.2, 4.6 and 4.9)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from perfpipe.datasets.placement_codes import CHANGE_REASON
from perfpipe.datasets.placement_values import is_postcode
from perfpipe.datasets.placements import PLACEMENTS, TEMPORARY
from perfpipe.measures.counts import count
from perfpipe.measures.definition import FLOWS, Basis, Display, Measure, Period, Polarity, Table
from perfpipe.measures.local_choices import AS_USUAL, PLACEMENT_GROUPS, Counting, PlacementGroup
from perfpipe.measures.placement_groups import OWNER, PLACEMENT_GROUP, children, group_of, in_care

if TYPE_CHECKING:
    import pandas as pd

NO_PROVIDER = (*TEMPORARY, "Z1", "Z11", "Z12", "Z13", "Z14")  # which must not name one
RETURN_CODES = "DfE, SSDA903 return, code lists"


def changes(rows: pd.DataFrame, groups: tuple[PlacementGroup, ...] = PLACEMENT_GROUPS) -> pd.DataFrame:
    """Episodes of care without short breaks, with the `placement_group` of each, by the month it started in.

    A temporary placement is in the group of the one it interrupts.
    """
    episodes = rows[in_care(rows)]
    month = episodes["started_on"].dt.strftime("%Y-%m")
    group = group_of(episodes["settled_placement_code"], episodes["settled_provider_code"], month, groups)
    return episodes.assign(placement_group=group)


def lasted(rows: pd.DataFrame) -> pd.Series:
    """At least 24 hours."""
    return rows["ceased_on"].isna() | (rows["ceased_on"] > rows["started_on"])


CHANGES = Basis(PLACEMENTS, rows=changes)
_in_month = partial(Measure, basis=CHANGES, periods=FLOWS, owner=OWNER, left_out_by=())


def counted_by(counting: Counting) -> tuple[Measure, ...]:
    """Endings for a reason that the authority calls unplanned (definitions 4.9)."""
    reasons = counting.unplanned_reasons
    words = "; ".join(f"{CHANGE_REASON.by_code[each].label.lower()} ({each})" for each in reasons)
    closure = (
        ""
        if "CLOSE" in reasons
        else (" Resignation or closure (CLOSE) is left out, as the national guidance calls it planned.")
    )
    return (
        _in_month(
            id="unplanned_endings",
            code="PL-11",
            title="Placements that ended unplanned",
            basis=replace(CHANGES, month_of="ceased_on", needs=("change_reason_code",)),
            counts=count(lambda rows: rows["change_reason_code"].isin(reasons)),
            left_out_by=("change_reason_unreadable",),
            shown=Display(Polarity.LOWER_IS_BETTER, (PLACEMENT_GROUP,)),
            why_it_matters="A placement that breaks down is a move that no one wanted, and often the first of several.",
            definition=f"Placements that ended in the month for one of these reasons: {words}.{closure}",
            source=f"Local definition; {RETURN_CODES}",
        ),
    )


NEW_PLACEMENTS = _in_month(
    id="new_placements",
    code="PL-12",
    title="New placements",
    basis=replace(CHANGES, month_of="started_on"),
    counts=count(lambda rows: rows["begins_placement"] & lasted(rows)),
    shown=Display(Polarity.NEITHER, (PLACEMENT_GROUP,)),
    why_it_matters="How many placements had to be found, and of which kind.",
    definition="Placements with a new carer that began in the month (reason S, P or B) and lasted 24 hours or more, "
    "by group. Temporary placements (T0 to T4) and the return from them to the same type and postcode are none.",
    source=f"Local definition, as three or more placements count them (PL-07); {RETURN_CODES}",
)
NOT_RECORDED = Table(
    "placement_records",
    "What is not recorded about placements",
    "Each of these makes a figure above less certain. To be corrected at source.",
)
AT_MONTH_END = Basis(PLACEMENTS, rows=children)
_at_month_end = partial(
    Measure,
    basis=AT_MONTH_END,
    periods=(Period.MONTH_END,),
    shown=Display(Polarity.LOWER_IS_BETTER, table=NOT_RECORDED),
    owner=OWNER,
    left_out_by=(),
)
PROVIDER_NOT_KNOWN = _at_month_end(
    id="provider_not_known",
    code="PL-13a",
    title="Children whose provider is not recorded",
    counts=count(
        lambda rows: (
            rows["settled_provider_code"].isna()
            & rows["settled_placement_code"].notna()
            & ~rows["settled_placement_code"].isin(NO_PROVIDER)
        )
    ),
    counted_all_the_same=("placement_code_unreadable", "provider_unreadable"),
    why_it_matters="Without the provider it is not known whether fostering is the authority's own.",
    definition="Children looked after at month end whose placement should name a provider and does not. Temporary and "
    "other placements (T and Z codes) have none.",
    source="SSDA903 rules 178, 526",
)
POSTCODE_NOT_KNOWN = _at_month_end(
    id="postcode_not_known",
    code="PL-13b",
    title="Children whose placement has no usable postcode",
    basis=AT_MONTH_END.needing("placement_postcode"),
    counts=count(lambda rows: ~is_postcode(rows["settled_placement_postcode"])),
    why_it_matters="Without it we cannot say how far from home the child is, or whether a return is to the same home.",
    definition="Children looked after at month end whose placement's postcode is blank or has not the form of a full "
    "British postcode.",
    source="SSDA903 rule 392c (the form only)",
)
CHANGE_REASON_NOT_KNOWN = _in_month(
    id="change_reason_not_known",
    code="PL-13c",
    title="Placements that changed without a recorded reason",
    basis=replace(CHANGES, month_of="ceased_on", needs=("change_reason_code",)),
    periods=(Period.MONTH,),
    counts=count(lambda rows: rows["change_reason_due"] & rows["change_reason_code"].isna()),
    shown=Display(Polarity.LOWER_IS_BETTER, table=NOT_RECORDED),
    counted_all_the_same=("change_reason_unreadable",),
    why_it_matters="Unplanned endings (PL-11) are only as complete as the reasons are.",
    definition="Placements that gave way to another one in the month, neither of them temporary, without a reason for "
    "the change.",
    source="SSDA903 rule 225",
)

MEASURES = (
    *counted_by(AS_USUAL),
    NEW_PLACEMENTS,
    PROVIDER_NOT_KNOWN,
    POSTCODE_NOT_KNOWN,
    CHANGE_REASON_NOT_KNOWN,
)
