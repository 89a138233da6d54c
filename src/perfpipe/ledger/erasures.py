"""What the ledger keeps of erasures: what is to be done, what was done, and which figures stay as they were."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from perfpipe.dates.months import Month
from perfpipe.ledger.erasure_records import (
    ErasedCorrection,
    ErasedFile,
    ErasedOutput,
    ErasureKind,
    ErasureRecord,
    ErasureWork,
)
from perfpipe.ledger.erasure_tables import erased_corrections, erased_files, erased_outputs, erasures, frozen_figures
from perfpipe.ledger.history_tables import backfills, events, releases
from perfpipe.ledger.ledger_file import LedgerFile, columns_of
from perfpipe.ledger.sqlite_file import compact_database
from perfpipe.ledger.tables import cached_files, extracts, faults, packs, reading_corrections, runs

TYPED_BY_PEOPLE = (
    (events, "why"), (events, "about"), (runs, "reason"), (backfills, "note"), (releases, "note"),
    (releases, "reopened_reason"), (extracts, "withdrawn_reason"),
)  # fmt: skip
FigureOfMonth = tuple[str, Month, str]  # measure, month and period: the figure of the whole and those of its groups


class ErasureLedger(LedgerFile):
    """The part of a ledger that says what was erased."""

    def erasures(self) -> list[ErasureRecord]:
        """All erasures, the first first; those that have not finished, too."""
        return self._records(ErasureRecord, columns_of(ErasureRecord, erasures).order_by(erasures.c.id))

    def unfinished_erasures(self) -> list[ErasureRecord]:
        """Those that began and were stopped."""
        return [each for each in self.erasures() if each.finished_at is None]

    def erased_people(self) -> frozenset[str]:
        """The keyed hash of every person whose records were erased, or are being erased."""
        people = sa.select(erasures.c.person).where(erasures.c.kind == ErasureKind.PERSON)
        return frozenset(str(row.person) for row in self._rows(people))

    def begin_erasure(self, erasure: ErasureRecord, frozen: Iterable[FigureOfMonth]) -> int:
        """Record all that is to be done, and the figures that stay; returns the erasure's id."""
        new = {name: value for name, value in vars(erasure).items() if name != "id"}
        erasure_id = int(self._write(sa.insert(erasures).returning(erasures.c.id), [new]).scalar_one())
        rows = [
            {"measure_id": measure, "month": month, "period": period, "erasure_id": erasure_id}
            for measure, month, period in frozen
        ]
        if rows:
            self._write(sa.insert(frozen_figures), rows)
        return erasure_id

    def finish_erasure(self, erasure_id: int, at: datetime) -> None:
        """Record that all is done. What was to be done is forgotten."""
        done = {"finished_at": at, "work": ErasureWork()}
        self._write(sa.update(erasures).where(erasures.c.id == erasure_id).values(done))

    def erased_files(self) -> dict[str, ErasedFile]:
        """What went, by its hash, and what is kept of it since the last erasure that touched it."""
        query = sa.select(erased_files, erasures.c.begun_at, erasures.c.reason)
        query = query.join(erasures, erased_files.c.erasure_id == erasures.c.id).order_by(erased_files.c.erasure_id)
        rows = self._rows(query)
        return {row.sha256: ErasedFile(row.sha256, row.kept_sha256, row.begun_at, row.reason) for row in rows}

    def files_erased_by(self, erasure_id: int) -> dict[str, str]:
        """The files that one erasure has dealt with, each with the hash of what is kept."""
        rows = self._rows(sa.select(erased_files).where(erased_files.c.erasure_id == erasure_id))
        return {str(row.sha256): str(row.kept_sha256) for row in rows}

    def add_erased_file(self, sha256: str, erasure_id: int, kept_sha256: str) -> None:
        """Record what is kept of a file in its place; empty: nothing."""
        self._write(sa.insert(erased_files).values(sha256=sha256, erasure_id=erasure_id, kept_sha256=kept_sha256))

    def contents_erased(self, files: Collection[str]) -> set[str]:
        """The hashes of some files that went, and of all that was ever kept of them."""
        rows = self._rows(sa.select(erased_files).where(erased_files.c.sha256.in_(files)))
        return {each for row in rows for each in (str(row.sha256), str(row.kept_sha256)) if each}

    def change_texts(self, change: Callable[[str], str]) -> None:
        """Change what people typed: notes and reasons. Events, too, which nothing else ever changes."""
        assert self._open is not None
        forbidden = self._open.execute(
            sa.text("select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'events'")
        ).all()
        for name, _ in forbidden:
            self._open.execute(sa.text(f'drop trigger "{name}"'))
        for table, column in TYPED_BY_PEOPLE:
            for row_id, text in self._rows(sa.select(table.c.id, table.c[column])):
                if text and change(text) != text:
                    self._write(sa.update(table).where(table.c.id == row_id).values({column: change(text)}))
        for _, statement in forbidden:
            self._open.execute(sa.text(statement))

    def frozen_figures(self) -> dict[FigureOfMonth, datetime]:
        """The figures that stay as they were published, each with when its rows were erased last."""
        query = sa.select(frozen_figures, erasures.c.begun_at).order_by(erasures.c.id)
        rows = self._rows(query.join(erasures, frozen_figures.c.erasure_id == erasures.c.id))
        return {(row.measure_id, row.month, row.period): row.begun_at for row in rows}

    def forget_cached_files(self, paths: Collection[str]) -> None:
        """Forget the hashes of cached files that are gone."""
        for path in paths:
            self._write(sa.delete(cached_files).where(cached_files.c.path == path))

    def forget_fault_places(self, fault_ids: Sequence[int]) -> None:
        """Take from faults where they were, whose record it was and what they said; rule and dates stay."""
        gone = {"file": "", "sheet": "", "row": 0, "column": "", "found": "", "what_to_do": "", "identity": "",
                "held_until": ""}  # fmt: skip
        for fault_id in fault_ids:
            self._write(sa.update(faults).where(faults.c.id == fault_id).values(gone))

    def fault_places(self, reading_ids: Collection[str]) -> list[tuple[int, str, str, str, int]]:
        """Where the faults of some readings are, and those between extracts: id, reading or none, file, sheet, row."""
        of = faults.c.reading_id
        query = sa.select(faults.c.id, of, faults.c.file, faults.c.sheet, faults.c.row)
        rows = self._rows(query.where((of.is_(None) | of.in_(reading_ids)) & (faults.c.file != "")))
        return [(row.id, row.reading_id or "", row.file, row.sheet, row.row) for row in rows]

    def forget_corrections_met(self, corrections: Collection[str]) -> None:
        """Forget which records some declared corrections met, by their ids."""
        met = reading_corrections
        self._write(sa.delete(met).where(met.c.correction.in_(corrections)))

    def add_erased_corrections(self, corrections: Iterable[ErasedCorrection]) -> None:
        """Record what stays of corrections."""
        rows = [asdict(each) for each in corrections]
        if rows:
            self._write(sa.insert(erased_corrections), rows)

    def erased_corrections(self) -> list[ErasedCorrection]:
        """What stayed of all corrections that were erased."""
        return self._records(ErasedCorrection, columns_of(ErasedCorrection, erased_corrections))

    def replace_kept_settings(self, name: str, before: str, after: str) -> None:
        """Runs that used a file of settings refer to what is kept of it."""
        for row in self._rows(sa.select(runs.c.id, runs.c.kept)):
            if row.kept.get(name) == before:
                change = sa.update(runs).where(runs.c.id == row.id)
                self._write(change.values(kept={**row.kept, name: after} if after else _without(row.kept, name)))

    def erased_outputs(self) -> list[ErasedOutput]:
        """Every restricted workbook that a note stands in place of."""
        return self._records(ErasedOutput, columns_of(ErasedOutput, erased_outputs))

    def replace_outputs(self, outputs: Iterable[ErasedOutput], pack_id: int, manifest_sha256: str) -> None:
        """Record notes in place of workbooks of an edition, and the hash of the manifest that names them."""
        for each in outputs:
            same = (erased_outputs.c.pack_id == each.pack_id) & (erased_outputs.c.name == each.name)
            if not self._rows(sa.select(erased_outputs.c.name).where(same)):
                self._write(sa.insert(erased_outputs), [asdict(each)])
        self._write(sa.update(packs).where(packs.c.id == pack_id).values(manifest_sha256=manifest_sha256))

    def compact(self) -> None:
        """Leave nothing of what was deleted in the file or its log. Outside `writing()`. Raises MachineFailure."""
        self._engine.dispose()
        compact_database(self._path)


def _without(kept: Mapping[str, str], name: str) -> dict[str, str]:
    return {each: sha256 for each, sha256 in kept.items() if each != name}
