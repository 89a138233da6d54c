"""What a reader sees of a number: exact value, rounding, decimals, units, and the gap to a target, by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from perfpipe.measures.counts import Unit
from perfpipe.measures.shown_numbers import (
    decimals_for,
    gap_to_target,
    show_difference,
    show_value,
    shown_number,
    usual_decimals,
    value_of,
)
from perfpipe.measures.words import Status

COUNT, PERCENT = Unit.COUNT, Unit.PERCENT


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
    ("value", "unit", "shown"),
    [
        (0.285, PERCENT, "29%"),  # 0.285 is 0.284999... in binary
        (0.145, PERCENT, "15%"),
        (0.005, PERCENT, "1%"),
        (0.0049, PERCENT, "0%"),
        (Fraction(57, 200), PERCENT, "29%"),
        (0.0, PERCENT, "0%"),
        (1.0, PERCENT, "100%"),
        (1204.0, COUNT, "1,204"),
        (0.0, COUNT, "0"),
        (12.25, COUNT, "12.3"),
        (12.04, COUNT, "12"),
        (1234567.0, COUNT, "1,234,567"),
    ],
)
def test_values_are_rounded_half_up_in_exact_arithmetic(value: float, unit: Unit, shown: str) -> None:
    assert show_value(value, unit) == shown


@pytest.mark.parametrize(
    ("value", "unit", "target", "status", "shown"),
    [
        (0.7996, PERCENT, "0.80", "near", "79.96%"),  # one decimal would still say 80.0%
        (0.797, PERCENT, "0.80", "missed", "79.7%"),
        (0.794, PERCENT, "0.80", "missed", "79%"),
        (0.80, PERCENT, "0.80", "met", "80%"),
        (0.796, PERCENT, "0.796", "met", "79.6%"),
        (0.7996, PERCENT, "0.80", "no_target", "80%"),
        (0.124, PERCENT, "0.12", "missed", "12.4%"),
        (0.1245, PERCENT, "0.124", "near", "12.5%"),  # 12% would look better than a target of 12.4%
        (0.116, PERCENT, "0.12", "met", "12%"),
        (0.9496, PERCENT, "0.95", "near", "94.96%"),
        (630.2, COUNT, "580..630", "near", "630.2"),
        (631.0, COUNT, "580..630", "near", "631"),
        (600.0, COUNT, "580..630", "met", "600"),
    ],
)
def test_a_shown_value_never_contradicts_its_status(
    value: float, unit: Unit, target: str, status: str, shown: str
) -> None:
    assert show_value(value, unit, decimals_for(value, unit, target, status)) == shown


def test_decimals_are_the_usual_ones_without_a_target() -> None:
    assert decimals_for(0.5, PERCENT, "", "no_target") == usual_decimals(0.5, PERCENT) == 0
    assert usual_decimals(12.5, COUNT) == 1


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "unit", "target", "status", "text"),
    [
        (1 / 3, 1, 3, PERCENT, "", "no_target", "33%"),
        (2 / 3, 2, 3, PERCENT, "0.67", "near", "66.7%"),
        (0.625, 5, 8, PERCENT, "0.63", "missed", "62.5%"),  # 63% would look like the target
        (120.4, 120.4, None, COUNT, "", "no_target", "120.4"),
        (81.25, 650, 80_000, Unit.PER_10_000, "", "no_target", "81.3 per 10,000"),
        (2800 / 168, 2800, 168, Unit.CASES, "16.7", "met", "16.7 cases"),
        (38.46, None, 31, Unit.HOURS, "", "no_target", "38.5 hours"),
        (38.46, float("nan"), float("nan"), Unit.HOURS, "", "no_data", "38.5 hours"),
    ],
)
def test_a_figure_is_shown_by_its_exact_value_unit_target_and_status(
    value: float, numerator: float | None, denominator: float | None, unit: Unit, target: str, status: str, text: str
) -> None:
    assert shown_number(value, numerator, denominator, unit, target, status).text == text


@pytest.mark.parametrize(
    ("exact", "unit", "target", "status", "gap"),
    [
        ("0.41", PERCENT, "0.50", Status.MISSED, "9 percentage points"),
        ("0.49", PERCENT, "0.50", Status.MISSED, "1 percentage point"),
        ("0.415", PERCENT, "0.50", Status.MISSED, "8 percentage points"),  # 42% is shown
        ("81/200", PERCENT, "0.50", Status.MISSED, "9 percentage points"),  # 40.5%, shown as 41%
        ("0.55", PERCENT, "0.50", Status.MET, "5 percentage points"),
        ("0.803", PERCENT, "0.80", Status.MET, ""),  # 80% is shown
        ("0.50", PERCENT, "0.50", Status.MET, ""),
        ("0.49", PERCENT, "0.495", Status.MISSED, "0.5 percentage points"),
        ("0.794", PERCENT, "0.795", Status.NEAR, "0.1 percentage points"),  # shown as 79%: not half a point
        ("0.796", PERCENT, "0.795", Status.MET, "0.1 percentage points"),  # shown as 80%
        ("0.7946", PERCENT, "0.795", Status.NEAR, "0.04 percentage points"),  # 79.5 at one decimal
        ("0.7996", PERCENT, "0.80", Status.NEAR, "0.04 percentage points"),
        ("0.79999999", PERCENT, "0.80", Status.NEAR, ""),  # too little to be seen
        ("569", COUNT, "580..630", Status.MISSED, "11"),
        ("579.5", COUNT, "580..630", Status.NEAR, "0.5"),
        ("580", COUNT, "580..630", Status.MET, ""),
        ("600", COUNT, "580..630", Status.MET, ""),
        ("1640", COUNT, "580..630", Status.MISSED, "1,010"),
        ("38.46", Unit.HOURS, "36", Status.MISSED, "2.5 hours"),
        ("37", Unit.HOURS, "36", Status.MISSED, "1 hour"),
        ("2800/168", Unit.CASES, "15.6", Status.MISSED, "1.1 cases"),
        ("81.25", Unit.PER_10_000, "80.3", Status.MISSED, "1 per 10,000"),
    ],
)
def test_the_gap_to_a_target_is_worked_out_from_exact_numbers(
    exact: str, unit: Unit, target: str, status: Status, gap: str
) -> None:
    value = Fraction(exact)
    found = gap_to_target(value, decimals_for(value, unit, target, status), target, unit, status)
    assert isinstance(found, Decimal)
    assert (show_difference(f"{found.normalize():,f}", unit) if found else "") == gap
