"""Months, windows and local time: hand-worked dates, and properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.dates.months import (
    Month,
    add_months,
    financial_year_folder,
    month_range,
    quarter_end,
    quarter_of,
    to_utc,
    window_start,
)

months = st.builds(Month, st.integers(1950, 2150), st.integers(1, 12))
days = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize("text", ["2017-4", "2017-13", "2017-00", "17-04", "April 2017", "", "1899-12", "2017-04-01"])
def test_what_is_not_a_month_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected YYYY-MM"):
        Month.parse(text)


@given(months, st.integers(-500, 500))
def test_adding_and_taking_away_months_undo_each_other(month: Month, count: int) -> None:
    assert month + count - count == month
    assert Month.parse(str(month)) == month
    assert (month + 12).number == month.number


@given(months, months)
def test_a_range_holds_every_month_once_in_order(first: Month, last: Month) -> None:
    found = month_range(first, last)
    assert len(found) == max(0, (last.year - first.year) * 12 + last.number - first.number + 1)
    assert all(earlier + 1 == later for earlier, later in pairwise(found))
    assert not found or (found[0], found[-1]) == (first, last)


@pytest.mark.parametrize(
    ("month", "last_day"), [("2016-02", 29), ("2017-02", 28), ("1900-02", 28), ("2000-02", 29), ("2017-12", 31)]
)
def test_last_days_and_leap_years(month: str, last_day: int) -> None:
    assert Month.parse(month).last_day.day == last_day


@pytest.mark.parametrize(("month", "start"), [("2017-03", "2016-04"), ("2017-04", "2017-04"), ("2018-01", "2017-04")])
def test_the_financial_year_starts_in_april(month: str, start: str) -> None:
    assert str(Month.parse(month).financial_year_start) == start


@pytest.mark.parametrize(
    ("last_day", "count", "start"),
    [
        ("2017-02-28", 12, "2016-03-01"),  # definitions 2.2: not 29 February 2016
        ("2016-02-29", 12, "2015-03-01"),
        ("2017-03-31", 12, "2016-04-01"),
        ("2017-06-30", 12, "2016-07-01"),
        ("2017-06-30", 1, "2017-06-01"),
        ("2017-06-30", 3, "2017-04-01"),
        ("2017-06-15", 12, "2016-06-16"),
        ("2020-02-28", 12, "2019-03-01"),
        ("2017-08-30", 6, "2017-03-01"),
    ],
)
def test_windows(last_day: str, count: int, start: str) -> None:
    assert window_start(date.fromisoformat(last_day), count) == date.fromisoformat(start)


@given(months, st.integers(1, 60))
def test_windows_that_end_a_month_start_a_month(month: Month, count: int) -> None:
    assert window_start(month.last_day, count) == (month - (count - 1)).first_day


@given(days, st.integers(1, 60))
def test_consecutive_windows_neither_overlap_nor_leave_a_gap_at_month_ends(day: date, count: int) -> None:
    end = Month.of(day).last_day
    start = window_start(end, count)
    assert window_start(start - timedelta(days=1), count) < start


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2016-08-31", 6, "2017-02-28"),
        ("2015-08-31", 6, "2016-02-29"),
        ("2016-02-29", 12, "2017-02-28"),
        ("2017-01-31", -2, "2016-11-30"),
    ],
)
def test_adding_months_to_a_day_clamps_to_the_months_end(day: str, count: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), count) == date.fromisoformat(expected)


def test_the_end_of_a_month_is_its_last_second_in_london() -> None:
    assert Month(2017, 6).end_at == datetime(2017, 6, 30, 22, 59, 59, tzinfo=UTC)
    assert Month(2017, 12).end_at == datetime(2017, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2017, 3, 25, 12), datetime(2017, 3, 25, 12, tzinfo=UTC)),
        (datetime(2017, 3, 28, 12, 30), datetime(2017, 3, 28, 11, 30, tzinfo=UTC)),
        (datetime(2017, 10, 29, 1, 30), datetime(2017, 10, 29, 0, 30, tzinfo=UTC)),  # twice: the first reading
    ],
)
def test_local_times_in_utc(local: datetime, utc: datetime) -> None:
    assert to_utc(local) == utc


def test_the_worked_cases_of_72_hours_over_a_clock_change() -> None:
    spring = to_utc(datetime(2017, 3, 28, 12, 30)) - to_utc(datetime(2017, 3, 25, 12))
    autumn = to_utc(datetime(2017, 10, 31, 11, 30)) - to_utc(datetime(2017, 10, 28, 12))
    assert spring == timedelta(hours=71, minutes=30)
    assert autumn == timedelta(hours=72, minutes=30)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2017-18", (Month(2017, 4), Month(2018, 3))),
        ("1999-00", (Month(1999, 4), Month(2000, 3))),
        ("2017-04", None),
        ("2017-19", None),
        ("2017", None),
    ],
)
def test_folders_named_by_financial_year(name: str, expected: tuple[Month, Month] | None) -> None:
    assert financial_year_folder(name) == expected


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2017-18-Q1", "2017-06"), ("2017-18-Q2", "2017-09"), ("2017-18-Q3", "2017-12"), ("2017-18-Q4", "2018-03"),
        ("1999-00-Q4", "2000-03"),
    ],
)  # fmt: skip
def test_a_quarter_of_the_financial_year_ends_with_its_month(written: str, last: str) -> None:
    assert quarter_end(written) == Month.parse(last)
    assert quarter_end(f"{written[:4]}-{written[8:]}") == Month.parse(last)
    assert quarter_of(Month.parse(last)) == written


@pytest.mark.parametrize("written", ["2017-Q0", "2017-Q5", "2017-17-Q1", "2017-19-Q1", "Q1", "2017", "2018-03"])
def test_what_is_no_quarter_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a quarter; expected year and quarter of the financial year"):
        quarter_end(written)


def test_a_month_within_a_quarter_ends_none() -> None:
    with pytest.raises(ValueError, match="2018-02 does not end a quarter"):
        quarter_of(Month(2018, 2))
