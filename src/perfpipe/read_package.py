"""What a spreadsheet file is, how large it says it is, and what the parser hides: errors, formulas without value.

Runs in the child process, before the parser.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

Finding = tuple[int, int, str, str]  # row and column from 0, kind, text

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
USUAL = re.compile(rb'<c r="|<sheetData ?/>|<sheetData></sheetData>')
UNUSUAL = re.compile(rb"""<\w+:c\s|<c\s[^>]*'|<c>|<c\s[^>]*\s=|>\s+<(?:c|f|v|row)[\s>/]""")
ERROR, FORMULA = b't="e"', b"<f"
WITHOUT_VALUE = (b"</f></c", b"<v/>", b"<v />", b"<v></v>", b"<f/></c", b'"/></c>')
OVERLAP = 1024  # bytes of a block looked at again with the next one


class Refused(Exception):
    """A file that is not to be parsed: a reason code, words, and what to do (empty: save and send again)."""

    def __init__(self, reason: str, detail: str, what_to_do: str = "") -> None:
        super().__init__(reason, detail, what_to_do)

    @classmethod
    def encrypted(cls) -> Refused:
        """A file with a password."""
        return cls("encrypted", "is protected by a password", "Save it without a password and send it again.")

    @classmethod
    def too_large(cls, limits: dict[str, int]) -> Refused:
        """A sheet whose cells lie too far out."""
        detail = f"has cells beyond row {limits['rows']} or column {limits['columns']}, or too large a sheet"
        return cls("too_large", detail, "Delete the cells far below or beside the table, and save it again.")


def inspect(path: str, limits: dict[str, int]) -> dict[str, list[Finding]]:
    """By sheet, the cells that the parser would show as blank. Raises Refused. Goes by content, not by name."""
    with open(path, "rb") as file:
        start = file.read(2048)
        if start.startswith(OLE):
            _refuse_encrypted_package(file)
            return {}
    if not start:
        raise Refused("empty_file", "is an empty file of 0 bytes", "Export it again and send it again.")
    if start.startswith(ZIP):
        return _inspect_package(path, limits)
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<", start):
        detail = "is a web page or XML file with the name of a workbook"
        raise Refused("not_a_workbook", detail, "Open it in Excel, save it as an Excel workbook (.xlsx) and send that.")
    return {}


def _refuse_encrypted_package(file: BinaryIO) -> None:
    """A workbook of today with a password is an old-style container with a stream EncryptedPackage."""
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in file.read(2**20):
        raise Refused.encrypted()


def _inspect_package(path: str, limits: dict[str, int]) -> dict[str, list[Finding]]:
    try:
        with zipfile.ZipFile(path) as package:
            if sum(member.file_size for member in package.infolist()) > limits["unpacked_bytes"]:
                raise Refused("too_large", f"unpacks to more than {limits['unpacked_bytes'] // 2**20} MB")
            found = {}
            for name, member in _sheet_members(package).items():
                close = _needs_a_close_look(package, member, limits)
                found[name] = _hidden_by_the_parser(package, member, limits) if close else []
            return found
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ElementTree.ParseError):
        raise Refused("not_readable", "not a complete workbook: the file is damaged or cut short") from None
    except RuntimeError:  # a member with a password
        raise Refused.encrypted() from None


def _sheet_members(package: zipfile.ZipFile) -> dict[str, str]:
    """The members that hold the sheets of an .xlsx or .xlsm, by sheet name; none for .xlsb and .ods."""
    names = {name.lower().lstrip("/"): name for name in package.namelist()}
    if "xl/workbook.xml" not in names:
        return {}
    book = ElementTree.fromstring(package.read(names["xl/workbook.xml"]))
    relations = names.get("xl/_rels/workbook.xml.rels")
    targets = (
        {r.get("Id"): r.get("Target", "") for r in ElementTree.fromstring(package.read(relations))} if relations else {}
    )
    members = {}
    for sheet in book.iter():
        if _local_name(sheet.tag) != "sheet":
            continue
        relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        target = targets.get(relation, "").replace("\\", "/")
        full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if full.lower() in names:
            members[sheet.get("name", "")] = names[full.lower()]
    return members


def _local_name(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _needs_a_close_look(package: zipfile.ZipFile, member: str, limits: dict[str, int]) -> bool:
    """Whether errors or formulas without a value may stand in a sheet, or cells too far out.

    A quick search of the text as spreadsheet programs write it; a sheet written otherwise gets the close look.
    """
    tail = b""
    with package.open(member) as stream:
        first = stream.read(2**20)
        if UNUSUAL.search(first) or not USUAL.search(first):
            return True
        far = _far_reference(limits)
        block, formulas = first, False
        while block:
            data = tail + block
            formulas = formulas or FORMULA in data
            if ERROR in data or far.search(data) or (formulas and any(text in data for text in WITHOUT_VALUE)):
                return True
            tail = data[-OVERLAP:]
            block = stream.read(2**20)
    return False


def _far_reference(limits: dict[str, int]) -> re.Pattern[bytes]:
    """References that may lie beyond the limits; the close look decides."""
    rows = str(limits["rows"])
    number = rf"(?:[{rows[0]}-9]\d{{{len(rows) - 1}}}|\d{{{len(rows) + 1},}})"
    first = chr(64 + (limits["columns"] - 1) // 26)
    return re.compile(rf'r="(?:[A-Z]*{number}"|[A-Z]{{3}}|[{first}-Z][A-Z]\d)'.encode())


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _hidden_by_the_parser(package: zipfile.ZipFile, member: str, limits: dict[str, int]) -> list[Finding]:
    """Errors and formulas without a value. Refuses cells with a value too far out; mere formatting may be there."""
    found = []
    for row, column, cell in _cells(package, member):
        parts = {_local_name(part.tag): part for part in cell}
        value, kind = parts.get("v"), cell.get("t")
        text = (value.text or "") if value is not None else ""
        if (text or "is" in parts or "f" in parts) and (row >= limits["rows"] or column >= limits["columns"]):
            raise Refused.too_large(limits)
        if kind == "e":
            found.append((row, column, "e", ""))
        elif "f" in parts and not text and not (kind == "str" and value is not None):
            found.append((row, column, "f", ""))  # kind str with an empty value: a formula that gives empty text
    return found


def _cells(package: zipfile.ZipFile, member: str) -> Iterator[tuple[int, int, ElementTree.Element]]:
    """Row and column from 0 and element of every cell; a cell or row that does not say where it is comes next."""
    row, column = -1, -1
    with package.open(member) as stream:
        for event, element in ElementTree.iterparse(stream, events=("start", "end")):
            name = _local_name(element.tag)
            if event == "start" and name == "row":
                stated = element.get("r", "")
                row, column = int(stated) - 1 if stated.isdecimal() else row + 1, -1
            elif event == "start" and name == "c":
                match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", element.get("r", ""))
                row, column = (int(match[2]) - 1, _column_number(match[1]) - 1) if match else (row, column + 1)
            elif event == "end" and name == "c":
                yield row, column, element
            elif event == "end" and name in ("row", "sheetData"):
                element.clear()
