"""Status, variance and revision: the worked cases of definitions 7.1, by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.assess.assess import assess, status_of, with_revisions
from perfpipe.history.last_meeting import as_cells
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Polarity
from perfpipe.measures.figure import FIGURES
from perfpipe.measures.shown_numbers import exact_value
from perfpipe.plan import Plan, TargetStep


def step(target: str | None = None, tol: str = "0", low: str | None = None, high: str | None = None) -> TargetStep:
    given = {"target": target, "low": low, "high": high}
    bounds = {name: Decimal(value) for name, value in given.items() if value}
    return TargetStep.model_validate(
        {"from": "2017-04", "agreed_on": "2017-06-14", "amber_within": Decimal(tol), **bounds}
    )


HIGH, LOW, RANGE = Polarity.HIGHER_IS_BETTER, Polarity.LOWER_IS_BETTER, Polarity.RANGE_IS_BEST


@pytest.mark.parametrize(
    ("value", "expected"), [("95.0", "met"), ("94.96", "near"), ("90.0", "near"), ("89.99", "missed"), ("100", "met")]
)
def test_high_target_95_within_5(value: str, expected: str) -> None:
    assert status_of(Fraction(value), step("95", "5"), HIGH) == expected


@pytest.mark.parametrize(("value", "expected"), [("12", "met"), ("14", "near"), ("14.1", "missed"), ("0", "met")])
def test_low_target_12_within_2(value: str, expected: str) -> None:
    assert status_of(Fraction(value), step("12", "2"), LOW) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("569", "missed"),
        ("570", "near"),
        ("579", "near"),
        ("580", "met"),
        ("630", "met"),
        ("640", "near"),
        ("641", "missed"),
    ],
)
def test_range_580_to_630_within_10(value: str, expected: str) -> None:
    assert status_of(Fraction(value), step(low="580", high="630", tol="10"), RANGE) == expected


def test_35_of_50_against_80_percent_within_10_points_is_near() -> None:
    assert status_of(exact_value(35, 50), step("0.80", "0.10"), HIGH) == "near"


@given(st.integers(0, 2000), st.integers(1, 2000), st.integers(0, 100), st.integers(0, 30))
def test_status_is_exact_at_every_boundary(numerator: int, denominator: int, target: int, tolerance: int) -> None:
    value = Fraction(min(numerator, denominator), denominator)
    now = step(str(Decimal(target) / 100), str(Decimal(tolerance) / 100))
    expected = "met" if value * 100 >= target else "near" if value * 100 >= target - tolerance else "missed"
    assert status_of(exact_value(min(numerator, denominator), denominator), now, HIGH) == expected


def figures(*values: tuple[str, str, float | None, float | None], provisional: bool = False) -> pd.DataFrame:
    """Figures (measure id, month, numerator, denominator) of the whole authority."""
    by_id = {measure.id: measure for measure in MEASURES}
    rows = []
    for measure_id, month, numerator, denominator in values:
        measure = by_id[measure_id]
        rows.append(
            {
                "measure_id": measure_id, "code": measure.code, "month": month, "period": measure.periods[0].value,
                "breakdown": "all", "group": "all", "numerator": numerator, "denominator": denominator,
                "value": None if numerator is None else numerator / denominator if denominator else numerator,
                "state": "ok" if numerator is not None else "not_available", "lower": None, "upper": None,
                "state_reason": "" if numerator is not None else "extract missing",
                "unit": measure.counts.unit.value, "provisional": provisional, "definition_version": 1,
                "left_out": 0, "left_out_of": 0, "left_out_why": "",
                "design_effect": None if denominator is None else 1.0,
                "spread": numerator if denominator is None else None,
            }
        )  # fmt: skip
    return pd.DataFrame(rows).astype(FIGURES.dtypes)


def plan(**targets: dict[str, str]) -> Plan:
    return Plan.model_validate(
        {
            "title": "A plan",
            "recommendations": [{"id": "1", "title": "One"}],
            "targets": {
                name: {
                    "recommendation": "1",
                    "source": "here",
                    "steps": [{"from": "2017-04", "agreed_on": "2017-06-14", **numbers}],
                }
                for name, numbers in targets.items()
            },
        }
    )


def test_a_target_holds_from_its_month_and_never_for_a_missing_value() -> None:
    assessed = assess(
        figures(
            ("rhi_within_72h", "2017-03", 9, 10),
            ("rhi_within_72h", "2017-04", 9, 10),
            ("rhi_within_72h", "2017-05", None, None),
        ),
        plan(rhi_within_72h={"target": "0.95", "amber_within": "0.05"}),
        MEASURES,
    )
    assert assessed["status"].tolist() == ["no_target", "near", "no_data"]
    assert assessed["target"].tolist()[1:] == ["0.95", "0.95"]
    assert pd.isna(assessed["target"][0])
    assert assessed["variance"][1] == pytest.approx(-0.05)


def test_only_figures_of_the_whole_authority_have_a_target() -> None:
    whole = figures(("rhi_within_72h", "2017-04", 9, 10))
    both = pd.concat([whole, whole.assign(breakdown="area", group="in")], ignore_index=True).astype(FIGURES.dtypes)
    assessed = assess(both, plan(rhi_within_72h={"target": "0.95", "amber_within": "0.05"}), MEASURES)
    assert assessed["status"].tolist() == ["near", "no_target"]
    assert assessed["target"].isna().tolist() == [False, True]
    assert assessed["variance"].isna().tolist() == [False, True]


def test_distance_from_a_range() -> None:
    values = [("children_looked_after", f"2017-0{m}", v, None) for m, v in ((4, 570), (5, 600), (6, 640))]
    assessed = assess(figures(*values), plan(children_looked_after={"low": "580", "high": "630"}), MEASURES)
    assert assessed["variance"].tolist() == [-10, 0, 10]
    assert assessed["target"].tolist() == ["580..630"] * 3


def test_revised_means_that_the_shown_value_or_status_changed() -> None:
    months = ["2017-04", "2017-05", "2017-06", "2017-07"]
    target = plan(rhi_within_72h={"target": "0.5"})
    seen = assess(figures(*(("rhi_within_72h", m, 500, 1000) for m in months[:3])), target, MEASURES)
    now = assess(
        figures(*zip(["rhi_within_72h"] * 4, months, [501, 506, 499, 1], [1000] * 4, strict=True)), target, MEASURES
    )
    assert with_revisions(now, as_cells(seen))["revised"].tolist() == [False, True, True, False]
    assert not with_revisions(now, None)["revised"].any()


def restated(measure_id: str, then: tuple[float, float | None], now: tuple[float, float | None], **target: str) -> bool:
    """Whether a figure that an audience saw as (numerator, denominator) is marked when it has become another."""
    judging = plan(**({measure_id: target} if target else {}))
    seen, changed = (assess(figures((measure_id, "2017-04", *each)), judging, MEASURES) for each in (then, now))
    return bool(with_revisions(changed, as_cells(seen))["revised"].item())


@pytest.mark.parametrize(
    ("measure_id", "then", "now", "is_marked"),
    [
        ("staff_in_post_fte", (120.1, None), (120.4, None), True),  # FTE are shown with a decimal
        ("staff_in_post_fte", (120.11, None), (120.14, None), False),
        ("staff_in_post_fte", (120.04, None), (119.96, None), False),  # both 120
        ("staff_in_post_fte", (120.0, None), (120.4, None), False),  # 120 was shown
        ("missing_episodes", (1204, None), (1205, None), True),
        ("average_caseload", (2800, 168), (2810, 168), False),  # 16.67 and 16.73 cases: 16.7
        ("average_caseload", (2800, 168), (2820, 168), True),  # 16.79
        ("rhi_within_72h", (285, 1000), (29, 100), False),  # 28.5% is shown as 29%
        ("rhi_within_72h", (284, 1000), (285, 1000), True),
    ],
)
def test_revised_is_what_is_shown_otherwise(
    measure_id: str, then: tuple[float, float | None], now: tuple[float, float | None], is_marked: bool
) -> None:
    assert restated(measure_id, then, now) is is_marked


@pytest.mark.slow
def test_revised_is_also_what_only_the_decimals_of_a_missed_target_show() -> None:
    near = {"target": "0.80", "amber_within": "0.10"}
    assert restated("rhi_within_72h", (7994, 10_000), (7996, 10_000), **near)  # 79.9% and 79.96%
    assert not restated("rhi_within_72h", (7994, 10_000), (7996, 10_000))  # 80%
    assert not restated("rhi_within_72h", (7994, 10_000), (7993, 10_000), **near)  # 79.9%


def test_another_reason_why_there_is_no_figure_is_a_revision() -> None:
    seen = assess(figures(("rhi_within_72h", "2017-04", None, None)), plan(), MEASURES)
    assert with_revisions(seen.assign(state="not_applicable"), as_cells(seen))["revised"].tolist() == [True]
    assert with_revisions(seen, as_cells(seen))["revised"].tolist() == [False]


@pytest.mark.parametrize(
    ("measure", "figure", "left_out", "target", "status"),
    [
        ("rhi_within_72h", (9, 10), 0, "0.80", "met"),
        ("rhi_within_72h", (9, 10), 1, "0.80", "met"),  # 9 of 11 to 10 of 11
        ("rhi_within_72h", (9, 10), 2, "0.80", "not_decided"),  # 9 of 12 would not do
        ("rhi_within_72h", (6, 10), 1, "0.80", "missed"),  # 6 of 11 to 7 of 11
        ("over_caseload_ceiling", (10, None), 2, "12", "met"),  # 10 to 12
        ("over_caseload_ceiling", (11, None), 2, "12", "not_decided"),
        ("rhi_median_hours", (30, None), 0, "40", "met"),
        ("rhi_median_hours", (30, None), 1, "40", "not_decided"),  # how far it moves cannot be known
    ],
)
def test_a_status_is_shown_where_records_left_out_could_not_turn_it(
    measure: str, figure: tuple[float, float | None], left_out: int, target: str, status: str
) -> None:
    row = figures((measure, "2017-04", *figure)).assign(left_out=left_out, left_out_of=100)
    within = "0.01" if target.startswith("0") else "0.5"
    assessed = assess(row, plan(**{measure: {"target": target, "amber_within": within}}), MEASURES)
    assert assessed["status"].tolist() == [status]
