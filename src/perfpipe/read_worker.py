"""The child process that parses spreadsheets: started as a script, imports little, dies alone.

It reads one request a line (JSON: path, suffix, limits) from standard input and answers on standard output
with a length-prefixed pickle of plain lists and texts: {"sheets": [...]} or {"refused": reason, "detail": text}.
A damaged or hostile file can end this process; the parent turns that into a fault and starts another.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import pickle
import posixpath
import re
import struct
import sys
import zipfile
from typing import Any
from xml.etree import ElementTree

import python_calamine

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SUSPECT = re.compile(rb'<c [^>]*t="e"|<f[ >/]|hidden="(?:1|true)"')
REFERENCE = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')


class Refused(Exception):
    """A file that is not to be parsed; the reason is a code, the detail is words."""


def main() -> None:
    """Serve requests until standard input closes."""
    limits = json.loads(sys.argv[1])
    _limit_memory(limits["memory_bytes"])
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints may reach the answers
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer: dict[str, Any] = {"sheets": read_workbook(request["path"], request["suffix"], limits)}
        except Refused as refused:
            answer = {"refused": refused.args[0], "detail": refused.args[1]}
        except MemoryError:
            answer = {"refused": "too_large", "detail": "needs more memory than is allowed"}
        except Exception as error:
            answer = {"refused": "not_readable", "detail": f"the parser gave up ({type(error).__name__})"}
        data = pickle.dumps(answer, protocol=5)
        out.write(struct.pack("<Q", len(data)) + data)
        out.flush()


def _limit_memory(limit: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows: there the time limit alone holds

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def read_workbook(path: str, suffix: str, limits: dict[str, int]) -> list[dict[str, Any]]:
    """Every worksheet: name, visibility, and rows of cells, each a (kind letter, text), from row 1 on."""
    findings = _scan_package(path, limits) if suffix in (".xlsx", ".xlsm") else {}
    with open(path, "rb") as file:
        workbook = python_calamine.CalamineWorkbook.from_filelike(file)
        sheets = []
        for meta in workbook.sheets_metadata:
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            rows = workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            cells = [[_cell(value) for value in row] for row in rows]
            for row, column, kind, text in findings.get(meta.name, ()):
                _place(cells, row, column, (kind, text))
            visible = meta.visible == python_calamine.SheetVisibleEnum.Visible
            sheets.append({"name": meta.name, "visible": visible, "rows": cells})
    return sheets


def _cell(value: Any) -> tuple[str, str]:
    if value is None or (isinstance(value, str) and not value.strip()):
        return ("-", "")
    if isinstance(value, bool):
        return ("b", str(value))
    if isinstance(value, int | float):
        whole = isinstance(value, int) or (value.is_integer() and abs(value) < 1e15)
        return ("n", str(int(value)) if whole else repr(value))
    if isinstance(value, datetime.datetime):
        return ("D", value.isoformat(sep=" ", timespec="seconds"))
    if isinstance(value, datetime.date):
        return ("d", value.isoformat())
    if isinstance(value, datetime.time | datetime.timedelta):
        return ("T", str(value))
    return ("t", str(value))


def _place(cells: list[list[tuple[str, str]]], row: int, column: int, cell: tuple[str, str]) -> None:
    while len(cells) <= row:
        cells.append([])
    while len(cells[row]) <= column:
        cells[row].append(("-", ""))
    cells[row][column] = cell


def _scan_package(path: str, limits: dict[str, int]) -> dict[str, list[tuple[int, int, str, str]]]:
    """Check declared sizes, and find what the parser hides: error cells and formulas without a value."""
    try:
        package = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise Refused("not_readable", "not a complete workbook: the file is damaged or cut short") from None
    with package:
        if sum(member.file_size for member in package.infolist()) > limits["unpacked_bytes"]:
            raise Refused("too_large", f"unpacks to more than {limits['unpacked_bytes'] // 2**20} MB")
        found = {}
        for name, member in _sheet_members(package).items():
            suspect = _scan_sheet(package, member, limits)
            found[name] = _hidden_by_the_parser(package, member) if suspect else []
        return found


def _sheet_members(package: zipfile.ZipFile) -> dict[str, str]:
    names = {name.lower(): name for name in package.namelist()}
    try:
        book = ElementTree.fromstring(package.read(names["xl/workbook.xml"]))
        relations = ElementTree.fromstring(package.read(names["xl/_rels/workbook.xml.rels"]))
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    members = {}
    for sheet in book.iter(f"{SPREADSHEET}sheet"):
        relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        target = targets.get(relation, "")
        full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if full.lower() in names:
            members[sheet.get("name", "")] = names[full.lower()]
    return members


def _scan_sheet(package: zipfile.ZipFile, member: str, limits: dict[str, int]) -> bool:
    """True if something may hide in the sheet. Refuses a sheet whose cells lie too far out."""
    suspect, tail = False, b""
    with package.open(member) as stream:
        while block := stream.read(2**20):
            data = tail + block
            suspect = suspect or SUSPECT.search(data) is not None
            letters, number = max(
                ((len(a), a), int(b)) for a, b in (REFERENCE.findall(data) or [(b"A", b"1")])
            )
            far_row = max([int(b) for _, b in REFERENCE.findall(data)], default=0)
            if far_row > limits["rows"] or _column_number(letters[1].decode()) > limits["columns"]:
                raise Refused("too_large", f"has cells beyond row {limits['rows']} or column {limits['columns']}")
            tail = data[-200:]
    return suspect


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _hidden_by_the_parser(package: zipfile.ZipFile, member: str) -> list[tuple[int, int, str, str]]:
    found = []
    with package.open(member) as stream:
        for _, element in ElementTree.iterparse(stream):
            if element.tag != f"{SPREADSHEET}c":
                if element.tag == f"{SPREADSHEET}row":
                    element.clear()
                continue
            match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", element.get("r", ""))
            value = element.find(f"{SPREADSHEET}v")
            formula = element.find(f"{SPREADSHEET}f")
            if match and element.get("t") == "e":
                found.append((int(match[2]) - 1, _column_number(match[1]) - 1, "e", (value.text or "") if value is not None else ""))
            elif match and formula is not None and (value is None or value.text is None):
                if element.get("t") == "str" and value is not None:
                    continue  # a formula whose value is an empty text
                found.append((int(match[2]) - 1, _column_number(match[1]) - 1, "f", ""))
    return found


if __name__ == "__main__":
    main()
