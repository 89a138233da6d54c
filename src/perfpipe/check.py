"""Check: receive, read and validate without computing, and say what is wrong in lines a person can act on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from perfpipe.datasets import DATASETS
from perfpipe.datasets.definition import Severity
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.ledger.ledger import Ledger
from perfpipe.settings.settings import Settings, SettingsError, Workspace

if TYPE_CHECKING:
    from perfpipe.plan import Plan
    from perfpipe.validate.reading_cache import Reading

GRAVEST_FIRST = (Severity.STOP, Severity.EXCLUDE, Severity.WARN, Severity.INFO)
EXAMPLES = 5


def check_workspace(workspace: Workspace, month: Month | None, progress: Callable[[str], None]) -> list[Fault]:
    """Every fault of what has been delivered, or of the extracts that speak for one month. Raises SettingsError."""
    from perfpipe.assess.comparators import load_comparators
    from perfpipe.job.job import hold
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
    from perfpipe.validate.reading_cache import faults_of

    last = month or max((reading.last_month for reading in readings), default=None)
    if last is None:
        return []
    first = month or min(reading.first_month for reading in readings)
    from perfpipe.dates.months import month_range

    authorities = [authority_of(dataset, readings, month_range(first, last)) for dataset in DATASETS]
    chosen = [reading.id for reading in readings if not reading.replaced]
    if month:
        chosen = [a.speaks[month].id for a in authorities if month in a.speaks]
    faults = faults_of(ledger, chosen)
    for authority in authorities:
        faults += between_extracts(settings, authority, readings, last)
    by_dataset = {authority.dataset.id: authority for authority in authorities}
    faults += actions_not_in_plan(plan, by_dataset, last, settings)
    return faults + between_datasets(settings, by_dataset, readings, last)


def lines_by_owner(faults: Sequence[Fault], settings: Settings, details: bool) -> list[str]:
    """Faults as lines under the name of who mends them, those with the gravest first."""
    owned: dict[str, list[Fault]] = {}
    for severity in GRAVEST_FIRST:
        for fault in faults:
            if fault.severity is severity:
                owned.setdefault(settings.owner_of(fault.dataset, fault.rule), []).append(fault)
    lines = []
    for owner, group in owned.items():
        stops = sum(fault.severity is Severity.STOP for fault in group)
        lines.append(f"{owner}: {len(group)} to look at" + (f", {stops} of them stopping a run" if stops else ""))
        lines += fault_lines(group, details)
    return lines


def fault_lines(faults: Sequence[Fault], details: bool) -> list[str]:
    """Faults as lines, gravest first; without `details`, what does not stop or exclude is counted by rule."""
    lines: list[str] = []
    for severity in GRAVEST_FIRST:
        chosen = [fault for fault in faults if fault.severity is severity]
        one_by_one = details or severity is Severity.STOP
        groups: dict[tuple[str, str], list[Fault]] = {}
        for fault in chosen:
            groups.setdefault((fault.dataset, fault.rule), []).append(fault)
        for (dataset, rule), group in groups.items():
            lines += [_line(f) for f in group] if one_by_one or len(group) == 1 else _summary(dataset, rule, group)
    return lines


def _line(fault: Fault) -> str:
    effect = _effect(fault)
    return (
        f"{fault.severity}: {fault.address}: {fault.rule}: found {fault.found}; "
        f"expected {fault.expected}. {fault.what_to_do}{effect}"
    )


def _effect(fault: Fault) -> str:
    measures = fault.excludes_from.replace("*", "every figure of the dataset")
    return f" Left out of: {measures}." if measures else ""


def _summary(dataset: str, rule: str, group: Sequence[Fault]) -> list[str]:
    first = group[0]
    where = "; ".join(fault.address for fault in group[:EXAMPLES])
    more = f" and {len(group) - EXAMPLES} more" if len(group) > EXAMPLES else ""
    effect = _effect(first)
    alike = first.what_to_do if len({fault.what_to_do for fault in group}) == 1 else "See `--details` for each."
    return [
        f"{first.severity}: {dataset}: {rule}: {len(group)} times; expected {first.expected}. {alike}{effect}",
        f"    at {where}{more}",
    ]


def withdraw_extract(workspace: Workspace, extract_id: str, reason: str) -> None:
    """Withdraw the one extract whose id starts so. Raises SettingsError: none, several, or withdrawn already."""
    from perfpipe.job.job import hold

    if len(extract_id) < 6 or not reason.strip():
        raise SettingsError(["give at least six characters of the extract's id, and a reason"])
    with hold(workspace) as ledger:
        chosen = ledger.extracts_named(extract_id)
        if len(chosen) != 1:
            found = f"{len(chosen)} extracts have an id that starts with {extract_id!r}"
            raise SettingsError([f"{found}; nothing was changed"])
        if chosen[0]["withdrawn_at"]:
            at = f"{chosen[0]['withdrawn_at']:%Y-%m-%d %H:%M} UTC"
            raise SettingsError([f"{extract_id}: was withdrawn at {at} already; nothing was changed"])
        with ledger.writing():
            ledger.withdraw(chosen[0]["id"], reason, datetime.now(UTC))
