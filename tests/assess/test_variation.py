"""Variation of assessed series: signals by polarity, when limits are refused, rebases, baselines and assurance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfpipe.assess.assess import assess
from perfpipe.assess.spc import FOLLOWS, MOST_SIGNAL, TOO_FEW, xmr_limits
from perfpipe.assess.variation import SHARED
from perfpipe.dates.months import Month
from perfpipe.measures import BY_ID
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Period, Polarity
from perfpipe.measures.figure import FIGURES
from perfpipe.plan import Plan
from perfpipe.settings.control_limits import NOTHING_DECLARED, Baseline, ControlLimits, Rebase
from tests.measure_builders import changed

STEADY = [50.0, 54, 48, 52, 47, 55, 49, 53, 51, 48, 52, 50]  # mean 50.75, limits 39.143 and 62.357
FIRST = Month(2015, 4)
EPISODES, INTERVIEWS = BY_ID["missing_episodes"], BY_ID["rhi_within_72h"]


def of_polarity(polarity: Polarity, measure: Measure = EPISODES) -> Measure:
    return changed(measure, polarity=polarity)


HIGH, LOW = of_polarity(Polarity.HIGHER_IS_BETTER), of_polarity(Polarity.LOWER_IS_BETTER)
RANGE, NEITHER = of_polarity(Polarity.RANGE_IS_BEST), of_polarity(Polarity.NEITHER)


def series(
    values: Sequence[float | None],
    measure: Measure = HIGH,
    period: Period = Period.MONTH,
    n: Sequence[float] | float | None = None,
    step: int = 1,
    **fields: Any,
) -> pd.DataFrame:
    """Figures month after month (None: no extract); with `n`, `values` are shares of it. A field may be a list."""
    rows = []
    for number, value in enumerate(values):
        cases = float("nan") if n is None else float(n) if isinstance(n, int | float) else float(n[number])
        row = {
            "measure_id": measure.id, "code": measure.code, "month": str(FIRST + number * step),
            "period": period.value, "breakdown": "all", "group": "all",
            "numerator": None if value is None else value if n is None else value * cases,
            "denominator": cases, "value": value, "state": "not_available" if value is None else "ok",
            "state_reason": "", "unit": measure.counts.unit.value, "provisional": False, "definition_version": 1,
            "left_out": 0, "left_out_of": 0, "left_out_why": "",
            "design_effect": None if n is None else 1.0, "spread": value if n is None else None,
            "lower": None, "upper": None,
        }  # fmt: skip
        rows.append(row | {k: v[number] if isinstance(v, list) else v for k, v in fields.items()})
    return pd.DataFrame(rows).astype(FIGURES.dtypes)


def a_plan(**numbers: str) -> Plan:
    step = {"from": "2015-01", "agreed_on": "2015-01-01", **numbers}
    targets = {EPISODES.id: {"recommendation": "1", "source": "here", "steps": [step]}} if numbers else {}
    return Plan.model_validate(
        {"title": "A plan", "recommendations": [{"id": "1", "title": "One"}], "targets": targets}
    )


def judged(
    figures: pd.DataFrame, measure: Measure = HIGH, limits: ControlLimits = NOTHING_DECLARED, **target: str
) -> pd.DataFrame:
    return assess(figures, a_plan(**target), [measure], limits)


def rebase(month: str, measure: Measure = HIGH) -> Rebase:
    return Rebase.model_validate({"measure": measure.id, "from": month, "reason": "a new team"})


def baseline(first: str, last: str) -> Baseline:
    return Baseline.model_validate({"measure": HIGH.id, "from": first, "to": last, "reason": "before the change"})


def test_a_steady_series_is_common_cause_since_it_began() -> None:
    found = judged(series(STEADY))
    assert set(found["variation"]) == {"common"}
    assert set(found["within_since"]) == {"2015-04"}
    last = found.iloc[-1]
    assert (last["mean"], last["lower_limit"], last["upper_limit"]) == pytest.approx((50.75, 39.143, 62.357), abs=6e-4)
    assert not found["trial_limits"].any()
    assert found["median"].isna().all()
    assert set(found["variation_reason"]) == {""}


@pytest.mark.parametrize(
    ("measure", "high", "low"),
    [
        (HIGH, "improvement_high", "concern_low"),
        (LOW, "concern_high", "improvement_low"),
        (NEITHER, "neutral_high", "neutral_low"),
        (RANGE, "neutral_high", "neutral_low"),  # without a target there is no range
    ],
)
def test_a_signal_is_good_or_bad_by_polarity(measure: Measure, high: str, low: str) -> None:
    for last, expected in ((80, high), (20, low)):
        found = judged(series([*STEADY, *STEADY, last], measure), measure).iloc[-1]
        assert (found["variation"], found["variation_reason"]) == (expected, "outside the limits")
        assert found["within_since"] == ""


@pytest.mark.parametrize(
    ("last", "low", "high", "expected"),
    [
        (80, "75", "85", "improvement_high"),  # the mean of 50.75 is below the range
        (70, "75", "85", "improvement_high"),  # nearer to it
        (20, "75", "85", "concern_low"),
        (20, "10", "30", "improvement_low"),
        (80, "10", "30", "concern_high"),
        (80, "45", "60", "concern_high"),  # out of the range in which it was
        (20, "45", "60", "concern_low"),
        (80, "45", "85", "neutral_high"),  # in it before and after
        (90, "75", "85", "concern_high"),  # past it
        (80, "50.75", "85", "neutral_high"),  # the mean is at its very end, which is in it
        (20, "10", "50.75", "neutral_low"),
    ],
)
def test_of_a_range_towards_it_is_better(last: float, low: str, high: str, expected: str) -> None:
    found = judged(series([*STEADY, *STEADY, last], RANGE), RANGE, low=low, high=high)
    assert found["variation"].tolist()[-1] == expected


def test_a_trend_is_named_by_its_direction_and_not_by_its_side() -> None:
    falling = [61.0, 60, 59, 58, 57, 56, 55]  # all above the mean
    found = judged(series([*STEADY, *STEADY, *falling]))
    assert set(found["variation"][-7:]) == {"concern_low"}
    assert set(found["variation_reason"][-7:]) == {"trend"}


def test_within_since_begins_after_the_last_signal() -> None:
    found = judged(series([*STEADY, 80, *STEADY]))
    assert found["variation"].tolist()[12] == "improvement_high"
    assert found["within_since"].tolist()[11:14] == ["2015-04", "", "2016-05"]
    assert found["within_since"].tolist()[-1] == "2016-05"


def test_a_month_without_a_figure_is_not_judged_and_does_not_end_normal_variation() -> None:
    found = judged(series([*STEADY, None, *STEADY]))
    gap, last = found.iloc[12], found.iloc[-1]
    assert (gap["variation"], gap["variation_reason"], gap["within_since"]) == ("none", "", "")
    assert gap["mean"] == last["mean"]  # the lines go on
    assert last["within_since"] == "2015-04"


def test_groups_are_left_blank() -> None:
    whole = series(STEADY)
    found = judged(pd.concat([whole, whole.assign(breakdown="area", group="in")]))  # and the index has doubles
    groups = found[found["breakdown"] == "area"]
    assert len(found) == 24
    assert set(groups["variation"]) == set(groups["assurance"]) == set(groups["within_since"]) == {""}
    assert groups[["mean", "lower_limit", "upper_limit", "median"]].isna().all(axis=None)
    assert set(found[found["breakdown"] == "all"]["variation"]) == {"common"}


@pytest.mark.parametrize(
    "period", [Period.ROLLING_12, Period.YEAR_TO_DATE, Period.LAST_90_DAYS, Period.COHORT, Period.MONTH_END]
)
def test_limits_are_refused_where_values_share_data(period: Period) -> None:
    found = judged(series(STEADY, period=period))
    assert set(found["variation"]) == {"none"}
    assert set(found["assurance"]) == {"none"}
    expected = SHARED if period is not Period.MONTH_END else "month-end numbers move slowly, so there are no limits"
    assert set(found["variation_reason"]) == {expected}
    assert found[["mean", "lower_limit", "upper_limit"]].isna().all(axis=None)
    assert set(found["median"]) == {50.5}  # of 50, 54, 48, 52, 47, 55, 49, 53, 51, 48, 52, 50


def test_few_figures() -> None:
    five, six, eleven, twelve = (judged(series(STEADY[:n])) for n in (5, 6, 11, 12))
    assert set(five["variation_reason"]) == {TOO_FEW}
    assert set(five["median"]) == {50.0}
    assert six["trial_limits"].all()
    assert eleven["trial_limits"].all()
    assert not twelve["trial_limits"].any()


def test_a_series_that_is_not_stable_has_a_median_and_says_why() -> None:
    found = judged(series([100.0 + 2 * n + n % 2 for n in range(24)]))
    assert set(found["variation_reason"]) == {FOLLOWS}
    assert found["mean"].isna().all()
    assert found["median"].notna().all()
    declared = ControlLimits(baselines=(baseline("2015-04", "2016-03"),))
    moved = judged(series([*STEADY, *[value + 30 for value in STEADY], 80]), limits=declared)
    assert set(moved["variation_reason"]) == {MOST_SIGNAL}


SHARES = [value / 100 for value in STEADY]


@pytest.mark.parametrize(
    ("few", "judges"), [(0, True), (5, True), (6, True), (7, False), (24, False)]
)  # of 24: a quarter is 6
def test_percentages_of_too_few_cases_have_no_limits(few: int, judges: bool) -> None:
    found = judged(series([*SHARES, *SHARES], INTERVIEWS, n=[19.0] * few + [20.0] * (24 - few)), INTERVIEWS)
    assert found["mean"].notna().all() == judges
    if not judges:
        assert set(found["variation_reason"]) == {"more than a quarter of the figures are of fewer than 20 cases"}


def test_a_month_of_few_cases_neither_makes_limits_nor_signals() -> None:
    values, cases = [*SHARES, *SHARES, 1.0], [50.0] * 24 + [19.0]
    found = judged(series(values, INTERVIEWS, n=cases), INTERVIEWS)
    last = found.iloc[-1]
    assert (last["variation"], last["variation_reason"]) == ("none", "fewer than 20 cases")
    assert last["mean"] == pytest.approx(sum(SHARES) / 12)
    allowed = judged(series(values, INTERVIEWS, n=cases), INTERVIEWS, ControlLimits(least_cases=19))
    assert allowed["variation"].tolist()[-1] == "improvement_high"
    in_middle = judged(series([*SHARES, 1.0, *SHARES], INTERVIEWS, n=[50.0] * 12 + [19] + [50.0] * 12), INTERVIEWS)
    assert in_middle["within_since"].tolist()[-1] == "2015-04"


def test_a_provisional_figure_neither_makes_limits_nor_signals() -> None:
    found = judged(series([*STEADY, 80], provisional=[False] * 12 + [True]))
    last = found.iloc[-1]
    assert (last["variation"], last["variation_reason"], last["within_since"]) == ("none", "provisional", "")
    assert last["upper_limit"] == pytest.approx(62.357, abs=6e-4)
    assert found["variation"].tolist()[-2] == "common"
    run_chart = judged(series([*STEADY, 80], period=Period.ROLLING_12, provisional=[False] * 12 + [True]))
    assert set(run_chart["median"]) == {50.5}


def test_quarters_are_judged_three_months_apart() -> None:
    found = judged(
        series(STEADY, period=Period.QUARTER, step=3).assign(month=[str(Month(2015, 6) + 3 * n) for n in range(12)])
    )
    assert set(found["variation"]) == {"common"}
    assert set(found["within_since"]) == {"2015-06"}
    every_month = judged(series([v for value in STEADY for v in (None, None, value)], period=Period.QUARTER))
    assert every_month["variation"].tolist() == ["none", "none", "common"] * 12
    assert every_month["mean"].dropna().unique() == pytest.approx([50.75])
    assert set(judged(series([1.0, 2.0], period=Period.QUARTER))["variation"]) == {"none"}  # April and May alone


def test_a_rebase_makes_limits_anew_and_says_why() -> None:
    values = [*STEADY, *[value + 30 for value in STEADY]]
    found = judged(series(values), limits=ControlLimits(rebases=(rebase("2016-04"),)))
    assert set(found["variation"]) == {"common"}
    assert found["mean"].tolist() == pytest.approx([50.75] * 12 + [80.75] * 12)
    assert found["rebased"].tolist() == [""] * 12 + ["a new team"] + [""] * 11
    assert found["within_since"].tolist()[11:13] == ["2015-04", "2016-04"]
    other = judged(series(values), limits=ControlLimits(rebases=(rebase("2016-04", INTERVIEWS),)))
    assert set(other["rebased"]) == {""}


def test_rebases_outside_the_chart_draw_no_line() -> None:
    for month in ("2014-01", "2015-04", "2016-04"):
        found = judged(series(STEADY), limits=ControlLimits(rebases=(rebase(month),)))
        assert set(found["rebased"]) == {""}
        assert found["mean"].tolist() == pytest.approx([50.75] * 12)


def test_of_rebases_before_the_chart_the_last_counts_in_whatever_order_they_stand() -> None:
    later = Rebase.model_validate({"measure": HIGH.id, "from": "2014-06", "reason": "A"})
    settings = ControlLimits((later, rebase("2014-01")), (baseline("2014-03", "2014-05"),))
    assert set(judged(series(STEADY), limits=settings)["variation"]) == {"common"}  # the baseline is of older limits


def test_the_order_of_rows_does_not_matter() -> None:
    figures = series([*STEADY, 80, *STEADY])
    mixed = judged(figures.sample(frac=1, random_state=2)).sort_values("month")
    pd.testing.assert_frame_equal(mixed, judged(figures))


def test_a_rebase_splits_a_run_chart_too() -> None:
    values, again = [1.0] * 6, [5.0] * 6
    found = judged(series([*values, *again], period=Period.MONTH_END), limits=ControlLimits((rebase("2015-10"),)))
    assert found["median"].tolist() == [1.0] * 6 + [5.0] * 6


def test_a_new_definition_begins_anew_without_a_setting() -> None:
    values = [*STEADY, *[value + 30 for value in STEADY]]
    found = judged(series(values, definition_version=[1] * 12 + [2] * 12))
    assert found["mean"].tolist() == pytest.approx([50.75] * 12 + [80.75] * 12)
    assert found["rebased"].tolist()[12] == "definition version 2"


def test_a_declared_baseline_makes_the_limits() -> None:
    values = [*[value + 30 for value in STEADY], *STEADY, *STEADY]
    found = judged(series(values), limits=ControlLimits(baselines=(baseline("2016-04", "2018-03"),)))
    expected = xmr_limits([*STEADY, *STEADY])
    assert found["mean"].tolist() == pytest.approx([expected.mean] * 36)
    assert set(found["variation"][:12]) == {"improvement_high"}


def test_a_baseline_may_begin_with_a_rebase() -> None:
    values = [*STEADY, *[value + 30 for value in STEADY], *[value + 60 for value in STEADY]]
    settings = ControlLimits((rebase("2016-04"),), (baseline("2016-04", "2017-03"),))
    found = judged(series(values), limits=settings)
    assert found["mean"].tolist() == pytest.approx([50.75] * 12 + [80.75] * 24)
    begun = judged(series(STEADY), limits=ControlLimits(baselines=(baseline("2016-03", "2017-02"),)))
    assert set(begun["variation_reason"]) == {
        "fewer than 6 figures in the declared baseline"
    }  # one month of it is there
    later = judged(series(STEADY), limits=ControlLimits(baselines=(baseline("2016-04", "2017-03"),)))
    assert set(later["variation"]) == {"common"}


def test_a_baseline_that_has_left_the_chart_is_not_replaced_by_another() -> None:
    old = ControlLimits(baselines=(baseline("2013-04", "2014-03"),))
    found = judged(series(STEADY), limits=old)
    assert set(found["variation_reason"]) == {"fewer than 6 figures in the declared baseline"}
    rebased = ControlLimits(rebases=(rebase("2015-01"),), baselines=old.baselines)
    assert set(judged(series(STEADY), limits=rebased)["variation"]) == {"common"}  # of limits that are no more
    partly = ControlLimits(baselines=(baseline("2013-04", "2015-09"),))
    assert judged(series(STEADY), limits=partly)["trial_limits"].all()  # six of its months are there


@pytest.mark.parametrize(
    ("measure", "target", "assurance"),
    [
        (HIGH, {"target": "39"}, "passes"),
        (HIGH, {"target": "50"}, "hit_and_miss"),
        (HIGH, {"target": "63"}, "fails"),
        (LOW, {"target": "63"}, "passes"),
        (LOW, {"target": "50"}, "hit_and_miss"),
        (LOW, {"target": "39"}, "fails"),
        (RANGE, {"low": "39", "high": "63"}, "passes"),
        (RANGE, {"low": "45", "high": "63"}, "hit_and_miss"),
        (RANGE, {"low": "70", "high": "90"}, "fails"),
        (HIGH, {}, "none"),
        (NEITHER, {"target": "39"}, "none"),
    ],
)
def test_assurance(measure: Measure, target: dict[str, str], assurance: str) -> None:
    assert set(judged(series(STEADY, measure), measure, **target)["assurance"]) == {assurance}


def test_one_month_at_96_percent_makes_17_at_100_percent_neither_unstable_nor_a_shift() -> None:
    found = judged(series([1.0] * 8 + [0.96] + [1.0] * 9, INTERVIEWS, n=50), INTERVIEWS)
    assert found["variation"].tolist() == ["common"] * 8 + ["concern_low"] + ["common"] * 9
    assert not found["mean"].isna().any()
    last = judged(series([1.0] * 17 + [0.96], INTERVIEWS, n=50), INTERVIEWS).iloc[-1]
    assert (last["variation"], last["movement"]) == ("concern_low", "worse")


def test_a_flat_series_at_100_percent_passes_a_target_of_100_percent() -> None:
    share = changed(EPISODES, unit=Unit.PERCENT, polarity=Polarity.HIGHER_IS_BETTER,
                                denominator=lambda rows: rows["returned"].notna())  # fmt: skip
    found = judged(series([1.0] * 13, share, n=40), share, target="1")
    assert set(found["assurance"]) == {"passes"}
    assert set(found["variation"]) == {"common"}


@pytest.mark.parametrize(
    ("period", "months"), [(Period.MONTH, 1), (Period.ROLLING_12, 1), (Period.QUARTER, 3), (Period.YEAR_TO_DATE, 12)]
)
def test_equal_periods_are_compared(period: Period, months: int) -> None:
    found = judged(series([float(n) for n in range(1, 19)], period=period))
    assert found["previous"].tolist()[months:] == [float(n) for n in range(1, 19 - months)]
    assert found["previous"][:months].isna().all()


def test_intervals_that_figures_bring_are_kept_and_the_others_made() -> None:
    figures = series([0.5, 0.5, None], INTERVIEWS, n=10).assign(lower=[0.2, None, 0.1], upper=[0.9, None, 0.9])
    found = judged(figures, INTERVIEWS)
    assert found["lower"].round(3).tolist()[:2] == [0.2, 0.237]
    assert found["upper"].round(3).tolist()[:2] == [0.9, 0.763]
    assert found[["lower", "upper"]].iloc[2].isna().all()  # nothing is known of a figure that is not there
    median = changed(INTERVIEWS, unit=Unit.HOURS)
    hours = series([30.0], median, n=10).assign(lower=20.0, upper=44.0, numerator=float("nan"))
    assert judged(hours, median)[["lower", "upper"]].to_numpy().tolist() == [[20.0, 44.0]]
    assert judged(series([30.0], median, n=10), median)["lower"].isna().all()
    rate = changed(INTERVIEWS, unit=Unit.PER_10_000)
    apart = changed(INTERVIEWS, nested=False)
    for measure in (rate, apart):  # neither is a part of a whole
        assert judged(series([0.5], measure, n=10), measure)["lower"].isna().all()


@pytest.mark.parametrize(
    ("unit", "value", "numerator", "denominator", "target", "status"),
    [
        (Unit.HOURS, 72.0, None, 31.0, "72", "met"),
        (Unit.HOURS, 72.1, None, 31.0, "72", "missed"),
        (Unit.PER_10_000, 2 * 10_000 / 3, 2.0, 3.0, "6666.6", "missed"),
        (Unit.PER_10_000, 81.25, 650.0, 80_000.0, "81.25", "met"),
        (Unit.PER_10_000, 316 / 80_000 * 10_000, 316.0, 80_000.0, "39.5", "met"),  # 39.50000000000001 in floats
        (Unit.CASES, 2800 / 168, 2800.0, 168.0, "16.7", "met"),
        (Unit.PERCENT, 0.6000001, 6.0, 10.0, "0.6", "missed"),  # an estimate that is not its ratio
    ],
)
def test_the_value_is_judged_where_it_is_not_the_ratio(
    unit: Unit, value: float, numerator: float | None, denominator: float, target: str, status: str
) -> None:
    measure = changed(LOW, unit=unit)
    figures = series([value], measure).assign(numerator=numerator, denominator=denominator)
    found = judged(figures.astype(FIGURES.dtypes), measure, target=target)
    assert found["status"].tolist() == [status]


@pytest.mark.soak
@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 60)), min_size=1, max_size=40), st.booleans())
def test_what_is_said_hangs_together(values: list[int | None], late: bool) -> None:
    provisional = [False] * (len(values) - 1) + [late]
    found = judged(series([None if v is None else float(v) for v in values], provisional=provisional), target="30")
    with_limits = found["mean"].notna()
    assert (with_limits == found["median"].isna()).all() or not found["value"].notna().any() or late
    assert (found["lower_limit"] <= found["mean"])[with_limits].all()
    said = found["variation"] != "none"
    assert (said <= (with_limits & (found["state"] == "ok") & ~found["provisional"])).all()
    assert ((found["within_since"] != "") == (found["variation"] == "common")).all()
    assert (found["within_since"] <= found["month"]).all()
    relied_on = with_limits & (found["state"] == "ok") & ~found["provisional"]
    assert ((found["assurance"] != "none") == relied_on).all()
