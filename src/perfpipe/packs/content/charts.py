"""What each chart shows: which points, on which axis, with which ticks, gaps and bars."""

from __future__ import annotations

import math
from collections.abc import Iterable

from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period
from perfpipe.measures.words import UNIT_WORDS, capital
from perfpipe.packs.content.chart_words import Facts, alt_text, caption, line_labels, subtitle
from perfpipe.packs.models.chart import Axis, Bar, Chart, Gap, Point
from perfpipe.packs.models.pack import GroupTable
from perfpipe.packs.wording.sentences import MARKER_WORDS

FEWEST_MONTHS = 24  # charts start with the first figure, but are never shorter
GROUPS_FROM = 5  # a breakdown of so many groups is charted by group: four lines are the limit
TICK_EVERY, FEW_POINTS = 3, 12  # each of few points has its own tick
MARKS_WANTED = 8  # gridlines, at most about
SPARE = 0.3  # of a step, at least, between the highest figure and the end of the axis
NO_HEIGHT, LEAST_HEIGHT = 100.0, 4.0  # the axis without any figure, and with none but small ones
WHOLE = 105.0  # where the axis ends when a percentage comes near 100
WIDE_GAP = 6  # a gap of so many months has room for words


def chart_of(facts: Facts, points: tuple[Point, ...], groups: tuple[GroupTable, ...]) -> Chart:
    """The chart of a series: bars by group for a wide breakdown, columns for monthly counts, else a line.

    What has control limits is a line: its points are judged one after the other.
    """
    is_stock = facts.period is Period.MONTH_END and facts.measure.counts.unit is Unit.COUNT
    many = [table for table in groups if is_stock and len(table.rows) >= GROUPS_FROM]
    charted = _charted(points)
    kind = "groups" if many else "line"
    limited = any(point.lines for point in charted)
    if facts.period is Period.MONTH and facts.measure.counts.unit is Unit.COUNT and not many and not limited:
        kind = "columns"
    bars = _bars(many[0]) if many else ()
    plotted = [number for bar in bars for number in (bar.now, bar.before) if number is not None]
    table = many[0] if many else None
    return Chart(
        name=facts.name,
        kind=kind,
        title=facts.finding,
        subtitle=subtitle(facts, charted, table),
        caption=caption(facts, charted, kind),
        alt_text=alt_text(facts, charted, kind, table),
        axis=_axis(facts, kind, plotted if many else _heights(charted)),
        points=charted,
        ticks=_ticks(charted),
        gaps=_gaps(charted),
        target_label=f"Target: {charted[-1].target}" if charted[-1].target_band else "",
        line_labels=line_labels(charted[-1], facts.measure.counts.unit),
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
    percent = facts.measure.counts.unit is Unit.PERCENT
    label = capital(UNIT_WORDS[facts.measure.counts.unit].name)
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
    return f"{gap.label} {MARKER_WORDS[gap.label]}" if wide else gap.label


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
