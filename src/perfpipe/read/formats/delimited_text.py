"""CSV files into columns of texts: encoding, delimiter and quote as the layout says, or found out and then confirmed.

A delimiter that is not declared is confirmed by the headers: only with the right one do they stand in one row. Runs in
the child process, and imports little.
"""

from __future__ import annotations

import array
import codecs
import csv
import io
import os
import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, NotRequired, TypedDict

from perfpipe.read.formats.container import OLE, ZIP, FileRefusal
from perfpipe.read.formats.csv_quoting import check_quoting
from perfpipe.read.formats.invisible_signs import INVISIBLE
from perfpipe.rules.containers import (
    CSV_DAMAGED,
    CSV_QUOTES,
    CSV_SWALLOWED_ROWS,
    CSV_UTF_16,
    DELIMITER_AMBIGUOUS,
    EMPTY_FILE,
    ENCODING,
    NOT_TEXT,
    TEXT_TOO_LARGE,
)
from perfpipe.rules.tables import ENCODING_FOUND_OUT, LAST_LINE_UNFINISHED

DELIMITERS = (",", ";", "\t", "|")
HEADER_SEARCH_ROWS = 50


def plain(text: str) -> str:
    """A header or sheet name as it is compared: case, spaces, quotes and dashes do not count."""
    text = text.replace("\u2018", "'").replace("\u2019", "'").replace("\u201c", '"').replace("\u201d", '"')
    text = re.sub(r"[\u2010-\u2015]", "-", text.translate(INVISIBLE))
    return " ".join(text.split()).casefold()


class TextForm(TypedDict):
    """How a text is to be read: None is to be found out, and with an empty quote there is none.

    `headers`: the names that each column may have.
    """

    encoding: str | None
    delimiter: str | None
    quote: str | None
    headers: list[list[str]]


class SheetOfCells(TypedDict):
    """One sheet as it is sent: for each column its distinct cells, and the number of each row's as bytes."""

    height: int
    columns: list[tuple[list[tuple[str, str]], bytes]]
    notes: list[str]
    name: NotRequired[str]
    visible: NotRequired[bool]
    merged: NotRequired[Sequence[tuple[int, int, int, int]]]
    hidden_rows: NotRequired[Sequence[int]]
    hidden_columns: NotRequired[Sequence[int]]
    widths: NotRequired[bytes]  # of a text: how many values each row has
    delimiter: NotRequired[str]


def read_text(path: str, how: TextForm, limits: dict[str, int]) -> SheetOfCells:
    """A CSV file as one sheet: its columns, and how many values each row has. Raises Refused.

    Row numbers are those that a spreadsheet program shows.
    """
    if os.path.getsize(path) > limits["unpacked_bytes"]:
        raise FileRefusal(TEXT_TOO_LARGE, f"a file of more than {limits['unpacked_bytes'] // 2**20} MB")
    with open(path, "rb") as file:
        content = file.read()
    text, notes = _decoded(content, how["encoding"])
    quote = '"' if how["quote"] is None else how["quote"]
    names = {name: number for number, column in enumerate(how["headers"]) for name in column}
    delimiter = how["delimiter"] or _delimiter(text, quote, names)
    if quote and _known_headers(text, delimiter, quote, names) > 1:  # with another delimiter the quotes mean nothing
        check_quoting(text, delimiter, quote)
    rows = _rows(text, delimiter, quote, limits)
    if text and text[-1] not in "\r\n":
        notes.append(LAST_LINE_UNFINISHED.id)
    widths = array.array("q", map(len, rows))
    even = len(rows) > 0 and min(widths) == max(widths)
    columns = zip(*rows, strict=True) if even else zip_longest(*rows, fillvalue="")
    packed = [_column(column) for column in columns]
    return {"height": len(rows), "columns": packed, "widths": widths.tobytes(), "notes": notes, "delimiter": delimiter}


def _decoded(content: bytes, encoding: str | None) -> tuple[str, list[str]]:
    """The text, and notes: an encoding that nothing confirms is reported."""
    if not content:
        raise FileRefusal(EMPTY_FILE, "an empty file of 0 bytes")
    if content.startswith((OLE, ZIP)):
        raise FileRefusal(NOT_TEXT, "a workbook or archive named like a CSV file")
    notes = []
    if encoding is None:
        encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-16":
                raise _wrong_encoding(encoding) from None
            encoding = "cp1252"
            notes.append(ENCODING_FOUND_OUT.id)
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except (UnicodeError, LookupError):
        raise _wrong_encoding(encoding) from None
    if "\0" in text:
        if text.count("\0") * 3 > len(text):
            raise FileRefusal(CSV_UTF_16, "null characters; it may be UTF-16")
        raise FileRefusal(CSV_DAMAGED, "null characters")
    return text, notes


def _wrong_encoding(encoding: str) -> FileRefusal:
    return FileRefusal(ENCODING, f"text that is not {encoding}")


def _reader(text: str, delimiter: str, quote: str) -> Any:
    lines = io.StringIO(text, newline="")
    if not quote:
        return csv.reader(lines, delimiter=delimiter, quotechar=None, quoting=csv.QUOTE_NONE, strict=True)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)


def _delimiter(text: str, quote: str, names: dict[str, int]) -> str:
    """The one delimiter by which the first rows have most of the headers; the comma where none has two."""
    known = {mark: _known_headers(text, mark, quote, names) for mark in DELIMITERS}
    best = max(known.values())
    marks = [mark for mark in DELIMITERS if known[mark] == best]
    if best >= 2 and len(marks) > 1:
        raise FileRefusal(DELIMITER_AMBIGUOUS, f"a file that can be read with each of {' '.join(map(repr, marks))}")
    return marks[0] if best >= 2 else ","


def _known_headers(text: str, delimiter: str, quote: str, names: dict[str, int]) -> int:
    reader, best = _reader(text[: 2**18], delimiter, quote), 0
    try:
        for number, row in enumerate(reader):
            if number == HEADER_SEARCH_ROWS:
                break
            best = max(best, len({names[name] for name in map(plain, row) if name in names}))
    except csv.Error:  # the full reading says where
        pass
    return best


def _rows(text: str, delimiter: str, quote: str, limits: dict[str, int]) -> list[list[str]]:
    reader = _reader(text, delimiter, quote)
    rows: list[list[str]] = []
    width, line = 0, 0
    wrapped: list[tuple[int, int, int]] = []
    try:
        for row in reader:
            if reader.line_num - line > 1:
                wrapped.append((len(rows), line, reader.line_num))
            line = reader.line_num
            width = max(width, len(row))
            rows.append(row)
            if len(rows) > limits["rows"] or width > limits["columns"] or len(rows) * width > limits["cells"]:
                detail = f"has more than {limits['rows']} rows or {limits['columns']} columns, or is too large"
                raise FileRefusal(TEXT_TOO_LARGE, detail)
    except csv.Error as error:
        raise FileRefusal(CSV_QUOTES, f"line {max(reader.line_num, 1)}: {error}") from None
    if wrapped:
        _refuse_swallowed_rows(text, rows, wrapped, delimiter)
    return rows


def _refuse_swallowed_rows(
    text: str, rows: list[list[str]], wrapped: list[tuple[int, int, int]], delimiter: str
) -> None:
    """Two stray quotes make one value of all between them: then each of its lines has as many values as a row has."""
    lines = list(io.StringIO(text, newline=""))
    for number, first, last in wrapped:
        counts = {line.count(delimiter) + 1 for line in lines[first:last]}
        if len(rows[number]) > 1 and counts == {len(rows[number])}:
            raise FileRefusal(CSV_SWALLOWED_ROWS, f"lines {first + 1} to {last}: a quote that runs over whole rows")


def _column(values: Sequence[str]) -> tuple[list[tuple[str, str]], bytes]:
    """The distinct cells, the blank one first, and the number of each row's cell as 32-bit integers."""
    distinct, numbers = [("-", "")], {}
    for text in dict.fromkeys(values):
        numbers[text] = len(distinct) if text.strip() else 0
        if text.strip():
            distinct.append(("t", text))
    return distinct, array.array("i", map(numbers.__getitem__, values)).tobytes()
