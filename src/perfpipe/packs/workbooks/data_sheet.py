"""The sheet of the board workbook that has every figure of the pack, one a row, as it is shown anywhere in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import MARKERS, NOTHING, STATE_WORDS, STATUS_WORDS, Status, capital
from perfpipe.packs.models.blocks import Block, DataTable, SideBySide, TableCell
from perfpipe.packs.models.chart import Figure, Point
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.workbooks.cells import CellEntry, Value, set_up_print, table, title, widths
from perfpipe.packs.workbooks.figure_cells import counts_and_interval, value_entry
from perfpipe.packs.workbooks.looks import number_format

COLUMNS = {  # headers and widths, in letters
    "Code": 9, "Measure": 38, "Measure id": 28, "Month": 11, "Period": 12, "Breakdown": 16, "Group": 18,
    "Group in words": 26, "Numerator": 12, "Denominator": 13, "Value": 12, "95% interval, low": 11,
    "95% interval, high": 11, "Target": 13, "Status": 13, "State": 26, "Variation": 24,
}  # fmt: skip
WHOLE, NO_TARGET = "All", capital(STATUS_WORDS[Status.NO_TARGET])
STATES = {marker: STATE_WORDS[state] for state, marker in MARKERS.items()}
THERE = "available"
Place = tuple[str, str, str, Figure, Point | None]  # code, measure, group in words, figure, its month in a series


def add_data_sheet(sheet: Worksheet, content: PackContent, contents: str) -> None:
    """Add a row for each figure: measure, month, period, group, counts, value, target, status, state."""
    widths(sheet, *COLUMNS.values())
    row = title(sheet, f"Data: every figure of the pack, {content.month_label}", contents) + 1
    seen: dict[tuple[str, ...], list[Value]] = {}
    for place in (*_of_measures(content), *_of_tables(content)):
        seen.setdefault(place[3].key, _row(*place))
    names = {str(line[2]): (str(line[0]), str(line[1])) for line in seen.values()}
    groups = {(str(line[5]), str(line[6])): str(line[7]) for line in seen.values()}
    for figure in _on_pages(content):
        named = names.get(figure.key[0], (NOTHING, figure.key[0]))
        group = groups.get(figure.key[3:], figure.key[4])
        seen.setdefault(figure.key, _row(*named, group, figure, None))
    table(sheet, row, "Data", list(COLUMNS), list(seen.values()))
    sheet.freeze_panes = sheet.cell(row + 1, 3)
    set_up_print(sheet, content.audience, f"{row}:{row}")


def _of_measures(content: PackContent) -> Iterator[Place]:
    for page in content.pages:
        for series in page.series:
            for point in reversed(series.points):
                yield page.code, page.title, WHOLE, point.figure, point
            for group in series.groups:
                for line in group.rows:
                    yield page.code, page.title, line.label, line.now, None
                    yield page.code, page.title, line.label, line.before, None
        for longer in page.longer:
            yield page.code, page.title, WHOLE, longer.figure, None


def _of_tables(content: PackContent) -> Iterator[Place]:
    for each in content.tables:
        for part in each.parts:
            for step in part.rows:
                for header, figure in zip(part.headers, step.figures, strict=True):
                    yield step.code, step.title, WHOLE if figure.key[4] == "all" else header, figure, None


def _on_pages(content: PackContent) -> Iterator[Figure]:
    """The figures of the tables on the board's pages, some of which stand nowhere else."""
    for page in content.board_pages:
        for cell in _cells_of(page.blocks):
            if cell.figure:
                yield cell.figure


def _cells_of(blocks: Sequence[Block]) -> Iterator[TableCell]:
    for block in blocks:
        if isinstance(block, SideBySide):
            yield from _cells_of((*block.left, *block.right))
        elif isinstance(block, DataTable):
            yield from (cell for group in block.groups for row in group.rows for cell in row)


def _row(code: str, measure: str, group_in_words: str, figure: Figure, point: Point | None) -> list[Value]:
    measure_id, month, period, breakdown, group = figure.key
    year, number = month.split("-")
    day = CellEntry(date(int(year), int(number), 1), "mmm yyyy")
    numerator, denominator, low, high = counts_and_interval(figure)
    target, status, variation = (_target(point), point.status, point.variation) if point else _without()
    return [code, measure, measure_id, day, period, breakdown, group, group_in_words, numerator, denominator,
            value_entry(figure), low, high, target, status, _state(figure), variation]  # fmt: skip


def _without() -> tuple[Value, str, str]:
    """Of a group and of a longer period: the plan's targets are for neither."""
    return NO_TARGET, NO_TARGET, NOTHING


def _target(point: Point) -> Value:
    if point.target_value is None:
        return point.target
    return CellEntry(point.target_value, number_format(point.target_decimals, point.figure.percent))


def _state(figure: Figure) -> str:
    told = STATES.get(figure.marker, THERE)
    why = figure.reason if figure.marker else figure.left_out
    return f"{told}: {why}" if why else told
