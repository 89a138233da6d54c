"""Two children in one cell are no child of their own; identifiers that are written with such a sign are."""

from __future__ import annotations

import pytest

from tests.datasets.rules.cases import LATE, judged

CHILDREN = [f"C{number:03d}" for number in range(1, 21)]


def left_out(*children: str) -> list[int]:
    """The rows whose child is told to be several, of a list of placements of these children."""
    result = judged("placements", [{"child_id": child} for child in children], LATE)
    found = [fault for fault in result.faults if fault.rule == "several_identifiers"]
    assert {str(fault.severity) for fault in found} <= {"exclude"}
    assert not any(child in fault.found for fault in found for child in CHILDREN)
    assert len(result.rows) == len(children) - len(found)
    return [fault.row for fault in found]


@pytest.mark.parametrize(
    "cell",
    ["C004 & C005", "C004&C005", "C004/C005", "C004; C005", "C004,C005", "C004 and C005", "C004 AND C005",
     "C004\nC005", "C004 + C005", "C004 C005", "C104, C105, C106", "C004 | C005"],
)  # fmt: skip
def test_several_children_in_one_cell_are_left_out_and_reported(cell: str) -> None:
    assert left_out(*CHILDREN, cell) == [22]


@pytest.mark.parametrize(
    "others",
    [
        [f"12/{number}" for number in range(345, 365)],  # a source that writes all of them so
        [f"AB {number}" for number in range(345, 365)],
        [*CHILDREN[:10], *(f"C{number:03d}/C{number:03d}" for number in range(1, 11))],  # half of them: its own way
        [*CHILDREN, "C004/1"],  # an addition, no second child
        [*CHILDREN, "C004-C005", "Sandy1"],
    ],
)
def test_identifiers_that_a_source_writes_with_a_sign_stay(others: list[str]) -> None:
    assert left_out(*others) == []


@pytest.mark.parametrize(("alone", "found"), [(8, [10, 11]), (7, [])])
def test_four_fifths_must_stand_alone(alone: int, found: list[int]) -> None:
    """8 of 10 different cells are enough, 7 of 9 are not: then the source writes its identifiers so."""
    assert left_out(*CHILDREN[:alone], "C104 & C105", "C106 & C107") == found
