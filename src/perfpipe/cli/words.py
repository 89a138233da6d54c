"""What all commands share: exit codes, the workspace they work in, what they say, months and days as they are typed."""

from __future__ import annotations

import re
import shlex
import sys
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from perfpipe.dates.months import Month

DONE, STOPPED, WRONG_USE, INTERNAL, HELD, MACHINE, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
Where = Annotated[Path, Parameter(name=["--workspace", "-w"], help="The workspace folder.")]


def say(text: str) -> None:
    """Say something to the person at the terminal, apart from what the command prints."""
    print(with_workspace(text), file=sys.stderr, flush=True)


_given: list[str] = []  # the workspace of the command at work, as it was written; none: the current folder
HOLD_A_WORKSPACE = (
    "run", "status", "compare", "backfill", "check", "verify", "figures", "first-figures", "explain", "withdraw",
    "release", "reopen", "revisions", "log", "return", r"plan \w+",
)  # fmt: skip
SUGGESTED = re.compile(rf"`perfpipe (?:{'|'.join(HOLD_A_WORKSPACE)})\b[^`]*")


def forget_workspace() -> None:
    """Begin a command: none has been given yet."""
    _given.clear()


def at(workspace: Path) -> Path:
    """Note where a command works, for the commands that messages suggest, and who may read what it writes."""
    from perfpipe.settings.workspace import Workspace
    from perfpipe.storage.access import set_mask

    _given[:] = [str(workspace)] if workspace != Path() else []
    set_mask(Workspace(workspace).group == "team")
    return workspace


def exporting(workspace: Path) -> AbstractContextManager[None]:
    """What a command writes for others inside is its owner's alone, or also the group's."""
    from perfpipe.settings.workspace import Workspace
    from perfpipe.storage.access import private

    return private(bool(Workspace(workspace).group))


def with_workspace(text: str) -> str:
    """A message whose suggested commands work in the same workspace."""
    if not _given:
        return text
    return SUGGESTED.sub(lambda found: f"{found[0]} --workspace {shlex.quote(_given[0])}", text)


def month_of(text: str) -> Month:
    """A month as it is typed, 2018-03. Raises SettingsError."""
    from perfpipe.dates.months import Month
    from perfpipe.settings.settings import SettingsError

    try:
        return Month.parse(text)
    except ValueError as error:
        raise SettingsError([str(error)]) from None


def day_of(text: str) -> date:
    """A day as it is typed, 2018-03-31. Raises SettingsError."""
    from perfpipe.settings.settings import SettingsError

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError([f"{text!r} is not a day; expected YYYY-MM-DD, for example 2017-06-14"]) from None
