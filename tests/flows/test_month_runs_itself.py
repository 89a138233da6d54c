"""The whole of it through a real server: whatever happens, one edition for each state of the files, and each told once.

The database is away for 20 seconds, where an outage may last longer: what is proved is that a run goes on without it,
that the flows are served again afterwards, and that nobody has to do anything.
"""

from __future__ import annotations

import json
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import pytest
from databases import Database, database, free_port
from flow_site import REPOSITORY, Site, eventually, start, stop
from tests.schedule.months import MAY, at, interviews_come, placements_come, waiting_workspace
from tests.schedule.receivers import Mail, Web, receiver
from tests.staged_flows import STAGED

from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience
from perfpipe.settings.workspace import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.soak]
PATIENCE = 400  # seconds, on a busy machine
AWAY = 20.0
CHANNELS = """
[[notify]]
url_from = "PERFPIPE_TEAM"

[[notify]]
url_from = "PERFPIPE_POST"
on = ["late", "published"]
"""


class Stage:
    """A server with its database, a workspace that is served, and whom it tells."""

    def __init__(self, folder: Path, kept_in: Database, workspace: Workspace, told: dict[str, str]) -> None:
        self.folder, self.kept_in, self.workspace = folder, kept_in, workspace
        port = free_port()
        extra = {
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": kept_in.url,
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
            "PREFECT_RUNNER_POLL_FREQUENCY": "1",
            "PERFPIPE_STAGE": str(folder),
            "PYTHONPATH": os.pathsep.join([str(folder), str(REPOSITORY / "src"), str(REPOSITORY)]),
            **told,
        }
        self.site = Site(folder / "prefect", f"http://127.0.0.1:{port}/api", tuple(extra.items()))
        self._options = ("server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui")
        (folder / "sitecustomize.py").write_text(STAGED)
        self.start_server()
        self.start_serving()
        asked = {"deployments": {"name": {"any_": ["due"]}}}
        self.due = eventually(lambda: self.site.ask("/deployments/filter", asked), PATIENCE)[0]

    def start_server(self) -> None:
        site = Site(self.site.home, None, self.site.extra)
        self.server = start(site, "prefect", *self._options, log=self.folder / "server.log")
        eventually(self._answers, PATIENCE)

    def _answers(self) -> bool:
        assert self.server.poll() is None, (self.folder / "server.log").read_text()
        try:
            return bool(self.site.ask("GET /health"))
        except OSError:
            return False

    def start_serving(self) -> None:
        """As a service does; Prefect's own files are in a home of their own."""
        command = [sys.executable, "-m", "perfpipe", "serve", "-w", str(self.workspace.root)]
        with (self.folder / "serve.log").open("ab") as log:
            self.serving = subprocess.Popen(
                command, cwd="/", env=self.site.environment, stdout=log, stderr=log, start_new_session=True
            )

    def end(self) -> None:
        (self.folder / "gate").unlink(missing_ok=True)
        for process in (self.serving, self.server):
            stop(process)

    def it_is(self, day: int) -> None:
        (self.folder / "day").write_text(at(day).isoformat())

    def close_gate(self) -> None:
        (self.folder / "reached").unlink(missing_ok=True)
        (self.folder / "gate").touch()

    def is_at_gate(self) -> int:
        """The process that waits there."""
        return int(eventually(lambda: self._read("reached"), PATIENCE))

    def open_gate(self) -> None:
        (self.folder / "gate").unlink()

    def _read(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def trigger(self) -> str:
        return str(self.site.ask(f"/deployments/{self.due['id']}/create_flow_run")["id"])

    def state(self, run: str) -> dict[str, Any]:
        found: dict[str, Any] = self.site.ask(f"GET /flow_runs/{run}")
        return found

    def ends(self, run: str) -> str:
        found = eventually(lambda: (r := self.state(run)) and r["end_time"] and r, PATIENCE)
        return f"{found['state_type']} {found['state_name']}"

    def editions(self) -> list[int]:
        ledger = Ledger.open(self.workspace.processed)
        try:
            return [each.edition for each in ledger.packs(PackAudience.BOARD, MAY)]
        finally:
            ledger.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Stage, list[str], list[str]]]:
    workspace = waiting_workspace(tmp_path / "workspace", CHANNELS)
    with (
        database(request.param, tmp_path / "database") as kept_in,
        receiver(HTTPServer, Web) as (web, posted),
        receiver(socketserver.TCPServer, Mail) as (post, letters),
    ):
        told = {
            "PERFPIPE_TEAM": f"json://127.0.0.1:{web}",
            "PERFPIPE_POST": f"mailto://127.0.0.1:{post}?from=perfpipe@example.org&to=board@example.org",
        }
        (tmp_path / "day").write_text(at(4).isoformat())
        made = Stage(tmp_path, kept_in, workspace, told)
        try:
            yield made, posted, letters
        finally:
            made.end()


def test_one_edition_for_each_state_of_the_files_whatever_happens(
    stage: tuple[Stage, list[str], list[str]],
) -> None:
    it, posted, letters = stage
    interviews_come(it.workspace)
    assert it.ends(it.trigger()) == "COMPLETED Unchanged"  # it waits for placements
    assert (it.editions(), posted) == ([], [])

    it.it_is(8)  # their day has come, and they have not: it runs with what is there, once for two triggers
    both = [it.trigger(), it.trigger()]
    assert {it.ends(run).split()[0] for run in both} == {"COMPLETED"}
    assert it.editions() == [1]

    placements_come(it.workspace)  # the last extract lands, and what serves is killed in mid-run with its children
    it.close_gate()
    killed = it.trigger()
    it.is_at_gate()
    os.killpg(it.serving.pid, signal.SIGKILL)
    it.open_gate()
    it.start_serving()
    assert it.ends(it.trigger()) == "COMPLETED Published"
    assert it.ends(killed) == "CRASHED Crashed"
    assert it.editions() == [1, 2]

    corrected_placements_come(it.workspace, 2)  # what started a run dies, and the run goes on and publishes
    it.close_gate()
    orphan = it.trigger()
    kill_all_but(it.serving, it.is_at_gate())
    it.open_gate()
    assert eventually(lambda: it.editions() == [1, 2, 3], PATIENCE)
    it.start_serving()
    assert it.ends(it.trigger()) == "COMPLETED Unchanged"
    assert it.ends(orphan) == "COMPLETED Published"

    corrected_placements_come(it.workspace, 3)  # the server is killed in mid-run and started again
    assert it.ends(in_mid_run(it, lambda: (stop_hard(it.server), it.start_server()))).startswith("COMPLETED")
    corrected_placements_come(it.workspace, 4)  # its database is away
    assert it.ends(in_mid_run(it, lambda: it.kept_in.away(AWAY))).startswith("COMPLETED")

    assert it.ends(it.trigger()) == "COMPLETED Unchanged"
    assert it.editions() == [1, 2, 3, 4, 5]
    runs = it.site.ask("/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}})
    assert runs == []
    subjects = Counter(json.loads(each)["title"].removeprefix("Exampleshire") for each in posted)
    assert sum(": the run of" in each for each in subjects) == 1  # the one that was killed
    assert {each: count for each, count in subjects.items() if ": the run of" not in each} == {
        ", May 2018: 1 extract late": 1,
        **{f", May 2018: edition {number} published": 1 for number in range(1, 6)},
    }
    assert len(letters) == 6


def corrected_placements_come(workspace: Workspace, number: int) -> None:
    """The extract made again, on a later day each time: the day decides which one is used."""
    note = f'[files."placements.csv"]\nextracted_at = 2018-06-{8 + number:02}\n'
    (workspace.raw / str(MAY) / "delivery.toml").write_text(note)
    placements_come(workspace, PLACE_PROVIDER=f"PR{number}")


def in_mid_run(it: Stage, happens: Callable[[], object]) -> str:
    """A run during which something happens."""
    it.close_gate()
    run = it.trigger()
    it.is_at_gate()
    meanwhile = threading.Thread(target=happens)
    meanwhile.start()
    time.sleep(3)
    it.open_gate()
    meanwhile.join()
    return run


def stop_hard(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_all_but(serving: subprocess.Popen[bytes], kept: int) -> None:
    """What serves, without the run that it started and what that needs."""
    found = subprocess.run(["ps", "-eo", "pid,ppid,pgid"], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in found.splitlines()[1:]]
    spared = {kept}
    for pid, parent, _ in sorted(rows):
        if parent in spared:
            spared.add(pid)
    for pid, _, group in rows:
        if group == serving.pid and pid not in spared:
            os.kill(pid, signal.SIGKILL)
    serving.wait()
