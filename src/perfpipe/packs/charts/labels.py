"""Words on a chart: at a place, and beside it at the right, none over another."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

from matplotlib.axes import Axes

from perfpipe.packs.charts.places import apart
from perfpipe.packs.models.chart import Chart

FONT = "DejaVu Sans"  # comes with matplotlib: the same letters everywhere
NOW, TARGET, INK, LIMIT = "#12436D", "#801650", "#3D3D3D", "#6B6B6B"
SMALL, NORMAL, LARGE = 9, 10, 12
LETTERS_AT_RIGHT, BOLD_AT_RIGHT = 17, 14  # on a line of a label beside the chart
LINE_AT_RIGHT = 0.17  # inches of height for a line of such a label


def write(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    offset: tuple[float, float],
    *,
    transform: str = "data",
    ha: str = "center",
    va: str = "center",
    weight: str = "normal",
    color: str = INK,
    size: int = SMALL,
    rotation: int = 0,
) -> None:
    """Words at a place. `axes`: x in months, y as a share of the height."""
    axes.annotate(
        words,
        (x, y),
        xycoords="data" if transform == "data" else axes.get_xaxis_transform(),
        xytext=offset,
        textcoords="offset points",
        ha=ha,
        va=va,
        weight=weight,
        color=color,
        fontsize=size,
        family=FONT,
        rotation=rotation,
        annotation_clip=False,
        parse_math=False,
    )


class _Label(NamedTuple):
    height: float  # where it belongs, on the value axis
    lines: list[str]
    color: str
    bold: bool


def write_beside(axes: Axes, chart: Chart, inches: float) -> None:
    """The latest value, the target and the lines, each named beside the chart and none over another."""
    labels = [_Label(height, [words], LIMIT, False) for height, words in chart.line_labels]
    band, latest = chart.points[-1].target_band, chart.points[-1].figure
    if band:
        words = ["Target:", *textwrap.wrap(chart.target_label.removeprefix("Target: "), LETTERS_AT_RIGHT)]
        labels.append(_Label((band[0] + band[1]) / 2, words, TARGET, False))
    if latest.plotted is not None and chart.kind == "line":
        labels.append(_Label(latest.plotted, textwrap.wrap(latest.alone, BOLD_AT_RIGHT), NOW, True))
    labels.sort(key=lambda label: label.height)
    scale = (chart.axis.top - chart.axis.bottom) / inches
    heights = apart([label.height for label in labels], [len(label.lines) * LINE_AT_RIGHT * scale for label in labels],
                    chart.axis.bottom, chart.axis.top)  # fmt: skip
    for label, height in zip(labels, heights, strict=True):
        look = "bold" if label.bold else "normal"
        at = len(chart.points) - 0.5
        write(axes, at, height, "\n".join(label.lines), (8, 0), ha="left", color=label.color, weight=look)
