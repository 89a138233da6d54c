"""The ledger read by plain SQL gives what the ledger gives, of runs, releases and figures that were seen."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.assess.assess import with_revisions
from perfpipe.dates.months import Month
from perfpipe.history.release import release
from perfpipe.history.seen import is_signed_off, last_shown, seen_by_run
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.plain_ledger import PlainLedger
from perfpipe.ledger.records import PackAudience
from perfpipe.ledger.sqlite_file import FILE
from perfpipe.measures import MEASURES
from perfpipe.plan import load_plan
from perfpipe.questions.queries import figures_known
from perfpipe.run import run_month
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import MachineFailure
from tests.runs import runs_of_a_year
from tests.schedule.months import MAY, at, interviews_come, placements_come, waiting_workspace
from tests.workspaces import new_workspace

BOARD, JUNE = PackAudience.BOARD, MAY + 1


def run_twice(root: Path) -> None:
    """May is run and released; placements come late, and June's run finds figures of May revised."""
    workspace = waiting_workspace(root)
    interviews_come(workspace)
    with runs_of_a_year():
        run_month(workspace, MAY, started_at=at(8))
        release(workspace, MAY, BOARD, "performance", "shown", on=date(2018, 6, 12), now=at(9))
        placements_come(workspace)
        interviews_come(workspace, "2018-06", "02/06/2018 10:00")
        placements_come(workspace, "2018-06")
        run_month(workspace, JUNE, started_at=at(4, month=7))


@pytest.fixture
def workspace(tmp_path: Path, made_once: Callable[[str, Callable[[Path], None]], Path]) -> Workspace:
    return Workspace(shutil.copytree(made_once("run_twice", run_twice), tmp_path / "w"))


@pytest.fixture
def both(workspace: Workspace) -> Iterator[tuple[Ledger, PlainLedger]]:
    with closing(Ledger.open(workspace.processed)) as ledger, closing(PlainLedger.open(workspace.processed)) as plain:
        yield ledger, plain


@pytest.mark.slow
def test_records_are_those_of_the_ledger(workspace: Workspace, both: tuple[Ledger, PlainLedger]) -> None:
    ledger, plain = both
    assert plain.runs() == ledger.runs()
    assert len(plain.runs()) == 2
    assert plain.runs_with_data() == ledger.runs_with_data()
    assert plain.packs(BOARD) == ledger.packs(BOARD)
    assert plain.packs(BOARD, MAY) == ledger.packs(BOARD, MAY)
    assert plain.releases(BOARD) == ledger.releases(BOARD)
    assert len(plain.releases(BOARD)) == 1
    plan = load_plan(workspace.plan_file, MEASURES)
    assert seen_by_run(plain, plan, 2) == seen_by_run(ledger, plan, 2) == (ledger.packs(BOARD, MAY)[0].id,)
    assert [is_signed_off(each, BOARD, MAY, at(10)) for each in both] == [True, True]
    readings = [each.reading for each in ledger.readings_of(2)]
    assert {name: each.last_month for name, each in plain.newest_readings().items()} == {
        each.dataset: JUNE for each in readings
    }
    taken = {(folder, name) for _, folder, name in ledger.last_deliveries()}
    assert plain.files_taken() == taken
    counts: dict[str, int] = {}
    for fault in ledger.faults_of([each.reading.id for each in ledger.readings_of(2) if JUNE in each.months]):
        counts[fault.severity.value] = counts.get(fault.severity.value, 0) + 1
    assert plain.fault_counts(2, JUNE) == counts


@pytest.mark.slow
def test_printed_figures_are_the_known_ones_with_what_was_revised(workspace: Workspace) -> None:
    plan = load_plan(workspace.plan_file, MEASURES)
    with closing(Ledger.open(workspace.processed)) as ledger:
        known = ledger.figures_as_of(2, MAY, JUNE)
        revised = with_revisions(known, last_shown(ledger, seen_by_run(ledger, plan, 2), [MAY, JUNE]))
    printed = figures_known(workspace)
    printed = printed[printed["month"].isin([str(MAY), str(JUNE)])]
    names = [name for name in printed.columns if name != "known_at"]
    keys = ["measure_id", "month", "period", "breakdown", "group"]
    expected = revised[names].astype({"run_id": "Int64"}).sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(printed[names].sort_values(keys, ignore_index=True), expected)
    assert printed["revised"].any()
    assert not printed["revised"].all()


def test_a_workspace_without_a_run_is_said_and_a_damaged_ledger_too(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    with pytest.raises(SettingsError, match="no run yet"):
        figures_known(workspace, Month(2018, 5))
    with closing(PlainLedger.open(workspace.processed)) as plain:
        assert (plain.runs(), plain.newest_readings()) == ([], {})
    (workspace.processed / FILE).write_bytes(b"no ledger at all " * 99)
    with pytest.raises(MachineFailure, match="no ledger at all"):
        PlainLedger.open(workspace.processed)
