"""The content of the workbook of caseloads and open placements. It names workers and children."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TeamCell = str | int | float | date | None  # None: not known


@dataclass(frozen=True)
class TeamList:
    """One sheet: what it holds, as at which extract and in which order, its headers and rows."""

    title: str
    note: str
    headers: tuple[str, ...]
    rows: tuple[tuple[TeamCell, ...], ...]


@dataclass(frozen=True)
class TeamBook:
    """All that the workbook shows; `missing`: what it lacks as no extract has come for the month, in words."""

    authority: str
    month_label: str
    audience: str
    fingerprint: str
    lists: tuple[TeamList, ...]
    missing: tuple[str, ...]
