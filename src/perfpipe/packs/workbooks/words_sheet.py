"""The sheet of words to map: what stands in coded columns, and the lines that tell perfpipe what it means."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.faults import FaultsBook
from perfpipe.packs.workbooks.cells import CellEntry, Value, put, set_up_print, table, title, widths

HOW = (
    "A word that is read as no code leaves its row out of figures that need it. Choose the code that it means, and add "
    "the line to perfpipe.toml.",
    "The line goes under [layouts.DATASET.values.COLUMN], after the layout that the file has; the code comes after the "
    'equals sign, and "" means that the word says nothing.',
)


def words_sheet(sheet: Worksheet, book: FaultsBook) -> None:
    """Write the sheet: words without a code first in each column."""
    widths(sheet, 26, 26, 40, 10, 30, 60, 60)
    row = title(sheet, "Words of coded columns") + 1
    for words in HOW:
        put(sheet, row, 1, words, wrap=False)
        row += 1
    rows: list[list[Value]] = [
        [each.dataset, each.column, each.word, CellEntry(each.cells, "#,##0"), each.read_as, each.codes,
         each.line or NOTHING]
        for each in book.words
    ]  # fmt: skip
    table(sheet, row + 1, "Words", ["Dataset", "Column", "Word", "Cells", "Read as", "Codes", "Line to add"], rows)
    set_up_print(sheet, book.audience, f"{row + 1}:{row + 1}")
