"""Page 1: what is asked, what is better and worse, the targets, what cannot be said, and what else is in the pack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from perfpipe.measures.words import STATUS_WORDS, Movement, capital
from perfpipe.packs.content.pages.asks import AskBox, asked
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.scorecard import COUNTED, NOT_KNOWN
from perfpipe.packs.content.pages.signs import STATUS_SIGNS, doubt
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import how_many, joined, linked, number_word, paragraph, several, strong
from perfpipe.packs.content.pages.tiles import tiles
from perfpipe.packs.content.pages.unsaid import cannot_say
from perfpipe.packs.models.blocks import (
    Block,
    BoardPage,
    Heading,
    Manner,
    Paragraph,
    TallyOf,
    TallyPart,
    Text,
    Words,
)
from perfpipe.packs.wording.numbers import listed

MOST_NAMED = 2
SELDOM = 2  # months between one and the next: rather said so than as one a month
BY_CHANCE = 100  # of so many tests at 99%, one names a measure where nothing has changed
NONE_MOVED = "No measure with a target is clearly better or worse."
OF_THOSE_KNOWN = "{many} with a figure: none is clearly better or worse. Of {rest} nothing can be said."
NO_TARGETS = "The plan has no target for this month."


def need_to_know(material: Material, pages: Sequence[BoardPage]) -> BoardPage:
    """The page; `pages` are all others."""
    subjects, ask = material.targeted, asked(material, pages)
    blocks: tuple[Block, ...] = (
        paragraph(_lede(subjects), Manner.LEDE),
        ask.box,
        Heading("What changed, and what did not"),
        tiles(subjects, material.scene.month.label) if subjects else paragraph(NO_TARGETS),
        *(_against_targets(subjects, material.charted) if subjects else ()),
        Heading("What cannot be said"),
        *cannot_say(subjects, material.extracts),
        Paragraph((strong("In this pack: "), *_contents(pages), *_commentary(material)), Manner.NOTE),
    )
    return BoardPage("need-to-know", 1, "Need to know", heading(subjects, ask), blocks)


def _against_targets(subjects: Sequence[Subject], charted: Sequence[Subject]) -> tuple[Block, ...]:
    note = " ".join(filter(None, (doubted(subjects), by_chance(charted))))
    heading = Heading(f"Against the plan’s {several(len(subjects), 'target')}")
    return heading, TallyOf(_tally(subjects)), paragraph(note, Manner.NOTE)


def _contents(pages: Sequence[BoardPage]) -> Text:
    return joined([(linked(f"{page.number} {page.topic}", page.id),) for page in pages], " · ")


def _commentary(material: Material) -> Text:
    return Words(". "), Words(material.content.commentary.note)


def heading(subjects: Sequence[Subject], ask: AskBox) -> str:
    """`Two decisions needed; one worse, three better`."""
    count = Counter(each.row.movement for each in subjects)
    worse, better = count[Movement.WORSE], count[Movement.BETTER]
    told = f"{several(ask.decisions, 'decision') if ask.decisions else 'no decision'} needed; "
    without = sum(each.figure.value is None for each in subjects)
    if not worse and not better and 2 * without > len(subjects):
        return capital(f"{told}no figure for {without} of {several(len(subjects), 'target')}")
    if not worse and not better:
        return capital(f"{told}nothing clearly better or worse")
    return capital(f"{told}{how_many(worse)} worse, {how_many(better)} better")


def _lede(subjects: Sequence[Subject]) -> str:
    """What is worse and what is better, by name."""
    told = [
        f"{capital(movement)}: {_named(of_it)}."
        for movement in (Movement.WORSE, Movement.BETTER)
        if (of_it := [each for each in subjects if each.row.movement is movement])
    ]
    known = sum(each.figure.value is not None for each in subjects)
    if not told and known < len(subjects):
        return OF_THOSE_KNOWN.format(many=capital(several(known, "target")), rest=number_word(len(subjects) - known))
    return " ".join(told or [NONE_MOVED])


def _named(subjects: Sequence[Subject]) -> str:
    """Up to two by name, else the first; one of which the figure is in doubt comes last, and says so."""
    ranked = sorted(subjects, key=lambda each: each.is_doubtful)
    named = ranked if len(ranked) <= MOST_NAMED else ranked[:1]
    others = len(ranked) - len(named)
    return listed([*map(_title, named), *([f"{number_word(others)} more"] if others else [])])


def _title(subject: Subject) -> str:
    doubted_for = f" ({doubt(subject)})" if subject.is_doubtful else ""
    return f"{subject.title[0].lower()}{subject.title[1:]}{doubted_for}"


def _tally(subjects: Sequence[Subject]) -> tuple[TallyPart, ...]:
    """The targets that are met, near and missed, and those of which it is not known."""
    count = Counter(each.row.status for each in subjects)
    told = [*COUNTED, *(each for each in NOT_KNOWN if count[each])]
    return tuple(TallyPart(capital(STATUS_WORDS[each]), STATUS_SIGNS[each], count[each]) for each in told)


def doubted(subjects: Sequence[Subject]) -> str:
    """`One met and two missed are provisional or on few cases.`; empty where none is."""
    count = {each: sum(one.is_doubtful for one in subjects if one.row.status is each) for each in COUNTED}
    told = [f"{number_word(number)} {STATUS_WORDS[each]}" for each, number in count.items() if number]
    if not told:
        return ""
    verb = "is" if sum(count.values()) == 1 else "are"
    return f"{capital(listed(told))} {verb} provisional or on few cases."


def by_chance(subjects: Sequence[Subject]) -> str:
    """How many of the pack's measures chance alone would name: `one in about four months` of 24 tested."""
    tested = sum(each.row.movement is not Movement.NOT_TESTED for each in subjects)
    if not tested:
        return "No measure could be tested for a change yet."
    often, seldom = round(tested / BY_CHANCE), round(BY_CHANCE / tested)
    about = f"about {number_word(often)} a month" if seldom < SELDOM else f"one in about {number_word(seldom)} months"
    return f"Of {tested} tests, chance alone names {about}."
