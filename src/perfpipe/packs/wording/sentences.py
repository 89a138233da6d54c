"""What to say about a figure, written by rule: one sentence for every unit, status, state, variation and direction."""

from __future__ import annotations

from decimal import Decimal

from perfpipe.measures.definition import Period, Polarity, Unit
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.wording.numbers import (
    MARKERS,
    STATES,
    STATUSES,
    rounded,
    show_target,
    show_value,
    target_ends,
    usual_decimals,
    with_unit,
)

WHEN = {
    Period.MONTH: "in {month}",
    Period.MONTH_END: "at the end of {month}",
    Period.LAST_90_DAYS: "in the 90 days to the end of {month}",
    Period.QUARTER: "in the quarter to {month}",
    Period.YEAR_TO_DATE: "in the financial year to the end of {month}",
    Period.ROLLING_12: "in the 12 months to {month}",
    Period.COHORT: "for the cohort to {month}",
}
PERIOD_TITLES = {
    Period.MONTH: "In the month",
    Period.MONTH_END: "At month end",
    Period.LAST_90_DAYS: "90 days to month end",
    Period.QUARTER: "In the quarter",
    Period.YEAR_TO_DATE: "Financial year to month end",
    Period.ROLLING_12: "12 months to month end",
    Period.COHORT: "Cohort to month end",
}
COMPARED = {
    "improving": "better than {previous}",
    "worsening": "worse than {previous}",
    "no clear change": "no clear change from {previous}",
    "up": "up from {previous}",
    "down": "down from {previous}",
    "same": "the same as {previous}",
}
EARLIER = {Period.QUARTER: "a quarter earlier", Period.YEAR_TO_DATE: "a year earlier"}
MONTH_EARLIER = "a month earlier"


def when(period: Period, month_label: str) -> str:
    """Over which time a figure counts, inside a sentence: `in the 12 months to August 2017`."""
    return WHEN[period].format(month=month_label)


def gap_to_target(figure: Figure, target: str) -> str:
    """How far the shown value stands from the target, or from the end of its range that it is past.

    `9 percentage points`, `25`, `2.5 hours`; empty for nothing, and inside a range.
    """
    if figure.value is None or not target:
        return ""
    unit = Unit(figure.unit)
    shown = Decimal(figure.shown.split()[0].rstrip("%").replace(",", ""))
    low, high = (end * 100 if figure.percent else end for end in target_ends(target))
    gap = f"{(low - shown if shown < low else max(shown - high, Decimal(0))).normalize():,f}"
    if gap == "0":
        return ""
    if unit is Unit.PERCENT:
        return f"{gap} percentage point" + ("" if gap == "1" else "s")
    return with_unit(gap, unit)


def _side(figure: Figure, target: str) -> str:
    low, high = target_ends(target)
    return "over" if Decimal(repr(figure.value)) >= (low if low == high else high) else "under"


def against_target(figure: Figure, target: str, status: str, unit: Unit, polarity: Polarity) -> str:
    """What the status means, inside a sentence: `9 percentage points under the target of at least 50%`.

    Empty without a comparison.
    """
    if figure.value is None or status not in ("met", "near", "missed"):
        return ""
    words = f"the target of {show_target(target, unit, polarity)}"
    by, side = gap_to_target(figure, target), _side(figure, target)
    if status == "met":
        return f"meeting {words}" + (f", {by} {side} it" if by else "")
    return f"{by or 'just'} {side} {words}" + (", within its tolerance" if status == "near" else "")


def beside_target(figure: Figure, target: str, status: str) -> str:
    """The same in a table, beside the target: `Misses it by 9 percentage points`; the status without more."""
    if figure.value is None or status not in ("met", "near", "missed"):
        return STATUSES[status]
    by = gap_to_target(figure, target)
    return "Meets it" if status == "met" else f"Misses it by {by}" if by else "Misses it"


def change(figure: Figure, direction: str, previous: float | None, unit: Unit, period: Period = Period.MONTH) -> str:
    """The change since the equal period before, in words: `worse than 44% a month earlier`."""
    earlier = EARLIER.get(period, MONTH_EARLIER)
    words = COMPARED.get(direction)
    if figure.value is None or words is None:
        pending = "provisional, so " if figure.value is not None and figure.provisional else ""
        return f"{pending}not compared with {earlier}"
    if previous is None:
        return words.format(previous=earlier)
    decimals = max(figure.decimals, usual_decimals(previous, unit))
    alike = rounded(previous, unit, decimals) == rounded(figure.value, unit, decimals)
    shown = show_value(previous, unit, decimals)
    return words.format(previous=earlier if alike else f"{shown} {earlier}")


def no_figure(figure: Figure) -> str:
    """The state of a figure that is not there: `not available [x]`."""
    words = {MARKERS[state]: words for state, words in STATES.items()}
    return f"{words[figure.marker]} {figure.marker}"


def finding(title: str, figure: Figure, time: str, against: str, varies: str, changed: str, status: str) -> str:
    """The one sentence about a measure: finding, size, against target, variation, caution on small numbers.

    `varies` is empty where variation is not judged: then the change since the period before stands in its place.
    """
    if figure.value is None:
        reason = f" ({figure.reason})" if figure.reason else ""
        return f"{title}: {no_figure(figure)} {time}{reason}."
    parts = [f"{title}: {figure.full} {time}" + (f", {against}" if against else ""), varies or changed]
    if not against:
        parts.append("no target is set" if status == "no_target" else "not compared with a target")
    if figure.low_base:
        parts.append("the numbers are small, so read it with caution")
    return "; ".join(parts) + "."
