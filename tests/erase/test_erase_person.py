"""A planted child is nowhere under the workspace after their erasure, and every published figure is as it was."""

from __future__ import annotations

import json
import os
import signal
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from perfpipe.check.check import check_workspace
from perfpipe.check.faults_to_correct import write_faults_to_correct
from perfpipe.cli.main import main
from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import PersonKind
from perfpipe.dates.months import Month
from perfpipe.erase.commands import continue_erasures, erase_person
from perfpipe.erase.erasure_plan import ErasurePlan, ErasureReason
from perfpipe.ledger.ledger import Ledger
from perfpipe.questions.explain_figure import explain
from perfpipe.rerun.compare import compare
from perfpipe.run import run_month
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.verify import verify_workspace
from tests.builders import write_sheets
from tests.erase import worlds
from tests.workspaces import deliver, new_workspace, placement

pytestmark = pytest.mark.slow

MONTHS = [Month.parse(month) for month in (worlds.FIRST, worlds.LAST)]


def erase(workspace: Workspace, typed: str = worlds.CHILD, kind: PersonKind = PersonKind.CHILD) -> ErasurePlan:
    done = erase_person(workspace, kind, ErasureReason.REQUEST, "dpo", typed, lambda _: True)
    assert done is not None
    return done


def check_erased(workspace: Workspace, figures: pd.DataFrame, board: dict[str, bytes]) -> None:
    """Nothing of the child is left, all that was published is as it was, and runs leave it so."""
    assert worlds.places_with(workspace) == []
    assert verify_workspace(workspace).problems == ()
    assert worlds.board_files(workspace) == board
    pd.testing.assert_frame_equal(worlds.published(workspace), figures)
    for month in MONTHS:
        run_month(workspace, month)
    pd.testing.assert_frame_equal(worlds.published(workspace), figures)
    assert worlds.places_with(workspace) == []


@pytest.mark.soak
def test_nothing_of_the_child_is_left_and_figures_are_as_published(planted: Workspace) -> None:
    figures, board = worlds.published(planted), worlds.board_files(planted)
    assert len(worlds.places_with(planted)) > 10
    plan = erase(planted)
    check_erased(planted, figures, board)
    assert {each.place for each in plan.files} == {
        f"{month}/{name}" for month in (worlds.FIRST, worlds.LAST)
        for name in ("placements.xlsx", "return_home_interviews.csv")
    }  # fmt: skip


@pytest.mark.soak
def test_the_part_of_an_extract_that_names_nobody_stays_where_it_was_delivered(tmp_path: Path) -> None:
    workspace = worlds.in_two_parts(tmp_path / "workspace")
    folder = workspace.raw / worlds.FIRST
    run_month(workspace, MONTHS[0])
    before = (folder / "north.csv").read_bytes()
    assert [each.place for each in erase(workspace).files] == [f"{worlds.FIRST}/south.csv"]
    assert [path.name for path in folder.iterdir()] == ["north.csv"]
    assert (folder / "north.csv").read_bytes() == before
    assert worlds.places_with(workspace, (worlds.CHILD.lower(),)) == []
    assert verify_workspace(workspace).problems == ()


def test_the_workbook_of_the_last_check_goes(planted: Workspace) -> None:
    path = write_faults_to_correct(planted, check_workspace(planted, None, lambda _: None))
    assert path.is_file()
    erase(planted)
    assert not path.exists()


def test_what_is_listed_and_what_stays(planted: Workspace) -> None:
    plan = erase(planted, f"  {worlds.CHILD.lower()} ")
    rows = {each.place: each.rows for each in plan.files}
    assert rows[f"{worlds.LAST}/placements.xlsx"] == 2
    assert rows[f"{worlds.LAST}/return_home_interviews.csv"] == 1
    assert (plan.corrections, plan.correction_copies) == (1, 1)
    assert [place.split("/")[1:3] for place in plan.workbooks] == [[worlds.FIRST, "analyst"], [worlds.LAST, "analyst"]]
    looked_after = ("children_looked_after", MONTHS[1], "month_end")
    assert looked_after in plan.frozen
    assert not any(measure == "new_appointments" for measure, _, _ in plan.frozen)  # social workers have no child
    ledger = Ledger.open(planted.processed)
    try:
        kept = ledger.erased_files()
        stays = ledger.erased_corrections()
        erasure = ledger.erasures()[0]
    finally:
        ledger.close()
    assert len(kept) == 5  # four extracts, and the copy of corrections
    assert [(each.dataset, each.column, each.reason) for each in stays] == [
        ("return_home_interviews", "outcome", "typed wrongly")
    ]
    assert (erasure.reason, erasure.role, erasure.work.files) == ("request", "dpo", ())
    assert worlds.CHILD not in repr(erasure)
    corrections = (planted.root / "corrections.toml").read_text()
    assert "E3" in corrections
    note = worlds.manifest(planted, worlds.LAST, "analyst")
    assert {each["file"] for each in note["erased"]} == set(note["outputs"])  # type: ignore[attr-defined, call-overload]
    assert "faults.xlsx" in note["outputs"]  # type: ignore[operator]
    explained = {each.period: each.erased_at for each in explain(planted, "children_looked_after", MONTHS[1])}
    assert explained["month_end"] is not None
    assert all(not change.is_shown for change in compare(planted, *MONTHS))


POINTS = (
    ("perfpipe.erase.commands:begin", 1),
    ("perfpipe.erase.carry_out:store_content", 1),
    ("perfpipe.erase.carry_out:keep_what_stays", 2),
    ("perfpipe.erase.carry_out:_remove", 2),
    ("perfpipe.erase.carry_out:remove_delivered", 1),
    ("perfpipe.erase.carry_out:erase_caches", 1),
    ("perfpipe.erase.carry_out:erase_fault_places", 1),
    ("perfpipe.erase.declared_corrections:write_whole", 1),
    ("perfpipe.erase.declared_corrections:write_whole", 2),
    ("perfpipe.erase.restricted_workbooks:write_whole", 2),
    ("perfpipe.erase.restricted_workbooks:write_whole", 4),
    ("perfpipe.erase.carry_out:erase_texts", 1),
    ("perfpipe.ledger.erasures:compact_database", 1),
)


@pytest.mark.soak
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize(("where", "call"), POINTS)
def test_a_killed_erasure_goes_on_without_the_id(planted: Workspace, where: str, call: int) -> None:
    figures, board = worlds.published(planted), worlds.board_files(planted)
    child = os.fork()
    if child == 0:
        try:
            kill_after(where, call)
            erase(planted)
        finally:
            os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert [each.kind for each in verify_workspace(planted).problems][-1] == "erasure"
    with pytest.raises(SettingsError, match="go-on"):
        compare(planted, *MONTHS)
    assert continue_erasures(planted) == 1
    check_erased(planted, figures, board)
    assert continue_erasures(planted) == 0


def kill_after(where: str, call: int) -> None:
    """Kill this process when a call of a function has ended."""
    module, _, name = where.partition(":")
    owner: Any = import_module(module)
    real, calls = getattr(owner, name), [0]

    def killed(*given: Any, **named: Any) -> Any:
        result = real(*given, **named)
        calls[0] += 1
        if calls[0] == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, killed)


@pytest.mark.soak
def test_a_child_who_comes_again_is_left_out_and_reported(planted: Workspace) -> None:
    erase(planted)
    again = [
        worlds.care_of(worlds.CHILD, worlds.BORN, "01/02/2017"),
        *(worlds.care_of(f"C{1000 + n}", f"{n + 13}/03/2010", "01/05/2018") for n in range(4)),
    ]
    table = [[*again[0], "Remarks"], *([*row.values(), ""] for row in again)]
    write_sheets(planted.raw / "2018-06" / "placements.xlsx", {"Records": table})
    found = [each for each in check_workspace(planted, None, lambda _: None).faults if each.rule == "erased_person"]
    assert [(each.file, each.row) for each in found] == [("2018-06/placements.xlsx", 2)]
    assert worlds.CHILD not in repr(found)
    plan = erase(planted)
    assert [each.place for each in plan.files] == ["2018-06/placements.xlsx"]
    assert worlds.places_with(planted) == []
    left = check_workspace(planted, None, lambda _: None).faults
    assert not [each for each in left if each.rule == "erased_person"]


@pytest.mark.soak
def test_a_file_put_back_is_reported_and_not_taken_in(planted: Workspace) -> None:
    back = planted.raw / worlds.LAST / "placements.xlsx"
    content = back.read_bytes()
    erase(planted)
    assert not back.exists()
    back.write_bytes(content)
    found = [each.file for each in check_workspace(planted, None, lambda _: None).faults if each.rule == "erased_file"]
    assert found == [f"{worlds.LAST}/placements.xlsx"]
    assert worlds.places_with(planted) == [f"data/raw/{worlds.LAST}/placements.xlsx"]


def test_nobody_with_the_id_changes_nothing(planted: Workspace, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SettingsError, match="no child has this id") as refused:
        erase(planted, "KQZX7742")
    assert "KQZX7742" not in str(refused.value)
    with pytest.raises(SettingsError, match=r"A worker has it: `--whose worker`"):
        erase(planted, "w3")
    with pytest.raises(SettingsError, match="no id was given"):
        erase(planted, "  ")
    ledger = Ledger.open(planted.processed)
    assert ledger.erasures() == []
    ledger.close()


def test_a_worker_is_erased_and_a_child_with_the_same_number_is_not(planted: Workspace) -> None:
    plan = erase(planted, "W3", PersonKind.WORKER)
    assert [(each.place, each.rows) for each in plan.files] == [
        (f"{month}/social_workers.csv", 1) for month in (worlds.FIRST, worlds.LAST)
    ]
    assert not any(measure == "children_looked_after" for measure, _, _ in plan.frozen)


def test_a_household_is_erased_and_a_child_with_the_same_number_is_not(tmp_path: Path) -> None:
    workspace, number = new_workspace(tmp_path / "workspace"), "H10002"
    blank = dict.fromkeys((column.name for column in BY_ID["adopters"].columns), "")
    households = [
        {**blank, "household_id": f"H1000{n}", "registered_on": "03/04/2018", "fast_track": "N"} for n in range(1, 4)
    ]
    path = deliver(workspace, worlds.FIRST, "adopters", households)
    children = deliver(workspace, worlds.FIRST, "placements", [placement(number, "01/02/2017")])
    before = children.read_bytes()
    with pytest.raises(SettingsError, match=r"A child has it: `--whose child`"):
        erase(workspace, "H10002", PersonKind.WORKER)
    plan = erase(workspace, f" {number.lower()}", PersonKind.HOUSEHOLD)
    assert [(each.place, each.rows) for each in plan.files] == [(f"{worlds.FIRST}/adopters.csv", 1)]
    assert (path.exists(), children.read_bytes()) == (False, before)
    check_workspace(workspace, None, lambda _: None)
    ledger = Ledger.open(workspace.processed)
    try:
        rows = {each.dataset: each.rows for each in ledger.readings_known().values()}
    finally:
        ledger.close()
    assert rows == {"adopters": 2, "placements": 1}
    with pytest.raises(SettingsError, match="no household has this id"):
        erase(workspace, "H10009", PersonKind.HOUSEHOLD)


def test_what_the_command_says_names_nobody(
    planted: Workspace, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (planted.root / "notes.txt").write_text(f"Call about {worlds.CHILD}")
    answers = tmp_path / "answers"
    answers.write_text(f"{worlds.CHILD}\nno\n")
    with open(answers) as given, monkeypatch.context() as patch:
        patch.setattr("sys.stdin", given)
        with pytest.raises(SystemExit) as done:
            main(["erase", "--reason", "request", "--by", "dpo", "--workspace", str(planted.root)])
    assert done.value.code == 2
    heard = capfd.readouterr()
    assert worlds.CHILD.lower() not in f"{heard.out}{heard.err}".lower()
    assert "FOUND" in heard.out
    assert "    notes.txt" in heard.out.splitlines()
    assert "nothing was erased" in heard.err
    assert json.loads((planted.reports / worlds.LAST / "analyst" / "1" / "manifest.json").read_text())
    assert len(worlds.places_with(planted)) > 10
