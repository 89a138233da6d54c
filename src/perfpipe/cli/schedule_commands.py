"""What runs by the clock, how the workspace stands, and who is told: `perfpipe run --due`, `status`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfpipe.cli.words import DONE, STOPPED, Where, at, say

if TYPE_CHECKING:
    from perfpipe.schedule.due import MonthRun
    from perfpipe.schedule.outlook import MonthOutlook
    from perfpipe.schedule.status import WorkspaceStatus
    from perfpipe.settings.workspace import Workspace
    from perfpipe.verify import Verification


def run_what_is_due(root: Path, month: str | None) -> int:
    """Run the months that are due, print how each stands, and tell whom the settings name."""
    from perfpipe.schedule.send import run_due_and_tell
    from perfpipe.settings.settings import SettingsError
    from perfpipe.settings.workspace import Workspace
    from perfpipe.storage.failures import MachineFailure

    if month is not None:
        raise SettingsError([f"{month} and --due: give one of them; --due looks which months are due"])

    def in_brief(error: Exception) -> str:
        return str(error) if isinstance(error, MachineFailure) else f"internal error: {type(error).__name__}"

    runs = run_due_and_tell(Workspace(root), say, in_brief)
    for line in lines_of(runs):
        print(line)
    return STOPPED if any(run.is_blocked for run in runs) else DONE


def status(*, workspace: Where = Path(), format: Literal["text", "json"] = "text") -> int:
    """Say how the workspace stands: months and editions, extracts received and awaited, new files, faults, disk.

    Reads no extract and changes nothing.

    Parameters
    ----------
    format
        Lines to read, or `json`.
    """
    from perfpipe.schedule.status import status_of
    from perfpipe.settings.workspace import Workspace

    found = status_of(Workspace(at(workspace)))
    if format == "json":
        print(json.dumps(asdict(found), indent=2, ensure_ascii=False, default=str))
    else:
        for line in _status_lines(found):
            print(line)
    return DONE


def _status_lines(found: WorkspaceStatus) -> Iterator[str]:
    yield found.authority
    for month in found.months:
        faults = ", ".join(f"{count} {severity}" for severity, count in sorted(month.faults.items())) or "none"
        signed = ", signed off" if month.signed_off else ""
        yield f"{month.month}: edition {month.edition}, published on {month.published_on}{signed}; faults: {faults}"
    if not found.months:
        yield "no month is published yet"
    for each in found.datasets:
        came = f"to {each.newest_month}, made on {each.made_at:%Y-%m-%d}" if each.made_at else "none came yet"
        due = f"; {each.next_month} is due on {each.next_due} from {each.sender}" if each.next_due else ""
        yield f"{each.title}: {came}{due}"
    for line in found.unheld_roles:
        yield f"role: {line}"
    for name in found.new_files:
        yield f"new: {name}"
    yield from found.kept
    yield ", ".join(f"{folder} {size / 1e6:,.1f} MB" for folder, size in found.bytes_by_folder.items())


def tell_of_problems(workspace: Workspace, found: Verification) -> None:
    """Tell whom the settings name that something stored is not as it was written."""
    from perfpipe.schedule.notices import verification
    from perfpipe.schedule.send import send

    send(workspace, [verification(workspace.settings().authority.name, found)], say)


def lines_of(runs: Sequence[MonthRun]) -> list[str]:
    """How each month stands, a line each, and under it what it waits for or what stops it."""
    lines = []
    for run in runs:
        done = ""
        if run.outcome:
            done = f", {'published' if run.outcome.changed else 'unchanged'}: {run.outcome.pack.resolve()}"
        lines += [f"{run.outlook.month}: {run.outlook.state}{done}", *_details(run.outlook)]
        lines += [f"    {each.owner}: {each.what_to_do} ({len(each.places)})" for each in run.blockers]
    return lines


def _details(outlook: MonthOutlook) -> list[str]:
    waits = [f"    {each.title}, from {each.sender}, due on {each.due_on}" for each in outlook.awaited]
    stops = [f"    {each.owner}: {each.what_to_do} ({len(each.places)})" for each in outlook.blockers]
    return [*waits, *stops]
