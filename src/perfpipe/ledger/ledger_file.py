"""The file of a ledger: opened and closed, queries, and transactions. What it holds is in `ledger.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import sqlalchemy as sa

from perfpipe.ledger.database import ledger_failures, open_database
from perfpipe.ledger.sqlite_file import FILE

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


class LedgerFile:
    """The file of one ledger: opened, read, and written in transactions."""

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self._engine = engine
        self._path = path
        self._open: sa.Connection | None = None

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open or create the ledger in a workspace's `data/processed`, at the newest schema revision.

        What is asked of a ledger, this too, raises MachineFailure where its file cannot be read or written.
        """
        return cls(open_database(folder), folder / FILE)

    def close(self) -> None:
        """Let go of the database file."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all that is written inside is saved, or none of it."""
        with ledger_failures(self._path), self._engine.begin() as connection:
            self._open = connection
            try:
                yield
            finally:
                self._open = None

    def _write(self, statement: sa.Executable, rows: Sequence[Mapping[str, object]] = ()) -> sa.CursorResult[Any]:
        if self._open is None:
            raise RuntimeError("a write outside Ledger.writing()")
        return self._open.execute(statement, rows) if rows else self._open.execute(statement)

    def _rows(self, query: sa.Select[*tuple[Any, ...]]) -> Sequence[sa.Row[*tuple[Any, ...]]]:
        if self._open is not None:
            return self._open.execute(query).all()
        with ledger_failures(self._path), self._engine.connect() as connection:
            return connection.execute(query).all()

    def _records(self, kind: type[T], query: sa.Select[*tuple[Any, ...]]) -> list[T]:
        """Rows of a query by `columns_of`, as records."""
        make: Callable[..., T] = kind
        return [make(*row) for row in self._rows(query)]


def columns_of(kind: type[DataclassInstance], table: sa.Table) -> sa.Select[*tuple[Any, ...]]:
    """The columns of a table that a kind of record has as its fields, in their order."""
    return sa.select(*(table.c[field.name] for field in fields(kind)))
