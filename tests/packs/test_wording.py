"""Numbers and sentences: rounding, decimals, markers, and every combination that a sentence can meet."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator

import pytest

from perfpipe.measures import BY_ID
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Period, Polarity
from perfpipe.measures.shown_numbers import show_value
from perfpipe.measures.words import MARKERS, Movement
from perfpipe.packs.content.assessed_rows import figure_of
from perfpipe.packs.models.row import Row
from perfpipe.packs.wording.numbers import listed, show_counts, show_interval, show_target
from perfpipe.packs.wording.sentences import (
    adds_to_limits,
    against_target,
    beside_target,
    finding,
    moved,
    when,
)
from perfpipe.packs.wording.signals import RULES, assurance, clause, in_month, variation
from tests import pack_builders as build
from tests.measure_builders import changed

COUNT, PERCENT = Unit.COUNT, Unit.PERCENT


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
    assert figure.percent  # the target beside it is a percentage


def test_a_difference_that_cannot_be_seen_names_no_number() -> None:
    row = a_row(year_movement="better", year_is_sure=True, year_month="2016-08", year_value=0.618)
    assert moved(figure_of(row, BY_ID["rhi_within_72h"], 20), row, PERCENT) == "better than a year earlier"


def test_the_figure_of_the_year_before_has_the_decimals_of_the_figure_and_none_on_a_low_base() -> None:
    near: dict[str, object] = {"target": "0.80", "status": "near", "year_movement": "better", "year_is_sure": True}
    row = a_row(numerator=797.0, denominator=1000.0, value=0.797, year_month="2016-08", year_value=0.791, **near)
    figure = figure_of(row, BY_ID["rhi_within_72h"], 20)
    assert moved(figure, row, PERCENT) == "better than 79.1% a year earlier"
    assert moved(figure, row, PERCENT, low_base_then=True) == "better than a year earlier"


def of_unit(unit: Unit, polarity: Polarity = Polarity.HIGHER_IS_BETTER) -> Measure:
    return changed(BY_ID["rhi_within_72h"], unit=unit, polarity=polarity)


def sentence(measure: Measure, period: Period = Period.MONTH, **fields: object) -> str:
    row = a_row(**fields)
    figure = figure_of(row, measure, 20)
    against = against_target(figure, row.target, row.status, measure.counts.unit, measure.shown.polarity)
    varies = clause(row, period)
    changed = moved(figure, row, measure.counts.unit) if not varies or adds_to_limits(row) else ""
    return finding("A measure", figure, when(period, "August 2017"), against, varies, changed, row.status)


SHARE: dict[str, object] = {"numerator": 31.0, "denominator": 50.0, "value": 0.62, "target": "0.80", "status": "missed"}
FEW: dict[str, object] = {"numerator": 5.0, "denominator": 8.0, "value": 0.625, "lower": 0.306, "upper": 0.863}
SURE: dict[str, object] = {"year_is_sure": True, "year_month": "2016-08", "year_value": 0.5}
HOURS: dict[str, object] = {"numerator": None, "denominator": 31.0, "value": 38.46, "status": "no_target"}
COMMON: dict[str, object] = {"variation": "common", "within_since": "2016-05", "mean": 0.6}


@pytest.mark.parametrize(
    ("measure", "fields", "said"),
    [
        (
            of_unit(PERCENT), SHARE | COMMON,
            "62% (31 of 50) in August 2017, 18 percentage points below the target of at least 80%; "
            "within normal variation since May 2016.",
        ),
        (
            of_unit(PERCENT), SHARE | COMMON | {"within_since": "2017-08"},
            "62% (31 of 50) in August 2017, 18 percentage points below the target of at least 80%; "
            "back within normal variation.",
        ),
        (
            of_unit(PERCENT), SHARE | {"target": "0.63", "status": "near", "variation": "concern_low",
                                       "variation_reason": "shift", "trial_limits": True},
            "62% (31 of 50) in August 2017, 1 percentage point below the target of at least 63%, within its tolerance; "
            "a concern outside normal variation, at least seven months in a row below the mean (trial limits).",
        ),
        (
            of_unit(PERCENT), SHARE | {"target": "0.60", "status": "met", "variation": "improvement_high",
                                       "variation_reason": "outside the limits"},
            "62% (31 of 50) in August 2017, meeting the target of at least 60%, 2 percentage points above it; "
            "an improvement outside normal variation, above the upper limit.",
        ),
        (
            of_unit(PERCENT), FEW | {"target": "0.625", "status": "met", "year_movement": "lower",
                                     "year_month": "2016-08", "year_value": 0.7},
            "62.5% (5 of 8; low base, 95% interval 31% to 86%) in August 2017, meeting the target of at least 62.5%; "
            "lower than 70.0% a year earlier, which could be chance; the numbers are small, so read it with caution.",
        ),
        (
            of_unit(PERCENT), SHARE | {"provisional": True, "target": None, "status": "no_target",
                                       "year_reason": "more to come"},
            "62% (31 of 50) [p] in August 2017; not tested against a year earlier (more to come); no target is set.",
        ),
        (
            of_unit(COUNT, Polarity.RANGE_IS_BEST),
            {"numerator": 569.0, "value": 569.0, "denominator": None, "target": "580..630", "status": "missed",
             "year_movement": "worse", "year_is_sure": True, "year_month": "2016-08", "year_value": 620.0},
            "569 in August 2017, 11 below the bottom of the 580 to 630 range; worse than 620 a year earlier.",
        ),
        (
            of_unit(COUNT, Polarity.RANGE_IS_BEST),
            {"numerator": 600.0, "value": 600.0, "denominator": None, "target": "580..630", "status": "met"} | COMMON,
            "600 in August 2017, meeting the target of 580 to 630; within normal variation since May 2016.",
        ),
        (
            of_unit(Unit.HOURS, Polarity.LOWER_IS_BETTER),
            HOURS | {"target": "36", "status": "missed", "variation": "neutral_high", "variation_reason": "trend"},
            "38.5 hours (of 31) in August 2017, 2.5 hours above the target of at most 36 hours; "
            "a change outside normal variation, at least seven months in a row rising.",
        ),
        (
            of_unit(Unit.PER_10_000, Polarity.LOWER_IS_BETTER),
            {"numerator": 650.0, "denominator": 80_000.0, "value": 81.25, "year_movement": "no clear change",
             "year_month": "2015-02", "year_value": 80.04, "status": "no_target"},
            "81.3 per 10,000 (650 of 80,000) in August 2017; no clear change from 80.0 per 10,000 30 months earlier; "
            "no target is set.",
        ),
        (
            of_unit(Unit.CASES, Polarity.LOWER_IS_BETTER),
            {"numerator": 2800.0, "denominator": 168.5, "value": 2800 / 168.5, "target": "15.6", "status": "missed",
             "variation": "concern_high", "variation_reason": "two of three near a limit"},
            "16.6 cases (2,800 for 168.5 FTE) in August 2017, 1 case above the target of at most 15.6 cases; "
            "a concern outside normal variation, two of three months in a row near the upper limit.",
        ),
    ],
)  # fmt: skip
def test_whole_sentences(measure: Measure, fields: dict[str, object], said: str) -> None:
    assert sentence(measure, **fields) == f"A measure: {said}"


@pytest.mark.parametrize(
    ("period", "fields", "said"),
    [
        (Period.QUARTER, COMMON | {"within_since": "2016-06"},
         "in the quarter to August 2017; within normal variation since the quarter to June 2016; no target is set."),
        (Period.QUARTER, {"variation": "improvement_low", "variation_reason": "trend"},
         "in the quarter to August 2017; an improvement outside normal variation, at least seven quarters in a row "
         "falling; no target is set."),
        (Period.QUARTER, COMMON | SURE | {"within_since": "2016-06", "year_movement": "better"},
         "in the quarter to August 2017; within normal variation since the quarter to June 2016; better than 50% a "
         "year earlier; no target is set."),
        (Period.QUARTER, SURE | {"year_movement": "better", "movement": "worse", "movement_by": "run",
                                 "movement_since": "2017-02"},
         "in the quarter to August 2017; worse since February 2017, better than 50% a year earlier; no target is set."),
        (Period.QUARTER, COMMON | SURE | {"within_since": "2016-06", "year_movement": "no clear change",
                                          "movement": "worse", "movement_by": "step", "movement_since": "2016-05"},
         "in the quarter to August 2017; within normal variation since the quarter to June 2016; worse since May 2016, "
         "no clear change from 50% a year earlier; no target is set."),
        (Period.YEAR_TO_DATE, SURE | {"year_movement": "no clear change", "year_value": 0.62},
         "in the financial year to the end of August 2017; no clear change from a year earlier; no target is set."),
        (Period.LAST_90_DAYS, {"movement": "worse", "movement_month": "2017-07", "provisional": False},
         "in the 90 days to the end of August 2017; worse up to July 2017, provisional since; no target is set."),
        (Period.ROLLING_12, {},
         "in the 12 months to August 2017; not tested against a year earlier; no target is set."),
    ],
)  # fmt: skip
def test_sentences_of_every_period(period: Period, fields: dict[str, object], said: str) -> None:
    assert sentence(of_unit(PERCENT), period, **fields) == f"A measure: 62% (31 of 50) {said}"


KINDS = ("improvement", "concern", "neutral")
VARIATIONS: list[dict[str, object]] = [  # each rule and side, and each kind
    {"variation": f"{kind}_{side}", "variation_reason": rule}
    for kind, (rule, side) in zip(itertools.cycle(KINDS), RULES, strict=False)
]
VARIATIONS += [COMMON, COMMON | {"within_since": "2017-08"}]
VALUES: dict[Unit, list[dict[str, object]]] = {
    PERCENT: [SHARE, FEW, FEW | {"lower": None, "upper": None}],
    COUNT: [{"numerator": number, "denominator": None, "value": number} for number in (0.0, 31.0)],
    Unit.HOURS: [HOURS, HOURS | {"denominator": 3.0, "value": 1.0, "lower": 0.5, "upper": 30.0}],
    Unit.PER_10_000: [{"numerator": 650.0, "denominator": 80_000.0, "value": 81.25}],
    Unit.CASES: [{"numerator": 2800.0, "denominator": 168.0, "value": 2800 / 168}],
}  # fmt: skip
TARGETS = {
    PERCENT: ["0.61", "0.63", "0.80", "0.5..0.6"],
    COUNT: ["32", "580..630", "1"],
    Unit.HOURS: ["37.5", "2", "72"],
    Unit.PER_10_000: ["80.3", "60"],
    Unit.CASES: ["15.7", "12..18"],
}
MOVES: list[dict[str, object]] = [
    {"year_movement": word, "year_value": then, "year_month": "2016-08", "year_is_sure": sure}
    for word in Movement for then in (None, 0.6201, 0.3) for sure in (False, True)
]  # fmt: skip


def all_sentences() -> Iterator[tuple[str, Unit, dict[str, object]]]:
    """Every unit, figure, mark, target, status, polarity and period, with every variation and every movement."""
    unjudged = MOVES
    judged = [each | {"trial_limits": trial} for each in VARIATIONS for trial in (False, True)]
    for unit, period in itertools.product(Unit, Period):
        for value, marked, target in itertools.product(VALUES[unit], (False, True), [None, *TARGETS[unit]]):
            for status in ("met", "near", "missed") if target else ("no_target", "no_data"):
                fields = value | {"target": target, "status": status, "provisional": marked, "revised": marked}
                row = a_row(**fields)
                figure = figure_of(row, of_unit(unit), 20)
                for polarity in Polarity:
                    against = against_target(figure, row.target, status, unit, polarity)
                    every = polarity is Polarity.HIGHER_IS_BETTER  # which is better moves only the words on the target
                    for each in [*unjudged, *judged] if every else [unjudged[0], judged[0]]:
                        now = dataclasses.replace(row, **each)  # type: ignore[arg-type]
                        changed = moved(figure, now, unit)
                        varies = clause(now, period)
                        time = when(period, "August 2017")
                        yield finding("A measure", figure, time, against, varies, changed, status), unit, fields | each


WRONG = re.compile(
    r"  | [,;.:]|\bnan\b|None|\(\)|[,;:]{2}|[,;:]\.|\{|\}|_|(?<![\d.,])1 (percentage points|hours|cases|months)"
    r"|\b(\w+) \2\b|\.[^\d]"
)


@pytest.mark.soak
@pytest.mark.slow
def test_every_combination_makes_one_grammatical_sentence() -> None:
    checked = set()
    for said, unit, fields in all_sentences():
        low = unit in (PERCENT, Unit.HOURS) and float(str(fields["denominator"])) < 20
        assert ("low base" in said) == ("with caution" in said) == low, said
        assert "target" in said or " range" in said, said
        if unit is PERCENT:
            assert re.match(r"A measure: [\d.]+% \(\d+ of \d+", said), said
        assert "normal variation" in said or "earlier" in said, said
        checked.add(said)
    assert len(checked) > 10_000
    for said in checked:
        assert re.fullmatch(r"[A-Z].*[a-z0-9)%]\.", said), said
        assert not WRONG.search(said), said
        assert said.count("(") == said.count(")"), said


@pytest.mark.parametrize(
    ("status", "target", "said"),
    [
        ("missed", "0.80", "Misses it by 18 percentage points"),
        ("near", "0.63", "Misses it by 1 percentage point"),
        ("missed", "0.62", "Misses it"),
        ("met", "0.60", "Meets it"),
        ("no_target", None, "No target"),
        ("no_data", "0.60", "No data"),
    ],
)
def test_beside_the_target_stands_by_how_much(status: str, target: str | None, said: str) -> None:
    row = a_row(**SHARE | {"status": "no_target"})
    assert beside_target(figure_of(row, of_unit(PERCENT), 20), target or "", status, PERCENT) == said


def test_a_figure_that_is_not_there_has_its_own_sentence() -> None:
    for state, period, unit, reason in itertools.product(MARKERS, Period, Unit, ("", "extract missing")):
        said = sentence(of_unit(unit), period, **build.absent(state, reason), variation_reason="not stable")
        because = f" ({reason})" if reason else ""
        words = state.replace("_", " ")
        assert said == f"A measure: {words} {MARKERS[state]} {when(period, 'August 2017')}{because}."


@pytest.mark.parametrize(
    ("fields", "shown", "short"),
    [
        (COMMON, "\u25cf Normal variation since May 2016", "\u25cf Normal variation"),
        (
            {"variation": "concern_low", "variation_reason": "outside the limits", "trial_limits": True},
            "\u25a0 Concern, low: below the lower limit (trial limits)", "\u25a0 Concern, low",
        ),
        (
            {"variation": "improvement_low", "variation_reason": "shift"},
            "\u25c6 Improvement, low: at least seven months in a row below the mean", "\u25c6 Improvement, low",
        ),
        (
            {"variation": "neutral_high", "variation_reason": "trend"},
            "\u25b2 Change, high: at least seven months in a row rising", "\u25b2 Change, high",
        ),
        (
            {"variation": "neutral_low", "variation_reason": "two of three near a limit"},
            "\u25bc Change, low: two of three months in a row near the lower limit", "\u25bc Change, low",
        ),
        ({"variation_reason": "provisional", "mean": 0.6}, "Not judged: provisional", "Not judged: provisional"),
        ({"variation_reason": "fewer than 6 figures"}, "Not judged: fewer than 6 figures", "Not judged"),
        ({}, "Not judged: no figure", "Not judged"),
    ],
)  # fmt: skip
def test_variation_has_an_icon_and_words(fields: dict[str, object], shown: str, short: str) -> None:
    row = a_row(**fields)
    assert (variation(row, Period.MONTH), in_month(row)) == (shown, short)


def test_assurance_has_a_letter_and_words() -> None:
    said = [assurance(a_row(assurance=each, mean=0.5)) for each in ("passes", "fails", "hit_and_miss", "none")]
    assert said == [
        "P Can be expected to meet the target",
        "F Will not meet the target without a change",
        "? May or may not meet the target in any month",
        "No target",
    ]
    assert assurance(a_row(assurance="none")) == "Not judged"
    assert assurance(a_row(assurance="passes", trial_limits=True)).endswith("(trial limits)")


@pytest.mark.parametrize(
    ("unit", "value", "shown", "target", "written"),
    [
        (Unit.HOURS, 38.46, "38.5 hours", "72", "at least 72 hours"),
        (Unit.HOURS, 1.0, "1.0 hours", "1", "at least 1 hour"),
        (Unit.HOURS, 1234.56, "1,234.6 hours", "24..72", "24 to 72 hours"),
        (Unit.PER_10_000, 81.25, "81.3 per 10,000", "60.5", "at least 60.5 per 10,000"),
        (Unit.CASES, 16.75, "16.8 cases", "15..17.5", "15 to 17.5 cases"),
        (COUNT, 12.5, "12.5", "630", "at least 630"),
    ],
)
def test_every_unit_is_shown_with_what_it_is_of(
    unit: Unit, value: float, shown: str, target: str, written: str
) -> None:
    assert show_value(value, unit) == shown
    assert show_target(target, unit, Polarity.HIGHER_IS_BETTER) == written


def test_intervals_of_every_unit() -> None:
    assert show_interval(0.306, 0.863, PERCENT) == "31% to 86%"
    assert show_interval(30.04, 44.0, Unit.HOURS) == "30.0 to 44.0 hours"
    assert show_interval(None, 44.0, Unit.HOURS) == ""


def test_a_low_base_never_stands_alone() -> None:
    few = figure_of(a_row(**FEW, provisional=True), of_unit(PERCENT), 20)
    assert few.marks == ("[p]", "[u]")
    assert few.alone == "63% (5 of 8; low base, 95% interval 31% to 86%) [p]"
    assert figure_of(a_row(), of_unit(PERCENT), 20).alone == "62%"
    three = figure_of(a_row(**HOURS | {"denominator": 19.0}), of_unit(Unit.HOURS), 20)
    assert three.alone == "38.5 hours (of 19; low base)"
    assert not figure_of(a_row(**HOURS | {"denominator": 20.0}), of_unit(Unit.HOURS), 20).low_base
