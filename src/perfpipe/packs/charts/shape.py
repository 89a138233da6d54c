"""How large a chart will be, known before it is drawn: its lines of text, and the heights of its parts in inches."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from perfpipe.packs.models.chart import Chart
from perfpipe.packs.models.plan import ProgressChart

WIDTH, HEIGHT, DPI = 10.0, 4.6, 110
LINE_OF_TEXT = 0.23  # for a line of the heading
TITLE_LETTERS, SMALL_LETTERS = 98, 145  # a line of the heading, of the caption
BAR_HEIGHT = 0.42  # for a group of two bars
ROW_HEIGHT, LEGEND_HEIGHT = 0.44, 0.5  # of the chart of the plan


@dataclass(frozen=True)
class Shape:
    """The text above and below a picture as it is broken into lines, and the picture's place between them."""

    heading: list[str]
    small: list[str]
    caption: list[str]
    body: float
    below: float

    @property
    def height(self) -> float:
        """Of the whole chart, in inches."""
        return (len(self.heading) + len(self.small)) * LINE_OF_TEXT + 0.3 + self.body + self.below

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the PNG."""
        return int(WIDTH * DPI), int(self.height * DPI)


def shape_of(chart: Chart | ProgressChart) -> Shape:
    """The shape of a chart as `charts.draw` draws it."""
    caption = textwrap.wrap(chart.caption, SMALL_LETTERS)
    axis_below = isinstance(chart, Chart) and chart.kind != "groups"
    return Shape(
        heading=textwrap.wrap(chart.title, TITLE_LETTERS),
        small=textwrap.wrap(chart.subtitle, SMALL_LETTERS),
        caption=caption,
        body=_body(chart),
        below=len(caption) * LINE_OF_TEXT + (0.65 if axis_below else 0.2),
    )


def _body(chart: Chart | ProgressChart) -> float:
    if isinstance(chart, ProgressChart):
        return len(chart.rows) * ROW_HEIGHT + LEGEND_HEIGHT
    return max(len(chart.bars) * BAR_HEIGHT + 0.5, 2.2) if chart.kind == "groups" else HEIGHT - 1.4
