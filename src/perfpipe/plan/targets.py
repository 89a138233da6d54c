"""Targets: dated, in exact numbers, and on whose authority."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field, field_validator, model_validator

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Period
from perfpipe.plan.values import Exact, Name, PlanDay, PlanEntry, PlanMonth, Said, Words


class TargetStep(PlanEntry):
    """A target in force from one month on: one number, or the two ends of a range.

    `source` says on what authority this step was agreed, where that is not the target's own.
    """

    from_month: PlanMonth = Field(alias="from")
    agreed_on: PlanDay
    target: Exact | None = None
    low: Exact | None = None
    high: Exact | None = None
    amber_within: Exact = Decimal(0)
    source: Said = ""

    @model_validator(mode="after")
    def _one_form(self) -> TargetStep:
        single, ranged = self.target is not None, self.low is not None and self.high is not None
        if single == ranged or (self.low is None) != (self.high is None):
            raise ValueError("expected either target, or both low and high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("expected low to be at most high")
        return self

    @property
    def written(self) -> str:
        """The target as figures carry it: `0.80`, or `580..630`. `shown_numbers.target_ends` reads it."""
        return f"{self.low}..{self.high}" if self.target is None else str(self.target)


class Target(PlanEntry):
    """The dated targets of one measure, which recommendation they serve and on what authority."""

    recommendation: Name
    source: Words
    illustrative: bool = False
    period: Period | None = None
    steps: tuple[TargetStep, ...] = Field(min_length=1)

    @field_validator("steps")
    @classmethod
    def _in_order(cls, steps: tuple[TargetStep, ...]) -> tuple[TargetStep, ...]:
        months = [step.from_month for step in steps]
        if months != sorted(set(months)):
            raise ValueError("expected steps in order of `from`, each month once")
        return steps

    def step_for(self, month: Month) -> TargetStep | None:
        """The step in force in a month, or None before the first."""
        in_force = [step for step in self.steps if step.from_month <= month]
        return in_force[-1] if in_force else None

    def source_of(self, step: TargetStep | None) -> str:
        """On whose authority a step was agreed: its own, else the target's; marked where it is an illustration."""
        source = step.source if step and step.source else self.source
        said = "illustrative" in source.lower()
        return f"{source} (illustrative)" if self.illustrative and not said else source
