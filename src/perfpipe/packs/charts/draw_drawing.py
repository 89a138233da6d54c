"""Draw whatever can be drawn, each kind by its own module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from perfpipe.packs.charts.canvas import Canvas
from perfpipe.packs.charts.draw_months import draw_chart, draw_control_line
from perfpipe.packs.charts.draw_panels import draw_panels, draw_stack
from perfpipe.packs.charts.draw_plan import draw_plan
from perfpipe.packs.charts.draw_rows import draw_bar_pairs, draw_dots, draw_dumbbells
from perfpipe.packs.charts.draw_steps import draw_bridge, draw_funnel, draw_survival
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


def canvas_of(drawing: Drawing, width: float, height: float) -> Canvas:
    """A drawing on a canvas of its own, `width` by `height` mm."""
    canvas = Canvas(width, height)
    _DRAW[type(drawing)](canvas, drawing)
    return canvas


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
