"""Which figures the pages of a board pack show: by the keys of their cells, tiles and pictures."""

from __future__ import annotations

from collections.abc import Iterator

from perfpipe.packs.models.blocks import Block, DataTable, FigureKey, Picture, SideBySide, Tiles


def keys_in(block: Block) -> Iterator[FigureKey]:
    """The figures that a block shows."""
    match block:
        case Picture():
            yield from block.keys
        case Tiles():
            yield from (tile.figure.key for tile in block.tiles)
        case DataTable():
            yield from (cell.key for group in block.groups for row in group.rows for cell in row if cell.key)
        case SideBySide():
            for each in (*block.left, *block.right):
                yield from keys_in(each)
