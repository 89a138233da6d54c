"""The truth's own dates: by hand, and in agreement with the product's, which it does not use."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest

from perfpipe.dates.months import Month, add_months, month_range
from perfpipe.measures.definition import Period
from perfpipe_sample import truth
from perfpipe_sample.knowledge import regular_delivery
from perfpipe_sample.truth.dates import (
    before,
    first_day,
    following,
    last_day,
    month_of,
    months_of,
    months_on,
    periods_ending,
    since_april,
    written,
)
from perfpipe_sample.truth.truth import reported_on


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2017, 8, 31), 6, date(2018, 2, 28)),
        (date(2015, 8, 31), 6, date(2016, 2, 29)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2017, 2, 28), 12, date(2018, 2, 28)),
        (date(2017, 1, 31), 1, date(2017, 2, 28)),
        (date(2001, 12, 15), 192, date(2017, 12, 15)),
        (date(2017, 11, 30), 3, date(2018, 2, 28)),
    ],
)
def test_the_same_day_some_months_on(day: date, months: int, then: date) -> None:
    assert months_on(day, months) == then


def test_months_by_hand() -> None:
    assert month_of(date(2017, 12, 31)) == (2017, 12)
    assert following((2017, 12)) == (2018, 1)
    assert before((2018, 1)) == (2017, 12)
    assert before((2018, 1), 13) == (2016, 12)
    assert (first_day((2016, 2)), last_day((2016, 2))) == (date(2016, 2, 1), date(2016, 2, 29))
    assert written((2017, 4)) == "2017-04"
    assert since_april((2018, 3))[0] == (2017, 4)
    assert since_april((2017, 4)) == ((2017, 4),)
    assert months_of("quarter", (2018, 2)) == ()
    assert months_of("quarter", (2018, 3)) == ((2018, 1), (2018, 2), (2018, 3))
    assert months_of("rolling_12", (2018, 3))[0] == (2017, 4)
    assert [period for period, _ in periods_ending((2018, 2))] == ["month", "year_to_date", "rolling_12"]


def test_they_agree_with_the_products() -> None:
    for month in month_range(Month(2014, 12), Month(2020, 3)):
        mine = (month.year, month.number)
        assert (first_day(mine), last_day(mine), written(mine)) == (month.first_day, month.last_day, str(month))
        assert reported_on(mine) == regular_delivery(month)
        for period in ("month", "quarter", "year_to_date", "rolling_12"):
            theirs = [(each.year, each.number) for each in Period(period).months_to(month)]
            assert list(months_of(period, mine)) == theirs
    for number in range(0, 1500, 7):
        day = date(2015, 1, 1) + timedelta(days=number)
        for months in (1, 2, 6, 12, 24, 30):
            assert months_on(day, months) == add_months(day, months)


def test_no_module_of_the_truth_imports_the_product() -> None:
    modules = sorted(Path(truth.__file__).parent.glob("*.py"))
    assert len(modules) > 15
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.partition(".")[0] == "perfpipe"], path.name
