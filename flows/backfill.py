"""A range of months run again: what would change is shown, a person decides on the page, and then it is published.

Usage: python -m flows.backfill FIRST LAST --reason CODE [--only WHICH] [--by ROLE] [--yes] [--workspace DIR]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

from prefect import flow
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from flows.command import exit_with
from flows.comparison import Comparison
from flows.decision import can_wait, decided
from flows.stages import MONTH_PATTERN, Reason, checked, failed, keep_artifact, parsed, say, story, table
from perfpipe.dates.months import Month
from perfpipe.history.reasons import REASONS
from perfpipe.history.release import checked_role
from perfpipe.measures import MEASURES
from perfpipe.plan import load_plan
from perfpipe.rerun.backfill import ONLY, MonthEnded, counts_of_months
from perfpipe.rerun.backfill import backfill as run_months
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace

MonthText = Annotated[str, Field(pattern=MONTH_PATTERN, examples=["2017-04", "2018-03"])]
Only = Annotated[str, Field(json_schema_extra={"enum": [*ONLY]})]
COUNTS = "How many figures of each measure would change is in the artifact of this run."
Role = Annotated[str, Field(pattern="^[a-z0-9_]*$")]


@dataclass(frozen=True)
class Wanted:
    """What was asked for, checked."""

    workspace: Workspace
    span: tuple[Month, Month]
    reason: str
    only: str
    role: str

    @property
    def key(self) -> str:
        """What its artifacts are found by."""
        return f"backfill-{self.span[0]}-to-{self.span[1]}"


@flow(
    name="backfill",
    flow_run_name="{first} to {last}",
    persist_result=False,
    log_prints=False,
    validate_parameters=False,
)
def backfill(
    first: MonthText,
    last: MonthText,
    reason: Reason,
    only: Only = "all",
    by: Role = "",
    yes: bool = False,
    workspace: str = ".",
) -> State:
    """Run months again: show how they stand and what would change, wait for a person to decide, and publish.

    Args:
        first: The first month, for example 2017-04.
        last: The last month, for example 2018-03.
        reason: Why the months are run again. It stands in the ledger and in each pack.
        only: Only the months that were never run (missing), would stop (failed), or are stale; or all.
        by: Your role in the plan. It stands in the ledger.
        yes: Publish without asking. Otherwise the run stops after the comparison, and waits until you resume it.
        workspace: The workspace folder.
    """
    try:
        wanted = checked_use(first, last, reason, only, by, Workspace(Path(workspace)))
        comparison = Comparison.of(wanted.workspace, wanted.span, wanted.only)
        comparison.keep(f"before-{wanted.key}")
    except Exception as error:
        return failed(error)
    story(comparison.in_short())
    if not comparison.months:
        return Completed(name="Unchanged", message=comparison.in_short())
    if not yes:
        if not can_wait():
            return failed(SettingsError(["nothing was published: say --yes, or start it from the page and decide"]))
        if not decided(comparison.digest(wanted.workspace), f"{comparison.told()}\n\n{COUNTS}"):
            return Completed(name="Declined", message="nothing was published, as was decided")
    try:
        return published(wanted, comparison.months)
    except Exception as error:
        return failed(error)


def published(wanted: Wanted, months: Sequence[Month]) -> State:
    """Run the months, say on the page how far it is, and how each ended."""
    bar = create_progress_artifact(0.0, key=f"progress-{wanted.key}", description="Months that have been run")
    assert isinstance(bar, UUID)
    results: list[MonthEnded] = []

    def ended(month: MonthEnded) -> None:
        results.append(month)
        say(f"{month.month}: {month.failed or month.word}")
        update_progress_artifact(bar, 100 * len(results) / len(months))

    run_months(wanted.workspace, months, wanted.span, wanted.reason, role=wanted.role, ended=ended)
    told = counts_of_months(results)
    rows = {str(each.month): each.word for each in results}
    text = f"{told}\n\n{table('Month', rows)}"
    keep_artifact(text, wanted.key, "How each month ended, in counts")
    story(f"{wanted.span[0]} to {wanted.span[1]}: {told}")
    if any(each.failed for each in results):
        return Failed(name="Stopped", message=told)
    return Completed(name="Published" if any(each.changed for each in results) else "Unchanged", message=told)


def checked_use(first: str, last: str, reason: str, only: str, role: str, workspace: Workspace) -> Wanted:
    """What was asked for. Raises SettingsError, without a text that was given."""
    span = (parsed(first), parsed(last))
    if span[1] < span[0]:
        raise SettingsError([f"{first} to {last}: the first month is after the last"])
    code = checked(reason)
    if not code:
        raise SettingsError([f"no reason; expected one of {', '.join(REASONS)}"])
    if only not in ONLY:
        raise SettingsError([f"not a choice of months; expected one of {', '.join(ONLY)}"])
    workspace.settings()
    if role:
        checked_role(load_plan(workspace.plan_file, MEASURES), role)
    return Wanted(workspace, span, code, only, role)


def run(given: argparse.Namespace) -> State:
    """The flow for the command line; what is wrong with its use is said before Prefect hears of it."""
    wanted = checked_use(given.first, given.last, given.reason, given.only, given.by, Workspace(given.workspace))
    first, last = map(str, wanted.span)
    words, where = REASONS[wanted.reason], str(given.workspace.resolve())
    return backfill(first, last, words, wanted.only, wanted.role, given.yes, where, return_state=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of this flow."""
    parser = argparse.ArgumentParser(
        prog="python -m flows.backfill",
        description="Run months again: show how they stand and what would change, and publish.",
    )
    parser.add_argument("first", metavar="FIRST", help="the first month, YYYY-MM")
    parser.add_argument("last", metavar="LAST", help="the last month, YYYY-MM")
    parser.add_argument("--reason", required=True, choices=[*REASONS], help="why the months are run again")
    parser.add_argument("--only", default="all", choices=ONLY, help="only the months that stand so")
    parser.add_argument("--by", default="", metavar="ROLE", help="the id of a role in plan.toml")
    parser.add_argument("--yes", action="store_true", help="publish; without it, end after the comparison")
    parser.add_argument("--workspace", "-w", type=Path, default=Path(), metavar="DIR", help="the workspace folder")
    given = parser.parse_args(arguments)
    exit_with(lambda: run(given))


if __name__ == "__main__":
    main()
