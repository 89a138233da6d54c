"""Datasets: code lists as sources write them, what a dataset states of itself, and settled placements."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from perfpipe.datasets import DATASETS
from perfpipe.datasets.definition import CodeList, Dataset, Kind
from perfpipe.datasets.placements import LEGAL_STATUS, LOCATION, PLACEMENT, PROVIDER, with_settled_placement
from perfpipe.datasets.return_home_interviews import AREA, NOT_REQUIRED_REASON, OUTCOME, YES_NO, YES_NO_NA
from perfpipe.datasets.social_workers import CONTRACT, LEAVING_REASON
from perfpipe.validate.row_checks import broken_rows
from tests.builders import AS_AT, check_records, checked, episode, placement, rules, write_csv
from tests.care import stay, typed


def test_a_number_is_asked_for_with_its_limits_and_a_point() -> None:
    """`0,6` of a system set to another country is refused: the message says why."""
    fte = next(each for dataset in DATASETS for each in dataset.columns if each.name == "fte")
    assert fte.expected.endswith(", with a point before any decimals")
    assert fte.expected.startswith("a number of at least 0")


def test_a_dataset_with_the_id_of_a_person_says_whose_record_a_row_is() -> None:
    """Erasure goes by it: of a dataset that says nothing only the id would go, and the record stay."""
    of_a_person = {"child_id", "worker_id", "household_id"}
    for dataset in DATASETS:
        named = of_a_person & set(dataset.by_name)
        assert (dataset.person is not None) == bool(named), dataset.id
        assert dataset.person is None or dataset.person[1] in named


@pytest.mark.parametrize(
    ("codes", "text", "expected"),
    [
        (PLACEMENT, "f) U6: Foster placement - not FFA", "U6"), (PLACEMENT, "U6", "U6"), (PLACEMENT, "u6 ", "U6"),
        (PLACEMENT, "k3", "K3"), (PLACEMENT, "K2 \u2013 Children's home", "K2"),
        (PLACEMENT, "K2-Children's home", "K2"),
        (PLACEMENT, "Children\u2019s home", "K2"), (PLACEMENT, "Z11 - Other", "Z11"), (PLACEMENT, "Z1", "Z1"),
        (PLACEMENT, "U7", None), (PLACEMENT, "U66", None), (PLACEMENT, "U6 U4", None), (PLACEMENT, "Foster", None),
        (PROVIDER, "e) PR4 - Private provision", "PR4"), (PROVIDER, "PR4\u00a0-\u00a0Private\u00a0provision", "PR4"),
        (PROVIDER, "PR9 - Unknown", None),
        (LEGAL_STATUS, "E1: Placement order", "E1"), (LEGAL_STATUS, "c2", "C2"),
        (LOCATION, "in", "IN"), (LOCATION, "In-house team", None), (LOCATION, "OUT - other county", "OUT"),
        (YES_NO, "a) Yes", "Y"), (YES_NO, "b) No", "N"), (YES_NO, "1", "Y"), (YES_NO, "true", "Y"),
        (YES_NO, "NA", None),
        (YES_NO, "Y-ish", None), (YES_NO, "1-2 times", None),
        (YES_NO_NA, "NA", "NA"), (YES_NO_NA, "n/a", "NA"), (YES_NO_NA, "Not applicable", "NA"),
        (AREA, "Out of area", "OUT"), (AREA, "Yes", "IN"), (OUTCOME, "declined by child", "declined_child"),
        (OUTCOME, "declined_child: said no", "declined_child"), (NOT_REQUIRED_REASON, "a) Aged 18", "aged_18"),
        (CONTRACT, "Perm", "permanent"), (CONTRACT, "1", "agency"), (CONTRACT, "Agency worker", "agency"),
        (LEAVING_REASON, "c) Retired", "retired"), (LEAVING_REASON, "Resignation", "resignation"),
        (LEAVING_REASON, "", None),
    ],
)  # fmt: skip
def test_codes_as_sources_write_them(codes: CodeList, text: str, expected: str | None) -> None:
    assert codes.parse(text) == expected


LISTS = {c.codes.name: c.codes for d in DATASETS for c in d.columns if c.codes}


@pytest.mark.parametrize("codes", LISTS.values(), ids=LISTS)
def test_every_code_and_label_is_read_as_itself(codes: CodeList) -> None:
    for code in codes.codes:
        for text in (code.code, code.code.lower(), code.code.upper(), code.label, f"x) {code.code}: {code.label}"):
            assert codes.parse(text) == code.code, text
    assert set(codes.synonyms.values()) <= set(codes.by_code)
    assert len(codes.by_code) == len(codes.codes)
    assert len({code.label.casefold() for code in codes.codes}) == len(codes.codes)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.id)
def test_what_a_dataset_names_exists(dataset: Dataset) -> None:
    names = set(dataset.by_name)
    assert len(names) == len(dataset.columns)
    assert {*dataset.key, *dataset.follow_by, dataset.start} <= names
    assert {x for x in (dataset.end, dataset.end_fallback) if x} <= names
    assert {check.column for check in dataset.checks} <= names
    assert len({check.rule.id for check in dataset.checks}) == len(dataset.checks)
    for check in dataset.checks:
        assert (check.dated_by or dataset.start) in names
    assert all(column.required for column in dataset.columns if column.filled)
    headers = [h.casefold() for column in dataset.columns for h in (column.name, *column.aliases)]
    assert len(headers) == len(set(headers))
    assert all(c.codes is not None for c in dataset.columns if c.kind is Kind.CODE)
    assert all(dataset.by_name[c.precision_from].codes for c in dataset.columns if c.precision_from)


@pytest.mark.slow
@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.id)
def test_every_rule_can_be_evaluated_on_no_rows(dataset: Dataset) -> None:
    for check in dataset.checks:
        assert len(broken_rows(check, dataset.as_rules_see(dataset.empty()), dataset)) == 0


@pytest.mark.parametrize(
    ("code", "started", "ceased", "broken"),
    [
        ("P2", "28/10/2023", "", True), ("P2", "01/01/2023", "", True), ("P2", "01/01/2023", "29/10/2023", True),
        ("P2", "01/01/2023", "28/10/2023", False),  # rule 217t
        ("K3", "01/01/2023", "27/10/2023", True), ("K3", "01/01/2023", "28/10/2023", False),
        ("K3", "01/01/2023", "", False), ("H5", "01/04/2025", "", True), ("H5", "01/04/2024", "", True),
        ("H5", "01/04/2024", "01/04/2025", False), ("Z1", "01/04/2024", "02/04/2025", True),
        ("U6", "01/01/1990", "", False),
    ],
)  # fmt: skip
def test_placement_codes_are_dated(code: str, started: str, ceased: str, broken: bool, tmp_path: Path) -> None:
    record = placement(
        placement_code=code, started_on=started, ceased_on=ceased, cease_reason_code=ceased and "X1", dob=""
    )
    path = write_csv(tmp_path / "a.csv", [record])
    found = checked(path, "placements", as_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert ("placement_code_outside_dates" in rules(found.faults)) is broken


@pytest.mark.parametrize(
    ("found_at", "returned_at", "interview_at", "early"),
    [
        ("02/05/2017 08:00", "02/05/2017 10:00", "02/05/2017 09:00", False),  # definitions 3.8
        ("02/05/2017 08:00", "02/05/2017 10:00", "02/05/2017 07:59", True),
        ("", "02/05/2017", "02/05/2017 09:00", False),  # a date-only return is compared by dates
        ("", "02/05/2017", "01/05/2017 23:59", True),
        ("", "02/05/2017 10:00", "02/05/2017", False),
        ("02/05/2017 08:00", "", "02/05/2017 07:00", True),
        ("", "", "02/05/2017 07:00", False),
    ],
)
def test_interviews_too_early(found_at: str, returned_at: str, interview_at: str, early: bool, tmp_path: Path) -> None:
    record = episode(found_at=found_at, returned_at=returned_at, interview_at=interview_at)
    assert (
        "interview_before_found" in rules(check_records(tmp_path, "return_home_interviews", [record]).faults)
    ) is early


def test_an_18th_birthday_counts_from_its_first_moment_in_london(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [placement(dob="01/07/1999")])
    half_past_midnight = datetime(2017, 6, 30, 23, 30, tzinfo=UTC)
    assert rules(checked(path, "placements", as_at=half_past_midnight).faults) == ["aged_18_or_over"]


@pytest.mark.parametrize(
    ("spans", "broken_rows"),
    [
        ([("01/01/2017", "01/02/2017"), ("01/02/2017", "")], []),  # handed over on the day
        ([("01/01/2017", "02/02/2017"), ("01/02/2017", "")], [3]),
        ([("01/01/2017", ""), ("01/02/2017", "")], [3]),
        ([("01/02/2017", ""), ("01/01/2017", "01/03/2017")], [2]),  # whatever the order of rows
        ([("01/01/2017", "01/06/2017"), ("01/02/2017", "01/03/2017"), ("01/04/2017", "")], [3, 4]),
        ([("01/01/2017", ""), ("01/01/2017", "")], [3]),
    ],
)
def test_overlapping_episodes(spans: list[tuple[str, str]], broken_rows: list[int], tmp_path: Path) -> None:
    records = [
        placement(started_on=start, ceased_on=end, cease_reason_code=end and "X1", placement_code=code)
        for (start, end), code in zip(spans, ("U6", "U4", "K2"), strict=False)
    ]
    records.append(placement(child_id="C2", started_on="01/01/2017"))  # another child is no overlap
    found = check_records(tmp_path, "placements", records)
    assert [fault.row for fault in found.faults if fault.rule == "overlapping_episodes"] == broken_rows
    assert len(found.rows) == len(records)


def settled(rows: list[tuple[str, str, str | None, str]]) -> list[str]:
    """Child, start, end and code of episodes; the settled placement codes in the order of the rows."""
    stays = [stay(start, end or "", child_id=child, placement_code=code) for child, start, end, code in rows]
    return with_settled_placement(typed(stays))["settled_placement_code"].fillna("blank").tolist()


def test_a_temporary_placement_is_settled_as_the_one_before_it() -> None:
    case_c = [
        ("A", "2016-02-01", "2016-06-10", "U6"), ("A", "2016-06-10", "2016-06-24", "T3"),
        ("A", "2016-06-24", "2016-12-05", "U6"), ("A", "2016-12-05", None, "U4"),
    ]  # fmt: skip
    assert settled(case_c) == ["U6", "U6", "U6", "U4"]
    assert settled(list(reversed(case_c))) == ["U4", "U6", "U6", "U6"]


def test_one_temporary_placement_after_another_is_settled_too() -> None:
    rows = [
        ("A", "2016-02-01", "2016-06-10", "K2"),
        ("A", "2016-06-10", "2016-06-24", "T1"),
        ("A", "2016-06-24", None, "T3"),
    ]
    assert settled(rows) == ["K2", "K2", "K2"]


def test_a_temporary_placement_with_none_before_it_in_its_period_of_care_keeps_its_own() -> None:
    rows = [
        ("A", "2016-01-01", "2016-02-01", "U6"), ("A", "2016-03-01", "2016-04-01", "T1"),
        ("A", "2016-04-01", None, "K2"),
        ("B", "2016-03-01", None, "T2"),
    ]  # fmt: skip
    assert settled(rows) == ["U6", "T1", "K2", "T2"]


def test_a_short_break_is_not_what_a_temporary_placement_interrupts() -> None:
    rows = [
        stay("2016-01-01", "2016-03-01", placement_code="K2"),
        stay("2016-02-01", "2016-03-01", placement_code="U6", legal_status_code="V3"),
        stay("2016-03-01", placement_code="T1"),
    ]
    found = with_settled_placement(typed(rows))
    assert found["settled_placement_code"].tolist() == ["K2", "U6", "K2"]
    assert found["begins_placement"].tolist() == [True, False, False]


def test_a_blank_placement_code_is_no_temporary_one() -> None:
    rows = [
        ("A", "2016-01-01", "2016-02-01", "U6"),
        ("A", "2016-02-01", "2016-03-01", None),
        ("A", "2016-03-01", None, "T1"),
    ]
    assert settled(rows) == ["U6", "blank", "blank"]  # type: ignore[arg-type]


def test_provider_and_location_are_settled_with_the_placement(tmp_path: Path) -> None:
    records = [
        placement(started_on="01/01/2017", ceased_on="01/02/2017", cease_reason_code="X1", location="OUT"),
        placement(started_on="01/02/2017", placement_code="T0", provider_code="", location="IN"),
    ]
    rows = with_settled_placement(check_records(tmp_path, "placements", records).rows)
    assert rows["settled_provider_code"].tolist() == ["PR1", "PR1"]
    assert rows["settled_location"].tolist() == ["OUT", "OUT"]
    assert AS_AT.tzinfo is UTC
