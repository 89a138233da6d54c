"""What is said that a measure has done: by limits, by a run, against the year before (definitions 7.7)."""

from __future__ import annotations

import pandas as pd
import pytest

from perfpipe.assess.assess import assess
from perfpipe.measures import BY_ID
from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.figure import FIGURES
from tests.assess.test_variation import EPISODES, HIGH, INTERVIEWS, LOW, NEITHER, RANGE, STEADY, a_plan, judged, series
from tests.measure_builders import changed

LONG = [*STEADY, *STEADY]
FALLS = [0.8] * 12 + [0.6] * 12
NONE = ("not tested", "none", "", False)


def first(found: pd.DataFrame, place: int = -1) -> tuple[str, str, str, bool]:
    row = found.iloc[place]
    return row["movement"], row["movement_by"], row["movement_since"], bool(row["movement_is_sure"])


def year(found: pd.DataFrame, place: int = -1) -> tuple[str, str, str]:
    row = found.iloc[place]
    return row["year_movement"], row["year_month"], row["year_reason"]


@pytest.mark.parametrize(
    ("measure", "high", "low"),
    [(HIGH, "better", "worse"), (LOW, "worse", "better"), (NEITHER, "higher", "lower")],
)
def test_a_signal_is_said_by_polarity_since_it_began(measure: Measure, high: str, low: str) -> None:
    for value, expected in ((90.0, high), (10.0, low)):
        found = judged(series([*LONG, value, value], measure), measure)
        assert first(found) == (expected, "limits", "2017-04", True)


def test_a_signal_of_the_other_side_begins_anew() -> None:
    assert first(judged(series([*LONG, 90, 10, 10]))) == ("worse", "limits", "2017-05", True)


def test_within_limits_is_no_clear_change() -> None:
    assert first(judged(series([*LONG, 51]))) == ("no clear change", "limits", "", False)


def test_two_figures_a_month_apart_say_nothing() -> None:
    assert first(judged(series([25.0, 24]))) == NONE
    assert judged(series([25.0, 24]))["movement_reason"].tolist()[-1] == "no figure 12 months earlier"


def test_a_share_against_the_year_before() -> None:
    # 48 of 80 against 64 of 80: z about 2.8
    found = judged(series([0.8, *[None] * 11, 0.6], INTERVIEWS, n=80), INTERVIEWS)
    assert first(found) == ("worse", "year", "", True)
    assert year(found) == ("worse", "2015-04", "")
    last = found.iloc[-1]
    assert (last["year_value"], last["year_numerator"], last["year_denominator"]) == (0.8, 64, 80)
    assert (last["year_lower"], last["year_upper"]) == pytest.approx((-0.3316, -0.0580), abs=1e-3)


def test_clear_at_95_percent_alone_could_be_chance() -> None:
    found = judged(series([0.75, *[None] * 11, 0.6], INTERVIEWS, n=80), INTERVIEWS)  # z about 2.0
    assert first(found) == ("lower", "year", "", False)


def test_children_with_many_episodes_turn_a_fall_into_no_clear_change() -> None:
    found = judged(series([0.8, *[None] * 11, 0.6], INTERVIEWS, n=80, design_effect=2.5), INTERVIEWS)
    assert first(found) == ("no clear change", "year", "", False)


def test_limits_and_the_year_may_disagree_and_both_are_said() -> None:
    values = [0.7, 0.75, 0.68, 0.74, 0.71, 0.76, 0.69, 0.73, 0.7, 0.75, 0.72, 0.71] * 2 + [0.95]
    found = judged(series([0.98 if n == 12 else v for n, v in enumerate(values)], INTERVIEWS, n=400), INTERVIEWS)
    assert first(found)[:2] == ("better", "limits")
    assert year(found)[0] == "lower"
    assert not found["year_is_sure"].iloc[-1]


def test_a_sure_year_goes_before_normal_variation() -> None:
    wide = [0.5, 0.9] * 12
    found = judged(series([*wide, 0.6], INTERVIEWS, n=1000), INTERVIEWS)
    assert found["variation"].tolist()[-1] == "common"
    assert year(found)[0] == "better"
    assert first(found) == ("better", "year", "", True)


def test_a_run_is_said_where_limits_are_refused_and_points_share_no_data() -> None:
    few = [0.5, 0.7, 0.4, 0.8, 0.6, 0.5, 0.7, 0.4, 0.8, 0.6, 0.5, 0.7] * 2  # median 0.6
    for after, expected in (([0.7] * 7, "better"), ([0.5] * 7, "worse"), ([0.7] * 6, "no clear change")):
        found = judged(series([*few, *after], INTERVIEWS, n=10), INTERVIEWS)
        assert found["variation_reason"].tolist()[-1] == "more than a quarter of the figures are of fewer than 20 cases"
        assert first(found)[0] == expected
    assert first(judged(series([*few, *[0.7] * 7], INTERVIEWS, n=10), INTERVIEWS)) == ("better", "run", "2017-04", True)
    shared = judged(series([*few, *[0.7] * 7], INTERVIEWS, Period.ROLLING_12, n=10), INTERVIEWS)
    assert shared["movement_by"].tolist()[-1] == "year"


def test_a_run_or_signal_of_figures_that_follow_each_other_could_be_chance() -> None:
    drifts = [50.0 + n % 2 for n in range(12)] + [52.0 + n % 2 for n in range(12)] + [54.0] * 13
    found = judged(series(drifts))
    assert found["variation_reason"].tolist()[-1].startswith("not stable")
    assert first(found) == ("higher", "run", "2017-04", False)
    alike = [48.0, 49, 50, 52, 51, 52, 50, 48, 47, 49, 51, 53] * 2 + [51.0] * 7  # lag-1 correlation about 0.5
    said = judged(series(alike))
    if said["mean"].notna().all():
        assert first(said)[0] != "better"


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [(0.4, 0.6, "better"), (0.6, 0.8, "higher"), (0.55, 0.9, "worse"), (0.95, 0.7, "better")],
)
def test_of_a_range_nearer_to_it_is_better(then: float, now: float, expected: str) -> None:
    measure = changed(INTERVIEWS, polarity=RANGE.shown.polarity)
    plan = a_plan(low="0.5", high="0.8")
    plan = plan.model_copy(update={"targets": {INTERVIEWS.id: plan.targets[EPISODES.id]}})
    found = assess(series([then, *[None] * 11, now], measure, n=1000), plan, [measure])
    assert year(found)[0] == expected


def test_events_are_compared_by_how_many_are_of_one_child() -> None:
    values = [30.0, *[None] * 11, 60.0]
    assert year(judged(series(values, LOW), LOW))[0] == "worse"
    clustered = [300.0, *[None] * 11, 600.0]
    assert year(judged(series(values, LOW, spread=clustered), LOW))[0] == "no clear change"
    unknown = judged(series(values, LOW, spread=None), LOW)
    assert year(unknown) == ("not tested", "2015-04", "how much it varies by chance is not known")


def test_what_cannot_be_compared_says_why() -> None:
    for fields, reason in (
        ({"provisional": [False] * 12 + [True]}, "provisional: more is still to be recorded"),
        ({"provisional": [True] + [False] * 12}, "the figure 12 months earlier is provisional"),
        ({"definition_version": [1] * 12 + [2]}, "counted by another definition 12 months earlier"),
    ):
        found = judged(series([0.8, *[None] * 11, 0.6], INTERVIEWS, n=80, **fields), INTERVIEWS)
        assert first(found) == NONE
        assert found["movement_reason"].tolist()[-1] == reason


def test_a_longer_window_is_compared_with_the_window_before() -> None:
    stability = BY_ID["long_term_stability"]
    values = [0.8] + [None] * 17 + [0.1] + [None] * 11 + [0.6]
    found = assess(series(values, stability, Period.ROLLING_12, n=100), a_plan(), [stability])
    assert year(found)[:2] == ("worse", "2015-04")


def test_a_month_end_number_without_a_bridge_is_not_tested() -> None:
    found = judged(series([10.0] * 12 + [60.0], EPISODES, Period.MONTH_END), EPISODES)
    assert year(found)[2] == "who came and who left in the year is not known"


def stock(came: float, went: float, spread: float, months: int = 12) -> pd.DataFrame:
    """Children looked after in two years, and the steps of the months between, all alike."""
    names = ("children_looked_after", "stock_started", "stock_ended", "stock_moved_in", "stock_moved_out")
    measures = [BY_ID[name] for name in names]
    end = series([600.0, *[None] * 11, 600 + months * (came - went)], measures[0], Period.MONTH_END)
    steps = [
        series([0.0] * (13 - months) + [number] * months, measure, spread=spread)
        for measure, number in zip(measures[1:], (came, went, 5.0, 5.0), strict=True)
    ]
    return assess(pd.concat([end, *steps[: len(steps)]], ignore_index=True).astype(FIGURES.dtypes), a_plan(), measures)


def test_a_stock_is_tested_by_who_came_and_who_went() -> None:
    of_stock = {
        "sure": stock(10, 5, 8),  # 120 against 60, of 192 squares
        "clear": stock(5, 3, 4),  # 60 against 36: 0.018
        "chance": stock(10, 9, 10),
        "siblings": stock(5, 3, 16),  # each four at a time: 15 against 9
    }
    said = {name: found[found["measure_id"] == "children_looked_after"].iloc[-1] for name, found in of_stock.items()}
    assert {name: row["year_movement"] for name, row in said.items()} == {
        "sure": "higher", "clear": "higher", "chance": "no clear change", "siblings": "no clear change",
    }  # fmt: skip
    assert (said["sure"]["year_is_sure"], said["clear"]["year_is_sure"]) == (True, False)


def test_a_stock_with_a_month_missing_is_not_tested() -> None:
    found = stock(10, 5, 8)
    rows = found[(found["measure_id"] != "stock_ended") | (found["month"] != "2015-09")][FIGURES.names]
    names = ("children_looked_after", "stock_started", "stock_ended", "stock_moved_in", "stock_moved_out")
    again = assess(rows.reset_index(drop=True), a_plan(), [BY_ID[name] for name in names])
    of_stock = again[again["measure_id"] == "children_looked_after"].iloc[-1]
    assert of_stock["year_reason"] == "who came and who left in the year is not known"


def test_medians_by_their_intervals() -> None:
    measure = BY_ID["rhi_median_hours"]
    gap = [None] * 11
    for lower, upper, expected in ((20.0, 39.0, "better"), (20.0, 41.0, "no clear change")):
        figures = series([50.0, *gap, 30.0], measure, n=40, lower=[40.0, *gap, lower], upper=[60.0, *gap, upper])
        assert year(assess(figures.assign(numerator=float("nan")), a_plan(), [measure]))[0] == expected
    bare = series([50.0, *gap, 30.0], measure, n=40)
    assert year(assess(bare, a_plan(), [measure]))[2] == "too few cases for an interval"


def test_since_when_a_measure_is_on_its_side_of_the_target() -> None:
    values = [40.0, 60, 60, None, 60, 55, 49, 40, 45]
    found = judged(series(values), target="50", amber_within="5")
    assert found["status_since"].tolist() == [
        "2015-04", "2015-05", "2015-05", "", "2015-05", "2015-05", "2015-10", "2015-10", "2015-10",
    ]  # fmt: skip
    assert found["months_met"].tolist() == [0, 1, 2, 2, 3, 4, 4, 4, 4]
    assert found["months_judged"].tolist() == [1, 2, 3, 3, 4, 5, 6, 7, 8]


def test_months_met_are_of_the_last_twelve() -> None:
    found = judged(series([60.0] * 3 + [40.0] * 12), target="50")
    assert (found["months_met"].iloc[-1], found["months_judged"].iloc[-1]) == (0, 12)
    assert (found["months_met"].iloc[-2], found["months_judged"].iloc[-2]) == (1, 12)
    assert judged(series([60.0] * 3))["months_judged"].tolist() == [0, 0, 0]


def test_groups_are_told_against_the_year_before_alone() -> None:
    figures = series(FALLS, INTERVIEWS, n=200).assign(breakdown="area", group="in")
    found = judged(figures, INTERVIEWS)
    assert first(found) == ("worse", "year", "", True)


def test_a_month_of_few_cases_and_a_provisional_one_have_no_assurance() -> None:
    steady = [0.7, 0.75, 0.68, 0.74, 0.71, 0.76, 0.69, 0.73, 0.7, 0.75, 0.72, 0.71]
    plan = a_plan(target="0.5")
    plan = plan.model_copy(update={"targets": {INTERVIEWS.id: plan.targets[EPISODES.id]}})
    few = series([*steady, 0.7], INTERVIEWS, n=[100.0] * 12 + [5.0])
    late = series([*steady, 0.7], INTERVIEWS, n=100, provisional=[False] * 12 + [True])
    for figures in (few, late):
        assert assess(figures, plan, [INTERVIEWS])["assurance"].tolist()[-2:] == ["passes", "none"]
