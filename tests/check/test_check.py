"""`perfpipe check` by owner: who mends what, which layout was tried, and commands that work where one is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from perfpipe.check.check import check_workspace
from perfpipe.cli.check_text import check_lines
from perfpipe.cli.fault_lines import lines_by_owner
from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.faults.stopping import StoppingFaults
from perfpipe.measures import MEASURES
from perfpipe.run import open_job, receive_files, sources_of
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.builders import write_csv
from tests.workspaces import EPISODE, PLACEMENT, deliver, episode, new_workspace, placement, spell

OWNERS = '\n[owners]\nreturn_home_interviews = "Missing Children team"\n'
LAYOUT = (
    '\n[[layouts.placements]]\nname = "old system"\nsince = "2018-01"\nfiles = "homes*.csv"\n'
    "[layouts.placements.columns]\n"
    'child_id = "CHILD"\nstarted_on = "DECOM"\nnew_episode_reason_code = "RNE"\nlegal_status_code = "LS"\n'
    'placement_code = "PLACE"\nceased_on = "DEC"\nprovider_code = "PLACE_PROVIDER"\n'
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path / "two words")
    with open(made.settings_file, "a", encoding="utf-8") as settings:
        settings.write(OWNERS + LAYOUT)
    return made


def lines(workspace: Workspace) -> list[str]:
    return lines_by_owner(check_workspace(workspace, None, lambda _: None).faults, workspace.settings())


def brief(workspace: Workspace, month: Month | None = None) -> list[str]:
    return check_lines(check_workspace(workspace, month, lambda _: None), workspace.settings(), month is not None)


@pytest.mark.slow
def test_faults_stand_under_who_mends_them_those_that_stop_first(workspace: Workspace) -> None:
    row = episode(1, returned_at="02/05/2018 10:00", interview_at="", outcome="", offered="")
    deliver(workspace, "2018-05", "return_home_interviews", [row])
    deliver(workspace, "2018-05", "social_workers", [{"worker_id": "W1"}])
    write_csv(workspace.raw / "2018-05" / "notes.csv", [{"a": 1}])
    said = lines(workspace)
    heads = [line for line in said if not line.startswith(("stop:", "exclude:", "warn:", "info:", "    "))]
    assert heads == [
        "Owner of the extract 'Children's social workers': 1 fault, 1 stopping the run",
        "Performance team: 1 fault",
        "Missing Children team: 1 fault",
        "Owner of the extract 'Placements of children looked after': 1 fault",
    ]
    assert said[1].startswith("stop: 2018-05/social_workers.csv")
    assert said[3].startswith("warn: 2018-05/notes.csv: file_not_recognised")
    assert said[5].startswith("warn: 2018-05/return_home_interviews.csv, row 2")


@pytest.mark.slow
def test_many_faults_of_one_rule_are_counted_and_listed_on_request(workspace: Workspace) -> None:
    rows = [episode(n, returned_at="02/05/2018 10:00", outcome="", offered="") for n in range(1, 31)]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    (said,) = [line for line in brief(workspace) if "offered_blank" in line]
    assert said.startswith("  offered_blank: 30, 30 new, warning. ")
    where = "row 2, column L (offered); row 3, column L (offered); row 4, column L (offered) and 27 more."
    assert where in " ".join(" ".join(brief(workspace)).split())
    assert len(lines(workspace)) == 33


@pytest.mark.slow
def test_what_is_wrong_with_rows_is_told_with_what_keeps_their_file_out(workspace: Workspace) -> None:
    """A column that no layout knows stops the file; the date in row 2 is to be mended all the same."""
    deliver(workspace, "2018-05", "social_workers", [{**spell("W1", "31/02/2016"), "Notes": "x"}])
    said = [line for line in lines(workspace) if "social_workers" in line]
    assert ["column_unmapped" in line for line in said] == [True, False]
    assert "social_workers.csv, row 2" in said[1]


@pytest.mark.slow
def test_what_is_wrong_with_rows_is_told_with_what_is_wrong_with_the_whole_extract(workspace: Workspace) -> None:
    """Made before its month, by the delivery note: it stops, and the date in row 2 is to be mended all the same."""
    deliver(workspace, "2018-05", "social_workers", [spell("W1", "31/02/2016"), spell("W2", "01/02/2016")])
    (workspace.raw / "2018-05" / "delivery.toml").write_text("extracted_at = 2018-04-10T09:00:00\n", encoding="utf-8")
    said = [line for line in lines(workspace) if "social_workers" in line]
    assert [line.split(": ")[2] for line in said] == ["made_before_month", "no_such_date"]


@pytest.mark.slow
def test_what_is_wrong_with_rows_of_one_part_is_told_while_another_is_missing(workspace: Workspace) -> None:
    parts = '[layouts.placements.parts]\nnorth = "homes_n*.csv"\nsouth = "homes_s*.csv"\n'
    text = workspace.settings_file.read_text(encoding="utf-8")
    workspace.settings_file.write_text(text + parts, encoding="utf-8")
    row = {name: text for name, text in placement("C1", "31/02/2018").items() if f'"{name}"' in LAYOUT}
    deliver(workspace, "2018-05", "placements", [row], "homes_n.csv")
    said = [line.split(": ")[1:3] for line in lines(workspace) if "homes" in line or "part" in line]
    assert said == [["2018-05/homes_n.csv, row 2, column B (DECOM)", "no_such_date"], ["2018-05", "part_missing"]]


@pytest.mark.slow
def test_a_run_tells_what_stops_at_files_with_what_stops_in_extracts(workspace: Workspace) -> None:
    deliver(workspace, "2018-05", "social_workers", [{"worker_id": "W1"}])
    (workspace.raw / "2018-05" / "placements.csv").write_bytes(b"")
    with (
        open_job(workspace, Month.parse("2018-05")) as job,
        pytest.raises(StoppingFaults) as stopped,
    ):
        sources_of(job, receive_files(job))
    assert {fault.rule for fault in stopped.value.faults} >= {"file_incomplete", "header_missing"}


@pytest.mark.slow
def test_what_was_found_is_explained_where_it_stands_as_a_shape(workspace: Workspace) -> None:
    shapes = "In what was found, 9 stands for any digit and A for any letter: values are not shown."
    deliver(workspace, "2018-05", "return_home_interviews", [episode(1, missing_from="31/02/2018 10:00")])
    assert shapes in " ".join(brief(workspace))
    assert lines(workspace)[-1] == shapes
    deliver(workspace, "2018-05", "return_home_interviews", [episode(1, offered="", outcome="", interview_at="")])
    assert shapes not in " ".join([*brief(workspace), *lines(workspace)])


@pytest.mark.slow
def test_it_opens_with_who_has_what_new_and_open_of_the_newest_month(workspace: Workspace) -> None:
    ended = {"returned_at": "02/05/2018 10:00", "interview_at": "", "outcome": "", "offered": ""}
    deliver(workspace, "2018-05", "return_home_interviews", [episode(n, **ended) for n in range(1, 4)])
    deliver(workspace, "2018-06", "return_home_interviews", [episode(n, **ended) for n in range(1, 6)])
    said = brief(workspace)
    assert said[0] == "Faults in the newest extract of each source, to June 2018"
    assert said[2].split() == ["Who", "corrects", "Effect", "New", "Open", "Not", "followed", "All"]
    assert [line.split() for line in said[4:6]] == [
        ["Missing", "Children", "team", "warning", "2", "3", "-", "5"],
        ["1", "note", "for", "information"],
    ]
    assert [line.split() for line in said[7:10:2]] == [
        ["Earlier", "extracts", "Stop", "the", "run", "Rows", "left", "out", "Warnings"],
        ["2018-05", "-", "-", "3"],
    ]
    assert "2018-05/" not in "".join(said[10:])  # examples are of the newest file
    assert brief(workspace, Month(2018, 5))[0] == "Faults of May 2018"
    with pytest.raises(SettingsError, match="no extract covers 2019-05; those received cover 2018-05 to 2018-06"):
        brief(workspace, Month(2019, 5))


@pytest.mark.slow
def test_no_line_is_wider_than_the_screen(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [episode(n, returned_at="02/05/2018 10:00", outcome="", offered="", rhi_required="x") for n in range(9)]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    deliver(workspace, "2018-05", "social_workers", [{"worker_id": "W1"}])
    for columns, widest in (("72", 72), ("200", 120), ("20", 60)):
        monkeypatch.setenv("COLUMNS", columns)
        said = brief(workspace)
        assert widest - 25 < max(map(len, said)) <= widest


@pytest.mark.slow
def test_the_page_for_owners_and_json_have_every_fault_and_no_value(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [episode(n, child_id="Zebedee-42", missing_from="<b>Zebedee", offered="") for n in range(1, 4)]
    rows += [episode(5, missing_from="01/05/2018 10:00", returned_at="02/05/2018 10:00")]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    with pytest.raises(SystemExit):
        main(["check", "-w", str(workspace.root), "--html", str(tmp_path / "faults.html"), "--format", "json"])
    told, page = capsys.readouterr().out, (tmp_path / "faults.html").read_text(encoding="utf-8")
    data = json.loads(told)
    assert data["month"] == "2018-05"
    assert {each["rule"] for each in data["faults"]} >= {"time_unreadable"}
    assert {"owner": "Missing Children team", "severity": "exclude", "new": 3, "open": 0, "not_followed": 0} in data[
        "by_owner"
    ]
    assert "Zebedee" not in told + page
    assert page.count("<h2 ") == len({each["owner"] for each in data["faults"] if each["severity"] != "info"})
    assert "2018-05/return_home_interviews.csv, row 4, column G (missing_from)" in page
    assert '<html lang="en-GB">' in page


def test_the_layout_that_was_tried_is_named(workspace: Workspace) -> None:
    columns = {name: value for name, value in PLACEMENT.items() if name not in ("DEC", "HOME_POST")}
    write_csv(workspace.raw / "2018-05" / "homes.csv", [columns])
    deliver(workspace, "2018-05", "return_home_interviews", [{name: "" for name in EPISODE if name != "episode_id"}])
    said = "\n".join(lines(workspace))
    assert "Tried: the layout 'old system' in force since 2018-01." in said
    assert "Tried: the built-in layout 'standard'." in said


@pytest.mark.slow
def test_a_month_is_checked_for_what_a_run_of_it_finds(workspace: Workspace) -> None:
    rows = [placement(str(n), "01/05/2016") for n in range(40)]
    deliver(workspace, "2018-04", "placements", rows)
    deliver(workspace, "2018-05", "placements", [*rows[:30], placement("new", "01/05/2018")])
    deliver(workspace, "2018-05", "return_home_interviews", [episode(1, returned_at="02/05/2018 10:00", offered="")])
    found = check_workspace(workspace, Month(2018, 5), lambda _: None).faults
    with open_job(workspace, Month(2018, 5)) as job:
        between = sources_of(job, receive_files(job)).faults
    assert {fault.rule for fault in between} == {"missing_child_not_in_placements", "not_followed_up"}
    assert [fault for fault in found if fault in between] == between
    assert {fault.rule for fault in found} > {fault.rule for fault in between}  # and what is wrong with its rows


@pytest.mark.slow
def test_suggested_commands_work_in_the_workspace_that_was_given(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(workspace.raw / "2018-05" / "placements.csv", [placement("A", "01/05/2016")])
    write_csv(workspace.raw / "2018-05" / "placements.xlsx.csv", [placement("A", "01/05/2016")])
    with pytest.raises(SystemExit):
        main(["check", "--workspace", str(workspace.root)])
    capsys.readouterr()
    write_csv(workspace.raw / "2018-05" / "placements.csv", [placement("B", "01/05/2016")])  # of the same time
    for command in (["check"], ["run", "2018-05"]):
        with pytest.raises(SystemExit):
            main([*command, "--workspace", str(workspace.root)])
        said = capsys.readouterr()
        assert f"--reason \"...\" --workspace '{workspace.root}'`" in said.out + said.err
    monkeypatch.chdir(workspace.root)
    with pytest.raises(SystemExit):
        main(["check"])
    assert "--workspace" not in capsys.readouterr().out


@pytest.mark.slow
def test_a_definition_that_a_run_would_refuse_is_refused(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(MEASURES[0], definition="TODO")
    monkeypatch.setattr("perfpipe.job.job.all_measures", lambda plan: (wrong, *MEASURES[1:]))
    with pytest.raises(SettingsError) as raised:
        check_workspace(workspace, None, lambda _: None)
    (problem,) = raised.value.problems
    said = "measure missing_episodes (RHI-01): definition: expected a text in words, not a placeholder; found 'TODO'"
    assert problem.endswith(said)


@pytest.mark.slow
def test_files_are_all_named_and_a_month_of_which_nothing_is_known_stops(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"team_{number}.csv" for number in range(1, 26)]
    for name in names:
        write_csv(workspace.raw / "2018-05" / name, [{"a": 1}])
    with pytest.raises(SystemExit) as ended:
        main(["check", "2018-05", "--workspace", str(workspace.root)])
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert [name for name in names if name not in said] == []
    deliver(workspace, "2018-05", "placements", [placement("A", "01/05/2018")])  # now some of the month is known
    with pytest.raises(SystemExit) as ended:
        main(["check", "2018-05", "--workspace", str(workspace.root)])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert [name for name in names if name not in said] == []


@pytest.mark.slow
def test_a_month_is_checked_for_the_files_in_its_folder_whatever_month_their_rows_are_in(workspace: Workspace) -> None:
    known = {"month": "2018-03", "vacancies_fte": "10.5", "agency_fte": "4"}
    write_csv(workspace.raw / "2018-05" / "workforce_monthly.csv", [known, known | {"month": "sometime"}])
    found = check_workspace(workspace, Month(2018, 5), lambda _: None).faults
    assert {(fault.rule, fault.row) for fault in found} >= {("month_unreadable", 3), ("month_row_missing", 0)}
    with pytest.raises(SettingsError, match="no extract covers 2018-04"):
        check_workspace(workspace, Month(2018, 4), lambda _: None)
