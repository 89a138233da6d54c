"""The table in a file: on which sheet, under which row of headers, and the cells of each of its columns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from perfpipe.dates.written_dates import written_date
from perfpipe.read.child_process import Parser, Unreadable
from perfpipe.read.clean_cells import cleaned
from perfpipe.read.formats.container import letter_of
from perfpipe.read.formats.delimited_text import DELIMITERS
from perfpipe.read.raw_cells import BLANK, DATE, DATETIME, TEXT, Cell, RawSheet
from perfpipe.rules.containers import SPREADSHEETS, TEXTS
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import FileLimits, SettingsError

SEARCHED_ROWS = 30
LONGEST_HEADER = 80
TOTALS = re.compile(r"(?:grand |sub)?totals?\b|end of report", re.IGNORECASE)


@dataclass(frozen=True)
class SourceColumn:
    """One column of a file: its letter and header, and its filled cells with how often each stands there."""

    letter: str
    header: str
    cells: Counter[Cell]
    blanks: int

    @property
    def filled(self) -> int:
        """How many of its cells hold something."""
        return self.cells.total()

    @property
    def texts(self) -> Counter[str]:
        """The cells that are text."""
        return Counter({text: count for (kind, text), count in self.cells.items() if kind == TEXT})


@dataclass(frozen=True)
class SourceTable:
    """What a file holds: the sheet (empty for a CSV file), the row of its headers from 1, its columns, its records.

    `dated_cell` is the one cell above the headers that holds a date, and `totals` the words with which the last row
    begins where it is a total; empty where there is none. `alike`: other sheets that have the same headers.
    """

    file: str
    sheet: str
    header_row: int
    columns: tuple[SourceColumn, ...]
    rows: int
    dated_cell: str = ""
    totals: str = ""
    alike: tuple[str, ...] = ()


def source_table(path: Path, limits: FileLimits, sheet: str = "", password: str = "") -> SourceTable:
    """The largest table of a file, or the one on a named sheet. Raises SettingsError where there is none."""
    name = path.name
    if not path.is_file():
        raise SettingsError([f"{path}: no such file; check its name, and put quotes around a path with spaces"])
    ending = path.suffix.lower()
    if ending not in (*SPREADSHEETS, *TEXTS):
        raise SettingsError([f"{path}: expected a file that ends in {', '.join((*SPREADSHEETS, *TEXTS))}"])
    with Parser(limits) as parser:
        try:
            sheets = _texts(parser, path, ending) if ending in TEXTS else parser.sheets(path, name, password)
        except Unreadable as problem:
            raise SettingsError([f"{path}: {problem.detail}"]) from None
    named = [each for each in sheets if not sheet or each.name == sheet]
    if not named:
        raise SettingsError([f"{path}: no sheet {sheet!r}; found {', '.join(each.name for each in sheets)}"])
    tables = [table for each in named if (table := _table_of(cleaned(each), name))]
    if not tables:
        raise SettingsError([f"{path}: found no table: a row of headers with records below"])
    largest = max(tables, key=lambda table: table.rows * len(table.columns))
    headers = [column.header for column in largest.columns]
    others = [each for each in tables if each is not largest and [column.header for column in each.columns] == headers]
    return replace(largest, alike=tuple(each.sheet for each in others if each.sheet != largest.sheet))


def _texts(parser: Parser, path: Path, ending: str) -> list[RawSheet]:
    """A CSV file by each delimiter that it can be read with: the right one gives the largest table."""
    sheets, problem = [], None
    for delimiter in DELIMITERS:
        layout = Layout(name="draft", files=(path.name,), delimiter=delimiter)
        try:
            sheets.append(parser.texts(path, path.name, layout, ending == ".tsv", []))
        except Unreadable as unreadable:
            problem = unreadable
    if not sheets and problem:
        raise problem
    return sheets


def _table_of(sheet: RawSheet, file: str) -> SourceTable | None:
    """A sheet from the row on that has the most texts, all different, of its first rows."""
    height = max((len(column) for column in sheet.columns), default=0)
    best, headers = -1, 0
    for row in range(min(height, SEARCHED_ROWS)):
        cells = [column[row] for column in sheet.columns if row < len(column)]
        texts = [text for kind, text in cells if kind == TEXT and len(text) <= LONGEST_HEADER]
        records = any(kind not in (TEXT, BLANK) or is_written_date(text) for kind, text in cells)
        if len(set(texts)) > headers and not records and row + 1 < height:
            best, headers = row, len(set(texts))
    if headers < 2:
        return None
    rows = [row for row in range(best + 1, height) if _filled(sheet, row)]
    totals = TOTALS.match(_filled(sheet, rows[-1])[0][1]) if rows else None
    columns = []
    for position, column in enumerate(sheet.columns):
        kind, text = column[best] if best < len(column) else (BLANK, "")
        if kind == BLANK:
            continue
        below = column[best + 1 : rows[-1] if totals else None]
        filled = Counter(cell for cell in below if cell[0] != BLANK)
        columns.append(SourceColumn(letter_of(position), " ".join(text.split()), filled, len(below) - filled.total()))
    return SourceTable(
        file,
        sheet.name,
        best + 1,
        tuple(columns),
        len(rows) - bool(totals),
        _dated_cell(sheet, best),
        totals[0] if totals else "",
    )


def _filled(sheet: RawSheet, row: int) -> list[Cell]:
    return [column[row] for column in sheet.columns if row < len(column) and column[row][0] != BLANK]


def _dated_cell(sheet: RawSheet, above: int) -> str:
    """The only cell above a row that holds a date: most exports say there when they were made."""
    found = [
        f"{letter_of(position)}{row + 1}"
        for position, column in enumerate(sheet.columns)
        for row, cell in enumerate(column[:above])
        if is_date(cell) or is_written_date(cell[1])
    ]
    return found[0] if len(found) == 1 else ""


def is_date(cell: Cell) -> bool:
    """Whether a cell is a date as the workbook itself has it."""
    return cell[0] in (DATE, DATETIME)


def is_written_date(text: str) -> bool:
    """Whether a text could be a date, in either order of day and month."""
    for order in ("day_first", "month_first"):
        try:
            if written_date(text.strip(), order, None):
                return True
        except ValueError:
            continue
    return re.fullmatch(r"(19|20)\d\d-\d\d", text.strip()) is not None
