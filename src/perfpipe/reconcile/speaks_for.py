"""Which extract is used for which month (definitions 1.1 to 1.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from perfpipe.datasets import DATASETS
from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import Month, in_london, month_range
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.measures.definition import Measure
from perfpipe.rules.between import EQUAL_CLAIM, EQUAL_CLAIM_REPLACED
from perfpipe.validate.reading import Reading

MONTHS_SHOWN = 36


@dataclass(frozen=True)
class SpeaksFor:
    """Which reading of one dataset is used for which month, and what is wrong with their claims."""

    dataset: Dataset
    by_month: dict[Month, Reading]
    stops: list[Fault]

    @property
    def readings(self) -> dict[str, Reading]:
        """The readings used for any month, by id."""
        return {reading.id: reading for reading in self.by_month.values()}

    @property
    def is_expected(self) -> bool:
        """False for an optional dataset that no extract was sent of: then nothing is missing."""
        return bool(self.by_month) or not self.dataset.optional

    @cached_property
    def unbroken(self) -> dict[Month, int]:
        """For each month spoken for, how many to it, itself included, are spoken for without a gap."""
        so_far: dict[Month, int] = {}
        for month in sorted(self.by_month):
            so_far[month] = so_far.get(month - 1, 0) + 1
        return so_far


def speaks_for_months(dataset: Dataset, readings: Sequence[Reading], months: Sequence[Month]) -> SpeaksFor:
    """For each month the reading with the latest `extracted_at` that covers it, whatever order files arrived in.

    None where that one was erased whole. Two different extracts with an equal claim are a fault that stops the run.
    Where a source selects by the start of its records, all months before are looked at too: a record's event comes from
    the extract of the month it began in, however long ago, whatever months are asked for.
    """
    by_month: dict[Month, Reading] = {}
    rivals: dict[tuple[str, str], list[Month]] = {}
    own = sorted((r for r in readings if r.dataset is dataset), key=_claim)
    by_id = {reading.id: reading for reading in own}
    begun = [reading.first_month for reading in own if reading.selects_by is Selects.STARTED]
    if begun and months:
        months = [*month_range(min(begun), months[0] - 1), *months]
    for month in months:
        covering = [r for r in own if r.first_month <= month <= r.last_month and month not in r.silenced]
        if not covering:
            continue
        by_month[month] = covering[-1]
        if len(covering) > 1 and covering[-2].extracted_at == covering[-1].extracted_at:
            rivals.setdefault((covering[-2].id, covering[-1].id), []).append(month)
    stops = [_equal_claim(dataset, by_id[a], by_id[b], months) for (a, b), months in rivals.items()]
    return SpeaksFor(dataset, by_month, stops)


def _claim(reading: Reading) -> tuple[object, ...]:
    """By when it was made; of equal claims, which stop a run, the one that was taken in last."""
    return reading.extracted_at, reading.taken_in_at, reading.extract_id


def _equal_claim(dataset: Dataset, one: Reading, other: Reading, months: list[Month]) -> Fault:
    earlier, later = sorted((one, other), key=lambda reading: (not reading.replaced, reading.taken_in_at))
    ids, came = zip(*((r.extract_id[:12], in_london(r.taken_in_at, "seconds")) for r in (earlier, later)), strict=True)
    made = f"both were made at {in_london(later.extracted_at)}"
    if not (earlier.time_from or later.time_from):
        made = "nothing says which was made later"
    span = str(months[0]) if len(months) == 1 else f"{months[0]} to {months[-1]}"
    why, at = f"{made}, and both cover {span}", Address(dataset.id, later.name)
    if earlier.replaced and earlier.name == later.name:
        found = f"extract {ids[1]}, taken in {came[1]}, came in place of extract {ids[0]}, taken in {came[0]}; {why}"
        return fault_of(EQUAL_CLAIM_REPLACED, at, found, extract=ids[0], later=ids[1])
    found = f"extract {ids[0]} ({earlier.name}, taken in {came[0]}) and extract {ids[1]} ({later.name}, taken in "
    return fault_of(EQUAL_CLAIM, at, f"{found}{came[1]}): {why}", extract=ids[0])


def speaks_for_each(
    readings: Sequence[Reading], months: Sequence[Month], measures: Sequence[Measure] = ()
) -> dict[str, SpeaksFor]:
    """For every dataset, by its id, which reading is used for which of the months.

    And for the month after them, where one of the measures looks ahead: what is wrong there is no matter yet.
    """
    ahead = {measure.basis.dataset.id for measure in measures if measure.basis.ahead_days}
    found = {dataset.id: speaks_for_months(dataset, readings, months) for dataset in DATASETS}
    for each in [found[dataset] for dataset in ahead]:
        following = speaks_for_months(each.dataset, readings, [months[-1] + 1])
        each.by_month.update({} if following.stops else following.by_month)
    return found


def in_use(speaks_for: Mapping[str, SpeaksFor], month: Month) -> list[str]:
    """The ids of the readings used for a month, in the order of the datasets."""
    return [each.by_month[month].id for each in speaks_for.values() if month in each.by_month]


def needed_months(measures: Sequence[Measure], months: Sequence[Month]) -> list[Month]:
    """The months that speak for some figure: those to compute and those that look-backs reach."""
    reach = max(measure.reach for measure in measures)
    return month_range(months[0] - reach, months[-1])
