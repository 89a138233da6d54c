"""Children of a run that are forked from it, where it would start new interpreters: the same code, ready at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from perfpipe.packs.charts import drawing_processes
from perfpipe.read.formats import worker

CHILDREN: dict[str, Callable[[], None]] = {
    "perfpipe.read.formats.worker": worker.main,
    "perfpipe.packs.charts.drawing_processes": drawing_processes._main,
}


class ForkedChild:
    """What `subprocess.Popen` gives, as far as a run uses it."""

    def __init__(self, command: Sequence[str], *, stdin: int, stdout: int, stderr: int) -> None:
        assert (stdin, stdout, stderr) == (subprocess.PIPE, subprocess.PIPE, subprocess.DEVNULL)
        _, _, _, module, *arguments = command
        asked, asks = os.pipe()
        tells, told = os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _become(CHILDREN[module], [module, *arguments], asked, told)
        os.close(asked)
        os.close(told)
        self.stdin, self.stdout = open(asks, "wb"), open(tells, "rb")  # noqa: SIM115 - as those of Popen

    def poll(self) -> int | None:
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        until = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired("a forked child", timeout)
            time.sleep(0.001)
        assert self.returncode is not None
        return self.returncode

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def communicate(self) -> None:
        for pipe in (self.stdin, self.stdout):
            with suppress(OSError):
                pipe.close()
        self.wait()


def _become(main: Callable[[], None], arguments: list[str], stdin: int, stdout: int) -> None:
    """This process reads and writes the pipes, has nothing else open, and does nothing but its work."""
    code = 1
    try:
        os.dup2(stdin, 0)
        os.dup2(stdout, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.closerange(3, 512)
        sys.argv = arguments
        sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
        main()
        code = 0
    finally:
        os._exit(code)
