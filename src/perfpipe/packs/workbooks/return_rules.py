"""The sheet of the quarterly return that says how to read it: rules of the roll-up, statuses, states of figures."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOT_AVAILABLE, NOTHING, STATUS_WORDS, capital
from perfpipe.packs.models.chart import INCOMPLETE, PROVISIONAL, UNRELIABLE
from perfpipe.packs.models.quarterly_return import PlanReturn
from perfpipe.packs.wording.notes import notes
from perfpipe.packs.workbooks.cells import CellEntry, facts, heading, put, set_up_print, title, widths
from perfpipe.plan.progress import rules_printed
from perfpipe.plan.tables import OVERDUE_MEANS, STATUS_MEANS

TERMS = (  # as in packs
    *(capital(words) for words in STATUS_WORDS.values()), NOT_AVAILABLE, NOTHING, PROVISIONAL, UNRELIABLE, INCOMPLETE,
    "Low base",
)  # fmt: skip


def add_rules(sheet: Worksheet, content: PlanReturn, contents: str) -> None:
    """Fill the sheet; `contents` is the name of the sheet that the link leads back to."""
    widths(sheet, 28, 110)
    row = heading(
        sheet, title(sheet, "How to read it", contents) + 1, "How progress is rolled up; colours are not averaged"
    )
    for words in rules_printed():
        term, _, meaning = words.partition(": ")
        put(sheet, row, 1, CellEntry(term if meaning else "", strong=True))
        put(sheet, row, 2, meaning or words)
        row += 1
    row = heading(sheet, row + 1, "Statuses of actions, as their owners report them")
    told = [(status.capitalize(), means) for status, means in STATUS_MEANS.items()]
    row = facts(sheet, row, [*told, tuple(OVERDUE_MEANS.split(": ", 1))])  # type: ignore[list-item]
    row = heading(sheet, row + 1, "States of figures and targets")
    meanings = {note.term: note.meaning for note in notes(content.low_base)}
    facts(sheet, row, [(term, meanings[term]) for term in TERMS])
    set_up_print(sheet, content.marking, "1:1")
