"""The data quality sheet of the board workbook: extracts, faults opened and cleared, corrections. No child's data."""

from __future__ import annotations

from datetime import date

from openpyxl.formatting.rule import DataBarRule
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOT_AVAILABLE, NOTHING
from perfpipe.packs.models.data_quality import ClearanceLine
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.workbooks.cells import CellEntry, Value, heading, put, set_up_print, table, title, widths

COUNTS = ["Open", "New", "Cleared", "No longer covered", "Open over 3 months", "Rows left out"]
READ_SO = (
    "Open: found in the extract sent for the month. New: not in the extract before; of a first extract all are.",
    "Cleared: in the extract before, and corrected or removed in this one, which goes back as far as the record.",
    "No longer covered: the extract no longer goes back as far as the record, so we cannot tell.",
    "What is only for information, and what is found between two extracts, is not followed over time.",
)


def add_data_quality(sheet: Worksheet, content: PackContent, contents: str) -> None:
    """Fill the sheet: extracts, faults by month, by rule, what each rule does, and corrections."""
    widths(sheet, 28, 30, 20, 20, 30, 30, 30, 20)
    row = title(sheet, f"Data quality: {content.month_label}", contents)
    row = heading(sheet, row + 1, "Extracts used")
    extracts: list[list[Value]] = [
        [line.dataset, line.state,
         *(words or NOT_AVAILABLE for words in (line.extracted_at, line.months, line.files)),
         CellEntry(line.rows, "#,##0") if line.rows is not None else NOT_AVAILABLE]
        for line in content.extracts
    ]  # fmt: skip
    row = _table(sheet, row, "Extracts", ["Dataset", "State", "Extracted at", "Months", "Files", "Rows"], extracts)
    row = _clearance(sheet, row, content)
    row = heading(sheet, row, "Data faults, most serious first")
    faults: list[list[Value]] = [
        [line.dataset, line.rule, line.severity, CellEntry(line.rows, "#,##0"), line.expected, line.what_to_do,
         line.effect]
        for line in content.faults
    ]  # fmt: skip
    headers = ["Dataset", "Rule", "Severity", "Rows", "Expected", "What to do", "Effect on the figures"]
    row = _table(sheet, row, "Faults", headers, faults, "No faults were found")
    row = heading(sheet, row, "Corrections made to the extracts before they were read")
    corrections: list[list[Value]] = [
        [line.dataset, line.column, CellEntry(line.records, "#,##0"), CellEntry(line.extracts, "#,##0"), line.reason,
         line.by, line.date]
        for line in content.corrections
    ]  # fmt: skip
    headers = ["Dataset", "Column", "Records", "Extracts", "Reason", "By", "Date"]
    _table(sheet, row, "Corrections", headers, corrections, "No corrections were made")
    set_up_print(sheet, content.audience, "1:1")


def _clearance(sheet: Worksheet, row: int, content: PackContent) -> int:
    row = heading(sheet, row, "Faults opened and cleared, by month")
    for words in READ_SO:
        put(sheet, row, 1, words, wrap=False)
        row += 1
    headers = ["Month", "Datasets without an extract", *COUNTS]
    months: list[list[Value]] = [
        [CellEntry(date.fromisoformat(f"{line.name}-01"), "mmm yyyy"), line.dataset or "None", *_counts(line)]
        for line in content.fault_months
    ]
    first = row + 1
    row = _table(sheet, row, "Faults_by_month", headers, months, "No extract was sent")
    if months:
        bars = DataBarRule("num", 0, "max", None, color="9FB8CF", showValue=True)
        sheet.conditional_formatting.add(f"C{first}:C{first + len(months) - 1}", bars)
    row = heading(sheet, row, f"Faults opened and cleared, by rule: {content.month_label}")
    rules: list[list[Value]] = [[line.dataset, line.name, *_counts(line)] for line in content.fault_rules]
    return _table(sheet, row, "Faults_by_rule", ["Dataset", "Rule", *COUNTS], rules, "No faults to correct")


def _counts(line: ClearanceLine) -> list[Value]:
    numbers = (line.open, line.new, line.cleared, line.unseen, line.long_open, line.rows_left_out)
    return [CellEntry(number, "#,##0") for number in numbers]


def _table(
    sheet: Worksheet, row: int, name: str, headers: list[str], rows: list[list[Value]], nothing: str = NOTHING
) -> int:
    """A table, one row of it saying that there is nothing; and the row after a blank one."""
    return table(sheet, row, name, headers, rows or [[nothing, *([NOTHING] * (len(headers) - 1))]]) + 1
