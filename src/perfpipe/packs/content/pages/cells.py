"""The cells of a page's tables, made from figures: numbers, states, marks and second lines."""

from __future__ import annotations

from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure
from perfpipe.measures.words import MARKERS, State
from perfpipe.packs.content.pages.signs import good_is, movement_word, status_word
from perfpipe.packs.content.pages.sparklines import sparkline
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.models.blocks import SignedWord, TableCell
from perfpipe.packs.models.chart import INCOMPLETE, PROVISIONAL, REVISED, UNRELIABLE, Figure
from perfpipe.packs.wording.numbers import show_counts, show_target

STATES = {marker: state for state, marker in MARKERS.items()}
ALL_MARKS = (PROVISIONAL, REVISED, UNRELIABLE, INCOMPLETE)
BESIDE_STATUS = (REVISED,)  # what else is to be said stands under the status


def text_cell(text: str, below: str = "", *, link: str = "", strong: bool = False) -> TableCell:
    """A cell of words."""
    return TableCell(text, below, link=link, strong=strong)


def figure_cell(
    figure: Figure, below: str = "", *, marks: tuple[str, ...] = ALL_MARKS, strong: bool = False
) -> TableCell:
    """A figure with its number and key; one that is not there has its marker and state. `marks`: those to show."""
    shown = " ".join((figure.shown, *(mark for mark in figure.marks if mark in marks)))
    return TableCell(
        text=shown,
        below=below,
        number=figure.value,
        decimals=figure.decimals,
        percent=figure.percent,
        state=STATES.get(figure.marker, State.OK),
        key=figure.key,
        figure=figure,
        strong=strong,
    )


def counts_of(figure: Figure, measure: Measure) -> str:
    """What stands behind a figure: `31 of 66`; empty for counts and for what is not there."""
    if figure.value is None or measure.counts.unit is Unit.COUNT:
        return ""
    return show_counts(figure.numerator, figure.denominator, measure.counts.counted_in, measure.counts.unit)


def brief_counts(figure: Figure, measure: Measure) -> str:
    """The same in a narrow column, without what is counted: `46.5 of 281.3`."""
    return counts_of(figure, measure).removesuffix("FTE").removesuffix(measure.counts.counted_in).strip()


def signed_cell(signed: SignedWord, *, strong: bool = False) -> TableCell:
    """A word with its sign."""
    return TableCell(signed.word, signed.below, signed.sign, strong=strong)


def name_cell(subject: Subject) -> TableCell:
    """The measure's name, which way is good, and the way to its details."""
    return TableCell(subject.title, sign=good_is(subject.measure.shown.polarity), link=subject.measure.id)


def line_cell(subject: Subject) -> TableCell:
    """The last 24 months as a small line; words where there are too few for one."""
    line = sparkline(subject)
    return TableCell(text="" if line else "too few months", sparkline=line)


def latest_cell(subject: Subject) -> TableCell:
    """The newest figure over its counts, to stand in one row with its status."""
    below = brief_counts(subject.figure, subject.measure)
    return figure_cell(subject.figure, below, marks=BESIDE_STATUS, strong=True)


def year_ago_cell(subject: Subject) -> TableCell:
    """The figure a year earlier, or a window earlier where that is longer."""
    return figure_cell(subject.year_ago)


def target_cell(subject: Subject) -> TableCell:
    """The target in words, and how often it was met in the last 12 months."""
    row, measure = subject.row, subject.measure
    met = f"met {row.months_met} of {row.months_judged}" if row.months_judged else ""
    return TableCell(show_target(row.target, measure.counts.unit, measure.shown.polarity), met)


def status_cell(subject: Subject) -> TableCell:
    """The status."""
    return signed_cell(status_word(subject), strong=True)


def movement_cell(subject: Subject) -> TableCell:
    """What the measure has done."""
    return signed_cell(movement_word(subject))
