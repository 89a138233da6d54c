"""The rule of a run chart: how long a run must be, and what makes, breaks and passes over one."""

from __future__ import annotations

import numpy as np
import pytest

from perfpipe.assess.run_chart import least_run, run_of

NAN = float("nan")
BASE = [50.0, 52, 48, 51, 49, 53, 47, 52, 48, 50, 51, 49] * 2  # 24 figures, median 50, r below 0


@pytest.mark.parametrize(
    ("correlation", "points", "least"),
    [(0.0, 24, 7), (0.5, 24, 12), (0.7, 24, 16), (-0.4, 24, 7), (0.0, 23, 9), (0.5, 12, 14), (0.75, 24, 17)],
)
def test_how_many_points_make_a_run(correlation: float, points: int, least: int) -> None:
    assert least_run(correlation, points) == least


def run(*after: float, base: list[float] = BASE) -> tuple[str, int, int]:
    found = run_of(np.array([*base, *after]))
    return found.reason, found.side, found.since


def test_seven_in_a_row_and_no_fewer() -> None:
    assert run(*[51] * 7) == ("", 1, 24)
    assert run(*[49] * 7) == ("", -1, 24)
    assert run(*[51] * 6, 49) == ("", 0, -1)
    assert run(49, *[51] * 7) == ("", 1, 25)


def test_a_figure_on_the_median_and_a_gap_are_passed_over() -> None:
    assert run(51, 51, 51, 50, 51, 51, 51) == ("", 0, -1)  # six off it
    assert run(51, 51, 51, 50, 51, 51, 51, 51) == ("", 1, 24)
    assert run(51, 51, 51, NAN, 51, 51, 51, 51) == ("", 1, 24)


def test_a_series_that_stays_at_its_median_is_tested_and_has_no_run() -> None:
    assert run(*[50] * 8) == ("", 0, -1)


def test_a_short_baseline_asks_for_two_more() -> None:
    base = BASE[:12]
    assert run(*[51] * 8, 49, base=base) == ("", 0, -1)
    assert run(*[51] * 9, base=base) == ("", 1, 12)
    assert run(*[51] * 8, base=base)[0] == "fewer than 9 figures after the first 12"


def test_neighbours_that_follow_each_other_too_closely_have_no_rule() -> None:
    assert run(*[51] * 7, base=[float(n) for n in range(24)])[0] == "each figure follows the one before"


def test_a_declared_baseline() -> None:
    values = np.array([99.0] * 3 + BASE + [51.0] * 7)
    found = run_of(values, slice(3, 27))
    assert (found.side, found.since, found.median) == (1, 27, 50)
    assert run_of(values, slice(3, 10)).reason == "fewer than 12 figures to compare with"
