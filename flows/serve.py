"""Serve the flows as deployments: what is due each hour, verify each night, a month and the backfill on demand.

Usage: python -m flows.serve [--workspace DIR]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from prefect import serve
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.annotations import freeze

from flows.backfill import backfill
from flows.due import months_due, verify
from flows.monthly_report import monthly_report
from flows.stages import say
from perfpipe.measures import MEASURES
from perfpipe.plan import load_plan
from perfpipe.settings.workspace import Workspace

ZONE = "Europe/London"
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m flows.serve",
        description="Serve what is due (each hour, Europe/London), the nightly check, one month, the backfill.",
        epilog="Set PREFECT_API_URL to the server's address first; start one with `prefect server start`.",
    )
    parser.add_argument("--workspace", "-w", type=Path, default=Path(), metavar="DIR", help="the workspace folder")
    given = parser.parse_args(arguments)
    if not os.environ.get("PREFECT_API_URL"):
        say("PREFECT_API_URL is not set: the schedule is run by a temporary server that ends with this command")
    serve(*deployments(given.workspace), limit=1)


if __name__ == "__main__":
    main()
