"""The workspace: where its files and folders are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from perfpipe.settings.corrections import FILE
from perfpipe.settings.settings import Settings, load_settings


class WorkspaceInUse(Exception):
    """Another run is in progress in the workspace."""


@dataclass(frozen=True)
class Workspace:
    """A folder with settings, plan, `data/raw`, `data/processed` and `reports`."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """`perfpipe.toml`."""
        return self.root / "perfpipe.toml"

    @property
    def plan_file(self) -> Path:
        """`plan.toml`."""
        return self.root / "plan.toml"

    @property
    def raw(self) -> Path:
        """Where extracts are delivered."""
        return self.root / "data" / "raw"

    @property
    def store(self) -> Path:
        """The content-addressed copies of every delivered file."""
        return self.raw / ".store"

    @property
    def processed(self) -> Path:
        """The ledger and the cache of typed rows."""
        return self.root / "data" / "processed"

    @property
    def reports(self) -> Path:
        """Published editions."""
        return self.root / "reports"

    def settings(self) -> Settings:
        """Read and check `perfpipe.toml` and `corrections.toml`. Raises SettingsError."""
        return load_settings(self.settings_file, self.root / FILE)
