"""Backfill: months run again in order, each beside what was published before, with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from perfpipe.dates.months import Month, month_range
from perfpipe.faults.stopping import StoppingFaults
from perfpipe.history.reasons import REASONS
from perfpipe.history.release import checked_role
from perfpipe.history.seen import editions_seen
from perfpipe.job.fingerprint import code_version, fingerprint_of
from perfpipe.job.job import Backfill, Job, Sources
from perfpipe.ledger.history_records import BackfillRecord, EventKind, EventRecord
from perfpipe.ledger.hold import hold_alone
from perfpipe.ledger.records import EditionKind, PackAudience, RunRecord
from perfpipe.measures import MEASURES
from perfpipe.packs.charts.drawing_processes import Drawers
from perfpipe.phrases.near_names import no_such
from perfpipe.plan import load_plan
from perfpipe.publish.editions import kind_of
from perfpipe.publish.run_record import readings_used
from perfpipe.rerun.compare import FigureChange, compare
from perfpipe.run import open_job, read_extracts, receive_files, reconcile_extracts, run_month, why_refused
from perfpipe.settings.kept_settings import hashes_of_settings
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.access import login
from perfpipe.storage.failures import MachineFailure

Progress = Callable[[str], None]


class MonthIs(StrEnum):
    """How a month stands before a backfill."""

    PUBLISHED = "published"  # a run would find nothing new
    NEVER_RUN = "never run"
    STALE = "stale"
    FAILED = "failed"  # a run would stop


WANTED = {"missing": (MonthIs.NEVER_RUN,), "failed": (MonthIs.FAILED,), "stale": (MonthIs.STALE,)}
ONLY = (*WANTED, "all")


@dataclass(frozen=True)
class MonthStands:
    """One month of the grid: how it stands and, where it is stale or would stop, why."""

    month: Month
    state: MonthIs
    why: str = ""


@dataclass(frozen=True)
class MonthEnded:
    """How one month of a backfill ended: `changed` says whether it published, `failed` why it could not.

    `is_draft`: what it made is a draft, as the month is signed off.
    """

    month: Month
    changed: bool
    figures_written: int = 0
    failed: str = ""
    is_draft: bool = False

    @property
    def word(self) -> str:
        """How it ended, in a word."""
        if self.failed:
            return "failed"
        return ("draft" if self.is_draft else "published") if self.changed else "unchanged"


def counts_of_months(ended: Sequence[MonthEnded]) -> str:
    """How many months ended how; drafts are named where there are any."""
    counts = Counter(each.word for each in ended)
    words = ["published", "unchanged", "failed", *(["draft"] if counts["draft"] else [])]
    return ", ".join(f"{counts[word]} {word}" for word in words)


def months_grid(
    workspace: Workspace, first: Month, last: Month, progress: Progress = lambda _: None
) -> list[MonthStands]:
    """How each month from the first to the last stands. Receives and reads; publishes nothing.

    Raises SettingsError, StoppingFaults where files cannot be taken in, WorkspaceInUse.
    """
    if last < first:
        raise SettingsError([f"{first} to {last}: the first month is after the last"])
    with open_job(workspace, last, tell=progress) as job:
        received = receive_files(job)
        usable = read_extracts(job, progress)
        grid = []
        for month in month_range(first, last):
            of_month = job.of_month(month)
            try:
                grid.append(_stands(of_month, reconcile_extracts(of_month, received, usable)))
            except StoppingFaults as stopped:
                grid.append(MonthStands(month, MonthIs.FAILED, f"faults that stop it: {len(stopped.faults)}"))
    return grid


def refuse_wrong(workspace: Workspace, span: tuple[Month, Month], reason: str, role: str = "") -> None:
    """Raises SettingsError for a backfill that could not begin: its span, its reason, or whose it is."""
    if span[1] < span[0]:
        raise SettingsError([f"{span[0]} to {span[1]}: the first month is after the last"])
    if reason not in REASONS:
        raise SettingsError([no_such("reason", reason, REASONS)])
    if role:
        checked_role(load_plan(workspace.plan_file, MEASURES), role)


def _stands(job: Job, sources: Sources) -> MonthStands:
    if why := why_refused(job, sources):
        return MonthStands(job.month, MonthIs.FAILED, why)
    done = [run for run in job.ledger.runs(month=job.month) if run.is_done]
    if not done:
        return MonthStands(job.month, MonthIs.NEVER_RUN)
    if done[-1].fingerprint == fingerprint_of(job, sources):
        return MonthStands(job.month, MonthIs.PUBLISHED)
    drafted = "; signed off, so that a run makes a draft" if kind_of(job) is EditionKind.DRAFT else ""
    return MonthStands(job.month, MonthIs.STALE, _why_stale(job, sources, done[-1]) + drafted)


def _why_stale(job: Job, sources: Sources, run: RunRecord) -> str:
    """Which of its parts changed since a run: extracts, plan, settings, program."""
    used = {each.reading.id: each.months for each in job.ledger.readings_of(run.id)}
    parts = {
        "extracts": used != readings_used(sources),
        "plan": run.plan_sha256 != job.plan_sha256,
        "settings": bool(run.kept) and dict(run.kept) != hashes_of_settings(job.settings_content),
        "program": run.code_version != code_version(),
    }
    return ", ".join(name for name, differs in parts.items() if differs) or "what it is compared with"


def chosen(grid: Sequence[MonthStands], only: str) -> list[Month]:
    """The months of a grid that a backfill runs: all, or those that stand so."""
    return [each.month for each in grid if only == "all" or each.state in WANTED[only]]


def compared(
    workspace: Workspace, grid: Sequence[MonthStands], months: Sequence[Month], progress: Progress = lambda _: None
) -> list[FigureChange]:
    """What running months of a grid would change; nothing can be said of those that would stop.

    Raises SettingsError, StoppingFaults, WorkspaceInUse.
    """
    stop = {each.month for each in grid if each.state is MonthIs.FAILED}
    run = sorted(set(months) - stop)
    return compare(workspace, run[0], run[-1], progress) if run else []


def backfill(
    workspace: Workspace,
    months: Sequence[Month],
    span: tuple[Month, Month],
    reason: str,
    *,
    note: str = "",
    role: str = "",
    progress: Progress = lambda _: None,
    ended: Callable[[MonthEnded], None] = lambda _: None,
    started_at: datetime | None = None,
) -> list[MonthEnded]:
    """Run months again, the oldest first; one that fails does not hold up the others.

    One that was interrupted goes on: the same span and reason run only what is missing. `span`: the first and last
    month that were asked for; `role`: one of the plan's owners, or nothing. What the board had seen is judged once,
    when it starts. `ended` hears of each month. Raises SettingsError.
    """
    begun = _begin(workspace, span, reason, note, role, started_at or datetime.now(UTC))
    words = f"{REASONS[reason]}{f': {note}' if note else ''}"
    results: list[MonthEnded] = []
    with ExitStack() as at_work:
        drawers = at_work.enter_context(Drawers())
        for month in sorted(months):
            if _is_done(workspace, month, begun.id):
                continue
            results.append(_run_one(workspace, month, words, begun, drawers, progress))
            ended(results[-1])
            if results[-1].failed:  # one of them may be in the middle of a chart
                drawers = at_work.enter_context(Drawers())
    _finish(workspace, begun.id)
    return results


def _run_one(
    workspace: Workspace, month: Month, reason: str, begun: Backfill, drawers: Drawers, progress: Progress
) -> MonthEnded:
    try:
        outcome = run_month(workspace, month, reason=reason, progress=progress, backfill=begun, drawers=drawers)
    except (StoppingFaults, SettingsError, MachineFailure) as error:
        return MonthEnded(month, changed=False, failed=str(error).removeprefix(f"{month}: "))
    return MonthEnded(month, outcome.changed, outcome.figures_written, is_draft=outcome.is_draft)


def _begin(
    workspace: Workspace, span: tuple[Month, Month], reason: str, note: str, role: str, at: datetime
) -> Backfill:
    """The backfill that was interrupted, or a new one, and what the board had seen when it started."""
    refuse_wrong(workspace, span, reason, role)
    plan = load_plan(workspace.plan_file, MEASURES)
    with hold_alone(workspace) as (_, ledger):
        open_ones = [
            each
            for each in ledger.backfills()
            if each.finished_at is None and (each.first_month, each.last_month, each.reason) == (*span, reason)
        ]
        if open_ones:
            record = open_ones[-1]
        else:
            record = BackfillRecord(*span, reason, note, role, login(), at)
            with ledger.writing():
                begun = ledger.add_backfill(record)
                about = f"{span[0]} to {span[1]}: {reason}"
                ledger.add_event(EventRecord(at, role, login(), EventKind.BACKFILLED, span[0], about, note))
            record = next(each for each in ledger.backfills() if each.id == begun)
        return Backfill(record.id, editions_seen(ledger, plan, PackAudience.BOARD, record.started_at), record.role)


def _is_done(workspace: Workspace, month: Month, backfill_id: int) -> bool:
    """Whether this backfill has run the month already, before it was interrupted."""
    with hold_alone(workspace) as (_, ledger):
        return any(run.backfill_id == backfill_id for run in ledger.runs(month=month))


def _finish(workspace: Workspace, backfill_id: int) -> None:
    with hold_alone(workspace) as (_, ledger), ledger.writing():
        ledger.finish_backfill(backfill_id, datetime.now(UTC))
