"""Draw a picture of a pack as SVG at the size at which it is printed, in letters of the pack's own font."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from perfpipe.packs.charts.canvas import Canvas
from perfpipe.packs.charts.draw_months import draw_chart, draw_control_line
from perfpipe.packs.charts.draw_panels import draw_panels, draw_stack
from perfpipe.packs.charts.draw_plan import draw_plan
from perfpipe.packs.charts.draw_rows import draw_bar_pairs, draw_dots, draw_dumbbells
from perfpipe.packs.charts.draw_steps import draw_bridge, draw_funnel, draw_survival
from perfpipe.packs.models.blocks import Block, BoardPage, Picture, SideBySide
from perfpipe.packs.models.chart import Chart
from perfpipe.packs.models.drawings import (
    BarPairs,
    Bridge,
    ControlLine,
    Dots,
    Drawing,
    Dumbbells,
    Funnel,
    Panels,
    Stack,
    Survival,
)
from perfpipe.packs.models.plan import ProgressChart


def svg_of(drawing: Drawing, width: float, height: float) -> str:
    """The SVG of a drawing, `width` by `height` mm as `Picture` has them. It has no ids: many can stand on a page."""
    canvas = Canvas(width, height)
    _DRAW[type(drawing)](canvas, drawing)
    return canvas.svg()


def pictures_on(pages: Iterable[BoardPage]) -> dict[str, str]:
    """The SVG of every picture on the pages, by its id."""
    return {each.id: svg_of(each.drawing, each.width, each.height) for page in pages for each in _pictures(page.blocks)}


def _pictures(blocks: Iterable[Block]) -> Iterator[Picture]:
    for block in blocks:
        if isinstance(block, Picture):
            yield block
        elif isinstance(block, SideBySide):
            yield from _pictures((*block.left, *block.right))


def _chart(canvas: Canvas, chart: Chart) -> None:
    if chart.kind == "groups":
        draw_bar_pairs(canvas, chart.axis, chart.bars, chart.now_label, chart.before_label)
    else:
        draw_chart(canvas, chart)


def _bar_pairs(canvas: Canvas, drawing: BarPairs) -> None:
    draw_bar_pairs(canvas, drawing.axis, drawing.bars, drawing.now_label, drawing.before_label)


_DRAW: dict[type, Callable[[Canvas, Any], None]] = {
    ControlLine: draw_control_line,
    Panels: draw_panels,
    Funnel: draw_funnel,
    Bridge: draw_bridge,
    Dumbbells: draw_dumbbells,
    Dots: draw_dots,
    Survival: draw_survival,
    Stack: draw_stack,
    BarPairs: _bar_pairs,
    Chart: _chart,
    ProgressChart: draw_plan,
}
