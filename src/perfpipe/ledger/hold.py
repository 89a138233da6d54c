"""Hold: the ledger of a workspace, with no other run in progress there; or a look at it while one is."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from perfpipe.ledger.editions import opens_to_group, settle_editions, unknown_editions
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.sqlite_file import FILE, copy_database
from perfpipe.settings.corrections import FILE as CORRECTIONS
from perfpipe.settings.workspace import Workspace, WorkspaceInUse
from perfpipe.storage.access import OWNER_ALONE, OWNER_AND_GROUP, private, tighten
from perfpipe.storage.failures import storing
from perfpipe.storage.files import clear_unfinished
from perfpipe.storage.private_folder import clear_dead_folders, private_folder

LOCK = "run.lock"
WHOM = {
    False: "their owner alone now",
    True: "their owner alone now, editions that are not the analyst's to their group too",
    "team": "their owner and group now",
}
Tell = Callable[[str], None]


@contextmanager
def hold(workspace: Workspace, tell: Tell = lambda _: None) -> Iterator[Ledger]:
    """The workspace's ledger, with no other run in progress there, after whatever a killed one left is put in order.

    `tell` hears what that was, who may read the files now, and which editions the ledger does not know. Raises
    WorkspaceInUse, MachineFailure.
    """
    with locked(workspace):
        _tighten(workspace, tell)
        ledger = Ledger.open(workspace.processed)
        try:
            clear_unfinished(workspace.store, workspace.processed, *workspace.kept)
            clear_dead_folders()
            for said in (*settle_editions(workspace, ledger), *unknown_editions(workspace, ledger)):
                tell(said)
            yield ledger
        finally:
            ledger.close()


@contextmanager
def locked(workspace: Workspace) -> Iterator[None]:
    """No other run in progress in the workspace; what is written meanwhile is private. Raises WorkspaceInUse."""
    from filelock import FileLock, Timeout

    team = workspace.group == "team"
    mode = 0o666 & ~(OWNER_AND_GROUP if team else OWNER_ALONE)
    path = workspace.processed / LOCK
    with private(group=team):
        with storing(path):
            workspace.processed.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path, mode=mode)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                words = f"{workspace.root}: another run is in progress; try again when it has finished"
                raise WorkspaceInUse(words) from None
        try:
            yield
        finally:
            lock.release()


def _tighten(workspace: Workspace, tell: Tell) -> None:
    """Give what was in the workspace before, or was delivered since, the permissions of what a run writes."""
    made_by_runs = [workspace.raw, workspace.processed, workspace.reports, workspace.commentary, *workspace.kept]
    places = [path for path in (*made_by_runs, workspace.root / CORRECTIONS) if path.exists()]
    found = tighten(places, opens_to_group(workspace))
    if found.changed:
        tell(
            f"access: {found.changed} files and folders of data, reports and plans are open to {WHOM[workspace.group]}"
        )
    if found.refused:
        more = f" and {len(found.refused) - 1} more" if len(found.refused) > 1 else ""
        tell(
            f"access: {found.refused[0]}{more} belong to another account, so who may read them was not changed. Let "
            "their owner run `chmod -R go= .` there, or move them."
        )


@contextmanager
def hold_alone(workspace: Workspace, tell: Tell = lambda _: None) -> Iterator[tuple[Workspace, Ledger]]:
    """The workspace, held, and its ledger. Raises WorkspaceInUse, MachineFailure."""
    with hold(workspace, tell) as ledger:
        yield workspace, ledger


@contextmanager
def hold_or_look(workspace: Workspace, tell: Tell = lambda _: None) -> Iterator[tuple[Workspace, Ledger]]:
    """The workspace, held, and its ledger; while a run is in progress a look at both, which changes nothing there."""
    with ExitStack() as stack:
        try:
            ledger = stack.enter_context(hold(workspace, tell))
        except WorkspaceInUse:
            tell("a run is in progress: this reads what was there when it began, and saves nothing")
            yield stack.enter_context(_look(workspace))
        else:
            yield workspace, ledger


@contextmanager
def _look(workspace: Workspace) -> Iterator[tuple[Workspace, Ledger]]:
    """A workspace whose ledger, caches and new copies of files are in a private folder that is removed afterwards."""
    with private(group=False), private_folder() as folder:
        look = Workspace(workspace.root, folder)
        with storing(look.processed):
            for made in (look.processed, look.store):
                made.mkdir()
            for path in workspace.processed.glob("*/*.parquet"):
                copy = look.processed / path.relative_to(workspace.processed)
                copy.parent.mkdir(exist_ok=True)
                with suppress(FileNotFoundError):  # the run has just replaced it
                    shutil.copyfile(path, copy)
            with suppress(FileNotFoundError):
                shutil.copyfile(workspace.store / "identity.key", look.store / "identity.key")
        if (workspace.processed / FILE).exists():
            copy_database(workspace.processed, look.processed)
        ledger = Ledger.open(look.processed)
        try:
            yield look, ledger
        finally:
            ledger.close()
