"""Measures of prospective adopters by hand: definitions 2.4, 2.5 and 6.3, month ends among them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.datasets.adopters import ADOPTERS
from perfpipe.measures.adopters import MEASURES, in_the_process
from tests.measure_rows import assert_shares_of_the_rows, typed
from tests.workspaces import counts, figures_of_extract, one

Row = Mapping[str, str]


def household(
    name: str, registered: str, stage_1: str = "", stage_2: str = "", approved: str = "", matched: str = "",
    withdrawn: str = "", fast_track: str = "N",
) -> Row:  # fmt: skip
    return {
        "household_id": name, "registered_on": registered, "fast_track": fast_track, "stage1_ended_on": stage_1,
        "stage2_started_on": stage_2, "approved_on": approved, "matched_on": matched, "withdrawn_on": withdrawn,
    }  # fmt: skip


ROWS = [
    household("OLD", "01/06/2014", "01/07/2014", "01/07/2014", "01/10/2014", "01/05/2015"),
    # two months after 31 December are over on 28 February
    household("A", "31/12/2016", "28/02/2017"),
    household("B", "31/12/2016", "01/03/2017"),
    # stage 1 due on 15 March 2018: never done, withdrew on that day, withdrew the day after
    household("C", "15/01/2018"),
    household("D", "15/01/2018", withdrawn="15/03/2018"),
    household("E", "15/01/2018", withdrawn="16/03/2018"),
    household("F", "16/01/2018", fast_track="Y"),  # stage 2 from the first day, due on 16 May
    household("G", "20/01/2018", "", "10/03/2018"),  # stage 1 was done when stage 2 began; due on 20 March
    household("H", "30/04/2018"),  # due on the day of the extract, 30 June: not yet
    household("I", "29/04/2018"),
    # a break of three months between the stages; stage 2 from 31 October is due on 28 February
    household("J", "01/06/2017", "01/08/2017", "31/10/2017", "28/02/2018", "28/05/2018"),  # waited 3 months to the day
    household("K", "01/06/2017", "01/08/2017", "31/10/2017", "01/03/2018", "31/05/2018"),  # a day less
    household("L", "30/08/2017", "30/10/2017", "30/10/2017", "28/02/2018"),  # 6 months after 30 August
    household("M", "02/10/2017", "20/11/2017", "01/12/2017", "15/02/2018", "20/02/2018"),  # matched before 1 April
    household("N", "10/11/2017", "10/01/2018", "20/01/2018", "10/05/2018", "08/05/2018"),  # matched before approved
]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return figures_of_extract(tmp_path_factory.mktemp("adopters"), "adopters", ROWS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "month", "period", "expected"),
    [
        ("R9-02a", "2017-02", "month", (1, 2)), ("R9-02a", "2018-03", "month", (1, 3)),
        ("R9-02a", "2018-06", "month", (0, 1)), ("R9-02a", "2018-03", "quarter", (2, 4)),
        ("R9-02a", "2018-03", "rolling_12", (6, 8)),
        ("R9-02b", "2018-02", "month", (2, 3)), ("R9-02b", "2018-04", "month", (1, 1)),
        ("R9-02b", "2018-05", "month", (1, 2)),
        ("R9-02c", "2018-02", "month", (2, 3)), ("R9-02c", "2018-03", "month", (0, 1)),
        ("R9-02c", "2018-05", "month", (1, 1)),
        ("R9-03", "2018-02", "month", (0, 1)), ("R9-03", "2018-05", "month", (1, 3)),
        ("R9-03", "2018-06", "year_to_date", (1, 3)), ("R9-03", "2018-06", "rolling_12", (1, 4)),
    ],
)  # fmt: skip
def test_by_hand(figures: pd.DataFrame, code: str, month: str, period: str, expected: tuple[int, int]) -> None:
    assert counts(figures, code, month, period=period) == expected


@pytest.mark.parametrize(
    ("month", "stages"),
    [
        ("2018-02", {"all": 11, "stage_1": 4, "between": 2, "stage_2": 3, "approved_waiting": 2, "not_known": 0}),
        ("2018-03", {"all": 9, "stage_1": 1, "between": 2, "stage_2": 3, "approved_waiting": 3, "not_known": 0}),
    ],
)
def test_stage_reached_at_the_end_of_the_month(figures: pd.DataFrame, month: str, stages: dict[str, int]) -> None:
    assert {group: one(figures, "R9-01", month, group)["value"] for group in stages} == stages
    assert one(figures, "R9-01w", month)["value"] == stages["approved_waiting"]


def test_a_stage_that_is_not_yet_due_is_no_figure(figures: pd.DataFrame) -> None:
    assert one(figures, "R9-02b", "2018-06", period="month")["state"] == "not_applicable"
    quarter = one(figures, "R9-02a", "2018-06", period="quarter")
    assert (quarter["numerator"], quarter["denominator"]) == (0, 1)


def test_due_months_need_the_months_that_a_stage_takes(figures: pd.DataFrame) -> None:
    """A household that was approved early and matched before the stage fell due is in the extract of its match."""
    assert one(figures, "R9-02b", "2015-09", period="month")["state"] == "not_applicable"
    assert one(figures, "R9-02b", "2015-08", period="month")["state_reason"] == "history missing: 2015-04"
    assert one(figures, "R9-02a", "2015-07", period="month")["state"] == "not_applicable"


@pytest.mark.parametrize(("withdrawn", "there"), [(date(2018, 3, 31), 0), (date(2018, 4, 1), 1)])
def test_who_withdrew_by_the_month_end_is_not_in_the_process_whatever_match_is_entered(
    withdrawn: date, there: int
) -> None:
    record = {"household_id": "H", "registered_on": date(2017, 9, 1), "withdrawn_on": withdrawn}
    rows = typed(ADOPTERS, [record | {"matched_on": date(2018, 6, 1)}])
    assert len(in_the_process(rows)) == there


def test_who_was_matched_without_an_approval_on_record_is_in_no_share_of_those_who_waited() -> None:
    matched = {"household_id": "H", "registered_on": date(2017, 9, 1), "matched_on": date(2018, 6, 1)}
    rows = typed(ADOPTERS, [matched, matched | {"household_id": "I", "approved_on": date(2018, 1, 1)}])
    (measure,) = (each for each in MEASURES if each.code == "R9-03")
    assert measure.counts.denominator is not None
    assert measure.counts.denominator(rows).tolist() == [False, True]
    assert measure.counts.numerator(rows).tolist() == [False, True]


def test_within_six_months_of_registration_and_a_match_after_three() -> None:
    """Six months after 30 August end on 28 February; three months after it are over on 28 May."""
    days = [("2018-02-28", "2018-05-28"), ("2018-03-01", "2018-05-31"), ("2018-03-01", "2018-06-01")]
    rows = pd.DataFrame(days, columns=["approved_on", "matched_on"]).astype("datetime64[us]")
    rows = rows.assign(registered_on=pd.Timestamp("2017-08-30"))
    approved, waited = (next(each for each in MEASURES if each.code == code) for code in ("R9-02c", "R9-03"))
    assert approved.counts.numerator(rows).tolist() == [True, False, False]
    assert waited.counts.numerator(rows).tolist() == [True, False, True]


DAY = st.dates(date(2017, 6, 1), date(2018, 4, 10))
MAYBE = DAY | st.none()
RECORD = st.fixed_dictionaries(
    {
        "registered_on": DAY, "fast_track": st.sampled_from(["Y", "N", None]), "stage1_ended_on": MAYBE,
        "stage2_started_on": MAYBE, "approved_on": MAYBE, "matched_on": MAYBE, "withdrawn_on": MAYBE,
    }
)  # fmt: skip
NUMBERED = st.lists(RECORD, max_size=6).map(
    lambda records: [record | {"household_id": f"H{number}"} for number, record in enumerate(records)]
)
RECORDS = NUMBERED.flatmap(lambda records: st.tuples(st.just(records), st.permutations(records)))


@pytest.mark.soak
@pytest.mark.slow
@given(both=RECORDS)
def test_shares_lie_in_0_to_1_and_no_order_changes_them(both: tuple[list[Row], list[Row]]) -> None:
    assert_shares_of_the_rows(MEASURES, *both)
