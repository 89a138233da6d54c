"""Words on the months of a measure: why there is a gap, what to expect, where new limits begin, what moved."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.packs.charts.letters import width_of
from perfpipe.packs.charts.look import LETTERS, SMALL, SOFT, TONES, WHITE
from perfpipe.packs.charts.places import Box, Taken
from perfpipe.packs.charts.plot import LINE_OF_TEXT, Plot, widest, wrapped
from perfpipe.packs.models.chart import Gap, Point
from perfpipe.packs.models.drawings import ControlLine

RECALCULATED = ("limits", "recalculated")


def write_gaps(plot: Plot, gaps: Sequence[Gap], taken: Taken) -> None:
    """Why months have no figure, within their shade."""
    for gap in gaps:
        middle = (plot.x(gap.first) + plot.x(gap.last)) / 2
        room = max(plot.x(gap.last + 0.5) - plot.x(gap.first - 0.5), 80.0)
        lines = wrapped(gap.label, room)
        size = widest(lines), len(lines) * LINE_OF_TEXT
        downwards = range(int(plot.box.bottom - size[1] / 2 - 3), int(plot.box.top), -4)
        wanted = [(middle - size[0] / 2, float(y)) for y in downwards]
        _write(plot, lines, taken.best(size, wanted, plot.box), SOFT, taken)


def write_recalculated(plot: Plot, points: Sequence[Point], taken: Taken) -> None:
    """Where new limits begin, in words beside the line that marks it."""
    for place, point in enumerate(points):
        if point.rebased and place:
            x, size = plot.x(place - 0.5), (widest(RECALCULATED, SMALL), len(RECALCULATED) * LINE_OF_TEXT)
            heights = range(int(plot.box.top + size[1] / 2), int(plot.box.bottom), 4)
            box = taken.best(size, [(left, float(y)) for y in heights for left in (x - size[0] - 4, x + 4)], plot.box)
            _write(plot, RECALCULATED, box, SOFT, taken, right=box.right < x, size=SMALL)


def write_remark(plot: Plot, drawing: ControlLine, taken: Taken) -> None:
    """Since when it moved, beside the point from which on it did."""
    assert drawing.remark_from is not None
    lines = wrapped(drawing.remark, 90, bold=True)
    size = widest(lines, bold=True), len(lines) * LINE_OF_TEXT
    x = plot.x(drawing.remark_from - (0.5 if drawing.points[drawing.remark_from].rebased else 0))
    first = drawing.points[drawing.remark_from].figure.plotted or drawing.axis.bottom
    heights = sorted(range(int(plot.box.top), int(plot.box.bottom), 3), key=lambda y: abs(y - plot.y(first)))
    wanted = [(left, float(y)) for y in heights for left in (x - size[0] - 6, x + 6)]
    box = taken.best(size, wanted, plot.box)
    _write(plot, lines, box, TONES[drawing.tone], taken, bold=True, right=box.right < x)


def write_band(plot: Plot, drawing: ControlLine, taken: Taken) -> None:
    """What the shade is, at an edge of its last part."""
    lines = drawing.points[-1].lines
    assert lines is not None
    size = width_of(drawing.band, LETTERS), LINE_OF_TEXT
    heights = (plot.y(lines.lower) - 8, plot.y(lines.upper) + 8, plot.y(lines.lower) + 8, plot.y(lines.upper) - 8)
    first = next(place for place, point in enumerate(drawing.points) if point.lines == lines)
    places = [plot.x(place) for place in range(first, len(drawing.points))]
    wanted = [(x, y) for y in heights for x in places]
    _write(plot, [drawing.band], taken.best(size, wanted, plot.box), SOFT, taken)


def _write(
    plot: Plot,
    lines: Sequence[str],
    box: Box,
    colour: str,
    taken: Taken,
    *,
    bold: bool = False,
    right: bool = False,
    size: float = LETTERS,
) -> None:
    ground = taken.ground(box, WHITE)
    for row, line in enumerate(lines):
        y = box.top + (row + 0.5) * LINE_OF_TEXT
        side = "right" if right else "left"
        x = box.right if right else box.left
        plot.canvas.words(x, y, line, size=size, colour=colour, bold=bold, side=side, ground=ground)
