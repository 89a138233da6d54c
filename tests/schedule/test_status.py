"""Status: months, extracts received and awaited, new files, faults, disk; nothing is read or changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from perfpipe.cli.main import main
from perfpipe.ledger.hold import locked
from perfpipe.run import run_month
from perfpipe.schedule.status import status_of
from tests.schedule.months import MAY, at, interviews_come, placements_come, waiting_workspace

pytestmark = pytest.mark.usefixtures("_runs_of_a_year")


def test_an_empty_workspace_says_what_it_waits_for(tmp_path: Path) -> None:
    workspace = waiting_workspace(tmp_path)
    interviews_come(workspace)

    found = status_of(workspace, at(4))

    assert found.months == ()
    assert [(each.dataset, each.newest_month) for each in found.datasets] == [
        ("return_home_interviews", ""), ("placements", ""),
    ]  # fmt: skip
    assert found.new_files == ("2018-05/return_home_interviews.csv",)
    assert not list(workspace.processed.glob("*.sqlite*"))


@pytest.mark.soak
def test_after_a_run_it_tells_months_extracts_and_what_is_due(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = waiting_workspace(tmp_path)
    interviews_come(workspace)
    run_month(workspace, MAY, started_at=at(8))
    placements_come(workspace)

    with locked(workspace):  # a run in progress is no hindrance
        found = status_of(workspace, at(9))

    (month,) = found.months
    assert (month.month, month.edition, month.published_on, month.signed_off) == ("2018-05", 1, date(2018, 6, 8), False)
    interviews = found.datasets[0]
    assert (interviews.newest_month, interviews.next_due) == ("2018-05", date(2018, 7, 4))
    assert found.new_files == ("2018-05/placements.csv",)
    assert found.bytes_by_folder["reports"] > 0

    for form in ("json", "text"):
        with pytest.raises(SystemExit) as ended:
            main(["status", "-w", str(workspace.root), "--format", form])
        assert ended.value.code == 0
        said = capsys.readouterr().out
        if form == "json":
            assert json.loads(said)["months"][0]["edition"] == 1
        else:
            assert "2018-05: edition 1, published on 2018-06-08; faults:" in said
            assert "2018-06 is due on 2018-07-04 from Missing team" in said


def test_roles_without_a_holder_are_reported(tmp_path: Path) -> None:
    channels = (
        '\n[[notify]]\nurl_from = "A"\n\n[[notify]]\nurl_from = "B"\nowner = "Missing team"\n'
        '\n[[notify]]\nurl_from = "C"\nowner = "Mising team"\n\n[owners]\nplacements = "Placements team"\n'
        'return_home_interviews = "Missing team"\n'
    )
    workspace = waiting_workspace(tmp_path, channels)
    with workspace.plan_file.open("a", encoding="utf-8") as plan:
        plan.write('\n[[owners]]\nid = "performance"\nrole = "Performance manager"\n')
        plan.write('\n[[owners]]\nid = "director"\nrole = "Director"\nperson = "D. Rector"\n')

    in_plan, *in_settings = status_of(workspace, at(4)).unheld_roles
    assert in_plan == "plan.toml names nobody who holds Performance manager. Add `person` to their `[[owners]]`"
    assert [line.partition(":")[0] for line in in_settings] == ["Placements team", "Mising team"]
