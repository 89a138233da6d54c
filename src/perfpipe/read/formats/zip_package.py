"""What the parser hides in a zipped workbook of today (.xlsx, .xlsm): errors, formulas without value, hidden rows.

Runs in the child process, before the parser. `.xlsb` and `.ods` go on to their own modules.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

from perfpipe.read.formats.binary import inspect_xlsb
from perfpipe.read.formats.container import (
    FileRefusal,
    Range,
    SheetMarks,
    WorkbookMarks,
    package_of,
    position_of,
    relations,
)
from perfpipe.read.formats.opendocument import inspect_ods
from perfpipe.rules.containers import NOT_READABLE

USUAL = re.compile(rb'<c r="|<sheetData ?/>|<sheetData></sheetData>')
UNUSUAL = re.compile(rb"""<\w+:c\s|<c\s[^>]*'|<c>|<c\s[^>]*\s=|>\s+<(?:c|f|v|row)[\s>/]|<row>|<!DOCTYPE""")
ERROR, FORMULA = b't="e"', b"<f"
WITHOUT_VALUE = (b"</f></c", b"<v/>", b"<v />", b"<v></v>", b"<f/></c", b'"/></c>')
TWO_LETTERS = re.compile(rb'r="[A-Z][A-Z]')
HIDDEN_ROW = re.compile(rb'<row ([^>]*)hidden="(?:1|true)"([^>]*)>')
HIDDEN_COLUMN = re.compile(rb'<col [^>]*hidden="(?:1|true)"[^>]*>')
MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
OVERLAP = 1024  # bytes of a block looked at again with the next one


def inspect_package(file: BinaryIO, limits: dict[str, int]) -> WorkbookMarks:
    """What the parser would not report of a zipped workbook. Raises Refused."""
    try:
        with package_of(file, limits) as package:
            names = {name.lower().lstrip("/"): name for name in package.namelist()}
            if "xl/workbook.bin" in names:
                return inspect_xlsb(package, names, limits)
            if "content.xml" in names:
                return inspect_ods(package, names, limits)
            return _inspect_xlsx(package, names, limits)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ElementTree.ParseError, ValueError, KeyError):
        raise FileRefusal.damaged() from None
    except RuntimeError:  # a member with a password
        raise FileRefusal.encrypted() from None


def _inspect_xlsx(package: zipfile.ZipFile, names: dict[str, str], limits: dict[str, int]) -> WorkbookMarks:
    roots = [*relations(package, names, "").values(), "xl/workbook.xml"]
    root = next((name for name in roots if posixpath.basename(name).lower() == "workbook.xml"), "xl/workbook.xml")
    if root.lower() not in names:
        return WorkbookMarks()
    book = WorkbookMarks(macros=any(name.endswith("vbaproject.bin") for name in names))
    members = relations(package, names, root.lower())
    workbook = ElementTree.fromstring(package.read(names[root.lower()]))
    own = str(workbook.tag).removesuffix("workbook")  # its namespace: newer Excels add elements of the same names
    for element in workbook.iter():
        if element.tag == f"{own}workbookPr":
            book.from_1904 = element.get("date1904", "0") in ("1", "true", "on")
        elif _local_name(element.tag) == "workbookPr" and "date1904" in element.attrib:  # the parser would follow it
            raise FileRefusal(NOT_READABLE, "two statements of the year from which its days count")
        elif element.tag == f"{own}sheet":
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
            if relation in members:
                book.sheets[element.get("name", "")] = _look(package, members[relation], limits)
    return book


def _local_name(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _look(package: zipfile.ZipFile, member: str, limits: dict[str, int]) -> SheetMarks:
    """A quick search of the text as spreadsheet programs write it; a sheet written otherwise gets a close look."""
    seen = SheetMarks()
    tail, formulas, hidden_rows = b"", False, set()
    with package.open(member) as stream:
        block = stream.read(2**20)
        if UNUSUAL.search(block) or not USUAL.search(block):
            return _look_closely(package, member, limits)
        far_row, far_column = _far_references(limits)
        columns = HIDDEN_COLUMN.findall(block)
        while block:
            data = tail + block
            formulas = formulas or FORMULA in data
            if ERROR in data or far_row.search(data) or (TWO_LETTERS.search(data) and far_column.search(data)):
                return _look_closely(package, member, limits)
            if formulas and any(text in data for text in WITHOUT_VALUE):
                return _look_closely(package, member, limits)
            if b"hidden=" in data:
                hidden_rows |= {_number_in(b" r=", b" " + a + b" " + b) - 1 for a, b in HIDDEN_ROW.findall(data)}
            if b"<mergeCell" in data:
                seen.merged += [range_of(text.decode()) for text in MERGED.findall(data)]
            tail = data[-OVERLAP:]
            block = stream.read(2**20)
    if min(hidden_rows, default=0) < 0:  # a row that does not say which it is
        return _look_closely(package, member, limits)
    seen.hidden_rows = sorted(hidden_rows)
    for column in columns:
        seen.hidden_columns += _columns(_number_in(b" min=", column), _number_in(b" max=", column), limits)
    seen.merged = sorted(set(seen.merged))
    return seen


def _number_in(key: bytes, attributes: bytes) -> int:
    match = re.search(re.escape(key) + rb'"(\d{1,7})"', attributes)
    return int(match[1]) if match else 0


def _columns(first: int, last: int, limits: dict[str, int]) -> list[int]:
    return list(range(first - 1, min(last, limits["columns"])))


def _far_references(limits: dict[str, int]) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Rows, and columns of two letters or more, that may lie beyond the limits; the close look decides."""
    rows, last = str(limits["rows"]), limits["columns"]
    number = rf'(?:[{rows[0]}-9]\d{{{len(rows) - 1}}}|\d{{{len(rows) + 1},}})"'
    letters = rf"[A-Z]{{3}}|[{chr(64 + (last - 1) // 26)}-Z][A-Z]" if 26 < last <= 702 else "[A-Z]{2,3}"
    return re.compile(rf'<row r="{number}'.encode()), re.compile(rf'r="(?:{letters})\d'.encode())


def range_of(text: str) -> Range:
    """Rows and columns from 0 of a reference such as B2:C4."""
    match = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?", text)
    if match is None:
        raise ValueError("not a range of cells")
    first = (int(match[2]) - 1, position_of(match[1]))
    return (*first, int(match[4]) - 1, position_of(match[3])) if match[3] else (*first, *first)


def _look_closely(package: zipfile.ZipFile, member: str, limits: dict[str, int]) -> SheetMarks:
    """Every cell in turn. Refuses cells with a value too far out; mere formatting may be there."""
    seen = SheetMarks()
    for row, column, element in _elements(package, member):
        name = _local_name(element.tag)
        if name == "c":
            _cell(seen, row, column, element, limits)
        elif name == "row" and element.get("hidden") in ("1", "true"):
            seen.hidden_rows.append(row)
        elif name == "col" and element.get("hidden") in ("1", "true"):
            first, last = element.get("min", ""), element.get("max", "")
            seen.hidden_columns += _columns(int(first), int(last), limits)
        elif name == "mergeCell":
            seen.merged.append(range_of(element.get("ref", "")))
    return seen


def _cell(seen: SheetMarks, row: int, column: int, cell: ElementTree.Element, limits: dict[str, int]) -> None:
    parts = {_local_name(part.tag): part for part in cell}
    value, kind = parts.get("v"), cell.get("t")
    text = (value.text or "") if value is not None else ""
    if (text or "is" in parts or "f" in parts) and (row >= limits["rows"] or column >= limits["columns"]):
        raise FileRefusal.too_large(limits)
    if kind == "e":
        seen.findings.append((row, column, "e", ""))
    elif "f" in parts and not text and not (kind == "str" and value is not None):
        seen.findings.append((row, column, "f", ""))  # kind str with an empty value: a formula that gives empty text


def _elements(package: zipfile.ZipFile, member: str) -> Iterator[tuple[int, int, ElementTree.Element]]:
    """Every cell, row, column and merged range; a cell or row that does not say where it is comes next."""
    row, column = -1, -1
    with package.open(member) as stream:
        for event, element in ElementTree.iterparse(stream, events=("start", "end")):
            name = _local_name(element.tag)
            if event == "start" and name == "row":
                stated = element.get("r", "")
                row, column = int(stated) - 1 if stated.isdecimal() else row + 1, -1
                yield row, column, element
            elif event == "start" and name == "c":
                match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", element.get("r", ""))
                row, column = (int(match[2]) - 1, position_of(match[1])) if match else (row, column + 1)
            elif event == "end" and name in ("c", "col", "mergeCell"):
                yield row, column, element
            elif event == "end" and name in ("row", "sheetData"):
                element.clear()
