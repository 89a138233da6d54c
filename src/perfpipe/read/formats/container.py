"""What a spreadsheet file is, by its content: opened, decrypted where a password is known, or refused with a reason.

Runs in the child process, before the parser.
"""

from __future__ import annotations

import codecs
import io
import os
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree import ElementTree

from perfpipe.rules.containers import (
    EMPTY_FILE,
    ENCRYPTED,
    FORMAT_TOO_OLD,
    NOT_A_WORKBOOK,
    NOT_READABLE,
    PASSWORD_WRONG,
    SHEET_TOO_LARGE,
    TEXT_NAMED_WORKBOOK,
    TOO_LARGE,
)
from perfpipe.rules.rule import Rule

Finding = tuple[int, int, str, str]  # row and column from 0, kind, text
Range = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
BEFORE_1993 = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")  # BIFF 2 to 4: no container yet
EVERYBODYS_PASSWORD = "VelvetSweatshop"  # Excel's own, for workbooks that only ask before they are changed


@dataclass
class SheetMarks:
    """What a sheet holds that the parser does not report: errors, formulas without value, merged and hidden cells.

    `looked`: whether the sheet could be looked through; if not, an error would be taken for a blank cell.
    """

    findings: list[Finding] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    looked: bool = True


@dataclass
class WorkbookMarks:
    """What was seen in a workbook: its sheets by name, or by position where names are in doubt."""

    sheets: dict[str | int, SheetMarks] = field(default_factory=dict)
    macros: bool = False
    from_1904: bool = False


class FileRefusal(Exception):
    """A file that is not to be parsed: the rule that it breaks, one of `REFUSALS`, and words."""

    def __init__(self, rule: Rule, detail: str) -> None:
        super().__init__(rule.id, detail)
        self.rule, self.detail = rule, detail

    @classmethod
    def encrypted(cls, password_given: bool = False) -> FileRefusal:
        """A file with a password that is not known."""
        if password_given:
            return cls(PASSWORD_WRONG, "a file protected by a different password from the one given")
        return cls(ENCRYPTED, "a file protected by a password")

    @classmethod
    def damaged(cls) -> FileRefusal:
        """A file that breaks off or contradicts itself."""
        return cls(NOT_READABLE, "not a complete workbook: the file is damaged or cut short")

    @classmethod
    def too_large(cls, limits: dict[str, int]) -> FileRefusal:
        """A sheet whose cells lie too far out."""
        detail = f"cells beyond row {limits['rows']} or column {limits['columns']}, or too large a sheet"
        return cls(SHEET_TOO_LARGE, detail)


def opened(path: str, password: str, limits: dict[str, int]) -> BinaryIO:
    """The workbook as an open file, decrypted in memory where it has a password. Raises Refused."""
    if os.path.getsize(path) > limits["unpacked_bytes"]:
        raise FileRefusal(TOO_LARGE, f"a file of more than {limits['unpacked_bytes'] // 2**20} MB")
    file: BinaryIO = open(path, "rb")  # noqa: SIM115 (the caller closes it)
    start = file.read(2048)
    if start.startswith(OLE):
        file = _decrypted(file, password)
        file.seek(0)
        start = file.read(2048)
    if not start:
        raise FileRefusal(EMPTY_FILE, "an empty file of 0 bytes")
    if start.startswith(BEFORE_1993):
        raise FileRefusal(FORMAT_TOO_OLD, "a workbook from a version of Excel before 1993")
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe<\0|\xfe\xff\0<", start):
        raise FileRefusal(NOT_A_WORKBOOK, "a web page or XML file named like a workbook")
    if not start.startswith((OLE, ZIP)):
        raise _text_refusal(start) or FileRefusal.damaged()
    file.seek(0)
    return file


def _text_refusal(start: bytes) -> FileRefusal | None:
    """What to say of text that is named like a workbook, as programs write it that "export to Excel"."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = start[: len(start) // 2 * 2].decode("utf-16", errors="replace")
    else:
        text = start.decode("cp1252", errors="replace")
    if re.search(r"[\0-\x08\x0e-\x1f]", text) or not re.search(r"[\r\n\t,;|]", text):
        return None
    if text.startswith("MIME-Version:"):
        return FileRefusal(NOT_A_WORKBOOK, "a web page named like a workbook")
    first = re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0]
    names = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "upright strokes"}
    mark = max(names, key=first.count)
    between = f", with {names[mark]} between its values" if mark in first else ""
    return FileRefusal(TEXT_NAMED_WORKBOOK, f"text with the name of a workbook{between}")


def is_package(file: BinaryIO) -> bool:
    """Whether it is a workbook of today, a zip archive (.xlsx, .xlsm, .xlsb, .ods), and not an old .xls."""
    file.seek(0)
    return file.read(4) == ZIP


def _decrypted(file: BinaryIO, password: str) -> BinaryIO:
    """The file itself if it has no password, else its content without. A wrong or missing password is Refused."""
    if not is_encrypted(file):
        return file
    import msoffcrypto

    for candidate in (password, EVERYBODYS_PASSWORD):
        if not candidate:
            continue
        content = io.BytesIO()
        try:
            file.seek(0)
            book = msoffcrypto.OfficeFile(file)
            old = {} if book.format == "xls97" else {"verify_password": True}
            book.load_key(password=candidate, **old)
            book.decrypt(content)
        except MemoryError:
            raise
        except Exception:  # the library's messages may quote the file: a wrong password, or an unknown scheme
            continue
        return content
    raise FileRefusal.encrypted(bool(password))


def is_encrypted(file: BinaryIO) -> bool:
    """A workbook of today with a password is an old-style container with a stream EncryptedPackage."""
    import olefile

    try:
        file.seek(0)
        with olefile.OleFileIO(io.BytesIO(file.read())) as container:
            if container.exists("EncryptedPackage"):
                return True
            for stream in ("Workbook", "Book"):
                if container.exists(stream):
                    return b"\x2f\x00" in _record_ids(container.openstream(stream).read(2**16))
            return False
    except MemoryError:
        raise
    except Exception:  # a damaged container
        file.seek(0)
        return "EncryptedPackage".encode("utf-16-le") in file.read()


def _record_ids(stream: bytes) -> set[bytes]:
    """The ids of the first records of an old workbook's stream, up to the end of its globals."""
    ids, at = set(), 0
    while at + 4 <= len(stream) and stream[at : at + 2] != b"\x0a\x00":
        ids.add(stream[at : at + 2])
        at += 4 + int.from_bytes(stream[at + 2 : at + 4], "little")
    return ids


def package_of(file: BinaryIO, limits: dict[str, int]) -> zipfile.ZipFile:
    """The archive, if its declared size is bearable and no two members share a name. Raises Refused, BadZipFile."""
    package = zipfile.ZipFile(file)
    if sum(member.file_size for member in package.infolist()) > limits["unpacked_bytes"]:
        raise FileRefusal(TOO_LARGE, f"a file that unpacks to more than {limits['unpacked_bytes'] // 2**20} MB")
    names = [name.lower().lstrip("/") for name in package.namelist()]
    if len(set(names)) < len(names):  # two programs would take different ones
        raise FileRefusal(NOT_READABLE, "two parts with the same name: the file is damaged or malicious")
    return package


def relations(package: zipfile.ZipFile, names: dict[str, str], member: str) -> dict[str | None, str]:
    """The members that a workbook's part refers to, by the relation's id."""
    part = names.get(posixpath.join(posixpath.dirname(member), "_rels", posixpath.basename(member) + ".rels"))
    found: dict[str | None, str] = {}
    if part is None:
        return found
    for relation in ElementTree.fromstring(package.read(part)):
        target = relation.get("Target", "").replace("\\", "/")
        here = posixpath.dirname(member)
        full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(here, target))
        if full.lower() in names:
            found[relation.get("Id")] = names[full.lower()]
    return found


def letter_of(position: int) -> str:
    """The letters of a column by its position from 0: 0 is A, 26 is AA."""
    letters, position = "", position + 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def position_of(letters: str) -> int:
    """The position from 0 of a column by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
