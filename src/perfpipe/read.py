"""Read: the files of an extract into raw cells, column by column, indexed by the source's own row numbers.

Nothing is interpreted here beyond finding the sheet and the header row: typing is `validate.py`'s work.
"""

from __future__ import annotations

import csv
import io
import json
import pickle
import re
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from perfpipe.datasets.definition import Dataset, Severity
from perfpipe.faults import Fault, shape_of
from perfpipe.settings import Layout

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
LIMITS = {
    "memory_bytes": 1536 * 2**20,
    "unpacked_bytes": 1024 * 2**20,
    "rows": 400_000,
    "columns": 500,
}
SECONDS = 30
HEADER_SEARCH_ROWS = 50

BLANK, TEXT, NUMBER, DATE, DATETIME, TIME, BOOL, ERROR, FORMULA = "-", "t", "n", "d", "D", "T", "b", "e", "f"
Cell = tuple[str, str]
Row = list[Cell]


@dataclass(frozen=True)
class Sheet:
    """One sheet, or one CSV file: its cells from row 1 on."""

    file: str
    name: str
    rows: Sequence[Row]
    visible: bool = True


@dataclass(frozen=True)
class RawTable:
    """The records of one file as raw cells.

    `columns` has, for each canonical column that the layout maps, one (kind, text) per record; `rows` the row
    number of each record in the source; `headers` the header that was found; `letters` its column letter.
    """

    file: str
    sheet: str
    rows: list[int]
    columns: dict[str, list[Cell]]
    headers: dict[str, str]
    letters: dict[str, str]
    extracted_at: Cell | None = None
    faults: list[Fault] = field(default_factory=list)


class _Restricted(pickle.Unpickler):
    """Plain lists and texts only: nothing that could run."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


class Parser:
    """A child process that parses spreadsheets, reused from file to file and replaced when it dies.

    Use as a context manager. `sheets` raises Unreadable with a reason code and words.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def sheets(self, path: Path, suffix: str, name: str) -> list[Sheet]:
        """Every worksheet of a workbook. `suffix` says the format, `name` what people call the file."""
        answer = self._ask(path, suffix)
        if "refused" in answer:
            raise Unreadable(str(answer["refused"]), str(answer["detail"]))
        return [Sheet(name, s["name"], s["rows"], s["visible"]) for s in answer["sheets"]]

    def _ask(self, path: Path, suffix: str) -> dict[str, Any]:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, str(Path(__file__).with_name("read_worker.py")), json.dumps(LIMITS)]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        overdue = threading.Timer(SECONDS, process.kill)
        overdue.start()
        try:
            process.stdin.write(json.dumps({"path": str(path), "suffix": suffix}).encode() + b"\n")
            process.stdin.flush()
            (length,) = struct.unpack("<Q", process.stdout.read(8))
            answer = _Restricted(io.BytesIO(process.stdout.read(length))).load()
        except (struct.error, OSError, EOFError, pickle.UnpicklingError):
            late = overdue.finished.is_set()
            self._stop()
            if late:
                raise Unreadable("too_slow", f"took longer than {SECONDS} seconds to parse") from None
            raise Unreadable("parser_died", "the file makes the parser fail: it is damaged or hostile") from None
        finally:
            overdue.cancel()
        assert isinstance(answer, dict)
        return answer

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


class Unreadable(Exception):
    """A file that cannot be parsed: a reason code and words for the person who sent it."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


def read_file(path: Path, name: str, dataset: Dataset, layout: Layout, parser: Parser) -> RawTable:
    """The records of one file by its layout. Faults of severity `stop` come back in `faults`, with no records."""
    try:
        sheets = _sheets(path, name, layout, parser)
    except Unreadable as problem:
        return _nothing(name, _stop(dataset, name, problem.reason, problem.detail, "Open the file, save it again as .xlsx and send it again."))
    return _find_table(sheets, name, dataset, layout)


def _sheets(path: Path, name: str, layout: Layout, parser: Parser) -> list[Sheet]:
    suffix = Path(name).suffix.lower()
    if suffix in SPREADSHEETS:
        return parser.sheets(path, suffix, name)
    if suffix in (".csv", ".tsv"):
        return [read_csv(path, name, layout.encoding, "\t" if suffix == ".tsv" else layout.delimiter)]
    raise Unreadable("format_unknown", f"the format {suffix or 'without ending'} is not read")


def read_csv(path: Path, name: str, encoding: str, delimiter: str) -> Sheet:
    """A CSV file as one sheet of texts. Raises Unreadable for a wrong encoding, quoting or a ragged row."""
    try:
        text = path.read_text(encoding=encoding, errors="strict")
    except (UnicodeDecodeError, LookupError):
        raise Unreadable("encoding", f"is not {encoding} text; set `encoding` in the layout") from None
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for values in reader:
            while len(rows) < reader.line_num - 1 - sum("\n" in value for value in values):
                rows.append([])
            rows.append([(TEXT, value) if value.strip() else (BLANK, "") for value in values])
    except csv.Error as error:
        raise Unreadable("csv_damaged", f"line {reader.line_num}: {error}") from None
    return Sheet(name, "", rows)


def _find_table(sheets: list[Sheet], name: str, dataset: Dataset, layout: Layout) -> RawTable:
    wanted = {plain(sheet) for sheet in layout.sheets}
    named = [sheet for sheet in sheets if not wanted or plain(sheet.name) in wanted]
    if not named:
        found = ", ".join(repr(sheet.name) for sheet in sheets) or "none"
        detail = f"no sheet named {' or '.join(layout.sheets)}; found {found}"
        return _nothing(name, _stop(dataset, name, "sheet_missing", detail, "Rename the sheet, or add its name to `sheet` of the layout."))
    tables = [(sheet, _header_row(sheet, dataset, layout)) for sheet in named]
    matching = [(sheet, row) for sheet, row in tables if row is not None and _missing(sheet.rows[row], dataset, layout) == []]
    if len(matching) > 1:
        detail = f"{len(matching)} sheets match: {', '.join(repr(sheet.name) for sheet, _ in matching)}"
        return _nothing(name, _stop(dataset, name, "sheet_ambiguous", detail, "Name the sheet in `sheet` of the layout."))
    if matching:
        return _table(*matching[0], dataset, layout)
    near = [(sheet, row) for sheet, row in tables if row is not None]
    if not near:
        detail = f"no header row in the first {HEADER_SEARCH_ROWS} rows of {len(named)} sheet(s)"
        do = f"Put the headers of the layout {layout.name!r} in one row; `perfpipe datasets` lists them."
        return _nothing(name, _stop(dataset, name, "header_missing", detail, do))
    sheet, row = near[0]
    missing = ", ".join(_missing(sheet.rows[row], dataset, layout))
    found = ", ".join(repr(text) for _, text in sheet.rows[row] if text)
    do = "Restore the column, or add its new name to `columns` of the layout."
    fault = _stop(dataset, name, "column_missing", f"no column for {missing}; found {found}", do, sheet.name, row + 1)
    return _nothing(name, fault)


def plain(text: str) -> str:
    """A header or sheet name as it is compared: case, spaces, quotes and dashes do not count."""
    text = text.replace("\u2018", "'").replace("\u2019", "'").replace("\u201c", '"').replace("\u201d", '"')
    text = re.sub(r"[\u2010-\u2015]", "-", text.replace("\u00a0", " ").replace("\ufeff", ""))
    return " ".join(text.split()).casefold()


def _accepted(dataset: Dataset, layout: Layout) -> dict[str, str]:
    return {plain(h): column.name for column in dataset.columns for h in layout.headers(column.name)}


def _header_row(sheet: Sheet, dataset: Dataset, layout: Layout) -> int | None:
    """The row (from 0) that has the layout's headers: the declared one, else the best of the first rows."""
    if layout.header_row is not None:
        return layout.header_row - 1 if layout.header_row <= len(sheet.rows) else None
    accepted = _accepted(dataset, layout)
    best, best_count = None, 1
    for number, row in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
        count = len({accepted[plain(text)] for _, text in row if plain(text) in accepted})
        if count > best_count:
            best, best_count = number, count
    return best


def _missing(header: Row, dataset: Dataset, layout: Layout) -> list[str]:
    accepted = _accepted(dataset, layout)
    there = {accepted.get(plain(text)) for _, text in header}
    wanted = [c for c in dataset.columns if layout.headers(c.name) and (c.required or layout.name not in ("standard", "ssda903"))]
    return [column.name for column in wanted if column.name not in there]


def _table(sheet: Sheet, header_row: int, dataset: Dataset, layout: Layout) -> RawTable:
    header = sheet.rows[header_row]
    accepted, ignored = _accepted(dataset, layout), {plain(text) for text in layout.ignore}
    positions: dict[str, int] = {}
    unmapped, repeated = [], []
    for position, (_, text) in enumerate(header):
        column = accepted.get(plain(text))
        if column in positions:
            repeated.append(text)
        elif column is not None:
            positions[column] = position
        elif text and plain(text) not in ignored:
            unmapped.append(text)
    at = (sheet.file, dataset, sheet.name, header_row + 1)
    faults = _header_faults(*at, header, unmapped, repeated)
    if faults:
        return RawTable(sheet.file, sheet.name, [], {}, {}, {}, faults=faults)
    numbers, left_out = _record_rows(sheet, header_row, layout)
    stray = _stray_faults(sheet, header, numbers, dataset)
    if any(fault.severity is Severity.STOP for fault in stray):
        return _nothing(sheet.file, *stray)
    cells = {c: [_cell(sheet.rows[n], p) for n in numbers] for c, p in positions.items()}
    return RawTable(
        file=sheet.file,
        sheet=sheet.name,
        rows=[number + 1 for number in numbers],
        columns=cells,
        headers={column: " ".join(header[p][1].split()) for column, p in positions.items()},
        letters={column: letter_of(p) for column, p in positions.items()},
        extracted_at=_named_cell(sheet, layout),
        faults=stray + [_totals_fault(sheet, dataset, n) for n in left_out],
    )


def _header_faults(file: str, dataset: Dataset, sheet: str, row: int, header: Row, unmapped: list[str], repeated: list[str]) -> list[Fault]:
    faults = []
    if unmapped:
        found = ", ".join(repr(text) for text in unmapped)
        detail = f"columns that the layout does not know: {found}; found in all {', '.join(repr(t) for _, t in header if t)}"
        do = "Map each in `columns` of the layout, or list it in `ignore`."
        faults.append(_stop(dataset, file, "column_unmapped", detail, do, sheet, row))
    if repeated:
        detail = f"two columns for the same thing: {', '.join(repr(text) for text in repeated)}"
        faults.append(_stop(dataset, file, "column_repeated", detail, "Remove or rename one of them.", sheet, row))
    return faults


def _stray_faults(sheet: Sheet, header: Row, numbers: list[int], dataset: Dataset) -> list[Fault]:
    """Cells under no header; in a CSV file, rows that are longer or shorter than the header."""
    faults = []
    is_text_file = not sheet.name
    headed = {position for position, (kind, _) in enumerate(header) if kind != BLANK}
    for number in numbers:
        row = sheet.rows[number]
        if is_text_file and len(row) != len(header):
            detail = f"{len(row)} values where the header has {len(header)}"
            do = "Check for a delimiter or a quote inside a value, and export the file again."
            faults.append(_stop(dataset, sheet.file, "row_ragged", detail, do, row=number + 1))
            continue
        for position, (kind, text) in enumerate(row):
            if kind != BLANK and position not in headed:
                faults.append(
                    Fault(
                        dataset.id, sheet.file, sheet.name, number + 1, letter_of(position), "cell_without_header",
                        Severity.WARN, shape_of(kind, text), "cells under the table's headers only",
                        "Give the column a header, or clear the cell. It was not used.",
                    )
                )  # fmt: skip
    return faults


def _record_rows(sheet: Sheet, header_row: int, layout: Layout) -> tuple[list[int], list[int]]:
    """Row numbers (from 0) of the records, and of the totals rows that were left out by the layout's rule."""
    records, totals = [], []
    for number in range(header_row + 1, len(sheet.rows)):
        first = next((text for kind, text in sheet.rows[number] if kind != BLANK), None)
        if first is None:
            continue
        is_total = layout.totals_row is not None and plain(first).startswith(plain(layout.totals_row))
        (totals if is_total else records).append(number)
    return records, totals


def _cell(row: Row, position: int) -> Cell:
    return row[position] if position < len(row) else (BLANK, "")


def _named_cell(sheet: Sheet, layout: Layout) -> Cell | None:
    if layout.extracted_at is None or layout.extracted_at.cell is None:
        return None
    match = re.fullmatch(r"([A-Z]+)(\d+)", layout.extracted_at.cell)
    assert match is not None
    row, position = int(match[2]) - 1, position_of(match[1])
    return _cell(sheet.rows[row], position) if row < len(sheet.rows) else (BLANK, "")


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


def _totals_fault(sheet: Sheet, dataset: Dataset, number: int) -> Fault:
    return Fault(
        dataset=dataset.id, file=sheet.file, sheet=sheet.name, row=number + 1, column="",
        rule="totals_row", severity=Severity.INFO, found="a totals row", expected="records",
        what_to_do="Nothing: the layout says that such rows are no records.",
    )  # fmt: skip


def _stop(dataset: Dataset, file: str, rule: str, detail: str, what_to_do: str, sheet: str = "", row: int = 0) -> Fault:
    return Fault(
        dataset=dataset.id, file=file, sheet=sheet, row=row, column="", rule=rule, severity=Severity.STOP,
        found=detail, expected="a file in the shape that its layout says", what_to_do=what_to_do,
    )  # fmt: skip


def _nothing(file: str, *faults: Fault) -> RawTable:
    return RawTable(file, "", [], {}, {}, {}, faults=list(faults))


def date_in_name(name: str, pattern: str) -> datetime | None:
    """The local time that a file name carries, by a pattern with groups year, month, day (hour, minute)."""
    match = re.search(pattern, name)
    if not match:
        return None
    parts = {key: int(value) for key, value in match.groupdict().items() if value is not None}
    try:
        return datetime(parts["year"], parts["month"], parts["day"], parts.get("hour", 0), parts.get("minute", 0))
    except ValueError:
        return None


__all__ = ["Parser", "RawTable", "read_file", "shape_of"]
