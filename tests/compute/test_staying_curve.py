"""The survival curve of new social workers: hand-worked, and the same numbers as the figures of the estimates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from perfpipe.compute.compute import compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.compute.staying_curve import staying_at, staying_curve
from perfpipe.dates.months import Month
from perfpipe.measures import retention
from perfpipe.measures.social_workers import DAYS_OF_A_MONTH
from perfpipe.run import open_job, receive_files, sources_of
from tests.staff import OLD
from tests.workspaces import deliver, new_workspace, spell


def test_a_curve_worked_by_hand() -> None:
    """Of 20, 5 leave after 3 months, and 15 are seen for 12: 3 in 4 from the fourth month on.

    Greenwood: 5 / (20 x 15) = 1/60; its root over |ln 0.75| is 0.4488; 0.75 to the power of exp(+-1.96 x 0.4488).
    """
    months = np.array([3] * 5 + [12] * 15)
    curve = staying_curve(months * DAYS_OF_A_MONTH, np.array([True] * 5 + [False] * 15))
    assert [point.months for point in curve] == list(range(13))  # nobody was seen longer
    assert [tuple(point[1:4]) for point in curve[:4]] == [(1.0, 1.0, 1.0)] * 4  # who leaves on the day has stayed
    assert [round(number, 3) for number in curve[4][1:4]] == [0.75, 0.5, 0.887]
    assert [point.at_risk for point in curve] == [20] * 4 + [15] * 9


def test_no_curve_of_fewer_than_ten() -> None:
    assert staying_curve(np.array([DAYS_OF_A_MONTH] * 9), np.zeros(9, dtype=bool)) == ()


@pytest.mark.slow
def test_the_curve_goes_through_the_figures(tmp_path: Path) -> None:
    workspace, month = new_workspace(tmp_path), Month(2017, 9)
    stayed = [spell(f"S{number}", "15/02/2016") for number in range(15)]
    left = [spell(f"L{number}", "15/02/2016", "20/05/2016", leaving_reason="resignation") for number in range(5)]
    headers = dict.fromkeys([*OLD, *left[0]], "")
    listed = [{**headers, **row} for row in (OLD, *stayed, *left)]
    deliver(workspace, str(month), "social_workers", listed)
    with open_job(workspace, month) as job:
        sources = sources_of(job, receive_files(job))
        rows = MeasureRows(sources.speaks_for, [month], job.settings.authority.names)
        figures = compute(rows, retention.MEASURES)
        curve = {point.months: point for point in staying_at(rows, month)}
    figures = figures[(figures["breakdown"] == "all") & figures["value"].notna()].set_index("measure_id")
    for months in (6, 12):
        figure = figures.loc[f"retention_estimate_{months}_months"]
        assert figure["value"] == pytest.approx(0.75)
        assert tuple(curve[months][1:4]) == tuple(figure[["value", "lower", "upper"]])
    assert curve[12].at_risk == 15
