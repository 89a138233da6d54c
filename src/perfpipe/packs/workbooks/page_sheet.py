"""A page of the pack as a sheet: the same blocks in the same order, figures as numbers, links to sheets."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import assert_never

from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.packs.models.blocks import (
    Block,
    BoardPage,
    DataTable,
    Heading,
    ItemList,
    Paragraph,
    Picture,
    SideBySide,
    SignedWord,
    TableCell,
    TallyOf,
    Terms,
    Text,
    Tile,
    Tiles,
)
from perfpipe.packs.workbooks.cells import CellEntry, Value, facts, heading, put, table, title, widths
from perfpipe.packs.workbooks.figure_cells import value_entry

WIDTHS = (30, 14, 44, 14, 20, 20, 70)
LINE = 150  # letters in a line over the whole sheet
PAGES = "The same words as on this page of the PDF and the web page. A page named here is one of theirs."


def add_page_sheet(sheet: Worksheet, page: BoardPage, contents: str, names: Mapping[str, str]) -> None:
    """Place a page. `names`: the sheet of each measure; a measure without one is words alone."""
    widths(sheet, *WIDTHS)
    row = _lines(sheet, title(sheet, f"{page.topic}: {page.heading}", contents), PAGES)
    for block in page.blocks:
        row = _place(sheet, row, block, names, page.id.replace("-", "_"))


def _place(sheet: Worksheet, row: int, block: Block, names: Mapping[str, str], page: str) -> int:
    """Place a block, and give the next free row."""
    match block:
        case Heading():
            return heading(sheet, row + 1, block.text)
        case Paragraph():
            return _lines(sheet, row, _said(block.text))
        case ItemList():
            row = heading(sheet, row + 1, block.title) if block.title else row
            for number, item in enumerate(block.items, 1):
                row = _lines(sheet, row, f"{number}. {_said(item)}" if block.numbered else _said(item))
            return row
        case Tiles():
            headers = [block.headers[0], block.headers[1], "Measure", "Counts", "Status", "Target", block.headers[2]]
            return table(sheet, row, page, headers, [_tile(tile, names) for tile in block.tiles])
        case TallyOf():
            return _lines(sheet, row, ", ".join(f"{part.word} {part.count}" for part in block.parts))
        case Terms():
            row = heading(sheet, row + 1, block.heading) if block.heading else row
            row = facts(sheet, row, [(term, _said(said)) for term, said in block.terms])
            return _lines(sheet, row, block.note)
        case DataTable():
            rows = [[_cell(cell, names) for cell in line] for group in block.groups for line in group.rows]
            named = block.id.replace("-", "_")
            row = table(sheet, heading(sheet, row + 1, block.caption), named, [c.header for c in block.columns], rows)
            return _lines(sheet, row, block.note)
        case Picture():
            return _lines(sheet, heading(sheet, row + 1, block.heading), f"{block.caption}. {block.description}")
        case SideBySide():
            for each in (*block.left, *block.right):
                row = _place(sheet, row, each, names, page)
            return row
    assert_never(block)


def _tile(tile: Tile, names: Mapping[str, str]) -> list[Value]:
    measure = CellEntry(tile.title, link=names.get(tile.link, ""), strong=True)
    figure = value_entry(tile.figure)
    return [_signed(tile.movement), figure, measure, tile.counts, tile.status.word, tile.status.below, tile.sentence]


def _signed(word: SignedWord) -> str:
    return f"{word.word}, {word.below}" if word.below else word.word


def _cell(cell: TableCell, names: Mapping[str, str]) -> Value:
    if cell.figure is not None:
        return value_entry(cell.figure)
    words = ", ".join(filter(None, (cell.text, cell.below)))
    return CellEntry(words, link=names[cell.link]) if cell.link in names else words


def _said(text: Text) -> str:
    return "".join(piece.text for piece in text).strip()


def _lines(sheet: Worksheet, row: int, words: str) -> int:
    for line in textwrap.wrap(words, LINE):
        put(sheet, row, 1, line, wrap=False)
        row += 1
    return row
