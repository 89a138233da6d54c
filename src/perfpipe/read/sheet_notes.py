"""What is said of a file or sheet as a whole: merged cells, what is hidden, ragged rows, and how it was read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from perfpipe.datasets.definition import Dataset, Severity
from perfpipe.faults.fault import Fault
from perfpipe.read.formats.container import letter_of
from perfpipe.read.headers import Header, stop
from perfpipe.read.raw_cells import RawSheet
from perfpipe.read.record_rows import LISTED, Rows
from perfpipe.settings.layouts import Layout

# by rule: severity, found, expected, what to do. {suffix} is the ending of the file's name
NOTES = {
    "macros_ignored": (
        Severity.INFO, "macros, which were not run or kept", "a workbook without macros",
        "Nothing: only the cells were read.",
    ),
    "dates_from_1904": (
        Severity.WARN, "a workbook that counts its days from 1904", "days counted from 1900, as Excel does by default",
        "Compare one date with the source: copied cells of such a workbook are four years and a day out.",
    ),
    "errors_not_seen": (
        Severity.WARN, "a {suffix} file in which an Excel error such as #REF! cannot be told from a blank cell",
        "an .xlsx workbook or a CSV file", "Ask the source for .xlsx. The file is used as it is.",
    ),
    "encoding_found_out": (
        Severity.WARN, "text that is not UTF-8; it was read as cp1252, as Windows in England writes it",
        "an encoding that the layout declares, or UTF-8",
        "Check a name with an accent, then set `encoding` in the layout, as in encoding = 'cp1252'.",
    ),
    "last_line_unfinished": (
        Severity.WARN, "a last line without a line break at its end", "a file that was written to its end",
        "Check that the last record is whole: the file may have been cut short.",
    ),
}  # fmt: skip


def ragged_rows(sheet: RawSheet, header: Header, rows: Rows, dataset: Dataset) -> list[Fault]:
    """Rows of a CSV file that are longer or shorter than its header."""
    if sheet.widths is None:
        return []
    expected = int(sheet.widths[header.row])
    odd = rows[sheet.widths[rows] != expected].tolist()
    do = "Check for a delimiter or a quote inside a value, and export the file again."
    faults = [
        stop(
            dataset, sheet.file, "row_ragged", f"{sheet.widths[row]} values where the header has {expected}", do,
            row=row + 1,
        )
        for row in odd[:LISTED]
    ]  # fmt: skip
    if len(odd) > LISTED:
        faults.append(stop(dataset, sheet.file, "row_ragged", f"{len(odd) - LISTED} more such rows", do))
    return faults


def stopping_merges(header: Header, rows: Rows, dataset: Dataset) -> list[Fault]:
    """Merged cells among the headers and records of the columns that are read: all but the first would be blank."""
    table = np.append(rows, header.row)
    positions = header.positions.values()
    ranges = [
        f"{letter_of(left)}{first + 1}:{letter_of(right)}{last + 1}"
        for first, left, last, right in header.sheet.merged
        if (first, left) != (last, right)
        and ((first <= table) & (table <= last)).any()
        and any(left <= position <= right for position in positions)
    ]
    if not ranges:
        return []
    more = f" and {len(ranges) - LISTED} more" if len(ranges) > LISTED else ""
    do = "Unmerge the cells, and fill them from the source: merging kept the first value of each and lost the others."
    found = f"merged cells in the table: {', '.join(ranges[:LISTED])}{more}"
    return [stop(dataset, header.sheet.file, "cells_merged", found, do, header.sheet.name)]


def sheet_notes(header: Header, rows: Rows, dataset: Dataset, layout: Layout) -> list[Fault]:
    """Faults of the file as a whole, and what of the table is hidden. Hidden or not, it is read."""
    sheet = header.sheet
    suffix = Path(sheet.file).suffix.lower()

    def fault(rule: str, severity: Severity, found: str, expected: str, what_to_do: str) -> Fault:
        return Fault(dataset.id, sheet.file, sheet.name, 0, "", rule, severity, found, expected, what_to_do)

    faults = []
    for rule in sheet.notes:
        severity, found, expected, what_to_do = NOTES[rule]
        noted = fault(rule, severity, found.format(suffix=suffix), expected, what_to_do)
        is_of_last = rule == "last_line_unfinished" and len(rows)
        faults.append(replace(noted, row=int(rows.max()) + 1) if is_of_last else noted)
    do = "Check that what is hidden was meant to be sent, then show it, or delete it at source. It was read and used."
    if not sheet.visible:
        why = "the layout names it" if layout.sheets else "no other has the layout's headers"
        faults.append(
            fault("sheet_hidden", Severity.WARN, f"a hidden sheet, used because {why}", "a visible sheet", do)
        )
    hidden = np.intersect1d(rows, np.asarray(sheet.hidden_rows, dtype=np.int64)) + 1
    if len(hidden):
        found = f"{len(hidden)} of {len(rows)} records in hidden rows, by hand or by a filter: {_spans(hidden)}"
        faults.append(fault("rows_hidden", Severity.WARN, found, "visible rows", do))
    columns = sorted(set(sheet.hidden_columns) & set(header.positions.values()))
    if columns:
        found = f"hidden columns: {', '.join(map(letter_of, columns))}"
        faults.append(fault("columns_hidden", Severity.WARN, found, "visible columns", do))
    return faults


def _spans(rows: Rows) -> str:
    """Row numbers as one writes them: 3 to 7, 9."""
    ends = np.flatnonzero(np.diff(rows) > 1)
    firsts, lasts = rows[np.append(0, ends + 1)].tolist(), rows[np.append(ends, len(rows) - 1)].tolist()
    texts = [str(a) if a == b else f"{a} to {b}" for a, b in zip(firsts, lasts, strict=True)]
    return "rows " + ", ".join(texts[:LISTED]) + (" and more" if len(texts) > LISTED else "")
