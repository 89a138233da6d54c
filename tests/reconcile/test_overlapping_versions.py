"""An ended episode of an older extract that overlaps one of the same child in a later extract is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.run import open_job, receive_files, sources_of
from perfpipe.settings.workspace import Workspace
from tests.workspaces import Row, deliver, new_workspace, placement

COVERS = """
[[layouts.placements]]
name = "years"
date_order = "day_first"
files = ["placements.csv"]
covers = { span = "month", selects_by = "overlap" }
[layouts.placements.columns]
"""
NAMES = {
    "child_id": "CHILD", "started_on": "DECOM", "new_episode_reason_code": "RNE", "legal_status_code": "LS",
    "placement_code": "PLACE", "provider_code": "PLACE_PROVIDER", "ceased_on": "DEC", "cease_reason_code": "REC",
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path / "w")
    with open(made.settings_file, "a", encoding="utf-8") as file:
        file.write(COVERS + "".join(f'{name} = "{header}"\n' for name, header in NAMES.items()))
        file.write('[severities]\nrow_count_moved = "info"\n')
    return made


def overlaps(workspace: Workspace, april: list[Row], may: list[Row], month: str = "2017-05") -> list[Fault]:
    def named(rows: list[Row]) -> list[Row]:
        return [{header: row[header] for header in NAMES.values()} for row in rows]

    deliver(workspace, "2017-04", "placements", named(april))
    deliver(workspace, "2017-05", "placements", named(may))
    with open_job(workspace, Month.parse(month)) as job:
        return [f for f in sources_of(job, receive_files(job)).faults if f.rule == "overlaps_later_extract"]


OLD = placement("Y", "01/11/2016", "20/04/2017")


@pytest.mark.slow
def test_an_episode_whose_start_was_corrected_is_there_twice_and_reported(workspace: Workspace) -> None:
    (fault,) = overlaps(workspace, [placement("A", "01/01/2016"), OLD], [placement("Y", "05/11/2016", "15/05/2017")])
    assert (fault.file, fault.row, str(fault.severity)) == ("2017-04/placements.csv", 3, "warn")
    assert fault.found == "ended after the episode of row 2 of 2017-05/placements.csv had begun"


@pytest.mark.slow
@pytest.mark.parametrize(
    "later",
    [
        placement("Y", "01/11/2016", "15/05/2017"),  # its own new version
        placement("Y", "01/11/2016", "15/05/2017", LS="E1", PLACE="K2"),
        placement("Y", "20/04/2017"),  # follows it
        placement("Z", "05/11/2016"),
        placement("Y", "05/11/2016", LS="V4"),
    ],
)
def test_a_new_version_the_next_episode_and_a_short_break_are_none(later: Row, workspace: Workspace) -> None:
    assert overlaps(workspace, [OLD], [later]) == []


@pytest.mark.slow
def test_one_that_is_still_open_overlaps_too(workspace: Workspace) -> None:
    assert len(overlaps(workspace, [OLD], [placement("Y", "19/04/2017")])) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("ended", "told"), [("20/03/2017", 0), ("21/03/2017", 1)])
def test_one_that_follows_an_episode_of_an_extract_made_later_does_not_overlap_it(
    ended: str, told: int, workspace: Workspace
) -> None:
    """March was exported once more in May, with the end that April's episode begins on, or a day later."""
    march = [{header: placement("Y", "01/01/2017", ended)[header] for header in NAMES.values()}]
    deliver(workspace, "2017-03", "placements", march)
    (workspace.raw / "2017-03" / "delivery.toml").write_text("extracted_at = 2017-05-02", encoding="utf-8")
    april = [placement("Y", "20/03/2017", "20/04/2017")]
    assert len(overlaps(workspace, april, [placement("A", "01/01/2016")])) == told


@pytest.mark.slow
def test_an_overlap_within_one_extract_is_another_rule(workspace: Workspace) -> None:
    rows = [OLD, placement("Y", "01/04/2017", "25/04/2017")]
    assert overlaps(workspace, rows, [placement("A", "01/01/2016")]) == []
