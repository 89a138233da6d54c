"""Read: the files of an extract into raw cells, column by column, indexed by the source's own row numbers.

Nothing is interpreted here beyond finding the sheet and the header row: typing is `validate.py`'s work.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np

from perfpipe.columns import SeenColumn, seen_columns
from perfpipe.datasets.definition import Dataset, Severity
from perfpipe.faults import Fault, shape_of
from perfpipe.headers import Header, find_header, plain, sheet_faults, stop
from perfpipe.parser import LIMITS, Parser, Unreadable
from perfpipe.rawcells import NOTHING, Cell, Mask, Sheet
from perfpipe.settings import Layout

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
ERRORS_SEEN_IN = (".xlsx", ".xlsm")
LISTED = 20  # faults of one kind, before the rest is only counted


@dataclass(frozen=True, eq=False)
class RawTable:
    """The records of one file as raw cells.

    `columns` has, for each canonical column that the layout maps, one (kind, text) per record; `rows` the row
    number of each record in the source; `headers` the header that was found; `letters` its column letter; `seen` all
    columns with a header in the order of the file, ignored ones too.
    """

    file: str
    sheet: str
    rows: list[int]
    columns: dict[str, Sequence[Cell]]
    headers: dict[str, str]
    letters: dict[str, str]
    extracted_at: Cell | None = None
    faults: list[Fault] = field(default_factory=list)
    seen: tuple[SeenColumn, ...] = ()


def read_file(path: Path, name: str, dataset: Dataset, layout: Layout, parser: Parser) -> RawTable:
    """The records of one file by its layout. Faults of severity `stop` come back in `faults`, with no records."""
    try:
        sheets = _sheets(path, name, layout, parser)
    except Unreadable as problem:
        return _nothing(name, stop(dataset, name, problem.reason, problem.detail, problem.what_to_do))
    found = find_header(sheets, name, dataset, layout)
    if isinstance(found, Fault):
        return _nothing(name, found)
    faults = sheet_faults(found, dataset, layout)
    return _nothing(name, *faults) if faults else _table(found, dataset, layout)


def _sheets(path: Path, name: str, layout: Layout, parser: Parser) -> list[Sheet]:
    suffix = Path(name).suffix.lower()
    if suffix in SPREADSHEETS:
        return parser.sheets(path, name)
    if suffix in (".csv", ".tsv"):
        return [read_csv(path, name, layout.encoding, "\t" if suffix == ".tsv" else layout.delimiter)]
    read = ", ".join((*SPREADSHEETS, ".csv", ".tsv"))
    detail = f"the format {suffix or 'of a name without ending'} is not read; expected {read}"
    raise Unreadable("format_unknown", detail)


def read_csv(path: Path, name: str, encoding: str, delimiter: str) -> Sheet:
    """A CSV file as one sheet of texts; row numbers are those a spreadsheet program shows.

    Raises Unreadable for a wrong encoding, wrong quoting or a file that is too large.
    """
    again = "Export the file again as CSV, or send it as .xlsx."
    if path.stat().st_size > LIMITS["unpacked_bytes"]:
        raise Unreadable("too_large", f"is larger than {LIMITS['unpacked_bytes'] // 2**20} MB", again)
    try:
        text = path.read_bytes().decode(encoding).removeprefix("\ufeff")
    except (UnicodeError, LookupError):
        do = "Set `encoding` in the layout (Excel in England writes cp1252), or save the file as CSV UTF-8."
        raise Unreadable("encoding", f"is not {encoding} text", do) from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise Unreadable("csv_damaged", f"line {reader.line_num}: {error}", again) from None
    width = max(map(len, rows), default=0)
    if len(rows) > LIMITS["rows"] or width > LIMITS["columns"] or len(rows) * width > LIMITS["cells"]:
        detail = f"has more than {LIMITS['rows']} rows or {LIMITS['columns']} columns, or is too large"
        raise Unreadable("too_large", detail, again)
    return Sheet.of_texts(name, rows)


def _table(header: Header, dataset: Dataset, layout: Layout) -> RawTable:
    sheet = header.sheet
    filled = sheet.filled
    filled[: header.row + 1] = False
    totals = filled & _is_total(sheet, layout.totals_row) if layout.totals_row else np.zeros_like(filled)
    rows = np.flatnonzero(filled & ~totals)
    ragged = _ragged(sheet, header, rows, dataset)
    if ragged:
        return _nothing(sheet.file, *ragged)
    left_out = [_totals_fault(sheet, dataset, int(row)) for row in np.flatnonzero(totals)]
    return RawTable(
        file=sheet.file,
        sheet=sheet.name,
        rows=(rows + 1).tolist(),
        columns={name: sheet.columns[p].take(rows) for name, p in header.positions.items()},
        headers={name: " ".join(header.cells[p][1].split()) for name, p in header.positions.items()},
        letters={name: letter_of(position) for name, position in header.positions.items()},
        extracted_at=_named_cell(sheet, layout),
        faults=[*_format_faults(sheet, dataset), *_stray(header, rows, dataset), *left_out],
        seen=seen_columns(header.cells, sheet.columns, rows, header.positions),
    )


def _is_total(sheet: Sheet, word: str) -> Mask:
    """True for each row whose first cell that is not blank begins with a word."""
    total, seen = np.zeros(sheet.height, dtype=np.bool_), np.zeros(sheet.height, dtype=np.bool_)
    word = plain(word)
    for column in sheet.columns:
        if seen.all():
            break
        begins = np.array([plain(text).startswith(word) for _, text in column.distinct], dtype=np.bool_)
        total |= begins[column.numbers] & column.filled & ~seen
        seen |= column.filled
    return total


def _ragged(sheet: Sheet, header: Header, rows: np.typing.NDArray[np.int64], dataset: Dataset) -> list[Fault]:
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


def _stray(header: Header, rows: np.typing.NDArray[np.int64], dataset: Dataset) -> list[Fault]:
    """Cells beside or inside the table that no header stands over."""
    sheet, faults = header.sheet, []
    for position, column in enumerate(sheet.columns):
        if header.cells[position] != NOTHING:
            continue
        stray = rows[column.filled[rows]].tolist()
        found = [shape_of(*column[row]) for row in stray[:LISTED]]
        if len(stray) > LISTED:
            found[-1] += f"; and {len(stray) - LISTED} more cells below it"
        for row, shape in zip(stray, found, strict=False):
            faults.append(
                Fault(
                    dataset.id, sheet.file, sheet.name, row + 1, letter_of(position), "cell_without_header",
                    Severity.WARN, shape, "cells under the table's headers only",
                    "Give the column a header, or clear the cell. It was not used.",
                )
            )  # fmt: skip
    return sorted(faults, key=lambda fault: fault.row)


def _format_faults(sheet: Sheet, dataset: Dataset) -> list[Fault]:
    suffix = Path(sheet.file).suffix.lower()
    if suffix in ERRORS_SEEN_IN or suffix not in SPREADSHEETS:
        return []
    return [
        Fault(
            dataset.id, sheet.file, sheet.name, 0, "", "errors_not_seen", Severity.WARN,
            f"the format {suffix}, in which an Excel error such as #REF! cannot be told from a blank cell",
            "an .xlsx workbook or a CSV file", "Ask the source for .xlsx. The file is used as it is.",
        )
    ]  # fmt: skip


def _named_cell(sheet: Sheet, layout: Layout) -> Cell | None:
    if layout.extracted_at is None or layout.extracted_at.cell is None:
        return None
    match = re.fullmatch(r"([A-Z]+)(\d+)", layout.extracted_at.cell)
    assert match is not None
    row, position = int(match[2]) - 1, position_of(match[1])
    there = row < sheet.height and position < len(sheet.columns)
    return sheet.columns[position][row] if there else NOTHING


def letter_of(position: int) -> str:
    """The letters of a column by its position from 0: 0 is A, 26 is AA."""
    letters, position = "", position + 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def position_of(letters: str) -> int:
    """The position from 0 of a column by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _totals_fault(sheet: Sheet, dataset: Dataset, row: int) -> Fault:
    return Fault(
        dataset=dataset.id, file=sheet.file, sheet=sheet.name, row=row + 1, column="",
        rule="totals_row", severity=Severity.INFO, found="a totals row", expected="records",
        what_to_do="Nothing: the layout says that such rows are no records.",
    )  # fmt: skip


def _nothing(file: str, *faults: Fault) -> RawTable:
    return RawTable(file, "", [], {}, {}, {}, faults=list(faults))


def date_in_name(name: str, pattern: str) -> datetime | None:
    """The local time that a file name carries, by a pattern with groups year, month, day (hour, minute)."""
    match = re.search(pattern, name)
    if not match:
        return None
    part = {key: value for key, value in match.groupdict().items() if value is not None}
    time = f"{part.get('hour', '0'):0>2}:{part.get('minute', '0'):0>2}"
    try:
        return datetime.fromisoformat(f"{part['year']}-{part['month']:0>2}-{part['day']:0>2}T{time}")
    except (ValueError, KeyError):
        return None


__all__ = ["Parser", "RawTable", "Unreadable", "date_in_name", "plain", "read_csv", "read_file", "shape_of"]
