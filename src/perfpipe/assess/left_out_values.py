"""What a figure could be, had the records that faults keep out of it been there (definitions 2.6)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol

from perfpipe.measures.counts import PER
from perfpipe.measures.definition import Measure
from perfpipe.measures.shown_numbers import exact


class FigureRow(Protocol):
    """What is asked of a figure."""

    numerator: float
    denominator: float
    left_out: int
    left_out_of: int


def possible_values(row: FigureRow, measure: Measure) -> Sequence[Fraction]:
    """The value if none, and if all of the records left out met the measure, standing in the denominator both times.

    Of a count: without and with them. None where nothing is left out, and for a median, of which nothing is known."""
    counts = measure.counts
    if not row.left_out or counts.statistic is not None:
        return ()
    top, more = exact(row.numerator), row.left_out * _weight(row, measure)
    if counts.is_count:
        return (top, top + more)
    if counts.per_population:
        return (PER * top / exact(row.denominator), PER * (top + more) / exact(row.denominator))
    whole = exact(row.denominator) + more
    return (top / whole, (top + more) / whole)


def _weight(row: FigureRow, measure: Measure) -> Fraction:
    """What one record adds: 1, or where a column is summed, as much as those that count do on average."""
    there = row.left_out_of - row.left_out
    if not there or not (measure.counts.weight or measure.counts.numerator_weight):
        return Fraction(1)
    total: Fraction = exact(row.numerator if measure.counts.is_count else row.denominator)
    each: Fraction = total / there
    return each
