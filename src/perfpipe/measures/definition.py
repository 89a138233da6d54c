"""What a measure is. One constructor per kind: `count` and `proportion`; `compute.py` evaluates them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month, month_range
from perfpipe.rules.rule import UNUSABLE

if TYPE_CHECKING:
    import pandas as pd

Mask = Callable[["pd.DataFrame"], "pd.Series"]
View = Callable[..., "pd.DataFrame"]
PER = 10_000  # people, for a rate of the population


class Unit(StrEnum):
    """How a value is shown. Proportions are 0 to 1 until then."""

    PERCENT = "percent"
    COUNT = "count"
    HOURS = "hours"  # a median or other quantile of elapsed time
    PER_10_000 = "per_10_000"  # children of the authority's population
    CASES = "cases"  # held by each full-time equivalent


class Polarity(StrEnum):
    """Whether a higher value is better."""

    HIGHER_IS_BETTER = "high"
    LOWER_IS_BETTER = "low"
    RANGE_IS_BEST = "range"
    NEITHER = "none"


class Period(StrEnum):
    """Over which time a figure counts (definitions 2.1)."""

    MONTH = "month"
    MONTH_END = "month_end"
    LAST_90_DAYS = "last_90_days"  # to the month end
    QUARTER = "quarter"  # of the financial year: only for the month that ends one
    YEAR_TO_DATE = "year_to_date"  # from April
    ROLLING_12 = "rolling_12"
    COHORT = "cohort"

    @cache
    def months_to(self, month: Month) -> Sequence[Month]:
        """The months that a figure for a month covers, oldest first; none where there is no such figure."""
        match self:
            case Period.QUARTER:
                return month_range(month - 2, month) if month.number % 3 == 0 else []
            case Period.YEAR_TO_DATE:
                return month_range(month.financial_year_start, month)
            case Period.LAST_90_DAYS:
                return month_range(month - 3, month)
            case Period.ROLLING_12 | Period.COHORT:
                return month_range(month - 11, month)
            case _:
                return [month]


@dataclass(frozen=True)
class Breakdown:
    """A way to split a measure: the column of the view that says the group, and every group there can be.

    Groups are fixed, so that a group with nobody in it shows as zero instead of vanishing.
    """

    id: str
    title: str
    groups: dict[str, str]  # group and how it is shown; the last takes what is not known

    @property
    def not_known(self) -> str:
        """The group for rows whose column is blank."""
        return list(self.groups)[-1]


FLOWS = (Period.MONTH, Period.QUARTER, Period.YEAR_TO_DATE, Period.ROLLING_12)  # of what happens in a month


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
class Table:
    """Measures that packs show side by side in one table, as the steps of a funnel, and not on pages of their own.

    `adds_up`: sums that hold for every month and group, each a total and its parts by measure id; a part that is
    taken away has a minus before its id.
    """

    id: str
    title: str
    note: str
    adds_up: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Measure:
    """A definition: what is counted over what, and all that a reader needs to know about it.

    `rows` turns the rows that speak for each month into one row per thing to count, with a `month` column
    and one column per breakdown. It is given the dataset's typed rows with `month`, `month_end` (the last day),
    `month_as_at` (when the extract that speaks for the month was made), `window_from` (first day of the period)
    and `hosted` (another authority's child); with `beside`, the rows of that dataset, too. Rows of events have no
    `month_*` and no `window_from`, except over the last 90 days. `numerator` and `denominator` pick among those rows;
    a count has no denominator. `distinct` counts different values of a column in place of rows; `weight` sums a
    column, and `numerator_weight` another one above the line. A `statistic` is made of the denominator's rows.

    Of events, figures over several months are made of the events of those months, each from the extract that speaks
    for its own month. An event that may fall so many `months_after_end` of its record, as the due date of what was done
    early, comes from the extract that speaks for the month of that end, if it has ended by then (definitions 1.4). With
    `bridge`, the rows of a month are all that touch it, and those open at the end of the month before as the extract
    that speaks for that month has them, told apart by `as_known` (`now`, `before`).

    A row with a defect that `left_out_by` names is counted neither above nor below the line.
    """

    id: str
    code: str
    title: str
    dataset: Dataset
    periods: tuple[Period, ...]
    unit: Unit
    polarity: Polarity
    owner: str
    why_it_matters: str
    definition: str
    source: str
    numerator: Mask
    denominator: Mask | None = None
    month_of: str | None = None  # the instant or date of an event's month: the record's own, or made by `derive`
    rows: View | None = None
    not_yet_due: Mask | None = None  # rows left out only because too little time has passed
    matures_after_hours: int = 0  # a month is provisional until this long after its end
    lookback_months: int = 0
    months_after_end: int = 0
    breakdowns: tuple[Breakdown, ...] = ()
    distinct: str | None = None
    weight: str | None = None
    numerator_weight: str | None = None
    counted_in: str = ""  # what the counts behind a share are of, where not of people or events: FTE
    statistic: Statistic | None = None
    beside: Dataset | None = None
    needs: tuple[str, ...] = ()  # columns without which the extract cannot answer
    made_within_days: int | None = None  # of a month's end: of what a source keeps only as it is now, as cases held
    per_population: bool = False  # for 10,000 children of the population that the settings give
    bridge: bool = False
    stated: bool = False  # the rows state a month's numbers: without one there is no figure, and no zero
    table: Table | None = None
    same_total_as: str | None = None  # the measure of the same pack whose number of children this one's total must be
    nested: bool = True  # the numerator is part of the denominator: intersected, and a Wilson interval fits
    left_out_by: tuple[str, ...] | None = None  # defects of its datasets' rows; to be stated where they have any
    version: int = 1

    def leaves_out(self, dataset: str, defect: str) -> bool:
        """Whether rows of a dataset with a defect are not among its rows. What cannot be used is in no measure."""
        looked_at = dataset in (self.dataset.id, self.beside.id if self.beside else "")
        return looked_at and (defect == UNUSABLE.id or defect in (self.left_out_by or ()))

    @property
    def is_count(self) -> bool:
        """True where the value is what is counted or summed, and is divided by nothing."""
        return self.denominator is None and not self.per_population

    @property
    def reach(self) -> int:
        """How many months back, the month itself included, a figure can look."""
        march = Month(2017, 3)  # ends a quarter and a year
        longest = max(len(period.months_to(march)) for period in self.periods) if self.month_of else 1
        return max(self.lookback_months, longest + self.months_after_end, 2 if self.bridge else 1)


def last_of_each(rows: pd.DataFrame, alike: list[str], order: list[str]) -> pd.DataFrame:
    """Of rows that are alike in some columns, the one that comes last by the `order` columns; blanks come first.

    Few rows have a rival, and only those are sorted.
    """
    rivals = rows.duplicated(alike, keep=False)
    contest = rows.loc[rivals, [*alike, *order]].sort_values(order, na_position="first", kind="stable")
    beaten = contest.index[contest.duplicated(alike, keep="last")]
    return rows.drop(index=beaten)
