"""A job: what one run works with, and what decides its figures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from perfpipe.assess.comparators import Comparators, load_comparators
from perfpipe.commentary.comment import NO_COMMENTARY, Commentary
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.dates.months import Month, month_range
from perfpipe.faults.fault import Fault
from perfpipe.history.earlier_packs import import_earlier_packs
from perfpipe.history.explained import Explained
from perfpipe.history.seen import editions_seen
from perfpipe.ledger.hold import Tell, hold_alone, hold_or_look
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import PackAudience
from perfpipe.measures import MEASURES
from perfpipe.measures.checks import problems_of
from perfpipe.measures.definition import Measure
from perfpipe.plan import Plan, load_plan
from perfpipe.plan.manual_measures import all_measures
from perfpipe.plan.revisions import PlanRevision, chosen_plan, load_revision, plan_revisions, read_once
from perfpipe.reconcile.speaks_for import MONTHS_SHOWN, SpeaksFor, needed_months, speaks_for_each
from perfpipe.reconcile.usable_readings import usable_readings
from perfpipe.settings.control_limits import unknown_measures
from perfpipe.settings.kept_settings import settings_read_once
from perfpipe.settings.places import Places, read_places
from perfpipe.settings.settings import Settings, SettingsError, population_at
from perfpipe.settings.workspace import Workspace
from perfpipe.toml_files.models import raise_problems
from perfpipe.validate.reading import Reading


@dataclass(frozen=True)
class Job:
    """What a run works with: the workspace, its settings and plan as they were read, and the open ledger."""

    workspace: Workspace
    settings: Settings
    plan: Plan
    ledger: Ledger
    month: Month
    cut: datetime | None = None  # only deliveries received by then; None: all
    comparators: Comparators | None = None
    places: Places | None = None
    months_back: int = MONTHS_SHOWN - 1
    plan_content: bytes | None = None  # the file of the plan as it was read; None: plan.toml as it is
    settings_content: Mapping[str, bytes] = field(default_factory=dict)  # the files of the settings as they were read
    plan_of: PlanRevision | None = None  # an earlier revision of the plan, where it was asked for
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    role: str = ""  # whose run it is, where that was said
    seen: tuple[int, ...] = ()  # the editions that the board had seen by then, the last seen last
    backfill_id: int | None = None
    explained: Explained = field(default_factory=Explained)  # revisions, by the runs of its backfill

    @property
    def plan_sha256(self) -> str:
        """The hash of the file of the plan."""
        content = self.workspace.plan_file.read_bytes() if self.plan_content is None else self.plan_content
        return hashlib.sha256(content).hexdigest()

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """All measures of the run, in the order that packs show them: the catalogue's, then the plan's manual ones."""
        return all_measures(self.plan)

    def of_month(self, month: Month) -> Job:
        """The same for another month."""
        return replace(self, month=month)

    @property
    def months(self) -> list[Month]:
        """The months of the run: the reporting month and those before it, 35 unless fewer are asked for."""
        return month_range(self.month - self.months_back, self.month)


@dataclass(frozen=True)
class Sources:
    """The readings of all extracts, which is used for which month, the faults found between them, and commentary."""

    readings: list[Reading]
    speaks_for: dict[str, SpeaksFor]
    faults: list[Fault]
    commentary: Commentary = NO_COMMENTARY  # what owners wrote of the month

    @property
    def known_at(self) -> datetime | None:
        """The cut on receipts: when the last of the extracts used arrived."""
        used = [reading.received_at for each in self.speaks_for.values() for reading in each.readings.values()]
        return max(used, default=None)


def measure_rows(job: Job, sources: Sources) -> MeasureRows:
    """The rows that the measures of a job look at, for each of its months."""
    population = population_of(job, job.months)
    holidays = frozenset(job.settings.bank_holidays)
    return MeasureRows(sources.speaks_for, job.months, job.settings.authority.names, population, job.places, holidays)


def population_of(job: Job, months: Sequence[Month]) -> dict[str, int]:
    """The children of the authority in each month that has an entry."""
    declared = ((str(month), population_at(job.settings, month)) for month in months)
    return {month: each.children for month, each in declared if each}


def ever_known(job: Job, sources: Sources) -> list[Reading]:
    """The readings of a job, and those of extracts that were withdrawn since: what was known at some time."""
    present = {(each.extract_id, each.folder) for each in sources.readings}
    extracts = [
        each for each in job.ledger.extracts_ever() if each.withdrawn_at and (each.id, each.folder) not in present
    ]
    if not extracts:
        return sources.readings
    withdrawn = usable_readings(job.workspace, job.settings, job.plan, job.ledger, extracts=extracts)
    return [*sources.readings, *withdrawn.readings]


def is_delivered(job: Job, speaks_for: SpeaksFor) -> bool:
    """Whether a dataset without an extract is missing; what an authority does not deliver, and never has, is absent."""
    declared = job.settings.delivered
    return speaks_for.dataset.id in declared or bool(speaks_for.by_month) or (not declared and speaks_for.is_expected)


def known_by(job: Job, sources: Sources, until: datetime) -> Sources:
    """What figures of a job would have been made from by an instant: of the readings those received by then."""
    readings = [each for each in ever_known(job, sources) if each.was_known(until)]
    return Sources(readings, speaks_for_each(readings, needed_months(job.measures, job.months), job.measures), [])


@dataclass(frozen=True)
class Backfill:
    """The backfill that a run belongs to, what the board had seen when that started, what its runs explained."""

    id: int
    seen: tuple[int, ...]
    role: str = ""
    explained: Explained = field(default_factory=Explained)


@contextmanager
def open_job(
    workspace: Workspace,
    month: Month,
    cut: datetime | None = None,
    months_back: int = MONTHS_SHOWN - 1,
    plan_of: str = "",
    tell: Tell = lambda _: None,
    look: bool = False,
    started_at: datetime | None = None,
    backfill: Backfill | None = None,
) -> Iterator[Job]:
    """Check settings, plan, comparators and definitions before data is read, hold the workspace, open the ledger.

    `plan_of`: a day or a hash, to work with the plan of its time in place of the present one; `tell` hears what holding
    put in order; `look`: where a run is in progress, look and save nothing. `started_at`: its clock, else now;
    `backfill`: the one that it belongs to, whose start decides what the board had seen, as its cut does.
    """
    began = started_at or datetime.now(UTC)
    settings, files = settings_read_once(workspace)
    earlier = earlier_plan(workspace, plan_of) if plan_of else None
    path, load = (earlier.path, load_revision) if earlier else (workspace.plan_file, load_plan)
    plan, content = read_once(path, load, MEASURES)
    comparators = checked_comparators(workspace, settings, plan, is_earlier=earlier is not None, evaluate=not look)
    places = read_places(workspace.root / settings.places, settings.authority.names) if settings.places else None
    with (hold_or_look if look else hold_alone)(workspace, tell) as (at, ledger):
        if ledger.unfinished_erasures():
            raise SettingsError(["an erasure was begun and has not finished; `perfpipe erase --go-on` finishes it"])
        if not look:
            import_earlier_packs(workspace.root, settings.earlier_packs, all_measures(plan), ledger, began)
        known = backfill.seen if backfill else editions_seen(ledger, plan, PackAudience.BOARD, cut or began)
        yield Job(
            at, settings, plan, ledger, month, cut, comparators, places, months_back, content, files, earlier, began,
            backfill.role if backfill else "", known, backfill.id if backfill else None,
            backfill.explained if backfill else Explained(),
        )  # fmt: skip


def checked_comparators(
    workspace: Workspace, settings: Settings, plan: Plan, *, is_earlier: bool = False, evaluate: bool = True
) -> Comparators | None:
    """The published comparators, once they, control limits and definitions of measures are found to fit together.

    `is_earlier`: an earlier plan lacks what was declared since, so that limits of it are of nothing; `evaluate`: also
    whether formulas can be evaluated, as a run does. Raises SettingsError.
    """
    measures = all_measures(plan)
    if not is_earlier:
        unknown = unknown_measures(settings.control_limits, [each.id for each in measures])
        raise_problems(workspace.settings_file, unknown)
    comparators = load_comparators(workspace, settings, measures)
    if problems := problems_of(measures, evaluate=evaluate):
        raise SettingsError(problems)
    return comparators


def earlier_plan(workspace: Workspace, plan_of: str) -> PlanRevision | None:
    """The saved revision of a day or hash; None where that is the present plan. Raises SettingsError."""
    chosen = chosen_plan(plans_of(workspace), plan_of)
    return None if chosen.is_present else chosen


def plans_of(workspace: Workspace) -> tuple[PlanRevision, ...]:
    """Every revision of the plan that is saved, with the runs that used it, the earliest first."""
    workspace.settings()
    ledger = Ledger.open(workspace.processed)
    try:
        return plan_revisions(workspace.plan_file, ledger.runs())
    finally:
        ledger.close()
