"""Numbers and sentences: rounding, decimals, markers, and every combination that a sentence can meet."""

from __future__ import annotations

import dataclasses
import itertools
import re
from fractions import Fraction

import pytest

from perfpipe.measures import BY_ID
from perfpipe.measures.definition import Period, Polarity, Unit
from perfpipe.pack.rows import Row, figure_of
from perfpipe.pack.sentences import (
    COMPARED,
    against_target,
    beside_target,
    change,
    finding,
    gap_to_target,
    when,
)
from perfpipe.pack.words import (
    MARKERS,
    STATUSES,
    decimals_for,
    listed,
    show_counts,
    show_target,
    show_value,
    usual_decimals,
)
from tests import pack_builders as build

COUNT, PERCENT = Unit.COUNT, Unit.PERCENT


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
    ("target", "unit", "polarity", "shown"),
    [
        ("0.80", PERCENT, Polarity.HIGHER_IS_BETTER, "at least 80%"),
        ("0.795", PERCENT, Polarity.HIGHER_IS_BETTER, "at least 79.5%"),
        ("0.12", PERCENT, Polarity.LOWER_IS_BETTER, "at most 12%"),
        ("580..1630", COUNT, Polarity.RANGE_IS_BEST, "580 to 1,630"),
        ("1", PERCENT, Polarity.HIGHER_IS_BETTER, "at least 100%"),
        ("", PERCENT, Polarity.HIGHER_IS_BETTER, "No target"),
    ],
)
def test_targets_are_shown_as_they_were_agreed(target: str, unit: Unit, polarity: Polarity, shown: str) -> None:
    assert show_target(target, unit, polarity) == shown


def test_counts_and_lists_read_well() -> None:
    assert show_counts(31.0, 50.0) == "31 of 50"
    assert show_counts(12.5, 83.0, "FTE") == "12.5 of 83 FTE"
    assert show_counts(31.0, None) == ""
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


def a_row(measure_id: str = "rhi_within_72h", **fields: object) -> Row:
    measure = BY_ID[measure_id]
    values = build.row(measure, "2017-08", measure.periods[0], **fields)
    names = [field.name for field in dataclasses.fields(Row)]
    clean = {n: None if values[n] != values[n] else values[n] for n in names}
    return Row(**(clean | {"target": values["target"] or ""}))  # type: ignore[arg-type]


def test_a_percentage_comes_with_its_counts_and_on_a_low_base_with_its_interval() -> None:
    measure = BY_ID["rhi_within_72h"]
    assert figure_of(a_row(), measure, 20).full == "62% (31 of 50)"
    low = a_row(numerator=5.0, denominator=8.0, value=0.625, lower=0.306, upper=0.863)
    assert figure_of(low, measure, 20).full == "63% (5 of 8; low base, 95% interval 31% to 86%)"
    assert not figure_of(low, measure, 8).low_base  # fewer than, not up to


def test_markers_stand_beside_the_value() -> None:
    figure = figure_of(a_row(provisional=True, revised=True), BY_ID["rhi_within_72h"], 20)
    assert figure.full == "62% (31 of 50) [p] [r]"
    assert figure.marks == ("[p]", "[r]")


def test_a_true_zero_is_a_number_and_the_other_states_are_markers() -> None:
    measure = BY_ID["missing_episodes"]
    zero = figure_of(a_row("missing_episodes", numerator=0.0, value=0.0), measure, 20)
    assert (zero.shown, zero.value, zero.marker) == ("0", 0.0, "")
    absent = [a_row("missing_episodes", **build.absent(state, "why")) for state in MARKERS]
    figures = [figure_of(row, measure, 20) for row in absent]
    assert [figure.shown for figure in figures] == ["[x]", "[z]", "[c]"]
    assert {figure.value for figure in figures} == {None}


def test_nothing_of_a_suppressed_figure_is_left() -> None:
    row = a_row(state="suppressed", state_reason="small numbers", lower=0.4, upper=0.8)
    figure = figure_of(row, BY_ID["rhi_within_72h"], 20)
    numbers = (figure.value, figure.plotted, figure.numerator, figure.denominator, figure.lower, figure.upper)
    assert numbers == (None,) * 6
    assert figure.full == "[c] small numbers"


@pytest.mark.parametrize(
    ("value", "target", "gap"),
    [
        (0.41, "0.50", "9 percentage points"),
        (0.49, "0.50", "1 percentage point"),
        (0.415, "0.50", "8 percentage points"),  # 42% is shown
        (0.55, "0.50", "5 percentage points"),
        (0.49, "0.495", "0.5 percentage points"),
        (0.50, "0.50", ""),
    ],
)
def test_the_gap_to_a_target_is_that_of_the_shown_numbers(value: float, target: str, gap: str) -> None:
    row = a_row(numerator=value * 1000, denominator=1000.0, value=value, target=target, status="no_target")
    assert gap_to_target(figure_of(row, BY_ID["rhi_within_72h"], 20), target) == gap


def test_whole_sentences() -> None:
    row = a_row(numerator=94.0, denominator=228.0, value=94 / 228, target="0.50", status="missed")
    figure = figure_of(row, BY_ID["rhi_within_72h"], 20)
    against = against_target(figure, "0.50", "missed", PERCENT, Polarity.HIGHER_IS_BETTER)
    time = when(Period.MONTH, "August 2017")
    for direction, words in (
        ("no clear change", "no clear change from 44% a month earlier"),
        ("worsening", "worse than 44% a month earlier"),
        ("not compared", "not compared with a month earlier"),
    ):
        changed = change(figure, direction, 0.44, PERCENT)
        assert finding("Interviews within 72 hours", figure, time, against, changed, "missed") == (
            "Interviews within 72 hours: 41% (94 of 228) in August 2017, which misses the target of at least "
            f"50% by 9 percentage points; {words}."
        )


def test_a_change_that_cannot_be_seen_names_no_number() -> None:
    figure = figure_of(a_row(), BY_ID["rhi_within_72h"], 20)
    assert change(figure, "improving", 0.618, PERCENT) == "better than a month earlier"


def test_a_change_is_shown_with_the_decimals_of_the_figure() -> None:
    row = a_row(numerator=797.0, denominator=1000.0, value=0.797, target="0.80", status="near")
    assert change(figure_of(row, BY_ID["rhi_within_72h"], 20), "improving", 0.791, PERCENT) == (
        "better than 79.1% a month earlier"
    )


UNITS = {PERCENT: ("rhi_within_72h", "0.50"), COUNT: ("children_looked_after", "580..630")}
COMBINATIONS = list(
    itertools.product(
        Unit, Polarity, ["ok", *MARKERS], STATUSES, [*COMPARED, "not compared"], [5, 50], Period,
        [None, 0.96, 0.3], ["", "a reason"],
    )
)  # fmt: skip


def test_every_combination_makes_one_grammatical_sentence() -> None:
    sentences = set()
    for unit, polarity, state, status, direction, base, period, previous, reason in COMBINATIONS:
        measure_id, target = UNITS[unit]
        fields: dict[str, object] = {
            "state": state,
            "state_reason": reason,
            "status": status,
            "direction": direction,
        }
        fields |= {"target": None if status == "no_target" else target, "lower": 0.3, "upper": 0.9}
        if unit is PERCENT:
            fields |= {"numerator": float(base - 2), "denominator": float(base), "value": (base - 2) / base}
        row = a_row(measure_id, **fields)
        figure = figure_of(row, BY_ID[measure_id], 20)
        against = against_target(figure, row.target, status, unit, polarity)
        changed = change(figure, direction, previous and previous * (1 if unit is PERCENT else 100), unit)
        said = finding("A measure", figure, when(period, "August 2017"), against, changed, status)
        sentences.add(said)
        assert beside_target(figure, row.target, status)
        if state != "ok":
            assert MARKERS[state] in said
            assert not re.search(r"\d%|target|earlier", said)
        else:
            assert ("low base" in said) == (unit is PERCENT and base < 20)
            assert "a month earlier" in said
            assert "target" in said
            assert (" of " in said.split(" in ")[0]) or unit is COUNT
    for said in sentences:
        assert re.fullmatch(r"A measure: ([^.]|\.\d)* 2017([^.]|\.\d)*\.", said), said
        assert not re.search(r"  | [,;.]|nan|None|\(\)|[,;][,;]|\{", said), said
        assert said.count("(") == said.count(")")
