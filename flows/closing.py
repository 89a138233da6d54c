"""Closing: flow runs whose process died are closed by what the ledger says became of them.

Prefect leaves such a run RUNNING, or calls it CRASHED although the process that it lost sight of went on and published.
A run publishes with the instant at which its flow run began, so that the ledger knows which is which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterState
from prefect.client.schemas.filters import FlowRunFilterStateType as OfType
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.states import Completed, Crashed

from flows.stages import parsed, say
from perfpipe.history.reasons import code_of
from perfpipe.ledger.history_records import BackfillRecord
from perfpipe.ledger.hold import hold_alone
from perfpipe.ledger.records import RunRecord, RunState
from perfpipe.settings.workspace import Workspace

FLOWS = ("months-due", "verify", "monthly-report", "backfill")
DEAD_AFTER = timedelta(minutes=10)  # no flow is so long without the workspace, which is held when this is asked
LOOKS_BACK = timedelta(days=7)
OPEN = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
ENDED_UNHEARD = "its process was lost sight of; by the ledger"


@dataclass(frozen=True)
class LedgerSays:
    """What the ledger has of runs and backfills."""

    runs: Sequence[RunRecord]
    backfills: Sequence[BackfillRecord]

    def end_of(self, run: FlowRun) -> State | None:
        """The state in which a flow run ended, whatever became of its process; None where it left nothing."""
        began = run.start_time
        ours = [each for each in self.runs if began and each.run_at == began]
        if ours:
            made = [f"{each.month} {each.state}" for each in ours]
            published = any(each.state is not RunState.UNCHANGED for each in ours)
            return Completed(
                name="Published" if published else "Unchanged", message=f"{ENDED_UNHEARD}: {', '.join(made)}"
            )
        if began and any(_is_of(each, run, began) for each in self.backfills):
            return Completed(name="Published", message=f"{ENDED_UNHEARD} the backfill was finished")
        return None


def _is_of(backfill: BackfillRecord, run: FlowRun, began: datetime) -> bool:
    """Whether a finished backfill is what a flow run asked for."""
    asked = run.parameters
    if backfill.finished_at is None or backfill.finished_at < began or "first" not in asked:
        return False
    span = (parsed(str(asked["first"])), parsed(str(asked.get("last"))))
    return (backfill.first_month, backfill.last_month, backfill.reason) == (*span, code_of(str(asked.get("reason"))))


def close_dead_runs(workspace: Workspace) -> list[datetime]:
    """Close them; returns when those began that published nothing. Raises WorkspaceInUse: one may still be at work.

    Whatever else goes wrong is said: it must not stop a run.
    """
    with get_client(sync_client=True) as client:
        found = [run for run in _unheard_of(client) if _works_in(run, workspace)]
        if not found:
            return []
        with hold_alone(workspace) as (_, ledger):
            says = LedgerSays(ledger.runs(), ledger.backfills())
        lost = []
        for run in found:
            ended = says.end_of(run)
            if ended is None and run.start_time:
                lost.append(run.start_time)
            if ended or run.state_type is not StateType.CRASHED:
                state = ended or Crashed(message="its process ended; it published nothing")
                client.set_flow_run_state(run.id, state, force=True)
                say(f"closed: the run of {run.expected_start_time:%Y-%m-%d %H:%M} UTC: {state.message}")
        return lost


def _unheard_of(client: SyncPrefectClient) -> list[FlowRun]:
    """The flow runs that are open and have been for long, and those that crashed; not the one at work here."""
    now, own = datetime.now(UTC), _own_id()
    states = FlowRunFilterState(type=OfType(any_=[*OPEN, StateType.CRASHED]))
    runs = client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=[*FLOWS])),
        flow_run_filter=FlowRunFilter(state=states),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=200,
    )
    found = []
    for run in runs:
        since = run.state.timestamp if run.state else run.expected_start_time
        is_dead = run.state_type is StateType.CRASHED or (since is not None and since < now - DEAD_AFTER)
        if run.id != own and is_dead and since is not None and since > now - LOOKS_BACK:
            found.append(run)
    return found


def _works_in(run: FlowRun, workspace: Workspace) -> bool:
    return Path(str(run.parameters.get("workspace"))) == workspace.root.resolve()


def _own_id() -> UUID | None:
    context = FlowRunContext.get()
    return context.flow_run.id if context and context.flow_run else None
