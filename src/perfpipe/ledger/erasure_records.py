"""Records of the ledger on what was erased: never an id or a value of the person whose records went."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class ErasureKind(StrEnum):
    """Why something went: one person's records, or what is older than it is kept."""

    PERSON = "person"
    RETENTION = "retention"


@dataclass(frozen=True)
class ErasureWork:
    """All that an erasure has to do, recorded before it begins, so that it can go on after it was killed.

    `files`: hashes of delivered files; `whole`: those of them of which nothing is kept. `extracts`: whose readings are
    made again. `rows`: places of the person's rows, each an extract, a file, a sheet and a row. `records`: by dataset
    keyed hashes of what names their records. `packs`: editions whose restricted workbooks go. `corrections_before`: a
    day before which corrections go, and no others. It is emptied when the erasure has finished.
    """

    files: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    extracts: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, str, int], ...] = ()
    records: dict[str, tuple[str, ...]] = field(default_factory=dict)
    packs: tuple[int, ...] = ()
    corrections_before: str = ""


@dataclass(frozen=True)
class ErasureRecord:
    """One erasure: by whom and why, when it began and ended. `person`: a keyed hash of kind and id, or empty."""

    kind: ErasureKind
    person: str
    reason: str
    role: str
    login: str
    begun_at: datetime
    finished_at: datetime | None = None
    work: ErasureWork = field(default_factory=ErasureWork)
    id: int = 0  # given by the ledger


@dataclass(frozen=True)
class ErasedFile:
    """A file that went, by its hash, and the hash of what is kept in its place; empty: nothing is."""

    sha256: str
    kept_sha256: str
    erased_at: datetime
    reason: str


@dataclass(frozen=True)
class ErasedOutput:
    """A restricted workbook that a note stands in place of: the hash of both."""

    pack_id: int
    name: str
    erasure_id: int
    sha256: str
    note_sha256: str


@dataclass(frozen=True)
class ErasedCorrection:
    """What stays of a declared correction."""

    erasure_id: int
    dataset: str
    column: str
    reason: str
    role: str
    declared_on: date
