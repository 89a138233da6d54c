"""Due: run the months that are due, and say how the others stand. A month runs once for the files that it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from perfpipe.dates.months import Month
from perfpipe.faults.stopping import StoppingFaults
from perfpipe.run import Outcome, run_month
from perfpipe.schedule.outlook import Blocker, MonthOutlook, MonthState, blockers_of, outlooks
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace

NOTHING_EXPECTED = (
    "perfpipe.toml does not say which extracts come each month: add an `[[expected]]` table for each dataset, with "
    "`dataset`, `by_working_day` and `sender`, as docs/schedule.md shows"
)


@dataclass(frozen=True)
class MonthRun:
    """What became of a month that was looked at: how it stood, what its run did, or why that failed."""

    outlook: MonthOutlook
    outcome: Outcome | None = None
    blockers: tuple[Blocker, ...] = ()  # that stopped its run

    @property
    def is_blocked(self) -> bool:
        """Whether faults stop the month."""
        return bool(self.blockers) or self.outlook.state is MonthState.BLOCKED


RunMonth = Callable[[Workspace, Month, str, datetime], Outcome]  # a month, why again, and its clock


def run_due(
    workspace: Workspace,
    now: datetime | None = None,
    tell: Callable[[str], None] = lambda _: None,
    run: RunMonth | None = None,
) -> list[MonthRun]:
    """Run each month that is due, the oldest first; one that faults stop does not hold up the others.

    `now`: the clock, an instant; `run`: how a month is run, else by `run_month`. A second call with the same files
    finds nothing due; one beside a run in progress raises WorkspaceInUse. Raises SettingsError where settings do not
    say what is expected.
    """

    def at_once(workspace: Workspace, month: Month, reason: str, clock: datetime) -> Outcome:
        return run_month(workspace, month, reason=reason, progress=tell, started_at=clock)

    settings = workspace.settings()
    if not settings.expected:
        raise SettingsError([NOTHING_EXPECTED])
    clock = now or datetime.now(UTC)
    runs = []
    for outlook in outlooks(workspace, clock, tell):
        if not outlook.is_due:
            runs.append(MonthRun(outlook))
            continue
        reason = "late_records" if outlook.edition else ""
        try:
            outcome = (run or at_once)(workspace, outlook.month, reason, clock)
        except StoppingFaults as stopped:
            runs.append(MonthRun(outlook, blockers=blockers_of(settings, stopped.faults)))
        else:
            runs.append(MonthRun(outlook, outcome))
    return runs
