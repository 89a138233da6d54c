"""What records that faults keep out might have been: each once for every value that its faulty cells could have had.

A record whose end cannot be read may be open, or have ended in any month that its extract speaks for; one without a
code may have any of the list. The records of the same person stand beside each of these, under a name of its own, so
that a view sees them as it would have, and none sees two at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from perfpipe.datasets.definition import Column, Dataset, Kind
from perfpipe.dates.months import Month
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.validate.left_out_rows import WHY
from perfpipe.validate.reading import Reading, rows_of

Values = dict[str, Any]
DATED = (Kind.DATE, Kind.INSTANT)
NUMBERS, COUNTS = (1.0, 1000.0), (1, 1000)  # an ordinary one and a large one
SAME_ROW = ["reading_id", "source_row"]


def left_out_rows(speaks_for: SpeaksFor) -> pd.DataFrame:
    """The rows that faults keep out of figures, of the extracts that speak for some month.

    With `reading_id` and `accepted`: whether a fault of the row was accepted with a reason.
    """
    parts = [
        reading.left_out.assign(reading_id=reading.id, accepted=_accepted(reading))
        for reading in speaks_for.readings.values()
        if len(reading.left_out)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _accepted(reading: Reading) -> list[bool]:
    return [not set(reading.accepted).isdisjoint(str(rules).split()) for rules in reading.left_out["rule"]]


def possible_rows(speaks_for: SpeaksFor, left_out: pd.DataFrame) -> pd.DataFrame:
    """Typed rows with `reading_id`: every possible version of the rows left out, beside each its person's others."""
    dataset = speaks_for.dataset
    months: dict[str, list[Month]] = {}
    for month, reading in sorted(speaks_for.by_month.items()):
        months.setdefault(reading.id, []).append(month)
    records = [{str(name): value for name, value in each.items()} for each in left_out.to_dict("records")]
    versions = [_versions(record, dataset, months[str(record["reading_id"])]) for record in records]
    place = np.repeat(np.arange(len(left_out)), [len(each) for each in versions])
    rows = left_out.drop(columns=[*(column.name for column in WHY), "accepted"]).iloc[place].reset_index(drop=True)
    for name in {name for each in versions for version in each for name in version}:
        given = [version.get(name, record[name]) for record, each in zip(records, versions, strict=True)
                 for version in each]  # fmt: skip
        rows[name] = pd.Series(given, dtype="object").astype(dataset.dtypes[name])  # type: ignore[call-overload]
    who = _person(dataset)
    number = pd.Series(np.arange(len(rows)).astype(str), dtype="str")
    rows = rows.assign(version=number)
    others = _others(rows[[who, "version", *SAME_ROW]], list(speaks_for.readings.values()), who)
    both = pd.concat([rows, others], ignore_index=True) if len(others) else rows
    for name in dict.fromkeys((who, dataset.key[0])):
        if dataset.by_name[name].kind is Kind.ID:
            both[name] = both[name].fillna("?") + "\N{NULL}" + both["version"]
    return both.drop(columns="version").astype(dataset.dtypes)


def _person(dataset: Dataset) -> str:
    """The column that says whose record a row is."""
    return "child_id" if "child_id" in dataset.by_name else dataset.key[0]


def _others(versions: pd.DataFrame, readings: Sequence[Reading], who: str) -> pd.DataFrame:
    rows = rows_of(readings).assign(reading_id=lambda each: each["reading_id"].astype("str"))
    both = versions.dropna().merge(rows, on=who, suffixes=("_own", ""))
    itself = (both["reading_id_own"] == both["reading_id"]) & (both["source_row_own"] == both["source_row"])
    return both[~itself].drop(columns=["reading_id_own", "source_row_own"])


def _versions(record: Mapping[str, Any], dataset: Dataset, months: Sequence[Month]) -> list[Values]:
    """The values that the faulty cells of a record could have had, each of the cells changing with the others."""
    faulty = [dataset.by_name[name] for name in str(record["faulty_columns"]).split()]
    choices = [_values(column, record, dataset, months) for column in faulty]
    last = [each[-1] for each in choices]
    found = []
    for chosen in zip_longest(*choices):
        values = [end if value is None else value for value, end in zip(chosen, last, strict=True)]
        found.append({name: value for each in values for name, value in each.items()})
    return found


def _values(column: Column, record: Mapping[str, Any], dataset: Dataset, months: Sequence[Month]) -> list[Values]:
    match column.kind:
        case Kind.DATE | Kind.INSTANT:
            open_one = [] if column.filled else [_dated(column, None)]
            return open_one + [_dated(column, day) for day in _days(column, record, dataset, months)]
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


def _days(column: Column, record: Mapping[str, Any], dataset: Dataset, months: Sequence[Month]) -> list[pd.Timestamp]:
    """Of each month that the extract speaks for a day just after all else that the record dates, and the last.

    None before the record's start. Of a start the first day of each month up to the end, or that end.
    """
    known = {name: day for name in dataset.by_name if (day := _day(record, dataset, name))}
    start, end = known.get(dataset.start), known.get(dataset.end or "")
    latest = max(known.values(), default=pd.Timestamp.min)
    days = []
    for month in months:
        first, last = pd.Timestamp(month.first_day), pd.Timestamp(month.last_day)
        if column.name == dataset.start:
            days += [first] if end is None or end >= first else []
        elif start is None or start <= last:
            days += [max(first, min(latest, last)), last]
    return list(dict.fromkeys(days)) or [end or pd.Timestamp(months[-1].first_day)]


def _day(record: Mapping[str, Any], dataset: Dataset, name: str) -> pd.Timestamp | None:
    value = record[name]
    if dataset.by_name[name].kind not in DATED or pd.isna(value) or name in str(record["faulty_columns"]).split():
        return None
    return pd.Timestamp(value).tz_localize(None).normalize()


def _dated(column: Column, day: pd.Timestamp | None) -> Values:
    if column.kind is Kind.DATE:
        return {column.name: day}
    noon = None if day is None else (day + pd.Timedelta(hours=12)).tz_localize("UTC")
    return {column.name: noon, f"{column.name}_precision": None if day is None else "date"}
