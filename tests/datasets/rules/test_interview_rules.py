"""Every rule about missing episodes and interviews: broken, and only just kept.

Records differ from an episode from 01/05/2017 20:00 to 02/05/2017 10:00, interview on 03/05/2017 10:00.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from perfpipe.datasets.row_check import RowCheck
from tests.builders import AS_AT
from tests.datasets.rules.cases import Case, Changes, assert_case, checks_of, judged, rows_found

RHI = "return_home_interviews"
NOT_DONE = {"interview_at": "", "outcome": ""}
STILL_AWAY = {"returned_at": "", **NOT_DONE}


def second(**changes: object) -> Changes:
    """Another episode of the same child."""
    return {"episode_id": "E2", **changes}


def returned(day: str, **changes: object) -> Changes:
    return {"missing_from": "01/05/2017 20:00", "returned_at": day, **NOT_DONE, **changes}


CASES = {
    "return_before_missing": Case(
        [{"returned_at": "01/05/2017 19:59"}, second(child_id="2", returned_at="", found_at="01/05/2017 19:00")],
        [[{"returned_at": "01/05/2017 20:00"}], [{"returned_at": "01/05/2017"}]],  # only a date: the same day
        rows=[2, 3],
    ),
    "return_after_extract": Case(
        [returned("01/08/2017 00:01")], [[returned("31/07/2017 23:59")], [returned("31/07/2017 24:00")]]
    ),
    "found_before_missing": Case(
        [{"found_at": "01/05/2017 19:59"}],
        [
            [{"found_at": "01/05/2017 20:00"}],
            [{"found_at": "01/05/2017"}],  # only a date: the same day
            [{"found_at": "01/05/2017 19:59", "returned_at": ""}],  # return_before_missing tells it
        ],
    ),
    "found_after_return": Case(
        [{"found_at": "02/05/2017 10:01"}], [[{"found_at": "02/05/2017 10:00"}], [{"found_at": "02/05/2017"}]]
    ),
    "found_after_extract": Case(
        [{"found_at": "01/08/2017 00:01", "interview_at": ""}], [[{"found_at": "01/08/2017 00:00"}], [{"found_at": ""}]]
    ),
    "missing_child_born_after_extract": Case([{"dob": "01/08/2017"}], [[{"dob": "31/07/2017"}], [{"dob": ""}]]),
    "missing_after_extract": Case(
        [STILL_AWAY | {"missing_from": "01/08/2017 00:01"}], [[STILL_AWAY | {"missing_from": "31/07/2017 23:59"}]]
    ),
    "missing_before_birth": Case([{"dob": "01/05/2017"}], [[{"dob": "30/04/2017"}], [{"dob": ""}]]),
    "overlapping_missing": Case(
        [{}, second(missing_from="02/05/2017 09:59"), second(episode_id="E3", child_id="2", **STILL_AWAY),
         second(episode_id="E4", child_id="2", missing_from="09/05/2017 20:00")],
        [
            [{}, second(missing_from="02/05/2017 10:00")],
            [{}, second(missing_from="02/05/2017")],  # only a date, the day the other ended
            [{}, second(child_id="C2")],
            [{"found_at": "02/05/2017 08:00"}, second(missing_from="02/05/2017 09:00")],  # found, and off again
        ],
        rows=[3, 5],
    ),
    "aged_18_during_episode": Case(
        [{"dob": "02/05/1999"}, second(child_id="2", dob="31/07/1999", **STILL_AWAY)],
        [
            [{"dob": "03/05/1999"}], [second(dob="01/08/1999", **STILL_AWAY)],
            [{"dob": "02/05/1999", "rhi_required": "N", "not_required_reason": "aged_18"}],
        ],
        rows=[2, 3],
    ),
    "not_18_yet": Case(
        [{"dob": "03/05/1999", "rhi_required": "N", "not_required_reason": "aged_18"}],
        [[{"dob": dob, "rhi_required": "N", "not_required_reason": "aged_18"}] for dob in ("02/05/1999", "")],
    ),
    "reason_not_listed": Case(
        [{"rhi_required": "N", "not_required_reason": "other"}, second(child_id="2", rhi_required="N")],
        [[{"rhi_required": "N", "not_required_reason": "died"}], [{"rhi_required": "Y"}]],
        rows=[2, 3],
    ),
    "reason_but_required": Case(
        [{"rhi_required": "Y", "not_required_reason": "died"}, second(child_id="2", not_required_reason="died")],
        [[{"rhi_required": "N", "not_required_reason": "died"}]],
        rows=[2, 3],
    ),
    "closed_without_return": Case(
        [STILL_AWAY | {"closed_reason": "Returned"}], [[{"closed_reason": "Returned"}], [STILL_AWAY]]
    ),
    "birth_dates_of_missing_child_differ": Case(
        [{"dob": "01/06/2003"}, second(missing_from="03/05/2017 10:00", dob="02/06/2003")],
        [[{"dob": "01/06/2003"}, second(dob="")], [{"dob": "01/06/2003"}, second(child_id="2", dob="02/06/2003")]],
        rows=[2, 3],
    ),
    "returned_at_date_only": Case([{"returned_at": "02/05/2017 00:00"}], [[{"returned_at": "02/05/2017 00:01"}]]),
    "interview_before_found": Case([{"interview_at": "02/05/2017 09:59"}], [[{"interview_at": "02/05/2017 10:00"}]]),
    "interview_after_extract": Case([{"interview_at": "01/08/2017 00:01"}], [[{"interview_at": "31/07/2017 23:59"}]]),
    "interview_without_return": Case([{"returned_at": ""}], [[{"returned_at": "", "found_at": "02/05/2017 10:00"}]]),
    "offered_blank": Case([{"offered": ""}], [[{"offered": "NA"}], [{"offered": "", "category": "A"}]]),
    "not_applicable_but_required": Case(
        [{"offered": "NA"}, second(child_id="2", offered="NA", rhi_required="N", not_required_reason="other")],
        [[{"offered": "NA", "rhi_required": "N", "not_required_reason": "died"}], [{"offered": "N"}],
         [{"offered": "NA", **STILL_AWAY}]],
        rows=[2, 3],
    ),
    "offered_before_missing": Case(
        [{"offered_at": "01/05/2017 19:59"}], [[{"offered_at": "01/05/2017 20:00"}], [{"offered_at": "01/05/2017"}]]
    ),
    "offered_after_extract": Case([{"offered_at": "01/08/2017 00:01"}], [[{"offered_at": "31/07/2017 23:59"}]]),
    "outcome_without_offer": Case(
        [{"offered": "N"}, second(child_id="2", offered="NA", outcome="declined_parent", interview_at="")],
        [[{"offered": "N", "outcome": "pending"}], [{"offered": ""}], [{}]],
        rows=[2, 3],
    ),
    "interview_without_offer": Case(
        [{"offered": "N", "outcome": "pending"}], [[{"offered": "N"}], [{"offered": "", "outcome": "pending"}]]
    ),
    "interview_not_accepted": Case(
        [{"outcome": "declined_child"}, second(child_id="2", outcome="")],
        [[{}], [{"outcome": "declined_child", "interview_at": ""}]],
        rows=[2, 3],
    ),
    "accepted_but_not_done": Case(  # the extract is of 31/07/2017 22:59:59 UTC, 23:59:59 in London
        [returned("03/07/2017 23:59", outcome="accepted")],
        [[returned("04/07/2017 00:01", outcome="accepted")],
         [returned("03/07/2017", outcome="accepted", category="A")]],
    ),
    "pending_too_long": Case(
        [returned("03/07/2017 23:59", outcome="pending")], [[returned("04/07/2017 00:01", outcome="pending")]]
    ),
    "interview_shared_differently": Case(
        [
            {"interview_id": "I1"},
            second(interview_id="I1", missing_from="02/05/2017 12:00", returned_at="02/05/2017 14:00",
                   interview_at="03/05/2017 10:01"),
        ],
        [
            [{"interview_id": "I1"},
             second(interview_id="I1", missing_from="02/05/2017 12:00", returned_at="02/05/2017 14:00")],
            [{}, second(child_id="2", interview_at="03/05/2017 10:01")],  # without a number
        ],
        rows=[2, 3],
    ),
    "away_with_interview": Case([{"category": "A"}], [[{}], [{"category": "A", "interview_at": ""}]]),
    "interview_at_date_only": Case([{"interview_at": "03/05/2017"}], [[{"interview_at": "03/05/2017 00:01"}]]),
}  # fmt: skip


def test_every_rule_has_a_case() -> None:
    assert set(CASES) == {check.rule.id for check in checks_of(RHI)}


def test_a_clean_record_breaks_no_rule() -> None:
    assert judged(RHI, [{}], AS_AT).faults == []


@pytest.mark.parametrize("check", checks_of(RHI), ids=lambda check: check.rule.id)
def test_rule(check: RowCheck) -> None:
    assert_case(RHI, check, CASES[check.rule.id])


def test_a_return_at_the_minute_of_the_extract_is_possible() -> None:
    made = datetime(2017, 7, 31, 22, 59, tzinfo=UTC)
    for time, rows in (("23:59", []), ("23:58", []), ("00:00", [2])):
        day = "01/08/2017" if time == "00:00" else "31/07/2017"
        found = rows_found("return_home_interviews", "return_after_extract", [returned(f"{day} {time}")], made)
        assert found == rows, time


@pytest.mark.parametrize(
    ("dataset", "other", "rule", "in_doubt"),
    [
        (RHI, {"episode_id": "E2", "missing_from": "29/04/2017 10:00"}, "birth_dates_of_missing_child_differ", []),
        ("placements", {"started_on": "01/03/2017"}, "birth_dates_of_child_differ", [("dob", True), ("dob", True)]),
    ],
)
def test_two_dates_of_birth_are_told_by_both_rows_and_take_out_only_what_needs_one(
    dataset: str, other: Changes, rule: str, in_doubt: list[tuple[str, bool]]
) -> None:
    """No figure of missing children needs an age."""
    found = judged(dataset, [{"dob": "01/06/2003"}, {**other, "dob": "02/06/2003"}], AS_AT)
    told = [fault for fault in found.faults if fault.rule == rule]
    assert [(fault.row, fault.severity, fault.defect) for fault in told] == [(2, "warn", ""), (3, "warn", "")]
    assert len(found.rows) == 2
    assert list(zip(found.left_out["faulty_columns"], found.left_out["usable"], strict=True)) == in_doubt
    assert found.rows["dob"].isna().all() == bool(in_doubt)
