"""Why figures differ from what was seen, by hand: one small workspace, one thing changed at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.history.revision import Cause, Revision
from perfpipe.settings.workspace import Workspace
from tests.history.runs_without_packs import release_run, revisions_on
from tests.workspaces import Row, deliver, episode, new_workspace

MAY, JUNE = Month(2018, 5), Month(2018, 6)
RHI = "return_home_interviews"
SEEN_ON, LATER = date(2018, 6, 20), date(2018, 7, 20)
WITHIN_72H = ("rhi_within_72h", "2018-05", "month", "all", "all")


def episodes(done: int, of: int = 10) -> list[Row]:
    """Returns of May, the first of them with an interview a day later."""
    return [
        episode(n, child_id=f"C{n}", returned_at=f"{n + 1:02}/05/2018 10:00",
                interview_at=f"{n + 2:02}/05/2018 10:00" if n <= done else "")
        for n in range(1, of + 1)
    ]  # fmt: skip


def deliver_on(workspace: Workspace, folder: str, day: str, rows: Sequence[Row], name: str = "") -> None:
    deliver(workspace, folder, RHI, rows, name or f"{RHI}.csv")
    note = workspace.raw / folder / "delivery.toml"
    note.write_text(f'extracted_at = {day}\ndelivered_on = {day}\n')


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path / "workspace")
    deliver_on(made, "2018-05", "2018-06-06", episodes(4))
    release_run(made, MAY, SEEN_ON)
    return made


def of_may(found: Sequence[Revision]) -> Revision:
    return next(each for each in found if each.key == WITHIN_72H)


def causes(revision: Revision) -> dict[Cause, int]:
    return {each.cause: each.records for each in revision.causes}


def test_interviews_that_were_filled_in_were_entered_late(workspace: Workspace) -> None:
    deliver_on(workspace, "2018-06", "2018-07-06", episodes(7))
    found = of_may(revisions_on(workspace, JUNE, LATER))
    assert (found.shown, found.shown_now) == ("40%", "70%")
    assert causes(found) == {Cause.LATE: 3}
    assert [(each.file_then, each.row_then, each.row_now) for each in found.records] == [
        ("2018-05/return_home_interviews.csv", n, n) for n in (6, 7, 8)
    ]
