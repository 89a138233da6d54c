"""The extracts of a dataset by number: for whole columns of months, which extract speaks for each."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.datasets.definition import Selects
from perfpipe.dates.months import Month
from perfpipe.reconcile.speaks_for import SpeaksFor

NOBODY = -1  # the number of no extract

Days = npt.NDArray[np.datetime64]
Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


class ExtractNumbers:
    """The extracts that speak for some month, numbered in the order in which they were made."""

    def __init__(self, speaks_for: SpeaksFor) -> None:
        self.readings = sorted(speaks_for.readings.values(), key=lambda reading: (reading.extracted_at, reading.id))
        self._by_id = {reading.id: place for place, reading in enumerate(self.readings)}
        self.by_month = {month: self._by_id[reading.id] for month, reading in speaks_for.by_month.items()}

    def of(self, reading_ids: pd.Series) -> Whole:
        """The number of the extract of each row; NOBODY for one that speaks for no month."""
        code, ids = pd.factorize(reading_ids)
        return np.array([*(self._by_id.get(each, NOBODY) for each in ids), NOBODY], dtype=np.int64)[code]

    def made_for(self, month: Month) -> datetime:
        """When the extract was made that speaks for a month."""
        return self.readings[self.by_month[month]].extracted_at

    def speaking_for(self, months: Days) -> Whole:
        """The number of the extract that speaks for each month."""
        if not self.by_month:
            return np.full(len(months), NOBODY, dtype=np.int64)
        first, last = (int(numpy_month(month).astype("int64")) for month in (min(self.by_month), max(self.by_month)))
        speakers = np.full(last - first + 3, NOBODY, dtype=np.int64)
        for month, number in self.by_month.items():
            speakers[int(numpy_month(month).astype("int64")) - first + 1] = number
        speaker: Whole = speakers[months.astype("int64").clip(first - 1, last + 1) - first + 1]
        return speaker

    def spans(self) -> tuple[Days, Days]:
        """For each extract the first and the last day of the months that it speaks for."""
        spoken: dict[int, list[Month]] = {number: [] for number in range(len(self.readings))}
        for month, number in self.by_month.items():
            spoken[number].append(month)
        first = np.array([min(months).first_day for months in spoken.values()], dtype="datetime64[us]")
        last = np.array([max(months).last_day for months in spoken.values()], dtype="datetime64[us]")
        return first, last

    def selecting(self, by: Selects) -> Bools:
        """By number whether an extract's source selects so; False at NOBODY."""
        return np.array([*(reading.selects_by is by for reading in self.readings), False])


def numpy_month(month: Month) -> np.datetime64:
    """A month as numpy has it."""
    return np.datetime64(str(month), "M")
