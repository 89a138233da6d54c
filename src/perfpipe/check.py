"""Check: the first stages of a run, without computing, and every fault that they find."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from perfpipe.dates.months import Month, month_range
from perfpipe.faults.fault import Fault
from perfpipe.job.job import checked_comparators
from perfpipe.ledger.hold import hold_or_look
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures import MEASURES
from perfpipe.plan import Plan, load_plan
from perfpipe.receive.receive import receive
from perfpipe.reconcile.corrections_still_needed import corrections_still_needed
from perfpipe.reconcile.faults_between import faults_between
from perfpipe.reconcile.speaks_for import in_use, speaks_for_each
from perfpipe.reconcile.usable_readings import usable_readings
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.months_covered import folder_months
from perfpipe.validate.reading import Reading


def check_workspace(workspace: Workspace, month: Month | None, progress: Callable[[str], None]) -> list[Fault]:
    """Every fault of what has been delivered, or of the extracts used for one month. Raises SettingsError.

    While a run is in progress it reads and changes nothing.
    """
    settings = workspace.settings()
    plan = load_plan(workspace.plan_file, MEASURES)
    checked_comparators(workspace, settings, plan)
    with hold_or_look(workspace, progress) as (workspace, ledger):
        received = receive(workspace, settings, ledger)
        usable = usable_readings(
            workspace, settings, plan, ledger, None, lambda done, of: progress(f"check: {done} of {of} extracts")
        )
        corrections = corrections_still_needed(workspace, settings, ledger, usable.readings)
        of_extracts = _of_extracts(settings, plan, ledger, usable.readings, month)
        return [*received.faults, *usable.kept_out, *corrections, *of_extracts]


def _of_extracts(
    settings: Settings, plan: Plan, ledger: Ledger, readings: Sequence[Reading], month: Month | None
) -> list[Fault]:
    """The faults in extracts, and those between them: of one month, or (None) of all months that are covered.

    Of a month those that are used for it, and those in its folder: a row without a readable month is in no month.
    """
    if not readings:
        return []
    first = month or min(reading.first_month for reading in readings)
    last = month or max(reading.last_month for reading in readings)
    speaks_for = speaks_for_each(readings, month_range(first, last))
    present = [
        reading for reading in readings if not reading.replaced and (not month or _lies_in(reading, month, settings))
    ]
    used = in_use(speaks_for, last) if month else []
    in_them = ledger.faults_of(list({*used, *(reading.id for reading in present)}))
    return [*in_them, *faults_between(settings, plan, speaks_for, readings, last)]


def _lies_in(reading: Reading, month: Month, settings: Settings) -> bool:
    first, last = folder_months(reading.folder, settings)
    return first <= month <= last
