"""Where links of a pack lead: to what stands on its pages, or to the web."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfpipe.packs.models.blocks import Block, BoardPage, DataTable, Heading, Picture, SideBySide

ON_THE_WEB = ("https://", "http://", "mailto:")


def ids_on(pages: Sequence[BoardPage]) -> Iterator[str]:
    """The ids of pages, and of all on them that has one."""
    for page in pages:
        yield page.id
        yield from _ids_of(page.blocks)


def _ids_of(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, SideBySide):
            yield from _ids_of((*block.left, *block.right))
        elif isinstance(block, Heading | DataTable | Picture) and block.id:
            yield block.id
