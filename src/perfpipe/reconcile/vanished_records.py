"""What one extract held and the next should hold too: records that went missing between two extracts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault, fault_of
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.rules.between import HISTORY_VANISHED, NOT_FOLLOWED_UP
from perfpipe.validate.reading import Reading, extract_before

VANISHED_SHARE, VANISHED_COUNT = 0.2, 5


def vanished_record_faults(speaks_for: SpeaksFor, readings: Sequence[Reading], month: Month) -> list[Fault]:
    """Compare the extract used for `month` with the one made before it.

    A record open in the earlier one and absent from the later is a fault, *not followed up*. An extract that
    declares no span, claims months of the earlier one and lacks many of the records that ended in them, stops.
    """
    dataset = speaks_for.dataset
    current = speaks_for.by_month.get(month)
    before = extract_before(current, readings) if current else None
    if current is None or before is None or dataset.end is None:
        return []
    if current.first_month > before.last_month + 1:
        return []
    names = list(dataset.follow_by or dataset.key)
    rows, later = before.rows(), current.rows()[names].drop_duplicates()
    absent = rows.merge(later.assign(found=True), on=names, how="left")["found"].isna().to_numpy()
    end = rows[dataset.end]
    if dataset.end_fallback:
        end = end.fillna(rows[dataset.end_fallback])
    faults = [
        fault_of(NOT_FOLLOWED_UP, before.at(int(row)), f"open here and missing from {current.name}")
        for row in rows.loc[absent & end.isna(), "source_row"]
    ]
    if not current.declared:
        faults += _vanished(before, current, end[absent], end)
    return faults


def _vanished(before: Reading, current: Reading, absent: pd.Series, everything: pd.Series) -> list[Fault]:
    def claimed(ends: pd.Series) -> int:
        texts = ends.dropna().dt.strftime("%Y-%m")
        return int(texts.between(str(current.first_month), str(before.last_month)).sum())

    gone, there = claimed(absent), claimed(everything)
    if gone <= VANISHED_COUNT or gone <= VANISHED_SHARE * there:
        return []
    found = f"is used for months from {current.first_month} and lacks {gone} of {there} records of {before.name}"
    return [fault_of(HISTORY_VANISHED, current.at(), found, extract=current.extract_id[:12])]
