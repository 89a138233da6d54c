"""What a pack cannot say: a line for each missing extract, and what else cannot be relied on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfpipe.datasets import BY_ID
from perfpipe.measures.words import Status
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import all_arrived, joined, number_word, several, strong
from perfpipe.packs.models.blocks import Block, ItemList, Paragraph, Text, Words
from perfpipe.packs.models.sources import ExtractUse
from perfpipe.packs.wording.numbers import listed
from perfpipe.packs.wording.sentences import MARKER_WORDS

ALL_SAID = "Every extract arrived, and every target has a figure that can be relied on."
MOST_NAMED = 3


def cannot_say(subjects: Sequence[Subject], extracts: Sequence[ExtractUse]) -> tuple[Block, ...]:
    """A list of missing extracts, and a paragraph of the rest; where all can be said, the one that says so.

    Each measure is named once.
    """
    missing = [each for each in extracts if each.extracted_at is None]
    lost: list[Subject] = []
    items: list[Text] = []
    for extract in missing:
        of_it = [each for each in subjects if each.figure.value is None and each not in lost and _needs(each, extract)]
        lost += of_it
        items.append(_missing(extract, of_it))
    lines = _doubts([each for each in subjects if each not in lost])
    if extracts and not missing:
        everything = f"{all_arrived(len(extracts))}." if lines or not subjects else ALL_SAID
        lines.insert(0, (Words(everything),))
    blocks = ((ItemList(tuple(items)),) if items else (), (Paragraph(joined(lines, " ")),) if lines else ())
    return tuple(block for each in blocks for block in each) or (Paragraph((Words(ALL_SAID),)),)


def _missing(extract: ExtractUse, of_it: Sequence[Subject]) -> Text:
    """`Return home interviews: no extract after February 2018, so no figure for three targets.`"""
    named = _named(of_it) if len(of_it) < MOST_NAMED else several(len(of_it), "target")
    last = f" after {extract.last_month.label}" if extract.last_month else " yet"
    follows = f"so no figure for {named}" if of_it else "but no target rests on it"
    return strong(f"{BY_ID[extract.dataset].title}:"), Words(f" no extract{last}, {follows}.")


def _doubts(others: Sequence[Subject]) -> list[Text]:
    """Figures that are not there for other reasons, and those not to be relied on."""
    lines: list[Text] = []
    for reason, of_it in _by_reason(each for each in others if each.figure.value is None).items():
        lines.append((strong(f"No figure for {_named(of_it)}:"), Words(f" {reason}.")))
    known = [each for each in others if each.figure.value is not None]
    undecided = [each for each in known if each.row.status is Status.NOT_DECIDED]
    lossy = [each for each in known if each.figure.left_out and each not in undecided]
    doubts = (
        ("Provisional", [each for each in known if each.figure.provisional]),
        ("Few cases", [each for each in known if each.figure.low_base and not each.figure.provisional]),
        ("Not decided, because records are left out", undecided),
        ("Incomplete, because records are left out", lossy),
    )
    return [*lines, *(_line(doubt, of_it) for doubt, of_it in doubts if of_it)]


def _line(why: str, subjects: Sequence[Subject]) -> Text:
    return strong(f"{why}:"), Words(f" {_named(subjects)}.")


def _needs(subject: Subject, extract: ExtractUse) -> bool:
    return extract.dataset in [each.id for each in subject.measure.basis.datasets]


def _by_reason(subjects: Iterable[Subject]) -> dict[str, list[Subject]]:
    reasons: dict[str, list[Subject]] = {}
    for each in subjects:
        reasons.setdefault(each.figure.reason or MARKER_WORDS[each.figure.marker], []).append(each)
    return reasons


def _named(subjects: Sequence[Subject]) -> str:
    titles = [f"{each.title[0].lower()}{each.title[1:]}" for each in subjects]
    if len(titles) <= MOST_NAMED:
        return listed(titles)
    named = titles[: MOST_NAMED - 1]
    return f"{several(len(titles), 'target')}, {listed([*named, f'{number_word(len(titles) - len(named))} more'])}"
