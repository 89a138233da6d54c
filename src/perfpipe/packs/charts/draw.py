"""Draw a measure's own chart as PNG, for a workbook: its heading, the picture of the web page, its caption."""

from __future__ import annotations

from perfpipe.packs.charts.canvas import Canvas
from perfpipe.packs.charts.draw_drawing import canvas_of
from perfpipe.packs.charts.look import INK, LARGE, MM, SMALL, SOFT
from perfpipe.packs.charts.shape import DPI, LINE_OF_TEXT, shape_of
from perfpipe.packs.models.chart import Chart
from perfpipe.packs.models.plan import ProgressChart

BESIDE, ABOVE = 8.0, 6.0  # points of white around the picture
LINE = LINE_OF_TEXT * 72


def draw(chart: Chart | ProgressChart) -> bytes:
    """The PNG of a chart, as large as `shape_of` says."""
    shape = shape_of(chart)
    across, down = (pixels * 72 / DPI for pixels in shape.pixels)
    whole = Canvas(across / MM, down / MM)
    y = ABOVE + LINE / 2
    for lines, size, bold, colour in ((shape.heading, LARGE + 1, True, INK), (shape.small, SMALL, False, SOFT)):
        for line in lines:
            whole.words(BESIDE, y, line, size=size, bold=bold, colour=colour)
            y += LINE
    foot = down - ABOVE - len(shape.caption) * LINE
    for row, line in enumerate(shape.caption):
        whole.words(BESIDE, foot + (row + 0.5) * LINE, line, size=SMALL, colour=SOFT)
    picture = canvas_of(chart, (across - 2 * BESIDE) / MM, (foot - 2 * ABOVE - (y - LINE / 2)) / MM)
    whole.place(picture, BESIDE, y - LINE / 2 + ABOVE)
    return whole.png(DPI)
