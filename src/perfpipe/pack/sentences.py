"""What to say about a figure, written by rule: one sentence for every unit, status, state and direction."""

from __future__ import annotations

from decimal import Decimal

from perfpipe.measures.definition import Period, Polarity, Unit
from perfpipe.pack.model import Figure
from perfpipe.pack.words import (
    MARKERS,
    STATES,
    STATUSES,
    rounded,
    show_target,
    show_value,
    target_ends,
    usual_decimals,
)

WHEN = {
    Period.MONTH: "in {month}",
    Period.MONTH_END: "at the end of {month}",
    Period.ROLLING_12: "in the 12 months to {month}",
    Period.COHORT: "for the 12-month cohort to {month}",
}
PERIOD_TITLES = {
    Period.MONTH: "In the month",
    Period.MONTH_END: "At month end",
    Period.ROLLING_12: "12 months to month end",
    Period.COHORT: "12-month cohort to month end",
}
COMPARED = {
    "improving": "better than {previous}",
    "worsening": "worse than {previous}",
    "no clear change": "no clear change from {previous}",
    "up": "up from {previous}",
    "down": "down from {previous}",
    "same": "the same as {previous}",
}
MONTH_EARLIER = "a month earlier"


def when(period: Period, month_label: str) -> str:
    """Over which time a figure counts, inside a sentence: `in the 12 months to August 2017`."""
    return WHEN[period].format(month=month_label)


def gap_to_target(figure: Figure, target: str) -> str:
    """How far the shown value stands from the target: `9 percentage points`, `25`; empty for nothing."""
    if figure.value is None or not target:
        return ""
    unit = Unit.PERCENT if figure.percent else Unit.COUNT
    shown = Decimal(figure.shown.rstrip("%").replace(",", ""))
    low, high = (end * 100 if figure.percent else end for end in target_ends(target))
    gap = (low - shown if shown < low else max(shown - high, Decimal(0))).normalize()
    if gap == 0:
        return ""
    words = f"{gap:,f}"
    if unit is Unit.PERCENT:
        words += " percentage point" if gap == 1 else " percentage points"
    return words


def against_target(figure: Figure, target: str, status: str, unit: Unit, polarity: Polarity) -> str:
    """What the status means, as the end of a clause that begins with `which`; empty without a comparison."""
    if figure.value is None or status not in ("met", "near", "missed"):
        return ""
    words = f"the target of {show_target(target, unit, polarity)}"
    by = gap_to_target(figure, target)
    by = f" by {by}" if by else ""
    return {
        "met": f"meets {words}",
        "near": f"is near {words} but misses it{by}",
        "missed": f"misses {words}{by}",
    }[status]


def beside_target(figure: Figure, target: str, status: str) -> str:
    """The same in a table, beside the target: `Misses it by 9 percentage points`; the status without more."""
    if figure.value is None or status not in ("met", "near", "missed"):
        return STATUSES[status]
    by = gap_to_target(figure, target)
    return "Meets it" if status == "met" else f"Misses it by {by}" if by else "Misses it"


def change(figure: Figure, direction: str, previous: float | None, unit: Unit) -> str:
    """The change on last month in words: `worse than 44% a month earlier`."""
    words = COMPARED.get(direction)
    if figure.value is None or words is None:
        return f"not compared with {MONTH_EARLIER}"
    if previous is None:
        return words.format(previous=MONTH_EARLIER)
    decimals = max(figure.decimals, usual_decimals(previous, unit))
    alike = rounded(previous, unit, decimals) == rounded(figure.value, unit, decimals)
    shown = show_value(previous, unit, decimals)
    return words.format(previous=MONTH_EARLIER if alike else f"{shown} {MONTH_EARLIER}")


def no_figure(figure: Figure) -> str:
    """The state of a figure that is not there: `not available [x]`."""
    words = {MARKERS[state]: words for state, words in STATES.items()}
    return f"{words[figure.marker]} {figure.marker}"


def finding(title: str, figure: Figure, time: str, against: str, changed: str, status: str) -> str:
    """The one sentence about a measure: finding, size, against target, change on last month."""
    if figure.value is None:
        reason = f" ({figure.reason})" if figure.reason else ""
        return f"{title}: {no_figure(figure)} {time}{reason}."
    if against:
        return f"{title}: {figure.full} {time}, which {against}; {changed}."
    target = "no target is set" if status == "no_target" else "not compared with a target"
    return f"{title}: {figure.full} {time}, {changed}; {target}."
