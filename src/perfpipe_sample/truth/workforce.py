"""The true figures on social workers in post, vacancies, agency workers, sickness and cases, from what was recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from perfpipe_sample.records import PostHeld, WorkforceMonth
from perfpipe_sample.truth.dates import CalendarMonth, before, first_day, last_day, month_of, months_on
from perfpipe_sample.truth.employments import employments
from perfpipe_sample.truth.figures import CountingRule, Off, Split, TrueFigure, Writer

CASES_CEILING = 25
CASES_KNOWN = timedelta(days=31)
STAFF_GROUPS = ("newly_qualified", "experienced", "agency", "not_known")
TWELVE = 12


@dataclass(frozen=True)
class InPost:
    """One spell, or one person's spells, at a month's end."""

    worker_id: str
    contract: str
    group: str
    fte: float
    cases: int


CONTRACT = Split("contract", ("agency", "permanent"), lambda one: one.contract)  # type: ignore[attr-defined]
STAFF_GROUP = Split("staff_group", STAFF_GROUPS, lambda one: one.group)  # type: ignore[attr-defined]


def staff_figures(
    rows: Sequence[PostHeld], month: CalendarMonth, extracted_at: datetime, off: Off
) -> Iterator[tuple[TrueFigure, bool]]:
    """Who is in post and with how many cases, each with whether the extract can say it."""
    spells = in_post(rows, last_day(month), off)
    splits = (CONTRACT, STAFF_GROUP)
    for figure in Writer("staff_in_post_fte", month, "month_end", splits).count(spells, _fte):
        yield figure, True
    for figure in Writer("staff_in_post", month, "month_end", splits).count(spells, lambda part: _heads(part, off)):
        yield figure, True
    in_time = extracted_at.date() - last_day(month) <= CASES_KNOWN
    holders = [one for one in people(spells) if one.fte > 0 and (one.cases or CountingRule.NO_CASES_NO_CASELOAD in off)]
    for figure in Writer("average_caseload", month, "month_end", (STAFF_GROUP,)).amounts(holders, _cases, _fte):
        yield figure, in_time
    over = [one for one in holders if one.cases > CASES_CEILING * one.fte]
    for figure in Writer("over_caseload_ceiling", month, "month_end", (STAFF_GROUP,)).count(over):
        yield figure, in_time


def rates(
    rows: Sequence[PostHeld], totals: Sequence[WorkforceMonth], month: CalendarMonth, off: Off
) -> Iterator[tuple[str, TrueFigure]]:
    """Rates of vacancies, agency workers and sickness, each with what it is made from.

    `totals`: of the twelve months to the month, those that are known.
    """
    employed = [one for one in in_post(rows, last_day(month), off) if one.contract == "permanent"]
    fte = _fte(employed)
    own = next((total for total in totals if month_of(total.month_end) == month), None)
    vacant, agency, covering = (own.vacancies_fte, own.agency_fte, own.agency_covering_fte) if own else (0, 0, 0)
    for measure, top, bottom, made_from in (
        ("vacancy_rate", vacant, vacant + fte, "both"),
        ("agency_rate", agency, agency + fte, "both"),
        ("agency_covering_vacancies", covering, agency, "totals"),
        ("vacancies_covered_by_agency", covering, vacant, "totals"),
    ):
        for figure in Writer(measure, month, "month_end").ratio(top, round(bottom, 6)):
            yield made_from, figure
    lost = sum(total.days_lost for total in totals)
    for figure in Writer("sickness_rate", month, "rolling_12").ratio(lost, round(fte * _working_days(month, off), 6)):
        yield "a year of totals", figure


def in_post(rows: Sequence[PostHeld], day: date, off: Off) -> list[InPost]:
    """The spells of those in post at the end of a day, agency workers included."""
    begun = {spell: one.started_on for one in employments(rows) for spell in one.spells}
    there = [row for row in rows if row.started_on <= day and (row.left_on is None or row.left_on > day)]
    return [
        InPost(row.worker_id, row.contract, _group(row, begun.get(row), day, off), row.fte or 0, row.cases or 0)
        for row in there
    ]


def people(spells: Sequence[InPost]) -> list[InPost]:
    """One for each person, with the hours and cases of all their posts."""
    by_worker: dict[str, list[InPost]] = {}
    for spell in spells:
        by_worker.setdefault(spell.worker_id, []).append(spell)
    return [
        InPost(worker, own[0].contract, _one_group(own), _fte(own), sum(one.cases for one in own))
        for worker, own in by_worker.items()
    ]


def _one_group(own: Sequence[InPost]) -> str:
    known = [one.group for one in own if one.group != "not_known"]
    return max(known, default="not_known")  # an appointment goes before agency work


def _group(row: PostHeld, begun: date | None, day: date, off: Off) -> str:
    if row.contract == "agency" or begun is None:
        return "agency"
    if months_on(begun, TWELVE) <= day and CountingRule.NEWLY_QUALIFIED_FOR_A_YEAR not in off:
        return "experienced"
    return {"Y": "newly_qualified", "N": "experienced", None: "not_known"}[row.newly_qualified]


def _working_days(month: CalendarMonth, off: Off) -> int:
    first = first_day(before(month, 11))
    leap = (last_day(month) - first).days == 365 and CountingRule.LEAP_YEARS_HAVE_A_DAY_MORE not in off
    return 254 if leap else 253


def _fte(spells: Sequence[InPost]) -> float:
    return round(sum(spell.fte for spell in spells), 6)


def _cases(spells: Sequence[InPost]) -> int:
    return sum(spell.cases for spell in spells)


def _heads(spells: Sequence[InPost], off: Off) -> int:
    return len(spells) if CountingRule.TWO_POSTS_ARE_ONE_PERSON in off else len({spell.worker_id for spell in spells})
