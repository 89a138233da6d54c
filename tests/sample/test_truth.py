"""The sample's own truth, worked out from its event log, equals every figure: three seeds, two points of view."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.dates.months import Month
from perfpipe.measures import MEASURES
from perfpipe.plan import load_plan
from perfpipe.questions.known_on_a_day import figures_as_known
from perfpipe.questions.queries import figures_known
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import LAST_MONTH, write_sample
from tests.soaks import picked

KEY = ["measure_id", "month", "period", "breakdown", "group"]
MONTHS, FEW = 24, 2
SEEDS = picked("truth", (1, 2, 3), 1)


def differences(true: list[dict[str, object]], found: pd.DataFrame) -> pd.DataFrame:
    """The true figures that perfpipe does not give, to the last digit of a float sum."""
    both = pd.DataFrame(true).merge(found, on=KEY, how="left", suffixes=("_true", ""))
    same = both["state"] == both["state_true"]
    for name in ("numerator", "denominator", "value"):
        close = (both[name] - both[f"{name}_true"].astype("float64")).abs() < 1e-6
        same &= close | both[f"{name}_true"].isna() | (both["state_true"] != "ok")
    return both[~same]


def recommendations_without_a_figure(workspace: Workspace, figures: pd.DataFrame) -> list[str]:
    """The recommendations and topics of the plan of which no measure has a figure."""
    plan = load_plan(workspace.plan_file, MEASURES)
    there = set(figures.loc[(figures["state"] == "ok") & (figures["breakdown"] == "all"), "measure_id"])
    return [each.id for each in plan.recommendations if not there & set(plan.measures_of(each))]


@pytest.mark.soak
@pytest.mark.slow
def test_every_figure_is_true(sample_after_a_run: Path, tmp_path: Path) -> None:
    every_figure_is_true(shutil.copytree(sample_after_a_run, tmp_path / "sample"), range(FEW))


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_of_two_years_is_true(seed: int, tmp_path: Path) -> None:
    write_sample(tmp_path, seed=seed)
    run_month(Workspace(tmp_path), LAST_MONTH)
    every_figure_is_true(tmp_path, picked("months first reported", range(MONTHS), 3))


def every_figure_is_true(root: Path, first_reported: Sequence[int]) -> None:
    """As known in the end, for two years; and as first reported, which computes each of those months back by itself."""
    workspace, truth = Workspace(root), json.loads((root / "truth.json").read_text())
    last = Month.parse(truth["months"][-1])
    months = [str(last - back) for back in range(MONTHS)]
    at_end = [figure for figure in truth["figures_at_end"] if figure["month"] in months]
    known = figures_known(workspace)
    computed = known.loc[known["month"].isin(months), KEY].itertuples(index=False, name=None)
    assert {tuple(figure[name] for name in KEY) for figure in at_end} == set(computed)  # every figure has its truth
    assert differences(at_end, known).empty
    for month in (months[back] for back in first_reported):
        first = [figure for figure in truth["figures_first_reported"] if figure["month"] == month]
        assert first
        day = date.fromisoformat(truth["first_reported_on"][month])
        assert differences(first, figures_as_known(workspace, day, Month.parse(month))).empty, month
    assert recommendations_without_a_figure(workspace, known[known["month"] == str(last)]) == []
    restated = [f for f in (*at_end, *truth["figures_first_reported"]) if f["month"] == "2017-06"]
    within = ("rhi_within_72h", "month", "all")
    june = [f["numerator"] for f in restated if (f["measure_id"], f["period"], f["group"]) == within]
    assert june[0] - june[1] == 11  # entered late, as the sample's story says
