"""Whether an extract's own dates agree with the folder it came in: the wrong file, or the right one misplaced."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import LONDON, Month, local, local_month, month_range, to_utc
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.ledger.records import ExtractInFolder
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.extracts import (
    DATES_IN_FUTURE,
    EMPTY_EXTRACT,
    MADE_AFTER_DELIVERY,
    MADE_BEFORE_MONTH,
    MONTH_ROW_MISSING,
    MONTHS_AFTER_MONTH,
    NO_RECORDS_IN_MONTH,
    RECORDS_AFTER_MONTH,
)
from perfpipe.rules.rule import Rule
from perfpipe.settings.layouts import Covers, Layout
from perfpipe.settings.settings import Settings

MONTHS_BEFORE = 3
LEAST_BEFORE = 30  # dated in the three months before: then an empty month is chance in fewer than 1 in 20,000 (e^-10)
FUTURE_SHARE, FUTURE_MONTHS = 0.1, 3  # of all records, and as many as so many months have: no slip, no early look
LEAST_AFTER = 5  # started after the extract was made: fewer are slips of the keyboard


@dataclass(frozen=True)
class ExtractOrigin:
    """One extract: its file, the months of its folder, and when it was made.

    `time_from`: what says when: the delivery note (`note`), a `cell`, the `file_name`; empty: only its folder.
    `declared_came_at`: when it came, where a delivery note says so.
    """

    extract_id: str
    dataset: Dataset
    file: str
    sheet: str
    folder: tuple[Month, Month]
    covers: Covers | None
    extracted_at: datetime
    time_from: str
    declared_came_at: datetime | None = None


def arrived_as(
    extract: ExtractInFolder,
    dataset: Dataset,
    layout: Layout,
    table: RawTable,
    folder: tuple[Month, Month],
    extracted_at: datetime,
) -> ExtractOrigin:
    """An extract as it came into its folder."""
    where, declared_at = layout.extracted_at, extract.delivery.declared_at
    time_from = "note" if declared_at else "" if where is None else "cell" if where.cell else "file_name"
    came = extract.delivery.received_at if extract.delivery.received_at != extract.delivery.recorded_at else None
    where_found = (table.file, table.sheet)
    return ExtractOrigin(extract.id, dataset, *where_found, folder, layout.covers, extracted_at, time_from, came)


def content_of(rows: pd.DataFrame) -> str:
    """A hash of the records, in whatever order: equal for two files that say the same."""
    content = pa.Table.from_pandas(rows.drop(columns=["as_at", "source_row", "defects"]), preserve_index=False)
    lines = io.BytesIO()
    pa.csv.write_csv(content, lines)
    return hashlib.sha256(b"\n".join(sorted(lines.getvalue().splitlines()))).hexdigest()


def own_faults(extract: ExtractOrigin, rows: pd.DataFrame, settings: Settings) -> list[Fault]:
    """An extract without a record, and every way in which its dates and its folder contradict each other."""
    if rows.empty and extract.dataset.id not in settings.arrivals.may_be_empty:
        return [*made_before(extract), extract_fault(EMPTY_EXTRACT, extract, "headers but no records")]
    if extract.dataset.goes_back_by == "month":
        return [*made_before(extract), *_month_rows(extract, rows)]
    return [*made_before(extract), *_no_records(extract, rows), *_after_month(extract, rows)]


def made_before(extract: ExtractOrigin) -> list[Fault]:
    """An extract made before the month of its folder, as far as something says when it was made."""
    first = extract.folder[0]
    start = to_utc(datetime.combine(first.first_day, datetime.min.time()))
    if not extract.time_from or extract.extracted_at >= start:
        return []
    made = f"{extract.extracted_at.astimezone(LONDON):%Y-%m-%d}"
    return [extract_fault(MADE_BEFORE_MONTH, extract, f"made on {made}, before {first} began")]


def made_after_delivery(extract: ExtractOrigin) -> list[Fault]:
    """An extract made on a later day than the one on which its delivery note says that it came."""
    came = extract.declared_came_at
    if not extract.time_from or came is None:
        return []
    made_on, came_on = (moment.astimezone(LONDON).date() for moment in (extract.extracted_at, came))
    if made_on <= came_on:
        return []
    return [extract_fault(MADE_AFTER_DELIVERY, extract, f"made on {made_on}, delivered on {came_on}")]


def _no_records(extract: ExtractOrigin, rows: pd.DataFrame) -> list[Fault]:
    """None in the folder's months and many just before; or none at all of a file that holds only that month."""
    first, last = extract.folder
    dataset = extract.dataset
    names = [name for name in (dataset.start, dataset.end, dataset.end_fallback) if name]
    dated = _months(rows, names)
    inside = int(dated.between(str(first), str(last)).sum())
    before = int(dated.between(str(first - MONTHS_BEFORE), str(first - 1)).sum())
    only_this = extract.covers and extract.covers.span == "month" and extract.covers.selects_by is Selects.STARTED
    if inside or not (before >= LEAST_BEFORE or (only_this and len(rows))):
        return []
    found = f"no record dated in {_span(first, last)}, and {before} in the {MONTHS_BEFORE} months before"
    return [extract_fault(NO_RECORDS_IN_MONTH, extract, found)]


def _after_month(extract: ExtractOrigin, rows: pd.DataFrame) -> list[Fault]:
    """As many starts after the folder's month, or after the extract was made, as half a month has.

    Fewer are usual: an extract of May that is made on 5 June knows five days of June.
    """
    last = extract.folder[1]
    limit = min(extract.extracted_at, last.end_at).astimezone(LONDON).replace(tzinfo=None)
    starts = local(rows[extract.dataset.start])
    after = int((starts > limit).sum())
    month = int((_months(rows, [extract.dataset.start]) == str(last)).sum())
    if after < LEAST_AFTER or 2 * after < month:
        return []
    found = f"{after} records start after {limit:%Y-%m-%d %H:%M}, and {month} in {last}"
    if after > FUTURE_SHARE * len(rows) and after > FUTURE_MONTHS * month:
        return [extract_fault(DATES_IN_FUTURE, extract, found)]
    return [extract_fault(RECORDS_AFTER_MONTH, extract, found)]


def _month_rows(extract: ExtractOrigin, rows: pd.DataFrame) -> list[Fault]:
    last = extract.folder[1]
    months = rows[extract.dataset.start].dropna()
    faults = []
    if len(months) and not (months == str(last)).any():
        found = f"no row for {last}; the rows are for {months.min()} to {months.max()}"
        faults.append(extract_fault(MONTH_ROW_MISSING, extract, found))
    later = int((months > str(last)).sum())
    if later:
        faults.append(extract_fault(MONTHS_AFTER_MONTH, extract, f"{later} rows are for months after {last}"))
    return faults


def _months(rows: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    months: pd.Series = pd.concat([local_month(rows[name].dropna()) for name in names])
    return months


def _span(first: Month, last: Month) -> str:
    return str(last) if len(month_range(first, last)) == 1 else f"{first} to {last}"


def extract_fault(rule: Rule, extract: ExtractOrigin, found: str) -> Fault:
    """A fault of an extract as a whole."""
    at = Address(extract.dataset.id, extract.file, extract.sheet)
    known = {
        "folder": _span(*extract.folder),
        "month": str(extract.folder[1]),
        "extract": extract.extract_id[:12],
    }
    return fault_of(rule, at, found, **{name: text for name, text in known.items() if name in rule.fields})
