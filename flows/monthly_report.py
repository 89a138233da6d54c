"""One month as a Prefect flow: the stages of `perfpipe.run.spine`, each as a task, and a summary.

Usage: python -m flows.monthly_report [MONTH] [--workspace DIR]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from pydantic import Field

from flows.command import exit_with, in_short
from flows.stages import (
    MONTH_PATTERN,
    ReasonOrNone,
    checked,
    done,
    failed,
    keep_artifact,
    latest_month,
    parsed,
    run_stage,
    say,
    started_at,
    story,
    table,
)
from perfpipe.dates.months import Month
from perfpipe.packs.charts.drawing_processes import Drawers
from perfpipe.run import Outcome, open_job, spine
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace


def run_name() -> str:
    """The month, as `2018-03`."""
    given = flow_run.parameters
    try:
        return str(given.get("month") or latest_month(Workspace(Path(given.get("workspace") or "."))))
    except (SettingsError, OSError):
        return "no month"


@flow(name="monthly-report", flow_run_name=run_name, persist_result=False, log_prints=False, validate_parameters=False)
def monthly_report(
    month: Annotated[str, Field(pattern=MONTH_PATTERN, examples=["2018-03"])] | None = None,
    workspace: str = ".",
    reason: ReasonOrNone = "",
) -> State[Outcome]:
    """Run a month, and publish its pack unless nothing has changed.

    Args:
        month: The month, for example 2018-03; without one, the latest that was delivered.
        workspace: The workspace folder.
        reason: Why it is run again. It stands in the ledger and in the pack.
    """
    try:
        where, code = Workspace(Path(workspace)), checked(reason)
        reporting = parsed(month) if month else latest_month(where)
        outcome = run_as_tasks(where, reporting, code, started_at())
    except Exception as error:
        return failed(error)
    summarise(where, reporting, outcome)
    return done(outcome)


def run_as_tasks(workspace: Workspace, month: Month, reason: str, clock: datetime) -> Outcome:
    """A month by the stages of the spine, each as a task. Raises what a stage raises."""
    with open_job(workspace, month, tell=say, started_at=clock) as job, Drawers() as drawers:
        return spine(job, run_stage, say, reason, drawers)


def summarise(workspace: Workspace, month: Month, outcome: Outcome) -> None:
    """The run in counts, as an artifact and in a line on the terminal."""
    faults = {f"faults: {severity}": count for severity, count in sorted(outcome.fault_counts.items())}
    state = done(outcome)
    counts = {
        "figures written": outcome.figures_written,
        **faults,
        "missing datasets": len(outcome.missing),
    }
    edition = outcome.pack.parent.relative_to(workspace.root).as_posix()
    missing = ", ".join(outcome.missing) or "none"
    text = (
        f"**{state.name}**: {state.message}\n\n{table(str(month), counts)}\n\nMissing: {missing}. Edition: `{edition}`"
    )
    keep_artifact(text, f"report-{month}", "What the run did, in counts")
    story(f"{month}: {str(state.name).lower()}: {state.message}; missing: {missing}")


def run(month: str | None, workspace: Path) -> State:
    """The flow for the command line: makes the sample first where nothing has been delivered, prints the pack."""
    if month is None:
        make_sample_if_empty(Workspace(workspace))
    chosen = parsed(month) if month else latest_month(Workspace(workspace))
    state = monthly_report(str(chosen), str(workspace.resolve()), return_state=True)
    if state.is_completed():
        for path in state.result().to_send:
            say(f"to send: {path.resolve()}")
        print(state.result().pack.resolve(), flush=True)
    return state


def make_sample_if_empty(workspace: Workspace) -> None:
    """Fill an empty workspace with the made-up authority; not one that has settings of its own."""
    from perfpipe_sample import SETTINGS_FILE, write_sample

    if not workspace.root.is_dir():
        raise SettingsError([f"{workspace.root}: no such folder"])
    if any(not path.name.startswith(".") for path in workspace.raw.glob("*")):
        return
    if workspace.settings_file.exists() and workspace.settings() != Workspace(SETTINGS_FILE.parent).settings():
        raise SettingsError([f"{workspace.raw}: nothing delivered; expected files in a folder such as 2017-04"])
    say("nothing delivered yet: making the sample, a made-up authority")
    write_sample(workspace.root, months=36, seed=1, progress=say)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of this flow."""
    parser = argparse.ArgumentParser(prog="python -m flows.monthly_report", description=in_short(monthly_report))
    parser.add_argument("month", nargs="?", metavar="MONTH", help="YYYY-MM; without it the latest delivered")
    parser.add_argument("--workspace", "-w", type=Path, default=Path(), metavar="DIR", help="the workspace folder")
    given = parser.parse_args(arguments)
    exit_with(lambda: run(given.month, given.workspace))


if __name__ == "__main__":
    main()
