"""Draw the chart of the plan: two bars a recommendation, each with its numbers in it and its words beside it."""

from __future__ import annotations

import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from perfpipe.packs.charts.labels import FONT, INK, NORMAL, NOW, SMALL, write
from perfpipe.packs.charts.shape import LEGEND_HEIGHT, Shape
from perfpipe.packs.models.plan import BarKind, Part, ProgressChart, Standing, StatusRow

COLOURS = {  # of the lengths of both bars: each with its number in it, and with words beside the bar
    Standing.GOOD: NOW,
    Standing.ON_TRACK: "#9FC3E0",
    Standing.AT_RISK: "#F4C4A0",
    Standing.OFF_TRACK: "#F46A25",
    Standing.NOT_KNOWN: "white",
}
LABEL_LETTERS, WORDS_LETTERS = 43, 26
PANELS = ((0.335, 0.125), (0.665, 0.125))  # where bars begin, and how wide they are, as shares of the width
LABELS_AT = 0.012
IN_ROW = 4  # kinds in a row of a legend


def draw_rows(figure: Figure, chart: ProgressChart, shape: Shape) -> None:
    """Draw the rows into a figure of that shape."""
    body = shape.body - LEGEND_HEIGHT
    box = (shape.below / shape.height, body / shape.height)
    bars = ([row.actions for row in chart.rows], [row.targets for row in chart.rows])
    words = ([_lines(row) for row in chart.rows], [(row.targets_words, "") for row in chart.rows])
    titles, kinds = ("Actions", "Targets"), (chart.action_kinds, chart.target_kinds)
    for place, (left, width) in enumerate(PANELS):
        axes = figure.add_axes((left, box[0], width, box[1]))
        _frame(axes, len(chart.rows))
        longest = max((sum(part.count for part in bar) for bar in bars[place]), default=0)
        axes.set_xlim(0, max(longest, 1))
        for number, bar in enumerate(bars[place]):
            _bar(axes, number, bar, *words[place][number])
        _legend(axes, titles[place], kinds[place])
    for number, row in enumerate(chart.rows):
        at = (shape.below + body * (1 - (number + 0.5) / len(chart.rows))) / shape.height
        _label(figure, at, row)


def _frame(axes: Axes, rows: int) -> None:
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.axvline(0, color=INK, linewidth=0.8)


def _bar(axes: Axes, number: int, bar: tuple[Part, ...], words: str, strong: str) -> None:
    end = 0
    for part in bar:
        colour = COLOURS[part.kind.standing]
        axes.barh(
            number,
            part.count,
            left=end,
            height=0.56,
            color=colour,
            edgecolor=INK,
            linewidth=0.6,
            zorder=3,
            clip_on=False,
        )
        ink = "white" if colour == NOW else INK
        write(axes, end + part.count / 2, number, str(part.count), (0, 0), color=ink, weight="bold")
        end += part.count
    whole = ", ".join(part.replace(" ", "\u00a0") for part in words.split(", "))  # to be broken at commas alone
    lines = textwrap.wrap(whole, WORDS_LETTERS)
    lift = 0.145 * 72 / 2 * (1 if strong else 0)  # points: half a line up, to make room for the strong one
    write(axes, end, number, "\n".join(lines), (5, lift), ha="left")
    if strong:
        write(axes, end, number, strong, (5, -lift * len(lines)), ha="left", weight="bold")


def _lines(row: StatusRow) -> tuple[str, str]:
    return row.actions_words, row.overdue_words


def _legend(axes: Axes, title: str, kinds: tuple[BarKind, ...]) -> None:
    in_rows = [kind for column in range(IN_ROW) for kind in kinds[column::IN_ROW]]  # a legend fills its columns first
    patches = [
        Patch(facecolor=COLOURS[kind.standing], edgecolor=INK, linewidth=0.6, label=kind.words) for kind in in_rows
    ]
    legend = axes.legend(
        handles=patches, title=title, loc="lower left", bbox_to_anchor=(0, 1), ncols=IN_ROW, frameon=False,
        prop={"family": FONT, "size": SMALL}, title_fontproperties={"family": FONT, "size": NORMAL, "weight": "bold"},
        alignment="left", borderaxespad=0.3, borderpad=0, handlelength=1.1, handletextpad=0.5, columnspacing=0.9,
        labelcolor=INK,
    )  # fmt: skip
    legend.get_title().set_color(INK)


def _label(figure: Figure, at: float, row: StatusRow) -> None:
    lines = textwrap.wrap(f"{row.name}: {row.title}", LABEL_LETTERS, max_lines=2, placeholder=" ...")
    words = "\n".join(lines)
    text = figure.text(LABELS_AT, at, words, va="center", family=FONT, fontsize=SMALL, color=INK)
    text.set_parse_math(False)
