"""Numbers as readers see them: exact rounding half up, markers, targets and intervals."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from perfpipe.measures.definition import Polarity, Unit
from perfpipe.plan import target_ends

MARKERS = {"not_available": "[x]", "not_applicable": "[z]", "suppressed": "[c]"}
STATES = {"not_available": "not available", "not_applicable": "not applicable", "suppressed": "suppressed"}
STATUSES = {
    "met": "Met",
    "near": "Near",
    "missed": "Missed",
    "no_target": "No target",
    "no_data": "No data",
}
GOOD_IS = {
    Polarity.HIGHER_IS_BETTER: "High",
    Polarity.LOWER_IS_BETTER: "Low",
    Polarity.RANGE_IS_BEST: "In a range",
    Polarity.NEITHER: "Neither",
}
MOST_DECIMALS = 4

Number = float | Decimal | Fraction


def exact(number: Number) -> Fraction:
    """A number as a fraction; a float is taken as it is written, 0.285 and not 0.284999."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def ratio(numerator: float, denominator: float) -> Fraction:
    """Numerator over denominator, exactly."""
    return exact(numerator) / exact(denominator)


def scaled(value: Number, unit: Unit) -> Fraction:
    """The value as it is displayed: a proportion becomes a percentage."""
    return exact(value) * (100 if unit is Unit.PERCENT else 1)


def rounded(value: Number, unit: Unit, decimals: int) -> Decimal:
    """The displayed number, rounded half up (away from zero) in exact arithmetic."""
    shown = scaled(value, unit) * 10**decimals
    whole = (abs(shown) * 2 + 1) // 2
    return Decimal(int(whole) if shown >= 0 else -int(whole)).scaleb(-decimals)


def usual_decimals(value: Number, unit: Unit) -> int:
    """Percentages are shown whole; counts too, unless they are sums of parts (FTE): then one decimal."""
    return 0 if unit is Unit.PERCENT or rounded(value, unit, 1) % 1 == 0 else 1


def show_value(value: Number, unit: Unit, decimals: int | None = None) -> str:
    """A value for readers: `41%`, `1,204`, `12.5`."""
    places = usual_decimals(value, unit) if decimals is None else decimals
    number = f"{rounded(value, unit, places):,.{places}f}"
    return f"{number}%" if unit is Unit.PERCENT else number


def decimals_for(value: Number, unit: Unit, target: str, status: str) -> int:
    """How many decimals to show, so that the shown value never contradicts its status (ruling 7).

    79.96% against 80% shows as `79.96%`, not as 80%, when the target is missed.
    """
    usual = usual_decimals(value, unit)
    if status not in ("met", "near", "missed") or not target:
        return usual
    ends = [scaled(end, unit) for end in target_ends(target)]
    for decimals in range(usual, MOST_DECIMALS + 1):
        shown = Fraction(rounded(value, unit, decimals))
        if all(_same_side(shown, scaled(value, unit), end, status) for end in ends):
            return decimals
    return MOST_DECIMALS


def _same_side(shown: Fraction, value: Fraction, end: Fraction, status: str) -> bool:
    side, shown_side = _sign(value - end), _sign(shown - end)
    return shown_side == side or (status == "met" and shown_side == 0)


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def show_end(end: Decimal, unit: Unit) -> str:
    """One end of a target, with the decimals it was agreed with and no more: `80%`, `79.5%`, `630`."""
    number = (end * 100 if unit is Unit.PERCENT else end).normalize()
    decimals = max(-int(number.as_tuple().exponent), 0)
    return f"{number:,.{decimals}f}" + ("%" if unit is Unit.PERCENT else "")


def show_target(target: str, unit: Unit, polarity: Polarity) -> str:
    """A target in words: `at least 80%`, `at most 12%`, `580 to 630`; `No target` when there is none."""
    if not target:
        return STATUSES["no_target"]
    low, high = target_ends(target)
    if low != high or polarity is Polarity.RANGE_IS_BEST:
        return f"{show_end(low, unit)} to {show_end(high, unit)}"
    at = "at most" if polarity is Polarity.LOWER_IS_BETTER else "at least"
    return f"{at} {show_end(low, unit)}"


def show_counts(numerator: float | None, denominator: float | None, counted_in: str = "") -> str:
    """The counts behind a percentage: `31 of 50`, `12.5 of 83 FTE`; empty without both."""
    if numerator is None or denominator is None:
        return ""
    words = f"{show_value(numerator, Unit.COUNT)} of {show_value(denominator, Unit.COUNT)}"
    return f"{words} {counted_in}".strip()


def show_interval(lower: float | None, upper: float | None, unit: Unit) -> str:
    """A 95% interval: `49% to 74%`; empty without one."""
    if lower is None or upper is None:
        return ""
    return f"{show_value(lower, unit, 0)} to {show_value(upper, unit, 0)}"


def present(number: float | None) -> float | None:
    """A number, or None where the frame has NaN."""
    return None if number is None or math.isnan(number) else float(number)


def short_month(month: str) -> str:
    """`2017-08` as `Aug 2017`."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{names[int(month[5:7]) - 1]} {month[:4]}"


def count_of(number: int, noun: str) -> str:
    """`1 row`, `2 rows`, `1,204 rows`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(items: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
