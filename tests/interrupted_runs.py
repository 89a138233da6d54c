"""What a run that was disturbed leaves: sound as it stands, and made by a rerun what an undisturbed run makes."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace
from perfpipe.verify import verify_workspace
from tests.run_server import Runner, bytes_under
from tests.short_runs import LONGEST, SHOWN
from tests.small_plan import small_plan
from tests.workspaces import deliver, new_workspace, placement

MAY = Month(2018, 5)


@dataclass(frozen=True)
class Clean:
    """What stands after a run that nothing disturbed, the workspace before it, and how long it took."""

    before: Path
    edition: dict[str, bytes]
    store: dict[str, bytes]
    figures: int
    seconds: float


def smallest_workspace(root: Path) -> Workspace:
    """A workspace as small as one can be, in which nothing has run."""
    made = new_workspace(root)
    made.plan_file.write_text(small_plan(SHOWN), encoding="utf-8")
    deliver(made, "2018-05", "placements", [placement("A", "01/05/2016")])
    (made.raw / "2018-05" / "delivery.toml").write_text("delivered_on = 2018-06-06")
    made.store.mkdir()
    key = made.store / "identity.key"
    key.write_bytes(bytes(range(32)))  # so that every workspace gives the same bytes
    key.chmod(0o600)
    return made


def clean_run(before: Workspace, runner: Runner, root: Path) -> Clean:
    """What a run makes of a workspace that nothing disturbs; `root`: for a copy of it."""
    after = Workspace(shutil.copytree(before.root, root))
    began = time.monotonic()
    runner.start(after.root)
    assert runner.end() == (0, 0), after.root.with_name("said").read_text()
    seconds = time.monotonic() - began
    return Clean(before.root, editions(after), bytes_under(after.store), figures(after), seconds)


def editions(workspace: Workspace) -> dict[str, bytes]:
    return bytes_under(workspace.reports)


def figures(workspace: Workspace) -> int:
    ledger = Ledger.open(workspace.processed)
    try:
        return len(ledger.figures_as_of(max(run.id for run in ledger.runs()), MAY, MAY))
    finally:
        ledger.close()


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """What takes longer ends with a TimeoutError, so that whatever hangs has a verdict too. In the main thread only."""

    def late(*_: object) -> None:
        raise TimeoutError(f"it hung: not done after {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check(workspace: Workspace, clean: Clean) -> None:
    """Nothing is torn or unlisted as it stands, and a rerun makes of it what an undisturbed run does, soon."""
    with at_most(LONGEST):
        _check(workspace, clean)


def _check(workspace: Workspace, clean: Clean) -> None:
    for folder in workspace.reports.glob("*/*/[1-9]*"):
        listed = {*json.loads((folder / "manifest.json").read_text())["outputs"], "manifest.json"}
        assert set(bytes_under(folder)) == listed
    found = verify_workspace(workspace).problems
    assert {each.kind for each in found} <= {"leftover", "cache"} or no_ledger_yet(workspace), found
    run_month(workspace, MAY)
    assert verify_workspace(workspace).problems == ()
    assert editions(workspace) == clean.edition
    assert bytes_under(workspace.store) == clean.store
    assert figures(workspace) == clean.figures
    left = [path for path in workspace.root.rglob("*") if path.name.endswith((".part", ".partial"))]
    assert left == []


def no_ledger_yet(workspace: Workspace) -> bool:
    """Killed while the ledger was being made: there is a store, and nothing was ever published."""
    ledger = workspace.processed / "ledger.db"
    return (not ledger.exists() or ledger.stat().st_size == 0) and not list(workspace.reports.glob("*/*/*"))
