"""What is drawn behind the points of a chart: gaps, target, normal variation, intervals; and the signals upon it."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes

from perfpipe.packs.charts.labels import INK, LIMIT, NOW, TARGET, write
from perfpipe.packs.models.chart import Chart, Mark

FAINT, BAND = "#EDEDED", "#F2E3EB"
MARKS = {
    Mark.IMPROVEMENT: ("D", "#00B0F0"),
    Mark.CONCERN: ("s", "#E46C0A"),
    Mark.HIGH: ("^", "#490092"),
    Mark.LOW: ("v", "#490092"),
}
GAP = float("nan")
LATE = 0.7  # of the width of a chart, from which on words stand to the left of their place


def draw_gaps(axes: Axes, chart: Chart) -> None:
    """Months without a figure, shaded and named."""
    for gap in chart.gaps:
        axes.axvspan(gap.first - 0.5, gap.last + 0.5, color=FAINT, linewidth=0, zorder=0)
        write(axes, (gap.first + gap.last) / 2, 0.04, gap.label, (0, 0), transform="axes")


def draw_target(axes: Axes, chart: Chart) -> None:
    """The target in force in each month, or the band of its range."""
    bands = [point.target_band for point in chart.points]
    low = [end for band in bands for end in ([band[0]] * 2 if band else [GAP] * 2)]
    high = [end for band in bands for end in ([band[1]] * 2 if band else [GAP] * 2)]
    edges = [edge for place in range(len(bands)) for edge in (place - 0.5, place + 0.5)]
    for ends in (low, high) if low != high else (low,):
        axes.plot(edges, ends, color=TARGET, linewidth=1.6, linestyle=(0, (5, 3)), zorder=2)
    last = bands[-1]
    if last is not None and last[0] != last[1]:
        axes.fill_between(edges, low, high, color=BAND, linewidth=0, zorder=1)


def draw_limits(axes: Axes, chart: Chart) -> None:
    """Mean and limits, or the median of a run chart; broken where they are recalculated."""
    lines = [point.lines for point in chart.points]
    drawn = (
        ([line.mean if line else point.median for line, point in zip(lines, chart.points, strict=True)], "-"),
        ([line.lower if line else None for line in lines], (0, (7, 3))),
        ([line.upper if line else None for line in lines], (0, (7, 3))),
    )
    begins = [place for place, point in enumerate(chart.points) if point.rebased]
    for heights, style in drawn:
        for first, end in pairwise([0, *begins, len(heights)]):
            edges = [edge for place in range(first, end) for edge in (place - 0.5, place + 0.5)]
            levels = [GAP if height is None else height for height in heights[first:end] for _ in (0, 1)]
            axes.plot(edges, levels, color=LIMIT, linewidth=1.1, linestyle=style, zorder=2)
    for place in begins:
        axes.axvline(place - 0.5, color=INK, linewidth=1, linestyle=":", zorder=2)
        words, late = f"Limits recalculated from {chart.points[place].label}", place > len(chart.points) * LATE
        side = "right" if late else "left"
        write(axes, place - 0.5, 0.97, words, (-4 if late else 4, 0), transform="axes", ha=side)


def draw_signals(axes: Axes, chart: Chart) -> None:
    """Points outside normal variation, told apart by shape as well as by colour."""
    for place, point in enumerate(chart.points):
        if point.mark:
            shape, color = MARKS[point.mark]
            height = point.figure.plotted or 0.0
            axes.plot([place], [height], shape, color=color, markeredgecolor=INK, markersize=8, zorder=5)


def draw_intervals(axes: Axes, chart: Chart) -> None:
    """A band; of a point on a low base a bar."""
    places = range(len(chart.points))
    ends = [point.interval or (GAP, GAP) for point in chart.points]
    few = [place for place in places if chart.points[place].figure.low_base]
    lows, highs = zip(*(ends[place] if place not in few else (GAP, GAP) for place in places), strict=True)
    axes.fill_between(places, lows, highs, color=NOW, alpha=0.13, linewidth=0, zorder=1)
    for place in few:
        axes.vlines(place, *ends[place], color=NOW, linewidth=1, zorder=2)
