"""Progress against the plan as data: per recommendation its actions, its measures, and what both together come to.

Rolled up by fixed rules that are printed with the result, never by averaging colours. Actions say what was done,
measures what came of it: both are shown, and neither stands for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.words import Movement, State, Status
from perfpipe.plan.model import Plan, action_status
from perfpipe.plan.progress import ActionsAre, OutcomesAre, Overdue, Progress
from perfpipe.plan.tables import ActionStatus, Recommendation

if TYPE_CHECKING:
    import pandas as pd


LATEST = ("measure_id", "period", "state", "status", "movement", "year_movement")


def plan_progress(
    plan: Plan, assessed: pd.DataFrame, on: date, month: Month, measures: Sequence[Measure]
) -> tuple[Progress, ...]:
    """The progress of every recommendation and topic, in the plan's order.

    `assessed` are figures as `assess` gives them (measure_id, month, period, breakdown, state, status, movement,
    year_movement); of each measure its first period for the whole authority in `month` counts. Actions are as at the
    day `on`. A manual measure is looked for with the plan's period, whether or not it is among `measures`.
    """
    first: dict[str, Period] = {each.id: each.period for each in plan.manual_measures}
    first |= {measure.id: measure.periods[0] for measure in measures}
    chosen = assessed[(assessed["month"] == str(month)) & (assessed["breakdown"] == "all")]
    columns = (chosen[name] for name in LATEST)
    latest = {
        str(measure_id): (str(status), {str(movement), str(year)})
        for measure_id, period, state, status, movement, year in zip(*columns, strict=True)
        if state == State.OK and first.get(str(measure_id)) == period
    }
    return tuple(_progress(plan, each, latest, on) for each in plan.recommendations)


def _progress(plan: Plan, of: Recommendation, latest: dict[str, tuple[str, set[str]]], on: date) -> Progress:
    standings = [(action, action_status(action, on)) for action in plan.actions_of(of)]
    counts: dict[ActionStatus | None, int] = dict.fromkeys((*ActionStatus, None), 0)
    for _, standing in standings:
        counts[standing.status] += 1
    late = [Overdue(action, plan.role_of(action.owner), at) for action, at in standings if at.overdue]
    overdue = tuple(sorted(late, key=lambda each: (each.action.due, each.action.id)))
    ids = plan.measures_of(of)
    with_figure = [name for name in ids if name in latest]

    def of_status(status: Status) -> tuple[str, ...]:
        return tuple(name for name in with_figure if latest[name][0] == status)

    with_target = (Status.MET, Status.NEAR, Status.MISSED, Status.NOT_DECIDED)

    def of_movement(movement: Movement) -> tuple[str, ...]:
        """Of measures with a target: the others stand on no list of what is better or worse."""
        return tuple(name for name in with_figure if latest[name][0] in with_target and movement in latest[name][1])

    met, near, missed, not_decided = map(of_status, with_target)
    counted = Targets(len(met), len(near), len(missed), len(not_decided))
    return Progress(
        recommendation=of,
        actions=counts,
        overdue=overdue,
        actions_are=actions_are(counts, len(overdue)),
        met=met,
        near=near,
        missed=missed,
        not_decided=not_decided,
        without_target=tuple(name for name in with_figure if latest[name][0] not in with_target),
        without_figure=tuple(name for name in ids if name not in latest),
        improving=of_movement(Movement.BETTER),
        worsening=of_movement(Movement.WORSE),
        outcomes_are=outcomes_are(len(ids), len(with_figure), counted),
        evidence=of.evidence,
    )


@dataclass(frozen=True)
class PlanTotals:
    """What several recommendations come to. A measure under two of them counts once."""

    actions: int
    done: int
    overdue: int
    judged: dict[str, Status]  # by measure: met, near or missed

    def of(self, kind: Status) -> int:
        """How many targets are met, near or missed."""
        return sum(status == kind for status in self.judged.values())


def whole(progress: Sequence[Progress]) -> PlanTotals:
    """All recommendations together."""
    return PlanTotals(
        actions=sum(sum(each.actions.values()) for each in progress),
        done=sum(each.actions[ActionStatus.BLUE] for each in progress),
        overdue=sum(len(each.overdue) for each in progress),
        judged={name: kind for each in progress for name, kind in each.judged.items()},
    )


def actions_are(counts: dict[ActionStatus | None, int], overdue: int) -> ActionsAre:
    """What actions come to, by `ACTION_RULES`; `counts` by status, None for those without a report."""
    if not sum(counts.values()):
        return ActionsAre.NONE
    if overdue:
        return ActionsAre.LATE
    worst = (
        (ActionStatus.RED, ActionsAre.OFF_TRACK),
        (ActionStatus.AMBER, ActionsAre.AT_RISK),
        (None, ActionsAre.NOT_REPORTED),
        (ActionStatus.GREEN, ActionsAre.ON_TRACK),
    )
    return next((answer for status, answer in worst if counts.get(status)), ActionsAre.DONE)


class Targets(NamedTuple):
    """How many of the measures of one recommendation come to what against their targets."""

    met: int = 0
    near: int = 0
    missed: int = 0
    not_decided: int = 0


def outcomes_are(measures: int, with_figure: int, targets: Targets) -> OutcomesAre:
    """What measures come to, by `OUTCOME_RULES`; counts of the measures of one recommendation."""
    if not measures:
        return OutcomesAre.NOT_MEASURED
    if not with_figure:
        return OutcomesAre.NO_DATA
    if not sum(targets):
        return OutcomesAre.NO_TARGET
    worst = (
        (targets.missed, OutcomesAre.MISSED),
        (targets.not_decided, OutcomesAre.NOT_DECIDED),
        (targets.near, OutcomesAre.NEAR),
    )
    return next((answer for number, answer in worst if number), OutcomesAre.MET)
