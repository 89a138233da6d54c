"""Return home interview measures: the worked cases of definitions 3.18, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workspaces import counts, deliver, episode, figures_of, new_workspace, one

WITHIN = {
    "1 spring, over the change to summer time": ("2017-03", "25/03/2017 12:00", "28/03/2017 12:30", 1),
    "2 autumn, over the change to winter time": ("2017-10", "28/10/2017 12:00", "31/10/2017 11:30", 0),
    "3 Easter brings no relief": ("2018-03", "29/03/2018 18:00", "03/04/2018 09:00", 0),
    "4 exactly 72 hours": ("2018-05", "02/05/2018 10:00", "05/05/2018 10:00", 1),
    "4 a second more": ("2018-05", "02/05/2018 10:00:00", "05/05/2018 10:00:01", 0),
    "5 by date, three days": ("2018-05", "01/05/2018", "04/05/2018", 1),
    "5 by date, four days": ("2018-05", "01/05/2018", "05/05/2018", 0),
    "5 midnight is a date": ("2018-05", "01/05/2018 00:00", "04/05/2018 23:00", 1),
}


@pytest.mark.slow
@pytest.mark.parametrize(("month", "returned", "interview", "within"), WITHIN.values(), ids=WITHIN)
def test_within_72_hours(tmp_path: Path, month: str, returned: str, interview: str, within: int) -> None:
    workspace = new_workspace(tmp_path)
    deliver(workspace, "2018-06", "return_home_interviews", [episode(1, returned_at=returned, interview_at=interview)])
    assert counts(figures_of(workspace, "2018-06", codes=["RHI-06"]), "RHI-06", month) == (within, 1)


@pytest.mark.slow
def test_case_6_returned_less_than_72_hours_before_the_extract_is_not_yet_due(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [episode(1, returned_at="29/04/2018 20:00"), episode(2, returned_at="27/04/2018 23:59:59")]
    deliver(workspace, "2018-04", "return_home_interviews", rows)
    figures = figures_of(workspace, "2018-04")
    assert counts(figures, "RHI-06", "2018-04") == (0, 1)  # as at 30 April 23:59:59: exactly 72 hours is matured
    assert one(figures, "RHI-06", "2018-04")["provisional"]


@pytest.mark.slow
def test_only_returns_that_are_not_yet_due_is_not_available(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    deliver(workspace, "2018-04", "return_home_interviews", [episode(1, returned_at="29/04/2018 20:00")])
    figure = one(figures_of(workspace, "2018-04", codes=["RHI-06"]), "RHI-06", "2018-04")
    assert (figure["state"], figure["state_reason"]) == ("not_available", "not yet due")


@pytest.mark.slow
def test_case_7_still_missing_is_in_no_denominator_but_counts_as_missing(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [
        episode(1, missing_from="02/05/2018 10:00", outcome="", offered=""),
        episode(2, returned_at="03/05/2018 10:00"),
    ]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    figures = figures_of(workspace, "2018-05")
    assert counts(figures, "RHI-06", "2018-05") == (0, 1)
    assert one(figures, "RHI-01", "2018-05")["value"] == 2


@pytest.mark.slow
def test_case_8_declined_is_offered_and_neither_accepted_nor_completed(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    deliver(
        workspace,
        "2018-05",
        "return_home_interviews",
        [episode(1, returned_at="02/05/2018 10:00", outcome="declined_child")],
    )
    figures = figures_of(workspace, "2018-05")
    assert [counts(figures, code, "2018-05") for code in ("RHI-03", "RHI-04", "RHI-05", "RHI-06")] == [
        (1, 1), (0, 1), (0, 1), (0, 1),
    ]  # fmt: skip


@pytest.mark.slow
def test_case_9_one_interview_for_three_returns_is_timed_from_each(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    returns = ["02/05/2018 10:00", "04/05/2018 10:00", "05/05/2018 10:00"]
    rows = [episode(n, returned_at=at, interview_at="06/05/2018 09:00") for n, at in enumerate(returns)]
    deliver(workspace, "2018-06", "return_home_interviews", rows)
    figures = figures_of(workspace, "2018-06")
    assert counts(figures, "RHI-05", "2018-05") == (3, 3)
    assert counts(figures, "RHI-06", "2018-05") == (2, 3)


@pytest.mark.slow
def test_case_10_offered_blank_is_not_offered_and_na_too(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [
        episode(n, returned_at="02/05/2018 10:00", offered=o, outcome="") for n, o in enumerate(["", "NA", "N", "Y"])
    ]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    assert counts(figures_of(workspace, "2018-05", codes=["RHI-03"]), "RHI-03", "2018-05") == (1, 4)


@pytest.mark.slow
def test_completion_matures_after_28_days(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [
        episode(1, returned_at="02/05/2018 23:59:59", interview_at="20/05/2018 10:00"),
        episode(2, returned_at="03/05/2018 23:59:59", interview_at="05/05/2018 10:00"),
        episode(3, returned_at="04/05/2018 00:01", interview_at="05/05/2018 10:00"),
    ]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    figures = figures_of(workspace, "2018-05")
    assert counts(figures, "RHI-05", "2018-05") == (2, 2)  # as at 31 May 23:59:59: 28 days exactly is matured
    assert counts(figures, "RHI-06", "2018-05") == (2, 3)
    assert one(figures, "RHI-05", "2018-05")["provisional"]


@pytest.mark.soak
@pytest.mark.slow
def test_an_interview_between_found_and_returned_counts_as_within(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [
        episode(1, found_at="02/05/2018 10:00", returned_at="02/05/2018 20:00", interview_at="02/05/2018 15:00"),
        episode(2, found_at="02/05/2018 10:00", returned_at="02/05/2018 20:00", interview_at="02/05/2018 09:59"),
        episode(3, found_at="02/05/2018 10:00", interview_at="03/05/2018 09:59"),
    ]
    deliver(workspace, "2018-06", "return_home_interviews", rows)
    figures = figures_of(workspace, "2018-06")
    assert counts(figures, "RHI-06", "2018-05") == (2, 2)  # before the child was found: left out of this measure
    assert counts(figures, "RHI-05", "2018-05") == (3, 3)  # and of this one alone


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reason", "stays"),
    [
        ("aged_18", 0),
        ("died", 0),
        ("not_our_child", 0),
        ("recorded_in_error", 0),
        ("not_missing", 0),
        ("other", 1),
        ("", 1),
    ],
)
def test_only_a_listed_reason_takes_a_return_out(tmp_path: Path, reason: str, stays: int) -> None:
    workspace = new_workspace(tmp_path)
    rows = [
        episode(1, returned_at="02/05/2018 10:00", rhi_required="N", not_required_reason=reason),
        episode(2, returned_at="02/05/2018 10:00", not_required_reason=reason),
    ]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    assert counts(figures_of(workspace, "2018-05", codes=["RHI-03"]), "RHI-03", "2018-05") == (1 + stays, 1 + stays)


@pytest.mark.slow
def test_away_episodes_and_other_authorities_children_are_left_out(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [
        episode(1, returned_at="02/05/2018 10:00"),
        episode(2, returned_at="02/05/2018 10:00", category="A"),
        episode(3, returned_at="02/05/2018 10:00", responsible_la="Otherton"),
        episode(4, returned_at="02/05/2018 10:00", responsible_la=" exampleshire "),
        episode(5, returned_at="02/05/2018 10:00", responsible_la=""),
    ]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    figures = figures_of(workspace, "2018-05")
    assert one(figures, "RHI-01", "2018-05")["value"] == 3
    assert counts(figures, "RHI-06", "2018-05") == (0, 3)


@pytest.mark.slow
def test_children_are_counted_once_and_an_episode_in_the_month_of_its_start(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [
        episode(1, child_id="A", missing_from="30/04/2018 23:30", returned_at="01/05/2018 01:00"),
        episode(2, child_id="A", missing_from="30/04/2018 23:50", returned_at="04/05/2018 01:00"),
        episode(
            3, child_id="B", missing_from="01/05/2018 00:30", returned_at="04/05/2018 01:00", looked_after_flag="N"
        ),
        episode(4, child_id="C", missing_from="01/04/2018 10:00", returned_at="02/04/2018 10:00"),
    ]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    figures = figures_of(workspace, "2018-05")
    assert [one(figures, "RHI-01", m)["value"] for m in ("2018-04", "2018-05")] == [3, 1]
    assert [one(figures, "RHI-01c", m)["value"] for m in ("2018-04", "2018-05")] == [2, 1]
    assert counts(figures, "RHI-06", "2018-05")[1] == 3  # by the month of the return
    assert [one(figures, "RHI-01", "2018-05", g)["value"] for g in ("yes", "no")] == [0, 1]


@pytest.mark.slow
def test_an_empty_month_is_zero_and_its_share_not_applicable(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    rows = [episode(1, returned_at="02/03/2018 10:00"), episode(2, returned_at="02/05/2018 10:00")]
    deliver(workspace, "2018-05", "return_home_interviews", rows)
    figures = figures_of(workspace, "2018-05")
    assert (one(figures, "RHI-01", "2018-04")["value"], one(figures, "RHI-01", "2018-04")["state"]) == (0, "ok")
    assert one(figures, "RHI-06", "2018-04")["state"] == "not_applicable"
    assert one(figures, "RHI-06", "2018-02")["state"] == "not_available"


@pytest.mark.slow
def test_24_hours_on_the_last_day_of_a_month_is_the_next_month(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    times = {"missing_from": "31/03/2017 20:00", "returned_at": "31/03/2017 24:00", "interview_at": "03/04/2017 24:00"}
    late = {
        "missing_from": "31/03/2017 20:00",
        "returned_at": "31/03/2017 24:00:00",
        "interview_at": "04/04/2017 00:01",
    }
    rows = [episode(1, **times), episode(2, child_id="C2", **late)]
    deliver(workspace, "2017-05", "return_home_interviews", rows)
    figures = figures_of(workspace, "2017-05")
    assert counts(figures, "RHI-06", "2017-04") == (1, 2)  # 72:00 and 72:01 hours: by date both would be within
    assert one(figures, "RHI-06", "2017-03")["denominator"] != 2  # none returned in March
