"""The database of a ledger as SQLAlchemy has it: opened, and brought to the newest revision of its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from perfpipe.ledger.sqlite_file import FILE, LOCK_SECONDS, REVISION, configure, failure_said, sqlite_failures
from perfpipe.storage.failures import storing


@contextmanager
def ledger_failures(path: Path) -> Iterator[None]:
    """What SQLite cannot do, in words. A broken constraint stays what it is. Raises MachineFailure."""
    try:
        with sqlite_failures(path):
            yield
    except (IntegrityError, DataError):
        raise
    except DBAPIError as error:
        raise failure_said(path, str(error.orig)) from None


def open_database(folder: Path) -> sa.Engine:
    """The database `ledger.db` in a folder, made where there is none, at the newest revision. Raises MachineFailure."""
    path = folder / FILE
    with storing(path):
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch()  # SQLite itself would leave out what the mask lets the group do
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": LOCK_SECONDS})
    sa.event.listen(engine, "connect", _configure)
    sa.event.listen(engine, "begin", _begin)
    with ledger_failures(path):
        if _revision_of(engine) != REVISION:
            from perfpipe.ledger.migrations import upgrade

            upgrade(engine)
    return engine


def _revision_of(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        tables = sa.text("select 1 from sqlite_master where name = 'alembic_version'")
        if not connection.execute(tables).first():
            return None
        return connection.execute(sa.text("select version_num from alembic_version")).scalar()


def _begin(connection: sa.Connection) -> None:
    """The driver begins none for changes of tables: a migration that was killed half way could not be repeated."""
    connection.exec_driver_sql("begin")


def _configure(connection: sqlite3.Connection, _: object) -> None:
    configure(connection)
