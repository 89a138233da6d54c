"""What records that faults keep out might have been: each once for every value that its faulty cells could have had.

A record whose end cannot be read may be open, or have ended in any month that its extract speaks for, between what the
dataset puts before and after it; one without a code may have any of the list. The records of the same person stand
beside each of these, under a name of its own, so that a view sees them as it would have, and none sees two at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from perfpipe.datasets.definition import Column, Dataset, Kind
from perfpipe.dates.months import LONDON, Month
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.validate.left_out_rows import WHY
from perfpipe.validate.reading import left_out_of, rows_of

Values = dict[str, Any]
DATED = (Kind.DATE, Kind.INSTANT)
NUMBERS, COUNTS = (1.0, 1000.0), (1, 1000)  # an ordinary one and a large one
SAME_ROW = ["reading_id", "source_row"]


def left_out_rows(speaks_for: SpeaksFor) -> pd.DataFrame:
    """The rows that faults keep out of figures, of the extracts that speak for some month.

    With `reading_id` and `accepted`: whether a fault of the row was accepted with a reason.
    """
    readings = list(speaks_for.readings.values())
    if not readings:
        return pd.DataFrame()
    rows = left_out_of(readings)
    accepted = {reading.id: set(reading.accepted) for reading in readings}
    of_row = [
        not accepted[reading].isdisjoint(str(rules).split())
        for reading, rules in zip(rows["reading_id"], rows["rule"], strict=True)
    ]
    return rows.assign(reading_id=rows["reading_id"].astype("str"), accepted=np.array(of_row, dtype=np.bool_))


def possible_rows(speaks_for: SpeaksFor, left_out: pd.DataFrame) -> pd.DataFrame:
    """Typed rows with `reading_id`: every possible version of the rows left out, beside each its person's others."""
    dataset = speaks_for.dataset
    usable = rows_of(list(speaks_for.readings.values()))
    usable = usable.assign(reading_id=usable["reading_id"].astype("str"))
    left_out = left_out.assign(ended_by=_next_starts(dataset, usable, left_out))
    months: dict[str, list[Month]] = {}
    for month, reading in sorted(speaks_for.by_month.items()):
        months.setdefault(reading.id, []).append(month)
    records = [{str(name): value for name, value in each.items()} for each in left_out.to_dict("records")]
    versions = [_versions(record, dataset, months[str(record["reading_id"])]) for record in records]
    place = np.repeat(np.arange(len(left_out)), [len(each) for each in versions])
    only_here = [*(column.name for column in WHY), "accepted", "ended_by"]
    rows = left_out.drop(columns=only_here).iloc[place].reset_index(drop=True)
    for name in {name for each in versions for version in each for name in version}:
        given = [version.get(name, record[name]) for record, each in zip(records, versions, strict=True)
                 for version in each]  # fmt: skip
        rows[name] = pd.Series(given, dtype="object").astype(dataset.dtypes[name])  # type: ignore[call-overload]
    who = _person(dataset)
    number = pd.Series(np.arange(len(rows)).astype(str), dtype="str")
    rows = rows.assign(version=number)
    others = _others(rows[[who, "version", *SAME_ROW]], usable, who)
    both = pd.concat([rows, others], ignore_index=True) if len(others) else rows
    for name in dict.fromkeys((who, dataset.key[0])):
        if dataset.by_name[name].kind is Kind.ID:
            both[name] = both[name].fillna("?") + "\N{NULL}" + both["version"]
    return both.drop(columns="version").astype(dataset.dtypes)


def _person(dataset: Dataset) -> str:
    """The column that says whose record a row is."""
    return "child_id" if "child_id" in dataset.by_name else dataset.key[0]


def _next_starts(dataset: Dataset, rows: pd.DataFrame, left_out: pd.DataFrame) -> pd.Series[Any]:
    """When the person's next record of the same extract starts, if the dataset says that one has ended by then."""
    who, start = _person(dataset), dataset.start
    if not dataset.one_at_a_time:
        return pd.Series(pd.NaT, index=left_out.index)
    starts = rows[["reading_id", who, start]]
    own = left_out.reset_index(names="position")[["position", "reading_id", who, start]].dropna()
    both = pd.merge_asof(
        own.sort_values(start),
        starts.assign(next_start=starts[start]).sort_values(start),
        on=start,
        by=["reading_id", who],
        direction="forward",
        allow_exact_matches=False,
    )
    return both.set_index("position")["next_start"].reindex(left_out.index)


def _others(versions: pd.DataFrame, rows: pd.DataFrame, who: str) -> pd.DataFrame:
    both = versions.dropna().merge(rows, on=who, suffixes=("_own", ""))
    itself = (both["reading_id_own"] == both["reading_id"]) & (both["source_row_own"] == both["source_row"])
    return both[~itself].drop(columns=["reading_id_own", "source_row_own"])


def _versions(record: Mapping[str, Any], dataset: Dataset, months: Sequence[Month]) -> list[Values]:
    """The values that the faulty cells of a record could have had, each of the cells changing with the others."""
    faulty = [dataset.by_name[name] for name in str(record["faulty_columns"]).split()]
    choices = [_values(column, record, dataset, months) for column in faulty]
    if not all(choices):  # none of its extract's months may have it
        return []
    last = [each[-1] for each in choices]
    found = []
    for chosen in zip_longest(*choices):
        values = [end if value is None else value for value, end in zip(chosen, last, strict=True)]
        found.append({name: value for each in values for name, value in each.items()})
    return found


def _values(column: Column, record: Mapping[str, Any], dataset: Dataset, months: Sequence[Month]) -> list[Values]:
    match column.kind:
        case Kind.DATE | Kind.INSTANT:
            ended = record["usable"] and not pd.isna(record[column.name])  # at an impossible time, but it has
            open_one = [] if column.filled or ended else [_dated(column, None)]
            possible = _dates(column, _days(column, record, dataset, months), record[dataset.start])
            return open_one + possible + _with_another_start(column, record, dataset, months)
        case Kind.MONTH:
            return [{column.name: str(month)} for month in months]
        case Kind.CODE if column.codes:
            return [{column.name: code} for code in column.codes.by_code]
        case Kind.NUMBER:
            least, most = column.least or 0, column.most or max(NUMBERS)
            return [{column.name: number} for number in NUMBERS if least <= number <= most]
        case Kind.COUNT:
            return [{column.name: number} for number in COUNTS]
        case _:
            return [{column.name: "?"}]


def _days(
    column: Column, record: Mapping[str, Any], dataset: Dataset, months: Sequence[Month]
) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Of each month that the extract speaks for the first and the last day on which it may have been.

    Not before the record's start and what else must come first, nor after what must follow. Where the dataset has no
    such order the first is just after all else that the record dates. Of a start the first day of each month up to the
    end, or that end.
    """
    known = {name: day for name in dataset.by_name if (day := _day(record, dataset, name))}
    start, end = known.get(dataset.start), known.get(dataset.end or "")
    if column.name == dataset.start:
        firsts = [pd.Timestamp(month.first_day) for month in months]
        days = [first for first in firsts if end is None or end >= first]
        return [(day, day) for day in days or [end or firsts[-1]]]
    before = [known[one] for one, other in dataset.in_order if other == column.name and one in known]
    after = [known[other] for one, other in dataset.in_order if one == column.name and other in known]
    since = max(before) if before else max(known.values(), default=pd.Timestamp.min)
    after = [*(day for day in after if day >= since), *_ended_by(column, record, dataset)]
    until = min(after, default=pd.Timestamp.max)
    least = since if before else start or pd.Timestamp.min
    found = []
    for first, last in ((pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)) for month in months):
        if least <= last and first <= until:
            found.append((max(first, min(since, last, until)), min(last, until)))
    return found or ([(pd.Timestamp(months[-1].first_day),) * 2] if column.filled else [])


def _ended_by(column: Column, record: Mapping[str, Any], dataset: Dataset) -> list[pd.Timestamp]:
    ends = (dataset.end, dataset.end_fallback)
    return [_local_day(record["ended_by"])] if column.name in ends and not pd.isna(record["ended_by"]) else []


def _with_another_start(
    column: Column, record: Mapping[str, Any], dataset: Dataset, months: Sequence[Month]
) -> list[Values]:
    """Of a record that ends before it starts, in one of the months: it may be the start that is wrong."""
    if column.name != dataset.end or not record["usable"]:
        return []
    ends = [record[name] for name in (dataset.end, dataset.end_fallback) if name and not pd.isna(record[name])]
    before = [end for end in ends[:1] if end < record[dataset.start] and Month.of(_local_day(end)) in months]
    return [{dataset.start: end} for end in before]


def _day(record: Mapping[str, Any], dataset: Dataset, name: str) -> pd.Timestamp | None:
    value = record[name]
    if dataset.by_name[name].kind not in DATED or pd.isna(value) or name in str(record["faulty_columns"]).split():
        return None
    return _local_day(value)


def _local_day(moment: Any) -> pd.Timestamp:
    stamp = pd.Timestamp(moment)
    return (stamp.tz_convert(LONDON).tz_localize(None) if stamp.tz else stamp).normalize()


def _dates(column: Column, days: Sequence[tuple[pd.Timestamp, pd.Timestamp]], start: Any) -> list[Values]:
    """The days as values of a column; of an instant the first, with a time and as a date only."""
    if column.kind is Kind.DATE:
        return [_dated(column, day) for day in dict.fromkeys(day for both in days for day in both)]
    return [_dated(column, first, start, precision) for first, _ in days for precision in ("minute", "date")]


def _dated(column: Column, day: pd.Timestamp | None, start: Any = None, precision: str = "date") -> Values:
    """At noon, or at the record's start if that is later on the day."""
    if column.kind is Kind.DATE:
        return {column.name: day}
    if day is None:
        return {column.name: None, f"{column.name}_precision": None}
    noon = (day + pd.Timedelta(hours=12)).tz_localize("UTC")
    late = not pd.isna(start) and _local_day(start) == day and start > noon
    return {column.name: start if late else noon, f"{column.name}_precision": precision}
