"""One sheet of the board workbook for each topic: its measures month by month, tables side by side, charts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.pack import ComparatorLine, MeasurePage, PackContent, Series, TablePage, is_headline
from perfpipe.packs.workbooks.cells import (
    CellEntry,
    Value,
    heading,
    put,
    set_up_print,
    table,
    title,
    two_pages_wide,
    widths,
)
from perfpipe.packs.workbooks.definitions_sheet import links_to_definitions
from perfpipe.packs.workbooks.figure_cells import value_entry
from perfpipe.packs.workbooks.looks import number_format
from perfpipe.packs.workbooks.pictures import picture

MONTHS = 13  # the report month, and the same month a year earlier
FIRST, MONTH_WIDTH = (9, 30, 13, 13, 12), 11  # widths of columns, in letters
FIRST_SHEET, SCALE = 11, 74  # columns on the first printed page, and its scale, per cent
LINE = 125  # letters in a line over the first printed page
CHART_PIXELS, CHARTS_A_PAGE = 780, 2
TRACED = "A code leads to what the measure counts, and to the command that lists its records."


@dataclass(frozen=True)
class Topic:
    """The measures and tables that stand on one sheet."""

    title: str
    pages: tuple[MeasurePage, ...]
    tables: tuple[TablePage, ...]

    @property
    def series(self) -> Iterator[tuple[MeasurePage, Series]]:
        """Every series with its measure."""
        return ((page, series) for page in self.pages for series in page.series)


def topics_of(content: PackContent) -> tuple[Topic, ...]:
    """The topics of a pack, in the order of their first measure."""
    titles = dict.fromkeys([*(page.topic for page in content.pages), *(each.topic for each in content.tables)])
    return tuple(
        Topic(
            name,
            tuple(page for page in content.pages if page.topic == name),
            tuple(each for each in content.tables if each.topic == name),
        )
        for name in titles
    )


def add_topic_sheet(
    sheet: Worksheet, topic: Topic, number: int, content: PackContent, contents: str, charts: Mapping[str, bytes]
) -> None:
    """Fill the sheet of one topic. `number`: which of the topics it is, for the names of its tables."""
    codes = links_to_definitions(content)
    widths(sheet, *FIRST, *[MONTH_WIDTH] * MONTHS)
    row = title(sheet, f"{topic.title}: {content.month_label}", contents)
    if topic.pages:
        row = _lines(sheet, row, [f"Newest month first. Every month and group is on the sheet Data. {TRACED}"])
        first = row + 1
        row = _months(sheet, first, topic, number, codes)
        sheet.freeze_panes = sheet.cell(first + 1, 3)
    for each in topic.tables:
        row = _side_by_side(sheet, row + 1, each, codes)
    row = _compared(sheet, row + 1, topic, number)
    _charts(sheet, row + 1, topic, charts)
    set_up_print(sheet, content.audience, "1:1")
    two_pages_wide(sheet, FIRST_SHEET, "A:B", SCALE)


def _months(sheet: Worksheet, row: int, topic: Topic, number: int, codes: Mapping[str, Value]) -> int:
    every = list(topic.series)
    labels = list(dict.fromkeys(point.label for _, series in every for point in reversed(series.points)))[:MONTHS]
    rows = [[codes[page.code], *_series(page, series, labels)] for page, series in every]
    return table(sheet, row, f"Months_{number}", ["Code", "Measure", "Period", "Target", "Status", *labels], rows)


def _series(page: MeasurePage, series: Series, labels: Sequence[str]) -> list[Value]:
    figures = {point.label: point.figure for point in series.points}
    latest = series.latest
    values = [_entry(figures[label]) if label in figures else NOTHING for label in labels]
    return [page.title, series.period_title, latest.target, latest.status, *values]


def _entry(figure: Figure) -> Value:
    """On a low base in words, with counts and interval; what a figure lost to faults stands on the sheet Data."""
    return figure.full if figure.low_base else value_entry(figure)


def _side_by_side(sheet: Worksheet, row: int, page: TablePage, codes: Mapping[str, Value]) -> int:
    row = _lines(sheet, heading(sheet, row, page.title), [page.note, *page.sums])
    for part in page.parts:
        row = heading(sheet, row + 1, part.title)
        rows: list[list[Value]] = [
            [codes[each.code], each.title, *map(value_entry, each.figures)] for each in part.rows
        ]
        row = table(sheet, row, f"Table_{page.table_id}_{part.id}", ["Code", "Line", *part.headers], rows)
    return row


def _compared(sheet: Worksheet, row: int, topic: Topic, number: int) -> int:
    compared = [(page, series.comparators) for page, series in topic.series if series.comparators]
    if not compared:
        return row
    row = heading(sheet, row, "Compared with others")
    rows = [_comparator(page, line) for page, lines in compared for line in lines.lines]
    if rows:
        headers = ["Code", "Who", "Year", "Value", "Released", "Vintage"]
        row = table(sheet, row, f"Comparators_{number}", headers, rows)
    return _lines(sheet, row, [f"{page.code}: {note}" for page, lines in compared for note in lines.notes])


def _comparator(page: MeasurePage, line: ComparatorLine) -> list[Value]:
    value: Value = (
        line.shown if line.value is None else CellEntry(line.value, number_format(line.decimals, line.percent))
    )
    released: Value = CellEntry(line.released, "d mmm yyyy") if line.released else NOTHING
    return [page.code, line.who, line.year, value, released, line.vintage or NOTHING]


def _charts(sheet: Worksheet, row: int, topic: Topic, charts: Mapping[str, bytes]) -> int:
    """The charts of the measures with a target, two a printed page."""
    headline = [series.chart for _, series in topic.series if is_headline(series)]
    for place, chart in enumerate(headline):
        if place % CHARTS_A_PAGE == 0:
            sheet.row_breaks.append(Break(id=row - 1))
        row = picture(sheet, row, chart, charts, place + 1, CHART_PIXELS)
    return row


def _lines(sheet: Worksheet, row: int, lines: Sequence[str]) -> int:
    """Texts over the width of the first page, none cut off, and the next free row."""
    for words in lines:
        for part in textwrap.wrap(words, LINE):
            put(sheet, row, 1, part, wrap=False)
            row += 1
    return row
