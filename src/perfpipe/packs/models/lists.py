"""The content of the service's workbook of lists. It names children."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class EpisodeLine:
    """One episode on a list. `since` is local time; `by_date`: only its date is known. Blank: not known."""

    what: str
    episode: str
    child: str
    since: datetime
    by_date: bool
    hours: int
    looked_after: str
    area: str
    authority: str
    offered: str
    outcome: str
    file: str
    sheet: str
    row: int


@dataclass(frozen=True)
class ServiceList:
    """One list, with what its hours are, and in which order and of whom it is."""

    title: str
    hours: str
    note: str
    rows: tuple[EpisodeLine, ...]


@dataclass(frozen=True)
class ListsBook:
    """All that the workbook shows; `as_at` is the extract's local time, None where there is no extract."""

    authority: str
    month_label: str
    audience: str
    fingerprint: str
    as_at: datetime | None
    lists: tuple[ServiceList, ...]
