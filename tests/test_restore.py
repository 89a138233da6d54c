"""A backup of what docs/deploy.md names, restored into an empty folder, has the same figures and editions."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.ledger.ledger import Ledger
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace
from perfpipe.verify import verify_workspace
from tests.run_server import bytes_under
from tests.runs import one_small_picture, runs_draw
from tests.schedule.months import MAY, at, interviews_come, placements_come, waiting_workspace

PAGE = Path(__file__).parents[1] / "docs" / "deploy.md"


def command_of_the_page() -> str:
    """The backup, word for word."""
    (found,) = re.findall(r"^    (flock .*?)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return found


def figures_of(workspace: Workspace) -> pd.DataFrame:
    ledger = Ledger.open(workspace.processed)
    try:
        return ledger.figures_as_of(max(run.id for run in ledger.runs()), MAY - 12, MAY)
    finally:
        ledger.close()


@pytest.mark.usefixtures("_runs_of_a_year")
@pytest.mark.slow
def test_figures_and_editions_are_the_same_after_a_restore(tmp_path: Path) -> None:
    workspace = waiting_workspace(tmp_path / "workspace")
    interviews_come(workspace)
    placements_come(workspace)
    with runs_draw(one_small_picture):
        run_month(workspace, MAY, started_at=at(4))
    backup, empty = tmp_path / "backup.tar.gz", tmp_path / "restored"
    command = command_of_the_page().replace("DIR", str(workspace.root)).replace("BACKUP", str(backup))
    subprocess.run(command, shell=True, check=True, cwd="/")
    empty.mkdir()
    subprocess.run(["tar", "-xzf", str(backup), "-C", str(empty)], check=True)
    restored = Workspace(empty)

    assert not any(restored.processed.glob("placements/*"))  # caches are left out, and made again
    pd.testing.assert_frame_equal(figures_of(restored), figures_of(workspace))
    assert bytes_under(restored.reports) == bytes_under(workspace.reports)
    assert [problem for problem in verify_workspace(restored).problems if problem.kind != "cache"] == []
    with runs_draw(one_small_picture):
        again = run_month(restored, MAY, started_at=at(5))
    assert again.changed is False
    assert verify_workspace(restored).problems == ()
    assert bytes_under(restored.reports) == bytes_under(workspace.reports)
