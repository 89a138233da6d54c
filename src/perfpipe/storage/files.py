"""Files that are there whole or not at all, also after the machine has stopped in the middle."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from perfpipe.storage.failures import storing

UNFINISHED = ".part"  # the end of the name of a file that is being written


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A place beside a file, to be written; then it is synced to disk and takes the file's name.

    Raises MachineFailure; then the file is as it was.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield beside
            _sync(beside)
            os.replace(beside, path)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all. Raises MachineFailure."""
    with written_whole(path) as beside:
        beside.write_bytes(content)


def sync_tree(folder: Path) -> None:
    """Sync a folder, all that is in it, and its name to disk. Raises MachineFailure."""
    with storing(folder):
        for path in folder.rglob("*"):
            if path.is_file():
                _sync(path)
        for path in (*(each for each in folder.rglob("*") if each.is_dir()), folder, folder.parent):
            sync_folder(path)


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder to disk, where the system can: Windows cannot, and does so by itself."""
    if os.name == "posix":
        _sync(folder, os.O_RDONLY)


def _sync(path: Path, how: int = os.O_RDWR) -> None:
    file = os.open(path, how)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def sha256_of(path: Path) -> str | None:
    """The hash of a file; None where there is none that can be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def unfinished_files(*folders: Path) -> list[Path]:
    """What killed processes left half written in some folders."""
    return [path for folder in folders for path in folder.rglob(f"*{UNFINISHED}") if path.is_file()]


def clear_unfinished(*folders: Path) -> None:
    """Remove what killed processes left half written. Only while no other process writes there."""
    for path in unfinished_files(*folders):
        with storing(path, "removed"):
            path.unlink(missing_ok=True)


def sizes_of(folder: Path) -> int:
    """The bytes of all files in a folder and those below it; 0 where there is none.

    A file that goes while a run is in progress counts nothing. Half the time of `Path.rglob`.
    """
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.stat(os.path.join(root, name)).st_size
    return total
