"""The rows that speak for each month, as each measure looks at them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from perfpipe.compute.derived_rows import derived_rows
from perfpipe.compute.possible_rows import left_out_rows
from perfpipe.compute.rows_by_month import DAY, Extracts, beside_months
from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month, local_day
from perfpipe.measures.definition import Measure, Period
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.settings.places import Places
from perfpipe.validate.reading import rows_of


@dataclass(frozen=True)
class MeasureRows:
    """The rows that speak for each month, per way of looking at them; each view is made once."""

    speaks_for: dict[str, SpeaksFor]
    months: list[Month]
    our_names: frozenset[str]
    population: Mapping[str, int] = field(default_factory=dict)  # children aged 0 to 17, by month
    places: Places | None = None
    bank_holidays: frozenset[date] = frozenset()  # those that settings add to the calendar
    _rows: dict[str, pd.DataFrame] = field(default_factory=dict)
    _views: dict[tuple[object, ...], pd.DataFrame] = field(default_factory=dict)
    _empty: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    _extracts: dict[str, Extracts] = field(default_factory=dict)
    _left_out: dict[str, pd.DataFrame] = field(default_factory=dict)
    answers: list[object] = field(default_factory=list, compare=False)  # of `compute`: what follows from the rows, once

    def extracts(self, dataset: Dataset) -> Extracts:
        """The rows of a dataset's extracts, and who speaks for which month."""
        if dataset.id not in self._extracts:
            speaks_for = self.speaks_for[dataset.id]
            self._extracts[dataset.id] = Extracts(speaks_for, self._all_rows(speaks_for), self.months)
        return self._extracts[dataset.id]

    def view(self, measure: Measure, period: Period) -> pd.DataFrame:
        """The rows of a measure for a period, one per thing to count, with `month`, `reading_id`, `source_row`.

        `month` is the reporting month; of events, the month that each belongs to, whatever the period.
        """
        look = "events" if sums_months(measure, period) else period
        basis = measure.basis
        back = (basis.lookback_months, basis.ahead_days, basis.months_after_end, basis.bridge)
        key = (measure.basis.dataset.id, look, measure.basis.month_of, back, measure.basis.rows)
        if key not in self._views:
            self._views[key] = self._make_view(measure, period)
        return self._views[key]

    def _make_view(self, measure: Measure, period: Period) -> pd.DataFrame:
        as_view = measure.basis.rows or (lambda frame: frame)
        if measure.basis.month_of is None:
            datasets = [dataset for dataset in (measure.basis.dataset, measure.basis.beside) if dataset]
            return as_view(*(self._cut(dataset, measure, period) for dataset in datasets))
        extracts, key = self.extracts(measure.basis.dataset), ("events", measure.basis.dataset.id, measure.basis.rows)
        if key not in self._views:
            self._views[key] = as_view(extracts.near_their_months.assign(month=""))
        events = extracts.events_in_their_months(self._views[key], measure)
        return in_90_days(events, measure.basis.month_of, self.months) if period is Period.LAST_90_DAYS else events

    def _cut(self, dataset: Dataset, measure: Measure, period: Period) -> pd.DataFrame:
        """The rows of a dataset that a measure sees at each month, with the period's `window_from`."""
        basis = measure.basis
        look = "look_back" if looks_back(measure, period) else period
        span, ahead = (basis.lookback_months, basis.ahead_days) if look == "look_back" else (0, 0)
        key = ("seen", dataset.id) if dataset.end is None else ("seen", dataset.id, basis.bridge, look, span, ahead)
        if key not in self._views:
            self._views[key] = self._seen(dataset, measure, period)
        seen = with_windows(self._views[key], period)
        return in_window(seen) if dataset.end is None else seen

    def _seen(self, dataset: Dataset, measure: Measure, period: Period) -> pd.DataFrame:
        extracts, basis = self.extracts(dataset), measure.basis
        if dataset.end is None:
            return extracts.describing_months()
        if basis.bridge:
            return extracts.touching()
        if looks_back(measure, period):
            return extracts.look_back(basis.lookback_months, basis.ahead_days)
        return extracts.crossed() if period is Period.MONTH else extracts.open_at_end()

    def _all_rows(self, speaks_for: SpeaksFor) -> pd.DataFrame:
        """The typed rows of every reading that speaks for some month, with `reading_id` and `hosted`."""
        dataset = speaks_for.dataset
        if dataset.id not in self._rows:
            readings = list(speaks_for.readings.values())
            rows = rows_of(readings) if readings else dataset.empty().assign(reading_id=pd.Series([], dtype="str"))
            self._rows[dataset.id] = self._described(speaks_for, rows)
        return self._rows[dataset.id]

    def _described(self, speaks_for: SpeaksFor, rows: pd.DataFrame) -> pd.DataFrame:
        if speaks_for.dataset.locate is not None and self.places is not None:
            rows = speaks_for.dataset.locate(rows, self.places.table)
        rows = derived_rows(speaks_for, rows)
        if speaks_for.dataset.due_days is not None and self.bank_holidays:
            rows = speaks_for.dataset.due_days(rows, self.bank_holidays)
        return rows.assign(hosted=hosted(rows, self.our_names))

    def left_out(self, dataset: Dataset) -> pd.DataFrame:
        """The rows of a dataset's extracts that cannot be used (`possible_rows.left_out_rows`)."""
        if dataset.id not in self._left_out:
            self._left_out[dataset.id] = left_out_rows(self.speaks_for[dataset.id])
        return self._left_out[dataset.id]

    def with_rows(
        self, rows: Mapping[str, pd.DataFrame], left_out: Mapping[str, pd.DataFrame] | None = None
    ) -> MeasureRows:
        """The same, looking at other rows of some datasets (by id), each with `reading_id`; and others left out."""
        described = {name: self._described(self.speaks_for[name], each) for name, each in rows.items()}
        lost = {**self._left_out, **(left_out or {})}
        return replace(self, _rows=described, _left_out=lost, _views={}, _empty={}, _extracts={}, answers=[])

    def columns_without_content(self, dataset: Dataset, reading_id: str) -> set[str]:
        """The columns in which an extract has nothing at all."""
        if dataset.id not in self._empty:
            rows = self._all_rows(self.speaks_for[dataset.id])
            filled = rows[[column.name for column in dataset.columns]].notna().groupby(rows["reading_id"]).any()
            self._empty[dataset.id] = _columns_without(filled)
        return self._empty[dataset.id].get(reading_id, set())

    def columns_blank_in(self, dataset: Dataset, month: Month) -> set[str]:
        """Of a dataset whose rows each describe a month, the columns without a value for one; all, without its row."""
        key = f"{dataset.id}/months"
        if key not in self._empty:
            own = self.extracts(dataset).rows_of_their_months()
            filled = own[[column.name for column in dataset.columns]].notna().groupby(own[dataset.start]).all()
            self._empty[key] = _columns_without(filled)
        return self._empty[key].get(str(month), set(dataset.by_name))


def sums_months(measure: Measure, period: Period) -> bool:
    """True where a row's month is the event's own, and a figure is made of the events of several months."""
    return measure.basis.month_of is not None and period is not Period.LAST_90_DAYS


def looks_back(measure: Measure, period: Period) -> bool:
    """True where a figure is made of records that ended in the months before, too."""
    return period is not Period.MONTH_END and (period is not Period.MONTH or measure.basis.lookback_months > 0)


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


def in_90_days(events: pd.DataFrame, month_of: str, months: Sequence[Month]) -> pd.DataFrame:
    """Each event once for every reporting month whose last 90 days it is in, with that `month` and its end."""
    day = local_day(events[month_of]).to_numpy(dtype="datetime64[us]")
    month_end = np.array([month.last_day for month in months], dtype="datetime64[us]")
    window_from = month_end - 89 * DAY
    found = [np.flatnonzero((day >= since) & (day <= end)) for since, end in zip(window_from, month_end, strict=True)]
    columns = {"month": [str(month) for month in months], "month_end": month_end, "window_from": window_from}
    return beside_months(events, pd.DataFrame(columns).astype({"month": "str"}), found)


def in_window(rows: pd.DataFrame) -> pd.DataFrame:
    """Of rows that each describe a month, those of the months of the period (`window_from`)."""
    inside: pd.DataFrame = rows[rows["described"] >= rows["window_from"]]
    return inside


def with_windows(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Rows with `window_from`: the first day of the period that ends with their month (definitions 2.2).

    Rows of a month for which the period has no figure, as a quarter in its midst, are left out.
    """
    place, written = pd.factorize(rows["month"])
    covered = [period.months_to(Month.parse(month)) for month in written]
    starts = np.array([months[0].first_day if months else None for months in covered], dtype="datetime64[us]")
    rows = rows.assign(window_from=starts[place])
    return rows if all(covered) else rows[rows["window_from"].notna()]
