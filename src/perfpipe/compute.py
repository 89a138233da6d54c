"""Compute: the rows that speak for each month into figures, one per (measure, month, period, breakdown, group).

Nothing is formatted, and nothing is compared with a target.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.datasets.definition import Selects
from perfpipe.measures.definition import Breakdown, Measure, Period
from perfpipe.months import Month, month_range
from perfpipe.speaking import Authority, Speaking

FIGURE_COLUMNS = {
    "measure_id": "str", "code": "str", "month": "str", "period": "str", "breakdown": "str", "group": "str",
    "numerator": "float64", "denominator": "float64", "value": "float64", "state": "str", "state_reason": "str",
    "unit": "str", "provisional": "bool", "definition_version": "int64",
}  # fmt: skip
KEY = ["measure_id", "month", "period", "breakdown", "group"]


def compute(speaking: Speaking, measures: Sequence[Measure]) -> pd.DataFrame:
    """Figures of all measures for all months, with the columns of `FIGURE_COLUMNS`, unique by `KEY`."""
    parts = []
    for measure in measures:
        for period in measure.periods:
            rows = counted(speaking, measure, period)
            for breakdown in (None, *measure.breakdowns):
                totals = _totals(speaking, rows, measure, breakdown)
                parts.append(
                    totals.assign(
                        measure_id=measure.id,
                        code=measure.code,
                        period=period.value,
                        breakdown=breakdown.id if breakdown else "all",
                        unit=measure.unit.value,
                        definition_version=measure.version,
                    )
                )
    figures = _with_states(pd.concat(parts, ignore_index=True), speaking, measures)
    figures = figures.astype(FIGURE_COLUMNS)[list(FIGURE_COLUMNS)]
    if figures.duplicated(KEY).any():
        raise AssertionError("two figures with one key")
    return figures


def counted(speaking: Speaking, measure: Measure, period: Period) -> pd.DataFrame:
    """The view's rows that are not excluded, with `in_denominator`, `in_numerator`, `not_yet_due` (bool)."""
    view = speaking.view(measure, period)
    marks = view["excluded_from"].unique()
    excluded = {mark: measure.id in str(mark).split() for mark in marks}
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


def _mask(mask: pd.Series) -> pd.Series:
    return mask.fillna(False).astype(bool)


def _totals(speaking: Speaking, rows: pd.DataFrame, measure: Measure, breakdown: Breakdown | None) -> pd.DataFrame:
    """For every month and group `numerator`, `denominator` (NaN for a count), `value`, and how many are `waiting`."""
    months = pd.Index([str(month) for month in speaking.months])
    groups = pd.Index(list(breakdown.groups) if breakdown else ["all"])
    group = np.zeros(len(rows), dtype="int64")
    if breakdown:
        group = groups.get_indexer(pd.Index(rows[breakdown.id].fillna(breakdown.not_known)))
    cell = months.get_indexer(pd.Index(rows["month"])) * len(groups) + group
    if (group < 0).any():
        raise AssertionError(f"{measure.id}: the rows have a group that its breakdown does not list")
    size = len(months) * len(groups)

    def total(mask: str) -> npt.NDArray[np.float64]:
        chosen = rows[mask].to_numpy()
        if measure.distinct:
            different = pd.DataFrame({"cell": cell[chosen], "what": rows[measure.distinct].to_numpy()[chosen]})
            return np.bincount(different.drop_duplicates()["cell"], minlength=size).astype("float64")
        if measure.weight:  # FTE come with at most a few decimals: no float dust
            weights = rows[measure.weight].fillna(0).to_numpy()[chosen]
            return np.bincount(cell[chosen], weights, minlength=size).astype("float64").round(6)
        return np.bincount(cell[chosen], minlength=size).astype("float64")

    numerator, denominator = total("in_numerator"), total("in_denominator")
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(denominator > 0, numerator / denominator, np.nan)
    return pd.DataFrame(
        {
            "month": months.repeat(len(groups)),
            "group": list(groups) * len(months),
            "numerator": numerator,
            "denominator": np.nan if measure.is_count else denominator,
            "value": numerator if measure.is_count else share,
            "waiting": np.bincount(cell[rows["not_yet_due"].to_numpy()], minlength=size),
        }
    )


def _with_states(figures: pd.DataFrame, speaking: Speaking, measures: Sequence[Measure]) -> pd.DataFrame:
    """State, reason and `provisional` of each figure; no number where there is none."""
    known = pd.DataFrame(
        [
            (m.id, p.value, str(month), _unavailable(authority, m, p, month), _is_provisional(authority, m, month))
            for m in measures
            for p in m.periods
            for authority in [speaking.authorities[m.dataset.id]]
            for month in speaking.months
        ],
        columns=["measure_id", "period", "month", "reason", "early"],
    )
    facts = figures[["measure_id", "period", "month"]].merge(known, how="left")
    nothing = figures["value"].isna() & (facts["reason"] == "")
    waiting = nothing & (figures["waiting"] > 0)
    reason = facts["reason"].mask(nothing, "nothing to count").mask(waiting, "not yet due")
    state = pd.Series("ok", index=figures.index).mask(reason != "", "not_available")
    state = state.mask(nothing & ~waiting, "not_applicable")
    absent = (state == "not_available") & ~waiting
    numbers = {name: figures[name].mask(absent) for name in ("numerator", "denominator", "value")}
    provisional = facts["early"].astype(bool) & (state != "not_applicable") & ~absent
    return figures.assign(state=state, state_reason=reason, provisional=provisional, **numbers)


def _unavailable(authority: Authority, measure: Measure, period: Period, month: Month) -> str:
    """Why a month cannot be computed; empty if it can."""
    if month not in authority.speaks:
        return "extract missing"
    if period is not Period.MONTH_END and authority.speaks[month].selects_by is Selects.SNAPSHOT:
        return "the extract is a snapshot"
    if period in (Period.ROLLING_12, Period.COHORT):
        needed = month_range(month - (measure.lookback_months - 1), month)
        missing = [m for m in needed if m not in authority.speaks]
        if missing:
            return f"history missing: {missing[0]}" + (f" to {missing[-1]}" if len(missing) > 1 else "")
    return ""


def _is_provisional(authority: Authority, measure: Measure, month: Month) -> bool:
    """The month's extract was made before the month, and the time its events need to mature, had passed."""
    reading = authority.speaks.get(month)
    if reading is None:
        return False
    return reading.extracted_at < month.end_at + pd.Timedelta(hours=measure.matures_after_hours)
