"""A chart in a workbook, as a picture with its alternative text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from openpyxl.drawing.fill import Blip
from openpyxl.drawing.geometry import PresetGeometry2D
from openpyxl.drawing.image import Image
from openpyxl.drawing.picture import PictureFrame
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.packs.charts.shape import shape_of
from perfpipe.packs.models.chart import Chart
from perfpipe.packs.models.plan import ProgressChart

PIXELS_A_LINE = 20


class _Picture(Image):  # type: ignore[misc]
    """A PNG of known size, asked for when the workbook is saved: until then it may still be drawn."""

    def __init__(self, png: Callable[[], bytes], width: int, height: int) -> None:
        self.width, self.height, self.format = width, height, "png"
        self._data = png


def picture(
    sheet: Worksheet, row: int, chart: Chart | ProgressChart, charts: Mapping[str, bytes], number: int, wide: int
) -> int:
    """Place a chart, `wide` pixels wide, with its alternative text, and the next free row. `charts`: PNGs by name."""
    width, height = shape_of(chart).pixels
    image = _Picture(partial(charts.__getitem__, chart.name), wide, round(height * wide / width))
    frame = PictureFrame()
    properties = frame.nvPicPr.cNvPr
    properties.id, properties.name, properties.descr = number, f"Chart {number}", chart.alt_text
    frame.blipFill.blip = Blip(cstate="print")
    frame.spPr.prstGeom = PresetGeometry2D(prst="rect")
    size = XDRPositiveSize2D(pixels_to_EMU(image.width), pixels_to_EMU(image.height))
    image.anchor = OneCellAnchor(_from=AnchorMarker(col=0, row=row - 1), pic=frame, ext=size)
    sheet.add_image(image)
    return row + int(image.height) // PIXELS_A_LINE + 2
