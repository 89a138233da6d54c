"""Each kind of measure by its constructor: its unit, what is divided by what, and whether one is part of the other."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
import pytest

from perfpipe.measures.counts import Counts, Estimate, Statistic, Unit, count, estimate, rate, share, share_of_sums
from perfpipe.measures.definition import Basis, Display, Maturity, Measure

ROWS = pd.DataFrame({"late": [True, False, False], "due": [True, True, False], "part": [1, 2, 3], "all": [4, 4, 4]})
MOST_FIELDS = 15


def late(rows: pd.DataFrame) -> pd.Series:
    return rows["late"]


def due(rows: pd.DataFrame) -> pd.Series:
    return rows["due"]


NONE = Statistic(("part",), lambda numbers: Estimate(float("nan")))


@pytest.mark.parametrize(
    ("counts", "unit", "is_count", "nested"),
    [
        (count(late), Unit.COUNT, True, True),
        (share(late, of=due), Unit.PERCENT, False, True),
        (share(late, of=due, nested=False), Unit.PERCENT, False, False),
        (share_of_sums("part", of="all", counted_in="FTE"), Unit.PERCENT, False, False),
        (rate(late), Unit.PER_10_000, False, False),
        (estimate(NONE, late, of=due), Unit.PERCENT, False, True),
        (estimate(NONE, due, of=due, unit=Unit.HOURS), Unit.HOURS, False, True),
    ],
)
def test_each_kind_has_its_unit_and_what_it_is_divided_by(
    counts: Counts, unit: Unit, is_count: bool, nested: bool
) -> None:
    assert (counts.unit, counts.is_count, counts.nested) == (unit, is_count, nested)
    assert counts.per_population is (unit is Unit.PER_10_000)
    assert (counts.denominator is None) == (unit in (Unit.COUNT, Unit.PER_10_000))


def test_a_share_is_of_the_rows_named_after_it() -> None:
    counts = share(late, of=due, distinct="part")
    assert counts.denominator is not None
    assert (counts.numerator(ROWS).sum(), counts.denominator(ROWS).sum(), counts.distinct) == (1, 2, "part")


def test_a_share_of_sums_sums_one_column_above_and_one_below_the_line_over_every_row() -> None:
    counts = share_of_sums("part", of="all", counted_in="FTE")
    assert counts.denominator is not None
    assert counts.numerator(ROWS).all()
    assert counts.denominator(ROWS).all()
    assert (counts.numerator_weight, counts.weight, counts.counted_in) == ("part", "all", "FTE")


@pytest.mark.parametrize("part", [Measure, Basis, Counts, Maturity, Display])
def test_nobody_has_to_read_a_long_list_of_fields(part: type) -> None:
    assert len(fields(part)) <= MOST_FIELDS
