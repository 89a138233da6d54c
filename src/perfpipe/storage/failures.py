"""What a machine did not let us do, in words: which file, why, and what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AGAIN = "then run the command again"
DISK = f"Check the disk or the network share, {AGAIN}."
RIGHTS = f"Give the account that runs perfpipe the right to read and write there, {AGAIN}."
SPACE = f"Free some space, {AGAIN}."
WHY: dict[int | None, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full", SPACE),
    errno.EDQUOT: ("the account's share of the disk is used up", SPACE),
    errno.EFBIG: ("the file is larger than the disk allows", SPACE),
    errno.EACCES: ("the account that runs perfpipe may not do that", RIGHTS),
    errno.EPERM: ("the account that runs perfpipe may not do that", RIGHTS),
    errno.EROFS: ("the disk can only be read", RIGHTS),
    errno.ENOTDIR: ("a file stands where a folder should be", f"Move that file away, {AGAIN}."),
    errno.EEXIST: ("a file stands where a folder should be", f"Move that file away, {AGAIN}."),
    errno.EISDIR: ("a folder stands where a file should be", f"Move that folder away, {AGAIN}."),
    errno.ENOTEMPTY: ("a folder with files stands in its place", f"Move that folder away, {AGAIN}."),
    errno.ENOENT: ("it is not there", f"Check that nothing was moved or deleted meanwhile, {AGAIN}."),
    errno.EIO: ("the disk reports an error", DISK),
    errno.EMFILE: ("too many files are open", f"Close other programs, {AGAIN}."),
    errno.ENFILE: ("too many files are open", f"Close other programs, {AGAIN}."),
    errno.ENOMEM: ("the machine is short of memory", f"Close other programs, {AGAIN}."),
    errno.ETXTBSY: ("another program has it open", f"Close it there, {AGAIN}."),
    errno.EBUSY: ("another program has it open", f"Close it there, {AGAIN}."),
}


OF_THE_MACHINE = (
    errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT,
)  # fmt: skip


def is_of_machine(error: OSError) -> bool:
    """Whether it says nothing of the file that was read: not that it is locked, gone or damaged."""
    return error.errno in OF_THE_MACHINE


class MachineFailure(OSError):
    """The machine did not let something be read, written or run. Says what, where, why, and what to do."""


def failure_of(error: OSError, path: object, deed: str = "read or written") -> MachineFailure:
    """An error of the system in words; `deed`: what could not be done with the path."""
    if isinstance(error, MachineFailure):
        return error
    why, what_to_do = WHY.get(error.errno, (error.strerror or str(error) or type(error).__name__, DISK))
    if error.errno == errno.ENOTDIR:
        path = next((each for each in Path(str(path)).parents if each.is_file()), path)
    return MachineFailure(f"{path} could not be {deed}: {why}. {what_to_do}")


@contextmanager
def storing(path: Path, deed: str = "written") -> Iterator[None]:
    """Whatever fails inside is said of a path: many errors do not name one. Raises MachineFailure."""
    try:
        yield
    except OSError as error:
        raise failure_of(error, error.filename or path, deed) from None
