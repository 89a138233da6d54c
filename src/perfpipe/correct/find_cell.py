"""The cell that a correction is about, as the newest extract that holds its record has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month
from perfpipe.ledger.hold import hold_or_look
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import ExtractInFolder
from perfpipe.read.raw_cells import TEXT, Cell, ColumnCells
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import Parser
from perfpipe.receive.receive import receive
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.apply_corrections import holding
from perfpipe.validate.cell_parsers import parse_cell, parser_of
from perfpipe.validate.delivered_table import delivered_table
from perfpipe.validate.months_covered import folder_months


@dataclass(frozen=True)
class RecordRow:
    """A row of an extract: where it is, the month of its folder, its cells by column, and the extract's layout."""

    place: str
    month: Month
    cells: Mapping[str, Cell]
    layout: Layout


@dataclass(frozen=True)
class RecordSearch:
    """The rows of the newest extract that has any with a key; none: `looked` extracts have no such record."""

    rows: Sequence[RecordRow]
    looked: int


def find_record(workspace: Workspace, dataset: Dataset, key: Mapping[str, str]) -> RecordSearch:
    """Look for a record by the values of its key, in the newest extracts first. Raises SettingsError.

    New files are received first; while a run is in progress it looks and changes nothing.
    """
    settings, looked = workspace.settings(), 0
    with hold_or_look(workspace) as (at, ledger), Parser(settings.limits) as parser:
        receive(at, settings, ledger)
        for extract in _newest_first(ledger, dataset, settings):
            delivered = delivered_table(at, settings, extract, parser)
            if delivered is None:
                continue
            table, layout = delivered
            looked += 1
            if rows := _rows(table, dataset, layout, key, folder_months(extract.folder, settings)[1]):
                return RecordSearch(rows, looked)
    return RecordSearch((), looked)


def _newest_first(ledger: Ledger, dataset: Dataset, settings: Settings) -> list[ExtractInFolder]:
    known = [each for each in ledger.extracts_known(None) if each.dataset == dataset.id]
    usable = [each for each in known if not (each.replaced or each.given_to_another or each.withdrawn_at)]
    return sorted(
        usable, key=lambda each: (folder_months(each.folder, settings)[1], each.delivery.received_at), reverse=True
    )


def _rows(table: RawTable, dataset: Dataset, layout: Layout, key: Mapping[str, str], month: Month) -> list[RecordRow]:
    if not set(key) <= set(table.columns):
        return []
    found = np.ones(len(table.rows), dtype=np.bool_)
    for name, value in key.items():
        found &= holding(ColumnCells.of(table.columns[name]), dataset.by_name[name], layout, value)
    sheet = f", sheet {table.sheet}" if table.sheet else ""
    return [
        RecordRow(
            f"{table.file}{sheet}, row {table.rows[row]}",
            month,
            {name: ColumnCells.of(cells)[row] for name, cells in table.columns.items()},
            layout,
        )
        for row in np.flatnonzero(found).tolist()
    ]


def problem_of(row: RecordRow, dataset: Dataset, column: str, text: str) -> str:
    """What is wrong with a new value, in words without it; empty where it can be read."""
    parse = parser_of(dataset.by_name[column], row.layout)
    _, rule = parse_cell(parse, TEXT, text) if text.strip() else (None, None)
    if rule:
        return f"that cannot be read: {rule.meaning}; {dataset.by_name[column].meaning} is expected"
    before = parse_cell(parse, *row.cells[column])
    if row.cells[column][1].strip() == text.strip() or (not before[1] and before == parse_cell(parse, TEXT, text)):
        return "that is what the extract says already"
    return ""
