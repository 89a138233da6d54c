"""The commentary of a month, held against the records of its extracts: no id that they have may stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from perfpipe.commentary.comment import Commentary
from perfpipe.commentary.take_in import Taking, commentary_of
from perfpipe.datasets.definition import Kind
from perfpipe.dates.months import Month
from perfpipe.faults.severity import judged
from perfpipe.plan import Plan
from perfpipe.plan.manual_measures import all_measures
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace

OF_THE_PLAN = ("actions", "manual_measures")  # their ids are of actions and measures, which anybody may name


def commentary_known(
    workspace: Workspace,
    settings: Settings,
    plan: Plan,
    month: Month,
    today: date,
    speaks_for: Mapping[str, SpeaksFor],
) -> Commentary:
    """What owners have written by a day and can be shown, and the faults of the rest, with their severities."""
    taking = Taking(plan, all_measures(plan), today, lambda: identifiers_in_use(speaks_for, month))
    taken = commentary_of(workspace, month, taking)
    return replace(taken, faults=tuple(judged(taken.faults, settings)))


def identifiers_in_use(speaks_for: Mapping[str, SpeaksFor], month: Month) -> frozenset[str]:
    """The ids of children, workers and records in the extracts used for a month, in small letters."""
    found: set[str] = set()
    for each in speaks_for.values():
        reading = each.by_month.get(month)
        if reading is None or each.dataset.id in OF_THE_PLAN:
            continue
        rows = reading.rows()
        for column in each.dataset.columns:
            if column.kind is Kind.ID and column.name in rows:
                found.update(str(value).casefold() for value in rows[column.name].dropna().unique())
    return frozenset(found)
