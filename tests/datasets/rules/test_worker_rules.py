"""Every rule about social workers' spells and workforce totals: broken, and only just kept."""

from __future__ import annotations

import pytest

from perfpipe.datasets.row_check import RowCheck
from tests.builders import AS_AT
from tests.datasets.rules.cases import Case, assert_case, checks_of, judged

WORKER, WORKFORCE = "social_workers", "workforce_monthly"
ENDED = {"worker_id": "W9", "started_on": "01/05/2015", "left_on": "30/04/2016", "leaving_reason": "other"}
NEW = {"newly_qualified": "Y", "started_on": "01/09/2016"}
WORKERS = {
    "left_before_started": Case([{"left_on": "30/04/2016"}], [[{"left_on": "01/05/2016"}]]),
    "fte_blank": Case([{"fte": ""}], [[{"fte": "", "contract": "agency"}]]),
    "fte_above_one": Case([{"fte": "1.01"}, {"worker_id": "2", "fte": "1.5"}], [[{"fte": "1"}]], rows=[2, 3]),
    "fte_impossible": Case([{"fte": "1.51"}, {"worker_id": "2", "fte": "37"}], [[{"fte": "1.5"}]], rows=[2, 3]),
    "fte_zero": Case([{"fte": "0"}], [[{"fte": "0.1"}], [{"fte": ""}]]),
    "qualified_after_extract": Case(
        [{"qualified_on": "01/08/2017"}], [[{"qualified_on": "31/07/2017"}], [{"qualified_on": ""}]]
    ),
    "spell_after_extract": Case([{"started_on": "01/08/2017"}], [[{"started_on": "31/07/2017"}]]),
    "overlapping_spells": Case(
        [{"left_on": "01/06/2017"}, {"started_on": "01/06/2017", "team": "B"}],
        [
            [{"left_on": "31/05/2017"}, {"started_on": "01/06/2017", "team": "B"}],
            [{"fte": "0.5", "team": "A"}, {"fte": "0.5", "team": "B"}],  # two posts that are one full-time post
            [{}, {"worker_id": "W2"}],
        ],
        rows=[3],
    ),
    "left_without_reason": Case(
        [{"left_on": "01/06/2017"}, ENDED],
        [[{"left_on": "01/06/2017"}], [{"left_on": "01/06/2017", "contract": "agency"}, ENDED], [{}, ENDED]],
    ),
    "reason_without_leaving": Case([{"leaving_reason": "retired"}], [[ENDED], [{}]]),
    "newly_qualified_agency": Case(
        [{"contract": "agency", "newly_qualified": "Y"}], [[{"contract": "agency", "newly_qualified": "N"}], [NEW]]
    ),
    "newly_qualified_long_ago": Case(
        [ENDED, NEW | {"qualified_on": "31/08/2014"}],
        [
            [ENDED, NEW | {"qualified_on": "01/09/2014"}],
            [NEW | {"qualified_on": "31/08/2014"}],  # a spell before it may have ended before the extract begins
            [ENDED, NEW | {"qualified_on": "31/08/2014", "newly_qualified": "N"}],
            [ENDED, NEW | {"qualified_on": "31/08/2014", "worker_id": "W9"}],  # a later spell
        ],
        rows=[3],
    ),
    "qualified_after_start": Case([{"qualified_on": "02/05/2016"}], [[{"qualified_on": "01/05/2016"}]]),
}
MONTHS = {
    "month_after_extract": Case([{"month": "2017-08"}], [[{"month": "2017-07"}]]),
    "covering_above_agency": Case([{"agency_covering_fte": "4.1"}], [[{"agency_covering_fte": "4"}]]),
    "covering_above_vacancies": Case(
        [{"agency_fte": "20", "agency_covering_fte": "10.6"}], [[{"agency_fte": "20", "agency_covering_fte": "10.5"}]]
    ),
    "heads_below_fte": Case([{"agency_headcount": "3"}], [[{"agency_headcount": "4"}], [{}]]),
    "agency_without_fte": Case(
        [{"agency_headcount": "1", "agency_fte": "0"}], [[{"agency_headcount": "0", "agency_fte": "0"}]]
    ),
}
ALL = [(dataset, check) for dataset in (WORKER, WORKFORCE) for check in checks_of(dataset)]


def test_every_rule_has_a_case() -> None:
    assert {check.rule.id for _, check in ALL} == set(WORKERS | MONTHS)


@pytest.mark.parametrize("dataset", [WORKER, WORKFORCE])
def test_a_clean_record_breaks_no_rule(dataset: str) -> None:
    assert judged(dataset, [{}], AS_AT).faults == []


@pytest.mark.parametrize(("dataset", "check"), ALL, ids=[check.rule.id for _, check in ALL])
def test_rule(dataset: str, check: RowCheck) -> None:
    assert_case(dataset, check, (WORKERS | MONTHS)[check.rule.id])
