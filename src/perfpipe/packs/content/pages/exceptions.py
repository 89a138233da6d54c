"""A measure off its target, in the fixed order: what, why it matters for the child, action, owner, by when."""

from __future__ import annotations

from datetime import date

from perfpipe.packs.content.pages.levels import in_one
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import plain
from perfpipe.packs.models.blocks import Terms, Text, Words
from perfpipe.packs.wording.plan_words import long_day, status_words
from perfpipe.plan import Action, action_status

MOST_ACTIONS = 2
NO_ACTION = "No open action in the plan"


def exception(subject: Subject, heading: str = "") -> Terms:
    """The block of one measure. Cause and question are for its owner to give: without, their lines are left out."""
    terms: list[tuple[str, Text]] = [
        ("What", plain(in_one(subject))),
        ("For the child", plain(f"{subject.measure.why_it_matters.rstrip('.')}.")),
    ]
    actions = open_actions(subject)
    if not actions:
        terms.append(("Action", plain(f"{NO_ACTION}.")))
    for action in actions[:MOST_ACTIONS]:
        terms += _action(subject, action)
    if len(actions) > MOST_ACTIONS:
        more = Words(f"{len(actions) - MOST_ACTIONS} more in the plan", link="plan")
        terms.append(("And", (more,)))
    return Terms(tuple(terms), heading or subject.title)


def open_actions(subject: Subject) -> tuple[Action, ...]:
    """What is being done about a measure: the actions of its recommendations that are not done, the overdue first."""
    plan, on = subject.scene.plan, subject.scene.month.last_day
    chosen = [each for each in plan.recommendations if subject.measure.id in plan.measures_of(each)]
    actions = [action for each in chosen for action in plan.actions_of(each) if not action_status(action, on).done]
    return tuple(sorted(actions, key=lambda action: action.due))


def _action(subject: Subject, action: Action) -> list[tuple[str, Text]]:
    plan, on = subject.scene.plan, subject.scene.month.last_day
    state = action_status(action, on)
    late = (Words(" · "), Words("overdue", strong=True)) if state.overdue else ()
    return [
        ("Action", plain(f"{action.id} {action.what}. {status_words(state.status)}.")),
        ("Owner", plain(plan.role_of(action.owner))),
        ("By when", (Words(long_day(date.fromisoformat(action.due))), *late)),
    ]
