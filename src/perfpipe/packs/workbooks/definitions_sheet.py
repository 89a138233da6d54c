"""The sheet of the board workbook that says of each measure what it counts, why, for whom and from what."""

from __future__ import annotations

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.pack import MeasurePage, PackContent
from perfpipe.packs.workbooks.cells import CellEntry, Value, set_up_print, table, title, two_pages_wide, widths

COLUMNS = {  # headers and widths, in letters
    "Code": 9, "Measure": 28, "Definition": 60, "Why it matters": 44, "Good is": 10, "Recommendation or topic": 30,
    "Owner": 20, "Data": 28, "Command to trace the figures": 44, "Source of the definition": 36,
}  # fmt: skip
DEFINITIONS = "Definitions"
HEADER_ROW = 4
FIRST_SHEET, SECOND_SHEET, SCALE = 4, 8, 74  # columns on the printed pages side by side; per cent


def add_definitions_sheet(sheet: Worksheet, content: PackContent, contents: str) -> None:
    """Add a row for each measure, those of tables too."""
    widths(sheet, *COLUMNS.values())
    title(sheet, "Definitions, and where each figure comes from", contents)
    table(sheet, HEADER_ROW, "Definitions", list(COLUMNS), _lines(content))
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 3)
    set_up_print(sheet, content.audience, f"{HEADER_ROW}:{HEADER_ROW}")
    two_pages_wide(sheet, FIRST_SHEET, "A:B", SCALE)
    sheet.col_breaks.append(Break(id=SECOND_SHEET))


def links_to_definitions(content: PackContent) -> dict[str, Value]:
    """The code of each measure as a link to its row of the sheet."""
    codes = [str(line[0]) for line in _lines(content)]
    return {
        code: CellEntry(code, link=DEFINITIONS, link_cell=f"A{row}") for row, code in enumerate(codes, HEADER_ROW + 1)
    }


def _lines(content: PackContent) -> list[list[Value]]:
    blank: list[Value] = [NOTHING] * (len(COLUMNS) - 3)
    of_tables = ([*line, *blank] for each in content.tables for line in each.definitions)
    return [*map(_measure, content.pages), *of_tables]


def _measure(page: MeasurePage) -> list[Value]:
    serves = "\n".join(page.serves) or "None in the plan"
    return [page.code, page.title, page.definition, page.why_it_matters, page.good_is, serves, page.owner, page.data,
            page.traced_by, page.source]  # fmt: skip
