"""The children of the authority's area: a dated table, the bottom of every rate (definitions 8.3)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pydantic import Field, field_validator

from perfpipe.dates.months import Month
from perfpipe.toml_files.models import Problem, Strict


class Population(Strict):
    """From one month on: the children aged 0 to 17, and on whose estimate."""

    from_month: str = Field(alias="from")
    children: int = Field(gt=0, strict=True)
    source: str = Field(min_length=1)

    @field_validator("from_month")
    @classmethod
    def _month(cls, month: str) -> str:
        return str(Month.parse(month))


def population_problems(entries: Sequence[Population]) -> list[Problem]:
    """What is wrong with the table as a whole: months out of order, or there twice."""
    problems: list[Problem] = []
    for number, (earlier, later) in enumerate(pairwise(entries), 1):
        if later.from_month <= earlier.from_month:
            what = (
                f"{later.from_month} does not follow {earlier.from_month}; expected the oldest first, each month once"
            )
            problems.append((["population", str(number), "from"], what))
    return problems


def population_in(entries: Sequence[Population], month: Month) -> Population | None:
    """The entry in force in a month; None before the first."""
    in_force = [entry for entry in entries if entry.from_month <= str(month)]
    return in_force[-1] if in_force else None
