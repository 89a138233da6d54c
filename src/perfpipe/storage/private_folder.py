"""A folder outside the workspace for the time of a look, and what is left of one whose process was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "perfpipe-look-"
IN_USE = "in_use.lock"  # held while the process lives: the system lets go of it with the process
YOUNG_SECONDS = 60  # one that is just being made may not be locked yet


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder of this process, readable by its owner alone, and removed afterwards; before, those of dead ones."""
    from filelock import FileLock

    clear_dead_folders()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = FileLock(folder / IN_USE)
    try:
        with lock:
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_dead_folders() -> None:
    """Remove this account's folders whose process was killed."""
    from filelock import FileLock, Timeout

    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError, Timeout):
            if not _is_ours(folder) or time.time() - folder.stat().st_mtime < YOUNG_SECONDS:
                continue
            with FileLock(folder / IN_USE, timeout=0):
                pass
            shutil.rmtree(folder, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and (os.name != "posix" or folder.lstat().st_uid == os.getuid())
