"""The Improvement Plan as a whole, and what follows from it on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.local_choices import AS_USUAL, PLACEMENT_GROUPS, Counting, PlacementGroup
from perfpipe.plan.tables import (
    Action,
    ActionStatus,
    Audience,
    DatedStatus,
    Decision,
    GradeGiven,
    Judgement,
    ManualMeasure,
    MeasureShown,
    Meeting,
    Owner,
    PackName,
    Recommendation,
)
from perfpipe.plan.targets import Target
from perfpipe.plan.values import Name, PlanDay, PlanEntry, Title, plain_text

if TYPE_CHECKING:
    import pandas as pd


class Plan(PlanEntry):
    """All of `plan.toml`. `revised_on` is the day of this revision: later days are the future to it."""

    title: Title
    revised_on: PlanDay | None = None
    without_recommendation: tuple[Name, ...] = ()  # measures that stand under no recommendation on purpose
    owners: tuple[Owner, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()  # none yet in a new workspace
    manual_measures: tuple[ManualMeasure, ...] = ()
    targets: dict[Name, Target] = Field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    decisions: tuple[Decision, ...] = ()
    measures: tuple[MeasureShown, ...] = ()
    counting: Counting = AS_USUAL
    placement_groups: tuple[PlacementGroup, ...] = PLACEMENT_GROUPS

    @property
    def how_it_counts(self) -> str:
        """What the plan says that decides figures, as text: the same for no other."""
        return self.model_dump_json(include={"counting", "placement_groups"})

    def shows(self, measure: Measure) -> bool:
        """Whether packs give a measure a page: it is under a recommendation or topic, or has a target.

        A plan that has no recommendation yet shows all.
        """
        return not self.recommendations or any(measure.id in self.measures_of(each) for each in self.recommendations)

    def target_of(self, measure: Measure, period: Period) -> Target | None:
        """The target of a measure for a period; one without a period is for the measure's first."""
        target = self.targets.get(measure.id)
        return target if target and (target.period or measure.periods[0]) is period else None

    def measures_of(self, recommendation: Recommendation) -> tuple[str, ...]:
        """The ids of the measures that serve a recommendation: listed, targeted or manual; each once."""
        manual = [each.id for each in self.manual_measures if each.recommendation == recommendation.id]
        targeted = [name for name, each in self.targets.items() if each.recommendation == recommendation.id]
        return tuple(dict.fromkeys([*recommendation.measures, *targeted, *manual]))

    def actions_of(self, recommendation: Recommendation) -> tuple[Action, ...]:
        """The actions under a recommendation, in the order of the plan."""
        return tuple(action for action in self.actions if action.recommendation == recommendation.id)

    def role_of(self, owner: str) -> str:
        """The role that an owner's id names; the id itself where the plan does not know it."""
        return next((each.role for each in self.owners if each.id == owner), owner)

    def meetings_of(self, audience: Audience) -> tuple[Meeting, ...]:
        """The meetings of an audience, the earliest first."""
        return tuple(sorted((m for m in self.meetings if m.audience is audience), key=lambda meeting: meeting.on))


@dataclass(frozen=True)
class ActionState:
    """The status of an action on a day. `status` is None before its first report."""

    status: ActionStatus | None
    since: str  # the day from which it has had this status; empty without one
    note: str
    overdue: bool

    @property
    def done(self) -> bool:
        """True where the action is blue."""
        return self.status is ActionStatus.BLUE


class DecisionIs(StrEnum):
    """The status of a decision on a day."""

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"


def action_status(action: Action, on: date) -> ActionState:
    """The status in force on a day, by the action's history, and whether the action was overdue then.

    Overdue is an action whose due date lies before the day and that is not blue on the day.
    """
    day = on.isoformat()
    told = [step for step in action.history if step.on <= day]
    status = told[-1].status if told else None
    since = ""
    for step in reversed(told):
        if step.status is not status:
            break
        since = step.on
    overdue = action.due < day and status is not ActionStatus.BLUE
    return ActionState(status, since, told[-1].note if told else "", overdue)


def grades_by(judgement: Judgement, on: date) -> tuple[GradeGiven, ...]:
    """The grades given by a day, the one in force on it last."""
    return tuple(each for each in judgement.grades if each.on <= on.isoformat())


def decisions_on(plan: Plan, on: date) -> tuple[tuple[Decision, DecisionIs], ...]:
    """The decisions made by a day and how each stood on it, in the plan's order. What was done later was open."""
    day = on.isoformat()

    def stood(each: Decision) -> DecisionIs:
        if each.done_on and each.done_on <= day:
            return DecisionIs.DONE
        return DecisionIs.OVERDUE if each.due < day else DecisionIs.OPEN

    return tuple((each, stood(each)) for each in plan.decisions if each.meeting <= day)


def with_extract(plan: Plan, rows: pd.DataFrame) -> Plan:
    """The plan with the statuses of an actions extract in the histories of its actions.

    `rows` has the columns of the dataset `actions`. On a day for which both the plan and the extract have a status,
    the extract's counts, as it is the later record. Rows of actions that are not in the plan change nothing:
    `not_in_plan` names them.
    """
    told: dict[str, list[DatedStatus]] = {}
    for action_id, on, status, note in zip(
        rows["action_id"], rows["status_on"], rows["status"], rows["note"].fillna(""), strict=True
    ):
        step = DatedStatus(on=on.date(), status=ActionStatus(status), note=plain_text(str(note)))
        told.setdefault(str(action_id), []).append(step)
    actions = tuple(_added(action, told.get(action.id, [])) for action in plan.actions)
    return plan.model_copy(update={"actions": actions})


def _added(action: Action, told: Sequence[DatedStatus]) -> Action:
    by_day = {step.on: step for step in (*action.history, *told)}
    return action.model_copy(update={"history": tuple(by_day[on] for on in sorted(by_day))}) if told else action


def not_in_plan(plan: Plan, rows: pd.DataFrame) -> tuple[str, ...]:
    """The actions of an extract that the plan does not have, in the order of the extract, each once."""
    known = {action.id for action in plan.actions}
    return tuple(dict.fromkeys(str(each) for each in rows["action_id"] if str(each) not in known))


def measures_shown(plan: Plan, measures: Sequence[Measure], pack: PackName | None) -> tuple[Measure, ...]:
    """The measures of a pack (None: all), in the plan's order and by the plan's titles and owners; the others follow.

    Those of one table, as the steps of a funnel, stay together in their own order, where the first of them would stand.
    Only for showing: figures are computed from the measures as they are defined.
    """
    entries = {entry.id: (place, entry) for place, entry in enumerate(plan.measures)}
    last = (len(entries), MeasureShown(id="any"))
    chosen = [(*entries.get(measure.id, last), measure) for measure in measures]
    shown = [each for each in chosen if pack is None or not each[1].packs or pack in each[1].packs]
    tables: dict[str, int] = {}
    for place, _, measure in shown:
        if measure.shown.table:
            tables[measure.shown.table.id] = min(place, tables.get(measure.shown.table.id, place))
    shown.sort(key=lambda each: tables[each[2].shown.table.id] if each[2].shown.table else each[0])
    return tuple(
        replace(m, title=entry.title or m.title, owner=plan.role_of(entry.owner) if entry.owner else m.owner)
        for _, entry, m in shown
    )
