"""Bank holidays proclaimed late move every deadline in working days, closure days those of deliveries alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.dates.months import Month
from perfpipe.dates.working_days import working_days_after
from perfpipe.settings.deliveries import Expected
from perfpipe.settings.workspace import Workspace
from tests.builders import ASSESSMENT
from tests.workspaces import deliver, figures_of, new_workspace, one

PROCLAIMED = "2017-06-12"  # a Monday


def workspace_with(root: Path, line: str) -> Workspace:
    workspace = new_workspace(root)
    settings = workspace.settings_file
    settings.write_text(f"{line}\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")
    return workspace


@pytest.mark.parametrize(
    ("line", "on_time"),
    [
        ("", 1),
        (f"bank_holidays = [{PROCLAIMED}]", 2),
        (f"closure_days = [{PROCLAIMED}]", 1),
    ],
)
@pytest.mark.slow
def test_a_proclaimed_bank_holiday_moves_a_statutory_deadline_and_a_closure_day_does_not(
    tmp_path: Path, line: str, on_time: int
) -> None:
    """From Monday 5 June 2017 45 working days are nine weeks, to 7 August: to the 8th with one more bank holiday."""
    workspace = workspace_with(tmp_path, line)
    rows = [
        {**ASSESSMENT, "assessment_id": f"A{day}", "child_id": f"C{day}", "referral_on": "05/06/2017",
         "started_on": "06/06/2017", "authorised_on": f"0{day}/08/2017"}
        for day in (7, 8, 9)
    ]  # fmt: skip
    deliver(workspace, "2017-08", "assessments", rows)

    figure = one(figures_of(workspace, "2017-08", codes=["R5-01"]), "R5-01", "2017-08", period="month")

    assert (figure["numerator"], figure["denominator"]) == (on_time, 3)


def test_working_days_without_one_more() -> None:
    days = pd.Series(pd.to_datetime(["2017-06-09", "2017-06-10", "2017-06-12"]))  # Friday, Saturday, the day itself
    found = working_days_after(days, 1, [date(2017, 6, 12)])
    assert found.dt.strftime("%Y-%m-%d").tolist() == ["2017-06-13"] * 3


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("", date(2017, 6, 7)),  # Thursday 1, Friday 2, Monday 5, Tuesday 6, Wednesday 7
        ("bank_holidays = [2017-06-05]", date(2017, 6, 8)),
        ("closure_days = [2017-06-05]", date(2017, 6, 8)),
        ("bank_holidays = [2017-06-05]\nclosure_days = [2017-06-06, 2017-06-05]", date(2017, 6, 9)),
    ],
)
def test_both_move_the_due_day_of_a_delivery(tmp_path: Path, line: str, due: date) -> None:
    settings = workspace_with(tmp_path, line).settings()
    placements = Expected(dataset="placements", by_working_day=5, sender="Placements team")
    assert placements.due_on(Month(2017, 5), settings.days_without_deliveries) == due
