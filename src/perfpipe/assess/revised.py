"""Revised: whether a figure differs from what its audience saw of it last (definitions 7.8)."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from perfpipe.measures.counts import Unit
from perfpipe.measures.shown_numbers import rounded, value_of


class FigureNow(NamedTuple):
    """What is compared of a figure: its state and status, and the numbers that it is shown by."""

    state: str
    status: str
    value: float | None
    numerator: float | None
    denominator: float | None
    unit: str


class SeenFigure(NamedTuple):
    """What an audience saw: state and status (empty where an older pack does not say), and the number, if any."""

    state: str
    status: str
    number: str


def is_revised(now: FigureNow, seen: SeenFigure) -> bool:
    """Whether state or status differ, or the number at the decimals that were shown then. Words never do."""
    if now.state != seen.state or (seen.status and now.status != seen.status):
        return True
    if not seen.number:
        return False
    number = Decimal(seen.number)
    assert now.value is not None
    return number_at(number, now.value, now.numerator, now.denominator, Unit(now.unit)) != number


def number_at(seen: Decimal, value: float, numerator: float | None, denominator: float | None, unit: Unit) -> Decimal:
    """The number of a figure at as many decimals as one that was seen."""
    return rounded(value_of(value, numerator, denominator, unit), unit, -int(seen.as_tuple().exponent))
