"""Receive: files in `data/raw/<month>/` into deliveries and extracts.

Each file is copied once into a content-addressed store; from there on its content cannot change. A delivery is
new when its files differ from the last delivery under the same names.
"""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from perfpipe.datasets import DATASETS, Dataset
from perfpipe.datasets.definition import Severity
from perfpipe.dates.months import Month, financial_year_folder
from perfpipe.faults.fault import Fault
from perfpipe.faults.severity import judged
from perfpipe.ledger.ledger import Ledger
from perfpipe.receive.arrived_files import (
    Content,
    UnfinishedFile,
    alike,
    check_arrived,
    cut_short,
    is_plain_file,
    partial_of,
    read_content,
    shown_name,
    write_beside,
)
from perfpipe.receive.delivery_note import NOTE, Note, arrival_fault, changed_note, note_for_nobody, read_note
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace

File = dict[str, str | int]  # name, sha256, bytes


@dataclass(frozen=True)
class Folder:
    """One delivery folder: its name and the months it is named for (the same month, or a financial year)."""

    path: Path
    first_month: Month
    last_month: Month


@dataclass(frozen=True)
class Receipt:
    """What `receive` did: how many deliveries were new, and what could not be taken."""

    new_deliveries: int
    faults: list[Fault]


def receive(workspace: Workspace, settings: Settings, ledger: Ledger) -> Receipt:
    """Take in every file under `data/raw` that has not been taken in yet."""
    now = datetime.now(UTC)
    faults: list[Fault] = []
    new = 0
    folders, unnamed = delivery_folders(workspace, settings)
    faults += unnamed
    known = ledger.last_deliveries()
    for folder in folders:
        note, problems = read_note(folder.path / NOTE)
        faults += problems
        if not problems:
            count, problems = _receive_folder(workspace, settings, ledger, folder, note, known, now)
            new, faults = new + count, faults + problems
    return Receipt(new, judged(faults, settings))


def delivery_folders(workspace: Workspace, settings: Settings) -> tuple[list[Folder], list[Fault]]:
    """The delivery folders in order, and a fault for each folder or file that is named otherwise."""
    folders: list[Folder] = []
    faults: list[Fault] = []
    if not workspace.raw.is_dir():
        return folders, faults
    if workspace.raw.is_symlink():
        do = "Put the folder itself here, or set the severity of this rule to warn if the link is meant."
        faults.append(arrival_fault("data/raw", "raw_is_a_link", "a link to another place", do))
        if settings.severities.get("raw_is_a_link") != Severity.WARN:
            return folders, faults
    for path in sorted(workspace.raw.iterdir()):
        if path.name.startswith("."):
            continue
        span = _months_of(path.name, settings.folders) if path.is_dir() and not path.is_symlink() else None
        if span:
            folders.append(Folder(path, *span))
        else:
            do = "Put the file into a folder named by its month, as in data/raw/2017-04/."
            faults.append(
                arrival_fault(shown_name(path.name), "folder_name", "not a delivery folder", do, Severity.WARN)
            )
    return folders, faults


def _months_of(name: str, folders: str) -> tuple[Month, Month] | None:
    try:
        month = Month.parse(name)
    except ValueError:
        return financial_year_folder(name)
    year = financial_year_folder(name) if folders == "financial_year" else None
    return year or (month, month)


def _receive_folder(
    workspace: Workspace,
    settings: Settings,
    ledger: Ledger,
    folder: Folder,
    note: Note,
    known: Mapping[tuple[str, str], Mapping[str, Any]],
    now: datetime,
) -> tuple[int, list[Fault]]:
    names, faults = _file_names(folder, settings)
    new = 0
    claimed: set[str] = set()
    for name in names:
        match = match_layout(settings, folder.last_month, name)
        if match is None:
            continue
        dataset, layout = match
        companions = [n for n in names if n != name and _matches(n, layout.companions)]
        claimed |= {name, *companions}
        declared = note.get("*", {}) | note.get(name, {})
        last = known.get((folder.path.name, name))
        try:
            contents = [read_content(folder.path / n) for n in sorted([name, *companions])]
            extract_id = _extract_id(dataset, contents)
            if last is not None and last["extract_id"] == extract_id:
                faults += changed_note(folder.path.name, name, declared, last)
                faults += _withdrawn(folder, name, last["withdrawn_at"])
                continue
            short = [_incomplete(folder, c.name, found) for c in contents if (found := cut_short(c))]
            for content in contents:
                check_arrived(content)
        except OSError as error:
            faults.append(_not_readable(folder.path.name, name, error))
        except UnfinishedFile as unfinished:
            faults.append(_being_written(folder, name, unfinished.found))
        else:
            faults += short
            if not short:
                files = [_stored(workspace, content) for content in contents]
                _add_delivery(ledger, dataset, extract_id, files, folder, name, declared, now)
                new += 1
    faults += [_unknown_file(folder, name) for name in names if name not in claimed]
    faults += [note_for_nobody(folder.path.name, name) for name in note if name != "*" and name not in names]
    return new, faults


def _extract_id(dataset: Dataset, contents: Sequence[Content]) -> str:
    identity = "\n".join(f"{content.name} {content.sha256}" for content in contents)
    return hashlib.sha256(f"{dataset.id}\n{identity}".encode()).hexdigest()


def _add_delivery(
    ledger: Ledger,
    dataset: Dataset,
    extract_id: str,
    files: Sequence[File],
    folder: Folder,
    name: str,
    declared: dict[str, datetime],
    now: datetime,
) -> None:
    delivery = {"folder": folder.path.name, "main_file": name, "declared_at": declared.get("extracted_at")}
    with ledger.writing():
        ledger.add_delivery(
            {"id": extract_id, "dataset": dataset.id, "withdrawn_at": None, "withdrawn_reason": None},
            files,
            delivery | {"received_at": declared.get("delivered_on", now), "recorded_at": now},
        )


def _withdrawn(folder: Folder, name: str, at: datetime | None) -> list[Fault]:
    """A file that stands in its folder, and whose extract was withdrawn: it is in no figure."""
    if at is None:
        return []
    found = f"withdrawn on {at:%Y-%m-%d}; it is in no figure"
    do = "Put the right file in its place. To use this one after all, give it another name that a layout knows."
    return [arrival_fault(f"{folder.path.name}/{name}", "file_withdrawn", found, do, Severity.WARN)]


def _not_readable(folder: str, name: str, error: OSError) -> Fault:
    found = f"cannot be read ({type(error).__name__})"
    do = "Close it in every program, and check that you may read it."
    return arrival_fault(f"{folder}/{name}", "file_not_readable", found, do)


def _being_written(folder: Folder, name: str, found: str) -> Fault:
    do = "Wait until the copy has ended, close it in every program, and run again. It was not taken in."
    return arrival_fault(f"{folder.path.name}/{name}", "file_being_written", found, do)


def _incomplete(folder: Folder, name: str, found: str) -> Fault:
    do = "Copy or export the file again, or wait until a copy that is under way has ended. It was not taken in."
    return arrival_fault(f"{folder.path.name}/{name}", "file_incomplete", found, do)


def match_layout(settings: Settings, month: Month, name: str) -> tuple[Dataset, Layout] | None:
    """The dataset and layout that a file name belongs to in a month, or None."""
    for dataset in DATASETS:
        for layout in settings.layouts_of(dataset, month):
            if _matches(name, layout.files):
                return dataset, layout
    return None


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)


def _file_names(folder: Folder, settings: Settings) -> tuple[list[str], list[Fault]]:
    """The files that may be taken, and a fault for each that may not."""
    names, faults = [], []
    for path in sorted(folder.path.iterdir()):
        shown = shown_name(f"{folder.path.name}/{path.name}")
        if path.name == NOTE or path.name.startswith((".", "~$")) or _matches(path.name, settings.ignore_files):
            continue
        whole = partial_of(path.name)
        if not is_plain_file(path):
            found = "a link, a folder, a pipe or a device"
            faults.append(arrival_fault(shown, "not_a_file", found, "Put the file itself here."))
        elif not path.name.isprintable():
            found = "a name with control characters, or one that is not UTF-8"
            faults.append(arrival_fault(shown, "file_name", found, "Rename the file."))
        elif whole and match_layout(settings, folder.last_month, whole):
            faults.append(_being_written(folder, path.name, "a half-copied file"))
        else:
            names.append(path.name)
    for name, earlier in alike(names):
        found = f"another spelling of {earlier!r}, which most systems take for the same name"
        faults.append(arrival_fault(f"{folder.path.name}/{name}", "file_name", found, "Rename one, or remove it."))
        names.remove(name)
    return names, faults


def _stored(workspace: Workspace, content: Content) -> File:
    """Copy a file into the store under its hash, unless it is there; returns name, sha256 and bytes."""
    target = stored_path(workspace, content.sha256)
    if not target.exists():
        write_beside(target, content.bytes)
    return {"name": content.name, "sha256": content.sha256, "bytes": len(content.bytes)}


def stored_path(workspace: Workspace, sha256: str) -> Path:
    """Where the store keeps the content with this hash."""
    return workspace.store / sha256[:2] / sha256


def _unknown_file(folder: Folder, name: str) -> Fault:
    expected = ", ".join(f"{dataset.id}.xlsx" for dataset in DATASETS)
    do = "Rename it, add its name to `files` of a layout, or list it in `ignore_files` of perfpipe.toml."
    return Fault(
        "", f"{folder.path.name}/{name}", "", 0, "", "file_not_recognised", Severity.WARN,
        "a file that no layout knows", f"a standard name ({expected}) or a name of a layout", do,
    )  # fmt: skip
