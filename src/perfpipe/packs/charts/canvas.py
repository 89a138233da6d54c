"""A picture as it is printed: what stands on it, in points from its upper left corner, drawn by matplotlib."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from io import BytesIO, StringIO
from typing import Any, Literal

import numpy as np
from matplotlib import font_manager, rc_context
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform
from PIL import Image

from perfpipe.packs.charts.letters import FAMILY, FONTS, readable, width_of
from perfpipe.packs.charts.look import INK, LETTERS, MM, SOFT, WHITE

Places = Sequence[tuple[float, float]]
SIDES: dict[str, Literal["left", "center", "right"]] = {"left": "left", "middle": "center", "right": "right"}
CAPITALS = 0.33  # of the size: from the middle of a capital letter down to its line
POINTS = 72  # to the inch
SCREENS = 192  # dots to the inch of a PNG: twice a screen's
COLOURS = 64
SVG_SETTINGS: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "perfpipe"}
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


UNUSED = re.compile(r'<!--.*?-->|<defs>.*?</defs>| id="[^"]*"| xmlns:xlink="[^"]*"| version="[^"]*"', re.DOTALL)


class Canvas:
    """Lines, areas, dots and words on a picture. x to the right, y downwards, in points."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width * MM, height * MM
        self._parts: list[Callable[[float, float], Artist]] = []  # each makes its artist, moved right and down

    def line(self, places: Places, colour: str = INK, wide: float = 0.6, dash: str = "") -> None:
        """A line through places."""
        if len(places) < 2:
            return
        style: Any = (0, tuple(float(part) / wide for part in dash.split())) if dash else "-"

        def made(right: float, down: float) -> Artist:
            xs, ys = [x + right for x, _ in places], [y + down for _, y in places]
            return Line2D(xs, ys, color=colour, linewidth=wide, linestyle=style, solid_joinstyle="round")

        self._parts.append(made)

    def area(self, places: Places, fill: str, edge: str = "", wide: float = 0.6) -> None:
        """A closed area."""

        def made(right: float, down: float) -> Artist:
            moved = [(x + right, y + down) for x, y in places]
            return Polygon(moved, closed=True, facecolor=fill, edgecolor=edge or "none", linewidth=wide if edge else 0)

        self._parts.append(made)

    def box(self, left: float, top: float, right: float, bottom: float, fill: str, edge: str = "") -> None:
        """A rectangle."""
        self.area(((left, top), (right, top), (right, bottom), (left, bottom)), fill, edge)

    def dot(self, x: float, y: float, radius: float, fill: str, edge: str = "", wide: float = 0.6) -> None:
        """A disc."""
        ring = {"facecolor": fill, "edgecolor": edge or "none", "linewidth": wide if edge else 0}
        self._parts.append(lambda right, down: Circle((x + right, y + down), radius, **ring))

    def words(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = LETTERS,
        bold: bool = False,
        colour: str = INK,
        side: str = "left",
        ground: str = "",
    ) -> None:
        """Words whose capital letters have their middle at y; moved sideways where they would leave the picture.

        `ground`: the colour of what they stand on, by which they hide the lines behind them.
        """
        words = readable(words.replace("\n", " "))
        if not words:
            return
        wide = width_of(words, size, bold=bold)
        left = x - {"left": 0.0, "middle": wide / 2, "right": wide}[side]
        within = x + max(min(left, self.width - wide), 0) - left
        around = {"facecolor": ground, "edgecolor": "none", "pad": 0.5} if ground else None

        def made(right: float, down: float) -> Artist:
            return Text(
                within + right, y + size * CAPITALS + down, words, fontproperties=_letters(size, bold), color=colour,
                horizontalalignment=SIDES[side], verticalalignment="baseline", bbox=around, parse_math=False,
            )  # fmt: skip

        self._parts.append(made)

    def lead(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A leader from a label to what it is about."""
        self.line((start, end), SOFT, 0.5)

    def place(self, other: Canvas, x: float, y: float) -> None:
        """Another picture, its upper left corner there."""

        def moved(part: Callable[[float, float], Artist]) -> Callable[[float, float], Artist]:
            return lambda right, down: part(x + right, y + down)

        self._parts += map(moved, other._parts)

    def svg(self) -> str:
        """The picture as SVG, one of its units a point. It has no ids: many can stand on a page."""
        made = StringIO()
        with rc_context(SVG_SETTINGS):
            FigureCanvasSVG(self._figure()).print_svg(made, metadata=NO_METADATA)  # type: ignore[no-untyped-call]
        found = re.search(r"<svg.*</svg>", made.getvalue(), re.DOTALL)
        assert found is not None
        bare = UNUSED.sub("", found[0])
        return re.sub(r"\s+<", "<", re.sub(r' d="[^"]*"', lambda path: _short(path[0]), bare))

    def png(self, dpi: int = SCREENS) -> bytes:
        """The picture as PNG, on white."""
        figure = self._figure()
        figure.dpi = dpi
        figure.patch.set_visible(True)
        drawn = FigureCanvasAgg(figure)
        drawn.draw()  # type: ignore[no-untyped-call]
        pixels, picture = np.asarray(drawn.buffer_rgba()), BytesIO()  # type: ignore[no-untyped-call]
        # few colours: a third of the bytes, and no difference to the eye
        few = (
            Image.fromarray(pixels).convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        )
        few.save(picture, format="png", dpi=(dpi, dpi))
        return picture.getvalue()

    def _figure(self) -> Figure:
        figure = Figure(figsize=(self.width / POINTS, self.height / POINTS), dpi=POINTS, facecolor=WHITE)
        figure.patch.set_visible(False)  # a page has its own ground
        down: Transform = Affine2D().scale(1 / POINTS, -1 / POINTS).translate(0, self.height / POINTS)
        for part in self._parts:
            artist = part(0, 0)
            artist.set_transform(down + figure.dpi_scale_trans)
            figure.add_artist(artist, clip=False)
        for number, artist in enumerate(figure.get_children()):
            artist.set_zorder(number)  # as they were put on it, whatever they are
        return figure


def _short(path: str) -> str:
    """A path with its numbers to a hundredth of a point, on one line."""
    return " ".join(re.sub(r"(\.\d\d)\d+", r"\1", path).split()).join((" ", ""))


@cache
def _letters(size: float, bold: bool) -> font_manager.FontProperties:
    name = f"SourceSansPro-{'Bold' if bold else 'Regular'}.ttf"
    if FAMILY not in {font.name for font in font_manager.fontManager.ttflist}:
        for each in ("Regular", "Bold"):
            font_manager.fontManager.addfont(FONTS / f"SourceSansPro-{each}.ttf")
    assert (FONTS / name).exists()
    return font_manager.FontProperties(family=FAMILY, size=size, weight="bold" if bold else "normal")
