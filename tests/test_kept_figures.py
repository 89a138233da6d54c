"""Figures kept from run to run are those that computing anew would give, whatever has changed in between."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from perfpipe import kept_figures
from perfpipe.compute import KEY, compute
from perfpipe.measures import MEASURES
from perfpipe.months import Month
from perfpipe.run import compute_figures, open_job, read_extracts, receive_files, speaking
from perfpipe.settings import Workspace
from tests.workspaces import deliver, episode, new_workspace, placement, spell

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = new_workspace(tmp_path / "workspace")
    moved = [
        placement("C1", "01/02/2017", "05/04/2017", PLACE="U6"),
        placement("C1", "05/04/2017", "", PLACE="K2"),
        placement("C2", "01/03/2017", "", PLACE="U4"),
    ]
    deliver(made, "2017-04", "placements", moved)
    deliver(made, "2017-05", "placements", [*moved, placement("C3", "03/05/2017", "", PLACE="H5")])
    deliver(made, "2017-04", "social_workers", [spell("W1", "01/04/2016", ""), spell("W2", "03/04/2017", "")])
    deliver(made, "2017-05", "social_workers", [spell("W1", "01/04/2016", "09/05/2017"), spell("W2", "03/04/2017", "")])
    deliver(made, "2017-04", "return_home_interviews", [episode(1, returned_at="02/04/2017 10:00")])
    return made


def both(workspace: Workspace, month: Month) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A run's figures by way of what is kept, and computed from nothing."""
    with open_job(workspace, month) as job:
        sources = read_extracts(job, receive_files(job))
        anew = compute(speaking(job, sources), MEASURES).sort_values(KEY, ignore_index=True)
        return compute_figures(job, sources), anew


def test_from_month_to_month_and_back(workspace: Workspace) -> None:
    for month in (Month(2017, 4), Month(2017, 5), Month(2017, 5), Month(2017, 4), Month(2018, 3)):
        kept, anew = both(workspace, month)
        pd.testing.assert_frame_equal(kept, anew)


def test_a_late_extract_changes_the_months_it_speaks_for(workspace: Workspace) -> None:
    first, _ = both(workspace, Month(2017, 5))
    late = [
        placement("C1", "01/02/2017", "03/04/2017", PLACE="U6"),
        placement("C1", "03/04/2017", PLACE="K2"),
        placement("C2", "01/03/2017", "02/04/2017", PLACE="U4"),  # left in April, it turns out
        placement("C3", "03/05/2017", PLACE="H5"),
    ]
    deliver(workspace, "2017-06", "placements", late)
    kept, anew = both(workspace, Month(2017, 6))
    pd.testing.assert_frame_equal(kept, anew)
    months = first.merge(kept, on=KEY, suffixes=("", "_now"))
    assert (months["value"].fillna(-1) != months["value_now"].fillna(-1)).any()


def test_only_what_changed_is_computed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    both(workspace, Month(2017, 4))
    asked: list[tuple[str, str, str]] = []

    def spy(speaking: object, measures: object) -> pd.DataFrame:
        asked.append((next(iter(speaking.authorities)), str(speaking.months[0]), str(speaking.months[-1])))  # type: ignore[attr-defined]
        return compute(speaking, measures)  # type: ignore[arg-type]

    monkeypatch.setattr(kept_figures, "compute", spy)
    both(workspace, Month(2017, 4))
    assert asked == []
    both(workspace, Month(2017, 5))
    assert {dataset: last for dataset, _, last in asked} == {
        "placements": "2017-05",
        "return_home_interviews": "2017-05",
        "social_workers": "2017-05",
    }
    assert ("return_home_interviews", "2017-05", "2017-05") in asked  # no extract of May: only May is new


def test_a_damaged_file_is_made_again(workspace: Workspace) -> None:
    both(workspace, Month(2017, 5))
    for path in (workspace.processed / "figures").glob("*.parquet"):
        path.write_bytes(b"PAR1 and no more")
    kept, anew = both(workspace, Month(2017, 5))
    pd.testing.assert_frame_equal(kept, anew)
