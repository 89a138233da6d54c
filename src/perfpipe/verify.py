"""Verify: whether all that is stored is as it was written; what is not, and how to repair it.

It repairs nothing but one thing: an edition that was committed and is not yet in its place is put there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfpipe.ledger.cached_files import is_cached
from perfpipe.ledger.editions import (
    edition_problems,
    finish_editions,
    folder_of,
    uncommitted_partials,
    unknown_editions,
)
from perfpipe.ledger.erasure_records import ErasedFile
from perfpipe.ledger.hold import locked
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.sqlite_file import FILE, RESTORE, integrity_problems
from perfpipe.receive.store import file_as_delivered, stored_path
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.access import OWNER_ALONE, OWNER_AND_GROUP
from perfpipe.storage.failures import MachineFailure
from perfpipe.storage.files import sha256_of, unfinished_files
from perfpipe.validate.fault_identity import KEY_BYTES, KEY_FILE, RESTORE_KEY


@dataclass(frozen=True)
class StorageProblem:
    """One thing that is not as it was written: where, what is wrong, how to repair it.

    `kind`: ledger, extract, key, cache, edition, leftover or erasure.
    """

    kind: str
    path: str
    found: str
    what_to_do: str


@dataclass(frozen=True)
class Verification:
    """What was checked, counted by kind; what is wrong; editions that were put in their place."""

    checked: dict[str, int]
    problems: tuple[StorageProblem, ...]
    finished: tuple[str, ...]


def verify_workspace(workspace: Workspace) -> Verification:
    """Check every stored file, cache and edition, and the ledger itself. Raises SettingsError, WorkspaceInUse."""
    workspace.settings()
    with locked(workspace):
        broken = tuple(_of_ledger(workspace))
        if broken or not (workspace.processed / FILE).exists():
            return Verification({}, broken, ())
        ledger = Ledger.open(workspace.processed)
        try:
            finished = finish_editions(workspace, ledger)
            checks = (_of_store, _of_key, _of_caches, _of_editions, _leftovers, _of_erasures)
            problems = [problem for check in checks for problem in check(workspace, ledger)]
            checked = {
                "ledger": 1,
                "stored file": len(ledger.stored_files()),
                "cached file": len(ledger.cached_files()),
                "edition": len(ledger.editions()),
            }
        finally:
            ledger.close()
        return Verification(checked, tuple(problems), tuple(finished))


def _of_ledger(workspace: Workspace) -> Iterator[StorageProblem]:
    path = workspace.processed / FILE
    try:
        if path.exists():
            for found in integrity_problems(path):
                yield StorageProblem("ledger", _shown(workspace, path), found, RESTORE)
        elif any(workspace.store.glob("??/*")) or any(workspace.reports.glob("*/*/[1-9]*")):
            yield StorageProblem("ledger", _shown(workspace, path), "it is missing", RESTORE)
    except MachineFailure as failure:
        found, _, what_to_do = str(failure).partition(". ")
        yield StorageProblem("ledger", _shown(workspace, path), found, what_to_do)


def _of_store(workspace: Workspace, ledger: Ledger) -> Iterator[StorageProblem]:
    erased = ledger.erased_files()
    for folder, file in ledger.stored_files():
        if file.sha256 in erased:
            yield from _of_erased(workspace, f"{folder}/{file.name}", erased[file.sha256])
            continue
        path = stored_path(workspace, file.sha256)
        now = sha256_of(path)
        if now == file.sha256:
            continue
        what_to_do = "Restore data/raw/.store from a backup, or put the same file back into its folder."
        if file_as_delivered(workspace, file, folder):
            what_to_do = "It is still in data/raw: the next run that reads it takes it from there."
        found = f"the copy of {folder}/{file.name} {'was changed' if now else 'is missing or cannot be read'}"
        yield StorageProblem("extract", _shown(workspace, path), found, what_to_do)


def _of_erased(workspace: Workspace, name: str, erased: ErasedFile) -> Iterator[StorageProblem]:
    """A file that was erased: it is not to be there, and what is kept of it is."""
    path, kept = stored_path(workspace, erased.sha256), stored_path(workspace, erased.kept_sha256)
    if path.exists():
        found = f"the copy of {name} is there again, which was erased on {erased.erased_at:%Y-%m-%d}"
        yield StorageProblem("erasure", _shown(workspace, path), found, "Delete it.")
    if erased.kept_sha256 and sha256_of(kept) != erased.kept_sha256:
        found = f"what was kept of {name} when rows of it were erased was changed, or is missing"
        what_to_do = "Restore data/raw/.store from a backup made after that day."
        yield StorageProblem("extract", _shown(workspace, kept), found, what_to_do)


def _of_erasures(workspace: Workspace, ledger: Ledger) -> Iterator[StorageProblem]:
    for each in ledger.unfinished_erasures():
        found = f"an erasure that was begun on {each.begun_at:%Y-%m-%d} has not finished"
        path = _shown(workspace, workspace.processed / FILE)
        yield StorageProblem("erasure", path, found, "`perfpipe erase --go-on` finishes it.")


def _of_key(workspace: Workspace, ledger: Ledger) -> Iterator[StorageProblem]:
    path = workspace.store / KEY_FILE
    shown = _shown(workspace, path)
    if not path.exists():
        if ledger.cached_files():  # no reading was made without one
            yield StorageProblem("key", shown, "it is missing", RESTORE_KEY)
        return
    found = path.stat()
    if found.st_size != KEY_BYTES:
        yield StorageProblem("key", shown, f"it is damaged: {found.st_size} bytes, {KEY_BYTES} expected", RESTORE_KEY)
    others = found.st_mode & (OWNER_AND_GROUP if workspace.group == "team" else OWNER_ALONE)
    if os.name == "posix" and others:
        words = f"other accounts may read it: its mode is {found.st_mode & 0o777:04o}"
        yield StorageProblem("key", shown, words, "The next run closes it.")


def _of_caches(workspace: Workspace, ledger: Ledger) -> Iterator[StorageProblem]:
    hashes = ledger.cached_files()
    for name in hashes:
        path = workspace.processed / name
        if path.exists() and not is_cached(workspace, path, hashes):  # one that was deleted is only made again
            yield StorageProblem("cache", _shown(workspace, path), "it was changed", "The next run makes it again.")


def _of_editions(workspace: Workspace, ledger: Ledger) -> Iterator[StorageProblem]:
    restore = "Restore its folder from a backup. A run of its month publishes a new edition and leaves this one."
    for edition in ledger.editions():
        folder = folder_of(workspace, edition)
        for found in edition_problems(folder, edition.manifest_sha256):
            yield StorageProblem("edition", _shown(workspace, folder), found, restore)
    for said in unknown_editions(workspace, ledger):
        place, _, words = said.partition(": ")
        found, _, what_to_do = words.partition(". ")
        yield StorageProblem("edition", place, found, what_to_do)


def _leftovers(workspace: Workspace, ledger: Ledger) -> Iterator[StorageProblem]:
    files = unfinished_files(workspace.store, workspace.processed, *workspace.kept)
    for path in (*uncommitted_partials(workspace, ledger), *files):
        found = "left by a run that was stopped; it was never published"
        yield StorageProblem("leftover", _shown(workspace, path), found, "The next run removes it.")


def _shown(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.root).as_posix()
