"""Take in what has come back to `commentary/` for a month, and keep what packs showed of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from perfpipe.commentary.comment import NO_COMMENTARY, Comment, Commentary, read_back, written
from perfpipe.commentary.form_row import NO_DATASET, MayHold
from perfpipe.commentary.read_form import FormReading, read_form, repeated
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.measures.definition import Measure
from perfpipe.plan import Plan, measures_shown
from perfpipe.rules.commentary import COMMENTARY_PLACE, COMMENTARY_UNREADABLE
from perfpipe.settings.workspace import COMMENTARY, Workspace
from perfpipe.storage.files import write_whole

NOT_LOOKED_AT = (".", "~$", "Thumbs.db", "desktop.ini")  # beginnings of the names that programs leave


@dataclass(frozen=True)
class Taking:
    """By what commentary is taken in: the plan, the measures of packs, the day, and the ids that records have.

    `identifiers` are asked for only where there are words.
    """

    plan: Plan
    measures: Sequence[Measure]
    today: date
    identifiers: Callable[[], Collection[str]]


def commentary_of(workspace: Workspace, month: Month, taking: Taking) -> Commentary:
    """The commentary of a month: what can be shown, the faults of the rest, and of what lies beside the months."""
    try:
        return _taken(workspace, month, taking)
    except OSError:  # a share that is gone, a folder that is another's: no reason to publish nothing
        at = Address(NO_DATASET, f"{COMMENTARY}/{month}")
        return Commentary(faults=(fault_of(COMMENTARY_UNREADABLE, at, "a folder that cannot be opened"),))


def _taken(workspace: Workspace, month: Month, taking: Taking) -> Commentary:
    astray = _astray(workspace)
    folder = workspace.commentary / str(month)
    entries = list(_entries(folder))
    if not entries:
        return Commentary(faults=tuple(astray)) if astray else NO_COMMENTARY
    places = {(each.id, period.value) for each in taking.measures for period in each.periods}
    roles = roles_of(taking.plan, taking.measures)
    expected = MayHold(month, places, roles, taking.today, taking.identifiers())
    read = [_read(workspace, path, expected) for path in entries]
    twice = repeated(chain.from_iterable(each.comments for each in read), month)
    comments = [comment for each in read for comment, _ in each.comments if comment.place not in twice]
    faults = (*astray, *chain.from_iterable(each.faults for each in read), *chain.from_iterable(twice.values()))
    left_out = sum(each.left_out for each in read) + sum(map(len, twice.values()))
    return Commentary(tuple(sorted(comments, key=lambda each: each.place)), faults, left_out)


def months_with_commentary(workspace: Workspace) -> list[Month]:
    """The months that have a folder of commentary, oldest first."""
    return sorted(month for path in _entries(workspace.commentary) if (month := _month_of(path)))


def roles_of(plan: Plan, measures: Sequence[Measure]) -> dict[str, str]:
    """Who can have written: the roles of the plan, and the owners of measures; by id and title in small letters."""
    owners = dict.fromkeys(each.owner for each in measures_shown(plan, measures, None))
    roles = {owner.casefold(): owner for owner in owners}
    roles |= {each.role.casefold(): each.role for each in plan.owners}
    return {each.id.casefold(): each.role for each in plan.owners} | roles


def keep_commentary(workspace: Workspace, commentary: Commentary) -> None:
    """Keep the words that a pack shows, under their hash. Raises MachineFailure."""
    if not commentary.comments:
        return
    copy, content = _copy(workspace, commentary.sha256), written(commentary.comments)
    if not copy.exists() or copy.read_bytes() != content:
        write_whole(copy, content)


def kept_commentary(workspace: Workspace, sha256: str) -> tuple[Comment, ...]:
    """The words that a run showed, by the hash that it recorded; none where it had none or the copy is gone."""
    copy = _copy(workspace, sha256)
    if not sha256 or not copy.is_file():
        return ()
    try:
        return read_back(copy.read_bytes())
    except (ValueError, KeyError, TypeError):  # changed by hand
        return ()


def _copy(workspace: Workspace, sha256: str) -> Path:
    return workspace.earlier_commentary / f"{sha256}.json"


def _entries(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if not path.name.startswith(NOT_LOOKED_AT))


def _month_of(path: Path) -> Month | None:
    try:
        return Month.parse(path.name) if path.is_dir() else None
    except ValueError:
        return None


def _astray(workspace: Workspace) -> list[Fault]:
    """What lies in `commentary/` and is no month."""
    return [
        fault_of(COMMENTARY_PLACE, _at(workspace, path), "a folder" if path.is_dir() else "a file beside the months")
        for path in _entries(workspace.commentary)
        if _month_of(path) is None
    ]


def _read(workspace: Workspace, path: Path, expected: MayHold) -> FormReading:
    at = _at(workspace, path)
    if path.is_symlink() or not path.is_file():
        return FormReading(faults=(fault_of(COMMENTARY_PLACE, at, "a link or a folder"),))
    if path.suffix.casefold() != ".xlsx":
        return FormReading(faults=(fault_of(COMMENTARY_PLACE, at, "a file that is no .xlsx workbook"),))
    try:
        content = path.read_bytes()
    except OSError:
        return FormReading(faults=(fault_of(COMMENTARY_UNREADABLE, at, "a file that cannot be opened"),))
    return read_form(content, at.file, expected)


def _at(workspace: Workspace, path: Path) -> Address:
    return Address(NO_DATASET, path.relative_to(workspace.root).as_posix())
