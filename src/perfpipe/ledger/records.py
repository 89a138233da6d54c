"""What the ledger takes and gives: one typed record a row. Stored texts come out as what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from perfpipe.datasets.definition import Selects
from perfpipe.datasets.extract_part import ExtractPart
from perfpipe.datasets.seen_column import SeenColumn
from perfpipe.dates.months import Month
from perfpipe.ledger.erasure_records import ErasedFile


class RunState(StrEnum):
    """What became of a run."""

    DONE = "done"  # it published
    UNCHANGED = "unchanged"  # all that decides its figures was as in the run before
    DRAFT = "draft"  # it made a draft, as its month is signed off; its figures are nowhere else
    AS_KNOWN = "as_known"  # it made a pack as it would have been on a day
    IMPORTED = "imported"  # no run of this program: what an older pack had shown


class PackAudience(StrEnum):
    """For whom an edition is, and so in which folder it is."""

    BOARD = "board"
    ANALYST = "analyst"
    RETURN = "return"  # the quarterly return


class EditionKind(StrEnum):
    """What an edition is; each kind has numbers of its own."""

    EDITION = "edition"
    DRAFT = "draft"
    AS_KNOWN = "as_known"
    IMPORTED = "imported"  # in the ledger alone: what an older pack had shown


class CorrectionResult(StrEnum):
    """What a declared correction came to in an extract that holds its record."""

    APPLIED = "applied"
    OTHER_VALUE = "other value"  # the record does not say what the correction calls wrong
    SEVERAL = "several"  # records have its key


@dataclass(frozen=True)
class StoredFile:
    """One file of an extract: its name, and the hash under which the store keeps its content."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class ExtractRecord:
    """An extract: files of one dataset, named by the hash of what they are."""

    id: str
    dataset: str
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None


@dataclass(frozen=True)
class DeliveryRecord:
    """One arrival of an extract in a folder. Instants are in UTC.

    `declared_at`: when the source made it, if the delivery says so; `received_at`: when it arrived, as declared, else
    as `recorded_at`, when this program took it in.
    """

    extract_id: str
    folder: str
    main_file: str
    declared_at: datetime | None
    received_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class LastDelivery:
    """The newest arrival under a name in a folder, and when its extract was withdrawn, if it was."""

    delivery: DeliveryRecord
    withdrawn_at: datetime | None


def was_known(received_at: datetime, taken_in_at: datetime, withdrawn_at: datetime | None, at: datetime) -> bool:
    """Whether an extract was known at an instant (definitions 1.5).

    One that was withdrawn since only from when it was really taken in: a wrong file of a history that was loaded later
    was never known to anybody.
    """
    if withdrawn_at is None:
        return received_at <= at
    return max(received_at, taken_in_at) <= at < withdrawn_at


@dataclass(frozen=True)
class ExtractInFolder:
    """An extract, as it first came into one folder.

    `first_folder` is where it came first; `replaced`: another extract of its dataset has since come under its name in
    this folder; `given_to_another`: one of another dataset has, from the same workbook or by another layout; `erased`:
    its files that were erased, by their hashes, as far as there are any.
    """

    id: str
    dataset: str
    delivery: DeliveryRecord
    first_folder: str
    files: tuple[StoredFile, ...]
    replaced: bool
    given_to_another: bool = False
    withdrawn_at: datetime | None = None
    erased: Mapping[str, ErasedFile] = field(default_factory=dict)

    @property
    def is_gone(self) -> bool:
        """Whether a file of it was erased of which nothing is kept: it is used for no month, and no other instead."""
        return any(not each.kept_sha256 for each in self.erased.values())

    def kept_of(self, file: StoredFile) -> str | None:
        """The hash of what is kept of a file, where rows of it were erased; None: the file itself."""
        return self.erased[file.sha256].kept_sha256 if file.sha256 in self.erased else None

    @property
    def folder(self) -> str:
        """The name of the folder."""
        return self.delivery.folder


@dataclass(frozen=True)
class ReadingNotes:
    """How an extract was read: its layout and from when that is in force, and what its file looked like.

    `time_from`: what says when it was made: note, cell, file_name, or nothing but its folder; `unfinished`: a CSV file
    whose last line has no end; `accepted`: the rules whose faults in it have been accepted, by `[[accepted]]`; `parts`:
    of an extract in parts, where each is; `turned`: its records stand side by side, so that its rows are columns.
    """

    layout: str
    time_from: str
    unfinished: bool
    seen: tuple[SeenColumn, ...]
    accepted: tuple[str, ...] = ()
    parts: tuple[ExtractPart, ...] = ()
    turned: bool = False


@dataclass(frozen=True)
class ReadingRecord:
    """What was read from an extract, but for its rows. Those made before a column was added have None there."""

    id: str
    extract_id: str
    dataset: str
    layout: str
    extracted_at: datetime
    first_month: Month
    last_month: Month
    selects_by: Selects
    declared: bool
    sheet: str
    rows: int
    content_sha256: str | None
    notes: ReadingNotes | None


@dataclass(frozen=True)
class UsedReading:
    """A reading that a run used, and the months that it was used for in it."""

    reading: ReadingRecord
    months: tuple[Month, ...]


@dataclass(frozen=True)
class CorrectionOutcome:
    """What one correction met in one extract: its record's row, and whether it was applied there."""

    correction: str
    row: int
    outcome: CorrectionResult


@dataclass(frozen=True)
class FaultToFollow:
    """A fault that needs to be looked at, by what is needed to follow it over time: see `Fault`."""

    reading_id: str
    rule: str
    row: int
    defect: str
    identity: str
    held_until: str


@dataclass(frozen=True)
class RunRecord:
    """One run: its months, what decided it, and what it was made with."""

    month: Month
    first_month: Month
    state: RunState
    fingerprint: str
    same_as: int | None  # the run whose edition stands
    known_at: datetime | None
    run_at: datetime
    reason: str
    code_version: str
    plan_sha256: str
    kept: Mapping[str, str] = field(default_factory=dict)  # the hash of each file of settings, by its name
    seen: tuple[int, ...] | None = None  # the editions that its audience had seen when it started, in that order
    login: str = ""
    backfill_id: int | None = None
    commentary_sha256: str = ""  # of the words of owners that it showed; empty without any
    id: int = 0  # given by the ledger

    @property
    def is_done(self) -> bool:
        """True where it published an edition of its own."""
        return self.state is RunState.DONE


@dataclass(frozen=True)
class EditionRecord:
    """A published edition of a month for an audience, and the run it shows."""

    run_id: int
    month: Month
    audience: PackAudience
    edition: int
    manifest_sha256: str
    kind: EditionKind = EditionKind.EDITION
    id: int = 0  # given by the ledger
