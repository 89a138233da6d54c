"""Draw the months of one measure: its figures, its target, and what to expect of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from perfpipe.packs.charts.canvas import Canvas
from perfpipe.packs.charts.letters import width_of
from perfpipe.packs.charts.look import BAND, BETTER, FOCUS, INK, LETTERS, SOFT, TONES, WHITE, WORSE
from perfpipe.packs.charts.notes_on_months import write_band, write_gaps, write_recalculated, write_remark
from perfpipe.packs.charts.places import Box, Place, Taken
from perfpipe.packs.charts.plot import (
    BELOW,
    BESIDE,
    Plot,
    SideLabel,
    room_for_numbers,
)
from perfpipe.packs.models.chart import Chart, Gap, Mark, Point
from perfpipe.packs.models.drawings import ControlLine, Tone

TOP, LEAST_BESIDE, MOST_BESIDE = 9.0, 40.0, 92.0
GAP_FILL = "#F4F4F4"
MARKS = {
    Mark.IMPROVEMENT: (BETTER, "diamond"),
    Mark.CONCERN: (WORSE, "square"),
    Mark.HIGH: (SOFT, "up"),
    Mark.LOW: (SOFT, "down"),
}
TARGET_DASH = "4 2.5"


def draw_control_line(canvas: Canvas, drawing: ControlLine) -> None:
    """One measure over the months with its remark."""
    last = drawing.points[-1]
    labels = [
        *_label(last.figure.plotted, drawing.latest, TONES[drawing.tone], bold=True),
        *_label(_target_of(last), drawing.target, INK),
        *_label(_middle_of(last), drawing.middle, SOFT),
    ]
    plot = _plot(canvas, drawing, labels)
    taken = _draw_behind(plot, drawing.points, _shades_of(plot, drawing.gaps))
    _draw_line(plot, drawing.points, taken)
    for place, point in enumerate(drawing.points):
        since = drawing.remark_from is not None and place >= drawing.remark_from
        if point.figure.plotted is not None and (since or point.mark):
            tone = (TONES[drawing.tone], "square" if drawing.tone is Tone.WORSE else "dot")
            _draw_signal(
                canvas, (plot.x(place), plot.y(point.figure.plotted)), *(MARKS[point.mark] if point.mark else tone), 2.0
            )
    _draw_latest(plot, drawing.points, TONES[drawing.tone])
    write_gaps(plot, drawing.gaps, taken)
    write_recalculated(plot, drawing.points, taken)
    if drawing.remark and drawing.remark_from is not None:
        write_remark(plot, drawing, taken)
    if drawing.band and last.lines:
        write_band(plot, drawing, taken)
    plot.draw_beside(labels)


def draw_chart(canvas: Canvas, chart: Chart) -> None:
    """A measure's own chart: a line or columns over the months."""
    last = chart.points[-1]
    labels = [SideLabel(height, words, SOFT) for height, words in chart.line_labels]
    labels += _label(_target_of(last), chart.target_label, INK)
    labels += _label(last.figure.plotted, last.figure.alone, FOCUS, bold=True)
    plot = _plot(canvas, chart, labels)
    taken = _draw_behind(plot, chart.points, _shades_of(plot, chart.gaps))
    if chart.kind == "columns":
        _draw_columns(plot, chart.points)
    else:
        _draw_line(plot, chart.points, taken)
        for place, point in enumerate(chart.points):
            if point.mark and point.figure.plotted is not None:
                _draw_signal(canvas, (plot.x(place), plot.y(point.figure.plotted)), *MARKS[point.mark], 3.0)
        _draw_latest(plot, chart.points)
    write_gaps(plot, chart.gaps, taken)
    write_recalculated(plot, chart.points, taken)
    plot.draw_beside(labels)


def _label(value: float | None, words: str, colour: str, *, bold: bool = False) -> list[SideLabel]:
    return [] if value is None or not words else [SideLabel(value, words, colour, bold)]


def _target_of(point: Point) -> float | None:
    return sum(point.target_band) / 2 if point.target_band else None


def _middle_of(point: Point) -> float | None:
    return point.lines.mean if point.lines else point.median


def _plot(canvas: Canvas, drawing: ControlLine | Chart, labels: Sequence[SideLabel]) -> Plot:
    room = max((width_of(each.words, LETTERS, bold=each.bold) for each in labels), default=0)
    room = min(max(room, LEAST_BESIDE), MOST_BESIDE, canvas.width / 3) + BESIDE + 1
    box = Box(room_for_numbers(drawing.axis), TOP, canvas.width - room, canvas.height - BELOW)
    plot = Plot(canvas, box, drawing.axis, len(drawing.points))
    for gap in _shades_of(plot, drawing.gaps):
        canvas.box(*gap, GAP_FILL)
    plot.draw_axes(drawing.ticks)
    return plot


def _shades_of(plot: Plot, gaps: Sequence[Gap]) -> list[Box]:
    """Where months have no figure."""
    return [Box(plot.x(gap.first - 0.5), plot.box.top, plot.x(gap.last + 0.5), plot.box.bottom) for gap in gaps]


def _draw_behind(plot: Plot, points: Sequence[Point], gaps: Sequence[Box]) -> Taken:
    """The expected range, the average or median, and the target; where new limits begin they are broken."""
    taken = Taken(shades=[(gap, GAP_FILL) for gap in gaps])
    begins = [0, *(place for place, point in enumerate(points) if point.rebased and place), len(points)]
    for first, end in pairwise(begins):
        for run in _alike(points, first, end):
            _draw_range(plot, points, run, taken)
    for place in begins[1:-1]:
        x = plot.x(place - 0.5)
        plot.canvas.line(((x, plot.box.top), (x, plot.box.bottom)), SOFT, 0.8, "1.5 2")
    ends = [[point.target_band[side] if point.target_band else None for point in points] for side in (0, 1)]
    for values in ends if ends[0] != ends[1] else ends[:1]:
        for line in plot.steps(values):
            plot.canvas.line(line, INK, 1.0, TARGET_DASH)
            taken.lines.append(line)
    return taken


def _alike(points: Sequence[Point], first: int, end: int) -> list[range]:
    """Months next to each other that have the same average and limits, or the same median."""
    runs: list[range] = []
    for place in range(first, end):
        levels = (points[place].lines, points[place].median)
        if levels == (None, None):
            continue
        before = runs[-1] if runs and runs[-1].stop == place else None
        if before and (points[place - 1].lines, points[place - 1].median) == levels:
            runs[-1] = range(before.start, place + 1)
        else:
            runs.append(range(place, place + 1))
    return runs


def _draw_range(plot: Plot, points: Sequence[Point], run: range, taken: Taken) -> None:
    left, right = plot.x(run.start - 0.4), plot.x(run.stop - 0.6)
    lines = points[run.start].lines
    if lines:
        shade = Box(left, plot.y(lines.upper), right, plot.y(lines.lower))
        plot.canvas.box(*shade, BAND)
        taken.shades.append((shade, BAND))
    middle = _middle_of(points[run.start])
    assert middle is not None
    line = ((left, plot.y(middle)), (right, plot.y(middle)))
    plot.canvas.line(line, SOFT, 0.8)
    taken.lines.append(line)


def _draw_line(plot: Plot, points: Sequence[Point], taken: Taken) -> None:
    for place, point in enumerate(points):
        if point.interval and point.figure.low_base:
            ends = [(plot.x(place), plot.y(end)) for end in point.interval]
            plot.canvas.line(ends, FOCUS, 0.8)
            taken.lines.append(ends)
    for run in plot.runs([point.figure.plotted for point in points]):
        plot.canvas.line(run, FOCUS, 1.5)
        if len(run) == 1:
            plot.canvas.dot(*run[0], 1.6, FOCUS)
        taken.lines.append(run)
        taken.boxes += [Box(x - 2.5, y - 2.5, x + 2.5, y + 2.5) for x, y in run]
    for place, point in enumerate(points):
        if point.figure.provisional and point.figure.plotted is not None:
            plot.canvas.dot(plot.x(place), plot.y(point.figure.plotted), 2.2, WHITE, FOCUS, 1.1)


def _draw_latest(plot: Plot, points: Sequence[Point], colour: str = FOCUS) -> None:
    figure = points[-1].figure
    if figure.plotted is not None:
        at = plot.x(len(points) - 1), plot.y(figure.plotted)
        plot.canvas.dot(*at, 3.0, WHITE if figure.provisional else colour, colour, 1.4)


def _draw_signal(canvas: Canvas, at: Place, colour: str, shape: str, size: float) -> None:
    x, y = at
    if shape == "dot":
        canvas.dot(x, y, size, colour, WHITE, 0.4)
    elif shape == "diamond":
        tip = size * 1.4
        canvas.area([(x - tip, y), (x, y - tip), (x + tip, y), (x, y + tip)], colour, WHITE, 0.4)
    elif shape == "square":
        canvas.area(
            [(x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size)], colour, WHITE, 0.4
        )
    else:
        tip = -size if shape == "up" else size
        canvas.area([(x, y + tip), (x - size, y - tip), (x + size, y - tip)], colour, WHITE, 0.4)


def _draw_columns(plot: Plot, points: Sequence[Point]) -> None:
    half = 0.35 * (plot.x(1) - plot.x(0))
    for place, point in enumerate(points):
        if point.figure.plotted is None:
            continue
        x, y = plot.x(place), plot.y(point.figure.plotted)
        fill = WHITE if point.figure.provisional else FOCUS
        plot.canvas.box(x - half, min(y, plot.box.bottom - 0.6), x + half, plot.box.bottom, fill, FOCUS)
