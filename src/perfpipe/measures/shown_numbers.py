"""What a reader sees of a number, decided in one place: its exact value, its decimals, its rounding and its unit.

Packs, charts, the quarterly return and the mark of revised figures (`[r]`) all ask `shown_number`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeGuard

from perfpipe.measures.counts import PER, Unit
from perfpipe.measures.words import JUDGED, UNIT_WORDS, Status

MOST_DECIMALS = 4
SCALES = {Unit.PER_10_000: PER}
SAME_NUMBER = Fraction(1, 10**9)
MANY = 2**15  # numbers: those of a pack, each of which is asked for several times

Number = float | Decimal | Fraction


@dataclass(frozen=True)
class ShownNumber:
    """A value as it is shown: `41%`, `1,204`, `38.5 hours`; with how many decimals, and what it is exactly."""

    text: str
    decimals: int
    exact: Fraction  # proportions 0 to 1


def shown_number(
    value: float,
    numerator: float | None,
    denominator: float | None,
    unit: Unit,
    target: str = "",
    status: str = Status.NO_TARGET,
) -> ShownNumber:
    """What a reader sees of a figure. A target that it is judged by (`0.80`, `580..630`) can ask for more decimals."""
    exactly = value_of(value, numerator, denominator, unit)
    decimals = decimals_for(exactly, unit, target, status)
    return ShownNumber(show_value(exactly, unit, decimals), decimals, exactly)


@lru_cache(MANY, typed=True)
def exact(number: Number) -> Fraction:
    """A number as a fraction; a float is taken as it is written, 0.285 and not 0.284999."""
    return Fraction(repr(float(number))) if isinstance(number, float) else Fraction(number)


def exact_value(numerator: float, denominator: float | None) -> Fraction:
    """The unrounded value of a figure; without a denominator (None, NaN) that of a count."""
    top = exact(float(numerator))
    return top / exact(float(denominator)) if _known(denominator) else top


def value_of(value: float, numerator: float | None, denominator: float | None, unit: Unit) -> Fraction:
    """The exact value of a figure: its ratio, where the value is one; else the value itself, as it is written.

    Medians have no ratio, and a share that was estimated (survival) differs from it.
    """
    plain = exact(float(value))
    if not _known(numerator) or not _known(denominator) or not denominator:
        return plain
    ratio = exact_value(numerator, denominator) * SCALES.get(unit, 1)
    return ratio if abs(ratio - plain) <= SAME_NUMBER * (1 + abs(plain)) else plain


def _known(number: float | None) -> TypeGuard[float]:
    return number is not None and not math.isnan(number)


def target_ends(written: str) -> tuple[Decimal, Decimal]:
    """The two ends of a target as figures carry it; both the same unless it is a range (`580..630`)."""
    low, _, high = written.partition("..")
    return Decimal(low), Decimal(high or low)


def scaled(value: Number, unit: Unit) -> Fraction:
    """The value as it is displayed: a proportion becomes a percentage."""
    return exact(value) * (100 if unit is Unit.PERCENT else 1)


@lru_cache(MANY, typed=True)
def rounded(value: Number, unit: Unit, decimals: int) -> Decimal:
    """The displayed number, rounded half up (away from zero) in exact arithmetic."""
    shown = scaled(value, unit) * 10**decimals
    whole = (abs(shown) * 2 + 1) // 2
    return Decimal(int(whole) if shown >= 0 else -int(whole)).scaleb(-decimals)


def usual_decimals(value: Number, unit: Unit) -> int:
    """Percentages are shown whole; counts too, unless they are sums of parts (FTE); all else with one decimal."""
    if unit is Unit.PERCENT:
        return 0
    return 0 if unit is Unit.COUNT and rounded(value, unit, 1) % 1 == 0 else 1


def decimals_for(value: Number, unit: Unit, target: str, status: str) -> int:
    """How many decimals to show, so that the shown value never contradicts its status (definitions 7.2).

    79.96% against 80% shows as `79.96%`, not as 80%, when the target is missed.
    """
    usual = usual_decimals(value, unit)
    if status not in JUDGED or not target:
        return usual
    ends = [scaled(end, unit) for end in target_ends(target)]
    for decimals in range(usual, MOST_DECIMALS + 1):
        shown = Fraction(rounded(value, unit, decimals))
        if all(_same_side(shown, scaled(value, unit), end, status) for end in ends):
            return decimals
    return MOST_DECIMALS


def _same_side(shown: Fraction, value: Fraction, end: Fraction, status: str) -> bool:
    side, shown_side = _sign(value - end), _sign(shown - end)
    return shown_side == side or (status == Status.MET and shown_side == 0)


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def show_plain(value: Number, unit: Unit, decimals: int | None = None) -> str:
    """A value where its unit is said elsewhere: `41%`, `1,204`, `38.5`."""
    places = usual_decimals(value, unit) if decimals is None else decimals
    number = f"{rounded(value, unit, places):,.{places}f}"
    return with_unit(number, unit) if unit is Unit.PERCENT else number


def show_value(value: Number, unit: Unit, decimals: int | None = None) -> str:
    """A value for readers, with its usual decimals or as many as are given: `41%`, `1,204`, `12.5`, `38.5 hours`."""
    number = show_plain(value, unit, decimals)
    return number if unit is Unit.PERCENT else with_unit(number, unit)


def with_unit(number: str, unit: Unit) -> str:
    """A written number with what it is of: `41%`, `38.5 hours`, `1 hour`, `81.3 per 10,000`; a count as it is."""
    words = UNIT_WORDS[unit]
    return f"{number}{words.one if number == '1' else words.many}"


def show_difference(number: str, unit: Unit) -> str:
    """A written difference of two values: `9 percentage points`, `2.5 hours`, `25`."""
    words = UNIT_WORDS[unit]
    return f"{number}{words.difference_of_one if number == '1' else words.difference}"


def agreed(end: Decimal, unit: Unit) -> str:
    """One end of a target or a tolerance with the decimals it was agreed with and no more: `80`, `79.5`, `1,630`."""
    return f"{end * 100 if unit is Unit.PERCENT else end:,.{agreed_decimals(end, unit)}f}"


def agreed_decimals(end: Decimal, unit: Unit) -> int:
    """How many decimals that takes: 1 for 0.795 of a percentage, 0 for 80.0 cases."""
    shown = (end * 100 if unit is Unit.PERCENT else end).normalize()
    return max(-int(shown.as_tuple().exponent), 0)


def gap_to_target(exactly: Fraction, decimals: int, target: str, unit: Unit, status: str) -> Decimal:
    """How far a value is from its target, or from the end of its range that it is past: 0 on it, or inside.

    In the unit as displayed (percentage points). Worked out from the exact value at the decimals that are shown, or at
    those of the target where it has more; of a target that is not met at so many as it takes to see the gap, at most
    `MOST_DECIMALS`.
    """
    ends = target_ends(target)
    least = max(decimals, *(agreed_decimals(end, unit) for end in ends))
    low, high = (Decimal(100) * end if unit is Unit.PERCENT else end for end in ends)
    for places in range(least, max(least, MOST_DECIMALS) + 1):
        shown = rounded(exactly, unit, places)
        gap = max(low - shown, shown - high, Decimal(0))
        if gap or status == Status.MET:
            return gap
    return Decimal(0)
