"""Social workers in post, vacancies, agency workers, sickness and cases, by hand: definitions 5.1 and 5.9."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from perfpipe.datasets.workforce_monthly import WORKFORCE_MONTHLY
from perfpipe.dates.months import Month, month_range
from perfpipe.measures.caseloads import counted_by
from perfpipe.measures.counts import count, everything
from perfpipe.measures.definition import Period
from perfpipe.measures.local_choices import AS_USUAL
from perfpipe.measures.workforce_rates import SICKNESS_RATE
from tests.measure_builders import changed
from tests.staff import M, full_time_equivalents, staff_figures, workforce
from tests.workspaces import Row, counts, deliver, new_workspace, one, spell

TOTALS = {
    "month": M, "vacancies_fte": "66", "agency_fte": "39.8", "agency_headcount": "40", "agency_covering_fte": "38.8",
    "days_lost": "240.1",
}  # fmt: skip
STAFF = full_time_equivalents("A", "269.4", "01/01/2015")  # with OLD, 270.4 FTE


def year(month: str = M, **changes: str) -> list[Row]:
    """Totals of the twelve months to a month, with 2,840.1 days lost; the last of them changed."""
    months = [str(each) for each in month_range(Month.parse(month) - 11, Month.parse(month))]
    before = [TOTALS | {"month": each, "days_lost": "236.3636"} for each in months[:-1]]
    return [*before, TOTALS | {"month": month, "days_lost": "240.1004"} | changes]


@pytest.mark.slow
def test_the_published_rates_of_2017(tmp_path: Path) -> None:
    agency = full_time_equivalents("B", "39.8", "01/01/2017", contract="agency")
    figures = workforce(tmp_path, *STAFF, *agency, spell("C", "01/01/2015", "30/09/2017"), totals=year())
    expected = {
        "SW-09": (66, 336.4, 0.196),
        "SW-10": (39.8, 310.2, 0.128),
        "SW-10b": (38.8, 39.8, 0.975),
        "SW-10c": (38.8, 66, 0.588),
        "SW-11": (2840.1, 68411.2, 0.042),
    }
    for code, (top, bottom, value) in expected.items():
        assert counts(figures, code, M) == (pytest.approx(top), pytest.approx(bottom)), code
        assert round(one(figures, code, M)["value"], 3) == value, code


@pytest.mark.slow
def test_the_published_caseload_of_2017(tmp_path: Path) -> None:
    """3014 / 179.3 = 16.8."""
    own = full_time_equivalents("A", "139.5", "01/01/2015", cases="1")
    agency = full_time_equivalents("B", "39.8", "01/01/2017", contract="agency", cases="1")
    own[0], agency[0] = own[0] | {"cases": str(2219 - len(own))}, agency[0] | {"cases": str(797 - len(agency))}
    figures = workforce(tmp_path, *own, *agency)
    assert counts(figures, "SW-12", M) == (3014, pytest.approx(179.3))
    assert round(one(figures, "SW-12", M)["value"], 1) == 16.8


def test_rows_of_months_are_summed_over_the_months_of_each_period(tmp_path: Path) -> None:
    lost = changed(
        SICKNESS_RATE, id="lost", code="L", dataset=WORKFORCE_MONTHLY, beside=None, rows=None,
        counts=count(everything, weight="days_lost"),
        periods=(Period.MONTH, Period.QUARTER, Period.YEAR_TO_DATE, Period.ROLLING_12),
    )  # fmt: skip
    workspace = new_workspace(tmp_path)
    months = [str(each) for each in month_range(Month(2016, 4), Month(2017, 6))]
    days = [TOTALS | {"month": each, "days_lost": str(number)} for number, each in enumerate(months, 1)]
    deliver(workspace, "2017-06", "workforce_monthly", days)
    figures = staff_figures(workspace, "2017-03", "2017-04", "2017-06", measures=(lost,))
    found = figures.set_index(["month", "period"])["value"]
    assert found["2017-03"].to_dict() == {"month": 12, "quarter": 33, "year_to_date": 78, "rolling_12": 78}
    assert found["2017-04"].to_dict() == {"month": 13, "year_to_date": 13, "rolling_12": 90}
    assert found["2017-06"].to_dict() == {"month": 15, "quarter": 42, "year_to_date": 42, "rolling_12": 114}


@pytest.mark.slow
def test_one_case_is_a_caseload_and_none_is_not(tmp_path: Path) -> None:
    rows = [spell("A", "01/01/2015", fte="1") | {"cases": "1"}, spell("B", "01/01/2015", fte="1") | {"cases": "0"}]
    assert counts(workforce(tmp_path, *rows), "SW-12", M) == (1, 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("month", "days"),
    [("2016-01", 253), ("2016-02", 254), ("2017-01", 254), ("2017-02", 253)],
)
def test_a_leap_year_has_one_working_day_more(tmp_path: Path, month: str, days: int) -> None:
    """The 12 months to 28 February 2017 start on 1 March 2016."""
    figures = workforce(tmp_path, spell("A", "01/01/2015", fte="0.5"), month=month, totals=year(month))
    assert counts(figures, "SW-11", month) == (pytest.approx(2840.1), pytest.approx(1.5 * days))


@pytest.mark.slow
def test_a_blank_or_missing_month_is_not_zero(tmp_path: Path) -> None:
    figures = workforce(tmp_path, *STAFF, totals=year(vacancies_fte="", days_lost=""))
    for code, reason in (
        ("SW-09", "vacancies_fte"),
        ("SW-10c", "vacancies_fte or agency_covering_fte"),
        ("SW-11", "days_lost"),
    ):
        found = one(figures, code, M)
        assert (found["state"], found["state_reason"]) == ("not_available", f"the extract lacks {reason} for {M}")
    assert one(figures, "SW-10", M)["state"] == "ok"
    a_month_short = workforce(tmp_path / "short", *STAFF, totals=year()[1:])
    assert one(a_month_short, "SW-11", M)["state_reason"] == "history missing: 2016-10"
    assert one(a_month_short, "SW-09", M)["state"] == "ok"


@pytest.mark.slow
def test_no_totals_no_rates(tmp_path: Path) -> None:
    figures = workforce(tmp_path, *STAFF)
    for code in ("SW-09", "SW-10", "SW-10b", "SW-10c", "SW-11"):
        assert one(figures, code, M)["state_reason"] == "extract missing"
    workspace = new_workspace(tmp_path / "totals")
    deliver(workspace, M, "workforce_monthly", year())
    figures = staff_figures(workspace)
    assert one(figures, "SW-09", M)["state_reason"] == "extract missing"
    assert one(figures, "SW-10b", M)["state"] == "ok"


@pytest.mark.soak
@pytest.mark.slow
def test_totals_that_contradict_each_other_give_no_share(tmp_path: Path) -> None:
    over = workforce(tmp_path, *STAFF, totals=year(agency_covering_fte="39.9"))
    assert one(over, "SW-10b", M)["state"] == "not_applicable"
    assert one(over, "SW-10c", M)["state"] == "ok"
    over = workforce(tmp_path / "v", *STAFF, totals=year(vacancies_fte="38.7"))
    assert one(over, "SW-10c", M)["state"] == "not_applicable"
    nobody = workforce(
        tmp_path / "n", *STAFF, totals=year(agency_fte="0", agency_headcount="0", agency_covering_fte="0")
    )
    assert one(nobody, "SW-10b", M)["state"] == "not_applicable"
    assert counts(nobody, "SW-10", M) == (0, 270.4)


@pytest.mark.slow
def test_staff_in_post(tmp_path: Path) -> None:
    figures = workforce(
        tmp_path,
        spell("A", "01/10/2016", newly_qualified="Y"),  # the last day of the first year
        spell("B", "30/09/2016", newly_qualified="Y", fte="0.8"),
        spell("C", "01/12/2016", "31/05/2017", newly_qualified="Y"),
        spell("C", "01/06/2017", newly_qualified="Y", team="South"),  # in a second post, appointed in December
        spell("D", "01/05/2016", "31/05/2017", newly_qualified="Y"),
        spell("D", "01/06/2017", newly_qualified="Y", team="South"),  # in a second post, appointed long ago
        spell("E", "01/06/2017", newly_qualified=""),
        spell("F", "01/06/2010", newly_qualified="", fte="0.5"),
        spell("F", "01/06/2017", newly_qualified="", fte="0.5", team="South"),
        spell("G", "01/06/2017", contract="agency", fte="0.9"),
        spell("H", "01/01/2015", "30/09/2017"),
        spell("I", "01/10/2017"),
        spell("J", "01/01/2015", fte=""),
    )
    heads = figures[figures["code"] == "SW-14b"].set_index("group")["value"].to_dict()
    fte = figures[figures["code"] == "SW-14"].set_index("group")["value"].to_dict()
    assert heads == {
        "all": 9, "agency": 1, "permanent": 8, "newly_qualified": 2, "experienced": 5, "not_known": 1,
    }  # fmt: skip
    assert fte == {
        "all": 7.7, "agency": 0.9, "permanent": 6.8, "newly_qualified": 2, "experienced": 3.8, "not_known": 1,
    }  # fmt: skip


@pytest.mark.soak
@pytest.mark.slow
def test_cases_for_each_full_time_worker(tmp_path: Path) -> None:
    figures = workforce(
        tmp_path,
        spell("A", "01/06/2017", newly_qualified="Y", cases="10"),
        spell("B", "01/01/2015", fte="0.8", cases="20"),  # 25 for full-time hours: at the ceiling
        spell("C", "01/01/2015", cases="26"),
        spell("D", "01/01/2015", cases="0"),
        spell("E", "01/01/2015", cases=""),
        spell("F", "01/01/2015", fte="0", cases="5"),
        spell("G", "01/01/2015", fte="", cases="5"),
        spell("H", "01/01/2015", fte="0.4", cases="11"), spell("H", "01/01/2015", team="South", fte="0.4", cases="0"),
        spell("I", "01/03/2017", contract="agency", cases="30"),
        spell("J", "01/01/2015", "30/09/2017", cases="40"),
    )  # fmt: skip
    assert counts(figures, "SW-12", M) == (97, pytest.approx(4.6))
    assert counts(figures, "SW-12", M, "newly_qualified") == (10, 1)
    assert counts(figures, "SW-12", M, "agency") == (30, 1)
    assert counts(figures, "SW-12", M, "experienced") == (57, pytest.approx(2.6))
    assert one(figures, "SW-12b", M)["value"] == 2
    assert one(figures, "SW-12b", M, "experienced")["value"] == 1
    assert one(figures, "SW-12b", M, "newly_qualified")["value"] == 0


def test_who_is_employed_and_still_on_the_agency_list_is_one_person_and_no_agency_worker(tmp_path: Path) -> None:
    agency = spell("A", "01/01/2017", contract="agency", cases="10", newly_qualified="")
    figures = workforce(tmp_path, agency, spell("A", "01/09/2017", cases="12", fte="0.8", newly_qualified="Y"))
    assert counts(figures, "SW-12", M, "newly_qualified") == counts(figures, "SW-12", M) == (22, 1.8)
    assert one(figures, "SW-12b", M)["value"] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made", "known"),
    [("2017-10-31T23:59:59", True), ("2017-11-01T00:00:00", False)],
)
def test_a_late_extract_does_not_know_what_cases_were_held(tmp_path: Path, made: str, known: bool) -> None:
    """To the last second of the 31st day in London, though clocks went back on the 29th."""
    workspace = new_workspace(tmp_path)
    deliver(workspace, "2017-10", "social_workers", [spell("A", "01/01/2015", cases="12")])
    (workspace.raw / "2017-10" / "delivery.toml").write_text(f"extracted_at = {made}\n", encoding="utf-8")
    figures = staff_figures(workspace)
    for code in ("SW-12", "SW-12b"):
        found = one(figures, code, M)
        assert found["state"] == ("ok" if known else "not_available")
        assert found["state_reason"] == ("" if known else "the extract was made too long after the month")
    assert one(figures, "SW-14", M)["value"] == 1


@pytest.mark.slow
def test_an_extract_without_cases_has_no_caseload(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    deliver(workspace, M, "social_workers", [spell("A", "01/01/2015", cases="")])
    figures = staff_figures(workspace)
    assert one(figures, "SW-12", M)["state_reason"] == "the extract has no cases_count"
    assert one(figures, "SW-12b", M)["state"] == "not_available"


def test_who_holds_just_the_ceiling_does_not_hold_more() -> None:
    """25 cases for full-time hours, 12.5 for half: 26 at 1.0 and 13 at 0.5 are more."""
    _, over = counted_by(AS_USUAL)
    held = pd.DataFrame([(25.0, 1.0), (26.0, 1.0), (10.0, 0.4), (13.0, 0.5)], columns=["cases", "fte"])
    assert AS_USUAL.caseload_ceiling == 25
    assert over.counts.numerator(held).tolist() == [False, True, False, True]
