"""Draw the charts of a pack as PNG. Nothing is computed here but where ink goes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, TypedDict

import numpy as np
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.markers import TICKDOWN
from PIL import Image

from perfpipe.packs.charts.draw_progress import draw_rows
from perfpipe.packs.charts.labels import FONT, INK, LARGE, NORMAL, NOW, SMALL, write, write_beside
from perfpipe.packs.charts.layers import GAP, draw_gaps, draw_intervals, draw_limits, draw_signals, draw_target
from perfpipe.packs.charts.shape import DPI, LINE_OF_TEXT, WIDTH, Shape, shape_of
from perfpipe.packs.models.chart import UNRELIABLE, Chart
from perfpipe.packs.models.chart import Figure as Shown
from perfpipe.packs.models.plan import ProgressChart

if TYPE_CHECKING:
    from perfpipe.packs.models.pack import MeasurePage, Series

BEFORE = "#BFBFBF"
LETTERS_BESIDE_BAR, ROOM_FOR_LETTER = 8, 0.016  # from so many letters on, a share of the width for each
rcParams["text.hinting"] = "none"  # a fifth of the time to draw, and letters evenly apart


class _Look(TypedDict):
    weight: str
    color: str
    size: int


LATEST: _Look = {"weight": "bold", "color": NOW, "size": NORMAL}


def draw_chart(page: MeasurePage, series: Series | None = None) -> bytes:
    """The PNG of one series of a measure; without a series, of its first."""
    return draw((series or page.series[0]).chart)


def draw(chart: Chart | ProgressChart) -> bytes:
    """The PNG of a chart: heading, picture and caption."""
    shape = shape_of(chart)
    figure = Figure(figsize=(WIDTH, shape.height), dpi=DPI, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    _write(figure, shape)
    if isinstance(chart, ProgressChart):
        draw_rows(figure, chart, shape)
    else:
        _draw_axes(figure, chart, shape)
    return _png(canvas)


def _png(canvas: FigureCanvasAgg) -> bytes:
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    picture = BytesIO()
    # without the alpha channel, and packed quickly: two thirds of the time, and no more bytes
    Image.fromarray(pixels).convert("RGB").save(picture, format="png", dpi=(DPI, DPI), compress_level=1)
    return picture.getvalue()


def _draw_axes(figure: Figure, chart: Chart, shape: Shape) -> None:
    left, width = (0.27, 0.58) if chart.kind == "groups" else (0.075, 0.80)
    axes = figure.add_axes((left, shape.below / shape.height, width, shape.body / shape.height))
    _frame(axes)
    if chart.kind != "groups":
        write_beside(axes, chart, shape.body)
    {"line": _draw_line, "columns": _draw_columns, "groups": _draw_groups}[chart.kind](axes, chart)


def _write(figure: Figure, shape: Shape) -> None:
    top = 1 - 0.1 / shape.height
    under = top - (len(shape.heading) * LINE_OF_TEXT + 0.02) / shape.height
    foot = (len(shape.caption) * LINE_OF_TEXT - 0.02) / shape.height
    for lines, at, size, weight in (
        (shape.heading, top, LARGE, "bold"),
        (shape.small, under, SMALL, "normal"),
        (shape.caption, foot, SMALL, "normal"),
    ):
        words = "\n".join(lines)
        text = figure.text(0.012, at, words, va="top", family=FONT, fontsize=size, weight=weight, color=INK)
        text.set_parse_math(False)


def _frame(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(INK)
    axes.tick_params(colors=INK, labelsize=SMALL, length=0)
    axes.set_axisbelow(True)


def _months(axes: Axes, chart: Chart) -> None:
    axes.set_xlim(-0.7, len(chart.points) - 0.3)
    axes.set_ylim(chart.axis.bottom, chart.axis.top)
    # ticks of matplotlib's own take a sixth of the time to draw a chart: each is made of five artists
    axes.xaxis.set_visible(False)
    axes.yaxis.set_visible(False)
    axes.hlines(chart.axis.marks, *axes.get_xlim(), color="#D9D9D9", linewidth=0.7, zorder=0.5)
    sign = "%" if chart.axis.percent else ""
    for mark in chart.axis.marks:
        write(axes, -0.7, mark, f"{mark:,g}{sign}", (-3.5, 0), ha="right")
    places = [place for place, _ in chart.ticks]
    feet = [chart.axis.bottom] * len(places)
    axes.plot(places, feet, linestyle="", marker=TICKDOWN, markersize=3, color=INK, clip_on=False)
    for place, label in chart.ticks:
        write(axes, place, 0, label, (0, -6.5), transform="axes", va="top")
    write(axes, -0.7, 1.02, chart.axis.label, (0, 0), transform="axes", ha="left", va="bottom")


def _draw_line(axes: Axes, chart: Chart) -> None:
    _months(axes, chart)
    draw_gaps(axes, chart)
    draw_target(axes, chart)
    figures = [point.figure for point in chart.points]
    places = list(range(len(figures)))
    heights = [GAP if figure.plotted is None else figure.plotted for figure in figures]
    draw_intervals(axes, chart)
    draw_limits(axes, chart)
    axes.plot(places, heights, color=NOW, linewidth=1.8, zorder=3)
    for hollow in (False, True):
        alike = [place for place in places if figures[place].provisional is hollow]
        face = "white" if hollow else NOW
        there = [heights[place] for place in alike]
        axes.plot(alike, there, "o", color=NOW, markerfacecolor=face, markersize=5, zorder=4)
    draw_signals(axes, chart)
    for place, figure in enumerate(figures[:-1]):
        marks = _marks(figure)
        if marks and figure.plotted is not None:
            write(axes, place, figure.plotted, marks, (0, 10))


def _marks(figure: Shown) -> str:
    """The marks of a point; a low base is seen by its interval."""
    return " ".join(mark for mark in figure.marks if mark != UNRELIABLE)


def _draw_columns(axes: Axes, chart: Chart) -> None:
    _months(axes, chart)
    draw_gaps(axes, chart)
    draw_target(axes, chart)
    draw_limits(axes, chart)
    there = [(place, point.figure) for place, point in enumerate(chart.points) if not point.figure.marker]
    faces = ["white" if figure.provisional else NOW for _, figure in there]
    heights = [figure.plotted or 0 for _, figure in there]
    places = [place for place, _ in there]
    axes.bar(places, heights, color=faces, width=0.7, edgecolor=NOW, linewidth=1.2, zorder=3)
    for (place, figure), height in zip(there, heights, strict=True):
        if place == len(chart.points) - 1:
            write(axes, place, height, figure.alone, (0, 8), **LATEST)
        elif height == 0 or figure.marks:
            words = " ".join((*([] if height else ["0"]), *figure.marks))
            write(axes, place, height, words, (0, 7))


def _draw_groups(axes: Axes, chart: Chart) -> None:
    longest = max((len(words) for bar in chart.bars for words in (bar.now_shown, bar.before_shown)), default=0)
    axes.set_xlim(0, chart.axis.top * (1 + max(longest - LETTERS_BESIDE_BAR, 0) * ROOM_FOR_LETTER))
    axes.set_ylim(len(chart.bars) - 0.4, -0.75)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks(range(len(chart.bars)), [bar.label for bar in chart.bars])
    axes.axvline(0, color=INK, linewidth=0.8)
    now = [(bar.now or 0, bar.now_shown) for bar in chart.bars]
    before = [(bar.before or 0, bar.before_shown) for bar in chart.bars]
    for bars, shift, when, color, ink, weight in (
        (now, -0.19, chart.now_label, NOW, NOW, "bold"),
        (before, 0.21, chart.before_label, BEFORE, INK, "normal"),
    ):
        places = [place + shift for place in range(len(bars))]
        axes.barh(places, [length for length, _ in bars], height=0.36, color=color, zorder=3)
        for place, (length, shown) in zip(places, bars, strict=True):
            words = f"{shown} in {when}" if place == places[0] else shown
            write(axes, length, place, words, (4, 0), ha="left", weight=weight, color=ink)
