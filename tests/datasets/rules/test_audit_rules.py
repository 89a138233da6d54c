"""Every rule about audits: broken, and only just kept."""

from __future__ import annotations

import pytest

from perfpipe.datasets.row_check import RowCheck
from tests.builders import AS_AT
from tests.datasets.rules.cases import Case, assert_case, checks_of, judged

BEFORE = {"audit_id": "Q0", "audited_on": "01/05/2017", "overall_grade": "inadequate"}
AGAIN = {"previous_audit_id": "Q0"}
CASES = {
    "audited_after_extract": Case([{"audited_on": "01/08/2017"}], [[{"audited_on": "31/07/2017"}]]),
    "audit_not_graded": Case([{"overall_grade": ""}], [[{"overall_grade": "", "moderated_grade": "good"}]]),
    "audit_before_not_graded": Case(
        [AGAIN, {"audit_id": "Q2", "previous_audit_id": "Q2", "previous_grade": "good"}],
        [[BEFORE, AGAIN], [AGAIN | {"previous_grade": "good"}], [{}]],
        rows=[2, 3],
    ),
    "audit_before_is_later": Case(
        [BEFORE | {"audited_on": "01/06/2017"}, AGAIN], [[BEFORE | {"audited_on": "31/05/2017"}, AGAIN]], rows=[3]
    ),
    "grade_of_former_scale": Case(
        [{"overall_grade": "adequate", "audited_on": "01/11/2013"}],
        [[{"overall_grade": "adequate", "audited_on": "31/10/2013"}], [{"overall_grade": "RI"}]],
    ),
    "moderated_without_grade": Case(
        [{"moderated": "Y"}], [[{"moderated": "Y", "moderated_grade": "good"}], [{"moderated": "N"}], [{}]]
    ),
    "graded_but_not_moderated": Case(
        [{"moderated": "N", "moderated_grade": "good"}], [[{"moderated": "Y", "moderated_grade": "good"}]]
    ),
    "no_theme_graded": Case(
        [{"chronology_grade": ""}, {"audit_id": "Q2"}],
        [[{"chronology_grade": ""}], [{"chronology_grade": "", "plan_grade": "good"}, {"audit_id": "Q2"}]],
    ),
}


def test_every_rule_has_a_case() -> None:
    assert {check.rule.id for check in checks_of("audits")} == set(CASES)


def test_a_clean_record_breaks_no_rule() -> None:
    assert judged("audits", [BEFORE, AGAIN], AS_AT).faults == []


@pytest.mark.parametrize("check", checks_of("audits"), ids=lambda check: check.rule.id)
def test_rule(check: RowCheck) -> None:
    assert_case("audits", check, CASES[check.rule.id])
