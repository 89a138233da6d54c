"""Rules about the table in a file: its sheet, headers, rows and columns, and how the file was read."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from perfpipe.rules.rule import INFO, OFF, STOP, WARN, Rule, Scope

_of_tables = partial(Rule, scope=Scope.READING)
_warns = partial(_of_tables, severity=WARN, may_also_be=(STOP, INFO))
_unreadable = partial(  # what cannot be read cannot be used: no setting changes that
    _of_tables, severity=STOP, may_also_be=(), expected="a file in the form that its layout describes"
)

SHEET_MISSING = _unreadable(
    id="sheet_missing",
    meaning="no sheet has the name that the layout gives",
    what_to_do="Rename the sheet, or add its name to `sheet` of the layout.",
)
SHEET_AMBIGUOUS = _unreadable(
    id="sheet_ambiguous",
    meaning="several sheets have the layout's headers",
    what_to_do="Name the sheet in `sheet` of the layout.",
)
SHEET_NOT_READ = _of_tables(
    id="sheet_not_read",
    severity=WARN,
    may_also_be=(STOP, INFO, OFF),
    meaning="a sheet with a table that no layout names; not read",
    expected="sheets that a layout names in `sheet`",
    what_to_do="If it holds records, name it in `sheet` of a layout of its dataset that has this file in `files`. If "
    "not, list it in `ignore_sheets` of the layout.",
)
HEADER_MISSING = _unreadable(
    id="header_missing",
    meaning="no row has the layout's headers",
    what_to_do="Put the headers of the layout {layout!r} in one row; `perfpipe datasets` lists them.",
)
HEADER_BY_OTHER_DELIMITER = replace(
    HEADER_MISSING,
    what_to_do="Set `delimiter = {other!r}` in the layout, or export the file with {declared!r}.",
)
COLUMN_MISSING = _unreadable(
    id="column_missing",
    meaning="a column that the layout maps is missing",
    what_to_do="Restore the column's header, or add its new name to `columns` of the layout.",
)
COLUMN_UNMAPPED = _unreadable(
    id="column_unmapped",
    meaning="the file has a column that the layout does not mention",
    what_to_do="Map each column in `columns` of the layout, or list it in `ignore`.",
)
COLUMN_UNMAPPED_IN_STANDARD = replace(
    COLUMN_UNMAPPED,
    what_to_do="Remove the column, or declare a layout that maps it in `columns` or lists it in `ignore`.",
)
COLUMN_REPEATED = _unreadable(
    id="column_repeated",
    meaning="two columns mean the same thing",
    what_to_do="Remove or rename one of them.",
)
ROW_RAGGED = _unreadable(
    id="row_ragged",
    meaning="a row of a CSV file has more or fewer values than its header",
    what_to_do="Check for a delimiter or a quote inside a value, and export the file again.",
)
CELLS_MERGED = _unreadable(
    id="cells_merged",
    meaning="cells are merged inside the table",
    what_to_do="Unmerge the cells, and fill them from the source: merging kept the first value of each and lost the "
    "others.",
)
HEADER_FILE = _unreadable(
    id="header_file",
    meaning="the national header file lacks its columns, or says more than one date of birth, or none, of a child",
    expected="columns CHILD and DOB, with one row for each child",
    what_to_do="Send the national header file as it was returned.",
)
TWO_DATES_OF_BIRTH = replace(
    HEADER_FILE,
    severity=WARN,
    what_to_do="Find out which date is right and correct the other row at source. The child's date of birth counts as "
    "blank until then.",
)
CHILDREN_NOT_IN_HEADER_FILE = replace(
    HEADER_FILE,
    severity=WARN,
    what_to_do="Send the header table of the same return. Their dates of birth count as blank until then.",
)
DATE_ORDER_UNCLEAR = _unreadable(
    id="date_order_unclear",
    meaning="dates as text, with nothing to show whether the day or the month comes first",
    expected="{expected}",
    what_to_do="Set `date_order = {{ {column} = \"day_first\" }}` or 'month_first' in the layout, or export dates as "
    "yyyy-mm-dd.",
)
DATE_ORDER_UNCLEAR_OF_EXTRACT = replace(
    DATE_ORDER_UNCLEAR,
    severity=WARN,
    what_to_do=f"{DATE_ORDER_UNCLEAR.what_to_do} Until then it is read with the day first.",
)
DATE_ORDER_CONTRADICTED = _unreadable(
    id="date_order_contradicted",
    meaning="dates as text that contradict the order or the form declared in the layout",
    expected="{expected}",
    what_to_do="Correct `date_order` in the layout, or the dates at source: in this column it is "
    '`date_order = {{ {column} = "{seen}" }}`.',
)
DATE_ORDER_CONTRADICTED_IN_STANDARD = replace(
    DATE_ORDER_CONTRADICTED,
    what_to_do="Export the dates as dd/mm/yyyy or yyyy-mm-dd, which the built-in layout expects, or declare a layout "
    'of your own with `date_order = {{ {column} = "{seen}" }}`.',
)
DATE_FORMAT_CONTRADICTED = replace(
    DATE_ORDER_CONTRADICTED,
    what_to_do="Correct `date_format` in the layout, or the dates at source: day and month stand the other way round.",
)
DATES_SWAPPED = _unreadable(
    id="dates_swapped",
    meaning="dates whose day and month Excel has swapped",
    expected="{expected}",
    what_to_do="Export the file again and do not open it in Excel before sending, or import its dates as day, month, "
    "year.",
)
LEADING_ZEROS_LOST = _unreadable(
    id="leading_zeros_lost",
    meaning="identifiers that have lost their leading zeros",
    expected="{expected}",
    what_to_do="Format the column as text at source, so that leading zeros stay, and export it again.",
)
IDENTIFIERS_ALIKE = _of_tables(
    id="identifiers_alike",
    severity=INFO,
    may_also_be=(STOP, WARN, OFF),
    meaning="identifiers that differ only in leading zeros, capitals or blanks",
    expected="one identifier for each person or record, always written alike",
    what_to_do="If they are one, write the identifier alike at source: they count as two until then. If they are two, "
    "do nothing.",
)
DATES_MIXED = _warns(
    id="dates_mixed",
    meaning="date cells and dates as text in one column",
    expected="{expected}",
    what_to_do="Format the whole column as dates at source. Until then the texts are read with the {first} first.",
)
TEXT_GARBLED = _warns(
    id="text_garbled",
    meaning="letters garbled by a change of encoding",
    expected="{expected}",
    what_to_do="Export it again from the source in UTF-8, and do not send a copy saved by another program. It is used "
    "as it is.",
)
INVISIBLE_SIGNS = _of_tables(
    id="invisible_signs",
    severity=INFO,
    may_also_be=(STOP, WARN, OFF),
    meaning="signs that cannot be seen, such as a zero-width space; the cells are read without them",
    expected="text without invisible signs",
    what_to_do="Type the text again at source: such signs come with text copied from a web page or a document. "
    "The cells were read without them.",
)
TOTALS_ROW = _of_tables(
    id="totals_row",
    severity=INFO,
    may_also_be=(WARN, OFF),
    meaning="a totals row, left out as the layout says",
    expected="records",
    what_to_do="Nothing: the layout says that such rows are not records.",
)
TOTALS_ROW_UNDECLARED = _warns(
    id="totals_row_undeclared",
    meaning="a totals row that the layout does not declare; left out",
    expected="records",
    what_to_do="Set `totals_row` in the layout if the source always writes one, or remove the row. It is not a record.",
)
HEADER_REPEATED = _warns(
    id="header_repeated",
    meaning="headers repeated inside the table; left out",
    expected="one row of headers, above the records",
    what_to_do="Remove the row, or export without page headings. It was not counted as a record.",
)
FOOTNOTE = _warns(
    id="footnote",
    meaning="text below the table; left out",
    expected="records",
    what_to_do="If it is a record, complete the row. If it is a note, do nothing: it was not counted as a record.",
)
CELL_WITHOUT_HEADER = _warns(
    id="cell_without_header",
    meaning="a filled cell beside the table; not used",
    expected="cells under the table's headers only",
    what_to_do="Give the column a header, or clear the cell. It was not used.",
)
MACROS_IGNORED = _of_tables(
    id="macros_ignored",
    severity=INFO,
    may_also_be=(STOP, WARN),
    meaning="a workbook with macros; they are not run",
    expected="a workbook without macros",
    what_to_do="Nothing: only the cells were read.",
)
DATES_FROM_1904 = _warns(
    id="dates_from_1904",
    meaning="a workbook that counts its days from 1904",
    expected="days counted from 1900, as Excel does by default",
    what_to_do="Compare one date with the source: dates copied from such a workbook can be four years and a day out.",
)
ENCODING_FOUND_OUT = _warns(
    id="encoding_found_out",
    meaning="a CSV file in an encoding other than UTF-8 that is not declared",
    expected="an encoding that the layout declares, or UTF-8",
    what_to_do="Check a name with an accent, then set `encoding` in the layout, such as encoding = 'cp1252'.",
)
LAST_LINE_UNFINISHED = _warns(
    id="last_line_unfinished",
    meaning="a CSV file whose last line has no line break",
    expected="a complete file, with a line break at its end",
    what_to_do="Check that the last record is complete: the file may have been cut short.",
)
ERRORS_NOT_SEEN = _warns(
    id="errors_not_seen",
    meaning="a format in which Excel errors look like blank cells",
    expected="an .xlsx workbook or a CSV file",
    what_to_do="Ask the source for an .xlsx file. This file is used as it is.",
)
_hidden = partial(
    _warns,
    what_to_do="Check whether the hidden cells were meant to be sent, then unhide or delete them at source. They were "
    "read and used.",
)
SHEET_HIDDEN = _hidden(id="sheet_hidden", meaning="the sheet that was read is hidden", expected="a visible sheet")
ROWS_HIDDEN = _hidden(id="rows_hidden", meaning="hidden rows; they were read", expected="visible rows")
COLUMNS_HIDDEN = _hidden(id="columns_hidden", meaning="hidden columns; they were read", expected="visible columns")

TABLE_RULES = (
    SHEET_MISSING, SHEET_AMBIGUOUS, SHEET_NOT_READ, HEADER_MISSING, COLUMN_MISSING, COLUMN_UNMAPPED, COLUMN_REPEATED,
    ROW_RAGGED, CELLS_MERGED, HEADER_FILE, DATE_ORDER_UNCLEAR, DATE_ORDER_CONTRADICTED, DATES_SWAPPED,
    LEADING_ZEROS_LOST, IDENTIFIERS_ALIKE, DATES_MIXED, TEXT_GARBLED, INVISIBLE_SIGNS, TOTALS_ROW,
    TOTALS_ROW_UNDECLARED, HEADER_REPEATED,
    FOOTNOTE,
    CELL_WITHOUT_HEADER, MACROS_IGNORED, DATES_FROM_1904, ENCODING_FOUND_OUT, LAST_LINE_UNFINISHED, ERRORS_NOT_SEEN,
    SHEET_HIDDEN, ROWS_HIDDEN, COLUMNS_HIDDEN,
)  # fmt: skip
