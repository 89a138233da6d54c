"""A process that is warm and forks one run or backfill after another, to be killed."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


def bytes_under(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Runner:
    """A process that has made one run already and forks one after another, with their children.

    `library`: preloaded into it; `under`: a command that starts it.
    """

    def __init__(self, warm: Path, library: Path | None = None, under: Sequence[str] = ()) -> None:
        paths = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
        env = os.environ | {"PYTHONPATH": paths} | ({"LD_PRELOAD": str(library)} if library else {})
        self._process = subprocess.Popen(
            [*under, sys.executable, "-m", "tests.short_runs", str(warm)], env=env, cwd=REPOSITORY,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._answer() == "ready\n"

    def start(
        self, workspace: Path, call: str = "", at: int = 0, error: int = 0, months: Sequence[str] = (), killed: str = ""
    ) -> int:
        """Start a run whose Nth call of a kind fails, or a backfill of months that is killed; gives its process."""
        assert self._process.stdin is not None
        told = {"workspace": str(workspace), "said": str(workspace.with_name("said")), "call": call, "at": at}
        told |= {"error": error, "months": list(months), "killed": killed}
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def end(self) -> tuple[int, int]:
        """Wait for the run; gives its exit code, negative where a signal ended it, and how many calls it made."""
        code, calls = self._answer().split()
        return int(code), int(calls)

    def ends_within(self, seconds: float) -> bool:
        """Whether the run ends before so much time has passed; waits no longer."""
        assert self._process.stdout is not None
        return bool(select.select([self._process.stdout], [], [], seconds)[0])

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
