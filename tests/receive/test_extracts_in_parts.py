"""An extract that comes in parts, one file or sheet for each team."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.check.check import check_workspace
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.ledger.ledger import Ledger
from perfpipe.questions.explain_figure import explain
from perfpipe.rules.rule import Severity
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.builders import EPISODE, Records, episode, figure, make_workspace, write_csv, write_sheets
from tests.builders import table_of as sheet_of
from tests.workspaces import assessed_of

MAY = Month(2017, 5)
COVERS = 'covers = { span = "last_12_months", selects_by = "overlap" }'
PARTS = 'parts = { "North team" = "*north*", "South team" = "*south*" }'
SHEETS = 'sheet_parts = { "North team" = "North*", "South team" = "South*" }'


def team(first: int, last: int, **changes: object) -> Records:
    """Returns of May, each of another child, interviewed within a day."""
    return [episode(episode_id=f"E{n}", child_id=f"C{n}", **changes) for n in range(first, last + 1)]


def with_layout(workspace: Workspace, parts: str) -> None:
    columns = "\n".join(f'{name} = "{name}"' for name in EPISODE)
    declared = (
        f'[authority]\nname = "X"\n[[layouts.return_home_interviews]]\nname = "teams"\nfiles = ["rhi*"]\n{COVERS}\n'
        f'{parts}\ndate_order = "day_first"\n[layouts.return_home_interviews.columns]\n{columns}\n'
    )
    workspace.settings_file.write_text(declared, encoding="utf-8")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "w")
    with_layout(made, PARTS)
    return made


def put(workspace: Workspace, name: str, records: Records) -> Path:
    return write_csv(workspace.raw / "2017-05" / name, records)


def faults_of(workspace: Workspace) -> list[Fault]:
    return check_workspace(workspace, MAY, lambda _: None).faults


def told(workspace: Workspace) -> list[tuple[str, str, str]]:
    """The faults about parts: rule, severity, file."""
    return [(f.rule, f.severity.value, f.file) for f in faults_of(workspace) if f.rule.startswith("part")]


def episodes_counted(workspace: Workspace) -> object:
    row = figure(assessed_of(workspace, "2017-05"), "missing_episodes", "2017-05")
    return row["value"] if row["state"] == "ok" else row["state"]


def extracts(workspace: Workspace) -> list[tuple[str, ...]]:
    ledger = Ledger.open(workspace.processed)
    try:
        return [tuple(file.name for file in each.files) for each in ledger.extracts_known(None) if not each.replaced]
    finally:
        ledger.close()


@pytest.mark.soak
def test_the_parts_make_one_extract(workspace: Workspace) -> None:
    put(workspace, "rhi_north.csv", team(1, 3))
    put(workspace, "rhi_south.csv", team(4, 8))
    assert (episodes_counted(workspace), told(workspace)) == (8, [])
    assert extracts(workspace) == [("rhi_north.csv", "rhi_south.csv")]


@pytest.mark.soak
@pytest.mark.slow
def test_without_a_part_there_is_no_extract_until_it_comes(workspace: Workspace) -> None:
    put(workspace, "rhi_north.csv", team(1, 3))
    assert told(workspace) == [("part_missing", "warn", "2017-05")]
    (fault,) = [fault for fault in faults_of(workspace) if fault.rule == "part_missing"]
    assert "'South team'" in fault.found
    assert "'South team'" in fault.what_to_do
    assert episodes_counted(workspace) == "not_available"
    put(workspace, "rhi_south.csv", team(4, 8))
    assert (episodes_counted(workspace), told(workspace)) == (8, [])


@pytest.mark.soak
@pytest.mark.slow
def test_parts_that_are_taken_away_later_change_nothing(workspace: Workspace) -> None:
    put(workspace, "rhi_north.csv", team(1, 3))
    path = put(workspace, "rhi_south.csv", team(4, 8))
    assert episodes_counted(workspace) == 8
    path.unlink()
    assert (episodes_counted(workspace), told(workspace)) == (8, [])
    put(workspace, "rhi_north.csv", team(1, 4))  # another than was received
    assert told(workspace) == [("part_missing", "warn", "2017-05")]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("rhi_south_2.csv", "part_repeated"),
        ("rhi_north_and_south.csv", "part_repeated"),
        ("rhi_east.csv", "part_unknown"),
    ],
)
def test_a_second_an_overlapping_or_an_unknown_part_stops(name: str, rule: str, workspace: Workspace) -> None:
    put(workspace, "rhi_north.csv", team(1, 3))
    put(workspace, "rhi_south.csv", team(4, 8))
    put(workspace, name, team(9, 9))
    stops = {f.rule for f in faults_of(workspace) if f.severity is Severity.STOP}
    assert (stops, extracts(workspace)) == ({rule}, [])


@pytest.mark.slow
def test_records_that_stand_in_two_parts_stop(workspace: Workspace) -> None:
    put(workspace, "rhi_north.csv", team(1, 3))
    put(workspace, "rhi_south.csv", team(3, 8))
    assert told(workspace) == [("parts_overlap", "stop", "2017-05/rhi_south.csv")]
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write('[severities]\nparts_overlap = "warn"\n')
    assert told(workspace) == [("parts_overlap", "warn", "2017-05/rhi_south.csv")]
    (again,) = [fault for fault in faults_of(workspace) if fault.rule == "row_repeated"]
    assert (again.file, again.row) == ("2017-05/rhi_north.csv", 4)
    assert "Row 2 of 2017-05/rhi_south.csv is used." in again.what_to_do


@pytest.mark.soak
@pytest.mark.slow
def test_faults_and_explain_name_the_part_s_own_file_and_row(workspace: Workspace) -> None:
    put(workspace, "rhi_north.csv", team(1, 3))
    south = team(4, 8)
    south[2] = {"returned_at": "sometime", "episode_id": "E6"} | {
        name: value for name, value in south[2].items() if name not in ("returned_at", "episode_id")
    }
    reordered = [{"outcome": each["outcome"], **each} for each in south]
    put(workspace, "rhi_south.csv", reordered)
    (fault,) = [fault for fault in faults_of(workspace) if fault.severity is Severity.EXCLUDE]
    place = list(reordered[0]).index("returned_at")
    assert (fault.file, fault.row) == ("2017-05/rhi_south.csv", 4)
    assert fault.column == f"{'ABCDEFGHIJKL'[place]} (returned_at)"
    evidence = explain(workspace, "missing_episodes", MAY)[0].evidence
    assert [(each.files, each.numerator_rows) for each in evidence] == [
        (("rhi_north.csv",), (2, 3, 4)),
        (("rhi_south.csv",), (2, 3, 5, 6)),
    ]


@pytest.mark.soak
@pytest.mark.slow
def test_a_layout_that_gets_parts_joins_what_was_received_file_by_file(workspace: Workspace) -> None:
    with_layout(workspace, "")
    put(workspace, "rhi_north.csv", team(1, 3))
    put(workspace, "rhi_south.csv", team(4, 8))
    assert "equal_claim" in {fault.rule for fault in faults_of(workspace)}
    with_layout(workspace, PARTS)
    assert (episodes_counted(workspace), told(workspace)) == (8, [])


@pytest.mark.soak
@pytest.mark.slow
def test_sheets_of_one_workbook_are_parts(workspace: Workspace) -> None:
    with_layout(workspace, SHEETS)
    book = workspace.raw / "2017-05" / "rhi_teams.xlsx"
    sheets = {"North May": sheet_of(team(1, 3)), "South May": sheet_of(team(4, 8))}
    write_sheets(book, {"North May": sheets["North May"]})
    assert told(workspace) == [("part_missing", "warn", "2017-05/rhi_teams.xlsx")]
    write_sheets(book, sheets | {"South June": sheets["South May"]})
    assert told(workspace) == [("part_repeated", "stop", "2017-05/rhi_teams.xlsx")]
    write_sheets(book, sheets | {"East": sheets["South May"]})
    assert (episodes_counted(workspace), told(workspace)) == (8, [])
    assert ["'East'" in fault.found for fault in faults_of(workspace) if fault.rule == "sheet_not_read"] == [True]
    evidence = explain(workspace, "missing_episodes", MAY)[0].evidence
    assert [(each.sheet, each.numerator_rows) for each in evidence] == [
        ("North May", (2, 3, 4)),
        ("South May", (2, 3, 4, 5, 6)),
    ]


@pytest.mark.parametrize(
    "wrong", ['parts = { "North team" = "*north*" }', f"{PARTS}\n{SHEETS}", f'{PARTS}\ncompanions = "header.csv"']
)
def test_parts_that_make_no_sense_are_refused(wrong: str, workspace: Workspace) -> None:
    with_layout(workspace, wrong)
    with pytest.raises(SettingsError):
        workspace.settings()
