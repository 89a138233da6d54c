"""Progress against the plan: what it consists of, and the rules by which it is rolled up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perfpipe.measures.words import STATUS_WORDS, Movement, Status, capital
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.plan.model import ActionState
from perfpipe.plan.tables import Action, ActionStatus, Recommendation


class ActionsAre(StrEnum):
    """What the actions under a recommendation come to."""

    NONE = "no actions"
    LATE = "late"
    OFF_TRACK = "off track"
    AT_RISK = "at risk"
    NOT_REPORTED = "not reported"
    DONE = "done"
    ON_TRACK = "on track"


class OutcomesAre(StrEnum):
    """What the measures under a recommendation come to."""

    NOT_MEASURED = "not measured"
    NO_DATA = "no data"
    NO_TARGET = "no target"
    MISSED = "missed"
    NOT_DECIDED = "not decided"
    NEAR = "near"
    MET = "met"


# The rules, in the order in which they are tried: the first that fits is the answer. Packs print these words.
ACTION_RULES: tuple[tuple[ActionsAre, str], ...] = (
    (ActionsAre.NONE, "no action is in the plan"),
    (ActionsAre.LATE, "at least one action is past its due date and not blue"),
    (ActionsAre.OFF_TRACK, "at least one action is red"),
    (ActionsAre.AT_RISK, "at least one action is amber"),
    (ActionsAre.NOT_REPORTED, "at least one action has no status yet"),
    (ActionsAre.DONE, "every action is blue"),
    (ActionsAre.ON_TRACK, "every action is blue or green"),
)


OUTCOME_RULES: tuple[tuple[OutcomesAre, str], ...] = (
    (OutcomesAre.NOT_MEASURED, "no measure is in the plan; the evidence is in words"),
    (OutcomesAre.NO_DATA, "no measure has a figure for the month"),
    (OutcomesAre.NO_TARGET, "no measure with a figure has a target"),
    (OutcomesAre.MISSED, "at least one target is missed by more than its tolerance"),
    (
        OutcomesAre.NOT_DECIDED,
        "no target is known to be missed, and at least one is not decided: records left out by faults could change it",
    ),
    (OutcomesAre.NEAR, "no target is missed by more than its tolerance, and at least one is not met"),
    (OutcomesAre.MET, "every target of a measure with a figure is met"),
)


COUNTED = "Counted are the measures' first periods for the whole authority; without a target a measure counts as none."


@dataclass(frozen=True)
class Overdue:
    """An overdue action, with the role that answers for it."""

    action: Action
    owner: str
    standing: ActionState


@dataclass(frozen=True)
class Progress:
    """One recommendation or topic on a day. Measures are named by their ids, in the plan's order."""

    recommendation: Recommendation
    actions: dict[ActionStatus | None, int]  # every status, and None for actions without a report
    overdue: tuple[Overdue, ...]  # the longest overdue first
    actions_are: ActionsAre
    met: tuple[str, ...]
    near: tuple[str, ...]
    missed: tuple[str, ...]
    not_decided: tuple[str, ...]  # with a figure and a target, but records left out by faults could change the status
    without_target: tuple[str, ...]
    without_figure: tuple[str, ...]
    improving: tuple[str, ...]  # said to be better, of late or than a year earlier
    worsening: tuple[str, ...]  # said to be worse; one measure may be both
    outcomes_are: OutcomesAre
    evidence: str

    @property
    def action_count(self) -> int:
        """How many actions there are, whatever their status."""
        return sum(self.actions.values())

    @property
    def judged(self) -> dict[str, Status]:
        """Of each measure whose target is decided whether it is met, near or missed."""
        return {name: kind for kind, names in self.targets.items() for name in names}

    @property
    def targets(self) -> dict[Status, tuple[str, ...]]:
        """The measures whose target is met, near or missed, by which of them."""
        return {Status.MET: self.met, Status.NEAR: self.near, Status.MISSED: self.missed}

    @property
    def measured(self) -> tuple[str, ...]:
        """The measures with a figure and a target, whether or not it is decided."""
        return self.met + self.near + self.missed + self.not_decided

    @property
    def sentence(self) -> str:
        """The progress in a sentence of numbers: actions first, then targets."""
        total, done = self.action_count, self.actions[ActionStatus.BLUE]
        told = f"{done} of {count_of(total, 'action')} done" if total else "No actions"
        told += f", {len(self.overdue)} overdue" if self.overdue else ""
        if not self.measured:
            tail = {
                OutcomesAre.NOT_MEASURED: "evidence in words only",
                OutcomesAre.NO_DATA: "no figures for this month",
            }.get(self.outcomes_are, "no targets")
            return f"{told}; {tail}."
        undecided = f", {len(self.not_decided)} {STATUS_WORDS[Status.NOT_DECIDED]}" if self.not_decided else ""
        moved = ((Movement.BETTER, self.improving), (Movement.WORSE, self.worsening))
        better = "".join(f", {len(ids)} {way}" for way, ids in moved if ids)
        return f"{told}; {len(self.met)} of {count_of(len(self.measured), 'target')} met{undecided}{better}."


def rules_printed() -> tuple[str, ...]:
    """The rules by which progress is rolled up, a line each, as packs print them."""
    return (
        "Actions: the first of these that fits.",
        *(f"{capital(answer)}: {when}." for answer, when in ACTION_RULES),
        "Outcomes: the first of these that fits.",
        *(f"{capital(answer)}: {when}." for answer, when in OUTCOME_RULES),
        COUNTED,
    )
