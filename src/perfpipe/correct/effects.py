"""Which figures move by a correction, and by when the source must have made it itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from perfpipe.dates.months import Month
from perfpipe.history.last_meeting import as_cells
from perfpipe.measures.words import STATE_WORDS, State
from perfpipe.packs.wording.numbers import show_counts
from perfpipe.settings.settings import Settings

NAMES = ["measure_id", "code", "month", "period", "breakdown", "group"]


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
    """The figures whose words differ, the newest months first, the whole before its groups. Both are assessed."""
    old, new = (each[NAMES].assign(words=_words(each)) for each in (before, after))
    both = old.merge(new, on=NAMES, how="outer", suffixes=("_before", "_after")).fillna("no figure")
    moved = both[both["words_before"] != both["words_after"]]
    moved = moved.assign(whole=moved["breakdown"] == "all").sort_values(
        ["month", "whole"], ascending=False, kind="stable"
    )
    return [FigureMove(*row) for row in moved[[*NAMES[1:], "words_before", "words_after"]].itertuples(index=False)]


def _words(figures: pd.DataFrame) -> list[str]:
    """Each figure as packs show it, with what stands behind a share, or why there is none."""
    words = []
    for state, shown, *numbers in zip(
        figures["state"], as_cells(figures)["shown"], figures["numerator"], figures["denominator"], strict=True
    ):
        top, bottom = (None if pd.isna(number) else float(number) for number in numbers)
        counts = show_counts(top, bottom) if state == State.OK else ""
        words.append(f"{counts} = {shown}" if counts else STATE_WORDS.get(State(state), shown))
    return words


def due_at_source(settings: Settings, dataset: str, newest: Month) -> tuple[Month, date | None, str]:
    """The month whose extract must have it right, when that is due (None: settings do not say), and from whom."""
    expected = next((each for each in settings.expected if each.dataset == dataset), None)
    due = expected.due_on(newest + 1, settings.closure_days) if expected else None
    return newest + 1, due, expected.sender if expected else settings.owner_of(dataset)
