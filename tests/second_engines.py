"""The cells of a workbook by other programs' eyes: openpyxl, xlrd, pyxlsb, and plain walks over the XML.

Each gives, by sheet name, the cells that are not blank by (row, column) from 0: (kind, text) as `rawcells` has them,
numbers as ("n", float).
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

Cell = tuple[str, object]
Sheets = dict[str, dict[tuple[int, int], Cell]]
HALF = timedelta(milliseconds=500)


def value_of(value: object) -> Cell | None:
    """A Python value as a cell."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        return "b", str(value)
    if isinstance(value, int | float):
        return "n", float(value)
    if isinstance(value, datetime):
        return "D", (value + HALF).isoformat(sep=" ", timespec="seconds")
    return ("T", "") if isinstance(value, time | timedelta) else ("t", str(value))


def by_openpyxl(path: Path) -> Sheets:
    """Workbooks of today; raises for those that it gives no sheets of (strict OOXML, templates)."""
    content = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(content))
    sheets: Sheets = {}
    for sheet in values.worksheets:
        cells = sheets.setdefault(sheet.title, {})
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            formula = formulas[sheet.title].cell(cell.row, cell.column).data_type == "f"
            found = ("e", "") if cell.data_type == "e" else value_of(cell.value)
            found = ("f", "") if found is None and formula else found
            if found:
                cells[cell.row - 1, cell.column - 1] = found
    if not sheets:
        raise ValueError("no sheets")
    return sheets


def by_xml(path: Path) -> Sheets:
    """The sheets of an .xlsx by a plain walk over its XML; dates stay numbers."""
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        strings = [
            "".join(
                t.text or "" for part in item if _local(part) in ("t", "r") for t in part.iter() if _local(t) == "t"
            )
            for name in names
            if name.lower().endswith("sharedstrings.xml")
            for item in ElementTree.fromstring(package.read(name))
        ]
        book = next(name for name in names if name.endswith("workbook.xml"))
        rels = next(name for name in names if name.endswith("workbook.xml.rels"))
        targets = {r.get("Id"): r.get("Target", "") for r in ElementTree.fromstring(package.read(rels))}
        sheets: Sheets = {}
        for element in ElementTree.fromstring(package.read(book)).iter():
            if _local(element) == "sheet":
                target = next(targets[v] for k, v in element.attrib.items() if k.endswith("}id"))
                member = next(name for name in names if name.endswith(target.lstrip("/")))
                root = ElementTree.fromstring(package.read(member))
                cells = (cell for cell in root.iter() if _local(cell) == "c")
                found = {_place(cell.get("r", "")): _xml_cell(cell, strings) for cell in cells}
                sheets[element.get("name", "")] = {place: cell for place, cell in found.items() if cell}
        return sheets


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _place(reference: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]+)(\d+)", reference)
    assert match is not None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _xml_cell(cell: ElementTree.Element, strings: list[str]) -> Cell | None:
    kind = cell.get("t", "n")
    value = next((part.text for part in cell if _local(part) == "v"), None)
    if kind == "inlineStr":
        return value_of("".join(part.text or "" for part in cell.iter() if _local(part) == "t"))
    if value is None:
        return None
    plain: dict[str, Callable[[str], Cell | None]] = {
        "s": lambda text: value_of(strings[int(text)]), "str": value_of, "b": lambda text: ("b", str(text == "1")),
        "e": lambda _: ("e", ""), "n": lambda text: ("n", float(text)),
    }  # fmt: skip
    return plain[kind](value)


def by_xlrd(path: Path) -> Sheets:
    """Old workbooks. Names of ranges and notes are left aside: xlrd fails on odd ones, and they are no cells."""
    xlrd = pytest.importorskip("xlrd", reason="xlrd, a development dependency, is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlrd.book.Book, "names_epilogue", lambda _: None)
        patch.setattr(xlrd.sheet.Sheet, "handle_note", lambda *_: None)
        book = xlrd.open_workbook(str(path), logfile=io.StringIO())
        return {sheet.name: dict(_xlrd_cells(xlrd, book, sheet)) for sheet in book.sheets()}


def _xlrd_cells(xlrd, book, sheet) -> Iterator[tuple[tuple[int, int], Cell]]:  # type: ignore[no-untyped-def]
    for row in range(sheet.nrows):
        for column in range(sheet.ncols):
            kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
            found: Cell | None = None
            if kind == xlrd.XL_CELL_DATE:
                date = xlrd.xldate_as_datetime(value, book.datemode)
                found = value_of(date) if value >= 1 else ("T", "")
            elif kind == xlrd.XL_CELL_ERROR:
                found = ("e", "")
            elif kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                found = value_of(bool(value) if kind == xlrd.XL_CELL_BOOLEAN else value)
            if found:
                yield (row, column), found


def by_pyxlsb(path: Path) -> Sheets:
    """Binary workbooks; dates stay numbers."""
    pyxlsb = pytest.importorskip("pyxlsb", reason="pyxlsb, a development dependency, is not installed")
    sheets: Sheets = {}
    content = io.BytesIO()
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(content, "w") as copy:
        for name in package.namelist():  # pyxlsb minds the case of this one
            copy.writestr(name.replace("SharedStrings.bin", "sharedStrings.bin"), package.read(name))
    with pyxlsb.open_workbook(content) as book:
        for name in book.sheets:
            with book.get_sheet(name) as sheet:
                cells = {(c.r, c.c): _pyxlsb_cell(c.v) for row in sheet.rows(sparse=True) for c in row}
                sheets[name] = {place: cell for place, cell in cells.items() if cell}
    return sheets


def _pyxlsb_cell(value: object) -> Cell | None:
    return ("e", "") if isinstance(value, str) and re.fullmatch(r"0x[0-9a-f]+", value) else value_of(value)


def by_content(path: Path) -> Sheets:
    """OpenDocument spreadsheets, by a plain walk over content.xml."""
    with zipfile.ZipFile(path) as package:
        root = ElementTree.fromstring(package.read("content.xml"))
    return {_of(t, "name"): dict(_ods_cells(t)) for t in root.iter() if _local(t) == "table" and _of(t, "name")}


def _of(element: ElementTree.Element, name: str) -> str:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def _ods_cells(table: ElementTree.Element) -> Iterator[tuple[tuple[int, int], Cell]]:
    row = 0
    for element in (e for e in table.iter() if _local(e) == "table-row"):
        cells: list[tuple[int, Cell]] = []
        column = 0
        for cell in (c for c in element if _local(c) in ("table-cell", "covered-table-cell")):
            found, count = _ods_cell(cell), int(_of(cell, "number-columns-repeated") or 1)
            cells += [(column + n, found) for n in range(count if found else 0)]  # type: ignore[misc]
            column += count
        times = int(_of(element, "number-rows-repeated") or 1)
        yield from (((row + n, column), found) for n in range(times if cells else 0) for column, found in cells)
        row += times


def _ods_cell(cell: ElementTree.Element) -> Cell | None:
    kind = next((v for k, v in cell.attrib.items() if k.endswith("office:1.0}value-type")), "")
    if any("calcext" in k and v == "error" for k, v in cell.attrib.items()):
        return "e", ""
    text = "\n".join("".join(part.itertext()) for part in cell if _local(part) == "p")
    if kind in ("float", "percentage", "currency"):
        return "n", float(_of(cell, "value"))
    if kind == "date":
        return value_of(datetime.fromisoformat(_of(cell, "date-value")))
    if kind in ("boolean", "time"):
        return ("b", str(_of(cell, "boolean-value") == "true")) if kind == "boolean" else ("T", "")
    return value_of(_of(cell, "string-value") or text) if kind == "string" else None


SECOND: dict[str, tuple[Callable[[Path], Sheets], ...]] = {
    ".xlsx": (by_openpyxl, by_xml, by_xlrd), ".xlsm": (by_openpyxl, by_xml), ".xls": (by_xlrd, by_openpyxl),
    ".xlsb": (by_pyxlsb,), ".ods": (by_content,),
}  # fmt: skip


def second_reading(path: Path) -> tuple[str, Sheets]:
    """The name of the first other engine that reads a file, and what it reads. Raises the last one's exception."""
    last: Exception = ValueError("no second engine")
    for engine in SECOND[path.suffix]:
        try:
            return engine.__name__.removeprefix("by_"), engine(path)
        except Exception as error:
            last = error
    raise last
