"""The actions extract in a run: wanted only where there is one, and growing without stopping anything."""

from __future__ import annotations

from pathlib import Path

from perfpipe import run
from perfpipe.datasets import DATASETS
from perfpipe.months import Month
from perfpipe.publish import all_faults, extracts_used, missing_datasets
from perfpipe.settings import Workspace
from tests.builders import deliver, make_workspace, placement


def seen(workspace: Workspace, month: str) -> tuple[tuple[str, ...], list[str], list[str]]:
    """Of a run's first stages: datasets that are missing, those shown, and the rules of actions' faults."""
    with run.open_job(workspace, Month.parse(month)) as opened:
        sources = run.read_extracts(opened, run.receive_files(opened))
        shown = extracts_used(opened, sources)["dataset"].tolist()
        faults = all_faults(opened, sources)
        rules = faults.loc[faults["dataset"] == "actions", "rule"].tolist()
        return missing_datasets(opened, sources), shown, rules


def reports(day: str, actions: int) -> list[dict[str, object]]:
    names = [f"A{number}" for number in range(actions)]
    return [{"action_id": name, "status": "green", "status_on": day, "note": "On its way"} for name in names]


def test_a_workspace_without_actions_extracts_misses_none(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    deliver(workspace, "2017-05", "placements", [placement()])
    missing, shown, _ = seen(workspace, "2017-05")
    assert missing == tuple(each.id for each in DATASETS if not each.optional and each.id != "placements")
    assert "actions" not in shown


def test_a_workspace_that_had_one_misses_the_next(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    deliver(workspace, "2017-06", "placements", [placement(started_on="05/06/2017")])
    deliver(workspace, "2017-05", "actions", reports("15/05/2017", 3))
    assert "actions" not in seen(workspace, "2017-05")[0]
    missing, shown, _ = seen(workspace, "2017-06")
    assert "actions" in missing
    assert "actions" in shown


def test_a_history_that_grows_with_every_report_stops_nothing(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    told = reports("15/05/2017", 26)
    deliver(workspace, "2017-05", "actions", told)
    deliver(workspace, "2017-06", "actions", told + reports("15/06/2017", 26))
    missing, _, rules = seen(workspace, "2017-06")
    assert "actions" not in missing
    assert rules == []


def test_a_list_of_the_latest_reports_stops_nothing(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    deliver(workspace, "2017-05", "actions", reports("15/05/2017", 26))
    deliver(workspace, "2017-06", "actions", reports("15/06/2017", 26))
    assert "actions" not in seen(workspace, "2017-06")[0]
