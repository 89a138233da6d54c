"""Receive: files in `data/raw/<month>/` into deliveries and extracts.

Each file is copied once into a content-addressed store; from there on its content cannot change. A delivery is
new when its files differ from the last delivery under the same names.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from perfpipe.datasets import DATASETS, Dataset
from perfpipe.datasets.definition import Severity
from perfpipe.faults import Fault
from perfpipe.ledger import Ledger
from perfpipe.months import Month, financial_year_folder, to_utc
from perfpipe.settings import Layout, Settings, Workspace

NOTE = "delivery.toml"
Note = dict[str, dict[str, datetime]]  # by file name, `*` for all others
File = dict[str, str | int]  # name, sha256, bytes


@dataclass(frozen=True)
class Folder:
    """One delivery folder: its name and the months it is named for (the same month, or a financial year)."""

    path: Path
    first_month: Month
    last_month: Month


@dataclass(frozen=True)
class Received:
    """What `receive` did: how many deliveries were new, and what could not be taken."""

    new_deliveries: int
    faults: list[Fault]


def receive(workspace: Workspace, settings: Settings, ledger: Ledger) -> Received:
    """Take in every file under `data/raw` that has not been taken in yet."""
    now = datetime.now(UTC)
    faults: list[Fault] = []
    new = 0
    folders, unnamed = delivery_folders(workspace, settings)
    faults += unnamed
    for folder in folders:
        note, problems = _delivery_note(folder.path / NOTE)
        faults += problems
        if not problems:
            count, problems = _receive_folder(workspace, settings, ledger, folder, note, now)
            new, faults = new + count, faults + problems
    return Received(new, faults)


def delivery_folders(workspace: Workspace, settings: Settings) -> tuple[list[Folder], list[Fault]]:
    """The delivery folders in order, and a fault for each folder or file that is named otherwise."""
    folders: list[Folder] = []
    faults: list[Fault] = []
    if not workspace.raw.is_dir():
        return folders, faults
    for path in sorted(workspace.raw.iterdir()):
        if path.name.startswith("."):
            continue
        span = _months_of(path.name, settings.folders) if path.is_dir() and not path.is_symlink() else None
        if span:
            folders.append(Folder(path, *span))
        else:
            do = "Put the file into a folder named by its month, as in data/raw/2017-04/."
            faults.append(_fault(path.name, "folder_name", "not a delivery folder", do, Severity.WARN))
    return folders, faults


def _months_of(name: str, folders: str) -> tuple[Month, Month] | None:
    try:
        month = Month.parse(name)
    except ValueError:
        return financial_year_folder(name)
    year = financial_year_folder(name) if folders == "financial_year" else None
    return year or (month, month)


def _delivery_note(path: Path) -> tuple[Note, list[Fault]]:
    """For each file name (`*`: all others), when it arrived and when the source made it, as far as declared."""
    if not path.is_file():
        return {}, []
    try:
        note = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        files = {"*": {key: value for key, value in note.items() if key != "files"}, **note.get("files", {})}
        return {name: {key: _moment(key, value) for key, value in entry.items()} for name, entry in files.items()}, []
    except (ValueError, AttributeError, TypeError) as error:
        problem = str(error) if isinstance(error, ValueError) else "`files` holds one table for each file's name"
        do = 'Write `delivered_on = 2017-05-06`, and `extracted_at` likewise, at the top or under [files."name.xlsx"].'
        return {}, [_fault(f"{path.parent.name}/{NOTE}", "delivery_note", f"not readable: {problem}", do)]


def _moment(key: str, value: object) -> datetime:
    if key not in ("delivered_on", "extracted_at") or not isinstance(value, date):
        raise ValueError(f"{key} is not a key with a date that a delivery note has")
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(0) if key == "delivered_on" else time(23, 59, 59))
    return value.astimezone(UTC) if value.tzinfo else to_utc(value)


def _receive_folder(
    workspace: Workspace, settings: Settings, ledger: Ledger, folder: Folder, note: Note, now: datetime
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
        try:
            files = [_stored(workspace, folder.path / n) for n in sorted([name, *companions])]
        except OSError as error:
            faults.append(_not_readable(folder, name, error))
            continue
        declared = note.get("*", {}) | note.get(name, {})
        last = ledger.last_delivery(folder.path.name, name)
        extract_id = _extract_id(dataset, files)
        if last is not None and last["extract_id"] == extract_id:
            faults += _changed_note(folder, name, declared, last)
        else:
            _add_delivery(ledger, dataset, extract_id, files, folder, name, declared, now)
            new += 1
    faults += [_unknown_file(folder, name) for name in names if name not in claimed]
    faults += [_note_for_nobody(folder, name) for name in note if name != "*" and name not in names]
    return new, faults


def _extract_id(dataset: Dataset, files: Sequence[File]) -> str:
    identity = "\n".join(f"{file['name']} {file['sha256']}" for file in files)
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


def _changed_note(folder: Folder, name: str, declared: dict[str, datetime], last: dict[str, Any]) -> list[Fault]:
    """A delivery note counts when its file is received; what it says afterwards has no effect, and that is said."""
    then = {"delivered_on": last["received_at"], "extracted_at": last["declared_at"]}
    changed = [key for key, moment in declared.items() if moment != then[key]]
    if not changed:
        return []
    found = f"says another {' and '.join(changed)} of {name} than when the file was received"
    do = "Put the note back as it was. To change it, withdraw the extract and send the file under another name."
    return [_fault(f"{folder.path.name}/{NOTE}", "delivery_note_changed", found, do, Severity.WARN)]


def _note_for_nobody(folder: Folder, name: str) -> Fault:
    do = "Correct the file's name in the note; names count letter by letter."
    found = f"names {name!r}, which is not in the folder"
    return _fault(f"{folder.path.name}/{NOTE}", "delivery_note_unused", found, do, Severity.WARN)


def _not_readable(folder: Folder, name: str, error: OSError) -> Fault:
    found = f"cannot be read ({type(error).__name__})"
    do = "Close it in every program, and check that you may read it."
    return _fault(f"{folder.path.name}/{name}", "file_not_readable", found, do)


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
    names, faults = [], []
    for path in sorted(folder.path.iterdir()):
        shown = f"{folder.path.name}/{path.name}"
        if path.name == NOTE or path.name.startswith((".", "~$")) or _matches(path.name, settings.ignore_files):
            continue
        if path.is_symlink() or not path.is_file():
            faults.append(_fault(shown, "not_a_file", "a link, a folder or a device", "Put the file itself here."))
        elif not path.name.isprintable():
            faults.append(_fault(repr(shown), "file_name", "a name with control characters", "Rename the file."))
        else:
            names.append(path.name)
    return names, faults


def _stored(workspace: Workspace, path: Path) -> File:
    """Copy a file into the store under its hash, unless it is there; returns name, sha256 and bytes."""
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    target = stored_path(workspace, sha256)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(f".{os.getpid()}.part")
        beside.write_bytes(content)
        os.replace(beside, target)
    return {"name": path.name, "sha256": sha256, "bytes": len(content)}


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


def _fault(file: str, rule: str, found: str, do: str, severity: Severity = Severity.STOP) -> Fault:
    expected = "files of extracts in folders named by month or financial year"
    return Fault("", file, "", 0, "", rule, severity, found, expected, do)
