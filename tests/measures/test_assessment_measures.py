"""Assessment measures by hand: definitions 2.3 to 2.5 and 6.1, holidays and month ends among them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.measures.assessments import MEASURES
from tests.measure_rows import assert_shares_of_the_rows
from tests.workspaces import counts, deliver, figures_of, figures_of_extract, new_workspace, one

Row = Mapping[str, str]


def assessment(number: int, referral: str, start: str, authorised: str = "", **values: str) -> Row:
    given = {
        "assessment_id": f"A{number}", "child_id": f"C{number}", "referral_on": referral, "started_on": start,
        "authorised_on": authorised, "child_seen": "Y", "outcome": "child_in_need" if authorised else "",
    }  # fmt: skip
    assert set(values) <= set(given)
    return given | values


OLD = assessment(0, "01/06/2015", "01/06/2015", "03/07/2015")  # gives the extract its history
ROWS = [
    OLD,
    # Easter and May Day 2017: the 45th working day after 1 March is 8 May
    assessment(1, "01/03/2017", "01/03/2017", "08/05/2017"),
    assessment(2, "01/03/2017", "01/03/2017", "09/05/2017"),
    # Christmas 2017: after 13 November it is 18 January
    assessment(3, "13/11/2017", "13/11/2017", "18/01/2018"),
    assessment(4, "13/11/2017", "13/11/2017", "19/01/2018"),
    # referred on 5 June (due 7 August), started on the 12th (due on the 14th)
    assessment(5, "05/06/2017", "12/06/2017", "10/08/2017"),
    # referred on a Saturday: Monday is the first working day, 11 August the 45th
    assessment(6, "10/06/2017", "10/06/2017", "11/08/2017"),
    # without a referral the clock starts with the assessment: 6 June to 8 August 2016
    assessment(7, "", "06/06/2016", "08/08/2016"),
    assessment(8, "", "06/06/2016", "09/08/2016"),
    # the last day of a month and the first of the next; all three fell due in November
    assessment(9, "01/09/2016", "01/09/2016", "30/09/2016", child_seen="N", outcome="no_further_action"),
    assessment(10, "01/09/2016", "01/09/2016", "30/09/2016", child_seen="", outcome=""),
    assessment(11, "01/09/2016", "01/09/2016", "01/10/2016", outcome="early_help"),
    # all fell due on 19 March 2018: done early, on the day, a day late, and never
    assessment(12, "15/01/2018", "16/01/2018", "09/02/2018"),
    assessment(13, "15/01/2018", "16/01/2018", "19/03/2018"),
    assessment(14, "15/01/2018", "16/01/2018", "20/03/2018"),
    assessment(15, "15/01/2018", "16/01/2018"),
    # rows that say something impossible
    assessment(16, "03/10/2017", "03/10/2017", "02/10/2017"),  # authorised before it started: in nothing
    assessment(17, "04/10/2017", "03/10/2017", "20/10/2017"),  # referred after it started: only in the others
    # due on the last working day of June 2018, and on the first of July
    assessment(18, "25/04/2018", "25/04/2018"),
    assessment(19, "26/04/2018", "26/04/2018"),
]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return figures_of_extract(tmp_path_factory.mktemp("assessments"), "assessments", ROWS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "month", "expected"),
    [
        ("R5-01", "2017-05", (1, 2)), ("R5-01", "2018-01", (1, 2)), ("R5-01", "2017-08", (1, 2)),
        ("R5-01s", "2017-08", (2, 2)), ("R5-01", "2016-08", (1, 2)), ("R5-01", "2016-09", (2, 2)),
        ("R5-01", "2016-10", (1, 1)), ("R5-01", "2018-03", (1, 2)), ("R5-01s", "2018-03", (2, 2)),
        ("R5-01", "2017-10", (0, 0)), ("R5-01s", "2017-10", (1, 1)), ("R5-04", "2017-10", (1, 1)),
        ("R5-01d", "2018-03", (2, 4)), ("R5-01d", "2017-05", (1, 2)), ("R5-01d", "2018-01", (1, 2)),
        ("R5-01d", "2016-11", (3, 3)), ("R5-01d", "2016-09", (0, 0)),
        ("R5-01d", "2018-06", (0, 1)),  # the 29th: overdue at the end of the 30th; due on 2 July: not in it
        ("R5-04", "2016-09", (0, 2)), ("R5-04", "2016-10", (1, 1)),
        ("R2-05", "2016-09", (1, 2)), ("R2-05", "2016-10", (0, 1)),
    ],
)  # fmt: skip
def test_by_hand(figures: pd.DataFrame, code: str, month: str, expected: tuple[int, int]) -> None:
    assert counts(figures, code, month, period="month") == expected


@pytest.mark.parametrize(
    ("code", "month", "period", "expected"),
    [
        ("R5-01", "2018-03", "quarter", (3, 5)), ("R5-01", "2018-03", "year_to_date", (5, 9)),
        ("R5-01", "2017-05", "rolling_12", (5, 7)), ("R5-01", "2017-05", "year_to_date", (1, 2)),
        ("R5-01d", "2018-03", "quarter", (3, 6)),
    ],
)  # fmt: skip
def test_longer_periods_are_sums_of_months(
    figures: pd.DataFrame, code: str, month: str, period: str, expected: tuple[int, int]
) -> None:
    assert counts(figures, code, month, period=period) == expected


def test_due_months_need_the_three_months_before(figures: pd.DataFrame) -> None:
    """What was finished early is only in the extract of the month in which it was finished."""
    assert one(figures, "R5-01d", "2015-10", period="month")["state"] == "not_applicable"
    before = one(figures, "R5-01d", "2015-09", period="month")
    assert (before["state"], before["state_reason"]) == ("not_available", "history missing: 2015-06")


def monthly_extracts(root: Path, extracts: Mapping[str, list[Row]]) -> pd.DataFrame:
    """Figures from extracts that each hold what was open in their month."""
    workspace = new_workspace(root)
    columns = "".join(f'{name} = "{name}"\n' for name in OLD)
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write(
            '[[layouts.assessments]]\nname = "system"\ndate_order = "day_first"\nfiles = ["open.csv"]\n'
            f'covers = {{ span = "month", selects_by = "overlap" }}\n[layouts.assessments.columns]\n{columns}'
        )
    for month, rows in extracts.items():
        deliver(workspace, month, "assessments", rows, name="open.csv")
    return figures_of(workspace, max(extracts))


NOT_YET = {"authorised_on": "", "outcome": ""}


@pytest.mark.slow
def test_done_early_counts_though_only_an_earlier_extract_has_it(tmp_path: Path) -> None:
    early, on_day, late, never = ROWS[12:16]  # all four fell due on 19 March 2018
    extracts = {
        "2017-12": [OLD],
        "2018-01": [row | NOT_YET for row in ROWS[12:16]],
        "2018-02": [early, on_day | NOT_YET, late | NOT_YET, never],
        "2018-03": [on_day, late, never],
    }
    figures = monthly_extracts(tmp_path, extracts)
    assert counts(figures, "R5-01d", "2018-03", period="month") == (2, 4)
    assert counts(figures, "R5-01", "2018-03", period="month") == (1, 2)
    assert one(figures, "R5-01d", "2018-02", period="month")["state_reason"] == "history missing: 2017-11"


@pytest.mark.slow
def test_an_end_corrected_from_one_extract_to_the_next_counts_once_as_the_later_says(tmp_path: Path) -> None:
    early, late = ROWS[12], ROWS[12] | {"authorised_on": "20/03/2018"}
    extracts = {"2017-12": [OLD], "2018-01": [early | NOT_YET], "2018-02": [early], "2018-03": [late]}
    assert counts(monthly_extracts(tmp_path, extracts), "R5-01d", "2018-03", period="month") == (0, 1)


def test_what_is_not_yet_due_at_the_extract_is_left_out(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [OLD, assessment(1, "13/04/2018", "13/04/2018"), assessment(2, "26/04/2018", "26/04/2018")]
    path = deliver(workspace, "2018-06", "assessments", rows)  # due on 19 and on 29 June
    (path.parent / "delivery.toml").write_text("extracted_at = 2018-06-20T05:00:00\n", encoding="utf-8")
    figures = figures_of(workspace, "2018-06", 35)
    assert counts(figures, "R5-01d", "2018-06", period="month") == (0, 1)
    assert one(figures, "R5-01d", "2018-06", period="month")["provisional"]


DAY = st.dates(date(2017, 10, 1), date(2018, 4, 10))
BLANK = st.none()
RECORD = st.fixed_dictionaries(
    {
        "referral_on": DAY | BLANK, "started_on": DAY, "authorised_on": DAY | BLANK,
        "child_seen": st.sampled_from(["Y", "N", None]),
        "outcome": st.sampled_from(["no_further_action", "early_help", None]),
    }
)  # fmt: skip
RECORDS = st.lists(RECORD, max_size=8).flatmap(lambda records: st.tuples(st.just(records), st.permutations(records)))


@pytest.mark.soak
@pytest.mark.slow
@given(both=RECORDS)
def test_shares_lie_in_0_to_1_and_no_order_changes_them(both: tuple[list[Row], list[Row]]) -> None:
    assert_shares_of_the_rows(MEASURES, *both)
