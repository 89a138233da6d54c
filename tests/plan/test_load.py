"""The plan: every target matched with a measure and a recommendation, in exact numbers, or refused with its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from perfpipe.dates.months import Month
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Period
from perfpipe.plan import Plan, load_plan
from perfpipe.settings.settings import SettingsError

BY_ID = {measure.id: measure for measure in MEASURES}
KNOWN = tuple(BY_ID[name] for name in ("missing_episodes", "rhi_offered", "children_looked_after"))
PLAN = """\
title = "Plan"
[[recommendations]]
id = "1"
title = "One"
measures = ["missing_episodes"]

[targets.rhi_offered]
recommendation = "1"
source = "Improvement Plan, action 4.2"
steps = [
    { from = "2017-04", agreed_on = "2017-06-14", target = "0.80", amber_within = "0.10" },
    { from = "2017-10", agreed_on = 2017-10-18, target = "0.90" },
]

[targets.children_looked_after]
recommendation = "1"
source = "Council Plan"
steps = [{ from = "2017-04", agreed_on = "2017-06-14", low = "580", high = "630", amber_within = "10" }]
"""


def load(folder: Path, text: str = PLAN) -> Plan:
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return load_plan(path, KNOWN)


def test_the_step_in_force(tmp_path: Path) -> None:
    target = load(tmp_path).targets["rhi_offered"]
    assert target.step_for(Month(2017, 3)) is None
    in_force = {month: target.step_for(Month.parse(month)) for month in ("2017-04", "2017-09", "2017-10", "2019-01")}
    assert [step.target for step in in_force.values() if step] == [Decimal(x) for x in ("0.80", "0.80", "0.90", "0.90")]
    assert [step.agreed_on for step in target.steps] == ["2017-06-14", "2017-10-18"]
    assert target.steps[1].amber_within == 0


def test_targets_are_exact_and_written_as_they_were(tmp_path: Path) -> None:
    plan = load(tmp_path)
    first = plan.targets["rhi_offered"].steps[0]
    assert first.target is not None
    assert first.target - first.amber_within == Decimal("0.70")  # in floats 0.7000000000000001
    assert first.written == "0.80"
    assert plan.targets["children_looked_after"].steps[0].written == "580..630"


def test_a_target_without_a_period_is_for_the_measures_first(tmp_path: Path) -> None:
    plan, measure = load(tmp_path), BY_ID["rhi_offered"]
    others = [period for period in Period if period is not measure.periods[0]]
    assert plan.target_of(measure, measure.periods[0]) is not None
    assert [plan.target_of(measure, period) for period in others] == [None] * len(others)


def test_a_measure_without_a_target_has_none(tmp_path: Path) -> None:
    assert load(tmp_path).target_of(BY_ID["missing_episodes"], Period.MONTH) is None


RANGE = 'low = "580", high = "630"'
WRONG = [
    (
        "[targets.rhi_offered]",
        "[targets.rhi_ofered]",
        7,
        "no measure 'rhi_ofered'; did you mean rhi_offered? expected one of",
    ),
    ('["missing_episodes"]', '["missing_episode"]', 5, "no measure 'missing_episode'"),
    ('recommendation = "1"', 'recommendation = "9"', 8, "'9' is not in the plan; expected one of 1"),
    ('"0.80"', "0.80", 11, "expected an exact number in quotes"),
    ('"0.80"', "true", 11, "expected an exact number in quotes"),
    ('"0.80"', '"80%"', 11, "expected a number in quotes"),
    ('"0.80"', '"NaN"', 11, "expected a finite number"),
    ('"0.80"', '"80"', 11, "80 is not a proportion; expected 0 to 1"),
    ('"0.80"', '"-0.1"', 11, "-0.1 is not a proportion; expected 0 to 1"),
    ('"0.10"', '"10"', 11, "10 is not a proportion; expected 0 to 1"),
    ('target = "0.80"', 'low = "0.7", high = "0.8"', 11, "expected target, as the measure's polarity says"),
    ('target = "0.80", ', "", 11, "expected either target, or both low and high"),
    ('target = "0.80"', 'target = "0.80", low = "0.1"', 11, "expected either target, or both low and high"),
    (RANGE, 'target = "600"', 18, "expected low and high, as the measure's polarity says"),
    (RANGE, 'low = "630", high = "580"', 18, "expected low to be at most high"),
    (RANGE, 'low = "580"', 18, "expected either target, or both low and high"),
    (RANGE, 'low = "-5", high = "630"', 18, "-5 is below 0"),
    ('amber_within = "10"', 'amber_within = "-1"', 18, "-1 is below 0"),
    ('from = "2017-10"', 'from = "2017-04"', 10, "expected steps in order of `from`, each month once"),
    ('from = "2017-10"', 'from = "2017-03"', 10, "expected steps in order of `from`, each month once"),
    ('from = "2017-10"', 'from = "2017-10-01"', 12, "expected YYYY-MM"),
    ('"2017-06-14"', '"14/06/2017"', 11, "expected a day, YYYY-MM-DD"),
    ('"2017-06-14"', '"2017-06-31"', 11, "expected a day, YYYY-MM-DD"),
    ('source = "Council Plan"', 'source = ""', 17, "at least 1 character"),
    (
        'source = "Council Plan"',
        'source = "x"\nperiod = "month"',
        18,
        "'month' is not one of its periods; expected one of month_end",
    ),
    ('source = "Council Plan"', 'source = "x"\nperiod = "weekly"', 18, "found 'weekly'"),
    ('source = "Council Plan"', 'source = "x"\ncolour = "red"', 18, "unknown key; expected one of recommendation"),
    ('title = "Plan"', "", 1, "title: is missing"),
    ('title = "One"', 'title = "One"\n[[recommendations]]\nid = "1"\ntitle = "Two"', 6, "'1' is used twice"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), WRONG, ids=[words[:30] for *_, words in WRONG])
def test_a_wrong_plan_is_refused(old: str, new: str, line: int, words: str, tmp_path: Path) -> None:
    assert old in PLAN
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, PLAN.replace(old, new, 1))
    told = next((problem for problem in caught.value.problems if words in problem), None)
    assert told is not None, caught.value.problems
    assert f"line {line}:" in told or line == 1


def test_a_measure_that_is_neither_good_high_nor_low_takes_no_target(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot have a target"):
        load(tmp_path, PLAN.replace("[targets.rhi_offered]", "[targets.missing_episodes]"))


def test_all_mismatches_at_once(tmp_path: Path) -> None:
    text = PLAN.replace('"0.80"', '"80"').replace('recommendation = "1"', 'recommendation = "9"')
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert len(caught.value.problems) == 3
