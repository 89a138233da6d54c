"""Where labels stand beside a chart, and that every kind of point and line can be drawn."""

from __future__ import annotations

import dataclasses
import pickle
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.packs.charts.draw import draw
from perfpipe.packs.charts.places import apart
from perfpipe.packs.models.chart import Mark
from tests import pack_builders as build

PLACES = st.lists(st.tuples(st.floats(0, 100), st.floats(1, 10)), min_size=1, max_size=8)


@given(PLACES)
def test_labels_never_stand_on_each_other_nor_above_the_chart(labels: list[tuple[float, float]]) -> None:
    labels.sort()
    heights, sizes = [height for height, _ in labels], [size for _, size in labels]
    middles = apart(heights, sizes, 0.0, 100.0)
    for (low, below), (high, above) in pairwise(zip(middles, sizes, strict=True)):
        assert high - low >= (below + above) / 2 - 1e-9
    assert max(middles) <= 100


@pytest.mark.parametrize(
    ("wanted", "stand"),
    [
        ([20.0, 60.0], [20.0, 60.0]),
        ([50.0, 50.0], [50.0, 60.0]),
        ([98.0, 99.0], [90.0, 100.0]),
        ([-5.0, 40.0], [0.0, 40.0]),
    ],
)
def test_labels_move_no_more_than_they_must(wanted: list[float], stand: list[float]) -> None:
    assert apart(wanted, [10.0, 10.0], 0.0, 100.0) == stand


@pytest.mark.slow
def test_signals_change_the_picture_by_their_kind_and_side() -> None:
    page = next(page for page in build.content(build.steady()).pages if page.measure_id == "missing_episodes")
    (series,) = page.series
    pictures = set()
    for mark in (*Mark, None):
        points = tuple(dataclasses.replace(point, mark=None) for point in series.chart.points)
        points = (*points[:-2], dataclasses.replace(points[-2], mark=mark), points[-1])
        chart = dataclasses.replace(series.chart, points=points)
        pictures.add(draw(chart))
    assert len(pictures) == 5


@pytest.mark.soak
def test_a_process_that_draws_loads_no_measures_and_no_pandas() -> None:
    content = build.content(build.steady())
    charts = pickle.dumps(content.charts)
    code = (
        "import pickle, sys; from perfpipe.packs.charts.draw import draw; "
        "pickle.load(sys.stdin.buffer); print(*sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], input=charts, capture_output=True, check=True)
    loaded = set(done.stdout.decode().split())
    assert not {name for name in loaded if name == "pandas" or name.startswith(("perfpipe.measures", "perfpipe.plan"))}
