"""Draw rows below each other: then and now, values as dots, two bars each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from perfpipe.packs.charts.canvas import Canvas
from perfpipe.packs.charts.letters import width_of
from perfpipe.packs.charts.look import FOCUS, GRID, INK, LETTERS, SMALL, SOFT, THIRD, TONES, WHITE
from perfpipe.packs.charts.plot import LINE_OF_TEXT, names_of_rows, number, widest
from perfpipe.packs.models.chart import Axis, Bar
from perfpipe.packs.models.drawings import Dots, Dumbbells, Tone

DOT, RING = 3.2, 3.0


class _Rows(NamedTuple):
    """Where rows and their values are."""

    canvas: Canvas
    axis: Axis
    left: float
    right: float
    top: float
    height: float  # of a row

    def x(self, value: float) -> float:
        span = (self.axis.top - self.axis.bottom) or 1
        share = min(max((value - self.axis.bottom) / span, 0), 1)
        return self.left + share * (self.right - self.left)

    def y(self, row: int) -> float:
        return self.top + (row + 0.5) * self.height


def _rows(canvas: Canvas, axis: Axis, labels: Sequence[str], above: float, right: float, left: float = 0) -> _Rows:
    """Names at the left, gridlines with their numbers below."""
    below = LINE_OF_TEXT + 4 if axis.marks else 0
    height = (canvas.height - above - below) / max(len(labels), 1)
    names, size = names_of_rows(labels, canvas.width, height)
    start = max((widest(lines, size) for lines in names), default=0) + 8 + left
    rows = _Rows(canvas, axis, start, canvas.width - right, above, height)
    for mark in axis.marks:
        x = rows.x(mark)
        canvas.line(((x, above), (x, canvas.height - below)), SOFT if mark == axis.bottom else GRID)
        canvas.words(x, canvas.height - 7, number(mark, axis), size=SMALL, colour=SOFT, side="middle")
    for row, lines in enumerate(names):
        for at, line in enumerate(lines):
            canvas.words(0, rows.y(row) + (at - (len(lines) - 1) / 2) * (LINE_OF_TEXT - 1), line, size=size)
    return rows


def draw_dumbbells(canvas: Canvas, drawing: Dumbbells) -> None:
    """Then as a ring, now as a disc, a line between them; the values stand at the outer sides."""
    room = widest([words for row in drawing.rows for words in (row.then_shown, row.now_shown)], bold=True) + 8
    rows = _rows(canvas, drawing.axis, [row.label for row in drawing.rows], LINE_OF_TEXT + 3, room, room)
    _dumbbell_key(canvas, drawing.then_label, drawing.now_label)
    for place, row in enumerate(drawing.rows):
        y, colour = rows.y(place), TONES[row.tone]
        then, now = (None if value is None else rows.x(value) for value in (row.then, row.now))
        if then is not None and now is not None:
            canvas.line(((then, y), (now, y)), colour, 1.6)
        first = then if then is not None else now
        second = now if now is not None else then
        if first is None or second is None:
            canvas.words(rows.left + 4, y, row.now_shown or row.then_shown, colour=SOFT)
            continue
        if then is not None:
            canvas.dot(then, y, RING, WHITE, SOFT, 1.2)
        if now is not None:
            canvas.dot(now, y, DOT, colour)
        before = second >= first  # then stands at the left
        sides, away = ("right", "left") if before else ("left", "right"), -7.0 if before else 7.0
        strong = INK if row.tone is Tone.PLAIN else colour
        canvas.words(first + away, y, row.then_shown, size=SMALL, colour=SOFT, side=sides[0], ground=WHITE)
        canvas.words(second - away, y, row.now_shown, bold=True, colour=strong, side=sides[1], ground=WHITE)


def _dumbbell_key(canvas: Canvas, then_label: str, now_label: str) -> None:
    """What ring and disc are, in words beside one of each; at the right, above the rows."""
    y = LINE_OF_TEXT / 2
    x = _key_words(canvas, canvas.width, now_label, strong=True)
    canvas.dot(x, y, DOT, SOFT)
    x = _key_words(canvas, x - 14, then_label, strong=False)
    canvas.dot(x, y, RING, WHITE, SOFT, 1.2)


def _bar_key(canvas: Canvas, now_label: str, before_label: str) -> None:
    y = LINE_OF_TEXT / 2
    x = _key_words(canvas, canvas.width, before_label, strong=False)
    canvas.box(x - 4, y - 4, x + 4, y + 4, THIRD)
    x = _key_words(canvas, x - 14, now_label, strong=True)
    canvas.box(x - 4, y - 4, x + 4, y + 4, FOCUS)


def _key_words(canvas: Canvas, right: float, words: str, *, strong: bool) -> float:
    """Write words that end there, and where the middle of their mark is."""
    left = right - width_of(words, SMALL, bold=strong)
    canvas.words(left, LINE_OF_TEXT / 2, words, size=SMALL, bold=strong, colour=INK if strong else SOFT)
    return left - 8


def draw_dots(canvas: Canvas, drawing: Dots) -> None:
    """A dot a row with its interval, its value at the right; a line through all rows for what they are beside."""
    shown = widest([row.shown for row in drawing.rows if row.value is not None], bold=True) + 10
    above = LINE_OF_TEXT + 3 if drawing.reference_label else 4
    rows = _rows(canvas, drawing.axis, [row.label for row in drawing.rows], above, shown)
    if drawing.reference is not None:
        x = rows.x(drawing.reference)
        foot = rows.y(len(drawing.rows) - 1) + rows.height / 2
        canvas.line(((x, above), (x, foot)), INK, 0.9, "3 2")
        canvas.words(x, LINE_OF_TEXT / 2, drawing.reference_label, size=SMALL, side="middle")
    for place, row in enumerate(drawing.rows):
        y, strong = rows.y(place), row.tone in (Tone.FOCUS, Tone.BETTER, Tone.WORSE)
        if row.value is None:
            canvas.words(rows.left + 4, y, row.shown, colour=SOFT, ground=WHITE)
            continue
        if row.lower is not None and row.upper is not None:
            canvas.line(((rows.x(row.lower), y), (rows.x(row.upper), y)), TONES[row.tone], 1.2)
        canvas.dot(rows.x(row.value), y, DOT if strong else RING - 0.4, TONES[row.tone], WHITE, 0.5)
        canvas.words(canvas.width, y, row.shown, bold=strong, side="right")


def draw_bar_pairs(canvas: Canvas, axis: Axis, bars: Sequence[Bar], now_label: str, before_label: str) -> None:
    """Two bars a row, each with its number at its end."""
    shown = widest([words for bar in bars for words in (bar.now_shown, bar.before_shown)], LETTERS, bold=True) + 8
    plain = Axis(axis.bottom, axis.top, (), axis.label, axis.percent)  # the numbers stand at the bars
    rows = _rows(canvas, plain, [bar.label for bar in bars], LINE_OF_TEXT + 3, min(shown, canvas.width * 0.35))
    _bar_key(canvas, now_label, before_label)
    half = min(rows.height * 0.2, 6.5)
    for place, bar in enumerate(bars):
        y = rows.y(place)
        canvas.line(((rows.left, y - 2.1 * half), (rows.left, y + 2.1 * half)), SOFT)
        for value, words, at, colour, strong in (
            (bar.now, bar.now_shown, y - half, FOCUS, True),
            (bar.before, bar.before_shown, y + half, THIRD, False),
        ):
            end = rows.left if value is None else rows.x(value)
            canvas.box(rows.left, at - half + 0.4, end, at + half - 0.4, colour)
            canvas.words(end + 4, at, words, size=SMALL, bold=strong, colour=INK if value is not None else SOFT)
