"""The workbook in which owners write: its sheets and columns, and how much fits into a pack."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perfpipe.commentary.comment import Place
from perfpipe.dates.months import Month

SHEET, HELP, LISTS = "Commentary", "How to fill this in", "Lists"
HEADER_ROW = 4  # above it are the title and the two lines that everybody reads
MOST_ROWS = 5_000
MOST_BYTES, MOST_UNPACKED = 10_000_000, 100_000_000


class Holds(StrEnum):
    """What the cells of a column hold, and whose they are to fill."""

    GIVEN = "given"  # written by perfpipe, locked
    KEPT = "kept"  # the same, hidden: what the row is of
    WORDS = "words"
    DAY = "a day"
    ROLE = "a role"


@dataclass(frozen=True)
class FormColumn:
    """A column: its key, header, what it holds, its width in letters, and what is said to who fills it."""

    key: str
    title: str
    holds: Holds = Holds.GIVEN
    width: float = 20
    longest: int = 0  # letters of words
    help: str = ""


COLUMNS = (
    FormColumn("owner", "Owner", width=17),
    FormColumn("measure", "Measure", width=23),
    FormColumn("asked", "Please write?", width=15),
    FormColumn("figures", "The figures", width=25),
    FormColumn("sentence", "In one sentence", width=30),
    FormColumn("before", "What was written last", width=30),
    FormColumn("cause", "What it means, and the cause", Holds.WORDS, 44, 500,
               "What lies behind the figure, in two or three sentences"),
    FormColumn("action", "Action", Holds.WORDS, 34, 250, "What you do about it"),
    FormColumn("by_when", "By when", Holds.DAY, 12, help="The day by which the action is done"),
    FormColumn("question", "Question to put", Holds.WORDS, 28, 200, "What the Board should ask or decide"),
    FormColumn("role", "Written by", Holds.ROLE, 24, help="Choose your role from the list"),
    FormColumn("written_on", "Written on", Holds.DAY, 12, help="The day on which you wrote this: Ctrl+; is today"),
    FormColumn("length", "Letters used", width=15),
    FormColumn("key", "Key", Holds.KEPT),
    FormColumn("shown", "Figure as asked", Holds.KEPT),
    FormColumn("status", "Status as asked", Holds.KEPT),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
WORDS = tuple(column for column in COLUMNS if column.holds is Holds.WORDS)
TO_FILL = tuple(column for column in COLUMNS if column.holds in (Holds.WORDS, Holds.DAY, Holds.ROLE))
SAID = ("cause", "action", "by_when", "question")  # without any of these a row says nothing


@dataclass(frozen=True)
class FormRow:
    """What a row asks of whom: the owner, the measure and its figures in words, and what was written before."""

    owner: str
    measure: str
    asked: str
    is_asked: bool  # an exception: words are expected; else they are welcome
    figures: str
    sentence: str
    before: str
    place: Place
    shown: str
    status: str


def key_of(place: Place, month: Month) -> str:
    """What a row is of, as it stands in the workbook."""
    return " ".join((*place, str(month)))


def read_key(text: str) -> tuple[Place, str] | None:
    """The measure and period of a row, and its month; None where that is no key."""
    parts = text.split()
    return ((parts[0], parts[1]), parts[2]) if len(parts) == 3 else None
