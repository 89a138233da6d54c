"""The tables of the plan: who, what is recommended, what is done about it, how it is judged, who meets when.

What each table is for is in docs/plan.md; which entries fit together is checked in `checks.py`.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, model_validator

from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period, Polarity
from perfpipe.plan.values import Name, PlanDay, PlanEntry, PlanMonth, Reason, Said, Text, Title, Words

NO_MEASURE = "no quantitative measure: evidence is"


class ActionStatus(StrEnum):
    """The status of an action, as its owner reports it."""

    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


ACTION_WORDS = {
    ActionStatus.BLUE: "done",
    ActionStatus.GREEN: "on track",
    ActionStatus.AMBER: "at risk",
    ActionStatus.RED: "off track",
}
STATUS_MEANS = {
    ActionStatus.BLUE: "Done, and its effect can be shown",
    ActionStatus.GREEN: "On track to be done by its due date",
    ActionStatus.AMBER: "At risk: may not be done by its due date",
    ActionStatus.RED: "Off track: will not be done by its due date, or was not",
}
OVERDUE_MEANS = "Overdue: the due date has passed and the action is not blue, whatever its owner reports"


class Grade(StrEnum):
    """The four grades of an inspection, best first."""

    OUTSTANDING = "outstanding"
    GOOD = "good"
    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"


class Audience(StrEnum):
    """Who meets: the Improvement Board, or the Scrutiny Board, whose papers are public."""

    BOARD = "board"
    SCRUTINY = "scrutiny"


class PackName(StrEnum):
    """The packs that a measure can be in."""

    BOARD = "board"
    PUBLIC = "public"
    ANALYST = "analyst"


class Owner(PlanEntry):
    """A role that answers for actions or measures, and who holds it."""

    id: Name
    role: Title
    person: Text = ""


class Recommendation(PlanEntry):
    """One recommendation of the inspection, or one topic that Scrutiny asked about, and what shows its progress.

    Without measures, `evidence` says so: "no quantitative measure: evidence is ...".
    """

    id: Name
    title: Words
    topic: bool = False
    measures: tuple[Name, ...] = ()
    evidence: Said = ""


class DatedStatus(PlanEntry):
    """A status from a day on."""

    on: PlanDay
    status: ActionStatus
    note: Text = ""


class Action(PlanEntry):
    """What is done about a recommendation, by whom and by when; its statuses in order of their days."""

    id: Name
    recommendation: Name
    what: Words
    owner: Name
    due: PlanDay
    history: tuple[DatedStatus, ...] = ()


class GradeGiven(PlanEntry):
    """A grade from a day on, and who gave it: inspectors, a monitoring visit, or the council itself."""

    on: PlanDay
    grade: Grade
    source: Words


class Judgement(PlanEntry):
    """One of the judgements of the inspection, and the grades that it was given in order of their days."""

    id: Name
    title: Words
    grades: tuple[GradeGiven, ...] = ()


class Meeting(PlanEntry):
    """A meeting and the last month of the data that it is shown. Dates are set one by one, never reckoned."""

    on: PlanDay
    audience: Audience
    data_to: PlanMonth


class Decision(PlanEntry):
    """What a meeting decided, who does it by when, and the day on which it was done."""

    id: Name
    meeting: PlanDay
    audience: Audience = Audience.BOARD
    what: Words
    owner: Name
    due: PlanDay
    done_on: PlanDay | None = None


TYPED_UNITS = (Unit.PERCENT, Unit.COUNT)
TYPED_PERIODS = (Period.MONTH, Period.MONTH_END, Period.QUARTER)


class ManualMeasure(PlanEntry):
    """A measure whose numbers are typed into a sheet, as no extract holds them yet."""

    id: Name = Field(pattern=r"^[a-z][a-z0-9_]*$")
    code: Name
    title: Title
    unit: Unit
    polarity: Polarity
    period: Period = Period.MONTH
    owner: Name
    definition: Words
    why_it_matters: Reason
    source: Words
    groups: tuple[Name, ...] = ()
    recommendation: Name

    @model_validator(mode="after")
    def _can_be_typed(self) -> ManualMeasure:
        for key, value, known in (("unit", self.unit, TYPED_UNITS), ("period", self.period, TYPED_PERIODS)):
            if value not in known:
                expected = f"{', '.join(known[:-1])} or {known[-1]}"
                raise ValueError(f"expected the {key} {expected}; found {str(value)!r}")
        return self


class MeasureShown(PlanEntry):
    """How a measure is shown. The order of these entries is the order in packs; a blank title or owner stays.

    `packs` names the packs that show the measure; empty is all.
    """

    id: Name
    title: Said = ""
    owner: Text = ""
    packs: tuple[PackName, ...] = ()
