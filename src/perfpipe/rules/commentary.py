"""Rules about what owners write of their measures, in workbooks that come back to `commentary/`. None stops a run."""

from __future__ import annotations

from functools import partial

from perfpipe.rules.rule import INFO, WARN, Rule, Scope

_of_commentary = partial(Rule, scope=Scope.ARRIVING, severity=WARN, may_also_be=(INFO,))
_SAVE = "Until then packs are without these words."

COMMENTARY_PLACE = _of_commentary(
    id="commentary_place",
    meaning="something in commentary/ that is no workbook in the folder of its month; not taken in",
    expected="workbooks (.xlsx) in a folder named by the month, such as commentary/2018-03/",
    what_to_do="Move it to the folder of its month, or remove it.",
)
COMMENTARY_UNREADABLE = _of_commentary(
    id="commentary_unreadable",
    meaning="a workbook of commentary that cannot be read, or lacks a sheet or column; not taken in",
    expected="the workbook that `perfpipe commentary` wrote, filled in",
    what_to_do="Close it in every program. If that does not help, write a new one with `perfpipe commentary MONTH` and "
    "copy the words across.",
)
COMMENTARY_MEASURE = _of_commentary(
    id="commentary_measure",
    meaning="commentary of another month, of a measure that the plan does not show, or in two places",
    expected="one commentary for each measure, in a row that `perfpipe commentary` wrote for {month}",
    what_to_do=f"Move the words to the row of their measure, in one workbook only. {_SAVE}",
)
COMMENTARY_CELL = _of_commentary(
    id="commentary_cell",
    meaning="a cell of commentary that is too long, or holds no plain text or no day",
    expected="{expected}",
    what_to_do=f"Correct the cell and save the workbook. {_SAVE}",
)
COMMENTARY_BY = _of_commentary(
    id="commentary_by",
    meaning="commentary that does not say which role wrote it, or when",
    expected="{expected}",
    what_to_do=f"Fill in who wrote it and the day. {_SAVE}",
)
COMMENTARY_IDENTIFIER = _of_commentary(
    id="commentary_identifier",
    meaning="commentary that holds what may identify somebody: an id, a date of birth, a telephone number",
    expected="words about children and staff together, with no id, date of birth, name or telephone number",
    what_to_do=f"Take it out. Write a day of the work with the month as a word, such as 30 June 2018. {_SAVE}",
)
COMMENTARY_SMALL_NUMBER = _of_commentary(
    id="commentary_small_number",
    meaning="commentary that counts one to four people or cases; restricted packs show it, public ones do not",
    expected="no number of people or cases below 5, in words or digits",
    what_to_do="Check whether anybody can be recognised. Write 'a few', or leave it: packs for the public are without "
    "these words.",
)

COMMENTARY_RULES = (
    COMMENTARY_PLACE, COMMENTARY_UNREADABLE, COMMENTARY_MEASURE, COMMENTARY_CELL, COMMENTARY_BY, COMMENTARY_IDENTIFIER,
    COMMENTARY_SMALL_NUMBER,
)  # fmt: skip
