"""A Prefect server on loopback for the tests, and a place without one where every connection is written down."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flow_site import LISTENER, Site, start, stop

RECORDS_AT_ONCE = (("PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL", "1"),)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A Prefect server of our own on a free port of loopback, with the settings of `flows`."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = Site(folder / "prefect", f"http://127.0.0.1:{port}/api")
    options = ("server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui")
    process = start(Site(site.home, None, RECORDS_AT_ONCE), "prefect", *options, log=folder / "server.log")
    try:
        for _ in range(240):
            try:
                site.ask("GET /health")
                break
            except OSError:
                assert process.poll() is None, (folder / "server.log").read_text()
                time.sleep(0.5)
        yield site
    finally:
        stop(process)


@pytest.fixture
def listened(tmp_path: Path) -> Site:
    """No server: Prefect starts a temporary one. Every connection of every process is written down."""
    (tmp_path / "listen").mkdir()
    (tmp_path / "listen" / "sitecustomize.py").write_text(LISTENER)
    paths = os.pathsep.join(filter(None, [str(tmp_path / "listen"), os.environ.get("PYTHONPATH")]))
    connections = str(tmp_path / "connections.txt")
    return Site(tmp_path / "prefect", None, (("PYTHONPATH", paths), ("FLOWS_CONNECTIONS", connections)))
