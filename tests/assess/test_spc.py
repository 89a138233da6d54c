"""The Wilson interval: the published vectors of definitions 7.3, and parity with scipy."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import binomtest

from perfpipe.assess.spc import wilson

VECTORS = [
    (0, 10, 0.0, 27.8),
    (5, 10, 23.7, 76.3),
    (10, 10, 72.2, 100.0),
    (18, 24, 55.1, 88.0),
    (92, 100, 85.0, 95.9),
    (3, 4, 30.1, 95.4),
    (0, 1, 0.0, 79.3),  # not published: 2 * 1.96**2 over 2 * (1 + 1.96**2)
    (1, 1, 20.7, 100.0),
]


@pytest.mark.parametrize(("numerator", "n", "low", "high"), VECTORS)
def test_vectors(numerator: int, n: int, low: float, high: float) -> None:
    lower, upper = wilson(pd.Series([float(numerator)]), pd.Series([float(n)]))
    assert (round(lower[0] * 100, 1), round(upper[0] * 100, 1)) == (low, high)


@pytest.mark.parametrize(("numerator", "n"), [(0, 3), (1, 7), (31, 50), (299, 300)])
def test_parity_with_scipy(numerator: int, n: int) -> None:
    theirs = binomtest(numerator, n).proportion_ci(method="wilson")
    lower, upper = wilson(pd.Series([float(numerator)]), pd.Series([float(n)]))
    assert (lower[0], upper[0]) == pytest.approx((theirs.low, theirs.high), abs=2e-5)  # z is 1.96, not 1.95996


def test_no_interval_without_a_denominator() -> None:
    lower, upper = wilson(pd.Series([0.0, float("nan")]), pd.Series([0.0, float("nan")]))
    assert lower.isna().all()
    assert upper.isna().all()
