"""What a pack says of the plan itself: progress by recommendation, actions, decisions, judgements, and over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class RecommendationLine:
    """One recommendation or topic: what is done, what came of it, and both in a sentence."""

    name: str  # Recommendation 4, Scrutiny topic
    title: str
    actions: str  # 1 of 2 done, 1 at risk
    in_brief: str  # 1 of 2 done, 1 overdue
    overdue: tuple[str, ...]  # 4.2, Head of Social Work, due 31 March 2018
    actions_are: str
    targets: str  # 1 of 3 met, 1 near, 1 missed
    change: str  # 1 better, 2 worse
    outcomes_are: str
    evidence: str
    sentence: str


@dataclass(frozen=True)
class ActionLine:
    """One action as it stands on the day."""

    recommendation: str
    id: str
    what: str
    owner: str  # the role
    due: date
    status: str  # Amber: at risk
    since: date | None
    overdue: str  # 31 days, No
    note: str


@dataclass(frozen=True)
class DecisionLine:
    """One decision of a meeting as it stands on the day."""

    meeting: str  # Improvement Board, 14 June 2017
    id: str
    what: str
    owner: str
    due: date
    state: str  # Open; Open, overdue; Done
    done_on: date | None


@dataclass(frozen=True)
class JudgementLine:
    """One judgement of the inspection, with its grade on the day and the one before."""

    title: str
    grade: str
    since: date | None
    source: str


@dataclass(frozen=True)
class CountsByMonth:
    """One count of each recommendation over the months; without a number, a marker that says why."""

    id: str
    title: str
    rows: tuple[tuple[str, str, tuple[int | str, ...]], ...]  # name, title, a count for each month


class Standing(StrEnum):
    """How well a status is, in the steps that colours have."""

    GOOD = "good"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    OFF_TRACK = "off track"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class BarKind:
    """What a length of a bar stands for: in words (done, on track, met ...), and how well that is."""

    words: str
    standing: Standing


@dataclass(frozen=True)
class Part:
    """One length of a bar: how many, of which kind."""

    kind: BarKind
    count: int


@dataclass(frozen=True)
class StatusRow:
    """One recommendation in the chart: two bars, each with words that say the same."""

    name: str
    title: str
    actions: tuple[Part, ...]
    actions_words: str
    overdue_words: str
    targets: tuple[Part, ...]
    targets_words: str


@dataclass(frozen=True)
class ProgressChart:
    """Actions by status beside targets by status, a row a recommendation."""

    name: str
    title: str
    subtitle: str
    caption: str
    alt_text: str
    action_kinds: tuple[BarKind, ...]  # those that occur, in the order of the bars
    target_kinds: tuple[BarKind, ...]
    rows: tuple[StatusRow, ...]


@dataclass(frozen=True)
class PlanPages:
    """Everything of the plan but its measures. Empty parts are left out of the pack."""

    as_at: str  # the day of the statuses of actions and decisions, in a sentence
    judged_by: str  # the figures by which targets are judged
    chart: ProgressChart | None
    lines: tuple[RecommendationLine, ...]
    rules: tuple[str, ...]
    judgements: tuple[JudgementLine, ...]
    actions: tuple[ActionLine, ...]
    decisions: tuple[DecisionLine, ...]
    months: tuple[str, ...]  # of `over_time`, oldest first
    over_time: tuple[CountsByMonth, ...]
