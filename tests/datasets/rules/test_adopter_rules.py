"""Every rule about prospective adopters: broken, and only just kept."""

from __future__ import annotations

import pytest

from perfpipe.datasets.row_check import RowCheck
from tests.builders import AS_AT
from tests.datasets.rules.cases import Case, assert_case, checks_of, judged

STARTED = {"stage1_ended_on": "", "stage2_started_on": "", "approved_on": ""}
CASES = {
    "registered_after_extract": Case(
        [STARTED | {"registered_on": "01/08/2017"}], [[STARTED | {"registered_on": "31/07/2017"}]]
    ),
    "approved_after_extract": Case([{"approved_on": "01/08/2017"}], [[{"approved_on": "31/07/2017"}]]),
    "stage_1_ended_after_extract": Case([{"stage1_ended_on": "01/08/2017"}], [[{"stage1_ended_on": "31/07/2017"}]]),
    "stage_2_started_after_extract": Case(
        [{"stage2_started_on": "01/08/2017", "approved_on": ""}],
        [[{"stage2_started_on": "31/07/2017", "approved_on": ""}]],
    ),
    "withdrawn_after_extract": Case([{"withdrawn_on": "01/08/2017"}], [[{"withdrawn_on": "31/07/2017"}]]),
    "matched_after_extract": Case([{"matched_on": "01/08/2017"}], [[{"matched_on": "31/07/2017"}]]),
    "approved_before_registered": Case(
        [STARTED | {"approved_on": "03/01/2017"}], [[STARTED | {"approved_on": "04/01/2017"}]]
    ),
    "matched_before_registered": Case([{"matched_on": "03/01/2017"}], [[{"matched_on": "04/01/2017"}]]),
    "withdrawn_before_registered": Case(
        [STARTED | {"withdrawn_on": "03/01/2017"}], [[STARTED | {"withdrawn_on": "04/01/2017"}]]
    ),
    "stage_1_ended_before_registered": Case(
        [{"stage1_ended_on": "03/01/2017"}], [[{"stage1_ended_on": "04/01/2017"}]]
    ),
    "approved_before_stage_2": Case([{"approved_on": "05/03/2017"}], [[{"approved_on": "06/03/2017"}]]),
    "stage_2_before_end_of_stage_1": Case(
        [{"stage2_started_on": "28/02/2017"}], [[{"stage2_started_on": "01/03/2017"}]]
    ),
    "stage_1_end_blank": Case(
        [{"stage1_ended_on": ""}], [[{"stage1_ended_on": "", "fast_track": "Y"}], [STARTED]]
    ),
    "stage_2_start_blank": Case(
        [{"stage2_started_on": ""}],
        [[{"stage2_started_on": "", "approved_on": ""}], [{"stage2_started_on": "", "fast_track": "Y"}]],
    ),
    "fast_track_with_stage_1": Case([{"fast_track": "Y"}], [[{"fast_track": "Y", "stage1_ended_on": ""}], [{}]]),
    "break_too_long": Case(
        [{"registered_on": "01/08/2016", "stage1_ended_on": "31/08/2016", "stage2_started_on": "01/03/2017"}],
        [[{"registered_on": "01/08/2016", "stage1_ended_on": "31/08/2016", "stage2_started_on": "28/02/2017"}]],
    ),
    "matched_before_approved": Case([{"matched_on": "02/07/2017"}], [[{"matched_on": "03/07/2017"}]]),
    "matched_without_approval": Case([{"approved_on": "", "matched_on": "03/07/2017"}], [[{"approved_on": ""}]]),
    "withdrawn_and_went_on": Case(
        [
            {"withdrawn_on": "02/07/2017"},
            {"household_id": "2", "withdrawn_on": "04/07/2017", "matched_on": "05/07/2017"},
        ],
        [[{"withdrawn_on": "03/07/2017"}], [{"withdrawn_on": "05/07/2017", "matched_on": "05/07/2017"}]],
        rows=[2, 3],
    ),
    "registered_before_two_stages": Case(
        [STARTED | {"registered_on": "30/06/2013"}], [[STARTED | {"registered_on": "01/07/2013"}]]
    ),
}  # fmt: skip


def test_every_rule_has_a_case() -> None:
    assert {check.rule.id for check in checks_of("adopters")} == set(CASES)


def test_a_clean_record_breaks_no_rule() -> None:
    fast = {"household_id": "2", "fast_track": "Y", "stage1_ended_on": ""}
    assert judged("adopters", [{}, fast, STARTED | {"household_id": "3"}], AS_AT).faults == []


@pytest.mark.parametrize("check", checks_of("adopters"), ids=lambda check: check.rule.id)
def test_rule(check: RowCheck) -> None:
    assert_case("adopters", check, CASES[check.rule.id])
