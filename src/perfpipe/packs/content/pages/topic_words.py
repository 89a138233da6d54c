"""What a page about a topic says of its figures, in the words of a sentence."""

from __future__ import annotations

from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Polarity
from perfpipe.measures.shown_numbers import show_value, target_ends
from perfpipe.measures.words import JUDGED, Movement, Status, capital
from perfpipe.packs.content.pages.texts import paragraph
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.models.blocks import Manner, Paragraph
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.row import Row
from perfpipe.packs.wording.numbers import show_counts, show_target
from perfpipe.packs.wording.sentences import MARKER_WORDS, when

SPACE = "\u00a0"  # keeps a number and what it is of on one line
MOVED = {
    Movement.BETTER: "better",
    Movement.WORSE: "worse",
    Movement.HIGHER: "higher",
    Movement.LOWER: "lower",
}


def month_name(month: str) -> str:
    """`2017-08` as `August 2017`, kept on one line."""
    return Month.parse(month).label.replace(" ", SPACE)


def level(figure: Figure, measure: Measure) -> str:
    """A figure with what is behind it: `47% (31 of 66, provisional)`; why there is none."""
    if figure.value is None:
        reason = f" ({figure.reason})" if figure.reason else ""
        return f"{MARKER_WORDS[figure.marker]}{reason}"
    counts = show_counts(figure.numerator, figure.denominator, measure.counts.counted_in, measure.counts.unit)
    doubts = [counts] if counts and measure.counts.statistic is None else []
    doubts += ["provisional"] if figure.provisional else []
    doubts += ["few cases"] if figure.low_base else []
    doubts += [figure.left_out] if figure.left_out else []
    return figure.shown + (f" ({', '.join(doubts)})" if doubts else "")


def target_name(row: Row, measure: Measure) -> str:
    """`the 60% target`; `the target of at most 18 cases`; `the planned 580 to 630`."""
    unit, polarity = measure.counts.unit, measure.shown.polarity
    shown = show_target(row.target, unit, polarity)
    if polarity is Polarity.RANGE_IS_BEST or len(set(target_ends(row.target))) > 1:
        return f"the planned {shown}"
    if unit is not Unit.PERCENT:
        return f"the target of {shown}"
    return f"the {shown.removeprefix('at least ').removeprefix('at most ')} target"


def against_target(row: Row, measure: Measure) -> str:
    """On which side of the target, and since when: `below the 60% target since October 2017`; empty unless judged."""
    if row.status not in JUDGED or row.value is None:
        return ""
    low = target_ends(row.target)[0]
    if row.status is Status.MET:
        sides = {Polarity.HIGHER_IS_BETTER: "at or above", Polarity.LOWER_IS_BETTER: "at or below"}
        side = sides.get(measure.shown.polarity, "within")
    else:
        side = "below" if row.value < float(low) else "above"
        side = f"just {side}" if row.status is Status.NEAR else side
    since = f" since {month_name(row.status_since)}" if row.status_since not in ("", row.month) else ""
    return f"{side} {target_name(row, measure)}{since}"


def movement(row: Row) -> str:
    """What it has done, as far as tests allow it to be said: `better since January 2017`; empty where none was made."""
    if row.movement is Movement.NOT_TESTED:
        return f"change not tested: {row.movement_reason}" if row.movement_reason else ""
    if row.movement is Movement.NO_CLEAR_CHANGE:
        return "no clear change"
    since = f" since {month_name(row.movement_since)}" if row.movement_since else ""
    return f"{MOVED[row.movement]}{since}" + ("" if row.movement_is_sure else ", which could be chance")


def year_ago(row: Row, measure: Measure) -> str:
    """`a year ago 45% (28 of 62)`; empty where there is nothing to compare with."""
    if row.year_value is None:
        return ""
    unit = measure.counts.unit
    apart = Month.parse(row.month).index - Month.parse(row.year_month).index if row.year_month else 12
    time = "a year ago" if apart == 12 else f"in {month_name(row.year_month)}"
    counts = "" if unit is Unit.COUNT else show_counts(
        row.year_numerator, row.year_denominator, measure.counts.counted_in, unit
    )  # fmt: skip
    shown = show_value(row.year_value, unit)
    return f"{time} {shown}" + (f" ({counts})" if counts and measure.counts.statistic is None else "")


def standing(figures: TopicFigures, of: FigureOf) -> str:
    """A figure in one sentence: its size, against the target and since when, its direction, and a year ago."""
    row, measure = figures.row(of), figures.measures.get(of.measure_id)
    if measure is None:
        return ""
    figure = figures.figure(of)
    time = when(of.period, figures.month.label.replace(" ", SPACE))
    if figure.value is None:
        return f"{measure.title}: {level(figure, measure)} {time}."
    parts = [f"{level(figure, measure)} {time}", against_target(row, measure)]
    said = ", ".join(filter(None, parts))
    more = capital("; ".join(filter(None, (movement(row), year_ago(row, measure)))))
    return f"{measure.title}: {said}." + (f" {more}." if more else "")


def nothing_to_draw(figures: TopicFigures, of: FigureOf, what: str) -> Paragraph:
    """The sentence in place of a chart that would be empty."""
    figure = figures.figure(of)
    if figure.value is None:
        why = f": {figure.reason}" if figure.reason else ""
        return paragraph(f"No chart of {what}: there is no figure for {figures.month.label}{why}.", Manner.NOTE)
    return paragraph(f"No chart of {what} yet: {figures.month.label} is its first figure.", Manner.NOTE)
