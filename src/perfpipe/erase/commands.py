"""What `perfpipe erase` and `retain` do: finish what was begun, list, ask, record, carry out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from perfpipe.datasets.definition import PersonKind
from perfpipe.dates.months import LONDON, Month
from perfpipe.erase.affected_figures import published_months
from perfpipe.erase.carry_out import ErasureTask, carry_out
from perfpipe.erase.erasure_plan import ErasurePlan, ErasureReason, begin
from perfpipe.erase.person import plan_person
from perfpipe.erase.retention import plan_retention
from perfpipe.history.release import checked_role
from perfpipe.job.job import Job, open_job
from perfpipe.ledger.hold import hold
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.sqlite_file import FILE
from perfpipe.measures import MEASURES
from perfpipe.plan import load_plan
from perfpipe.reconcile.speaks_for import MONTHS_SHOWN
from perfpipe.settings.workspace import Workspace

Tell = Callable[[str], None]
Ask = Callable[[ErasurePlan], bool]  # shown what would be done; whether it is to be done


def continue_erasures(workspace: Workspace, tell: Tell = lambda _: None) -> int:
    """Finish erasures that were stopped; returns how many. Raises WorkspaceInUse, MachineFailure."""
    if not (workspace.processed / FILE).exists() or not _unfinished(workspace):
        return 0
    settings = workspace.settings()
    with hold(workspace, tell) as ledger:
        begun = ledger.unfinished_erasures()
        for each in begun:
            tell(f"erase: going on with what was begun on {each.begun_at:%Y-%m-%d}")
            carry_out(ErasureTask(workspace, settings, ledger, each), tell)
    return len(begun)


def check_role(workspace: Workspace, role: str) -> None:
    """Raises SettingsError where a role is none of the plan's owners: before anybody is asked for an id."""
    checked_role(load_plan(workspace.plan_file, MEASURES), role)


def _unfinished(workspace: Workspace) -> bool:
    ledger = Ledger.open(workspace.processed)
    try:
        return bool(ledger.unfinished_erasures())
    finally:
        ledger.close()


def erase_person(
    workspace: Workspace,
    kind: PersonKind,
    reason: ErasureReason,
    role: str,
    typed: str,
    ask: Ask,
    tell: Tell = lambda _: None,
) -> ErasurePlan | None:
    """Erase one person's records, once `ask` has said so; None where it has not.

    `typed`: their id. Raises SettingsError where nobody has it, WorkspaceInUse, MachineFailure.
    """
    continue_erasures(workspace, tell)
    with _job_of_all_months(workspace, tell) as job:
        checked_role(job.plan, role)
        plan = plan_person(job, kind, typed, reason, tell)
        return plan if ask(plan) and _done(job, plan, role, tell) else None


def retain(
    workspace: Workspace,
    role: str,
    ask: Ask,
    tell: Tell = lambda _: None,
    *,
    also_needed: bool = False,
    now: datetime | None = None,
) -> ErasurePlan | None:
    """Erase what is older than `[retention]` keeps it, once `ask` has said so; None where it has not.

    Raises SettingsError, WorkspaceInUse, MachineFailure.
    """
    continue_erasures(workspace, tell)
    at = now or datetime.now(UTC)
    last = _published(workspace)
    month = last[1] if last else Month.of(at.astimezone(LONDON).date()) - 1
    with open_job(workspace, month, months_back=MONTHS_SHOWN - 1, tell=tell, started_at=at) as job:
        if role:
            checked_role(job.plan, role)
        plan = plan_retention(job, also_needed)
        return plan if ask(plan) and _done(job, plan, role, tell) else None


def retain_where_set(workspace: Workspace, tell: Tell = lambda _: None) -> str:
    """Finish what was begun, and erase by age where the settings say so, as each night; what went, in words."""
    continue_erasures(workspace, tell)
    if not workspace.settings().retention.is_set:
        return ""
    done = retain(workspace, "", lambda _: True, tell)
    if done is None or done.is_empty:
        return ""
    return (
        f"erased by age: {len(done.files)} files, the workbooks of {len(done.workbooks)} editions, "
        f"{done.corrections} corrections; `perfpipe log` has it"
    )


def _done(job: Job, plan: ErasurePlan, role: str, tell: Tell) -> bool:
    """Record the erasure and carry it out; true."""
    if not plan.is_empty:
        record = begin(job.ledger, plan, role, job.started_at)
        carry_out(ErasureTask(job.workspace, job.settings, job.ledger, record), tell)
    return True


@contextmanager
def _job_of_all_months(workspace: Workspace, tell: Tell) -> Iterator[Job]:
    """A job over every month of which figures were published."""
    span = _published(workspace)
    last = span[1] if span else Month.of(datetime.now(UTC).astimezone(LONDON).date()) - 1
    back = last.index - span[0].index if span else 0
    with open_job(workspace, last, months_back=back, tell=tell) as job:
        yield job


def _published(workspace: Workspace) -> list[Month]:
    if not (workspace.processed / FILE).exists():
        return []
    ledger = Ledger.open(workspace.processed)
    try:
        return published_months(ledger)
    finally:
        ledger.close()
