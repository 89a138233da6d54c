"""The rows that a month's figures see: events in their month, what is open at a month's end or at any time of a month,
rows that describe a month, and a look-back over several months (definitions 1.4, 4.5).

Rows are found by their positions, month by month; the wide rows are taken last, once for each view.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from perfpipe.compute.extract_numbers import NOBODY, Bools, Days, ExtractNumbers, Whole, numpy_month
from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import Month, local, local_day
from perfpipe.measures.definition import Measure, last_of_each
from perfpipe.reconcile.speaks_for import SpeaksFor

LONGEST = 12  # months of a period
DAY = np.timedelta64(1, "D")


class Extracts:
    """The typed rows of a dataset's extracts, which of them speaks for which month, and the months to compute.

    `months`: the reporting months that an extract speaks for.
    """

    def __init__(self, speaks_for: SpeaksFor, rows: pd.DataFrame, months: Sequence[Month]) -> None:
        self.dataset, self.rows = speaks_for.dataset, rows
        self.months = [month for month in months if month in speaks_for.by_month]
        self._numbers = ExtractNumbers(speaks_for)
        self._reading = self._numbers.of(rows["reading_id"])
        self._order = np.argsort(self._reading, kind="stable")
        self._bounds = np.searchsorted(self._reading[self._order], np.arange(len(self._numbers.readings) + 1))

    @cached_property
    def month_columns(self) -> pd.DataFrame:
        """Of the reporting months `month`, `month_end`, and when the extract was made that speaks for each."""
        made = [self._numbers.made_for(month) for month in self.months]
        return pd.DataFrame(
            {
                "month": pd.Series([str(month) for month in self.months], dtype="str"),
                "month_end": pd.Series([month.last_day for month in self.months], dtype="datetime64[us]"),
                "month_as_at": pd.to_datetime(pd.Series(made), utc=True).astype("datetime64[us, UTC]"),
            }
        )

    def crossed(self) -> pd.DataFrame:
        """Every row of an extract once for each month that it speaks for."""
        return self._beside_months([self._of(month) for month in self.months])

    def open_at_end(self) -> pd.DataFrame:
        """Rows open at the end of the last day of a month they speak for (definitions 4.5)."""
        return self._beside_months([self._open_at_end(month) for month in self.months])

    def touching(self) -> pd.DataFrame:
        """Rows open at some time of a month they speak for, or at the end of the month before (`as_known`: now).

        And those open at the end of the month before by the extract that speaks for that month (`as_known`: before),
        with the month that follows.
        """
        now = []
        for month in self.months:
            rows, eve = self._of(month), (month - 1).last_day
            now.append(rows[(self._start[rows] <= np.datetime64(month.last_day)) & self._goes_on(rows, eve)])
        before = [self._open_at_end(month - 1) for month in self.months]
        known = (self.month_columns.assign(as_known=as_known) for as_known in ("now", "before"))
        return beside_months(self.rows, pd.concat(known, ignore_index=True), [*now, *before])

    def rows_of_their_months(self) -> pd.DataFrame:
        """Of rows that each describe a month, those of the extract that speaks for it."""
        return self.rows.iloc[self._by_month_described[0]]

    def describing_months(self) -> pd.DataFrame:
        """Rows that each describe a month: for every reporting month those of the year to it (`described`)."""
        found = [self._own_of(month, LONGEST, self._by_month_described) for month in self.months]
        return beside_months(self.rows.assign(described=self._described), self.month_columns, found)

    def look_back(self, span: int, ahead: int = 0) -> pd.DataFrame:
        """The records that a look-back of so many months sees at each month (definitions 1.4).

        Each ended record comes from the extract that speaks for the month it ended in, open ones from the reporting
        month's; of one record, by what names it from one extract to the next, the version of the later extract,
        whatever codes it corrects. One that is open counts as open whatever an extract made later says of an earlier
        month: the cohort is that of the month-end snapshot, to the child. With those that began up to `ahead` days
        after the month, by the extract that speaks for the next one, as long as there is none by the month's own.
        """
        found = []
        for month in self.months:
            ended, still = self._own_of(month, span, self._by_month_of_end), self._open_at_end(month)
            soon = self._begun_after(month, ahead)
            rows = np.concatenate([ended, still, soon])
            is_open = np.repeat([False, True, False], [len(ended), len(still), len(soon)])
            version = self._reading[rows] + is_open * len(self._numbers.readings)
            latest = np.full(self._record.max(initial=-1) + 1, NOBODY)
            np.maximum.at(latest, self._record[rows], version)
            found.append(rows[version == latest[self._record[rows]]])
        return self._beside_months(found)

    @cached_property
    def near_their_months(self) -> pd.DataFrame:
        """Rows with some date in the span of months that their extract speaks for: no other can have an event there.

        An event's month comes from one of the record's own dates, or from one that the dataset derives. Most rows of an
        old extract are spoken for by later ones.
        """
        first, last = self._numbers.spans()
        near = np.zeros(len(self.rows), dtype=np.bool_)
        if not len(self.rows):
            return self.rows
        since, until = first[self._reading] - DAY, last[self._reading] + 2 * DAY  # instants are UTC, months local time
        for name in self.rows.columns.drop("as_at"):
            if pd.api.types.is_datetime64_any_dtype(self.rows[name]):
                moments = self.rows[name].to_numpy(dtype="datetime64[us]")
                near |= (moments >= since) & (moments <= until)
        found: pd.DataFrame = self.rows.iloc[np.flatnonzero(near)]
        return found

    def events_in_their_months(self, view: pd.DataFrame, measure: Measure) -> pd.DataFrame:
        """Each event in its month, from the extract that speaks for the month by the date the source selects by."""
        assert measure.basis.month_of is not None
        month = months_of(view[measure.basis.month_of])
        spoken = month
        if measure.basis.months_after_end:
            ended = months_of(_end_of(view, self.dataset))
            spoken = np.where(ended < spoken, ended, spoken)
        reading = self._numbers.of(view["reading_id"])
        speaker = self._numbers.speaking_for(spoken)
        by_start = self._numbers.selecting(Selects.STARTED)[reading]
        if by_start.any():
            speaker = np.where(by_start, self._numbers.speaking_for(months_of(view[self.dataset.start])), speaker)
        mine = (speaker == reading) & (reading != NOBODY) & ~self._numbers.selecting(Selects.SNAPSHOT)[reading]
        mine &= ~np.isnat(month)  # by its start, a record is spoken for before it has the event
        events: pd.DataFrame = view[mine].assign(month=_written(month[mine]))
        if measure.basis.months_after_end:  # an end that was corrected may have two extracts speak for the record
            events = last_of_each(events, ["month", *measure.basis.dataset.key], ["as_at", "reading_id"])
        return events

    def _of(self, month: Month) -> Whole:
        """The positions of the rows of the extract that speaks for a month."""
        number = self._numbers.by_month.get(month)
        return self._order[:0] if number is None else self._order[self._bounds[number] : self._bounds[number + 1]]

    def _open_at_end(self, month: Month) -> Whole:
        rows, day = self._of(month), month.last_day
        return rows[(self._start[rows] <= np.datetime64(day)) & self._goes_on(rows, day)]

    def _begun_after(self, month: Month, days: int) -> Whole:
        rows = self._of(month + 1 if month + 1 in self._numbers.by_month else month)
        day = np.datetime64(month.last_day)
        return rows[(self._start[rows] > day) & (self._start[rows] <= day + days * DAY)]

    def _goes_on(self, rows: Whole, day: Any) -> Bools:
        """True for rows that have not ended by a day."""
        return ~(self._end[rows] <= np.datetime64(day))

    def _own_of(self, month: Month, span: int, by_month: tuple[Whole, Days]) -> Whole:
        """Of rows sorted by a month, those of so many months to this one."""
        rows, months = by_month
        first, beyond = np.searchsorted(months, [numpy_month(month - (span - 1)), numpy_month(month + 1)])
        return rows[first:beyond]

    @cached_property
    def _by_month_of_end(self) -> tuple[Whole, Days]:
        assert self.dataset.end is not None
        return self._own_by(months_of(self.rows[self.dataset.end]))

    @cached_property
    def _by_month_described(self) -> tuple[Whole, Days]:
        return self._own_by(months_of(self._described))

    @cached_property
    def _described(self) -> pd.Series:
        """The first day of the month that each row describes."""
        return pd.to_datetime(self.rows[self.dataset.start], format="%Y-%m").astype("datetime64[us]")

    def _own_by(self, months: Days) -> tuple[Whole, Days]:
        """The rows whose extract speaks for their month, sorted by it: positions and months."""
        own: Whole = np.flatnonzero((self._numbers.speaking_for(months) == self._reading) & (self._reading != NOBODY))
        own = own[np.argsort(months[own], kind="stable")]
        return own, months[own]

    @cached_property
    def _start(self) -> Days:
        return local_day(self.rows[self.dataset.start]).to_numpy(dtype="datetime64[us]")

    @cached_property
    def _end(self) -> Days:
        return local_day(_end_of(self.rows, self.dataset)).to_numpy(dtype="datetime64[us]")

    @cached_property
    def _record(self) -> Whole:
        """A number for each row, alike for all versions of a record; one extract may have several under one number."""
        alike = self.rows.groupby(list(self.dataset.follow_by or self.dataset.key), sort=False, dropna=False)
        number: Whole = np.asarray(alike.ngroup(), dtype=np.int64)
        return number

    def _beside_months(self, found: Sequence[Whole]) -> pd.DataFrame:
        return beside_months(self.rows, self.month_columns, found)


def months_of(moments: pd.Series) -> Days:
    """The local month of each instant or date."""
    months: Days = local(moments).to_numpy(dtype="datetime64[us]").astype("datetime64[M]")
    return months


def _written(months: Days) -> object:
    """Months written YYYY-MM."""
    known, number = np.unique(months, return_inverse=True)
    return pd.array(np.datetime_as_string(known), dtype="str").take(number)


def _end_of(rows: pd.DataFrame, dataset: Dataset) -> pd.Series:
    assert dataset.end is not None
    end = rows[dataset.end]
    return end.fillna(rows[dataset.end_fallback]) if dataset.end_fallback else end


def beside_months(rows: pd.DataFrame, months: pd.DataFrame, found: Sequence[Whole]) -> pd.DataFrame:
    """The rows at the positions found for each month, one month after the other, with the columns of the month."""
    taken = rows.iloc[np.concatenate([*found, np.zeros(0, dtype=np.int64)])].reset_index(drop=True)
    place = np.repeat(np.arange(len(found)), [len(each) for each in found])
    return taken.assign(**{str(name): months[name].array.take(place) for name in months})
