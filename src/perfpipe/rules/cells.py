"""Rules about cells and records of one extract. A row that needs the cell is left out; others count it as blank."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from perfpipe.rules.rule import INFO, OFF, STOP, WARN, Rule, Scope

# what becomes of a cell's row until the source is put right: the end of `what_to_do`
COUNTS_AS_BLANK = " It counts as blank until then."
LEFT_OUT_WHERE_NEEDED = " Until then the row is left out of figures that need it."
FILE_NOT_USED = " Until then nothing in the file is used."
ROW_LEFT_OUT = " The row is left out of every figure until then."


def _of_cells(id_: str, meaning: str, what_to_do: str = "Correct the cell at source.") -> Rule:
    return Rule(
        id=id_,
        scope=Scope.READING,
        severity=WARN,
        may_also_be=(STOP, INFO),
        meaning=f"{meaning}; the row is left out if it needs the cell",
        expected="{expected}",
        what_to_do=f"{what_to_do}{{until_then}}",
    )


VALUE_MISSING = _of_cells("value_missing", "a cell that must be filled is blank", "Fill the cell at source.")
VALUE_DECLARED_BLANK = replace(  # the cell holds a word that the layout says means blank
    VALUE_MISSING,
    what_to_do="Fill the cell at source. The layout says in `blank` or `values` that its text means blank; correct "
    "that if it is a value.{until_then}",
)
ERROR_TEXT = re.compile(  # such an error as text, of Excel or of LibreOffice
    r"#(?:N/A|NAME\?|GETTING_DATA|(?:REF|VALUE|DIV/0|NULL|NUM|SPILL|CALC|FIELD|BLOCKED|CONNECT|UNKNOWN|BUSY|EXTERNAL"
    r"|PYTHON)!)|Err:\d{3}",
    re.IGNORECASE,
)
ERROR_CELL = _of_cells(
    "error_cell",
    "an Excel error such as #REF! or #N/A",
    "Correct the formula at source, or replace it with its value.",
)
FORMULA_WITHOUT_VALUE = _of_cells(
    "formula_without_value",
    "a formula that was never calculated",
    "Open the workbook in Excel, let it calculate, save it and send it again.",
)
CODE_UNKNOWN = _of_cells(
    "code_unknown",
    "a code that is not on its list",
    "Correct the code{or_map}.",
)
IDENTIFIER_UNREADABLE = _of_cells("identifier_unreadable", "an identifier that is neither text nor a whole number")
IDENTIFIER_INEXACT = _of_cells(
    "identifier_inexact",
    "an identifier that Excel has rounded",
    "Format the column as text at source and export it again: digits were lost or added.",
)
IDENTIFIER_ODD = _of_cells(
    "identifier_odd",
    "an identifier with a letter from another alphabet, a quotation mark or a line break",
    "Type the identifier again: it has a letter from another alphabet, a quotation mark or a line break.",
)
_AT_SOURCE_OR = "Correct the cell at source.{remedy}"
DATE_UNREADABLE = _of_cells(
    "date_unreadable", "not a date, or a date that cannot be read without guessing", _AT_SOURCE_OR
)
TIME_UNREADABLE = _of_cells(
    "time_unreadable", "not a time, or a time that cannot be read without guessing", _AT_SOURCE_OR
)
SEVERAL_IDENTIFIERS = _of_cells(
    "several_identifiers",
    "two identifiers or more in one cell",
    "Write one row for each child or worker, with one identifier in each.",
)
NO_SUCH_DATE = _of_cells(
    "no_such_date",
    "a date or time that does not exist, such as 30 February",
    "Correct the day, month or time: there is no such date or time.",
)
END_MEANS_OPEN = Rule(
    id="end_means_open",
    scope=Scope.READING,
    severity=INFO,
    may_also_be=(STOP, WARN, OFF),
    meaning="ends such as 31/12/9999, which mean that there is no end yet",
    expected="a blank cell where there is no end yet",
    what_to_do="Nothing, if that is what the source means: these cells are read as blank. Else correct them at source.",
)
DATE_OUT_OF_BOUNDS = _of_cells(
    "date_out_of_bounds",
    "a date before March 1900 or after 2099",
    "Correct the date, or the cell's format; leave the cell blank if there is no date.",
)
TIME_DOES_NOT_EXIST = _of_cells(
    "time_does_not_exist",
    "a time that was skipped when the clocks went forward",
    "Correct the time: the clocks went forward that night and skipped it.",
)
NUMBER_UNREADABLE = _of_cells("number_unreadable", "not a number, or one with a comma or % in it", _AT_SOURCE_OR)
NUMBER_TOO_SMALL = _of_cells("number_too_small", "a number below the smallest allowed")
NUMBER_NOT_WHOLE = _of_cells("number_not_whole", "a count that is not a whole number")
MONTH_UNREADABLE = _of_cells("month_unreadable", "not a month", _AT_SOURCE_OR)

COLUMN_UNREADABLE = Rule(
    id="column_unreadable",
    scope=Scope.READING,
    severity=STOP,
    may_also_be=(WARN, INFO),
    meaning="most cells in a column cannot be read as values of that column",
    expected="{expected}",
    what_to_do="Check that each header is above its own values, and check the column's format.{remedy}",
)
_repeated = partial(
    Rule,
    scope=Scope.READING,
    severity=WARN,
    may_also_be=(STOP, INFO),
    expected="one row for each {key}",
    what_to_do="Remove one of the rows at source. Row {used} is used.",
)
ROW_REPEATED = _repeated(id="row_repeated", meaning="the same record twice; used once")
KEY_REPEATED = _repeated(id="key_repeated", meaning="two different records with the same key; the last is used")
_OTHER = "Remove one of the rows at source. The other is row {used}."  # in a file that is refused whole neither is used
TYPED_ROW_REPEATED = replace(ROW_REPEATED, what_to_do=_OTHER)
TYPED_KEY_REPEATED = replace(KEY_REPEATED, what_to_do=_OTHER)

CELL_RULES = (
    VALUE_MISSING, ERROR_CELL, FORMULA_WITHOUT_VALUE, CODE_UNKNOWN, IDENTIFIER_UNREADABLE, IDENTIFIER_INEXACT,
    IDENTIFIER_ODD, SEVERAL_IDENTIFIERS, DATE_UNREADABLE, TIME_UNREADABLE, NO_SUCH_DATE, DATE_OUT_OF_BOUNDS,
    TIME_DOES_NOT_EXIST, END_MEANS_OPEN, NUMBER_UNREADABLE, NUMBER_TOO_SMALL, NUMBER_NOT_WHOLE, MONTH_UNREADABLE,
    COLUMN_UNREADABLE,
    ROW_REPEATED, KEY_REPEATED,
)  # fmt: skip
