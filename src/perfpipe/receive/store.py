"""The store: every delivered file once, by the hash of its content, which is checked before it is read."""

from __future__ import annotations

from pathlib import Path

from perfpipe.ledger.records import StoredFile
from perfpipe.receive.arrived_files import Content, is_plain_file
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import failure_of
from perfpipe.storage.files import sha256_of, write_whole


def store_content(workspace: Workspace, content: Content) -> StoredFile:
    """Copy a file into the store under its hash, unless it is there, sound. Raises MachineFailure."""
    target = stored_path(workspace, content.sha256)
    if sha256_of(target) != content.sha256:
        write_whole(target, content.bytes)
    return StoredFile(content.name, content.sha256, len(content.bytes))


def stored_path(workspace: Workspace, sha256: str) -> Path:
    """Where the store keeps the content with this hash."""
    return workspace.store / sha256[:2] / sha256


def sound_copy(workspace: Workspace, file: StoredFile, folder: str, kept: str | None = None) -> Path | None:
    """The stored copy of a file, sound: where it was changed or is missing it is taken again from `data/raw`.

    `folder`: where it was delivered; `kept`: the hash of what is kept of it, where rows of it were erased. None where
    that has it no more, or another one. Raises MachineFailure.
    """
    sha256 = file.sha256 if kept is None else kept
    for store in workspace.stores:
        path = store / sha256[:2] / sha256
        if sha256 and sha256_of(path) == sha256:
            return path
    if kept is not None:
        return None
    delivered = file_as_delivered(workspace, file, folder)
    if delivered is None:
        return None
    target = stored_path(workspace, file.sha256)
    try:
        content = delivered.read_bytes()
    except OSError as error:
        raise failure_of(error, delivered, "read") from None
    write_whole(target, content)
    return target if sha256_of(target) == file.sha256 else None


def file_as_delivered(workspace: Workspace, file: StoredFile, folder: str) -> Path | None:
    """The file under its name in its folder of `data/raw`, or in any other, if it still has the same content."""
    others = sorted(workspace.raw.glob("[!.]*")) if workspace.raw.is_dir() else []
    for path in (workspace.raw / folder / file.name, *(other / file.name for other in others)):
        if path.exists() and is_plain_file(path) and sha256_of(path) == file.sha256:
            return path
    return None
