"""Working days by hand: the bank holidays of England and Wales as they were announced, typed in, for 2013 to 2018.

The truth counts with these, the product with a library: that the two agree should mean something.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_DAYS = {
    2013: "0101 0329 0401 0506 0527 0826 1225 1226",
    2014: "0101 0418 0421 0505 0526 0825 1225 1226",
    2015: "0101 0403 0406 0504 0525 0831 1225 1228",
    2016: "0101 0325 0328 0502 0530 0829 1226 1227",
    2017: "0102 0414 0417 0501 0529 0828 1225 1226",
    2018: "0101 0330 0402 0507 0528 0827 1225 1226",
    2019: "0101 0419 0422 0506 0527 0826 1225 1226",
}
BANK_HOLIDAYS = frozenset(
    date(year, int(day[:2]), int(day[2:])) for year, days in _DAYS.items() for day in days.split()
)
DAY = timedelta(days=1)


def is_working_day(day: date, holidays: frozenset[date] = BANK_HOLIDAYS) -> bool:
    """Monday to Friday, and no bank holiday."""
    return day.weekday() < 5 and day not in holidays


@cache
def working_day_after(day: date, number: int, holidays: frozenset[date] = BANK_HOLIDAYS) -> date:
    """The so-manieth working day after a day; 0 is the day itself."""
    while number:
        day += DAY
        number -= is_working_day(day, holidays)
    return day
