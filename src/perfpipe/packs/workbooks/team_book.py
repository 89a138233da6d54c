"""The workbook of caseloads by team and worker, and of open placements. Restricted: it names workers and children."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.team_lists import TeamBook, TeamCell, TeamList
from perfpipe.packs.workbooks.cells import CellEntry, Value, facts, heading, put, set_up_print, table, title, widths
from perfpipe.packs.workbooks.lists_book import NOT_KNOWN, READ_ME
from perfpipe.stable_workbooks import save_workbook

RESTRICTED = (
    "It names workers and children. Store it where the extracts are stored, and share it only with those who manage "
    "the teams."
)
WIDTHS = {"Role": 26, "Contract": 18, "Placement": 34, "Provider": 34, "File": 40, "Sheet": 22, "Team": 26, "Row": 8}


def write_team_book(book: TeamBook, path: Path) -> None:
    """Write the workbook. The same book always gives the same bytes."""
    workbook = Workbook()
    _read_me(workbook.active, book)
    for number, each in enumerate(book.lists, 1):
        _list(workbook.create_sheet(each.title), book, each, f"Team_list_{number}")
    properties = workbook.properties
    properties.title = f"Caseloads and open placements, {book.month_label}: {book.authority}"
    properties.subject, properties.language, properties.creator = book.audience, "en-GB", book.authority
    save_workbook(workbook, path)


def _read_me(sheet: Worksheet, book: TeamBook) -> None:
    sheet.title = READ_ME
    widths(sheet, 34, 60)
    row = title(sheet, f"Caseloads and open placements, {book.month_label}")
    lines: list[tuple[str, Value]] = [
        ("Authority", book.authority),
        ("For", CellEntry(f"{book.audience}, and the managers named by it", strong=True)),
        ("Fingerprint", book.fingerprint),
        *(("Not here", CellEntry(words, strong=True)) for words in book.missing),
    ]
    row = facts(sheet, row, lines)
    put(sheet, row, 1, CellEntry(RESTRICTED, strong=True), wrap=False)
    row = heading(sheet, row + 2, "Lists")
    counted: list[list[Value]] = [
        [CellEntry(each.title, link=each.title), CellEntry(len(each.rows), "#,##0")] for each in book.lists
    ]
    table(sheet, row, "Lists", ["List", "Rows"], counted or [["None", NOTHING]])
    set_up_print(sheet, book.audience, "1:1")


def _list(sheet: Worksheet, book: TeamBook, each: TeamList, name: str) -> None:
    widths(sheet, *(WIDTHS.get(header, 14) for header in each.headers))
    row = title(sheet, f"{each.title}, {book.month_label}", READ_ME)
    put(sheet, row, 1, each.note, wrap=False)
    put(sheet, row + 1, 1, CellEntry(f"{book.audience}. {RESTRICTED}", strong=True), wrap=False)
    rows = [[_cell(header, cell) for header, cell in zip(each.headers, cells, strict=True)] for cells in each.rows]
    table(sheet, row + 3, name, list(each.headers), rows or [["None", *([NOTHING] * (len(each.headers) - 1))]])
    set_up_print(sheet, book.audience, f"{row + 3}:{row + 3}")


def _cell(header: str, cell: TeamCell) -> Value:
    if isinstance(cell, date):
        return CellEntry(cell, "dd/mm/yyyy")
    if isinstance(cell, int | float):
        shown = "0.00" if header.startswith("FTE") else "0.0" if isinstance(cell, float) else "#,##0"
        return CellEntry(cell, "0" if header == "Row" else shown)
    return NOT_KNOWN if cell is None else cell
