"""Faults over time, as the data quality sheet shows them: what is open, new and cleared. Counts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple

from perfpipe.datasets import BY_ID
from perfpipe.dates.months import Month, month_range
from perfpipe.packs.models.data_quality import ClearanceLine
from perfpipe.packs.wording.numbers import listed
from perfpipe.reconcile.fault_history import Clearance, FaultHistory

MONTHS = 13  # so that the same month of the year before is there


def rule_lines(histories: Mapping[str, FaultHistory]) -> tuple[ClearanceLine, ...]:
    """The report month's faults by dataset and rule, in the order of the datasets, the most open first."""
    lines: list[ClearanceLine] = []
    for dataset, history in histories.items():
        of_it = [_line(BY_ID[dataset].title, rule, found) for rule, found in history.rules.items()]
        lines += sorted(of_it, key=lambda line: (-line.open, line.name))
    return tuple(lines)


def month_lines(histories: Mapping[str, FaultHistory], month: Month) -> tuple[ClearanceLine, ...]:
    """All datasets' faults by month, from the first month that an extract was sent for; at most thirteen months."""
    sent = [at for history in histories.values() for at in history.months if at <= month]
    if not sent:
        return ()
    first = max(min(sent), month - (MONTHS - 1))
    lines = []
    for at in month_range(first, month):
        there = [history.months[at] for history in histories.values() if at in history.months]
        missing = [BY_ID[dataset].title for dataset, history in histories.items() if at not in history.months]
        total = Clearance(*(sum(numbers) for numbers in zip(*map(astuple, there), strict=True)))
        lines.append(_line(listed(missing), str(at), total))
    return tuple(lines)


def _line(dataset: str, name: str, found: Clearance) -> ClearanceLine:
    return ClearanceLine(
        dataset, name, found.open, found.new, found.cleared, found.unseen, found.long_open, found.rows_left_out
    )
