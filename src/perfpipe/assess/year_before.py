"""Each figure against the one a year earlier, so that no event counts in both (definitions 7.10).

A window longer than a year is compared with the window before it. Where nothing can be tested, why not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.assess import differences
from perfpipe.assess.differences import Difference
from perfpipe.assess.stock_steps import STEPS, stocks_of, with_steps
from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.figure import KEY
from perfpipe.measures.words import State

YEAR = 12
NO_FIGURE = "no figure for the month"
NO_EARLIER = "no figure {months} months earlier"
PROVISIONAL = "provisional: more is still to be recorded"
EARLIER_PROVISIONAL = "the figure {months} months earlier is provisional"
OTHER_DEFINITION = "counted by another definition {months} months earlier"
NOT_KNOWN = "how much it varies by chance is not known"
NO_INTERVAL = "too few cases for an interval"
NO_STEPS = "who came and who left in the year is not known"
USED = [
    "value", "numerator", "denominator", "lower", "upper", "state", "provisional", "definition_version",
    "design_effect", "spread",
]  # fmt: skip
Texts = npt.NDArray[np.object_]
Whole = npt.NDArray[np.integer[Any]]


def apart_of(measure: Measure) -> int:
    """How many months lie between a figure of a measure and the one that it is compared with."""
    return max(YEAR, measure.basis.window_months)


def with_year_before(assessed: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Rows of the frame, each with the figure a year earlier and the test of the difference.

    Columns added: `year_month`, `year_value`, `year_numerator`, `year_denominator`, `year_lower`, `year_upper`,
    `year_reason`, and `year_clear` and `year_sure`, whether the difference is clear at 95% and at 99%.
    """
    apart = (
        assessed["measure_id"].map({name: apart_of(measure) for name, measure in measures.items()}).to_numpy("int64")
    )
    earlier = _earlier(assessed["month"], apart)
    then = assessed[[*KEY, *USED]].rename(columns={name: f"{name}_then" for name in USED})
    keyed = assessed.assign(month=earlier)[KEY].merge(then, on=KEY, how="left")
    stocks = stocks_of(measures)
    now = with_steps(assessed, stocks).reset_index(drop=True)
    both = pd.concat([now, keyed.drop(columns=KEY)], axis=1)
    both["test"] = _kinds(both, measures, stocks)
    reason = _why_not(both, apart)
    found = _tested(both, earlier, reason)
    there = both["state_then"].eq(State.OK).to_numpy()
    added = {
        "year_month": np.where(there, earlier, "").astype(object),
        **{
            f"year_{name}": both[f"{name}_then"].where(there).to_numpy()
            for name in ("value", "numerator", "denominator")
        },
        "year_lower": found.lower,
        "year_upper": found.upper,
        "year_reason": reason,
        "year_clear": found.clear,
        "year_sure": found.sure,
    }
    return assessed.assign(**added)


def _earlier(months: pd.Series, apart: Whole) -> Texts:
    found = months.to_numpy(dtype="datetime64[M]") - apart.astype("timedelta64[M]")
    texts: Texts = np.datetime_as_string(found).astype(object)
    return texts


def _why_not(both: pd.DataFrame, apart: Whole) -> Texts:
    """Why two figures cannot be compared; empty where they can."""
    months = apart.astype(str).astype(object)
    now, then = (both[name].eq(State.OK).to_numpy() for name in ("state", "state_then"))
    version = (both["definition_version"] == both["definition_version_then"]).to_numpy()
    early, was_early = both["provisional"].to_numpy(dtype=bool), both["provisional_then"].eq(True).to_numpy()
    chosen = np.select([~now, early, ~then, was_early, ~version], [1, 2, 3, 4, 5], 0)
    words = ("", NO_FIGURE, PROVISIONAL, NO_EARLIER, EARLIER_PROVISIONAL, OTHER_DEFINITION)
    kinds = {(c, m): words[c].format(months=m) for c in range(6) for m in set(months)}
    return np.array([kinds[each] for each in zip(chosen.tolist(), months.tolist(), strict=True)], dtype=object)


def _tested(both: pd.DataFrame, earlier: Texts, reason: Texts) -> Difference:
    """The tests of all pairs that can be compared; `reason` takes why one turns out not to be."""
    nothing, no = np.full(len(both), np.nan), np.zeros(len(both), dtype=np.bool_)
    found = Difference(nothing, nothing.copy(), no, no.copy())
    kinds = both["test"].to_numpy(dtype=object)
    for kind, test in TESTS.items():
        places = np.flatnonzero((kinds == kind) & (reason == ""))
        for whole, part in zip(found, test(both.iloc[places], earlier[places]), strict=True):
            whole[places] = part
    for kind, needed in (("interval", ("lower", "upper", "lower_then", "upper_then")), ("stock", STEPS)):
        lacks = (kinds == kind) & both[list(needed)].isna().any(axis=1).to_numpy()
        reason[lacks & (reason == "")] = NO_INTERVAL if kind == "interval" else NO_STEPS
    reason[(kinds == "no steps") & (reason == "")] = NO_STEPS
    reason[(kinds == "") & (reason == "")] = NOT_KNOWN
    return found


def _kinds(both: pd.DataFrame, measures: Mapping[str, Measure], stocks: Collection[str]) -> Texts:
    """By which test each pair is compared; empty: by none."""
    of_measure = {name: "stock" if name in stocks else _kind_of(measure) for name, measure in measures.items()}
    kind: Texts = both["measure_id"].map(of_measure).to_numpy(dtype=object)
    at_end = both["period"].eq(Period.MONTH_END).to_numpy()
    kind = np.where((kind == "count") & at_end, "no steps", kind)
    known = (both["design_effect"].notna() & both["design_effect_then"].notna()).to_numpy()
    spread = (both["spread"].notna() & both["spread_then"].notna()).to_numpy()
    kind = np.where((kind == "share") & ~known, np.where(spread, "ratio", ""), kind)
    return np.where(np.isin(kind, ("count", "ratio")) & ~spread, "", kind).astype(object)


def _kind_of(measure: Measure) -> str:
    counts = measure.counts
    if counts.statistic is not None:
        return "interval"
    if counts.is_count:
        return "count"
    return "no steps" if counts.per_population else "share" if counts.unit is Unit.PERCENT else "ratio"


def _numbers(rows: pd.DataFrame, *names: str) -> list[npt.NDArray[np.float64]]:
    return [rows[name].to_numpy(dtype="float64") for each in names for name in (each, f"{each}_then")]


def _shares(rows: pd.DataFrame, earlier: Texts) -> Difference:
    x1, x2, n1, n2, effect1, effect2 = _numbers(rows, "numerator", "denominator", "design_effect")
    return differences.of_shares(x1, n1, x2, n2, effect1, effect2)


def _ratios(rows: pd.DataFrame, earlier: Texts) -> Difference:
    v1, v2, n1, n2, spread1, spread2 = _numbers(rows, "value", "denominator", "spread")
    return differences.of_ratios(v1, n1, v2, n2, spread1, spread2)


def _counts(rows: pd.DataFrame, earlier: Texts) -> Difference:
    x1, x2, spread1, spread2 = _numbers(rows, "numerator", "spread")
    spans = zip(rows["period"], rows["month"], earlier, strict=True)
    days = {each: _days(*each) for each in {pair for p, now, then in spans for pair in ((p, now), (p, then))}}
    now = np.array([days[each] for each in zip(rows["period"], rows["month"], strict=True)], dtype=np.float64)
    then = np.array([days[each] for each in zip(rows["period"], earlier, strict=True)], dtype=np.float64)
    return differences.of_counts(x1, x2, spread1, spread2, now / (now + then))


def _days(period: str, month: str) -> int:
    """How many days a period has that ends with a month."""
    if period == Period.LAST_90_DAYS:
        return 90
    months = Period(period).months_to(Month.parse(month)) or [Month.parse(month)]
    return (months[-1].last_day - months[0].first_day).days + 1


def _intervals(rows: pd.DataFrame, earlier: Texts) -> Difference:
    lower1, lower2, upper1, upper2 = _numbers(rows, "lower", "upper")
    return differences.of_intervals(lower1, upper1, lower2, upper2)


def _stocks(rows: pd.DataFrame, earlier: Texts) -> Difference:
    v1, v2, came, went, spread = (rows[name].to_numpy("float64") for name in ("value", "value_then", *STEPS))
    return differences.of_stocks(v1 - v2, *(np.nan_to_num(each) for each in (came, went, spread)))


TESTS: dict[str, Callable[[pd.DataFrame, Texts], Difference]] = {
    "share": _shares,
    "ratio": _ratios,
    "count": _counts,
    "interval": _intervals,
    "stock": _stocks,
}
