"""`perfpipe serve`: its own server is for this machine alone or authenticates, and nothing is left when it ends."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from databases import free_port
from flow_site import REPOSITORY, Site, eventually, make_workspace
from flows.server import is_loopback
from tests.connections import own_addresses

SECRET = "perfpipe:a-long-secret"
PATIENCE = 300


@contextmanager
def serving(
    folder: Path, workspace: Path, port: int, *arguments: str, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """`perfpipe serve`, started in a folder where neither the flows nor the workspace are."""
    paths = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    environment = Site(folder / "prefect").environment | {"PYTHONPATH": paths, **more}
    command = [sys.executable, "-m", "perfpipe", "serve", "-w", str(workspace), "--port", str(port), *arguments]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, cwd="/", env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def asked(port: int, path: str, host: str = "127.0.0.1", secret: str = "", post: bool = False) -> tuple[int, object]:
    """The code and the content of an answer; 0 where there is none."""
    headers = {"Content-Type": "application/json"}
    if secret:
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    request = urllib.request.Request(f"http://{host}:{port}/api{path}", b"{}" if post else None, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, None
    except OSError:
        return 0, None


def own_address() -> str:
    """An address of this machine that others could reach."""
    found = sorted(each for each in own_addresses() if ":" not in each)
    if not found:
        pytest.skip("this machine has no address but loopback")
    return found[0]


def children_of(port: int) -> list[str]:
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if "flows.server" in line and f"--port {port} " in line]


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("10.0.0.7", False), ("perfpipe.example.org", False)],
)  # fmt: skip
def test_what_is_this_machine_alone(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


@pytest.mark.slow
def test_a_server_that_others_can_reach_is_refused_without_authentication(tmp_path: Path) -> None:
    environment = Site(tmp_path / "prefect").environment
    done = subprocess.run(
        [sys.executable, "-m", "flows.server", "--host", "0.0.0.0"],
        cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "set PREFECT_SERVER_API_AUTH_STRING=USER:PASSWORD" in done.stderr


@pytest.mark.slow
@pytest.mark.soak
def test_from_any_folder_on_any_port_for_this_machine_alone(tmp_path: Path) -> None:
    workspace, port = make_workspace(tmp_path / "workspace", ("2018-01",)), free_port()
    with serving(tmp_path, workspace, port) as process:
        eventually(lambda: asked(port, "/health")[0] == 200, PATIENCE)
        assert asked(port, "/health", own_address()) == (0, None)
        assert asked(port, "/deployments/filter", post=True)[0] == 403  # without the token that no other site can get
        log = (tmp_path / "serve.log").read_text
        kept = eventually(lambda: asked(port, "/deployments/name/monthly-report/monthly")[1], PATIENCE)
        form = kept["parameter_openapi_schema"]["properties"]
        assert form["workspace"]["enum"] == [str(workspace.resolve())]
        _, settings = asked(port, "/admin/settings")
        assert settings["server"]["analytics_enabled"] is False
        assert "Traceback" not in log()

        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
        assert children_of(port) == []

    with serving(tmp_path, workspace, port) as process:
        eventually(lambda: children_of(port), PATIENCE)
        process.kill()
        eventually(lambda: children_of(port) == [], PATIENCE)


@pytest.mark.slow
@pytest.mark.soak
def test_for_other_machines_it_authenticates(tmp_path: Path) -> None:
    workspace, port = make_workspace(tmp_path / "workspace", ("2018-01",)), free_port()
    secret = {"PREFECT_SERVER_API_AUTH_STRING": SECRET}
    with serving(tmp_path, workspace, port, "--host", "0.0.0.0", **secret):
        path = "/deployments/name/monthly-report/monthly"
        eventually(lambda: asked(port, path, own_address(), SECRET)[0] == 200, PATIENCE)
        for wrong in ("", "perfpipe:wrong"):
            assert asked(port, path, own_address(), wrong)[0] == 401
            assert asked(port, path, secret=wrong)[0] == 401
        assert SECRET not in (tmp_path / "serve.log").read_text()
