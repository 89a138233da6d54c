"""What is counted: the rows above and below the line, what of them is summed, and the unit of what comes out.

One constructor for each kind of measure: `count`, `share`, `share_of_sums`, `rate` and `estimate`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

Mask = Callable[["pd.DataFrame"], "pd.Series"]
PER = 10_000  # people, for a rate of the population
FTE = "FTE"  # what counts behind a share can be of: posts as parts of full-time ones


class Unit(StrEnum):
    """What a value is of. Proportions are 0 to 1 until they are shown."""

    PERCENT = "percent"
    COUNT = "count"
    HOURS = "hours"  # a median or other quantile of elapsed time
    PER_10_000 = "per_10_000"  # children of the authority's population, as the settings give it
    CASES = "cases"  # held by each full-time equivalent


class Estimate(NamedTuple):
    """What a statistic makes of some rows; NaN for none, and then why."""

    value: float
    lower: float = float("nan")
    upper: float = float("nan")
    reason: str = ""


@dataclass(frozen=True)
class Statistic:
    """A value that no ratio of counts gives, as a median: `of` makes it from some columns of the rows that count."""

    columns: tuple[str, ...]
    of: Callable[..., Estimate]  # one numpy array for each column


@dataclass(frozen=True)
class Counts:
    """What a value is made of: rows, different values of a column, or the sums of one. A count has no denominator.

    `weight` is summed above and below the line, `numerator_weight` above it where that is another column. A `statistic`
    is made of the denominator's rows.
    """

    unit: Unit
    numerator: Mask
    denominator: Mask | None = None
    distinct: str | None = None
    weight: str | None = None
    numerator_weight: str | None = None
    counted_in: str = ""  # what the counts behind a share are of, where not of people or events: FTE
    statistic: Statistic | None = None
    nested: bool = True  # the numerator is part of the denominator: intersected, and a Wilson interval fits

    @property
    def per_population(self) -> bool:
        """True where the value is for 10,000 children of the population."""
        return self.unit is Unit.PER_10_000

    @property
    def is_count(self) -> bool:
        """True where the value is what is counted or summed, and is divided by nothing."""
        return self.denominator is None and not self.per_population


def count(what: Mask, *, distinct: str | None = None, weight: str | None = None) -> Counts:
    """How many rows; or how many different values of a column, or the sum of one."""
    return Counts(Unit.COUNT, what, distinct=distinct, weight=weight)


def share(
    part: Mask,
    *,
    of: Mask,
    distinct: str | None = None,
    weight: str | None = None,
    numerator_weight: str | None = None,
    counted_in: str = "",
    nested: bool = True,
) -> Counts:
    """A percentage: those of the rows `of` that are also `part`, or where not `nested`, all that are `part`."""
    return Counts(Unit.PERCENT, part, of, distinct, weight, numerator_weight, counted_in, nested=nested)


def share_of_sums(part: str, *, of: str, counted_in: str) -> Counts:
    """A percentage of the sums of two columns over every row."""
    return share(everything, of=everything, weight=of, numerator_weight=part, counted_in=counted_in, nested=False)


def rate(what: Mask) -> Counts:
    """How many rows for every 10,000 children of the population."""
    return Counts(Unit.PER_10_000, what, nested=False)


def estimate(statistic: Statistic, part: Mask, *, of: Mask, unit: Unit = Unit.PERCENT) -> Counts:
    """What a statistic makes of the rows `of`; `part` are those that evidence names first."""
    return Counts(unit, part, of, statistic=statistic)


def everything(rows: pd.DataFrame) -> pd.Series:
    """All rows."""
    import pandas as pd

    return pd.Series(True, index=rows.index)
