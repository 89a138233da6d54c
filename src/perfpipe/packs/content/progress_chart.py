"""What the chart of the plan shows, and its words for those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.assess.plan_progress import whole
from perfpipe.dates.months import Month
from perfpipe.measures.words import STATUS_WORDS, Status
from perfpipe.packs.models.plan import BarKind, Part, ProgressChart, StatusRow
from perfpipe.packs.wording.plan_words import (
    ACTION_KINDS,
    TARGET_KINDS,
    actions_words,
    long_day,
    named,
    overdue_words,
    targets_words,
    titled,
)
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.plan.progress import Progress

NAME = "plan_progress"


def progress_chart(progress: Sequence[Progress], authority: str, month: Month) -> ProgressChart | None:
    """The chart of the progress on the last day of a month; None where there is neither an action nor a target."""
    if not any(sum(each.actions.values()) or each.judged for each in progress):
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
        target_kinds=_kinds([row.targets for row in rows], tuple(TARGET_KINDS.values())),
        rows=rows,
    )


def _title(progress: Sequence[Progress]) -> str:
    all_of_it = whole(progress)
    actions = f"{all_of_it.done} of {count_of(all_of_it.actions, 'action')} done, {all_of_it.overdue} overdue"
    targets = f"{all_of_it.of(Status.MET)} of {count_of(len(all_of_it.judged), 'target')} {STATUS_WORDS[Status.MET]}"
    return f"{actions if all_of_it.actions else 'No actions'}; {targets if all_of_it.judged else 'no target judged'}."


def _row(progress: Progress) -> StatusRow:
    counts = [Part(ACTION_KINDS[status], number) for status, number in progress.actions.items() if number]
    return StatusRow(
        name=named(progress.recommendation),
        title=titled(progress.recommendation),
        actions=tuple(counts),
        actions_words=actions_words(progress),
        overdue_words=overdue_words(progress),
        targets=tuple(Part(TARGET_KINDS[status], len(names)) for status, names in progress.targets.items() if names),
        targets_words=targets_words(progress),
    )


def _told(row: StatusRow) -> str:
    late = f", {row.overdue_words}" if row.overdue_words else ""
    return f"actions: {row.actions_words}{late}; targets: {row.targets_words}"


def _kinds(bars: Sequence[tuple[Part, ...]], order: tuple[BarKind, ...]) -> tuple[BarKind, ...]:
    there = {part.kind for bar in bars for part in bar}
    return tuple(kind for kind in order if kind in there)
