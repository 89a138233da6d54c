"""Draw months of several groups: small charts side by side on one scale, and a stack."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.packs.charts.canvas import Canvas
from perfpipe.packs.charts.letters import width_of
from perfpipe.packs.charts.look import BAND, INK, LARGE, LETTERS, SMALL, SOFT, TONES, WHITE
from perfpipe.packs.charts.places import Box, Place, Taken
from perfpipe.packs.charts.plot import (
    BELOW,
    BESIDE,
    LINE_OF_TEXT,
    Plot,
    SideLabel,
    room_for_numbers,
    widest,
    wrapped,
)
from perfpipe.packs.models.drawings import PanelLine, Panels, Stack

LEAST_GAP, MOST_BESIDE = 13.0, 118.0
DOT = 2.2


def draw_panels(canvas: Canvas, drawing: Panels) -> None:
    """Small charts side by side."""
    panels = drawing.panels
    left = room_for_numbers(drawing.axis)
    gap = max(widest([each.latest for each in panels], LARGE, bold=True) + DOT + 6, LEAST_GAP)
    wide = (canvas.width - left - gap * len(panels)) / max(len(panels), 1)
    titles = [wrapped(each.title, wide + gap - 5, size=LETTERS, bold=True) for each in panels]
    above = max((len(lines) for lines in titles), default=1) * LINE_OF_TEXT
    for number, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        start = left + number * (wide + gap)
        box = Box(start, above + LINE_OF_TEXT, start + wide, canvas.height - BELOW)
        plot = Plot(canvas, box, drawing.axis, max(len(panel.values), 1))
        for row, line in enumerate(title):
            y = above - (len(title) - row - 0.5) * LINE_OF_TEXT
            canvas.words(start, y, line, bold=True, size=LETTERS)
        plot.draw_axes(_ticks(drawing.ticks, wide), numbers=number == 0)
        _draw_panel(plot, panel)


def _ticks(ticks: Sequence[tuple[int, str]], wide: float) -> list[tuple[int, str]]:
    """All ticks where they have room, else the first and the last, else the last."""
    needed = sum(width_of(label, SMALL) + 6 for _, label in ticks)
    if needed <= wide or len(ticks) < 2:
        return list(ticks)
    ends = [ticks[0], ticks[-1]]
    return ends if sum(width_of(label, SMALL) + 6 for _, label in ends) <= wide else ends[1:]


def _draw_panel(plot: Plot, panel: PanelLine) -> None:
    canvas, colour = plot.canvas, TONES[panel.tone]
    runs, taken = plot.runs(panel.values), Taken()
    for run in runs:
        if panel.filled:
            foot = plot.box.bottom
            canvas.area([(run[0][0], foot), *run, (run[-1][0], foot)], BAND)
        canvas.line(run, colour, 1.4)
        if len(run) == 1:
            canvas.dot(*run[0], 1.5, colour)
        taken.lines.append(run)
    targets = plot.steps(panel.targets)
    for line in targets:
        canvas.line(line, INK, 0.9, "3 2")
        taken.lines.append(line)
    if panel.values and panel.values[-1] is not None:
        at = plot.x(len(panel.values) - 1), plot.y(panel.values[-1])
        canvas.dot(*at, DOT, colour)
        canvas.words(at[0] + DOT + 3, at[1], panel.latest, size=LARGE, bold=True, colour=colour)
        taken.boxes.append(Box(at[0] - DOT, at[1] - DOT, at[0] + DOT, at[1] + DOT))
    elif panel.latest:
        y = runs[-1][-1][1] if runs else (plot.box.top + plot.box.bottom) / 2
        x = plot.x(len(panel.values) - 1) if runs else plot.box.left
        canvas.words(x + DOT + 3, y, panel.latest, colour=SOFT)
    if panel.first and runs:
        _write_near(plot, panel.first, runs[0][0], taken, rightwards=True, filled=panel.filled)
    if panel.target and targets:
        _write_near(plot, panel.target, targets[-1][-1], taken, rightwards=False, filled=panel.filled)


def _write_near(plot: Plot, words: str, at: Place, taken: Taken, *, rightwards: bool, filled: bool) -> None:
    """Words above or below a place, at the nearest height where nothing is; above, where the area below is filled."""
    wide = width_of(words, SMALL)
    x = at[0] if rightwards else at[0] - wide
    heights = sorted(
        range(int(plot.box.top - LINE_OF_TEXT), int(plot.box.bottom), 2),
        key=lambda y: (filled and y > at[1], abs(y - at[1])),
    )
    within = Box(
        plot.box.left, plot.box.top - LINE_OF_TEXT, max(plot.box.right, plot.box.left + wide) + 1, plot.box.bottom
    )
    wanted = [(left, float(y)) for y in heights for left in (x, (plot.box.left if rightwards else x))]
    box = taken.best((wide, SMALL), wanted, within)
    colour = SOFT if rightwards else INK
    ground = "" if filled and box.bottom > at[1] else WHITE
    plot.canvas.words(box.left, (box.top + box.bottom) / 2, words, size=SMALL, colour=colour, ground=ground)


def draw_stack(canvas: Canvas, drawing: Stack) -> None:
    """Groups on top of each other; each is named beside its layer, with an edge of white between them."""
    names = [part.label for part in drawing.parts]
    room = min(max(widest(names), width_of(drawing.total, LETTERS, bold=True)), MOST_BESIDE) + BESIDE + 2
    box = Box(room_for_numbers(drawing.axis), LINE_OF_TEXT, canvas.width - room, canvas.height - BELOW)
    count = max((len(part.values) for part in drawing.parts), default=1)
    plot = Plot(canvas, box, drawing.axis, count)
    plot.draw_axes(drawing.ticks)
    foot, labels = [0.0] * count, []
    for part in drawing.parts:
        head = [below + value for below, value in zip(foot, part.values, strict=True)]
        upper = [(plot.x(place), plot.y(value)) for place, value in enumerate(head)]
        lower = [(plot.x(place), plot.y(value)) for place, value in enumerate(foot)]
        canvas.area([*upper, *reversed(lower)], TONES[part.tone], WHITE, 1.0)
        labels.append(SideLabel((head[-1] + foot[-1]) / 2, part.label))
        foot = head
    if drawing.total and drawing.parts:
        labels.append(SideLabel(foot[-1], drawing.total, bold=True))
    plot.draw_beside(labels)
