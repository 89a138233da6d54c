"""The part of a picture that has axes: months or values from left to right, values upwards, and labels beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from perfpipe.packs.charts.canvas import Canvas
from perfpipe.packs.charts.letters import width_of
from perfpipe.packs.charts.look import GRID, INK, LETTERS, SMALL, SOFT
from perfpipe.packs.charts.places import Box, Place, apart
from perfpipe.packs.models.chart import Axis

LINE_OF_TEXT = 12.5
BELOW = 18.0  # points for the labels of months
BESIDE = 6.0
CLOSE = 4.0  # a label so near to its line needs no leader


class SideLabel(NamedTuple):
    """What stands beside the right end of a plot: at which value it belongs, and in which look."""

    value: float
    words: str
    colour: str = INK
    bold: bool = False


@dataclass(frozen=True)
class Plot:
    """Where values and places are on the canvas. `count`: so many months or steps stand in its width."""

    canvas: Canvas
    box: Box
    axis: Axis
    count: int

    def x(self, place: float) -> float:
        """Where a month or step has its middle."""
        return self.box.left + (place + 0.5) / max(self.count, 1) * (self.box.right - self.box.left)

    def y(self, value: float) -> float:
        """The height of a value; what lies outside the axis stands at its edge."""
        span = (self.axis.top - self.axis.bottom) or 1
        share = min(max((value - self.axis.bottom) / span, 0), 1)
        return self.box.bottom - share * (self.box.bottom - self.box.top)

    def draw_axes(self, ticks: Sequence[tuple[int, str]], *, numbers: bool = True) -> None:
        """Gridlines with their numbers, the axis below, and the ticks that have room for their labels."""
        canvas, box = self.canvas, self.box
        for mark in self.axis.marks:
            y = self.y(mark)
            if mark != self.axis.bottom:
                canvas.line(((box.left, y), (box.right, y)), GRID)
            if numbers:
                canvas.words(box.left - 4, y, number(mark, self.axis), size=SMALL, colour=SOFT, side="right")
        canvas.line(((box.left, box.bottom), (box.right, box.bottom)), SOFT)
        self._draw_ticks(ticks)

    def _draw_ticks(self, ticks: Sequence[tuple[int, str]]) -> None:
        end = float("-inf")
        for place, words in ticks:
            label = words.replace("\n", " ")
            x, wide = self.x(place), width_of(label, SMALL)
            left = min(max(x - wide / 2, 0), self.canvas.width - wide)
            if left < end:
                continue
            self.canvas.line(((x, self.box.bottom), (x, self.box.bottom + 2.5)), SOFT)
            self.canvas.words(left, self.box.bottom + 10, label, size=SMALL, colour=SOFT)
            end = left + wide + 5

    def runs(self, values: Sequence[float | None]) -> list[list[Place]]:
        """The line through values: as many lines as gaps leave."""
        runs: list[list[Place]] = [[]]
        for place, value in enumerate(values):
            if value is None:
                runs.append([])
            else:
                runs[-1].append((self.x(place), self.y(value)))
        return [run for run in runs if run]

    def steps(self, values: Sequence[float | None]) -> list[list[Place]]:
        """A value in force in each month, as a line with a step where it changes."""
        runs: list[list[Place]] = [[]]
        for place, value in enumerate(values):
            if value is None:
                runs.append([])
            else:
                runs[-1] += [(self.x(place + edge), self.y(value)) for edge in (-0.5, 0.5)]
        return [run for run in runs if run]

    def draw_beside(self, labels: Sequence[SideLabel]) -> None:
        """Labels at the right end, each at its value, none over another; a leader to what moved far."""
        room = self.canvas.width - self.box.right - BESIDE
        parts = [(label, wrapped(label.words, room, bold=label.bold)) for label in labels if label.words]
        parts.sort(key=lambda part: (part[0].value, not part[0].bold))
        wanted = [-self.y(label.value) for label, _ in parts]
        sizes = [len(lines) * LINE_OF_TEXT for _, lines in parts]
        # half a line more at both ends than the axis has, that a label at 0 or 100% stands beside it
        heights = apart(wanted, sizes, -self.box.bottom, -self.box.top + LINE_OF_TEXT / 4)
        for (label, lines), want, height, size in zip(parts, wanted, heights, sizes, strict=True):
            if abs(want - height) > CLOSE + (size - LINE_OF_TEXT) / 2:
                edge = self.box.right + BESIDE - 2
                self.canvas.lead((self.box.right + 0.5, -want), (edge, -height))
            for row, line in enumerate(lines):
                at = -height - size / 2 + (row + 0.5) * LINE_OF_TEXT
                self.canvas.words(self.box.right + BESIDE, at, line, colour=label.colour, bold=label.bold, size=LETTERS)


def number(value: float, axis: Axis) -> str:
    """The number of a gridline; only the highest has the sign of a percentage."""
    sign = "%" if axis.percent and value == max(axis.marks) else ""
    return f"{value:,.10g}{sign}".replace("-", "\u2212")


def room_for_numbers(axis: Axis) -> float:
    """How wide the numbers of an axis are, with the space to it."""
    return max((width_of(number(mark, axis), SMALL) for mark in axis.marks), default=0) + 5


def wrapped(words: str, room: float, *, size: float = LETTERS, bold: bool = False) -> list[str]:
    """The words in lines that are no wider than the room, but for a word that is."""
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def names_of_rows(
    labels: Sequence[str], wide: float, height: float, *, bold: bool = False
) -> tuple[list[list[str]], float]:
    """The names of rows in as many lines as a row has room for, wider and in smaller letters where it must be."""
    for share, size in ((0.42, LETTERS), (0.42, SMALL), (0.5, SMALL), (0.6, SMALL)):
        names = [wrapped(label, wide * share, size=size, bold=bold) for label in labels]
        if max(map(len, names), default=0) * (LINE_OF_TEXT - 1) <= height:
            break
    return names, size


def widest(words: Sequence[str], size: float = LETTERS, *, bold: bool = False) -> float:
    """How wide the widest of some words is."""
    return max((width_of(each, size, bold=bold) for each in words), default=0)
