"""The ledger: the database of deliveries, readings, runs, figures, faults and packs. Nothing else touches it.

SQLAlchemy Core on SQLite. Figures are appended, never updated: each row carries the run that wrote it, and what a
run knew is, for every key, the newest row written up to it. Keys are constraints. What it takes and gives is in
`records.py`, and frames of figures in `figures.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.ledger.deliveries import extracts_known, last_deliveries, stored_files
from perfpipe.ledger.figure_frames import KNOWN_FIGURES
from perfpipe.ledger.figures import figure_rows, figures_from, newest_figures
from perfpipe.ledger.history import HistoryLedger
from perfpipe.ledger.ledger_file import columns_of
from perfpipe.ledger.records import (
    CorrectionOutcome,
    DeliveryRecord,
    EditionKind,
    EditionRecord,
    ExtractInFolder,
    ExtractRecord,
    FaultToFollow,
    LastDelivery,
    PackAudience,
    ReadingRecord,
    RunRecord,
    StoredFile,
    UsedReading,
)
from perfpipe.ledger.tables import (
    cached_files,
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
from perfpipe.rules.rule import Severity

if TYPE_CHECKING:
    import pandas as pd


class Ledger(HistoryLedger):
    """One workspace's ledger. Open it with `Ledger.open`; write inside `writing()`."""

    def add_delivery(self, dataset: str, files: Sequence[StoredFile], delivery: DeliveryRecord) -> None:
        """Record a delivery, and its extract if it is new."""
        extract_id = delivery.extract_id
        if not self._rows(sa.select(extracts.c.id).where(extracts.c.id == extract_id)):
            self._write(sa.insert(extracts), [vars(ExtractRecord(extract_id, dataset))])
            self._write(sa.insert(extract_files), [{"extract_id": extract_id, **vars(file)} for file in files])
        self._write(sa.insert(deliveries), [vars(delivery)])

    def last_deliveries(self) -> dict[tuple[str, str, str], LastDelivery]:
        """The newest delivery of each file name in each folder, by dataset, folder and name."""
        return last_deliveries(self._rows)

    def extracts_known(self, until: datetime | None) -> list[ExtractInFolder]:
        """Extracts received by then and not withdrawn by then, one for each folder that they came in."""
        return extracts_known(self._rows, until, self.erased_files())

    def extracts_ever(self) -> list[ExtractInFolder]:
        """All extracts that ever came, also those withdrawn, one for each folder that they came in."""
        return extracts_known(self._rows, None, self.erased_files(), withdrawn=True)

    def files_of(self, extract_id: str) -> list[StoredFile]:
        """The files of an extract."""
        query = columns_of(StoredFile, extract_files).where(extract_files.c.extract_id == extract_id)
        return self._records(StoredFile, query)

    def extracts_named(self, start: str) -> list[ExtractRecord]:
        """The extracts whose id starts so, withdrawn ones included."""
        return self._records(
            ExtractRecord, columns_of(ExtractRecord, extracts).where(extracts.c.id.startswith(start, autoescape=True))
        )

    def withdraw(self, extract_id: str, reason: str, at: datetime) -> None:
        """Withdraw an extract. Nothing is deleted."""
        change = sa.update(extracts).where(extracts.c.id == extract_id)
        self._write(change.values(withdrawn_at=at, withdrawn_reason=reason))

    def stored_files(self) -> list[tuple[str, StoredFile]]:
        """Every file of every extract, with a folder that it came in."""
        return stored_files(self._rows)

    def reading(self, reading_id: str) -> ReadingRecord | None:
        """One reading by its id, or None."""
        found = self._records(ReadingRecord, columns_of(ReadingRecord, readings).where(readings.c.id == reading_id))
        return found[0] if found else None

    def readings_known(self) -> dict[str, ReadingRecord]:
        """All readings by their ids."""
        return {reading.id: reading for reading in self._records(ReadingRecord, columns_of(ReadingRecord, readings))}

    def add_reading(
        self, reading: ReadingRecord, found: Iterable[Fault], corrected: Sequence[CorrectionOutcome] = ()
    ) -> None:
        """Record what was read from an extract, its faults, and what each declared correction met in it.

        A reading made again replaces itself.
        """
        self._write(sa.delete(faults).where(faults.c.reading_id == reading.id))
        of_it = reading_corrections.c.reading_id == reading.id
        self._write(sa.delete(reading_corrections).where(of_it))
        if self.reading(reading.id) is None:
            self._write(sa.insert(readings), [vars(reading)])
        self._add_faults(found, reading_id=reading.id, run_id=None)
        if corrected:
            rows = [{"reading_id": reading.id, **vars(outcome)} for outcome in corrected]
            self._write(sa.insert(reading_corrections), rows)

    def _add_faults(self, found: Iterable[Fault], **owner: str | int | None) -> None:
        rows = [{**vars(fault), **owner} for fault in found]
        if rows:
            self._write(sa.insert(faults), rows)

    def faults_of(self, reading_ids: Sequence[str]) -> list[Fault]:
        """The faults of some readings, in the order in which they were found."""
        query = columns_of(Fault, faults).where(faults.c.reading_id.in_(reading_ids))
        return self._records(Fault, query.order_by(faults.c.id))

    def faults_to_follow(self, reading_ids: Sequence[str]) -> list[FaultToFollow]:
        """The faults of some readings that need to be looked at."""
        query = columns_of(FaultToFollow, faults).where(faults.c.reading_id.in_(reading_ids))
        return self._records(FaultToFollow, query.where(faults.c.severity != Severity.INFO).order_by(faults.c.id))

    def corrections_met(self, reading_ids: Sequence[str]) -> dict[str, list[CorrectionOutcome]]:
        """What each declared correction met in some readings, by reading; without those in which none met any."""
        met = reading_corrections
        query = sa.select(met).where(met.c.reading_id.in_(reading_ids))
        outcomes: dict[str, list[CorrectionOutcome]] = {}
        for row in self._rows(query.order_by(met.c.reading_id, met.c.correction, met.c.row)):
            outcomes.setdefault(row.reading_id, []).append(CorrectionOutcome(row.correction, row.row, row.outcome))
        return outcomes

    def cached_files(self) -> dict[str, str]:
        """The hash of every cached file that was written whole, by its path in `data/processed`."""
        return {str(row.path): str(row.sha256) for row in self._rows(sa.select(cached_files))}

    def add_cached_files(self, hashes: Mapping[str, str]) -> None:
        """Record cached files by their paths, each with its hash, in place of what was known of them."""
        self._write(sa.delete(cached_files).where(cached_files.c.path.in_(hashes)))
        if hashes:
            self._write(sa.insert(cached_files), [{"path": path, "sha256": sha256} for path, sha256 in hashes.items()])

    def add_run(self, run: RunRecord, used: Mapping[str, tuple[Month, ...]], found: Iterable[Fault]) -> int:
        """Record a run, the readings it used with their months, and the faults between extracts; returns its id."""
        new = {name: value for name, value in vars(run).items() if name != "id"}
        run_id = int(self._write(sa.insert(runs).returning(runs.c.id), [new]).scalar_one())
        if used:
            rows = [{"run_id": run_id, "reading_id": reading, "months": months} for reading, months in used.items()]
            self._write(sa.insert(run_readings), rows)
        self._add_faults(found, reading_id=None, run_id=run_id)
        return run_id

    def run(self, run_id: int) -> RunRecord:
        """One run by its id, which some row of the ledger names."""
        return self._records(RunRecord, columns_of(RunRecord, runs).where(runs.c.id == run_id))[0]

    def runs(self, month: Month | None = None, containing: Month | None = None) -> list[RunRecord]:
        """Runs in order, all or of one month, or those whose span contains a month."""
        query = columns_of(RunRecord, runs).order_by(runs.c.id)
        if month is not None:
            query = query.where(runs.c.month == month)
        if containing is not None:
            query = query.where((runs.c.first_month <= containing) & (runs.c.month >= containing))
        return self._records(RunRecord, query)

    def readings_of(self, run_id: int) -> list[UsedReading]:
        """The readings that a run used, each with the months that it was used for."""
        query = sa.select(run_readings.c.months, *columns_of(ReadingRecord, readings).selected_columns)
        query = query.join(run_readings, run_readings.c.reading_id == readings.c.id)
        rows = self._rows(query.where(run_readings.c.run_id == run_id).order_by(readings.c.id))
        return [UsedReading(ReadingRecord(*row[1:]), row.months) for row in rows]

    def runs_with_data(self) -> set[int]:
        """The ids of the runs that used at least one extract."""
        return {int(row.run_id) for row in self._rows(sa.select(run_readings.c.run_id).distinct())}

    def figures_as_of(
        self, run_id: int, first: Month, last: Month, names: Sequence[str] = tuple(KNOWN_FIGURES.names)
    ) -> pd.DataFrame:
        """What was known after a run, for a span of months: `KNOWN_FIGURES`, the newest written of each up to it.

        `names`: the columns besides those of the key; fewer take less time.
        """
        wanted = KNOWN_FIGURES.only(names)
        return figures_from(self._rows(newest_figures(run_id, first, last, wanted)), wanted)

    def add_figures(self, run_id: int, changed: pd.DataFrame) -> None:
        """Append `CHANGED_FIGURES` of a run."""
        if len(changed):
            self._write(sa.insert(figures), figure_rows(changed, run_id))

    def packs(self, audience: PackAudience, month: Month | None = None) -> list[EditionRecord]:
        """Published editions in the order of publication, without drafts and the like."""
        query = columns_of(EditionRecord, packs).where(packs.c.audience == audience).order_by(packs.c.id)
        query = query.where(packs.c.kind == EditionKind.EDITION)
        return self._records(EditionRecord, query if month is None else query.where(packs.c.month == month))

    def imported(self) -> list[EditionRecord]:
        """What older packs had shown, in the order in which it was taken in; `manifest_sha256` is of its file."""
        query = columns_of(EditionRecord, packs).where(packs.c.kind == EditionKind.IMPORTED)
        return self._records(EditionRecord, query.order_by(packs.c.id))

    def editions(self) -> list[EditionRecord]:
        """Whatever was published of all months and audiences, drafts too; not what an older pack had shown."""
        query = columns_of(EditionRecord, packs).where(packs.c.kind != EditionKind.IMPORTED)
        return self._records(EditionRecord, query.order_by(packs.c.id))

    def add_pack(self, edition: EditionRecord) -> int:
        """Record an edition: from here on it is published. Returns its id."""
        new = {name: value for name, value in vars(edition).items() if name != "id"}
        return int(self._write(sa.insert(packs).returning(packs.c.id), [new]).scalar_one())
