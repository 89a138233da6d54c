"""A small workspace with a planted secret, and ways to run the flows as people do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
CHILD, CELL = "SECRETCHILD42", "SECRETCELL99"
SECRETS = (CHILD.encode(), CELL.encode(), CHILD.lower().encode(), CELL.lower().encode())
HEADERS = "child_id,dob,started_on,legal_status_code,placement_code,provider_code,ceased_on,distance_miles,location"
LISTENER = """
import os, sys
def heard(event, arguments):
    if event == "socket.connect":
        line = repr(arguments[1])
    elif event == "socket.getaddrinfo":
        line = repr(arguments[0])
    else:
        return
    with open(os.environ["FLOWS_CONNECTIONS"], "a") as file:
        file.write(f"{os.getpid()} {line}\\n")
with open(os.environ["FLOWS_CONNECTIONS"], "a") as file:
    file.write(f"{os.getpid()} started\\n")
sys.addaudithook(heard)
"""

ENDS_WITH_US = """
import flows, os, runpy, signal, sys, threading, time
def watch(parent=os.getppid()):
    while os.getppid() == parent:
        time.sleep(0.5)
    os.killpg(0, signal.SIGKILL)
threading.Thread(target=watch, daemon=True).start()
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests were started in the background
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""

IN_TURN = """
import flows, importlib, json, sys
from tests.runs import one_small_picture, runs_draw, runs_of_a_year
codes = []
with runs_draw(one_small_picture), runs_of_a_year():
    for module, *arguments in json.loads(sys.argv[1]):
        try:
            importlib.import_module(module).main(arguments)
        except SystemExit as end:
            codes.append(end.code)
print(json.dumps(codes))
"""


@dataclass(frozen=True)
class Site:
    """Where Prefect keeps its things, and the address of its server, if there is one."""

    home: Path
    api: str | None = None
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "DO_NOT_TRACK"))}
        api = {"PREFECT_API_URL": self.api} if self.api else {}
        return kept | {"PREFECT_HOME": str(self.home), "HOME": str(self.home.parent)} | api | dict(self.extra)

    def python(self, *arguments: str, timeout: int = 120) -> subprocess.CompletedProcess[str]:
        """A Python process at the repository's root, as `make` starts one."""
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, timeout=timeout, check=False
        )

    def in_turn(self, *commands: Sequence[str]) -> tuple[list[int], str]:
        """The exit codes of some commands of `flows`, and all they said: one process, short runs, charts undrawn."""
        done = self.python("-c", IN_TURN, json.dumps(commands))
        assert done.returncode == 0, done.stderr
        *said, codes = done.stdout.splitlines()
        return json.loads(codes), "\n".join([*said, done.stderr])

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """What the server's API answers."""
        data = None if path.startswith("GET ") else json.dumps(body or {}).encode()
        address = f"{self.api}{path.removeprefix('GET ')}"
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        for patience in (1, 2, 4, 8, 0):  # on a busy machine its database may be locked for a moment
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code < 500 or not patience:
                    raise
                time.sleep(patience)
        return None

    def leaks(self) -> list[str]:
        """The files under Prefect's home that hold a secret."""
        files = [path for path in self.home.rglob("*") if path.is_file()]
        return [str(path) for path in files if any(secret in path.read_bytes() for secret in SECRETS)]


def make_workspace(root: Path, months: tuple[str, ...] = ("2018-01", "2018-02", "2018-03")) -> Path:
    """Deliveries of placements, each month another: 30 children, a secret one whose distance is a word; no other."""
    from tests.small_plan import small_plan

    from perfpipe.cli.new_workspace import write_workspace

    write_workspace(root, "local")
    (root / "plan.toml").write_text(small_plan(), encoding="utf-8")
    for month in months:
        rows = [
            f"C{n:03},01/02/2010,{1 + n % 28:02}/{1 + n % 9:02}/2017,C2,U4,PR1,,1.{month[-1]},IN" for n in range(30)
        ]
        rows.append(f"{CHILD},01/02/2010,05/01/2018,C2,U4,PR1,,{CELL},IN")
        folder = root / "data" / "raw" / month
        folder.mkdir(parents=True)
        (folder / "placements.csv").write_text("\n".join([HEADERS, *rows]) + "\n")
    return root


def start(site: Site, module: str, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
    """A module that goes on running, in a process group of its own that ends when the tests do, however they end."""
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-c", ENDS_WITH_US, module, *arguments],
            cwd=REPOSITORY, env=site.environment, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip


def stop(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it started."""
    for number, patience in ((signal.SIGINT, 10), (signal.SIGKILL, 10)):
        if process.poll() is None:
            os.killpg(process.pid, number)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue


def eventually(look: Callable[[], Any], seconds: int = 90) -> Any:
    """What is found when it has happened."""
    for _ in range(seconds * 2):
        if found := look():
            return found
        time.sleep(0.5)
    raise AssertionError("it did not happen")
