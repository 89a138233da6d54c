"""Data faults by rule, most serious first, with what they do to the figures."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.datasets import BY_ID
from perfpipe.measures.definition import Measure
from perfpipe.packs.models.data_quality import FaultLine
from perfpipe.packs.models.sources import FaultCount
from perfpipe.packs.wording.numbers import listed
from perfpipe.rules.rule import UNUSABLE

EFFECTS = {  # the worst first
    "stop": "The run stops until it is corrected",
    "exclude": "Rows left out of {measures}",
    "warn": "Rows stay in the figures; to be checked",
    "info": "For information; figures are not affected",
}


def fault_lines(faults: Sequence[FaultCount], measures: tuple[Measure, ...]) -> tuple[FaultLine, ...]:
    """A line for each rule; `measures` are those of the pack, which are named by their codes."""
    lines = []
    for each in faults:
        known = BY_ID.get(each.dataset)
        title = known.title if known else each.dataset
        effect = EFFECTS[each.severity].format(measures=_left_out_of(each.defect, each.dataset, title, measures))
        lines.append(FaultLine(title, each.rule, each.severity, each.rows, each.expected, each.what_to_do, effect))
    worst = {severity: place for place, severity in enumerate(EFFECTS)}
    return tuple(sorted(lines, key=lambda line: (worst[line.severity], line.dataset, line.rule)))


def _left_out_of(defect: str, dataset: str, title: str, measures: tuple[Measure, ...]) -> str:
    if defect in ("", UNUSABLE.id):
        return f"every measure of '{title}'"
    shown = [measure.code for measure in measures if measure.leaves_out(dataset, defect)]
    return listed(shown) or "measures that are not in this pack"
