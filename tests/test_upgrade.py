"""A workspace made before the modules moved still opens: it migrates, says the same, and a rerun revises nothing.

`fixtures/made_by_0_1_0/how_it_was_made.txt` made it. Never made again: it stands for the workspaces that
councils have.
"""

from __future__ import annotations

import io
import lzma
import tarfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from perfpipe.check.check import check_workspace
from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.sqlite_file import REVISION
from perfpipe.measures import MEASURES
from perfpipe.plan.revisions import load_revision, plan_revisions
from perfpipe.plan.workbook.import_book import import_plan
from perfpipe.plan.write import fingerprint
from perfpipe.questions.explain_figure import explain
from perfpipe.questions.queries import figures_known
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace

pytestmark = pytest.mark.slow

MADE_BY = Path(__file__).parent / "fixtures" / "made_by_0_1_0"
MARCH, MAY = Month(2018, 3), Month(2018, 5)
ADDED_SINCE: tuple[str, ...] = ()  # measures, by id; whoever upgrades gives each its place in the plan
NUMBERS_CHANGED = {
    "new_appointments", "new_appointments_fte", "leavers",  # look back from each period alike since
    "rhi_median_hours", "rhi_slowest_tenth_hours",  # have an interval since
    "rhi_offered",  # leaves out an offer that cannot be read since
}  # fmt: skip


@pytest.fixture
def workspace_then(tmp_path: Path) -> Workspace:
    for part in ("workspace.tar.xz", "reports.tar.xz"):
        with tarfile.open(MADE_BY / part) as archive:
            archive.extractall(tmp_path, filter="data")
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def workspace(workspace_then: Workspace) -> Workspace:
    """With the measures that were added since in the plan."""
    if ADDED_SINCE:
        plan, key = workspace_then.plan_file, "without_recommendation = ["
        added = "".join(f'"{name}", ' for name in ADDED_SINCE)
        plan.write_text(plan.read_text(encoding="utf-8").replace(key, key + added, 1), encoding="utf-8")
    return workspace_then


@pytest.fixture(scope="module")
def figures_then() -> pd.DataFrame:
    """What `perfpipe figures` printed of it then."""
    return read_printed(lzma.decompress((MADE_BY / "figures.csv.xz").read_bytes()).decode())


def read_printed(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False)


def printed(workspace: Workspace) -> pd.DataFrame:
    return read_printed(figures_known(workspace).to_csv(index=False))


def alike(figures: pd.DataFrame, figures_then: pd.DataFrame) -> pd.DataFrame:
    """The figures of the measures that there were then, without those that count otherwise since on purpose."""
    there = figures["measure_id"].isin(figures_then["measure_id"]) & ~figures["measure_id"].isin(NUMBERS_CHANGED)
    return figures[there].reset_index(drop=True)


def assert_only_new_and_changed_measures_written(figures: pd.DataFrame, figures_then: pd.DataFrame) -> None:
    """Beside them only those that now say what they lost to faults."""
    written = figures[~figures["run_id"].isin(figures_then["run_id"])]
    assert (alike(written, figures_then)["left_out"] != "0").all()


def test_figures_are_the_same_to_the_last_digit(workspace: Workspace, figures_then: pd.DataFrame) -> None:
    now = printed(workspace)
    assert list(now)[: figures_then.shape[1]] == list(figures_then)  # new columns only at the end
    same = [name for name in figures_then if name != "revised"]
    pd.testing.assert_frame_equal(now[same], figures_then[same])
    # no edition was published before a meeting that has been, so the board had seen none of them
    assert set(now["revised"]) == {"False"}
    ledger = Ledger.open(workspace.processed)
    try:
        with ledger._engine.connect() as connection:
            assert connection.exec_driver_sql("select version_num from alembic_version").scalar() == REVISION
    finally:
        ledger.close()


@pytest.mark.soak
def test_a_rerun_publishes_at_most_once_and_marks_nothing_as_revised(
    workspace: Workspace, figures_then: pd.DataFrame
) -> None:
    first, second = run_month(workspace, MAY), run_month(workspace, MAY)
    assert not second.changed
    assert second.pack.parent.name in ("2", "3")
    same = [name for name in figures_then if name not in ("run_id", "known_at", "revised")]
    everything = printed(workspace)
    assert_only_new_and_changed_measures_written(everything, figures_then)
    now, then = alike(everything, figures_then), alike(figures_then, figures_then)
    pd.testing.assert_frame_equal(now[same], then[same])
    assert not now.loc[then["revised"] == "False", "revised"].eq("True").any()
    if not first.changed:  # the edition that stands has the late interview that was true then
        return
    book = openpyxl.load_workbook(second.pack, read_only=True)
    told = [
        (sheet.title, value)
        for sheet in book
        if sheet.title != "Notes"
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if isinstance(value, str) and "[r]" in value
    ]
    assert told == []


@pytest.mark.soak
def test_every_month_can_be_run_again_without_a_figure_changed(
    workspace: Workspace, figures_then: pd.DataFrame
) -> None:
    for month in (MARCH, MARCH + 1):
        run_month(workspace, month)
        assert run_month(workspace, month).figures_written == 0
    assert_only_new_and_changed_measures_written(printed(workspace), figures_then)


@pytest.mark.soak
def test_what_was_declared_and_filled_in_then_is_still_taken(workspace: Workspace) -> None:
    assert [
        fault for fault in check_workspace(workspace, None, lambda _: None).faults if fault.severity == "stop"
    ] == []
    [month, *_] = explain(workspace, "rhi_within_72h", MARCH, None)
    assert any(evidence.corrected_rows for evidence in month.evidence)
    [filled, *_] = explain(workspace, "vacancy_rate", Month(2018, 4), None)
    assert ("workforce_monthly.xlsx",) in [evidence.files for evidence in filled.evidence]


def test_the_plan_workbook_of_then_is_the_plan_of_then(workspace_then: Workspace) -> None:
    ledger = Ledger.open(workspace_then.processed)
    try:
        plans = plan_revisions(workspace_then.plan_file, ledger.runs())
    finally:
        ledger.close()
    measures = tuple(measure for measure in MEASURES if measure.id not in ADDED_SINCE)
    imported, _ = import_plan(workspace_then.root / "plan.xlsx", measures)
    assert [fingerprint(load_revision(each.path, measures)) == fingerprint(imported) for each in plans] == [True, False]
