"""The rows that a month's figures see: events in their month, what is open at a month's end or at any time of a month,
rows that describe a month, and a look-back over several months (`domain.md` 0.4 ruling 2, 2.5).

`months` is a frame of reporting months: `month`, `month_end`, `month_number`, `month_as_at`, and as `speaker` the id of
a reading.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.authority import Authority
from perfpipe.datasets.definition import Dataset, Kind, Selects
from perfpipe.measures.definition import Measure, Period, last_of_each
from perfpipe.months import Month, local, local_day, local_month

MONTH_COLUMNS = ("month", "month_end", "month_number", "month_as_at")


def number_of(month: Month) -> int:
    """A month's number, for arithmetic."""
    return month.year * 12 + month.number - 1


def numbers_of(months: pd.Series) -> pd.Series:
    """Months written YYYY-MM, numbered."""
    return months.str[:4].astype(int) * 12 + months.str[5:].astype(int) - 1


def speaker_of(months: pd.Series, authority: Authority) -> pd.Series:
    """For each month, written out, the id of the reading that speaks for it; missing where none does."""
    ids = {str(month): reading.id for month, reading in authority.speaks.items()}
    return months.map(ids).astype("str")


def near_their_months(rows: pd.DataFrame, authority: Authority) -> pd.DataFrame:
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


def events_in_their_months(view: pd.DataFrame, measure: Measure, authority: Authority) -> pd.DataFrame:
    """Each event in its month, from the extract that speaks for the month by the date the source selects by."""
    assert measure.month_of is not None
    view = view.assign(month=local_month(view[measure.month_of]))
    speaker = speaker_of(view["month"], authority)
    selects = {reading.id: reading.selects_by for reading in authority.readings.values()}
    by_start = view["reading_id"].map(selects) == Selects.STARTED
    if by_start.any():
        started = speaker_of(local_month(view[measure.dataset.start]), authority)
        speaker = speaker.where(~by_start, started)
    mine = speaker == view["reading_id"]
    return view[mine & (view["reading_id"].map(selects) != Selects.SNAPSHOT)]


def in_90_days(events: pd.DataFrame, month_of: str, months: pd.DataFrame) -> pd.DataFrame:
    """Each event once for every reporting month whose last 90 days it is in, with that `month` and its end."""
    day = local_day(events[month_of])
    pairs = pd.DataFrame({"position": np.arange(len(events)), "day": day.array}).merge(months, how="cross")
    pairs["window_from"] = pairs["month_end"] - pd.Timedelta(days=89)
    pairs = pairs[(pairs["day"] >= pairs["window_from"]) & (pairs["day"] <= pairs["month_end"])]
    taken = events.iloc[pairs["position"].to_numpy()].reset_index(drop=True)
    return taken.assign(**{name: pairs[name].array for name in ("month", "month_end", "window_from")})


def crossed(rows: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Every row of an extract once for each month that it speaks for."""
    return _beside_months(rows, _pairs(rows, ["reading_id"]).merge(months, left_on="reading_id", right_on="speaker"))


def _days(rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """The local days on which records start and end; `end` is blank while a record is open."""
    assert dataset.end is not None
    end = rows[dataset.end]
    if dataset.end_fallback:
        end = end.fillna(rows[dataset.end_fallback])
    return pd.DataFrame({"start": local_day(rows[dataset.start]), "end": local_day(end)})


def open_at_end(rows: pd.DataFrame, months: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Rows open at the end of the last day of a month they speak for: started by then, not ended or later (2.5)."""
    return _beside_months(rows, _open_pairs(rows, months, dataset))


def _open_pairs(rows: pd.DataFrame, months: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    pairs = _pairs(rows, ["reading_id"]).join(_days(rows, dataset))
    pairs = pairs.merge(months, left_on="reading_id", right_on="speaker")
    is_open = (pairs["start"] <= pairs["month_end"]) & (pairs["end"].isna() | (pairs["end"] > pairs["month_end"]))
    return pairs[is_open]


def touching(rows: pd.DataFrame, months: pd.DataFrame, dataset: Dataset, before: pd.DataFrame) -> pd.DataFrame:
    """Rows open at some time of a month they speak for, or at the end of the month before (`as_known`: now).

    And those open at the end of the month before by the extract that speaks for that month (`as_known`: before), with
    the month that follows. `before`: as `months`, each with the speaker of the month before.
    """
    pairs = _pairs(rows, ["reading_id"]).join(_days(rows, dataset))
    now = pairs.merge(months, left_on="reading_id", right_on="speaker")
    then = pairs.merge(before, left_on="reading_id", right_on="speaker")
    parts = []
    for known, part in (("now", now), ("before", then)):
        eve = part["month_end"].dt.to_period("M").dt.start_time - pd.Timedelta(days=1)
        until = part["month_end"] if known == "now" else eve
        touches = (part["start"] <= until) & (part["end"].isna() | (part["end"] > eve))
        parts.append(_beside_months(rows, part[touches]).assign(as_known=known))
    return pd.concat(parts, ignore_index=True)


def describing_months(
    rows: pd.DataFrame, dataset: Dataset, authority: Authority, months: pd.DataFrame, span: int
) -> pd.DataFrame:
    """Rows that each describe a month: for every reporting month those of so many months to it."""
    described = rows[dataset.start]
    pairs = _pairs(rows, [])[(speaker_of(described, authority) == rows["reading_id"]).to_numpy()]
    number = numbers_of(described.iloc[pairs["position"].to_numpy()])
    pairs = pairs.assign(described=number.to_numpy()).merge(months, how="cross")
    age = pairs["month_number"] - pairs["described"]
    return _beside_months(rows, pairs[(age >= 0) & (age < span)])


def look_back(
    rows: pd.DataFrame, authority: Authority, months: pd.DataFrame, span: int, record: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """The records that a look-back of so many months sees at each month (ruling 2).

    Each ended record comes from the extract that speaks for the month it ended in, open ones from the reporting
    month's; of one key, the version of the later extract. One that is open counts as open whatever an extract made
    later says of an earlier month: the cohort is that of the month-end snapshot, to the child. `record`: a number for
    each row, alike for one key.
    """
    dataset = authority.dataset
    assert dataset.end is not None
    pairs = _pairs(rows, ["reading_id", dataset.end])[rows[dataset.end].notna().to_numpy()]
    end = local(pairs[dataset.end])
    pairs = pairs.assign(ended_number=end.dt.year * 12 + end.dt.month - 1)
    speaker = {number_of(month): reading.id for month, reading in authority.speaks.items()}
    pairs = pairs[pairs["ended_number"].map(speaker) == pairs["reading_id"]].merge(months, how="cross")
    age = pairs["month_number"] - pairs["ended_number"]
    open_now = _open_pairs(rows, months, dataset)
    ended_then = pairs[(age >= 0) & (age < span)].assign(is_open=False)
    both = pd.concat(
        [each[["position", "is_open", *MONTH_COLUMNS]] for each in (ended_then, open_now.assign(is_open=True))]
    )
    both = both.reset_index(drop=True)
    taken = both["position"].to_numpy()
    alike = {name: rows[name].array.take(taken) for name in ("as_at", "reading_id")}
    both = both.assign(record=record[taken], **alike)
    kept = last_of_each(both, ["month", "record"], ["is_open", "as_at", "reading_id"])
    return _beside_months(rows, kept)


def _pairs(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Some columns of the rows and their `position`, to be matched with months before the wide rows are taken."""
    return rows[names].assign(position=np.arange(len(rows)))


def _beside_months(rows: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """The row at each pair's `position`, with the columns of the pair's month."""
    taken = rows.iloc[pairs["position"].to_numpy()].reset_index(drop=True)
    return taken.assign(**{name: pairs[name].array for name in MONTH_COLUMNS})


def with_windows(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Rows with `window_from`: the first day of the period that ends with their month (ruling 16).

    Rows of a month for which the period has no figure, as a quarter in its midst, are left out.
    """
    covered = {text: period.months_to(Month.parse(text)) for text in rows["month"].unique()}
    starts = {text: pd.Timestamp(months[0].first_day) for text, months in covered.items() if months}
    rows = rows.assign(window_from=pd.to_datetime(rows["month"].map(starts)).astype("datetime64[us]"))
    return rows if len(starts) == len(covered) else rows[rows["window_from"].notna()]
