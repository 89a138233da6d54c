"""Social worker measures: domain.md 3.4 and rulings 11 and 16, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workspaces import counts, deliver, figures_of, new_workspace, one, spell

M = "2017-09"
OLD = spell("OLD", "01/01/2010")  # gives the list its history


def workforce(root: Path, *rows, month: str = M):
    workspace = new_workspace(root)
    deliver(workspace, month, "social_workers", [OLD, *rows])
    return figures_of(workspace, month)


def test_new_appointments_in_the_month_and_in_twelve(tmp_path: Path) -> None:
    figures = workforce(
        tmp_path,
        spell("A", "01/09/2017", newly_qualified="Y"),
        spell("B", "30/09/2017", "30/09/2017"),
        spell("C", "01/10/2016"),
        spell("D", "30/09/2016"),
        spell("E", "01/10/2017"),
        spell("F", "05/09/2017", contract="agency"),
    )
    assert one(figures, "SW-01", M, period="month")["value"] == 2
    assert one(figures, "SW-01", M, period="rolling_12")["value"] == 3
    assert one(figures, "SW-01", M, "newly_qualified", period="rolling_12")["value"] == 1


@pytest.mark.parametrize(("back_on", "appointments"), [("29/07/2017", 0), ("30/07/2017", 1)])
def test_a_break_of_28_days_is_no_break(tmp_path: Path, back_on: str, appointments: int) -> None:
    figures = workforce(tmp_path, spell("A", "01/01/2015", "01/07/2017"), spell("A", back_on))
    assert one(figures, "SW-01", M, period="rolling_12")["value"] == appointments


def test_a_promotion_or_second_post_is_no_appointment_and_a_conversion_from_agency_is_one(tmp_path: Path) -> None:
    figures = workforce(
        tmp_path,
        spell("A", "01/01/2015", "31/07/2017"), spell("A", "01/08/2017", team="South"),
        spell("B", "01/01/2015", fte="0.5"), spell("B", "01/08/2017", team="South", fte="0.5"),
        spell("C", "01/01/2017", "31/07/2017", contract="agency"), spell("C", "01/08/2017"),
    )  # fmt: skip
    assert one(figures, "SW-01", M, period="rolling_12")["value"] == 1


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


def test_an_exclusive_end_date_is_declared_by_the_layout(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [OLD, spell("A", "15/09/2016", "15/09/2017"), spell("B", "15/09/2016", "16/09/2017")]
    deliver(workspace, M, "social_workers", rows, name="people.csv")
    columns = "\n".join(f'{c} = "{c}"' for c in OLD if c != "cases")
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write(
            '[[layouts.social_workers]]\nname = "hr"\ndate_order = "day_first"\n'
            'files = ["people.csv"]\nignore = ["cases"]\n'
            f'left_on_is = "first_day_not_in_post"\n[layouts.social_workers.columns]\n{columns}\n'
        )
    assert counts(figures_of(workspace, M), "SW-03", M) == (1, 2)


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


def test_ended_records_come_from_the_extract_of_the_month_they_ended_in(tmp_path: Path) -> None:
    """Ruling 2: monthly lists of who is in post; a leaver is only in the list of the month of leaving."""
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
    figures = figures_of(workspace, M)
    assert counts(figures, "SW-06", M) == (1, 2)
    assert one(figures, "SW-06", "2017-07")["state"] == "not_available"  # the history does not reach far enough
