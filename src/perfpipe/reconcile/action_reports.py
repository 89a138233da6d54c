"""What owners report of their actions: the plan with the statuses of the actions extracts, and rows that fit no action.

A month's statuses come from the extract used for the month, as events do; on one day the later extract counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfpipe.datasets.actions import ACTIONS
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault, fault_of, shape_of
from perfpipe.faults.severity import judged
from perfpipe.plan import Plan, not_in_plan, with_extract
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.rules.between import ACTION_NOT_IN_PLAN
from perfpipe.settings.settings import Settings
from perfpipe.validate.reading import Reading


def plan_reported(plan: Plan, speaks_for: Mapping[str, SpeaksFor], month: Month) -> Plan:
    """The plan with the statuses of every actions extract used for the month or an earlier one, oldest first.

    Statuses of days after the month stay in the histories: who asks for the status of a day does not see them.
    """
    used = {each.id: each for at, each in speaks_for[ACTIONS.id].by_month.items() if at <= month}
    return with_reports(plan, list(used.values()))


def with_reports(plan: Plan, readings: Sequence[Reading]) -> Plan:
    """The plan with the statuses of some actions extracts: of one day, that of the extract made last."""
    for reading in sorted(readings, key=lambda each: (each.extracted_at, each.extract_id)):
        plan = with_extract(plan, reading.rows())
    return plan


def actions_not_in_plan(
    plan: Plan, speaks_for: Mapping[str, SpeaksFor], month: Month, settings: Settings
) -> list[Fault]:
    """A fault for each row of the month's actions extract that names no action of the plan."""
    reading = speaks_for[ACTIONS.id].by_month.get(month)
    if reading is None:
        return []
    rows = reading.rows()
    unknown = rows[rows["action_id"].isin(not_in_plan(plan, rows))]
    faults = [
        fault_of(
            ACTION_NOT_IN_PLAN,
            reading.at(int(row), "action_id"),
            f"{shape_of('t', str(action_id))}, not the id of an action",
        )
        for action_id, row in zip(unknown["action_id"], unknown["source_row"], strict=True)
    ]
    return judged(faults, settings, reading.extract_id)
