"""Check: receive, read and validate without computing, and say what is wrong in lines a person can act on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from perfpipe.datasets import DATASETS
from perfpipe.datasets.definition import Severity
from perfpipe.faults import Fault
from perfpipe.ledger import Ledger
from perfpipe.months import Month
from perfpipe.settings import SettingsError, Workspace

GRAVEST_FIRST = (Severity.STOP, Severity.EXCLUDE, Severity.WARN, Severity.INFO)
EXAMPLES = 5


def check_workspace(workspace: Workspace, month: Month | None, progress: Callable[[str], None]) -> list[Fault]:
    """Every fault of what has been delivered, or of the extracts that speak for one month. Raises SettingsError."""
    from perfpipe.job import hold
    from perfpipe.measures import MEASURES
    from perfpipe.plan import load_plan
    from perfpipe.read import Parser
    from perfpipe.readings import Reading, read_and_validate
    from perfpipe.receive import receive

    settings = workspace.settings()
    load_plan(workspace.plan_file, MEASURES)
    with hold(workspace) as ledger, Parser(settings.limits) as parser:
        faults = receive(workspace, settings, ledger).faults
        readings: list[Reading] = []
        known = ledger.extracts_known(None)
        for number, extract in enumerate(known, 1):
            made = read_and_validate(workspace, settings, ledger, parser, extract)
            if isinstance(made, Reading):
                readings.append(made)
            elif not extract["replaced"]:
                faults += made
            if number % 20 == 0:
                progress(f"check: {number} of {len(known)} extracts")
        return faults + _of_readings(ledger, readings, month)


def _of_readings(ledger: Ledger, readings: Sequence, month: Month | None) -> list[Fault]:  # type: ignore[type-arg]
    from perfpipe.continuity import continuity_faults
    from perfpipe.speaking import authority_of

    last = month or max((reading.last_month for reading in readings), default=None)
    if last is None:
        return []
    first = month or min(reading.first_month for reading in readings)
    from perfpipe.months import month_range

    authorities = [authority_of(dataset, readings, month_range(first, last)) for dataset in DATASETS]
    chosen = [reading.id for reading in readings]
    if month:
        chosen = [a.speaks[month].id for a in authorities if month in a.speaks]
    stored = ledger.faults_of(chosen).to_dict("records")
    faults = [
        Fault(**{**{str(k): v for k, v in record.items()}, "severity": Severity(record["severity"])})
        for record in stored
    ]
    for authority in authorities:
        faults += [*authority.stops, *continuity_faults(authority, readings, last)]
    return faults


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
    """Withdraw the one extract whose id starts so. Raises SettingsError when there is none, or several."""
    from perfpipe.job import hold

    if len(extract_id) < 6 or not reason.strip():
        raise SettingsError(["give at least six characters of the extract's id, and a reason"])
    with hold(workspace) as ledger:
        with ledger.writing():
            count = ledger.withdraw(extract_id, reason, datetime.now(UTC))
        if count != 1:
            raise SettingsError([f"{count} extracts have an id that starts with {extract_id!r}; nothing was changed"])
