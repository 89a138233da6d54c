"""What settings say about control limits: when they are recalculated, from which months, and from how many cases.

Limits never change by themselves (definitions 7.4): a rebase or a baseline is dated and says why.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from perfpipe.dates.months import Month
from perfpipe.phrases.near_names import MEASURES_LISTED, no_such
from perfpipe.toml_files.models import Problem, Strict

MonthText = Annotated[str, AfterValidator(lambda text: str(Month.parse(text)))]


class Rebase(Strict):
    """From which month the limits of a measure are recalculated, and why."""

    measure: str
    from_month: MonthText = Field(alias="from")
    reason: str = Field(min_length=1)


class Baseline(Strict):
    """The months from which the limits of a measure are made, and why not from the first ones."""

    measure: str
    from_month: MonthText = Field(alias="from")
    to_month: MonthText = Field(alias="to")
    reason: str = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Baseline:
        if self.to_month < self.from_month:
            raise ValueError(f"expected `to` to be no earlier than `from`; found {self.to_month}")
        return self


@dataclass(frozen=True)
class ControlLimits:
    """All of it. A month of fewer than `least_cases` cases neither makes limits nor is judged by them."""

    rebases: tuple[Rebase, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    least_cases: int = 20


NOTHING_DECLARED = ControlLimits()


def limit_problems(limits: ControlLimits) -> list[Problem]:
    """What is listed twice, overlaps or continues over a rebase."""
    problems: list[Problem] = []
    for number, rebase in enumerate(limits.rebases):
        if any((e.measure, e.from_month) == (rebase.measure, rebase.from_month) for e in limits.rebases[:number]):
            what = f"{rebase.measure!r} is already rebased from {rebase.from_month}"
            problems.append((["rebases", str(number), "from"], what))
    for number, baseline in enumerate(limits.baselines):
        at = ["baselines", str(number)]
        for other in limits.baselines[:number]:
            overlap = baseline.from_month <= other.to_month and other.from_month <= baseline.to_month
            if other.measure == baseline.measure and overlap:
                what = f"overlaps the baseline of {other.measure!r} from {other.from_month} to {other.to_month}"
                problems.append(([*at, "from"], what))
        for rebase in limits.rebases:
            inside = baseline.from_month < rebase.from_month <= baseline.to_month
            if rebase.measure == baseline.measure and inside:
                what = f"{baseline.to_month!r} is after the rebase from {rebase.from_month}; expected an earlier month"
                problems.append(([*at, "to"], what))
    return problems


def unknown_measures(limits: ControlLimits, known: Collection[str]) -> list[Problem]:
    """The rebases and baselines of measures that do not exist. Apart, as settings load before measures do."""
    named = [("rebases", number, each.measure) for number, each in enumerate(limits.rebases)]
    named += [("baselines", number, each.measure) for number, each in enumerate(limits.baselines)]
    return [
        ([table, str(number), "measure"], no_such("measure", measure, known, MEASURES_LISTED))
        for table, number, measure in named
        if measure not in known
    ]
