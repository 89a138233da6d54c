"""The true figures on appointed, retained and leaving social workers, from what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from perfpipe_sample.records import PostHeld
from perfpipe_sample.truth.dates import CalendarMonth, before, first_day, last_day, months_of, months_on
from perfpipe_sample.truth.employments import LONGEST_GAP, TrueEmployment, counted, employments
from perfpipe_sample.truth.figures import NONE_OFF, CountingRule, Off, Split, TrueFigure, Writer, by_value

Calculation = Callable[[Sequence[PostHeld], CalendarMonth, Off], Iterator[TrueFigure]]

EXPERIENCE = by_value(
    "experience",
    {"Y": "newly_qualified", "N": "experienced"},
    lambda one: one.newly_qualified,  # type: ignore[attr-defined]
)
REASONS: dict[str | None, str] = {
    "resignation": "resigned",
    "retired": "retired",
    "dismissed": "dismissed",
    "moved_within_la": "other_role",
    "career_break": "career_break",
    "other": "other",
}
DESTINATIONS: dict[str | None, str] = {
    "other_la": "other_authority",
    "agency": "agency",
    "other_social_work": "out",
    "not_social_care": "out",
    "not_known": "not_known",
}
TWELVE = 12
STARTERS_MONTHS, FEWEST_AT_RISK = 36, 10


def _last(name: str) -> Callable[[object], str | None]:
    return lambda one: getattr(one.last_spells[0], name)  # type: ignore[attr-defined]


LEAVING = (
    Split(
        "reason",
        (*REASONS.values(), "not_known"),
        lambda one: REASONS.get(_last("leaving_reason")(one), "not_known"),
    ),
    Split(
        "attrition",
        ("other_authority", "agency", "out", "not_known"),
        lambda one: DESTINATIONS.get(_last("destination")(one), "not_known"),
    ),
    EXPERIENCE,
)


def flows_in(period: str) -> Calculation:
    """Appointments and leavers of a period to the end of a month."""
    return partial(_flows, period)


def _flows(period: str, rows: Sequence[PostHeld], month: CalendarMonth, off: Off) -> Iterator[TrueFigure]:
    window = _window(period, month)
    if window is None:
        return
    first, last = window
    found = _begun(rows, month, off)
    started = [one for one in found if first <= one.started_on]
    whole_only = period in ("quarter", "year_to_date")
    origin = Split("origin", ("from_agency", "new"), lambda one: _origin(one, rows))
    splits = () if whole_only else (EXPERIENCE, origin)
    yield from Writer("new_appointments", month, period, splits).count(started)
    yield from Writer("new_appointments_fte", month, period, splits).count(
        started, lambda part: _fte_at_start(part, off)
    )
    left = [one for one in found if one.gone_on and first <= one.gone_on <= last]
    yield from Writer("leavers", month, period, () if whole_only else LEAVING).count(left)


def retention(months: int) -> Calculation:
    """Of those whose anniversary after so many months fell in the twelve months, who was there on it."""
    return partial(_retention, months)


def _retention(months: int, rows: Sequence[PostHeld], month: CalendarMonth, off: Off) -> Iterator[TrueFigure]:
    """An extract is made after its month has ended, so that every such anniversary has been reached."""
    first, last = _year_to(month)
    found = [one for one in _begun(rows, month, off) if first <= months_on(one.started_on, months)]

    def ahead(one: TrueEmployment) -> bool:
        return months_on(one.started_on, months) > last

    def kept(one: TrueEmployment) -> bool:
        return one.gone_on is None or one.gone_on >= months_on(one.started_on, months)

    splits = (EXPERIENCE,)
    yield from Writer(f"retained_{months}_months", month, "cohort", splits).share(found, kept, ahead)
    if months == TWELVE:
        lost = [one for one in found if not ahead(one) and kept(one) and _nowhere_since(one, months, last)]
        yield from Writer("retained_by_a_move_alone", month, "cohort", splits).count(lost)
    waiting = [one for one in found if ahead(one)]
    yield from Writer(f"not_yet_{months}_months", month, "cohort", splits).count(waiting)


def _nowhere_since(one: TrueEmployment, months: int, last: date) -> bool:
    """Whether no post is known on the anniversary, nor any since, of somebody who is said to have moved on."""
    left = one.left_on
    return left is not None and left < months_on(one.started_on, months) and left + LONGEST_GAP <= last


def estimates(rows: Sequence[PostHeld], month: CalendarMonth, off: Off) -> Iterator[TrueFigure]:
    """Kaplan-Meier estimates for those appointed in 36 months."""
    first = first_day(before(month, STARTERS_MONTHS - 1))
    found = [one for one in _begun(rows, month, off) if one.started_on >= first]
    for months in (6, 12, 24):
        writer = Writer(f"retention_estimate_{months}_months", month, "cohort", (EXPERIENCE,))
        yield from writer.estimate(found, lambda part, k=months: kaplan_meier(part, k, last_day(month), off))  # type: ignore[misc]


def kaplan_meier(found: Sequence[TrueEmployment], months: int, last: date, off: Off = NONE_OFF) -> float | None:
    """The share still there on the anniversary: the product, over the times at which somebody left before it."""
    spans = []
    for one in found:
        gone = one.gone_on is not None and one.gone_on <= last
        spans.append((_months_and_days(one.started_on, one.gone_on if gone and one.gone_on else last), gone))
    due = (months, 0)
    fewest = 1 if CountingRule.TOO_FEW_AT_RISK in off else FEWEST_AT_RISK
    if sum(time >= due for time, _ in spans) < fewest:
        return None
    share = 1.0
    for moment in sorted({time for time, gone in spans if gone and time < due}):
        at_risk = sum(time >= moment for time, _ in spans)
        share *= 1 - sum(gone and time == moment for time, gone in spans) / at_risk
    return share


def turnover(rows: Sequence[PostHeld], month: CalendarMonth, off: Off = NONE_OFF) -> Iterator[TrueFigure]:
    """Leavers of twelve months over those in post, in the ways of the census and of personnel departments."""
    first, last = _year_to(month)
    found = _begun(rows, month, off)
    everyone = [one for one in found if one.gone_on and first <= one.gone_on <= last]
    there = [one for one in everyone if one.started_on < first]
    leavers = everyone if CountingRule.CAME_AND_WENT_ARE_NOT_LEAVERS in off else there
    left = [spell for one in leavers for spell in one.last_spells]
    in_post = [row for row in counted(rows, off) if row.started_on <= last and _there_after(row, last)]
    yield from Writer("turnover_12_months", month, "rolling_12").ratio(_fte(left, off), _fte(in_post, off))
    heads, of = (_heads(some, off) for some in ([one.spells[0] for one in leavers], in_post))
    yield from Writer("turnover_headcount_12_months", month, "rolling_12").ratio(heads, of)
    yield from Writer("came_and_went_12_months", month, "rolling_12").count(
        [one for one in everyone if one not in there]
    )
    ends = [last_day(before(month, back)) for back in range(13)]
    average = sum(one.there_on(day) for one in found for day in ends) / len(ends)
    yield from Writer("turnover_hr_basis", month, "rolling_12").ratio(len(everyone), round(average, 6))
    a_year_ago = [one for one in found if one.there_on(ends[-1])]
    stayed = Writer("stability_index", month, "rolling_12", (EXPERIENCE,))
    yield from stayed.share(a_year_ago, lambda one: one.gone_on is None or one.gone_on > last)


def _begun(rows: Sequence[PostHeld], month: CalendarMonth, off: Off) -> list[TrueEmployment]:
    """Employments that had begun by the month's end; who came back soon after it has not left."""
    return [one for one in employments(rows, off) if one.started_on <= last_day(month)]


def _window(period: str, month: CalendarMonth) -> tuple[date, date] | None:
    """The first and last day of a period; None where none ends with the month."""
    months = months_of(period, month)
    return (first_day(months[0]), last_day(month)) if months else None


def _year_to(month: CalendarMonth) -> tuple[date, date]:
    return first_day(before(month, 11)), last_day(month)


def _origin(one: object, rows: Sequence[PostHeld]) -> str:
    assert isinstance(one, TrueEmployment)
    worker, day = one.spells[0].worker_id, one.started_on
    agency = [row for row in rows if row.contract == "agency" and row.worker_id == worker and row.started_on < day]
    came = any(row.left_on is None or row.left_on + LONGEST_GAP >= day for row in agency)
    return "from_agency" if came else "new"


def _months_and_days(first: date, last: date) -> tuple[int, int]:
    """The whole calendar months from one day to another, and the days over."""
    months = (last.year - first.year) * 12 + last.month - first.month
    if months_on(first, months) > last:
        months -= 1
    return months, (last - months_on(first, months)).days


def _there_after(row: PostHeld, day: date) -> bool:
    return row.left_on is None or row.left_on > day


def _heads(rows: Sequence[PostHeld], off: Off) -> int:
    return len(rows) if CountingRule.TWO_POSTS_ARE_ONE_PERSON in off else len({row.worker_id for row in rows})


def _fte_at_start(found: Sequence[TrueEmployment], off: Off) -> float:
    return _fte([spell for one in found for spell in one.first_spells], off)


def _fte(rows: Sequence[PostHeld], off: Off) -> float:
    if_blank = 1.0 if CountingRule.BLANK_FTE_IS_LEFT_OUT in off else 0.0
    return round(sum(if_blank if row.fte is None else row.fte for row in rows), 6)


FROM_LOOK_BACK: tuple[tuple[int, Calculation], ...] = (
    # The months whose ended spells a figure needs, its own included: one more than those in which it looks for
    # appointments, since a spell that ended just before them may go on in them.
    *((13, flows_in(period)) for period in ("month", "quarter", "year_to_date", "rolling_12")),
    (13, turnover),
    *((13 + months, retention(months)) for months in (6, 12, 24)),
    (STARTERS_MONTHS + 1, estimates),
)
