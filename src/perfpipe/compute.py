"""Compute: the rows that speak for each month into figures, one per (measure, month, period, breakdown, group).

Nothing is formatted, and nothing is compared with a target.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.measures.definition import PER, Breakdown, Measure, Period
from perfpipe.months import Month, month_range
from perfpipe.speaking import Authority, Speaking

FIGURE_COLUMNS = {
    "measure_id": "str", "code": "str", "month": "str", "period": "str", "breakdown": "str", "group": "str",
    "numerator": "float64", "denominator": "float64", "value": "float64", "lower": "float64", "upper": "float64",
    "state": "str", "state_reason": "str", "unit": "str", "provisional": "bool", "definition_version": "int64",
}  # fmt: skip
KEY = ["measure_id", "month", "period", "breakdown", "group"]
WHOLE_ONLY = (Period.QUARTER, Period.YEAR_TO_DATE)  # not split by group

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def compute(speaking: Speaking, measures: Sequence[Measure]) -> pd.DataFrame:
    """Figures of all measures for all months, with the columns of `FIGURE_COLUMNS`, unique by `KEY`.

    `lower` and `upper` are the interval of a measure that brings its own, as a survival estimate does.
    """
    parts = [part for measure in measures for part in _figures_of(speaking, measure)]
    figures = pd.concat(parts, ignore_index=True).astype(FIGURE_COLUMNS)[list(FIGURE_COLUMNS)]
    if figures.duplicated(KEY).any():
        raise AssertionError("two figures with one key")
    return figures


def counted(speaking: Speaking, measure: Measure, period: Period) -> pd.DataFrame:
    """The view's rows that are not excluded, with `in_denominator`, `in_numerator`, `not_yet_due` (bool)."""
    view = speaking.view(measure, period)
    marks = view["excluded_from"].unique()
    excluded = {mark: measure.id in str(mark).split() for mark in marks}
    if any(excluded.values()):
        view = view[~view["excluded_from"].map(excluded).fillna(False).astype(bool)]
    nobody = pd.Series(False, index=view.index)
    denominator = _mask(measure.denominator(view)) if measure.denominator else nobody
    numerator = _mask(measure.numerator(view))
    if measure.denominator is not None and measure.nested:
        numerator &= denominator
    return view.assign(
        in_denominator=denominator,
        in_numerator=numerator,
        not_yet_due=_mask(measure.not_yet_due(view)) if measure.not_yet_due else nobody,
    )


def behind(speaking: Speaking, measure: Measure, period: Period, month: Month) -> pd.DataFrame:
    """The rows of `counted` from which the figure of one month is made."""
    rows = counted(speaking, measure, period)
    covered = period.months_to(month) if _sums_months(measure, period) else [month]
    return rows[rows["month"].isin([str(each) for each in covered])]


def _sums_months(measure: Measure, period: Period) -> bool:
    """True where a row's month is the event's own, and a figure is made of the events of several months."""
    return measure.month_of is not None and period is not Period.LAST_90_DAYS


def _mask(mask: pd.Series) -> pd.Series:
    return mask.fillna(False).astype(bool)


def _figures_of(speaking: Speaking, measure: Measure) -> Iterator[pd.DataFrame]:
    rows: pd.DataFrame | None = None
    for period in measure.periods:
        if rows is None or not _sums_months(measure, period):
            rows = counted(speaking, measure, period)
        months = [month for month in speaking.months if period.months_to(month)]
        if not months:
            continue
        reasons = [_unavailable(speaking, measure, period, month) for month in months]
        early = [_is_early(speaking.authorities[measure.dataset.id], measure, period, month) for month in months]
        for breakdown in (None, *(measure.breakdowns if period not in WHOLE_ONLY else ())):
            cells = _Cells.of(measure, period, months, rows, breakdown)
            totals = _totals(cells, measure, [speaking.population.get(str(month), np.nan) for month in months])
            figures = _with_states(totals, np.repeat(reasons, len(cells.groups)), np.repeat(early, len(cells.groups)))
            yield figures.assign(
                measure_id=measure.id,
                code=measure.code,
                month=np.repeat([str(month) for month in months], len(cells.groups)),
                period=period.value,
                breakdown=breakdown.id if breakdown else "all",
                group=cells.groups * len(months),
                unit=measure.unit.value,
                definition_version=measure.version,
            )


@dataclass(frozen=True)
class _Cells:
    """Which rows stand in which cell: one for every month of a period, and group of a breakdown.

    A row stands in the cells of all months whose period holds its own month. `first`, `last`: the first and the last
    of these months for each figure, as places among `known` months; `at`: the place of each row's month, -1 for none.
    """

    rows: pd.DataFrame
    groups: list[str]
    group: Whole
    known: int
    first: Whole
    last: Whole
    at: Whole

    @classmethod
    def of(
        cls, measure: Measure, period: Period, months: list[Month], rows: pd.DataFrame, breakdown: Breakdown | None
    ) -> _Cells:
        covered = [period.months_to(month) if _sums_months(measure, period) else [month] for month in months]
        known = month_range(min(each[0] for each in covered), months[-1])
        place = {month: number for number, month in enumerate(known)}
        at = pd.Index([str(month) for month in known]).get_indexer(pd.Index(rows["month"]))
        groups, group = ["all"], np.zeros(len(rows), dtype=np.int64)
        if breakdown:
            groups = list(breakdown.groups)
            group = pd.Index(groups).get_indexer(pd.Index(rows[breakdown.id].fillna(breakdown.not_known)))
            if (group < 0).any():
                raise AssertionError(f"{measure.id}: the rows have a group that its breakdown does not list")
        first = np.array([place[each[0]] for each in covered])
        last = np.array([place[each[-1]] for each in covered])
        return cls(rows, groups, group, len(known), first, last, at)

    @property
    def count(self) -> int:
        """How many cells there are."""
        return len(self.first) * len(self.groups)

    def sums(self, mask: npt.NDArray[np.bool_], weights: Floats | None = None) -> Floats:
        """For every cell how many of the rows in a mask it holds, or the sum of their weights."""
        chosen = mask & (self.at >= 0)
        by_month = np.bincount(
            self.at[chosen] * len(self.groups) + self.group[chosen],
            None if weights is None else weights[chosen],
            minlength=self.known * len(self.groups),
        ).reshape(self.known, len(self.groups))
        up_to = np.vstack([np.zeros(len(self.groups)), by_month.cumsum(axis=0)])
        sums: Floats = (up_to[self.last + 1] - up_to[self.first]).ravel()
        return sums if weights is None else sums.round(6)  # FTE come with at most a few decimals: no float dust

    def pairs(self, mask: npt.NDArray[np.bool_]) -> tuple[Whole, Whole]:
        """Cells and the positions of the rows of a mask that stand in them; a row of several cells once for each."""
        chosen = np.flatnonzero(mask & (self.at >= 0))
        chosen = chosen[np.argsort(self.at[chosen], kind="stable")]
        starts = np.searchsorted(self.at[chosen], self.first, "left")
        ends = np.searchsorted(self.at[chosen], self.last, "right")
        figure = np.repeat(np.arange(len(self.first)), ends - starts)
        position = chosen[np.concatenate([np.arange(*span) for span in zip(starts, ends, strict=True)]).astype(int)]
        return figure * len(self.groups) + self.group[position], position

    def different(self, mask: npt.NDArray[np.bool_], column: str) -> Floats:
        """For every cell how many different values of a column the rows of a mask have."""
        cell, position = self.pairs(mask)
        found = pd.DataFrame({"cell": cell, "what": self.rows[column].to_numpy()[position]}).drop_duplicates()
        return np.bincount(found["cell"], minlength=self.count).astype("float64")


def _totals(cells: _Cells, measure: Measure, population: list[float]) -> pd.DataFrame:
    """For every cell `numerator`, `denominator` (NaN for a count), `value`, `lower`, `upper`, `reason`, `waiting`."""
    rows = cells.rows
    top, bottom = rows["in_numerator"].to_numpy(), rows["in_denominator"].to_numpy()
    nothing = np.full(cells.count, np.nan)
    lower, upper, why = nothing, nothing, np.full(cells.count, "", dtype=object)
    if measure.statistic:
        numerator, denominator = nothing, cells.sums(bottom)
        value, lower, upper, why = _estimates(cells, measure, bottom)
    else:
        numerator, denominator = (
            cells.different(mask, measure.distinct)
            if measure.distinct
            else cells.sums(mask, rows[weight].fillna(0).to_numpy() if weight else None)
            for mask, weight in ((top, measure.numerator_weight or measure.weight), (bottom, measure.weight))
        )
        if measure.per_population:
            denominator = np.repeat(np.array(population, dtype="float64"), len(cells.groups))
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(denominator > 0, numerator / denominator, np.nan)
        value = numerator if measure.is_count else share * (PER if measure.per_population else 1)
    return pd.DataFrame(
        {
            "numerator": numerator,
            "denominator": nothing if measure.is_count else denominator,
            "value": value,
            "lower": lower,
            "upper": upper,
            "why": why,
            "waiting": cells.sums(rows["not_yet_due"].to_numpy()),
        }
    )


def _estimates(
    cells: _Cells, measure: Measure, mask: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats, Floats, npt.NDArray[np.object_]]:
    assert measure.statistic is not None
    value, lower, upper = (np.full(cells.count, np.nan) for _ in range(3))
    reason = np.full(cells.count, "", dtype=object)
    columns = [cells.rows[name].to_numpy() for name in measure.statistic.columns]
    cell, position = cells.pairs(mask)
    order = np.argsort(cell, kind="stable")
    filled, starts = np.unique(cell[order], return_index=True)
    for number, positions in zip(filled, np.split(position[order], starts[1:]), strict=True):
        estimate = measure.statistic.of(*(column[positions] for column in columns))
        value[number], lower[number], upper[number], reason[number] = estimate
    return value, lower, upper, reason


def _with_states(totals: pd.DataFrame, unavailable: npt.NDArray[np.str_], early: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Totals with `state`, `state_reason` and `provisional`; no number where there is none."""
    absent = unavailable != ""
    nothing = totals["value"].isna().to_numpy() & ~absent
    waiting = nothing & (totals["waiting"] > 0).to_numpy()
    not_applicable = nothing & ~waiting
    said = np.where(totals["why"] == "", "nothing to count", totals["why"])
    reason = np.select([absent, waiting, not_applicable], [unavailable, "not yet due", said], "")
    numbers = {name: totals[name].mask(absent) for name in ("numerator", "denominator", "value", "lower", "upper")}
    return pd.DataFrame(numbers).assign(
        state=np.select([absent | waiting, not_applicable], ["not_available", "not_applicable"], "ok"),
        state_reason=reason,
        provisional=early & ~absent & ~not_applicable,
    )


def _unavailable(speaking: Speaking, measure: Measure, period: Period, month: Month) -> str:
    """Why a month cannot be computed; empty if it can."""
    for dataset in (measure.dataset, measure.beside):
        reason = _unavailable_from(speaking, dataset, measure, period, month) if dataset else ""
        if reason:
            return reason
    if measure.per_population and str(month) not in speaking.population:
        return "no population declared for the month"
    return ""


def _unavailable_from(speaking: Speaking, dataset: Dataset, measure: Measure, period: Period, month: Month) -> str:
    authority = speaking.authorities[dataset.id]
    if month not in authority.speaks:
        return "extract missing"
    if period is not Period.MONTH_END and authority.speaks[month].selects_by is Selects.SNAPSHOT:
        return "the extract is a snapshot"
    needs = set(measure.needs) & set(dataset.by_name)
    lacking = needs and speaking.columns_without_content(dataset, authority.speaks[month].id) & needs
    if lacking:
        return f"the extract has no {' or '.join(sorted(lacking))}"
    missing = [needed for needed in _needed(dataset, measure, period, month) if needed not in authority.speaks]
    if missing:
        return f"history missing: {missing[0]}" + (f" to {missing[-1]}" if len(missing) > 1 else "")
    return ""


def _needed(dataset: Dataset, measure: Measure, period: Period, month: Month) -> list[Month]:
    """The months that a figure looks at, the month itself included."""
    if measure.bridge:
        return [month - 1, month]
    if measure.month_of is not None or dataset.end is None:
        return period.months_to(month)
    if period in (Period.MONTH, Period.MONTH_END):
        return [month]
    return month_range(month - (measure.lookback_months - 1), month)


def _is_early(authority: Authority, measure: Measure, period: Period, month: Month) -> bool:
    """An extract was made before a month that it speaks for, and the time its events need to mature, had passed."""
    covered = period.months_to(month) if _sums_months(measure, period) else [month]
    grace = pd.Timedelta(hours=measure.matures_after_hours)
    speaking = [(each, authority.speaks[each]) for each in covered if each in authority.speaks]
    return any(reading.extracted_at < each.end_at + grace for each, reading in speaking)
