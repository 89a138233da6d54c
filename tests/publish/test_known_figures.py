"""Figures as known at an instant, for what the Board could have been told at its last meeting."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from perfpipe.dates.months import end_of_day
from perfpipe.job.job import open_job
from perfpipe.publish.known_figures import figures_known_by
from perfpipe.run import receive_files, sources_of
from tests.history.test_causes import JUNE, MAY, deliver_on, episodes
from tests.workspaces import new_workspace


@pytest.mark.slow
def test_they_are_those_of_targets_from_what_had_been_received(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path / "workspace")
    deliver_on(workspace, "2018-05", "2018-06-06", episodes(4))
    deliver_on(workspace, "2018-06", "2018-07-06", episodes(7))
    with open_job(workspace, JUNE, months_back=0) as job:
        sources = sources_of(job, receive_files(job))
        then, now = (figures_known_by(job, sources, end_of_day(date(2018, n, 20)), MAY) for n in (6, 7))
        assert set(then["measure_id"]) == set(job.plan.targets)
    assert set(then["breakdown"]) == {"all"}
    found = [
        each.loc[(each["measure_id"] == "rhi_within_72h") & (each["period"] == "month"), ["value", "status"]]
        for each in (then, now)
    ]
    assert [each.to_numpy().tolist() for each in found] == [[[0.4, "missed"]], [[0.7, "met"]]]
