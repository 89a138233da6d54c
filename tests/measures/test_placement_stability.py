"""Three or more placements: the seven cases of definitions 4.6, and long-term stability (definitions 4.7), by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from perfpipe.datasets.placement_order import day_numbers
from perfpipe.measures.placement_stability import (
    LONG_TERM_STABILITY,
    children_and_placements,
    long_in_care,
    many_placements,
    settled,
)
from tests.care import Row, figures, stay, typed, value

END = "2017-03-31"


def seen(rows: list[Row], end: str = END, window_from: str = "2016-04-01") -> pd.DataFrame:
    """What the view makes of rows that a look-back sees."""
    frame = typed(rows).assign(month=end[:7], month_end=pd.Timestamp(end), window_from=pd.Timestamp(window_from))
    return children_and_placements(frame.assign(reading_id="r0"))


def at(start: str, end: str, reason: str, place: str, postcode: str, **values: Any) -> Row:
    return stay(
        start, end, new_episode_reason_code=reason or None, placement_code=place, placement_postcode=postcode, **values
    )


def placements(*rows: Row, **more: Any) -> list[int]:
    return seen(list(rows), **more)["placements"].tolist()


A = [at("2015-06-05", "", "S", "U6", "A")]
B = [
    at("2016-05-10", "2016-09-01", "S", "U6", "A"),
    at("2016-09-01", "2016-11-01", "P", "U6", "B"),
    at("2016-11-01", "2017-01-15", "L", "U6", "B"),
    at("2017-01-15", "", "P", "K2", "C"),
]
C = [
    at("2016-02-01", "2016-06-10", "S", "U6", "A"),
    at("2016-06-10", "2016-06-24", "P", "T3", "X"),
    at("2016-06-24", "2016-12-05", "P", "U6", "A"),
    at("2016-12-05", "", "P", "U6", "B"),
]
D = [at("2015-06-05", "2016-07-01", "S", "U5", "A"), at("2016-07-01", "", "T", "A5", "A")]
F = [
    at("2016-05-01", "2016-08-01", "S", "U6", "A", cease_reason_code="E4A"),
    at("2016-12-01", "2017-02-01", "S", "U6", "B"),
    at("2017-02-01", "", "P", "U3", "C"),
]
G = [at("2016-01-01", "2016-04-01", "S", "U6", "A"), at("2016-04-01", "", "P", "K2", "B")]


@pytest.mark.parametrize(("rows", "count"), [(A, 1), (B, 3), (C, 2), (D, 1), (F, 3), (G, 1)], ids=[*"abcdfg"])
def test_worked_cases(rows: list[Row], count: int) -> None:
    children = seen(rows)
    assert children["placements"].tolist() == [count]
    assert many_placements(children).tolist() == [count >= 3]


def test_case_e_short_breaks_are_not_in_the_cohort() -> None:
    assert seen([at("2015-06-05", "", "S", "U6", "A", legal_status_code="V4")]).empty


def test_who_ceased_on_the_last_day_is_not_in_the_cohort() -> None:
    assert seen([at("2016-01-01", END, "S", "U6", "A")]).empty
    assert placements(at("2016-01-01", "2017-04-01", "S", "U6", "A")) == [1]


def test_worked_cases_as_figures() -> None:
    cases = {"a": A, "b": B, "c": C, "d": D, "f": F, "g": G}
    rows = [row | {"child_id": name} for name, rows in cases.items() for row in rows]
    rows.append(stay("2015-06-05", child_id="e", legal_status_code="V4"))
    found = figures([("2016-04", "2017-03", rows)], "2017-03", "2017-03")
    assert value(found, "PL-07", "2017-03") == (2, 6)


def test_two_placements_are_not_three() -> None:
    assert many_placements(pd.DataFrame({"placements": [2, 3]})).tolist() == [False, True]


def test_a_placement_of_less_than_a_day_does_not_count() -> None:
    one_day, again = at("2017-01-15", "2017-01-15", "P", "K2", "C"), at("2017-01-15", "", "P", "U6", "D")
    assert placements(*B[:2], at("2016-11-01", "2017-01-15", "L", "U6", "B"), one_day, again) == [3]


def test_a_placement_that_ended_on_the_second_day_of_the_window_counts() -> None:
    assert placements(at("2016-01-01", "2016-04-02", "S", "U6", "A"), at("2016-04-02", "", "P", "K2", "B")) == [2]


def test_after_a_temporary_placement_another_carer_is_a_move() -> None:
    assert placements(*C[:2], at("2016-06-24", "", "P", "U6", "B")) == [2]
    assert placements(*C[:2], at("2016-06-24", "", "P", "U5", "A")) == [2]
    assert placements(*C[:2], at("2016-06-24", "", "P", "U6", "A")) == [1]


def test_several_temporary_placements_running_are_one_absence() -> None:
    more = at("2016-06-24", "2016-06-30", "P", "T4", "Y")
    assert placements(*C[:2], more, at("2016-06-30", "", "P", "U6", "A")) == [1]


def test_a_return_to_care_is_a_new_placement_even_in_the_same_home() -> None:
    temporary = at("2016-06-10", "2016-06-24", "P", "T3", "X", cease_reason_code="E4A")
    assert placements(C[0], temporary, at("2016-09-01", "", "S", "U6", "A")) == [2]
    assert placements(C[0], temporary, at("2016-09-01", "", "P", "U6", "A")) == [2]  # a gap, whatever it says
    assert placements(C[0], temporary, at("2016-06-24", "", "S", "U6", "A")) == [2]


@pytest.mark.parametrize(
    ("place", "postcode", "provider", "count"),
    [("U6", "A", "PR1", 1), ("K2", "A", "PR1", 2), ("U6", "B", "PR1", 2), ("U6", "A", "PR4", 2)],
)
def test_without_a_reason_another_place_tells(place: str, postcode: str, provider: str, count: int) -> None:
    there = at("2016-08-01", "", "", place, postcode, provider_code=provider)
    assert placements(at("2016-05-01", "2016-08-01", "S", "U6", "A"), there) == [count]


def test_without_a_reason_a_gap_tells() -> None:
    assert placements(at("2016-05-01", "2016-08-01", "S", "U6", "A"), at("2016-08-02", "", "", "U6", "A")) == [2]


@pytest.mark.parametrize(("reason", "count"), [("L", 1), ("T", 1), ("U", 1), ("P", 2), ("B", 2), ("S", 2)])
def test_only_a_new_carer_is_a_move(reason: str, count: int) -> None:
    assert placements(at("2016-05-01", "2016-08-01", "S", "U6", "A"), at("2016-08-01", "", reason, "K2", "B")) == [
        count
    ]


def test_overlapping_episodes_are_counted_each_and_the_child_once() -> None:
    assert placements(at("2016-05-01", "", "S", "U6", "A"), at("2016-08-01", "", "P", "K2", "B")) == [2]


def test_two_children_do_not_mix_and_the_order_of_rows_does_not_matter() -> None:
    rows = [*B, *(row | {"child_id": "C2"} for row in G)]
    for order in (rows, rows[::-1], rows[3:] + rows[:3]):
        children = seen(order).set_index("child_id")
        assert children["placements"].to_dict() == {"C1": 3, "C2": 1}


START = "2014-09-30"  # 30 months before


@pytest.mark.parametrize(
    ("rows", "born", "in_cohort", "is_settled"),
    [
        ([at(START, "", "S", "U6", "A")], "2006-05-01", True, True),
        ([at("2014-10-01", "", "S", "U6", "A")], "2006-05-01", False, True),
        ([at(START, "", "S", "U6", "A")], "2001-03-31", False, True),  # 16 on the day
        ([at(START, "", "S", "U6", "A")], "2001-04-01", True, True),
        ([at(START, "2015-03-31", "S", "U6", "A"), at("2015-03-31", "", "P", "U6", "B")], "2006-05-01", True, True),
        ([at(START, "2015-04-01", "S", "U6", "A"), at("2015-04-01", "", "P", "U6", "B")], "2006-05-01", True, False),
        ([at(START, "2015-04-01", "S", "U6", "A"), at("2015-04-01", "", "L", "U6", "A")], "2006-05-01", True, True),
        ([at(START, "2016-06-01", "S", "U5", "A"), at("2016-06-01", "", "P", "A6", "B")], "2006-05-01", True, True),
        ([at(START, "2016-06-01", "S", "U5", "A"), at("2016-06-01", "", "P", "U6", "B")], "2006-05-01", True, False),
        ([at(START, "2016-06-01", "S", "U5", "A"), at("2016-06-02", "", "S", "U6", "B")], "2006-05-01", False, False),
        ([at(START, "2016-06-01", "S", "U5", "A"), at("2016-06-02", "", "S", "A6", "B")], "2006-05-01", False, False),
        (  # adopted by the carer of a short time: the placement before was with somebody else
            [
                at(START, "2016-01-01", "S", "U6", "A"),
                at("2016-01-01", "2016-06-01", "P", "U5", "B"),
                at("2016-06-01", "", "U", "A5", "B"),
            ],
            "2006-05-01",
            True,
            False,
        ),
        (  # away for a while at the end of the month
            [at(START, "2017-03-20", "S", "U6", "A"), at("2017-03-20", "", "P", "T1", "H")],
            "2006-05-01",
            True,
            True,
        ),
        ([at(START, "", "S", "T1", "H")], "2006-05-01", True, False),  # nobody knows the placement
    ],
)
def test_long_term_stability(rows: list[Row], born: str, in_cohort: bool, is_settled: bool) -> None:
    children = seen([row | {"dob": date.fromisoformat(born)} for row in rows])
    assert (long_in_care(children).tolist(), settled(children).tolist()) == ([in_cohort], [is_settled])


def test_the_present_placement_is_the_one_that_the_snapshot_counts() -> None:
    over = at("2017-01-01", "2017-02-01", "P", "K2", "B")
    children = seen([at(START, "", "S", "U6", "A"), over])
    assert children["placed_since"].tolist() == day_numbers(pd.Series([pd.Timestamp(START)])).tolist()


def test_without_a_date_of_birth_nobody_can_say_under_16() -> None:
    assert long_in_care(seen([at(START, "", "S", "U6", "A", dob=None)])).tolist() == [False]


@pytest.mark.slow
@pytest.mark.parametrize("month", ["2017-02", "2016-02", "2017-09"])
def test_thirty_months_of_history_are_enough(month: str) -> None:
    """A chain that goes on for 30 months to the day is seen from its start, at any length of month."""
    end = pd.Period(month, "M").end_time.normalize()
    start = (pd.Period(month, "M") - 30).end_time.normalize()
    for days, expected in ((0, 1), (1, 0)):
        began = (start + pd.Timedelta(days=days)).date().isoformat()
        before = stay("2010-01-01", began)
        rows = [before, at(began, "", "P", "U6", "B")]
        with_before = figures([("2010-01", month, rows)], month, month)
        assert value(with_before, "PL-08", month)[1] == 1
        alone = figures([("2010-01", month, [at(began, "", "S", "U6", "B")])], month, month)
        assert value(alone, "PL-08", month)[1] == expected, end


def test_the_words_of_long_term_stability_are_what_it_counts_at_a_months_end() -> None:
    """At 28 February 2017: two and a half years since 31 August 2014, not since 1 September; two since 28 February."""
    assert LONG_TERM_STABILITY.definition.endswith(
        "Years and months run from month end to month end: at 28 February, those in care since 31 August or before "
        "have been for two and a half years."
    )
    rows = [
        stay("2014-08-31", child_id="in time"),
        stay("2014-09-01", child_id="a day late"),
        stay("2014-08-28", "2015-02-28", child_id="moved in time"),
        stay("2015-02-28", child_id="moved in time", new_episode_reason_code="P", placement_postcode="ZZ3 3AA"),
        stay("2014-08-28", "2015-03-01", child_id="moved a day late"),
        stay("2015-03-01", child_id="moved a day late", new_episode_reason_code="P", placement_postcode="ZZ3 3AA"),
    ]
    assert value(figures([("2010-01", "2017-02", rows)], "2017-02", "2017-02"), "PL-08", "2017-02") == (2, 3)


@pytest.mark.slow
def test_history_that_is_not_there_is_not_available() -> None:
    rows = [stay("2010-01-01")]
    for first, code, state in (
        ("2016-04", "PL-07", "ok"),
        ("2016-05", "PL-07", "not_available"),
        ("2014-10", "PL-08", "ok"),
        ("2014-11", "PL-08", "not_available"),
    ):
        found = figures([(first, "2017-03", rows)], "2017-03", "2017-03")
        assert found[found["code"] == code]["state"].tolist() == [state]


def test_ended_episodes_come_from_the_extract_of_the_month_they_ended_in() -> None:
    """Definitions 1.4: one extract alone shows one placement, both merely joined count the open one twice."""
    old = [*B[:3], B[3] | {"ceased_on": None}]
    new = [B[3] | {"new_episode_reason_code": "P"}]
    found = figures([("2016-04", "2017-03", old), ("2017-04", "2017-04", new)], "2017-04", "2017-04")
    assert value(found, "PL-07", "2017-04") == (1, 1)


def test_the_cohort_is_that_of_the_snapshot_when_an_older_month_is_delivered_again_later() -> None:
    rows = [stay("2015-01-01"), stay("2015-01-01", child_id="C2")]
    again = [stay("2015-01-01", "2017-03-10"), rows[1]]
    extracts = [("2016-03", "2017-03", rows), ("2017-04", "2017-04", rows), ("2016-03", "2017-03", again)]
    found = figures(extracts, "2017-04", "2017-04")
    assert value(found, "PL-01", "2017-04")[0] == 2
    assert value(found, "PL-07", "2017-04")[1] == 2


CORRECTED = [at("2016-11-01", "2017-03-20", "S", "K2", "A"), at("2017-03-20", "", "P", "U6", "B")]


@pytest.mark.parametrize(
    "correction",
    [{}, {"legal_status_code": "E1"}, {"placement_code": "R2"}, {"placement_code": None, "legal_status_code": None}],
)
def test_a_corrected_episode_is_a_new_version_and_not_a_second_one(correction: dict[str, Any]) -> None:
    """Definitions 1.4: the end and, with it, a code of the first placement are put right in the next year's file."""
    corrected = [CORRECTED[0] | {"ceased_on": date(2017, 4, 15)} | correction, at("2017-04-15", "", "P", "U6", "B")]
    found = figures([("2016-04", "2017-03", CORRECTED), ("2017-04", "2017-05", corrected)], "2017-05", "2017-05")
    assert value(found, "PL-07", "2017-05") == (0, 1)


def test_two_episodes_of_one_extract_that_start_together_both_stay() -> None:
    """A placement under another legal status from the same day: no version of the first, as one extract has both."""
    rows = [
        at("2016-06-01", "2016-09-01", "S", "U6", "A"),
        at("2016-09-01", "2016-12-01", "P", "K2", "B"),
        at("2016-09-01", "2016-12-01", "P", "U4", "C"),
        at("2016-12-01", "", "L", "U4", "C"),
    ]
    found = figures([("2016-04", "2017-03", rows), ("2017-04", "2017-05", rows[3:])], "2017-05", "2017-05")
    assert value(found, "PL-07", "2017-05") == (1, 1)
