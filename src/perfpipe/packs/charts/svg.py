"""Draw a picture of a pack as SVG at the size at which it is printed, in letters of the pack's own font."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfpipe.packs.charts.draw_drawing import canvas_of
from perfpipe.packs.models.blocks import Block, BoardPage, Picture, SideBySide
from perfpipe.packs.models.drawings import Drawing


def svg_of(drawing: Drawing, width: float, height: float) -> str:
    """The SVG of a drawing, `width` by `height` mm as `Picture` has them. It has no ids: many can stand on a page."""
    return canvas_of(drawing, width, height).svg()


def pictures_on(pages: Iterable[BoardPage]) -> dict[str, str]:
    """The SVG of every picture on the pages, by its id."""
    return {each.id: svg_of(each.drawing, each.width, each.height) for page in pages for each in _pictures(page.blocks)}


def _pictures(blocks: Iterable[Block]) -> Iterator[Picture]:
    for block in blocks:
        if isinstance(block, Picture):
            yield block
        elif isinstance(block, SideBySide):
            yield from _pictures((*block.left, *block.right))
