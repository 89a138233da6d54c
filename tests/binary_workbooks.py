"""Workbooks that no library writes: binary ones (.xlsb), and those with a password."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import msoffcrypto
from msoffcrypto.format.ooxml import OOXMLFile


def record(number: int, content: bytes = b"") -> bytes:
    """One record of a binary workbook: its number, its length, its content."""
    head = bytes([number]) if number < 0x80 else bytes([number & 0x7F | 0x80, number >> 7])
    return head + bytes([len(content)]) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def write_xlsb(
    path: Path, rows: list[list[object]], hidden: int = -1, error: tuple[int, int] = (-1, -1), *, merged: bool = True
) -> Path:
    """A binary workbook of texts, with a hidden row, an error cell, and A2 and B2 merged."""
    data = record(129) + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + record(145)
    for number, row in enumerate(rows):
        flags = 0x10 if number == hidden else 0
        data += record(0, struct.pack("<IIHBBB", number, 0, 300, 0, flags, 0) + struct.pack("<I", 0))
        for column, value in enumerate(row):
            at = struct.pack("<II", column, 0)
            broken = (number, column) == error
            data += record(3, at + b"\x17") if broken else record(6, at + wide(str(value or "")))
    data += record(146) + (record(176, struct.pack("<IIII", 1, 1, 0, 1)) if merged else b"") + record(130)
    book = record(131) + record(153, struct.pack("<III", 1, 0, 0)) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("r1") + wide("Data")) + record(144) + record(132)
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.bin", book)
        package.writestr("xl/worksheets/sheet1.bin", data)
        package.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{rels}"><Relationship Id="r1" Type="{relation}" Target="worksheets/sheet1.bin"/>'
            "</Relationships>",
        )
    return path


def encrypted(path: Path, password: str) -> Path:
    """A workbook, which has a password now."""
    content = io.BytesIO()
    with open(path, "rb") as file:
        OOXMLFile(file).encrypt(password, content)
    path.write_bytes(content.getvalue())
    assert msoffcrypto.OfficeFile(io.BytesIO(content.getvalue())).is_encrypted()
    return path
