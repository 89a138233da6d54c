"""The service's workbook of lists: who is missing, whose interview is due or overdue. Restricted: it names children."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.lists import EpisodeLine, ListsBook, ServiceList
from perfpipe.packs.workbooks.cells import CellEntry, Value, facts, heading, put, set_up_print, table, title, widths
from perfpipe.stable_workbooks import save_workbook

READ_ME = "Read me"
RESTRICTED = "It names children. Store it where the extracts are stored, and share it only with those who act on it."
WIDTHS = (20, 16, 16, 18, 14, 14, 12, 26, 12, 20, 40, 22, 8)
NOT_KNOWN = "Not known"
LOOKED_AFTER = {"yes": "Looked after", "no": "Not looked after"}
AREA = {"in": "In area", "out": "Out of area"}


def write_lists_book(book: ListsBook, path: Path) -> None:
    """Write the workbook. The same book always gives the same bytes."""
    workbook = Workbook()
    _read_me(workbook.active, book)
    for number, each in enumerate(book.lists, 1):
        _list(workbook.create_sheet(each.title), book, each, f"List_{number}")
    properties = workbook.properties
    properties.title = f"Return home interviews to be done, {book.month_label}: {book.authority}"
    properties.subject, properties.language, properties.creator = book.audience, "en-GB", book.authority
    save_workbook(workbook, path)


def _read_me(sheet: Worksheet, book: ListsBook) -> None:
    sheet.title = READ_ME
    widths(sheet, 34, 60)
    row = title(sheet, f"Children missing and interviews to be done, {book.month_label}")
    at = book.as_at
    as_at = f"the extract of {at:%d/%m/%Y %H:%M}" if at else "no extract has come for this month: there are no lists"
    lines: list[tuple[str, Value]] = [
        ("Authority", book.authority),
        ("For", CellEntry(f"{book.audience}, and the service named by it", strong=True)),
        ("As at", CellEntry(as_at, strong=True)),
        ("Fingerprint", book.fingerprint),
    ]
    row = facts(sheet, row, lines)
    put(sheet, row, 1, CellEntry(RESTRICTED, strong=True), wrap=False)
    row = heading(sheet, row + 2, "Lists")
    counted: list[list[Value]] = [
        [CellEntry(each.title, link=each.title), CellEntry(len(each.rows), "#,##0")] for each in book.lists
    ]
    table(sheet, row, "Lists", ["List", "Episodes"], counted or [["None", NOTHING]])
    set_up_print(sheet, book.audience, "1:1")


def _list(sheet: Worksheet, book: ListsBook, each: ServiceList, name: str) -> None:
    widths(sheet, *WIDTHS)
    row = title(sheet, f"{each.title}: as at {book.as_at:%d/%m/%Y %H:%M}", READ_ME)
    put(sheet, row, 1, each.note, wrap=False)
    put(sheet, row + 1, 1, CellEntry(f"{book.audience}. {RESTRICTED}", strong=True), wrap=False)
    headers = ["List", "Episode", "Child", "Since", each.hours, "Looked after", "Area", "Responsible authority",
               "Offered", "Outcome", "File", "Sheet", "Row"]  # fmt: skip
    rows = [_cells(listed) for listed in each.rows]
    table(sheet, row + 3, name, headers, rows or [["None", *([NOTHING] * (len(headers) - 1))]])
    set_up_print(sheet, book.audience, f"{row + 3}:{row + 3}")


def _cells(listed: EpisodeLine) -> list[Value]:
    since = (
        CellEntry(listed.since.date(), "dd/mm/yyyy") if listed.by_date else CellEntry(listed.since, "dd/mm/yyyy hh:mm")
    )
    return [
        listed.what,
        listed.episode,
        listed.child,
        since,
        CellEntry(listed.hours, "#,##0"),
        LOOKED_AFTER.get(listed.looked_after, NOT_KNOWN),
        AREA.get(listed.area, NOT_KNOWN),
        listed.authority,
        listed.offered,
        listed.outcome,
        listed.file,
        listed.sheet,
        CellEntry(listed.row, "0"),
    ]
