"""Datasets: code lists as sources write them, every rule broken and kept, and settled placements."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.datasets import DATASETS
from perfpipe.datasets.definition import CodeList, Dataset, Kind, Rule, Severity
from perfpipe.datasets.placements import LEGAL_STATUS, LOCATION, PLACEMENT, PROVIDER, with_settled_placement
from perfpipe.datasets.return_home_interviews import AREA, NOT_REQUIRED_REASON, OUTCOME, YES_NO, YES_NO_NA
from perfpipe.datasets.social_workers import CONTRACT, LEAVING_REASON
from perfpipe.measures import MEASURES
from tests.builders import AS_AT, check_records, checked, episode, placement, rules, worker, write_csv


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
    assert {rule.column for rule in dataset.rules} <= names
    measures = {measure.id for measure in MEASURES if measure.dataset is dataset}
    for rule in dataset.rules:
        assert set(rule.excludes_from) <= measures | {"*"}
        assert bool(rule.excludes_from) == (rule.severity is Severity.EXCLUDE)
    assert all(column.required for column in dataset.columns if column.filled)
    headers = [h.casefold() for column in dataset.columns for h in (column.name, *column.aliases)]
    assert len(headers) == len(set(headers))
    assert all(c.codes is not None for c in dataset.columns if c.kind is Kind.CODE)
    assert all(dataset.by_name[c.precision_from].codes for c in dataset.columns if c.precision_from)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.id)
def test_every_rule_can_be_evaluated_on_no_rows(dataset: Dataset) -> None:
    for rule in dataset.rules:
        assert len(rule.finds(dataset.empty())) == 0


CLEAN = {
    "return_home_interviews": episode(),
    "placements": placement(),
    "social_workers": worker(),
}
BREAKS: dict[str, tuple[str, dict[str, object], dict[str, object]]] = {
    # rule: dataset, what breaks it, what comes nearest and does not
    "return_before_missing": (
        "return_home_interviews",
        {"returned_at": "01/05/2017 19:59"}, {"returned_at": "01/05/2017 20:00"},
    ),
    "return_after_extract": (
        "return_home_interviews",
        {"returned_at": "01/08/2017 00:01", "interview_at": "", "outcome": ""},
        {"returned_at": "31/07/2017 23:59", "interview_at": "", "outcome": ""},
    ),
    "interview_before_found": (
        "return_home_interviews",
        {"interview_at": "02/05/2017 09:59"}, {"interview_at": "02/05/2017 10:00"},
    ),
    "interview_after_extract": (
        "return_home_interviews", {"interview_at": "01/08/2017 00:01"}, {"interview_at": "31/07/2017 23:59"},
    ),
    "offered_blank": ("return_home_interviews", {"offered": ""}, {"offered": "NA"}),
    "reason_not_listed": (
        "return_home_interviews",
        {"rhi_required": "N", "not_required_reason": "other"}, {"rhi_required": "N", "not_required_reason": "died"},
    ),
    "returned_at_date_only": (
        "return_home_interviews", {"returned_at": "02/05/2017 00:00"}, {"returned_at": "02/05/2017 00:01"},
    ),
    "interview_at_date_only": (
        "return_home_interviews", {"interview_at": "03/05/2017"}, {"interview_at": "03/05/2017 00:01"},
    ),
    "ceased_before_started": (
        "placements",
        {"ceased_on": "30/04/2017", "cease_reason_code": "E4A"},
        {"ceased_on": "01/05/2017", "cease_reason_code": "E4A"},
    ),
    "aged_18_or_over": ("placements", {"dob": "31/07/1999"}, {"dob": "01/08/1999"}),
    "placement_code_outside_dates": (
        "placements",
        {"placement_code": "Z11", "provider_code": "", "ceased_on": "31/03/2025", "cease_reason_code": "X1"},
        {"placement_code": "Z11", "provider_code": "", "ceased_on": "01/04/2025", "cease_reason_code": "X1"},
    ),
    "placement_code_blank": ("placements", {"placement_code": ""}, {"placement_code": "T0", "provider_code": ""}),
    "legal_status_blank": ("placements", {"legal_status_code": ""}, {"legal_status_code": "V4"}),
    "provider_blank": ("placements", {"provider_code": ""}, {"provider_code": "", "placement_code": "T3"}),
    "ceased_without_reason": (
        "placements", {"ceased_on": "01/06/2017"}, {"ceased_on": "01/06/2017", "cease_reason_code": "X1"},
    ),
    "left_before_started": ("social_workers", {"left_on": "30/04/2016"}, {"left_on": "01/05/2016"}),
    "fte_blank": ("social_workers", {"fte": ""}, {"fte": "", "contract": "agency"}),
    "fte_above_one": ("social_workers", {"fte": "1.01"}, {"fte": "1"}),
}  # fmt: skip
PAIRED = {"overlapping_episodes"}  # needs two rows: tested below
ALL_RULES = [(dataset, rule) for dataset in DATASETS for rule in dataset.rules]


def test_every_rule_has_a_test_here() -> None:
    assert {rule.id for _, rule in ALL_RULES} == set(BREAKS) | PAIRED


def found_rules(dataset: str, changes: dict[str, object], folder: Path) -> list[str]:
    return rules(check_records(folder, dataset, [CLEAN[dataset] | changes]).faults)


@pytest.mark.parametrize("dataset", CLEAN)
def test_a_clean_record_breaks_no_rule(dataset: str, tmp_path: Path) -> None:
    assert found_rules(dataset, {}, tmp_path) == []


@pytest.mark.parametrize("rule", [rule for _, rule in ALL_RULES if rule.id not in PAIRED], ids=lambda rule: rule.id)
def test_a_record_that_breaks_a_rule_and_one_that_just_does_not(rule: Rule, tmp_path: Path) -> None:
    dataset, breaks, keeps = BREAKS[rule.id]
    found = check_records(tmp_path, dataset, [CLEAN[dataset] | breaks])
    (fault,) = [fault for fault in found.faults if fault.rule == rule.id]
    assert (fault.severity, fault.excludes_from) == (rule.severity, " ".join(rule.excludes_from))
    assert (fault.expected, fault.row) == (rule.expected, 2)
    assert len(found.rows) == (0 if "*" in rule.excludes_from else 1)
    assert rule.id not in found_rules(dataset, keeps, tmp_path)


@pytest.mark.parametrize(
    ("code", "started", "ceased", "broken"),
    [
        ("P2", "28/10/2023", "", True), ("P2", "27/10/2023", "", False), ("K3", "01/01/2023", "27/10/2023", True),
        ("K3", "01/01/2023", "28/10/2023", False), ("K3", "01/01/2023", "", False), ("H5", "01/04/2025", "", True),
        ("H5", "31/03/2025", "", False), ("U6", "01/01/1990", "", False),
    ],
)  # fmt: skip
def test_placement_codes_are_dated(code: str, started: str, ceased: str, broken: bool, tmp_path: Path) -> None:
    record = placement(
        placement_code=code, started_on=started, ceased_on=ceased, cease_reason_code=ceased and "X1", dob=""
    )
    assert ("placement_code_outside_dates" in rules(check_records(tmp_path, "placements", [record]).faults)) is broken


@pytest.mark.parametrize(
    ("found_at", "returned_at", "interview_at", "early"),
    [
        ("02/05/2017 08:00", "02/05/2017 10:00", "02/05/2017 09:00", False),  # 1.6 rule 4: between found and returned
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


def test_the_time_found_stands_in_for_the_return(tmp_path: Path) -> None:
    assert "return_before_missing" in found_rules(
        "return_home_interviews", {"returned_at": "", "found_at": "01/05/2017 19:00"}, tmp_path
    )


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
    frame = pd.DataFrame(rows, columns=["child_id", "started_on", "ceased_on", "placement_code"])
    frame = frame.assign(provider_code="PR1", location="IN", source_row=range(len(rows)))
    for name in ("started_on", "ceased_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    return with_settled_placement(frame)["settled_placement_code"].fillna("blank").tolist()


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
