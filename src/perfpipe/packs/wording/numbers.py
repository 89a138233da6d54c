"""Numbers as readers see them: exact rounding half up, markers, targets and intervals."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from perfpipe.measures.definition import Polarity, Unit
from perfpipe.plan import target_ends as target_ends

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
UNIT_WORDS = {
    Unit.PERCENT: "%",
    Unit.COUNT: "",
    Unit.HOURS: " hours",
    Unit.PER_10_000: " per 10,000",
    Unit.CASES: " cases",
}
MOST_DECIMALS = 4

Number = float | Decimal | Fraction


def exact(number: Number) -> Fraction:
    """A number as a fraction; a float is taken as it is written, 0.285 and not 0.284999."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def scaled(value: Number, unit: Unit) -> Fraction:
    """The value as it is displayed: a proportion becomes a percentage."""
    return exact(value) * (100 if unit is Unit.PERCENT else 1)


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


def with_unit(number: str, unit: Unit) -> str:
    """A written number with what it is of: `41%`, `38.5 hours`, `1 hour`, `81.3 per 10,000`; a count as it is."""
    words = UNIT_WORDS[unit]
    return f"{number}{words.removesuffix('s') if number == '1' else words}"


def show_value(value: Number, unit: Unit, decimals: int | None = None) -> str:
    """A value for readers: `41%`, `1,204`, `12.5`, `38.5 hours`."""
    places = usual_decimals(value, unit) if decimals is None else decimals
    return with_unit(f"{rounded(value, unit, places):,.{places}f}", unit)


def decimals_for(value: Number, unit: Unit, target: str, status: str) -> int:
    """How many decimals to show, so that the shown value never contradicts its status (definitions 7.2).

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
    """One end of a target, with the decimals it was agreed with and no more: `80%`, `79.5%`, `630`, `72 hours`."""
    return with_unit(_agreed(end, unit), unit)


def _agreed(end: Decimal, unit: Unit) -> str:
    number = (end * 100 if unit is Unit.PERCENT else end).normalize()
    decimals = max(-int(number.as_tuple().exponent), 0)
    return f"{number:,.{decimals}f}"


def show_target(target: str, unit: Unit, polarity: Polarity) -> str:
    """A target in words: `at least 80%`, `at most 72 hours`, `580 to 630`; `No target` when there is none."""
    if not target:
        return STATUSES["no_target"]
    low, high = target_ends(target)
    if low != high or polarity is Polarity.RANGE_IS_BEST:
        return span(_agreed(low, unit), _agreed(high, unit), unit)
    at = "at most" if polarity is Polarity.LOWER_IS_BETTER else "at least"
    return f"{at} {show_end(low, unit)}"


def show_tolerance(tolerance: Decimal, unit: Unit) -> str:
    """How far off a target still counts as near: `10 percentage points`, `2 cases`; `nothing`."""
    if not tolerance:
        return "nothing"
    if unit is not Unit.PERCENT:
        return show_end(tolerance, unit)
    number = _agreed(tolerance, unit)
    return f"{number} percentage point" + ("" if number == "1" else "s")


def span(low: str, high: str, unit: Unit) -> str:
    """From one written number to another: `49% to 74%`, `580 to 630`, `24.0 to 72.0 hours`."""
    first = with_unit(low, unit) if unit is Unit.PERCENT else low
    return f"{first} to {with_unit(high, unit)}"


def show_counts(
    numerator: float | None, denominator: float | None, counted_in: str = "", unit: Unit = Unit.PERCENT
) -> str:
    """What stands behind a value: `31 of 50`, `12.5 of 83 FTE`, `2,800 for 168 FTE`, `of 31`; empty without it."""
    if denominator is None:
        return ""
    base = f"{show_value(denominator, Unit.COUNT)} {counted_in}".strip()
    if unit is Unit.HOURS:
        return f"of {base}"
    if numerator is None:
        return ""
    if unit is Unit.CASES:
        return f"{show_value(numerator, Unit.COUNT)} for {show_value(denominator, Unit.COUNT)} FTE"
    return f"{show_value(numerator, Unit.COUNT)} of {base}"


def show_interval(lower: float | None, upper: float | None, unit: Unit) -> str:
    """A 95% interval: `49% to 74%`, `24.0 to 72.0 hours`; empty without one."""
    if lower is None or upper is None:
        return ""
    decimals = 0 if unit is Unit.PERCENT else 1
    low, high = (f"{rounded(end, unit, decimals):,.{decimals}f}" for end in (lower, upper))
    return span(low, high, unit)


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
