"""The sheet of the board workbook that says of each measure what it counts, why, for whom and from what."""

from __future__ import annotations

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.pack import MeasurePage, PackContent
from perfpipe.packs.workbooks.cells import Value, set_up_print, table, title, two_pages_wide, widths

COLUMNS = {  # headers and widths, in letters
    "Code": 9, "Measure": 28, "Definition": 60, "Why it matters": 44, "Good is": 10, "Recommendation or topic": 30,
    "Owner": 20, "Data": 28, "Command to trace the figures": 44, "Source of the definition": 36,
}  # fmt: skip
FIRST_SHEET, SECOND_SHEET, SCALE = 4, 8, 74  # columns on the printed pages side by side; per cent


def add_definitions_sheet(sheet: Worksheet, content: PackContent, contents: str) -> None:
    """Add a row for each measure, those of tables too."""
    widths(sheet, *COLUMNS.values())
    row = title(sheet, "Definitions, and where each figure comes from", contents) + 1
    lines = [_measure(page) for page in content.pages]
    blank: list[Value] = [NOTHING] * (len(COLUMNS) - 3)
    lines += [[*line, *blank] for each in content.tables for line in each.definitions]
    table(sheet, row, "Definitions", list(COLUMNS), lines)
    sheet.freeze_panes = sheet.cell(row + 1, 3)
    set_up_print(sheet, content.audience, f"{row}:{row}")
    two_pages_wide(sheet, FIRST_SHEET, "A:B", SCALE)
    sheet.col_breaks.append(Break(id=SECOND_SHEET))


def _measure(page: MeasurePage) -> list[Value]:
    serves = "\n".join(page.serves) or "None in the plan"
    return [page.code, page.title, page.definition, page.why_it_matters, page.good_is, serves, page.owner, page.data,
            page.traced_by, page.source]  # fmt: skip
