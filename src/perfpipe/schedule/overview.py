"""Overview: what a manager is shown of the newest months: how they stand, which statuses turned, whose faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from perfpipe.dates.months import Month
from perfpipe.ledger.editions import folder_of
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionRecord, PackAudience
from perfpipe.measures import MEASURES
from perfpipe.measures.words import STATUS_WORDS, Status
from perfpipe.plan import load_plan
from perfpipe.plan.manual_measures import all_measures
from perfpipe.rules.rule import Severity
from perfpipe.schedule.due import MonthRun
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace

WHOLE = "all"  # the breakdown of the whole authority
JUDGED = frozenset({Status.MET, Status.NEAR, Status.MISSED, Status.NOT_DECIDED})


@dataclass(frozen=True)
class StatusTurn:
    """A measure whose status is another than in the month before, in the same pack, in words."""

    measure: str
    period: str
    before: str
    after: str


@dataclass(frozen=True)
class OwnerFaults:
    """How many faults of each severity somebody has to put right."""

    owner: str
    counts: dict[str, int]


@dataclass(frozen=True)
class MonthOverview:
    """A month that was looked at, and what its newest edition says: where it is, which statuses turned, whose faults.

    `place` is in the workspace; empty where there is no edition.
    """

    run: MonthRun
    edition: int = 0
    place: str = ""
    turns: tuple[StatusTurn, ...] = ()
    faults: tuple[OwnerFaults, ...] = ()


def overview_of(workspace: Workspace, runs: Sequence[MonthRun]) -> list[MonthOverview]:
    """What to show of months that were looked at, the newest first. No figure, and no value of a record."""
    settings = workspace.settings()
    names = {each.id: f"{each.code} {each.title}" for each in all_measures(load_plan(workspace.plan_file, MEASURES))}
    ledger = Ledger.open(workspace.processed)
    try:
        found = []
        for run in reversed(runs):
            editions = ledger.packs(PackAudience.BOARD, run.outlook.month)
            if not editions:
                found.append(MonthOverview(run))
                continue
            newest = editions[-1]
            place = folder_of(workspace, newest).relative_to(workspace.root).as_posix()
            turns, faults = _turns(ledger, newest, names), _faults(ledger, newest, settings)
            found.append(MonthOverview(run, newest.edition, place, turns, faults))
        return found
    finally:
        ledger.close()


def _turns(ledger: Ledger, edition: EditionRecord, names: dict[str, str]) -> tuple[StatusTurn, ...]:
    before, month = edition.month - 1, edition.month
    cells = ledger.cells_of([edition.id], before, month)
    whole = cells[cells["breakdown"] == WHOLE]
    statuses = {
        (str(row.measure_id), str(row.period), str(row.month)): str(row.status) for row in whole.itertuples(index=False)
    }
    turns = []
    for (measure, period, at), after in statuses.items():
        was = statuses.get((measure, period, str(before)), "")
        if at == str(month) and was and was != after and {was, after} & JUDGED:
            turned = (STATUS_WORDS[Status(was)], STATUS_WORDS[Status(after)])
            turns.append(StatusTurn(names.get(measure, measure), period.replace("_", " "), *turned))
    return tuple(sorted(turns, key=lambda each: (each.measure, each.period)))


def _faults(ledger: Ledger, edition: EditionRecord, settings: Settings) -> tuple[OwnerFaults, ...]:
    """Of the extracts that speak for the month, without what only needs to be known."""
    month: Month = edition.month
    readings = [each.reading.id for each in ledger.readings_of(edition.run_id) if month in each.months]
    counts: dict[str, Counter[str]] = {}
    for fault in ledger.faults_of(readings):
        if fault.severity is not Severity.INFO:
            owner = settings.owner_of(fault.dataset, fault.rule)
            counts.setdefault(owner, Counter())[fault.severity.value] += 1
    return tuple(OwnerFaults(owner, dict(count)) for owner, count in sorted(counts.items()))
