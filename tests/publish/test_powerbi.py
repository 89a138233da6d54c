"""The star for other tools: what each file holds, that states are told apart, and whose it is."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from perfpipe.dates.months import Month
from perfpipe.ledger.editions import opens_to_group
from perfpipe.measures import MEASURES
from perfpipe.measures.words import State
from perfpipe.plan import load_plan
from perfpipe.publish.powerbi import FIGURES, GROUPS, group_id, state_of, write_powerbi
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import MachineFailure
from tests.workspaces import new_workspace

MAY, JUNE = Month(2018, 5), Month(2018, 6)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return new_workspace(tmp_path / "w")


def rows(workspace: Workspace, name: str) -> list[dict[str, str]]:
    with open(workspace.reports / "powerbi" / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure(month: str, value: float | None, group: str = "all", **changes: Any) -> dict[str, Any]:
    breakdown = "area" if group != "all" else "all"
    usual = {
        "measure_id": "rhi_within_72h", "month": month, "period": "month", "breakdown": breakdown, "group": group,
        "numerator": value, "denominator": 4.0, "value": value, "lower": None, "upper": None, "state": "ok",
        "state_reason": "", "status": "no_target", "target": None, "provisional": False, "left_out": 0,
    }  # fmt: skip
    return usual | changes


def job(workspace: Workspace) -> Any:
    ledger = SimpleNamespace(runs=list)
    plan = load_plan(workspace.plan_file, MEASURES)
    return SimpleNamespace(workspace=workspace, ledger=ledger, measures=MEASURES, plan=plan)


def test_zero_and_each_reason_for_no_figure_are_told_apart_and_the_value_is_blank(workspace: Workspace) -> None:
    made = pd.DataFrame([
        figure("2018-05", 0.0),
        figure("2018-05", 0.5, "in", status="missed", target="0.60..0.70", numerator=2.0),
        figure("2018-05", float("nan"), "out", state="not_available", state_reason="extract missing"),
        figure("2018-06", float("nan"), state="not_applicable"),
        figure("2018-06", 0.25, "in", state="suppressed"),
    ])  # fmt: skip
    write_powerbi(job(workspace), lambda _: None, 7, made)
    found = rows(workspace, "figures")
    assert list(found[0]) == list(FIGURES)
    shown = {(row["month"], row["group_id"]): (row["state"], row["value"], row["numerator"]) for row in found}
    assert shown == {
        ("2018-05", "all"): ("zero", "0.0", "0.0"),
        ("2018-05", "area:in"): ("value", "0.5", "2.0"),
        ("2018-05", "area:out"): ("[x]", "", ""),
        ("2018-06", "all"): ("[z]", "", ""),
        ("2018-06", "area:in"): ("[c]", "", ""),
    }
    (missed,) = [row for row in found if row["status_id"] == "missed"]
    assert (missed["target_low"], missed["target_high"], missed["run_id"]) == ("0.60", "0.70", "7")
    assert state_of(State.OK, 0.0) == "zero"


def test_every_key_of_the_figures_leads_to_one_row(workspace: Workspace) -> None:
    groups = [
        figure("2018-05", 1.0, group, measure_id=m.id, breakdown=b.id)
        for m in MEASURES for b in m.shown.breakdowns for group in b.groups
    ]  # fmt: skip
    write_powerbi(job(workspace), lambda _: None, 1, pd.DataFrame([figure("2018-05", 1.0), *groups]))
    for name in ("measure", "month", "group", "status"):
        key = name if name == "month" else f"{name}_id"
        keys = [row[key] for row in rows(workspace, "statuses" if name == "status" else f"{name}s")]
        assert len(keys) == len(set(keys))
        assert {row[key] for row in rows(workspace, "figures")} <= set(keys)
    titles: dict[str, set[str]] = defaultdict(set)
    for measure in MEASURES:
        for breakdown in measure.shown.breakdowns:
            for group, title in breakdown.groups.items():
                titles[group_id(breakdown.id, group)].add(title)
    assert {name: found for name, found in titles.items() if len(found) > 1} == {}  # one title for a group everywhere
    assert list(rows(workspace, "groups")[0]) == list(GROUPS)


def test_months_and_targets_say_their_year_and_until_when(workspace: Workspace) -> None:
    write_powerbi(job(workspace), lambda _: None, 1, pd.DataFrame([figure("2018-03", 1.0), figure("2018-04", 1.0)]))
    march, april = rows(workspace, "months")
    assert (march["name"], march["financial_year"], march["quarter"], march["month_of_year"], march["is_latest"]) == (
        "March 2018", "2017-18", "Q4", "12", "0",
    )  # fmt: skip
    assert (april["financial_year"], april["quarter"], april["last_day"], april["is_latest"]) == (
        "2018-19", "Q1", "2018-04-30", "1",
    )  # fmt: skip
    steps = [row for row in rows(workspace, "targets") if row["measure_id"] == "rhi_within_72h"]
    assert [(row["from_month"], row["until_month"], row["target_low"]) for row in steps] == [
        ("2017-04", "2017-09", "0.50"), ("2017-10", "", "0.60"),
    ]  # fmt: skip
    home = next(row for row in rows(workspace, "targets") if row["measure_id"] == "children_looked_after")
    assert (home["target_low"], home["target_high"], home["amber_within"]) == ("580", "630", "10")


def test_a_file_that_is_open_elsewhere_is_said_and_the_others_are_written(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from perfpipe.publish import powerbi

    def refused(path: Path, content: bytes) -> None:
        if path.name == "figures.csv":
            raise MachineFailure(f"{path} could not be written: another program has it open. Close it there.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    monkeypatch.setattr(powerbi, "write_whole", refused)
    said: list[str] = []
    write_powerbi(job(workspace), said.append, 1, pd.DataFrame([figure("2018-03", 1.0)]))
    assert len(said) == 1
    assert "another program has it open" in said[0]
    assert sorted(path.stem for path in (workspace.reports / "powerbi").iterdir()) == [
        "groups", "measures", "statuses", "targets",  # no months: the next run tries again
    ]  # fmt: skip


def test_it_is_never_the_group_s_alone_to_read(workspace: Workspace) -> None:
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write("\n[access]\ngroup = true\n")
    opens = opens_to_group(workspace)
    assert opens(workspace.reports / "2018-05" / "board" / "1")
    assert not opens(workspace.reports / "powerbi" / "figures.csv")


def test_an_earlier_month_that_is_run_again_keeps_what_newer_runs_say_of_later_ones(workspace: Workspace) -> None:
    runs = [
        SimpleNamespace(id=n, is_done=True, first_month=MAY - 1, month=m) for n, m in ((1, MAY), (2, JUNE), (3, MAY))
    ]
    known = {2: pd.DataFrame([figure("2018-06", 6.0)])}
    asked: list[tuple[int, Month, Month]] = []

    def as_of(run: int, first: Month, last: Month) -> pd.DataFrame:
        asked.append((run, first, last))
        return known[run]

    again = job(workspace)
    again.ledger = SimpleNamespace(runs=lambda: runs, figures_as_of=as_of)
    own = pd.DataFrame([figure("2018-04", 4.0), figure("2018-05", 5.0)])
    write_powerbi(again, lambda _: None, 3, own)
    assert asked == [(2, JUNE, JUNE)]
    assert [(row["month"], row["value"], row["run_id"]) for row in rows(workspace, "figures")] == [
        ("2018-04", "4.0", "3"), ("2018-05", "5.0", "3"), ("2018-06", "6.0", "2"),
    ]  # fmt: skip


def test_what_could_not_be_written_is_by_a_later_run_that_finds_nothing_new(workspace: Workspace) -> None:
    runs = [SimpleNamespace(id=1, is_done=True, first_month=MAY, month=MAY)]
    recorded = pd.DataFrame([figure("2018-05", 5.0)])
    later = job(workspace)
    later.ledger = SimpleNamespace(runs=lambda: runs, figures_as_of=lambda *_: recorded)
    folder = workspace.reports / "powerbi"
    folder.mkdir(parents=True)
    (folder / "figures.csv").write_text("of an older run", encoding="utf-8")

    write_powerbi(later, lambda _: None)

    assert [(row["value"], row["run_id"]) for row in rows(workspace, "figures")] == [("5.0", "1")]
    assert [(row["month"], row["run_id"]) for row in rows(workspace, "months")] == [("2018-05", "1")]
    before = (folder / "figures.csv").stat().st_mtime_ns
    write_powerbi(later, lambda _: None)
    assert (folder / "figures.csv").stat().st_mtime_ns == before
