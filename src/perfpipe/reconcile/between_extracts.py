"""What is wrong between extracts: the same records again, a number of records that moves, columns that change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Kind, Severity
from perfpipe.dates.months import Month, month_range
from perfpipe.faults.fault import Fault
from perfpipe.faults.severity import judged
from perfpipe.read.formats.delimited_text import plain
from perfpipe.read.seen_columns import SeenColumn
from perfpipe.reconcile.cross_checks import cross_check_faults
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.reconcile.typed_sheets import numbers_gone
from perfpipe.reconcile.vanished_records import continuity_faults
from perfpipe.settings.settings import Settings
from perfpipe.validate.months_covered import folder_months
from perfpipe.validate.reading import SMALL, Reading, extract_before

if TYPE_CHECKING:
    import pandas as pd

CHANCE = 4.0  # standard deviations of the difference of two counts: in small extracts chance alone moves a quarter
LEAST_RECORDS, MOSTLY = 5, 0.5  # of an extract, and the share of them that fill a column: then none is no chance


def between_extracts(
    settings: Settings, authority: SpeaksFor, readings: Sequence[Reading], month: Month
) -> list[Fault]:
    """All faults between the extracts of a dataset: claims, repeats, and the month's extract against the one before."""
    twins = [(reading, _twin(reading, readings)) for reading in authority.readings.values()]
    pairs = [(reading, first) for reading, first in twins if first is not None]
    faults = judged([claim for claim in authority.stops if not _of_twins(claim, pairs)], settings)
    for reading, first in pairs:
        faults += judged([_same_records(reading, first)], settings, reading.extract_id)
    if authority.dataset.refused_whole:  # the newest sheet may speak for earlier months alone
        faults += judged([*numbers_gone(list(authority.readings.values()), readings)], settings)
    current = authority.speaks.get(month)
    before = extract_before(current, readings) if current else None
    if current is None or before is None:
        return faults
    found = continuity_faults(authority, readings, month)
    if _one_month_on(before, current, settings):
        found += row_count_moved(before, current, settings.arrivals.row_count_share)
    rows = before.rows(), current.rows()
    found += zeros_lost(before, current, *rows)
    if before.layout == current.layout:
        found += column_changes(before, current) + columns_emptied(before, current, *rows) + cut_short(before, current)
    return faults + judged(found, settings, current.extract_id)


def between_datasets(
    settings: Settings, authorities: Mapping[str, SpeaksFor], readings: Sequence[Reading], month: Month
) -> list[Fault]:
    """All faults between the extracts of several datasets that speak for a month."""
    return judged(cross_check_faults(authorities, readings, month, settings.authority.names), settings)


def _twin(reading: Reading, readings: Sequence[Reading]) -> Reading | None:
    """The extract with the same records that came or was made first, if it is another one."""
    same = [other for other in readings if other.dataset is reading.dataset and other.content == reading.content]
    first = min(same, key=_order, default=reading)
    return None if first is reading or not reading.row_count else first


def _of_twins(claim: Fault, pairs: Sequence[tuple[Reading, Reading]]) -> bool:
    """True for a claim between two extracts with the same records: which of the two speaks makes no difference."""
    return any(all(reading.extract_id[:12] in claim.found for reading in pair) for pair in pairs)


def _same_records(reading: Reading, first: Reading) -> Fault:
    """The records of another extract again: under another name, in another folder or saved anew.

    An extract that states another time was really made anew, and in a short list nothing may have changed: both warn.
    """
    where = f"the same {reading.row_count} records as {first.folder}/{first.files[0]}"
    made_anew = reading.time_from in ("cell", "note")
    made_anew |= (reading.row_count < SMALL or reading.dataset.refused_whole) and reading.folder != first.folder
    if made_anew and reading.extracted_at != first.extracted_at:
        found = f"{where}, though of another time"
        do = "Nothing, if the source really had nothing new. Ask it otherwise."
        return _fault(reading, "nothing_changed", Severity.WARN, found, "records that change from month to month", do)
    do = (
        f"Ask the source for the extract of {reading.folder}, and withdraw this one: `{_withdraw(reading)}`. If "
        f"nothing has changed at the source, {_accept(reading, 'same_records')}."
    )
    if reading.folder == first.folder:
        do = f"Withdraw one of the two, this one: `{_withdraw(reading)}`."
    return _fault(reading, "same_records", Severity.STOP, where, "records of its own in each extract", do)


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
    found = f"{count} records, {before.row_count} in {before.folder}/{before.files[0]}"
    expected = f"a number of records within {share:.0%} of that a month before"
    do = (
        f"Check the filter of the export. If the file is wrong, `{_withdraw(current)}`, and send it again under "
        f"another name. If it is right, {_accept(current, 'row_count_moved')}."
    )
    return [_fault(current, "row_count_moved", Severity.STOP, found, expected, do)]


def zeros_lost(before: Reading, current: Reading, rows: pd.DataFrame, later: pd.DataFrame) -> list[Fault]:
    """Identifiers that had leading zeros in the extract before and are there without them now: 00123, then 123.

    Within one extract nothing shows it when all have lost them; followed up as they are, every record would be new.
    """
    faults = []
    for column in current.dataset.columns:
        if column.kind is not Kind.ID:
            continue
        then, now = (set(frame[column.name].dropna().unique()) for frame in (rows, later))
        lost = sum(name[0] == "0" and name not in now and name.lstrip("0") in now - then for name in then)
        if lost:
            found = f"{column.name}: {lost} identifiers without the leading zeros of {before.folder}/{before.files[0]}"
            do = "Format the column as text at source, so that leading zeros stay, and export it again."
            faults.append(
                _fault(current, "leading_zeros_lost_since", Severity.STOP, found, "the identifiers as they were", do)
            )
    return faults


def columns_emptied(before: Reading, current: Reading, rows: pd.DataFrame, later: pd.DataFrame) -> list[Fault]:
    """Columns that most records of the extract before filled and none fills now, or that held something and are gone.

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
    found = f"nothing in {', '.join(emptied)}, which records of {before.folder}/{before.files[0]} had"
    do = (
        f"Export the file again with these columns, and `{_withdraw(current)}`. If the source no longer has them, "
        f"{_accept(current, 'column_emptied')}: figures and breakdowns by them are then of what is not known."
    )
    return [_fault(current, "column_emptied", Severity.STOP, found, "the columns as they were", do)]


def cut_short(before: Reading, current: Reading) -> list[Fault]:
    """A CSV file whose last line has no end, from a source whose extract before had one: a part may be missing."""
    if before.unfinished or not current.unfinished:
        return []
    found = f"a last line without a line break, which {before.folder}/{before.files[0]} had"
    accept = _accept(current, "file_cut_short")
    do = f"Copy or export the file again, and `{_withdraw(current)}`. If it is whole, {accept}."
    return [_fault(current, "file_cut_short", Severity.STOP, found, "a file that was written to its end", do)]


def column_changes(before: Reading, current: Reading) -> list[Fault]:
    """Columns added, dropped, renamed, in another order or of another kind than in the extract before."""
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
    changes = {
        "column_added": added,
        "column_dropped": dropped,
        "column_renamed": [f"{then[old].header!r} is now {now[new].header!r}" for new, old in renamed.items()],
        "column_moved": [new.header for (_, new), place, at in zip(pairs, places, sorted(places), strict=True)
                         if place != at],
        "column_retyped": [_retyped(old, new) for old, new in pairs if old.kind and new.kind and old.kind != new.kind],
    }  # fmt: skip
    return [_column_fault(before, current, rule, what) for rule, what in changes.items() if what]


def _retyped(old: SeenColumn, new: SeenColumn) -> str:
    return f"{new.header!r} holds {new.kind}, and held {old.kind}"


def _column_fault(before: Reading, current: Reading, rule: str, what: Sequence[str]) -> Fault:
    named = rule in ("column_renamed", "column_retyped")
    found = "; ".join(what) if named else ", ".join(map(repr, what))
    severity = Severity.INFO if rule == "column_moved" else Severity.WARN
    do = "Ask the source whether the change is meant, and see that the layout's `columns` and `ignore` still fit."
    return _fault(current, rule, severity, found, f"the columns of {before.folder}/{before.files[0]}", do)


def _withdraw(reading: Reading) -> str:
    return f"perfpipe withdraw {reading.extract_id[:12]} --reason ..."


def _accept(reading: Reading, rule: str) -> str:
    return (
        f'let it pass by [[accepted]] in perfpipe.toml, with extract = "{reading.extract_id[:12]}", rule = "{rule}"'
        " and a reason"
    )


def _fault(reading: Reading, rule: str, severity: Severity, found: str, expected: str, do: str) -> Fault:
    return Fault(
        reading.dataset.id, f"{reading.folder}/{reading.files[0]}", reading.sheet, 0, "", rule, severity, found,
        expected, do,
    )  # fmt: skip
