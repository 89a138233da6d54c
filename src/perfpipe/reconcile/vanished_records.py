"""What one extract held and the next should hold too: records that went missing between two extracts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from perfpipe.datasets.definition import Severity
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.validate.reading import Reading, extract_before

VANISHED_SHARE, VANISHED_COUNT = 0.2, 5


def vanished_record_faults(speaks_for: SpeaksFor, readings: Sequence[Reading], month: Month) -> list[Fault]:
    """Compare the extract that speaks for `month` with the one made before it.

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
    faults = [_not_followed_up(before, current, row) for row in rows.loc[absent & end.isna(), "source_row"]]
    if not current.declared:
        faults += _vanished(before, current, end[absent], end)
    return faults


def _not_followed_up(before: Reading, current: Reading, row: int) -> Fault:
    return Fault(
        dataset=before.dataset.id,
        file=f"{before.folder}/{before.files[0]}",
        sheet=before.sheet,
        row=int(row),
        column="",
        rule="not_followed_up",
        severity=Severity.WARN,
        found=f"open here and absent from {current.folder}/{current.files[0]}",
        expected="a record that was open in one extract in the next one too, open or ended",
        what_to_do="Ask the source whether it was deleted. It is in no figure from then on.",
    )


def _vanished(before: Reading, current: Reading, absent: pd.Series, everything: pd.Series) -> list[Fault]:
    def claimed(ends: pd.Series) -> int:
        texts = ends.dropna().dt.strftime("%Y-%m")
        return int(texts.between(str(current.first_month), str(before.last_month)).sum())

    gone, there = claimed(absent), claimed(everything)
    if gone <= VANISHED_COUNT or gone <= VANISHED_SHARE * there:
        return []
    return [
        Fault(
            dataset=current.dataset.id,
            file=f"{current.folder}/{current.files[0]}",
            sheet=current.sheet,
            row=0,
            column="",
            rule="history_vanished",
            severity=Severity.STOP,
            found=f"speaks for months from {current.first_month} and lacks {gone} of {there} records of "
            f"{before.folder}/{before.files[0]}",
            expected="an extract that holds every record of the months it speaks for",
            what_to_do=f"Declare in a layout what it covers (`covers`), or run `perfpipe withdraw "
            f"{current.extract_id[:12]} --reason ...`.",
        )
    ]
