"""Read a workbook of commentary back: what its rows say, and every fault of it at once, by sheet and cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from perfpipe.commentary.comment import Comment, Place
from perfpipe.commentary.form import (
    BY_KEY,
    COLUMNS,
    HEADER_ROW,
    MOST_BYTES,
    MOST_ROWS,
    MOST_UNPACKED,
    SAID,
    SHEET,
    FormColumn,
)
from perfpipe.commentary.form_row import NO_DATASET, FormRowRead, MayHold, text_of
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.rules.commentary import (
    COMMENTARY_MEASURE,
    COMMENTARY_UNREADABLE,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True)
class FormReading:
    """The comments of a workbook, each with the address of its row; its faults; how many rows they leave out."""

    comments: tuple[tuple[Comment, Address], ...] = ()
    faults: tuple[Fault, ...] = ()
    left_out: int = 0


def read_form(content: bytes, file: str, expected: MayHold) -> FormReading:
    """Read a workbook. `file`: its path in the workspace, for faults. Whatever it holds, nothing is raised."""
    at = Address(NO_DATASET, file)
    if len(content) > MOST_BYTES or _unpacked(content) > MOST_UNPACKED:
        return FormReading(faults=(fault_of(COMMENTARY_UNREADABLE, at, "a file that is too large"),))
    page = _sheet(content)
    if page is None:
        return FormReading(faults=(fault_of(COMMENTARY_UNREADABLE, at, f"no workbook with a sheet {SHEET!r}"),))
    if page.max_row > MOST_ROWS:
        found = f"{page.max_row} rows, more than {MOST_ROWS}"
        return FormReading(faults=(fault_of(COMMENTARY_UNREADABLE, at, found),))
    header, columns = _columns(page)
    missing = [column.title for column in COLUMNS if column not in columns and column.key in _NEEDED]
    if missing:
        found = f"no column {', '.join(map(repr, missing))}"
        return FormReading(faults=(fault_of(COMMENTARY_UNREADABLE, Address(NO_DATASET, file, SHEET), found),))
    rows = [
        FormRowRead({column: row[place] for column, place in columns.items()}, file, expected)
        for row in page.iter_rows(min_row=header + 1)
    ]
    rows = [row for row in rows if row.says_anything]
    made = [(row, row.comment()) for row in rows]
    return FormReading(
        tuple((comment, row.at()) for row, comment in made if comment),
        tuple(fault for row in rows for fault in row.faults),
        sum(comment is None for _, comment in made),
    )


_NEEDED = frozenset({"key", "shown", "status", "role", "written_on", *SAID})


def _unpacked(content: bytes) -> int:
    """How many bytes a workbook would be; 0 for what is none."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist())
    except (BadZipFile, OSError, ValueError):
        return 0


def _sheet(content: bytes) -> Worksheet | None:
    """The sheet of commentary; None where the file cannot be read as a workbook that has one."""
    from openpyxl import load_workbook
    from openpyxl.worksheet.worksheet import Worksheet

    try:
        workbook = load_workbook(BytesIO(content))
    except Exception:  # a damaged or foreign file fails in more ways than openpyxl says
        return None
    page = workbook[SHEET] if SHEET in workbook.sheetnames else None
    return page if isinstance(page, Worksheet) else None


def _columns(page: Worksheet) -> tuple[int, dict[FormColumn, int]]:
    """The row of headers, and the place of each column, by the first line of its header."""
    by_title = {column.title.casefold(): column for column in COLUMNS}
    for row in page.iter_rows(max_row=HEADER_ROW + 10):
        titles = [" ".join(str(cell.value or "").split("\n")[0].split()).casefold() for cell in row]
        if BY_KEY["key"].title.casefold() in titles:
            return row[0].row, {by_title[title]: place for place, title in enumerate(titles) if title in by_title}
    return HEADER_ROW, {}


def repeated(comments: Iterator[tuple[Comment, Address]], month: Month) -> dict[Place, list[Fault]]:
    """The measures that were written of in more than one row, with a fault for each of the rows."""
    rows: dict[Place, list[Address]] = {}
    for comment, at in comments:
        rows.setdefault(comment.place, []).append(at)
    return {
        place: [
            fault_of(COMMENTARY_MEASURE, at, f"the same measure in {len(each)} rows or workbooks", month=str(month))
            for at in each
        ]
        for place, each in rows.items()
        if len(each) > 1
    }


def has_words(content: bytes) -> bool:
    """Whether something has been written in a workbook; also where that cannot be told."""
    page = _sheet(content)
    header, columns = _columns(page) if page else (0, {})
    said = [place for column, place in columns.items() if column.key in SAID]
    if page is None or len(said) < len(SAID) or page.max_row > MOST_ROWS:
        return True
    return any(text_of(row[place]) for row in page.iter_rows(min_row=header + 1) for place in said)
