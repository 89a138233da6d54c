"""Check: receive, read and validate without computing, and say what is wrong in lines a person can act on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from perfpipe.datasets import DATASETS
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.ledger.ledger import Ledger
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace

if TYPE_CHECKING:
    from perfpipe.plan import Plan
    from perfpipe.validate.reading import Reading


def check_workspace(workspace: Workspace, month: Month | None, progress: Callable[[str], None]) -> list[Fault]:
    """Every fault of what has been delivered, or of the extracts that speak for one month. Raises SettingsError."""
    from perfpipe.assess.comparators import load_comparators
    from perfpipe.ledger.hold import hold
    from perfpipe.measures import MEASURES
    from perfpipe.plan import load_plan
    from perfpipe.plan.manual_measures import all_measures
    from perfpipe.receive.receive import receive
    from perfpipe.reconcile.corrections_still_needed import standing_faults
    from perfpipe.reconcile.usable_readings import usable_readings

    settings = workspace.settings()
    plan = load_plan(workspace.plan_file, MEASURES)
    load_comparators(workspace, settings, all_measures(plan))
    with hold(workspace) as ledger:
        faults = receive(workspace, settings, ledger).faults
        readings, kept_out = usable_readings(
            workspace, settings, plan, ledger, None, lambda done, of: progress(f"check: {done} of {of} extracts")
        )
        standing = standing_faults(workspace, settings, ledger, readings)
        return [*faults, *kept_out, *standing, *_of_readings(settings, plan, ledger, readings, month)]


def _of_readings(
    settings: Settings, plan: Plan, ledger: Ledger, readings: Sequence[Reading], month: Month | None
) -> list[Fault]:
    from perfpipe.reconcile.action_reports import actions_not_in_plan
    from perfpipe.reconcile.between_extracts import between_datasets, between_extracts
    from perfpipe.reconcile.speaks_for import authority_of

    last = month or max((reading.last_month for reading in readings), default=None)
    if last is None:
        return []
    first = month or min(reading.first_month for reading in readings)
    from perfpipe.dates.months import month_range

    authorities = [authority_of(dataset, readings, month_range(first, last)) for dataset in DATASETS]
    chosen = [reading.id for reading in readings if not reading.replaced]
    if month:
        chosen = [a.speaks[month].id for a in authorities if month in a.speaks]
    faults = ledger.faults_of(chosen)
    for authority in authorities:
        faults += between_extracts(settings, authority, readings, last)
    by_dataset = {authority.dataset.id: authority for authority in authorities}
    faults += actions_not_in_plan(plan, by_dataset, last, settings)
    return faults + between_datasets(settings, by_dataset, readings, last)
