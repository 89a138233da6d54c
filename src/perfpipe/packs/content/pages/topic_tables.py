"""Tables of the pages about topics: measures as in the scorecard, and counts under their headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfpipe.dates.months import Month
from perfpipe.packs.content.pages.cells import (
    figure_cell,
    latest_cell,
    line_cell,
    movement_cell,
    name_cell,
    status_cell,
    target_cell,
    text_cell,
    year_ago_cell,
)
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.models.blocks import Align, DataTable, TableCell, TableColumn, TableRows

MEASURE_COLUMNS = (  # shares of the width, as in the scorecard
    TableColumn("Measure", 0.262),
    TableColumn("24 months", 0.115),
    TableColumn("Latest", 0.12, Align.RIGHT),
    TableColumn("Year ago", 0.08, Align.RIGHT),
    TableColumn("Target", 0.115),
    TableColumn("Status", 0.15),
    TableColumn("Change", 0.158),
)


@dataclass(frozen=True)
class CountLine:
    """One row of a table: its name, and which figure of which month (None: the report month) stands in each column."""

    label: str
    figures: Sequence[tuple[FigureOf, Month | None]]


def measure_table(
    figures: TopicFigures,
    id_: str,
    caption: str,
    groups: Sequence[tuple[str, Sequence[FigureOf]]],
) -> DataTable:
    """Measures of the pack under their titles, each in a row as in the scorecard; without those whose extracts lack."""
    rows = [
        (title, [_measure_row(figures.subject(of)) for of in every if figures.has(of) and not figures.lacks(of)])
        for title, every in groups
    ]
    return DataTable(id_, caption, MEASURE_COLUMNS, _titled(rows), is_dense=True)


def _measure_row(subject: Subject) -> tuple[TableCell, ...]:
    cells = (line_cell, latest_cell, year_ago_cell, target_cell, status_cell, movement_cell)
    return (name_cell(subject), *(cell(subject) for cell in cells))


def number_columns(*headers: str, width: float) -> tuple[TableColumn, ...]:
    """Columns of one width, to the right."""
    return tuple(TableColumn(header, width, Align.RIGHT) for header in headers)


def count_table(
    figures: TopicFigures,
    id_: str,
    caption: str,
    columns: tuple[TableColumn, ...],
    groups: Sequence[tuple[str, Sequence[CountLine]]],
    note: str = "",
) -> DataTable:
    """Figures under their headers; a title without rows is left out."""
    rows = [
        (title, [
            (text_cell(line.label), *(figure_cell(figures.figure(of, month)) for of, month in line.figures))
            for line in lines
        ])
        for title, lines in groups
    ]  # fmt: skip
    return DataTable(id_, caption, columns, _titled(rows), note)


def _titled(groups: Sequence[tuple[str, Sequence[tuple[TableCell, ...]]]]) -> tuple[TableRows, ...]:
    return tuple(TableRows(title, tuple(rows)) for title, rows in groups if rows)
