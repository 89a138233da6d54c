"""Placements: one row per episode of care, in the shape of the SSDA903 return (definitions 4.1, 4.2)."""

from __future__ import annotations

from perfpipe.datasets.definition import Column, Dataset, Kind, PersonKind
from perfpipe.datasets.interview_codes import YES_NO
from perfpipe.datasets.placement_code_rules import CODE_CHECKS
from perfpipe.datasets.placement_codes import (
    CEASE_REASON,
    CHANGE_REASON,
    CONNECTED,
    CONTINUES,
    LEGAL_STATUS,
    LOCATION,
    NEED,
    NEW_EPISODE_REASON,
    PLACEMENT,
    PROVIDER,
    SHORT_BREAKS,
    TEMPORARY,
)
from perfpipe.datasets.placement_distance import with_distances
from perfpipe.datasets.placement_history import HISTORY_CHECKS
from perfpipe.datasets.placement_limits import LIMIT_CHECKS
from perfpipe.datasets.placement_neighbours import with_neighbours
from perfpipe.datasets.placement_order import NONE, STARTED_CARE, Care
from perfpipe.datasets.placement_rules import EPISODE_CHECKS
from perfpipe.datasets.placement_stays import STAY_CHECKS
from perfpipe.frames.libraries import np, pd
from perfpipe.rules.rule import Defect

__all__ = [
    "LEGAL_STATUS", "LOCATION", "NEW_EPISODE_REASON", "PLACEMENT", "PLACEMENTS", "PROVIDER", "SHORT_BREAKS",
    "TEMPORARY", "with_settled_placement",
]  # fmt: skip


SETTLED = ("placement_code", "provider_code", "location", "distance_miles", "placement_postcode", "defects")
PLACEMENT_UNREADABLE = Defect("placement_code_unreadable", "the type of placement cannot be read")
PROVIDER_UNREADABLE = Defect("provider_unreadable", "the provider cannot be read")
DISTANCE_UNREADABLE = Defect("distance_unreadable", "the distance from home cannot be read")
LOCATION_UNREADABLE = Defect("location_unreadable", "whether the placement is inside the boundary cannot be read")
CHANGE_REASON_UNREADABLE = Defect("change_reason_unreadable", "the reason for the change of placement cannot be read")
UNACCOMPANIED_UNREADABLE = Defect("unaccompanied_unreadable", "whether the child is unaccompanied cannot be read")
NEW_PLACEMENT = ("P", "B", "T", "U")  # reasons for a new episode that say the placement is another one


def with_settled_placement(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `settled_*` of `SETTLED`, `begins_placement` and `change_reason_due` (definitions 4.2, 4.5, 4.6).

    `settled_*` are the episode's own; for a temporary placement (T0 to T4), those of the placement before it in the
    same period of care. A temporary placement with none before it keeps its own. `begins_placement`: a placement with
    another carer begins with the episode. `change_reason_due`: it gives way to another placement, neither of them
    temporary, and so must say why. A short break (V3, V4) is no part of any of this. Episodes of several extracts are
    told apart by `reading_id`.
    """
    whose = [name for name in ("reading_id", "child_id") if name in rows]
    care = Care.of(rows, whose, ~rows["legal_status_code"].isin(SHORT_BREAKS).to_numpy())
    interrupts = care.interrupted != NONE
    told_by = np.arange(len(rows))
    told_by[care.order[interrupts]] = care.order[care.interrupted[interrupts]]
    settled = {f"settled_{name}": rows[name].array.take(told_by) for name in SETTLED}
    lasting_next = np.append(care.follows & ~care.temporary, False)[1:]
    moves_next = np.append(care.has("new_episode_reason_code", NEW_PLACEMENT), False)[1:]
    due = care.has("cease_reason_code", (CONTINUES,)) & ~care.temporary & lasting_next & moves_next
    return rows.assign(
        **settled,
        begins_placement=care.as_given(care.begins_placement),
        change_reason_due=care.as_given(due),
    )


def lacks_before(rows: pd.DataFrame) -> pd.Series[bool]:
    """Episodes that say that care went on, before which their extract has none.

    A child's first of all, and temporary ones that interrupt nothing.
    """
    in_care = ~rows["legal_status_code"].isin(SHORT_BREAKS)
    interrupts_nothing = in_care & rows["settled_placement_code"].isin(TEMPORARY)
    starts = rows["started_on"].where(in_care)
    whose = [name for name in ("reading_id", "child_id") if name in rows]
    is_first = starts == starts.groupby([rows[name] for name in whose], observed=True).transform("min")
    lacking: pd.Series[bool] = (interrupts_nothing | is_first) & (rows["new_episode_reason_code"] != STARTED_CARE)
    return lacking


PLACEMENTS = Dataset(
    id="placements",
    title="Placements of children looked after",
    one_row_is="one episode of care: a new row on any change of legal status or placement",
    key=("child_id", "started_on", "placement_code", "legal_status_code"),
    person=(PersonKind.CHILD, "child_id"),
    follow_by=("child_id", "started_on"),
    start="started_on",
    end="ceased_on",
    goes_back_by="end",
    derive=with_settled_placement,
    lacks_before=lacks_before,
    locate=with_distances,
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
        Column(
            "placement_code",
            Kind.CODE,
            "type of placement",
            True,
            codes=PLACEMENT,
            aliases=("PLACE",),
            unreadable=PLACEMENT_UNREADABLE,
        ),
        Column(
            "provider_code",
            Kind.CODE,
            "placement provider",
            codes=PROVIDER,
            aliases=("PLACE_PROVIDER",),
            unreadable=PROVIDER_UNREADABLE,
            decides=lambda rows: ~rows["placement_code"].isin(CONNECTED),  # those count as connected, whoever provides
        ),
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
            unreadable=CHANGE_REASON_UNREADABLE,
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
            unreadable=DISTANCE_UNREADABLE,
            decides=lambda rows: rows["location"] != "IN",  # far is outside the boundary and over 20 miles away
        ),
        Column(
            "location",
            Kind.CODE,
            "inside or outside the authority's boundary",
            codes=LOCATION,
            aliases=("PL_LOCATION",),
            unreadable=LOCATION_UNREADABLE,
        ),
        Column(
            "unaccompanied",
            Kind.CODE,
            "an unaccompanied asylum seeking child",
            codes=YES_NO,
            aliases=("UASC",),
            unreadable=UNACCOMPANIED_UNREADABLE,
        ),
    ),
    checks=(*EPISODE_CHECKS, *CODE_CHECKS, *LIMIT_CHECKS, *HISTORY_CHECKS, *STAY_CHECKS),
)
