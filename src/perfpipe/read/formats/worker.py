"""The child process that parses spreadsheets: started with `-m`, imports little, dies alone.

It reads one request a line (JSON: path, password, and how to read a CSV file) from standard input and answers on
standard output with a length-prefixed pickle of plain lists, texts and bytes: {"sheets": [...]}; or {"refused",
"detail"}, the place of a rule in `REFUSALS` and words; or {"machine"}, the system's number of an error of the disk. A
damaged or hostile file can end this process; the parent turns that into a fault and starts another.
"""

from __future__ import annotations

import array
import contextlib
import datetime
import gc
import json
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypedDict

import python_calamine

from perfpipe.read.formats.binary import inspect_xls
from perfpipe.read.formats.container import FileRefusal, SheetMarks, is_package, opened
from perfpipe.read.formats.delimited_text import SheetOfCells, TextForm, read_text
from perfpipe.read.formats.zip_package import inspect_package
from perfpipe.rules.containers import ENCRYPTED, NOT_READABLE, REFUSALS, TOO_LARGE
from perfpipe.rules.tables import DATES_FROM_1904, ERRORS_NOT_SEEN, MACROS_IGNORED
from perfpipe.storage.failures import is_of_machine

HALF_A_SECOND, A_SECOND, A_DAY = (datetime.timedelta(seconds=each) for each in (0.5, 1, 86_400))
FIRST_DAY = datetime.date(2000, 1, 1)  # any day


def main() -> None:
    """Serve requests until standard input closes."""
    gc.disable()  # millions of cells and no cycles: looking for them takes a fifth of the time
    limits = json.loads(sys.argv[1])
    _limit_memory(limits["memory_bytes"])
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints may reach the answers
    for line in sys.stdin:
        request = json.loads(line)
        _limit_time(request["seconds"])
        data = pickle.dumps(answer_to(request, limits), protocol=5)
        _limit_time(0)
        out.write(struct.pack("<Q", len(data)) + data)
        out.flush()


class Request(TypedDict):
    """What is asked of the worker: a workbook, or with `text` a text."""

    path: str
    password: str
    text: TextForm | None


def answer_to(request: Request, limits: dict[str, int]) -> dict[str, object]:
    """The sheets of a workbook, or why there are none."""
    try:
        if request["text"] is not None:
            return {"sheets": [read_text(request["path"], request["text"], limits)]}
        return {"sheets": read_workbook(request["path"], request["password"], limits)}
    except FileRefusal as refused:
        rule, detail = refused.rule, refused.detail
    except MemoryError:
        rule, detail = TOO_LARGE, "a file that needs more memory than is allowed"
    except python_calamine.PasswordError:
        rule, detail = ENCRYPTED, FileRefusal.encrypted().detail
    except (KeyboardInterrupt, SystemExit):
        raise
    except OSError as error:
        if is_of_machine(error):
            return {"machine": error.errno}
        rule, detail = NOT_READABLE, f"a damaged file, which cannot be read ({type(error).__name__})"
    except BaseException as error:  # the parser's panic is no Exception
        rule, detail = NOT_READABLE, f"a damaged file, which cannot be read ({type(error).__name__})"
    return {"refused": REFUSALS.index(rule), "detail": detail}


def _limit_time(seconds: float) -> None:
    """End this process after so many seconds of its own processor time; 0: never. Not on Windows: the parent counts."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory(limit: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows: there the time limit alone holds

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def read_workbook(path: str, password: str, limits: dict[str, int]) -> list[SheetOfCells]:
    """Every worksheet: name, visibility, height, what was seen, and for each column its distinct cells and numbers."""
    with opened(path, password, limits) as file:
        book = inspect_package(file, limits) if is_package(file) else inspect_xls(file)
        file.seek(0)
        workbook = python_calamine.CalamineWorkbook.from_filelike(file)
        notes = [MACROS_IGNORED.id] * book.macros + [DATES_FROM_1904.id] * book.from_1904
        sheets = []
        for position, meta in enumerate(workbook.sheets_metadata):
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
                seen = book.sheets.get(meta.name) or book.sheets.get(position) or SheetMarks(looked=False)
                sheets.append(_sheet(workbook, meta, seen, notes, limits))
        return sheets


def _sheet(workbook: Any, meta: Any, seen: SheetMarks, notes: list[str], limits: dict[str, int]) -> SheetOfCells:
    sheet = workbook.get_sheet_by_name(meta.name)
    height, width = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
    if height > limits["rows"] or width > limits["columns"] or height * width > limits["cells"]:
        raise FileRefusal.too_large(limits)
    rows = sheet.to_python(skip_empty_area=False)
    height = max([len(rows), *(row + 1 for row, *_ in seen.findings)])
    width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column, *_ in seen.findings)])
    places: dict[int, list[tuple[int, tuple[str, str]]]] = {}
    for row, column, kind, text in seen.findings:
        places.setdefault(column, []).append((row, (kind, text)))
    columns = [
        _column([row[number] for row in rows] if rows and number < len(rows[0]) else [], height, places.get(number, ()))
        for number in range(width)
    ]
    return {
        "name": meta.name,
        "visible": meta.visible == python_calamine.SheetVisibleEnum.Visible,
        "height": height,
        "columns": columns,
        "merged": seen.merged,
        "hidden_rows": seen.hidden_rows,
        "hidden_columns": seen.hidden_columns,
        "notes": notes if seen.looked else [*notes, ERRORS_NOT_SEEN.id],
    }


def _column(
    values: list[Any], height: int, places: Sequence[tuple[int, tuple[str, str]]]
) -> tuple[list[tuple[str, str]], bytes]:
    """The distinct cells, the blank one first, and the number of each row's cell as 32-bit integers."""
    types = set(map(type, values))
    keys: Any = zip(map(type, values), values, strict=True) if bool in types else values  # True equals 1
    number_of: dict[Any, int] = {}
    cells, numbers = [("-", "")], {("-", ""): 0}
    convert: Callable[[Any], tuple[str, str]] = (lambda key: _cell(key[1])) if bool in types else _cell
    keys = list(keys)
    for key in dict.fromkeys(keys):
        cell = convert(key)
        if cell not in numbers:
            numbers[cell] = len(cells)
            cells.append(cell)
        number_of[key] = numbers[cell]
    index = array.array("i", map(number_of.__getitem__, keys))
    index.extend([0] * (height - len(index)))
    for row, cell in places:
        if cell not in numbers:
            numbers[cell] = len(cells)
            cells.append(cell)
        index[row] = numbers[cell]
    return cells, index.tobytes()


def _cell(value: Any) -> tuple[str, str]:
    if value is None or (isinstance(value, str) and not value.strip()):
        return ("-", "")
    if isinstance(value, str):
        return ("t", value)
    if isinstance(value, bool):
        return ("b", str(value))
    if isinstance(value, int | float):
        whole = isinstance(value, int) or (value.is_integer() and abs(value) < 1e15)
        return ("n", str(int(value)) if whole else repr(value))
    if isinstance(value, datetime.datetime):
        with contextlib.suppress(OverflowError):  # Excel's times are fractions: 09:59:59.9999 is ten o'clock
            value += HALF_A_SECOND
        return ("D", value.isoformat(sep=" ", timespec="seconds"))
    if isinstance(value, datetime.date):
        return ("d", value.isoformat())
    if isinstance(value, datetime.time):
        rounded = datetime.datetime.combine(FIRST_DAY, value) + HALF_A_SECOND
        return ("T", rounded.strftime("%H:%M:%S") if rounded.date() == FIRST_DAY else str(A_DAY))
    if isinstance(value, datetime.timedelta):
        return ("T", str(datetime.timedelta(seconds=(value + HALF_A_SECOND) // A_SECOND)))
    return ("t", str(value))


if __name__ == "__main__":
    main()
