"""The drawings of the pages about topics: lines side by side, a control line, values as dots."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.shown_numbers import show_plain
from perfpipe.measures.words import UNIT_WORDS, Movement, capital
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_words import MOVED, month_name, movement
from perfpipe.packs.models.blocks import FigureKey
from perfpipe.packs.models.chart import PROVISIONAL, Axis, Figure, Mark, Point
from perfpipe.packs.models.drawings import ControlLine, PanelLine, Panels, Tone
from perfpipe.packs.models.pack import Series
from perfpipe.packs.wording.numbers import short_month

LINES = 3  # gridlines, about
MOST_LINES = 7
WIDE = 184.0  # mm, the width of the text
SIGNALS = {
    Mark.IMPROVEMENT: "Diamonds: better than chance explains",
    Mark.CONCERN: "Squares: worse than chance explains",
    Mark.HIGH: "Triangles up: higher than chance explains",
    Mark.LOW: "Triangles down: lower than chance explains",
}
TONES = {Movement.BETTER: Tone.BETTER, Movement.WORSE: Tone.WORSE}


@dataclass(frozen=True)
class TopicLine:
    """One line among several: which figures, under which title, and whether the area under it is filled."""

    of: FigureOf
    title: str
    filled: bool = False


def axis_for(heights: Iterable[float], unit: Unit) -> Axis:
    """An axis from zero with three or four gridlines that are easy to read, and none above 100%."""
    highest = max(heights, default=0.0)
    percent = unit is Unit.PERCENT
    step = _easy_step(max(highest, 1.0) / LINES)
    top = max(math.ceil(highest / step), 1) * step
    if percent:
        top = max(min(top, 100.0), highest)
    marks = tuple(step * number for number in range(int(top / step + 1e-9) + 1))
    return Axis(0.0, top, marks, capital(UNIT_WORDS[unit].name), percent)


def _easy_step(step: float) -> float:
    power = 10 ** math.floor(math.log10(step))
    return float(next(easy * power for easy in (1, 2, 2.5, 5, 10) if easy * power >= step))


def year_ticks(months: Sequence[Month]) -> tuple[tuple[int, str], ...]:
    """The first and the last month by their years where panels are small."""
    first, last = months[0], months[-1]
    return ((0, str(first.year)), (len(months) - 1, str(last.year))) if first.year != last.year else (
        (0, short_month(str(first))), (len(months) - 1, short_month(str(last))),
    )  # fmt: skip


def marked(figure: Figure) -> str:
    """A figure with its marks, without what they are about: `47% [p]`; what is not there is its marker."""
    return " ".join((figure.shown, *figure.marks)) if figure.value is not None else figure.shown


def latest_label(figure: Figure) -> str:
    """What stands beside the last point: `47%`, `47% [p]` while it is provisional, or why it is not there."""
    return f"{figure.shown} {PROVISIONAL}" if figure.provisional and figure.value is not None else figure.shown


def since_first(figures: TopicFigures, drawn: Sequence[TopicLine], months: Sequence[Month]) -> Sequence[Month]:
    """The months from the first in which any of the lines has a figure."""
    known = [any(figures.figure(each.of, month).value is not None for each in drawn) for month in months]
    return months[known.index(True) :] if True in known else months


def moved(figures: TopicFigures, drawn: Sequence[TopicLine], otherwise: str) -> str:
    """The finding about lines side by side: which are better or worse, that none is, or `otherwise`, if untested."""
    rows = [(each.title, figures.row(each.of)) for each in drawn]
    told = [f"{title} {movement(row)}" for title, row in rows if row.movement in TONES]
    if told:
        return "; ".join(told)
    tested = any(row.movement is not Movement.NOT_TESTED for _, row in rows)
    return f"{otherwise}: no clear change" if tested else otherwise


def panels_of(figures: TopicFigures, drawn: Sequence[TopicLine], months: Sequence[Month]) -> Panels:
    """Lines on one scale, those that have enough figures."""
    lines = [_panel(figures, each, months) for each in drawn if figures.is_a_line(each.of, months)]
    heights = [each for line in lines for each in (*line.values, *line.targets) if each is not None]
    unit = figures.measure(drawn[0].of).counts.unit
    return Panels(axis_for(heights, unit), tuple(lines), year_ticks(months))


def _panel(figures: TopicFigures, drawn: TopicLine, months: Sequence[Month]) -> PanelLine:
    targets = figures.targets(drawn.of, months)
    unit = figures.measure(drawn.of).counts.unit
    return PanelLine(
        title=drawn.title,
        values=figures.values(drawn.of, months),
        targets=targets,
        first="",
        latest=latest_label(figures.figure(drawn.of, months[-1])),
        target="" if targets[-1] is None else f"target {shown_height(targets[-1], unit)}",
        filled=drawn.filled,
    )


def shown_height(height: float, unit: Unit) -> str:
    """A height of a drawing as it is read: 60.0 as `60%`, 17.5 cases as `17.5`."""
    if unit is Unit.PERCENT:
        return f"{height:g}%"
    return show_plain(height, unit, 0 if height == int(height) else 1)


def told(figures: TopicFigures, of: FigureOf, months: Sequence[Month]) -> str:
    """A line in words: the report month, each year before it, and the first month."""
    places = sorted({0, *range(len(months) - 1, -1, -12)})
    return ", ".join(
        f"{short_month(str(months[place]))} {marked(figures.figure(of, months[place]))}" for place in places
    )


def told_panels(figures: TopicFigures, drawn: Sequence[TopicLine], months: Sequence[Month]) -> str:
    """Every line in words, the long description of panels."""
    return " ".join(f"{each.title}: {told(figures, each.of, months)}." for each in drawn)


def keys_of(figures: TopicFigures, drawn: Sequence[TopicLine], months: Sequence[Month]) -> tuple[FigureKey, ...]:
    """The keys of all that panels show."""
    return tuple(key for each in drawn for key in figures.keys(each.of, months))


def control_line(figures: TopicFigures, of: FigureOf, series: Series) -> ControlLine:
    """The months of a measure with target, mean or median, and what its last points have done."""
    row, unit = figures.row(of), figures.measure(of).counts.unit
    chart, last = series.chart, series.chart.points[-1]
    since = next((place for place, point in enumerate(chart.points) if point.month == row.movement_since), None)
    said = row.movement in MOVED and row.movement_since != ""
    return ControlLine(
        axis=_few_lines(chart.axis),
        points=chart.points,
        ticks=_few(chart.ticks),
        gaps=chart.gaps,
        latest=f"{figures.month.label.split()[0]} {latest_label(last.figure)}",
        target=_target(last, unit),
        middle=_middle(last, unit),
        band="expected range" if last.lines else "",
        remark=f"{MOVED[row.movement]} since {month_name(row.movement_since)}" if said else "",
        remark_from=since if said else None,
        tone=TONES.get(row.movement, Tone.FOCUS),
    )


def key_to_signals(points: Sequence[Point]) -> str:
    """What the marked points of a control line are: `Diamonds: better than chance explains.`; empty without any."""
    found = {point.mark for point in points if point.mark}
    return "".join(f". {words}" for mark, words in SIGNALS.items() if mark in found)


def _few(ticks: tuple[tuple[int, str], ...]) -> tuple[tuple[int, str], ...]:
    """Every other tick, so that they stand apart, the last one among them."""
    chosen = ticks[::-1][:: 2 if len(ticks) > LINES * 2 else 1][::-1]
    return tuple((place, label.replace("\n", " ")) for place, label in chosen)


def _few_lines(axis: Axis) -> Axis:
    """Every other gridline where there are many: such a picture is low."""
    return replace(axis, marks=axis.marks[::2]) if len(axis.marks) > MOST_LINES else axis


def _target(point: Point, unit: Unit) -> str:
    low, high = point.target_band or (None, None)
    return f"target {shown_height(low, unit)}" if low is not None and low == high else ""


def _middle(point: Point, unit: Unit) -> str:
    if point.lines:
        return f"average {shown_height(round(point.lines.mean), unit)}"
    return "" if point.median is None else f"median {shown_height(round(point.median), unit)}"
