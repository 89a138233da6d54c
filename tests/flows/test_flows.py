"""The flows as people run them: in processes of their own, against a temporary server or one on loopback."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from flow_site import CELL, CHILD, REPOSITORY, SECRETS, Site, eventually, make_workspace, start, stop

from perfpipe.dates.months import Month
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace

pytestmark = pytest.mark.slow
POLLS_OFTEN = (("PREFECT_RUNNER_POLL_FREQUENCY", "1"),)
TWICE = """
import sys
from flows import monthly_report
for arguments in (["--workspace", sys.argv[1]], ["2018-03", "-w", sys.argv[1]]):
    try:
        monthly_report.main(arguments)
    except SystemExit as end:
        print(end.code, flush=True)
"""
DRIVER = f"""
import json, sys
from pathlib import Path
import flows
from flows import monthly_report, stages
from perfpipe import run
real_compute, real_publish = run.compute_figures, run.publish
from filelock import FileLock
from tests.runs import one_small_picture, runs_draw
stages.SECONDS_BETWEEN_ATTEMPTS = [0.1, 0.1]
workspace, codes, calls = sys.argv[1], {{}}, []
def once(case, month="2018-01"):
    try:
        monthly_report.main([month, "--workspace", workspace])
    except SystemExit as end:
        codes[case] = end.code
def failing(error, times=99):
    def stage(*arguments):
        calls.append(1)
        if len(calls) <= times:
            raise error
        return real_publish(*arguments)
    return stage
with runs_draw(one_small_picture):
    run.compute_figures = failing(KeyError("{CHILD}"))
    once("internal")
    with FileLock(Path(workspace) / "data" / "processed" / "run.lock"):
        once("held")
    run.compute_figures = real_compute
    calls.clear(); run.publish = failing(OSError("{CELL}"), times=2)
    once("tried again"); tries = len(calls)
    calls.clear(); run.publish = failing(OSError("{CELL}"))
    once("files failed", "2018-02")
    run.publish = real_publish
    for path in Path(workspace).glob("data/raw/2018-02/*.csv"):
        path.write_text(path.read_text().replace("placement_code", "{CELL}"))
    once("stopped", "2018-02")
print(json.dumps({{"codes": codes, "tries": tries}}))
"""


@pytest.mark.soak
def test_monthly_report_publishes_then_says_unchanged_and_calls_nobody(tmp_path: Path, listened: Site):
    workspace = make_workspace(tmp_path / "workspace")
    told = listened.python("-c", TWICE, str(workspace))
    assert told.returncode == 0, told.stderr
    pack = workspace.resolve() / "reports" / "2018-03" / "board" / "1" / "board_pack.xlsx"
    assert told.stdout == f"{pack}\n0\n" * 2
    assert pack.is_file()
    assert list(pack.parent.glob("charts/*.png"))
    assert "2018-03: unchanged" in told.stderr[told.stderr.index("2018-03: published") :]
    assert "Traceback" not in told.stderr
    assert "prefect" not in told.stderr.lower()
    assert not (pack.parents[1] / "2").exists()
    heard = (tmp_path / "connections.txt").read_text()
    assert heard.count("started") >= 4, "flow, server, those that draw"
    outside = [line for line in heard.splitlines() if not re.search(r"127\.0\.0\.1|localhost|::1|'/|started", line)]
    assert outside == []
    assert listened.leaks() == []


@pytest.mark.soak
def test_nothing_read_reaches_prefect_or_the_terminal(tmp_path: Path, server: Site):
    workspace = make_workspace(tmp_path / "workspace", ("2018-01", "2018-02"))
    told = server.python("-c", DRIVER, str(workspace))
    assert told.returncode == 0, told.stderr
    result = json.loads(told.stdout.splitlines()[-1])
    assert result["codes"] == {"internal": 3, "held": 4, "tried again": 0, "files failed": 3, "stopped": 1}
    assert result["tries"] == 3
    heard = (told.stdout + told.stderr).encode()
    assert not any(secret in heard for secret in SECRETS)
    assert "Traceback" not in told.stderr
    time.sleep(3)  # the server writes task runs, logs and events a moment later
    assert server.leaks() == []
    assert not [path for path in server.home.rglob("*") if path.parent.name == "storage"]
    states = [
        run["state"] for run in server.ask("/flow_runs/filter") if run["parameters"]["workspace"] == str(workspace)
    ]
    assert {state["name"] for state in states} == {"Failed", "Held", "Published", "Stopped"}
    assert "stopped by 1 fault: see `perfpipe check`" in [state["message"] for state in states]
    told_on_the_page = [line["message"] for line in server.ask("/logs/filter")]
    assert {"compute", "publish"} <= {line.partition(":")[0] for line in told_on_the_page}
    assert [line for line in told_on_the_page if line.startswith("2018-01: published: ")]
    assert "stopped by 1 fault: see `perfpipe check`" in told_on_the_page
    tasks = server.ask("/task_runs/filter", {"task_runs": {"name": {"any_": ["publish", "compute"]}}})
    assert {task["run_count"] for task in tasks if task["name"] == "publish"} == {3}
    assert all(task["run_count"] == 1 for task in tasks if task["name"] == "compute")
    assert all(task["task_inputs"] == {"attempt": []} for task in tasks)


@pytest.mark.soak
def test_wrong_use_ends_with_2_before_prefect_hears_of_it(tmp_path: Path, server: Site):
    where, nowhere = ("--workspace", str(tmp_path / "w")), ("-w", str(tmp_path / "nowhere"))
    codes, said = server.in_turn(
        ("flows.monthly_report", "2018-13", *where),
        ("flows.backfill", "2018-03", "2018-04", "--reason", CHILD, *where),
        ("flows.monthly_report", "2018-03", *nowhere),
    )
    assert codes == [2, 2, 2]
    assert "YYYY-MM" in said
    assert "invalid choice" in said
    assert "perfpipe.toml: not found" in said
    assert "Traceback" not in said
    assert not [run for run in server.ask("/flow_runs/filter") if str(tmp_path / "w") in json.dumps(run["parameters"])]


@pytest.mark.soak
def test_an_interrupted_flow_ends_with_130_and_no_traceback(tmp_path: Path, server: Site):
    workspace, log = make_workspace(tmp_path / "workspace", ("2018-01",)), tmp_path / "log.txt"
    process = start(server, "flows.monthly_report", "-w", str(workspace), log=log)
    try:
        for _ in range(200):
            if "read and validate:" in log.read_text() or process.poll() is not None:
                break
            time.sleep(0.1)
        process.send_signal(2)
        assert process.wait(30) == 130, log.read_text()
    finally:
        stop(process)
    assert "Traceback" not in log.read_text()
    assert not list(workspace.glob("reports/*/board/[0-9]*"))


@pytest.mark.soak
def test_the_served_schedule_looks_each_hour_in_london_and_a_month_runs_on_demand(tmp_path: Path, server: Site):
    workspace = make_workspace(tmp_path / "workspace", ("2018-01",))
    with (workspace / "perfpipe.toml").open("a") as settings:
        settings.write('\n[[expected]]\ndataset = "placements"\nby_working_day = 5\nsender = "Placements team"\n')
    run_month(Workspace(workspace), Month(2018, 1))
    polls = Site(server.home, server.api, POLLS_OFTEN)
    process = start(polls, "flows.serve", "-w", str(workspace), log=tmp_path / "serve.txt")
    try:
        served = eventually(lambda: len(found := _deployments_of(server, workspace)) == 4 and found)
        assert [each["schedule"]["cron"] for each in served["due"]["schedules"]] == ["15 7-19 * * 1-5"]
        assert [each["schedule"]["timezone"] for each in served["due"]["schedules"]] == ["Europe/London"]
        assert [each["concurrency_limit"] for each in served.values()] == [None] * 4
        wanted = {"deployments": {"id": {"any_": [served["due"]["id"]]}}}
        eventually(lambda: [run for run in server.ask("/flow_runs/filter", wanted) if run["auto_scheduled"]])
        asked = [server.ask(f"/deployments/{served[name]['id']}/create_flow_run") for name in ("monthly", "due", "due")]
        ended = [
            eventually(lambda one=one: (r := server.ask(f"GET /flow_runs/{one['id']}")) and r["end_time"] and r)
            for one in asked
        ]
        assert (ended[0]["name"], ended[0]["state_type"]) == ("2018-01", "COMPLETED")
        assert [run["state_type"] for run in ended] == ["COMPLETED"] * 3
        kept = {each["key"]: each["data"] for each in server.ask("/artifacts/filter")}
        assert "late" in kept["months"]
        assert "Placements team" in kept["months"]
    finally:
        stop(process)


def _deployments_of(server: Site, workspace: Path) -> dict[str, dict[str, Any]]:
    """By name, those that serve this workspace: the server may still hold those of a test before, by the same names."""
    asked = {"deployments": {"name": {"any_": ["due", "monthly", "nightly", "backfill"]}}}
    found = server.ask("/deployments/filter", asked)
    return {each["name"]: each for each in found if each["parameters"]["workspace"] == str(workspace.resolve())}


@pytest.mark.soak
def test_serve_help_needs_no_server():
    told = subprocess.run(
        [sys.executable, "-m", "flows.serve", "--help"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert "Europe/London" in told.stdout


def test_nothing_in_perfpipe_imports_prefect():
    sources = (REPOSITORY / "src" / "perfpipe").rglob("*.py")
    assert not [path for path in sources if re.search(r"^\s*(import|from) (prefect|flows)\b", path.read_text(), re.M)]
