"""Progress against the plan in words: statuses, counts and days, the same on every sheet and in the chart."""

from __future__ import annotations

from datetime import date

from perfpipe.measures.words import STATUS_WORDS, Movement, Status, capital
from perfpipe.packs.models.plan import BarKind, Standing
from perfpipe.packs.wording.numbers import short_month
from perfpipe.plan import ActionStatus, DecisionIs, Recommendation
from perfpipe.plan.progress import ActionsAre, OutcomesAre, Progress
from perfpipe.plan.tables import ACTION_WORDS

NOT_REPORTED = ActionsAre.NOT_REPORTED.value
ACTION_KINDS: dict[ActionStatus | None, BarKind] = {
    ActionStatus.BLUE: BarKind(ACTION_WORDS[ActionStatus.BLUE], Standing.GOOD),
    ActionStatus.GREEN: BarKind(ACTION_WORDS[ActionStatus.GREEN], Standing.ON_TRACK),
    ActionStatus.AMBER: BarKind(ACTION_WORDS[ActionStatus.AMBER], Standing.AT_RISK),
    ActionStatus.RED: BarKind(ACTION_WORDS[ActionStatus.RED], Standing.OFF_TRACK),
    None: BarKind(NOT_REPORTED, Standing.NOT_KNOWN),
}
TARGET_KINDS: dict[Status, BarKind] = {
    Status.MET: BarKind(STATUS_WORDS[Status.MET], Standing.GOOD),
    Status.NEAR: BarKind(STATUS_WORDS[Status.NEAR], Standing.AT_RISK),
    Status.MISSED: BarKind(STATUS_WORDS[Status.MISSED], Standing.OFF_TRACK),
}
DECISION_WORDS = {DecisionIs.DONE: "Done", DecisionIs.OPEN: "Open", DecisionIs.OVERDUE: "Open, overdue"}
ROLLED_UP: dict[ActionsAre | OutcomesAre, Standing] = {
    ActionsAre.DONE: Standing.GOOD,
    ActionsAre.AT_RISK: Standing.AT_RISK,
    ActionsAre.OFF_TRACK: Standing.OFF_TRACK,
    ActionsAre.LATE: Standing.OFF_TRACK,
    ActionsAre.NOT_REPORTED: Standing.NOT_KNOWN,
    OutcomesAre.MET: Standing.GOOD,
    OutcomesAre.NEAR: Standing.AT_RISK,
    OutcomesAre.MISSED: Standing.OFF_TRACK,
    OutcomesAre.NOT_DECIDED: Standing.NOT_KNOWN,
    OutcomesAre.NOT_MEASURED: Standing.NOT_KNOWN,
    OutcomesAre.NO_DATA: Standing.NOT_KNOWN,
}
WITHOUT_TARGETS = {
    OutcomesAre.NOT_MEASURED: "No measure: evidence in words",
    OutcomesAre.NO_DATA: "No figure for the month",
    OutcomesAre.NO_TARGET: capital(STATUS_WORDS[Status.NO_TARGET]),
}


def named(recommendation: Recommendation) -> str:
    """`Recommendation 4`, `Scrutiny topic`."""
    return "Scrutiny topic" if recommendation.topic else f"Recommendation {recommendation.id}"


def titled(recommendation: Recommendation) -> str:
    """The title beside that name, which it does not repeat."""
    return capital(recommendation.title.removeprefix("Scrutiny topic: "))


def status_words(status: ActionStatus | None) -> str:
    """`Amber: at risk`, `Not reported`."""
    return f"{capital(status)}: {ACTION_WORDS[status]}" if status else capital(NOT_REPORTED)


def actions_words(progress: Progress) -> str:
    """`1 of 2 done, 1 at risk`; without actions, that there are none."""
    total = progress.action_count
    if not total:
        return "No actions"
    others = [f"{number} {ACTION_KINDS[status].words}" for status, number in progress.actions.items() if number and
              status is not ActionStatus.BLUE]  # fmt: skip
    return ", ".join([f"{progress.actions[ActionStatus.BLUE]} of {total} done", *others])


def overdue_words(progress: Progress) -> str:
    """`1 overdue`; empty without any."""
    return f"{len(progress.overdue)} overdue" if progress.overdue else ""


def brief_words(progress: Progress) -> str:
    """`3 of 5 done, 1 overdue`."""
    total = progress.action_count
    if not total:
        return "No actions"
    late = overdue_words(progress)
    return f"{progress.actions[ActionStatus.BLUE]} of {total} done" + (f", {late}" if late else "")


def targets_words(progress: Progress) -> str:
    """`1 of 3 met, 2 missed`; without a judged target, why."""
    if not progress.measured:
        return WITHOUT_TARGETS[progress.outcomes_are]
    told = progress.targets | {Status.NOT_DECIDED: progress.not_decided}
    others = [f"{len(ids)} {STATUS_WORDS[kind]}" for kind, ids in told.items() if ids and kind != Status.MET]
    return ", ".join([f"{len(progress.met)} of {len(progress.measured)} {STATUS_WORDS[Status.MET]}", *others])


def change_words(progress: Progress) -> str:
    """`1 better, 2 worse`; that there is no clear change where no measure is said to be either."""
    counts = ((Movement.BETTER, progress.improving), (Movement.WORSE, progress.worsening))
    return ", ".join(f"{len(ids)} {way}" for way, ids in counts if ids) or "No clear change"


def long_day(day: date | str) -> str:
    """`31 March 2018`, of a day or of a day written YYYY-MM-DD."""
    at = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{at.day} {at:%B %Y}"


def brief_day(day: str) -> str:
    """A day written YYYY-MM-DD as `31 Mar 2018`."""
    return f"{int(day[8:])} {short_month(day[:7])}"


def standings() -> dict[str, Standing]:
    """By the words that stand in a cell of statuses, how well that is: of figures, actions, outcomes, decisions."""
    told = dict.fromkeys((STATUS_WORDS[Status.NO_DATA],), Standing.NOT_KNOWN)
    told |= {kind.words: kind.standing for kind in TARGET_KINDS.values()}
    told |= {status_words(status): kind.standing for status, kind in ACTION_KINDS.items()}
    told |= {str(answer): standing for answer, standing in ROLLED_UP.items()}
    told |= {
        DECISION_WORDS[DecisionIs.DONE]: Standing.GOOD,
        DECISION_WORDS[DecisionIs.OVERDUE]: Standing.OFF_TRACK,
    }
    return {capital(words): standing for words, standing in told.items()}
