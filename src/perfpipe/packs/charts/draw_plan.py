"""Draw the plan: of each recommendation its actions by status beside its targets by status."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.packs.charts.canvas import Canvas
from perfpipe.packs.charts.letters import width_of
from perfpipe.packs.charts.look import FOCUS, INK, LETTERS, SMALL, SOFT, WHITE
from perfpipe.packs.charts.plot import LINE_OF_TEXT, wrapped
from perfpipe.packs.models.plan import BarKind, Part, ProgressChart, Standing

FILLS = {
    Standing.GOOD: FOCUS,
    Standing.ON_TRACK: "#9FC3E0",
    Standing.AT_RISK: "#F4C4A0",
    Standing.OFF_TRACK: "#F46A25",
    Standing.NOT_KNOWN: WHITE,
}
NAME, BARS, GAP = 0.3, 0.13, 6.0  # shares of the width: the name of a row, its bars


def draw_plan(canvas: Canvas, chart: ProgressChart) -> None:
    """A row a recommendation: two bars in parts with their numbers in them, and the same in words beside them."""
    wide = canvas.width
    panels = ((wide * NAME, "Actions", chart.action_kinds), (wide * (0.5 + NAME / 2), "Targets", chart.target_kinds))
    room = wide * ((1 - NAME) / 2 - BARS) - 2 * GAP
    above = max(_legend(canvas, left, wide * (1 - NAME) / 2 - GAP, title, kinds) for left, title, kinds in panels)
    height = (canvas.height - above) / max(len(chart.rows), 1)
    longest = [max((sum(part.count for part in bar) for bar in bars), default=0) or 1
               for bars in ([row.actions for row in chart.rows], [row.targets for row in chart.rows])]  # fmt: skip
    for number, row in enumerate(chart.rows):
        y = above + (number + 0.5) * height
        canvas.line(((0, y + height / 2), (wide, y + height / 2)), "#E3E3E3")
        _write(
            canvas, 0, y, wrapped(f"{row.name}: {row.title}", wide * NAME - 2 * GAP, size=SMALL), most=int(height // 11)
        )
        said = (row.actions_words, row.overdue_words), (row.targets_words, "")
        for (left, _, _), parts, most, (words, strong) in zip(
            panels, (row.actions, row.targets), longest, said, strict=True
        ):
            end = _bar(canvas, left, y, wide * BARS, parts, most)
            lines = wrapped(words, room + left + wide * BARS - end, size=SMALL)
            bold = wrapped(strong, room + left + wide * BARS - end, size=SMALL, bold=True) if strong else []
            _write(canvas, end + GAP, y, lines, bold)


def _bar(canvas: Canvas, left: float, y: float, wide: float, parts: Sequence[Part], longest: int) -> float:
    end = left
    canvas.line(((left, y - 10), (left, y + 10)), INK)
    for part in parts:
        right = end + wide * part.count / longest
        canvas.box(end, y - 7.5, right, y + 7.5, FILLS[part.kind.standing], INK)
        colour = WHITE if part.kind.standing is Standing.GOOD else INK
        if right - end > width_of(str(part.count), SMALL, bold=True):
            canvas.words((end + right) / 2, y, str(part.count), size=SMALL, bold=True, colour=colour, side="middle")
        end = right
    return end


def _write(canvas: Canvas, x: float, y: float, lines: Sequence[str], bold: Sequence[str] = (), most: int = 9) -> None:
    every = [(line, False) for line in lines] + [(line, True) for line in bold]
    for row, (line, strong) in enumerate(every[: max(most, 1)]):
        at = y + (row - (min(len(every), max(most, 1)) - 1) / 2) * 11
        canvas.words(x, at, line, size=SMALL, bold=strong)


def _legend(canvas: Canvas, left: float, room: float, title: str, kinds: Sequence[BarKind]) -> float:
    canvas.words(left, LINE_OF_TEXT / 2, title, bold=True, size=LETTERS)
    x, y = left, LINE_OF_TEXT * 1.5
    for kind in kinds:
        wide = width_of(kind.words, SMALL) + 13
        if x + wide > left + room and x > left:
            x, y = left, y + LINE_OF_TEXT
        canvas.box(x, y - 4, x + 8, y + 4, FILLS[kind.standing], INK)
        canvas.words(x + 11, y, kind.words, size=SMALL, colour=SOFT)
        x += wide + 8
    return y + LINE_OF_TEXT
