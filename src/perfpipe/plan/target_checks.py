"""Whether targets fit their measures, and whether changed targets leave the past as it was judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Period, Polarity
from perfpipe.phrases.near_names import MEASURES_LISTED, no_such
from perfpipe.plan.model import Plan
from perfpipe.plan.targets import Target, TargetStep
from perfpipe.toml_files.models import Problem

if TYPE_CHECKING:
    from perfpipe.plan.references import DeclaredIds


def target_problems(plan: Plan, measures: Mapping[str, Measure], named: DeclaredIds) -> list[Problem]:
    """Orphan targets, targets under no recommendation, and targets that their measure cannot have."""
    manual = {each.id: each for each in plan.manual_measures}
    problems: list[Problem] = []
    for name, target in plan.targets.items():
        keys = ["targets", name]
        if name not in named.measures:
            problems.append((keys, no_such("measure", name, named.measures, MEASURES_LISTED)))
            continue
        if target.recommendation not in named.recommendations:
            known = f"expected one of {', '.join(named.recommendations)}"
            problems.append(([*keys, "recommendation"], f"{target.recommendation!r} is not in the plan; {known}"))
        if name in measures:
            of = measures[name]
            problems += _under(keys, _unfit(of.periods, of.shown.polarity, of.counts.unit, target))
        elif name in manual:  # one with a mistake of its own is not judged here
            typed = manual[name]
            problems += _under(keys, _unfit((typed.period,), typed.polarity, typed.unit, target))
    return problems


def _under(keys: list[str], problems: Iterator[Problem]) -> list[Problem]:
    return [([*keys, *at], what) for at, what in problems]


def _unfit(periods: Sequence[Period], polarity: Polarity, unit: Unit, target: Target) -> Iterator[Problem]:
    if polarity is Polarity.NEITHER:
        yield [], "the measure says that neither high nor low is better, so it cannot have a target"
    if target.period and target.period not in periods:
        yield ["period"], f"{str(target.period)!r} is not one of its periods; expected one of {', '.join(periods)}"
    for number, step in enumerate(target.steps):
        at = ["steps", str(number)]
        if (step.target is None) != (polarity is Polarity.RANGE_IS_BEST):
            form = "low and high" if polarity is Polarity.RANGE_IS_BEST else "target"
            yield at, f"expected {form}, as the measure's polarity says"
        if number and step.from_month < Month.parse(step.agreed_on[:7]):
            what = f"{step.from_month} is before the change was agreed, {step.agreed_on}; judged months do not change"
            yield [*at, "from"], what
        yield from _out_of_bounds(unit, step, at)


def _out_of_bounds(unit: Unit, step: TargetStep, at: list[str]) -> Iterator[Problem]:
    bounds = {"target": step.target, "low": step.low, "high": step.high, "amber_within": step.amber_within}
    for key, bound in bounds.items():
        if bound is not None and unit is Unit.PERCENT and not 0 <= bound <= 1:
            yield [*at, key], f"{bound} is not a proportion; expected 0 to 1"
        elif bound is not None and bound < 0:
            yield [*at, key], f"{bound} is below 0; expected at least 0"
