"""Build the content of the quarterly return from a plan and from figures that a run has published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd

from perfpipe.assess.plan_progress import plan_progress
from perfpipe.dates.months import Month, quarter_of
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Period, Polarity
from perfpipe.measures.words import NOT_AVAILABLE, NOTHING
from perfpipe.packs.content.assessed_rows import Rows, figure_of
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.quarterly_return import (
    Before,
    Cell,
    MeasureLine,
    Origin,
    PlanReturn,
    ReturnAction,
    ReturnDecision,
    ReturnJudgement,
    StepLine,
)
from perfpipe.packs.wording.numbers import show_target, show_tolerance
from perfpipe.packs.wording.sentences import PERIOD_TITLES, moved
from perfpipe.plan import Plan, Recommendation, action_status, decisions_on, grades_by, measures_shown

MARKING = (
    "Restricted: small numbers are shown as they are. Not to be published until it has been checked for disclosure."
)
GONE = "this version of perfpipe does not compute the measure"


def build_return(
    assessed: pd.DataFrame,
    *,
    last: Month,
    authority: str,
    plan: Plan,
    measures: Sequence[Measure],
    origin: Origin,
    before: Before,
    low_base: int,
) -> PlanReturn:
    """All that a return for the quarter that ends with a month shows, as at that month's last day.

    `assessed`: figures as `assess` gives them, with `revised`. `plan`: with the statuses of the actions extract.
    """
    as_at = last.last_day
    months = (last - 2, last - 1, last)
    shown = {measure.id: measure for measure in measures_shown(plan, measures, None)}
    return PlanReturn(
        authority=authority,
        marking=MARKING,
        quarter=quarter_of(last),
        months=tuple(str(month) for month in months),
        quarter_label=f"{months[0].label.split()[0]} to {last.label}",
        as_at=as_at,
        plan_title=plan.title,
        revised_on=plan.revised_on or "",
        origin=origin,
        progress=plan_progress(plan, assessed, as_at, last, measures),
        actions=_actions(plan, as_at),
        measures=tuple(_measure_lines(plan, shown, Rows(assessed), months, low_base)),
        decisions=_decisions(plan, as_at),
        judgements=_judgements(plan, as_at),
        steps=tuple(_step_lines(plan, shown, last)),
        before=before,
        low_base=low_base,
    )


def _actions(plan: Plan, as_at: date) -> tuple[ReturnAction, ...]:
    return tuple(ReturnAction(each, plan.role_of(each.owner), action_status(each, as_at)) for each in plan.actions)


def _decisions(plan: Plan, as_at: date) -> tuple[ReturnDecision, ...]:
    made = decisions_on(plan, as_at)
    return tuple(ReturnDecision(each, plan.role_of(each.owner), state) for each, state in made)


def _judgements(plan: Plan, as_at: date) -> tuple[ReturnJudgement, ...]:
    given = ((each, grades_by(each, as_at)) for each in plan.judgements)
    return tuple(ReturnJudgement(each, grades[-1] if grades else None) for each, grades in given)


def _measure_lines(
    plan: Plan, measures: dict[str, Measure], rows: Rows, months: Sequence[Month], low_base: int
) -> Iterator[MeasureLine]:
    """A line for the first period of each measure, and one for the period of its target where that is another."""
    for of, name in ((each, name) for each in plan.recommendations for name in plan.measures_of(each)):
        measure = measures.get(name)
        if measure is None:
            yield _gone(of, name, rows, months[-1])
            continue
        for period in measure.periods:
            if period is measure.periods[0] or plan.target_of(measure, period):
                yield _measure_line(plan, of, measure, period, rows, months, low_base)


def _measure_line(
    plan: Plan, of: Recommendation, measure: Measure, period: Period, rows: Rows, months: Sequence[Month], low_base: int
) -> MeasureLine:
    def cell(of_period: Period, month: Month) -> Cell:
        row = rows.find(measure.id, of_period, str(month))
        return Cell(row, figure_of(row, measure, low_base))

    latest = cell(period, months[-1])
    target = plan.target_of(measure, period)
    step = target.step_for(months[-1]) if target else None
    row = latest.row
    return MeasureLine(
        recommendation=of.id,
        measure_id=measure.id,
        code=measure.code,
        title=measure.title,
        unit=measure.counts.unit,
        polarity=measure.shown.polarity,
        owner=measure.owner,
        period=period,
        months=tuple(cell(period, month) if period.months_to(month) else None for month in months),
        quarter=cell(Period.QUARTER, months[-1]) if Period.QUARTER in measure.periods else None,
        latest=latest,
        target=show_target(row.target, measure.counts.unit, measure.shown.polarity),
        step=step,
        target_source=target.source_of(step) if target and step else "",
        change=moved(latest.figure, row, measure.counts.unit),
    )


def _gone(of: Recommendation, name: str, rows: Rows, month: Month) -> MeasureLine:
    """A measure that a plan of its time names and that nobody computes any more."""
    row = rows.find(name, Period.MONTH, str(month))
    absent = Cell(row, Figure.absent(NOT_AVAILABLE, GONE, row.key))
    return MeasureLine(
        recommendation=of.id,
        measure_id=name,
        code=NOTHING,
        title=name,
        unit=None,
        polarity=None,
        owner="",
        period=Period.MONTH,
        months=(absent,) * 3,
        quarter=None,
        latest=absent,
        target=show_target("", Unit.COUNT, Polarity.NEITHER),
        step=None,
        target_source="",
        change=GONE,
    )


def _step_lines(plan: Plan, measures: dict[str, Measure], last: Month) -> Iterator[StepLine]:
    for name, target in plan.targets.items():
        measure = measures.get(name)
        unit = measure.counts.unit if measure else Unit.COUNT
        polarity = measure.shown.polarity if measure else Polarity.NEITHER
        period = target.period or (measure.periods[0] if measure else Period.MONTH)
        said = ""
        for number, step in enumerate(target.steps):
            later = target.steps[number + 1 :]
            words = show_target(step.written, unit, polarity)
            replaced = any(each.from_month <= last for each in later)
            in_force = "Not yet" if step.from_month > last else "Replaced" if replaced else "Yes"
            yield StepLine(
                recommendation=target.recommendation,
                code=measure.code if measure else name,
                title=measure.title if measure else name,
                measure_id=name,
                period_title=PERIOD_TITLES[period],
                step=step,
                target=words,
                tolerance=show_tolerance(step.amber_within, unit),
                source=target.source_of(step),
                before=said,
                in_force=in_force,
            )
            said = words
