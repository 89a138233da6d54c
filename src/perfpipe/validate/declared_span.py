"""Whether an extract's records bear out the span that its layout declares in `covers`."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import Month, local_day, local_month, month_range
from perfpipe.faults.fault import Fault
from perfpipe.rules.extracts import COVERS_CONTRADICTED
from perfpipe.validate.extract_dates import ExtractOrigin, extract_fault
from perfpipe.validate.months_covered import covered_months

LEAST_OUTSIDE, SHARE_OUTSIDE = 3, 0.02  # records before the span: fewer are slips of a date
LEAST_RECORDS = 5  # fewer say nothing of how many a month there should be
MOST_EXPECTED = 7.0  # records in the months without any: then chance is less than 1 in 1,000 (e^-7)
MONTHS_BACK = 12  # over which records are counted


def span_faults(extract: ExtractOrigin, rows: pd.DataFrame) -> list[Fault]:
    """Records that a declared span does not hold, and months at either end without any, where there should be some."""
    if extract.covers is None or extract.dataset.goes_back_by == "month" or rows.empty:
        return []
    first, last = covered_months(extract.dataset, extract.covers, extract.folder, rows)
    selects_by = extract.covers.selects_by
    if selects_by is Selects.SNAPSHOT:
        found = _ended_in_snapshot(extract.dataset, rows)
    else:
        found = _before(extract.dataset, selects_by, rows, first)
        found += _begins_late(extract.dataset, selects_by, rows, first, last)
    found += _silent(extract.dataset, selects_by, rows, first, last)
    return [extract_fault(COVERS_CONTRADICTED, extract, each) for each in found]


def _ended_in_snapshot(dataset: Dataset, rows: pd.DataFrame) -> list[str]:
    if dataset.end in (None, dataset.start):
        return []
    ended = int((local_day(_end_of(dataset, rows)) < local_day(rows["as_at"])).sum())
    if ended < max(LEAST_OUTSIDE, SHARE_OUTSIDE * len(rows)):
        return []
    return [f"{ended} of {len(rows)} records had ended when it was made, and `covers` says that it holds open ones"]


def _before(dataset: Dataset, selects_by: Selects, rows: pd.DataFrame, first: Month) -> list[str]:
    what, dated = _selecting(dataset, selects_by, rows)
    outside = int((dated < str(first)).sum())
    if outside < max(LEAST_OUTSIDE, SHARE_OUTSIDE * len(rows)):
        return []
    return [f"{outside} of {len(rows)} records {what} before {first}, where `covers` says that the extract begins"]


def _begins_late(dataset: Dataset, selects_by: Selects, rows: pd.DataFrame, first: Month, last: Month) -> list[str]:
    """No record at the beginning of the span, or none that ended in all of it, as in a file of open records alone."""
    what, dated = _selecting(dataset, selects_by, rows)
    inside = dated[dated.between(str(first), str(last))]
    started = int(local_month(rows[dataset.start]).between(str(first), str(last)).sum())
    if inside.empty:
        told = f"no record {what} from {first} to {last}, while {started} started, and `covers` says that it holds both"
        return [told] if started >= MOST_EXPECTED else []
    earliest = Month.parse(str(inside.min()))
    until = min(last, earliest + (MONTHS_BACK - 1))
    records = int(inside.between(str(earliest), str(until)).sum())
    if not _is_silent(records, month_range(earliest, until), month_range(first, earliest - 1)):
        return []
    return [f"no record {what} before {earliest}, and `covers` says that the extract begins at {first}"]


def _selecting(dataset: Dataset, selects_by: Selects, rows: pd.DataFrame) -> tuple[str, pd.Series]:
    """What the date is by which the source selects its records, and its month."""
    if selects_by is Selects.STARTED:
        return "started", local_month(rows[dataset.start])
    return "ended", _ends(dataset, rows)


def _silent(dataset: Dataset, selects_by: Selects, rows: pd.DataFrame, first: Month, last: Month) -> list[str]:
    newest = _newest(dataset, rows)
    if newest is None or not first <= newest < last:
        return []
    dated = _ends(dataset, rows) if selects_by is Selects.ENDED else local_month(rows[dataset.start])
    since = max(first, newest - (MONTHS_BACK - 1))
    records = int(dated.between(str(since), str(newest)).sum())
    if not _is_silent(records, month_range(since, newest), month_range(newest + 1, last)):
        return []
    return [f"no record dated after {newest}, and `covers` says that the extract goes to {last}"]


def _is_silent(records: int, filled: Sequence[Month], empty: Sequence[Month]) -> bool:
    """Whether the empty months would hold records, hardly by chance none, if they were as the filled ones are."""
    return records >= LEAST_RECORDS and records / len(filled) * len(empty) >= MOST_EXPECTED


def _ends(dataset: Dataset, rows: pd.DataFrame) -> pd.Series:
    return local_month(_end_of(dataset, rows))


def _end_of(dataset: Dataset, rows: pd.DataFrame) -> pd.Series:
    ends: pd.Series = rows[dataset.end or dataset.start]
    return ends.fillna(rows[dataset.end_fallback]) if dataset.end and dataset.end_fallback else ends


def _newest(dataset: Dataset, rows: pd.DataFrame) -> Month | None:
    names = [name for name in (dataset.start, dataset.end, dataset.end_fallback) if name]
    months = pd.concat([local_month(rows[name].dropna()) for name in names])
    return Month.parse(str(months.max())) if len(months) else None
