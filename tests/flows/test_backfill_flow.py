"""The flow `backfill`: it shows what would change, waits for a person without holding anything, and then publishes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flow_site import CELL, CHILD, Site, eventually, make_workspace, start, stop
from tests.small_plan import small_plan

from perfpipe.history.reasons import REASONS
from perfpipe.ledger.hold import locked
from perfpipe.settings.workspace import Workspace

pytestmark = pytest.mark.slow
POLLS_OFTEN = (("PREFECT_RUNNER_POLL_FREQUENCY", "1"),)
SPAN = "2018-01-to-2018-02"
OWNERS = '\n[[owners]]\nid = "performance"\nrole = "Performance manager"\n'


def artifact(server: Site, key: str) -> str:
    return str(server.ask(f"GET /artifacts/{key}/latest")["data"])


def editions(workspace: Path) -> list[str]:
    return sorted(path.relative_to(workspace / "reports").as_posix() for path in workspace.glob("reports/*/board/*"))


@pytest.mark.soak
def test_twice_through_a_server(tmp_path: Path, server: Site):
    workspace = make_workspace(tmp_path / "workspace", ("2018-01", "2018-02"))
    command = ("flows.backfill", "2018-01", "2018-02", "--reason", "late_records", "-w", str(workspace))
    ended = []
    for expected in ("2 published, 0 unchanged, 0 failed", "0 published, 2 unchanged, 0 failed"):
        codes, said = server.in_turn((*command, "--yes"))
        assert codes == [0], said
        assert said.endswith(f"2018-01 to 2018-02: {expected}\n")
        runs = server.ask("/flow_runs/filter", {"sort": "START_TIME_DESC"})
        ours = [run for run in runs if run["parameters"]["workspace"] == str(workspace)]
        ended.append({(run["name"], run["state_type"], run["state_name"]) for run in ours} - set().union(*ended))
        assert expected in artifact(server, f"backfill-{SPAN}")
    assert ended == [
        {("2018-01 to 2018-02", "COMPLETED", "Published")},
        {("2018-01 to 2018-02", "COMPLETED", "Unchanged")},
    ]
    assert editions(workspace) == ["2018-01/board/1", "2018-02/board/1"]


@pytest.mark.soak
def test_without_yes_it_shows_what_would_change_and_publishes_nothing(tmp_path: Path, server: Site):
    workspace = make_workspace(tmp_path / "workspace", ("2018-01", "2018-02"))
    command = ("flows.backfill", "2018-01", "2018-02", "--reason", "first_load", "-w", str(workspace))
    codes, said = server.in_turn(command)
    assert codes == [2]
    assert "nothing was published: say --yes, or start it from the page and decide" in said
    shown = artifact(server, f"before-backfill-{SPAN}")
    assert "2 of 2 months are to be run. No known figure would change" in shown
    assert "| 2018-01 | never run |  | yes |" in shown
    assert "| PL-01 Children looked after | 0 | 0 | 0 |" in shown
    assert editions(workspace) == []


@pytest.mark.soak
def test_months_that_would_stop_are_said_before_and_after(tmp_path: Path, server: Site):
    workspace = make_workspace(tmp_path / "workspace", ("2018-01",))
    (workspace / "data" / "raw" / "2018-01" / "placements.csv").write_text(f"{CELL}\n{CHILD}\n")
    command = ("flows.backfill", "2018-01", "2018-02", "--reason", "first_load", "--yes", "-w", str(workspace))
    codes, said = server.in_turn(command)
    assert codes == [1], said
    assert said.endswith("2018-01 to 2018-02: 0 published, 0 unchanged, 2 failed\n")
    assert "| 2018-02 | failed | faults that stop it: 1 | yes |" in artifact(server, f"before-backfill-{SPAN}")
    (run,) = [each for each in server.ask("/flow_runs/filter") if each["parameters"]["workspace"] == str(workspace)]
    assert (run["state_type"], run["state_name"]) == ("FAILED", "Stopped")
    assert server.leaks() == []


class Served:
    """The deployment of a workspace, and a run of it."""

    def __init__(self, server: Site, workspace: Path) -> None:
        self.server = server
        ours = {"deployments": {"name": {"any_": ["backfill"]}}}
        self.deployment = eventually(lambda: self._of(server.ask("/deployments/filter", ours), workspace))

    def _of(self, found: list[dict[str, Any]], workspace: Path) -> dict[str, Any] | None:
        return next((each for each in found if each["parameters"]["workspace"] == str(workspace.resolve())), None)

    def begin(self, **given: object) -> None:
        parameters = {"first": "2018-01", "last": "2018-02", "reason": REASONS["late_records"], **given}
        asked = {"parameters": {**self.deployment["parameters"], **parameters}}
        self.id = self.server.ask(f"/deployments/{self.deployment['id']}/create_flow_run", asked)["id"]

    def asks(self, times: int = 1) -> str:
        """What it says when it has asked so often and waits; the form is there a moment after it waits."""

        def told() -> list[str] | None:
            run = self.server.ask(f"GET /flow_runs/{self.id}")
            assert run["end_time"] is None, run["state"]
            inputs = self.server.ask(f"/flow_runs/{self.id}/input/filter", {"prefix": "suspended-", "limit": 20})
            found = sorted((each["key"], each["value"]) for each in inputs if each["key"].endswith("description"))
            return [json.loads(value) for _, value in found] if len(found) == times else None

        return eventually(told)[-1]

    def decide(self, *, publish: bool) -> None:
        answer = self.server.ask(f"/flow_runs/{self.id}/resume", {"run_input": {"publish": publish}})
        assert answer["status"] == "ACCEPT", answer

    def ends(self) -> str:
        run = eventually(lambda: (r := self.server.ask(f"GET /flow_runs/{self.id}")) and r["end_time"] and r)
        return str(run["state_name"])


@pytest.fixture
def served(tmp_path: Path, server: Site) -> Iterator[tuple[Served, Path]]:
    workspace = make_workspace(tmp_path / "workspace", ("2018-01", "2018-02"))
    (workspace / "plan.toml").write_text(small_plan() + OWNERS, encoding="utf-8")
    log = tmp_path / "serve.txt"
    process = start(Site(server.home, server.api, POLLS_OFTEN), "flows.serve", "-w", str(workspace), log=log)
    try:
        yield Served(server, workspace), workspace
        assert "Traceback" not in log.read_text()
    finally:
        stop(process)


@pytest.mark.soak
def test_the_form_says_what_it_wants_and_takes_no_free_text(served: tuple[Served, Path]):
    run, workspace = served
    form = run.deployment["parameter_openapi_schema"]["properties"]
    assert all(each["description"] for each in form.values())
    assert form["reason"]["enum"] == list(REASONS.values())
    assert form["by"]["enum"] == ["", "performance"]
    assert form["workspace"]["enum"] == [str(workspace.resolve())]
    assert form["first"]["examples"] == ["2017-04", "2018-03"]
    free = [name for name, each in form.items() if each["type"] == "string" and not {"enum", "pattern"} & set(each)]
    assert free == []


@pytest.mark.soak
def test_it_waits_for_a_person_asks_again_about_another_result_and_publishes(served: tuple[Served, Path], server: Site):
    run, workspace = served
    run.begin(by="performance")
    told = run.asks()
    assert artifact(server, f"before-backfill-{SPAN}").startswith(told.partition("\n\nHow many")[0])
    assert "| 2018-02 | never run |  | yes |" in told
    assert editions(workspace) == []
    with locked(Workspace(workspace)):  # it holds nothing
        pass

    path = workspace / "data" / "raw" / "2018-02" / "placements.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:-2]) + "\n")  # a correction, while it waits
    (workspace / "data" / "raw" / "2018-02" / "delivery.toml").write_text("extracted_at = 2018-03-10T09:00:00\n")
    run.decide(publish=True)
    assert "not the result that you were shown before" in run.asks(times=2)
    assert editions(workspace) == []
    run.decide(publish=True)
    assert run.ends() == "Published"
    assert editions(workspace) == ["2018-01/board/1", "2018-02/board/1"]
    assert "2 published" in artifact(server, f"backfill-{SPAN}")
    assert server.leaks() == []


@pytest.mark.soak
def test_who_decides_against_it_publishes_nothing(served: tuple[Served, Path]):
    run, workspace = served
    run.begin()
    run.asks()
    run.decide(publish=False)
    assert run.ends() == "Declined"
    assert editions(workspace) == []
