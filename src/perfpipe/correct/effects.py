"""Which figures move by a correction, and by when the source must have made it itself."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from perfpipe.dates.months import Month
from perfpipe.settings.settings import Settings

KEY = ["measure_id", "code", "month", "period", "breakdown", "group"]
NUMBERS = ["numerator", "denominator", "value", "state"]


@dataclass(frozen=True)
class FigureMove:
    """A figure before and after: its numerator, denominator and value in words, or why there is none."""

    code: str
    month: str
    period: str
    breakdown: str
    group: str
    before: str
    after: str


def moves_between(before: pd.DataFrame, after: pd.DataFrame) -> list[FigureMove]:
    """The figures that differ, the newest months first, the whole before its groups."""
    both = before[[*KEY, *NUMBERS]].merge(after[[*KEY, *NUMBERS]], on=KEY, how="outer", suffixes=("_before", "_after"))
    moved = [row for row in both.to_dict("records") if _words(row, "_before") != _words(row, "_after")]
    moved.sort(key=lambda row: (row["month"], row["breakdown"] == "all"), reverse=True)
    return [
        FigureMove(
            code=str(row["code"]),
            month=str(row["month"]),
            period=str(row["period"]),
            breakdown=str(row["breakdown"]),
            group=str(row["group"]),
            before=_words(row, "_before"),
            after=_words(row, "_after"),
        )
        for row in moved
    ]


def _words(row: Mapping[Hashable, Any], when: str) -> str:
    state, value = row[f"state{when}"], row[f"value{when}"]
    if not isinstance(value, float) or pd.isna(value):
        return "no figure" if pd.isna(state) else str(state).replace("_", " ")
    top, bottom = row[f"numerator{when}"], row[f"denominator{when}"]
    if isinstance(bottom, float) and not pd.isna(bottom):
        counts = f"{top:g} of {bottom:g}" if isinstance(top, float) and not pd.isna(top) else f"of {bottom:g}"
        return f"{counts} = {value:.4g}"
    return f"{value:g}"


def due_at_source(settings: Settings, dataset: str, newest: Month) -> tuple[Month, date | None, str]:
    """The month whose extract must have it right, when that is due (None: settings do not say), and from whom."""
    expected = next((each for each in settings.expected if each.dataset == dataset), None)
    due = expected.due_on(newest + 1, settings.closure_days) if expected else None
    return newest + 1, due, expected.sender if expected else settings.owner_of(dataset)
