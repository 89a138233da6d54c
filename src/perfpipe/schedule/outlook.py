"""Outlook: how the newest months stand, for whom or for what they wait, and whether a run is due.

A month is due when the last extract that is expected has come and nothing stops it; on its due day it is due with what
is there. What comes later makes it due again. Nothing else does: neither a new plan nor what the next month brings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import LONDON, Month, month_range
from perfpipe.faults.fault import Fault
from perfpipe.faults.stopping import StoppingFaults
from perfpipe.job.job import Job, Sources, open_job
from perfpipe.ledger.editions import folder_of
from perfpipe.ledger.records import PackAudience, RunRecord, RunState
from perfpipe.receive.receive import Receipt
from perfpipe.reconcile.usable_readings import UsableReadings
from perfpipe.rules.rule import Severity
from perfpipe.run import read_extracts, receive_files, reconcile_extracts
from perfpipe.settings.deliveries import Expected
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.months_covered import folder_months
from perfpipe.validate.reading import Reading

PUBLISHED_LATELY = timedelta(days=7)  # what nobody was told of, as a process was stopped, is told within these
MONTHS_WATCHED = 3  # an extract that comes later still is for an analyst to look at, and to backfill


class MonthState(StrEnum):
    """How a month stands."""

    WAITING = "waiting"  # for extracts that are not due yet
    READY = "ready"  # all have come, and no pack is made of them yet
    BLOCKED = "blocked"  # faults stop it
    PUBLISHED = "published"
    LATE = "late"  # past its due day, and an extract has not come


@dataclass(frozen=True)
class Awaited:
    """An extract that has not come: of which dataset, whose, by when."""

    dataset: str
    title: str
    sender: str
    due_on: date


@dataclass(frozen=True)
class Blocker:
    """Faults that stop a month: of one rule and dataset, whose they are, how many, and where. No values."""

    owner: str
    dataset: str
    rule: str
    what_to_do: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class LastPack:
    """The newest pack of a month: its run, its name (edition 2, draft 1), where it is in the workspace."""

    run_id: int
    name: str
    place: str


@dataclass(frozen=True)
class MonthOutlook:
    """One month: its state, its due day, what is awaited, what blocks it, its newest edition (0: none).

    `is_due`: a run would publish what is there. `new_files`: what has come for it since its last run, by name.
    `last_pack`: the newest, where it was published in the last days, by whomever.
    """

    month: Month
    state: MonthState
    due_on: date | None
    awaited: tuple[Awaited, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    edition: int = 0
    is_due: bool = False
    new_files: tuple[str, ...] = ()
    last_pack: LastPack | None = None


def outlooks(workspace: Workspace, now: datetime, tell: Callable[[str], None] = lambda _: None) -> list[MonthOutlook]:
    """How the last three months that have ended stand, the oldest first; those from before all deliveries left out.

    Receives and reads; publishes nothing. `now` is an instant. Raises SettingsError, WorkspaceInUse.
    """
    newest = Month.of(now.astimezone(LONDON).date()) - 1
    with open_job(workspace, newest, tell=tell, started_at=now) as job:
        received = receive_files(job)
        if stops := [fault for fault in received.faults if fault.severity is Severity.STOP]:
            return [_blocked(job, stops)]
        usable = read_extracts(job, tell)
        known = [each.first_month for each in usable.readings] + [run.month for run in job.ledger.runs()]
        first = max(newest - (MONTHS_WATCHED - 1), min([*known, newest]))
        return [_outlook(job.of_month(month), received, usable) for month in month_range(first, newest)]


def _outlook(job: Job, received: Receipt, usable: UsableReadings) -> MonthOutlook:
    try:
        sources = reconcile_extracts(job, received, usable)
    except StoppingFaults as stopped:
        return _blocked(job, stopped.faults)
    awaited, new, edition = _awaited(job, sources), _new(job, sources), _edition(job)
    is_past = bool(awaited) and _today(job) >= _due_on(job)
    if awaited:
        state = MonthState.LATE if is_past else MonthState.WAITING
    else:
        state = MonthState.READY if new else MonthState.PUBLISHED if edition else MonthState.WAITING
    is_due = bool(new) and (is_past or not awaited)
    names = tuple(each.name for each in new)
    return MonthOutlook(job.month, state, _last_due(job), awaited, (), edition, is_due, names, _last_pack(job))


def _blocked(job: Job, faults: Sequence[Fault]) -> MonthOutlook:
    blockers = blockers_of(job.settings, faults)
    return MonthOutlook(
        job.month, MonthState.BLOCKED, _last_due(job), (), blockers, _edition(job), last_pack=_last_pack(job)
    )


def blockers_of(settings: Settings, faults: Sequence[Fault]) -> tuple[Blocker, ...]:
    """Stopping faults by their owner, dataset and rule."""
    alike: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for fault in faults:
        owner = settings.owner_of(fault.dataset, fault.rule)
        alike[owner, fault.dataset, fault.rule, fault.what_to_do].append(fault.address)
    return tuple(Blocker(*what, tuple(places)) for what, places in sorted(alike.items()))


def _today(job: Job) -> date:
    return job.started_at.astimezone(LONDON).date()


def _last_due(job: Job) -> date | None:
    return _due_on(job) if job.settings.expected else None


def _due_on(job: Job) -> date:
    """The day on which the last extract of the month is due."""
    return max(_due(job, each) for each in job.settings.expected)


def _due(job: Job, expected: Expected) -> date:
    return expected.due_on(job.month, job.settings.days_without_deliveries)


def _awaited(job: Job, sources: Sources) -> tuple[Awaited, ...]:
    return tuple(
        Awaited(each.dataset, BY_ID[each.dataset].title, each.sender, _due(job, each))
        for each in job.settings.expected
        if job.month not in sources.speaks_for[each.dataset].by_month
    )


def _new(job: Job, sources: Sources) -> list[Reading]:
    """The readings of files in the month's own folder that speak for it, and that its last run did not use."""
    done = _published(job)
    used = {each.reading.id for each in job.ledger.readings_of(done[-1].id)} if done else set()
    speaking = [each.by_month[job.month] for each in sources.speaks_for.values() if job.month in each.by_month]
    return [each for each in speaking if each.id not in used and _lies_in(each, job)]


def _published(job: Job) -> list[RunRecord]:
    return [run for run in job.ledger.runs(month=job.month) if run.state in (RunState.DONE, RunState.DRAFT)]


def _last_pack(job: Job) -> LastPack | None:
    run = next(iter(_published(job)[-1:]), None)
    if run is None or run.run_at < job.started_at - PUBLISHED_LATELY:
        return None
    of_run = [each for each in job.ledger.editions() if each.run_id == run.id]
    edition = next(each for each in of_run if each.audience is PackAudience.BOARD)
    place = folder_of(job.workspace, edition).relative_to(job.workspace.root).as_posix()
    return LastPack(run.id, f"{edition.kind} {edition.edition}", place)


def _lies_in(reading: Reading, job: Job) -> bool:
    first, last = folder_months(reading.folder, job.settings)
    return first <= job.month <= last


def _edition(job: Job) -> int:
    return max((each.edition for each in job.ledger.packs(PackAudience.BOARD, job.month)), default=0)
