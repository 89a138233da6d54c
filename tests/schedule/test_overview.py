"""What a manager is shown: how months stand, which statuses turned, whose faults, where the pack is; and no value."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from flows.page import page_of

from perfpipe.dates.months import Month
from perfpipe.ledger.ledger import Ledger
from perfpipe.schedule.due import MonthRun
from perfpipe.schedule.outlook import Awaited, Blocker, MonthOutlook, MonthState
from perfpipe.schedule.overview import MonthOverview, OwnerFaults, StatusTurn, overview_of
from perfpipe.settings.workspace import Workspace

MARCH = Month(2018, 3)
AWAITED = Awaited("placements", "Placements", "Placements team", date(2018, 4, 10))
BLOCKER = Blocker("Missing team", "return_home_interviews", "r", "Write it as a date", ("a.csv, row 2", "a.csv, row 9"))


@pytest.mark.soak
@pytest.mark.slow
def test_a_published_month_shows_its_pack_the_statuses_that_turned_and_whose_faults(sample_after_a_run: Path) -> None:
    workspace = Workspace(sample_after_a_run)
    run = MonthRun(MonthOutlook(MARCH, MonthState.PUBLISHED, date(2018, 4, 10), edition=1))

    (shown,) = overview_of(workspace, [run])

    assert (shown.edition, shown.place) == (1, "reports/2018-03/board/1")
    assert (workspace.root / shown.place / "board_pack.xlsx").is_file()
    assert shown.turns
    assert all(turn.before != turn.after for turn in shown.turns)
    ledger = Ledger.open(workspace.processed)
    try:
        (newest,) = [run.id for run in ledger.runs(month=MARCH) if run.is_done]
        readings = [each.reading.id for each in ledger.readings_of(newest) if MARCH in each.months]
        of_rows = [fault for fault in ledger.faults_of(readings) if fault.severity != "info"]
    finally:
        ledger.close()
    assert sum(sum(each.counts.values()) for each in shown.faults) == len(of_rows)


def test_the_page_says_all_of_it_the_newest_month_first() -> None:
    blocked = MonthRun(MonthOutlook(MARCH, MonthState.BLOCKED, None, (), (BLOCKER,)))
    late = MonthRun(MonthOutlook(MARCH - 1, MonthState.LATE, date(2018, 4, 10), (AWAITED,), edition=2))
    turns = (StatusTurn("R5-01 In time", "month", "missed", "met"),)
    faults = (OwnerFaults("Placements team", {"exclude": 2, "warn": 1}),)

    page = page_of([MonthOverview(blocked), MonthOverview(late, 2, "reports/2018-02/board/2", turns, faults)])

    lines = page.splitlines()
    assert "| March 2018 | **blocked** |  |  |  |" in lines
    assert (
        "| February 2018 | **late** | 10 April 2018 | Placements (Placements team, by 10 April) | "
        "edition 2: `reports/2018-02/board/2` |"
    ) in lines
    assert "| February 2018 | missed → **met** | R5-01 In time (month) |" in lines
    assert "| March 2018 | **2 stop the run**: Write it as a date | Missing team |" in lines
    assert "| February 2018 | 2 leave a row out, 1 to look at | Placements team |" in lines
    assert not re.search(r"a\.csv|row 2", page)  # places go to owners


def test_without_anything_it_says_so() -> None:
    page = page_of([MonthOverview(MonthRun(MonthOutlook(MARCH, MonthState.WAITING, None)))])
    assert "None against the month before." in page
    assert page.count("None.") == 1
