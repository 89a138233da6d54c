"""The sheet of the quarterly return that says how to read it: rules of the roll-up, statuses, states of figures."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.pack.cells import Entry, facts, heading, put, set_up_print, title, widths
from perfpipe.pack.return_model import PlanReturn
from perfpipe.plan.progress import rules_printed
from perfpipe.plan.tables import OVERDUE_MEANS, STATUS_MEANS

STATES = (
    ("Met", "The target in force in the month is reached, or passed in the good direction"),
    ("Near", "It is not reached, and the value is within the tolerance of the plan"),
    ("Missed", "It is not reached, and the value is outside the tolerance"),
    ("No target", "The plan has no target for the measure in that month"),
    ("No data", "There is no figure to compare with the target"),
    ("[x]", "Not available: data were missing or incomplete; never zero"),
    ("[z]", "Not applicable: the measure has no such figure, or nothing could be counted"),
    ("[p]", "Provisional: too little time has passed; the figure can still change"),
    ("[u]", "Unreliable: a percentage or median of fewer than {low_base}, shown with its counts and 95% interval"),
)


def add_rules(sheet: Worksheet, content: PlanReturn, contents: str) -> None:
    """Fill the sheet; `contents` is the name of the sheet that the link leads back to."""
    widths(sheet, 28, 110)
    row = heading(
        sheet, title(sheet, "How to read it", contents) + 1, "How progress is rolled up; colours are not averaged"
    )
    for words in rules_printed():
        term, _, meaning = words.partition(": ")
        put(sheet, row, 1, Entry(term if meaning else "", strong=True))
        put(sheet, row, 2, meaning or words)
        row += 1
    row = heading(sheet, row + 1, "Statuses of actions, as their owners report them")
    told = [(status.capitalize(), means) for status, means in STATUS_MEANS.items()]
    row = facts(sheet, row, [*told, tuple(OVERDUE_MEANS.split(": ", 1))])  # type: ignore[list-item]
    row = heading(sheet, row + 1, "States of figures and targets")
    facts(sheet, row, [(term, meaning.format(low_base=content.low_base)) for term, meaning in STATES])
    set_up_print(sheet, content.marking, "1:1")
