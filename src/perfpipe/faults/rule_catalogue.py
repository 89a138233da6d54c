"""Every rule by its id: its severity, what it means, and to what the settings may change it.

The rules of a dataset are stated there and picked up here; the others, which need no column, are listed here.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from perfpipe.datasets import DATASETS
from perfpipe.datasets.cross_checks import CROSS_CHECKS
from perfpipe.datasets.definition import Severity

OFF = "off"
STOP, EXCLUDE, WARN, INFO = (severity.value for severity in Severity)


class Found(StrEnum):
    """Where a rule looks: at files as they come in, in one extract, or between extracts."""

    ARRIVING = "arriving"
    READING = "reading"
    BETWEEN = "between"


@dataclass(frozen=True)
class Known:
    """A rule: where it looks, its severity unless set otherwise, what the severity may be set to, its meaning."""

    id: str
    found: Found
    severity: str
    may_be: tuple[str, ...]
    meaning: str


# What cannot be read cannot be used either: a severity below `stop` would only hide that nothing was read.
UNREADABLE = {
    "layout_gone": "no layout knows the names by which an extract was received",
    "extract_time_missing": "the cell or file name that should say when the extract was made does not",
    "header_file": "the national header file lacks its columns",
    "sheet_missing": "no sheet has the name that the layout gives",
    "sheet_ambiguous": "several sheets have the layout's headers",
    "header_missing": "no row has the layout's headers",
    "column_missing": "a column that the layout maps is not there",
    "column_unmapped": "a column is there that the layout does not know",
    "column_repeated": "two columns stand for the same thing",
    "row_ragged": "a row of a CSV file is longer or shorter than its header",
    "format_unknown": "the file is in no format that is read",
    "encoding": "the file is not text in the layout's encoding",
    "csv_damaged": "the quoting of a CSV file is broken",
    "too_large": "the file is larger than the limits",
    "too_slow": "the file takes too long to parse",
    "parser_died": "the file makes the parser fail",
    "encrypted": "the file is protected by a password",
    "empty_file": "the file has 0 bytes",
    "not_a_workbook": "the file has a workbook's name and is none",
    "not_readable": "the file is damaged",
    "no_usable_rows": "every row of the extract is left out",
    "format_too_old": "the workbook is of an Excel from before 1993",
    "password_wrong": "the password given is not the file's",
    "not_text": "the file has the name of a CSV file and is none",
    "delimiter_ambiguous": "a CSV file can be read with more than one delimiter",
    "cells_merged": "cells are merged inside the table",
    "date_order_unclear": "dates as text, and nothing says whether the day or the month comes first",
    "date_order_contradicted": "dates as text against the order that the layout declares",
    "dates_swapped": "dates whose day and month Excel has swapped",
    "leading_zeros_lost": "identifiers that have lost their leading zeros",
}
CELLS = {
    "value_missing": "a cell that must be filled is blank",
    "error_cell": "an Excel error such as #REF! or #N/A",
    "formula_without_value": "a formula that was never calculated",
    "code_unknown": "a code that is not on its list",
    "identifier_unreadable": "an identifier that is neither text nor a whole number",
    "identifier_inexact": "an identifier that Excel has rounded",
    "identifier_odd": "an identifier with a sign that cannot be seen or a letter of another alphabet",
    "date_unreadable": "no date, or one that cannot be read without guessing",
    "time_unreadable": "no time, or one that cannot be read without guessing",
    "no_such_date": "a day or time that the calendar or the clock does not have",
    "date_out_of_bounds": "a date before March 1900 or after 2199",
    "time_does_not_exist": "a time that clocks went forward over",
    "number_unreadable": "no number",
    "number_too_small": "a number below the smallest allowed",
    "number_not_whole": "a count that is not whole",
    "month_unreadable": "no month",
}
_RULES: tuple[tuple[str, Found, str, str, str], ...] = (
    # id, where it looks, severity, what else it may be, meaning
    ("raw_is_a_link", Found.ARRIVING, STOP, "warn", "data/raw is a link to another place"),
    ("folder_name", Found.ARRIVING, WARN, "stop info", "a folder or file in data/raw that is no delivery folder"),
    ("not_a_file", Found.ARRIVING, STOP, "warn", "a link, a folder or a device where a file should be; not taken in"),
    ("file_name", Found.ARRIVING, STOP, "warn", "a name with control characters, or two names that differ in case "
     "only; not taken in"),
    ("file_not_readable", Found.ARRIVING, STOP, "warn", "a file that cannot be opened; not taken in"),
    ("file_being_written", Found.ARRIVING, STOP, "warn", "a file that is still being copied or is open in Excel; taken "
     "in by the next run"),
    ("file_incomplete", Found.ARRIVING, STOP, "warn", "a file of 0 bytes, or a workbook cut short; not taken in"),
    ("file_not_recognised", Found.ARRIVING, WARN, "stop info", "a file that no layout knows; not taken in"),
    ("file_withdrawn", Found.ARRIVING, WARN, "stop info", "a file whose extract was withdrawn; not used"),
    ("delivery_note", Found.ARRIVING, STOP, "warn", "a delivery note that cannot be read; its folder is not taken in"),
    ("delivery_note_unused", Found.ARRIVING, WARN, "stop info off", "a delivery note names a file that is not there"),
    ("delivery_note_changed", Found.ARRIVING, WARN, "stop info", "a delivery note changed after its file was received"),
    ("same_file_again", Found.READING, WARN, "stop", "the same file, byte by byte, in a second folder; it speaks for "
     "its first only"),
    ("empty_extract", Found.READING, STOP, "warn info", "headers and not one record"),
    ("made_before_month", Found.READING, STOP, "warn info", "the extract was made before the month of its folder"),
    ("no_records_in_month", Found.READING, STOP, "warn info", "no record is dated in the month of the folder, and many "
     "in the months before"),
    ("month_row_missing", Found.READING, WARN, "stop info", "no row for the month of the folder"),
    ("dates_in_future", Found.READING, STOP, "warn info", "a good part of the records start after the folder's month"),
    ("records_after_month", Found.READING, WARN, "stop info", "many records start after the month of the folder, or "
     "after the extract was made"),
    ("column_unreadable", Found.READING, STOP, "warn info", "most cells of a column cannot be read as its values"),
    ("text_garbled", Found.READING, WARN, "stop info", "letters that two encodings have made of one"),
    ("totals_row", Found.READING, INFO, "warn off", "a totals row, left out as the layout says"),
    ("totals_row_undeclared", Found.READING, WARN, "stop info", "a totals row that the layout does not announce; left "
     "out"),
    ("header_repeated", Found.READING, WARN, "stop info", "the headers again inside the table; left out"),
    ("footnote", Found.READING, WARN, "stop info", "a text below the table; left out"),
    ("macros_ignored", Found.READING, INFO, "stop warn", "a workbook with macros; they are not run"),
    ("dates_from_1904", Found.READING, WARN, "stop info", "a workbook that counts its days from 1904"),
    ("encoding_found_out", Found.READING, WARN, "stop info", "a CSV file in another encoding than UTF-8, not declared"),
    ("last_line_unfinished", Found.READING, WARN, "stop info", "a CSV file whose last line has no end"),
    ("sheet_hidden", Found.READING, WARN, "stop info", "the sheet that was read is hidden"),
    ("rows_hidden", Found.READING, WARN, "stop info", "hidden rows; they were read"),
    ("columns_hidden", Found.READING, WARN, "stop info", "hidden columns; they were read"),
    ("dates_mixed", Found.READING, WARN, "stop info", "date cells and dates as text in one column"),
    ("cell_without_header", Found.READING, WARN, "stop info", "a filled cell beside the table; not used"),
    ("errors_not_seen", Found.READING, WARN, "stop info", "a format in which Excel errors look like blank cells"),
    ("row_repeated", Found.READING, WARN, "stop info", "the same record twice; used once"),
    ("key_repeated", Found.READING, WARN, "stop info", "two records of one key that differ; the last is used"),
    ("typed_measure_unknown", Found.BETWEEN, STOP, "", "a number typed for a measure that the plan does not declare"),
    ("typed_group_unknown", Found.BETWEEN, STOP, "", "a number typed for a group that its measure does not have, or "
     "without its group"),
    ("typed_month_ends_no_quarter", Found.BETWEEN, STOP, "", "a number of a quarterly measure for a month that ends no "
     "quarter"),
    ("typed_month_in_future", Found.BETWEEN, STOP, "", "a number typed for a month after that of its folder"),
    ("typed_denominator_missing", Found.BETWEEN, STOP, "", "a percentage without the number below the line"),
    ("typed_denominator_of_count", Found.BETWEEN, STOP, "", "a count with a number below the line"),
    ("typed_number_gone", Found.BETWEEN, WARN, "stop info", "a typed number that the next sheet for its month no "
     "longer has"),
    ("correction_not_needed", Found.BETWEEN, STOP, "", "a declared correction of what the source has mended"),
    ("correction_no_record", Found.BETWEEN, STOP, "", "a declared correction of a record that is in no extract"),
    ("correction_several", Found.BETWEEN, STOP, "", "a declared correction that fits several records"),
    ("equal_claim", Found.BETWEEN, STOP, "", "two extracts of one time for one month"),
    ("history_vanished", Found.BETWEEN, STOP, "warn", "many ended records of the extract before are gone"),
    ("not_followed_up", Found.BETWEEN, WARN, "stop info", "a record open in one extract and absent from the next"),
    ("totals_differ", Found.BETWEEN, STOP, "", "two measures of one pack count different children where it must be the "
     "same ones"),
    ("table_does_not_add_up", Found.BETWEEN, STOP, "", "the parts of a table do not make its total"),
    ("same_records", Found.BETWEEN, STOP, "warn info", "the records of another extract again, under another name or "
     "saved anew"),
    ("nothing_changed", Found.BETWEEN, WARN, "stop info", "the same records in two extracts that state "
     "different times, or in two short lists"),
    ("leading_zeros_lost_since", Found.BETWEEN, STOP, "warn info", "identifiers that had leading zeros in the extract "
     "before"),
    ("column_emptied", Found.BETWEEN, STOP, "warn info", "a column that most records of the extract before filled and "
     "none fills"),
    ("file_cut_short", Found.BETWEEN, STOP, "warn info", "a CSV file without the line end that the extract before had"),
    ("row_count_moved", Found.BETWEEN, STOP, "warn info", "many more or fewer records than a month before"),
    ("action_not_in_plan", Found.BETWEEN, WARN, "stop info", "a reported status of an action that is not in the plan; "
     "not used"),
    ("cross_checks_not_made", Found.BETWEEN, INFO, "stop warn off", "an extract is missing, or does not hold what it "
     "is to be compared with"),
    ("column_added", Found.BETWEEN, WARN, "stop info", "a column that the extract before did not have"),
    ("column_dropped", Found.BETWEEN, WARN, "stop info", "a column that the extract before had"),
    ("column_renamed", Found.BETWEEN, WARN, "stop info", "a column under another header than in the extract before"),
    ("column_moved", Found.BETWEEN, INFO, "stop warn off", "columns in another order than in the extract before"),
    ("column_retyped", Found.BETWEEN, WARN, "stop info", "a column whose cells are of another kind than in the extract "
     "before"),
)  # fmt: skip


def _all() -> Iterator[Known]:
    for id_, found, severity, others, meaning in _RULES:
        yield Known(id_, found, severity, (severity, *others.split()), meaning)
    for id_, meaning in UNREADABLE.items():
        yield Known(id_, Found.READING, STOP, (STOP,), meaning)
    for id_, meaning in CELLS.items():
        yield Known(
            id_, Found.READING, WARN, (WARN, STOP, INFO), f"{meaning}; the row is left out if it needs the cell"
        )
    for dataset in DATASETS:
        for rule in dataset.rules:
            yield Known(rule.id, Found.READING, rule.severity.value, _may_be(rule.severity), f"not {rule.expected}")
    for check in CROSS_CHECKS:
        yield Known(check.id, Found.BETWEEN, check.severity.value, _may_be(check.severity), f"not {check.expected}")


def _may_be(severity: Severity) -> tuple[str, ...]:
    """A dataset's rule that leaves rows out belongs to the definition of its measures: it cannot be loosened."""
    if severity in (Severity.EXCLUDE, Severity.STOP):
        return tuple(dict.fromkeys((severity.value, STOP)))
    return (severity.value, *(other for other in (STOP, WARN, INFO) if other != severity))


RULES: dict[str, Known] = {rule.id: rule for rule in _all()}


def setting_problem(rule: str, severity: str) -> str | None:
    """What is wrong with setting a rule to a severity, in words; None if it may be."""
    known = RULES.get(rule)
    if known is None:
        return no_such_rule(rule)
    if severity in known.may_be:
        return None
    expected = " or ".join(known.may_be)
    why = {
        STOP: "what it finds cannot be used",
        EXCLUDE: "it leaves rows out of figures, which no severity changes",
    }.get(known.severity, "its faults must stay visible")
    return f"{severity!r} is not for this rule: {why}; expected {expected}"


def no_such_rule(rule: str) -> str:
    """Words for an unknown rule id, with those that look like it."""
    near = difflib.get_close_matches(rule, RULES, n=3, cutoff=0.6)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    return f"no such rule; {meant}`perfpipe rules` lists them"


def rule_lines() -> list[str]:
    """All rules as plain text: id, severity, what it may be set to, where it looks, meaning."""
    lines = ['Set a severity in perfpipe.toml: [severities] with lines such as row_count_moved = "warn".', ""]
    for rule in RULES.values():
        others = ", ".join(other for other in rule.may_be if other != rule.severity) or "nothing else"
        lines += [f"{rule.id} ({rule.found}): {rule.severity}; may be set to {others}", f"    {rule.meaning}"]
    return lines
