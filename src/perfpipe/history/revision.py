"""A revision: a figure that differs from what its audience saw, step by step, and why (definitions 1.11)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from perfpipe.measures.counts import Unit

FigureKey = tuple[str, str, str, str, str]  # as measures.figure.KEY


class Cause(StrEnum):
    """Why a figure differs from what was seen."""

    LATE = "late"  # records, or cells that were blank, entered since
    CORRECTED = "corrected"
    REOPENED = "reopened"  # a record that had an end has none now
    DELETED = "deleted"
    DUE = "due"  # the records are as they were, but enough time has passed to judge them
    ARRIVED = "arrived"  # there was no extract that could tell
    UNREADABLE = "unreadable"  # faults keep more or fewer records out
    WITHDRAWN = "withdrawn"
    LAYOUT = "layout"
    CORRECTION = "correction"  # one that is declared in corrections.toml
    SETTINGS = "settings"
    TARGET = "target"
    COUNTING = "counting"  # what the plan says of counting
    DEFINITION = "definition"  # a new version of the measure
    PROGRAM = "program"
    OTHER_PACK = "other_pack"  # what was seen is not of this program
    NOT_SEPARABLE = "not_separable"  # something that it was made from is no more there


OF_RECORDS = (Cause.LATE, Cause.CORRECTED, Cause.REOPENED, Cause.DELETED, Cause.DUE)


@dataclass(frozen=True)
class KnownFigure:
    """A figure at one step: whether it has a value, the exact value, and its status (empty: not said)."""

    state: str
    value: Fraction | None
    status: str


@dataclass(frozen=True)
class RevisionStep:
    """One thing that changed, and the figure before and after. `about`: the extract, where it is one."""

    cause: Cause
    about: str
    before: KnownFigure
    after: KnownFigure


@dataclass(frozen=True)
class CauseCount:
    """A cause, and how many records it concerns; 0 where it is not of records."""

    cause: Cause
    records: int = 0


@dataclass(frozen=True)
class RecordChange:
    """A record that made the difference: where it stood in the extract that was used then, and stands now.

    `record` is a number of this comparison, no name. Where it did not stand or stands no more, file is empty.
    `cells`: the columns that differ, where it stands in both.
    """

    cause: Cause
    dataset: str
    record: int
    file_then: str
    sheet_then: str
    row_then: int
    file_now: str
    sheet_now: str
    row_now: int
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Revision:
    """A figure whose shown value or status differs from what was seen; its steps add up to the change.

    `shown`, `shown_now`: as a reader saw it, and sees it now. `settings_kept`: False where the run that was seen kept
    no settings, so that today's stand in for them.
    """

    key: FigureKey
    code: str
    dataset: str
    unit: Unit
    shown: str
    shown_now: str
    seen: KnownFigure
    now: KnownFigure
    steps: tuple[RevisionStep, ...]
    causes: tuple[CauseCount, ...]
    records: tuple[RecordChange, ...] = ()
    settings_kept: bool = True
