"""The words of owners as a pack shows them, finished for readers."""

from __future__ import annotations

from dataclasses import dataclass

Term = tuple[str, str]
OWNER = "Owner, by when"
QUESTION = "Question to put"
COMMENTARY = "commentary"  # the id of the page that has all of them


@dataclass(frozen=True)
class OwnersWords:
    """What an owner wrote of a measure over a period. Texts are empty where nothing was written.

    `said_by`: the role and the day; `stale`: that the figure has changed since, and how; empty where it has not.
    """

    measure_id: str
    period: str
    code: str
    title: str
    sentence: str  # by rule: what the figure comes to now
    for_the_child: str
    cause_is: str  # a cause, or what a figure on its target means
    cause: str
    action: str
    owner: str
    by_when: str
    question: str
    said_by: str
    stale: str

    @property
    def note(self) -> str:
        """Whose words, of which day, and of which figure."""
        return " ".join(filter(None, (f"{self.said_by}.", self.stale)))

    @property
    def terms(self) -> tuple[Term, ...]:
        """What was written, in the order of an exception."""
        told = (
            (self.cause_is, self.cause),
            ("Action", self.action),
            (OWNER, ", ".join(filter(None, (self.owner, self.by_when))) if self.action else self.by_when),
            (QUESTION, self.question),
        )
        return tuple((term, said) for term, said in told if said)


@dataclass(frozen=True)
class OwnersCommentary:
    """All of them, in the order of the pack. `note`: in one line, how many there are; `without`: exceptions that have
    none, by title.
    """

    note: str
    words: tuple[OwnersWords, ...] = ()
    without: tuple[str, ...] = ()
