"""How far chance moves a figure, each child a unit: worked by hand from a few rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from perfpipe.compute.chance import chance_of
from perfpipe.compute.group_counts import GroupCells, NumberedRows, RowSelection
from perfpipe.dates.months import Month, month_range
from perfpipe.measures import BY_ID
from perfpipe.measures.definition import Measure

JUNE = Month(2017, 6)
SHARE, EVENTS, CHILDREN = (BY_ID[name] for name in ("rhi_within_72h", "missing_episodes", "missing_children"))
VACANCIES, SICKNESS, TURNOVER = (BY_ID[name] for name in ("vacancy_rate", "sickness_rate", "turnover_12_months"))
IN_POST_FTE = BY_ID["staff_in_post_fte"]
Rows = Sequence[tuple[str, str, bool, bool]]  # month, whose, above the line, below it


def chance(measure: Measure, rows: Rows, months: int = 1, **columns: Sequence[object]) -> tuple[float, float]:
    """The design effect and the spread of the figure of so many months to June 2017."""
    whose = (
        "worker_id"
        if measure in (TURNOVER, IN_POST_FTE)
        else "child_id"
        if measure in (SHARE, EVENTS, CHILDREN)
        else "nobody"
    )
    frame = pd.DataFrame(rows, columns=["month", whose, "top", "bottom"]).assign(defects="", **columns)
    top, bottom = frame["top"].to_numpy(dtype=bool), frame["bottom"].to_numpy(dtype=bool)
    selection = RowSelection(NumberedRows(frame), top, bottom, np.zeros(len(frame), dtype=bool))
    cells = GroupCells.of(selection, [list(month_range(JUNE - (months - 1), JUNE))], None)
    weights = measure.counts.numerator_weight or measure.counts.weight, measure.counts.weight
    sums = [cells.sums(m, frame[w].to_numpy(float) if w else None) for m, w in zip((top, bottom), weights, strict=True)]
    found = chance_of(cells, measure, *sums)
    return float(found["design_effect"][0]), float(found["spread"][0])


def of(child: str, done: int, returns: int, month: str = "2017-06") -> list[tuple[str, str, bool, bool]]:
    return [(month, child, number < done, True) for number in range(returns)]


def test_two_children_of_whom_one_always_is_in_time_and_one_never() -> None:
    # p = 1/2; (4 - 2)² + (0 - 2)² = 8, times 2 / 1, over 8 x 1/4 = 2: 8
    effect, spread = chance(SHARE, [*of("A", 4, 4), *of("B", 0, 4)])
    assert effect == pytest.approx(8)
    assert np.isnan(spread)


def test_children_with_one_return_each_are_plain_cases() -> None:
    # p = 1/2 of four; 4 x 1/4 = 1, times 4/3, over 4 x 1/4 = 1
    rows = [row for child, done in zip("ABCD", (1, 1, 0, 0), strict=True) for row in of(child, done, 1)]
    assert chance(SHARE, rows)[0] == pytest.approx(4 / 3)


def test_it_is_never_less_than_one() -> None:
    assert chance(SHARE, [*of("A", 2, 4), *of("B", 2, 4), *of("C", 2, 4)])[0] == 1  # each child alike
    assert chance(SHARE, of("A", 4, 4))[0] == 1
    assert chance(SHARE, [*of("A", 2, 2), *of("B", 3, 3)])[0] == 1  # of all there is no spread


def test_a_child_of_several_months_is_one_child() -> None:
    # over two months A 4 of 4, B 0 of 4; month by month each has two
    rows = [*of("A", 2, 2, "2017-05"), *of("B", 0, 2, "2017-05"), *of("A", 2, 2), *of("B", 0, 2)]
    assert chance(SHARE, rows, months=2)[0] == pytest.approx(8)
    assert chance(SHARE, rows, months=1)[0] == pytest.approx(4)  # (2 - 1)² x 2, times 2, over 4 x 1/4


def test_nothing_to_count_has_none() -> None:
    assert np.isnan(chance(SHARE, [("2017-06", "A", False, False)])[0])


def test_events_are_squared_by_child() -> None:
    rows = [*of("A", 3, 3), *of("B", 1, 1), *of("C", 2, 2, "2017-05")]
    assert chance(EVENTS, rows)[1] == 10  # 9 and 1
    assert chance(EVENTS, rows, months=2)[1] == 14
    assert chance(replace(EVENTS, counts=CHILDREN.counts), rows)[1] == 4  # what is counted apart counts once


def test_sums_of_fte_have_no_dust_that_depends_on_the_order_of_rows() -> None:
    rows, fte = [("2017-06", name, True, False) for name in "ABC"], [0.1, 0.2, 0.5]  # 0.01 + 0.04 + 0.25
    assert chance(IN_POST_FTE, rows, fte=fte)[1] == chance(IN_POST_FTE, rows, fte=fte[::-1])[1] == 0.3


def test_ratios_by_worker() -> None:
    # turnover: 0.5 FTE left of 2.0 in post, ratio 1/4: (0.5)² + (0.25)² x 2 = 0.375, times 3 / 2
    rows = [("2017-06", "A", True, False), ("2017-06", "B", False, True), ("2017-06", "C", False, True)]
    effect, spread = chance(TURNOVER, rows, fte=[0.5, 1.0, 1.0])
    assert np.isnan(effect)
    assert spread == pytest.approx(0.5625)


def test_posts_without_a_name_are_plain_cases_and_days_lost_are_not() -> None:
    rows = [("2017-06", "A", True, True), ("2017-06", "B", True, True)]
    vacancies = chance(VACANCIES, rows, vacancies_fte=[2.0, 0.0], posts_fte=[5.0, 5.0])
    sickness = chance(SICKNESS, rows, days_lost=[2.0, 0.0], working_days=[5.0, 5.0])
    assert vacancies[0] == 1
    assert np.isnan(sickness).all()
