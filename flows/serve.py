"""Serve both flows as deployments: the month's report on a schedule, the backfill on demand.

Usage: python -m flows.serve [--workspace DIR]
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.annotations import freeze

from flows.backfill import backfill
from flows.monthly_report import monthly_report
from flows.stages import say
from perfpipe.measures import MEASURES
from perfpipe.plan import load_plan
from perfpipe.settings.workspace import Workspace

CRON, ZONE = "0 6 8 * *", "Europe/London"
ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)


def deployments(workspace: Path) -> list[RunnerDeployment]:
    """Both deployments, for one workspace. The scheduled run has no month: it takes the latest delivered.

    Should Prefect schedule a period twice, the second run waits for the first and then ends as unchanged; one from
    elsewhere ends as held. Neither publishes twice.
    """
    where = {"workspace": freeze(str(workspace.resolve()))}
    monthly = monthly_report.to_deployment(
        "monthly",
        schedule=Cron(CRON, timezone=ZONE),
        parameters=where,
        concurrency_limit=ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
        description="The latest month delivered, at 06:00 on the 8th of each month.",
    )
    on_demand = backfill.to_deployment(
        "backfill",
        parameters=where,
        concurrency_limit=ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
        description="A range of months again, with a reason; you see what would change, and decide.",
    )
    offer_roles(on_demand, workspace)
    return [monthly, on_demand]


def offer_roles(backfills: RunnerDeployment, workspace: Path) -> None:
    """The plan's owners as the choices of the form, where there are any: no parameter is free text."""
    owners = [each.id for each in load_plan(Workspace(workspace).plan_file, MEASURES).owners]
    if owners:
        backfills._parameter_openapi_schema.properties["by"]["enum"] = ["", *owners]


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m flows.serve",
        description="Serve the monthly report (06:00 on the 8th, Europe/London) and the backfill to a Prefect server.",
        epilog="Set PREFECT_API_URL to the server's address first; start one with `prefect server start`.",
    )
    parser.add_argument("--workspace", "-w", type=Path, default=Path(), metavar="DIR", help="the workspace folder")
    given = parser.parse_args(arguments)
    if not os.environ.get("PREFECT_API_URL"):
        say("PREFECT_API_URL is not set: the schedule is run by a temporary server that ends with this command")
    serve(*deployments(given.workspace), limit=1)


if __name__ == "__main__":
    main()
