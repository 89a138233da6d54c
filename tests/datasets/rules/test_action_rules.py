"""Every rule about the actions extract: broken, and only just kept."""

from __future__ import annotations

import pytest

from perfpipe.datasets.row_check import RowCheck
from tests.builders import AS_AT
from tests.datasets.rules.cases import Case, assert_case, checks_of, judged

LATER = {"status_on": "01/06/2017"}
CASES = {
    "status_after_extract": Case([{"status_on": "01/08/2017"}], [[{"status_on": "31/07/2017"}]]),
    "poor_status_without_note": Case(
        [{"status": "amber", "note": ""}, {"status": "red", "note": "", **LATER}],
        [[{"status": "amber"}], [{"status": "red"}], [{"note": ""}], [{"status": "blue", "note": ""}]],
        rows=[2, 3],
    ),
    "done_and_begun_again": Case(
        [{"status": "amber", **LATER}, {"status": "blue"}],  # whatever the order of rows
        [
            [{"status": "blue"}, {"status": "blue", **LATER}],
            [{"status": "blue"}, {"action_id": "1.2", **LATER}],
            [{"status": "green"}, {"status": "blue", **LATER}],
        ],
    ),
}


def test_every_rule_has_a_case() -> None:
    assert {check.rule.id for check in checks_of("actions")} == set(CASES)


def test_a_clean_record_breaks_no_rule() -> None:
    assert judged("actions", [{}], AS_AT).faults == []


@pytest.mark.parametrize("check", checks_of("actions"), ids=lambda check: check.rule.id)
def test_rule(check: RowCheck) -> None:
    assert_case("actions", check, CASES[check.rule.id])


@pytest.mark.parametrize(
    ("text", "status"), [("Blue", "blue"), ("G", "green"), ("at risk", "amber"), ("red", "red"), ("Done", "blue")]
)
def test_statuses_as_sources_write_them(text: str, status: str) -> None:
    assert judged("actions", [{"status": text}], AS_AT).rows["status"].tolist() == [status]


def test_a_status_that_is_none_leaves_the_row_out() -> None:
    found = judged("actions", [{"status": "purple"}, LATER], AS_AT)
    assert [fault.rule for fault in found.faults] == ["code_unknown"]
    assert len(found.rows) == 1
