"""What a page about a topic says of its figures, in the words of a sentence."""

from __future__ import annotations

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Measure
from perfpipe.measures.words import Movement, MovementBy, capital
from perfpipe.packs.content.pages.cells import counts_of
from perfpipe.packs.content.pages.levels import a_year_ago, against, undecided, with_counts
from perfpipe.packs.content.pages.signs import FEW_CASES, PROVISIONAL
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import paragraph
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.models.blocks import Manner, Paragraph
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.row import Row
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
    counts = counts_of(figure, measure)
    doubts = [counts] if counts and measure.counts.statistic is None else []
    doubts += [PROVISIONAL] if figure.provisional else []
    doubts += [FEW_CASES] if figure.low_base else []
    doubts += [figure.left_out.partition(":")[0]] if figure.left_out else []
    return figure.shown + (f" ({', '.join(doubts)})" if doubts else "")


def movement(row: Row) -> str:
    """What it has done, as far as tests allow it to be said: `better since January 2017`; empty where none was made."""
    if row.movement is Movement.NOT_TESTED:
        return f"change not tested: {row.movement_reason}" if row.movement_reason else ""
    if row.movement is Movement.NO_CLEAR_CHANGE:
        return "no clear change"
    if row.movement_by is MovementBy.YEAR:
        since = " than a year ago" if _is_a_year(row) else f" than in {month_name(row.year_month)}"
    else:
        since = f" since {month_name(row.movement_since)}" if row.movement_since else ""
    return f"{MOVED[row.movement]}{since}" + ("" if row.movement_is_sure else ", which could be chance")


def _is_a_year(row: Row) -> bool:
    return not row.year_month or Month.parse(row.month).index - Month.parse(row.year_month).index == 12


def standing(figures: TopicFigures, of: FigureOf) -> str:
    """A figure in its sentences: its size, against the target and since when, its direction, and a year ago."""
    if not figures.has(of):
        return ""
    subject = figures.subject(of)
    if subject.figure.value is None:
        reason = subject.figure.reason or MARKER_WORDS[subject.figure.marker]
        return f"{subject.measure.title}: no figure for {figures.month.label.replace(' ', SPACE)} ({reason})."
    time = when(of.period, figures.month.label.replace(" ", SPACE))
    said = ", ".join(filter(None, (f"{with_counts(subject)} {time}", against(subject))))
    why_not = f"{capital(undecided(subject))}." if undecided(subject) else ""
    return " ".join(filter(None, (f"{subject.measure.title}: {said}.", why_not, changed(subject))))


def changed(subject: Subject) -> str:
    """`Better since January 2017; a year ago 45%.`, `Worse than a year ago (86%).`; empty where nothing can be said."""
    if subject.figure.value is None:
        return ""
    row, then = subject.row, subject.year_ago
    if row.movement_by is MovementBy.YEAR and row.movement in MOVED and then.value is not None:
        before, comma, chance = movement(row).partition(",")
        return f"{capital(before)} ({then.shown}){comma}{chance}."
    more = "; ".join(filter(None, (movement(subject.row), a_year_ago(subject))))
    return f"{capital(more)}." if more else ""


def nothing_to_draw(figures: TopicFigures, of: FigureOf, what: str) -> Paragraph:
    """The sentence in place of a chart that would be empty."""
    figure = figures.figure(of)
    if figure.value is None:
        why = f" ({figure.reason})" if figure.reason else ""
        return paragraph(f"No chart of {what}: there is no figure for {figures.month.label}{why}.", Manner.NOTE)
    return paragraph(f"No chart of {what} yet: {figures.month.label} is its first figure.", Manner.NOTE)
