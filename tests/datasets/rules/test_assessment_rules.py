"""Every rule about assessments: broken, and only just kept."""

from __future__ import annotations

import pytest

from perfpipe.datasets.row_check import RowCheck
from tests.builders import AS_AT
from tests.datasets.rules.cases import Case, assert_case, checks_of, judged

OPEN = {"authorised_on": "", "outcome": ""}
CASES = {
    "authorised_before_start": Case(
        [{"authorised_on": "01/05/2017", "seen_on": ""}], [[{"authorised_on": "02/05/2017", "seen_on": ""}]]
    ),
    "authorised_after_extract": Case([{"authorised_on": "01/08/2017"}], [[{"authorised_on": "31/07/2017"}]]),
    "referral_after_start": Case(
        [{"referral_on": "03/05/2017"}], [[{"referral_on": "02/05/2017"}], [{"referral_on": ""}]]
    ),
    "referral_after_extract": Case([{"referral_on": "01/08/2017"}], [[{"referral_on": "31/07/2017"}]]),
    "seen_after_extract": Case([{"seen_on": "01/08/2017"}], [[{"seen_on": "31/07/2017"}]]),
    "assessment_after_extract": Case([{"started_on": "01/08/2017", **OPEN}], [[{"started_on": "31/07/2017", **OPEN}]]),
    "assessment_of_former_kind": Case(
        [{"referral_on": "", "started_on": "14/04/2013"}], [[{"referral_on": "", "started_on": "15/04/2013"}]]
    ),
    "assessment_open_too_long": Case(
        [{"started_on": "30/07/2016", "referral_on": "", **OPEN}],
        [
            [{"started_on": "31/07/2016", "referral_on": "", **OPEN}],
            [{"started_on": "30/07/2016", "referral_on": ""}],
        ],
    ),
    "assessed_as_adult": Case(
        [{"dob": "02/05/1999"}], [[{"dob": "03/05/1999"}], [{"dob": ""}], [{"dob": "01/09/2017"}]]
    ),
    "child_seen_blank": Case(
        [{"child_seen": "", "seen_on": ""}, {"assessment_id": "A2"}],
        [[{"child_seen": "", "seen_on": "", **OPEN}, {"assessment_id": "A2"}], [{"child_seen": "", "seen_on": ""}]],
    ),
    "seen_without_date": Case(
        [{"seen_on": ""}, {"assessment_id": "A2"}],
        [[{"seen_on": ""}], [{"seen_on": "", "child_seen": "N"}, {"assessment_id": "A2"}]],
    ),
    "not_seen_but_dated": Case([{"child_seen": "N"}], [[{}], [{"child_seen": "N", "seen_on": ""}]]),
    "seen_after_authorised": Case([{"seen_on": "06/06/2017"}], [[{"seen_on": "05/06/2017"}]]),
    "assessment_outcome_blank": Case(
        [{"outcome": ""}, {"assessment_id": "A2"}], [[OPEN, {"assessment_id": "A2"}], [{"outcome": ""}]]
    ),
    "outcome_without_authorisation": Case([{"authorised_on": ""}], [[OPEN], [{}]]),
}


def test_every_rule_has_a_case() -> None:
    assert {check.rule.id for check in checks_of("assessments")} == set(CASES)


def test_a_clean_record_breaks_no_rule() -> None:
    assert judged("assessments", [{}, {"assessment_id": "A2", **OPEN}], AS_AT).faults == []


@pytest.mark.parametrize("check", checks_of("assessments"), ids=lambda check: check.rule.id)
def test_rule(check: RowCheck) -> None:
    assert_case("assessments", check, CASES[check.rule.id])
