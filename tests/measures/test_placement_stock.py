"""The stock that reconciles, and what must hold of all placement figures, whatever the rows are."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import strategies as st

from perfpipe.measures import BY_ID
from perfpipe.measures.placement_stock import BRIDGE
from tests.care import PL, Row, figures, stay, value
from tests.soaks import holds_of

M = "2017-03"
STEPS = {measure.id: measure.code for measure in PL if measure.shown.table is BRIDGE}


def steps(found: pd.DataFrame, group: str = "all", month: str = M) -> dict[str, float]:
    return {
        name.removeprefix("stock_"): value(found[found["breakdown"] != "why_ended"], code, month, group)[0]
        for name, code in STEPS.items()
        if value(found[found["breakdown"] != "why_ended"], code, month, group)[0]
    }


def of(*rows: Row, before: list[Row] | None = None) -> pd.DataFrame:
    extracts = [("2017-02", "2017-02", before if before is not None else list(rows)), (M, M, list(rows))]
    return figures(extracts, M, M)


def test_a_child_who_stays_is_there_before_and_after() -> None:
    assert steps(of(stay("2016-01-01"))) == {"opening": 1, "closing": 1}


def test_a_start_and_an_end() -> None:
    found = of(stay("2017-03-01"), stay("2016-01-01", "2017-03-31", child_id="C2", cease_reason_code="E4A"))
    assert steps(found) == {"opening": 1, "started": 1, "ended": 1, "closing": 1}
    assert value(found, STEPS["stock_ended"], M, "returned_home") == pytest.approx((1, float("nan")), nan_ok=True)


def test_who_starts_after_another_child_stayed_ends_nobodys_stay() -> None:
    found = of(stay("2016-01-01"), stay("2017-03-15", child_id="C2"))
    assert steps(found) == {"opening": 1, "started": 1, "closing": 2}


def test_a_move_is_the_same_whatever_the_order_of_the_rows() -> None:
    found = of(stay("2017-03-10", placement_code="K2"), stay("2016-01-01", "2017-03-10"))
    assert steps(found, "foster_inhouse") == {"opening": 1, "moved_out": 1}
    assert steps(found, "childrens_home") == {"moved_in": 1, "closing": 1}


@pytest.mark.slow
def test_starting_on_the_eve_is_opening_and_ending_on_the_first_is_an_end() -> None:
    assert steps(of(stay("2017-02-28"))) == {"opening": 1, "closing": 1}
    assert steps(of(stay("2016-01-01", "2017-03-01"))) == {"opening": 1, "ended": 1}
    assert steps(of(stay("2016-01-01", "2017-02-28"))) == {}
    assert steps(of(stay("2016-01-01", "2017-04-01"))) == {"opening": 1, "closing": 1}


def test_who_starts_and_ends_within_the_month_is_in_both() -> None:
    assert steps(of(stay("2017-03-05", "2017-03-09"))) == {"started": 1, "ended": 1}


def test_a_move_leaves_one_group_and_comes_into_another() -> None:
    found = of(stay("2016-01-01", "2017-03-10"), stay("2017-03-10", placement_code="K2", provider_code="PR4"))
    assert steps(found) == {"opening": 1, "moved_in": 1, "moved_out": 1, "closing": 1}
    assert steps(found, "foster_inhouse") == {"opening": 1, "moved_out": 1}
    assert steps(found, "childrens_home") == {"moved_in": 1, "closing": 1}


@pytest.mark.slow
def test_a_move_within_a_group_is_no_step_and_there_and_back_are_four() -> None:
    assert steps(of(stay("2016-01-01", "2017-03-10"), stay("2017-03-10", placement_postcode="ZZ9 9AA"))) == {
        "opening": 1,
        "closing": 1,
    }
    there = [stay("2016-01-01", "2017-03-10"), stay("2017-03-10", "2017-03-20", placement_code="K2")]
    found = of(*there, stay("2017-03-20"))
    assert steps(found) == {"opening": 1, "moved_in": 2, "moved_out": 2, "closing": 1}


def test_a_temporary_placement_is_no_move() -> None:
    found = of(
        stay("2016-01-01", "2017-03-10"),
        stay("2017-03-10", "2017-03-20", placement_code="T3", provider_code=None),
        stay("2017-03-20"),
    )
    assert steps(found) == {"opening": 1, "closing": 1}


def test_short_breaks_are_in_no_step() -> None:
    assert steps(of(stay("2017-03-05", legal_status_code="V3"))) == {}


def test_of_two_open_episodes_the_later_counts_and_its_end_brings_the_older_back() -> None:
    found = of(stay("2016-01-01"), stay("2016-06-01", "2017-03-10", placement_code="K2"))
    assert steps(found, "childrens_home") == {"opening": 1, "moved_out": 1}
    assert steps(found, "foster_inhouse") == {"moved_in": 1, "closing": 1}


def test_what_came_late_or_was_corrected_has_its_own_line() -> None:
    before = [stay("2016-01-01"), stay("2016-01-01", child_id="error"), stay("2016-01-01", child_id="moved")]
    rows = [stay("2016-01-01"), stay("2017-02-01", child_id="late")]
    moved = stay("2016-01-01", child_id="moved", placement_code="K2")
    found = of(*rows, moved, before=before)
    assert steps(found) == {"opening": 3, "closing": 3}  # one came late, one was removed
    assert steps(found, "foster_inhouse") == {"opening": 3, "late": -1, "closing": 2}
    assert steps(found, "childrens_home") == {"late": 1, "closing": 1}


def test_who_came_late_and_moved_within_the_month_came_late_once() -> None:
    known = stay("2016-01-01", child_id="known")
    late = [stay("2016-01-01", "2017-03-10"), stay("2017-03-10", placement_code="K2")]
    found = of(known, *late, before=[known])
    assert steps(found) == {"opening": 1, "late": 1, "moved_in": 1, "moved_out": 1, "closing": 2}
    assert steps(found, "foster_inhouse") == {"opening": 1, "late": 1, "moved_out": 1, "closing": 1}
    assert steps(found, "childrens_home") == {"moved_in": 1, "closing": 1}


def test_a_type_that_leaves_the_list_is_regrouped_and_has_not_moved() -> None:
    rows = [stay("2022-01-01", placement_code="P2")]
    found = figures([("2023-09", "2023-10", rows)], "2023-10", "2023-10")
    assert steps(found, "supported_semi_independent", "2023-10") == {"opening": 1, "late": -1}
    assert steps(found, "other", "2023-10") == {"late": 1, "closing": 1}


def test_in_the_month_after_it_left_the_list_a_type_opens_in_its_new_group() -> None:
    found = figures([("2023-10", "2023-11", [stay("2022-01-01", placement_code="P2")])], "2023-11", "2023-11")
    assert steps(found, "supported_semi_independent", "2023-11") == {}
    assert steps(found, "other", "2023-11") == {"opening": 1, "closing": 1}


def test_without_the_month_before_there_is_no_stock() -> None:
    found = figures([(M, M, [stay("2016-01-01")])], M, M)
    assert set(found[found["code"].isin(STEPS.values())]["state"]) == {"not_available"}


REASONS = {
    "returned_home": ("E4A", "E4B", "E13"),
    "adopted": ("E11", "E12"),
    "special_guardianship": ("E41", "E43", "E44", "E45", "E46", "E47", "E48"),
    "independent": ("E5", "E6", "E7", "E17"),
    "other": ("E2", "E3", "E8", "E9", "E14", "E15", "E16"),
    "not_known": ("X1", None),
}


def test_every_reason_for_an_end_has_its_group() -> None:
    pairs = [(group, code) for group, codes in REASONS.items() for code in codes]
    rows = [
        stay("2016-01-01", "2017-03-10", child_id=f"C{number}", cease_reason_code=code)
        for number, (_, code) in enumerate(pairs)
    ]
    found = of(*rows)
    ended = found[(found["measure_id"] == "stock_ended") & (found["breakdown"] == "why_ended")]
    assert ended.set_index("group")["numerator"].to_dict() == {group: len(codes) for group, codes in REASONS.items()}


# --- What must hold of all figures, whatever the rows are ---

FIRST, LAST = "2016-11", "2017-04"
PLACES = ["U1", "U4", "U6", "K2", "H5", "P2", "P1", "A3", "A6", "R2", "Z1", "T1", "T3", None]
days = st.integers(0, 260).map(lambda number: date(2016, 9, 1) + timedelta(days=number))


@st.composite
def episode(draw: st.DrawFn) -> Row:
    start = draw(days)
    length = draw(st.one_of(st.none(), st.integers(0, 120)))
    return stay(
        start.isoformat(),
        (start + timedelta(days=length)).isoformat() if length is not None else "",
        child_id=draw(st.sampled_from(["C1", "C2", "C3"])),
        dob=draw(st.sampled_from([date(2001, 2, 1), date(2010, 1, 1), None])),
        new_episode_reason_code=draw(st.sampled_from(["S", "P", "L", "T", "U", "B", None])),
        legal_status_code=draw(st.sampled_from(["C2", "C2", "V2", "V3", None])),
        placement_code=draw(st.sampled_from(PLACES)),
        provider_code=draw(st.sampled_from(["PR1", "PR2", "PR4", None])),
        placement_postcode=draw(st.sampled_from(["ZZ1 1AA", "ZZ1 1AB", "ZZ", None])),
        distance_miles=draw(st.sampled_from([None, 1.0, 20.0, 20.1, 999.9])),
        location=draw(st.sampled_from(["IN", "OUT", None])),
        unaccompanied=draw(st.sampled_from(["Y", "N", None])),
        change_reason_code=draw(st.sampled_from([None, "CARPL", "CHILD", "CLOSE"])),
    )


def key(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in ("child_id", "started_on", "placement_code", "legal_status_code"))


histories = st.lists(episode(), min_size=1, max_size=9, unique_by=key)
PARTS = {"year before": ("2016-04", "2017-02"), "month": ("2017-03", "2017-04")}


def both(earlier: list[Row], later: list[Row]) -> pd.DataFrame:
    return figures([(*PARTS["year before"], earlier), (*PARTS["month"], later)], FIRST, LAST)


@pytest.mark.soak
@pytest.mark.slow
@holds_of(histories, histories, st.integers(), few=6, many=200)
def test_figures_of_any_rows_reconcile(earlier: list[Row], later: list[Row], seed: int) -> None:
    found = both(earlier, later)
    ok = found[found["state"] == "ok"]

    for total, parts in BRIDGE.adds_up:
        by = ["month", "breakdown", "group"]
        line = {name: ok[ok["measure_id"] == name.removeprefix("-")].set_index(by)["numerator"] for name in parts}
        expected = sum((-line[name] if name.startswith("-") else line[name]) for name in parts)
        closing = ok[ok["measure_id"] == total].set_index(by)["numerator"]
        pd.testing.assert_series_equal(expected.reindex(closing.index), closing, check_names=False)
    whole = ok[ok["breakdown"] == "all"].set_index(["measure_id", "month"])["numerator"]
    assert (whole.get("stock_moved_in", pd.Series()) == whole.get("stock_moved_out", pd.Series())).all()

    shares = ok[ok["unit"] == "percent"]
    assert shares["value"].between(0, 1).all()

    one = ["measure_id", "month", "period"]
    all_of_it = ok[ok["breakdown"] == "all"].set_index(one)[["numerator", "denominator"]]
    split = ok[ok["breakdown"] != "all"].groupby([*one, "breakdown"])[["numerator", "denominator"]].sum(min_count=1)
    expected_split = all_of_it.reindex(split.index.droplevel("breakdown")).set_axis(split.index)
    pd.testing.assert_frame_equal(split, expected_split)

    looked_after = all_of_it.xs("children_looked_after")["numerator"].droplevel("period")
    for measure in PL:
        if measure.shown.same_total_as and measure.id in all_of_it.index:
            assert measure.shown.same_total_as == "children_looked_after"
            total = all_of_it.xs(measure.id)["numerator" if BY_ID[measure.id].counts.is_count else "denominator"]
            total = total.droplevel("period")
            assert (total == looked_after.reindex(total.index)).all(), measure.id

    shuffle = random.Random(seed).shuffle
    shuffle(earlier)
    shuffle(later)
    pd.testing.assert_frame_equal(both(earlier, later), found)

    nothing = {"dob": None, "placement_postcode": None}  # a column without content is another matter
    gone = [stay("2010-01-01", "2016-03-20", child_id="gone", **nothing), stay("2017-05-02", child_id="new", **nothing)]
    breaks = [stay("2016-12-01", child_id="short breaks", legal_status_code="V4", **nothing)]
    pd.testing.assert_frame_equal(both([*earlier, *gone, *breaks], [*later, *gone, *breaks]), found)


def test_every_measure_whose_total_is_the_number_looked_after_says_so() -> None:
    same = {measure.code for measure in PL if measure.shown.same_total_as}
    assert same == {"PL-01g", "PL-02", "PL-04", "PL-05", "PL-06", "PL-07", "PL-09", "PL-10", "PL-01s7"}
