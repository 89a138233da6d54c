"""Which extract speaks for which month, and the rows by which it speaks (`design.md` 4, `domain.md` 0.4 rulings 1, 2).

Ways of looking: events in their month, what is open at a month's end or at any time of a month, rows that describe a
month, and a look-back over several months.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.datasets.definition import Dataset, Kind, Selects, Severity
from perfpipe.faults import Fault
from perfpipe.measures.definition import Measure, Period, last_of_each
from perfpipe.months import Month, local_day, local_month, month_range
from perfpipe.places import Places
from perfpipe.readings import Reading, rows_of

MONTHS_SHOWN = 36
Positions = npt.NDArray[np.intp]
Days = npt.NDArray[np.datetime64]
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
    population: Mapping[str, int] = field(default_factory=dict)  # children aged 0 to 17, by month
    places: Places | None = None
    _rows: dict[str, pd.DataFrame] = field(default_factory=dict)
    _views: dict[tuple[object, ...], pd.DataFrame] = field(default_factory=dict)
    _filled: dict[str, dict[str, set[str]]] = field(default_factory=dict)

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
            self._views[key] = as_view(_near_their_months(self._all_rows(authority), authority).assign(month=""))
        events = _events(self._views[key], measure, authority)
        return _in_90_days(events, measure.month_of, self.month_table) if period is Period.LAST_90_DAYS else events

    def _cut(self, dataset: Dataset, measure: Measure, period: Period) -> pd.DataFrame:
        """The rows of a dataset that a measure sees at each month, with the period's `window_from`."""
        authority = self.authorities[dataset.id]
        rows, months = self._all_rows(authority), self._months_of(authority)
        if dataset.end is None:
            seen = _of_months(rows, dataset, authority, months, len(period.months_to(self.months[-1])))
        elif measure.bridge:
            seen = _touching(rows, months, dataset, self._months_before(authority))
        elif period is Period.MONTH:
            seen = _crossed(rows, months)
        elif period is Period.MONTH_END:
            seen = _open_at_end(rows, months, dataset)
        else:
            seen = _look_back(rows, authority, months, measure.lookback_months)
        return _with_windows(seen, period)

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
            self._rows[dataset.id] = rows.assign(hosted=self._hosted(rows))
        return self._rows[dataset.id]

    def columns_without_content(self, dataset: Dataset, reading_id: str) -> set[str]:
        """The columns in which an extract has nothing at all."""
        if dataset.id not in self._filled:
            rows = self._all_rows(self.authorities[dataset.id])
            names = [column.name for column in dataset.columns]
            filled = rows[names].notna().groupby(rows["reading_id"]).any()
            self._filled[dataset.id] = {
                str(reading): {name for name, has in zip(names, flags, strict=True) if not has}
                for reading, *flags in filled.itertuples(name=None)
            }
        return self._filled[dataset.id].get(reading_id, set())

    def _hosted(self, rows: pd.DataFrame) -> pd.Series:
        """True for another authority's child; a blank counts as ours."""
        if "responsible_la" not in rows:
            return pd.Series(False, index=rows.index)
        names = rows["responsible_la"].str.strip().str.casefold()
        return names.notna() & ~names.isin(self.our_names)


def _number(month: Month) -> int:
    return month.year * 12 + month.number - 1


def _numbers(months: pd.Series) -> pd.Series:
    """Months written YYYY-MM, numbered."""
    return months.str[:4].astype(int) * 12 + months.str[5:].astype(int) - 1


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


def _events(view: pd.DataFrame, measure: Measure, authority: Authority) -> pd.DataFrame:
    """Each event in its month, from the extract that speaks for the month by the date the source selects by."""
    assert measure.month_of is not None
    view = view.assign(month=local_month(view[measure.month_of]))
    speaker = _speaker(view["month"], authority)
    selects = {reading.id: reading.selects_by for reading in authority.readings.values()}
    by_start = view["reading_id"].map(selects) == Selects.STARTED
    if by_start.any():
        started = _speaker(local_month(view[measure.dataset.start]), authority)
        speaker = speaker.where(~by_start, started)
    mine = speaker == view["reading_id"]
    return view[mine & (view["reading_id"].map(selects) != Selects.SNAPSHOT)]


def _in_90_days(events: pd.DataFrame, month_of: str, months: pd.DataFrame) -> pd.DataFrame:
    """Each event once for every reporting month whose last 90 days it is in, with that `month` and its end."""
    day = local_day(events[month_of])
    pairs = pd.DataFrame({"position": np.arange(len(events)), "day": day.array}).merge(months, how="cross")
    pairs["window_from"] = pairs["month_end"] - pd.Timedelta(days=89)
    pairs = pairs[(pairs["day"] >= pairs["window_from"]) & (pairs["day"] <= pairs["month_end"])]
    taken = events.iloc[pairs["position"].to_numpy()].reset_index(drop=True)
    return taken.assign(**{name: pairs[name].array for name in ("month", "month_end", "window_from")})


def _crossed(rows: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Every row of an extract once for each month that it speaks for."""
    return _beside_months(rows, _pairs(rows, ["reading_id"]).merge(months, left_on="reading_id", right_on="speaker"))


def _days(rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """The local days on which records start and end; `end` is blank while a record is open."""
    assert dataset.end is not None
    end = rows[dataset.end]
    if dataset.end_fallback:
        end = end.fillna(rows[dataset.end_fallback])
    return pd.DataFrame({"start": local_day(rows[dataset.start]), "end": local_day(end)})


def _open_at_end(rows: pd.DataFrame, months: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Rows open at the end of the last day of a month they speak for: started by then, not ended or later (2.5)."""
    return _in_months(rows, months, *_pairs_open_at_end(rows, months, dataset))


def _pairs_open_at_end(rows: pd.DataFrame, months: pd.DataFrame, dataset: Dataset) -> tuple[Positions, Positions]:
    """The places of rows, and beside them the places of the months at whose end they are open."""
    month_end = months["month_end"].to_numpy()
    return _pairs_open(rows, months, dataset, month_end, month_end)


def _pairs_open(
    rows: pd.DataFrame, months: pd.DataFrame, dataset: Dataset, first: Days, last: Days
) -> tuple[Positions, Positions]:
    """Rows that have started by the last day of a month they speak for, and are open after the first."""
    days = _days(rows, dataset)
    start, end = (days[name].to_numpy()[:, None] for name in ("start", "end"))
    speaks = pd.Index(months["speaker"]).unique()
    says, speaker = (speaks.get_indexer(pd.Index(names)) for names in (rows["reading_id"], months["speaker"]))
    is_open = (start <= last) & (np.isnat(end) | (end > first))
    row, month = np.nonzero(is_open & (says[:, None] == speaker))
    return row, month


def _touching(rows: pd.DataFrame, months: pd.DataFrame, dataset: Dataset, before: pd.DataFrame) -> pd.DataFrame:
    """Rows open at some time of a month they speak for, or at the end of the month before (`as_known`: now).

    And those open at the end of the month before by the extract that speaks for that month (`as_known`: before), with
    the month that follows. `before`: as `months`, each with the speaker of the month before.
    """
    found = []
    for of, until_eve in ((months, False), (before, True)):
        month_end = of["month_end"].to_numpy()
        eve = (of["month_end"].dt.to_period("M").dt.start_time - pd.Timedelta(days=1)).to_numpy()
        row, month = _pairs_open(rows, of, dataset, eve, eve if until_eve else month_end)
        found.append(_in_months(rows, of, row, month).assign(as_known="before" if until_eve else "now"))
    return pd.concat(found, ignore_index=True)


def _of_months(
    rows: pd.DataFrame, dataset: Dataset, authority: Authority, months: pd.DataFrame, span: int
) -> pd.DataFrame:
    """Rows that each describe a month: for every reporting month those of so many months to it."""
    described = rows[dataset.start]
    pairs = _pairs(rows, [])[(_speaker(described, authority) == rows["reading_id"]).to_numpy()]
    number = _numbers(described.iloc[pairs["position"].to_numpy()])
    pairs = pairs.assign(described=number.to_numpy()).merge(months, how="cross")
    age = pairs["month_number"] - pairs["described"]
    return _beside_months(rows, pairs[(age >= 0) & (age < span)])


def _look_back(rows: pd.DataFrame, authority: Authority, months: pd.DataFrame, span: int) -> pd.DataFrame:
    """The records that a look-back of so many months sees at each month (ruling 2).

    Each ended record comes from the extract that speaks for the month it ended in, open ones from the reporting
    month's; of one key, the version of the later extract. One that is open counts as open whatever an extract made
    later says of an earlier month: the cohort is that of the month-end snapshot, to the child.
    """
    dataset = authority.dataset
    assert dataset.end is not None
    has_ended = np.flatnonzero(rows[dataset.end].notna())
    ended_in = local_month(rows[dataset.end].iloc[has_ended])
    mine = (_speaker(ended_in, authority) == rows["reading_id"].iloc[has_ended]).to_numpy()
    has_ended = has_ended[mine]
    age = months["month_number"].to_numpy() - _numbers(ended_in[mine]).to_numpy()[:, None]
    ended, its_month = np.nonzero((age >= 0) & (age < span))
    still_open, month_of_open = _pairs_open_at_end(rows, months, dataset)
    row, month = np.concatenate([has_ended[ended], still_open]), np.concatenate([its_month, month_of_open])
    key = rows.groupby(list(dataset.key), dropna=False, sort=False).ngroup().to_numpy()
    made = rows.groupby(["as_at", "reading_id"]).ngroup().to_numpy()
    pairs = pd.DataFrame({"row": row, "month": month, "key": key[row], "made": made[row]})
    pairs = pairs.assign(is_open=np.arange(len(pairs)) >= len(ended))
    kept = last_of_each(pairs, ["month", "key"], ["is_open", "made"])
    return _in_months(rows, months, kept["row"].to_numpy(), kept["month"].to_numpy())


def _pairs(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Some columns of the rows and their `position`, to be matched with months before the wide rows are taken."""
    return rows[names].assign(position=np.arange(len(rows)))


def _beside_months(rows: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The row at each pair's `position`, with the columns of the pair's month."""
    taken = rows.iloc[pairs["position"].to_numpy()].reset_index(drop=True)
    return taken.assign(**{name: pairs[name].array for name in MONTH_COLUMNS})


def _in_months(rows: pd.DataFrame, months: pd.DataFrame, row: Positions, month: Positions) -> pd.DataFrame:
    """The rows at some places, each with the columns of the month at the place beside it."""
    taken = rows.iloc[row].reset_index(drop=True)
    return taken.assign(**{name: months[name].array.take(month) for name in MONTH_COLUMNS})


def _with_windows(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Rows with `window_from`: the first day of the period that ends with their month (ruling 16).

    Rows of a month for which the period has no figure, as a quarter in its midst, are left out.
    """
    covered = {text: period.months_to(Month.parse(text)) for text in rows["month"].unique()}
    starts = {text: pd.Timestamp(months[0].first_day) for text, months in covered.items() if months}
    rows = rows.assign(window_from=pd.to_datetime(rows["month"].map(starts)).astype("datetime64[us]"))
    return rows if len(starts) == len(covered) else rows[rows["window_from"].notna()]


def needed_months(measures: Sequence[Measure], months: Sequence[Month]) -> list[Month]:
    """The months that speak for some figure: those to compute and those that look-backs reach."""
    reach = max(measure.reach for measure in measures)
    return month_range(months[0] - reach, months[-1])
