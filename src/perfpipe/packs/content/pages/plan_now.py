"""How actions and decisions of the plan stand on the last day of the report month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from perfpipe.packs.content.series import Scene
from perfpipe.plan import Action, ActionState, ActionStatus, DecisionIs, action_status, decisions_on
from perfpipe.plan.tables import Decision


@dataclass(frozen=True)
class ActionNow:
    """An action, how it stands, and by how many days it is overdue: 0 where it is not."""

    action: Action
    state: ActionState
    days_late: int


@dataclass(frozen=True)
class DecisionNow:
    """A decision that is not done, and by how many days it is overdue: 0 where it is not."""

    decision: Decision
    days_late: int


def actions_now(scene: Scene) -> tuple[ActionNow, ...]:
    """Every action, in the order of the plan."""
    on = scene.month.last_day
    return tuple(_action(action, on) for action in scene.plan.actions)


def troubled_actions(scene: Scene) -> tuple[ActionNow, ...]:
    """The actions that are overdue, those off track at the top, then the longest; then those that are off track."""
    troubled = [each for each in actions_now(scene) if each.state.overdue or is_off_track(each)]
    return tuple(sorted(troubled, key=lambda each: (not each.state.overdue, not is_off_track(each), -each.days_late)))


def is_off_track(each: ActionNow) -> bool:
    """Whether an action is reported as red."""
    return each.state.status is ActionStatus.RED


def open_decisions(scene: Scene) -> tuple[DecisionNow, ...]:
    """The decisions that are not done, the one due first at the top."""
    on = scene.month.last_day
    still = [(each, stands) for each, stands in decisions_on(scene.plan, on) if stands is not DecisionIs.DONE]
    return tuple(
        DecisionNow(each, _days(each.due, on) if stands is DecisionIs.OVERDUE else 0)
        for each, stands in sorted(still, key=lambda each: (each[0].due, each[0].id))
    )


def _action(action: Action, on: date) -> ActionNow:
    state = action_status(action, on)
    return ActionNow(action, state, _days(action.due, on) if state.overdue else 0)


def _days(due: str, on: date) -> int:
    return (on - date.fromisoformat(due)).days
