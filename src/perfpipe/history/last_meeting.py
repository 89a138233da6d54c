"""The last meeting before a pack's own day, and what it was shown: as published, else as known on its day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from perfpipe.dates.months import LONDON, Month, end_of_day
from perfpipe.ledger.history_tables import CELLS
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience
from perfpipe.measures.counts import Unit
from perfpipe.measures.figure import KEY
from perfpipe.measures.shown_numbers import rounded, shown_number
from perfpipe.measures.words import MARKERS, NOT_AVAILABLE, State
from perfpipe.plan import Audience, Plan
from perfpipe.plan.tables import Meeting

FiguresKnown = Callable[[datetime, Month], pd.DataFrame]


@dataclass(frozen=True)
class LastMeeting:
    """A meeting that has been: its day, the last month of its data, and `shown`: `CELLS` of that month.

    `as_known`: nothing was released for it, so that these are figures as known on its day.
    """

    on: date
    data_to: Month
    shown: pd.DataFrame
    as_known: bool


def pack_day(plan: Plan, month: Month, known_at: datetime | None) -> date:
    """A pack's own day: that of the Board's meeting that is shown its month, else of its last receipt, else month end.

    Definitions 1.10.
    """
    meeting = next((each for each in plan.meetings_of(Audience.BOARD) if each.data_to == month), None)
    if meeting:
        return date.fromisoformat(meeting.on)
    return known_at.astimezone(LONDON).date() if known_at else month.last_day


def meeting_before(plan: Plan, month: Month, day: date) -> Meeting | None:
    """The last meeting of the Board before a pack's own day that was shown an earlier month."""
    earlier = [each for each in plan.meetings_of(Audience.BOARD) if each.on < day.isoformat() and each.data_to < month]
    return earlier[-1] if earlier else None


def last_meeting(
    ledger: Ledger, plan: Plan, month: Month, known_at: datetime | None, seen: tuple[int, ...], figures: FiguresKnown
) -> LastMeeting | None:
    """The last meeting before a pack's own day, with what it was shown; None where none has been with data.

    `seen`: the editions that the Board had seen; `figures`: assessed figures of a month as known at an instant.
    """
    meeting = meeting_before(plan, month, pack_day(plan, month, known_at))
    if meeting is None:
        return None
    on = date.fromisoformat(meeting.on)
    published = (*ledger.imported(), *ledger.packs(PackAudience.BOARD, meeting.data_to))
    editions = [each for each in published if each.id in seen and each.month == meeting.data_to]
    if editions:
        cells = ledger.cells_of([editions[-1].id], meeting.data_to, meeting.data_to)
        return LastMeeting(on, meeting.data_to, cells[CELLS.names], as_known=False)
    known = figures(end_of_day(on), meeting.data_to)
    shown = as_cells(known[known["month"] == str(meeting.data_to)])
    return LastMeeting(on, meeting.data_to, shown, as_known=True) if (shown["state"] == State.OK).any() else None


def as_cells(assessed: pd.DataFrame) -> pd.DataFrame:
    """Assessed figures as an edition would show them: `CELLS`."""
    names = ("state", "value", "numerator", "denominator", "unit", "target", "status")
    columns = (assessed[name].fillna("") if name == "target" else assessed[name] for name in names)
    texts = [_shown(*figure) for figure in zip(*(column.tolist() for column in columns), strict=True)]
    shown = pd.DataFrame(texts, columns=["number", "shown"], index=assessed.index)
    cells = pd.concat([assessed[[*KEY, "state", "status"]], shown], axis=1)[CELLS.names]
    return CELLS.checked(cells.astype(CELLS.dtypes).reset_index(drop=True))


def _shown(
    state: str, value: float, numerator: float, denominator: float, unit: str, target: str, status: str
) -> tuple[str, str]:
    if state != State.OK or pd.isna(value):
        return "", MARKERS.get(State(state), NOT_AVAILABLE)
    number = shown_number(value, numerator, denominator, Unit(unit), target, status)
    return str(rounded(number.exact, Unit(unit), number.decimals)), number.text
