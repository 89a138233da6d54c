"""Calendar months, financial years, look-back windows and local time.

A month is the unit of reporting. Instants are kept in UTC; what a source writes is local time in Europe/London.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import pandas as pd

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month. Ordered, hashable, and written `YYYY-MM`."""

    year: int
    number: int

    @classmethod
    @cache
    def parse(cls, text: str) -> Month:
        """The month written as `YYYY-MM`. Raises ValueError with what was found and expected."""
        match = re.fullmatch(r"(\d{4})-(\d{2})", text.strip())
        if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1900:
            raise ValueError(f"{text!r} is not a month; expected YYYY-MM, for example 2017-04")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day or a local time falls in."""
        return cls(day.year, day.month)

    @property
    def index(self) -> int:
        """The month's number among all months, for arithmetic."""
        return self.year * 12 + self.number - 1

    @property
    def first_day(self) -> date:
        """The month's first day."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """The month's last day."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def end_at(self) -> datetime:
        """The last second of the month in Europe/London, as an instant in UTC."""
        return end_of_day(self.last_day)

    @property
    def label(self) -> str:
        """How people read it: `June 2017`."""
        return f"{calendar.month_name[self.number]} {self.year}"

    @property
    def financial_year_start(self) -> Month:
        """The April that starts the financial year holding this month."""
        return Month(self.year if self.number >= 4 else self.year - 1, 4)

    def __hash__(self) -> int:
        return self.year * 12 + self.number

    def __add__(self, months: int) -> Month:
        index = self.index + months
        return Month(index // 12, index % 12 + 1)

    def __sub__(self, months: int) -> Month:
        return self + -months

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def month_range(first: Month, last: Month) -> list[Month]:
    """Every month from `first` to `last`, both included; empty when `last` is earlier."""
    return [first + step for step in range(last.index - first.index + 1)]


def quarter_end(text: str) -> Month:
    """The last month of a quarter of the financial year, written `2017-18-Q4` or `2017-Q4`.

    The year is the one that begins in April: both are January to March 2018. Raises ValueError.
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?-[Qq]([1-4])", text.strip())
    if not match or int(match[1]) < 1900 or (match[2] and int(match[2]) != (int(match[1]) + 1) % 100):
        example = "2017-18-Q4 for January to March 2018"
        raise ValueError(f"{text!r} is not a quarter; expected year and quarter of the financial year, as {example}")
    return Month(int(match[1]), 3) + 3 * int(match[3])


def quarter_of(last: Month) -> str:
    """How the quarter that ends with a month is written: `2017-18-Q4`. Raises ValueError for another month."""
    if last.number % 3:
        raise ValueError(f"{last} does not end a quarter; expected a June, September, December or March")
    start = last.financial_year_start.year
    return f"{start}-{(start + 1) % 100:02d}-Q{(last.number - 4) % 12 // 3 + 1}"


def add_months(day: date, months: int) -> date:
    """The same day some months on, clamped to the month's end: 31 August + 6 months is 28 or 29 February."""
    target = Month.of(day) + months
    return target.first_day.replace(day=min(day.day, target.last_day.day))


def window_start(last_day: date, months: int) -> date:
    """The first day of the window of so many months ending on `last_day` (definitions 2.2).

    It starts the day after the same date so many months earlier, clamped: the 12 months to 28 February 2017
    start on 1 March 2016.
    """
    earlier = add_months(last_day, -months)
    if last_day == Month.of(last_day).last_day:
        earlier = Month.of(earlier).last_day
    return earlier + timedelta(days=1)


def to_utc(local: datetime) -> datetime:
    """A naive local time in Europe/London as an instant in UTC; a time that occurs twice takes the first reading."""
    return local.replace(tzinfo=LONDON).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last second of a day in London, in UTC."""
    return to_utc(datetime.combine(day, time(23, 59, 59)))


def in_london(moment: datetime, unit: str = "minutes") -> str:
    """An instant as people read it, by the clock in London: `2018-07-03 10:30`; `unit`: also `seconds`."""
    return moment.astimezone(LONDON).replace(tzinfo=None).isoformat(" ", unit)


def financial_year_folder(name: str) -> tuple[Month, Month] | None:
    """The first and last month of a folder named by financial year (`2017-18`), or None for any other name."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", name)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        return None
    return Month(int(match[1]), 4), Month(int(match[1]) + 1, 3)


def local(moments: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """A column of instants as naive local times in Europe/London; one of dates as it is."""
    if getattr(moments.dtype, "tz", None) is None:
        return moments
    return moments.dt.tz_convert(LONDON).dt.tz_localize(None)


def local_day(moments: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """The local calendar day of each instant or date, as midnight."""
    return local(moments).dt.normalize()


def local_month(moments: pd.Series[pd.Timestamp]) -> pd.Series[str]:
    """The local month of each instant or date, written YYYY-MM."""
    return local(moments).dt.strftime("%Y-%m").astype("str")
