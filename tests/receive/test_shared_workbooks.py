"""One workbook with the sheets of several datasets: each is read, and what nobody reads is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.check.check import check_workspace
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.settings.workspace import Workspace
from tests.builders import (
    PLACEMENT,
    RECORD,
    episode,
    figure,
    make_workspace,
    placement,
    receive_now,
    table_of,
    write_sheets,
)
from tests.workspaces import figures_of

EPISODES = [episode(episode_id=f"E{n}", child_id=f"C{n}") for n in range(1, 4)]
SHEETS = {
    "Front page": [["Monthly return"]],
    "Missing": table_of(EPISODES),
    "Homes": table_of([placement(child_id=f"C{n}") for n in range(1, 6)]),
}


def layout(dataset: str, more: str, files: str = "monthly*.xlsx") -> str:
    columns = "\n".join(f'{name} = "{name}"' for name in RECORD[dataset])
    return (
        f'\n[[layouts.{dataset}]]\nname = "{dataset} of the monthly book"\nfiles = "{files}"\n{more}\n'
        f'date_order = "day_first"\n[layouts.{dataset}.columns]\n{columns}\n'
    )


BOTH = layout("return_home_interviews", 'sheet = "Missing"') + layout("placements", 'sheet = "Homes"')


def workspace_with(root: Path, layouts: str) -> Workspace:
    workspace = make_workspace(root / "w")
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write(layouts)
    return workspace


def faults_of(workspace: Workspace) -> list[Fault]:
    return check_workspace(workspace, Month(2017, 5), lambda _: None).faults


@pytest.mark.soak
@pytest.mark.slow
def test_each_dataset_takes_its_sheet(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, BOTH)
    write_sheets(workspace.raw / "2017-05" / "monthly_may.xlsx", SHEETS)
    figures = figures_of(workspace, "2017-05")
    assert figure(figures, "children_looked_after", "2017-05")["value"] == 5
    assert figure(figures, "missing_episodes", "2017-05")["value"] == 3
    assert receive_now(workspace).new_deliveries == 0
    assert not [fault for fault in faults_of(workspace) if fault.rule == "sheet_not_read"]


@pytest.mark.soak
@pytest.mark.slow
def test_a_dataset_whose_layout_is_added_later_reads_the_same_file(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, layout("return_home_interviews", 'sheet = "Missing"'))
    write_sheets(workspace.raw / "2017-05" / "monthly_may.xlsx", SHEETS)
    assert receive_now(workspace).new_deliveries == 1
    (told,) = [fault for fault in faults_of(workspace) if fault.rule == "sheet_not_read"]
    assert (told.file, told.found) == ("2017-05/monthly_may.xlsx", "sheets that no layout names: 'Homes'")
    with open(workspace.settings_file, "a", encoding="utf-8") as settings:
        settings.write(layout("placements", 'sheet = "Homes"'))
    assert receive_now(workspace).new_deliveries == 1
    figures = figures_of(workspace, "2017-05")
    assert figure(figures, "children_looked_after", "2017-05")["value"] == 5
    assert figure(figures, "missing_episodes", "2017-05")["value"] == 3


@pytest.mark.slow
def test_a_workbook_that_changes_replaces_the_extracts_of_both(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, BOTH)
    path = workspace.raw / "2017-05" / "monthly_may.xlsx"
    write_sheets(path, SHEETS | {"Homes": [["nothing", "here"]]})
    assert "header_missing" in {fault.rule for fault in faults_of(workspace)}
    write_sheets(path, SHEETS)
    assert "header_missing" not in {fault.rule for fault in faults_of(workspace)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "told"), [("", ["sheets that no layout names: 'Carers'"]), ('ignore_sheets = "Car*"', [])]
)
def test_a_sheet_that_nobody_reads_is_named_once(more: str, told: list[str], tmp_path: Path) -> None:
    homes = layout("placements", 'sheet = "Homes"')
    workspace = workspace_with(tmp_path, layout("return_home_interviews", f'sheet = "Missing"\n{more}') + homes)
    sheets = SHEETS | {"Carers": [["id", "name"], ["1", "x"]], "Notes": [["one"], ["two"]]}
    write_sheets(workspace.raw / "2017-05" / "monthly_may.xlsx", sheets)
    assert [fault.found for fault in faults_of(workspace) if fault.rule == "sheet_not_read"] == told


@pytest.mark.soak
@pytest.mark.slow
def test_a_wide_pattern_takes_no_file_with_the_standard_name_of_another_dataset(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, layout("audits", "", "*.xlsx"))
    write_sheets(workspace.raw / "2017-05" / "placements.xlsx", {"Records": table_of([PLACEMENT])})
    assert receive_now(workspace).new_deliveries == 1
    assert figure(figures_of(workspace, "2017-05"), "children_looked_after", "2017-05")["value"] == 1
