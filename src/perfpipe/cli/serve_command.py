"""`perfpipe serve`: the schedule and its page, as child processes that are started again when they end.

The flows and Prefect are child processes: perfpipe itself imports neither.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from perfpipe.cli.words import DONE, WRONG_USE, Where, at, say

FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0  # seconds before a child is started again; doubled each time
WELL_AFTER = 600.0  # a child that ran for so long was well
SECONDS_TO_END = 30.0
API, SERVER_SECRET, CLIENT_SECRET = "PREFECT_API_URL", "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"


class ServedModule:
    """A module of `flows` that runs as long as we do."""

    def __init__(self, module: str, *arguments: str, environment: Mapping[str, str]) -> None:
        self.module, self._environment, self._wait, self._due = module, environment, FIRST_WAIT, 0.0
        self._command = [sys.executable, "-m", module, *arguments, "--with-parent"]
        self.process: subprocess.Popen[bytes] | None = None
        self._began = 0.0

    def keep_up(self) -> int | None:
        """Start it where it does not run; its exit code where starting it again is of no use."""
        now = time.monotonic()
        if self.process is None:
            if now >= self._due:
                self._began = now
                self.process = subprocess.Popen(self._command, env=self._environment, stdin=subprocess.PIPE)
            return None
        code = self.process.poll()
        if code is None:
            return None
        if code == WRONG_USE:
            return code
        self._wait = FIRST_WAIT if now - self._began > WELL_AFTER else min(2 * self._wait, LONGEST_WAIT)
        self._due, self.process = now + self._wait, None
        say(f"{self.module} ended with {code}; it is started again in {self._wait:.0f} s")
        return None

    def end(self) -> None:
        """End it, and wait until it has."""
        if self.process is None:
            return
        if self.process.stdin:
            with suppress(OSError):
                self.process.stdin.close()
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()


def serve(*, workspace: Where = Path(), host: str = "127.0.0.1", port: int = 4200) -> int:
    """Look each hour which months are due, verify each night, and show a page: until you stop it.

    With PREFECT_API_URL in the environment it uses that server; without, it starts one of its own.

    Parameters
    ----------
    host
        The address of its own server. One that other machines can reach needs PREFECT_SERVER_API_AUTH_STRING.
    port
        The port of its own server.
    """
    from perfpipe.settings.workspace import Workspace

    where = Workspace(at(workspace))
    where.settings()
    _ends_by_a_signal()
    environment = dict(os.environ)
    children: list[ServedModule] = []
    if API not in environment:
        children.append(
            ServedModule("flows.server", "--host", host, "--port", str(port), environment=dict(environment))
        )
        shown = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
        environment[API] = f"{shown}/api"
        if SERVER_SECRET in environment:
            environment.setdefault(CLIENT_SECRET, environment[SERVER_SECRET])
        say(f"the page is {shown}; it is there in half a minute")
    # without its server it ends, and is started again: later each time, until the server is there
    children.append(ServedModule("flows.serve", "--workspace", str(where.root.resolve()), environment=environment))
    return _kept_up(children)


def _kept_up(children: Sequence[ServedModule]) -> int:
    try:
        while True:
            for child in children:
                code = child.keep_up()
                if code is not None:
                    return code
            time.sleep(0.5)
    except KeyboardInterrupt:
        say("stopping: a run in progress is stopped too; what it has not published it does at the next start")
        return DONE
    finally:
        for child in reversed(children):
            child.end()


def _ends_by_a_signal() -> None:
    """A service that is stopped ends as one that is interrupted does."""

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupted)
