"""What a cell of the plan's workbook means, and what is wrong with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from perfpipe.dates.months import Month
from perfpipe.plan.workbook.sheet_model import CellContent, PlanColumn
from perfpipe.plan.workbook.sheets import NO, YES

if TYPE_CHECKING:
    from openpyxl.cell import Cell


def filled(cell: Cell) -> bool:
    """Whether a cell holds anything but spaces."""
    return cell.value is not None and str(cell.value).strip() != ""


def read_cell(cell: Cell, column: PlanColumn) -> tuple[object, str]:
    """What a cell means, as in `plan.toml`, or None where it is blank; and what is wrong with it."""
    value = cell.value
    if not filled(cell):
        return None, ""
    if cell.data_type == "f":
        return None, "a formula; expected the value itself"
    if cell.data_type == "e":
        return None, f"an Excel error; expected {column.cells}"
    if isinstance(value, bool):
        if column.cells is not CellContent.YES_NO:
            return None, f"{str(value).upper()} means yes or no; expected {column.cells}"
        value = YES if value else NO
    if isinstance(value, date):
        return _dated(value, column)
    if isinstance(value, int | float):
        if column.cells in (CellContent.DAY, CellContent.MONTH):
            return str(value), f"a number; expected {column.cells}"
        if (
            isinstance(value, float)
            and not value.is_integer()
            and column.cells not in (CellContent.NUMBER, CellContent.WHOLE)
        ):
            return repr(value), "a number with decimals; write it as text, as 4.10 would come back as 4.1"
        value = str(int(value)) if value == int(value) else repr(value)
    text = str(value).strip()
    if column.cells is CellContent.YES_NO:
        answer = {YES: True, NO: False}.get(text.casefold())
        return answer, "" if answer is not None else f"expected yes or no; found {text!r}"
    if column.cells is CellContent.LIST:
        return [line.strip() for line in text.splitlines() if line.strip()], ""
    return text.casefold() if column.choices else text, ""


def _dated(value: date, column: PlanColumn) -> tuple[object, str]:
    """A date cell: a day, or the first of a month."""
    if isinstance(value, datetime):
        if (value.hour, value.minute, value.second) != (0, 0, 0):
            return None, f"a time of day; expected {column.cells}"
        value = value.date()
    if column.cells is CellContent.DAY:
        return value.isoformat(), ""
    if column.cells is CellContent.MONTH:
        wrong = "" if value.day == 1 else f"the day {value.isoformat()}; expected {column.cells}"
        return str(Month.of(value)), wrong
    return value.isoformat(), f"a date; expected {column.cells}. Excel may have made it one: write it as text"
