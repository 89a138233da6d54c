"""The folders of deliveries under `data/raw`, and the files in them that may be taken."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfpipe.dates.months import Month, financial_year_folder
from perfpipe.faults.fault import Fault
from perfpipe.receive.arrived_files import alike, is_plain_file, partial_of, shown_name
from perfpipe.receive.delivery_note import NOTE, arrival_fault
from perfpipe.receive.match_layout import match_layouts, matches
from perfpipe.rules.arrivals import (
    FILE_BEING_WRITTEN,
    FILE_NAME,
    FILE_NAME_TWICE,
    FOLDER_NAME,
    NOT_A_FILE,
    RAW_IS_A_LINK,
)
from perfpipe.rules.rule import Severity
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace


@dataclass(frozen=True)
class Folder:
    """One delivery folder: its name and the months it is named for (the same month, or a financial year)."""

    path: Path
    first_month: Month
    last_month: Month


def delivery_folders(workspace: Workspace, settings: Settings) -> tuple[list[Folder], list[Fault]]:
    """The delivery folders in order, and a fault for each folder or file that is named otherwise."""
    folders: list[Folder] = []
    faults: list[Fault] = []
    if not workspace.raw.is_dir():
        return folders, faults
    if workspace.raw.is_symlink():
        faults.append(arrival_fault(RAW_IS_A_LINK, "data/raw", "a link to another place"))
        if settings.severities.get(RAW_IS_A_LINK.id) != Severity.WARN:
            return folders, faults
    for path in sorted(workspace.raw.iterdir()):
        if path.name.startswith("."):
            continue
        span = _months_of(path.name, settings.folders) if path.is_dir() and not path.is_symlink() else None
        if span:
            folders.append(Folder(path, *span))
        else:
            faults.append(arrival_fault(FOLDER_NAME, shown_name(path.name), "not a delivery folder"))
    return folders, faults


def _months_of(name: str, folders: str) -> tuple[Month, Month] | None:
    try:
        month = Month.parse(name)
    except ValueError:
        return financial_year_folder(name)
    year = financial_year_folder(name) if folders == "financial_year" else None
    return year or (month, month)


def file_names(folder: Folder, settings: Settings) -> tuple[list[str], list[Fault]]:
    """The files that may be taken, and a fault for each that may not."""
    names, faults = [], []
    for path in sorted(folder.path.iterdir()):
        shown = shown_name(f"{folder.path.name}/{path.name}")
        if path.name == NOTE or path.name.startswith((".", "~$")) or matches(path.name, settings.ignore_files):
            continue
        whole = partial_of(path.name)
        if not is_plain_file(path):
            faults.append(arrival_fault(NOT_A_FILE, shown, "a link, a folder, a pipe or a device"))
        elif not path.name.isprintable():
            found = "a name with control characters, or one that is not UTF-8"
            faults.append(arrival_fault(FILE_NAME, shown, found))
        elif whole and match_layouts(settings, folder.last_month, whole):
            faults.append(arrival_fault(FILE_BEING_WRITTEN, f"{folder.path.name}/{path.name}", "a half-copied file"))
        else:
            names.append(path.name)
    for name, earlier in alike(names):
        found = f"a name that most systems treat as the same as {earlier!r}"
        faults.append(arrival_fault(FILE_NAME_TWICE, f"{folder.path.name}/{name}", found))
        names.remove(name)
    return names, faults


def month_of_folder(name: str) -> Month | None:
    """The month that a folder is named for; None for a year's."""
    try:
        return Month.parse(name)
    except ValueError:
        return None
