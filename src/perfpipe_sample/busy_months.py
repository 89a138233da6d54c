"""Days of a year, more of them in the months that are always busy."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta

from perfpipe.dates.months import Month, month_range
from perfpipe_sample import parameters as p

SCATTER = 3  # how many places a day may be out of its turn: enough to look like chance, and to keep yearly numbers


def spread(rng: random.Random, times: int, year: int) -> list[date]:
    """So many days of the financial year, more in busy months, scattered a little unevenly."""
    months = month_range(Month(year, 4), Month(year + 1, 3))
    weights = [p.MONTH_FACTORS.get(month.number, 1.0) for month in months]
    ends = list(itertools.accumulate(weight / sum(weights) for weight in weights))
    days = []
    for position in range(times):
        at = min(max((position + rng.gauss(0.5, SCATTER)) / times, 0.0), 0.999999)
        index = next(index for index, end in enumerate(ends) if at < end)
        start = ends[index - 1] if index else 0.0
        day = int((at - start) / (ends[index] - start) * months[index].last_day.day)
        days.append(months[index].first_day + timedelta(days=day))
    return days
