"""Rules about a child's episodes of care together: how each follows on the one before (definitions 4.1, 4.3).

They read the columns that `with_neighbours` adds. An episode is judged against its neighbours in the same extract.
"""

from __future__ import annotations

from perfpipe.datasets.compared_rows import row_ended_last, row_in, row_of_another, row_that_differs
from perfpipe.datasets.placement_codes import CONTINUES, TEMPORARY
from perfpipe.datasets.placement_neighbours import differs, moved_on, same, stayed
from perfpipe.datasets.placement_values import given
from perfpipe.datasets.row_check import Finder, RowCheck, row_check
from perfpipe.frames.libraries import pd
from perfpipe.rules.rule import INFO

GOES_ON = ("L", "P", "T", "B", "U")


def _first_ever(rows: pd.DataFrame) -> pd.Series[bool]:
    """Each child's first episode, of those that began after the earliest end in the extract.

    An extract that holds every episode ended since a day holds what came before an episode that started later.
    """
    first: pd.Series[bool] = rows["is_first"] & (rows["started_on"] > rows["ceased_on"].min())
    return first


def _not_back_to_usual(rows: pd.DataFrame) -> pd.Series[bool]:
    """Episodes after a temporary placement that are not a return (P) to the placement before it."""
    after = rows["previous_placement_code"].isin(TEMPORARY) & ~rows["placement_code"].isin(TEMPORARY)
    after &= rows["follows_on"] & rows["usual_code"].notna()
    back = (rows["new_episode_reason_code"] == "P") | rows["new_episode_reason_code"].isna()
    back &= rows["placement_code"] == rows["usual_code"]
    elsewhere = rows["known_postcode"] != rows["usual_postcode"]
    elsewhere &= rows["known_postcode"].notna() & rows["usual_postcode"].notna()
    return after & (~back | elsewhere)


def _reason_missing(rows: pd.DataFrame) -> pd.Series[bool]:
    """Placements that gave way to another one without a reason why (neither of them temporary)."""
    moved = (rows["cease_reason_code"] == CONTINUES) & rows["next_new_episode_reason_code"].isin(("P", "B", "T", "U"))
    lasting = ~rows["placement_code"].isin(TEMPORARY) & ~rows["next_placement_code"].isin(TEMPORARY)
    return moved & lasting & rows["change_reason_code"].isna() & given(rows["change_reason_code"])


ALIKE = ("dob", "started_on", "legal_status_code", "placement_code")
PREVIOUS, NEXT = row_in("previous_source_row"), row_in("next_source_row")


def _rne(rule: str, number: str, expected: str, what_to_do: str, finds: Finder) -> RowCheck:
    return row_check(
        rule,
        "new_episode_reason_code",
        expected,
        what_to_do,
        finds,
        reference=f"SSDA903 rule {number}",
        against=("started_on",),
        other_row=PREVIOUS,
    )


def _alike_another(rows: pd.DataFrame) -> pd.Series[bool]:
    """Of each two children with an episode alike, the later one's first such episode."""
    alike = list(ALIKE)
    known = rows[rows[alike].notna().all(axis=1)].drop_duplicates([*alike, "child_id"])
    twins = known[known.duplicated(alike)].drop_duplicates("child_id")
    return pd.Series(rows.index.isin(twins.index), index=rows.index)


HISTORY_CHECKS = (
    row_check(
        "overlapping_episodes",
        "started_on",
        "one open episode at a time for each child",
        "End the earlier episode at source. Until then the child is counted once, in the later episode.",
        lambda rows: rows["started_on"] < rows["latest_end_before"],
        reference="SSDA903 rules 142, 501",
        other_row=row_ended_last("child_id", "started_on", "ceased_on"),
    ),
    _rne(
        "first_episode_not_s",
        "357",
        "S for a child's first episode",
        "Add the episode before it if one was left out, or correct the reason to S.",
        lambda rows: _first_ever(rows) & rows["new_episode_reason_code"].isin(GOES_ON),
    ),
    _rne(
        "start_follows_on",
        "431",
        "a reason other than S for an episode that starts on the day the one before ended",
        "Correct the reason to L, P, T, B or U, or the end of the episode before.",
        lambda rows: (rows["new_episode_reason_code"] == "S") & rows["follows_on"],
    ),
    _rne(
        "start_not_s",
        "432",
        "S for an episode after the child had ceased to be looked after",
        "Correct the reason to S, or the reason why the episode before ceased to X1.",
        lambda rows: (
            rows["new_episode_reason_code"].isin(GOES_ON)
            & (rows["previous_cease_reason_code"] != CONTINUES)
            & rows["previous_cease_reason_code"].notna()
            & rows["previous_ceased_on"].notna()
        ),
    ),
    _rne(
        "does_not_follow_on",
        "433",
        "an episode that continues care (L, P, T, B, U) on the day the one before ended",
        "Correct the dates so that they meet, or add the episode that is missing between them.",
        lambda rows: (
            rows["new_episode_reason_code"].isin(GOES_ON)
            & (rows["started_on"] > rows["latest_end_before"])
            & ~((rows["previous_cease_reason_code"] != CONTINUES) & rows["previous_cease_reason_code"].notna())
        ),
    ),
    _rne(
        "legal_change_not_shown",
        "434",
        "for reason L, a different legal status in the same placement",
        "Correct the reason for the new episode, the legal status or the placement.",
        lambda rows: (
            (rows["new_episode_reason_code"] == "L")
            & rows["follows_on"]
            & (same(rows, "legal_status_code") | moved_on(rows))
        ),
    ),
    _rne(
        "placement_change_not_shown",
        "435",
        "for reason P or T, a different placement under the same legal status",
        "Correct the reason for the new episode, the placement or the legal status.",
        lambda rows: (
            rows["new_episode_reason_code"].isin(("P", "T"))
            & rows["follows_on"]
            & (differs(rows, "legal_status_code") | stayed(rows))
        ),
    ),
    _rne(
        "both_changes_not_shown",
        "436",
        "for reason B or U, a different legal status and a different placement",
        "Correct the reason for the new episode, the legal status or the placement.",
        lambda rows: (
            rows["new_episode_reason_code"].isin(("B", "U"))
            & rows["follows_on"]
            & (same(rows, "legal_status_code") | stayed(rows))
        ),
    ),
    row_check(
        "continues_without_next",
        "cease_reason_code",
        f"after {CONTINUES}, an episode of the same child that starts on that day",
        "Add the next episode, or record why the child ceased to be looked after.",
        lambda rows: (
            (rows["cease_reason_code"] == CONTINUES)
            & (rows["ceased_on"] <= rows["started_on"].max())  # later starts are beyond what the extract holds
            & (rows["is_last"] | (rows["next_started_on"] > rows["ceased_on"]))
            & ~(rows["next_started_on"] > rows["today"])  # told by started_after_extract
        ),
        reference="SSDA903 rule 388",
        other_row=NEXT,
    ),
    row_check(
        "ceased_but_goes_on",
        "cease_reason_code",
        f"{CONTINUES} where the child's next episode starts on the same day",
        f"Correct the reason to {CONTINUES}, or remove the episode that follows.",
        lambda rows: (
            rows["cease_reason_code"].notna()
            & (rows["cease_reason_code"] != CONTINUES)
            & (rows["next_started_on"] == rows["ceased_on"])
        ),
        reference="SSDA903 rule 388",
        other_row=NEXT,
    ),
    row_check(
        "not_back_to_usual_placement",
        "placement_code",
        "after a temporary placement (T0 to T4), a return to the one before it: same code and postcode, reason P",
        "Record the return to the usual placement first, or the temporary one by its real type.",
        _not_back_to_usual,
        reference="SSDA903 rule 383",
        other_row=PREVIOUS,
    ),
    row_check(
        "need_changed",
        "need_code",
        "the same category of need throughout a period of care",
        "Correct the category of need to the one recorded when the child came into care.",
        lambda rows: (
            rows["follows_on"]
            & (rows["previous_cease_reason_code"] == CONTINUES)
            & (rows["need_code"] != rows["previous_need_code"])
            & rows["need_code"].notna()
            & rows["previous_need_code"].notna()
        ),
        reference="SSDA903 rule 504",
        other_row=PREVIOUS,
    ),
    row_check(
        "change_reason_blank",
        "change_reason_code",
        "a reason when one placement gives way to another, unless one of them is temporary",
        "Record the reason for the change on the episode that ended.",
        _reason_missing,
        reference="SSDA903 rule 225",
        other_row=NEXT,
    ),
    row_check(
        "change_reason_not_needed",
        "change_reason_code",
        "no reason for a change into or out of a temporary placement (T0 to T4)",
        "Remove the reason for the change.",
        lambda rows: (
            rows["change_reason_code"].notna()
            & (rows["placement_code"].isin(TEMPORARY) | rows["next_placement_code"].isin(TEMPORARY))
        ),
        reference="SSDA903 rule 226",
    ),
    row_check(
        "birth_dates_of_child_differ",
        "dob",
        "one date of birth for each child",
        "Correct the date of birth on the episodes where it is wrong. Until then the child is in no figure that needs "
        "an age.",
        lambda rows: rows["dob"].groupby(rows["child_id"]).transform("nunique") > 1,
        reference="SSDA903 rule INT13",
        other_row=row_that_differs("child_id", "dob"),
        lacking="dob",
        mistaken=True,
    ),
    row_check(
        "children_alike",
        "child_id",
        "one identifier for each child: no other child with the same date of birth, start, legal status and placement",
        "If they are one child under two identifiers, merge the records at source: the child counts twice until then. "
        "Twins who are placed together are right.",
        _alike_another,
        severity=INFO,
        other_row=row_of_another("child_id", ALIKE),
    ),
)
