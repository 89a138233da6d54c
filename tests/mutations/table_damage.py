"""What goes wrong around and between cells: headers, columns, rows, sheets, merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

from openpyxl.utils import get_column_letter

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Kind
from tests.mutations.books import Cell, Row, Sheet, Table, sheet_of, workbook
from tests.mutations.cases import Case
from tests.mutations.cell_damage import DATED, mutant
from tests.mutations.harness import Mutant, Mutate, MutationClass
from tests.mutations.rule_sets import ANYTHING, ARRIVAL, COLUMNS, DATE_SENSE, DATES, KEYS, ROWS, VALUES, rules


def book(case: Case, what: str, sheets: Sequence[Sheet]) -> Mutant | None:
    """A workbook of several sheets, or of one that is odd. None for a CSV file."""
    return mutant(case, what, data=workbook(sheets)) if case.table.kind == "xlsx" else None


# sheets --------------------------------------------------------------------------------------------------------------


def junk_first(case: Case, rng: Random) -> Mutant | None:
    """A first sheet of something else, hidden or not."""
    state = rng.choice(("", "hidden", "veryHidden"))
    junk = Sheet("Notes", [["Guidance"], ["Date", "Value"], [date(2017, 1, 1), 5]], state)
    return book(case, f"a first sheet of notes {state}", [junk, sheet_of(case.table)])


def hidden_double(case: Case, rng: Random) -> Mutant | None:
    """A hidden sheet with the same headers and last month's records."""
    state = rng.choice(("hidden", "veryHidden", ""))
    old = Sheet("Old", case.before.rows, state)
    sheets = [old, sheet_of(case.table)]
    return book(case, f"last month's sheet too, {state}", sheets if rng.random() < 0.5 else sheets[::-1])


def all_hidden(case: Case, rng: Random) -> Mutant | None:
    """The sheet itself is hidden."""
    return book(
        case, "the sheet is hidden", [replace(sheet_of(case.table), state="hidden"), Sheet("Cover", [["See data"]])]
    )


def renamed_sheet(case: Case, rng: Random) -> Mutant | None:
    """The sheet has another name."""
    return book(case, "the sheet has another name", [replace(sheet_of(case.table), name="Sheet1")])


def empty_first(case: Case, rng: Random) -> Mutant | None:
    """An empty sheet beside it, and one of a chart's data."""
    return book(case, "an empty sheet", [Sheet("Sheet2", []), sheet_of(case.table), Sheet("Sheet3", [[1, 2], [3, 4]])])


def headers_without_records(case: Case, rng: Random) -> Mutant | None:
    """A second sheet with the headers only: a template left in the file."""
    template = Sheet("Template", [*case.table.above, case.table.headers])
    return book(case, "an empty template beside it", [template, sheet_of(case.table)])


# merged cells --------------------------------------------------------------------------------------------------------


def _merged(case: Case, what: str, table: Table, areas: Sequence[str]) -> Mutant | None:
    cells = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    after = f'<mergeCells count="{len(areas)}">{cells}</mergeCells>'
    return book(case, what, [replace(sheet_of(table), after=after)])


def merged_header(case: Case, rng: Random) -> Mutant | None:
    """Two headers merged into one."""
    position = rng.choice([n for n, name in enumerate(case.table.columns) if n and name])
    headers = [None if n == position else header for n, header in enumerate(case.table.headers)]
    row = case.table.first - 1
    area = f"{get_column_letter(position)}{row}:{get_column_letter(position + 1)}{row}"
    return _merged(
        case, f"headers merged: {case.table.columns[position]}", replace(case.table, headers=headers), [area]
    )


def merged_title(case: Case, rng: Random) -> Mutant | None:
    """A merged title above the table: harmless."""
    table = case.table if case.table.above else replace(case.table, above=[["Return"], []])
    return _merged(case, "a merged title", table, ["A1:D1"])


def merged_down(case: Case, rng: Random) -> Mutant | None:
    """Cells of one value merged down the column: only the first keeps it."""
    names = [c for c in case.required if len(case.filled(c)) > 3]
    if not names or len(case.table.records) < 4:
        return None
    column = rng.choice(names)
    start, count = rng.randrange(len(case.table.records) - 3), rng.choice((1, 2))
    cells: dict[int, Cell] = {start + n: None for n in range(1, count + 1)}
    at, first = get_column_letter(case.table.at(column) + 1), case.table.first + start
    position = case.table.at(column)
    if all(case.table.records[n][position] is None for n in [start, *cells]):
        return None
    return _merged(
        case, f"merged down: {column}", case.table.with_cells(column, cells), [f"{at}{first}:{at}{first + count}"]
    )


# totals and footnotes ------------------------------------------------------------------------------------------------


def below(rows: Sequence[Sequence[Cell]], what: str) -> Mutate:
    """Rows under the table."""

    def rows_below(case: Case, rng: Random) -> Mutant | None:
        width = len(case.table.headers) if case.table.kind == "csv" else 0
        added = [[*row, *[None] * (width - len(row))] for row in rows]
        return mutant(case, what, replace(case.table, below=[*case.table.below, *added]))

    return rows_below


def sums_below(case: Case, rng: Random) -> Mutant | None:
    """A totals row with sums under the number columns."""
    names = case.of_kind(Kind.NUMBER, Kind.COUNT)
    row: Row = [None] * len(case.table.headers)
    row[0] = rng.choice(("Total", "Grand total", "TOTALS"))
    for name in names:
        row[case.table.at(name)] = 999
    return mutant(case, "a row of sums", replace(case.table, below=[*case.table.below, row]))


def subtotals_inside(case: Case, rng: Random) -> Mutant | None:
    """Subtotals in the middle of the table."""
    records = list(case.table.records)
    row: Row = ["Subtotal", *[None] * (len(case.table.headers) - 1)]
    records.insert(len(records) // 2, row)
    return mutant(case, "a subtotal inside", replace(case.table, records=records))


# rows ----------------------------------------------------------------------------------------------------------------


def row_twice(case: Case, rng: Random) -> Mutant | None:
    """Some rows twice, side by side or at the end."""
    again = rng.sample(case.table.records, rng.choice((1, 3)))
    return mutant(case, "rows twice", replace(case.table, records=[*case.table.records, *again]))


def all_twice(case: Case, rng: Random) -> Mutant | None:
    """The whole table pasted twice."""
    return mutant(case, "all rows twice", replace(case.table, records=[*case.table.records, *case.table.records]))


def key_twice(case: Case, rng: Random) -> Mutant | None:
    """A row again with another value in a column that is not part of its key."""
    key = BY_ID[case.dataset].key
    names = [n for n in case.table.columns if n and n not in key and len(case.filled(n)) > 1]
    column = rng.choice(names)
    position = case.table.at(column)
    values = [case.table.records[n][position] for n in case.filled(column)]
    row = list(rng.choice(case.table.records))
    others = [value for value in values if value != row[position]]
    if not others:
        return None
    row[position] = rng.choice(others)
    return mutant(case, f"a key twice, another {column}", replace(case.table, records=[*case.table.records, row]))


def headers_again(case: Case, rng: Random) -> Mutant | None:
    """The header row again, as page headings are."""
    records = list(case.table.records)
    for place in (len(records) // 3, 2 * len(records) // 3):
        records.insert(place + 1, list(case.table.headers))
    return mutant(case, "headers again", replace(case.table, records=records))


def blank_rows(case: Case, rng: Random) -> Mutant | None:
    """Blank rows inside the table: the records under them still count."""
    records = list(case.table.records)
    for _ in range(3):
        records.insert(rng.randrange(len(records)), [None] * len(case.table.headers))
    return mutant(case, "blank rows", replace(case.table, records=records))


def hidden_rows(case: Case, rng: Random) -> Mutant | None:
    """Rows hidden by a filter: they count."""
    numbers = frozenset(rng.sample(range(case.table.first, case.table.first + len(case.table.records)), 5))
    return book(case, "rows hidden", [replace(sheet_of(case.table), hidden=numbers)])


def hidden_columns(case: Case, rng: Random) -> Mutant | None:
    """A hidden column: it counts."""
    return book(
        case,
        "a column hidden",
        [replace(sheet_of(case.table), before='<cols><col min="2" max="3" hidden="1"/></cols>')],
    )


def rows_above(case: Case, rng: Random) -> Mutant | None:
    """A title above the headers of a standard extract."""
    if case.table.above:
        return None
    width = len(case.table.headers) if case.table.kind == "csv" else 1
    title: list[Row] = [["Monthly return", *[None] * (width - 1)], [None] * width]
    return mutant(case, "a title above", replace(case.table, above=title))


# columns -------------------------------------------------------------------------------------------------------------


def _header(case: Case, position: int, header: Cell, what: str) -> Mutant:
    headers = [header if n == position else old for n, old in enumerate(case.table.headers)]
    return mutant(case, f"{what}: {case.table.columns[position]}", replace(case.table, headers=headers))


def renamed(case: Case, rng: Random) -> Mutant | None:
    """A header renamed."""
    position = rng.choice([n for n, name in enumerate(case.table.columns) if name])
    return _header(case, position, f"{case.table.headers[position]} (new)", "renamed")


def blank_header(case: Case, rng: Random) -> Mutant | None:
    """A header lost."""
    position = rng.choice([n for n, name in enumerate(case.table.columns) if name and case.filled(name)])
    return _header(case, position, None, "header lost")


def same_header_otherwise_written(case: Case, rng: Random) -> Mutant | None:
    """A header in capitals, with spaces of other kinds: still the header."""
    position = rng.randrange(len(case.table.headers))
    header = str(case.table.headers[position]).upper().replace(" ", "\u00a0 ")
    return _header(case, position, f"  {header} ", "header written otherwise")


def near_twin(case: Case, rng: Random) -> Mutant | None:
    """Another column whose header differs in a space or in case only, with other values."""
    position = rng.choice([n for n, name in enumerate(case.table.columns) if name])
    twin = rng.choice(
        (
            f"{case.table.headers[position]} ",
            str(case.table.headers[position]).upper(),
            f"{case.table.headers[position]}.",
        )
    )
    rows = [
        [*row, other[position]] for row, other in zip(case.table.records, reversed(case.table.records), strict=True)
    ]
    table = replace(case.table, headers=[*case.table.headers, twin], records=rows, columns=(*case.table.columns, ""))
    return mutant(case, f"a twin of {case.table.columns[position]}", table)


def _reordered(table: Table, order: Sequence[int]) -> Table:
    return replace(
        table,
        columns=tuple(table.columns[n] for n in order),
        headers=[table.headers[n] for n in order],
        records=[[row[n] for n in order] for row in table.records],
    )


def reordered(case: Case, rng: Random) -> Mutant | None:
    """Columns in another order: read by their headers."""
    order = rng.sample(range(len(case.table.headers)), len(case.table.headers))
    return mutant(case, "columns in another order", _reordered(case.table, order))


def dropped(case: Case, rng: Random) -> Mutant | None:
    """A column gone."""
    gone = rng.choice([n for n, name in enumerate(case.table.columns) if name and case.filled(name)])
    order = [n for n in range(len(case.table.headers)) if n != gone]
    return mutant(case, f"dropped: {case.table.columns[gone]}", _reordered(case.table, order))


def added(case: Case, rng: Random) -> Mutant | None:
    """A column more."""
    rows = [[*row, rng.choice(("x", "y"))] for row in case.table.records]
    table = replace(
        case.table, headers=[*case.table.headers, "Locality"], records=rows, columns=(*case.table.columns, "")
    )
    return mutant(case, "a column more", table)


def stray_values(case: Case, rng: Random) -> Mutant | None:
    """Values beside the table, under no header."""
    if case.table.kind == "csv":
        return None
    rows = [[*row, "see note"] if rng.random() < 0.05 else row for row in case.table.records]
    rows[0] = [*case.table.records[0], "see note"]
    return mutant(case, "values beside the table", replace(case.table, records=rows))


def swapped_headers(case: Case, rng: Random) -> Mutant | None:
    """The headers of two date columns exchanged."""
    names = case.of_kind(*DATED)
    dataset = BY_ID[case.dataset]
    if not dataset.end or dataset.start not in names or dataset.end not in names:
        return None
    one, other = case.table.at(dataset.start), case.table.at(dataset.end)
    headers = list(case.table.headers)
    headers[one], headers[other] = headers[other], headers[one]
    return mutant(case, "start and end exchanged", replace(case.table, headers=headers))


def swapped_ids(case: Case, rng: Random) -> Mutant | None:
    """The headers of a code and an id exchanged."""
    ids, codes = case.of_kind(Kind.ID), case.of_kind(Kind.CODE)
    if not ids or not codes:
        return None
    one, other = case.table.at(rng.choice(ids)), case.table.at(rng.choice(codes))
    headers = list(case.table.headers)
    headers[one], headers[other] = headers[other], headers[one]
    return mutant(case, "an id and a code exchanged", replace(case.table, headers=headers))


def row_shifted(case: Case, rng: Random) -> Mutant | None:
    """The values of some rows one column to the right; numbers among numbers are beyond notice."""
    if case.dataset == "workforce_monthly":
        return None
    start = rng.choice([n for n, name in enumerate(case.table.columns) if name and case.filled(name)][:-1])
    chosen = set(rng.sample(range(len(case.table.records)), rng.choice((1, 3))))
    width = len(case.table.headers)
    records = [
        [*row[:start], None, *row[start:-1]][:width] if n in chosen else row for n, row in enumerate(case.table.records)
    ]
    if records == case.table.records:
        return None
    return mutant(case, f"rows shifted from {case.table.columns[start]} on", replace(case.table, records=records))


def columns_shifted(case: Case, rng: Random) -> Mutant | None:
    """All values of the columns from one on, one column to the right: headers and values do not fit."""
    start = rng.randrange(1, len(case.table.headers) - 2)
    width = len(case.table.headers)
    records = [[*row[:start], None, *row[start:-1]][:width] for row in case.table.records]
    return mutant(case, f"all rows shifted from {case.table.columns[start]} on", replace(case.table, records=records))


# what cannot be noticed ----------------------------------------------------------------------------------------------


def sorted_alone(case: Case, rng: Random) -> Mutant | None:
    """One column sorted without the others."""
    names = [n for n in case.of_kind(Kind.CODE, Kind.NUMBER, *DATED) if len(case.filled(n)) > 5]
    if not names:
        return None
    column = rng.choice(names)
    position = case.table.at(column)
    values = sorted((row[position] for row in case.table.records), key=lambda cell: (cell is None, str(cell)))
    return mutant(case, f"sorted alone: {column}", case.table.with_cells(column, dict(enumerate(values))))


def numbers_shifted(case: Case, rng: Random) -> Mutant | None:
    """The numbers of a row under each other's headers."""
    names = case.of_kind(Kind.NUMBER)
    if len(names) < 2:
        return None
    number = rng.randrange(len(case.table.records))
    row = case.table.records[number]
    cells = [row[case.table.at(name)] for name in names]
    table = case.table
    for name, cell in zip(names, [cells[-1], *cells[:-1]], strict=True):
        table = table.with_cells(name, {number: cell})
    return mutant(case, "numbers under each other's headers", table)


def record_removed(case: Case, rng: Random) -> Mutant | None:
    """One record removed."""
    gone = rng.randrange(len(case.table.records))
    records = [row for n, row in enumerate(case.table.records) if n != gone]
    return mutant(case, "one record removed", replace(case.table, records=records))


def record_invented(case: Case, rng: Random) -> Mutant | None:
    """One record more, a copy under a new key."""
    key = BY_ID[case.dataset].key[0]
    row = list(rng.choice(case.table.records))
    cell = row[case.table.at(key)]
    if not isinstance(cell, str):
        return None
    digits = sum(letter.isdigit() for letter in cell)
    row[case.table.at(key)] = (
        "".join(c for c in cell if not c.isdigit()) + f"{rng.randrange(10 ** (digits - 2)):0{digits}d}"
    )
    return mutant(case, "one record more", replace(case.table, records=[*case.table.records, row]))


TABLE_CLASSES = (
    MutationClass(
        "decoy, hidden and renamed sheets",
        (junk_first, hidden_double, all_hidden, renamed_sheet, empty_first, headers_without_records),
        COLUMNS | rules("sheet_hidden"),
    ),
    MutationClass("merged cells", (merged_header, merged_title, merged_down), COLUMNS | VALUES | ROWS),
    MutationClass(
        "totals, subtotals, footnotes",
        (
            sums_below,
            subtotals_inside,
            below([["Total: 90"]], "a total in words"),
            below([[None], ["Source: case system"], ["* provisional"]], "footnotes"),
            below([[None, 90]], "a lone number"),
            below([["Data extracted 05/12/2017 by the team; please treat as confidential"]], "a long footnote"),
        ),
        ROWS | VALUES,
    ),
    MutationClass("rows and keys twice", (row_twice, all_twice, key_twice), KEYS | rules("row_count_moved")),
    MutationClass(
        "headers again, blank and hidden rows, titles",
        (headers_again, blank_rows, hidden_rows, hidden_columns, rows_above),
        ROWS | VALUES,
    ),
    MutationClass(
        "headers renamed, lost, nearly equal; columns moved, dropped, added",
        (renamed, blank_header, same_header_otherwise_written, near_twin, reordered, dropped, added, stray_values),
        COLUMNS,
    ),
    MutationClass(
        "values under the wrong header",
        (swapped_headers, swapped_ids, row_shifted, columns_shifted),
        COLUMNS | VALUES | DATES | DATE_SENSE | ARRIVAL,
    ),
)
BEYOND_NOTICE = (
    MutationClass("one column sorted without the others", (sorted_alone,), ANYTHING,
                  "Every value is one of the extract's own, and each row on its own may be true."),
    MutationClass("the numbers of a row under each other's headers", (numbers_shifted,), VALUES,
                  "Every number is one that its new column could hold."),
    MutationClass("one record removed", (record_removed,), ARRIVAL,
                  "Sources delete records; only an open one is noticed."),
    MutationClass("one record invented", (record_invented,), KEYS | ARRIVAL, "It looks like any new record."),
)  # fmt: skip
