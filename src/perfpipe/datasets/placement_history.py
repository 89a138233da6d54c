"""Rules about a child's episodes of care together: how each follows on the one before (definitions 4.1, 4.3).

They read the columns that `with_neighbours` adds. An episode is judged against its neighbours in the same extract.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from perfpipe.datasets.definition import Rule, Severity
from perfpipe.datasets.in_order import InOrder, days_in_year_before, runs
from perfpipe.datasets.placement_codes import CONTINUES, TEMPORARY
from perfpipe.datasets.placement_rules import given, is_postcode
from perfpipe.dates.months import local_day

PLACED = ("placement_code", "provider_code", "known_postcode", "urn")
FROM_BEFORE = ("ceased_on", "cease_reason_code", "legal_status_code", "need_code", "change_reason_code", *PLACED)
FROM_NEXT = ("started_on", "new_episode_reason_code", "placement_code")
GOES_ON = ("L", "P", "T", "B", "U")
SHORT_BREAK_DAYS, CARERS_HOLIDAYS = 75, 2


def with_neighbours(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `previous_*` and `next_*` of the child's episodes before and after, blank where there is none.

    Also `rank` (place in the order of child and start), `latest_end_before` (of all earlier episodes; an open one is
    far away), `follows_on` (starts on the day the previous one ended), `today` (the day of the extract), `until` (its
    end, or today while open), `known_postcode` of the placement (blank if it is none) and `usual_code` and
    `usual_postcode`, the placement before it that is not temporary.
    """
    today = local_day(rows["as_at"])
    rows = rows.assign(known_postcode=rows["placement_postcode"].where(is_postcode(rows["placement_postcode"])))
    ordered = InOrder.of(rows, "child_id", "started_on")
    before, after = ordered.positions(-1), ordered.positions(+1)
    usual = ordered.last_before(~rows["placement_code"].isin(TEMPORARY).to_numpy())
    added = {f"previous_{name}": ordered.at(name, before) for name in FROM_BEFORE}
    added |= {f"next_{name}": ordered.at(name, after) for name in FROM_NEXT}
    return rows.assign(
        **added,
        rank=ordered.rank(),
        is_first=before < 0,
        is_last=after < 0,
        latest_end_before=ordered.latest_end_before(rows["ceased_on"]),
        follows_on=added["previous_ceased_on"] == rows["started_on"],
        today=today,
        until=rows["ceased_on"].fillna(today),
        usual_code=ordered.at("placement_code", usual),
        usual_postcode=ordered.at("known_postcode", usual),
    )


def _first_ever(rows: pd.DataFrame) -> pd.Series[bool]:
    """Each child's first episode, of those that began after the earliest end in the extract.

    An extract that holds every episode ended since a day holds what came before an episode that started later.
    """
    first: pd.Series[bool] = rows["is_first"] & (rows["started_on"] > rows["ceased_on"].min())
    return first


def _same(rows: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Both this episode and the previous one have a value, and it is the same."""
    return (rows[column] == rows[f"previous_{column}"]).fillna(False).astype(bool)


def _differs(rows: pd.DataFrame, column: str) -> pd.Series[bool]:
    """Both this episode and the previous one have a value, and it is another one."""
    both = rows[column].notna() & rows[f"previous_{column}"].notna()
    return both & ~_same(rows, column)


def _moved(rows: pd.DataFrame) -> pd.Series[bool]:
    """Another placement than before by its code, provider, postcode or number."""
    moved = pd.Series(False, index=rows.index)
    for column in PLACED:
        moved |= _differs(rows, column)
    return moved


def _stayed(rows: pd.DataFrame) -> pd.Series[bool]:
    """The same placement as before, told with its postcode: by the code alone one carer is like another."""
    return ~_moved(rows) & _same(rows, "placement_code") & _same(rows, "known_postcode")


def _too_long_under(status: str, days: int) -> Rule:
    """Episodes that follow on under one emergency legal status are one run, and the run has a limit."""
    name, number, what = {
        "L1": ("police_protection_too_long", "361", "police protection (L1)"),
        "L2": ("emergency_order_too_long", "362", "an emergency protection order (L2)"),
    }[status]

    def finds(rows: pd.DataFrame) -> pd.Series[bool]:
        under = rows[rows["legal_status_code"] == status].sort_values("rank")
        run = runs(under["follows_on"] & (under["previous_legal_status_code"] == status))
        lasted = under["until"].groupby(run).transform("max") - under["started_on"].groupby(run).transform("min")
        return (lasted > pd.Timedelta(days=days)).reindex(rows.index, fill_value=False)

    return Rule(
        name,
        "legal_status_code",
        Severity.WARN,
        f"{what} of at most {days} days, over all episodes that follow on each other",
        "Correct the dates, or record the legal status that followed.",
        finds,
        reference=f"SSDA903 rule {number}",
    )


def _short_breaks_over_the_year(rows: pd.DataFrame) -> pd.Series[bool]:
    breaks = rows[rows["legal_status_code"] == "V3"].sort_values("rank")
    days = days_in_year_before(breaks["child_id"], breaks["started_on"], breaks["until"])
    return (days > SHORT_BREAK_DAYS).reindex(rows.index, fill_value=False)


def _third_holiday(rows: pd.DataFrame) -> pd.Series[bool]:
    """Stays while the carer is on holiday that are the third or later to start within 12 months."""
    stays = rows[rows["placement_code"] == "T3"].sort_values("rank")
    two_before = stays.groupby("child_id")["started_on"].shift(CARERS_HOLIDAYS)
    return (two_before > stays["started_on"] - pd.DateOffset(years=1)).reindex(rows.index, fill_value=False)


def _not_back_to_usual(rows: pd.DataFrame) -> pd.Series[bool]:
    """Episodes after a temporary placement that are not a return (P) to the placement before it."""
    after = rows["previous_placement_code"].isin(TEMPORARY) & ~rows["placement_code"].isin(TEMPORARY)
    after &= rows["follows_on"] & rows["usual_code"].notna()
    back = (rows["new_episode_reason_code"] == "P") | rows["new_episode_reason_code"].isna()
    back &= rows["placement_code"] == rows["usual_code"]
    elsewhere = rows["known_postcode"] != rows["usual_postcode"]
    elsewhere &= rows["known_postcode"].notna() & rows["usual_postcode"].notna()
    return after & (~back | elsewhere)


def _both_kinds_of_short_break(rows: pd.DataFrame) -> pd.Series[bool]:
    """Short breaks under V3 and V4 of one child in the same year from April to March."""
    breaks = rows[rows["legal_status_code"].isin(("V3", "V4"))]
    years = pd.DataFrame({"first": _year(breaks["started_on"]), "last": _year(breaks["until"])})
    found = pd.Series(False, index=breaks.index)
    for one, other in (("V3", "V4"), ("V4", "V3")):
        of_other = years.where(breaks["legal_status_code"] == other).groupby(breaks["child_id"])
        first, last = of_other["first"].transform("min"), of_other["last"].transform("max")
        found |= (breaks["legal_status_code"] == one) & (first <= years["last"]) & (last >= years["first"])
    return found.reindex(rows.index, fill_value=False)


def _year(days: pd.Series[Any]) -> pd.Series[Any]:
    """The year in which the financial year of each day began."""
    year: pd.Series[Any] = days.dt.year - (days.dt.month < 4)
    return year


def _reason_missing(rows: pd.DataFrame) -> pd.Series[bool]:
    """Placements that gave way to another one without a reason why (neither of them temporary)."""
    moved = (rows["cease_reason_code"] == CONTINUES) & rows["next_new_episode_reason_code"].isin(("P", "B", "T", "U"))
    lasting = ~rows["placement_code"].isin(TEMPORARY) & ~rows["next_placement_code"].isin(TEMPORARY)
    return moved & lasting & rows["change_reason_code"].isna() & given(rows["change_reason_code"])


def _rne(rule: str, number: str, expected: str, what_to_do: str, finds: Any) -> Rule:
    return Rule(
        rule,
        "new_episode_reason_code",
        Severity.WARN,
        expected,
        what_to_do,
        finds,
        reference=f"SSDA903 rule {number}",
    )


HISTORY_RULES = (
    Rule(
        "overlapping_episodes",
        "started_on",
        Severity.WARN,
        "one open episode per child at a time",
        "End the earlier episode at source. Until then the child is counted once, in the later episode.",
        lambda rows: rows["started_on"] < rows["latest_end_before"],
        reference="SSDA903 rules 142, 501",
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
        "another reason than S for an episode that starts on the day the one before ended",
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
        "for reason L another legal status than before, in the same placement",
        "Correct the reason for the new episode, the legal status or the placement.",
        lambda rows: (
            (rows["new_episode_reason_code"] == "L")
            & rows["follows_on"]
            & (_same(rows, "legal_status_code") | _moved(rows))
        ),
    ),
    _rne(
        "placement_change_not_shown",
        "435",
        "for reason P or T another placement than before, under the same legal status",
        "Correct the reason for the new episode, the placement or the legal status.",
        lambda rows: (
            rows["new_episode_reason_code"].isin(("P", "T"))
            & rows["follows_on"]
            & (_differs(rows, "legal_status_code") | _stayed(rows))
        ),
    ),
    _rne(
        "both_changes_not_shown",
        "436",
        "for reason B or U another legal status and another placement than before",
        "Correct the reason for the new episode, the legal status or the placement.",
        lambda rows: (
            rows["new_episode_reason_code"].isin(("B", "U"))
            & rows["follows_on"]
            & (_same(rows, "legal_status_code") | _stayed(rows))
        ),
    ),
    Rule(
        "continues_without_next",
        "cease_reason_code",
        Severity.WARN,
        f"after {CONTINUES} an episode of the same child that starts on that day",
        "Add the next episode, or record why the child ceased to be looked after.",
        lambda rows: (
            (rows["cease_reason_code"] == CONTINUES)
            & (rows["ceased_on"] <= rows["started_on"].max())  # later starts are beyond what the extract holds
            & (rows["is_last"] | (rows["next_started_on"] > rows["ceased_on"]))
        ),
        reference="SSDA903 rule 388",
    ),
    Rule(
        "ceased_but_goes_on",
        "cease_reason_code",
        Severity.WARN,
        f"{CONTINUES} where the child's next episode starts on the same day",
        f"Correct the reason to {CONTINUES}, or remove the episode that follows.",
        lambda rows: (
            rows["cease_reason_code"].notna()
            & (rows["cease_reason_code"] != CONTINUES)
            & (rows["next_started_on"] == rows["ceased_on"])
        ),
        reference="SSDA903 rule 388",
    ),
    _too_long_under("L1", 3),
    _too_long_under("L2", 21),
    Rule(
        "short_breaks_over_75_days",
        "ceased_on",
        Severity.WARN,
        f"at most {SHORT_BREAK_DAYS} days of short breaks (V3) in any 12 months, to the end of this one",
        "Correct the dates or the legal status: beyond that the child is looked after.",
        _short_breaks_over_the_year,
        reference="SSDA903 rule 367; Care Planning Regulations 2010, regulation 48",
    ),
    Rule(
        "short_breaks_of_both_kinds",
        "legal_status_code",
        Severity.WARN,
        "short breaks either under V3 or under V4 in one year from April to March",
        "Record all of the child's short breaks of the year in the same way.",
        _both_kinds_of_short_break,
        reference="SSDA903 rule 426",
    ),
    Rule(
        "third_carers_holiday",
        "placement_code",
        Severity.WARN,
        f"at most {CARERS_HOLIDAYS} stays while the carer is on holiday (T3) that start within 12 months",
        "Correct the type of placement: a third stay elsewhere is a change of placement.",
        _third_holiday,
        reference="SSDA903 rule 377",
    ),
    Rule(
        "not_back_to_usual_placement",
        "placement_code",
        Severity.WARN,
        "after a temporary placement (T0 to T4) the one before it again: same code and postcode, reason P",
        "Record the return to the usual placement first, or the temporary one by its real type.",
        _not_back_to_usual,
        reference="SSDA903 rule 383",
    ),
    Rule(
        "need_changed",
        "need_code",
        Severity.WARN,
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
    ),
    Rule(
        "change_reason_blank",
        "change_reason_code",
        Severity.WARN,
        "a reason when one placement gives way to another, unless one of them is temporary",
        "Record the reason for the change on the episode that ended.",
        _reason_missing,
        reference="SSDA903 rule 225",
    ),
    Rule(
        "change_reason_not_needed",
        "change_reason_code",
        Severity.WARN,
        "no reason for a change into or out of a temporary placement (T0 to T4)",
        "Remove the reason for the change.",
        lambda rows: (
            rows["change_reason_code"].notna()
            & (rows["placement_code"].isin(TEMPORARY) | rows["next_placement_code"].isin(TEMPORARY))
        ),
        reference="SSDA903 rule 226",
    ),
    Rule(
        "birth_dates_of_child_differ",
        "dob",
        Severity.WARN,
        "one date of birth for each child",
        "Correct the date of birth on the episodes where it is wrong.",
        lambda rows: rows["dob"].groupby(rows["child_id"]).transform("nunique") > 1,
        reference="SSDA903 rule INT13",
    ),
)
