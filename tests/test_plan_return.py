"""The quarterly return: published figures against the plan as at a quarter's last day."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures import BY_ID, MEASURES
from perfpipe.measures.definition import Period
from perfpipe.packs.edition import write_manifest
from perfpipe.publish.publish import publish
from perfpipe.quarterly_return import ReturnOutcome, make_return
from perfpipe.receive.withdraw import withdraw_extract
from perfpipe.run import open_job, receive_files, sources_of
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.builders import write_csv
from tests.cli.test_cli import call
from tests.pack_builders import absent, row
from tests.workspaces import new_workspace

DECEMBER, MARCH = Month(2017, 12), Month(2018, 3)
NAMED = ("rhi_within_72h", "audits_good", "retained_12_months")
OTHERS = json.dumps([measure.id for measure in MEASURES if measure.id not in NAMED])
PLAN = f"""\
title = "Plan"
revised_on = "2018-03-31"
without_recommendation = {OTHERS}

[[owners]]
id = "head"
role = "Head of Service"

[[recommendations]]
id = "1"
title = "Children are heard"
measures = ["rhi_within_72h", "audits_good"]

[[recommendations]]
id = "2"
title = "Chairs challenge"
evidence = "no quantitative measure: evidence is dip samples"

[[recommendations]]
id = "staff"
title = "Scrutiny topic: new social workers"
topic = true
measures = ["retained_12_months"]

[targets.rhi_within_72h]
recommendation = "1"
source = "Plan, action 1.1"
steps = [
    {{ from = "2017-04", agreed_on = "2017-06-14", target = "0.50", amber_within = "0.10" }},
    {{ from = "2018-03", agreed_on = "2018-03-07", target = "0.60", amber_within = "0.10", source = "Board, D9" }},
]

[[actions]]
id = "1.1"
recommendation = "1"
what = "Find a partner"
owner = "head"
due = "2018-02-28"
history = [{{ on = "2018-01-24", status = "green" }}]

[[actions]]
id = "1.2"
recommendation = "1"
what = "Keep a list"
owner = "head"
due = "2018-06-30"
history = [{{ on = "2018-01-24", status = "green", note = "Begun" }}]

[[judgements]]
id = "help"
title = "Help and protection"
grades = [{{ on = "2017-06-13", grade = "requires_improvement", source = "Inspection" }}]

[[meetings]]
on = "2018-01-24"
audience = "board"
data_to = "2017-11"

[[meetings]]
on = "2018-05-16"
audience = "board"
data_to = "2018-03"

[[decisions]]
id = "D8"
meeting = "2018-01-24"
what = "Name a lead"
owner = "head"
due = "2018-03-15"

[[decisions]]
id = "D10"
meeting = "2018-05-16"
what = "Say thanks"
owner = "head"
due = "2018-06-15"
"""
EARLIER = {"action_id": "1.1", "status": "green", "status_on": "01/12/2017", "note": "Asked"}
ACTIONS = [
    EARLIER,
    {"action_id": "1.1", "status": "amber", "status_on": "10/03/2018", "note": "One of three says no"},
    {"action_id": "1.2", "status": "blue", "status_on": "02/04/2018", "note": "Done"},  # after the quarter
]


def rhi(month: str, numerator: float, denominator: float, period: Period = Period.MONTH) -> dict[str, object]:
    value = numerator / denominator
    return row(BY_ID["rhi_within_72h"], month, period, numerator=numerator, denominator=denominator, value=value)


def figures() -> pd.DataFrame:
    """January 11 of 20, February 12 of 20, March 9 of 20, the quarter 32 of 60; 5 of 8 audits; no retention."""
    audits, retained = BY_ID["audits_good"], BY_ID["retained_12_months"]
    few: dict[str, object] = {"numerator": 5.0, "denominator": 8.0, "value": 0.625}
    made = [
        rhi("2017-12", 9, 20), rhi("2018-01", 11, 20), rhi("2018-02", 12, 20), rhi("2018-03", 9, 20),
        rhi("2018-03", 32, 60, Period.QUARTER), rhi("2017-12", 30, 60, Period.QUARTER),
        row(audits, "2018-03", Period.MONTH, **few), row(audits, "2018-03", Period.QUARTER, **few),
        row(retained, "2018-03", Period.COHORT, **absent("not_available", "extract missing")),
    ]  # fmt: skip
    return pd.DataFrame(made)


def publish_month(workspace: Workspace, month: Month) -> None:
    """Publish hand-made figures as a run of a month."""
    with open_job(workspace, month) as job:
        publish(job, sources_of(job, receive_files(job)), figures(), "")


def no_pack(*arguments: object) -> None:
    """In the place of the pack's writing, which these tests do not need."""
    for folder in next(each for each in arguments if isinstance(each, list)):
        folder.mkdir(parents=True)
        write_manifest(folder, {}, [])


@pytest.fixture(autouse=True)
def _without_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfpipe.publish.publish._write_packs", no_pack)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which a run of March 2018 was published."""
    root = tmp_path_factory.mktemp("return") / "workspace"
    workspace = new_workspace(root)
    workspace.plan_file.write_text(PLAN, encoding="utf-8")
    write_csv(workspace.raw / "2017-12" / "actions.csv", [EARLIER])
    write_csv(workspace.raw / "2018-03" / "actions.csv", ACTIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("perfpipe.publish.publish._write_packs", no_pack)
        publish_month(workspace, MARCH)
    return root


@pytest.fixture
def workspace(published: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(published, tmp_path / "workspace")
    return Workspace(tmp_path / "workspace")


def data(returned: ReturnOutcome) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(returned.workbook.with_name("plan_return.json").read_text(encoding="utf-8"))
    return told


def revise(workspace: Workspace, *changes: tuple[str, str]) -> None:
    text = workspace.plan_file.read_text(encoding="utf-8")
    for was, now in changes:
        assert was in text
        text = text.replace(was, now)
    workspace.plan_file.write_text(text, encoding="utf-8")


def refused(workspace: Workspace, last: Month, plan_of: str = "") -> str:
    with pytest.raises(SettingsError) as refusal:
        make_return(workspace, last, plan_of=plan_of)
    return str(refusal.value)


@pytest.mark.slow
def test_each_recommendation_with_actions_measures_and_evidence_as_at_the_day(workspace: Workspace) -> None:
    returned = make_return(workspace, MARCH)
    assert returned.workbook == workspace.reports / "2018-03" / "return" / "1" / "plan_return.xlsx"
    told = data(returned)
    assert (told["quarter"], told["as_at"], told["run"]["id"], told["plan"]["revised_on"]) == (
        "2017-18-Q4", "2018-03-31", 1, "2018-03-31",
    )  # fmt: skip
    keys = ("id", "actions_are", "outcomes_are", "sentence")
    assert [tuple(each[key] for key in keys) for each in told["recommendations"]] == [
        ("1", "late", "missed", "0 of 2 actions done, 1 overdue; 0 of 1 target met."),
        ("2", "no actions", "not measured", "No actions; evidence in words only."),
        ("staff", "no actions", "no data", "No actions; no figures for this month."),
    ]  # fmt: skip
    assert told["recommendations"][1]["evidence"] == "no quantitative measure: evidence is dip samples"
    statuses = [(each["id"], each["status"], each["since"], each["note"], each["overdue"]) for each in told["actions"]]
    assert statuses == [
        ("1.1", "amber", "2018-03-10", "One of three says no", True),
        ("1.2", "green", "2018-01-24", "Begun", False),  # what was reported on 2 April is not of this quarter
    ]
    assert [(each["id"], each["state"]) for each in told["decisions"]] == [("D8", "overdue")]
    assert [(each["grade"], each["since"]) for each in told["judgements"]] == [("Requires improvement", "2017-06-13")]


@pytest.mark.slow
def test_months_keep_the_status_of_the_target_of_their_time(workspace: Workspace) -> None:
    told = data(make_return(workspace, MARCH))
    interviews, audits, retained = told["measures"]
    shown = [(each["shown"], each["target"], each["status"]) for each in interviews["months"]]
    assert shown == [("55%", "0.50", "met"), ("60%", "0.50", "met"), ("45%", "0.60", "missed")]
    assert (interviews["quarter"]["in_words"], interviews["quarter"]["status"]) == ("53% (32 of 60)", "no_target")
    assert (interviews["target_shown"], interviews["target_from"], interviews["target_agreed_on"]) == (
        "at least 60%", "2018-03", "2018-03-07",
    )  # fmt: skip
    assert interviews["target_source"] == "Board, D9"
    assert audits["quarter"]["in_words"].startswith("63% (5 of 8; low base")
    assert retained["months"][2]["in_words"] == "[x] extract missing"
    steps = [(each["from"], each["target"], each["source"], each["in_force"]) for each in told["target_steps"]]
    assert steps == [("2017-04", "0.50", "Plan, action 1.1", "replaced"), ("2018-03", "0.60", "Board, D9", "yes")]


@pytest.mark.slow
def test_every_key_of_the_data_is_on_its_page(workspace: Workspace) -> None:
    def keys(value: object) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    told = data(make_return(workspace, MARCH))
    counted = {"blue", "green", "amber", "red", "not_reported"}
    page = (Path(__file__).parents[1] / "docs" / "quarterly-return.md").read_text(encoding="utf-8")
    assert [key for key in sorted(keys(told) - counted - {"statuses"}) if f"`{key}`" not in page] == []


@pytest.mark.slow
def test_the_workbook_says_the_same_on_its_sheets(workspace: Workspace) -> None:
    book = load_workbook(make_return(workspace, MARCH).workbook)
    assert book.sheetnames == [
        "Front", "Recommendations", "Judgements", "Actions", "Measures", "Decisions", "Changes to targets", "Rules",
    ]  # fmt: skip
    cells = {sheet.title: [str(cell.value) for line in sheet for cell in line if cell.value] for sheet in book}
    assert [cell for cell in cells["Front"] if cell.startswith("Restricted: small numbers")] != []
    assert "the one with which run 1 was published; the present plan" in cells["Front"]
    assert "from the plan and from the extract 2018-03/actions.csv" in cells["Front"]
    assert {"Overdue", "One of three says no", "Head of Service"} <= set(cells["Actions"])
    assert {"45% (9 of 20)", "at least 60%", "Missed", "[x] extract missing"} <= set(cells["Measures"])
    assert {"at least 50%", "Board, D9", "Replaced"} <= set(cells["Changes to targets"])
    assert {"Late", "Off track", "[z]"} <= set(cells["Rules"])


@pytest.mark.slow
def test_the_same_again_is_unchanged_and_an_edition_is_never_overwritten(workspace: Workspace) -> None:
    first = make_return(workspace, MARCH)
    kept = first.workbook.read_bytes()
    assert make_return(workspace, MARCH) == ReturnOutcome(False, first.workbook)
    revise(workspace, ('from = "2018-03"', 'from = "2018-04"'))
    publish_month(workspace, MARCH)
    second = make_return(workspace, MARCH)
    assert (second.changed, second.workbook.parent.name) == (True, "2")
    assert data(second)["measures"][0]["status"] == "near"  # 45% against 50%, within 10 points
    assert first.workbook.read_bytes() == kept
    assert not [path for path in first.workbook.parents[1].iterdir() if path.name.startswith(".")]


@pytest.mark.slow
def test_an_old_return_is_rebuilt_with_the_plan_of_its_time(workspace: Workspace) -> None:
    before = make_return(workspace, MARCH).workbook.read_bytes()
    revise(workspace, ('"2018-03-31"', '"2018-06-30"'), ('target = "0.60"', 'target = "0.45"'))
    again = make_return(workspace, MARCH)  # the plan with which the run was published is kept
    assert "an earlier revision, not the present plan" in data(again)["plan"]["chosen"]
    present = make_return(workspace, MARCH, plan_of="2018-06-30")
    assert (data(present)["plan"]["revised_on"], data(present)["measures"][0]["status"]) == ("2018-06-30", "met")
    after = "asked for by --plan-of 2018-06-30; it was revised after the quarter's end: --plan-of 2018-03-31 takes"
    assert data(present)["plan"]["chosen"] == f"{after} the one of that day"
    by_day = make_return(workspace, MARCH, plan_of="2018-06-29")
    assert (data(by_day)["plan"]["revised_on"], data(by_day)["measures"][0]["status"]) == ("2018-03-31", "missed")
    assert (workspace.reports / "2018-03" / "return" / "1" / "plan_return.xlsx").read_bytes() == before
    assert "no saved plan was revised by then" in refused(workspace, MARCH, "2017-01-01")
    shutil.rmtree(workspace.root / "earlier_plans")
    assert "is not kept; --plan-of names another, `perfpipe run 2018-03`" in refused(workspace, MARCH)


@pytest.mark.slow
def test_figures_are_not_told_by_a_plan_that_counts_otherwise(workspace: Workspace) -> None:
    counting = ("[targets.rhi_within_72h]", "[counting]\nmissing_often_episodes = 4\n\n[targets.rhi_within_72h]")
    revise(workspace, ('"2018-03-31"', '"2018-06-30"'), counting)
    assert "differ from the plan revised on 2018-03-31" in refused(workspace, MARCH, "2018-06-30")
    assert make_return(workspace, MARCH).changed


@pytest.mark.slow
def test_an_edition_that_was_altered_does_not_stand_for_the_same_again(workspace: Workspace) -> None:
    first = make_return(workspace, MARCH)
    first.workbook.write_bytes(b"altered")
    again = make_return(workspace, MARCH)
    assert (again.changed, again.workbook.parent.name) == (True, "2")
    again.workbook.unlink()
    assert make_return(workspace, MARCH).workbook.parent.name == "3"


@pytest.mark.slow
def test_what_changed_in_the_plan_since_the_return_before(workspace: Workspace) -> None:
    first = data(make_return(workspace, DECEMBER))
    assert (first["run"]["month"], first["plan_changes"]) == ("2018-03", None)  # no run of December: one with it
    assert [(each["status"], each["note"]) for each in first["actions"]] == [("green", "Asked"), (None, None)]
    assert data(make_return(workspace, MARCH))["plan_changes"] == []
    revise(workspace, ("Find a partner", "Find two partners"), ('"2018-03-31"', '"2018-04-30"'))
    publish_month(workspace, MARCH)
    told = data(make_return(workspace, MARCH))
    assert told["plan_before"].startswith("the return for 2017-18-Q3, the plan revised on 2018-03-31 (")
    assert told["plan_changes"] == [
        "revised on: 2018-03-31, now 2018-04-30", "actions: 1.1: changed (what: Find a partner, now Find two partners)",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_quarter_without_a_run_or_not_over_is_refused(workspace: Workspace) -> None:
    wanted = "no run contains 2018-06, the last month of the quarter; `perfpipe run 2018-06` makes one"
    assert refused(workspace, Month(2018, 6)) == wanted
    folder = workspace.raw / "2018-06"
    write_csv(folder / "actions.csv", [*ACTIONS, EARLIER | {"status_on": "12/06/2018"}])
    (folder / "delivery.toml").write_text("extracted_at = 2018-06-20\n", encoding="utf-8")
    publish_month(workspace, Month(2018, 6))
    assert refused(workspace, Month(2018, 6)) == (
        "the quarter is not over by the data: the newest extract used for 2018-06 was made on 2018-06-20; "
        "deliver extracts of 2018-06-30 or later, then `perfpipe run 2018-06`"
    )
    assert not (workspace.reports / "2018-06" / "return").exists()


@pytest.mark.slow
def test_statuses_of_an_extract_that_was_withdrawn_are_not_told(workspace: Workspace) -> None:
    ledger = Ledger.open(workspace.processed)
    extract = next(each.id for each in ledger.extracts_known(None) if each.folder == "2018-03")
    ledger.close()
    withdraw_extract(workspace, extract, "sent by mistake")
    assert "that the run used has been withdrawn since; `perfpipe run 2018-03`" in refused(workspace, MARCH)


@pytest.mark.soak
@pytest.mark.slow
def test_statuses_are_those_of_all_extracts_up_to_the_quarters_end(tmp_path: Path) -> None:
    """Each list has the statuses of its own month: the pack says red of 1.2, and so does the return."""
    workspace = new_workspace(tmp_path / "workspace")
    workspace.plan_file.write_text(PLAN, encoding="utf-8")
    lists = {"2018-02": ("1.2", "red", "20/02/2018"), "2018-03": ("1.1", "amber", "10/03/2018")}
    for folder, (action, status, day) in lists.items():
        told = {"action_id": action, "status": status, "status_on": day, "note": "As told"}
        write_csv(workspace.raw / folder / "actions.csv", [told])
    publish_month(workspace, MARCH)
    returned = data(make_return(workspace, MARCH))
    assert [(each["id"], each["status"]) for each in returned["actions"]] == [("1.1", "amber"), ("1.2", "red")]


@pytest.mark.slow
def test_the_command_takes_a_quarter_in_words(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--workspace", str(workspace.root))
    for written in (("2017-18-Q4",), ("2017-Q4",), ("--to", "2018-03")):
        assert call("return", *written, *where) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == [str(workspace.reports.resolve() / "2018-03/return/1/plan_return.xlsx")] * 3
    assert told.err.count("unchanged: the same figures and plan as before") == 2
    wrong = {
        ("2017-18-Q5",): "'2017-18-Q5' is not a quarter",
        ("2017-19-Q4",): "expected year and quarter of the financial year, as 2017-18-Q4",
        ("--to", "2018-02"): "2018-02 does not end a quarter",
        (): "expected either a quarter, as 2017-18-Q4, or --to with its last month",
        ("2017-18-Q4", "--plan-of", "then"): "expected a day, YYYY-MM-DD",
    }
    for written, words in wrong.items():
        assert call("return", *written, *where) == 2
        assert words in capsys.readouterr().err
    assert call("plan", "history", *where) == 0
    assert "first used by run 1 of 2018-03" in capsys.readouterr().out
