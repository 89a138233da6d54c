"""How the cells, tables and links of workbooks are made, with openpyxl and from nothing, and how sheets are printed."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.packs.workbooks.looks import (
    HEADER,
    HEADER_FILL,
    HEADING,
    LINE,
    LINK,
    NO_FILL,
    NUMBER,
    NUMBER_HEADER,
    PLAIN,
    PLAIN_LOOK,
    PLAIN_NUMBER,
    PLAIN_TEXT,
    STATUS,
    STATUS_FILLS,
    STATUS_HEADERS,
    STRONG,
    TITLE,
    VARIATION_FILLS,
    WORDS_AMONG_NUMBERS,
    Look,
)

LINE_POINTS = 15  # the height of a line of 11-point text
BOLD_SPARE = 2  # letters fewer on a line
FORMULA_STARTS = ("=", "+", "-", "@")
Dressed = dict[tuple[int | str, ...], StyleArray]


@dataclass(frozen=True)
class CellEntry:
    """What goes into a cell: a value, how a number is shown, and where a link leads: a sheet, and a cell of it."""

    value: str | float | int | date
    number_format: str = ""
    link: str = ""
    link_cell: str = "A1"
    strong: bool = False


Value = CellEntry | str


def put(sheet: Worksheet, row: int, column: int, value: Value, look: Look = PLAIN_LOOK, wrap: bool = True) -> Cell:
    """Write a cell. Text stays text, whatever it begins with."""
    entry = value if isinstance(value, CellEntry) else CellEntry(value)
    cell = sheet.cell(row, column)
    quoted = False
    if isinstance(entry.value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", entry.value)
        cell.data_type = "s"  # '=...' would become a formula, '#N/A' an error
        quoted = entry.value.startswith(FORMULA_STARTS)
    else:
        cell.value = entry.value
    if entry.link:
        place = f"'{entry.link}'!{entry.link_cell}"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, display=str(entry.value))
    plain = PLAIN_TEXT if isinstance(entry.value, str | date) else PLAIN_NUMBER
    font = LINK if entry.link else STRONG if entry.strong else look.font or PLAIN
    _dress(cell, font, look.alignment or plain[wrap], look, entry.number_format, quoted)
    return cell


def _dress(cell: Cell, font: Font, alignment: Alignment, look: Look, number_format: str, quoted: bool) -> None:
    """Give a cell its look. A look is worked out once a workbook: setting each part costs half the time of a pack."""
    book = cell.parent.parent
    known: Dressed = book.__dict__.setdefault("_looks", {})
    key = (id(font), id(alignment), id(look.border), id(look.fill), number_format, quoted)
    if key in known:
        cell._style = copy(known[key])
        return
    cell.font, cell.alignment, cell.border, cell.fill = font, alignment, look.border, look.fill
    cell.quotePrefix = quoted
    if number_format:
        cell.number_format = number_format
    known[key] = copy(cell._style)


def title(sheet: Worksheet, words: str, contents: str = "") -> int:
    """The sheet's title in A1, a link back under it, and the next free row."""
    put(sheet, 1, 1, words, Look(TITLE), wrap=False)
    sheet.row_dimensions[1].height = 24
    if contents:
        put(sheet, 2, 1, CellEntry("Back to contents", link=contents), wrap=False)
    return 3


def heading(sheet: Worksheet, row: int, words: str) -> int:
    """A heading between parts of a sheet, and the next free row."""
    put(sheet, row, 1, words, Look(HEADING), wrap=False)
    sheet.row_dimensions[row].height = 20
    return row + 1


def facts(sheet: Worksheet, row: int, lines: list[tuple[str, Value]]) -> int:
    """Lines of a label and its text, and the next free row."""
    letters = _letters(sheet, 2)
    for label, value in lines:
        put(sheet, row, 1, label, Look(STRONG))
        put(sheet, row, 2, value)
        _fit_height(sheet, row, [label, value], letters)
        row += 1
    return row


def table(sheet: Worksheet, row: int, name: str, headers: list[str], rows: list[list[Value]]) -> int:
    """A proper Excel table with its header, and the next free row. Statuses are filled beside their words."""
    numeric = {
        column
        for values in rows
        for column, value in enumerate(values, 1)
        if isinstance(value, CellEntry) and isinstance(value.value, int | float)
    }
    for column, words in enumerate(headers, 1):
        put(sheet, row, column, words, Look(HEADER, NUMBER_HEADER if column in numeric else None, fill=HEADER_FILL))
    letters = _letters(sheet, len(headers))
    _fit_height(sheet, row, list(headers), letters, spare=BOLD_SPARE)
    plain = [Look(alignment=NUMBER if column in numeric else None, border=LINE) for column in range(len(headers) + 1)]
    for number, values in enumerate(rows, row + 1):
        for column, value in enumerate(values, 1):
            look = plain[column]
            if column in numeric and isinstance(value, str):
                look = Look(alignment=WORDS_AMONG_NUMBERS, border=LINE)
            if headers[column - 1] in STATUS_HEADERS and isinstance(value, str):
                look = Look(STRONG, STATUS, LINE, STATUS_FILLS.get(value, NO_FILL))
            elif headers[column - 1] == "Variation" and isinstance(value, str):
                look = Look(border=LINE, fill=VARIATION_FILLS.get(value[:1], NO_FILL))
            put(sheet, number, column, value, look)
        _fit_height(sheet, number, values, letters)
    last = row + max(len(rows), 1)
    made = Table(displayName=name, name=name, ref=f"A{row}:{get_column_letter(len(headers))}{last}")
    made.tableColumns = [TableColumn(id=place, name=words) for place, words in enumerate(headers, 1)]
    made.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(made)
    return last + 1


def widths(sheet: Worksheet, *letters: float) -> None:
    """Set the widths of the first columns, in letters. Write afterwards: heights follow from them."""
    for column, width in enumerate(letters, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _letters(sheet: Worksheet, columns: int) -> list[int]:
    """How many letters fit into each of the first columns."""
    return [int(sheet.column_dimensions[get_column_letter(column)].width) for column in range(1, columns + 1)]


def _fit_height(
    sheet: Worksheet, row: int, values: list[Value] | list[str], letters: Sequence[int], spare: int = 1
) -> None:
    lines = 1
    for value, width in zip(values, letters, strict=False):
        content = value.value if isinstance(value, CellEntry) else value
        if isinstance(content, str) and (len(content) > width - spare or "\n" in content):
            wide = width - spare
            parts = content.split("\n")
            lines = max(lines, sum(1 if len(part) <= wide else len(textwrap.wrap(part, wide)) for part in parts))
    sheet.row_dimensions[row].height = lines * LINE_POINTS + 2


def set_up_print(sheet: Worksheet, audience: str, repeat: str) -> None:
    """Landscape A4, one page wide, rows repeated on each page, and who may read it at the foot."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = repeat
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.75
    sheet.page_margins.footer = 0.35
    sheet.oddFooter.left.text = audience.replace("&", "&&")
    sheet.oddFooter.right.text = "Page &P of &N"
    sheet.sheet_view.showGridLines = False


def two_pages_wide(sheet: Worksheet, first_page: int, repeat: str, scale: int) -> None:
    """Print a wide sheet on two pages side by side, with its first columns on both."""
    sheet.sheet_properties.pageSetUpPr.fitToPage = False
    sheet.page_setup.scale = scale
    sheet.col_breaks.append(Break(id=first_page))
    sheet.print_title_cols = repeat
