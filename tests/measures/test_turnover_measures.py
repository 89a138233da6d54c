"""Who leaves, by hand: definitions 2.2, 5.1, 5.2, 5.4 and 5.7."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.staff import M, full_time_equivalents, workforce
from tests.workspaces import counts, one, spell


@pytest.mark.soak
@pytest.mark.slow
def test_turnover_on_the_basis_of_the_census(tmp_path: Path) -> None:
    figures = workforce(
        tmp_path,
        spell("A", "01/01/2015", "30/09/2017", fte="0.6"),  # left on the last day: a leaver, not in post
        spell("B", "01/01/2015", "01/10/2016", fte="0.5"),  # on the first day of the window
        spell("C", "01/01/2015", "30/09/2016", fte="0.5"),  # the day before it
        spell("D", "01/11/2016", "01/05/2017"),  # started and left in the window
        spell("E", "01/01/2015", "01/05/2017", leaving_reason="internal_move"),
        spell("F", "01/01/2015", "01/05/2017", contract="agency"),
        spell("G", "01/01/2015", fte=""),  # no FTE: left out
        spell("H", "01/01/2015", fte="0.8"),
        spell("I", "01/01/2015", "01/05/2017", fte="0.4"), spell("I", "01/01/2016", fte="0.4", team="South"),
        spell("J", "01/10/2017"),
    )  # fmt: skip
    assert counts(figures, "SW-06", M) == (pytest.approx(1.1), pytest.approx(2.2))
    assert one(figures, "SW-06", M)["lower"] != one(figures, "SW-06", M)["lower"]  # FTE: no interval
    assert counts(figures, "SW-06b", M) == (2, 4)  # G counts as a person; I is one
    assert (
        one(figures, "SW-06c", M)["value"] == 1
    )  # D: the difference between leavers (A, B, D) and those of the census
    assert one(figures, "SW-13", M, period="rolling_12")["value"] == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("started", "left", "before", "within"),
    [
        ("30/09/2016", "30/09/2017", 1, 0),  # started the day before the window
        ("01/10/2016", "30/09/2017", 0, 1),
        ("01/10/2016", "01/10/2017", 0, 0),  # left the day after it
        ("01/01/2015", "01/10/2016", 1, 0),
        ("01/01/2015", "30/09/2016", 0, 0),
    ],
)
def test_who_started_and_left_in_the_window(tmp_path: Path, started: str, left: str, before: int, within: int) -> None:
    figures = workforce(tmp_path, spell("A", started, left))
    assert one(figures, "SW-06", M)["numerator"] == one(figures, "SW-06b", M)["numerator"] == before
    assert one(figures, "SW-06c", M)["value"] == within
    assert one(figures, "SW-07", M)["numerator"] == before + within


@pytest.mark.slow
def test_turnover_over_the_average_of_thirteen_month_ends(tmp_path: Path) -> None:
    """OLD is there on all 13, A on none but the first, B on 3 (June to August), C on the last alone."""
    figures = workforce(
        tmp_path,
        spell("A", "01/01/2015", "31/10/2016"),
        spell("B", "30/06/2017", "30/09/2017"),
        spell("C", "30/09/2017"),
        spell("D", "01/08/2016", "30/09/2016"),  # left before the first of them had passed
        spell("E", "01/01/2017", "31/12/2016") | {"left_on": "31/01/2017"},  # in post on no month end
    )
    top, bottom = counts(figures, "SW-07", M)
    assert (top, bottom) == (3, pytest.approx((13 + 1 + 3 + 1) / 13, abs=1e-6))
    assert one(figures, "SW-07", M)["value"] == pytest.approx(3 / (18 / 13), abs=1e-6)


@pytest.mark.slow
def test_two_posts_count_once_in_the_average(tmp_path: Path) -> None:
    figures = workforce(
        tmp_path, spell("A", "01/01/2015", fte="0.5"), spell("A", "01/06/2017", team="South", fte="0.5")
    )
    assert counts(figures, "SW-07", M) == (0, 2)


@pytest.mark.slow
def test_stability_index(tmp_path: Path) -> None:
    """In post on 30 September 2016: OLD, A, B, C, G, H and I; of them OLD, A, C and H are still here."""
    figures = workforce(
        tmp_path,
        spell("A", "30/09/2016"),
        spell("B", "01/01/2015", "30/09/2017"),  # left on the last day
        spell("C", "01/01/2015", "01/10/2017"),  # leaves the day after
        spell("D", "01/10/2016"),  # began a day too late
        spell("E", "01/01/2015", "30/09/2016"),  # gone by then
        spell("I", "01/01/2015", "01/10/2016"),  # left on the day after
        spell("F", "01/01/2015", contract="agency"),
        spell("G", "01/01/2015", "31/03/2017"), spell("G", "01/06/2017"),  # away for two months
        spell("H", "01/01/2015", "31/03/2017"), spell("H", "28/04/2017"),  # away for 28 days
    )  # fmt: skip
    assert counts(figures, "SW-08", M) == (4, 7)
    promoted = workforce(tmp_path / "p", spell("A", "01/01/2015", "01/05/2017", leaving_reason="internal_move"))
    assert counts(promoted, "SW-08", M) == (2, 2)


@pytest.mark.slow
def test_leavers_by_period_reason_and_where_they_went(tmp_path: Path) -> None:
    ended = [
        ("30/09/2017", "resignation", "other_la"),
        ("01/09/2017", "voluntary_redundancy", "agency"),
        ("31/08/2017", "retired", "not_social_care"),
        ("01/07/2017", "dismissed", "outside_england"),
        ("30/06/2017", "compulsory_redundancy", "other_social_work"),
        ("01/04/2017", "moved_within_la", "other_social_care"),
        ("31/03/2017", "career_break", "other"),
        ("01/10/2016", "deceased", "not_known"),
        ("02/10/2016", "other", ""),
        ("03/10/2016", "not_known", "other_la"),
        ("04/10/2016", "", "agency"),
        ("30/09/2016", "resignation", "other_la"),
        ("05/10/2016", "internal_move", "other_la"),
    ]
    rows = [
        spell(f"L{n}", "01/01/2015", day, leaving_reason=reason) | {"leaving_destination": where}
        for n, (day, reason, where) in enumerate(ended)
    ]
    figures = workforce(tmp_path, *rows)
    assert [
        one(figures, "SW-13", M, period=period)["value"]
        for period in ("month", "quarter", "year_to_date", "rolling_12")
    ] == [2, 4, 6, 11]
    year = figures[(figures["code"] == "SW-13") & (figures["period"] == "rolling_12")]
    reasons, places = (
        year[year["breakdown"] == name].set_index("group")["value"].astype(int).to_dict()
        for name in ("reason", "attrition")
    )
    assert reasons == {
        "resigned": 2, "retired": 1, "dismissed": 2, "other_role": 1, "career_break": 1, "other": 2, "not_known": 2,
    }  # fmt: skip
    assert places == {"other_authority": 2, "agency": 2, "out": 4, "not_known": 3}


@pytest.mark.slow
def test_two_posts_that_end_on_one_day_are_one_leaver(tmp_path: Path) -> None:
    posts = [spell("A", "01/01/2015", "15/09/2017", team=team, fte="0.5") for team in ("North", "South")]
    moved = spell("B", "01/01/2015", "15/09/2017", leaving_reason="internal_move", team="A", fte="0.5")
    figures = workforce(tmp_path, *posts, moved, spell("B", "01/01/2015", "15/09/2017", fte="0.5"))
    assert one(figures, "SW-13", M, period="month")["value"] == 2
    assert one(figures, "SW-06", M)["numerator"] == 1.5


@pytest.mark.slow
def test_the_rates_of_the_census_year_2017(tmp_path: Path) -> None:
    """37.6 / 270.4 = 13.9%, as published."""
    leavers = full_time_equivalents("A", "37.6", "01/01/2015", "01/05/2017")
    staying = full_time_equivalents("B", "269.4", "01/01/2015")
    figures = workforce(tmp_path, *leavers, *staying)
    assert counts(figures, "SW-06", M) == (pytest.approx(37.6), pytest.approx(270.4))
    assert round(one(figures, "SW-06", M)["value"], 3) == 0.139
