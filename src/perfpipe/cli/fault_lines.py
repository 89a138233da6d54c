"""Faults as lines that a person can act on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from perfpipe.faults.fault import Fault
from perfpipe.measures import MEASURES
from perfpipe.packs.wording.numbers import count_of
from perfpipe.rules.rule import UNUSABLE, Severity
from perfpipe.settings.settings import Settings

MOST_SERIOUS_FIRST = (Severity.STOP, Severity.EXCLUDE, Severity.WARN, Severity.INFO)


EXAMPLES = 5
FORMS = 5


def lines_by_owner(faults: Sequence[Fault], settings: Settings, details: bool) -> list[str]:
    """Faults as lines under the name of whoever corrects them, those with the most serious first."""
    owned: dict[str, list[Fault]] = {}
    for severity in MOST_SERIOUS_FIRST:
        for fault in faults:
            if fault.severity is severity:
                owned.setdefault(settings.owner_of(fault.dataset, fault.rule), []).append(fault)
    lines = []
    for owner, group in owned.items():
        stops = sum(fault.severity is Severity.STOP for fault in group)
        lines.append(f"{owner}: {count_of(len(group), 'fault')}" + (f", {stops} stopping the run" if stops else ""))
        lines += fault_lines(group, details)
    return lines


def fault_lines(faults: Sequence[Fault], details: bool) -> list[str]:
    """Faults as lines, the most serious first; without `details`, what does not stop or exclude is counted by rule
    and column, with each form that was found."""
    lines: list[str] = []
    for severity in MOST_SERIOUS_FIRST:
        chosen = [fault for fault in faults if fault.severity is severity]
        one_by_one = details or severity is Severity.STOP
        groups: dict[tuple[str, str, str], list[Fault]] = {}
        for fault in chosen:
            groups.setdefault((fault.dataset, fault.rule, fault.column), []).append(fault)
        for group in groups.values():
            lines += [_line(f) for f in group] if one_by_one or len(group) == 1 else _summary(group)
    return lines


def _line(fault: Fault) -> str:
    effect = _effect(fault)
    return (
        f"{fault.severity}: {fault.address}: {fault.rule}: found {fault.found}; "
        f"expected {fault.expected}. {fault.what_to_do}{effect}"
    )


def _effect(fault: Fault) -> str:
    """Which figures are without the row; nothing for a fault that leaves none out."""
    if not fault.defect:
        return ""
    measures = " ".join(measure.id for measure in MEASURES if measure.leaves_out(fault.dataset, fault.defect))
    return f" Left out of: {'every figure of the dataset' if fault.defect == UNUSABLE.id else measures}."


def _summary(group: Sequence[Fault]) -> list[str]:
    """Faults of one rule in one column: how many, and in how many cells each form was found."""
    first = group[0]
    column = f"column {first.column}: " if first.column else ""
    named = EXAMPLES if first.row else len(group)  # files are all named, rows are not
    where = "; ".join(fault.address for fault in group[:named])
    more = f" and {len(group) - named} more" if len(group) > named else ""
    effect = _effect(first)
    alike = first.what_to_do if len({fault.what_to_do for fault in group}) == 1 else "See `--details` for each."
    return [
        f"{first.severity}: {first.dataset or 'files'}: {first.rule}: {column}{len(group)} times; "
        f"found {_forms(group)}; expected {first.expected}. {alike}{effect}",
        f"    at {where}{more}",
    ]


def _forms(group: Sequence[Fault]) -> str:
    """What was found, the commonest first, with how often where it was not always the same."""
    counts = Counter(fault.found for fault in group).most_common()
    if len(counts) == 1:
        return counts[0][0]
    more = f", and {len(counts) - FORMS} other forms" if len(counts) > FORMS else ""
    return ", ".join(f"{found} ({number} times)" for found, number in counts[:FORMS]) + more
