"""A measure off its target, in the fixed order: what, why it matters for the child, action, owner, by when."""

from __future__ import annotations

from perfpipe.packs.content.pages.levels import whole
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import plain, several, strong
from perfpipe.packs.models.blocks import Terms, Text, Words
from perfpipe.packs.models.commentary import COMMENTARY, OWNER, QUESTION, OwnersWords
from perfpipe.packs.wording.plan_words import long_day, status_words
from perfpipe.plan import Action, action_status

MOST_ACTIONS = 2
FITS = 260  # letters of an owner's words, so that a page about a topic stays on one sheet
NO_WORDS = "Its owner has not yet said why."
NO_ACTION = "No open action in the plan"


def exception(subject: Subject, heading: str = "", words: OwnersWords | None = None, question: str = "") -> Terms:
    """The block of one measure. Cause, action and question are its owner's `words`, where it gave them; else the
    actions of the plan, and the `question` that follows from the figures. Long words stand on their own page alone.
    """
    terms: list[tuple[str, Text]] = [
        ("What", (whole(subject),)),
        ("For the child", plain(f"{subject.measure.why_it_matters.rstrip('.')}.")),
    ]
    if words is None:
        terms.append(("Cause", plain(NO_WORDS)))
    elif len(words.cause) + len(words.action) > FITS:
        said = f"In the words of {words.owner}, with action and question"
        terms.append((words.cause_is, (Words(said, link=COMMENTARY),)))
        words = None
    terms += _owners(words) if words else []
    actions, most = open_actions(subject), 0 if words and words.action else MOST_ACTIONS
    if not actions and most:
        terms.append(("Action", plain(f"{NO_ACTION}.")))
    for action in actions[:most]:
        terms += _action(subject, action)
    if len(actions) > most:
        more = f"{len(actions) - most} more open" if most else f"{several(len(actions), 'open action')}"
        terms.append(("In the plan", (Words(more, link="plan"),)))
    put = (words.question if words else "") or question
    terms += [(QUESTION, (strong(put),))] if put else []
    return Terms(tuple(terms), heading or subject.title, words.note if words else "")


def _owners(words: OwnersWords) -> list[tuple[str, Text]]:
    """What its owner gave, short enough for a page about a topic; the question comes last, whoever put it."""
    return [(term, plain(said)) for term, said in words.terms if term != QUESTION]


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
    by = f"{plan.role_of(action.owner)}, {long_day(action.due)}"
    return [
        ("Action", plain(f"{action.id} {action.what}. {status_words(state.status)}.")),
        (OWNER, (Words(by), *late)),
    ]
