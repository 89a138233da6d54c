"""What the chart of the plan shows, and its words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.months import Month
from perfpipe.pack.plan_model import Part, ProgressChart, StatusRow
from perfpipe.pack.plan_words import (
    ACTION_KINDS,
    TARGET_KINDS,
    actions_words,
    long_day,
    named,
    overdue_words,
    targets_words,
    titled,
)
from perfpipe.pack.words import count_of
from perfpipe.plan import ActionStatus
from perfpipe.plan.progress import Progress

NAME = "plan_progress"


def progress_chart(progress: Sequence[Progress], authority: str, month: Month) -> ProgressChart | None:
    """The chart of the progress on the last day of a month; None where there is neither an action nor a target."""
    if not any(sum(each.actions.values()) or each.measured for each in progress):
        return None
    rows = tuple(_row(each) for each in progress)
    when = long_day(month.last_day)
    title = _title(progress)
    told = "; ".join(f"{row.name}, {row.title}: {_told(row)}" for row in rows)
    return ProgressChart(
        name=NAME,
        title=title,
        subtitle=f"Actions and targets by recommendation and topic, {authority}, as at {when}",
        caption="Numbers in the bars are actions and targets. Source: the plan, as owners report; targets "
        f"as judged by the figures of {month.label}. Overdue: past its due date and not done.",
        alt_text=f"Bar chart. Progress against the plan, {authority}, as at {when}. {title} {told}.",
        action_kinds=_kinds([row.actions for row in rows], tuple(ACTION_KINDS.values())),
        target_kinds=_kinds([row.targets for row in rows], TARGET_KINDS),
        rows=rows,
    )


def _title(progress: Sequence[Progress]) -> str:
    """What all rows come to. A measure under two recommendations counts once."""
    total = sum(sum(each.actions.values()) for each in progress)
    done = sum(each.actions[ActionStatus.BLUE] for each in progress)
    late = sum(len(each.overdue) for each in progress)
    judged = {name for each in progress for name in each.measured}
    met = {name for each in progress for name in each.met}
    actions = f"{done} of {count_of(total, 'action')} done, {late} overdue" if total else "No actions"
    return f"{actions}; " + (f"{len(met)} of {count_of(len(judged), 'target')} met." if judged else "no target judged.")


def _row(progress: Progress) -> StatusRow:
    counts = [Part(ACTION_KINDS[status], number) for status, number in progress.actions.items() if number]
    by_kind = zip(TARGET_KINDS, (progress.met, progress.near, progress.missed), strict=True)
    return StatusRow(
        name=named(progress.recommendation),
        title=titled(progress.recommendation),
        actions=tuple(counts),
        actions_words=actions_words(progress),
        overdue_words=overdue_words(progress),
        targets=tuple(Part(kind, len(names)) for kind, names in by_kind if names),
        targets_words=targets_words(progress),
    )


def _told(row: StatusRow) -> str:
    late = f", {row.overdue_words}" if row.overdue_words else ""
    return f"actions: {row.actions_words}{late}; targets: {row.targets_words}"


def _kinds(bars: Sequence[tuple[Part, ...]], order: tuple[str, ...]) -> tuple[str, ...]:
    there = {part.kind for bar in bars for part in bar}
    return tuple(kind for kind in order if kind in there)
