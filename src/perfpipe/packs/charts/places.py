"""Where words stand on a picture: beside what they are about, and over nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

Place = tuple[float, float]
EDGE = 1.5  # points of white around words


class Box(NamedTuple):
    """A rectangle on a picture."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass
class Taken:
    """What is on a picture already: lines through places, and rectangles."""

    lines: list[Sequence[Place]] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    shades: list[tuple[Box, str]] = field(default_factory=list)  # and their colours

    def ground(self, box: Box, plain: str) -> str:
        """The colour of what words stand on, `plain` outside all shades; empty over the edge of one."""
        over = [(shade, colour) for shade, colour in self.shades if _overlap(box, shade)]
        if not over:
            return plain
        shade, colour = over[-1]
        return colour if _inside(box, shade) else ""

    def hits(self, box: Box) -> int:
        """How much of it a rectangle would lie over."""
        wide = Box(box.left - EDGE, box.top - EDGE, box.right + EDGE, box.bottom + EDGE)
        crossed = sum(_crosses(start, end, wide) for line in self.lines for start, end in pairwise(line))
        return crossed + 5 * sum(_overlap(wide, each) for each in self.boxes)

    def best(self, size: Place, wanted: Iterable[Place], within: Box) -> Box:
        """Of the places wanted for a rectangle's middle left, best first, the first that is free or the freest."""
        boxes = [Box(x, y - size[1] / 2, x + size[0], y + size[1] / 2) for x, y in wanted]
        inside = [box for box in boxes if _inside(box, within)] or [_moved_into(box, within) for box in boxes]
        box = min(inside, key=self.hits)
        self.boxes.append(box)
        return box


def _inside(box: Box, within: Box) -> bool:
    return (
        box.left >= within.left and box.right <= within.right and box.top >= within.top and box.bottom <= within.bottom
    )


def _moved_into(box: Box, within: Box) -> Box:
    across = max(min(box.left, within.right - (box.right - box.left)), within.left) - box.left
    down = max(min(box.top, within.bottom - (box.bottom - box.top)), within.top) - box.top
    return Box(box.left + across, box.top + down, box.right + across, box.bottom + down)


def _overlap(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _crosses(start: Place, end: Place, box: Box) -> bool:
    """Whether a line from place to place has a part in a rectangle (Liang and Barsky)."""
    first, last = 0.0, 1.0
    for at, way, low, high in (
        (start[0], end[0] - start[0], box.left, box.right),
        (start[1], end[1] - start[1], box.top, box.bottom),
    ):
        if way == 0:
            if not low <= at <= high:
                return False
            continue
        entry, leave = sorted(((low - at) / way, (high - at) / way))
        first, last = max(first, entry), min(last, leave)
    return first <= last


def apart(wanted: list[float], sizes: list[float], bottom: float, top: float) -> list[float]:
    """Where labels stand, given where each would like its middle, lowest first: never over another.

    They are moved up no more than is needed, and then down again from the top of the chart.
    """
    middles = list(wanted)
    for place, size in enumerate(sizes):
        least = bottom if place == 0 else middles[place - 1] + (sizes[place - 1] + size) / 2
        middles[place] = max(middles[place], least)
    for place in reversed(range(len(middles))):
        above = place + 1
        most = top if above == len(middles) else middles[above] - (sizes[above] + sizes[place]) / 2
        middles[place] = min(middles[place], most)
    return middles
