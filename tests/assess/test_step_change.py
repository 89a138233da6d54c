"""A step inside a series, which neither limits of its baseline nor the year before see (definitions 7.13)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.assess.step_change import LEAST, MOST, steps_of
from perfpipe.measures.definition import Period
from perfpipe.settings.control_limits import Baseline, ControlLimits, Rebase
from tests.assess.test_movement import first, year
from tests.assess.test_simulated_series import SHARE, alike, figure
from tests.assess.test_simulated_series import judged as all_judged
from tests.assess.test_variation import FIRST, HIGH, INTERVIEWS, LOW, judged, series

WOBBLE = (2.0, -1.0, 0.0, 1.0, -2.0, 1.0, -1.0)  # of no likeness with its neighbour
STEP = [80 + WOBBLE[n % 7] for n in range(21)] + [60 + WOBBLE[n % 7] for n in range(15)]


def test_a_step_of_fifteen_months_ago_is_said_since_its_month_and_no_change_of_the_year() -> None:
    for measure, said in ((HIGH, "worse"), (LOW, "better")):
        found = judged(series(STEP, measure, spread=STEP), measure)
        assert first(found) == (said, "step", str(FIRST + 21), True)
        assert year(found)[0] == "no clear change"


def test_two_levels_worked_by_hand() -> None:
    """Seven of 1, 3, 1, 3 ... and seven of 11, 13 ...: 13/7 and 83/7, apart by 10."""
    levels = np.array([1, 3, 1, 3, 1, 3, 1, 11, 13, 11, 13, 11, 13, 11], dtype="float64")
    step = steps_of(levels)[13]
    assert (step.side, step.since) == (1, 7)
    assert (step.before, step.level) == pytest.approx((13 / 7, 83 / 7))
    assert list(steps_of(levels)) == [13]  # six of a level are not enough


@pytest.mark.parametrize(
    "values",
    [
        [*STEP, 80.0],  # the newest is back
        STEP[:21] + STEP[21:28] + STEP[:14],  # so are most of the newest
        list(np.linspace(80, 60, 36)),  # a drift has no month in which it began
        STEP[:27],  # six months are too few
        [80.0] * 12 + [60.0] * (MOST + 1),  # what has lasted for two years is the level
        [70 + 9 * WOBBLE[n % 7] for n in range(18)] + [64 + 9 * WOBBLE[n % 7] for n in range(18)],  # not clear
        [100.0] * 36,
        [0.1 + 0.2] * 18 + [0.3] * 18,  # dust
    ],
)
def test_what_is_no_step(values: list[float]) -> None:
    assert len(values) - 1 not in steps_of(np.array(values))


@pytest.mark.parametrize(("apart", "told"), [(2.40, False), (2.41, True)])
def test_levels_are_clear_at_four_and_a_half_standard_errors(apart: float, told: bool) -> None:
    """Eight of 9, 11 ... and eight so much higher: 16/14 around, so an error of √(16/14 x (1/8 + 1/8)) = 0.5345.

    Neighbours are unlike (r = -15/16), which makes it no wider: 4.5 errors are 2.405.
    """
    levels = [9.0, 11.0] * 4 + [9.0 + apart, 11.0 + apart] * 4
    assert (15 in steps_of(np.array(levels))) == told


@pytest.mark.parametrize(("since", "told"), [(24, True), (25, False)])
def test_a_step_is_a_change_for_two_years(since: int, told: bool) -> None:
    assert (11 + since in steps_of(np.array([80.0] * 12 + [60.0] * since))) == told


def test_two_flat_levels_are_a_step() -> None:
    assert steps_of(np.array([80.0] * 12 + [60.0] * 12))[23].side == -1


def test_where_points_share_data_or_limits_begin_anew_there_is_none() -> None:
    shares = [value / 100 for value in STEP]
    rolling = judged(series(shares, INTERVIEWS, Period.ROLLING_12, n=400), INTERVIEWS)
    assert set(rolling["movement_by"]) <= {"none", "year"}
    rebased = ControlLimits(
        rebases=(Rebase.model_validate({"measure": HIGH.id, "from": str(FIRST + 21), "reason": "Another team"}),)
    )
    assert first(judged(series(STEP), limits=rebased))[:2] == ("no clear change", "limits")
    chosen = ControlLimits(
        baselines=(
            Baseline.model_validate(
                {"measure": HIGH.id, "from": str(FIRST + 21), "to": str(FIRST + 32), "reason": "The new team"}
            ),
        )
    )
    assert first(judged(series(STEP), limits=chosen))[1] != "step"


@given(st.lists(st.integers(0, 100), max_size=40), st.integers(-3, 3), st.integers(1, 5))
def test_a_step_is_the_same_on_any_scale(values: list[int], shift: int, scale: int) -> None:
    one, other = (steps_of(np.array(values, dtype="float64") * by + of) for by, of in ((1, 0), (2**scale, 2**shift)))
    assert {place: step[:2] for place, step in one.items()} == {place: step[:2] for place, step in other.items()}
    assert all(LEAST <= step.since <= place + 1 - LEAST for place, step in one.items())


@pytest.mark.slow
@pytest.mark.parametrize("back", [13, 15, 20])
def test_a_step_from_80_to_60_of_80_cases_is_told(back: int) -> None:
    """Within the last two years, in at least 80% of 40 series, and within two months of where it was."""
    rng = np.random.default_rng(back)
    measures = alike(SHARE, 40)
    shares = [0.8] * (36 - back) + [0.6] * back
    rows = [
        figure(measure, Period.MONTH, str(FIRST + place), numerator=float(x), denominator=80.0, value=x / 80,
               design_effect=1.0)
        for measure in measures
        for place, x in enumerate(rng.binomial(80, shares))
    ]  # fmt: skip
    found = all_judged(rows, measures)
    last = found[found["month"] == str(FIRST + 35)]
    assert last["movement"].eq("worse").sum() >= 32
    told = last[last["movement_by"].eq("step")]
    months = [abs((FIRST + 36 - back).index - month.index) for month in map(type(FIRST).parse, told["movement_since"])]
    assert np.mean(np.array(months) <= 2) >= 0.8
