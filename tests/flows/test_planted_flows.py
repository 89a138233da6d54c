"""Unique words planted as the values of cells reach nothing that Prefect keeps, and no terminal."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from flow_site import Site
from tests import planted

pytestmark = pytest.mark.slow


@pytest.mark.soak
def test_no_planted_value_reaches_prefect(tmp_path: Path, server: Site) -> None:
    readable, words = planted.plant_readable(tmp_path / "readable")
    unreadable, others = planted.plant_unreadable(tmp_path / "unreadable")
    backfill = ("flows.backfill", planted.FIRST, planted.SECOND, "--reason", "late_records", "--yes")
    codes, said = server.in_turn(
        ("flows.monthly_report", planted.SECOND, "-w", str(readable.root)),
        (*backfill, "-w", str(readable.root)),
        ("flows.monthly_report", planted.FIRST, "-w", str(unreadable.root)),
    )
    assert codes == [0, 0, 1], said
    time.sleep(3)  # the server writes task runs, logs and events a moment later
    kept = b"".join(content for _, content in planted.texts_under(server.home))
    kept += b"".join(content for _, content in planted.texts_under(server.home.parent))
    heard = said.encode()
    for workspace, planter in ((readable, words), (unreadable, others)):
        assert str(workspace.root).encode() in kept  # Prefect did hear of the run
        assert planted.holds(kept + heard, planter) == []
        assert planted.leaks(workspace, planter) == []
