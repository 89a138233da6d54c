"""Runs that are killed or whose disk fails at any moment: nothing torn, nothing unlisted, and the next run is as clean.

The disk fails below Python: `faulty_disk.c`, preloaded, lets the Nth call of a kind on files of the workspace fail.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace
from perfpipe.verify import verify_workspace
from tests.run_server import Runner, bytes_under
from tests.short_runs import SHOWN, runs_are_short
from tests.small_plan import small_plan
from tests.soaks import SEED, picked
from tests.workspaces import deliver, new_workspace, placement

pytestmark = pytest.mark.soak

REPOSITORY = Path(__file__).parents[1]
MAY = Month(2018, 5)
KILLS = 60
EVERY, SEEDED, SAMPLE = 150, 100, 15  # of the calls of a kind: those that all fail once, others, and in a sample


@dataclass(frozen=True)
class Clean:
    """What stands after a run that nothing disturbed, the workspace before it, and how long it took."""

    before: Path
    edition: dict[str, bytes]
    store: dict[str, bytes]
    figures: int
    seconds: float


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace as small as one can be, in which nothing has run."""
    made = new_workspace(tmp_path_factory.mktemp("before") / "w")
    made.plan_file.write_text(small_plan(SHOWN), encoding="utf-8")
    deliver(made, "2018-05", "placements", [placement("A", "01/05/2016")])
    (made.raw / "2018-05" / "delivery.toml").write_text("delivered_on = 2018-06-06")
    made.store.mkdir()
    (made.store / "identity.key").write_bytes(bytes(range(32)))  # so that every workspace gives the same bytes
    return made


@pytest.fixture(scope="module")
def runner(before: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    made = Runner(shutil.copytree(before.root, tmp_path_factory.mktemp("warm") / "w"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _short_runs() -> Iterator[None]:
    with runs_are_short():
        yield


@pytest.fixture(scope="module")
def clean(before: Workspace, tmp_path_factory: pytest.TempPathFactory, runner: Runner) -> Clean:
    after = Workspace(shutil.copytree(before.root, tmp_path_factory.mktemp("clean") / "w"))
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


def check(workspace: Workspace, clean: Clean) -> None:
    """Nothing is torn or unlisted as it stands, and a rerun makes of it what an undisturbed run does."""
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


def moments() -> list[float]:
    rng = Random(f"{SEED}/kills")
    return [rng.random() for _ in range(KILLS)]


def test_a_run_killed_at_any_moment(clean: Clean, runner: Runner, tmp_path: Path) -> None:
    killed = 0
    chosen = picked("kills", moments(), SAMPLE)
    for number, share in enumerate(chosen, 1):
        workspace = Workspace(shutil.copytree(clean.before, tmp_path / str(number)))
        run = runner.start(workspace.root)
        time.sleep(share * clean.seconds)
        with suppress(ProcessLookupError):  # it has ended
            os.kill(run, signal.SIGKILL)
        killed += runner.end()[0] == -signal.SIGKILL
        check(workspace, clean)
        shutil.rmtree(workspace.root)
        print(f"killed {killed} of {number} runs, after {share * clean.seconds:.2f} s: sound", flush=True)
    assert killed >= len(chosen) // 2


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not sys.platform.startswith("linux") or shutil.which("gcc") is None:
        if os.environ.get("CI"):
            pytest.fail("gcc is not there to build faulty_disk.c")
        pytest.skip("needs Linux and gcc")
    made = tmp_path_factory.mktemp("library") / "faulty_disk.so"
    source = REPOSITORY / "tests" / "faulty_disk.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(made), str(source), "-ldl"], check=True)
    return made


@pytest.fixture(scope="module")
def faulty(library: Path, before: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    made = Runner(shutil.copytree(before.root, tmp_path_factory.mktemp("warm") / "w"), library)
    yield made
    made.close()


def disturbed(faulty: Runner, workspace: Path, call: str, at: int, error: int) -> tuple[int, str, int]:
    """The exit code of a run, what it said, and how many calls of the kind it and its children made."""
    faulty.start(workspace, call, at, error)
    code, calls = faulty.end()
    return code, workspace.with_name("said").read_text(), calls


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
@pytest.mark.parametrize("call", ["open", "write", "fsync", "rename"])
def test_a_disk_that_fails_at_any_call(clean: Clean, faulty: Runner, tmp_path: Path, call: str, error: int) -> None:
    whole = shutil.copytree(clean.before, tmp_path / "whole")
    code, _, calls = disturbed(faulty, whole, call, 0, error)
    assert code == 0
    assert calls > 3, "the library is not at work"
    rng = Random(f"{SEED}/{call}/{error}")
    later = sorted(rng.sample(range(EVERY + 1, calls + 1), min(SEEDED, calls - EVERY))) if calls > EVERY else []
    chosen = picked(f"{call} {error}", [*range(1, min(EVERY, calls) + 1), *later], SAMPLE)
    codes: dict[int, int] = {}
    wrong: list[str] = []
    for at in chosen:
        workspace = Workspace(shutil.copytree(clean.before, tmp_path / str(at)))
        code, said, _ = disturbed(faulty, workspace.root, call, at, error)
        codes[code] = codes.get(code, 0) + 1
        try:
            assert_told(code, said, workspace)
            check(workspace, clean)
        except Exception as found:
            wrong.append(f"{call} {at}, which ended with {code}: {said}\n{type(found).__name__}: {found}")
        shutil.rmtree(workspace.root)
    print(f"{call} {errno.errorcode[error]}: {len(chosen)} of {calls} calls failed, exit codes {codes}", flush=True)
    assert wrong == []


def assert_told(code: int, said: str, workspace: Workspace) -> None:
    """It published, or ended with 5 and said what could not be done, where and why."""
    assert code in (0, 5)
    if code == 0:
        assert (workspace.reports / "2018-05" / "board" / "1" / "manifest.json").exists()
    else:
        assert re.search(r"/\S+ could not be .+: .+\. ", said)
    assert "report this line" not in said
    assert "Traceback" not in said
