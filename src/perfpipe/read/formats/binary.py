"""What the parser hides in binary workbooks (.xls of 1993 to 2003, and .xlsb): errors, merged and hidden cells.

Both are a row of records, each with an id, a length and its content. Sources: [MS-XLS] 2.4, [MS-XLSB] 2.4.
Runs in the child process. A formula always has a cached value here.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from perfpipe.read.formats.container import FileRefusal, SheetMarks, WorkbookMarks, relations

BOF, EOF, BOUND_SHEET, DATE_MODE = 0x0809, 0x000A, 0x0085, 0x0022  # [MS-XLS]
FORMULA, BOOL_OR_ERROR, ROW, COLUMN_INFO, MERGED_CELLS = 0x0006, 0x0205, 0x0208, 0x007D, 0x00E5
ROW_HEADER, CELL_ERROR, FORMULA_ERROR, COLUMN, MERGED_CELL = 0, 3, 11, 60, 176  # [MS-XLSB]
WORKBOOK_PROPERTIES, SHEET = 153, 156


def inspect_xls(file: BinaryIO) -> WorkbookMarks:
    """What was seen in an .xls, its sheets by position. Raises Refused for one that breaks off or is garbled."""
    import olefile

    try:
        file.seek(0)
        with olefile.OleFileIO(file) as container:
            macros = container.exists("_VBA_PROJECT_CUR")
            name = "Workbook" if container.exists("Workbook") else "Book"
            stream = container.openstream(name).read()
        book = WorkbookMarks(macros=macros)
        starts: list[int] = []
        for record, data in _xls_records(stream, 0):
            if record == BOUND_SHEET:
                starts.append(int.from_bytes(data[:4], "little"))
            elif record == DATE_MODE:
                book.from_1904 = data[:2] == b"\x01\x00"
        for position, start in enumerate(starts):
            book.sheets[position] = _xls_sheet(stream, start)
        return book
    except MemoryError:
        raise
    except Exception:  # whatever the library stumbles over: the parser would read it in part, or abort
        raise FileRefusal.damaged() from None


def _xls_records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of an .xls, from its beginning to its end; parts within it (charts) are skipped."""
    depth = 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        if record == BOF:
            depth += 1
        elif record == EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield record, stream[at + 4 : at + 4 + length]
        at += 4 + length
    raise ValueError("the stream breaks off")


def _xls_sheet(stream: bytes, start: int) -> SheetMarks:
    seen = SheetMarks()
    for record, data in _xls_records(stream, start):
        if record in (FORMULA, BOOL_OR_ERROR):
            row, column = struct.unpack_from("<HH", data)
            error = data[7] == 1 if record == BOOL_OR_ERROR else (data[6] == 2 and data[12:14] == b"\xff\xff")
            if error:
                seen.findings.append((row, column, "e", ""))
        elif record == ROW and data[12] & 0x20:
            seen.hidden_rows.append(struct.unpack_from("<H", data)[0])
        elif record == COLUMN_INFO and data[8] & 1:
            first, last = struct.unpack_from("<HH", data)
            seen.hidden_columns += range(first, min(last, 255) + 1)
        elif record == MERGED_CELLS:
            for number in range(struct.unpack_from("<H", data)[0]):
                first, last, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * number)
                seen.merged.append((first, left, last, right))
    return seen


def inspect_xlsb(package: zipfile.ZipFile, names: dict[str, str], limits: dict[str, int]) -> WorkbookMarks:
    """What was seen in an .xlsb. Raises Refused for cells too far out."""
    book = WorkbookMarks(macros="xl/vbaproject.bin" in names)
    members = relations(package, names, "xl/workbook.bin")
    for record, data in _xlsb_records(package.read(names["xl/workbook.bin"])):
        if record == WORKBOOK_PROPERTIES:
            book.from_1904 = bool(data[0] & 1)
        elif record == SHEET:
            relation, rest = _xlsb_text(data[8:])
            name, _ = _xlsb_text(rest)
            if relation in members and "worksheets/" in members[relation].lower():
                book.sheets[name] = _xlsb_sheet(package.read(members[relation]), limits)
    return book


def _xlsb_text(data: bytes) -> tuple[str, bytes]:
    end = 4 + 2 * int.from_bytes(data[:4], "little")
    return data[4:end].decode("utf-16-le"), data[end:]


def _xlsb_records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at, size = 0, len(stream)
    while at < size:
        record, at = stream[at], at + 1
        if record & 0x80:
            record, at = (record & 0x7F) | (stream[at] << 7), at + 1
        length = shift = 0
        while True:
            byte, at = stream[at], at + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 21:
                break
        yield record, stream[at : at + length]
        at += length


def _xlsb_sheet(stream: bytes, limits: dict[str, int]) -> SheetMarks:
    seen, row = SheetMarks(), 0
    for record, data in _xlsb_records(stream):
        if record == ROW_HEADER:
            row = int.from_bytes(data[:4], "little")
            if len(data) > 11 and data[11] & 0x10:
                seen.hidden_rows.append(row)
        elif record in (CELL_ERROR, FORMULA_ERROR):
            seen.findings.append((row, int.from_bytes(data[:4], "little"), "e", ""))
        elif 2 <= record <= FORMULA_ERROR:
            if row >= limits["rows"] or int.from_bytes(data[:4], "little") >= limits["columns"]:
                raise FileRefusal.too_large(limits)
        elif record == COLUMN and data[16] & 1:
            first, last = struct.unpack_from("<II", data)
            seen.hidden_columns += range(first, min(last + 1, limits["columns"]))
        elif record == MERGED_CELL:
            first, last, left, right = struct.unpack_from("<IIII", data)
            seen.merged.append((first, left, last, right))
    return seen
