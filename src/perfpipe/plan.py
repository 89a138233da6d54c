"""The Improvement Plan: recommendations, scrutiny topics and dated targets, from `plan.toml`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator, model_validator

from perfpipe.measures.definition import Measure, Period, Polarity, Unit
from perfpipe.months import Month
from perfpipe.toml_models import Problem, Strict, load_toml, raise_problems


def _exact(value: object) -> Decimal:
    if isinstance(value, float | bool):
        raise ValueError('expected an exact number in quotes, as in "0.80"')
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError('expected a number in quotes, as in "0.80"') from None
    if not number.is_finite():
        raise ValueError("expected a finite number")
    return number


def _month(value: object) -> Month:
    return value if isinstance(value, Month) else Month.parse(str(value))


Exact = Annotated[Decimal, BeforeValidator(_exact)]


def _day(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise ValueError("expected a day, YYYY-MM-DD")


PlanDay = Annotated[str, BeforeValidator(_day)]
PlanMonth = Annotated[Month, BeforeValidator(_month)]


class Step(Strict):
    """A target in force from one month on: one number, or the two ends of a range."""

    model_config = Strict.model_config | {"arbitrary_types_allowed": True}

    from_month: PlanMonth = Field(alias="from")
    agreed_on: PlanDay
    target: Exact | None = None
    low: Exact | None = None
    high: Exact | None = None
    amber_within: Exact = Decimal(0)

    @model_validator(mode="after")
    def _one_form(self) -> Step:
        single, ranged = self.target is not None, self.low is not None and self.high is not None
        if single == ranged or (self.low is None) != (self.high is None):
            raise ValueError("expected either target, or both low and high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("expected low to be at most high")
        return self

    @property
    def written(self) -> str:
        """The target as figures carry it: `0.80`, or `580..630`."""
        return f"{self.low}..{self.high}" if self.target is None else str(self.target)


def target_ends(written: str) -> tuple[Decimal, Decimal]:
    """The two ends of a written target; both the same unless it is a range (`580..630`)."""
    low, _, high = written.partition("..")
    return Decimal(low), Decimal(high or low)


class Target(Strict):
    """The dated targets of one measure, which recommendation they serve and on what authority."""

    recommendation: str
    source: str = Field(min_length=1)
    illustrative: bool = False
    period: Period | None = None
    steps: tuple[Step, ...] = Field(min_length=1)

    @field_validator("steps")
    @classmethod
    def _in_order(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        months = [step.from_month for step in steps]
        if months != sorted(set(months)):
            raise ValueError("expected steps in order of `from`, each month once")
        return steps

    def step_for(self, month: Month) -> Step | None:
        """The step in force in a month, or None before the first."""
        in_force = [step for step in self.steps if step.from_month <= month]
        return in_force[-1] if in_force else None


class Recommendation(Strict):
    """One recommendation of the inspection, or one topic that Scrutiny asked about."""

    id: str
    title: str
    topic: bool = False
    measures: tuple[str, ...] = ()


class Plan(Strict):
    """All of `plan.toml`."""

    title: str
    recommendations: tuple[Recommendation, ...] = Field(min_length=1)
    targets: dict[str, Target] = Field(default_factory=dict)

    def shows(self, measure: Measure) -> bool:
        """Whether packs give a measure a page: it stands under a recommendation or topic, or has a target."""
        return measure.id in self.targets or any(measure.id in each.measures for each in self.recommendations)

    def target_of(self, measure: Measure, period: Period) -> Target | None:
        """The target of a measure for a period; one without a period is for the measure's first."""
        target = self.targets.get(measure.id)
        return target if target and (target.period or measure.periods[0]) is period else None


def load_plan(path: Path, measures: tuple[Measure, ...]) -> Plan:
    """Read `plan.toml` and match every target with a measure and a recommendation. Raises SettingsError."""
    plan = load_toml(path, Plan)
    raise_problems(path, _mismatches(plan, {measure.id: measure for measure in measures}))
    return plan


def _mismatches(plan: Plan, measures: dict[str, Measure]) -> list[Problem]:
    known = [recommendation.id for recommendation in plan.recommendations]
    problems: list[Problem] = []
    for number, recommendation in enumerate(plan.recommendations):
        if recommendation.id in known[:number]:
            problems.append((["recommendations", str(number), "id"], f"{recommendation.id!r} is used twice"))
        for unknown in [m for m in recommendation.measures if m not in measures]:
            keys = ["recommendations", str(number), "measures"]
            problems.append((keys, f"no measure {unknown!r}; `perfpipe measures` lists them"))
    for measure_id, target in plan.targets.items():
        keys = ["targets", measure_id]
        if measure_id not in measures:
            problems.append((keys, f"no measure {measure_id!r}; expected one of {', '.join(measures)}"))
            continue
        if target.recommendation not in known:
            expected = f"expected one of {', '.join(known)}"
            problems.append(([*keys, "recommendation"], f"{target.recommendation!r} is not in the plan; {expected}"))
        problems += [([*keys, *at], what) for at, what in _unfit(measures[measure_id], target)]
    return problems


def _unfit(measure: Measure, target: Target) -> list[Problem]:
    problems: list[Problem] = []
    if measure.polarity is Polarity.NEITHER:
        what = "the measure says that neither high nor low is better, so it cannot have a target"
        problems.append(([], what))
    if target.period and target.period not in measure.periods:
        what = f"{str(target.period)!r} is not computed; expected one of {', '.join(measure.periods)}"
        problems.append((["period"], what))
    for number, step in enumerate(target.steps):
        at = ["steps", str(number)]
        if (step.target is None) != (measure.polarity is Polarity.RANGE_IS_BEST):
            form = "low and high" if measure.polarity is Polarity.RANGE_IS_BEST else "target"
            problems.append((at, f"expected {form}, as the measure's polarity says"))
        bounds = {"target": step.target, "low": step.low, "high": step.high, "amber_within": step.amber_within}
        for key, bound in bounds.items():
            if bound is not None and measure.unit is Unit.PERCENT and not 0 <= bound <= 1:
                problems.append(([*at, key], f"{bound} is not a proportion; expected 0 to 1"))
            elif bound is not None and bound < 0:
                problems.append(([*at, key], f"{bound} is less than nothing; expected at least 0"))
    return problems
