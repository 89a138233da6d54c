"""Editions on disk and in the ledger: an edition is committed under a partial name, then gets its own.

What stands under a number is never removed, and the number never given again, whatever the ledger says: a ledger that
was restored from a backup, or lost, does not know what was sent since.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionKind, EditionRecord, PackAudience
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.access import tighten
from perfpipe.storage.failures import MachineFailure, failure_of, storing
from perfpipe.storage.files import sha256_of, sync_folder

MANIFEST = "manifest.json"
FOR_OTHER_TOOLS = "powerbi"  # in reports: every figure, unsuppressed, for the owner alone
TO_SEND = "to_send"  # in the folder of an edition: its files under names that say what they are
NAME = r"(?:(?:draft|as_known)-)?[0-9]+"
PARTIAL = re.compile(rf"\.{NAME}\.partial")
FINISHES = "`perfpipe verify` or the next run puts it there."


def edition_folder(
    workspace: Workspace,
    month: Month,
    edition: int,
    audience: PackAudience = PackAudience.BOARD,
    kind: EditionKind = EditionKind.EDITION,
) -> Path:
    """Where an edition stands: `reports/<month>/<audience>/<edition>`; a draft as `draft-<number>`."""
    name = str(edition) if kind is EditionKind.EDITION else f"{kind}-{edition}"
    return workspace.reports / str(month) / audience / name


def folder_of(workspace: Workspace, edition: EditionRecord) -> Path:
    """Where an edition of the ledger stands."""
    return edition_folder(workspace, edition.month, edition.edition, edition.audience, edition.kind)


def partial_of(folder: Path) -> Path:
    """Where an edition is written, beside its own place."""
    return folder.with_name(f".{folder.name}.partial")


def opens_to_group(workspace: Workspace) -> Callable[[Path], bool]:
    """Whether a file or folder of a workspace is the group's too: all of a team's, else no more than its editions."""
    group = workspace.group

    def opens(path: Path) -> bool:
        if group == "team" or not group or not path.is_relative_to(workspace.reports):
            return group == "team"
        parts = path.relative_to(workspace.reports).parts
        return PackAudience.ANALYST not in parts[1:2] and FOR_OTHER_TOOLS not in parts[:1]

    return opens


def next_edition(
    workspace: Workspace,
    ledger: Ledger,
    month: Month,
    audiences: tuple[PackAudience, ...],
    kind: EditionKind = EditionKind.EDITION,
) -> int:
    """The number of a month's next edition of a kind: above all that the ledger knows, and all that stand on disk."""
    of_month = [each for each in ledger.editions() if each.month == month and each.audience in audiences]
    known = [each.edition for each in of_month if each.kind is kind]
    folders = {edition_folder(workspace, month, 0, audience).parent for audience in audiences}
    start = edition_folder(workspace, month, 0, kind=kind).name.removesuffix("0")
    names = [path.name for folder in folders for path in _numbered(folder)]
    on_disk = [name[len(start) :] for name in names if name.startswith(start)]
    return max([*known, *(int(number) for number in on_disk if number.isdecimal())], default=0) + 1


def _numbered(folder: Path) -> Iterator[Path]:
    with storing(folder, "read"):
        yield from (path for path in folder.glob("*") if re.fullmatch(NAME, path.name))


def unknown_editions(workspace: Workspace, ledger: Ledger) -> list[str]:
    """Editions on disk that the ledger does not know, in words, each by its folder."""
    known = {folder_of(workspace, each) for each in ledger.editions()}
    audiences = [path for path in workspace.reports.glob("*/*") if path.name in list(PackAudience)]
    found = [path for folder in sorted(audiences) for path in sorted(_numbered(folder)) if path not in known]
    return [
        f"{path.relative_to(workspace.root).as_posix()}: an edition that the ledger does not know. The ledger was "
        "restored from a backup, replaced or lost after it was published. It stays, and its number is not used again; "
        "restore the newest backup of data/processed/ledger.db if there is a newer one."
        for path in found
    ]


def settle_editions(workspace: Workspace, ledger: Ledger) -> list[str]:
    """Put committed editions in their places; remove what was written and never committed. In words, what was finished.

    Only while the workspace is held. Raises MachineFailure.
    """
    finished = finish_editions(workspace, ledger)
    for partial in uncommitted_partials(workspace, ledger):
        with storing(partial, "removed"):
            shutil.rmtree(partial)
    return finished


def uncommitted_partials(workspace: Workspace, ledger: Ledger) -> list[Path]:
    """Editions that were being written and are not in the ledger."""
    committed = {partial_of(folder_of(workspace, each)) for each in ledger.editions()}
    found = workspace.reports.glob("*/*/.*.partial")
    return [path for path in found if PARTIAL.fullmatch(path.name) and path not in committed]


def finish_editions(workspace: Workspace, ledger: Ledger) -> list[str]:
    """Put committed editions in their places, and say which. Raises MachineFailure."""
    return [said for each in ledger.editions() if (said := _finished(workspace, each))]


class UnplacedEdition(MachineFailure):
    """An edition is published and could not be put in its place: to publish again would make another."""


def _finished(workspace: Workspace, edition: EditionRecord) -> str:
    folder = folder_of(workspace, edition)
    partial = partial_of(folder)
    if not partial.is_dir() or folder.exists() or edition_problems(partial, edition.manifest_sha256):
        return ""
    place = folder.relative_to(workspace.root).as_posix()
    try:
        partial.rename(folder)
        sync_folder(folder.parent)
        tighten([workspace.reports, workspace.earlier_plans], opens_to_group(workspace))
    except OSError as error:
        why = failure_of(error, place, "put in its place")
        raise UnplacedEdition(f"The edition is published, but {why} {FINISHES}") from None
    return f"{place}: was published by a run that was stopped before it was in its place; it is there now"


def edition_problems(folder: Path, manifest_sha256: str) -> list[str]:
    """What differs in an edition from what was published, in words."""
    if not folder.is_dir():
        return ["the folder is not there"]
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError:
        return [f"{MANIFEST} is missing or cannot be read"]
    if hashlib.sha256(content).hexdigest() != manifest_sha256:
        return [f"{MANIFEST} was changed"]
    problems = []
    for name, sha256 in json.loads(content)["outputs"].items():
        now = sha256_of(folder / name)
        if now != sha256:
            problems.append(f"{name} {'was changed' if now else 'is missing or cannot be read'}")
    return problems
