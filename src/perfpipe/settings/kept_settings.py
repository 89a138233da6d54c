"""The settings of each run that published, kept by hash, so that its figures can be made again with them.

Corrections hold values about children, so these copies are as private as the ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from perfpipe.settings.corrections import FILE as CORRECTIONS
from perfpipe.settings.settings import Settings, SettingsError, load_settings
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.files import write_whole

SETTINGS, PLACES = "perfpipe.toml", "places"


def settings_read_once(workspace: Workspace) -> tuple[Settings, dict[str, bytes]]:
    """The settings, and the content of the files that they were read from, the same before and after.

    By the names `perfpipe.toml`, `corrections.toml` and `places` (the file that they name so), as far as there are.
    Raises SettingsError.
    """
    before = {path: _content(path) for path in (workspace.settings_file, workspace.root / CORRECTIONS)}
    settings = workspace.settings()
    for path, content in before.items():
        if _content(path) != content:
            raise SettingsError([f"{path}: was changed while it was being read; run the command again"])
    found = {path.name: content for path, content in before.items() if content is not None}
    if settings.places and (content := _content(workspace.root / settings.places)) is not None:
        found[PLACES] = content
    return settings, found


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def hashes_of_settings(contents: Mapping[str, bytes]) -> dict[str, str]:
    """The hash of each file, by its name."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def keep_settings(workspace: Workspace, contents: Mapping[str, bytes]) -> None:
    """Keep a copy of each file under its hash in `earlier_settings/`. Raises MachineFailure."""
    for name, sha256 in hashes_of_settings(contents).items():
        copy = kept_file(workspace, name, sha256)
        if not copy.exists() or copy.read_bytes() != contents[name]:
            write_whole(copy, contents[name])


def kept_file(workspace: Workspace, name: str, sha256: str) -> Path:
    """Where the copy of a file of settings is."""
    return workspace.earlier_settings / f"{sha256}{Path(name).suffix}"


def kept_settings(workspace: Workspace, kept: Mapping[str, str]) -> Settings:
    """The settings that a run used, by the hashes it recorded. Raises SettingsError, also where a copy is gone."""
    paths = {name: kept_file(workspace, name, sha256) for name, sha256 in kept.items()}
    gone = [path for path in paths.values() if not path.is_file()]
    if gone or SETTINGS not in paths:
        raise SettingsError([f"{path}: the copy of earlier settings is not there" for path in gone] or ["none kept"])
    return load_settings(paths[SETTINGS], paths.get(CORRECTIONS, workspace.earlier_settings / "none"))
