"""One wrong cell is one fault, whatever rules it breaks; and a fault of two records names both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Column, Kind
from perfpipe.faults.fault import Fault
from perfpipe.read.raw_cells import NOTHING, Cell
from perfpipe.read.raw_table import RawTable
from perfpipe.rules.rule import Severity
from perfpipe.validate.validate import ValidationResult, validate
from tests.builders import AS_AT, RECORD, standard
from tests.datasets.rules.cases import judged

MORE = {  # the cells that the faultless records of tests leave out, so that every column has one
    "return_home_interviews": {
        "dob": "01/06/2005", "looked_after_flag": "Y", "responsible_la": "Ours", "placed_or_living_in_la": "IN",
        "found_at": "02/05/2017 09:00", "end_precision": "minute", "rhi_required": "Y", "interview_id": "I1",
        "offered_at": "02/05/2017 12:00", "closed_reason": "returned", "interview_precision": "minute",
        "interviewer_role": "Worker", "independent": "Y", "method": "visit",
    },
    "placements": {
        "need_code": "N1", "ceased_on": "01/06/2017", "cease_reason_code": "E4A", "home_postcode": "CV1 1AA",
        "placement_postcode": "CV2 2BB", "urn": "SC1", "distance_miles": "5", "location": "IN", "unaccompanied": "N",
    },
    "social_workers": {
        "role": "Worker", "team": "North", "left_on": "01/06/2017", "last_day_on": "01/06/2017",
        "leaving_reason": "resignation", "leaving_destination": "other", "newly_qualified": "Y",
        "qualified_on": "01/04/2016", "cases_count": "10",
    },
    "workforce_monthly": {"agency_headcount": "5", "agency_covering_fte": "3", "days_lost": "3"},
    "audits": {"team": "North", "moderated": "N", "previous_audit_id": "Q0", "previous_grade": "good"},
    "adopters": {"matched_on": "10/07/2017"},
    "manual_measures": {"group": "north"},
}  # fmt: skip
FULL = {dataset: RECORD[dataset] | MORE.get(dataset, {}) for dataset in RECORD}
DATED = (Kind.DATE, Kind.INSTANT)
NO_VALUES = {"an Excel error": ("e", "#REF!"), "its text": ("t", "#N/A"), "a formula": ("f", "")}
BAD: dict[Kind, dict[str, Cell]] = {
    Kind.DATE: {"words": ("t", "soon"), "no such day": ("t", "31/02/2017"), "year 1817": ("t", "01/05/1817"),
                "a number": ("n", "42856"), "yes": ("b", "True"), "the future": ("d", "2017-12-01"),
                "a year too many": ("t", "01/05/2027")},
    Kind.INSTANT: {"words": ("t", "soon"), "no such day": ("t", "31/02/2017 10:00"),
                   "year 1817": ("t", "01/05/1817 01:00"),
                   "a number": ("n", "42856.5"), "yes": ("b", "True"), "the future": ("D", "2017-12-01 10:00"),
                   "a day to come": ("d", "2017-12-01"), "no such hour": ("t", "26/03/2017 01:30")},
    Kind.CODE: {"words": ("t", "perhaps"), "a number": ("n", "99"), "a date": ("d", "2017-05-01")},
    Kind.NUMBER: {"words": ("t", "some"), "below": ("n", "-5"), "a comma": ("t", "0,6"), "a date": ("d", "2017-05-01")},
    Kind.COUNT: {"words": ("t", "some"), "below": ("n", "-5"), "half": ("n", "0.5"), "a date": ("d", "2017-05-01")},
    Kind.MONTH: {"words": ("t", "soon"), "month 13": ("t", "2017-13"), "the future": ("t", "2017-12")},
    Kind.ID: {"rounded": ("t", "1.23E+16"), "half": ("n", "0.5"), "a date": ("d", "2017-05-01"), "yes": ("b", "True")},
    Kind.TEXT: {},
}  # fmt: skip
NOT_WRONG = {  # ends may be known before they come, and a child may not be born; a month to come is told by the plan
    ("ceased_on", "the future"), ("ceased_on", "a year too many"), ("left_on", "the future"),
    ("left_on", "a year too many"), ("last_day_on", "the future"), ("last_day_on", "a year too many"),
}  # fmt: skip
NOT_WRONG_IN = {
    ("assessments", "dob", "the future"), ("assessments", "dob", "a year too many"),
    ("manual_measures", "month", "the future"),
}  # fmt: skip


def bad_cells(dataset: str, column: Column) -> dict[str, Cell]:
    """The bad cells that a column can have, by what they are."""
    return {
        what: cell
        for what, cell in (NO_VALUES | BAD[column.kind]).items()
        if (column.name, what) not in NOT_WRONG and (dataset, column.name, what) not in NOT_WRONG_IN
    }


def faults_with(dataset: str, name: str, bad: Sequence[Cell]) -> list[Fault]:
    """The faults of records each of which has one bad cell in a column, and of twice as many without, all of others."""
    height = 3 * len(bad) + 1
    columns: dict[str, list[Cell]] = {}
    for column in BY_ID[dataset].columns:
        text = str(FULL[dataset].get(column.name) or "")
        texts = [f"{text}{n}" if text and column.kind is Kind.ID else text for n in range(height)]
        if column.name == "month":
            texts = [f"{2017 - n // 12}-{12 - n % 12:02}" for n in range(8, height + 8)]
        if column.name == "dob":
            texts = [f"{1 + n % 28:02}/06/{2004 + n // 28}" for n in range(height)]
        columns[column.name] = [("t", text) if text else NOTHING for text in texts]
        if column.name == name:
            columns[name][: len(bad)] = bad
    letters = dict.fromkeys(columns, "A")
    table = RawTable("a.csv", "", list(range(2, height + 2)), columns, {name: name for name in columns}, letters)
    return validate(table, BY_ID[dataset], standard(dataset), AS_AT).faults


@pytest.mark.slow
@pytest.mark.parametrize("dataset", FULL)
def test_a_bad_cell_of_any_kind_in_any_column_is_one_fault_at_its_place(dataset: str) -> None:
    assert faults_with(dataset, "", []) == []
    for column in BY_ID[dataset].columns:
        bad = bad_cells(dataset, column)
        found = [fault for fault in faults_with(dataset, column.name, list(bad.values())) if fault.row]
        told = {what: [fault.rule for fault in found if fault.row == row] for row, what in enumerate(bad, 2)}
        assert {what: rules for what, rules in told.items() if len(rules) != 1} == {}, column.name
        assert {fault.column for fault in found} == {f"A ({column.name})"}
        assert len(found) == len(bad)


def one_fault(dataset: str, changes: Mapping[str, object]) -> tuple[Fault, ValidationResult]:
    found = judged(dataset, [changes], AS_AT)
    (fault,) = found.faults
    return fault, found


def test_an_unreadable_fte_is_told_once_and_leaves_the_worker_out_of_what_needs_it() -> None:
    fault, found = one_fault("social_workers", {"fte": "#REF!"})
    assert (fault.rule, fault.defect, fault.severity) == ("error_cell", "fte_not_known", Severity.EXCLUDE)
    assert fault.what_to_do.endswith("Until then the row is left out of figures that need it.")
    assert found.rows["defects"].tolist() == ["fte_not_known"]
    assert found.left_out[["faulty_columns", "rule"]].to_numpy().tolist() == [["fte", "error_cell"]]


def test_a_start_after_the_extract_is_told_as_such_and_not_as_an_end_before_it() -> None:
    fault, found = one_fault("assessments", {"started_on": "02/05/2027"})
    assert (fault.rule, fault.defect) == ("assessment_after_extract", "*")
    assert fault.found == "99/99/9999, text, a day after the extract, which was made on 31/07/2017"
    assert found.rows.empty
    assert found.left_out["rule"].tolist() == ["assessment_after_extract"]


def test_the_fault_that_is_told_has_the_defects_of_those_that_are_not() -> None:
    fault, found = one_fault(
        "return_home_interviews", {"missing_from": "01/12/2017 10:00", "offered_at": "02/05/2017 12:00"}
    )
    assert (fault.rule, fault.column) == ("missing_after_extract", "A (missing_from)")
    assert fault.defect.split() == found.rows["defects"][0].split() == ["return_time_wrong", "offer_before_missing"]


def test_a_time_found_in_the_future_is_told_where_it_stands() -> None:
    fault, found = one_fault(
        "return_home_interviews", {"returned_at": "", "found_at": "01/12/2017 10:00", "interview_at": "", "outcome": ""}
    )
    assert (fault.rule, fault.column, fault.defect) == ("found_after_extract", "A (found_at)", "return_time_wrong")
    assert found.rows["defects"].tolist() == ["return_time_wrong"]


ALIKE = {"dob": "01/06/2005"}
TWO_ROWS: Sequence[tuple[str, str, list[Mapping[str, object]], dict[int, int]]] = [
    ("placements", "children_alike", [{}, {"child_id": "C2"}], {3: 2}),
    ("placements", "overlapping_episodes", [{"ceased_on": "01/07/2017"}, {"started_on": "01/06/2017"}], {3: 2}),
    ("placements", "birth_dates_of_child_differ",
     [{"ceased_on": "01/06/2017"}, {"started_on": "01/06/2017", "dob": "02/06/2005"}], {2: 3, 3: 2}),
    ("placements", "start_follows_on", [{"ceased_on": "01/06/2017"}, {"started_on": "01/06/2017"}], {3: 2}),
    ("placements", "ceased_but_goes_on",
     [{"ceased_on": "01/06/2017", "cease_reason_code": "E4A"}, {"started_on": "01/06/2017"}], {2: 3}),
    ("placements", "short_breaks_of_both_kinds",
     [{"legal_status_code": "V3", "ceased_on": "03/05/2017"}, {"legal_status_code": "V4", "started_on": "05/05/2017"}],
     {2: 3, 3: 2}),
    ("return_home_interviews", "overlapping_missing", [{}, {"episode_id": "E2", "missing_from": "02/05/2017 09:00"}],
     {3: 2}),
    ("return_home_interviews", "birth_dates_of_missing_child_differ",
     [ALIKE, {"episode_id": "E2", "missing_from": "02/05/2017 11:00", "dob": "02/06/2005"}], {2: 3, 3: 2}),
    ("return_home_interviews", "interview_shared_differently",
     [{"interview_id": "I1"}, {"episode_id": "E2", "child_id": "C2", "interview_id": "I1"}], {2: 3, 3: 2}),
    ("social_workers", "overlapping_spells", [{}, {"started_on": "01/06/2016", "team": "South"}], {3: 2}),
    ("audits", "audit_before_is_later",
     [{"audited_on": "02/06/2017"}, {"audit_id": "Q2", "previous_audit_id": "Q1"}], {3: 2}),
    ("actions", "done_and_begun_again", [{"status": "blue"}, {"status_on": "02/05/2017"}], {3: 2}),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "rule", "records", "pairs"), TWO_ROWS, ids=[each[1] for each in TWO_ROWS])
def test_what_is_found_in_two_rows_names_both(
    dataset: str, rule: str, records: list[Mapping[str, object]], pairs: dict[int, int]
) -> None:
    found = [fault for fault in judged(dataset, records, AS_AT, rule).faults if fault.rule == rule]
    assert {fault.row: fault.found.partition("; ")[2] for fault in found} == {
        row: f"compared with row {other}" for row, other in pairs.items()
    }
