"""Runs and backfills that take part of a second a month: of one measure, forked from a process that is warm.

As a program it forks a run for each line of JSON on standard input, and prints its process, then its exit code and how
many calls `faulty_disk.c` counted. The harness of interrupted runs makes more than a thousand.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from pandera.config import config_context

from perfpipe.cli.main import main
from perfpipe.job.job import open_job
from perfpipe.plan.manual_measures import all_measures
from tests.forked_children import ForkedChild
from tests.kill_points import kill_at
from tests.runs import one_small_picture, packs_are_quick

SHOWN = {"scrutiny_placements": ["children_looked_after"]}
LONGEST = 120  # seconds of a run, or of each month of a backfill; then it hangs


@contextmanager
def runs_are_short() -> Iterator[None]:
    """Runs of this process are of one month and of the measures that the plan shows; frames are not checked."""
    shown = {name for names in SHOWN.values() for name in names}
    with pytest.MonkeyPatch.context() as patch, config_context(validation_enabled=False):
        for module in ("run", "rerun.backfill", "rerun.compare"):
            patch.setattr(f"perfpipe.{module}.open_job", partial(open_job, months_back=0))
        patch.setattr(
            "perfpipe.job.job.all_measures", lambda plan: tuple(m for m in all_measures(plan) if m.id in shown)
        )
        yield


@contextmanager
def children_are_forked() -> Iterator[None]:
    """The children of runs are forked; those that draw draw one pixel. A warm process has more memory than a parser.

    Nor is there a PDF: typst has threads, and what has threads hangs after a fork.
    """
    with pytest.MonkeyPatch.context() as patch, packs_are_quick():
        patch.setattr("subprocess.Popen", ForkedChild)
        patch.setattr("perfpipe.packs.charts.draw.draw", one_small_picture)
        patch.setattr("perfpipe.read.formats.worker._limit_memory", lambda _: None)
        yield


class Disk:
    """The preloaded library, if there is one."""

    def __init__(self) -> None:
        library = os.environ.get("LD_PRELOAD")
        self._library = ctypes.CDLL(library) if library else None

    def arm(self, workspace: str, call: str, at: int, error: int) -> None:
        """Let the call fail, in this process and those that it forks."""
        if self._library:
            self._library.faulty_disk(workspace.encode(), call.encode(), at, error)

    @property
    def calls(self) -> int:
        """How many there were, in all processes since one was armed."""
        return self._library.faulty_disk_calls() if self._library else 0


def run_one(workspace: str, months: Sequence[str] = ()) -> int:
    span = ["backfill", months[0], months[-1], "--reason", "late_records", "--yes"] if months else ["run", "2018-05"]
    try:
        main([*span, "--workspace", workspace])
    except SystemExit as done:
        return int(str(done.code))
    raise AssertionError("a command ends with a code")


def run_and_end(told: dict, disk: Disk) -> None:  # type: ignore[type-arg]
    """In a forked process: one run, and the end."""
    code = 70
    try:
        said = os.open(told["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        signal.alarm(LONGEST * max(1, len(told["months"])))
        disk.arm(told["workspace"], told["call"], told["at"], told["error"])
        kill_at(told["killed"])
        code = run_one(told["workspace"], told["months"])
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    finally:
        os._exit(code)


def serve(warm: Path) -> None:
    disk = Disk()
    with runs_are_short(), children_are_forked():
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            assert run_one(str(warm)) == 0
        gc.freeze()  # or every run would copy all that it looks through for cycles
        print("ready", flush=True)
        for line in sys.stdin:
            child = os.fork()
            if child == 0:
                run_and_end(json.loads(line), disk)
            print(child, flush=True)
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), disk.calls, flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
