"""One sheet of the board workbook for each table of several measures."""

from __future__ import annotations

import textwrap

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.packs.models.pack import TablePage
from perfpipe.packs.workbooks.cells import Value, heading, put, set_up_print, table, title, widths
from perfpipe.packs.workbooks.measure_sheets import value_entry

CODE, LABEL, NUMBER = 10, 42, 11  # widths of columns, in letters
LINE = 150  # letters in a line over the whole sheet


def add_table_sheet(workbook: Workbook, page: TablePage, name: str, contents: str, audience: str) -> None:
    """Add the sheet of one table: its sums in words, its months, its groups, and what each line counts."""
    sheet = workbook.create_sheet(name)
    widths(sheet, CODE, LABEL, *[NUMBER] * max(len(part.headers) for part in page.parts))
    row = title(sheet, page.title, contents)
    row = _lines(sheet, row + 1, page.note)
    for sum_in_words in page.sums:
        row = _lines(sheet, row, sum_in_words)
    for part in page.parts:
        row = heading(sheet, row + 1, part.title)
        rows: list[list[Value]] = [
            [step.code, step.title, *(value_entry(figure) for figure in step.figures)] for step in part.rows
        ]
        row = table(sheet, row, f"Table_{page.table_id}_{part.id}", ["Code", "Line", *part.headers], rows)
    row = heading(sheet, row + 1, "What each line counts")
    for code, name, definition in page.definitions:
        row = _lines(sheet, row, f"{code} {name}: {definition}")
    set_up_print(sheet, audience, "1:1")


def _lines(sheet: Worksheet, row: int, words: str) -> int:
    """A text over the width of the sheet, a row for each line; gives the row after it."""
    for line in textwrap.wrap(words, LINE):
        put(sheet, row, 1, line, wrap=False)
        row += 1
    return row
