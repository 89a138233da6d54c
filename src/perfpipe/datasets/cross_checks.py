"""Rules that hold two extracts against each other: missing episodes and placements, an extract and the one before.

They find what no extract shows by itself (definitions 3.3, 4.3: 503, 575 to 581, INT04, INT13). None of them changes a
figure: which of the two extracts is wrong is for the source to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from perfpipe.datasets.comparable_rows import ComparableRows
from perfpipe.datasets.row_check import rule_of_rows
from perfpipe.frames.libraries import pd
from perfpipe.rules.rule import INFO, WARN, Rule, Scope, Severity

MISSING, PLACED, BEFORE = "return_home_interviews", "placements", "the previous placements extract"
MILES_APART = 0.2
MatchFinder = Callable[[ComparableRows], "pd.Series[bool]"]


@dataclass(frozen=True)
class CrossCheck:
    """A rule between two extracts. `finds` is True for each row of the dataset `of` that is to be corrected.

    `found` is what is said of such a row; `other_row`, the row of the other extract with which each was compared.
    """

    rule: Rule
    of: str
    against: str
    column: str
    found: str
    finds: MatchFinder
    reference: str = ""
    other_row: Callable[[ComparableRows], pd.Series[int]] | None = None


def _runs_on(compared: ComparableRows) -> pd.Series[bool]:
    """Missing episodes that go on after the period of care in which they began has ended."""
    rows = compared.episodes
    beyond: pd.Series[bool] = rows["last_day"].fillna(rows["today"]) > rows["care_until"]
    return rows["flagged"] & rows["in_care"] & beyond


def _placement_ended(compared: ComparableRows) -> pd.Series[bool]:
    rows = compared.episodes
    ended = (rows["placed_until"] < rows["care_until"]) & (rows["placed_until"] < rows["today"])
    return rows["flagged"] & rows["in_care"] & rows["ended_at"].isna() & ended & ~_runs_on(compared)


def _birth_dates_differ(compared: ComparableRows) -> pd.Series[bool]:
    """Dates of birth that are none of those that the placements have of the child."""
    rows, columns = compared.episodes, ["child_id", "dob"]
    born = compared.placements[columns].dropna()
    same = pd.MultiIndex.from_frame(rows[columns]).isin(pd.MultiIndex.from_frame(born))
    return rows["dob"].notna() & rows["child_id"].isin(born["child_id"]) & ~same


def _row_with_birth_date(compared: ComparableRows) -> pd.Series[int]:
    born = compared.placements.dropna(subset=["dob"]).drop_duplicates("child_id").set_index("child_id")
    return compared.episodes["child_id"].map(born["source_row"])


def _ceased_at_18_while_missing(compared: ComparableRows) -> pd.Series[bool]:
    """Episodes of care that ceased on the 18th birthday of a child who was missing until that day."""
    rows = compared.episodes
    missing = rows.loc[rows["last_day"] == rows["of_age_on"], ["child_id", "last_day"]].drop_duplicates()
    care = compared.placements
    days = pd.MultiIndex.from_frame(care[["child_id", "ceased_on"]])
    on_that_day = pd.Series(days.isin(pd.MultiIndex.from_frame(missing)), index=care.index)
    return on_that_day & care["cease_reason_code"].notna() & (care["cease_reason_code"] != "E8")


def _rule(id_: str, expected: str, what_to_do: str, severity: Severity = WARN) -> Rule:
    return rule_of_rows(id_, Scope.BETWEEN, severity, expected, what_to_do)


def _between(
    rule: str, column: str, found: str, expected: str, what_to_do: str, finds: MatchFinder, reference: str
) -> CrossCheck:
    """A check of missing episodes against the placement that holds the day on which each began."""
    made = _rule(rule, expected, what_to_do)
    return CrossCheck(made, MISSING, PLACED, column, found, finds, reference, lambda c: c.episodes["placement_row"])


def _changed(column: str, what: str, letter: str) -> CrossCheck:
    """An open episode of care whose value in one column is not that of the previous extract."""

    key = ["child_id", "started_on"]

    def before_of(compared: ComparableRows, name: str) -> pd.Series[Any]:
        rows = compared.placements
        was_open = compared.placements_before[compared.placements_before["ceased_on"].isna()]
        was_open = was_open.drop_duplicates(key, keep=False)[[*key, name]]
        return rows[key].merge(was_open, on=key, how="left")[name].set_axis(rows.index)

    def finds(compared: ComparableRows) -> pd.Series[bool]:
        rows, before = compared.placements, before_of(compared, column)
        now, both = rows[column], rows[column].notna() & before.notna()
        if column == "distance_miles":
            return both & ((now - before).abs() >= MILES_APART)
        registered = (before == "H5") & (now == "K3")  # the same home under the list of 2024-25
        return both & (now != before) & ~registered & ~rows.duplicated(key, keep=False)

    return CrossCheck(
        _rule(
            f"{column}_changed",
            f"the same {what} from the start of an episode to its end",
            "Do nothing if this corrects a mistake. If the value changed, end the episode then and start a new one.",
            INFO,
        ),
        PLACED,
        BEFORE,
        column,
        "a different value from the previous extract, in which the episode was open",
        finds,
        f"SSDA903 rule 503{letter}",
        lambda compared: before_of(compared, "source_row"),
    )


CROSS_CHECKS = (
    _between(
        "missing_child_not_in_placements",
        "child_id",
        "a looked-after child who is not in the placements extract",
        "a child in the placements extract, as the episode is flagged looked after",
        "Correct the child's number or the flag, or ask why the child is not in the placements extract.",
        lambda compared: compared.episodes["flagged"] & ~compared.episodes["known"],
        "SSDA903 rule INT04",
    ),
    _between(
        "missing_outside_care",
        "missing_from",
        "a start on a day without an open placement",
        "an open placement on the day a looked-after child went missing",
        "Correct the start or the flag, or add the placement that is missing.",
        lambda compared: (
            compared.episodes["flagged"]
            & compared.episodes["known"]
            & ~compared.episodes["in_care"]
            & compared.episodes["later_care"]
        ),
        "SSDA903 rule 581",
    ),
    _between(
        "missing_after_care",
        "missing_from",
        "a start after the last placement had ended",
        "a start before the child ceased to be looked after",
        "Correct the start or the flag, or the end of the placement.",
        lambda compared: (
            compared.episodes["flagged"]
            & compared.episodes["known"]
            & ~compared.episodes["in_care"]
            & ~compared.episodes["later_care"]
        ),
        "SSDA903 rule 578",
    ),
    _between(
        "missing_beyond_care",
        "returned_at",
        "an episode that continues after the child ceased to be looked after",
        "an end no later than the day the child ceased to be looked after",
        "End the episode, or correct the end of the placement.",
        _runs_on,
        "SSDA903 rule 577",
    ),
    _between(
        "missing_beyond_placement",
        "returned_at",
        "an open episode from a placement that has ended",
        "an end for an episode whose placement has ended",
        "Record when the child was found or returned, or correct the end of the placement.",
        _placement_ended,
        "SSDA903 rule 575",
    ),
    _between(
        "looked_after_not_flagged",
        "looked_after_flag",
        "not looked after, on a day with an open placement",
        "Y for a child with an open placement that is not a short break",
        "Correct the flag or the placement. Until then the episode counts as that of a child at home.",
        lambda compared: (
            (compared.episodes["looked_after_flag"] == "N")
            & compared.episodes["in_care"]
            & ~compared.episodes["short_break"]
            & (compared.episodes["missing_on"] < compared.episodes["care_until"])
        ),
        "definitions 3.16",
    ),
    _between(
        "area_differs_from_placement",
        "placed_or_living_in_la",
        "a different area from the placement's on that day",
        "inside or outside the authority's area as the placement is",
        "Correct the area of the episode or of the placement. The episode counts under its own area until then.",
        lambda compared: (
            compared.episodes["flagged"]
            & compared.episodes["location"].notna()
            & compared.episodes["placed_or_living_in_la"].notna()
            & (compared.episodes["location"] != compared.episodes["placed_or_living_in_la"])
        ),
        "definitions 3.16",
    ),
    CrossCheck(
        _rule(
            "birth_date_differs_from_placement",
            "the same date of birth in both extracts",
            "Correct the date of birth where it is wrong, or the child's number.",
        ),
        MISSING,
        PLACED,
        "dob",
        "a different date of birth from the placements extract",
        _birth_dates_differ,
        "SSDA903 rule INT13",
        _row_with_birth_date,
    ),
    CrossCheck(
        _rule(
            "ceased_at_18_while_missing",
            "E8 for a child who was missing when care ended on the 18th birthday",
            "Correct the reason the episode ceased, or the end of the missing episode.",
        ),
        PLACED,
        MISSING,
        "cease_reason_code",
        "a reason other than E8 for a child missing until the 18th birthday",
        _ceased_at_18_while_missing,
        "SSDA903 rule 580",
    ),
    _changed("new_episode_reason_code", "reason for the new episode", "A"),
    _changed("legal_status_code", "legal status", "B"),
    _changed("need_code", "category of need", "C"),
    _changed("placement_code", "type of placement", "D"),
    _changed("provider_code", "provider", "E"),
    _changed("urn", "Ofsted number", "F"),
    _changed("distance_miles", "distance from home, within 0.2 miles,", "G"),
    _changed("location", "side of the boundary", "J"),
)
