"""The database file of a ledger: opened, and brought to the newest revision of its tables."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa

REVISION = "0004"


def open_database(folder: Path) -> sa.Engine:
    """The database `ledger.db` in a folder, made where there is none, at the newest revision."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{folder / 'ledger.db'}", connect_args={"timeout": 60})
    sa.event.listen(engine, "connect", _configure)
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


def _configure(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
