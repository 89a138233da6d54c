"""What is wrong between extracts: the same records again, a number of records that moves, columns that change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Kind
from perfpipe.datasets.seen_column import SeenColumn
from perfpipe.dates.months import Month, month_range
from perfpipe.faults.fault import Fault, fault_of
from perfpipe.faults.severity import judged
from perfpipe.read.formats.delimited_text import plain
from perfpipe.reconcile.cross_checks import cross_check_faults
from perfpipe.reconcile.moves_without_next_spell import moves_without_next_spell
from perfpipe.reconcile.overlapping_versions import overlapping_version_faults
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.reconcile.typed_sheets import numbers_gone
from perfpipe.reconcile.vanished_records import vanished_record_faults
from perfpipe.rules.between import (
    COLUMN_ADDED,
    COLUMN_DROPPED,
    COLUMN_EMPTIED,
    COLUMN_MOVED,
    COLUMN_RENAMED,
    COLUMN_RETYPED,
    FILE_CUT_SHORT,
    LEADING_ZEROS_LOST_SINCE,
    NOTHING_CHANGED,
    ROW_COUNT_MOVED,
    SAME_RECORDS,
    SAME_RECORDS_IN_FOLDER,
)
from perfpipe.rules.rule import Rule
from perfpipe.settings.settings import Settings
from perfpipe.validate.months_covered import folder_months
from perfpipe.validate.reading import SMALL, Reading, extract_before

if TYPE_CHECKING:
    import pandas as pd

CHANCE = 4.0  # standard deviations of the difference of two counts: in small extracts chance alone moves a quarter
LEAST_RECORDS, MOSTLY = 5, 0.5  # of an extract, and the share of them that fill a column: then none is no chance


def between_extracts(
    settings: Settings, speaks_for: SpeaksFor, readings: Sequence[Reading], month: Month
) -> list[Fault]:
    """All faults between the extracts of a dataset: claims, repeats, and the month's extract against the one before."""
    twins = [(reading, _twin(reading, readings)) for reading in speaks_for.readings.values()]
    pairs = [(reading, first) for reading, first in twins if first is not None]
    faults = judged([claim for claim in speaks_for.stops if not _of_twins(claim, pairs)], settings)
    for reading, first in pairs:
        faults += judged([_same_records(reading, first)], settings, reading.extract_id)
    if speaks_for.dataset.refused_whole:  # the newest sheet may speak for earlier months alone
        faults += judged([*numbers_gone(list(speaks_for.readings.values()), readings)], settings)
    faults += judged(moves_without_next_spell(speaks_for, month), settings)
    current = speaks_for.by_month.get(month)
    before = extract_before(current, readings) if current else None
    if current is None or before is None:
        return faults
    found = vanished_record_faults(speaks_for, readings, month)
    found += overlapping_version_faults(speaks_for, month)
    if _one_month_on(before, current, settings):
        found += row_count_moved(before, current, settings.arrivals.row_count_share)
    rows = before.rows(), current.rows()
    found += zeros_lost(before, current, *rows)
    if before.layout == current.layout:
        found += column_changes(before, current) + columns_emptied(before, current, *rows) + cut_short(before, current)
    return faults + judged(found, settings, current.extract_id)


def between_datasets(
    settings: Settings, speaks_for: Mapping[str, SpeaksFor], readings: Sequence[Reading], month: Month
) -> list[Fault]:
    """All faults between the extracts of several datasets used for a month."""
    return judged(cross_check_faults(speaks_for, readings, month, settings.authority.names), settings)


def _twin(reading: Reading, readings: Sequence[Reading]) -> Reading | None:
    """The extract with the same records that came or was made first, if it is another one."""
    same = [other for other in readings if other.dataset is reading.dataset and other.content == reading.content]
    first = min(same, key=_order, default=reading)
    return None if first is reading or not reading.row_count else first


def _of_twins(claim: Fault, pairs: Sequence[tuple[Reading, Reading]]) -> bool:
    """True for a claim between two extracts with the same records: which of the two is used makes no difference."""
    return any(all(reading.extract_id[:12] in claim.found for reading in pair) for pair in pairs)


def _same_records(reading: Reading, first: Reading) -> Fault:
    """The records of another extract again: under another name, in another folder or saved again.

    An extract that states another time was really made again, and in a short list nothing may have changed: both warn.
    """
    where = f"the same {reading.row_count} records as {first.name}"
    made_anew = reading.time_from in ("cell", "note")
    made_anew |= (reading.row_count < SMALL or reading.dataset.refused_whole) and reading.folder != first.folder
    if made_anew and reading.extracted_at != first.extracted_at:
        return fault_of(NOTHING_CHANGED, reading.at(), f"{where}, but made at another time")
    if reading.folder == first.folder:
        return fault_of(SAME_RECORDS_IN_FOLDER, reading.at(), where, extract=reading.extract_id[:12])
    return fault_of(SAME_RECORDS, reading.at(), where, extract=reading.extract_id[:12], folder=reading.folder)


def _order(reading: Reading) -> tuple[object, ...]:
    return (reading.extracted_at, reading.received_at, reading.folder, reading.extract_id)


def _one_month_on(before: Reading, current: Reading, settings: Settings) -> bool:
    """True when the folder of one is for the month after the other's, or for the same month."""
    then, now = (folder_months(reading.folder, settings)[1] for reading in (before, current))
    return then in (now, now - 1)


def row_count_moved(before: Reading, current: Reading, share: float) -> list[Fault]:
    """A number of records that moved by more than a share, and by more than chance (definitions 1.6).

    An extract of a longer or shorter span than the one before may have as many more or fewer records as its span says.
    """
    spans = [len(month_range(reading.first_month, reading.last_month)) for reading in (before, current)]
    least, most = (before.row_count * factor for factor in sorted((1.0, spans[1] / max(spans[0], 1))))
    count = current.row_count
    fewer = count < least * (1 - share) and least - count > CHANCE * math.sqrt(least + count)
    more = count > most * (1 + share) and count - most > CHANCE * math.sqrt(most + count)
    if not fewer and not more:
        return []
    found = f"{count} records, compared with {before.row_count} in {before.name}"
    named = {"extract": current.extract_id[:12], "share": f"{share:.0%}"}
    return [fault_of(ROW_COUNT_MOVED, current.at(), found, **named)]


def zeros_lost(before: Reading, current: Reading, rows: pd.DataFrame, later: pd.DataFrame) -> list[Fault]:
    """Identifiers that had leading zeros in the previous extract and have lost them: 00123, then 123.

    Within one extract nothing shows it when all have lost them; followed up as they are, every record would be new.
    """
    faults = []
    for column in current.dataset.columns:
        if column.kind is not Kind.ID:
            continue
        then, now = (set(frame[column.name].dropna().unique()) for frame in (rows, later))
        lost = sum(name[0] == "0" and name not in now and name.lstrip("0") in now - then for name in then)
        if lost:
            found = f"{column.name}: {lost} identifiers without the leading zeros of {before.name}"
            faults.append(fault_of(LEADING_ZEROS_LOST_SINCE, current.at(), found))
    return faults


def columns_emptied(before: Reading, current: Reading, rows: pd.DataFrame, later: pd.DataFrame) -> list[Fault]:
    """Columns that most records of the previous extract filled and none fills now, or that held something and are gone.

    A column of few values, as the reasons of leaving, is needed by measures like any other. A layout that changes
    says itself which columns it has.
    """
    if min(len(rows), len(later)) < LEAST_RECORDS:
        return []
    had, has = ({seen.column for seen in reading.columns} for reading in (before, current))
    gone = had - has if has and current.layout == before.layout else set()
    emptied = [
        column.name
        for column in current.dataset.columns
        if later[column.name].isna().all() and rows[column.name].notna().mean() > (0 if column.name in gone else MOSTLY)
    ]
    if not emptied:
        return []
    found = f"no values in {', '.join(emptied)}, which had values in {before.name}"
    return [fault_of(COLUMN_EMPTIED, current.at(), found, extract=current.extract_id[:12])]


def cut_short(before: Reading, current: Reading) -> list[Fault]:
    """A CSV file with no line break at its end, from a source whose previous extract had one: a part may be missing."""
    if before.unfinished or not current.unfinished:
        return []
    found = f"no line break at the end of the last line, unlike {before.name}"
    return [fault_of(FILE_CUT_SHORT, current.at(), found, extract=current.extract_id[:12])]


def column_changes(before: Reading, current: Reading) -> list[Fault]:
    """Columns added, dropped, renamed, in another order or of another kind than in the previous extract."""
    then = {plain(column.header): column for column in before.columns}
    now = {plain(column.header): column for column in current.columns}
    if not then or not now:
        return []
    was = {column.column: header for header, column in then.items() if column.column}
    renamed = {
        header: was[column.column]
        for header, column in now.items()
        if header not in then and was.get(column.column, header) not in now
    }
    added = [column.header for header, column in now.items() if header not in then and header not in renamed]
    dropped = [column.header for header, column in then.items() if header not in now and header not in renamed.values()]
    pairs = [(then[renamed.get(header, header)], column) for header, column in now.items()
             if renamed.get(header, header) in then]  # fmt: skip
    places = [list(then).index(plain(old.header)) for old, _ in pairs]
    renames = [f"{then[old].header!r} is now {now[new].header!r}" for new, old in renamed.items()]
    moved = [new.header for (_, new), place, at in zip(pairs, places, sorted(places), strict=True) if place != at]
    retyped = [_retyped(old, new) for old, new in pairs if old.kind and new.kind and old.kind != new.kind]
    changes: list[tuple[Rule, str]] = [
        (COLUMN_ADDED, _quoted(added)),
        (COLUMN_DROPPED, _quoted(dropped)),
        (COLUMN_RENAMED, "; ".join(renames)),
        (COLUMN_MOVED, _quoted(moved)),
        (COLUMN_RETYPED, "; ".join(retyped)),
    ]
    return [fault_of(rule, current.at(), found, before=before.name) for rule, found in changes if found]


def _quoted(headers: Sequence[str]) -> str:
    return ", ".join(map(repr, headers))


def _retyped(old: SeenColumn, new: SeenColumn) -> str:
    return f"{new.header!r} now holds {new.kind} instead of {old.kind}"
