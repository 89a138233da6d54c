"""Who may read what is stored: its owner alone, or its owner and group, as `[access] group` says.

One mask for the process decides about all that it and its children make; `tighten` is for what was there before. On
Windows neither changes anything: there a folder's own permissions hold for what is in it.
"""

from __future__ import annotations

import getpass
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OWNER_ALONE, OWNER_AND_GROUP = 0o077, 0o007
GROUP_OF_FOLDER = 0o2000  # what is made in the folder belongs to the folder's group


def set_mask(group: bool) -> int:
    """Let all that this process makes from now on be its owner's alone, or also the group's; gives the mask before."""
    return os.umask(OWNER_AND_GROUP if group else OWNER_ALONE)


@contextmanager
def private(group: bool) -> Iterator[None]:
    """All that is made inside is its owner's alone, or also the group's."""
    before = set_mask(group)
    try:
        yield
    finally:
        os.umask(before)


@dataclass(frozen=True)
class AccessChanges:
    """How many files and folders got other permissions, and those whose permissions are not ours to change."""

    changed: int
    refused: tuple[Path, ...]


def tighten(places: Iterable[Path], opens: Callable[[Path], bool]) -> AccessChanges:
    """Give files and folders, and all that is in them, the permissions that they should have. Links are not followed.

    `opens`: whether one is the group's too.
    """
    changed, refused = 0, []
    for path in _all_in(places) if os.name == "posix" else ():
        try:
            found = path.lstat()
            wanted = _wanted(found.st_mode, opens(path))
            if not stat.S_ISLNK(found.st_mode) and stat.S_IMODE(found.st_mode) != wanted:
                path.chmod(wanted)
                changed += 1
        except FileNotFoundError:
            continue
        except PermissionError:
            refused.append(path)
    return AccessChanges(changed, tuple(refused))


def _wanted(mode: int, group: bool) -> int:
    own = mode & (0o700 if stat.S_ISDIR(mode) else 0o600)
    if not group:
        return own
    return own | own >> 3 | (GROUP_OF_FOLDER if stat.S_ISDIR(mode) else 0)


def _all_in(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        yield place
        if not place.is_symlink():
            for folder, folders, files in os.walk(place):
                yield from (Path(folder, name) for name in (*folders, *files))


def login() -> str:
    """The account that runs the program; empty where the machine does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
