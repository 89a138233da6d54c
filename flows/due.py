"""What the clock starts: the months that are due; each night what is kept no longer, and whether all is as written.

Usage: python -m flows.due [--workspace DIR]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows.closing import close_dead_runs
from flows.command import exit_with, in_short
from flows.monthly_report import run_as_tasks, summarise
from flows.page import page_of
from flows.stages import failed, in_brief, keep_artifact, say, started_at, story, table
from perfpipe.dates.months import LONDON
from perfpipe.erase.commands import continue_erasures, retain_where_set
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.schedule.notices import abandoned, verification
from perfpipe.schedule.overview import overview_of
from perfpipe.schedule.send import run_due_and_tell, send
from perfpipe.schedule.status import status_of
from perfpipe.settings.workspace import Workspace, WorkspaceInUse
from perfpipe.verify import verify_workspace


def at_what_time() -> str:
    """The name of a run: when it looked, in London."""
    return f"{datetime.now(LONDON):%Y-%m-%d %H:%M}"


@flow(
    name="months-due",
    flow_run_name=at_what_time,
    persist_result=False,
    log_prints=False,
    validate_parameters=False,
)
def months_due(workspace: str = ".") -> State:
    """Run each of the last three months for which all extracts have come, or whose due day has; tell who must know.

    Args:
        workspace: The workspace folder.
    """
    where = Workspace(Path(workspace))
    try:
        continue_erasures(where, say)
        lost = [abandoned(where.settings().authority.name, began) for began in closed(where)]
        runs = run_due_and_tell(where, say, in_brief, run_as_tasks, started_at(), lost)
    except WorkspaceInUse:
        return Completed(name="Held", message="another run is in progress; the next look comes within the hour")
    except Exception as error:
        return failed(error)
    for run in runs:
        if run.outcome:
            summarise(where, run.outlook.month, run.outcome)
    keep_artifact(page_of(overview_of(where, runs), status_of(where).unheld_roles), "months", "How months stand")
    blocked = [str(run.outlook.month) for run in runs if run.is_blocked]
    if blocked:
        return Failed(name="Stopped", message=f"faults stop {', '.join(blocked)}; `perfpipe check` lists them")
    done = [run for run in runs if run.outcome and run.outcome.changed]
    words = "; ".join(f"{run.outlook.month}: {'published' if run in done else run.outlook.state}" for run in runs)
    story(words)
    return Completed(name="Published" if done else "Unchanged", message=words)


def closed(workspace: Workspace) -> list[datetime]:
    """Close the runs that died; when those began that published nothing. Only WorkspaceInUse stops a look."""
    try:
        return close_dead_runs(workspace)
    except WorkspaceInUse:
        raise
    except Exception as error:
        say(f"runs that died were not closed: {type(error).__name__}; the next look does it")
        return []


@flow(name="verify", flow_run_name=at_what_time, persist_result=False, log_prints=False, validate_parameters=False)
def verify(workspace: str = ".") -> State:
    """Erase what is older than `[retention]` keeps it, where that is set; then whether all is as it was written.

    If it is not, tell who must know.

    Args:
        workspace: The workspace folder.
    """
    where = Workspace(Path(workspace))
    try:
        gone = retain_where_set(where, say)
        found = verify_workspace(where)
        if found.problems:
            send(where, [verification(where.settings().authority.name, found)], say)
    except Exception as error:
        return failed(error)
    keep_artifact(table("Checked", found.checked), "verified", "What was checked")
    if gone:
        say(gone)
    if found.problems:
        return Failed(name="Stopped", message=f"{count_of(len(found.problems), 'problem')}: see `perfpipe verify`")
    return Completed(message="all that is stored is as it was written")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of the flow of due months."""
    parser = argparse.ArgumentParser(prog="python -m flows.due", description=in_short(months_due))
    parser.add_argument("--workspace", "-w", type=Path, default=Path(), metavar="DIR", help="the workspace folder")
    given = parser.parse_args(arguments)
    exit_with(lambda: months_due(str(given.workspace.resolve()), return_state=True))


if __name__ == "__main__":
    main()
