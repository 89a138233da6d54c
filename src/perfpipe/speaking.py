"""The rows that speak for each month, as each measure looks at them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.authority import Authority
from perfpipe.datasets.definition import Dataset
from perfpipe.measures.definition import Measure, Period
from perfpipe.months import Month
from perfpipe.places import Places
from perfpipe.readings import rows_of
from perfpipe.rows_seen import (
    crossed,
    describing_months,
    events_in_their_months,
    in_90_days,
    look_back,
    near_their_months,
    number_of,
    open_at_end,
    speaker_of,
    touching,
    with_windows,
)


@dataclass(frozen=True)
class Speaking:
    """The rows that speak for each month, per way of looking at them; each view is made once."""

    authorities: dict[str, Authority]
    months: list[Month]
    our_names: frozenset[str]
    population: Mapping[str, int] = field(default_factory=dict)  # children aged 0 to 17, by month
    places: Places | None = None
    _rows: dict[str, pd.DataFrame] = field(default_factory=dict)
    _views: dict[tuple[object, ...], pd.DataFrame] = field(default_factory=dict)
    _empty: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    _records: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)

    @cached_property
    def month_table(self) -> pd.DataFrame:
        """One row per month to compute: `month`, `month_end`, and its number for arithmetic."""
        return pd.DataFrame(
            {
                "month": pd.Series([str(month) for month in self.months], dtype="str"),
                "month_end": pd.to_datetime([month.last_day for month in self.months]).astype("datetime64[us]"),
                "month_number": [number_of(month) for month in self.months],
            }
        )

    def _months_of(self, authority: Authority) -> pd.DataFrame:
        """The months that somebody speaks for: `month`, `month_end`, `month_number`, `speaker`, `month_as_at`."""
        months = self.month_table.assign(speaker=speaker_of(self.month_table["month"], authority))
        made = {str(month): reading.extracted_at for month, reading in authority.speaks.items()}
        as_at = pd.to_datetime(months["month"].map(made), utc=True).astype("datetime64[us, UTC]")
        return months.assign(month_as_at=as_at).dropna(subset="speaker")

    def _months_before(self, authority: Authority) -> pd.DataFrame:
        """As `_months_of`, each month with the reading that speaks for the month before it."""
        ids = {str(month + 1): reading.id for month, reading in authority.speaks.items()}
        months = self._months_of(authority)
        return months.assign(speaker=months["month"].map(ids)).dropna(subset="speaker")

    def view(self, measure: Measure, period: Period) -> pd.DataFrame:
        """The rows of a measure for a period, one per thing to count, with `month`, `reading_id`, `source_row`.

        `month` is the reporting month; of events, the month that each belongs to, whatever the period.
        """
        events = measure.month_of is not None and period is not Period.LAST_90_DAYS
        look = "events" if events else period
        key = (measure.dataset.id, look, measure.month_of, measure.lookback_months, measure.bridge, measure.rows)
        if key not in self._views:
            self._views[key] = self._make_view(measure, period)
        return self._views[key]

    def _make_view(self, measure: Measure, period: Period) -> pd.DataFrame:
        as_view = measure.rows or (lambda frame: frame)
        if measure.month_of is None:
            datasets = [dataset for dataset in (measure.dataset, measure.beside) if dataset]
            return as_view(*(self._cut(dataset, measure, period) for dataset in datasets))
        authority = self.authorities[measure.dataset.id]
        key = ("events", authority.dataset.id, measure.rows)
        if key not in self._views:
            self._views[key] = as_view(near_their_months(self._all_rows(authority), authority).assign(month=""))
        events = events_in_their_months(self._views[key], measure, authority)
        return in_90_days(events, measure.month_of, self.month_table) if period is Period.LAST_90_DAYS else events

    def _cut(self, dataset: Dataset, measure: Measure, period: Period) -> pd.DataFrame:
        """The rows of a dataset that a measure sees at each month, with the period's `window_from`."""
        span = len(period.months_to(self.months[-1])) if dataset.end is None else measure.lookback_months
        look = period if period in (Period.MONTH, Period.MONTH_END) else "look_back"
        key = ("seen", dataset.id, measure.bridge, look, span if look == "look_back" or dataset.end is None else 0)
        if key not in self._views:
            self._views[key] = self._seen(dataset, measure.bridge, period, span)
        return with_windows(self._views[key], period)

    def _seen(self, dataset: Dataset, bridge: bool, period: Period, span: int) -> pd.DataFrame:
        authority = self.authorities[dataset.id]
        rows, months = self._all_rows(authority), self._months_of(authority)
        if dataset.end is None:
            return describing_months(rows, dataset, authority, months, span)
        if bridge:
            return touching(rows, months, dataset, self._months_before(authority))
        if period is Period.MONTH:
            return crossed(rows, months)
        if period is Period.MONTH_END:
            return open_at_end(rows, months, dataset)
        return look_back(rows, authority, months, span, self._record_numbers(dataset, rows))

    def _record_numbers(self, dataset: Dataset, rows: pd.DataFrame) -> npt.NDArray[np.int64]:
        """A number for each row, alike for rows with one key."""
        if dataset.id not in self._records:
            alike = rows.groupby(list(dataset.key), sort=False, dropna=False)
            self._records[dataset.id] = np.asarray(alike.ngroup(), dtype=np.int64)
        return self._records[dataset.id]

    def _all_rows(self, authority: Authority) -> pd.DataFrame:
        """The typed rows of every reading that speaks for some month, with `reading_id` and `hosted`."""
        dataset = authority.dataset
        if dataset.id not in self._rows:
            readings = list(authority.readings.values())
            rows = rows_of(readings) if readings else dataset.empty().assign(reading_id=pd.Series([], dtype="str"))
            if dataset.locate is not None and self.places is not None:
                rows = dataset.locate(rows, self.places.table)
            if dataset.derive is not None:
                parts = [dataset.derive(part) for _, part in rows.groupby("reading_id", sort=False)]
                rows = pd.concat(parts) if parts else dataset.derive(rows)
            self._rows[dataset.id] = rows.assign(hosted=hosted(rows, self.our_names))
        return self._rows[dataset.id]

    def columns_without_content(self, dataset: Dataset, reading_id: str) -> set[str]:
        """The columns in which an extract has nothing at all."""
        if dataset.id not in self._empty:
            rows = self._all_rows(self.authorities[dataset.id])
            filled = rows[[column.name for column in dataset.columns]].notna().groupby(rows["reading_id"]).any()
            self._empty[dataset.id] = _columns_without(filled)
        return self._empty[dataset.id].get(reading_id, set())

    def columns_blank_in(self, dataset: Dataset, month: Month) -> set[str]:
        """Of a dataset whose rows each describe a month, the columns without a value for one; all, without its row."""
        key = f"{dataset.id}/months"
        if key not in self._empty:
            authority = self.authorities[dataset.id]
            rows = self._all_rows(authority)
            own = rows[speaker_of(rows[dataset.start], authority) == rows["reading_id"]]
            filled = own[[column.name for column in dataset.columns]].notna().groupby(own[dataset.start]).all()
            self._empty[key] = _columns_without(filled)
        return self._empty[key].get(str(month), set(dataset.by_name))


def hosted(rows: pd.DataFrame, our_names: Collection[str]) -> pd.Series:
    """True for another authority's child; a blank counts as ours."""
    if "responsible_la" not in rows:
        return pd.Series(False, index=rows.index)
    names = rows["responsible_la"].str.strip().str.casefold()
    return names.notna() & ~names.isin(our_names)


def _columns_without(filled: pd.DataFrame) -> dict[str, set[str]]:
    """For each row of a table of true and false, the columns that are false."""
    columns = filled.columns.to_numpy()
    return {str(name): set(columns[~has]) for name, has in zip(filled.index, filled.to_numpy(), strict=True)}
