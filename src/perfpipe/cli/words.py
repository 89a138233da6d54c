"""What all commands share: exit codes, the workspace they work in, what they say, months and days as they are typed."""

from __future__ import annotations

import calendar
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
    "run", "runs", "commentary", "comparators", "status", "serve", "doctor", "compare", "backfill", "check", "correct",
    "verify", "figures", "first-figures", "explain", "withdraw", "release", "reopen", "revisions", "log", "return",
    "erase", "retain", r"plan \w+",
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
    """A month as it is typed, 2018-03. Raises SettingsError, which proposes it where another form can be only one."""
    from perfpipe.dates.months import Month
    from perfpipe.settings.settings import SettingsError

    try:
        return Month.parse(text)
    except ValueError as error:
        said = str(error) if (month := month_meant(text)) is None else f"{text!r}: write the month as {month}"
        raise SettingsError([said]) from None


OTHER_MONTHS = (
    r"(?P<year>\d{4})[-/. ]?(?P<month>\d{1,2})",  # 2018-3, 2018/03, 201803
    r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})",  # 03/2018
    r"(?P<name>[a-z]{3,9})[-/., ]*(?P<year>\d{4}|\d{2})",  # March 2018, Mar-18
    r"(?P<year>\d{4})[-/. ]*(?P<name>[a-z]{3,9})",  # 2018 March
    r"(?P<year>\d{4})-(?P<month>\d{2})-\d{2}",  # a day of it
    r"\d{1,2}[/. -](?P<month>\d{1,2})[/. -](?P<year>\d{4})",  # 31/03/2018
)


def month_meant(text: str) -> Month | None:
    """The month that somebody wrote in another form than 2018-03; None where it could be anything."""
    from perfpipe.dates.months import Month

    plain = text.strip(" \"'\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}").casefold()
    for form in OTHER_MONTHS:
        if found := re.fullmatch(form, plain):
            parts = found.groupdict()
            name = parts.get("name") or ""
            number = int(parts.get("month") or 0) or next(
                (n for n, each in enumerate(calendar.month_name) if name and each.casefold().startswith(name)), 0
            )
            year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
            return Month(year, number) if 1 <= number <= 12 and year >= 1900 else None
    return None


def day_of(text: str) -> date:
    """A day as it is typed, 2018-03-31. Raises SettingsError."""
    from perfpipe.settings.settings import SettingsError

    try:
        return date.fromisoformat(text)
    except ValueError:
        found = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", text.strip())
        meant = "; write 31/03/2018 as 2018-03-31" if found else ""
        raise SettingsError([f"{text!r} is not a day; expected YYYY-MM-DD, for example 2017-06-14{meant}"]) from None
