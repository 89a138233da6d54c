"""Serve the flows as deployments: what is due each hour, verify each night, a month and the backfill on demand.

Usage: python -m flows.serve [--workspace DIR]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from prefect import serve
from prefect.client.orchestration import get_client
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.annotations import freeze

from flows.backfill import backfill
from flows.due import months_due, verify
from flows.monthly_report import monthly_report
from flows.parent import WITH_PARENT, end_with_parent
from flows.stages import say
from perfpipe.cli.words import WRONG_USE
from perfpipe.measures import MEASURES
from perfpipe.plan import load_plan
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace

ZONE = "Europe/London"
SECONDS_BETWEEN_LOOKS = 5.0
EACH_HOUR, EACH_NIGHT = "15 7-19 * * 1-5", "30 3 * * *"  # neither in the hour that summer time skips or repeats


def deployments(workspace: Path) -> list[RunnerDeployment]:
    """The deployments of one workspace. What may run beside what is decided by the workspace's own lock alone.

    A limit of the deployment would keep its slot when its process is killed, and the next run would wait for ever.
    """
    where = {"workspace": freeze(str(workspace.resolve()))}
    of_module = EntrypointType.MODULE_PATH
    on_demand = backfill.to_deployment(
        "backfill",
        parameters=where,
        entrypoint_type=of_module,
        description="A range of months again, with a reason; you see what would change, and decide.",
    )
    offer_roles(on_demand, workspace)
    return [
        months_due.to_deployment(
            "due",
            schedule=Cron(EACH_HOUR, timezone=ZONE),
            parameters=where,
            entrypoint_type=of_module,
            description="Each hour of a working day: runs the months whose extracts have come, or whose due day has.",
        ),
        verify.to_deployment(
            "nightly",
            schedule=Cron(EACH_NIGHT, timezone=ZONE),
            parameters=where,
            entrypoint_type=of_module,
            description="Each night: whether all that is stored is as it was written.",
        ),
        monthly_report.to_deployment(
            "monthly",
            parameters=where,
            entrypoint_type=of_module,
            description="One month now; without one, the latest delivered.",
        ),
        on_demand,
    ]


def offer_roles(backfills: RunnerDeployment, workspace: Path) -> None:
    """The plan's owners as the choices of the form, where there are any: no parameter is free text."""
    owners = [each.id for each in load_plan(Workspace(workspace).plan_file, MEASURES).owners]
    if owners:
        backfills._parameter_openapi_schema.properties["by"]["enum"] = ["", *owners]


def serve_while_it_answers(served: Sequence[RunnerDeployment]) -> bool:
    """Wait for the server, and serve until interrupted (True), or until the server was away for too long (False)."""
    while os.environ.get("PREFECT_API_URL") and not answers():
        time.sleep(SECONDS_BETWEEN_LOOKS)
    try:
        with temporary_files_of_our_own():
            # a schedule that is paused when this ends would stay paused where it could not say so to the server again
            serve(*served, limit=1, pause_on_shutdown=False, print_starting_message=False)
    except Exception as error:
        say(f"serving ended: {type(error).__name__}: {error}")
        time.sleep(SECONDS_BETWEEN_LOOKS)
        return False
    return True


@contextmanager
def temporary_files_of_our_own() -> Iterator[None]:
    """Prefect's runner keeps files in one folder for all accounts, which belongs to whoever ran one first."""
    with tempfile.TemporaryDirectory(prefix="perfpipe-serve-", ignore_cleanup_errors=True) as folder:
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = None


def answers() -> bool:
    """Whether the server answers, and can reach its database."""
    try:
        with get_client(sync_client=True) as client:
            client.read_flow_runs(limit=1)
    except Exception:
        return False
    return True


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m flows.serve",
        description="Serve what is due (each hour, Europe/London), the nightly check, one month, the backfill.",
        epilog="Set PREFECT_API_URL to the server's address first; start one with `prefect server start`.",
    )
    parser.add_argument("--workspace", "-w", type=Path, default=Path(), metavar="DIR", help="the workspace folder")
    parser.add_argument(WITH_PARENT, action="store_true", help="end when what started it has ended")
    given = parser.parse_args(arguments)
    if given.with_parent:
        end_with_parent()
    if not os.environ.get("PREFECT_API_URL"):
        say("PREFECT_API_URL is not set: the schedule is run by a temporary server that ends with this command")
    try:
        served = deployments(given.workspace)
    except SettingsError as error:
        for problem in error.problems:
            say(problem)
        sys.exit(WRONG_USE)
    while not serve_while_it_answers(served):
        say("the server is lost: it is looked for until it answers")


if __name__ == "__main__":
    main()
