"""The workbook of caseloads by team and worker, and of open placements. Restricted: it names workers and children."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from perfpipe.packs.models.team_lists import TeamBook, TeamCell, TeamList
from perfpipe.packs.workbooks.cells import CellEntry, Value
from perfpipe.packs.workbooks.restricted_lists import NOT_KNOWN, ListSheet, RestrictedLists, write_restricted_lists

RESTRICTED = (
    "It names workers and children. Store it where the extracts are stored, and share it only with those who manage "
    "the teams."
)
WIDTHS = {"Role": 26, "Contract": 18, "Placement": 34, "Provider": 34, "File": 40, "Sheet": 22, "Team": 26, "Row": 8}


def write_team_book(book: TeamBook, path: Path) -> None:
    """Write the workbook. The same book always gives the same bytes."""
    about = f"Caseloads and open placements, {book.month_label}"
    lists = RestrictedLists(
        title=about,
        heading=about,
        authority=book.authority,
        audience=book.audience,
        facts=[
            ("Authority", book.authority),
            ("For", CellEntry(f"{book.audience}, and the managers named by it", strong=True)),
            ("Fingerprint", book.fingerprint),
            *(("Not here", CellEntry(words, strong=True)) for words in book.missing),
        ],
        warning=RESTRICTED,
        rows_are="Rows",
        tables="Team_list",
        sheets=[_sheet(book, each) for each in book.lists],
    )
    write_restricted_lists(lists, path)


def _sheet(book: TeamBook, each: TeamList) -> ListSheet:
    wide = [WIDTHS.get(header, 14) for header in each.headers]
    rows = [[_cell(header, cell) for header, cell in zip(each.headers, cells, strict=True)] for cells in each.rows]
    return ListSheet(each.title, f"{each.title}, {book.month_label}", each.note, wide, each.headers, rows)


def _cell(header: str, cell: TeamCell) -> Value:
    if isinstance(cell, date):
        return CellEntry(cell, "dd/mm/yyyy")
    if isinstance(cell, int | float):
        shown = "0.00" if header.startswith("FTE") else "0.0" if isinstance(cell, float) else "#,##0"
        return CellEntry(cell, "0" if header == "Row" else shown)
    return NOT_KNOWN if cell is None else cell
