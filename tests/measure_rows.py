"""Measures over typed rows without a workspace: for properties that must hold of any rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from perfpipe.compute.measure_rows import with_windows
from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month
from perfpipe.measures.definition import Measure, Period

AS_AT = pd.Timestamp("2018-04-05 05:00", tz="UTC")
Record = Mapping[str, object]


def typed(dataset: Dataset, records: Sequence[Record]) -> pd.DataFrame:
    """Records as the typed, derived rows that a view is given, at the end of March 2018."""
    columns = {name: [record.get(name) for record in records] for name in dataset.dtypes}
    rows = pd.DataFrame(columns).assign(as_at=AS_AT, source_row=range(len(records)), defects="")
    days = {name: pd.to_datetime(rows[name]) for name, dtype in dataset.dtypes.items() if dtype == "datetime64[us]"}
    rows = rows.assign(**days).astype(dataset.dtypes)
    rows = rows.assign(month="2018-03", month_end=pd.Timestamp(date(2018, 3, 31)), month_as_at=AS_AT, reading_id="r")
    return with_windows(dataset.derive(rows) if dataset.derive else rows, Period.MONTH)


def tally(measure: Measure, rows: pd.DataFrame) -> tuple[int, int]:
    """Numerator and denominator over all rows, as the engine counts them."""
    view = measure.basis.rows(rows) if measure.basis.rows else rows
    top = measure.counts.numerator(view).fillna(False).astype(bool)
    if measure.counts.denominator is None:
        return int(top.sum()), len(view)
    bottom = measure.counts.denominator(view).fillna(False).astype(bool)
    return int((top & bottom).sum()), int(bottom.sum())


def assert_shares_of_the_rows(
    measures: Sequence[Measure], records: Sequence[Record], shuffled: Sequence[Record]
) -> None:
    """Of measures of one dataset: the value lies in 0 to 1, and no order of rows changes it."""
    assert Month.of(AS_AT.date()) > Month(2018, 3)
    rows, others = (typed(measures[0].basis.dataset, each) for each in (records, shuffled))
    for measure in measures:
        top, bottom = tally(measure, rows)
        assert 0 <= top <= bottom <= len(records), measure.id
        assert tally(measure, others) == (top, bottom), measure.id
