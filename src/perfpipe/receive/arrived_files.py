"""Files as they lie in a delivery folder: which may be taken, and whether one has fully arrived."""

from __future__ import annotations

import hashlib
import os
import stat
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfpipe.rules.containers import SPREADSHEETS

FRESH_SECONDS = 2.0  # a file changed no longer ago is looked at twice
PAUSE_SECONDS = 0.05
PARTIAL = (".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart")
LOCKS = (("~$", ""), (".~lock.", "#"))  # what Excel and LibreOffice put before and after the name
PACKAGES = tuple(ending for ending in SPREADSHEETS if ending != ".xls")  # zip archives
PACKAGE_START, PACKAGE_END = b"PK", b"PK\x05\x06"
LONGEST_END = 22 + 2**16  # the end record of a zip archive with the longest comment


class UnfinishedFile(Exception):
    """A file that has not fully arrived. `found` says how one can tell."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True)
class Content:
    """A file as it was read: its name, bytes and hash, and what the file system said of it."""

    name: str
    path: Path
    bytes: bytes
    sha256: str
    state: tuple[int, ...]


def read_content(path: Path) -> Content:
    """Read a file. Raises OSError, or UnfinishedFile when it changed meanwhile."""
    before = _state(path)
    content = path.read_bytes()
    if _state(path) != before or len(content) != before[1]:
        raise UnfinishedFile("its size or time changed while it was being read")
    return Content(path.name, path, content, hashlib.sha256(content).hexdigest(), before)


def check_arrived(content: Content) -> None:
    """Look again at a file that was read. Raises OSError, or UnfinishedFile when it is open, fresh or changing."""
    locks = [f"{before}{content.name}{after}" for before, after in LOCKS]
    lock = next((name for name in locks if os.path.lexists(content.path.with_name(name))), None)
    if lock:
        raise UnfinishedFile(f"a program has it open: {lock!r} is in the same folder")
    if time.time() - content.state[2] / 1e9 < FRESH_SECONDS:
        time.sleep(PAUSE_SECONDS)
    if read_content(content.path).sha256 != content.sha256 or _state(content.path) != content.state:
        raise UnfinishedFile("it changed while it was being checked")


def cut_short(content: Content) -> str | None:
    """How one can tell that a file is not whole; None for one that may be."""
    if not content.bytes:
        return "0 bytes"
    package = content.path.suffix.lower() in PACKAGES and content.bytes.startswith(PACKAGE_START)
    if package and PACKAGE_END not in content.bytes[-LONGEST_END:]:
        return "a workbook that is cut short"
    return None


def partial_of(name: str) -> str | None:
    """The name that a half-copied file will have, as `a.xlsx` of `a.xlsx.part`; None for any other file."""
    suffix = next((suffix for suffix in PARTIAL if name.lower().endswith(suffix)), None)
    return name[: -len(suffix)] if suffix else None


def is_plain_file(path: Path) -> bool:
    """False for links, folders, pipes and devices."""
    return stat.S_ISREG(path.lstat().st_mode)


def shown_name(name: str) -> str:
    """A name as messages show it: control characters and what is not UTF-8 as escapes."""
    return name if name.isprintable() else ascii(name)


def alike(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each name that another system takes for an earlier one: they differ in case or in the coding of accents."""
    first: dict[str, str] = {}
    for name in names:
        earlier = first.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if earlier != name:
            yield name, earlier


def _state(path: Path) -> tuple[int, ...]:
    found = path.lstat()
    return found.st_ino, found.st_size, found.st_mtime_ns
