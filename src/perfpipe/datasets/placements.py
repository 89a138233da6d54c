"""Placements: one row per episode of care, in the shape of the SSDA903 return (`domain.md` 2.1 to 2.5)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from perfpipe.datasets.definition import Code, CodeList, Column, Dataset, Kind, Rule, Severity

_SUPPORTED_FROM, _LIST_2025 = date(2023, 10, 28), date(2025, 4, 1)

LEGAL_STATUS = CodeList(
    "legal_status",
    (
        Code("C1", "Interim care order"),
        Code("C2", "Full care order"),
        Code("D1", "Freeing order"),
        Code("E1", "Placement order"),
        Code("V2", "Single period of accommodation under section 20"),
        Code("V3", "Series of short breaks, individual episodes recorded"),
        Code("V4", "Series of short breaks, agreement recorded"),
        Code("J1", "Remanded to accommodation"),
        Code("J2", "Detained under PACE"),
        Code("J3", "Youth rehabilitation order with residence requirement"),
        Code("L1", "Police protection"),
        Code("L2", "Emergency protection order"),
        Code("L3", "Child assessment order"),
    ),
)
SHORT_BREAKS = ("V3", "V4")
PLACEMENT = CodeList(
    "placement",
    (
        Code("U1", "Foster placement with relative or friend: long term"),
        Code("U2", "Foster placement with relative or friend: FFA or concurrent"),
        Code("U3", "Foster placement with relative or friend: neither"),
        Code("U4", "Foster placement: long term"),
        Code("U5", "Foster placement: FFA or concurrent"),
        Code("U6", "Foster placement: neither"),
        Code("A3", "Placed for adoption with consent, current foster carer"),
        Code("A4", "Placed for adoption with consent, not current foster carer"),
        Code("A5", "Placed for adoption with placement order, current foster carer"),
        Code("A6", "Placed for adoption with placement order, not current foster carer"),
        Code("K1", "Secure children's home"),
        Code("K2", "Children's home"),
        Code("K3", "Supported accommodation (registered)", valid_from=_SUPPORTED_FROM),
        Code("H5", "Semi-independent accommodation", valid_to=date(2025, 3, 31)),
        Code("P1", "With own parents"),
        Code("P2", "Independent living", valid_to=date(2023, 10, 27)),
        Code("P3", "Residential employment"),
        Code("R1", "Residential care home"),
        Code("R2", "NHS or other nursing"),
        Code("R3", "Family centre or mother and baby unit"),
        Code("R5", "Young offender institution"),
        Code("S1", "Residential school"),
        Code("T0", "Any temporary move"),
        Code("T1", "Temporary: hospital"),
        Code("T2", "Temporary: child on holiday"),
        Code("T3", "Temporary: carer on holiday"),
        Code("T4", "Temporary: seven days or less, other reason"),
        Code("Z1", "Other", valid_to=date(2025, 3, 31)),
        Code("Z11", "Other (Z11)", valid_from=_LIST_2025),
        Code("Z12", "Other (Z12)", valid_from=_LIST_2025),
        Code("Z13", "Other (Z13)", valid_from=_LIST_2025),
        Code("Z14", "Other (Z14)", valid_from=_LIST_2025),
    ),
)
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
PROVIDER = CodeList(
    "provider",
    (
        Code("PR0", "Parents"),
        Code("PR1", "Own provision"),
        Code("PR2", "Other local authority"),
        Code("PR3", "Other public provision"),
        Code("PR4", "Private provision"),
        Code("PR5", "Voluntary or third sector provision"),
    ),
)
NEW_EPISODE_REASON = CodeList(
    "new_episode_reason",
    (
        Code("S", "Started to be looked after"),
        Code("L", "Change of legal status only"),
        Code("P", "Change of placement and carer"),
        Code("T", "Change of placement, same carer"),
        Code("B", "Change of legal status, placement and carer"),
        Code("U", "Change of legal status and placement, same carer"),
    ),
)
LOCATION = CodeList(
    "location",
    (Code("IN", "Inside the authority's boundary"), Code("OUT", "Outside the authority's boundary")),
)


def _code_outside_dates(rows: pd.DataFrame) -> pd.Series:
    """Episodes that ran wholly before, or started after, the days their placement code was on the list."""
    outside = rows["placement_code"].isna() & False
    for code in PLACEMENT.codes:
        uses = rows["placement_code"] == code.code
        if code.valid_from:
            outside |= uses & (rows["ceased_on"] < pd.Timestamp(code.valid_from))
        if code.valid_to:
            outside |= uses & (rows["started_on"] > pd.Timestamp(code.valid_to))
    return outside


def _of_age_and_open(rows: pd.DataFrame) -> pd.Series[bool]:
    """Open episodes of those whose 18th birthday has come by the extract's time in Europe/London."""
    local = rows["as_at"].dt.tz_convert("Europe/London").dt.tz_localize(None)
    of_age: pd.Series[bool] = rows["dob"] + pd.DateOffset(years=18) <= local
    return rows["ceased_on"].isna() & of_age


def _latest_end_before(rows: pd.DataFrame) -> pd.Series:
    """The latest end of the same child's earlier episodes; rows sorted by child and start; open is far away."""
    end = rows["ceased_on"].fillna(pd.Timestamp("2200-01-01"))
    return end.groupby(rows["child_id"]).cummax().groupby(rows["child_id"]).shift()


def _overlapping(rows: pd.DataFrame) -> pd.Series:
    """Episodes that start before an earlier episode of the same child has ended."""
    ordered = rows.sort_values(["child_id", "started_on", "source_row"], kind="stable")
    return (ordered["started_on"] < _latest_end_before(ordered)).reindex(rows.index)


def with_settled_placement(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `settled_placement_code`, `settled_provider_code` and `settled_location` (`domain.md` 2.5).

    They are the episode's own; for a temporary placement (T0 to T4), those of the placement before it in the
    same period of care. A temporary placement with none before it keeps its own.
    """
    ordered = rows.sort_values(["child_id", "started_on", "source_row"], kind="stable")
    gap = (ordered["started_on"] > _latest_end_before(ordered)).fillna(False)
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
        Column("need_code", Kind.TEXT, "category of need", aliases=("CIN",)),
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
        Column("cease_reason_code", Kind.TEXT, "reason the episode ceased", aliases=("REC",)),
        Column(
            "change_reason_code",
            Kind.TEXT,
            "reason for the change of placement, on the episode that ends",
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
    rules=(
        Rule(
            "ceased_before_started",
            "ceased_on",
            Severity.EXCLUDE,
            "an episode that ends after it starts",
            "Correct the dates at source.",
            lambda rows: (rows["ceased_on"] < rows["started_on"]).fillna(False),
            ("*",),
            "SSDA903 rules 355, 356",
        ),
        Rule(
            "overlapping_episodes",
            "started_on",
            Severity.WARN,
            "one open episode per child at a time",
            "End the earlier episode at source. Until then the child is counted once, in the later episode.",
            _overlapping,
            reference="SSDA903 rules 142, 501",
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
            "placement_code_outside_dates",
            "placement_code",
            Severity.WARN,
            "a placement code that was on the national list when the episode ran",
            "Correct the code at source.",
            _code_outside_dates,
            reference="SSDA903 rules 144, 217t",
        ),
        Rule(
            "placement_code_blank",
            "placement_code",
            Severity.WARN,
            "a placement code",
            "Record the type of placement. Until then the child is shown as 'not known'.",
            lambda rows: rows["placement_code"].isna(),
            reference="SSDA903 rule 144",
        ),
        Rule(
            "legal_status_blank",
            "legal_status_code",
            Severity.WARN,
            "a legal status code",
            "Record the legal status. Until then the episode counts as looked after.",
            lambda rows: rows["legal_status_code"].isna(),
            reference="SSDA903 rule 143",
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
            reference="SSDA903 rules 178, 213, 526",
        ),
        Rule(
            "ceased_without_reason",
            "cease_reason_code",
            Severity.WARN,
            "a date and a reason, or neither",
            "Complete the date or the reason the episode ceased.",
            lambda rows: rows["ceased_on"].notna() ^ rows["cease_reason_code"].notna(),
            reference="SSDA903 rule 148",
        ),
    ),
)
