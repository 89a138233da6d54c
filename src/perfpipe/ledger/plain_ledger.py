"""The ledger read by plain SQL: what short commands ask of it.

`status` and `figures` would wait longer for SQLAlchemy to load than for all that they ask. What is asked here gives
what `Ledger` gives.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from perfpipe.dates.months import Month
from perfpipe.ledger.history_records import ReleasedBy, ReleaseRecord
from perfpipe.ledger.records import EditionKind, EditionRecord, PackAudience, RunRecord, RunState
from perfpipe.ledger.sqlite_file import FILE, LOCK_SECONDS, REVISION, sqlite_failures
from perfpipe.measures.figure import KEY

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
MEANT: Mapping[str, Callable[[str], object]] = {  # what the text of a column means, in whatever table it is
    "month": Month.parse,
    "first_month": Month.parse,
    "state": RunState,
    "audience": PackAudience,
    "kind": EditionKind,
    "released_by": ReleasedBy,
    "released_on": date.fromisoformat,
    "kept": lambda text: json.loads(text or "{}"),
    "seen": lambda text: tuple(map(int, text.split())),
    **dict.fromkeys(("known_at", "run_at", "recorded_at", "reopened_at"), datetime.fromisoformat),
}
OF_KEY = ", ".join(f'"{name}"' for name in KEY)
FILES_TAKEN = """
select folder, main_file from deliveries
union
select deliveries.folder, extract_files.name
from extract_files join deliveries using (extract_id) join extracts on extracts.id = deliveries.extract_id
where extracts.withdrawn_at is null
"""
CAME = """
select extract_id, received_at, min(deliveries.id) as first
from deliveries join extracts on extracts.id = extract_id
where withdrawn_at is null group by extract_id, folder order by first
"""
FAULT_COUNTS = """
select severity, count(*) as number from faults join run_readings using (reading_id)
where run_readings.run_id = ? and instr(months, ?) group by severity
"""


@dataclass(frozen=True)
class NewestReading:
    """The newest reading of a dataset whose extract is not withdrawn."""

    dataset: str
    last_month: Month
    extracted_at: datetime
    came_at: datetime


class PlainLedger:
    """One workspace's ledger, to be read."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the ledger in a workspace's `data/processed`; made or brought to the newest revision where it must be.

        What is asked of it, this too, raises MachineFailure where its file cannot be read.
        """
        path = folder / FILE
        with sqlite_failures(path):
            if not path.exists() or _revision_of(path) != REVISION:
                from perfpipe.ledger.database import open_database

                open_database(folder).dispose()
            return cls(_connected(path), path)

    def close(self) -> None:
        """Let go of the database file."""
        self._connection.close()

    def runs(self) -> list[RunRecord]:
        """Runs in order."""
        return self._records(RunRecord, "runs")

    def run(self, run_id: int) -> RunRecord:
        """One run by its id, which some row of the ledger names."""
        return self._records(RunRecord, "runs", "id = ?", run_id)[0]

    def runs_with_data(self) -> set[int]:
        """The ids of the runs that used at least one extract."""
        return {int(row["run_id"]) for row in self._rows("select distinct run_id from run_readings")}

    def packs(self, audience: PackAudience, month: Month | None = None) -> list[EditionRecord]:
        """Published editions in the order of publication, without drafts and the like."""
        whose, given = "audience = ? and kind = ?", (audience.value, EditionKind.EDITION.value)
        if month is None:
            return self._records(EditionRecord, "packs", whose, *given)
        return self._records(EditionRecord, "packs", f"{whose} and month = ?", *given, str(month))

    def releases(self, audience: PackAudience) -> list[ReleaseRecord]:
        """What was released to an audience, in the order in which it was recorded; also what was reopened since."""
        return self._records(ReleaseRecord, "releases", "audience = ?", audience.value)

    def frozen_names(self) -> set[tuple[str, str, str]]:
        """The measure, month and period of each figure that stays as it was published."""
        return {
            (row["measure_id"], row["month"], row["period"])
            for row in self._rows("select measure_id, month, period from frozen_figures")
        }

    def figures_as_of(self, run_id: int, first: Month, last: Month, names: Sequence[str]) -> list[sqlite3.Row]:
        """What was known after a run, for a span of months: the newest row written of each figure up to it.

        `names`: the columns, the first in each row, with values as they are stored.
        """
        wanted = ", ".join("max(run_id) as run_id" if name == "run_id" else f'"{name}"' for name in names)
        query = f"select {wanted}, retracted from figures where month between ? and ? and run_id <= ? group by {OF_KEY}"
        rows = self._rows(query, str(first), str(last), run_id)
        return [row for row in rows if not row["retracted"]]

    def cells_of(self, pack_ids: Sequence[int], first: Month, last: Month) -> list[sqlite3.Row]:
        """What some editions showed of a span of months."""
        places = ", ".join("?" * len(pack_ids))
        query = f"select * from published_cells where pack_id in ({places}) and month between ? and ?"
        return self._rows(query, *pack_ids, str(first), str(last))

    def fault_counts(self, run_id: int, month: Month) -> dict[str, int]:
        """How many faults of each severity are in the extracts that a run used for a month."""
        return {row["severity"]: row["number"] for row in self._rows(FAULT_COUNTS, run_id, str(month))}

    def newest_readings(self) -> dict[str, NewestReading]:
        """The newest reading of each dataset that has one, by its dataset."""
        came = {row["extract_id"]: datetime.fromisoformat(row["received_at"]) for row in self._rows(CAME)}
        newest = {}
        for row in self._rows("select * from readings order by last_month desc, extracted_at desc, rowid"):
            if row["extract_id"] in came and row["dataset"] not in newest:
                made_at = datetime.fromisoformat(row["extracted_at"])
                month = Month.parse(row["last_month"])
                newest[row["dataset"]] = NewestReading(row["dataset"], month, made_at, came[row["extract_id"]])
        return newest

    def files_taken(self) -> set[tuple[str, str]]:
        """The folder and name of each file that came, but for the parts of extracts that are withdrawn."""
        return {(row[0], row[1]) for row in self._rows(FILES_TAKEN)}

    def _rows(self, query: str, *given: str | int) -> list[sqlite3.Row]:
        with sqlite_failures(self._path):
            return self._connection.execute(query, given).fetchall()

    def _records(self, kind: type[T], table: str, where: str = "true", *given: str | int) -> list[T]:
        names = [field.name for field in fields(kind)]
        make: Callable[..., T] = kind
        return [
            make(*(_meant(name, row[name]) for name in names))
            for row in self._rows(f"select * from {table} where {where} order by id", *given)
        ]


def _meant(name: str, stored: Any) -> object:
    if stored is None:
        return {} if name == "kept" else None
    return MEANT[name](stored) if name in MEANT else stored


def _connected(path: Path) -> sqlite3.Connection:
    """Not opened to read alone: SQLite first takes back what a killed run had half written."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=LOCK_SECONDS)
    connection.row_factory = sqlite3.Row
    connection.execute("pragma query_only = on")
    return connection


def _revision_of(path: Path) -> str | None:
    connection = _connected(path)
    try:
        if not connection.execute("select 1 from sqlite_master where name = 'alembic_version'").fetchone():
            return None
        return str(connection.execute("select version_num from alembic_version").fetchone()[0])
    finally:
        connection.close()
