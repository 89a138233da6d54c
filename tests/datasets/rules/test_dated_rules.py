"""Rules are dated: a row is judged by the day in `dated_by`, both ends of the rule's days included."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from perfpipe.datasets import BY_ID
from perfpipe.datasets.row_check import row_check
from perfpipe.validate.row_checks import broken_rows
from tests.builders import AS_AT
from tests.datasets.rules.cases import Changes, judged

EVERY_ROW = row_check("every_row", "child_id", "nothing", "Nothing.", lambda rows: rows["source_row"] > 0)


def broken(dataset: str, records: list[Changes], **dates: object) -> list[bool]:
    check = dataclasses.replace(EVERY_ROW, **dates)  # type: ignore[arg-type]
    rows = BY_ID[dataset].as_rules_see(judged(dataset, records, AS_AT).rows)
    return broken_rows(check, rows, BY_ID[dataset]).tolist()


def test_a_rule_without_dates_holds_always() -> None:
    assert broken("placements", [{"started_on": "01/01/1990"}, {}]) == [True, True]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"valid_from": date(2017, 5, 2)}, [False, True, True]),
        ({"valid_to": date(2017, 5, 2)}, [True, True, False]),
        ({"valid_from": date(2017, 5, 2), "valid_to": date(2017, 5, 2)}, [False, True, False]),
    ],
)
def test_the_start_decides_unless_said_otherwise(dates: dict[str, object], expected: list[bool]) -> None:
    records: list[Changes] = [{"child_id": str(n), "started_on": f"0{n}/05/2017"} for n in (1, 2, 3)]
    assert broken("placements", records, **dates) == expected


def test_a_blank_date_is_the_day_of_the_extract() -> None:
    records: list[Changes] = [{"ceased_on": "30/07/2017"}, {"child_id": "2"}]
    assert broken("placements", records, dated_by="ceased_on", valid_from=date(2017, 7, 31)) == [False, True]
    assert broken("placements", records, dated_by="ceased_on", valid_from=date(2017, 8, 1)) == [False, False]


def test_an_instant_is_judged_by_its_day_in_london_and_a_month_by_its_first() -> None:
    late = [{"missing_from": "30/06/2017 23:59"}, {"episode_id": "2", "missing_from": "01/07/2017 00:30"}]  # 23:30 UTC
    assert broken("return_home_interviews", late, valid_from=date(2017, 7, 1)) == [False, True]
    months = [{"month": "2017-05"}, {"month": "2017-06"}]
    assert broken("workforce_monthly", months, valid_from=date(2017, 6, 1)) == [False, True]
