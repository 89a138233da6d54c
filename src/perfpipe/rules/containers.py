"""Rules about what a file is, before its table is looked at: its format, encoding, password and size.

The process that takes files apart refuses by them (`read/formats`). What cannot be read cannot be used either: a
severity below `stop` would only hide that nothing was read.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from perfpipe.rules.rule import STOP, Rule, Scope

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
AGAIN = "Export the file again as CSV, or send it as .xlsx."
_unreadable = partial(
    Rule,
    scope=Scope.READING,
    severity=STOP,
    may_also_be=(),
    expected="a file in the form that its layout describes",
    what_to_do="Open the file in Excel, save it again as .xlsx and send it again.",
)

FORMAT_UNKNOWN = _unreadable(
    id="format_unknown",
    meaning="the file is in a format that cannot be read",
    what_to_do=f"Send it as one of {', '.join((*SPREADSHEETS, *TEXTS))}.",
)
ENCODING = _unreadable(
    id="encoding",
    meaning="the file is not text in the layout's encoding",
    what_to_do="Set `encoding` in the layout (Excel in England writes cp1252), or save the file as CSV UTF-8.",
)
CSV_DAMAGED = _unreadable(id="csv_damaged", meaning="the quoting of a CSV file is broken", what_to_do=AGAIN)
CSV_UTF_16 = replace(
    CSV_DAMAGED,
    what_to_do="Export it again, or set `encoding` in the layout, such as encoding = 'utf-16-le'.",
)
CSV_QUOTES = replace(
    CSV_DAMAGED,
    what_to_do=f"Look at that line: a delimiter may be missing, or a quote within a text is not doubled. {AGAIN} If "
    "quotes are ordinary characters in the file, set `quote = ''` in the layout.",
)
CSV_SWALLOWED_ROWS = replace(
    CSV_DAMAGED,
    what_to_do="Remove the stray quotes at source, or set `quote = ''` in the layout if they belong there.",
)
TOO_LARGE = _unreadable(id="too_large", meaning="the file is larger than the limits")
TEXT_TOO_LARGE = replace(TOO_LARGE, what_to_do=AGAIN)
SHEET_TOO_LARGE = replace(
    TOO_LARGE,
    what_to_do="Delete the cells far below or beside the table and save it again, or raise [limits] in perfpipe.toml.",
)
TOO_SLOW = _unreadable(
    id="too_slow",
    meaning="the file takes too long to read",
    what_to_do="Send less data in one file, or raise `seconds` under [limits] in perfpipe.toml.",
)
PARSER_DIED = _unreadable(id="parser_died", meaning="reading the file fails")
ENCRYPTED = _unreadable(
    id="encrypted",
    meaning="the file is protected by a password",
    what_to_do="Put its password in the environment variable that `password_env` in the layout names "
    "(PERFPIPE_PASSWORD if it names none), or save the file without a password and send it again.",
)
ODS_ENCRYPTED = replace(
    ENCRYPTED,
    what_to_do="Save it without a password and send it again: the password of an .ods file cannot be used.",
)
PASSWORD_WRONG = _unreadable(
    id="password_wrong",
    meaning="the password given does not open the file",
    what_to_do="Correct the password in the environment variable that `password_env` in the layout names.",
)
EMPTY_FILE = _unreadable(
    id="empty_file", meaning="the file has 0 bytes", what_to_do="Export the file again and send it."
)
NOT_A_WORKBOOK = _unreadable(
    id="not_a_workbook",
    meaning="the file is named like a workbook but is not one",
    what_to_do="Open it in Excel, save it as an Excel workbook (.xlsx) and send that.",
)
TEXT_NAMED_WORKBOOK = replace(
    NOT_A_WORKBOOK,
    what_to_do="Rename it to end in .tsv if tabs separate its values, else in .csv, also in the layout's `files`; or "
    "open it in Excel and save it as an Excel workbook (.xlsx).",
)
NOT_READABLE = _unreadable(id="not_readable", meaning="the file is damaged")
FORMAT_TOO_OLD = _unreadable(id="format_too_old", meaning="the workbook comes from a version of Excel before 1993")
NOT_TEXT = _unreadable(
    id="not_text",
    meaning="the file is named like a CSV file but is not one",
    what_to_do="Give it the ending of its format (.xlsx, .xls), also in the layout's `files`, and send it again.",
)
DELIMITER_AMBIGUOUS = _unreadable(
    id="delimiter_ambiguous",
    meaning="a CSV file can be read with more than one delimiter",
    what_to_do="Set `delimiter` in the layout.",
)

REFUSALS = (  # of the process that takes files apart, which names one by its place here
    ENCODING, CSV_DAMAGED, CSV_UTF_16, CSV_QUOTES, CSV_SWALLOWED_ROWS, TOO_LARGE, TEXT_TOO_LARGE, SHEET_TOO_LARGE,
    ENCRYPTED, ODS_ENCRYPTED, PASSWORD_WRONG, EMPTY_FILE, NOT_A_WORKBOOK, TEXT_NAMED_WORKBOOK, NOT_READABLE,
    FORMAT_TOO_OLD, NOT_TEXT, DELIMITER_AMBIGUOUS,
)  # fmt: skip
CONTAINER_RULES = (
    FORMAT_UNKNOWN, ENCODING, CSV_DAMAGED, TOO_LARGE, TOO_SLOW, PARSER_DIED, ENCRYPTED, PASSWORD_WRONG, EMPTY_FILE,
    NOT_A_WORKBOOK, NOT_READABLE, FORMAT_TOO_OLD, NOT_TEXT, DELIMITER_AMBIGUOUS,
)  # fmt: skip
