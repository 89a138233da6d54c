"""Who is appointed and who stays, by hand: definitions 1.4, 2.2, 5.2, 5.4 and 5.5."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.staff import OLD, M, staff_figures, workforce
from tests.workspaces import counts, deliver, new_workspace, one, spell

CONVERTED = (spell("C", "01/01/2017", "31/07/2017", contract="agency"), spell("C", "01/08/2017", fte="0.8"))


def value(figures: pd.DataFrame, code: str, period: str, group: str = "all") -> float:
    return float(one(figures, code, M, group, period)["value"])


@pytest.mark.slow
def test_new_appointments_by_period(tmp_path: Path) -> None:
    figures = workforce(
        tmp_path,
        spell("A", "01/09/2017", newly_qualified="Y", fte="0.5"),
        spell("B", "30/09/2017", "30/09/2017"),
        spell("C", "31/08/2017", newly_qualified=""),
        spell("D", "01/07/2017"),
        spell("E", "30/06/2017"),
        spell("F", "01/04/2017"),
        spell("G", "31/03/2017"),
        spell("H", "01/10/2016"),
        spell("I", "30/09/2016"),
        spell("J", "01/10/2017"),
        spell("K", "05/09/2017", contract="agency"),
    )
    assert value(figures, "SW-01", "month") == 2
    assert value(figures, "SW-01", "quarter") == 4
    assert value(figures, "SW-01", "year_to_date") == 6
    assert value(figures, "SW-01", "rolling_12") == 8
    assert [value(figures, "SW-01b", period) for period in ("month", "quarter", "year_to_date", "rolling_12")] == [
        1.5, 3.5, 5.5, 7.5,
    ]  # fmt: skip
    groups = {group: value(figures, "SW-01", "rolling_12", group) for group in ("newly_qualified", "experienced")}
    assert groups == {"newly_qualified": 1, "experienced": 6}
    assert value(figures, "SW-01", "rolling_12", "not_known") == 1
    assert figures[(figures["period"] == "quarter") & (figures["breakdown"] != "all")].empty


def test_no_quarter_ends_in_august(tmp_path: Path) -> None:
    figures = workforce(tmp_path, spell("A", "01/08/2017"), month="2017-08")
    assert "quarter" not in set(figures["period"])


@pytest.mark.slow
@pytest.mark.parametrize(("back_on", "appointments"), [("28/07/2017", 0), ("29/07/2017", 0), ("30/07/2017", 1)])
def test_a_break_of_28_days_is_no_break(tmp_path: Path, back_on: str, appointments: int) -> None:
    """Breaks of 27, 28 and 29 days: whoever is back is no leaver, either."""
    figures = workforce(tmp_path, spell("A", "01/01/2015", "01/07/2017"), spell("A", back_on))
    assert value(figures, "SW-01", "rolling_12") == appointments
    assert value(figures, "SW-13", "rolling_12") == appointments


@pytest.mark.slow
def test_a_spell_that_ended_before_the_period_may_go_on_in_it(tmp_path: Path) -> None:
    """One in each period in which somebody could be new: away for 15 days over its first day."""
    figures = workforce(
        tmp_path,
        spell("A", "01/01/2010", "20/09/2016"), spell("A", "05/10/2016"),
        spell("B", "01/01/2010", "20/03/2016"), spell("B", "05/04/2016"),
        spell("C", "01/01/2010", "20/09/2015"), spell("C", "05/10/2015"),
        spell("D", "01/01/2010", "20/09/2014"), spell("D", "05/10/2014"),
    )  # fmt: skip
    assert value(figures, "SW-01", "rolling_12") == 0
    assert [one(figures, code, M)["state"] for code in ("SW-02", "SW-03", "SW-04")] == ["not_applicable"] * 3
    assert one(figures, "SW-05a", M)["state_reason"] == "nothing to count"


@pytest.mark.slow
def test_a_promotion_or_second_post_is_no_appointment_and_a_conversion_from_agency_is_one(tmp_path: Path) -> None:
    figures = workforce(
        tmp_path,
        spell("A", "01/01/2015", "31/07/2017"), spell("A", "01/08/2017", team="South"),
        spell("B", "01/01/2015", fte="0.5"), spell("B", "01/08/2017", team="South", fte="0.5"),
        *CONVERTED,
    )  # fmt: skip
    assert value(figures, "SW-01", "rolling_12") == 1
    assert value(figures, "SW-01", "rolling_12", "from_agency") == 1
    assert value(figures, "SW-01b", "rolling_12", "from_agency") == 0.8
    assert value(figures, "SW-01", "rolling_12", "new") == 0
    assert value(figures, "SW-13", "rolling_12") == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("agency_from", "agency_to", "origin"),
    [
        ("01/01/2017", "04/08/2017", "from_agency"),  # 28 days before
        ("01/01/2017", "03/08/2017", "new"),
        ("01/01/2017", "", "from_agency"),  # nobody has ended the agency spell yet
        ("01/09/2017", "", "new"),  # began when the appointment did
    ],
)
def test_who_comes_from_agency_work_here(tmp_path: Path, agency_from: str, agency_to: str, origin: str) -> None:
    agency = spell("C", agency_from, agency_to, contract="agency")
    figures = workforce(tmp_path, agency, spell("C", "01/09/2017"), spell("D", "01/01/2017", contract="agency"))
    assert value(figures, "SW-01", "month", origin) == value(figures, "SW-01", "month") == 1


@pytest.mark.slow
def test_two_posts_from_the_first_day_are_one_appointment_with_the_hours_of_both(tmp_path: Path) -> None:
    both = [spell("A", "04/09/2017", fte="0.5"), spell("A", "04/09/2017", team="South", fte="0.3")]
    figures = workforce(tmp_path, *both, spell("A", "11/09/2017", team="East", fte="0.2"))
    assert (value(figures, "SW-01", "month"), value(figures, "SW-01b", "month")) == (1, 0.8)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("started", "left", "counted", "kept"),
    [
        ("15/09/2016", "", 1, 1),
        ("15/09/2016", "14/09/2017", 1, 0),
        ("15/09/2016", "15/09/2017", 1, 1),  # last day worked is the anniversary
        ("30/09/2016", "", 1, 1),
        ("01/10/2016", "", 0, 0),  # not there yet
        ("01/10/2015", "", 1, 1),
        ("30/09/2015", "", 0, 0),  # its anniversary was on 30 September 2016
        ("29/02/2016", "28/02/2017", 1, 1),
        ("29/02/2016", "27/02/2017", 1, 0),
        ("10/11/2016", "10/12/2016", 0, 0),  # left already, and its anniversary is still to come
    ],
)
def test_retained_on_the_anniversary(tmp_path: Path, started: str, left: str, counted: int, kept: int) -> None:
    figures = workforce(tmp_path, spell("A", started, left), spell("B", "01/03/2016"))
    assert counts(figures, "SW-03", M) == (kept + 1, counted + 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("started", "left", "kept"),
    [
        ("31/08/2016", "27/02/2017", 0),  # 31 August and 6 months is 28 February
        ("31/08/2016", "28/02/2017", 1),
        ("31/03/2017", "29/09/2017", 0),
        ("31/03/2017", "30/09/2017", 1),
        ("01/04/2016", "30/09/2016", None),  # due on 1 October 2016, the first day of the window
    ],
)
def test_retained_at_six_months(tmp_path: Path, started: str, left: str, kept: int | None) -> None:
    figures = workforce(tmp_path, spell("A", started, left), spell("B", "01/12/2016"))
    assert counts(figures, "SW-02", M) == ((kept or 0) + 1, 2)


@pytest.mark.slow
def test_retained_at_24_months_and_a_leap_day(tmp_path: Path) -> None:
    figures = workforce(
        tmp_path,
        spell("A", "31/08/2014", "31/08/2016"),  # due on 31 August 2016: before the window
        spell("B", "01/10/2014", "30/09/2016"),  # due on the window's first day, left the day before
        spell("C", "30/09/2015"),
        spell("D", "01/10/2015", "05/10/2015"),  # not due yet
        spell("E", "29/02/2015", "") | {"started_on": "28/02/2015", "left_on": "27/02/2017"},
    )
    assert counts(figures, "SW-04", M) == (1, 3)
    assert one(figures, "SW-04b", M)["value"] == 1
    leap = workforce(tmp_path / "leap", spell("A", "29/08/2015", "29/02/2016"), month="2016-02")
    assert counts(leap, "SW-02", "2016-02") == (1, 1)


@pytest.mark.slow
def test_those_not_there_yet_are_left_out_and_counted(tmp_path: Path) -> None:
    figures = workforce(
        tmp_path,
        spell("A", "31/03/2017"),  # six months on 30 September: due
        spell("B", "01/04/2017", newly_qualified="Y"),  # on 1 October
        spell("C", "01/09/2017", "08/09/2017"),  # gone already, and still not due
        spell("D", "01/10/2017"),  # appointed after the month
    )
    assert counts(figures, "SW-02", M) == (1, 1)
    assert [one(figures, code, M)["value"] for code in ("SW-02b", "SW-03b", "SW-04b")] == [2, 3, 3]
    assert one(figures, "SW-02b", M, "newly_qualified")["value"] == 1
    waiting, nobody = (one(figures, "SW-02", M, group) for group in ("newly_qualified", "not_known"))
    assert (waiting["state"], waiting["state_reason"]) == ("not_available", "not yet due")
    assert (nobody["state"], nobody["state_reason"]) == ("not_applicable", "nothing to count")


def test_an_extract_made_before_the_month_ended_does_not_know_later_anniversaries(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    deliver(workspace, M, "social_workers", [OLD, spell("A", "15/09/2016"), spell("B", "16/09/2016")])
    (workspace.raw / M / "delivery.toml").write_text("extracted_at = 2017-09-15T18:00:00\n", encoding="utf-8")
    figures = staff_figures(workspace)
    assert counts(figures, "SW-03", M) == (1, 1)
    assert one(figures, "SW-03b", M)["value"] == 1
    assert one(figures, "SW-03", M)["provisional"]


@pytest.mark.slow
def test_who_was_promoted_out_of_the_list_is_still_here(tmp_path: Path) -> None:
    moved = spell("A", "01/03/2016", "31/07/2016", leaving_reason="internal_move")
    figures = workforce(tmp_path, moved, spell("B", "01/03/2016", "31/07/2016", leaving_reason="moved_within_la"))
    assert counts(figures, "SW-03", M) == (1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("exclusive", [False, True])
def test_the_last_day_worked_may_be_the_anniversary_however_it_is_written(tmp_path: Path, exclusive: bool) -> None:
    last, too_early = ("16/09/2017", "15/09/2017") if exclusive else ("15/09/2017", "14/09/2017")
    rows = [spell("A", "15/09/2016", last), spell("B", "15/09/2016", too_early)]
    figures = workforce(tmp_path, *rows, first_day_not_in_post=exclusive)
    assert counts(figures, "SW-03", M) == (1, 2)


@pytest.mark.slow
def test_a_cohort_needs_the_history_of_its_starters(tmp_path: Path) -> None:
    """Two years, twelve months of starters, and the month before them: 37 months with the month itself."""
    started = spell("A", "01/09/2015")
    for oldest, reason in (("01/09/2014", ""), ("01/10/2014", "history missing: 2014-09")):
        workspace = new_workspace(tmp_path / oldest[3:5])
        deliver(workspace, M, "social_workers", [spell("OLD", oldest), started])
        figures = staff_figures(workspace)
        assert one(figures, "SW-04", M)["state_reason"] == reason
        assert one(figures, "SW-05c", M)["state_reason"] == (reason or "fewer than 10 at risk")
        assert one(figures, "SW-03", M)["state_reason"] == "nothing to count"


@pytest.mark.soak
@pytest.mark.slow
def test_ended_records_come_from_the_extract_of_the_month_they_ended_in(tmp_path: Path) -> None:
    """Definitions 1.4: monthly lists of who is in post; a leaver is only in the list of the month of leaving."""
    workspace = new_workspace(tmp_path)
    layout = (
        '[[layouts.social_workers]]\nname = "hr"\ndate_order = "day_first"\nfiles = ["staff.csv"]\nignore = ["cases"]\n'
        'covers = { span = "month", selects_by = "overlap" }\n[layouts.social_workers.columns]\n'
        + "".join(f'{c} = "{c}"\n' for c in OLD if c != "cases")
    )
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write(layout)
    leaver = {"2016-09": "", "2016-10": "20/10/2016"}
    for n in range(14):
        month = f"{2016 + (n + 7) // 12}-{(n + 7) % 12 + 1:02d}"
        rows = [OLD, spell("B", "01/01/2015")]
        if month <= "2016-10":
            rows.append(spell("A", "01/01/2015", leaver.get(month, "")))
        deliver(workspace, month, "social_workers", rows, name="staff.csv")
    figures = staff_figures(workspace)
    assert counts(figures, "SW-06", M) == (1, 2)
    assert (
        one(staff_figures(workspace, "2017-07"), "SW-06", "2017-07")["state"] == "not_available"
    )  # too little history
