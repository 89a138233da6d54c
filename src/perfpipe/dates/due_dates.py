"""In time, late or not yet due (definitions 2.4): the one logic of every measure that has a due date.

All take columns of days (midnight, no zone): `done` (blank while unfinished), `due`, and `as_at`, the instant of the
extract. Of an item with a due date exactly one of the three holds; of one without, none does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfpipe.dates.months import local_day

if TYPE_CHECKING:
    import pandas as pd

    Column = pd.Series[Any]
    Mask = pd.Series[bool]


def in_time(done: Column, due: Column) -> Mask:
    """Done on or before the day it was due."""
    mask: Mask = done <= due
    return mask


def late(done: Column, due: Column, as_at: Column) -> Mask:
    """Done after the day it was due, or not done although that day has passed: the unfinished count too."""
    mask: Mask = (done > due) | (done.isna() & (due < local_day(as_at)))
    return mask


def not_yet_due(done: Column, due: Column, as_at: Column) -> Mask:
    """Not done, and the day it is due has not passed: neither in time nor late, so in no figure."""
    mask: Mask = done.isna() & (due >= local_day(as_at))
    return mask


def judged(done: Column, due: Column, as_at: Column) -> Mask:
    """In time or late: what a share of those in time is taken of."""
    return in_time(done, due) | late(done, due, as_at)


def months_after(days: Column, number: int) -> Column:
    """The same day so many calendar months on, clamped to the month's end: 31 December + 2 is 28 or 29 February."""
    import pandas as pd

    return days + pd.DateOffset(months=number)
