"""Dates as the truth works them out: months as (year, number), counted on the calendar one after the other.

The product has its own way; that the two agree should mean something, so nothing here comes from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

CalendarMonth = tuple[int, int]  # year and number, 1 to 12
DAY = timedelta(days=1)
PERIODS = ("month", "quarter", "year_to_date", "rolling_12")
ENDS_A_QUARTER = (3, 6, 9, 12)
APRIL = 4


def month_of(day: date) -> CalendarMonth:
    """The month of a day or a local time."""
    return day.year, day.month


def first_day(month: CalendarMonth) -> date:
    """A month's first day."""
    return date(*month, 1)


@cache
def last_day(month: CalendarMonth) -> date:
    """A month's last day: the day before the next one begins."""
    return first_day(following(month)) - DAY


def following(month: CalendarMonth) -> CalendarMonth:
    """The next month: every month has ended four days after its 28th."""
    return month_of(date(*month, 28) + 4 * DAY)


def before(month: CalendarMonth, months: int = 1) -> CalendarMonth:
    """The month so many before."""
    for _ in range(months):
        month = month_of(first_day(month) - DAY)
    return month


@cache
def months_ending(month: CalendarMonth, many: int) -> tuple[CalendarMonth, ...]:
    """So many months in a row, the last of which is the one given."""
    return tuple(reversed(list(_backwards(month, many))))


def _backwards(month: CalendarMonth, many: int) -> Iterator[CalendarMonth]:
    for _ in range(many):
        yield month
        month = before(month)


def since_april(month: CalendarMonth) -> tuple[CalendarMonth, ...]:
    """The months of the financial year to a month."""
    many = 1
    while before(month, many - 1)[1] != APRIL:
        many += 1
    return months_ending(month, many)


def months_of(period: str, month: CalendarMonth) -> tuple[CalendarMonth, ...]:
    """The months of a period that ends with a month; none for a quarter that does not end with it."""
    match period:
        case "quarter":
            return months_ending(month, 3) if month[1] in ENDS_A_QUARTER else ()
        case "year_to_date":
            return since_april(month)
        case "rolling_12":
            return months_ending(month, 12)
        case _:
            return (month,)


def periods_ending(month: CalendarMonth) -> Iterator[tuple[str, tuple[CalendarMonth, ...]]]:
    """The periods that end with a month, each with its months."""
    for period in PERIODS:
        if months := months_of(period, month):
            yield period, months


@cache
def months_on(day: date, months: int) -> date:
    """The same day so many months on; in a month that is too short, its last day."""
    year, number = day.year, day.month + months
    while number > 12:
        year, number = year + 1, number - 12
    last = last_day((year, number))
    return last if day.day > last.day else day.replace(year, number)


def written(month: CalendarMonth) -> str:
    """A month as figures have it: 2018-03."""
    return f"{first_day(month):%Y-%m}"
