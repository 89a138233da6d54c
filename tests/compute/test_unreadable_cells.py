"""A cell that cannot be read is no blank: its record leaves the figures that it decides, and they say so (2.6)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.workspaces import Row, deliver, episode, figures_of, new_workspace, one, placement, spell

pytestmark = pytest.mark.slow
MONTH = "2017-05"
MORE = {"offered_at": "01/05/2017 12:00", "independent": "Y"}  # columns that interviews may have


def of_month(root: Path, dataset: str, rows: list[Row], months_back: int = 0) -> pd.DataFrame:
    workspace = new_workspace(root)
    deliver(workspace, MONTH, dataset, rows)
    return figures_of(workspace, MONTH, months_back)


def shown(figures: pd.DataFrame, code: str) -> tuple[object, ...]:
    """Numerator, denominator, how many of how many were left out, and why."""
    figure = one(figures, code, MONTH)
    return tuple(figure[["numerator", "denominator", "left_out", "left_out_of", "left_out_why"]])


def returned(number: int, **cells: str) -> Row:
    """A return of 1 May, offered that day, accepted and interviewed a day later by somebody independent."""
    usual = {"missing_from": "30/04/2017 10:00", "returned_at": "01/05/2017 10:00", "interview_at": "02/05/2017 10:00"}
    own = {name: cell for name, cell in cells.items() if name in MORE}
    return episode(number, **(usual | {name: cell for name, cell in cells.items() if name not in MORE})) | MORE | own


def returns(extract: Path, *unlike: dict[str, str], like: int, **cells: str) -> pd.DataFrame:
    rows = [returned(n, **(cells | unlike[n] if n < len(unlike) else cells)) for n in range(len(unlike) + like)]
    return of_month(extract, "return_home_interviews", rows)


def two_of_each(said: str, *columns: str) -> list[dict[str, str]]:
    """Two rows with nothing in each of some columns, or each time something else that cannot be read."""
    return [{column: said and f"{said} {column} {n}"} for column in columns for n in range(2)]


def test_of_an_interview(tmp_path: Path) -> None:
    """Of 40 returns two each say `perhaps` where it was offered, in its outcome, its time and who did it."""
    figures = returns(tmp_path, *two_of_each("perhaps", "offered", "outcome", "offered_at", "independent"), like=32)
    assert shown(figures, "RHI-03") == (38, 38, 2, 40, "offered unreadable")
    assert shown(figures, "RHI-08") == (36, 36, 4, 40, "offered time unreadable")
    assert shown(figures, "RHI-04") == (36, 36, 4, 40, "offered unreadable")
    assert shown(figures, "RHI-10") == (38, 38, 2, 40, "independent unreadable")
    assert shown(figures, "RHI-06") == (40, 40, 0, 0, "")
    steps = {code: one(figures, code, MONTH)["value"] for code in ("RHI-F06", "RHI-F07", "RHI-11c", "RHI-F09")}
    assert steps == {"RHI-F06": 40, "RHI-F07": 38, "RHI-11c": 2, "RHI-F09": 36}
    assert one(figures, "RHI-F12", MONTH)["value"] == 2


def test_of_an_interview_whose_cells_are_blank(tmp_path: Path) -> None:
    """The same with blanks: each counts as a no, and nothing is left out."""
    figures = returns(tmp_path, *two_of_each("", "offered", "outcome", "offered_at", "independent"), like=32)
    found = {code: shown(figures, code)[:3] for code in ("RHI-03", "RHI-08", "RHI-04", "RHI-10")}
    assert found == {"RHI-03": (38, 40, 0), "RHI-08": (36, 40, 0), "RHI-04": (36, 38, 0), "RHI-10": (38, 40, 0)}


def test_when_an_offer_was_made_matters_only_where_one_was(tmp_path: Path) -> None:
    """Two were not offered, whatever stands where the time would be: 38 of 40."""
    figures = returns(tmp_path, *[{"offered": "N", "offered_at": "none", "outcome": ""}] * 2, like=38)
    assert shown(figures, "RHI-08")[:3] == (38, 40, 0)


def test_an_outcome_that_cannot_be_read_may_have_been_a_refusal(tmp_path: Path) -> None:
    """40 without an interview: 30 declined, 8 did not, and of two it cannot be read."""
    unlike = [{"outcome": "perhaps"}] * 2 + [{"outcome": "pending"}] * 8
    figures = returns(tmp_path, *unlike, like=30, outcome="declined_child", interview_at="")
    assert shown(figures, "RHI-11b")[:1] == (8,)
    assert shown(figures, "RHI-11b")[2:] == (2, 10, "outcome unreadable")


def test_whether_an_interview_is_required_matters_only_with_a_reason_why_not(tmp_path: Path) -> None:
    """Two died and two have no reason: the first may be no duty, of the others one is whatever the cell says."""
    unlike = [{"rhi_required": "?", "not_required_reason": "died"}] * 2 + [{"rhi_required": "?", "offered": "N"}] * 2
    figures = returns(tmp_path, *unlike, like=36)
    assert shown(figures, "RHI-03") == (36, 38, 2, 40, "rhi required unreadable")
    assert shown(figures, "RHI-06")[:3] == (38, 38, 2)


PLACED = {"PL_DISTANCE": "30", "PL_LOCATION": "OUT", "UASC": "N"}


def placed(child: str, start: str, end: str = "", **cells: str) -> Row:
    """A child fostered by own carers, 30 miles from home and outside the boundary."""
    own = {name: cell for name, cell in cells.items() if name in PLACED}
    others = {name: cell for name, cell in cells.items() if name not in PLACED}
    return placement(child, start, end, **others) | PLACED | own


def test_of_a_placement(tmp_path: Path) -> None:
    """Of 80 children two each where a cell cannot be read; of two within the boundary the miles do not matter."""
    unlike = two_of_each("see", "PLACE", "PLACE_PROVIDER", "PL_LOCATION", "UASC", "PL_DISTANCE")
    unlike += [{"PL_DISTANCE": "far", "PL_LOCATION": "IN"}] * 2
    rows = [placed(f"C{n}", "01/05/2017", **(unlike[n] if n < len(unlike) else {})) for n in range(80)]
    figures = of_month(tmp_path, "placements", rows)
    assert one(figures, "PL-01", MONTH)["value"] == 80  # and every total of the pack agrees with it
    assert shown(figures, "PL-02") == (78, 78, 2, 80, "placement code unreadable")
    assert shown(figures, "PL-03") == (76, 76, 4, 80, "placement code unreadable")
    assert shown(figures, "PL-03c") == (76, 76, 4, 80, "placement code unreadable")
    assert shown(figures, "PL-10") == (76, 78, 2, 80, "location unreadable")
    assert shown(figures, "PL-09") == (72, 74, 6, 80, "distance miles unreadable")
    assert (one(figures, "PL-01u", MONTH)["value"], *shown(figures, "PL-01u")[2:]) == (
        0, 2, 2, "unaccompanied unreadable",
    )  # fmt: skip


def test_of_a_placement_whose_cells_are_blank(tmp_path: Path) -> None:
    unlike = two_of_each("", "PLACE", "PLACE_PROVIDER", "PL_LOCATION", "UASC", "PL_DISTANCE")
    rows = [placed(f"C{n}", "01/05/2017", **(unlike[n] if n < len(unlike) else {})) for n in range(80)]
    figures = of_month(tmp_path, "placements", rows)
    found = {code: shown(figures, code)[:3] for code in ("PL-02", "PL-03", "PL-10", "PL-09")}
    assert found == {"PL-02": (78, 80, 0), "PL-03": (76, 78, 0), "PL-10": (78, 80, 0), "PL-09": (76, 80, 0)}


def test_a_temporary_placement_has_the_defects_of_the_one_it_interrupts(tmp_path: Path) -> None:
    """In hospital at the month's end: where the child lives cannot be read."""
    rows = [placed(f"C{n}", "01/05/2017") for n in range(39)]
    rows += [
        placed("T", "01/05/2017", "20/05/2017", PLACE="ZZZ"),
        placed("T", "20/05/2017", RNE="P", PLACE="T1", PLACE_PROVIDER=""),
    ]
    figures = of_month(tmp_path, "placements", rows)
    assert shown(figures, "PL-02")[:4] == (39, 39, 1, 40)
    assert one(figures, "PL-01", MONTH)["value"] == 40


def test_why_a_placement_ended_may_have_been_unplanned(tmp_path: Path) -> None:
    ended = [placement(f"E{n}", "01/03/2017", "10/05/2017", REASON_PLACE_CHANGE="CARPL") for n in range(38)]
    ended += [placement(f"U{n}", "01/03/2017", "10/05/2017", REASON_PLACE_CHANGE="ZZZ") for n in range(2)]
    again = [placement(row["CHILD"], "10/05/2017", RNE="P", PL_POST="ZZ2 2ZZ") for row in ended]
    figures = of_month(tmp_path, "placements", [*ended, *again])
    assert shown(figures, "PL-11")[2:] == (
        2,
        one(figures, "PL-11", MONTH)["value"] + 2,
        "change reason code unreadable",
    )


def test_why_a_worker_left_may_have_been_a_promotion(tmp_path: Path) -> None:
    """Ten left in the month, for a reason that of two cannot be read; 30 are in post, one who has moved post before."""
    left = [spell(f"L{n}", "01/03/2015", "12/05/2017", leaving_reason="resignation") for n in range(8)]
    left += [spell(f"P{n}", "01/03/2015", "12/05/2017", leaving_reason="progression") for n in range(2)]
    stay = [spell(f"S{n}", "01/03/2015") for n in range(29)]
    moved = [spell("M", "01/03/2015", "30/04/2016", leaving_reason="progression"), spell("M", "01/05/2016")]
    figures = of_month(tmp_path, "social_workers", [*left, *stay, *moved], 0)
    assert (one(figures, "SW-13", MONTH)["value"], *shown(figures, "SW-13")[2:]) == (
        8, 2, 10, "leaving reason unreadable",
    )  # fmt: skip
    assert shown(figures, "SW-06b")[:3] == (8, 30, 2)
    assert shown(figures, "SW-08")[:3] == (30, 38, 2)
    assert one(figures, "SW-14b", MONTH)["value"] == 30


def test_whether_adopters_were_on_the_fast_track(tmp_path: Path) -> None:
    """Stage 1 due on 2 May: nine of ten were through; of one it cannot be read whether it had a stage 1."""
    usual = {"registered_on": "02/03/2017", "fast_track": "N", "stage1_ended_on": "20/04/2017",
             "stage2_started_on": "21/04/2017", "approved_on": "", "matched_on": "", "withdrawn_on": ""}  # fmt: skip
    old = {"household_id": "OLD"} | usual | {"registered_on": "01/06/2014", "stage1_ended_on": "01/07/2014",
           "stage2_started_on": "01/07/2014", "approved_on": "01/10/2014", "matched_on": "01/05/2015"}  # fmt: skip
    through = [{"household_id": f"H{n}"} | usual for n in range(9)]
    unread = {"household_id": "U"} | usual | {"fast_track": "??", "stage1_ended_on": "", "stage2_started_on": ""}
    figures = of_month(tmp_path, "adopters", [old, *through, unread], 12)
    figure = one(figures, "R9-02a", MONTH, period="month")
    assert figure[["numerator", "denominator", "left_out"]].tolist() == [9, 9, 1]
    assert one(figures, "R9-01", MONTH, "not_known")["value"] == 1
