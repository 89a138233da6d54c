"""The planted workspace after its runs, of few measures, made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from perfpipe.job.job import open_job
from perfpipe.plan.manual_measures import all_measures
from perfpipe.settings.workspace import Workspace
from tests.erase import worlds
from tests.small_plan import SHOWN, small_plan


@pytest.fixture
def _few_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are of two months and of the measures that the small plan shows."""
    shown = {name for names in SHOWN.values() for name in names}
    for module in ("run", "rerun.backfill", "rerun.compare"):
        monkeypatch.setattr(f"perfpipe.{module}.open_job", partial(open_job, months_back=1))
    few = lambda plan: tuple(each for each in all_measures(plan) if each.id in shown)  # noqa: E731
    for module in ("job.job", "history.input_figures"):
        monkeypatch.setattr(f"perfpipe.{module}.all_measures", few)


@pytest.fixture
def planted(_few_measures: None, made_once: Callable[[str, Callable[[Path], None]], Path], tmp_path: Path) -> Workspace:
    """A copy of the planted workspace after its runs."""

    def make(root: Path) -> None:
        made = worlds.planted_workspace(root)
        made.plan_file.write_text(small_plan(), encoding="utf-8")
        worlds.run_both(made)

    return Workspace(shutil.copytree(made_once("planted_child", make), tmp_path / "workspace"))
