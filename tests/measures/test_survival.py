"""The Kaplan-Meier estimate of retention (definitions 5.6), and what holds for every staff list."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from perfpipe.datasets.social_workers import SOCIAL_WORKERS
from perfpipe.dates.months import add_months
from perfpipe.measures.retention import cohort, retained, retention_on
from perfpipe.measures.social_workers import DAYS_OF_A_MONTH, employments, time_in_post
from tests.staff import M, workforce
from tests.workspaces import one, spell

DAY = timedelta(days=1)
HISTORY = (date(2013, 1, 1), date(2018, 3, 31))
MONTH_END = date(2018, 3, 31)


def people(pairs: list[tuple[int, int]], times: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Months in post and whether by leaving, as a statistic takes them, each so many times."""
    months, left = (np.array(column).repeat(times) for column in zip(*pairs, strict=True))
    return months * DAYS_OF_A_MONTH, left.astype(bool)


VECTOR = [(3, 1), (6, 0), (6, 1), (9, 0), (10, 1), (12, 0), (14, 0), (18, 0), (20, 1), (24, 0)]


@pytest.mark.parametrize(
    ("months", "share", "error"), [(4, 0.9, 0.0949), (7, 0.8, 0.1265), (11, 0.6667, 0.1610), (21, 0.3333, 0.2491)]
)
def test_the_published_vector(months: int, share: float, error: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is read the month after it changed: who leaves on the anniversary itself is retained."""
    monkeypatch.setattr("perfpipe.measures.retention.FEWEST_AT_RISK", 1)
    found = retention_on(*people(VECTOR, 1), months=months)
    assert found.value == pytest.approx(share, abs=5e-5)
    spread = 1.959964 * error / (share * abs(math.log(share)))  # log(-log) with Greenwood's variance
    assert found.lower == pytest.approx(share ** math.exp(spread), abs=1e-3)
    assert found.upper == pytest.approx(share ** math.exp(-spread), abs=1e-3)


def test_still_here_over_all_would_be_another_number() -> None:
    """6 of 10 still here mixes lengths of follow-up: the estimate at 11 months is 67%."""
    assert retention_on(*people(VECTOR), months=11).value == pytest.approx(2 / 3)


def test_who_leaves_on_the_anniversary_is_retained_and_the_day_before_is_not() -> None:
    survived = np.array([6 * DAYS_OF_A_MONTH] * 10 + [6 * DAYS_OF_A_MONTH - 1] * 10)
    assert retention_on(survived, np.ones(20, dtype=bool), months=6).value == pytest.approx(0.5)


def test_no_value_where_fewer_than_ten_were_seen_on_the_anniversary() -> None:
    nine, ten = (retention_on(*people([(3, 1), (12, 0)], times), months=12) for times in (9, 10))
    assert (math.isnan(nine.value), nine.reason) == (True, "fewer than 10 at risk")
    assert (ten.value, ten.reason) == (pytest.approx(0.5), "")
    beyond = retention_on(*people([(3, 1), (12, 0)], 50), months=13)  # nobody was seen so long: not extrapolated
    assert math.isnan(beyond.value)


def test_no_interval_before_anybody_has_left() -> None:
    found = retention_on(*people([(12, 0), (9, 1)]), months=6)
    assert found.value == 1
    assert math.isnan(found.lower)
    assert math.isnan(found.upper)


@pytest.mark.slow
def test_starters_of_36_months_seen_to_the_month_end(tmp_path: Path) -> None:
    """Ten stay; one leaves on day one; one left too early for 6 months; one began before the 36 months."""
    figures = workforce(
        tmp_path,
        *(spell(f"S{n}", "31/08/2016") for n in range(10)),
        spell("A", "01/10/2014", "28/03/2015"),
        spell("B", "30/09/2014", "28/10/2014"),
        spell("C", "31/08/2016", "28/02/2017"),  # the last day is the anniversary
        spell("D", "01/08/2016", "30/09/2016", leaving_reason="internal_move"),  # promoted: still here
        spell("E", "01/09/2017", newly_qualified="Y"),
    )
    half, whole_year, two = (one(figures, code, M) for code in ("SW-05a", "SW-05b", "SW-05c"))
    assert half["denominator"] == whole_year["denominator"] == 14
    assert half["value"] == pytest.approx(1 - 1 / 13)  # E was not seen for five months
    assert whole_year["value"] == pytest.approx((1 - 1 / 13) * (1 - 1 / 12))
    assert half["lower"] < half["value"] < half["upper"]
    assert math.isnan(half["numerator"])
    assert (two["state"], two["state_reason"]) == ("not_applicable", "fewer than 10 at risk")
    assert one(figures, "SW-05a", M, "newly_qualified")["state_reason"] == "fewer than 10 at risk"
    assert one(figures, "SW-05a", M, "not_known")["state_reason"] == "nothing to count"


@given(st.dates(*HISTORY), st.integers(0, 1200), st.integers(1, 30))
def test_time_in_post_reaches_each_anniversary_on_its_day(start: date, days: int, months: int) -> None:
    last = start + days * DAY
    found = time_in_post(*(np.array([day], dtype="datetime64[us]") for day in (start, last)))[0]
    assert (found >= months * DAYS_OF_A_MONTH) == (last >= add_months(start, months))
    later = time_in_post(*(np.array([day], dtype="datetime64[us]") for day in (start, last + DAY)))[0]
    assert later > found


SPANS = st.lists(st.tuples(st.integers(0, 40 * DAYS_OF_A_MONTH), st.booleans()), min_size=1, max_size=60)


@given(SPANS)
def test_the_estimate_lies_from_0_to_1_and_never_rises(spans: list[tuple[int, bool]]) -> None:
    survived, left = (np.array(column) for column in zip(*spans, strict=True))
    found = [retention_on(survived, left, months) for months in (6, 12, 24)]
    values = [each.value for each in found if not math.isnan(each.value)]
    assert all(0 <= value <= 1 for value in values)
    assert values == sorted(values, reverse=True)
    for each in found:
        if not math.isnan(each.lower):
            assert 0 <= each.lower <= each.value <= each.upper <= 1


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
@settings(max_examples=40)
@given(SPANS, st.integers(10, 40))
def test_parity_with_scipy(spans: list[tuple[int, bool]], still_here: int) -> None:
    spans = [*spans, *[(41 * DAYS_OF_A_MONTH, False)] * still_here]
    survived, left = (np.array(column) for column in zip(*spans, strict=True))
    curve = ecdf(CensoredData(uncensored=survived[left], right=survived[~left])).sf
    bounds = curve.confidence_interval(method="log-log")
    for months in (6, 12, 24):
        found, day = retention_on(survived, left, months), months * DAYS_OF_A_MONTH - 0.5
        assert found.value == pytest.approx(curve.evaluate(day), rel=1e-12)
        if found.value < 1:
            assert found.lower == pytest.approx(bounds.low.evaluate(day), rel=1e-9)
            assert found.upper == pytest.approx(bounds.high.evaluate(day), rel=1e-9)


@given(st.lists(st.integers(0, 30 * DAYS_OF_A_MONTH), min_size=1, max_size=40))
def test_without_censoring_it_is_the_plain_proportion(times: list[int]) -> None:
    survived = np.array(times + [30 * DAYS_OF_A_MONTH] * 10)
    found = retention_on(survived, np.ones(len(survived), dtype=bool), months=12)
    assert found.value == pytest.approx((survived >= 12 * DAYS_OF_A_MONTH).mean())


@st.composite
def staff_lists(draw: st.DrawFn) -> pd.DataFrame:
    """Spells of a few workers as the engine hands them over, for one month."""
    rows = []
    for number in range(draw(st.integers(1, 40))):
        start = draw(st.dates(*HISTORY))
        end = start + draw(st.integers(0, 900)) * DAY if draw(st.booleans()) else None
        rows.append(
            {
                "worker_id": f"W{draw(st.integers(1, 12))}", "started_on": start, "left_on": end, "last_day_on": end,
                "contract": draw(st.sampled_from(["permanent", "permanent", "agency"])), "fte": 1.0,
                "leaving_reason": draw(st.sampled_from(["resignation", "internal_move", None])) if end else None,
                "newly_qualified": draw(st.sampled_from(["Y", "N", None])), "source_row": number, "month": "2018-03",
                "month_end": MONTH_END, "window_from": date(2017, 4, 1), "defects": "", "reading_id": "r",
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows)
    empty = SOCIAL_WORKERS.empty()
    frame = frame.reindex(columns=[*frame, *(name for name in empty if name not in frame)])
    days = dict.fromkeys(("month_end", "window_from"), "datetime64[us]")
    frame = frame.astype({name: dtype for name, dtype in SOCIAL_WORKERS.dtypes.items() if name != "as_at"} | days)
    return frame.assign(month_as_at=pd.Timestamp("2018-04-05", tz="UTC"))


@pytest.mark.soak
@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(staff_lists())
def test_of_one_cohort_ever_fewer_are_retained(rows: pd.DataFrame) -> None:
    made = employments(rows)
    of = made[cohort(24)(made)]
    kept = [int(retained(months)(of).sum()) for months in (6, 12, 24)]
    assert len(of) >= kept[0] >= kept[1] >= kept[2]


@pytest.mark.soak
@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(staff_lists(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_and_others_rows_change_nothing(rows: pd.DataFrame, dice) -> None:
    """Counted on employments: what each measure of this topic sums or picks."""
    strangers = rows.assign(worker_id=rows["worker_id"] + "X", contract="agency")
    order = list(range(2 * len(rows)))
    dice.shuffle(order)
    mixed = pd.concat([rows, strangers]).iloc[order].reset_index(drop=True).assign(source_row=range(len(order)))
    kept = [
        "worker_id",
        "employed_from",
        "employed_to",
        "last_day_on",
        "stays",
        "survived",
        "experience",
        "share_of_year",
    ]
    before, after = (
        made[made["first_of_employment"]][kept].sort_values(["worker_id", "employed_from"], ignore_index=True)
        for made in (employments(rows), employments(mixed))
    )
    pd.testing.assert_frame_equal(before, after)
    assert employments(rows)["leaver"].sum() == employments(mixed)["leaver"].sum()
    assert (before["share_of_year"] <= 1).all()
