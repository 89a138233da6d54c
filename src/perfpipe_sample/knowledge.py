"""When each version of a record became known, and which extracts were made and delivered when.

The log is bitemporal: a record says what happened when, its versions say when the authority's system knew.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Generic, TypeVar

from perfpipe.dates.months import Month, month_range
from perfpipe_sample import parameters as p
from perfpipe_sample import recording_parameters as r

T = TypeVar("T")
Changes = Mapping[str, object] | None  # new values by field; None: the record is deleted

EXTRACTION_TIMES = {
    "return_home_interviews": time(5, 40),
    "placements": time(5, 50),
    "social_workers": time(6, 10),
    "workforce_monthly": time(6, 20),
    "assessments": time(6, 30),
    "audits": time(6, 40),
    "adopters": time(6, 50),
    "manual_measures": time(8, 30),
    "actions": time(9, 0),
}
SPAN_MONTHS = {
    "return_home_interviews": 12,
    "social_workers": 24,
    "workforce_monthly": 12,
    "assessments": 3,
    "manual_measures": 12,
}
GOES_BACK_TO = {  # extracts of all records ever
    "audits": p.AUDITS_START,
    "adopters": p.ADOPTERS_START,
    "actions": p.ACTIONS_REPORTED_FROM,
}
FIRST_EXTRACT = {
    "assessments": p.ASSESSMENTS_START + 2,
    "audits": p.AUDITS_START,
    "adopters": p.ADOPTERS_START + 6,
    "actions": p.ACTIONS_REPORTED_FROM,
}


@dataclass
class RecordHistory(Generic[T]):
    """The versions of one record, each with the moment from which it was the one in the system."""

    known_at: list[datetime] = field(default_factory=list)
    versions: list[T | None] = field(default_factory=list)

    def as_known(self, moment: datetime) -> T | None:
        """The version in the system at a moment; None before the first and after a deletion."""
        index = bisect_right(self.known_at, moment)
        return self.versions[index - 1] if index else None

    @property
    def last(self) -> T | None:
        """The version that stands in the end."""
        return self.versions[-1]


def history(first: T, known_at: datetime, changes: Sequence[tuple[datetime, Changes]] = ()) -> RecordHistory[T]:
    """The history of a record: its first version, then changes in the order in which they became known.

    Nothing becomes known before the record itself.
    """
    log = RecordHistory([known_at], [first])
    current: T | None = first
    for moment, change in sorted(changes, key=lambda item: item[0]):
        if current is None:
            break
        current = None if change is None else replace(current, **change)  # type: ignore[type-var]
        log.known_at.append(max(moment, known_at))
        log.versions.append(current)
    return log


def snapshot(histories: Sequence[RecordHistory[T]], moment: datetime) -> list[T]:
    """The records in the system at a moment."""
    rows = (log.as_known(moment) for log in histories)
    return [row for row in rows if row is not None]


def extraction_at(dataset: str, month: Month) -> datetime:
    """When the extract of a month is made: early in the morning, about day 5 of the next month."""
    return datetime.combine((month + 1).first_day.replace(day=r.EXTRACTION_DAY), EXTRACTION_TIMES[dataset])


def entered_at(rng: random.Random, dataset: str, happened_at: datetime, lags: Sequence[int]) -> datetime:
    """When something was keyed: within two days, or so late that it misses one extract or more."""
    lag = rng.choices(range(len(lags)), lags)[0]
    if lag == 0:
        return happened_at + timedelta(minutes=rng.randint(30, 48 * 60))
    if lag == len(lags) - 1:
        lag += rng.randint(0, 2)
    month = Month.of(happened_at) + lag
    return moment_between(rng, extraction_at(dataset, month - 1), extraction_at(dataset, month))


def moment_between(rng: random.Random, start: datetime, end: datetime) -> datetime:
    """A moment well inside two others, to the minute."""
    minutes = int((end - start).total_seconds() // 60)
    return start + timedelta(minutes=rng.randint(60, minutes - 60))


@dataclass(frozen=True)
class Extract:
    """One extract: what it holds is decided by when it was made, who may know it by when it was delivered."""

    dataset: str
    month: Month
    delivered_on: date

    @property
    def extracted_at(self) -> datetime:
        """When the source made it, in local time."""
        return extraction_at(self.dataset, self.month)

    @property
    def first_month(self) -> Month:
        """The earliest month it covers; the latest is its own."""
        if self.dataset in GOES_BACK_TO:
            return GOES_BACK_TO[self.dataset]
        span = SPAN_MONTHS.get(self.dataset)
        return self.month - (span - 1) if span else self.month.financial_year_start

    def covers(self, month: Month) -> bool:
        """Whether it speaks for a month."""
        return self.first_month <= month <= self.month


def regular_delivery(month: Month) -> date:
    """The day on which the extracts of a month should arrive, and its figures are first reported."""
    return (month + 1).first_day.replace(day=r.EXTRACTION_DAY + 1)


def deliveries(first: Month, last: Month) -> list[Extract]:
    """Every extract delivered for the months from `first` to `last`: a few never came, one came late."""
    extracts = []
    for month in month_range(first, last):
        for dataset in EXTRACTION_TIMES:
            if month == missing_month(dataset, last) or month < FIRST_EXTRACT.get(dataset, month):
                continue
            late = dataset == r.LATE_DATASET and month == last - r.LATE_MONTHS_BEFORE_END
            days = r.LATE_DAYS if late else 0
            extracts.append(Extract(dataset, month, regular_delivery(month) + timedelta(days=days)))
    return extracts


def missing_month(dataset: str, last: Month) -> Month | None:
    """The month whose extract never came. Never a March: no later placements extract would cover it."""
    if dataset not in r.MONTHS_BEFORE_END:
        return None
    month = last - r.MONTHS_BEFORE_END[dataset]
    return month + 1 if month.number == 3 else month
