"""The content of the quarterly return: what its workbook shows and its data file holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period, Polarity
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.row import Row
from perfpipe.plan.model import ActionState, DecisionIs
from perfpipe.plan.progress import Progress
from perfpipe.plan.tables import Action, Decision, GradeGiven, Judgement
from perfpipe.plan.targets import TargetStep


@dataclass(frozen=True)
class Origin:
    """Where a return comes from: the run whose figures it gives, the plan and how it was chosen, and the actions."""

    run_id: int
    run_month: str
    run_fingerprint: str
    known_at: str  # YYYY-MM-DDTHH:MM:SS+00:00; empty where nothing was received
    code_version: str  # that computed the figures
    plan_sha256: str
    plan_chosen: str  # in words
    actions_from: str  # in words


@dataclass(frozen=True)
class Before:
    """The plan that the return is compared with: which it is, and a line for each change since; None: none is kept."""

    named: str
    changes: tuple[str, ...] | None


@dataclass(frozen=True)
class Cell:
    """A figure of one month and period, as the ledger has it and as it is shown."""

    row: Row
    figure: Figure


@dataclass(frozen=True)
class MeasureLine:
    """A measure under a recommendation: its months, its quarter and what is said of its latest figure."""

    recommendation: str
    measure_id: str
    code: str
    title: str
    unit: Unit | None  # None of a measure that is no more, as the polarity
    polarity: Polarity | None
    owner: str
    period: Period
    months: tuple[Cell | None, ...]  # of the quarter, oldest first; None where the period has no such figure
    quarter: Cell | None
    latest: Cell
    target: str
    step: TargetStep | None  # in force in the quarter's last month
    target_source: str
    change: str


@dataclass(frozen=True)
class ReturnAction:
    """An action as at the day, with the role that answers for it."""

    action: Action
    role: str
    standing: ActionState


@dataclass(frozen=True)
class ReturnDecision:
    """A decision as at the day: done, open or overdue."""

    decision: Decision
    role: str
    state: DecisionIs


@dataclass(frozen=True)
class StepLine:
    """One step of a target: since when, what, agreed when and on whose authority; what it was before."""

    recommendation: str
    code: str
    title: str
    measure_id: str
    period_title: str
    step: TargetStep
    target: str
    tolerance: str
    source: str
    before: str  # the step before in words; empty for the first
    in_force: str


@dataclass(frozen=True)
class ReturnJudgement:
    """A judgement of the inspection with the grade in force on the day; None before the first."""

    judgement: Judgement
    given: GradeGiven | None


@dataclass(frozen=True)
class PlanReturn:
    """A quarterly return as at a day, in the order in which the plan has its entries."""

    authority: str
    marking: str
    quarter: str  # 2017-18-Q4
    months: tuple[str, ...]
    quarter_label: str  # January to March 2018
    as_at: date
    plan_title: str
    revised_on: str
    origin: Origin
    progress: tuple[Progress, ...]
    actions: tuple[ReturnAction, ...]
    measures: tuple[MeasureLine, ...]
    decisions: tuple[ReturnDecision, ...]
    judgements: tuple[ReturnJudgement, ...]
    steps: tuple[StepLine, ...]
    before: Before
    low_base: int
