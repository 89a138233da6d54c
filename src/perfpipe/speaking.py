"""Which extract speaks for which month, and the rows by which it speaks (`design.md` 4, `domain.md` 0.4 rulings 1, 2).

Three ways of looking: events in their month, what is open at a month's end, and a look-back over several months.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from perfpipe.datasets.definition import Dataset, Kind, Selects, Severity
from perfpipe.faults import Fault
from perfpipe.measures.definition import Measure, Period, last_of_each
from perfpipe.months import Month, local_month, month_range, window_start
from perfpipe.readings import Reading, rows_of

MONTHS_SHOWN = 36
MONTH_COLUMNS = ("month", "month_end", "month_number", "month_as_at")


@dataclass(frozen=True)
class Authority:
    """Which reading of one dataset speaks for which month, and what is wrong with their claims."""

    dataset: Dataset
    speaks: dict[Month, Reading]
    stops: list[Fault]

    @property
    def readings(self) -> dict[str, Reading]:
        """The readings that speak for some month, by id."""
        return {reading.id: reading for reading in self.speaks.values()}


def authority_of(dataset: Dataset, readings: Sequence[Reading], months: Sequence[Month]) -> Authority:
    """For each month the reading with the latest `extracted_at` that covers it, whatever order files arrived in.

    Two different extracts with an equal claim are a fault that stops the run.
    """
    speaks: dict[Month, Reading] = {}
    rivals: dict[tuple[str, str], list[Month]] = {}
    own = sorted((r for r in readings if r.dataset is dataset), key=lambda r: (r.extracted_at, r.extract_id))
    by_id = {reading.id: reading for reading in own}
    for month in months:
        covering = [reading for reading in own if reading.first_month <= month <= reading.last_month]
        if not covering:
            continue
        speaks[month] = covering[-1]
        if len(covering) > 1 and covering[-2].extracted_at == covering[-1].extracted_at:
            rivals.setdefault((covering[-2].id, covering[-1].id), []).append(month)
    stops = [_equal_claim(dataset, by_id[a], by_id[b], months) for (a, b), months in rivals.items()]
    return Authority(dataset, speaks, stops)


def _equal_claim(dataset: Dataset, one: Reading, other: Reading, months: list[Month]) -> Fault:
    earlier, later = sorted((one, other), key=lambda reading: (not reading.replaced, reading.taken_in_at))
    named = [
        f"extract {r.extract_id[:12]} ({r.folder}/{r.files[0]}, taken in {r.taken_in_at:%Y-%m-%d %H:%M:%S} UTC"
        f"{', not in the folder any more' if r.replaced else ''})"
        for r in (earlier, later)
    ]
    return Fault(
        dataset=dataset.id,
        file=f"{later.folder}/{later.files[0]}",
        sheet="",
        row=0,
        column="",
        rule="equal_claim",
        severity=Severity.STOP,
        found=f"{named[0]} and {named[1]} were made at the same time and both cover {months[0]} to {months[-1]}",
        expected="one latest extract for each month",
        what_to_do="Withdraw the one that is wrong. If the later one mends the earlier, that is: "
        f'`perfpipe withdraw {earlier.extract_id[:12]} --reason "..."`.',
    )


@dataclass(frozen=True)
class Speaking:
    """The rows that speak for each month, per way of looking at them; each view is made once."""

    authorities: dict[str, Authority]
    months: list[Month]
    our_names: frozenset[str]
    _rows: dict[str, pd.DataFrame] = field(default_factory=dict)
    _views: dict[tuple[object, ...], pd.DataFrame] = field(default_factory=dict)

    @cached_property
    def month_table(self) -> pd.DataFrame:
        """One row per month to compute: `month`, `month_end`, and its number for arithmetic."""
        return pd.DataFrame(
            {
                "month": pd.Series([str(month) for month in self.months], dtype="str"),
                "month_end": pd.to_datetime([month.last_day for month in self.months]).astype("datetime64[us]"),
                "month_number": [_number(month) for month in self.months],
            }
        )

    def _months_of(self, authority: Authority) -> pd.DataFrame:
        """The months that somebody speaks for: `month`, `month_end`, `month_number`, `speaker`, `month_as_at`."""
        months = self.month_table.assign(speaker=_speaker(self.month_table["month"], authority))
        made = {str(month): reading.extracted_at for month, reading in authority.speaks.items()}
        as_at = pd.to_datetime(months["month"].map(made), utc=True).astype("datetime64[us, UTC]")
        return months.assign(month_as_at=as_at).dropna(subset="speaker")

    def view(self, measure: Measure, period: Period) -> pd.DataFrame:
        """The rows of a measure for a period, one per thing to count, with `month`, `reading_id`, `source_row`."""
        key = (measure.dataset.id, period, measure.month_of, measure.lookback_months, measure.rows)
        if key not in self._views:
            self._views[key] = self._make_view(measure, period)
        return self._views[key]

    def _make_view(self, measure: Measure, period: Period) -> pd.DataFrame:
        authority = self.authorities[measure.dataset.id]
        rows = self._all_rows(authority)
        as_view = measure.rows or (lambda frame: frame)
        if measure.month_of is not None:
            key = ("events", authority.dataset.id, measure.rows)
            if key not in self._views:
                self._views[key] = as_view(_near_their_months(rows, authority).assign(month=""))
            return _events(self._views[key], measure, authority, self.month_table)
        months = self._months_of(authority)
        if period is Period.MONTH:
            return as_view(_with_windows(_crossed(rows, months), 1))
        if period is Period.MONTH_END:
            return as_view(_with_windows(_open_at_end(rows, months, authority.dataset), 1))
        return as_view(_with_windows(_look_back(rows, authority, months, measure.lookback_months), 12))

    def _all_rows(self, authority: Authority) -> pd.DataFrame:
        """The typed rows of every reading that speaks for some month, with `reading_id` and `hosted`."""
        dataset = authority.dataset
        if dataset.id not in self._rows:
            readings = list(authority.readings.values())
            rows = rows_of(readings) if readings else dataset.empty().assign(reading_id=pd.Series([], dtype="str"))
            if dataset.derive is not None:
                parts = [dataset.derive(part) for _, part in rows.groupby("reading_id", sort=False)]
                rows = pd.concat(parts) if parts else dataset.derive(rows)
            self._rows[dataset.id] = rows.assign(hosted=self._hosted(rows))
        return self._rows[dataset.id]

    def _hosted(self, rows: pd.DataFrame) -> pd.Series:
        """True for another authority's child; a blank counts as ours."""
        if "responsible_la" not in rows:
            return pd.Series(False, index=rows.index)
        names = rows["responsible_la"].str.strip().str.casefold()
        return names.notna() & ~names.isin(self.our_names)


def _number(month: Month) -> int:
    return month.year * 12 + month.number - 1


def _speaker(months: pd.Series, authority: Authority) -> pd.Series:
    """For each month, written out, the id of the reading that speaks for it; missing where none does."""
    ids = {str(month): reading.id for month, reading in authority.speaks.items()}
    return months.map(ids).astype("str")


def _near_their_months(rows: pd.DataFrame, authority: Authority) -> pd.DataFrame:
    """Rows with some date in the span of months that their extract speaks for: no other row can have an event there.

    An event's month comes from one of the record's own dates. Most rows of an old extract are spoken for by later ones.
    """
    spoken: dict[str, list[Month]] = {}
    for month, reading in authority.speaks.items():
        spoken.setdefault(reading.id, []).append(month)
    day = pd.Timedelta(days=1)  # instants are in UTC, months in local time
    first = rows["reading_id"].map({name: pd.Timestamp(min(m).first_day) - day for name, m in spoken.items()})
    last = rows["reading_id"].map({name: pd.Timestamp(max(m).last_day) + 2 * day for name, m in spoken.items()})
    near = pd.Series(False, index=rows.index)
    for column in authority.dataset.columns:
        if column.kind in (Kind.DATE, Kind.INSTANT):
            moments = rows[column.name]
            moments = moments.dt.tz_localize(None) if column.kind is Kind.INSTANT else moments
            near |= (moments >= first) & (moments <= last)
    return rows[near]


def _events(view: pd.DataFrame, measure: Measure, authority: Authority, months: pd.DataFrame) -> pd.DataFrame:
    """Each event in its month, from the extract that speaks for the month by the date the source selects by."""
    assert measure.month_of is not None
    view = view.assign(month=local_month(view[measure.month_of]))
    speaker = _speaker(view["month"], authority)
    selects = {reading.id: reading.selects_by for reading in authority.readings.values()}
    by_start = view["reading_id"].map(selects) == Selects.STARTED
    if by_start.any():
        started = _speaker(local_month(view[measure.dataset.start]), authority)
        speaker = speaker.where(~by_start, started)
    mine = (speaker == view["reading_id"]) & view["month"].isin(months["month"])
    return view[mine & (view["reading_id"].map(selects) != Selects.SNAPSHOT)]


def _crossed(rows: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Every row of an extract once for each month that it speaks for."""
    return _beside_months(rows, _pairs(rows, ["reading_id"]).merge(months, left_on="reading_id", right_on="speaker"))


def _open_at_end(rows: pd.DataFrame, months: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Rows open at the end of the last day of a month they speak for: started by then, not ended or later (2.5)."""
    assert dataset.end is not None
    pairs = _pairs(rows, ["reading_id", dataset.start, dataset.end])
    pairs = pairs.merge(months, left_on="reading_id", right_on="speaker")
    start, end = pairs[dataset.start], pairs[dataset.end]
    is_open = (start <= pairs["month_end"]) & (end.isna() | (end > pairs["month_end"]))
    return _beside_months(rows, pairs[is_open])


def _look_back(rows: pd.DataFrame, authority: Authority, months: pd.DataFrame, span: int) -> pd.DataFrame:
    """The records that a look-back of so many months sees at each month (ruling 2).

    Each ended record comes from the extract that speaks for the month it ended in, open ones from the reporting
    month's; of one key, the version of the later extract.
    """
    dataset = authority.dataset
    assert dataset.end is not None
    pairs = _pairs(rows, ["reading_id", dataset.end])[rows[dataset.end].notna().to_numpy()]
    ended_in = local_month(pairs[dataset.end])
    mine = _speaker(ended_in, authority) == pairs["reading_id"]
    pairs, ended_in = pairs[mine], ended_in[mine]
    number = ended_in.str[:4].astype(int) * 12 + ended_in.str[5:].astype(int) - 1
    pairs = pairs.assign(ended_number=number).merge(months, how="cross")
    age = pairs["month_number"] - pairs["ended_number"]
    ended = _beside_months(rows, pairs[(age >= 0) & (age < span)])
    both = pd.concat([ended, _open_at_end(rows, months, dataset)], ignore_index=True)
    return last_of_each(both, ["month", *dataset.key], ["as_at", "reading_id"])


def _pairs(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Some columns of the rows and their `position`, to be matched with months before the wide rows are taken."""
    return rows[names].assign(position=np.arange(len(rows)))


def _beside_months(rows: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The row at each pair's `position`, with the columns of the pair's month."""
    taken = rows.iloc[pairs["position"].to_numpy()].reset_index(drop=True)
    return taken.assign(**{name: pairs[name].array for name in MONTH_COLUMNS})


def _with_windows(rows: pd.DataFrame, months: int) -> pd.DataFrame:
    """Rows with `window_from`: the first day of the window of so many months that ends with their month."""
    starts = {text: pd.Timestamp(window_start(Month.parse(text).last_day, months)) for text in rows["month"].unique()}
    return rows.assign(window_from=pd.to_datetime(rows["month"].map(starts)).astype("datetime64[us]"))


def needed_months(measures: Sequence[Measure], months: Sequence[Month]) -> list[Month]:
    """The months that speak for some figure: those to compute and those that look-backs reach."""
    reach = max(measure.lookback_months for measure in measures)
    return month_range(months[0] - reach, months[-1])
