"""Runs that are killed or whose disk fails at any moment: nothing torn, nothing unlisted, and the next run is as clean.

The disk fails below Python: `faulty_disk.c`, preloaded, lets the Nth call of a kind on files of the workspace fail.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from perfpipe.settings.workspace import Workspace
from tests.interrupted_runs import Clean, check, clean_run, smallest_workspace
from tests.run_server import REPOSITORY, Runner
from tests.short_runs import LONGEST, runs_are_short
from tests.soaks import SEED, picked

pytestmark = pytest.mark.soak

KILLS = 60
EVERY, SEEDED, SAMPLE = 150, 100, 15  # of the calls of a kind: those that all fail once, others, and in a sample


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return smallest_workspace(tmp_path_factory.mktemp("before") / "w")


@pytest.fixture(scope="module")
def clean(before: Workspace, tmp_path_factory: pytest.TempPathFactory, runner: Runner) -> Clean:
    return clean_run(before, runner, tmp_path_factory.mktemp("clean") / "w")


@pytest.fixture(scope="module")
def runner(before: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    made = Runner(shutil.copytree(before.root, tmp_path_factory.mktemp("warm") / "w"))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _short_runs() -> Iterator[None]:
    with runs_are_short():
        yield


def moments() -> list[float]:
    rng = Random(f"{SEED}/kills")
    return [rng.random() for _ in range(KILLS)]


def test_a_run_killed_at_any_moment(clean: Clean, runner: Runner, tmp_path: Path) -> None:
    """Each moment kills a run: where one was over before, the next is expected to take as long as it did."""
    chosen = picked("kills", moments(), SAMPLE)
    seconds, runs = clean.seconds, 0
    for number, share in enumerate(chosen, 1):
        killed = False
        while not killed:
            runs += 1
            assert runs <= 5 * len(chosen), "runs are over before they are killed"
            workspace = Workspace(shutil.copytree(clean.before, tmp_path / str(runs)))
            run, began = runner.start(workspace.root), time.monotonic()
            if runner.ends_within(share * seconds):
                seconds = time.monotonic() - began
            else:
                with suppress(ProcessLookupError):  # it ended just now
                    os.kill(run, signal.SIGKILL)
            killed = runner.end()[0] == -signal.SIGKILL
            check(workspace, clean)
            shutil.rmtree(workspace.root)
        print(f"killed {number} of {runs} runs, after {share * seconds:.2f} s: sound", flush=True)


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
    for number, at in enumerate(chosen, 1):
        workspace = Workspace(shutil.copytree(clean.before, tmp_path / str(at)))
        code, said, _ = disturbed(faulty, workspace.root, call, at, error)
        codes[code] = codes.get(code, 0) + 1
        try:
            assert_told(code, said, workspace)
            check(workspace, clean)
        except Exception as found:
            wrong.append(f"{call} {at}, which ended with {code}: {said}\n{type(found).__name__}: {found}")
            print(wrong[-1], flush=True)  # at once: the whole takes most of an hour
        shutil.rmtree(workspace.root)
        if number % 25 == 0:
            print(f"{call} {errno.errorcode[error]}: {number} of {len(chosen)} calls tried, to call {at}", flush=True)
    print(f"{call} {errno.errorcode[error]}: {len(chosen)} of {calls} calls failed, exit codes {codes}", flush=True)
    assert wrong == []


def assert_told(code: int, said: str, workspace: Workspace) -> None:
    """It published, or ended with 5 and said what could not be done, where and why."""
    assert code != -signal.SIGALRM, f"it hung, and was ended after {LONGEST} seconds"
    assert code in (0, 5)
    if code == 0:
        assert (workspace.reports / "2018-05" / "board" / "1" / "manifest.json").exists()
    else:
        assert re.search(r"/\S+ could not be .+: .+\. ", said)
    assert "report this line" not in said
    assert "Traceback" not in said
