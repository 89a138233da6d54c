"""What a chart says in words: subtitle, caption, the names of its lines, and all of it for those who cannot see it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.shown_numbers import exact, show_plain
from perfpipe.measures.words import VARIATION_WORDS
from perfpipe.packs.models.chart import PROVISIONAL, REVISED, Point
from perfpipe.packs.models.pack import GroupTable
from perfpipe.packs.wording.numbers import listed
from perfpipe.packs.wording.sentences import MARKER_WORDS, PERIOD_TITLES
from perfpipe.packs.wording.signals import MARKS
from perfpipe.phrases.counted_nouns import count_of

MARK_WORDS = {mark: (VARIATION_WORDS[variation].icon, str(mark)) for variation, mark in MARKS.items()}


@dataclass(frozen=True)
class Facts:
    """What a chart says besides its points."""

    measure: Measure
    period: Period
    authority: str
    finding: str
    source: str
    name: str
    refused: str  # why the latest figures have no control limits


def subtitle(facts: Facts, points: tuple[Point, ...], table: GroupTable | None) -> str:
    """Of what, whose, and over which months; of bars by group, in which month beside which."""
    if table:
        times = f"{table.now_label} beside {table.before_label}"
        return f"{facts.measure.title}, {facts.authority}, {times}"
    times = f"{points[0].label} to {points[-1].label}"
    return f"{facts.measure.title}, {facts.authority}, {_period(facts)}, {times}"


def _period(facts: Facts) -> str:
    words = PERIOD_TITLES[facts.period]
    return f"{words[0].lower()}{words[1:]}"


def caption(facts: Facts, points: tuple[Point, ...], kind: str) -> str:
    """The source, and what every line, shade and marker of the chart means."""
    parts = [f"Source: {facts.source}."]
    if kind == "groups":
        return parts[0]
    intervals = [point.figure.low_base for point in points if point.interval] if kind == "line" else []
    parts += ["Shaded: 95% interval."] if False in intervals else []
    parts += ["Upright lines: 95% intervals on a low base."] if True in intervals else []
    parts += _of_lines(facts, points)
    if any(point.figure.provisional for point in points):
        parts.append(f"{PROVISIONAL} provisional, drawn hollow.")
    if any(point.figure.revised for point in points):
        parts.append(f"{REVISED} revised.")
    markers = sorted({point.figure.marker for point in points} - {""})
    parts += [f"{marker} {MARKER_WORDS[marker]}: a gap is not a zero." for marker in markers]
    return " ".join(parts)


def _of_lines(facts: Facts, points: tuple[Point, ...]) -> list[str]:
    """What the lines and the marked points of a control chart mean, or why there are none."""
    parts = []
    if any(point.lines for point in points):
        parts.append("Shaded: limits of normal variation.")
    if any(point.lines and point.lines.is_trial for point in points):
        parts.append("Trial limits are made from fewer than 12 figures.")
    seen = {point.mark for point in points}
    marks = [f"{icon}\u00a0{words}" for mark, (icon, words) in MARK_WORDS.items() if mark in seen]
    if marks:
        parts.append(f"Outside normal variation: {listed(marks)}.")
    if facts.refused and any(point.median is not None for point in points):
        parts.append(f"No control limits: {facts.refused}.")
    what = {True: "Limits are", False: "The median is"}
    parts += [
        f"{what[point.lines is not None]} recalculated from {point.label}: {point.rebased.rstrip('.')}."
        for point in points
        if point.rebased
    ]
    return parts


def _target_steps(points: tuple[Point, ...]) -> list[str]:
    """From which month on the chart draws which target, where it has more than one."""
    drawn = [point for point in points if point.target_band]
    before = [None, *(point.target for point in drawn)]
    steps = [point for point, was in zip(drawn, before, strict=False) if point.target != was]
    words = [f"{point.target} from {point.label}" for point in steps]
    return [f"Target {listed(words)}."] if len(words) > 1 else []


def alt_text(facts: Facts, points: tuple[Point, ...], kind: str, table: GroupTable | None) -> str:
    """What the chart shows, for those who cannot see it."""
    if table:
        groups = "; ".join(f"{row.label} {row.now.full} ({row.before.full})" for row in table.rows)
        times = f"at {table.now_label}, with {table.before_label} in brackets"
        return f"Bar chart. {facts.measure.title}, {facts.authority}, {times}: {groups}."
    shape = "Column chart" if kind == "columns" else "Line chart"
    there = [point for point in points if point.figure.plotted is not None]
    times = f"{points[0].label} to {points[-1].label}"
    where = f"{facts.measure.title}, {facts.authority}, {_period(facts)}, {times}"
    parts = [f"{shape}. {where}.", facts.finding]
    if there:
        highest = max(there, key=lambda point: point.figure.plotted or 0.0)
        lowest = min(there, key=lambda point: point.figure.plotted or 0.0)
        parts.append(f"Highest {highest.figure.full} in {highest.label}.")
        parts.append(f"Lowest {lowest.figure.full} in {lowest.label}.")
    parts += _target_steps(points)
    if points[-1].lines or points[-1].median is not None:
        labels = [f"{words[0].lower()}{words[1:]}" for _, words in line_labels(points[-1], facts.measure.counts.unit)]
        parts.append(f"Lines at {listed(labels)}.")
    outside = [point.label for point in points if point.mark]
    if outside:
        parts.append(f"Outside normal variation in {listed(outside)}.")
    if len(there) < len(points):
        parts.append(f"No figure in {count_of(len(points) - len(there), 'month')}.")
    return " ".join(parts)


def line_labels(last: Point, unit: Unit) -> tuple[tuple[float, str], ...]:
    """Names of the lines. A limit at the end of what a value can be limits nothing, and has none."""

    def label(words: str, height: float) -> tuple[float, str]:
        as_kept = exact(height) / (100 if unit is Unit.PERCENT else 1)
        return height, f"{words} {show_plain(as_kept, unit)}"

    if last.lines is None:
        return (label("Median", last.median),) if last.median is not None else ()
    limit = "Trial limit" if last.lines.is_trial else "Limit"
    most = 100.0 if unit is Unit.PERCENT else math.inf
    ends = [end for end in (last.lines.lower, last.lines.upper) if 0 < end < most]
    return (label("Mean", last.lines.mean), *(label(limit, end) for end in ends))
