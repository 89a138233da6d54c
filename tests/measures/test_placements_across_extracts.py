"""What a temporary placement interrupts is known across the edges of extracts (definitions 1.4, 4.5, 4.6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.care import Row, figures, stay, value

AWAY: dict[str, Any] = {
    "new_episode_reason_code": "P", "placement_code": "T1", "provider_code": None, "placement_postcode": "CV2 2DX"
}  # fmt: skip
HOME = stay("2016-11-01", "2017-03-20")


def back(start: str, **values: Any) -> Row:
    return stay(start, new_episode_reason_code="P", **values)


def until(row: Row, day: str) -> Row:
    return row | {"ceased_on": date.fromisoformat(day), "cease_reason_code": "X1"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["T0", "T1", "T2", "T3", "T4"])
@pytest.mark.parametrize("day", ["2017-04-05", "2017-05-20"])
def test_a_temporary_placement_over_the_year_end_interrupts_one_of_the_year_before(kind: str, day: str) -> None:
    """At every month end the child is fostered by own carers, and the return is no new placement."""
    away = stay("2017-03-20", **AWAY | {"placement_code": kind})
    extracts = [
        ("2016-04", "2017-03", [HOME, away]),
        ("2017-04", "2018-03", [until(away, day), back(day)]),
    ]
    found = figures(extracts, "2017-03", "2017-06")
    for month in ("2017-03", "2017-04", "2017-05", "2017-06"):
        assert value(found, "PL-02", month) == (1, 1)
        assert value(found, "PL-01g", month, "foster_inhouse")[0] == 1
        assert value(found, "PL-12", month, period="month")[0] == 0
    for month in ("2017-04", "2017-05", "2017-06"):
        assert value(found, "PL-01s4", month)[0] == value(found, "PL-01s2", month, "temporary")[0] == 0


def test_two_temporary_placements_in_a_row_over_the_edge_interrupt_one() -> None:
    first, second = stay("2017-03-20", "2017-03-31", **AWAY), stay("2017-03-31", **AWAY | {"placement_code": "T4"})
    after = [until(second, "2017-05-02"), back("2017-05-02")]
    extracts = [("2016-04", "2017-03", [HOME, first, second]), ("2017-04", "2018-03", after)]
    found = figures(extracts, "2017-04", "2017-05")
    assert [value(found, "PL-02", month) for month in ("2017-04", "2017-05")] == [(1, 1), (1, 1)]
    assert value(found, "PL-12", "2017-05", period="month")[0] == 0


def test_extracts_of_a_month_each_find_what_was_interrupted_months_before() -> None:
    away = stay("2017-01-10", **AWAY)
    extracts = [
        ("2017-01", "2017-01", [stay("2016-11-01", "2017-01-10"), away]),
        ("2017-02", "2017-02", [away]),
        ("2017-03", "2017-03", [away]),
        ("2017-04", "2017-04", [until(away, "2017-04-02"), back("2017-04-02")]),
        ("2017-05", "2017-05", [back("2017-04-02")]),
    ]
    found = figures(extracts, "2017-01", "2017-05")
    assert [value(found, "PL-02", f"2017-0{number}") for number in range(1, 6)] == [(1, 1)] * 5
    assert value(found, "PL-12", "2017-04", period="month")[0] == 0


def test_a_corrected_version_of_what_was_interrupted_is_not_another_placement() -> None:
    """The later extract has the episode itself, under another code: its own version counts."""
    away = stay("2017-03-20", **AWAY)
    after = [HOME | {"placement_code": "K2", "provider_code": "PR4"}, away]
    found = figures([("2016-04", "2017-03", [HOME, away]), ("2017-04", "2018-03", after)], "2017-04", "2017-04")
    assert (value(found, "PL-02", "2017-04"), value(found, "PL-05", "2017-04")) == ((0, 1), (1, 1))


@pytest.mark.parametrize("before", [HOME | {"child_id": "C2"}, until(HOME, "2017-03-19"), HOME | AWAY])
def test_another_child_a_gap_or_another_temporary_one_is_not_interrupted(before: Row) -> None:
    extracts = [("2016-04", "2017-03", [before]), ("2017-04", "2018-03", [stay("2017-03-20", **AWAY)])]
    assert value(figures(extracts, "2017-04", "2017-04"), "PL-02", "2017-04") == (0, 1)


def test_the_return_to_another_home_is_a_new_placement() -> None:
    away = stay("2017-03-20", **AWAY)
    after = [until(away, "2017-04-05"), back("2017-04-05", placement_postcode="ZZ9 9ZZ")]
    found = figures([("2016-04", "2017-03", [HOME, away]), ("2017-04", "2018-03", after)], "2017-04", "2017-04")
    assert value(found, "PL-12", "2017-04", period="month")[0] == 1


@pytest.mark.slow
def test_an_end_that_was_entered_too_late_for_one_extract_and_lies_before_the_next() -> None:
    """The extract of the month in which the child went away has the home still open; the next one has it no more."""
    away = stay("2017-03-28", **AWAY)
    before = [HOME | {"ceased_on": None, "cease_reason_code": None}]
    after = [until(away, "2017-04-04"), back("2017-04-04")]
    found = figures([("2016-04", "2017-03", before), ("2017-04", "2018-03", after)], "2017-03", "2017-04")
    assert value(found, "PL-12", "2017-04", period="month")[0] == 0
    in_april = figures([("2016-04", "2017-03", before), ("2017-04", "2018-03", [away])], "2017-04", "2017-04")
    assert value(in_april, "PL-02", "2017-04") == (1, 1)
    anew = [away | {"new_episode_reason_code": "S"}]  # care began with it
    anew_found = figures([("2016-04", "2017-03", before), ("2017-04", "2018-03", anew)], "2017-04", "2017-04")
    assert value(anew_found, "PL-02", "2017-04") == (0, 1)
