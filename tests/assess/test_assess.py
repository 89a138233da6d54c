"""Status, variance, direction and revision: the worked cases of definitions 7.1, by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.assess.assess import assess, exact_value, shown_number, status_of, value_of, with_revisions
from perfpipe.compute.compute import FIGURE_COLUMNS
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Polarity
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
                "unit": measure.unit.value, "provisional": provisional, "definition_version": 1,
            }
        )  # fmt: skip
    return pd.DataFrame(rows).astype(FIGURE_COLUMNS)


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
    both = pd.concat([whole, whole.assign(breakdown="area", group="in")], ignore_index=True).astype(FIGURE_COLUMNS)
    assessed = assess(both, plan(rhi_within_72h={"target": "0.95", "amber_within": "0.05"}), MEASURES)
    assert assessed["status"].tolist() == ["near", "no_target"]
    assert assessed["target"].isna().tolist() == [False, True]
    assert assessed["variance"].isna().tolist() == [False, True]


def test_distance_from_a_range() -> None:
    values = [("children_looked_after", f"2017-0{m}", v, None) for m, v in ((4, 570), (5, 600), (6, 640))]
    assessed = assess(figures(*values), plan(children_looked_after={"low": "580", "high": "630"}), MEASURES)
    assert assessed["variance"].tolist() == [-10, 0, 10]
    assert assessed["target"].tolist() == ["580..630"] * 3
    assert assessed["direction"].tolist() == ["not compared", "improving", "worsening"]


def test_the_last_step_into_a_range_is_an_improvement() -> None:
    values = [("children_looked_after", f"2017-0{m}", v, None) for m, v in ((4, 579), (5, 580), (6, 581))]
    assessed = assess(figures(*values), plan(children_looked_after={"low": "580", "high": "630"}), MEASURES)
    assert assessed["direction"].tolist() == ["not compared", "improving", "no clear change"]


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "unit", "exact"),
    [
        (1 / 3, 1, 3, "percent", Fraction(1, 3)),
        (10_000 / 3, 1, 3, "per_10_000", Fraction(10_000, 3)),
        (0.3, 1, 3, "percent", Fraction(3, 10)),  # an estimate is not its ratio
        (38.5, float("nan"), 4, "hours", Fraction(77, 2)),
    ],
)
def test_the_exact_value_is_the_ratio_where_the_value_is_one(
    value: float, numerator: float, denominator: float, unit: str, exact: Fraction
) -> None:
    assert value_of(value, numerator, denominator, unit) == exact


@pytest.mark.parametrize(
    ("measure", "then", "now", "direction"),
    [
        ("rhi_within_72h", (100, 1000), (500, 1000), "improving"),
        ("rhi_within_72h", (500, 1000), (100, 1000), "worsening"),
        ("rhi_within_72h", (5, 10), (6, 10), "no clear change"),
        ("rhi_within_72h", (0, 2), (580, 1000), "no clear change"),  # 58% is in the interval of 0 of 2, to 66%
        ("rhi_within_72h", (580, 1000), (0, 2), "no clear change"),
        ("rhi_within_72h", (0, 2), (700, 1000), "improving"),
        ("in_childrens_homes", (100, 1000), (500, 1000), "worsening"),
        ("in_childrens_homes", (500, 1000), (100, 1000), "improving"),
        ("missing_episodes", (5, None), (6, None), "up"),
        ("missing_episodes", (6, None), (5, None), "down"),
        ("missing_episodes", (5, None), (5, None), "same"),
        ("rhi_within_72h", (5, 10), (5, 10), "no clear change"),
    ],
)
def test_direction_by_polarity(measure: str, then: tuple, now: tuple, direction: str) -> None:
    assessed = assess(figures((measure, "2017-04", *then), (measure, "2017-05", *now)), plan(), MEASURES)
    assert assessed["direction"].tolist() == ["not compared", direction]


def test_equal_figures_of_a_flat_series_with_limits_are_no_clear_change() -> None:
    flat = [("missing_episodes", f"2017-{month:02}", 5, None) for month in range(1, 13)]
    assessed = assess(figures(*flat), plan(), MEASURES)
    assert assessed["upper_limit"].tolist() == [5] * 12
    assert assessed["direction"].tolist() == ["not compared"] + ["no clear change"] * 11


def test_nothing_is_compared_with_a_provisional_figure() -> None:
    two = (("missing_episodes", "2017-04", 5, None), ("missing_episodes", "2017-05", 9, None))
    assert set(assess(figures(*two, provisional=True), plan(), MEASURES)["direction"]) == {"not compared"}


def test_a_gap_is_not_bridged() -> None:
    gap = (
        ("missing_episodes", "2017-04", 5, None),
        ("missing_episodes", "2017-05", None, None),
        ("missing_episodes", "2017-06", 9, None),
    )
    assert set(assess(figures(*gap), plan(), MEASURES)["direction"]) == {"not compared"}


def test_revised_means_that_the_shown_value_or_status_changed() -> None:
    months = ["2017-04", "2017-05", "2017-06", "2017-07"]
    target = plan(rhi_within_72h={"target": "0.5"})
    seen = assess(figures(*(("rhi_within_72h", m, 500, 1000) for m in months[:3])), target, MEASURES)
    now = assess(
        figures(*zip(["rhi_within_72h"] * 4, months, [501, 506, 499, 1], [1000] * 4, strict=True)), target, MEASURES
    )
    assert with_revisions(now, seen)["revised"].tolist() == [False, True, True, False]
    assert not with_revisions(now, None)["revised"].any()


@pytest.mark.parametrize(("value", "shown"), [(0.125, "13"), (0.115, "12"), (0.995, "100"), (0.9949, "99"), (0.0, "0")])
def test_shown_percentages_round_half_up(value: float, shown: str) -> None:
    assert shown_number(value, "percent") == shown


@pytest.mark.parametrize(
    ("unit", "shown"), [("hours", "38.5"), ("per_10_000", "38.5"), ("cases", "38.5"), ("count", "38")]
)
def test_other_units_are_shown_with_one_decimal(unit: str, shown: str) -> None:
    assert shown_number(38.46, unit) == shown


def test_another_reason_why_there_is_no_figure_is_a_revision() -> None:
    seen = assess(figures(("rhi_within_72h", "2017-04", None, None)), plan(), MEASURES)
    assert with_revisions(seen.assign(state="not_applicable"), seen)["revised"].tolist() == [True]
    assert with_revisions(seen, seen)["revised"].tolist() == [False]
