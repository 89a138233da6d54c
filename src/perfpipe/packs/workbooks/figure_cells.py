"""Figures in the cells of workbooks: real numbers with their markers, or the marker that says why there is none."""

from __future__ import annotations

from perfpipe.measures.counts import Unit
from perfpipe.measures.shown_numbers import usual_decimals
from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.wording.numbers import interval_decimals
from perfpipe.packs.workbooks.cells import CellEntry, Value
from perfpipe.packs.workbooks.looks import number_format


def value_entry(figure: Figure) -> Value:
    """A figure as a real number, its markers shown behind it; without a figure, the marker that says why."""
    if figure.value is None:
        return figure.marker
    marks = "".join(f" {mark}" for mark in figure.marks)
    return CellEntry(figure.value, number_format(figure.decimals, figure.percent) + (f'"{marks}"' if marks else ""))


def lone_entry(figure: Figure) -> Value:
    """The same where nothing stands beside it: on a low base in words, with counts and interval."""
    return figure.alone if figure.low_base or figure.left_out else value_entry(figure)


def counts_and_interval(figure: Figure) -> list[Value]:
    """Numerator, denominator, and both ends of the interval."""
    ends = number_format(interval_decimals(figure.percent), figure.percent)
    counts = [_part(figure, number, _count_format(number)) for number in (figure.numerator, figure.denominator)]
    return [*counts, *(_part(figure, number, ends) for number in (figure.lower, figure.upper))]


def _count_format(number: float | None) -> str:
    return "" if number is None else number_format(usual_decimals(number, Unit.COUNT), percent=False)


def _part(figure: Figure, number: float | None, shown: str) -> Value:
    return CellEntry(number, shown) if number is not None else figure.marker or NOTHING
