"""What a pack cannot say: a line for each missing extract, and one for each reason beside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfpipe.datasets import BY_ID
from perfpipe.measures.words import Status
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import all_arrived, number_word, several, strong
from perfpipe.packs.models.blocks import Text, Words
from perfpipe.packs.models.sources import ExtractUse
from perfpipe.packs.wording.numbers import listed
from perfpipe.packs.wording.sentences import MARKER_WORDS

ALL_SAID = "Every extract arrived, and every target has a figure that can be relied on."
MOST_NAMED = 3


def cannot_say(subjects: Sequence[Subject], extracts: Sequence[ExtractUse]) -> tuple[Text, ...]:
    """The lines; where all can be said, the one that says so. Each measure stands in one line."""
    missing = [each.dataset for each in extracts if each.extracted_at is None]
    lines: list[Text] = []
    lost: list[Subject] = []
    for dataset in missing:
        of_it = [each for each in subjects if each.figure.value is None and each not in lost and _needs(each, dataset)]
        lost += of_it
        named = _named(of_it) if len(of_it) < MOST_NAMED else several(len(of_it), "target")
        follows = f": no figure of {named}." if of_it else ": no target rests on it."
        lines.append((strong(f"{BY_ID[dataset].title} did not arrive"), Words(follows)))
    others = [each for each in subjects if each not in lost]
    for reason, of_it in _by_reason(each for each in others if each.figure.value is None).items():
        lines.append((strong(f"No figure of {_named(of_it)}:"), Words(f" {reason}.")))
    known = [each for each in others if each.figure.value is not None]
    undecided = [each for each in known if each.row.status is Status.NOT_DECIDED]
    lossy = [each for each in known if each.figure.left_out and each not in undecided]
    doubts = (
        ("Provisional", [each for each in known if each.figure.provisional]),
        ("Few cases", [each for each in known if each.figure.low_base and not each.figure.provisional]),
        ("Not decided, as records are left out", undecided),
        ("Incomplete, as records are left out", lossy),
    )
    lines += [_line(doubt, of_it) for doubt, of_it in doubts if of_it]
    if extracts and not missing and lines:
        lines.insert(0, (Words(f"{all_arrived(len(extracts))}."),))
    return tuple(lines) or ((Words(ALL_SAID if subjects or not extracts else f"{all_arrived(len(extracts))}."),),)


def _line(why: str, subjects: Sequence[Subject]) -> Text:
    return strong(f"{why}:"), Words(f" {_named(subjects)}.")


def _needs(subject: Subject, dataset: str) -> bool:
    return dataset in [each.id for each in subject.measure.basis.datasets]


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
