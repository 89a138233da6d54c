"""Carry out an erasure that the ledger has recorded: every step can be done again, so that a killed one goes on.

Nothing here knows an id: people are known by their keyed hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from perfpipe.erase.declared_corrections import GoingCorrections, erase_corrections
from perfpipe.erase.delivered_files import DeliveredFiles, RememberingParser
from perfpipe.erase.restricted_workbooks import put_notes, record, restricted_editions
from perfpipe.ledger.erasure_records import ErasureRecord, ErasureWork
from perfpipe.ledger.history_records import EventKind, EventRecord
from perfpipe.ledger.ledger import Ledger
from perfpipe.receive.arrived_files import Content
from perfpipe.receive.store import store_content, stored_path
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import storing
from perfpipe.storage.files import sha256_of
from perfpipe.validate.erased_people import People
from perfpipe.validate.fault_identity import identity_key
from perfpipe.validate.reading import files_at

Tell = Callable[[str], None]


@dataclass(frozen=True)
class ErasureTask:
    """An erasure and what it works in."""

    workspace: Workspace
    settings: Settings
    ledger: Ledger
    erasure: ErasureRecord

    @property
    def people(self) -> People:
        """Whose records go; nobody's where things go by their age."""
        hashes = {self.erasure.person} if self.erasure.person else set()
        return People(hashes, identity_key(self.workspace))


def carry_out(task: ErasureTask, tell: Tell = lambda _: None) -> None:
    """Do all that is still to be done. Raises MachineFailure; then it goes on when it is called again."""
    for words, step in (
        ("delivered files", erase_files),
        ("typed rows and kept figures", erase_caches),
        ("faults in the ledger", erase_fault_places),
        ("corrections", lambda each: erase_corrections(each.workspace, each.ledger, _corrections(each))),
        ("restricted workbooks", erase_workbooks),
        ("texts in the ledger", erase_texts),
        ("the ledger's free pages and log", lambda each: each.ledger.compact()),
    ):
        tell(f"erase: {words}")
        step(task)
    finish(task)


def _corrections(task: ErasureTask) -> GoingCorrections:
    return GoingCorrections(task.erasure, task.people)


def erase_files(task: ErasureTask) -> None:
    """Keep of each file what is kept of it, record that, and remove the file wherever it lies."""
    work, ledger = task.erasure.work, task.ledger
    concerned = [each for each in ledger.extracts_ever() if any(f.sha256 in work.files for f in each.files)]
    dealt_with = ledger.files_erased_by(task.erasure.id)
    if set(work.files) - set(work.whole) - set(dealt_with):
        with RememberingParser(task.settings.limits) as parser:
            files = DeliveredFiles.of(task.workspace, task.settings, task.people, parser, concerned)
            for sha256 in work.files:
                if sha256 not in (*work.whole, *dealt_with):
                    keep_what_stays(task, files, sha256)
    for sha256 in work.whole:
        if sha256 not in dealt_with:
            with ledger.writing():
                ledger.add_erased_file(sha256, task.erasure.id, "")
    _remove_copies(task)
    remove_delivered(task, {f.sha256: f.bytes for each in concerned for f in each.files if f.sha256 in work.files})


def keep_what_stays(task: ErasureTask, files: DeliveredFiles, sha256: str) -> None:
    """Store what is kept of one file, and record that it stands in place of it."""
    content = files.kept(sha256)
    kept = ""
    if content:
        kept = hashlib.sha256(content).hexdigest()
        store_content(task.workspace, Content("", Path(), content, kept, ()))
    with task.ledger.writing():
        task.ledger.add_erased_file(sha256, task.erasure.id, kept)


def _remove_copies(task: ErasureTask) -> None:
    """Remove stored copies of files that went, and what had been kept of them before."""
    still_kept = {each.kept_sha256 for each in task.ledger.erased_files().values()}
    for sha256 in task.ledger.contents_erased(task.erasure.work.files) - still_kept:
        _remove(stored_path(task.workspace, sha256))


def remove_delivered(task: ErasureTask, sizes: dict[str, int]) -> None:
    """Remove files with some hashes from the folders of deliveries, under whatever names."""
    raw, store = task.workspace.raw, task.workspace.store
    for path in sorted(raw.rglob("*")) if raw.is_dir() else ():
        if store in path.parents or path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size in sizes.values() and sha256_of(path) in sizes:
            _remove(path)


def _remove(path: Path) -> None:
    with storing(path, "removed"):
        path.unlink(missing_ok=True)


def erase_caches(task: ErasureTask) -> None:
    """Remove the readings of extracts that lost rows, all kept figures, and the last check's workbook.

    Runs and checks make them again.
    """
    processed, extracts = task.workspace.processed, task.erasure.work.extracts
    gone = [each for each in task.ledger.readings_known().values() if each.extract_id in extracts]
    paths = [path for each in gone for path in files_at(processed / each.dataset / f"{each.id}.parquet")]
    paths += sorted((processed / "figures").glob("*.parquet"))
    for path in (*paths, task.workspace.faults_to_correct):
        _remove(path)
    with task.ledger.writing():
        task.ledger.forget_cached_files([path.relative_to(processed).as_posix() for path in paths])


def erase_fault_places(task: ErasureTask) -> None:
    """Take from faults of records that went where they were and what they said."""
    gone = faults_going(task.ledger, task.erasure.work)
    with task.ledger.writing():
        task.ledger.forget_fault_places(gone)


def faults_going(ledger: Ledger, work: ErasureWork) -> list[int]:
    """The faults of records that go, by their ids; between extracts also those at the same place of another one."""
    extract_of = {each.id: each.extract_id for each in ledger.readings_known().values()}
    readings = [reading for reading, extract in extract_of.items() if extract in work.extracts]
    rows, places = set(work.rows), {row[1:] for row in work.rows}
    of_all = {(row[0], row[1]) for row in work.rows if row[3] < 0}
    files_of_all = {file for _, file in of_all}
    gone = []
    for fault_id, reading, file, sheet, row in ledger.fault_places(readings):
        if reading:
            extract = extract_of[reading]
            is_gone = (extract, file, sheet, row) in rows or (extract, file) in of_all
        else:
            is_gone = (file, sheet, row) in places or file in files_of_all
        gone += [fault_id] if is_gone else []
    return gone


def erase_workbooks(task: ErasureTask) -> None:
    """Put notes in place of restricted workbooks."""
    for edition in restricted_editions(task.ledger):
        if edition.id in task.erasure.work.packs:
            put_notes(task.workspace, task.ledger, edition, task.erasure)
            record(task.workspace, task.ledger, edition, task.erasure.id)


def erase_texts(task: ErasureTask) -> None:
    """Take the people's names out of notes and reasons that were typed."""
    if task.people.hashes:
        with task.ledger.writing():
            task.ledger.change_texts(task.people.without)


def finish(task: ErasureTask) -> None:
    """Record that it is done, and forget what was to be done."""
    now, erasure = datetime.now(UTC), task.erasure
    about = f"{erasure.kind} {erasure.id}: {len(erasure.work.files)} files"
    with task.ledger.writing():
        task.ledger.finish_erasure(erasure.id, now)
        task.ledger.add_event(
            EventRecord(now, erasure.role, erasure.login, EventKind.ERASED, None, about, erasure.reason)
        )
    task.ledger.compact()
