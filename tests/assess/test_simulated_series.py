"""The whole judgement on series that were made up: of those without any change few are named, of a real fall most.

Children are as the sample authority has them: ten hold about a third of all episodes, and what works for a child once
works again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from perfpipe.assess.assess import assess
from perfpipe.dates.months import Month, month_range
from perfpipe.measures import BY_ID
from perfpipe.measures.definition import Measure, Period
from perfpipe.measures.figure import FIGURES
from perfpipe.measures.quantiles import quantile
from perfpipe.plan import Plan
from perfpipe.settings.control_limits import NOTHING_DECLARED
from tests.soaks import SAMPLED, SEED

MONTHS = [str(month) for month in month_range(Month(2015, 4), Month(2018, 3))]
NAN = float("nan")
SHARE, COUNT, MEDIAN = (BY_ID[name] for name in ("rhi_within_72h", "missing_episodes", "rhi_median_hours"))
NAMED = ("better", "worse")
Rng = np.random.Generator
Numbers = npt.NDArray[np.float64]
Rows = list[dict[str, object]]


def figure(measure: Measure, period: Period, month: str, **fields: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "measure_id": measure.id, "code": measure.code, "month": month, "period": period.value, "breakdown": "all",
        "group": "all", "numerator": NAN, "denominator": NAN, "value": NAN, "lower": NAN, "upper": NAN, "state": "ok",
        "state_reason": "", "unit": measure.counts.unit.value, "provisional": False, "definition_version": 1,
        "left_out": 0, "left_out_of": 0, "left_out_why": "", "design_effect": NAN, "spread": NAN,
    }  # fmt: skip
    return usual | fields


def share_row(measure: Measure, period: Period, month: str, y: Numbers, n: Numbers) -> dict[str, object]:
    """A share of what each child adds above and below the line, with its design effect by the definition."""
    top, of = float(y.sum()), float(n.sum())
    p, many = top / of, int((n > 0).sum())
    spread = float(np.square(y - p * n).sum()) * many / max(many - 1, 1)
    effect = max(spread / (of * p * (1 - p)), 1.0) if 0 < p < 1 else 1.0
    return figure(measure, period, month, numerator=top, denominator=of, value=p, design_effect=effect)


def plain_shares(rng: Rng, measure: Measure) -> Rows:
    n = rng.integers(20, 151, len(MONTHS))
    x = rng.binomial(n, 0.7)
    return [
        figure(measure, Period.MONTH, month, numerator=float(a), denominator=float(b), value=a / b, design_effect=1.0)
        for month, a, b in zip(MONTHS, x, n, strict=True)
    ]


def episodes(rng: Rng) -> tuple[Numbers, Numbers]:
    """By month and child the episodes and those done in time: children come and go, a few have many for some months."""
    children, months = 700, len(MONTHS)
    began = rng.integers(-12, months, children)
    stays = 1 + rng.geometric(1 / 4, children)
    active = np.arange(months)[:, None]
    active = (active >= began) & (active < began + stays)
    often = rng.gamma(0.35, 1.0, children)
    rate = active * often * 55 * months / (active * often).sum()
    n = rng.poisson(rate).astype("float64")
    concentration = 1 / 0.35 - 1  # intra-class correlation 0.35
    done = rng.beta(0.6 * concentration, 0.4 * concentration, children)
    return n, rng.binomial(n.astype("int64"), done).astype("float64")


def clustered_shares(rng: Rng, measure: Measure) -> Rows:
    n, y = episodes(rng)
    return [share_row(measure, Period.MONTH, month, a, b) for month, a, b in zip(MONTHS, y, n, strict=True)]


def clustered_counts(rng: Rng, measure: Measure) -> Rows:
    n, _ = episodes(rng)
    return [
        figure(measure, Period.MONTH, month, numerator=a.sum(), value=a.sum(), spread=float(np.square(a).sum()))
        for month, a in zip(MONTHS, n, strict=True)
    ]


def rolling_shares(rng: Rng, measure: Measure) -> Rows:
    n, y = episodes(rng)
    sums = [(y[end - 11 : end + 1].sum(axis=0), n[end - 11 : end + 1].sum(axis=0)) for end in range(11, len(MONTHS))]
    return [share_row(measure, Period.ROLLING_12, month, a, b) for month, (a, b) in zip(MONTHS[11:], sums, strict=True)]


def medians(rng: Rng, measure: Measure) -> Rows:
    rows = []
    for month in MONTHS:
        hours = np.exp(rng.normal(4, 0.8, int(rng.integers(20, 60))))
        found = quantile(hours, np.arange(len(hours)), 0.5)
        ends = {"lower": found.lower, "upper": found.upper}
        rows.append(figure(measure, Period.MONTH, month, denominator=float(len(hours)), value=found.value, **ends))
    return rows


STOCK = [BY_ID[name] for name in ("children_looked_after", "stock_started", "stock_ended")]
FAMILIES = (1, 1, 1, 1, 2, 3)  # 1.5 children on average


def stocks(rng: Rng) -> pd.DataFrame:
    """About 600 children; families of siblings enter on one day, children leave one by one, as many in the long run."""
    rows: Rows = []
    children = 600
    for month in MONTHS:
        days = np.zeros((2, 31))
        for _ in range(rng.poisson(15)):
            days[0, rng.integers(0, 31)] += rng.choice(FAMILIES)
        np.add.at(days[1], rng.integers(0, 31, rng.binomial(children, 22.5 / 600)), 1)
        children += int(days[0].sum() - days[1].sum())
        numbers = (float(children), *days.sum(axis=1))
        spreads = (NAN, *np.square(days).sum(axis=1))
        rows += [
            figure(m, m.periods[0], month, numerator=number, value=number, spread=spread)
            for m, number, spread in zip(STOCK, numbers, spreads, strict=True)
        ]
    return pd.DataFrame(rows)


def judged(rows: Rows, measures: list[Measure]) -> pd.DataFrame:
    plan = Plan.model_validate({"title": "A plan", "recommendations": [{"id": "1", "title": "One"}]})
    return assess(pd.DataFrame(rows).astype(FIGURES.dtypes), plan, measures, NOTHING_DECLARED)


def named(found: pd.DataFrame, words: tuple[str, ...] = NAMED) -> float:
    """The share of series of which the last month says that they are better or worse, of late or against the year."""
    last = found[found["month"] == MONTHS[-1]]
    return float((last["movement"].isin(words) | last["year_movement"].isin(words)).mean())


def alike(measure: Measure, many: int) -> list[Measure]:
    return [replace(measure, id=f"{measure.id}_{number}") for number in range(many)]


def number_of(whole: int) -> int:
    return whole if os.environ.get("PERFPIPE_SOAK") == "whole" or not SAMPLED else whole // 10


KINDS: dict[str, tuple[Measure, Callable[[Rng, Measure], Rows]]] = {
    "plain share": (SHARE, plain_shares),
    "clustered share": (SHARE, clustered_shares),
    "clustered count": (replace(COUNT, shown=SHARE.shown), clustered_counts),
    "rolling share": (SHARE, rolling_shares),
    "median": (MEDIAN, medians),
}


def quiet_series(kind: str, many: int) -> float:
    """Which share of so many series without change is named."""
    rng = np.random.default_rng([SEED, *map(ord, kind)])
    measure, made = KINDS[kind]
    measures = alike(measure, many)
    return named(judged([row for each in measures for row in made(rng, each)], measures))


def most_by_chance(many: int) -> float:
    """5%, and what chance adds where there are few series."""
    return 0.05 + (0 if many >= 2000 else 2.6 * (0.05 * 0.95 / many) ** 0.5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_of_a_few_series_without_change_hardly_any_is_named(kind: str) -> None:
    assert quiet_series(kind, 60) <= most_by_chance(60)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_of_series_without_change_one_in_twenty_is_named_at_most(kind: str) -> None:
    many = number_of(2000)
    assert quiet_series(kind, many) <= most_by_chance(many)


def quiet_stocks(many: int) -> float:
    rng = np.random.default_rng([SEED, 7])
    polarity = replace(STOCK[0], shown=SHARE.shown)  # so that every clear difference has a name
    found = [named(judged(stocks(rng).to_dict("records"), [polarity, *STOCK[1:]])) * 3 for _ in range(many)]
    return float(np.mean([min(each, 1.0) for each in found]))


@pytest.mark.soak
def test_of_stocks_without_change_one_in_twenty_is_named_at_most() -> None:
    many = number_of(2000)
    assert quiet_stocks(many) <= most_by_chance(many)


def falls(many: int) -> float:
    """How many of the series that fall from 80% to 60% of 80 cases are called worse within three months."""
    rng = np.random.default_rng([SEED, 5])
    measures = alike(SHARE, many)
    rows: Rows = []
    for measure in measures:
        x = rng.binomial(80, [0.8] * 24 + [0.6] * 3)
        rows += [
            figure(measure, Period.MONTH, m, numerator=float(a), denominator=80.0, value=a / 80, design_effect=1.0)
            for m, a in zip(MONTHS, x, strict=False)
        ]
    found = judged(rows, measures)
    since = found[found["month"].isin(MONTHS[24:27])]
    return float((since["movement"] == "worse").groupby(since["measure_id"]).any().mean())


def test_a_fall_is_called_worse_within_three_months() -> None:
    assert falls(60) >= 0.8


@pytest.mark.soak
def test_most_of_many_falls_are_called_worse_within_three_months() -> None:
    assert falls(number_of(1000)) >= 0.8
