"""Receive: files in `data/raw/<month>/` into deliveries and extracts.

Each file is copied once into a content-addressed store; from there on its content cannot change. A delivery is
new when its files differ from the last delivery under the same names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from perfpipe.datasets import Dataset
from perfpipe.faults.fault import Fault
from perfpipe.faults.severity import judged
from perfpipe.ledger.erasure_records import ErasedFile
from perfpipe.ledger.history_records import EventKind, EventRecord
from perfpipe.ledger.records import DeliveryRecord, LastDelivery, StoredFile
from perfpipe.receive.arrived_files import (
    Content,
    UnfinishedFile,
    check_arrived,
    cut_short,
    read_content,
)
from perfpipe.receive.delivery_folders import Folder, delivery_folders, file_names, month_of_folder
from perfpipe.receive.delivery_note import NOTE, Note, arrival_fault, changed_note, note_for_nobody, read_note
from perfpipe.receive.extract_files import ExtractFiles, extract_files
from perfpipe.receive.store import store_content
from perfpipe.rules.arrivals import (
    ERASED_FILE,
    FILE_BEING_WRITTEN,
    FILE_INCOMPLETE,
    FILE_NOT_READABLE,
    FILE_WITHDRAWN,
    PART_MISSING,
)
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.access import login
from perfpipe.storage.failures import failure_of, is_of_machine

if TYPE_CHECKING:
    from perfpipe.ledger.ledger import Ledger


@dataclass(frozen=True)
class Receipt:
    """What `receive` did: how many deliveries were new, and what could not be taken."""

    new_deliveries: int
    faults: list[Fault]


def receive(workspace: Workspace, settings: Settings, ledger: Ledger, at: datetime | None = None) -> Receipt:
    """Take in every file under `data/raw` that has not been taken in yet. `at`: by this clock, else now."""
    now = at or datetime.now(UTC)
    faults: list[Fault] = []
    new = 0
    folders, unnamed = delivery_folders(workspace, settings)
    faults += unnamed
    known, erased = ledger.last_deliveries(), ledger.erased_files()
    for folder in folders:
        note, problems = read_note(folder.path / NOTE)
        faults += problems
        if not problems:
            count, problems = _receive_folder(workspace, settings, ledger, folder, note, known, erased, now)
            new, faults = new + count, faults + problems
    return Receipt(new, judged(faults, settings))


def _receive_folder(
    workspace: Workspace,
    settings: Settings,
    ledger: Ledger,
    folder: Folder,
    note: Note,
    known: Mapping[tuple[str, str, str], LastDelivery],
    erased: Mapping[str, ErasedFile],
    now: datetime,
) -> tuple[int, list[Fault]]:
    names, faults = file_names(folder, settings)
    extracts, unknown = extract_files(settings, folder, names)
    new = 0
    for extract in extracts:
        main, place = extract.names[0], f"{folder.path.name}/{extract.names[0]}"
        if extract.wrong:
            faults += [] if _left_of(extract, folder, ledger, known) else extract.wrong
            continue
        declared = _declared(note, extract)
        last = known.get((extract.dataset.id, folder.path.name, main))
        try:
            contents, wrong = _new_contents(extract, folder, declared, last, erased)
        except OSError as error:
            faults.append(_not_readable(error, folder.path / main, place))
        except UnfinishedFile as unfinished:
            faults.append(arrival_fault(FILE_BEING_WRITTEN, place, unfinished.found))
        else:
            faults += wrong
            if contents:
                files = [_stored(workspace, content, erased) for content in contents]
                made_at, came_at = declared.get("extracted_at"), declared.get("delivered_on", now)
                extract_id = _extract_id(extract.dataset, contents)
                delivery = DeliveryRecord(extract_id, folder.path.name, main, made_at, came_at, recorded_at=now)
                with ledger.writing():
                    ledger.add_delivery(extract.dataset.id, files, delivery)
                    ledger.add_event(_received(extract.dataset, delivery))
                new += 1
    faults += unknown
    faults += [note_for_nobody(folder.path.name, name) for name in note if name != "*" and name not in names]
    return new, faults


def _stored(workspace: Workspace, content: Content, erased: Mapping[str, ErasedFile]) -> StoredFile:
    """A file, copied into the store unless it was erased: then what is kept of it stands there."""
    if content.sha256 in erased:
        return StoredFile(content.name, content.sha256, len(content.bytes))
    return store_content(workspace, content)


def _not_readable(error: OSError, path: Path, place: str) -> Fault:
    """The fault of a file that is locked or not ours to read. Raises MachineFailure where the disk fails."""
    if is_of_machine(error):
        raise failure_of(error, path, "read") from None
    return arrival_fault(FILE_NOT_READABLE, place, f"cannot be read ({type(error).__name__})")


def _received(dataset: Dataset, delivery: DeliveryRecord) -> EventRecord:
    about = f"{dataset.id} {delivery.extract_id[:12]}"
    month = month_of_folder(delivery.folder)
    return EventRecord(delivery.recorded_at, "", login(), EventKind.RECEIVED, month, about, delivery.main_file)


def _declared(note: Note, extract: ExtractFiles) -> dict[str, datetime]:
    """What the delivery note says of an extract: of parts the first time at which one was made, the last that came."""
    each = [note.get("*", {}) | note.get(name, {}) for name in extract.names[: None if extract.in_parts else 1]]
    chosen = {"extracted_at": min, "delivered_on": max}
    return {
        key: choose(one[key] for one in each if key in one)
        for key, choose in chosen.items()
        if any(key in one for one in each)
    }


def _left_of(
    extract: ExtractFiles, folder: Folder, ledger: Ledger, known: Mapping[tuple[str, str, str], LastDelivery]
) -> bool:
    """Whether the parts that are there were received with the others, and those were taken away since."""
    if any(fault.rule != PART_MISSING.id for fault in extract.wrong):
        return False
    try:
        present = {(name, read_content(folder.path / name).sha256) for name in extract.names}
    except (OSError, UnfinishedFile):
        return False
    received = [
        last for (dataset, name, _), last in known.items() if (dataset, name) == (extract.dataset.id, folder.path.name)
    ]
    return any(
        len(files) > len(present) and present <= {(file.name, file.sha256) for file in files}
        for files in (ledger.files_of(last.delivery.extract_id) for last in received)
    )


def _new_contents(
    extract: ExtractFiles,
    folder: Folder,
    declared: Mapping[str, datetime],
    last: LastDelivery | None,
    erased: Mapping[str, ErasedFile],
) -> tuple[list[Content], list[Fault]]:
    """The files of an extract, unless they were received before or are not whole.

    Also what is wrong with them. Raises OSError, and UnfinishedFile for what is still being written.
    """
    main = extract.names[0]
    contents = [read_content(folder.path / name) for name in sorted(extract.names)]
    back = [_erased(folder, each.name, erased[each.sha256]) for each in contents if each.sha256 in erased]
    if last is not None and last.delivery.extract_id == _extract_id(extract.dataset, contents):
        changed = changed_note(folder.path.name, main, declared, last.delivery)
        return [], [*changed, *_withdrawn(folder, main, last.withdrawn_at), *back]
    short = [
        arrival_fault(FILE_INCOMPLETE, f"{folder.path.name}/{content.name}", found)
        for content in contents
        if (found := cut_short(content))
    ]
    for content in contents:
        check_arrived(content)
    return [] if short else contents, [*short, *back]


def _extract_id(dataset: Dataset, contents: Sequence[Content]) -> str:
    identity = "\n".join(f"{content.name} {content.sha256}" for content in contents)
    return hashlib.sha256(f"{dataset.id}\n{identity}".encode()).hexdigest()


def _withdrawn(folder: Folder, name: str, at: datetime | None) -> list[Fault]:
    """A file that is in its folder, and whose extract was withdrawn: it is in no figure."""
    if at is None:
        return []
    found = f"withdrawn on {at:%Y-%m-%d}; it is in no figure"
    return [arrival_fault(FILE_WITHDRAWN, f"{folder.path.name}/{name}", found)]


def _erased(folder: Folder, name: str, erased: ErasedFile) -> Fault:
    """A file that is in its folder again after rows of it, or all of it, were erased."""
    found = f"erased on {erased.erased_at:%Y-%m-%d}, and in the folder again"
    return arrival_fault(ERASED_FILE, f"{folder.path.name}/{name}", found)
