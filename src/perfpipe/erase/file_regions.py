"""Where in delivered files the records of a dataset stand, and which of them are of some people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Dataset, Kind, PersonKind
from perfpipe.ledger.records import ExtractInFolder
from perfpipe.read.clean_cells import cleaned
from perfpipe.read.companion_sheet import NEEDED, companion_in, header_row
from perfpipe.read.formats.container import position_of
from perfpipe.read.formats.delimited_text import plain
from perfpipe.read.raw_cells import BLANK, ColumnCells, Mask
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import Parser, companion_sheets, delivered_sheets
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.cell_parsers import parse_cell, parser_of
from perfpipe.validate.erased_people import People, as_id, person_hash
from perfpipe.validate.make_reading import copies_of, read_tables
from perfpipe.validate.months_covered import folder_months
from perfpipe.validate.reading_cache import files_and_layout

WORDS = (Kind.ID, Kind.TEXT)
BORN = "dob"
WHOLE_SHEET = 2**31  # the first record of a table without any


@dataclass(frozen=True)
class Region:
    """A table in a sheet of a file: which cells are read, and which records are of the people.

    `first`: the first record; `positions`: the columns that are read, `texts` those of them that hold words; `odd`: in
    the others, texts that cannot be read and name one of the people; `gone`: the people's records, `stay` the
    others; `ids`: the columns of ids, of people or of records. All from 0; of a turned sheet records are columns, and
    positions rows.
    """

    sheet: str
    turned: bool
    first: int
    positions: frozenset[int]
    texts: frozenset[int]
    gone: tuple[int, ...]
    odd: frozenset[str] = frozenset()
    ids: frozenset[int] = frozenset()
    stay: tuple[int, ...] = ()


@dataclass
class ExtractPlaces:
    """What one extract holds of some people, file by file. `unread`: files that no layout reads any more.

    `records`: what names their records; `words`: what stands in cells of theirs that hold words, and in no others.
    """

    extract: ExtractInFolder
    layout: Layout | None = None
    regions: dict[str, list[Region]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    records: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    spellings: set[str] = field(default_factory=set)
    first_read: str = ""  # the file that has the records, where it is one
    rows: int = 0  # of the people, in its own dataset


def places_of(
    extract: ExtractInFolder, workspace: Workspace, settings: Settings, parser: Parser, people: People
) -> ExtractPlaces:
    """Where an extract holds records of some people."""
    found = ExtractPlaces(extract)
    dataset = BY_ID[extract.dataset]
    chosen = files_and_layout(settings, extract, folder_months(extract.folder, settings)[1])
    if isinstance(chosen, list):
        found.unread = [file.name for file in extract.files]
        return found
    files, layout = chosen
    found.layout, found.first_read = layout, files[0].name
    copies = {name: path for name, path in copies_of(extract, files, workspace).items() if path}
    if len(copies) < len(files):
        found.unread = [file.name for file in files if file.name not in copies]
        return found
    for table in read_tables(layout, extract, copies, parser):
        name = table.file.rpartition("/")[2]
        if not table.columns:
            found.unread.append(name)
            continue
        _add_table(found, table, dataset, layout, people)
    companions = list(copies)[1:] if not layout.parts else []
    for name in companions:
        _add_companion(found, copies[name], name, layout, parser, people)
    if layout.companion_sheet and not layout.parts:
        _add_companion(found, copies[files[0].name], files[0].name, layout, parser, people, dataset)
    return found


def _add_table(found: ExtractPlaces, table: RawTable, dataset: Dataset, layout: Layout, people: People) -> None:
    letters = {
        name: position_of(letter)
        for name, letter in table.letters.items()
        if letter.isascii() and letter.isalpha() and letter.isupper() and letter != "DOB"
    }
    gone = np.zeros(len(table.rows), dtype=np.bool_)
    if dataset.person and dataset.person[1] in table.columns:
        ids = ColumnCells.of(table.columns[dataset.person[1]])
        gone = people.ids_in(ids, dataset, layout)
        found.spellings |= {ids[number][1] for number in np.flatnonzero(gone).tolist()}
    words = {each.name for each in dataset.columns if each.kind in WORDS}
    numbers = {each.name for each in dataset.columns if each.kind is Kind.ID}
    _note_words(found, table, dataset, layout, gone)
    found.rows += int(gone.sum())
    rows = np.array(table.rows, dtype=np.int64) - 1
    region = Region(
        table.sheet,
        layout.turned,
        int(rows.min()) if len(rows) else WHOLE_SHEET,
        frozenset(letters.values()),
        frozenset(position for name, position in letters.items() if name in words or name in layout.apart),
        tuple(rows[gone].tolist()),
        frozenset(_odd_texts(table, dataset, layout, people)),
        frozenset(position for name, position in letters.items() if name in numbers),
        tuple(rows[~gone].tolist()),
    )
    found.regions.setdefault(table.file.rpartition("/")[2], []).append(region)


def _odd_texts(table: RawTable, dataset: Dataset, layout: Layout, people: People) -> Iterator[str]:
    """Cells in columns of codes, dates and numbers that cannot be read as such and name one of the people."""
    for column in dataset.columns:
        if column.kind not in WORDS and column.name in table.columns:
            parser = parser_of(column, layout)
            for cell in ColumnCells.of(table.columns[column.name]).distinct[1:]:
                if next(people.spans_in(cell[1]), None) and parse_cell(parser, *cell)[0] is None:
                    yield cell[1]


def _note_words(found: ExtractPlaces, table: RawTable, dataset: Dataset, layout: Layout, gone: Mask) -> None:
    """What names the people's records, and what is said of nobody else: words and dates of birth."""
    for column in dataset.columns:
        if column.name not in table.columns or not (column.kind in WORDS or column.name == BORN):
            continue
        cells = ColumnCells.of(table.columns[column.name])
        own, others = set(cells.numbers[gone].tolist()) - {0}, set(cells.numbers[~gone].tolist())
        if column.kind is Kind.ID and column.name in (*dataset.key, *dataset.follow_by):
            found.records |= {as_id(cells.distinct[number][1]) for number in own}
        for number in own - others:
            found.words.add(cells.distinct[number][1].strip())
            if column.name == BORN:
                found.words |= _written(parse_cell(parser_of(column, layout), *cells.distinct[number])[0])


def _written(day: object) -> set[str]:
    """A day as reports write it."""
    if not isinstance(day, date):
        return set()
    return {day.isoformat()[:10], f"{day:%d/%m/%Y}", f"{day.day} {day:%B %Y}", f"{day.day} {day:%b %Y}"}


def _add_companion(
    found: ExtractPlaces,
    path: Path,
    name: str,
    layout: Layout,
    parser: Parser,
    people: People,
    dataset: Dataset | None = None,
) -> None:
    """The national header table beside the episodes. `dataset`: it is a sheet of the workbook that has these."""
    raw = (
        delivered_sheets(path, name, dataset, layout, parser)
        if dataset
        else companion_sheets(path, name, layout, parser)
    )
    sheets = [cleaned(sheet) for sheet in raw]
    main = next((each for each in sheets for region in found.regions.get(name, ()) if each.name == region.sheet), None)
    sheet = companion_in(sheets, main, layout) if dataset or len(sheets) > 1 else sheets[0]
    top = header_row(sheet, NEEDED) if sheet else None
    if sheet is None or top is None:
        found.unread += [] if dataset else [name]
        return
    header = [plain(text) for _, text in sheet.row(top)]
    child, born = header.index("child"), header.index("dob")
    gone = tuple(
        number
        for number, (kind, text) in enumerate(sheet.columns[child][top + 1 :], top + 1)
        if kind != BLANK and person_hash(people.key, PersonKind.CHILD, text) in people.hashes
    )
    region = Region(sheet.name, False, top + 1, frozenset({child, born}), frozenset({child}), gone)
    found.regions.setdefault(name, []).append(region)
