"""A figure for a month and for the year to date that cover the same days are equal (definitions 2.1, 5.4)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfpipe.dates.months import Month, month_range
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import FLOWS, Measure, Period
from perfpipe.measures.retention import NEW_APPOINTMENTS
from perfpipe.measures.turnover import LEAVERS
from tests.care import figures as care_figures
from tests.care import stay
from tests.staff import staff_figures
from tests.workspaces import Row, deliver, new_workspace, one, spell

MONTHS = [str(month) for month in month_range(Month(2017, 2), Month(2017, 7))]
OF_A_MONTH = """
[[layouts.social_workers]]
name = "staff"
date_order = "day_first"
files = ["staff.csv"]
covers = { span = "month", selects_by = "overlap" }
left_on_is = "last_day_worked"
[layouts.social_workers.columns]
"""
COLUMNS = ("worker_id", "role", "contract", "fte", "started_on", "left_on", "leaving_reason", "newly_qualified")
FLOW_MEASURES = [measure for measure in MEASURES if {Period.MONTH, Period.YEAR_TO_DATE} <= set(measure.periods)]


def iso(day: str) -> str:
    return "-".join(reversed(day.split("/")))


def month_lists(root: Path, spells: list[Row], last: str = MONTHS[-1]) -> pd.DataFrame:
    """Figures from staff lists that each hold the spells of one month, as they were known at its end."""
    workspace = new_workspace(root)
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write(OF_A_MONTH + "".join(f'{name} = "{name}"\n' for name in COLUMNS))
    months = [month for month in MONTHS if month <= last]
    for month in months:
        end = Month.parse(month).last_day.isoformat()
        there = [row for row in spells if iso(row["started_on"]) <= end]
        there = [row for row in there if not row["left_on"] or iso(row["left_on"]) >= f"{month}-01"]
        still = {"left_on": "", "leaving_reason": ""}
        rows = [row | (still if row["left_on"] and iso(row["left_on"]) > end else {}) for row in there]
        deliver(workspace, month, "social_workers", [{n: row[n] for n in COLUMNS} for row in rows], name="staff.csv")
    return staff_figures(workspace, *months[1:], measures=[NEW_APPOINTMENTS, LEAVERS])


OLD = [spell(f"W{number}", "01/02/2014") for number in range(9)]


@pytest.mark.slow
def test_a_promotion_is_no_appointment_and_an_agency_worker_taken_on_comes_from_agency(tmp_path: Path) -> None:
    found = month_lists(
        tmp_path,
        [
            *OLD,
            spell("W80", "01/06/2014", "30/04/2017", leaving_reason="internal_move"),
            spell("W80", "01/05/2017", role="Senior social worker"),
            spell("A1", "01/06/2015", "30/04/2017", contract="agency", leaving_reason="other", newly_qualified=""),
            spell("A1", "01/05/2017"),
        ],
    )
    for period in ("month", "year_to_date"):
        assert one(found, "SW-01", "2017-05", period=period)["value"] == 1
    assert one(found, "SW-01", "2017-05", "from_agency", period="month")["value"] == 1
    assert one(found, "SW-01", "2017-05", "new", period="month")["value"] == 0
    assert one(found, "SW-13", "2017-04", period="month")["value"] == 0


LEFT = [*OLD, spell("L", "01/06/2014", "25/04/2017", leaving_reason="resignation")]


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.parametrize(("back", "left"), [("23/05/2017", 0), ("24/05/2017", 1), ("", 1)])
def test_a_leaver_of_a_month_is_judged_again_when_the_next_is_known(back: str, left: int, tmp_path: Path) -> None:
    """28 days are no leaving, 29 are: until the extract of May is there, nobody can say, and April is provisional."""
    spells = [*LEFT, *([spell("L", back)] if back else [])]
    then = month_lists(tmp_path / "then", spells, last="2017-04")
    assert one(then, "SW-13", "2017-04", period="month")[["value", "provisional"]].tolist() == [1, True]
    now = month_lists(tmp_path / "now", spells)
    assert one(now, "SW-13", "2017-04", period="month")[["value", "provisional"]].tolist() == [left, False]
    for month in MONTHS[2:]:
        assert one(now, "SW-13", month, period="year_to_date")["value"] == left
    assert one(now, "SW-01", "2017-05", period="month")["value"] == (1 if back and left else 0)


DAYS = [f"{day:02d}/{month:02d}/2017" for month in range(2, 8) for day in (1, 3, 14, 27, 28)]


@st.composite
def careers(draw: st.DrawFn) -> list[Row]:
    """Workers with one to three spells each, permanent or agency, and breaks of any length."""
    spells = [*OLD]
    for number in range(draw(st.integers(1, 4))):
        days = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=6, unique=True)), key=iso)
        for start, end in zip(days[::2], [*days[1::2], ""], strict=False):
            kind = draw(st.sampled_from(["permanent", "permanent", "agency"]))
            reason = draw(st.sampled_from(["resignation", "other"])) if end else ""
            spells.append(spell(f"X{number}", start, end, contract=kind, leaving_reason=reason))
    return spells


@pytest.mark.soak
@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spells=careers())
def test_months_add_up_to_the_year_of_social_workers(
    spells: list[Row], tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = month_lists(tmp_path_factory.mktemp("staff"), spells)
    assert_months_and_years_agree(found, [NEW_APPOINTMENTS, LEAVERS], [m for m in MONTHS if m >= "2017-04"])


def assert_months_and_years_agree(found: pd.DataFrame, measures: list[Measure], months: list[str]) -> None:
    """April is its own year to date, and months add up to each."""
    for measure in measures:
        whole = found[(found["measure_id"] == measure.id) & (found["breakdown"] == "all")]
        by_period = {period: part.set_index("month") for period, part in whole.groupby("period")}
        same = ["numerator", "denominator", "state", "state_reason", "provisional"]
        april, year = (by_period[period].loc[months[0], same] for period in ("month", "year_to_date"))
        pd.testing.assert_series_equal(april, year, check_names=False)
        for name in ("numerator", "denominator"):
            if measure.counts.statistic is None:
                so_far = by_period["month"].loc[months, name].cumsum()
                pd.testing.assert_series_equal(so_far, by_period["year_to_date"].loc[months, name], check_names=False)


def test_every_flow_looks_back_equally_far_from_a_month_and_from_the_year() -> None:
    """What is counted by month and by year to date rests on events of months, or looks back from every period."""
    for measure in FLOW_MEASURES:
        assert measure.basis.month_of is not None or measure.basis.lookback_months > 12, measure.id
        assert set(FLOWS) >= {Period.MONTH, Period.YEAR_TO_DATE}


def test_placements_of_a_month_and_of_its_year_agree() -> None:
    moved = {"new_episode_reason_code": "P"}
    rows = [
        stay("2016-11-01", "2017-04-10", change_reason_code="CHILD"), stay("2017-04-10", "2017-05-20", **moved),
        stay("2017-05-20", placement_code="K2", **moved), stay("2017-04-28", child_id="C2"),
    ]  # fmt: skip
    found = care_figures([("2016-04", "2017-07", rows)], "2017-04", "2017-07")
    measures = [measure for measure in FLOW_MEASURES if measure.id in set(found["measure_id"])]
    assert len(measures) == 2
    assert_months_and_years_agree(found, measures, [m for m in MONTHS if m >= "2017-04"])
