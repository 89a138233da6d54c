"""What each chart shows: which points, its axis, gaps, labels and the words for those who cannot see it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from perfpipe.measures.definition import Measure, Period, Unit
from perfpipe.packs.models.chart import Axis, Bar, Chart, Gap, Point
from perfpipe.packs.models.pack import GroupTable
from perfpipe.packs.wording import signals
from perfpipe.packs.wording.numbers import MARKERS, STATES, count_of, listed, usual_decimals
from perfpipe.packs.wording.sentences import PERIOD_TITLES

FEWEST_MONTHS = 24  # charts start with the first figure, but are never shorter
GROUPS_FROM = 5  # a breakdown of so many groups is charted by group: four lines are the limit
TICK_EVERY, FEW_POINTS = 3, 12  # each of few points has its own tick
MARKS_WANTED = 8  # gridlines, at most about
SPARE = 0.3  # of a step, at least, between the highest figure and the end of the axis
NO_HEIGHT, LEAST_HEIGHT = 100.0, 4.0  # the axis without any figure, and with none but small ones
WHOLE = 105.0  # where the axis ends when a percentage comes near 100
WIDE_GAP = 6  # a gap of so many months has room for words
AXIS_LABELS = {
    Unit.PERCENT: "Percentage",
    Unit.COUNT: "Number",
    Unit.HOURS: "Hours",
    Unit.PER_10_000: "Per 10,000 children",
    Unit.CASES: "Cases for each full-time equivalent",
}
SIGNAL_MARKS = (
    (("improvement", None), signals.ICONS["improvement"], "improvement"),
    (("concern", None), signals.ICONS["concern"], "concern"),
    (("neutral", True), signals.ICONS["neutral_high"], "high"),
    (("neutral", False), signals.ICONS["neutral_low"], "low"),
)
MARKER_MEANINGS = {MARKERS[state]: words for state, words in STATES.items()}


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


def chart_of(facts: Facts, points: tuple[Point, ...], groups: tuple[GroupTable, ...]) -> Chart:
    """The chart of a series: bars by group for a wide breakdown, columns for monthly counts, else a line.

    What has control limits is a line: its points are judged one after the other.
    """
    is_stock = facts.period is Period.MONTH_END and facts.measure.unit is Unit.COUNT
    many = [table for table in groups if is_stock and len(table.rows) >= GROUPS_FROM]
    charted = _charted(points)
    kind = "groups" if many else "line"
    limited = any(point.lines for point in charted)
    if facts.period is Period.MONTH and facts.measure.unit is Unit.COUNT and not many and not limited:
        kind = "columns"
    bars = _bars(many[0]) if many else ()
    plotted = [number for bar in bars for number in (bar.now, bar.before) if number is not None]
    table = many[0] if many else None
    return Chart(
        name=facts.name,
        kind=kind,
        title=facts.finding,
        subtitle=_subtitle(facts, charted, table),
        caption=_caption(facts, charted, kind),
        alt_text=_alt_text(facts, charted, kind, table),
        axis=_axis(facts, kind, plotted if many else _heights(charted)),
        points=charted,
        ticks=_ticks(charted),
        gaps=_gaps(charted),
        target_label=f"Target: {charted[-1].target}" if charted[-1].target_band else "",
        line_labels=_line_labels(charted[-1], facts.measure.unit),
        bars=bars,
        now_label=table.now_label if table else "",
        before_label=table.before_label if table else "",
    )


def _charted(points: tuple[Point, ...]) -> tuple[Point, ...]:
    first = next((n for n, point in enumerate(points) if point.figure.value is not None), len(points))
    return points[min(first, max(len(points) - FEWEST_MONTHS, 0)) :]


def _heights(points: Iterable[Point]) -> list[float]:
    heights: list[float] = []
    for point in points:
        if point.figure.plotted is not None:
            heights.append(point.figure.plotted)
            heights += point.interval or ()
        heights += point.target_band or ()
        heights += (point.lines.lower, point.lines.upper) if point.lines else ()
    return heights


def _axis(facts: Facts, kind: str, heights: list[float]) -> Axis:
    percent = facts.measure.unit is Unit.PERCENT
    label = AXIS_LABELS[facts.measure.unit]
    highest, lowest = max(heights, default=NO_HEIGHT), min(heights, default=0.0)
    from_zero = percent or kind != "line" or lowest <= highest / 2
    spread = max(highest, LEAST_HEIGHT) if from_zero else highest - lowest
    step = _round_step(spread / MARKS_WANTED)
    bottom = 0.0 if from_zero else (math.floor(lowest / step - SPARE)) * step
    top = math.ceil(max(highest, LEAST_HEIGHT) / step + SPARE) * step
    marks = [bottom + step * number for number in range(round((top - bottom) / step) + 1)]
    if percent and highest <= 100:
        marks = [mark for mark in marks if mark <= 100]
        top = min(top, WHOLE)
    if bottom:
        label = f"{label} (the axis starts at {bottom:,g}, not at 0)"
    return Axis(bottom, top, tuple(marks), label, percent)


def _round_step(step: float) -> float:
    """The next step of an axis that is easy to read: 1, 2, 5, 10, 20, 50 and so on."""
    power = 10 ** math.floor(math.log10(max(step, 1.0)))
    return float(next(easy * power for easy in (1, 2, 5, 10) if easy * power >= step))


def _ticks(points: tuple[Point, ...]) -> tuple[tuple[int, str], ...]:
    every = 1 if len(points) <= FEW_POINTS else TICK_EVERY
    places = range((len(points) - 1) % every, len(points), every)
    return tuple((place, points[place].label.replace(" ", "\n")) for place in places)


def _gaps(points: tuple[Point, ...]) -> tuple[Gap, ...]:
    gaps: list[Gap] = []
    for place, point in enumerate(points):
        marker = point.figure.marker
        if not marker:
            continue
        if gaps and gaps[-1].last == place - 1 and gaps[-1].label == marker:
            gaps[-1] = Gap(gaps[-1].first, place, marker)
        else:
            gaps.append(Gap(place, place, marker))
    return tuple(Gap(gap.first, gap.last, _gap_label(gap)) for gap in gaps)


def _gap_label(gap: Gap) -> str:
    wide = gap.last - gap.first + 1 >= WIDE_GAP
    return f"{gap.label} {MARKER_MEANINGS[gap.label]}" if wide else gap.label


def _line_labels(last: Point, unit: Unit) -> tuple[tuple[float, str], ...]:
    """Names of the lines. A limit at the end of what a value can be limits nothing, and has none."""

    def label(words: str, height: float) -> tuple[float, str]:
        as_kept = height / 100 if unit is Unit.PERCENT else height
        number = f"{height:,.{usual_decimals(as_kept, unit)}f}"
        return height, f"{words} {number}{'%' if unit is Unit.PERCENT else ''}"

    if last.lines is None:
        return (label("Median", last.median),) if last.median is not None else ()
    limit = "Trial limit" if last.lines.is_trial else "Limit"
    most = 100.0 if unit is Unit.PERCENT else math.inf
    ends = [end for end in (last.lines.lower, last.lines.upper) if 0 < end < most]
    return (label("Mean", last.lines.mean), *(label(limit, end) for end in ends))


def _bars(table: GroupTable) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            row.label,
            row.now.plotted,
            row.now.alone,
            row.before.plotted,
            row.before.alone,
        )
        for row in table.rows
    )


def _subtitle(facts: Facts, points: tuple[Point, ...], table: GroupTable | None) -> str:
    if table:
        times = f"{table.now_label} beside {table.before_label}"
        return f"{facts.measure.title}, {facts.authority}, {times}"
    times = f"{points[0].label} to {points[-1].label}"
    return f"{facts.measure.title}, {facts.authority}, {_period(facts)}, {times}"


def _period(facts: Facts) -> str:
    words = PERIOD_TITLES[facts.period]
    return f"{words[0].lower()}{words[1:]}"


def _caption(facts: Facts, points: tuple[Point, ...], kind: str) -> str:
    parts = [f"Source: {facts.source}."]
    if kind == "groups":
        return parts[0]
    intervals = [point.figure.low_base for point in points if point.interval] if kind == "line" else []
    parts += ["Shaded: 95% interval."] if False in intervals else []
    parts += ["Upright lines: 95% intervals on a low base."] if True in intervals else []
    parts += _of_lines(facts, points)
    if any(point.figure.provisional for point in points):
        parts.append("[p] provisional, drawn hollow.")
    if any(point.figure.revised for point in points):
        parts.append("[r] revised.")
    markers = sorted({point.figure.marker for point in points} - {""})
    parts += [f"{marker} {MARKER_MEANINGS[marker]}: a gap is not a zero." for marker in markers]
    return " ".join(parts)


def _of_lines(facts: Facts, points: tuple[Point, ...]) -> list[str]:
    """What the lines and the marked points of a control chart mean, or why there are none."""
    parts = []
    if any(point.lines for point in points):
        parts.append("Dashed: limits of normal variation.")
    if any(point.lines and point.lines.is_trial for point in points):
        parts.append("Trial limits are made from fewer than 12 figures.")
    seen = {(point.signal, point.is_high if point.signal == "neutral" else None) for point in points if point.signal}
    marks = [f"{icon}\u00a0{words}" for key, icon, words in SIGNAL_MARKS if key in seen]
    if marks:
        parts.append(f"Outside normal variation: {listed(marks)}.")
    if facts.refused and any(point.median is not None for point in points):
        parts.append(f"No control limits: {facts.refused}.")
    what = {True: "Limits are", False: "The median is"}
    parts += [
        f"{what[point.lines is not None]} made anew from {point.label}: {point.rebased.rstrip('.')}."
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


def _alt_text(facts: Facts, points: tuple[Point, ...], kind: str, table: GroupTable | None) -> str:
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
        labels = [f"{words[0].lower()}{words[1:]}" for _, words in _line_labels(points[-1], facts.measure.unit)]
        parts.append(f"Lines at {listed(labels)}.")
    outside = [point.label for point in points if point.signal]
    if outside:
        parts.append(f"Outside normal variation in {listed(outside)}.")
    if len(there) < len(points):
        parts.append(f"No figure in {count_of(len(points) - len(there), 'month')}.")
    return " ".join(parts)
