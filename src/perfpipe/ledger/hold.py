"""Hold: the ledger of a workspace, with no other run in progress there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from perfpipe.ledger.ledger import Ledger
from perfpipe.settings.workspace import Workspace, WorkspaceInUse


@contextmanager
def hold(workspace: Workspace) -> Iterator[Ledger]:
    """The workspace's ledger, with no other run in progress there. Raises WorkspaceInUse."""
    from filelock import FileLock, Timeout

    workspace.processed.mkdir(parents=True, exist_ok=True)
    lock = FileLock(workspace.processed / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise WorkspaceInUse(f"{workspace.root}: another run is in progress; try again when it has finished") from None
    try:
        ledger = Ledger.open(workspace.processed)
        try:
            yield ledger
        finally:
            ledger.close()
    finally:
        lock.release()
