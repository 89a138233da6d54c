"""A picture as it is printed: SVG, one of its units a point. What is put on it stands in full on it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from perfpipe.packs.charts.letters import FAMILY, readable, width_of
from perfpipe.packs.charts.look import INK, LETTERS, MM, SOFT, WHITE

Places = Sequence[tuple[float, float]]
ANCHORS = {"left": "start", "middle": "middle", "right": "end"}
CAPITALS = 0.33  # of the size: from the middle of a capital letter down to its line


class Canvas:
    """Lines, areas, dots and words on a picture. x to the right, y downwards, in points."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width * MM, height * MM
        self._parts: list[str] = []

    def line(self, places: Places, colour: str = INK, wide: float = 0.6, dash: str = "") -> None:
        """A line through places."""
        if len(places) < 2:
            return
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._add(
            f'<path d="M{"L".join(f"{x:.2f} {y:.2f}" for x, y in places)}" fill="none" stroke="{colour}" '
            f'stroke-width="{wide:g}" stroke-linejoin="round"{dashes}/>'
        )

    def area(self, places: Places, fill: str, edge: str = "", wide: float = 0.6) -> None:
        """A closed area."""
        stroke = f' stroke="{edge}" stroke-width="{wide:g}"' if edge else ""
        self._add(f'<path d="M{"L".join(f"{x:.2f} {y:.2f}" for x, y in places)}Z" fill="{fill}"{stroke}/>')

    def box(self, left: float, top: float, right: float, bottom: float, fill: str, edge: str = "") -> None:
        """A rectangle."""
        self.area(((left, top), (right, top), (right, bottom), (left, bottom)), fill, edge)

    def dot(self, x: float, y: float, radius: float, fill: str, edge: str = "", wide: float = 0.6) -> None:
        """A disc."""
        stroke = f' stroke="{edge}" stroke-width="{wide:g}"' if edge else ""
        self._add(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:g}" fill="{fill}"{stroke}/>')

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
        halo: bool = False,
    ) -> None:
        """Words whose capital letters have their middle at y; moved sideways where they would leave the picture."""
        words = readable(words.replace("\n", " "))
        if not words:
            return
        wide = width_of(words, size, bold=bold)
        left = x - {"left": 0.0, "middle": wide / 2, "right": wide}[side]
        x += max(min(left, self.width - wide), 0) - left
        weight = ' font-weight="700"' if bold else ""
        around = f' stroke="{WHITE}" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke"' if halo else ""
        self._add(
            f'<text x="{x:.2f}" y="{y + size * CAPITALS:.2f}" font-size="{size:g}" fill="{colour}" '
            f'text-anchor="{ANCHORS[side]}"{weight}{around}>{escape(words, quote=False)}</text>'
        )

    def lead(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A leader from a label to what it is about."""
        self.line((start, end), SOFT, 0.5)

    def place(self, other: Canvas, x: float, y: float) -> None:
        """Another picture, its upper left corner there."""
        self._add(f'<g transform="translate({x:.2f} {y:.2f})">{"".join(other._parts)}</g>')

    def svg(self) -> str:
        """The picture."""
        size = (
            f'width="{self.width:.2f}pt" height="{self.height:.2f}pt" viewBox="0 0 {self.width:.2f} {self.height:.2f}"'
        )
        family = f"font-family=\"'{FAMILY}', sans-serif\""
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {family}>{"".join(self._parts)}</svg>'

    def _add(self, part: str) -> None:
        self._parts.append(part)
