"""The plan in a pack: progress by recommendation, actions, decisions, judgements, and all of it over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd

from perfpipe.assess.plan_progress import PlanTotals, plan_progress, whole
from perfpipe.dates.months import Month, month_range
from perfpipe.measures.definition import Measure
from perfpipe.measures.words import NOT_AVAILABLE, NOTHING, Status, capital
from perfpipe.packs.content.progress_chart import progress_chart
from perfpipe.packs.models.plan import (
    ActionLine,
    CountsByMonth,
    DecisionLine,
    JudgementLine,
    PlanPages,
    RecommendationLine,
)
from perfpipe.packs.wording.numbers import short_month
from perfpipe.packs.wording.plan_words import (
    DECISION_WORDS,
    actions_words,
    brief_day,
    brief_words,
    change_words,
    long_day,
    named,
    status_words,
    targets_words,
    titled,
)
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.plan import ActionStatus, Audience, DecisionIs, Plan, action_status, decisions_on, grades_by
from perfpipe.plan.progress import OutcomesAre, Overdue, Progress, rules_printed

MONTHS = 12
MEETINGS = {Audience.BOARD: "Improvement Board", Audience.SCRUTINY: "Scrutiny Board"}
TARGETS = {
    Status.MET: "Targets met",
    Status.NEAR: "Targets near: missed by no more than their tolerance",
    Status.MISSED: "Targets missed",
}
HIDDEN = "Counted are all measures of the plan, also those that this pack does not show."


def plan_pages(
    plan: Plan,
    assessed: pd.DataFrame,
    month: Month,
    measures: Sequence[Measure],
    shown: Sequence[Measure],
    authority: str,
) -> PlanPages:
    """The plan as at the last day of the month, and at the end of each of the 11 months before.

    `plan` has the statuses as reported (`action_reports.plan_reported`), `assessed` every figure of those months.
    All `measures` are counted; those that the pack shows are named.
    """
    whole = assessed[assessed["breakdown"] == "all"]

    def progress_at(at: Month) -> tuple[Progress, ...]:
        return plan_progress(plan, whole, at.last_day, at, measures)

    months = month_range(month - (MONTHS - 1), month)
    by_month = [progress_at(at) for at in months]
    now = by_month[-1]
    return PlanPages(
        as_at=f"Actions and decisions as at {long_day(month.last_day)}.",
        judged_by=f"Targets judged by the figures for {month.label}.",
        chart=progress_chart(now, authority, month),
        lines=tuple(_line(each) for each in now),
        rules=(*rules_printed(), *(() if len(shown) == len(measures) else (HIDDEN,))),
        judgements=_judgements(plan, month.last_day),
        actions=_actions(plan, month.last_day),
        decisions=_decisions(plan, month.last_day),
        months=tuple(short_month(str(at)) for at in months),
        over_time=_over_time(by_month),
    )


def _line(progress: Progress) -> RecommendationLine:
    of = progress.recommendation
    measured = progress.outcomes_are not in (OutcomesAre.NOT_MEASURED, OutcomesAre.NO_DATA)
    return RecommendationLine(
        name=named(of),
        title=titled(of),
        actions=actions_words(progress),
        in_brief=brief_words(progress),
        overdue=tuple(_overdue(each) for each in progress.overdue),
        actions_are=capital(progress.actions_are),
        targets=targets_words(progress),
        change=change_words(progress) if measured else NOTHING,
        outcomes_are=capital(progress.outcomes_are),
        evidence=capital(progress.evidence) or "The measures",
        sentence=progress.sentence,
    )


def _overdue(late: Overdue) -> str:
    return f"{late.action.id} due {brief_day(late.action.due)}: {late.owner}"


def _actions(plan: Plan, on: date) -> tuple[ActionLine, ...]:
    """Every action by recommendation, the overdue ones first, those the longest overdue at the top."""
    lines = []
    for recommendation in plan.recommendations:
        standing = [(action, action_status(action, on)) for action in plan.actions_of(recommendation)]
        standing.sort(key=lambda each: (not each[1].overdue, each[0].due if each[1].overdue else ""))
        for action, at in standing:
            due = date.fromisoformat(action.due)
            lines.append(
                ActionLine(
                    recommendation=f"{named(recommendation)}: {titled(recommendation)}",
                    id=action.id,
                    what=action.what,
                    owner=plan.role_of(action.owner),
                    due=due,
                    status=status_words(at.status),
                    since=date.fromisoformat(at.since) if at.since else None,
                    overdue=f"Overdue by {count_of((on - due).days, 'day')}" if at.overdue else "No",
                    note=at.note,
                )
            )
    return tuple(lines)


def _decisions(plan: Plan, on: date) -> tuple[DecisionLine, ...]:
    """The decisions made by the day: open ones first, the one due first at the top; then those done, the latest first.

    What was done after the day was open on it.
    """
    made = decisions_on(plan, on)
    still = sorted(
        (each for each in made if each[1] is not DecisionIs.DONE), key=lambda each: (each[0].due, each[0].id)
    )
    done = [each for each in made if each[1] is DecisionIs.DONE]
    done.sort(key=lambda each: each[0].done_on or "", reverse=True)
    return tuple(
        DecisionLine(
            meeting=f"{MEETINGS[each.audience]}, {long_day(each.meeting)}",
            id=each.id,
            what=each.what,
            owner=plan.role_of(each.owner),
            due=date.fromisoformat(each.due),
            state=DECISION_WORDS[state],
            done_on=date.fromisoformat(each.done_on) if state is DecisionIs.DONE and each.done_on else None,
        )
        for each, state in (*still, *done)
    )


def _judgements(plan: Plan, on: date) -> tuple[JudgementLine, ...]:
    lines = []
    for judgement in plan.judgements:
        given = grades_by(judgement, on)
        words = capital(given[-1].grade.replace("_", " ") if given else "not yet graded")
        if len(given) > 1 and given[-2].grade != given[-1].grade:
            words += f" (before: {given[-2].grade.replace('_', ' ')})"
        since = date.fromisoformat(given[-1].on) if given else None
        lines.append(JudgementLine(judgement.title, words, since, given[-1].source if given else NOTHING))
    return tuple(lines)


def _over_time(by_month: Sequence[tuple[Progress, ...]]) -> tuple[CountsByMonth, ...]:
    """Counts by recommendation and month, with a line for all; none where there is neither action nor target."""
    counts: tuple[tuple[str, str, Callable[[Progress], int | str], Callable[[PlanTotals], int | str]], ...] = (
        (
            "actions_done",
            "Actions done",
            _of_actions(lambda each: each.actions[ActionStatus.BLUE]),
            lambda all_: all_.done,
        ),
        ("actions_overdue", "Actions overdue", _of_actions(lambda each: len(each.overdue)), lambda all_: all_.overdue),
        *((f"targets_{kind}", title, _of_targets(kind), _of_all(kind)) for kind, title in TARGETS.items()),
    )
    together = [whole(month) for month in by_month]
    tables = []
    for name, title, count, count_all in counts:
        rows = [
            (named(one[0].recommendation), titled(one[0].recommendation), tuple(count(each) for each in one))
            for one in zip(*by_month, strict=True)
        ]
        if any(isinstance(number, int) for _, _, numbers in rows for number in numbers):
            tables.append(
                CountsByMonth(name, title, (*rows, ("All", "Each counted once", tuple(map(count_all, together)))))
            )
    return tuple(tables)


def _of_actions(count: Callable[[Progress], int]) -> Callable[[Progress], int | str]:
    return lambda each: count(each) if sum(each.actions.values()) else NOTHING


def _of_targets(kind: Status) -> Callable[[Progress], int | str]:
    def count(each: Progress) -> int | str:
        if each.judged:
            return len(each.targets[kind])
        return NOT_AVAILABLE if each.measured or each.outcomes_are is OutcomesAre.NO_DATA else NOTHING

    return count


def _of_all(kind: Status) -> Callable[[PlanTotals], int | str]:
    return lambda all_: all_.of(kind) if all_.judged else NOTHING
