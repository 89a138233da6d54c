"""What is looked at of a workspace: settings, rights, the lock, its place, disk, the ledger, files open elsewhere."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from perfpipe.doctor.finding import Finding, Health, good
from perfpipe.doctor.places import cloud_finding, path_finding, share_finding, synchronised_finding
from perfpipe.ledger.hold import locked
from perfpipe.ledger.sqlite_file import FILE, RESTORE
from perfpipe.measures import MEASURES
from perfpipe.plan import load_plan
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace, WorkspaceInUse
from perfpipe.storage.failures import MachineFailure
from perfpipe.storage.files import sizes_of

LEAST_FREE = 2_000_000_000  # a first run of three years writes some hundred megabytes
OPEN_ELSEWHERE = ("~$*", ".~lock.*")


def workspace_findings(workspace: Workspace) -> Iterator[Finding]:
    """Everything about a workspace; where there is none, only that."""
    if not workspace.settings_file.is_file():
        found = f"no perfpipe.toml in {workspace.root.resolve()}"
        what = "Name the folder with `--workspace DIR`, or make one with `perfpipe init DIR`."
        yield Finding("Workspace", Health.BAD, found, what)
        return
    root = workspace.root.resolve()
    yield settings_finding(workspace)
    yield rights_finding(workspace)
    yield lock_finding(workspace)
    yield synchronised_finding(root, os.environ)
    yield share_finding(root)
    yield cloud_finding(_delivered(workspace))
    yield path_finding(root, max((len(str(path)) for path in root.rglob("*")), default=0), windows=os.name == "nt")
    yield disk_finding(shutil.disk_usage(root).free, sizes_of(root))
    yield ledger_finding(workspace)
    yield open_finding(workspace)


def settings_finding(workspace: Workspace) -> Finding:
    """Whether perfpipe.toml, corrections.toml and plan.toml can be read."""
    problems: list[str] = []
    for load in (workspace.settings, lambda: load_plan(workspace.plan_file, MEASURES)):
        try:
            load()
        except SettingsError as error:
            problems += error.problems
    if not problems:
        return good("Settings and plan", "valid")
    more = f"; and {len(problems) - 1} more: `perfpipe check` lists them" if len(problems) > 1 else ""
    return Finding("Settings and plan", Health.BAD, f"{problems[0]}{more}", "Correct that line of the file.")


def rights_finding(workspace: Workspace) -> Finding:
    """Whether this account may write, rename and delete where a run does."""
    places = (workspace.root, workspace.raw, workspace.processed, workspace.reports)
    for place in (each for each in places if each.exists()):
        try:
            with tempfile.TemporaryDirectory(prefix=".doctor-", dir=place) as folder:
                made = Path(folder, "a")
                made.write_bytes(b"x")
                os.replace(made, made.with_name("b"))
        except OSError as error:
            what = "Give the account that runs perfpipe the right to read, write and delete there."
            return Finding("Rights", Health.BAD, f"{place}: {error.strerror or type(error).__name__}", what)
    return good("Rights", "this account may write wherever runs do")


def lock_finding(workspace: Workspace) -> Finding:
    """Whether a run could begin now."""
    if not workspace.processed.exists():
        return good("Lock", "no run yet")
    try:
        with locked(workspace):
            return good("Lock", "no run is in progress")
    except WorkspaceInUse:
        what = "Wait until it has finished. If no run is in progress, restart the machine that began it."
        return Finding("Lock", Health.CAUTION, "a run is in progress", what)
    except MachineFailure as failure:
        found, _, what = str(failure).partition(". ")
        return Finding("Lock", Health.BAD, found, what)


def disk_finding(free: int, used: int) -> Finding:
    """Whether there is room for runs."""
    found = f"{free / 1e9:.1f} GB free, the workspace has {used / 1e9:.1f} GB"
    if free < LEAST_FREE or free < used / 4:
        return Finding("Disk", Health.CAUTION, found, "Free some space before the next run.")
    return good("Disk", found)


def ledger_finding(workspace: Workspace) -> Finding:
    """Whether the ledger is whole, as far as can be seen quickly."""
    path = workspace.processed / FILE
    if not path.exists():
        return good("Ledger", "none yet: the first check or run makes it")
    try:
        said = _asked(path, "pragma quick_check(3)")
    except sqlite3.Error as error:
        return Finding("Ledger", Health.BAD, f"cannot be read: {error}", RESTORE)
    if said != "ok":
        return Finding("Ledger", Health.BAD, f"damaged: {said}", RESTORE)
    return good("Ledger", "whole; `perfpipe verify` compares every stored file with it")


def newest_entry(workspace: Workspace) -> datetime | None:
    """When the ledger recorded something last; None where it has nothing, or cannot be read."""
    path = workspace.processed / FILE
    try:
        newest = _asked(path, "select max(at) from events") if path.exists() else None
    except sqlite3.Error:
        return None
    return datetime.fromisoformat(newest).replace(tzinfo=UTC) if newest else None


def _asked(path: Path, question: str) -> str | None:
    """The first answer to a question to the ledger, which is only read."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        row = connection.execute(question).fetchone()
    finally:
        connection.close()
    return str(row[0]) if row and row[0] is not None else None


def open_finding(workspace: Workspace) -> Finding:
    """Whether a delivered file or a pack is open in Excel or LibreOffice."""
    places = (workspace.root, workspace.raw, workspace.reports)
    marks = [
        path
        for place in places
        if place.exists()
        for form in OPEN_ELSEWHERE
        for path in (place.glob(form) if place == workspace.root else place.rglob(form))
    ]
    if not marks:
        return good("Open files", "none is open in Excel")
    found = f"{marks[0].relative_to(workspace.root).as_posix()} says that another program has a file open"
    return Finding("Open files", Health.CAUTION, found, "Close it there. If nobody has it open, delete that mark.")


def _delivered(workspace: Workspace) -> Iterator[os.DirEntry[str]]:
    folders = [each for each in workspace.raw.iterdir() if each.is_dir()] if workspace.raw.is_dir() else []
    for folder in folders:
        if not folder.name.startswith("."):
            yield from (each for each in os.scandir(folder) if each.is_file())
