"""What to say about a figure, written by rule: one sentence for every unit, status, state, variation and movement."""

from __future__ import annotations

from fractions import Fraction

from perfpipe.dates.months import Month
from perfpipe.measures import shown_numbers
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period, Polarity
from perfpipe.measures.shown_numbers import rounded, show_difference, show_value, target_ends, usual_decimals
from perfpipe.measures.words import JUDGED, MARKERS, STATE_WORDS, STATUS_WORDS, Movement, MovementBy, Status, capital
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.row import Row
from perfpipe.packs.wording.numbers import show_target

WHEN = {
    Period.MONTH: "in {month}",
    Period.MONTH_END: "at the end of {month}",
    Period.LAST_90_DAYS: "in the 90 days to the end of {month}",
    Period.QUARTER: "in the quarter to {month}",
    Period.YEAR_TO_DATE: "in the financial year to the end of {month}",
    Period.ROLLING_12: "in the 12 months to {month}",
    Period.COHORT: "of those who reached that point in the year to {month}",
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
SHORT_PERIODS = {  # behind a title
    Period.MONTH: "month",
    Period.MONTH_END: "month end",
    Period.LAST_90_DAYS: "90 days",
    Period.QUARTER: "quarter",
    Period.YEAR_TO_DATE: "financial year to date",
    Period.ROLLING_12: "12 months",
    Period.COHORT: "cohort",
}
COMPARED = {
    Movement.BETTER: "better than {then}",
    Movement.WORSE: "worse than {then}",
    Movement.HIGHER: "higher than {then}",
    Movement.LOWER: "lower than {then}",
    Movement.NO_CLEAR_CHANGE: "no clear change from {then}",
}
QUIET = (Movement.NO_CLEAR_CHANGE, Movement.NOT_TESTED)
BY_CHANCE = ", which could be chance"
MARKER_WORDS = {marker: STATE_WORDS[state] for state, marker in MARKERS.items()}


def when(period: Period, month_label: str) -> str:
    """Over which time a figure counts, inside a sentence: `in the 12 months to August 2017`."""
    return WHEN[period].format(month=month_label)


def gap_to_target(figure: Figure, target: str, unit: Unit, status: Status) -> str:
    """How far a figure is from the target, or from the end of its range that it is past.

    `9 percentage points`, `25`, `2.5 hours`; empty for nothing, and inside a range.
    """
    if figure.exact is None or not target:
        return ""
    gap = shown_numbers.gap_to_target(figure.exact, figure.decimals, target, unit, status)
    return show_difference(f"{gap.normalize():,f}", unit) if gap else ""


def _side(exact: Fraction, target: str) -> str:
    low, high = target_ends(target)
    return "above" if exact >= Fraction(low if low == high else high) else "below"


def against_target(figure: Figure, target: str, status: Status, unit: Unit, polarity: Polarity) -> str:
    """What the status means, inside a sentence: `9 percentage points below the target of at least 50%`.

    Empty without a comparison.
    """
    if figure.exact is None or status not in JUDGED:
        return ""
    shown, low_and_high = show_target(target, unit, polarity), target_ends(target)
    by, side = gap_to_target(figure, target, unit, status), _side(figure.exact, target)
    if status == Status.MET:
        return f"meeting the target of {shown}" + (f", {by} {side} it" if by else "")
    end = "top" if side == "above" else "bottom"
    missed = f"the target of {shown}" if len(set(low_and_high)) == 1 else f"the {end} of the {shown} range"
    return f"{by or 'just'} {side} {missed}" + (", within its tolerance" if status == Status.NEAR else "")


def beside_target(figure: Figure, target: str, status: Status, unit: Unit) -> str:
    """The same in a table, beside the target: `Misses it by 9 percentage points`; the status without more."""
    if figure.exact is None or status not in JUDGED:
        return capital(STATUS_WORDS[status])
    by = gap_to_target(figure, target, unit, status)
    return "Meets it" if status == Status.MET else f"Misses it by {by}" if by else "Misses it"


def moved(figure: Figure, row: Row, unit: Unit, *, low_base_then: bool = False) -> str:
    """What a measure has done, as tests allow it to be said: `worse since May 2017, worse than 44% a year earlier`.

    A run or a step is said before the year; what its limits say is said by `signals.clause`. `low_base_then`: the
    figure a year earlier is of so few cases that it must not stand alone.
    """
    since = ""
    if row.movement_month:
        return f"{row.movement} up to {Month.parse(row.movement_month).label}, provisional since"
    if row.movement_by in (MovementBy.RUN, MovementBy.STEP) and row.movement not in QUIET:
        since = f"{row.movement} since {Month.parse(row.movement_since).label}, "
    return f"{since}{_than_a_year_earlier(figure, row, unit, low_base_then)}"


def adds_to_limits(row: Row) -> bool:
    """Whether what a measure has done says more than its control limits do."""
    return row.year_movement not in QUIET or row.movement_by == MovementBy.STEP


def _than_a_year_earlier(figure: Figure, row: Row, unit: Unit, low_base_then: bool) -> str:
    earlier = _earlier(row)
    if figure.value is None or row.year_movement == Movement.NOT_TESTED:
        return f"not tested against {earlier}" + (f" ({row.year_reason})" if row.year_reason else "")
    words = COMPARED[row.year_movement]
    doubt = BY_CHANCE if row.year_movement in (Movement.HIGHER, Movement.LOWER) and not row.year_is_sure else ""
    if low_base_then or row.year_value is None:
        return words.format(then=earlier) + doubt
    decimals = max(figure.decimals, usual_decimals(row.year_value, unit))
    alike = rounded(row.year_value, unit, decimals) == rounded(figure.value, unit, decimals)
    shown = show_value(row.year_value, unit, decimals)
    return words.format(then=earlier if alike else f"{shown} {earlier}") + doubt


def _earlier(row: Row) -> str:
    apart = Month.parse(row.month).index - Month.parse(row.year_month).index if row.year_month else 12
    return "a year earlier" if apart == 12 else f"{apart} months earlier"


def no_figure(figure: Figure) -> str:
    """The state of a figure that is not there: `not available [x]`."""
    return f"{MARKER_WORDS[figure.marker]} {figure.marker}"


def later_moves(by: Fraction, months: int, unit: Unit) -> str:
    """How far first figures of a measure moved later, on average: beside a provisional figure.

    `by` is in the unit as displayed.
    """
    size = rounded(abs(by), Unit.COUNT, 1)
    if not size:
        return f"first figures of this measure do not move later on average ({months} months)"
    moved = show_difference(f"{size.normalize():,f}", unit)
    return f"first figures of this measure later {'rise' if by > 0 else 'fall'} by {moved} on average ({months} months)"


WITHOUT_TARGET = {
    Status.NO_TARGET: "no target is set",
    Status.NOT_DECIDED: "its status depends on records left out",
}


def finding(
    title: str, figure: Figure, time: str, against: str, varies: str, changed: str, status: Status, later: str = ""
) -> str:
    """The one sentence about a measure: finding, size, against target, variation, caution on small numbers.

    `varies` is empty where variation is not judged, and `changed` where what was tested adds nothing to it.
    `later`: how far first figures of the measure move, for a provisional one.
    """
    if figure.value is None:
        reason = f" ({figure.reason})" if figure.reason else ""
        return f"{title}: {no_figure(figure)} {time}{reason}."
    parts = [f"{title}: {figure.full} {time}" + (f", {against}" if against else ""), *filter(None, (varies, changed))]
    if not against:
        parts.append(WITHOUT_TARGET.get(status, "not compared with a target"))
    if figure.provisional and later:
        parts.append(later)
    if figure.low_base:
        parts.append("the numbers are small, so read it with caution")
    return "; ".join(parts) + "."
