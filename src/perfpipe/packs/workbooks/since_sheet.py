"""The sheet of the board workbook on what has moved since the Board last met."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.models.since import ThenAndNow
from perfpipe.packs.workbooks.cells import CellEntry, Value, heading, put, set_up_print, table, title, widths

WIDTHS = (10, 60, 22, 18, 26, 16, 16)
LINE = 150  # letters in a line over the whole sheet
NO_MEETING = "The Board has not met yet with data, so there is nothing to compare with."
NO_TARGET = "No measure had or has a target."


def add_since_sheet(sheet: Worksheet, content: PackContent, names: Mapping[str, str], contents: str) -> None:
    """Add then and now of each measure with a target, what became of actions, and open decisions."""
    since = content.since
    widths(sheet, *WIDTHS)
    row = title(sheet, since.heading if since else "Since you met", contents) + 1
    if since is None:
        put(sheet, row, 1, NO_MEETING, wrap=False)
        set_up_print(sheet, content.audience, "1:1")
        return
    for line in textwrap.wrap(since.note, LINE):
        put(sheet, row, 1, line, wrap=False)
        row += 1
    row = heading(sheet, row, "Measures with a target, those with another status first")
    headers = ["Code", "Measure", "Good is", since.then_label, since.now_label, "Status then", "Status now"]
    figures = [_figure(line, names) for line in since.figures]
    row = table(sheet, row, "Since_you_met", headers, figures or [[NO_TARGET, *[""] * (len(headers) - 1)]])
    for words, lines in (("Actions", since.actions), ("Decisions not yet done", since.decisions)):
        row = heading(sheet, row + 1, words)
        for line in lines:
            for part in textwrap.wrap(line, LINE):
                put(sheet, row, 1, part, wrap=False)
                row += 1
    set_up_print(sheet, content.audience, "1:1")


def _figure(line: ThenAndNow, names: Mapping[str, str]) -> list[Value]:
    link = names.get(line.measure_id, "")
    status = CellEntry(line.status_now, strong=line.changed)
    return [CellEntry(line.code, link=link), line.title, line.good_is, line.then, line.now, line.status_then, status]
