"""The service's workbook of lists: who is missing, whose interview is due or overdue. Restricted: it names children."""

from __future__ import annotations

from pathlib import Path

from perfpipe.packs.models.lists import EpisodeLine, ListsBook, ServiceList
from perfpipe.packs.workbooks.cells import CellEntry, Value
from perfpipe.packs.workbooks.restricted_lists import NOT_KNOWN, ListSheet, RestrictedLists, write_restricted_lists

RESTRICTED = "It names children. Store it where the extracts are stored, and share it only with those who act on it."
WIDTHS = (20, 16, 16, 18, 14, 14, 12, 26, 12, 20, 40, 22, 8)
LOOKED_AFTER = {"yes": "Looked after", "no": "Not looked after"}
AREA = {"in": "In area", "out": "Out of area"}


def write_lists_book(book: ListsBook, path: Path) -> None:
    """Write the workbook. The same book always gives the same bytes."""
    at = book.as_at
    as_at = f"the extract of {at:%d/%m/%Y %H:%M}" if at else "no extract has come for this month: there are no lists"
    lists = RestrictedLists(
        title=f"Return home interviews to be done, {book.month_label}",
        heading=f"Children missing and interviews to be done, {book.month_label}",
        authority=book.authority,
        audience=book.audience,
        facts=[
            ("Authority", book.authority),
            ("For", CellEntry(f"{book.audience}, and the service named by it", strong=True)),
            ("As at", CellEntry(as_at, strong=True)),
            ("Fingerprint", book.fingerprint),
        ],
        warning=RESTRICTED,
        rows_are="Episodes",
        tables="List",
        sheets=[_sheet(book, each) for each in book.lists],
    )
    write_restricted_lists(lists, path)


def _sheet(book: ListsBook, each: ServiceList) -> ListSheet:
    headers = ("List", "Episode", "Child", "Since", each.hours, "Looked after", "Area", "Responsible authority",
               "Offered", "Outcome", "File", "Sheet", "Row")  # fmt: skip
    heading = f"{each.title}: as at {book.as_at:%d/%m/%Y %H:%M}"
    return ListSheet(each.title, heading, each.note, WIDTHS, headers, [_cells(listed) for listed in each.rows])


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
