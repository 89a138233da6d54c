"""Write a plan as a workbook that people fill in: `perfpipe plan export`."""

from __future__ import annotations

from datetime import date
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfpipe.plan.model import Plan
from perfpipe.plan.tables import OVERDUE_MEANS, STATUS_MEANS
from perfpipe.plan.workbook.sheet_model import CellContent, PlanColumn, PlanSheet
from perfpipe.plan.workbook.sheets import EXPLAINED, MADE_FROM, NO, SHEETS, YES
from perfpipe.plan.write import fingerprint, tables_in_full

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FORMATS = {CellContent.DAY: "dd/mm/yyyy"}
AS_TEXT = "@"
LINE_HEIGHT = 15  # points
FOR_ROWS = 500  # so many rows may be filled in with the help of lists


def export_plan(plan: Plan, path: Path) -> None:
    """Write a workbook with one sheet for each table of the plan. The same plan gives the same bytes."""
    from openpyxl import Workbook

    from perfpipe.stable_workbooks import save_workbook

    workbook = Workbook()
    first = workbook.active
    assert first is not None
    _explain(first, fingerprint(plan))
    tables = tables_in_full(plan)
    for sheet in SHEETS:
        _fill(workbook.create_sheet(sheet.title), sheet, rows_of(sheet, tables))
    save_workbook(workbook, path)


def rows_of(sheet: PlanSheet, tables: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a sheet by column key, out of the tables of `plan.toml`."""
    if sheet.single:
        return [tables[sheet.table] if sheet.table else tables]
    held = tables.get(sheet.table, [])
    entries = [{"id": name, **each} for name, each in held.items()] if isinstance(held, dict) else held
    if not sheet.steps:
        return list(entries)
    return [step | {"id": entry["id"]} for entry in entries for step in entry.get(sheet.steps, [])]


def _explain(page: Worksheet, made_from: str) -> None:
    from openpyxl.styles import Alignment, Font

    page.title = EXPLAINED
    lines: list[tuple[str, str]] = [
        ("The Improvement Plan, to edit and import", ""),
        ("", "Change what you need to on the other sheets, save, and run: perfpipe plan import FILE.xlsx"),
        ("", "The import lists every mistake by sheet and cell, and changes nothing until there are none."),
        ("", "Do not change sheet names or the headers in row 1. You can move columns and leave blank rows."),
        ("", "Write values, not formulas: a formula is refused. Days are dates; months are text such as 2017-04."),
        ("", "Write percentages as parts of one: 0.80 for 80%."),
        ("", "Comments and colours are not imported. perfpipe keeps a copy of the plan before each change."),
        (MADE_FROM, made_from),
        ("Statuses of actions", ""),
        *((str(status), meaning) for status, meaning in STATUS_MEANS.items()),
        ("", OVERDUE_MEANS),
        ("Sheets", ""),
    ]
    for sheet in SHEETS:
        lines.append((sheet.title, sheet.about))
        lines += [("", f"{column.title}: {_holds(column)}") for column in sheet.columns]
    for number, (left, right) in enumerate(lines, 1):
        page.cell(number, 1, left or None).font = Font(bold=not right)
        page.cell(number, 2, right or None).alignment = Alignment(wrap_text=True, vertical="top")
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 24, 110


def _holds(column: PlanColumn) -> str:
    kind = f"one of {', '.join(column.choices)}" if column.choices else str(column.cells)
    return f"{kind}. {column.help}." if column.help else f"{kind}."


def _fill(page: Worksheet, sheet: PlanSheet, rows: list[dict[str, Any]]) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(sheet.columns, 1):
        page.cell(1, number, column.title).font = Font(bold=True)
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = column.width
        _help_with(page, column, letter)
    for place, row in enumerate(rows, 2):
        for number, column in enumerate(sheet.columns, 1):
            _write(page.cell(place, number), column, row.get(column.key))
        page.row_dimensions[place].height = LINE_HEIGHT * max(_lines(row.get(each.key), each) for each in sheet.columns)
    empty = range(len(rows) + 2, max(len(rows) + 22, 42))  # ready to be filled in
    for place in () if sheet.single else empty:
        for number, column in enumerate(sheet.columns, 1):
            page.cell(place, number).number_format = FORMATS.get(column.cells, AS_TEXT)
    page.freeze_panes = "A2"


def _lines(value: Any, column: PlanColumn) -> int:
    """How many lines a value takes in its column: not every program makes rows as high as their text needs."""
    texts = value if isinstance(value, list) else str(value or "").splitlines()
    return sum(max(1, ceil(len(str(text)) / column.width)) for text in texts) or 1


def _write(cell: Cell, column: PlanColumn, value: Any) -> None:
    from openpyxl.styles import Alignment

    cell.number_format = FORMATS.get(column.cells, AS_TEXT)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if value is None:
        return
    if column.cells is CellContent.DAY:
        cell.value = date.fromisoformat(value)
    elif column.cells is CellContent.YES_NO:
        cell.value = YES if value else NO
    else:
        cell.value = "\n".join(value) if isinstance(value, list) else str(value)
        cell.data_type = "s"  # text, even where it begins with = or looks like a number


def _help_with(page: Worksheet, column: PlanColumn, letter: str) -> None:
    """A list to choose from, or a message, on every row that may be filled in."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if column.choices or column.cells is CellContent.YES_NO:
        choices = column.choices or (YES, NO)
        rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    elif column.names_of:
        named = next(each for each in SHEETS if each.table == column.names_of and not each.steps)
        rule = DataValidation(type="list", formula1=f"'{named.title}'!$A$2:$A${FOR_ROWS}", allow_blank=True)
    elif column.help:
        rule = DataValidation(allow_blank=True)
    else:
        return
    rule.promptTitle, rule.prompt, rule.showInputMessage = column.title[:32], _holds(column)[:255], True
    rule.error, rule.showErrorMessage = "This is not in the list. Keep it?", True
    rule.errorStyle = "warning"  # the import says what is wrong
    page.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{FOR_ROWS}")
