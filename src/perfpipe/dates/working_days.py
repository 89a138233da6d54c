"""Working days in England: not Saturday, Sunday, Good Friday, Christmas Day or a bank holiday (definitions 2.3)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache
from itertools import count, islice
from typing import TYPE_CHECKING

from perfpipe.frames.libraries import np

if TYPE_CHECKING:
    import pandas as pd

    Calendar = np.busdaycalendar
SATURDAY = 5
FIRST_YEAR = 1971  # of the Act that says which days are bank holidays


@cache
def bank_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """Those of England and Wales, one-off and moved ones included."""
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1)))


@cache
def calendar_of(first_year: int, last_year: int) -> Calendar:
    """Mondays to Fridays less the bank holidays."""
    return np.busdaycalendar(holidays=np.array(sorted(bank_holidays(first_year, last_year)), dtype="datetime64[D]"))


def working_day_of(first_day: date, number: int, days_off: Collection[date] = ()) -> date:
    """The `number`-th working day from a day on (at least the 1st), less some days. Needs no numpy."""
    off = {*bank_holidays(max(first_day.year, FIRST_YEAR), first_day.year + 1), *days_off}
    days = (first_day + timedelta(days=ahead) for ahead in count())
    return next(islice((day for day in days if day.weekday() < SATURDAY and day not in off), number - 1, None))


def less(calendar: Calendar, days_off: Collection[date]) -> Calendar:
    """A calendar in which some more days are no working days."""
    if not days_off:
        return calendar
    more = np.array(sorted(days_off), dtype="datetime64[D]")
    return np.busdaycalendar(holidays=np.concatenate([calendar.holidays, more]))


def working_days_after(
    days: pd.Series[pd.Timestamp], number: int, proclaimed: Collection[date] = ()
) -> pd.Series[pd.Timestamp]:
    """The `number`-th working day after each day (at least the 1st), blank where the day is.

    Day 0 is the day given, whether it is a working day or not: 1 working day after a Saturday is the Monday.
    `proclaimed`: bank holidays that the calendar does not know yet.
    Takes and gives datetime64 at midnight, without zone.
    """
    import pandas as pd

    if number < 1:
        raise ValueError(f"{number} working days after; expected at least 1")
    given = days.to_numpy(dtype="datetime64[D]")
    due = np.full(len(given), np.datetime64("NaT"), dtype="datetime64[D]")
    known = ~np.isnat(given)
    if known.any():
        years = given[known].astype("datetime64[Y]").astype("int64") + 1970
        known_to_us = calendar_of(max(int(years.min()), FIRST_YEAR), int(years.max()) + 1 + number // 200)
        calendar = less(known_to_us, proclaimed)
        # "preceding": a day off counts as the working day before it, so that the next one is the first after it
        due[known] = np.busday_offset(given[known], number, roll="preceding", busdaycal=calendar)
    return pd.Series(due.astype("datetime64[us]"), index=days.index, name=days.name)
