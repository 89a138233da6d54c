"""What a measure is. One constructor per kind: `count` and `proportion`; `compute.py` evaluates them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from perfpipe.datasets.definition import Dataset

if TYPE_CHECKING:
    import pandas as pd

Mask = Callable[["pd.DataFrame"], "pd.Series"]
View = Callable[["pd.DataFrame"], "pd.DataFrame"]


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
    """Over which time a figure counts (`domain.md` 4.2)."""

    MONTH = "month"
    MONTH_END = "month_end"
    LAST_90_DAYS = "last_90_days"  # to the month end
    QUARTER = "quarter"  # of the financial year: only for the month that ends one
    YEAR_TO_DATE = "year_to_date"  # from April
    ROLLING_12 = "rolling_12"
    COHORT = "cohort"


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


@dataclass(frozen=True)
class Measure:
    """A definition: what is counted over what, and all that a reader needs to know about it.

    `rows` turns the rows that speak for each month into one row per thing to count, with a `month` column
    and one column per breakdown. It is given the dataset's typed rows with `month`, `month_end` (the last day),
    `month_as_at` (when the extract that speaks for the month was made), `window_from` (first day of the month, or
    of the 12 months to its end) and `hosted` (another authority's child). Rows of events have no `month_*` and no
    `window_from`. `numerator` and `denominator` pick among those rows; a count has no denominator.
    `distinct` counts different values of a column in place of rows; `weight` sums a column.
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
    month_of: str | None = None  # the instant or date that says which month an event belongs to
    rows: View | None = None
    not_yet_due: Mask | None = None  # rows left out only because too little time has passed
    matures_after_hours: int = 0  # a month is provisional until this long after its end
    lookback_months: int = 0
    breakdowns: tuple[Breakdown, ...] = ()
    distinct: str | None = None
    weight: str | None = None
    nested: bool = True  # the numerator is part of the denominator: intersected, and a Wilson interval fits
    version: int = 1

    @property
    def is_count(self) -> bool:
        """True for a count, False for a proportion."""
        return self.denominator is None


RESERVED = {"all", "month", "period", "group", "value", "target", "status"}


def problems_of(measures: tuple[Measure, ...]) -> list[str]:
    """What is wrong with a set of definitions, one line each; evaluated on empty rows, before data is read."""
    problems: list[str] = []
    seen: dict[str, str] = {}
    views: dict[tuple[str, View | None], pd.DataFrame] = {}
    for measure in measures:
        where = f"measure {measure.id} ({measure.code})"
        for name in (measure.id, measure.code):
            if name in seen:
                problems.append(f"{where}: {name!r} is already used by {seen[name]}")
            seen[name] = measure.id
        if not re.fullmatch(r"[a-z][a-z0-9_]*", measure.id) or measure.id in RESERVED:
            problems.append(f"{where}: the id must be lower_case words and not one of {sorted(RESERVED)}")
        for field in ("title", "owner", "why_it_matters", "definition", "source"):
            if not str(getattr(measure, field)).strip():
                problems.append(f"{where}: {field} is empty")
        if (measure.unit is Unit.PERCENT) == measure.is_count:
            problems.append(f"{where}: a percentage needs a denominator, and a count has none")
        problems += _evaluation_problems(measure, where, views)
    return problems


def _evaluation_problems(measure: Measure, where: str, views: dict[tuple[str, View | None], pd.DataFrame]) -> list[str]:
    key = (measure.dataset.id, measure.rows)
    try:
        if key not in views:
            views[key] = _view_of_nothing(measure)
        view = views[key]
        for mask in (measure.numerator, measure.denominator, measure.not_yet_due):
            if mask is not None:
                mask(view)
    except (KeyError, AttributeError, TypeError) as error:
        return [f"{where}: cannot be evaluated on empty rows: {type(error).__name__}: {error}"]
    for needed in (measure.month_of, measure.distinct, measure.weight, *(b.id for b in measure.breakdowns)):
        if needed is not None and needed not in view:
            return [f"{where}: the rows have no column {needed!r}; they have {', '.join(map(str, view.columns))}"]
    return []


def _view_of_nothing(measure: Measure) -> pd.DataFrame:
    import pandas as pd

    rows = measure.dataset.empty()
    day = pd.Series([], dtype="datetime64[us]")
    rows = rows.assign(month=pd.Series([], dtype="str"), month_end=day, window_from=day, hosted=day.isna())
    rows["month_as_at"] = rows["as_at"]
    rows = measure.dataset.derive(rows) if measure.dataset.derive else rows
    return measure.rows(rows) if measure.rows else rows


def last_of_each(rows: pd.DataFrame, alike: list[str], order: list[str]) -> pd.DataFrame:
    """Of rows that are alike in some columns, the one that comes last by the `order` columns; blanks come first.

    Few rows have a rival, and only those are sorted.
    """
    rivals = rows.duplicated(alike, keep=False)
    contest = rows.loc[rivals, [*alike, *order]].sort_values(order, na_position="first", kind="stable")
    beaten = contest.index[contest.duplicated(alike, keep="last")]
    return rows.drop(index=beaten)
