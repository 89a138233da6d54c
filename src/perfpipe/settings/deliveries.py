"""What an authority delivers each month, by when and by whom; and who is told when something is amiss."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month
from perfpipe.dates.working_days import working_day_of
from perfpipe.phrases.near_names import no_such
from perfpipe.toml_files.models import Problem, Strict

Occasion = Literal["late", "blocked", "published", "failed", "verify_failed"]
OCCASIONS: tuple[Occasion, ...] = ("late", "blocked", "published", "failed", "verify_failed")


class Expected(Strict):
    """`[[expected]]`: a dataset that comes each month, by which working day of the month after, and who sends it."""

    dataset: str
    by_working_day: int = Field(ge=1, le=20, strict=True)
    sender: str = Field(min_length=1)  # the role

    def due_on(self, month: Month, closure_days: Collection[date] = ()) -> date:
        """The day by which the extract of a month is due; closure days do not count as working days."""
        return working_day_of((month + 1).first_day, self.by_working_day, closure_days)


class Notify(Strict):
    """`[[notify]]`: whom to tell, of what. The address is a secret: `url_from` names what holds it in the environment.

    With `owner`, only what that role has to put right.
    """

    url_from: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    on: tuple[Occasion, ...] = Field(default=OCCASIONS, min_length=1)
    owner: str = ""


def delivery_problems(expected: Sequence[Expected]) -> list[Problem]:
    """Datasets that there are not, and those that are listed twice."""
    problems: list[Problem] = []
    for number, each in enumerate(expected):
        at = ["expected", str(number), "dataset"]
        if each.dataset not in BY_ID:
            problems.append((at, no_such("dataset", each.dataset, BY_ID)))
        elif each.dataset in [earlier.dataset for earlier in expected[:number]]:
            problems.append((at, f"{each.dataset!r} is listed twice; keep one entry"))
    return problems
