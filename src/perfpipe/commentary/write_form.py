"""Write the workbook in which owners write: what is given is locked, what is to be filled in is yellow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from perfpipe.commentary.form import (
    BY_KEY,
    COLUMNS,
    HEADER_ROW,
    HELP,
    LISTS,
    SAID,
    SHEET,
    TO_FILL,
    WORDS,
    FormColumn,
    FormRow,
    Holds,
    key_of,
)
from perfpipe.commentary.form_help import IN_SHORT, NOT_TO_WRITE, help_lines, prompt_of
from perfpipe.dates.months import Month

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

NOT_IN_CELLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LINE, HEAD_HEIGHT, LEAST_LINES, MOST_LINES = 15, 32, 7, 26  # points; lines of a row, ready to be written in
ZOOM = 85
YELLOW, GREY, RED = "FFF7D6", "EDEFF2", "F6CFCB"
DAY = "dd/mm/yyyy"
FONT = "Calibri"


def write_form(rows: Sequence[FormRow], roles: Sequence[str], month: Month, path: Path) -> None:
    """Write the workbook. The same rows give the same bytes."""
    from openpyxl import Workbook

    from perfpipe.stable_workbooks import save_workbook

    workbook = Workbook()
    page = workbook.active
    assert page is not None
    page.title = SHEET
    _head(page, month)
    for number, row in enumerate(rows, HEADER_ROW + 1):
        _row(page, number, row, roles, month)
    _help_with(page, len(rows), len(roles))
    _remind(page, len(rows))
    _set_up(page, len(rows))
    _explain(workbook.create_sheet(HELP), month)
    lists = workbook.create_sheet(LISTS)
    for number, role in enumerate(roles, 1):
        _put(lists.cell(number, 1), role)
    lists.sheet_state = "hidden"
    lists.protection.enable()
    path.parent.mkdir(parents=True, exist_ok=True)
    save_workbook(workbook, path)


def _put(cell: Cell, text: str) -> None:
    cell.value = NOT_IN_CELLS.sub("", text) or None
    if cell.value is not None:
        cell.data_type = "s"  # text, even where it begins with = or looks like a number


def _head(page: Worksheet, month: Month) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    _put(page["A1"], f"Commentary on {month.label}, for the Board")
    page["A1"].font = Font(name=FONT, bold=True, size=16)
    _put(page["A2"], IN_SHORT)
    _put(page["A3"], NOT_TO_WRITE)
    page["A3"].font = Font(name=FONT, bold=True)
    for number, column in enumerate(COLUMNS, 1):
        cell = page.cell(HEADER_ROW, number)
        _put(cell, _header(column))
        cell.font = Font(name=FONT, bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.fill = PatternFill("solid", fgColor=YELLOW if column in TO_FILL else GREY)
    page.row_dimensions[1].height = 26
    page.row_dimensions[HEADER_ROW].height = HEAD_HEIGHT


def _header(column: FormColumn) -> str:
    return f"{column.title}\n(at most {column.longest} letters)" if column.longest else column.title


def _row(page: Worksheet, number: int, row: FormRow, roles: Sequence[str], month: Month) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    line = Side(style="thin", color="C9CED6")
    own = next((role for role in roles if role.casefold() == row.owner.casefold()), "")
    given = {
        "owner": row.owner, "measure": row.measure, "asked": row.asked, "figures": row.figures,
        "sentence": row.sentence, "before": row.before, "role": own, "key": key_of(row.place, month),
        "shown": row.shown, "status": row.status,
    }  # fmt: skip
    for place, column in enumerate(COLUMNS, 1):
        cell = page.cell(number, place)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = Border(top=line, bottom=line, left=line, right=line)
        if column in TO_FILL:
            cell.fill = PatternFill("solid", fgColor=YELLOW)
            cell.protection = Protection(locked=False)
            cell.number_format = DAY if column.holds is Holds.DAY else "@"
        if column.key == "length":
            cell.value = _length(number)
        else:
            _put(cell, given.get(column.key, ""))
    page.cell(number, 2).font = Font(name=FONT, bold=True)
    page.cell(number, 3).font = Font(name=FONT, bold=row.is_asked)
    needed = max(_lines(str(given.get(column.key, "")), column.width) for column in COLUMNS[:6])
    page.row_dimensions[number].height = LINE * min(max(needed, LEAST_LINES), MOST_LINES)


def _lines(text: str, width: float) -> int:
    return sum(max(1, ceil(len(part) * 1.1 / width)) for part in text.split("\n"))


def _length(row: int) -> str:
    """A formula: how many letters each text has, of how many."""
    parts = (f'LEN({_letter(column)}{row})&" of {column.longest}"' for column in WORDS)
    return "=" + "&CHAR(10)&".join(parts)


def _letter(column: FormColumn) -> str:
    from openpyxl.utils import get_column_letter

    letter: str = get_column_letter(COLUMNS.index(column) + 1)
    return letter


def _help_with(page: Worksheet, rows: int, roles: int) -> None:
    """Lists, limits and messages on the cells to fill in; what is too long turns red."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    first, last = HEADER_ROW + 1, HEADER_ROW + max(rows, 1)
    for column in TO_FILL:
        area = f"{_letter(column)}{first}:{_letter(column)}{last}"
        if column.holds is Holds.WORDS:
            rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(column.longest))
            rule.error = f"This is longer than {column.longest} letters, and would be left out. Keep it for now?"
            too_long = f"LEN({_letter(column)}{first})>{column.longest}"
            page.conditional_formatting.add(
                area, FormulaRule([too_long], fill=PatternFill(bgColor=RED, fill_type="solid"))
            )
        elif column.holds is Holds.DAY:
            rule = DataValidation(type="date", operator="greaterThan", formula1="DATE(2000,1,1)")
            rule.error = "This is not a day. Write it as 30/06/2018. Keep it?"
        else:
            rule = DataValidation(type="list", formula1=f"'{LISTS}'!$A$1:$A${max(roles, 1)}")
            rule.error = "This role is not in the list. Keep it?"
        rule.allow_blank, rule.showErrorMessage, rule.errorStyle = True, True, "warning"  # `check` says what is wrong
        rule.promptTitle, rule.prompt, rule.showInputMessage = column.title[:32], prompt_of(column), True
        page.add_data_validation(rule)
        rule.add(area)


def _remind(page: Worksheet, rows: int) -> None:
    """Role and day turn red in a row that has words and lacks them: without, it is left out."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill

    first, last = HEADER_ROW + 1, HEADER_ROW + max(rows, 1)
    said = "&".join(f"${_letter(BY_KEY[key])}{first}" for key in SAID)
    for letter in (_letter(BY_KEY[key]) for key in ("role", "written_on")):
        lacks = f'AND(LEN({said})>0,{letter}{first}="")'
        red = PatternFill(bgColor=RED, fill_type="solid")
        page.conditional_formatting.add(f"{letter}{first}:{letter}{last}", FormulaRule([lacks], fill=red))


def _set_up(page: Worksheet, rows: int) -> None:
    for column in COLUMNS:
        dimension = page.column_dimensions[_letter(column)]
        dimension.width = column.width
        dimension.hidden = column.holds is Holds.KEPT
    page.freeze_panes = page.cell(HEADER_ROW + 1, COLUMNS.index(BY_KEY["asked"]) + 1)
    page.sheet_view.zoomScale = ZOOM
    page.sheet_view.showGridLines = False
    page.auto_filter.ref = f"A{HEADER_ROW}:{_letter(BY_KEY['length'])}{HEADER_ROW + max(rows, 1)}"
    page.protection.enable()  # without a password: it keeps from slips, not from purpose
    page.protection.autoFilter = page.protection.formatRows = page.protection.formatColumns = False  # allowed
    _print_on(page, page.PAPERSIZE_A3)
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def _print_on(page: Worksheet, paper: str) -> None:
    """Landscape, one page wide."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", paper
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _explain(page: Worksheet, month: Month) -> None:
    from openpyxl.styles import Alignment, Font

    for number, (left, right) in enumerate(help_lines(month), 1):
        for place, text in enumerate((left, right), 1):
            _put(page.cell(number, place), text)
            page.cell(number, place).alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(number, 1).font = Font(name=FONT, bold=True)
        page.row_dimensions[number].height = LINE * _lines(right, 105)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 30, 110
    _print_on(page, page.PAPERSIZE_A4)
    page.sheet_view.showGridLines = False
    page.protection.enable()
