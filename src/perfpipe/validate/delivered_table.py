"""The cells of an extract as delivered, and the words that stand in its coded columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Kind
from perfpipe.ledger.records import ExtractInFolder
from perfpipe.read.parts import joined
from perfpipe.read.raw_cells import ColumnCells
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import Parser
from perfpipe.receive.store import sound_copy
from perfpipe.rules.cells import CODE_UNKNOWN
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.cell_parsers import parse_cell, parser_of
from perfpipe.validate.make_reading import read_tables
from perfpipe.validate.months_covered import folder_months
from perfpipe.validate.reading_cache import files_and_layout


@dataclass(frozen=True)
class CodedWord:
    """A word of a coded column, in how many cells it stands, and the code it is read as; `code` None: as none."""

    dataset: str
    column: str
    word: str
    cells: int
    code: str | None


def delivered_table(
    workspace: Workspace, settings: Settings, extract: ExtractInFolder, parser: Parser
) -> tuple[RawTable, Layout] | None:
    """The raw table of an extract and its layout; None where it fits no layout, or its copy is gone."""
    found = files_and_layout(settings, extract, folder_months(extract.folder, settings)[1])
    if isinstance(found, list):
        return None
    files, layout = found
    copies = {file.name: copy for file in files if (copy := sound_copy(workspace, file, extract.folder))}
    if not files or len(copies) < len(files):
        return None
    return joined(read_tables(layout, extract, copies, parser)), layout


def coded_words(dataset_id: str, table: RawTable, layout: Layout) -> list[CodedWord]:
    """The distinct words of each coded column, those that no code is known for first, then the commonest."""
    words = []
    for column in BY_ID[dataset_id].columns:
        if column.kind is not Kind.CODE or column.name not in table.columns:
            continue
        parse, counts = parser_of(column, layout), Counter(ColumnCells.of(table.columns[column.name]))
        for cell, number in counts.items():
            value, rule = parse_cell(parse, *cell)
            if rule is CODE_UNKNOWN or value is not None:
                words.append(CodedWord(dataset_id, column.name, cell[1], number, None if rule else str(value)))
    order = list(BY_ID[dataset_id].by_name)
    return sorted(words, key=lambda each: (order.index(each.column), each.code is not None, -each.cells))
