"""What differs from what the Board has seen, as packs show it, and the rows that made it differ, for analysts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RevisionLine:
    """A figure: what it was when it was seen, what it is, its statuses, and why."""

    measure_id: str
    code: str
    title: str
    month: str  # June 2017
    part: str  # the period and the group; empty for the whole
    was: str
    now: str
    status_before: str
    status_now: str
    why: str
    sentence: str
    is_step: bool = False  # of a table: its measure stands beside others, and has no page of its own


@dataclass(frozen=True)
class RevisionTable:
    """All lines, those whose status changed first; `note` says why there is none, or how to read them."""

    note: str
    lines: tuple[RevisionLine, ...]


@dataclass(frozen=True)
class RecordLine:
    """A record that made the difference: where it stood and stands, what became of it, which figures it changed."""

    dataset: str
    what: str
    file_then: str
    sheet_then: str
    row_then: int | None
    file_now: str
    sheet_now: str
    row_now: int | None
    figures: str


@dataclass(frozen=True)
class RevisionsBook:
    """The analyst's workbook of revisions."""

    authority: str
    month_label: str
    audience: str
    fingerprint: str
    table: RevisionTable
    records: tuple[RecordLine, ...]
