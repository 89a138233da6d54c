"""Working days by hand: definitions 2.3 with the calendar of England and Wales."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.dates.working_days import working_days_after


def after(day: str, number: int) -> str:
    found = working_days_after(pd.Series(pd.to_datetime([day])), number)
    assert str(found.dtype) == "datetime64[us]"
    return found.dt.strftime("%Y-%m-%d")[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("day", "number", "due"),
    [
        ("2017-06-05", 1, "2017-06-06"),  # a Monday
        ("2017-06-09", 1, "2017-06-12"),  # a Friday
        ("2017-06-10", 1, "2017-06-12"), ("2017-06-11", 1, "2017-06-12"),  # from a weekend the Monday is the first
        ("2017-06-05", 45, "2017-08-07"),  # nine weeks without a holiday
        ("2017-04-13", 1, "2017-04-18"),  # Maundy Thursday: Good Friday and Easter Monday are off
        ("2017-04-14", 1, "2017-04-18"), ("2017-04-17", 2, "2017-04-19"),
        ("2018-03-29", 1, "2018-04-03"),  # an Easter over the end of a month
        ("2017-03-01", 45, "2017-05-08"),  # over Easter (2) and May Day (1)
        ("2017-12-22", 1, "2017-12-27"),
        ("2016-12-23", 1, "2016-12-28"),  # Christmas on a Sunday: the 27th stands in
        ("2016-12-30", 1, "2017-01-03"),  # New Year's Day on a Sunday: the 2nd stands in
        ("2021-12-24", 1, "2021-12-29"),  # Christmas on a Saturday: the 27th and 28th stand in
        ("2020-12-24", 1, "2020-12-29"),  # Boxing Day on a Saturday: the 28th stands in
        ("2020-04-30", 2, "2020-05-04"), ("2020-05-07", 1, "2020-05-11"),  # May Day moved from the 4th to the 8th
        ("2022-05-27", 1, "2022-05-30"), ("2022-06-01", 1, "2022-06-06"),  # Jubilee: 2 and 3 June, not 30 May
        ("2022-09-16", 1, "2022-09-20"),  # the funeral of 19 September
        ("2023-05-05", 1, "2023-05-09"),  # the coronation, 8 May
        ("2023-04-28", 5, "2023-05-09"),  # May Day and the coronation in one week and a day
        ("2012-06-01", 1, "2012-06-06"),  # Diamond Jubilee: Monday 4 and Tuesday 5 June
        ("2017-01-31", 1, "2017-02-01"), ("2016-02-29", 1, "2016-03-01"),
        ("2017-11-13", 45, "2018-01-18"),  # Christmas, Boxing Day and New Year's Day
    ],
)  # fmt: skip
def test_the_working_day_so_many_after(day: str, number: int, due: str) -> None:
    assert after(day, number) == due


def test_a_scottish_or_irish_holiday_is_a_working_day() -> None:
    assert after("2017-03-16", 1) == "2017-03-17"  # St Patrick's Day
    assert after("2018-01-01", 1) == "2018-01-02"  # a holiday in Scotland


def test_blanks_stay_blank_and_the_index_stays() -> None:
    days = pd.Series(pd.to_datetime(["2017-06-05", None, "2017-04-13"]), index=[7, 3, 3])
    found = working_days_after(days, 1)
    assert found.index.tolist() == [7, 3, 3]
    assert found.isna().tolist() == [False, True, False]
    assert working_days_after(days[days.isna()], 45).isna().all()
    assert len(working_days_after(days[:0], 45)) == 0


def test_fewer_than_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        working_days_after(pd.Series(pd.to_datetime(["2017-06-05"])), 0)


@pytest.mark.slow
@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(1, 60))
def test_one_more_is_the_next_working_day(day: date, number: int) -> None:
    first = date.fromisoformat(after(day.isoformat(), number))
    assert after(first.isoformat(), 1) == after(day.isoformat(), number + 1)
    assert first.weekday() < 5
    assert first >= day + timedelta(days=number)


@given(st.lists(st.dates(date(2010, 1, 1), date(2030, 12, 31)), min_size=2, max_size=20))
def test_who_begins_later_is_never_due_earlier(days: list[date]) -> None:
    due = working_days_after(pd.Series(pd.to_datetime(sorted(days))), 45)
    assert due.is_monotonic_increasing
