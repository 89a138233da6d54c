"""A workspace that waits for two extracts of May 2018, and what comes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from perfpipe.dates.months import Month
from perfpipe.settings.workspace import Workspace
from tests.workspaces import deliver, episode, new_workspace, placement

MAY = Month(2018, 5)
EXPECTED = """
[[expected]]
dataset = "return_home_interviews"
by_working_day = 3
sender = "Missing team"

[[expected]]
dataset = "placements"
by_working_day = 5
sender = "Placements team"
"""


def waiting_workspace(root: Path, more: str = "") -> Workspace:
    """Interviews are due on 5 June 2018, placements on 8 June, as the authority is closed on the 6th."""
    workspace = new_workspace(root)
    settings = workspace.settings_file
    settings.write_text(f"closure_days = [2018-06-06]\n{settings.read_text()}{EXPECTED}{more}", encoding="utf-8")
    return workspace


def at(day: int, hour: int = 12, month: int = 6) -> datetime:
    return datetime(2018, month, day, hour, tzinfo=UTC)


def interviews_come(workspace: Workspace, month: str = "2018-05", returned: str = "02/05/2018 10:00") -> None:
    deliver(workspace, month, "return_home_interviews", [episode(1, returned_at=returned)])


def placements_come(workspace: Workspace, month: str = "2018-05", child: str = "C1", **values: str) -> None:
    deliver(workspace, month, "placements", [placement(child, "01/04/2018", **values)])
