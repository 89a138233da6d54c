"""Who changed what: by keys and names, never by values; nothing in it can be changed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.ledger.history_records import EventKind, EventRecord
from perfpipe.ledger.ledger import Ledger
from perfpipe.questions.queries import events_known
from perfpipe.receive.withdraw import withdraw_extract
from perfpipe.rerun.backfill import backfill
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace
from tests.workspaces import deliver, episode, new_workspace

pytestmark = pytest.mark.usefixtures("_runs_of_a_year")

MAY = Month(2018, 5)
SECRET = "C17-SECRET"
MISSED = episode(1, episode_id=SECRET, returned_at="2018-05-10 10:00")
CORRECTION = f"""
[[corrections]]
dataset = "return_home_interviews"
key = {{ episode_id = "{SECRET}" }}
column = "offered"
from = "Y"
to = "N"
reason = "typing error"
by = "manager"
date = 2018-06-08
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = new_workspace(tmp_path)
    deliver(workspace, "2018-05", "return_home_interviews", [MISSED])
    run_month(workspace, MAY)
    return workspace


def told(workspace: Workspace, month: Month | None = None) -> list[tuple[str, str, str, str]]:
    return [(e.what.value, e.role, e.about, e.why) for e in events_known(workspace, month)]


@pytest.mark.soak
@pytest.mark.slow
def test_receipts_runs_changed_keys_and_corrections_are_told(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    first = told(workspace)
    assert [(what, why) for what, _, _, why in first] == [("received", "return_home_interviews.csv"), ("published", "")]
    settings = workspace.settings_file.read_text(encoding="utf-8")
    workspace.settings_file.write_text(f"low_base = 19\n{settings}", encoding="utf-8")
    (workspace.root / "corrections.toml").write_text(CORRECTION, encoding="utf-8")
    plan = workspace.plan_file.read_text(encoding="utf-8")
    meeting = '[[meetings]]\non = "2018-07-11"\naudience = "board"\ndata_to = "2018-05"\n'
    workspace.plan_file.write_text(f"{plan}\n{meeting}", encoding="utf-8")
    run_month(workspace, MAY, reason="low base agreed")
    new = told(workspace, MAY)[2:]
    assert ("setting changed", "", "low_base", "added") in new
    assert ("plan changed", "", "meetings.0.on", "added") in new
    about = "return_home_interviews.offered"
    assert ("correction changed", "manager", about, "added, dated 2018-06-08: typing error") in new
    assert ("published", "", "board edition 2", "low base agreed") in new
    with pytest.raises(SystemExit):
        main(["log", "--workspace", str(workspace.root), "--format", "csv"])
    said = capsys.readouterr().out
    assert said.startswith("at,role,login,what,month,about,why\n")
    assert SECRET not in said
    assert "2018-07-11" not in said


@pytest.mark.soak
@pytest.mark.slow
def test_a_withdrawal_is_told_with_its_reason(workspace: Workspace) -> None:
    _, _, about, _ = told(workspace)[0]
    withdraw_extract(workspace, about.split()[1], "sent twice")
    assert told(workspace, MAY)[-1] == ("withdrawn", "", about, "sent twice")


@pytest.mark.soak
@pytest.mark.slow
def test_accepted_faults_packs_as_known_and_roles_are_told_as_what_they_are(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, about, _ = told(workspace)[0]
    extract = about.split()[1]
    accepted = f'[[accepted]]\nextract = "{extract}"\nrule = "same_records"\nreason = "a school closed"\n'
    settings = workspace.settings_file.read_text(encoding="utf-8")
    workspace.settings_file.write_text(f"low_base = 19\n{settings}\n{accepted}", encoding="utf-8")
    (ended,) = backfill(workspace, [MAY], (MAY, MAY), "late_records", role="performance")
    assert ended.changed, ended
    new = told(workspace, MAY)[2:]
    assert ("fault accepted", "", f"same_records of extract {extract}", "added: a school closed") in new
    assert not [each for each in new if each[2].startswith("accepted")]
    assert new[-1][:3] == ("published", "performance", "board edition 2")
    run_month(workspace, MAY, as_known=date.today())
    assert told(workspace, MAY)[-1][:3] == ("made as known", "", "board as_known-1")
    with pytest.raises(SystemExit):
        main(["log", "--workspace", str(workspace.root), "--format", "csv"])
    assert ",-," in capsys.readouterr().out.splitlines()[1]


def test_people_read_the_time_of_london_in_seconds_and_programs_the_exact_instant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = new_workspace(tmp_path)
    ledger = Ledger.open(made.processed)
    with ledger.writing():
        at = datetime(2018, 7, 3, 9, 30, 5, 123456, tzinfo=UTC)
        ledger.add_event(EventRecord(at, "manager", "jane", EventKind.RELEASED, MAY, "board edition 4", "sent"))
    ledger.close()
    for format, starts in (("text", "2018-07-03 10:30:05  manager (jane)  released"), ("csv", "at,role")):
        with pytest.raises(SystemExit):
            main(["log", "--workspace", str(made.root), "--format", format])
        said = capsys.readouterr().out
        assert said.startswith(starts)
    assert "2018-07-03T09:30:05.123456Z,manager,jane" in said


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize("change", ["UPDATE events SET why = 'x'", "DELETE FROM events"])
def test_the_database_refuses_to_change_events(workspace: Workspace, change: str) -> None:
    connection = sqlite3.connect(workspace.processed / "ledger.db")
    with pytest.raises(sqlite3.IntegrityError, match="never changed or removed"):
        connection.execute(change)
    connection.close()
