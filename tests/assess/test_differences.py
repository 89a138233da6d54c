"""The tests of a difference: worked cases from the literature and by hand, and parity with scipy."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, fisher_exact

from perfpipe.assess.differences import (
    Z_99,
    Difference,
    binomial_p,
    fisher_p,
    newcombe,
    of_counts,
    of_intervals,
    of_ratios,
    of_shares,
    of_stocks,
)


def one(*numbers: float) -> list[npt.NDArray[np.float64]]:
    return [np.array([number], dtype=np.float64) for number in numbers]


def said(found: Difference) -> tuple[bool, bool]:
    return bool(found.clear[0]), bool(found.sure[0])


def test_newcombes_own_case() -> None:
    # Newcombe 1998, table II (a), method 10: 56/70 and 48/80
    lower, upper = newcombe(*one(56, 70, 48, 80))
    assert (round(float(lower[0]), 4), round(float(upper[0]), 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize(
    ("counts", "lower", "upper"),
    [  # the same table: (b) 9/10 and 3/10, (e) 5/56 and 0/29, (f) 0/10 and 0/20, (h) 10/10 and 0/10
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_at_the_edges(counts: tuple[float, ...], lower: float, upper: float) -> None:
    found = newcombe(*one(*counts))
    assert [float(end[0]) for end in found] == pytest.approx([lower, upper], abs=2e-4)


@given(st.integers(1, 200), st.integers(1, 200), st.floats(0, 1), st.floats(0, 1))
def test_newcombe_from_the_wilson_intervals_of_scipy(n1: int, n2: int, a: float, b: float) -> None:
    x1, x2 = round(a * n1), round(b * n2)
    (l1, u1), (l2, u2) = (binomtest(x, n).proportion_ci(method="wilson") for x, n in ((x1, n1), (x2, n2)))
    p1, p2 = x1 / n1, x2 / n2
    wanted = (p1 - p2 - math.hypot(p1 - l1, u2 - p2), p1 - p2 + math.hypot(u1 - p1, p2 - l2))
    assert [float(end[0]) for end in newcombe(*one(x1, n1, x2, n2))] == pytest.approx(wanted, abs=2e-4)


def test_a_share_needs_99_percent_to_be_sure() -> None:
    assert said(of_shares(*one(56, 70, 48, 80, 1, 1))) == (True, True)
    assert said(of_shares(*one(54, 70, 48, 80, 1, 1))) == (True, False)  # 0.1714: z about 2.2
    assert said(of_shares(*one(48, 70, 48, 80, 1, 1))) == (False, False)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [  # scipy's fisher_exact in brackets; Newcombe's interval of 99% leaves out 0 in each
        ((2, 2, 0, 5), (True, False)),  # 0.0476
        ((6, 6, 2, 7), (True, False)),  # 0.0210
        ((3, 3, 0, 3), (False, False)),  # 0.1
        ((10, 10, 0, 10), (True, True)),  # 0.00001
    ],
)
def test_few_cases_have_to_differ_by_fishers_exact_test_too(
    counts: tuple[float, ...], expected: tuple[bool, bool]
) -> None:
    low, _ = newcombe(*one(*counts), z=Z_99)
    assert low > 0
    assert said(of_shares(*one(*counts, 1, 1))) == expected


@given(st.integers(1, 30), st.integers(1, 30), st.floats(0, 1), st.floats(0, 1))
def test_fishers_exact_test_of_scipy(n1: int, n2: int, a: float, b: float) -> None:
    x1, x2 = round(a * n1), round(b * n2)
    wanted = fisher_exact([[x1, n1 - x1], [x2, n2 - x2]]).pvalue
    assert fisher_p(x1, n1, x2, n2) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(("n1", "n2"), [(3, 3), (2, 5), (6, 7), (5, 100), (13, 23)])
def test_few_cases_without_a_difference_are_sure_in_one_of_a_hundred_at_most(n1: int, n2: int) -> None:
    x1, x2 = (each.ravel().astype(float) for each in np.meshgrid(np.arange(n1 + 1), np.arange(n2 + 1), indexing="ij"))
    whole = np.ones(len(x1))
    found = of_shares(x1, n1 * whole, x2, n2 * whole, whole, whole)
    for share in np.linspace(0.05, 0.95, 19):
        chance = binom.pmf(x1, n1, share) * binom.pmf(x2, n2, share)
        assert chance[found.sure].sum() <= 0.01
        assert chance[found.clear].sum() <= 0.05


def test_children_with_many_episodes_count_for_fewer() -> None:
    assert said(of_shares(*one(56, 70, 48, 80, 2, 2))) == (False, False)
    plain, divided = of_shares(*one(28, 35, 24, 40, 1, 1)), of_shares(*one(56, 70, 48, 80, 2, 2))
    assert divided.lower == pytest.approx(plain.lower)


def test_the_design_effect_is_that_of_both_figures_by_their_cases() -> None:
    mixed, both = of_shares(*one(40, 50, 60, 150, 3, 1)), of_shares(*one(40, 50, 60, 150, 1.5, 1.5))
    assert mixed.lower == pytest.approx(both.lower)


def test_all_of_all_against_all_of_all_is_no_difference() -> None:
    assert said(of_shares(*one(17, 17, 100, 100, 1, 1))) == (False, False)


@given(st.integers(0, 120), st.integers(0, 120), st.sampled_from([0.5, 31 / 59, 28 / 57]))
def test_exact_binomials_of_scipy(a: int, b: int, share: float) -> None:
    if a + b:
        assert binomial_p(a, a + b, share) == pytest.approx(binomtest(a, a + b, share).pvalue, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("now", "then", "share", "expected"),
    [
        (20, 8, 0.5, (True, False)),  # 0.0357 of binomtest(20, 28)
        (24, 8, 0.5, (True, True)),  # 0.0070
        (19, 9, 0.5, (False, False)),  # 0.0872
        (20, 8, 31 / 59, (False, False)),  # 31 days against 28: 0.0583
        (0, 0, 0.5, (False, False)),
    ],
)
def test_events_of_children_who_count_once(now: int, then: int, share: float, expected: tuple[bool, bool]) -> None:
    assert said(of_counts(*one(now, then, now, then, share))) == expected


def test_events_of_a_few_children_are_no_evidence() -> None:
    # 60 against 30: were they of 90 children, sure; of 6 and 3 children with ten each, z = 30 / sqrt(900) = 1
    assert said(of_counts(*one(60, 30, 60, 30, 0.5))) == (True, True)
    assert said(of_counts(*one(60, 30, 600, 300, 0.5))) == (False, False)
    # 30 / sqrt(225) = 2.0 and 30 / sqrt(130) = 2.63
    assert said(of_counts(*one(60, 30, 150, 75, 0.5))) == (True, False)
    assert said(of_counts(*one(60, 30, 90, 40, 0.5))) == (True, True)


def test_ratios_by_the_spread_of_people() -> None:
    # 18 cases of 100 FTE against 16: errors of 0.5 and 0.6, z = 2 / 0.781 = 2.56
    assert said(of_ratios(*one(18, 100, 16, 100, 2500, 3600))) == (True, False)
    assert said(of_ratios(*one(18, 100, 16, 100, 2500, 2500))) == (True, True)  # 2 / 0.707 = 2.83
    assert said(of_ratios(*one(18, 100, 17, 100, 2500, 3600))) == (False, False)
    assert said(of_ratios(*one(1, 10, 1, 10, 0, 0))) == (False, False)


@pytest.mark.parametrize(
    ("came", "went", "spread", "expected"),
    [
        (283, 248, 531, (False, False)),  # 0.14
        (60, 36, 96, (True, False)),  # 0.0184
        (66, 36, 102, (True, True)),  # 0.0038
        (66, 36, 204, (True, False)),  # all in pairs of siblings: 33 against 18, 0.0489
    ],
)
def test_a_stock_by_who_came_and_who_went(came: int, went: int, spread: int, expected: tuple[bool, bool]) -> None:
    found = of_stocks(*one(came - went, came, went, spread))
    assert said(found) == expected


def test_medians_whose_intervals_have_nothing_in_common() -> None:
    assert said(of_intervals(*one(40, 50, 20, 39))) == (True, True)
    assert said(of_intervals(*one(40, 50, 20, 40))) == (False, False)
