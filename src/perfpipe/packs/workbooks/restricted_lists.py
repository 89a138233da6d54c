"""A workbook of lists about people: a page that says what it is and for whom, and a sheet for each list. Restricted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOTHING
from perfpipe.packs.workbooks.cells import CellEntry, Value, facts, heading, put, set_up_print, table, title, widths
from perfpipe.stable_workbooks import save_workbook

READ_ME = "Read me"
NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class ListSheet:
    """One list: the name of its sheet, its heading, what it holds, and its table."""

    name: str
    heading: str
    note: str
    widths: Sequence[float]
    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]


@dataclass(frozen=True)
class RestrictedLists:
    """The workbook. `warning`: how it is to be kept; `rows_are`: what a row of a list is, in the plural."""

    title: str
    heading: str
    authority: str
    audience: str
    facts: list[tuple[str, Value]]
    warning: str
    rows_are: str
    tables: str  # the names of the lists' tables begin so
    sheets: Sequence[ListSheet]


def write_restricted_lists(lists: RestrictedLists, path: Path) -> None:
    """Write the workbook. The same lists always give the same bytes."""
    workbook = Workbook()
    _read_me(workbook.active, lists)
    for number, each in enumerate(lists.sheets, 1):
        _list(workbook.create_sheet(each.name), lists, each, f"{lists.tables}_{number}")
    properties = workbook.properties
    properties.title = f"{lists.title}: {lists.authority}"
    properties.subject, properties.language, properties.creator = lists.audience, "en-GB", lists.authority
    save_workbook(workbook, path)


def _read_me(sheet: Worksheet, lists: RestrictedLists) -> None:
    sheet.title = READ_ME
    widths(sheet, 34, 60)
    row = facts(sheet, title(sheet, lists.heading), lists.facts)
    put(sheet, row, 1, CellEntry(lists.warning, strong=True), wrap=False)
    row = heading(sheet, row + 2, "Lists")
    counted: list[list[Value]] = [
        [CellEntry(each.name, link=each.name), CellEntry(len(each.rows), "#,##0")] for each in lists.sheets
    ]
    table(sheet, row, "Lists", ["List", lists.rows_are], counted or [["None", NOTHING]])
    set_up_print(sheet, lists.audience, "1:1")


def _list(sheet: Worksheet, lists: RestrictedLists, each: ListSheet, name: str) -> None:
    widths(sheet, *each.widths)
    row = title(sheet, each.heading, READ_ME)
    put(sheet, row, 1, each.note, wrap=False)
    put(sheet, row + 1, 1, CellEntry(f"{lists.audience}. {lists.warning}", strong=True), wrap=False)
    empty: list[list[Value]] = [["None", *([NOTHING] * (len(each.headers) - 1))]]
    table(sheet, row + 3, name, list(each.headers), [list(cells) for cells in each.rows] or empty)
    set_up_print(sheet, lists.audience, f"{row + 3}:{row + 3}")
