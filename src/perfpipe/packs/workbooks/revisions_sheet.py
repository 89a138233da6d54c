"""The sheet of revisions, and the analyst's workbook that holds the rows behind them. No value of any cell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.revisions import RecordLine, RevisionLine, RevisionsBook, RevisionTable
from perfpipe.packs.workbooks.cells import CellEntry, Value, facts, put, set_up_print, table, title, widths
from perfpipe.stable_workbooks import save_workbook

READ_ME, REVISIONS, ROWS = "Read me", "Revisions", "Rows"
WIDTHS = (10, 50, 16, 34, 14, 14, 16, 16, 70)
HEADERS = ["Code", "Measure", "Month", "Of", "Was", "Is", "Status before", "Status now", "Why"]
ROW_WIDTHS = (28, 26, 44, 20, 10, 44, 20, 10, 60)
ROW_HEADERS = ["Dataset", "What", "File then", "Sheet then", "Row then", "File now", "Sheet now", "Row now", "Figures"]
LISTED = 20_000  # rows: what changed as a whole is seen in fewer


def add_revisions_sheet(
    sheet: Worksheet,
    revisions: RevisionTable,
    audience: str,
    contents: str = "",
    names: Mapping[str, str] | None = None,
) -> None:
    """Add a line for each figure that is not what the Board saw last, or the words that there is none."""
    widths(sheet, *WIDTHS)
    row = title(sheet, "Figures that have changed since the Board saw them", contents) + 1
    put(sheet, row, 1, revisions.note, wrap=False)
    if not revisions.lines:
        set_up_print(sheet, audience, "1:1")
        return
    lines = [_line(each, names or {}) for each in revisions.lines]
    table(sheet, row + 1, "Revisions", HEADERS, lines)
    sheet.freeze_panes = sheet.cell(row + 2, 1)
    set_up_print(sheet, audience, f"{row + 1}:{row + 1}")


def _line(line: RevisionLine, names: Mapping[str, str]) -> list[Value]:
    code = CellEntry(line.code, link=names[line.measure_id]) if line.measure_id in names else line.code
    status = CellEntry(line.status_now, strong=line.status_now != line.status_before)
    part = line.part or "Whole authority"
    return [code, line.title, line.month, part, line.was, line.now, line.status_before, status, line.why]


def write_revisions_book(book: RevisionsBook, path: Path) -> None:
    """Write the analyst's workbook. The same book always gives the same bytes."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = READ_ME
    widths(sheet, 28, 110)
    row = title(sheet, f"Figures that have changed since the Board saw them, {book.month_label}")
    more = len(book.records) - LISTED
    lines: list[tuple[str, Value]] = [
        ("Authority", book.authority),
        ("For", CellEntry(book.audience, strong=True)),
        ("Fingerprint", book.fingerprint),
        ("Figures", f"{len(book.table.lines):,}"),
        ("Rows", f"{len(book.records):,}" + (f", of which the first {LISTED:,} are listed" if more > 0 else "")),
    ]
    facts(sheet, row, lines)
    set_up_print(sheet, book.audience, "1:1")
    add_revisions_sheet(workbook.create_sheet(REVISIONS), book.table, book.audience, READ_ME)
    _rows(workbook.create_sheet(ROWS), book)
    properties = workbook.properties
    properties.title = f"Revisions, {book.month_label}: {book.authority}"
    properties.subject, properties.language, properties.creator = book.audience, "en-GB", book.authority
    save_workbook(workbook, path)


def _rows(sheet: Worksheet, book: RevisionsBook) -> None:
    widths(sheet, *ROW_WIDTHS)
    row = title(sheet, "The rows that made the difference", READ_ME) + 1
    rows = [_row(each) for each in book.records[:LISTED]]
    table(sheet, row, "Rows_behind", ROW_HEADERS, rows or [["None", *([NOTHING] * (len(ROW_HEADERS) - 1))]])
    sheet.freeze_panes = sheet.cell(row + 1, 1)
    set_up_print(sheet, book.audience, f"{row}:{row}")


def _row(line: RecordLine) -> list[Value]:
    then: list[Value] = [line.file_then or NOTHING, line.sheet_then or NOTHING, _number(line.row_then)]
    now: list[Value] = [line.file_now or NOTHING, line.sheet_now or NOTHING, _number(line.row_now)]
    return [line.dataset, line.what, *then, *now, line.figures]


def _number(row: int | None) -> Value:
    return CellEntry(row, "0") if row else NOTHING
