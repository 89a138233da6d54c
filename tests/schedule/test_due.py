"""Months that are due run once for the files that they have; the others wait, and say for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from perfpipe.cli.main import main
from perfpipe.dates.months import Month
from perfpipe.dates.working_days import working_day_of
from perfpipe.history.release import release
from perfpipe.ledger.hold import locked
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionKind, PackAudience, RunState
from perfpipe.run import run_month
from perfpipe.schedule.due import MonthRun, run_due
from perfpipe.schedule.outlook import MonthOutlook, MonthState, outlooks
from perfpipe.settings.deliveries import Expected
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace, WorkspaceInUse
from tests.schedule.months import MAY, at, interviews_come, placements_come, waiting_workspace
from tests.workspaces import deliver, episode, new_workspace

pytestmark = pytest.mark.usefixtures("_runs_of_a_year")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return waiting_workspace(tmp_path / "workspace")


def of_may(workspace: Workspace, now: datetime) -> MonthOutlook:
    return next(each for each in outlooks(workspace, now) if each.month == MAY)


def run_of_may(runs: list[MonthRun]) -> MonthRun:
    return next(run for run in runs if run.outlook.month == MAY)


def editions(workspace: Workspace, kind: EditionKind = EditionKind.EDITION) -> list[int]:
    ledger = Ledger.open(workspace.processed)
    try:
        return [each.edition for each in ledger.editions() if each.audience is PackAudience.BOARD and each.kind is kind]
    finally:
        ledger.close()


def test_a_month_waits_for_whom_it_must_until_their_day(workspace: Workspace) -> None:
    interviews_come(workspace)

    outlook = of_may(workspace, at(7))

    assert (outlook.state, outlook.is_due) == (MonthState.WAITING, False)
    assert [(each.dataset, each.sender, each.due_on) for each in outlook.awaited] == [
        ("placements", "Placements team", date(2018, 6, 8))
    ]
    assert [run.outcome for run in run_due(workspace, at(7))] == [None]
    assert editions(workspace) == []


@pytest.mark.slow
def test_it_runs_when_the_last_extract_has_come_and_once(workspace: Workspace) -> None:
    interviews_come(workspace)
    placements_come(workspace)
    assert of_may(workspace, at(4)).state is MonthState.READY

    first, second = run_due(workspace, at(4)), run_due(workspace, at(4, 13))

    assert run_of_may(first).outcome is not None
    assert (run_of_may(second).outcome, run_of_may(second).outlook.state) == (None, MonthState.PUBLISHED)
    assert editions(workspace) == [1]


@pytest.mark.slow
def test_on_its_due_day_it_runs_with_what_is_there_and_again_when_more_comes(workspace: Workspace) -> None:
    interviews_come(workspace)
    assert of_may(workspace, datetime(2018, 6, 7, 22, 59, tzinfo=UTC)).is_due is False
    day_begins_in_london = datetime(2018, 6, 7, 23, 0, tzinfo=UTC)

    late = run_of_may(run_due(workspace, day_begins_in_london))

    assert late.outlook.state is MonthState.LATE
    assert late.outcome is not None
    assert late.outcome.missing == ("placements",)
    assert run_of_may(run_due(workspace, at(9))).outcome is None

    placements_come(workspace)
    assert run_of_may(run_due(workspace, at(20))).outcome is not None
    assert run_of_may(run_due(workspace, at(21))).outcome is None
    assert editions(workspace) == [1, 2]


def test_nothing_at_all_is_late_and_publishes_nothing(workspace: Workspace) -> None:
    run = run_of_may(run_due(workspace, at(20)))

    assert (run.outlook.state, run.outcome, len(run.outlook.awaited)) == (MonthState.LATE, None, 2)
    assert editions(workspace) == []


def test_faults_that_stop_it_block_it_and_name_their_owner(workspace: Workspace) -> None:
    placements_come(workspace)
    deliver(workspace, "2018-05", "return_home_interviews", [episode(1, returned_at="02/05/2018"), episode(1)])
    (workspace.raw / "2018-05" / "return_home_interviews.csv").write_text("episode_id,unknown\nE1,1\n")

    run = run_of_may(run_due(workspace, at(4)))

    assert (run.outlook.state, run.is_blocked, run.outcome) == (MonthState.BLOCKED, True, None)
    assert {each.owner for each in run.outlook.blockers} == {"Owner of the extract 'Return home interviews'"}
    assert all("2018-05/return_home_interviews.csv" in place for each in run.outlook.blockers for place in each.places)


@pytest.mark.soak
@pytest.mark.slow
def test_what_comes_after_the_sign_off_makes_one_draft(workspace: Workspace) -> None:
    interviews_come(workspace)
    run_due(workspace, at(8))
    release(workspace, MAY, PackAudience.BOARD, "performance", "shown", on=date(2018, 6, 20), now=at(9))
    placements_come(workspace)

    for day in (10, 11):
        run_due(workspace, at(day))

    assert (editions(workspace), editions(workspace, EditionKind.DRAFT)) == ([1], [1])


@pytest.mark.soak
@pytest.mark.slow
def test_the_next_month_makes_no_earlier_one_due(workspace: Workspace) -> None:
    interviews_come(workspace)
    placements_come(workspace)
    run_due(workspace, at(4))
    interviews_come(workspace, "2018-06", "02/06/2018 10:00")
    placements_come(workspace, "2018-06")

    runs = run_due(workspace, at(4, month=7))

    assert [(str(run.outlook.month), run.outcome is not None) for run in runs][-2:] == [
        ("2018-05", False), ("2018-06", True),
    ]  # fmt: skip


def test_beside_a_run_in_progress_nothing_is_done(workspace: Workspace) -> None:
    interviews_come(workspace)
    with locked(workspace), pytest.raises(WorkspaceInUse):
        run_due(workspace, at(4))


def test_without_what_is_expected_nothing_can_be_due(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[\[expected\]\]"):
        run_due(new_workspace(tmp_path), at(4))


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        (datetime(2018, 5, 31, 22, 59, tzinfo=UTC), "2018-04"),  # 23:59 in London
        (datetime(2018, 5, 31, 23, 0, tzinfo=UTC), "2018-05"),
        (datetime(2018, 3, 31, 22, 59, tzinfo=UTC), "2018-02"),  # summer time began on the 25th
        (datetime(2018, 3, 31, 23, 0, tzinfo=UTC), "2018-03"),
        (datetime(2018, 10, 31, 23, 59, tzinfo=UTC), "2018-09"),  # it ended on the 28th
        (datetime(2018, 11, 1, 0, 0, tzinfo=UTC), "2018-10"),
        (datetime(2017, 12, 31, 23, 59, tzinfo=UTC), "2017-11"),
        (datetime(2018, 1, 1, 0, 0, tzinfo=UTC), "2017-12"),
    ],
)
def test_the_newest_month_is_the_last_that_has_ended_in_london(
    workspace: Workspace, now: datetime, newest: str
) -> None:
    assert [str(each.month) for each in outlooks(workspace, now)][-1] == newest


@pytest.mark.parametrize(
    ("month", "number", "closed", "day"),
    [
        (Month(2018, 6), 1, [], date(2018, 6, 1)),
        (Month(2018, 6), 3, [], date(2018, 6, 5)),
        (Month(2018, 6), 5, [date(2018, 6, 6)], date(2018, 6, 8)),
        (Month(2018, 1), 1, [], date(2018, 1, 2)),  # New Year's Day
        (Month(2018, 4), 1, [], date(2018, 4, 3)),  # Easter Monday is the 2nd
        (Month(2017, 12), 17, [date(2017, 12, 27), date(2017, 12, 28)], date(2017, 12, 29)),
    ],
)
def test_working_days_of_a_month(month: Month, number: int, closed: list[date], day: date) -> None:
    assert working_day_of(month.first_day, number, closed) == day


def test_an_extract_is_due_in_the_month_after() -> None:
    interviews = Expected(dataset="return_home_interviews", by_working_day=1, sender="Missing team")
    assert interviews.due_on(Month(2017, 12)) == date(2018, 1, 2)


def test_wrong_datasets_are_refused_with_their_line(tmp_path: Path) -> None:
    workspace = waiting_workspace(
        tmp_path,
        '[[expected]]\ndataset = "placements"\nby_working_day = 5\nsender = "X"\n'
        '[[expected]]\ndataset = "interviews"\nby_working_day = 5\nsender = "X"\n',
    )
    with pytest.raises(SettingsError) as refused:
        workspace.settings()
    assert ["is listed twice" in each or "no dataset 'interviews'" in each for each in refused.value.problems] == [
        True, True,
    ]  # fmt: skip


@pytest.mark.slow
def test_what_is_not_delivered_is_absent_and_not_missing(workspace: Workspace) -> None:
    interviews_come(workspace)

    outcome = run_month(workspace, MAY)

    assert outcome.missing == ("placements",)


@pytest.mark.slow
def test_a_month_that_has_not_ended_or_has_no_file_publishes_nothing_unless_asked(workspace: Workspace) -> None:
    interviews_come(workspace)
    with pytest.raises(SettingsError, match=r"has not ended.*--allow-empty"):
        run_month(workspace, MAY, started_at=datetime(2018, 5, 31, 22, 59, 59, tzinfo=UTC))
    with pytest.raises(SettingsError, match=r"no extract of this month.*--allow-empty"):
        run_month(workspace, Month(2019, 5))
    assert editions(workspace) == []
    run_month(workspace, Month(2019, 5), allow_empty=True)
    assert editions(workspace) == [1]


def test_the_command_says_how_each_month_stands(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "--due", "-w", str(workspace.root)])
    assert ended.value.code == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith(": late") or said[0].endswith(": waiting")
    assert "Placements team" in "".join(said)

    for wrong in (["run", "-w", str(workspace.root)], ["run", "2018-05", "--due", "-w", str(workspace.root)]):
        with pytest.raises(SystemExit) as ended:
            main(wrong)
        assert ended.value.code == 2


@pytest.mark.slow
def test_a_run_by_the_clock_is_a_run_like_any_other(workspace: Workspace) -> None:
    interviews_come(workspace)
    placements_come(workspace)
    run_due(workspace, at(4))
    ledger = Ledger.open(workspace.processed)
    try:
        assert [run.state for run in ledger.runs(month=MAY)] == [RunState.DONE]
    finally:
        ledger.close()
