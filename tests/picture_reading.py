"""What a drawn picture says to who looks at it: heights and lengths by its own axis, and the labels beside them.

Nothing here knows of drawings or of whoever draws: only the SVG's texts, discs, boxes and lines are read, as a reader
with a ruler would. `misread` tells where a mark stands at another number than the one that is written beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from xml.etree import ElementTree

from perfpipe.packs.models.drawings import Bridge, ControlLine, Dots, Drawing, Dumbbells, Funnel, Panels, Survival

SVG = "{http://www.w3.org/2000/svg}"
MIDDLE = 0.33  # of the size of letters: from the foot of a capital up to its middle
NUMBER = re.compile(r"[−-]?[\d,]*\d(?:\.\d+)?")
NEAR = 1.0  # points: at one height
LATEST = re.compile(r"(?:^|(?<= ))[\d,.]+%?(?= |$)")
SHARE = re.compile(r"[\d.]+%")
DRAWN = 0.15  # points: as far as a hundredth of a point in paths, and the edge of a disc, can lead
THINNEST = 1.2  # points: a bar
Scale = Callable[[float], float]


class Words(NamedTuple):
    words: str
    x: float  # where they are anchored
    y: float  # the middle of their capitals
    anchor: str
    bold: bool


class Shape(NamedTuple):
    """The frame of a disc or an area."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Drawn:
    svg: str

    @cached_property
    def texts(self) -> list[Words]:
        return [_words(each) for each in ElementTree.fromstring(self.svg).iter(f"{SVG}text")]

    @cached_property
    def discs(self) -> list[Shape]:
        return [_frame(path) for path, _ in self._paths() if "C" in path]

    @cached_property
    def boxes(self) -> list[Shape]:
        """Areas with a colour of their own and no curve."""
        return [_frame(path) for path, fill in self._paths() if fill != "none" and "C" not in path]

    @cached_property
    def lines(self) -> list[Shape]:
        return [_frame(path) for path, fill in self._paths() if fill == "none" and "C" not in path]

    def _paths(self) -> Iterator[tuple[str, str]]:
        for each in ElementTree.fromstring(self.svg).iter(f"{SVG}path"):
            style = dict(part.strip().split(": ", 1) for part in each.get("style", "").split(";") if part.strip())
            yield each.get("d", ""), style.get("fill", "#000000")

    def across(self) -> Scale:
        """From a place to the right to its number, by the numbers under the picture."""
        foot = max(each.y for each in self.texts)
        return _scale([(each.x, number_of(each.words)) for each in self.texts if foot - each.y < NEAR])

    def upwards(self) -> Scale:
        """From a height to its number, by the numbers of the gridlines."""
        marks = [each for each in self.texts if re.fullmatch(r"[\d,.]+%?", each.words) and each.anchor == "end"]
        edge = min(each.x for each in marks)
        return _scale([(each.y, number_of(each.words)) for each in marks if each.x - edge < NEAR])

    def beside(self, y: float) -> list[Words]:
        """The words at a height, from the left."""
        return sorted((each for each in self.texts if abs(each.y - y) < NEAR), key=lambda each: each.x)


def number_of(words: str) -> float:
    """The first number of words."""
    found = NUMBER.search(words)
    assert found is not None, words
    return float(found[0].replace(",", "").replace("−", "-"))


def half_of_last_digit(words: str) -> float:
    found = NUMBER.search(words)
    assert found is not None, words
    return 0.5 * 10.0 ** -len(found[0].partition(".")[2])


def _words(text: ElementTree.Element) -> Words:
    style = dict(part.strip().split(": ", 1) for part in text.attrib["style"].split(";"))
    size = float(style["font-size"].removesuffix("px"))
    is_bold = style.get("font-weight") == "700"
    y = float(text.attrib["y"]) - size * MIDDLE
    return Words(text.text or "", float(text.attrib["x"]), y, style.get("text-anchor", "start"), is_bold)


def _frame(path: str) -> Shape:
    """Of the points that a path goes through: of a curve its ends alone, which are the edges of a disc."""
    numbers = [tuple(map(float, re.findall(r"-?[\d.]+", part)))[-2:] for part in re.findall(r"[MLC]([^MLCz]*)", path)]
    xs, ys = [each[0] for each in numbers], [each[1] for each in numbers]
    return Shape(min(xs), min(ys), max(xs), max(ys))


def _scale(marks: Sequence[tuple[float, float]]) -> Scale:
    (first, low), (last, high) = min(marks), max(marks)
    per_point = (high - low) / (last - first)

    def number(place: float) -> float:
        return low + (place - first) * per_point

    assert all(abs(number(place) - value) <= abs(per_point) for place, value in marks), "the axis is not even"
    return number


def misread(drawing: Drawing, svg: str) -> list[str]:
    """What a mark says and the words beside it deny, by its row or label; the kind alone is asked of the drawing."""
    drawn = Drawn(svg)
    match drawing:
        case Dots():
            return list(_of_dots(drawn))
        case Dumbbells():
            return list(_of_dumbbells(drawn))
        case Bridge():
            return list(_of_bridge(drawn))
        case Survival():
            return list(_of_survival(drawn))
        case Funnel():
            return list(_of_funnel(drawn))
        case ControlLine():
            return list(_of_latest(drawn, 1))
        case Panels():
            return list(_of_latest(drawn, sum(panel.values[-1] is not None for panel in drawing.panels)))
        case _:
            return []


def _denied(scale: Scale, place: float, words: str) -> bool:
    """Whether a mark is not where its words say, as far as rounding and a pen's width allow."""
    off = abs(scale(place) - number_of(words))
    return off > half_of_last_digit(words) + abs(scale(DRAWN) - scale(0)) + 1e-6


def _of_dots(drawn: Drawn) -> Iterator[str]:
    scale = drawn.across()
    assert drawn.discs
    for disc in drawn.discs:
        row = drawn.beside(disc.y)
        if _denied(scale, disc.x, row[-1].words):
            yield row[0].words


def _of_dumbbells(drawn: Drawn) -> Iterator[str]:
    """Of every disc of a row the words beside it: bold of now, plain of then."""
    scale, (key, *_) = drawn.across(), sorted({round(disc.y) for disc in drawn.discs})
    for disc in (disc for disc in drawn.discs if disc.y > key + NEAR):
        row = [each for each in drawn.beside(disc.y) if each.x > 0 and NUMBER.search(each.words)]
        values = [each for each in row if each.words[0].isdigit()]
        if all(_denied(scale, disc.x, each.words) for each in values):
            yield f"{drawn.beside(disc.y)[0].words}: {scale(disc.x):.1f}"


def _of_bridge(drawn: Drawn) -> Iterator[str]:
    """Bars begin where the one before ended; the stocks stand on the ground, and give the scale."""
    bars = sorted(drawn.boxes)
    shown = [min(drawn.texts, key=lambda each: _above(each, bar)) for bar in bars]
    foot, first = bars[0].bottom, bars[0].top
    scale = _scale([(foot, 0.0), (first, number_of(shown[0].words))])
    pen, least = (abs(scale(points) - scale(0)) for points in (DRAWN, THINNEST + DRAWN))
    level = number_of(shown[0].words)
    for bar, words in zip(bars[1:-1], shown[1:-1], strict=True):
        change = number_of(words.words.replace("+", ""))
        low, high = sorted((level, level + change))
        off = max(abs(scale(bar.bottom) - low), abs(scale(bar.top) - high))
        if off > 0.5 + (pen if abs(change) > least else least):  # a step of few is as thick as can be seen
            yield words.words
        level += change
    last = shown[-1].words
    if level != number_of(last) or _denied(scale, bars[-1].top, last) or abs(bars[-1].bottom - foot) > NEAR:
        yield last


def _above(words: Words, bar: Shape) -> float:
    """How far words stand over a bar; those beside or under it are not meant."""
    is_over = abs(words.x - bar.x) < NEAR and words.y < bar.top
    return bar.top - words.y if is_over else float("inf")


def _of_survival(drawn: Drawn) -> Iterator[str]:
    """Every disc has its words in bold, and stands at the height of their percentage."""
    scale = drawn.upwards()
    said = sorted((each for each in drawn.texts if each.bold), key=lambda each: each.x)
    for disc, each in zip(sorted(drawn.discs, key=lambda disc: disc.x), said, strict=True):
        if _denied(scale, disc.y, SHARE.findall(each.words)[-1]):
            yield each.words


def _of_funnel(drawn: Drawn) -> Iterator[str]:
    """Bars are as long to each other as their counts."""
    bars = sorted(drawn.boxes, key=lambda each: each.y)
    counts = [next(each for each in drawn.beside(bar.y) if each.words[0].isdigit()) for bar in bars]
    longest = max(bars, key=lambda each: each.right)
    most = max(number_of(each.words) for each in counts)
    scale = _scale([(longest.left, 0.0), (longest.right, most)])
    for bar, count in zip(bars, counts, strict=True):
        if _denied(scale, bar.right, count.words):
            yield count.words


def _of_latest(drawn: Drawn, many: int) -> Iterator[str]:
    """The newest point of each line is its largest disc, and has words in bold at its right."""
    scale = drawn.upwards()
    for disc in sorted(drawn.discs, key=lambda disc: disc.left - disc.right)[:many]:
        bold = [each for each in drawn.texts if each.bold and each.x > disc.x and LATEST.search(each.words)]
        words = min(bold, key=lambda each: each.x).words
        if _denied(scale, disc.y, LATEST.findall(words)[0]):
            yield words
