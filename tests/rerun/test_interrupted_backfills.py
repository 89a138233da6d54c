"""Backfills that are killed at any point: continued, they publish what is missing, once, and as if nothing had been."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from perfpipe.dates.months import Month, month_range
from perfpipe.history.release import release
from perfpipe.ledger.history_records import BackfillRecord
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionRecord, PackAudience, RunState
from perfpipe.run import run_month
from perfpipe.settings.workspace import Workspace
from perfpipe.verify import verify_workspace
from tests.kill_points import POINTS
from tests.run_server import Runner, bytes_under
from tests.short_runs import SHOWN, runs_are_short
from tests.small_plan import small_plan
from tests.soaks import SEED, picked
from tests.workspaces import deliver, new_workspace, placement

pytestmark = pytest.mark.soak

MONTHS = month_range(Month(2018, 4), Month(2018, 6))
NAMES = [str(month) for month in MONTHS]
KILLS, SAMPLE = 40, 5


@dataclass(frozen=True)
class Undisturbed:
    """The workspace before, the editions that a backfill made which nothing disturbed, and how long it took."""

    before: Path
    editions: dict[str, bytes]
    figures: list[tuple[object, ...]]
    seconds: float


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months published; the Board has seen the first two, and then a child is known to have come earlier."""
    made = new_workspace(tmp_path_factory.mktemp("before") / "w")
    made.plan_file.write_text(small_plan(SHOWN), encoding="utf-8")
    made.store.mkdir()
    (made.store / "identity.key").write_bytes(bytes(range(32)))  # so that every workspace gives the same bytes
    rows = [placement("A", "01/05/2016"), placement("B", "01/06/2018")]
    with runs_are_short():
        for month in MONTHS:
            deliver(made, str(month), "placements", rows if month == MONTHS[2] else rows[:1])
            (made.raw / str(month) / "delivery.toml").write_text(
                f"delivered_on = {month.last_day + timedelta(days=6)}\nextracted_at = {month.last_day}"
            )
            run_month(made, month)
        for month in MONTHS[:2]:
            release(made, month, PackAudience.BOARD, "performance", "shown")
        for month in MONTHS:
            late = [placement("A", "01/05/2016"), placement(f"M{month}", "01/04/2018")]
            deliver(made, str(month), "placements", late)
            note = f"delivered_on = 2018-08-06\nextracted_at = 2018-08-0{month.number - 3}"
            (made.raw / str(month) / "delivery.toml").write_text(note)
    return made.root


@pytest.fixture(scope="module")
def runner(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    made = Runner(shutil.copytree(before, tmp_path_factory.mktemp("warm") / "w"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def undisturbed(before: Path, tmp_path_factory: pytest.TempPathFactory, runner: Runner) -> Undisturbed:
    root = shutil.copytree(before, tmp_path_factory.mktemp("undisturbed") / "w")
    began = time.monotonic()
    assert backfilled(runner, root) == 0, root.with_name("said").read_text()
    seconds = time.monotonic() - began
    assert [each.edition for each in packs(root)[-3:]] == [2, 2, 2]
    return Undisturbed(before, bytes_under(root / "reports"), figures(root), seconds)


def backfilled(runner: Runner, root: Path, killed: str = "") -> int:
    runner.start(root, months=NAMES, killed=killed)
    return runner.end()[0]


def opened(root: Path) -> Ledger:
    return Ledger.open(Workspace(root).processed)


def packs(root: Path) -> list[EditionRecord]:
    ledger = opened(root)
    try:
        return ledger.packs(PackAudience.BOARD)
    finally:
        ledger.close()


def figures(root: Path) -> list[tuple[object, ...]]:
    ledger = opened(root)
    try:
        known = ledger.figures_as_of(max(run.id for run in ledger.runs()), MONTHS[0], MONTHS[-1])
    finally:
        ledger.close()
    kept = known.drop(columns=[name for name in known.columns if name in ("run_id", "known_at")])
    return [tuple(map(str, row)) for row in kept.itertuples(index=False)]


def backfills(root: Path) -> list[BackfillRecord]:
    ledger = opened(root)
    try:
        return ledger.backfills()
    finally:
        ledger.close()


def check(root: Path, runner: Runner, clean: Undisturbed) -> None:
    """The same command again goes on with what is missing, and makes what an undisturbed one does, once."""
    assert {each.kind for each in verify_workspace(Workspace(root)).problems} <= {"leftover", "cache"}
    assert backfilled(runner, root) == 0, root.with_name("said").read_text()
    assert verify_workspace(Workspace(root)).problems == ()
    assert bytes_under(root / "reports") == clean.editions
    assert figures(root) == clean.figures
    assert sorted((each.month, each.edition) for each in packs(root)) == [(m, n) for m in MONTHS for n in (1, 2)]
    ledger = opened(root)
    try:
        done = [run.month for run in ledger.runs() if run.backfill_id and run.state is RunState.DONE]
    finally:
        ledger.close()
    assert sorted(done) == MONTHS
    assert all(each.finished_at for each in backfills(root))


@pytest.mark.parametrize("point", picked("kill points", [*POINTS], SAMPLE))
def test_killed_at_a_named_point(point: str, undisturbed: Undisturbed, runner: Runner, tmp_path: Path) -> None:
    root = shutil.copytree(undisturbed.before, tmp_path / "w")
    assert backfilled(runner, root, point) == -signal.SIGKILL, f"it never came to: {point}"
    check(root, runner, undisturbed)
    assert len(backfills(root)) == 1


def moments() -> list[float]:
    rng = Random(f"{SEED}/killed backfills")
    return [rng.random() for _ in range(KILLS)]


def ended_within(process: int, seconds: float) -> bool:
    """Whether a process ends by itself; killed when it has not by then."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.005)
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    return False


def test_killed_at_any_moment(undisturbed: Undisturbed, runner: Runner, tmp_path: Path) -> None:
    killed, whole = 0, undisturbed.seconds  # on a machine that is less busy than it was one takes less long
    chosen = picked("killed backfills", moments(), SAMPLE)
    for number, share in enumerate(chosen, 1):
        root = shutil.copytree(undisturbed.before, tmp_path / str(number) / "w")
        began = time.monotonic()
        if ended_within(runner.start(root, months=NAMES), share * whole):
            whole = time.monotonic() - began
        killed += runner.end()[0] == -signal.SIGKILL
        check(root, runner, undisturbed)
        shutil.rmtree(root)
        print(f"killed {killed} of {number} backfills, after {share * whole:.2f} s: sound", flush=True)
    assert killed >= len(chosen) // 2
