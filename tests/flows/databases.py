"""The database of a Prefect server, which a test takes away for a while: SQLite, or PostgreSQL of Debian's packages."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Protocol

import pytest


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Database(Protocol):
    """Where a server keeps what it knows."""

    url: str

    def away(self, seconds: float) -> None:
        """Nobody can write to it for so long."""


class SQLite:
    """A file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "prefect.db"
        self.url = f"sqlite+aiosqlite:///{self._path}"

    def away(self, seconds: float) -> None:
        with closing(sqlite3.connect(self._path, timeout=60, isolation_level=None)) as database:
            database.execute("BEGIN EXCLUSIVE")
            sleep(seconds)
            database.execute("ROLLBACK")


class PostgreSQL:
    """A cluster of its own on a free port of loopback, run by the account `postgres` where we are root."""

    def __init__(self, folder: Path) -> None:
        self._data, self._log = folder / "cluster", folder / "postgresql.log"
        self._port = free_port()
        self.url = f"postgresql+asyncpg://prefect@127.0.0.1:{self._port}/postgres"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        self._run("initdb", "--username", "prefect", "--auth", "trust", "--no-sync", "-D", str(self._data))
        self.start()

    def start(self) -> None:
        options = f"-p {self._port} -h 127.0.0.1 -k {self._data}"
        self._run("pg_ctl", "-w", "-D", str(self._data), "-l", str(self._log), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-D", str(self._data), "-m", "immediate", "stop")

    def away(self, seconds: float) -> None:
        self.stop()
        sleep(seconds)
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_other, path_of_postgresql(program), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def path_of_postgresql(program: str) -> str:
    """Debian keeps the programs of each version in a folder of its own."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    if found:
        return str(found[-1])
    if os.environ.get("CI"):
        pytest.fail(f"{program} is not installed; Debian has it in postgresql")
    pytest.skip(f"{program} is not installed; Debian has it in postgresql")


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Database]:
    if kind == "sqlite":
        folder.mkdir()
        yield SQLite(folder)
        return
    with TemporaryDirectory(prefix="perfpipe-postgresql-") as open_to_it:  # pytest's folders are closed to its account
        made = PostgreSQL(Path(open_to_it))
        try:
            yield made
        finally:
            made.stop()
