"""Read a plan back from a workbook: `perfpipe plan import`. Every mistake is named by sheet and cell, all at once."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from perfpipe.measures.definition import Measure
from perfpipe.plan.load import checked
from perfpipe.plan.model import Plan
from perfpipe.plan.workbook.cells import filled, read_cell
from perfpipe.plan.workbook.sheet_model import PlanColumn, PlanSheet
from perfpipe.plan.workbook.sheets import EXPLAINED, MADE_FROM, SHEETS
from perfpipe.toml_files.models import SettingsError

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Keys = tuple[str, ...]
MOST_ROWS = 20_000  # of a sheet: more is not a plan


class Place(NamedTuple):
    """A cell, in the order in which sheets are read; row 0 is the sheet itself."""

    sheet: int
    row: int
    column: int
    shown: str


@dataclass
class PlanReading:
    """What was read: the tables as in `plan.toml`, where each key is, and what is wrong with cells."""

    tables: dict[str, Any] = field(default_factory=dict)
    places: dict[Keys, Place] = field(default_factory=dict)
    problems: dict[Place, str] = field(default_factory=dict)  # the first of each cell
    made_from: str = ""  # the plan from which the workbook was written, as `fingerprint` names it

    def tell(self, place: Place, what: str) -> None:
        """Note what is wrong at a place."""
        self.problems.setdefault(place, what)

    def tell_of(self, keys: Sequence[str], what: str) -> None:
        """Note what is wrong with a key, at its cell or else at that of what it is in."""
        known = [keys[:depth] for depth in range(len(keys), -1, -1) if tuple(keys[:depth]) in self.places]
        inner = keys[len(known[0]) if known else 0 :]
        steps = {sheet.steps: sheet.title for sheet in SHEETS if sheet.steps}
        words = ".".join(steps.get(key, key) for key in inner)
        self.tell(
            self.places[tuple(known[0])] if known else Place(0, 0, 0, "the workbook"),
            (f"{words}: " if words else "") + what.replace(" in quotes", ""),
        )

    @property
    def lines(self) -> list[str]:
        """A line for each problem, in the order of sheets, rows and columns."""
        return [f"{place.shown}: {what}" for place, what in sorted(self.problems.items())]


def import_plan(path: Path, measures: Sequence[Measure]) -> tuple[Plan, str]:
    """The plan in a workbook that `perfpipe plan export` wrote, and the plan that it was made from.

    Raises SettingsError with one line for each mistake: file, sheet, cell and what is wrong.
    """
    found = read_book(_opened(path))
    plan, problems = checked(found.tables, measures)
    for keys, what in problems:
        found.tell_of(keys, what)
    if found.problems or plan is None:
        raise SettingsError([f"{path.name}, {line}" for line in found.lines])
    return plan, found.made_from


def _opened(path: Path) -> Workbook:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(path)
    except FileNotFoundError:
        raise SettingsError([f"{path}: not found"]) from None
    except (
        InvalidFileException,
        BadZipFile,
        ParseError,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        TypeError,
        OSError,
    ):
        raise SettingsError([f"{path}: not an Excel workbook (.xlsx) that can be read"]) from None


def read_book(workbook: Workbook) -> PlanReading:
    """The tables that the sheets of a workbook make; nothing is checked but the cells themselves."""
    found = PlanReading()
    known = {sheet.title for sheet in SHEETS} | {EXPLAINED}
    for name in workbook.sheetnames:
        if name not in known:
            what = f"is not a sheet of the plan; expected {', '.join(each.title for each in SHEETS)}"
            found.tell(Place(len(SHEETS), 0, 0, f"sheet {name}"), what)
    if EXPLAINED in workbook.sheetnames:
        rows = workbook[EXPLAINED].iter_rows(max_col=2, values_only=True)
        found.made_from = next((str(right) for left, right in rows if left == MADE_FROM), "")
    for sheet in SHEETS:
        if sheet.title not in workbook.sheetnames:
            found.tell(_sheet(sheet), "is missing")
            continue
        page = workbook[sheet.title]
        if sheet.table and not sheet.single:
            found.places.setdefault((sheet.table,), _sheet(sheet))
        columns = _columns(page, sheet, found)
        if page.max_row > MOST_ROWS:
            found.tell(_sheet(sheet), f"has {page.max_row} rows; expected at most {MOST_ROWS}")
            continue
        for row in page.iter_rows(min_row=2):
            cells = {column: row[place] for place, column in columns.items()}
            outside = [cell for place, cell in enumerate(row) if place not in columns and cell.value is not None]
            for cell in outside:
                found.tell(_place(sheet, cell), "is under no header; nothing is read from here")
            if any(filled(cell) for cell in cells.values()):
                _add(found, sheet, cells)
    return found


def _columns(page: Worksheet, sheet: PlanSheet, found: PlanReading) -> dict[int, PlanColumn]:
    """The columns of a sheet by their place, by the headers in its first row."""
    by_title = {column.title.casefold(): column for column in sheet.columns}
    columns: dict[int, PlanColumn] = {}
    for place, cell in enumerate(page[1]):
        if not filled(cell):
            continue
        column = by_title.get(" ".join(str(cell.value).split()).casefold())
        if column is None or column in columns.values():
            told = "is listed twice" if column else "is not a header of this sheet"
            expected = ", ".join(each.title for each in sheet.columns)
            found.tell(_place(sheet, cell), f"{str(cell.value)!r} {told}; expected {expected}")
        else:
            columns[place] = column
    for column in sheet.columns:
        if column not in columns.values():
            found.tell(
                Place(SHEETS.index(sheet), 1, len(columns), f"sheet {sheet.title}, cell A1 and on"),
                f"the column {column.title!r} is missing",
            )
    return columns


def _add(found: PlanReading, sheet: PlanSheet, cells: dict[PlanColumn, Cell]) -> None:
    """One row, as an entry of its table or as a step of an entry."""
    entry: dict[str, Any] = {}
    for column, cell in cells.items():
        value, wrong = read_cell(cell, column)
        if wrong:
            found.tell(_place(sheet, cell), f"{column.title}: {wrong}")
        if value is not None:
            entry[column.key] = value
    keys = _put(found, sheet, entry, cells)
    if keys is None:
        return
    found.places.setdefault(keys, _place(sheet, next(iter(cells.values()))))
    for column, cell in cells.items():
        found.places.setdefault((*keys, column.key), _place(sheet, cell))


def _put(found: PlanReading, sheet: PlanSheet, entry: dict[str, Any], cells: dict[PlanColumn, Cell]) -> Keys | None:
    """Put an entry where it belongs and return the keys that lead to it; None where it belongs nowhere."""
    first = next((cell for column, cell in cells.items() if column.key == "id"), next(iter(cells.values())))
    place, name = _place(sheet, first), entry.get("id")
    if sheet.single:
        keys = (sheet.table,) if sheet.table else ()
        if keys in found.places:
            found.tell(place, "a second row; this sheet has only one")
        held = found.tables.setdefault(sheet.table, {}) if sheet.table else found.tables
        held |= {key: value for key, value in entry.items() if key not in held}
        return keys
    if sheet.steps:
        return _put_step(found, sheet, entry, place)
    if sheet.table == "targets":
        table = found.tables.setdefault("targets", {})
        if name is None or name in table:
            found.tell(place, "is blank" if name is None else f"{name!r} is used twice")
            return None
        table[name] = {key: value for key, value in entry.items() if key != "id"}
        return ("targets", name)
    entries = found.tables.setdefault(sheet.table, [])
    entries.append(entry)
    return (sheet.table, str(len(entries) - 1))


def _put_step(found: PlanReading, sheet: PlanSheet, step: dict[str, Any], place: Place) -> Keys | None:
    name = step.pop("id", None)
    held = found.tables.get(sheet.table, {})
    named = held.items() if isinstance(held, dict) else ((each.get("id"), each) for each in held)
    for number, (each, entry) in enumerate(named):
        if each == name and name is not None:
            steps = entry.setdefault(sheet.steps, [])
            steps.append(step)
            key = str(each) if isinstance(held, dict) else str(number)
            return (sheet.table, key, sheet.steps, str(len(steps) - 1))
    parent = next(each.title for each in SHEETS if each.table == sheet.table)
    found.tell(place, "is blank" if name is None else f"{name!r} is not on the sheet {parent}")
    return None


def _place(sheet: PlanSheet, cell: Cell) -> Place:
    return Place(SHEETS.index(sheet), cell.row, cell.column, f"sheet {sheet.title}, cell {cell.coordinate}")


def _sheet(sheet: PlanSheet) -> Place:
    return Place(SHEETS.index(sheet), 0, 0, f"sheet {sheet.title}")
