"""Progress against the plan in words: statuses, counts and days, the same on every sheet and in the chart."""

from __future__ import annotations

from datetime import date

from perfpipe.measures.definition import IMPROVING, WORSENING
from perfpipe.packs.wording.numbers import short_month
from perfpipe.plan import ActionStatus, Recommendation
from perfpipe.plan.progress import OutcomesAre, Progress
from perfpipe.plan.targets import MET

NOT_REPORTED = "not reported"
ACTION_KINDS: dict[ActionStatus | None, str] = {
    ActionStatus.BLUE: "done",
    ActionStatus.GREEN: "on track",
    ActionStatus.AMBER: "at risk",
    ActionStatus.RED: "off track",
    None: NOT_REPORTED,
}
WITHOUT_TARGETS = {
    OutcomesAre.NOT_MEASURED: "No measure: evidence in words",
    OutcomesAre.NO_DATA: "No figure for the month",
    OutcomesAre.NO_TARGET: "No target",
}


def named(recommendation: Recommendation) -> str:
    """`Recommendation 4`, `Scrutiny topic`."""
    return "Scrutiny topic" if recommendation.topic else f"Recommendation {recommendation.id}"


def titled(recommendation: Recommendation) -> str:
    """The title beside that name, which it does not repeat."""
    return capital(recommendation.title.removeprefix("Scrutiny topic: "))


def capital(words: str) -> str:
    """The words with a capital letter at the beginning."""
    return f"{words[:1].upper()}{words[1:]}"


def status_words(status: ActionStatus | None) -> str:
    """`Amber: at risk`, `Not reported`."""
    return f"{capital(status)}: {ACTION_KINDS[status]}" if status else capital(NOT_REPORTED)


def actions_words(progress: Progress) -> str:
    """`1 of 2 done, 1 at risk`; without actions, that there are none."""
    total = sum(progress.actions.values())
    if not total:
        return "No actions"
    others = [f"{number} {ACTION_KINDS[status]}" for status, number in progress.actions.items() if number and
              status is not ActionStatus.BLUE]  # fmt: skip
    return ", ".join([f"{progress.actions[ActionStatus.BLUE]} of {total} done", *others])


def overdue_words(progress: Progress) -> str:
    """`1 overdue`; empty without any."""
    return f"{len(progress.overdue)} overdue" if progress.overdue else ""


def brief_words(progress: Progress) -> str:
    """`3 of 5 done, 1 overdue`."""
    total = sum(progress.actions.values())
    if not total:
        return "No actions"
    late = overdue_words(progress)
    return f"{progress.actions[ActionStatus.BLUE]} of {total} done" + (f", {late}" if late else "")


def targets_words(progress: Progress) -> str:
    """`1 of 3 met, 2 missed`; without a judged target, why."""
    if not progress.measured:
        return WITHOUT_TARGETS[progress.outcomes_are]
    others = [f"{len(ids)} {kind}" for kind, ids in progress.targets.items() if ids and kind != MET]
    return ", ".join([f"{len(progress.met)} of {len(progress.measured)} met", *others])


def change_words(progress: Progress) -> str:
    """`1 improving, 2 worsening`; `None` where no measure moved clearly."""
    counts = ((IMPROVING, progress.improving), (WORSENING, progress.worsening))
    return ", ".join(f"{len(ids)} {kind}" for kind, ids in counts if ids) or "None"


def long_day(day: date | str) -> str:
    """`31 March 2018`, of a day or of a day written YYYY-MM-DD."""
    at = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{at.day} {at:%B %Y}"


def brief_day(day: str) -> str:
    """A day written YYYY-MM-DD as `31 Mar 2018`."""
    return f"{int(day[8:])} {short_month(day[:7])}"
