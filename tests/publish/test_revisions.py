"""A run that publishes says what has changed since it was seen: in both packs, and when asked."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.history.release import release
from perfpipe.history.revision import Cause
from perfpipe.ledger.records import PackAudience
from perfpipe.packs.content.revisions import NEVER_SEEN
from perfpipe.publish.revisions import revisions_of_edition
from perfpipe.run import run_month
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.workspaces import deliver, episode, new_workspace

MAY = Month(2018, 5)
EPISODES = [
    episode(1, returned_at="02/05/2018 10:00", interview_at="03/05/2018 10:00"),
    episode(2, returned_at="04/05/2018 10:00"),
]


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


def send(workspace: Workspace, month: str, day: str, rows: list) -> None:  # type: ignore[type-arg]
    deliver(workspace, month, "return_home_interviews", rows)
    (workspace.raw / month / "delivery.toml").write_text(f"delivered_on = {day}\n")


def texts(book: Path, sheet: str) -> list[str]:
    return [str(cell.value) for row in openpyxl.load_workbook(book)[sheet].iter_rows() for cell in row]


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.usefixtures("_runs_of_a_year")
def test_a_late_interview_is_told_in_both_packs_and_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:  # type: ignore[type-arg]
    workspace = new_workspace(tmp_path / "workspace")
    with pytest.raises(SettingsError, match="2018-05 has no edition yet"):
        revisions_of_edition(workspace, MAY)
    send(workspace, "2018-05", "2018-06-06", EPISODES)
    first = run_month(workspace, MAY, started_at=on("2018-06-07"))
    assert NEVER_SEEN in texts(first.pack, "Revisions")
    release(workspace, MAY, PackAudience.BOARD, "performance", "by e-mail", now=on("2018-06-08"))
    late = {**EPISODES[1], "interview_at": "05/05/2018 09:00"}
    send(workspace, "2018-06", "2018-07-06", [EPISODES[0], late])
    second = run_month(workspace, MAY, started_at=on("2018-07-07"))
    said = texts(second.pack, "Revisions")
    assert "1 interview was entered late" in [word.casefold() for word in said]
    assert not [word for word in said if "05/05" in word]
    rows = texts(second.faults_book.parent / "revisions.xlsx", "Rows")
    assert "2018-05/return_home_interviews.csv" in rows
    assert "2018-06/return_home_interviews.csv" in rows
    asked = revisions_of_edition(workspace, MAY)
    assert (asked.seen, asked.edition) == (True, 2)
    whole = next(each for each in asked.revisions if each.key == ("rhi_within_72h", "2018-05", "month", "all", "all"))
    assert (whole.shown, whole.shown_now) == ("50%", "100%")
    assert [(each.cause, each.records) for each in whole.causes] == [(Cause.LATE, 1)]
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["revisions", "2018-05", "--workspace", str(workspace.root), "--format", "csv"])
    printed = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    own = [row for row in printed if row["measure_id"] == "rhi_within_72h" and row["breakdown"] == "all"]
    assert own[0] | {"was": "50%", "now": "100%", "causes": "late:1", "why": "1 interview was entered late"} == own[0]
