"""What the Board is asked: what the plan's overdue decisions, and its overdue and off-track actions, need of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from perfpipe.measures.words import Status
from perfpipe.packs.content.keys_on_pages import keys_in
from perfpipe.packs.content.pages.levels import evidence as said_of
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.plan_now import ActionNow, DecisionNow, is_off_track, open_decisions, troubled_actions
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import linked, number_word, strong
from perfpipe.packs.content.pages.topic_words import SPACE
from perfpipe.packs.models.blocks import (
    BoardPage,
    ItemList,
    Text,
    Words,
)
from perfpipe.packs.wording.plan_words import brief_day, long_day
from perfpipe.plan import Audience
from perfpipe.plan.tables import ACTION_WORDS

MOST = 3
TOPICS_FROM = 5  # the number of the first page about a topic
TITLE = "What we ask of the Board"
NOTHING = "Nothing: no decision is overdue, and no action is overdue or off track."
WORST_FIRST = (Status.MISSED, Status.NEAR)


@dataclass(frozen=True)
class AskBox:
    """The box, and how many decisions it asks for."""

    box: ItemList
    decisions: int


def asked(material: Material, pages: Sequence[BoardPage]) -> AskBox:
    """Overdue decisions first, then overdue actions, those off track at the top; the others are to be noted."""
    late = [each for each in open_decisions(material.scene) if each.days_late]
    every = [_of_decision(material, each) for each in late]
    every += [_of_action(material, each, pages) for each in troubled_actions(material.scene)]
    if not every:
        return AskBox(ItemList(((Words(NOTHING),),), TITLE, boxed=True), 0)
    title = f"{TITLE}{_by_when(material)}"
    items = every[:MOST]
    if len(every) > MOST:
        more = len(every) - MOST
        verb = "is" if more == 1 else "are"
        words = f" {number_word(more)} more that {verb} overdue or off track. "
        items.append((strong("Note"), Words(words), *_page(3, "plan")))
    return AskBox(ItemList(tuple(items), title, numbered=True, boxed=True), min(len(every), MOST))


def _of_decision(material: Material, each: DecisionNow) -> Text:
    decision = each.decision
    who = material.scene.plan.role_of(decision.owner)
    words = f" a new date for decision {decision.id} ({who}, due {_day(decision.due)}): {decision.what}. "
    return strong("Agree"), Words(words), *_page(3, "plan")


def _of_action(material: Material, each: ActionNow, pages: Sequence[BoardPage]) -> Text:
    action = each.action
    verb, rest = ("Decide", "what replaces") if is_off_track(each) else ("Agree", "a new date for")
    state = f"{ACTION_WORDS[each.state.status]}, " if each.state.status else ""
    who = material.scene.plan.role_of(action.owner)
    evidence = _evidence(material, action.recommendation)
    words = Words(f" {rest} action {action.id} ({who}, {state}due {_day(action.due)}): {action.what}. ")
    told = (said_of(evidence), Words(" ")) if evidence else ()
    return strong(verb), words, *told, *_where(evidence, pages)


def _day(due: str) -> str:
    return brief_day(due).replace(" ", SPACE)


def _by_when(material: Material) -> str:
    """When it is asked: at the meeting that is shown this pack, else at the next one in the plan."""
    later = (each.on for each in material.scene.plan.meetings_of(Audience.BOARD) if each.on >= material.day.isoformat())
    return next((f" at its meeting on {long_day(date.fromisoformat(on))}" for on in later), "")


def _evidence(material: Material, recommendation: str) -> Subject | None:
    """The first target of a recommendation that is surely missed, else near."""
    chosen = next(each for each in material.scene.plan.recommendations if each.id == recommendation)
    ids = material.scene.plan.measures_of(chosen)
    of_it = [each for each in material.targeted if each.measure.id in ids and not each.is_doubtful]
    return next((each for status in WORST_FIRST for each in of_it if each.row.status is status), None)


def _where(evidence: Subject | None, pages: Sequence[BoardPage]) -> Text:
    if evidence is None:
        return _page(3, "plan")
    topics = [page for page in pages if page.number >= TOPICS_FROM]
    best = max(topics, key=lambda page: _times_on(page, evidence.measure.id), default=None)
    best = best if best and _times_on(best, evidence.measure.id) else None
    return _page(best.number, best.id) if best else _page(4, "scorecard")


def _times_on(page: BoardPage, measure: str) -> int:
    """How many figures of a measure a page shows."""
    return sum(key[0] == measure for block in page.blocks for key in keys_in(block))


def _page(number: int, page: str) -> Text:
    return (linked(f"Page {number}", page),)
