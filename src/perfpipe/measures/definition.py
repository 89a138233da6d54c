"""What a measure is: on which rows, what is counted of them, when it is mature, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month, month_range
from perfpipe.measures.counts import Counts, Mask
from perfpipe.rules.rule import UNUSABLE

if TYPE_CHECKING:
    import pandas as pd

View = Callable[..., "pd.DataFrame"]


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


@dataclass(frozen=True)
class Steps:
    """By which measures of a table some stocks grow and shrink, and by which their groups do besides."""

    of: tuple[str, ...]
    came: str
    went: str
    moved_in: str
    moved_out: str


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
    steps: Steps | None = None


@dataclass(frozen=True)
class Basis:
    """The rows that there are to count: of which dataset, of which months, and what they must have.

    `rows` turns the rows that speak for each month into one row per thing to count, with a `month` column
    and one column per breakdown. It is given the dataset's typed rows with `month`, `month_end` (the last day),
    `month_as_at` (when the extract that speaks for the month was made), `window_from` (first day of the period)
    and `hosted` (another authority's child); with `beside`, the rows of that dataset, too. Rows of events have no
    `month_*` and no `window_from`, except over the last 90 days.

    Of events, figures over several months are made of the events of those months, each from the extract that speaks
    for its own month. An event that may fall so many `months_after_end` of its record, as the due date of what was done
    early, comes from the extract that speaks for the month of that end, if it has ended by then (definitions 1.4). With
    `bridge`, the rows of a month are all that touch it, and those open at the end of the month before as the extract
    that speaks for that month has them, told apart by `as_known` (`now`, `before`).

    A measure that looks back does so from every period, equally far before each begins: `lookback_months` are those of
    12 months and what comes before them. With `ahead_days`, it sees what began so soon after the month, too, by the
    extract that speaks for the month after: a month is judged again when the next one has been delivered.
    """

    dataset: Dataset
    rows: View | None = None
    month_of: str | None = None  # the instant or date of an event's month: the record's own, or made by `derive`
    beside: Dataset | None = None
    lookback_months: int = 0
    ahead_days: int = 0
    months_after_end: int = 0
    bridge: bool = False
    needs: tuple[str, ...] = ()  # columns without which the extract cannot answer
    made_within_days: int | None = None  # of a month's end: of what a source keeps only as it is now, as cases held
    chance_unit: str = ""  # the column of what is one unit of chance, where it is not the child or worker
    window_months: int = 12  # whose events decide a figure, where they are more than those of its period
    stated: bool = False  # the rows state a month's numbers: without one there is no figure, and no zero

    def needing(self, *columns: str) -> Basis:
        """The same, of extracts that have these columns."""
        return replace(self, needs=columns)

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """The dataset, and the one beside it."""
        return (self.dataset, self.beside) if self.beside else (self.dataset,)


@dataclass(frozen=True)
class Maturity:
    """When a figure can be relied on: until `after_hours` from a month's end it is provisional.

    `not_yet_due`: rows left out only because too little time has passed.
    """

    after_hours: int = 0
    not_yet_due: Mask | None = None


@dataclass(frozen=True)
class Display:
    """How a measure is shown: which way is good, split by what, and whether in a table in place of a page."""

    polarity: Polarity
    breakdowns: tuple[Breakdown, ...] = ()
    table: Table | None = None
    same_total_as: str | None = None  # the measure of the same pack whose number of children this one's total must be
    placed_with: str = ""  # the measure that it was added beside: a plan that names that one need not name it


@dataclass(frozen=True)
class Measure:
    """A definition: what is counted over what, and all that a reader needs to know about it.

    A row with a defect that `left_out_by` names is counted neither above nor below the line.
    """

    id: str
    code: str
    title: str
    basis: Basis
    periods: tuple[Period, ...]
    counts: Counts
    shown: Display
    owner: str
    why_it_matters: str
    definition: str
    source: str
    mature: Maturity = Maturity()
    left_out_by: tuple[str, ...] | None = None  # defects of its datasets' rows; to be stated where they have any
    counted_all_the_same: tuple[str, ...] = ()  # defects of columns it looks at that leave no row out
    version: int = 1

    def leaves_out(self, dataset: str, defect: str) -> bool:
        """Whether rows of a dataset with a defect, or several, are not among its rows. The unusable are in none."""
        looked_at = dataset in [each.id for each in self.basis.datasets]
        return looked_at and (defect == UNUSABLE.id or not set(defect.split()).isdisjoint(self.left_out_by or ()))

    @property
    def reach(self) -> int:
        """How many months back, the month itself included, a figure can look."""
        march = Month(2017, 3)  # ends a quarter and a year
        longest = max(len(period.months_to(march)) for period in self.periods) if self.basis.month_of else 1
        return max(self.basis.lookback_months, longest + self.basis.months_after_end, 2 if self.basis.bridge else 1)


def last_of_each(rows: pd.DataFrame, alike: list[str], order: list[str]) -> pd.DataFrame:
    """Of rows that are alike in some columns, the one that comes last by the `order` columns; blanks come first.

    Few rows have a rival, and only those are sorted.
    """
    rivals = rows.duplicated(alike, keep=False)
    contest = rows.loc[rivals, [*alike, *order]].sort_values(order, na_position="first", kind="stable")
    beaten = contest.index[contest.duplicated(alike, keep="last")]
    return rows.drop(index=beaten)
