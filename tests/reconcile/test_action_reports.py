"""The actions extract in a run: wanted only where there is one, and growing without stopping anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe import run
from perfpipe.check.check import check_workspace
from perfpipe.datasets import DATASETS
from perfpipe.dates.months import Month
from perfpipe.measures import MEASURES
from perfpipe.plan import ActionStatus, Plan, action_status
from perfpipe.publish.summaries import all_faults, extracts_used, missing_datasets
from perfpipe.reconcile.action_reports import plan_reported
from perfpipe.settings.workspace import Workspace
from tests.builders import deliver, make_workspace, placement


def seen(workspace: Workspace, month: str) -> tuple[tuple[str, ...], list[str], list[str]]:
    """Of a run's first stages: datasets that are missing, those shown, and the rules of actions' faults."""
    with run.open_job(workspace, Month.parse(month)) as opened:
        sources = run.sources_of(opened, run.receive_files(opened))
        shown = [each.dataset for each in extracts_used(opened, sources)]
        rules = [fault.rule for fault in all_faults(opened, sources) if fault.dataset == "actions"]
        return missing_datasets(opened, sources), shown, rules


IDS = [f"A{number}" for number in range(26)]
PLAN = 'title = "Plan"\nrevised_on = "2017-04-01"\nwithout_recommendation = [{measures}]\n'
PLAN += '[[owners]]\nid = "head"\nrole = "Head"\n'
PLAN += '[[recommendations]]\nid = "1"\ntitle = "One"\nevidence = "no quantitative measure: evidence is an audit"\n'
PLAN = PLAN.format(measures=", ".join(f'"{measure.id}"' for measure in MEASURES))
PLAN += "".join(
    f'[[actions]]\nid = "{each}"\nrecommendation = "1"\nwhat = "Do it"\nowner = "head"\ndue = "2099-06-30"\n'
    for each in IDS
)


def reports(day: str, actions: int) -> list[dict[str, object]]:
    return [{"action_id": name, "status": "green", "status_on": day, "note": "On its way"} for name in IDS[:actions]]


@pytest.mark.slow
def test_a_workspace_without_actions_extracts_misses_none(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    deliver(workspace, "2017-05", "placements", [placement()])
    missing, shown, _ = seen(workspace, "2017-05")
    assert missing == tuple(each.id for each in DATASETS if not each.optional and each.id != "placements")
    assert "actions" not in shown


@pytest.mark.slow
def test_a_workspace_that_had_one_misses_the_next(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    deliver(workspace, "2017-06", "placements", [placement(started_on="05/06/2017")])
    deliver(workspace, "2017-05", "actions", reports("15/05/2017", 3))
    assert "actions" not in seen(workspace, "2017-05")[0]
    missing, shown, _ = seen(workspace, "2017-06")
    assert "actions" in missing
    assert "actions" in shown


@pytest.mark.slow
def test_a_history_that_grows_with_every_report_stops_nothing(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, plan=PLAN)
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


def as_reported(workspace: Workspace, month: str) -> Plan:
    with run.open_job(workspace, Month.parse(month)) as job:
        return plan_reported(job.plan, run.sources_of(job, run.receive_files(job)).speaks_for, job.month)


def report(action: str, status: str, day: str) -> dict[str, object]:
    return {"action_id": action, "status": status, "status_on": day, "note": "As reported"}


def test_statuses_come_from_the_extracts_of_their_months(tmp_path: Path) -> None:
    """May's list has May's statuses and June's has June's; what May's says of July is not told for June."""
    workspace = make_workspace(tmp_path, plan=PLAN)
    deliver(workspace, "2017-05", "actions", [report("A1", "amber", "15/05/2017"), report("A2", "blue", "20/05/2017")])
    deliver(workspace, "2017-06", "actions", [report("A1", "blue", "15/06/2017"), report("A3", "red", "02/07/2017")])
    plan = as_reported(workspace, "2017-06")
    months = (Month(2017, 4), Month(2017, 5), Month(2017, 6))
    statuses = {
        action.id: [action_status(action, month.last_day).status for month in months]
        for action in plan.actions
        if action.id in ("A1", "A2", "A3")
    }
    amber, blue = ActionStatus.AMBER, ActionStatus.BLUE
    assert statuses == {"A1": [None, amber, blue], "A2": [None, blue, blue], "A3": [None, None, None]}
    earlier = as_reported(workspace, "2017-05")
    assert [len(action.history) for action in earlier.actions[1:4]] == [1, 1, 0]


def test_a_row_of_an_action_that_the_plan_does_not_have_is_told_by_cell(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, plan=PLAN)
    rows = [report("A1", "green", "15/05/2017"), report("Z9", "green", "15/05/2017"), report("z8", "red", "16/05/2017")]
    deliver(workspace, "2017-05", "actions", rows)
    assert seen(workspace, "2017-05")[2] == ["action_not_in_plan"] * 2
    told = [
        fault for fault in check_workspace(workspace, None, lambda _: None).faults if fault.rule == "action_not_in_plan"
    ]
    assert [fault.address for fault in told] == [
        "2017-05/actions.csv, row 3, column A (action_id)", "2017-05/actions.csv, row 4, column A (action_id)",
    ]  # fmt: skip
    assert told[0].found == "A9, text, not the id of an action"
    assert {fault.severity.value for fault in told} == {"warn"}


def test_a_note_with_hidden_signs_or_without_end_stops_nothing(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, plan=PLAN)
    rows = [report("A1", "green", "15/05/2017"), report("A2", "red", "15/05/2017")]
    deliver(workspace, "2017-05", "actions", [rows[0] | {"note": "Two\u200b words"}, rows[1] | {"note": "x" * 12_000}])
    notes = [action.history[0].note for action in as_reported(workspace, "2017-05").actions[1:3]]
    assert notes == ["Two words", "x" * 10_000]
