"""The XmR chart: the published vectors of definitions 7.4, each rule at its boundary, and when limits are refused."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.assess.spc import (
    FOLLOWS,
    MOST_SIGNAL,
    NOT_SIDE_BY_SIDE,
    TOO_FEW,
    Assurance,
    ProcessLimits,
    Signal,
    Special,
    assurance_of,
    lag_correlation,
    special_causes,
    xmr_chart,
    xmr_limits,
)

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "published"
PACKAGE_EXAMPLE = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]
STEADY = [50, 54, 48, 52, 47, 55, 49, 53, 51, 48, 52, 50]


@pytest.mark.parametrize(
    ("values", "mean", "lower", "upper"),
    [
        (PACKAGE_EXAMPLE, 1.944, -3.06, 6.95),
        (STEADY, 50.75, 39.143, 62.357),
        ([*STEADY[:-1], 80], 53.25, 35.355, 71.145),
        ([50, 52, 49, 51, 50, 44, 45, 46, 47, 48, 49, 50], 48.417, 43.580, 53.253),
        ([50, 52, 49, 51, 50, 45, 46, 47, 48, 49, 50, 47], 48.667, 43.588, 53.745),
    ],
)
def test_published_limits(values: list[float], mean: float, lower: float, upper: float) -> None:
    limits = xmr_limits(values)
    assert limits.mean == pytest.approx(mean, abs=6e-4)
    assert (limits.lower, limits.upper) == pytest.approx((lower, upper), abs=6e-3)


def flags(values: list[float]) -> dict[int, Signal]:
    found = special_causes(values, xmr_limits(values))
    return {place: special.signal for place, special in enumerate(found, 1) if special}


def test_published_flags() -> None:
    assert flags(PACKAGE_EXAMPLE) == {5: Signal.OUTSIDE}
    assert flags(STEADY) == {}
    assert flags([*STEADY[:-1], 80]) == {12: Signal.OUTSIDE}
    trend = flags([50, 52, 49, 51, 50, 44, 45, 46, 47, 48, 49, 50])
    assert trend == dict.fromkeys(range(6, 13), Signal.TREND)  # two of three at 6 and 7 is hidden by precedence
    assert flags([50, 52, 49, 51, 50, 45, 46, 47, 48, 49, 50, 47]) == {}


def test_parity_with_the_published_referrals() -> None:
    path = PUBLISHED / "coventry_referrals_by_month.csv"
    if not path.exists():
        pytest.skip("the published data are not on this machine")
    with open(path, newline="") as file:
        limits = xmr_limits([float(row["referrals"]) for row in csv.DictReader(file)])
    assert [round(value, 1) for value in (limits.mean, limits.lower, limits.upper)] == [482.0, 264.4, 699.6]


AROUND_10 = ProcessLimits(mean=10, lower=4, upper=16, points=12)  # near lines at 6 and 14


@pytest.mark.parametrize(
    ("values", "flagged"),
    [
        ([16, 4], []),  # on a limit is inside
        ([16.1], [1]),
        ([11] * 6, []),
        ([11] * 7, [1, 2, 3, 4, 5, 6, 7]),
        ([11] * 6 + [10] + [11] * 6, []),  # a point on the mean breaks the run
        ([11, 11, 11, float("nan"), 11, 11, 11, 11], []),  # so does a month without a figure
        ([7, 8, 9, 10, 11, 12], []),  # five moves
        ([7, 8, 9, 10, 11, 12, 13], [1, 2, 3, 4, 5, 6, 7]),
        ([7, 8, 9, 10, 10, 11, 12, 13], []),  # equal values break a trend
        ([13, 12, 11, 10, 9, 8], []),  # five moves down
        ([13, 12, 11, 10, 9, 8, 7], [1, 2, 3, 4, 5, 6, 7]),
        ([15, 11, 15], [1, 3]),
        ([15, 9, 15], []),  # not all on one side
        ([9, 15, 15], []),  # two beyond the near line that end the series are not three in a row
        ([15, 10, 15], []),  # the mean is on neither
        ([5, 10, 5], []),
        ([15, 11, 11, 15], []),  # two of four
        ([14, 11, 14], []),  # on the near line is not beyond it
        ([5, 9, 5], [1, 3]),
    ],
)
def test_each_rule_at_its_boundary(values: list[float], flagged: list[int]) -> None:
    found = special_causes(values, AROUND_10)
    assert [place for place, special in enumerate(found, 1) if special] == flagged


def test_precedence() -> None:
    assert special_causes([17, 11, 11, 11, 11, 11, 11], AROUND_10)[0] == Special(Signal.OUTSIDE, 1)
    assert special_causes([15, 11, 15, 11, 11, 11, 11], AROUND_10)[0] == Special(Signal.TWO_OF_THREE, 1)
    rising = special_causes([9, 9.1, 9.2, 9.3, 9.4, 9.5, 9.6], AROUND_10)
    assert set(rising) == {Special(Signal.TREND, 1)}  # though all are a shift below the mean
    falling = special_causes([11, 10.9, 10.8, 10.7, 10.6, 10.5, 10.4], AROUND_10)
    assert set(falling) == {Special(Signal.TREND, -1)}
    assert special_causes([5, 5.1, 5.2, 5.3, 5.4, 5.5, 5.6], AROUND_10)[0] == Special(Signal.TREND, 1)
    assert special_causes([3, 5.1, 5.2, 5.3, 5.4, 5.5, 5.6], AROUND_10)[0] == Special(Signal.OUTSIDE, -1)


@pytest.mark.parametrize(
    ("values", "signal"),
    [
        ([17], Signal.OUTSIDE),
        ([15, 11, 15], Signal.TWO_OF_THREE),
        ([11, 12, 11, 12, 11, 12, 11], Signal.SHIFT),
        ([7, 8, 9, 10, 11, 12, 13], Signal.TREND),
    ],
)
def test_each_rule_knows_its_side(values: list[float], signal: Signal) -> None:
    assert special_causes(values, AROUND_10)[-1] == Special(signal, 1)
    mirrored = [20 - value for value in values]
    assert special_causes(mirrored, AROUND_10)[-1] == Special(signal, -1)


def test_a_turn_belongs_to_the_trend_that_ends_there() -> None:
    up = [6.0, 7, 8, 9, 10, 11, 12]
    found = special_causes([*up, *up[-2::-1]], AROUND_10)
    assert [special.side if special else 0 for special in found] == [1] * 7 + [-1] * 6


def test_limits_are_frozen_after_the_baseline() -> None:
    chart = xmr_chart(STEADY + STEADY + [55, 45] * 6)
    assert chart.limits == xmr_limits(STEADY + STEADY)
    with_gap = xmr_chart([*STEADY, float("nan"), *STEADY, *[55, 45] * 6])
    assert with_gap.limits == xmr_limits([*STEADY, float("nan"), *STEADY])  # 24 figures, not 24 months


def test_a_declared_baseline_makes_the_limits() -> None:
    chart = xmr_chart([*[60, 64] * 6, *STEADY], slice(12, 24))
    assert chart.limits == xmr_limits(STEADY)


def test_few_points() -> None:
    assert xmr_chart([50, 52, 51, 50, 52]).refused == TOO_FEW
    assert xmr_chart([]).refused == TOO_FEW
    six = xmr_chart(STEADY[:6]).limits
    assert six is not None
    assert six.is_trial
    eleven = xmr_chart(STEADY[:11]).limits
    assert eleven is not None
    assert eleven.is_trial
    twelve = xmr_chart(STEADY).limits
    assert twelve is not None
    assert not twelve.is_trial


def test_figures_that_never_stand_side_by_side_have_no_limits() -> None:
    apart = [value for number in STEADY for value in (number, float("nan"))]
    assert xmr_chart(apart).refused == NOT_SIDE_BY_SIDE
    with pytest.raises(ValueError, match="side by side"):
        xmr_limits(apart)


def test_a_series_that_follows_itself_has_no_limits() -> None:
    chart = xmr_chart([100 + 2 * n + n % 2 for n in range(24)])
    assert (chart.limits, chart.refused) == (None, FOLLOWS)
    assert not any(chart.specials)


def test_a_correlation_of_one_half_is_not_too_much() -> None:
    values = [1, 3, 4, 4, 2, 0, 1, 1]  # mean 2: products of neighbours add up to 8, squares to 16
    assert lag_correlation(values) == 0.5
    assert xmr_chart(values).limits == xmr_limits(values)


def test_a_change_after_the_baseline_is_a_signal_and_no_want_of_stability() -> None:
    chart = xmr_chart([*STEADY, *STEADY, *[value + 20 for value in STEADY]])
    assert chart.limits == xmr_limits([*STEADY, *STEADY])
    assert [bool(special) for special in chart.specials] == [False] * 24 + [True] * 12


def test_limits_that_most_points_leave_mean_nothing() -> None:
    moved = [value + 20 for value in STEADY]
    assert xmr_chart([*STEADY, *moved], slice(0, 12)).limits  # half is not most
    assert xmr_chart([*STEADY, *moved, 70], slice(0, 12)).refused == MOST_SIGNAL


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 1, 2], -0.75),  # -0.5 and 0.5 in turn: three products of -0.25 over four squares of 0.25
        ([1, 1, 2, 2], 0.25),
        ([3, 3, 3], 0.0),
        ([0.1 + 0.2, 0.3, 0.3], 0.0),
        ([1, 1, float("nan"), 2, 2], 0.5),
    ],
)
def test_lag_correlation(values: list[float], expected: float) -> None:
    assert lag_correlation(values) == pytest.approx(expected)


INF = float("inf")


@pytest.mark.parametrize(
    ("low", "high", "assurance"),
    [
        (17, INF, Assurance.FAILS),
        (16, INF, Assurance.HIT_AND_MISS),
        (4.1, INF, Assurance.HIT_AND_MISS),
        (4, INF, Assurance.PASSES),
        (3, INF, Assurance.PASSES),
        (-INF, 3, Assurance.FAILS),
        (-INF, 4, Assurance.HIT_AND_MISS),
        (-INF, 15.9, Assurance.HIT_AND_MISS),
        (-INF, 16, Assurance.PASSES),
        (4, 16, Assurance.PASSES),
        (5, 16, Assurance.HIT_AND_MISS),
        (4, 15, Assurance.HIT_AND_MISS),
        (17, 20, Assurance.FAILS),
        (1, 3, Assurance.FAILS),
    ],
)
def test_assurance(low: float, high: float, assurance: Assurance) -> None:
    assert assurance_of(AROUND_10, low, high) is assurance


@pytest.mark.parametrize("value", [1.0, 0.7, 0.9, 1 / 3, 0.1, 700.1])
def test_a_flat_series_at_its_target_passes(value: float) -> None:
    limits = xmr_chart([value] * 13).limits
    assert limits is not None
    assert assurance_of(limits, low=value) is Assurance.PASSES
    assert assurance_of(limits, high=value) is Assurance.PASSES
    assert not any(xmr_chart([value] * 13).specials)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=60), st.integers(-500, 500))
def test_limits_move_with_the_series(values: list[int], by: int) -> None:
    limits, moved = xmr_limits(values), xmr_limits([value + by for value in values])
    assert moved.mean == pytest.approx(limits.mean + by)
    assert limits.lower <= limits.mean <= limits.upper
    assert moved.upper - moved.lower == pytest.approx(limits.upper - limits.lower)


@given(st.lists(st.integers(0, 20), min_size=7, max_size=40))
def test_upside_down_every_side_is_the_other_one(values: list[int]) -> None:
    found = special_causes(values, AROUND_10)
    mirrored = special_causes([20 - value for value in values], AROUND_10)
    assert [s and Special(s.signal, -s.side) for s in found] == mirrored


def test_half_of_a_baseline_is_enough_for_a_usual_value() -> None:
    """Seven months at 10, above the mean of 9.25, are no shift where half of all are at 10; else they are."""
    half = [*[10] * 7, 8, 9, 10, 8, 9, 8, 9, 8, 9]
    assert (half.count(10), len(half)) == (8, 16)
    assert xmr_chart(half).usual == 10
    assert not any(xmr_chart(half).specials)
    below = xmr_chart([*half, 9.5])
    assert math.isnan(below.usual)
    assert [special is not None for special in below.specials] == [True] * 7 + [False] * 10
