"""The ledger: the database of deliveries, readings, runs, figures, faults and packs. Nothing else touches it.

SQLAlchemy Core on SQLite. Figures are appended, never updated: each row carries the run that wrote it, and what a
run knew is, for every key, the newest row written up to it. Keys are constraints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from perfpipe.ledger.tables import (
    FAULT_FIELDS,
    FIGURE_FIELDS,
    FIGURE_KEY,
    FIGURE_NUMBERS,
    deliveries,
    extract_files,
    extracts,
    faults,
    figures,
    packs,
    reading_corrections,
    readings,
    run_readings,
    runs,
)

if TYPE_CHECKING:
    import pandas as pd

REVISION = "0004"
Record = dict[str, Any]


class Ledger:
    """One workspace's ledger. Open it with `Ledger.open`; write inside `writing()`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._open: sa.Connection | None = None

    @classmethod
    def open(cls, folder: Path) -> Ledger:
        """Open or create the ledger in a workspace's `data/processed`, at the newest schema revision."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "ledger.db"
        engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 60})
        sa.event.listen(engine, "connect", _configure)
        with engine.connect() as connection:
            tables = sa.text("select 1 from sqlite_master where name = 'alembic_version'")
            version = None
            if connection.execute(tables).first():
                version = connection.execute(sa.text("select version_num from alembic_version")).scalar()
        if version != REVISION:
            from perfpipe.ledger.migrations import upgrade

            upgrade(engine)
        return cls(engine)

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all that is written inside is kept, or none of it."""
        with self._engine.begin() as connection:
            self._open = connection
            try:
                yield
            finally:
                self._open = None

    def _write(self, statement: sa.Executable, rows: Sequence[Record] | None = None) -> sa.CursorResult[Any]:
        if self._open is None:
            raise RuntimeError("a write outside Ledger.writing()")
        return self._open.execute(statement, rows) if rows is not None else self._open.execute(statement)

    def _read(self, query: sa.Select[Any]) -> list[Record]:
        return [row._asdict() for row in self._rows(query)]

    def _rows(self, query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        if self._open is not None:
            return self._open.execute(query).all()
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    # deliveries and extracts

    def extract(self, extract_id: str) -> Record | None:
        """One extract by its id, or None."""
        return next(iter(self._read(sa.select(extracts).where(extracts.c.id == extract_id))), None)

    def add_delivery(self, extract: Record, files: Sequence[Record], delivery: Record) -> None:
        """Record a delivery, and its extract if it is new."""
        if self.extract(extract["id"]) is None:
            self._write(sa.insert(extracts), [extract])
            self._write(sa.insert(extract_files), [{"extract_id": extract["id"], **file} for file in files])
        self._write(sa.insert(deliveries), [{"extract_id": extract["id"], **delivery}])

    def last_deliveries(self) -> dict[tuple[str, str], Record]:
        """The newest delivery of each file name in each folder, by folder and name, with `withdrawn_at` if it was."""
        query = sa.select(deliveries, extracts.c.withdrawn_at).join(extracts, deliveries.c.extract_id == extracts.c.id)
        return {(row["folder"], row["main_file"]): row for row in self._read(query.order_by(deliveries.c.id))}

    def extracts_known(self, until: datetime | None) -> list[Record]:
        """Extracts received by then and not withdrawn, one for each folder that they came in.

        Each has `folder`, `main_file`, `received_at` (the first time), `declared_at` (when the source made it, if the
        delivery says so), `first_folder` (where it came first), `files` (as `files_of` gives them), and `replaced`:
        another file has since come under the same name in the same folder.
        """
        later = deliveries.alias("later")
        newer = (later.c.folder == deliveries.c.folder) & (later.c.main_file == deliveries.c.main_file)
        replaced = sa.exists().where(newer & (later.c.id > deliveries.c.id)).correlate(deliveries)
        query = (
            sa.select(extracts, deliveries, replaced.label("replaced"))
            .join(deliveries, deliveries.c.extract_id == extracts.c.id)
            .where(extracts.c.withdrawn_at.is_(None))
            .order_by(extracts.c.dataset, deliveries.c.id)
        )
        claims: dict[tuple[str, str], Record] = {}
        first_folder: dict[str, str] = {}
        for row in self._read(query):
            if until is not None and row["received_at"] > until:
                continue
            first_folder.setdefault(row["extract_id"], row["folder"])
            claim = claims.setdefault((row["extract_id"], row["folder"]), row)
            claim["replaced"] &= row["replaced"]
        files: dict[str, list[Record]] = {}
        for file in self._read(sa.select(extract_files)):
            files.setdefault(file["extract_id"], []).append(file)
        return [
            {**claim, "id": key[0], "first_folder": first_folder[key[0]], "files": files[key[0]]}
            for key, claim in claims.items()
        ]

    def files_of(self, extract_id: str) -> list[Record]:
        """The files of an extract: name, sha256, bytes."""
        return self._read(sa.select(extract_files).where(extract_files.c.extract_id == extract_id))

    def extracts_named(self, start: str) -> list[Record]:
        """The extracts whose id starts so, withdrawn ones included."""
        return self._read(sa.select(extracts).where(extracts.c.id.startswith(start, autoescape=True)))

    def withdraw(self, extract_id: str, reason: str, at: datetime) -> None:
        """Withdraw an extract. Nothing is deleted."""
        change = sa.update(extracts).where(extracts.c.id == extract_id)
        self._write(change.values(withdrawn_at=at, withdrawn_reason=reason))

    # readings and faults

    def reading(self, reading_id: str) -> Record | None:
        """One reading by its id, or None."""
        return next(iter(self._read(sa.select(readings).where(readings.c.id == reading_id))), None)

    def readings_known(self) -> dict[str, Record]:
        """All readings by their ids."""
        return {row["id"]: row for row in self._read(sa.select(readings))}

    def add_reading(self, reading: Record, found: Iterable[Record], corrected: Sequence[Record] = ()) -> None:
        """Record what was read from an extract, its faults, and what each declared correction met in it.

        A reading made again replaces itself.
        """
        self._write(sa.delete(faults).where(faults.c.reading_id == reading["id"]))
        of_it = reading_corrections.c.reading_id == reading["id"]
        self._write(sa.delete(reading_corrections).where(of_it))
        if self.reading(reading["id"]) is None:
            self._write(sa.insert(readings), [reading])
        self._add_faults(found, reading_id=reading["id"], run_id=None)
        if corrected:
            self._write(sa.insert(reading_corrections), [{"reading_id": reading["id"], **row} for row in corrected])

    def _add_faults(self, found: Iterable[Record], **owner: str | int | None) -> None:
        rows = [{**fault, **owner} for fault in found]
        if rows:
            self._write(sa.insert(faults), rows)

    def faults_of(self, reading_ids: Sequence[str], run_id: int | None = None) -> pd.DataFrame:
        """The faults of some readings, and of a run, with the columns of `Fault`."""
        import pandas as pd

        owned = faults.c.reading_id.in_(reading_ids)
        query = sa.select(*(faults.c[name] for name in FAULT_FIELDS))
        query = query.where(owned if run_id is None else owned | (faults.c.run_id == run_id))
        rows = self._read(query.order_by(faults.c.id))
        return pd.DataFrame(rows, columns=list(FAULT_FIELDS))

    def faults_to_follow(self, reading_ids: Sequence[str]) -> list[Record]:
        """The faults of some readings that somebody has to mend, by what is needed to follow them over time."""
        names = ("reading_id", "rule", "row", "defect", "identity", "held_until")
        query = sa.select(*(faults.c[name] for name in names)).where(faults.c.reading_id.in_(reading_ids))
        return self._read(query.where(faults.c.severity != "info").order_by(faults.c.id))

    def corrections_met(self, reading_ids: Sequence[str]) -> list[Record]:
        """What each correction met in some readings: `reading_id`, `correction`, `row`, `outcome`."""
        met = reading_corrections
        query = sa.select(met).where(met.c.reading_id.in_(reading_ids))
        return self._read(query.order_by(met.c.reading_id, met.c.correction, met.c.row))

    # runs, figures and packs

    def add_run(self, run: Record, used: Sequence[Record], found: Iterable[Record]) -> int:
        """Record a run, the readings it used and the faults it found between extracts; returns its id."""
        run_id = int(self._write(sa.insert(runs).returning(runs.c.id), [run]).scalar_one())
        if used:
            self._write(sa.insert(run_readings), [{"run_id": run_id, **row} for row in used])
        self._add_faults(found, reading_id=None, run_id=run_id)
        return run_id

    def runs(self, month: str | None = None, containing: str | None = None) -> list[Record]:
        """Runs in order, all or of one month, or those whose span contains a month."""
        query = sa.select(runs).order_by(runs.c.id)
        if month is not None:
            query = query.where(runs.c.month == month)
        if containing is not None:
            query = query.where((runs.c.first_month <= containing) & (runs.c.month >= containing))
        return self._read(query)

    def readings_of(self, run_id: int) -> list[Record]:
        """The readings that a run used, with `months`, those that each spoke for, separated by blanks."""
        query = sa.select(readings, run_readings.c.months).join(
            run_readings, run_readings.c.reading_id == readings.c.id
        )
        return self._read(query.where(run_readings.c.run_id == run_id).order_by(readings.c.id))

    def figures_as_of(
        self, run_id: int, first_month: str, last_month: str, fields: Sequence[str] = (*FIGURE_FIELDS, "run_id")
    ) -> pd.DataFrame:
        """What was known after a run, for a span of months: one row per key, the newest written up to it.

        `fields`: the columns besides those of the key; fewer take less time.
        """
        import pandas as pd

        span = (figures.c.month >= first_month) & (figures.c.month <= last_month)
        # SQLite takes the other columns from the row that has the maximum: half the time of a window function
        newest = sa.func.max(figures.c.run_id).label("run_id")
        columns = [*FIGURE_KEY, *(name for name in fields if name != "run_id"), "retracted"]
        query = sa.select(*(figures.c[name] for name in columns), newest).where(span & (figures.c.run_id <= run_id))
        query = query.group_by(*(figures.c[name] for name in FIGURE_KEY))
        frame = pd.DataFrame([tuple(row) for row in self._rows(query)], columns=[*columns, "run_id"])
        frame = frame.loc[~frame["retracted"].astype(bool), [*FIGURE_KEY, *fields]]
        dtypes = dict.fromkeys(FIGURE_NUMBERS, "float64") | {"provisional": "bool", "definition_version": "int64"}
        return frame.astype({name: dtypes[name] for name in fields if name in dtypes}).reset_index(drop=True)

    def add_figures(self, run_id: int, rows: Sequence[Record]) -> None:
        """Append figures: records with the fields of the table, but for the run."""
        if rows:
            self._write(sa.insert(figures), [{**row, "run_id": run_id} for row in rows])

    def packs(self, audience: str, month: str | None = None) -> list[Record]:
        """Published editions in the order of publication, with the span of months of their runs."""
        query = sa.select(packs, runs.c.first_month, runs.c.fingerprint).join(runs, runs.c.id == packs.c.run_id)
        query = query.where(packs.c.audience == audience).order_by(packs.c.id)
        return self._read(query if month is None else query.where(packs.c.month == month))

    def add_pack(self, pack: Record) -> None:
        """Record an edition: from here on it is published."""
        self._write(sa.insert(packs), [pack])


def _configure(connection: Any, _: object) -> None:
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
