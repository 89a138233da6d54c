"""A range of months run again, in order, with a reason from a list.

Usage: python -m flows.backfill FIRST LAST --reason CODE [--workspace DIR]
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from flows.command import exit_with
from flows.monthly_report import monthly_report
from flows.stages import MONTH_PATTERN, NAMES, REASONS, Reason, checked, failed, parsed, say, table
from perfpipe.cli.words import DONE
from perfpipe.dates.months import Month, month_range
from perfpipe.settings.settings import SettingsError

MonthText = Annotated[str, Field(pattern=MONTH_PATTERN)]


@flow(
    name="backfill",
    flow_run_name="{first} to {last}",
    persist_result=False,
    log_prints=False,
    validate_parameters=False,
)
def backfill(first: MonthText, last: MonthText, reason: Reason, workspace: str = ".") -> State:
    """Run each month from the first to the last, in order. A month that fails does not hold up the others."""
    try:
        months, code = months_between(first, last), checked(reason)
    except SettingsError as error:
        return failed(error)
    ended = {month: monthly_report(str(month), workspace, code, return_state=True).name or "" for month in months}
    counts = Counter(ended.values())
    told = ", ".join(f"{counts[name]} {name.lower()}" for name in NAMES if counts[name] or NAMES[name] == DONE)
    rows = {str(month): name.lower() for month, name in ended.items()}
    text = f"{told}\n\n{table('Month', rows)}"
    create_markdown_artifact(
        text, key=f"backfill-{months[0]}-to-{months[-1]}", description="How each month ended, in counts"
    )
    say(f"{months[0]} to {months[-1]}: {told}")
    worst = max(ended.values(), key=list(NAMES).index)
    return Completed(name=worst, message=told) if NAMES[worst] == DONE else Failed(name=worst, message=told)


def months_between(first: str, last: str) -> list[Month]:
    """The months of a backfill. Raises SettingsError."""
    months = month_range(parsed(first), parsed(last))
    if not months:
        raise SettingsError([f"{first} to {last}: the first month is after the last"])
    return months


def run(first: str, last: str, reason: str, workspace: Path) -> State:
    """The flow for the command line; what is wrong with its use is said before Prefect hears of it."""
    months = months_between(first, last)
    return backfill(str(months[0]), str(months[-1]), checked(reason), str(workspace), return_state=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of this flow."""
    parser = argparse.ArgumentParser(prog="python -m flows.backfill", description=backfill.description)
    parser.add_argument("first", metavar="FIRST", help="the first month, YYYY-MM")
    parser.add_argument("last", metavar="LAST", help="the last month, YYYY-MM")
    parser.add_argument("--reason", required=True, choices=REASONS, help="why the months are run again")
    parser.add_argument("--workspace", "-w", type=Path, default=Path(), metavar="DIR", help="the workspace folder")
    given = parser.parse_args(arguments)
    exit_with(lambda: run(given.first, given.last, given.reason, given.workspace))


if __name__ == "__main__":
    main()
