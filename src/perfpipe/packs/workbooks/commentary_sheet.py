"""The sheet of the board workbook with what owners wrote of their measures."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.commentary import OwnersWords
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.workbooks.cells import CellEntry, Value, heading, put, set_up_print, table, title, widths

COMMENTARY = "Commentary"
UNCHANGED = "No"
HEADERS = ("Code", "Measure", "In one sentence", "What it means, and the cause", "Action", "By when",
           "Question to put", "Written by", "Changed since")  # fmt: skip


def add_commentary_sheet(sheet: Worksheet, content: PackContent, names: Mapping[str, str], contents: str) -> None:
    """Fill the sheet. `names`: the sheet of each measure."""
    commentary = content.commentary
    widths(sheet, 9, 24, 32, 44, 34, 14, 32, 24, 28)
    row = title(sheet, f"What owners say: {content.month_label}", contents)
    put(sheet, row, 1, commentary.note, wrap=False)
    row = table(sheet, row + 2, COMMENTARY, list(HEADERS), [_row(each, names) for each in commentary.words])
    if commentary.without:
        row = heading(sheet, row + 1, "Off target or worse, without commentary")
        for number, words in enumerate(commentary.without, row):
            put(sheet, number, 1, words, wrap=False)
    sheet.freeze_panes = "C6"
    set_up_print(sheet, content.audience, "5:5")


def _row(words: OwnersWords, names: Mapping[str, str]) -> list[Value]:
    code = CellEntry(words.code, link=names[words.measure_id]) if words.measure_id in names else words.code
    said = (words.cause, words.action, words.by_when, words.question)
    said_by = words.said_by.removeprefix("Written by ")
    return [code, words.title, words.sentence, *(each or NOTHING for each in said), said_by, words.stale or UNCHANGED]
