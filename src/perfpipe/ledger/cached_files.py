"""Cached files: parquet in `data/processed`, read only while its hash is the one in the ledger; else made again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from perfpipe.settings.workspace import Workspace
from perfpipe.storage.files import sha256_of, written_whole

if TYPE_CHECKING:
    import pandas as pd


def write_cached(frame: pd.DataFrame, path: Path) -> None:
    """Write a cached file, whole or not at all. It counts once its hash is in the ledger. Raises MachineFailure."""
    with written_whole(path) as beside:
        frame.to_parquet(beside, index=False)


def hashes_of(workspace: Workspace, *paths: Path) -> dict[str, str]:
    """Cached files as the ledger takes them: the hash of each by its path. One that is gone again is left out."""
    return {_name(workspace, path): sha256 for path in paths if (sha256 := sha256_of(path))}


def is_cached(workspace: Workspace, path: Path, hashes: Mapping[str, str]) -> bool:
    """Whether a cached file is there, and is the one whose hash the ledger has (`Ledger.cached_files`)."""
    name = _name(workspace, path)
    return name in hashes and sha256_of(path) == hashes[name]


def _name(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.processed).as_posix()
