"""The workspace: where its files and folders are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from perfpipe.settings.corrections import FILE
from perfpipe.settings.settings import Settings, load_settings
from perfpipe.toml_files.parse import parse_toml

COMMENTARY = "commentary"


class WorkspaceInUse(Exception):
    """Another run is in progress in the workspace."""


@dataclass(frozen=True)
class Workspace:
    """A folder with settings, plan, `data/raw`, `data/processed` and `reports`.

    `scratch`: a folder outside it that takes what would be written to the store, the ledger and the caches, for a look
    while a run is in progress.
    """

    root: Path
    scratch: Path | None = None

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
        return self.scratch / "store" if self.scratch else self.raw / ".store"

    @property
    def stores(self) -> tuple[Path, ...]:
        """Where copies of delivered files can be: the store, and for a look the one of the workspace too."""
        return (self.store, self.raw / ".store") if self.scratch else (self.store,)

    @property
    def processed(self) -> Path:
        """The ledger and the cache of typed rows."""
        return self.scratch / "processed" if self.scratch else self.root / "data" / "processed"

    @property
    def faults_to_correct(self) -> Path:
        """The workbook of the last check, with what was found: restricted."""
        return self.processed / "faults_to_correct.xlsx"

    @property
    def reports(self) -> Path:
        """Published editions."""
        return self.root / "reports"

    @property
    def earlier_plans(self) -> Path:
        """Every plan that a run used or an import replaced."""
        return self.root / "earlier_plans"

    @property
    def earlier_settings(self) -> Path:
        """The settings and corrections of every run that published."""
        return self.root / "earlier_settings"

    @property
    def commentary(self) -> Path:
        """What owners write of their measures, in a folder for each month."""
        return self.root / COMMENTARY

    @property
    def earlier_commentary(self) -> Path:
        """The words that every published run showed."""
        return self.root / "earlier_commentary"

    @property
    def kept(self) -> tuple[Path, ...]:
        """Where copies of what runs used are kept by their hashes."""
        return self.earlier_plans, self.earlier_settings, self.earlier_commentary

    @property
    def group(self) -> bool | Literal["team"]:
        """What the owner's group may read and write: nothing, with True the editions of all but analysts and what a
        command exports, for a team everything. `[access] group` of `perfpipe.toml`, if that is read.
        """
        with suppress(OSError, ValueError, AttributeError):
            settings = parse_toml(self.settings_file.read_bytes())
            group = settings.get("access", {}).get("group")
            return "team" if group == "team" else group is True
        return False

    def settings(self) -> Settings:
        """Read and check `perfpipe.toml` and `corrections.toml`. Raises SettingsError."""
        return load_settings(self.settings_file, self.root / FILE)
