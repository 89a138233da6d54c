"""Who moved within children's social work and is nowhere after: a fault, and counted beside the retained (SW-03c)."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.measures.retention import RETAINED_BY_A_MOVE_ALONE
from perfpipe.run import open_job, receive_files, sources_of
from perfpipe.settings.workspace import Workspace
from tests.staff import OLD, staff_figures
from tests.workspaces import Row, counts, deliver, new_workspace, one, spell

MOVED = spell("M", "01/06/2016", "20/03/2017", leaving_reason="internal_move")


def found_in(root: Path, month: str, **lists: list[Row]) -> tuple[Workspace, list[Fault]]:
    workspace = new_workspace(root)
    for name, rows in lists.items():
        deliver(workspace, name[1:].replace("_", "-"), "social_workers", [OLD, *rows])
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write('[severities]\nrow_count_moved = "info"\n')
    with open_job(workspace, Month.parse(month)) as job:
        faults = sources_of(job, receive_files(job)).faults
    return workspace, [fault for fault in faults if fault.rule == "move_without_next_spell"]


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([], 1),
        ([spell("M", "17/04/2017")], 0),  # 28 days
        ([spell("M", "18/04/2017")], 1),
        ([spell("M", "01/01/2017", team="South")], 0),  # a second post goes on
        ([spell("M", "17/04/2017", contract="agency")], 1),
        ([spell("N", "21/03/2017")], 1),
        ([spell("M", "21/03/2017", "20/04/2017", leaving_reason="resignation")], 0),
    ],
)
def test_a_move_must_be_followed_by_a_spell(others: list[Row], told: int, tmp_path: Path) -> None:
    _, faults = found_in(tmp_path, "2017-05", m2017_05=[MOVED, *others])
    assert [fault.row for fault in faults] == [3] * told


@pytest.mark.parametrize(("ended", "told"), [("03/03/2017", 1), ("04/03/2017", 0)])
def test_the_next_spell_may_still_come_for_28_days(ended: str, told: int, tmp_path: Path) -> None:
    moved = spell("M", "01/06/2016", ended, leaving_reason="internal_move")
    assert len(found_in(tmp_path, "2017-03", m2017_03=[moved])[1]) == told


@pytest.mark.slow
def test_who_is_retained_by_a_move_alone_is_counted_beside_who_is_retained(tmp_path: Path) -> None:
    others = [spell("S", "01/06/2016"), spell("L", "01/06/2016", "20/03/2017", leaving_reason="resignation")]
    later = spell("K", "01/06/2016", "01/06/2017", leaving_reason="internal_move")  # there on the anniversary
    workspace, faults = found_in(tmp_path, "2017-07", m2017_07=[MOVED, *others, later])
    assert len(faults) == 2
    figures = staff_figures(workspace, "2017-07")
    assert counts(figures, "SW-03", "2017-07") == (3, 4)
    assert one(figures, RETAINED_BY_A_MOVE_ALONE.code, "2017-07")["value"] == 1
