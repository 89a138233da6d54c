"""Records of the ledger on what audiences saw and who did what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from perfpipe.dates.months import Month
from perfpipe.ledger.records import PackAudience

PACK_ID = "pack_id"  # of what an edition showed


class ReleasedBy(StrEnum):
    """How an edition came to count as seen by its audience (definitions 1.10)."""

    PERSON = "person"
    IMPORT = "import"
    UPGRADE = "upgrade"  # the newest of its month before releases were kept; counts only where no meeting is planned


@dataclass(frozen=True)
class ReleaseRecord:
    """That an audience saw an edition: since when, by whose word and why; and when that was taken back, if it was."""

    pack_id: int
    audience: PackAudience
    released_on: date
    released_by: ReleasedBy
    role: str
    login: str
    note: str
    recorded_at: datetime
    reopened_at: datetime | None = None
    reopened_reason: str = ""
    id: int = 0  # given by the ledger


@dataclass(frozen=True)
class BackfillRecord:
    """A backfill: its months, why it was made, by whom, and when it ended."""

    first_month: Month
    last_month: Month
    reason: str
    note: str
    role: str
    login: str
    started_at: datetime
    finished_at: datetime | None = None
    id: int = 0  # given by the ledger


class EventKind(StrEnum):
    """What somebody did."""

    RECEIVED = "received"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"
    DRAFTED = "drafted"
    MADE_AS_KNOWN = "made as known"
    SETTING_CHANGED = "setting changed"
    PLAN_CHANGED = "plan changed"
    CORRECTION_CHANGED = "correction changed"
    FAULT_ACCEPTED = "fault accepted"
    RELEASED = "released"
    REOPENED = "reopened"
    BACKFILLED = "backfilled"
    IMPORTED = "imported"
    COMMENTED = "commentary changed"
    ERASED = "erased"


@dataclass(frozen=True)
class EventRecord:
    """Something that somebody did: never a value of a record. `about`: a dataset, extract, key or edition."""

    at: datetime
    role: str
    login: str
    what: EventKind
    month: Month | None
    about: str
    why: str
    id: int = 0  # given by the ledger
