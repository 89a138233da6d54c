"""The analyst's workbook of faults: one row a fault, with what stood in the cell.

Restricted: it is the one output that holds values about children.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import lru_cache
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.faults import FaultRow, FaultsBook, FaultTotal
from perfpipe.packs.workbooks.cells import (
    FORMULA_STARTS,
    LINE_POINTS,
    CellEntry,
    Value,
    facts,
    heading,
    put,
    set_up_print,
    table,
    title,
    widths,
)
from perfpipe.packs.workbooks.looks import HEADER, HEADER_FILL, LINE, LINK, Look
from perfpipe.packs.workbooks.words_sheet import words_sheet
from perfpipe.stable_workbooks import save_workbook

READ_ME, FAULTS, CORRECTIONS, WORDS = "Read me", "Faults", "Corrections", "Words to map"
LISTED = 5000  # faults of one rule: more of a kind are one cause, and a workbook of all would not open
LINKS = 65000  # Excel keeps 65,530 on a sheet
LONGEST = 32767  # letters that Excel keeps in a cell
SEVERITIES = ("stop", "exclude", "warn", "info")
HEADERS = (
    ("Owner", 30), ("Address", 60), ("Record", 34), ("Found", 24), ("Expected", 36), ("What to do", 44),
    ("Rows left out of", 22), ("State", 20), ("First seen", 12), ("Months open", 14), ("Severity", 10), ("Dataset", 24),
    ("Rule", 26), ("Column", 24), ("Fault", 20),
)  # fmt: skip
WIDTHS = dict(HEADERS)
RESTRICTED = "It holds what extracts say about children. Store it where the extracts are stored."
SPARE, MOST_LINES = 4, 8  # letters that a line loses where words break; lines of the highest row
HOW = (
    "Filter the sheet 'Faults' by your name in 'Owner'. 'Address' opens the file as it was delivered, at the cell.\n"
    "Correct the record in the system that the extract comes from, not in the file: the next extract will then be "
    "right.\n"
    "A row that is left out counts in none of the measures named until it is corrected.\n"
    "What the source cannot correct in time can be declared in corrections.toml, with a reason that the board sees."
)


def write_faults_book(book: FaultsBook, path: Path) -> None:
    """Write the workbook. The same book always gives the same bytes."""
    workbook = Workbook()
    listed = _listed(book.faults)
    _read_me(workbook.active, book, len(book.faults) - len(listed))
    _faults(workbook.create_sheet(FAULTS), book, listed)
    if not book.of_owner:
        _corrections(workbook.create_sheet(CORRECTIONS), book)
    if book.words:
        words_sheet(workbook.create_sheet(WORDS), book)
    properties = workbook.properties
    whose = f"{book.authority}, {book.of_owner}" if book.of_owner else book.authority
    properties.title = f"Faults to correct, {book.month_label}: {whose}"
    properties.subject, properties.language, properties.creator = book.audience, "en-GB", book.authority
    save_workbook(workbook, path)


def _listed(faults: Iterable[FaultRow]) -> list[FaultRow]:
    """The faults to mend by owner and gravity, of each rule no more than can be worked through."""
    seen: Counter[tuple[str, str]] = Counter()
    listed = []
    for fault in faults:
        if fault.severity == "info":
            continue
        seen[fault.dataset, fault.rule] += 1
        if seen[fault.dataset, fault.rule] <= LISTED:
            listed.append(fault)
    return sorted(listed, key=lambda f: (f.owner, SEVERITIES.index(f.severity), f.dataset, f.rule, f.file, f.row))


def _read_me(sheet: Worksheet, book: FaultsBook, unlisted: int) -> None:
    sheet.title = READ_ME
    widths(sheet, 48, 34, 14, 12, 14, 14, 14)
    row = title(sheet, f"Faults to correct, {book.month_label}")
    lines: list[tuple[str, Value]] = [
        ("Authority", book.authority),
        ("For", CellEntry(book.audience, strong=True)),
        *([("Fingerprint", book.fingerprint)] if book.fingerprint else []),
    ]
    row = facts(sheet, row, lines)
    put(sheet, row, 1, CellEntry(RESTRICTED, strong=True), wrap=False)
    row = heading(sheet, row + 2, "How to correct")
    for words in HOW.split("\n"):
        put(sheet, row, 1, words, wrap=False)
        row += 1
    if unlisted:
        words = (
            f"{unlisted:,} faults are counted here and not listed: those for information, and of each rule all but the "
            f"first {LISTED:,}."
        )
        put(sheet, row, 1, CellEntry(words, strong=True), wrap=False)
        row += 1
    _counted(sheet, row, book)
    set_up_print(sheet, book.audience, "1:1")


def _counted(sheet: Worksheet, row: int, book: FaultsBook) -> None:
    """Faults by owner and by rule, rows left out of measures, and what has been cleared."""
    row = heading(sheet, row + 1, "Faults by owner")
    row = _totals(sheet, row, "By_owner", ["Owner"], book.by_owner) + 1
    row = heading(sheet, row, "Faults by owner and rule")
    row = _totals(sheet, row, "By_rule", ["Owner", "Rule"], book.by_rule) + 1
    if book.of_owner:
        return
    row = heading(sheet, row, "Rows left out of each measure, whether or not the month would have counted them")
    left_out: list[list[Value]] = [[title, code, CellEntry(rows, "#,##0")] for code, title, rows in book.left_out]
    row = table(
        sheet,
        row,
        "Left_out",
        ["Measure", "Code", "Rows left out"],
        left_out or [["No rows", NOTHING, NOTHING]],
    )
    row = heading(sheet, row + 1, "Cleared since the extract before")
    cleared: list[list[Value]] = [[dataset, rule, CellEntry(number, "#,##0")] for dataset, rule, number in book.cleared]
    table(sheet, row, "Cleared", ["Dataset", "Rule", "Faults"], cleared or [["None", NOTHING, NOTHING]])


def _totals(sheet: Worksheet, row: int, name: str, by: list[str], totals: Sequence[FaultTotal]) -> int:
    rows: list[list[Value]] = [
        [
            *each.names,
            *(
                CellEntry(number, "#,##0")
                for number in (each.faults, each.to_correct, each.rows_left_out, each.new, each.months_open)
            ),
        ]
        for each in totals
    ]
    headers = [*by, "Faults", "To correct", "Rows left out", "New", "Months open, most"]
    return table(sheet, row, name, headers, rows or [["No faults", *([NOTHING] * (len(headers) - 1))]])


def _faults(sheet: Worksheet, book: FaultsBook, faults: Sequence[FaultRow]) -> None:
    names = [name for name, _ in HEADERS]
    widths(sheet, *(width for _, width in HEADERS))
    for column, name in enumerate(names, 1):
        put(sheet, 1, column, name, Look(HEADER, fill=HEADER_FILL))
    looks = _looks(sheet)
    for number, fault in enumerate(faults, 2):
        for column, value in enumerate(_cells(fault), 1):
            if value != "":
                _put(sheet, number, column, value, looks)
        sheet.row_dimensions[number].height = LINE_POINTS * _lines(fault) + 2
        if fault.link and number <= LINKS:
            cell = sheet.cell(number, 2)
            cell._style = looks["link"]
            cell.hyperlink = Hyperlink(ref=cell.coordinate, target=fault.link, location=fault.place or None)
    last = get_column_letter(len(names))
    sheet.auto_filter.ref = f"A1:{last}{len(faults) + 1}"
    sheet.freeze_panes = "C2"
    set_up_print(sheet, book.audience, "1:1")
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3


def _looks(sheet: Worksheet) -> dict[str, StyleArray]:
    """The looks of text, numbers and links, as cells of the sheet share them."""
    values = {"text": CellEntry("x"), "number": CellEntry(1, "0"), "link": CellEntry("x"), "quoted": CellEntry("=")}
    looks = {}
    for name, value in values.items():
        look = Look(LINK if name == "link" else None, border=LINE)
        looks[name] = copy(put(sheet, 2, 1, value, look)._style)
    sheet._cells.pop((2, 1))
    return looks


def _put(sheet: Worksheet, row: int, column: int, value: str | int, looks: Mapping[str, StyleArray]) -> None:
    """What `put` does, for the thousands of cells of a list: text stays text, whatever it begins with."""
    cell = Cell(sheet, row, column)
    if isinstance(value, str):
        cell._style = looks["quoted" if value.startswith(FORMULA_STARTS) else "text"]
        cell._value, cell.data_type = _clean(value), "s"
    else:
        cell._style, cell._value, cell.data_type = looks["number"], value, "n"
    sheet._cells[row, column] = cell


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST])


def _lines(fault: FaultRow) -> int:
    """How many lines the row needs, by the columns that hold the longest words."""
    texts = {"Address": fault.address, "Record": fault.record, "Found": fault.found}
    texts |= {"Expected": fault.expected, "What to do": fault.what_to_do, "Rows left out of": fault.left_out_of}
    return min(max(len(text) // (WIDTHS[name] - SPARE) + 1 for name, text in texts.items()), MOST_LINES)


def _cells(fault: FaultRow) -> list[str | int]:
    return [
        fault.owner,
        fault.address,
        fault.record,
        fault.found,
        fault.expected,
        fault.what_to_do,
        fault.left_out_of,
        fault.state,
        fault.first_seen,
        "" if fault.months_open is None else fault.months_open,
        fault.severity,
        fault.dataset,
        fault.rule,
        fault.column,
        fault.identity,
    ]


def _corrections(sheet: Worksheet, book: FaultsBook) -> None:
    widths(sheet, 26, 34, 22, 24, 24, 44, 22, 12, 10)
    row = title(sheet, "Corrections declared in corrections.toml", READ_ME) + 1
    rows: list[list[Value]] = [
        [line.dataset, line.record, line.column, line.wrong or "(blank)", line.right or "(blank)", line.reason, line.by,
         line.date, CellEntry(line.extracts, "0")]
        for line in book.corrections
    ]  # fmt: skip
    headers = ["Dataset", "Record", "Column", "Found", "Corrected to", "Reason", "By", "Date", "Extracts"]
    table(sheet, row, "Corrections", headers, rows or [["None", *([NOTHING] * (len(headers) - 1))]])
    set_up_print(sheet, book.audience, f"{row}:{row}")
