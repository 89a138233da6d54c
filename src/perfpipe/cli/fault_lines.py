"""Faults as lines that a person can act on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from perfpipe.faults.fault import COMPARED, SHAPES_EXPLAINED, Fault, shows_shapes
from perfpipe.measures import MEASURES
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.rules.rule import UNUSABLE, Severity
from perfpipe.settings.settings import Settings

MOST_SERIOUS_FIRST = (Severity.STOP, Severity.EXCLUDE, Severity.WARN, Severity.INFO)
FORMS = 5


def lines_by_owner(faults: Sequence[Fault], settings: Settings) -> list[str]:
    """Every fault as a line under the name of whoever corrects it, those with the most serious first."""
    owned: dict[str, list[Fault]] = {}
    for severity in MOST_SERIOUS_FIRST:
        for fault in faults:
            if fault.severity is severity:
                owned.setdefault(settings.owner_of(fault.dataset, fault.rule), []).append(fault)
    lines = []
    for owner, group in owned.items():
        stops = sum(fault.severity is Severity.STOP for fault in group)
        lines.append(f"{owner}: {count_of(len(group), 'fault')}" + (f", {stops} stopping the run" if stops else ""))
        lines += fault_lines(group)
    return [*lines, SHAPES_EXPLAINED] if shows_shapes(faults) else lines


def fault_lines(faults: Sequence[Fault]) -> list[str]:
    """Faults as lines, the most serious first."""
    return [_line(fault) for severity in MOST_SERIOUS_FIRST for fault in faults if fault.severity is severity]


def _line(fault: Fault) -> str:
    effect = effect_of(fault)
    return (
        f"{fault.severity}: {fault.address}: {fault.rule}: found {fault.found}; "
        f"expected {fault.expected}. {fault.what_to_do}{effect}"
    )


def effect_of(fault: Fault) -> str:
    """Which figures are without the row; nothing for a fault that leaves none out."""
    if not fault.defect:
        return ""
    measures = ", ".join(measure.id for measure in MEASURES if measure.leaves_out(fault.dataset, fault.defect))
    return f" Left out of: {'every figure of the dataset' if fault.defect == UNUSABLE.id else measures}."


def forms_of(group: Sequence[Fault]) -> str:
    """What was found, the commonest first, with how often where it was not always the same."""
    counts = Counter(fault.found.partition(COMPARED)[0] for fault in group).most_common()
    if len(counts) == 1:
        return counts[0][0]
    more = f", and {len(counts) - FORMS} other forms" if len(counts) > FORMS else ""
    return ", ".join(f"{found} ({number} times)" for found, number in counts[:FORMS]) + more
