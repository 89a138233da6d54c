"""The SQLite file of a ledger, without SQLAlchemy: how it is opened, and what SQLite cannot do, in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from perfpipe.storage.failures import MachineFailure

REVISION = "0011"
FILE = "ledger.db"
LOCK_SECONDS = 60  # to wait for another program that writes
RESTORE = (
    "Keep a copy of the file, restore the ledger and data/raw/.store from the last backup, then run `perfpipe verify`."
)
SAID_BY_SQLITE = (  # what its message says; why that is; what to do
    ("locked", "another program has it locked", "Close whatever has it open, then run the command again."),
    ("full", "the disk is full", "Free some space, then run the command again."),
    ("readonly", "the account that runs perfpipe may not write there",
     "Give it the right to, on the file and on its folder, then run the command again."),
    ("attempt to write", "the account that runs perfpipe may not write there",
     "Give it the right to, on the file and on its folder, then run the command again."),
    ("malformed", "it is damaged", RESTORE),
    ("not a database", "it is damaged, or no ledger at all", RESTORE),
    ("no such table", "it is damaged, or no ledger at all", RESTORE),
    ("no such column", "it is damaged, or no ledger at all", RESTORE),
    ("unable to open", "it cannot be opened",
     "Check that it is a file, and that the account that runs perfpipe may read and write it and its folder, then run "
     "the command again."),
)  # fmt: skip
DISK_ERROR = ("the disk reports an error", "Check the disk or the network share, then run the command again.")


def failure_said(path: Path, said: str) -> MachineFailure:
    """What SQLite said of a ledger's file, in words."""
    why, what = next(((why, what) for words, why, what in SAID_BY_SQLITE if words in said), DISK_ERROR)
    return MachineFailure(f"{path} could not be read or written: {why}. {what}")


@contextmanager
def sqlite_failures(path: Path) -> Iterator[None]:
    """What SQLite cannot do, in words. Raises MachineFailure."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise failure_said(path, str(error)) from None


def configure(connection: sqlite3.Connection) -> None:
    """What holds for every connection that writes."""
    connection.isolation_level = None  # transactions begin where `database` says so
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma secure_delete = on")  # what is deleted is overwritten


def integrity_problems(path: Path) -> list[str]:
    """What SQLite finds wrong with the database itself. Only while the workspace is held. Raises MachineFailure."""
    with sqlite_failures(path):  # not to read alone: SQLite first takes back what a killed run had half written
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=LOCK_SECONDS)
        try:
            found = [str(row[0]) for row in connection.execute("pragma integrity_check")]
            loose = len(connection.execute("pragma foreign_key_check").fetchall())
        finally:
            connection.close()
    return [each for each in found if each != "ok"] + ([f"{loose} rows refer to rows that are gone"] if loose else [])


def copy_database(folder: Path, to: Path) -> None:
    """A copy of the ledger as it was committed last, also while a run writes. Raises MachineFailure."""
    path = folder / FILE
    with sqlite_failures(path):
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=LOCK_SECONDS)
        target = sqlite3.connect(to / FILE)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()


def compact_database(path: Path) -> None:
    """Rewrite the ledger, so that neither its free pages nor its log hold what was deleted. Raises MachineFailure.

    Only while the workspace is held, and outside a transaction.
    """
    with sqlite_failures(path):
        connection = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)
        try:
            configure(connection)
            connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)")
        finally:
            connection.close()
