"""All faults between the extracts that are used, for a run and for `perfpipe check` alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.plan import Plan
from perfpipe.reconcile.action_reports import actions_not_in_plan
from perfpipe.reconcile.between_extracts import between_datasets, between_extracts
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.settings.settings import Settings
from perfpipe.validate.reading import Reading


def faults_between(
    settings: Settings, plan: Plan, speaks_for: Mapping[str, SpeaksFor], readings: Sequence[Reading], month: Month
) -> list[Fault]:
    """Faults between the extracts of each dataset, of several datasets, and of the actions extract with the plan.

    `speaks_for`: by dataset; `readings`: all that can be used; `month`: the one whose extracts are compared with those
    before them and with each other.
    """
    faults: list[Fault] = []
    for each in speaks_for.values():
        faults += between_extracts(settings, each, readings, month)
    faults += between_datasets(settings, speaks_for, readings, month)
    return faults + actions_not_in_plan(plan, speaks_for, month, settings)
