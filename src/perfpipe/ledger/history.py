"""What the ledger keeps of editions: what they showed, who saw them, which backfill made them, and who did what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from perfpipe.dates.months import Month
from perfpipe.frames.frame import Frame
from perfpipe.ledger.erasures import ErasureLedger
from perfpipe.ledger.history_records import PACK_ID, BackfillRecord, EventRecord, ReleaseRecord
from perfpipe.ledger.history_tables import (
    CELLS,
    FIRST_FIGURES,
    backfills,
    events,
    first_figures,
    notices,
    published_cells,
    releases,
)
from perfpipe.ledger.ledger_file import columns_of
from perfpipe.ledger.records import PackAudience

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import DataclassInstance


def _new(record: DataclassInstance) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name != "id"}


class HistoryLedger(ErasureLedger):
    """The part of a ledger that says what was seen, and why and by whom."""

    def add_cells(self, pack_id: int, cells: pd.DataFrame) -> None:
        """Record what an edition showed, as `CELLS`."""
        rows = cells[CELLS.names].itertuples(index=False, name=None)
        if len(cells):
            self._write(
                sa.insert(published_cells),
                [{PACK_ID: pack_id, **dict(zip(CELLS.names, row, strict=True))} for row in rows],
            )

    def cells_of(self, pack_ids: Sequence[int], first: Month, last: Month) -> pd.DataFrame:
        """What some editions showed of a span of months: `CELLS` and `pack_id`."""
        import pandas as pd

        query = sa.select(published_cells.c.pack_id, *(published_cells.c[name] for name in CELLS.names))
        query = query.where(published_cells.c.pack_id.in_(pack_ids))
        rows = self._rows(query.where(published_cells.c.month.between(str(first), str(last))))
        found = pd.DataFrame([tuple(row) for row in rows], columns=[PACK_ID, *CELLS.names])
        return found.astype({PACK_ID: "int64", **CELLS.dtypes})

    def releases(self, audience: PackAudience) -> list[ReleaseRecord]:
        """What was released to an audience, in the order in which it was recorded; also what was reopened since."""
        query = columns_of(ReleaseRecord, releases).where(releases.c.audience == audience)
        return self._records(ReleaseRecord, query.order_by(releases.c.id))

    def add_release(self, release: ReleaseRecord) -> None:
        """Record that an audience saw an edition."""
        self._write(sa.insert(releases), [_new(release)])

    def reopen(self, release_ids: Sequence[int], reason: str, at: datetime) -> None:
        """Record that releases are taken back. Nothing is deleted."""
        change = sa.update(releases).where(releases.c.id.in_(release_ids))
        self._write(change.values(reopened_at=at, reopened_reason=reason))

    def add_backfill(self, backfill: BackfillRecord) -> int:
        """Record that a backfill begins; returns its id."""
        return int(self._write(sa.insert(backfills).returning(backfills.c.id), [_new(backfill)]).scalar_one())

    def finish_backfill(self, backfill_id: int, at: datetime) -> None:
        """Record that it ended."""
        self._write(sa.update(backfills).where(backfills.c.id == backfill_id).values(finished_at=at))

    def backfills(self) -> list[BackfillRecord]:
        """All backfills, the first first."""
        return self._records(BackfillRecord, columns_of(BackfillRecord, backfills).order_by(backfills.c.id))

    def add_event(self, event: EventRecord) -> None:
        """Record what somebody did. Events are never changed or removed."""
        self._write(sa.insert(events), [_new(event)])

    def events(self, month: Month | None = None) -> list[EventRecord]:
        """What was done, the first first; of one month only what concerns it."""
        query = columns_of(EventRecord, events).order_by(events.c.id)
        return self._records(EventRecord, query if month is None else query.where(events.c.month == month))

    def add_first_figures(self, figures: pd.DataFrame) -> None:
        """Keep `FIRST_FIGURES`: what was known at the due day of a month, once."""
        plain = figures[FIRST_FIGURES.names].astype(object)
        rows = plain.where(plain.notna(), None).to_dict("records")
        if rows:
            self._write(sa.insert(first_figures), [{str(name): value for name, value in row.items()} for row in rows])

    def first_figures(self) -> pd.DataFrame:
        """All that was kept, as `FIRST_FIGURES`."""
        return _frame(self._rows(sa.select(*(first_figures.c[name] for name in FIRST_FIGURES.names))), FIRST_FIGURES)

    def was_told(self, told: str) -> bool:
        """Whether a notice was told, by its hash."""
        return self._rows(sa.select(notices.c.told).where(notices.c.told == told)) != []

    def add_notice(self, told: str, occasion: str, at: datetime) -> None:
        """Record that a notice was told."""
        self._write(sa.insert(notices).values(told=told, occasion=occasion, at=at))


def _frame(rows: Sequence[sa.Row[*tuple[object, ...]]], frame: Frame) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([tuple(row) for row in rows], columns=frame.names).astype(frame.dtypes)
