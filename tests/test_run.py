"""A run as a whole: published or nothing, unchanged when nothing changed, revised when something did."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pytest

from perfpipe.dates.months import Month
from perfpipe.history.release import release
from perfpipe.ledger.hold import hold
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience
from perfpipe.packs.charts.draw import draw
from perfpipe.questions.explain_figure import explain
from perfpipe.questions.printed_figures import CONTRACT
from perfpipe.questions.queries import figures_known
from perfpipe.run import StoppingFaults, open_job, run_month, spine
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace, WorkspaceInUse
from tests.runs import runs_draw, runs_of_a_year
from tests.source_copy import SourceCopy
from tests.workspaces import deliver, episode, new_workspace, one, placement

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("_runs_of_a_year")]  # each makes whole runs or packs

T = TypeVar("T")
MAY = Month(2018, 5)
EPISODES = [
    episode(1, returned_at="02/05/2018 10:00", interview_at="03/05/2018 10:00"),
    episode(2, returned_at="04/05/2018 10:00"),
]


def delivered(root: Path) -> Workspace:
    """What has been delivered for May, on a day that does not move with the clock."""
    made = new_workspace(root)
    deliver(made, "2018-05", "return_home_interviews", EPISODES)
    deliver(made, "2018-05", "placements", [placement("A", "01/05/2016"), placement("B", "01/05/2016", PLACE="K2")])
    (made.raw / "2018-05" / "delivery.toml").write_text("delivered_on = 2018-06-06")
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return delivered(tmp_path / "workspace")


@pytest.fixture
def published(tmp_path: Path, made_once: Callable[[str, Callable[[Path], None]], Path]) -> Workspace:
    """A workspace after the run of May, with its charts drawn."""

    def run_of_may(root: Path) -> None:
        with runs_draw(draw), runs_of_a_year():
            run_month(delivered(root), MAY)

    return Workspace(shutil.copytree(made_once("run_of_may", run_of_may), tmp_path / "published"))


def late_record(workspace: Workspace) -> None:
    """June's extract knows an interview of May that May's did not."""
    late = [EPISODES[0], dict(EPISODES[1]) | {"interview_at": "05/05/2018 10:00"}]
    deliver(workspace, "2018-06", "return_home_interviews", [*late, episode(3, returned_at="02/06/2018 10:00")])


def files_under(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
    }


@pytest.mark.soak
def test_a_run_publishes_a_pack_whose_manifest_proves_it(workspace: Workspace) -> None:
    outcome = run_month(workspace, MAY)
    assert outcome.changed
    edition = workspace.reports / "2018-05" / "board" / "1"
    assert outcome.pack == edition / "board_pack.xlsx"
    manifest = json.loads((edition / "manifest.json").read_text())
    given = files_under(workspace.raw / "2018-05")
    del given["delivery.toml"]  # says when the files came; it is none of them
    assert {h for i in manifest["inputs"].values() for h in i["files"].values()} == set(given.values())
    made = files_under(edition)
    assert {name: made[name] for name in manifest["outputs"]} == manifest["outputs"]
    assert set(made) == {*manifest["outputs"], "manifest.json"}
    assert manifest["plan_sha256"] == hashlib.sha256(workspace.plan_file.read_bytes()).hexdigest()


@pytest.mark.soak
def test_whoever_runs_the_stages_gets_them_in_order_and_none_after_reconcile_where_nothing_changed(
    workspace: Workspace,
) -> None:
    ran: list[str] = []

    def stage(name: str, words: str, work: Callable[[], T]) -> T:
        ran.append(f"{name}: {words}")
        return work()

    read = ["receive: looking for new files", "read and validate: {} new deliveries", "reconcile: 2 extracts"]
    with open_job(workspace, MAY) as job:
        assert spine(job, stage, lambda _: None).changed
        measures = len(job.measures)
    assert [each.partition(":")[0] for each in ran[4:]] == ["assess", "publish"]
    assert ran[:4] == [*(each.format(2) for each in read), f"compute: {measures} measures, 36 months"]
    ran.clear()
    with open_job(workspace, MAY) as job:
        assert not spine(job, stage, lambda _: None).changed
    assert ran == [each.format(0) for each in read]


@pytest.mark.soak
def test_the_same_again_changes_nothing_and_says_so(published: Workspace) -> None:
    before, figures = files_under(published.reports), figures_known(published)
    again = run_month(published, MAY, reason="late_records")
    pack = published.reports / "2018-05" / "board" / "1" / "board_pack.xlsx"
    assert (again.changed, again.figures_written, again.pack) == (False, 0, pack)
    assert files_under(published.reports) == before
    pd.testing.assert_frame_equal(figures_known(published), figures)


@pytest.mark.soak
@pytest.mark.usefixtures("charts_drawn")
def test_two_runs_of_the_same_input_give_the_same_bytes(published: Workspace, workspace: Workspace) -> None:
    run_month(workspace, MAY)
    packs = [files_under(each.reports / "2018-05" / "board" / "1") for each in (published, workspace)]
    assert any(name.startswith("charts/") for name in packs[0])
    assert packs[0] == packs[1]


@pytest.mark.soak
def test_a_late_record_changes_the_past_and_marks_it_revised(published: Workspace) -> None:
    assert one(figures_known(published, MAY), "RHI-06", "2018-05")["value"] == 0.5
    release(published, MAY, PackAudience.BOARD, "performance", "Board of 13 June")
    late_record(published)
    run_month(published, MAY + 1)
    now = one(figures_known(published, MAY), "RHI-06", "2018-05")
    assert (now["value"], now["revised"], now["run_id"]) == (1.0, True, 2)
    episodes = one(figures_known(published, MAY), "RHI-01", "2018-05")
    assert (episodes["revised"], episodes["run_id"]) == (False, 1)
    june = one(figures_known(published, MAY + 1), "RHI-06", "2018-06")
    assert not june["revised"]


def test_a_second_edition_never_overwrites_the_first(published: Workspace) -> None:
    before = files_under(published.reports / "2018-05" / "board" / "1")
    late_record(published)
    assert run_month(published, MAY).pack.parent.name == "2"
    assert files_under(published.reports / "2018-05" / "board" / "1") == before


@pytest.mark.soak
def test_a_pack_that_cannot_be_written_leaves_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    import perfpipe.packs.edition as edition

    real = edition.write_edition

    def half_way(*arguments: object) -> None:
        real(*arguments)
        raise OSError("the disk is full")

    monkeypatch.setattr(edition, "write_edition", half_way)
    with pytest.raises(OSError, match="disk"):
        run_month(workspace, MAY)
    assert not files_under(workspace.reports)
    with pytest.raises(SettingsError, match="no run"):
        figures_known(workspace)
    monkeypatch.undo()
    assert run_month(workspace, MAY).pack.parent.name == "1"


@pytest.mark.soak
def test_a_commit_that_fails_leaves_no_edition(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Ledger, pack: object) -> None:
        raise OSError("the database is gone")

    monkeypatch.setattr(Ledger, "add_pack", refuse)
    with pytest.raises(OSError, match="database"):
        run_month(workspace, MAY)
    assert not files_under(workspace.reports)
    monkeypatch.undo()
    outcome = run_month(workspace, MAY)
    assert (outcome.run_id, outcome.pack.parent.name) == (1, "1")


def test_a_fault_that_stops_publishes_nothing(published: Workspace) -> None:
    before = files_under(published.reports)
    deliver(published, "2018-06", "placements", [{"CHILD": "A", "DECOM": "01/05/2016"}])
    with pytest.raises(StoppingFaults) as stopped:
        run_month(published, MAY + 1)
    assert "placement_code" in stopped.value.faults[0].found
    assert files_under(published.reports) == before


def test_a_workspace_is_held_by_one_run_at_a_time(workspace: Workspace) -> None:
    with hold(workspace), pytest.raises(WorkspaceInUse):
        run_month(workspace, MAY)


def test_a_changed_target_changes_status_and_publishes_again(published: Workspace) -> None:
    plan = published.plan_file.read_text(encoding="utf-8")
    published.plan_file.write_text(plan.replace('target = "0.60"', 'target = "0.50"'), encoding="utf-8")
    outcome = run_month(published, MAY)
    assert outcome.changed
    assert one(figures_known(published, MAY), "RHI-06", "2018-05")["status"] == "met"


def test_figures_keep_their_contract(published: Workspace) -> None:
    figures = figures_known(published, MAY)
    assert tuple(figures.columns) == CONTRACT
    assert not figures.duplicated(["measure_id", "month", "period", "breakdown", "group"]).any()
    assert set(figures["state"]) <= {"ok", "not_available", "not_applicable", "suppressed"}
    assert set(figures["status"]) <= {"met", "near", "missed", "no_target", "no_data"}
    share = figures[(figures["unit"] == "percent") & (figures["state"] == "ok")]
    assert share["value"].between(0, 1).all()
    count = figures[(figures["unit"] == "count") & (figures["state"] == "ok")]
    assert count["denominator"].isna().all()
    assert (count["value"] == count["numerator"]).all()
    assert figures["known_at"].str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z").all()


def test_explain_leads_to_the_rows(published: Workspace) -> None:
    explanation, *longer = explain(published, "rhi_within_72h", MAY)
    assert [explanation.period, *(each.period for each in longer)] == ["month", "year_to_date", "rolling_12"]
    (evidence,) = explanation.evidence
    assert (evidence.folder, evidence.files) == ("2018-05", ("return_home_interviews.csv",))
    assert (evidence.numerator_rows, evidence.denominator_only_rows) == ((2,), (3,))  # row 1 is the header


def test_unknown_measures_and_months_without_a_run_are_told_plainly(workspace: Workspace) -> None:
    with pytest.raises(SettingsError, match="no measure"):
        explain(workspace, "rhi", MAY)
    with pytest.raises(SettingsError, match="no run"):
        figures_known(workspace, MAY)


def test_a_second_file_of_one_time_under_the_same_name_waits_for_a_person(published: Workspace) -> None:
    deliver(published, "2018-05", "return_home_interviews", [episode(1, returned_at="02/05/2018 10:00", offered="")])
    with pytest.raises(StoppingFaults) as stopped:
        run_month(published, MAY)
    assert [fault.rule for fault in stopped.value.faults] == ["equal_claim"]


@pytest.mark.soak
def test_only_code_that_can_change_a_pack_publishes_again(workspace: Workspace, source: SourceCopy) -> None:
    def said(edit: tuple[str, str, str]) -> tuple[bool, int]:
        source.edit(*edit)
        outcome = run_month(workspace, MAY)
        return outcome.changed, outcome.figures_written

    run_month(workspace, MAY)
    assert said(("measures/interview_view.py", "INTERVIEW_HOURS = 72", "INTERVIEW_HOURS = 72  # 3 days")) == (False, 0)
    assert said(("packs/charts/draw.py", '"""Draw a measure', '"""Draw any measure')) == (False, 0)
    assert said(("cli/words.py", "WRONG_USE, INTERNAL, HELD", "WRONG, INTERNAL, HELD")) == (False, 0)
    assert said(("packs/wording/numbers.py", '"at most"', '"up to"')) == (True, 0)
    manifests = [
        json.loads((workspace.reports / "2018-05" / "board" / edition / "manifest.json").read_text())
        for edition in ("1", "2")
    ]
    assert manifests[0]["libraries"] == manifests[1]["libraries"]
    assert manifests[0]["code_version"] != manifests[1]["code_version"]
