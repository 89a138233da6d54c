"""Numbers in words: targets, tolerances, counts, intervals and lists, as readers see them."""

from __future__ import annotations

from decimal import Decimal

from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Polarity
from perfpipe.measures.shown_numbers import agreed, show_difference, show_plain, show_value, target_ends, with_unit
from perfpipe.measures.words import STATUS_WORDS, UNIT_WORDS, Status, capital


def show_target(target: str, unit: Unit, polarity: Polarity) -> str:
    """A target in words: `at least 80%`, `at most 72 hours`, `580 to 630`; `No target` when there is none."""
    if not target:
        return capital(STATUS_WORDS[Status.NO_TARGET])
    low, high = target_ends(target)
    if low != high or polarity is Polarity.RANGE_IS_BEST:
        return _span(agreed(low, unit), agreed(high, unit), unit)
    at = "at most" if polarity is Polarity.LOWER_IS_BETTER else "at least"
    return f"{at} {with_unit(agreed(low, unit), unit)}"


def show_tolerance(tolerance: Decimal, unit: Unit) -> str:
    """How far off a target still counts as near: `10 percentage points`, `2 cases`; `nothing`."""
    return show_difference(agreed(tolerance, unit), unit) if tolerance else "nothing"


def _span(low: str, high: str, unit: Unit) -> str:
    """From one written number to another: `49% to 74%`, `580 to 630`, `24.0 to 72.0 hours`."""
    first = with_unit(low, unit) if unit is Unit.PERCENT else low
    return f"{first} to {with_unit(high, unit)}"


def unit_in_brief(unit: Unit) -> str:
    """A unit in a column of units: `%`, `hours`, `per 10,000`; `number` for counts."""
    words = UNIT_WORDS[unit]
    return words.many.strip() or words.name


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
    decimals = interval_decimals(unit is Unit.PERCENT)
    return f"{show_plain(lower, unit, decimals)} to {show_value(upper, unit, decimals)}"


def interval_decimals(percent: bool) -> int:
    """How many decimals the ends of an interval have."""
    return 0 if percent else 1


def short_month(month: str) -> str:
    """`2017-08` as `Aug 2017`."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{names[int(month[5:7]) - 1]} {month[:4]}"


def listed(items: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
