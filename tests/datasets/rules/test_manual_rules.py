"""Every rule about numbers typed by hand: broken, and only just kept."""

from __future__ import annotations

import pytest

from perfpipe.datasets.row_check import RowCheck
from tests.builders import AS_AT
from tests.datasets.rules.cases import Case, assert_case, checks_of, judged

CASES = {
    "numerator_above_denominator": Case(
        [{"numerator": "61"}], [[{"numerator": "60"}], [{"denominator": ""}], [{"numerator": "0", "denominator": "0"}]]
    ),
    "typed_by_nobody": Case([{"entered_by": ""}], [[{"entered_by": "B"}]]),
}


def test_every_rule_has_a_case() -> None:
    assert {check.rule.id for check in checks_of("manual_measures")} == set(CASES)


def test_a_clean_record_breaks_no_rule() -> None:
    assert judged("manual_measures", [{}], AS_AT).faults == []


@pytest.mark.parametrize("check", checks_of("manual_measures"), ids=lambda check: check.rule.id)
def test_rule(check: RowCheck) -> None:
    assert_case("manual_measures", check, CASES[check.rule.id])
