"""One sheet of the board workbook for each table of several measures."""

from __future__ import annotations

from openpyxl import Workbook

from perfpipe.pack.cells import Entry, Value, facts, heading, set_up_print, table, title, widths
from perfpipe.pack.measure_sheets import value_entry
from perfpipe.pack.model import TablePage

CODE, LABEL, NUMBER = 10, 42, 11  # widths of columns, in letters


def add_table_sheet(workbook: Workbook, page: TablePage, name: str, contents: str, audience: str) -> None:
    """Add the sheet of one table: its sums in words, its months, its groups, and what each line counts."""
    sheet = workbook.create_sheet(name)
    widths(sheet, CODE, LABEL, *[NUMBER] * max(len(part.headers) for part in page.parts))
    row = title(sheet, page.title, contents)
    lines: list[tuple[str, Value]] = [("What it shows", page.note)]
    if page.sums:
        lines.append(("It adds up", "\n".join(page.sums)))
    row = facts(sheet, row + 1, lines)
    for part in page.parts:
        row = heading(sheet, row + 1, part.title)
        rows: list[list[Value]] = [
            [step.code, step.title, *(value_entry(figure) for figure in step.figures)] for step in part.rows
        ]
        row = table(sheet, row, f"Table_{page.table_id}_{part.id}", ["Code", "Line", *part.headers], rows)
    row = heading(sheet, row + 1, "What each line counts")
    for code, _, definition in page.definitions:
        row = facts(sheet, row, [(code, Entry(definition))])
    set_up_print(sheet, audience, "1:1")
