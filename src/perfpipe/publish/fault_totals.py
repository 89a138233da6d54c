"""Faults added up for the analyst's workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from perfpipe.packs.models.faults import FaultRow, FaultTotal


def fault_totals(faults: Iterable[FaultRow], key: Callable[[FaultRow], tuple[str, ...]]) -> tuple[FaultTotal, ...]:
    """A total for each name that `key` gives, in their order."""
    groups: dict[tuple[str, ...], list[FaultRow]] = {}
    for fault in faults:
        groups.setdefault(key(fault), []).append(fault)
    return tuple(_total(names, groups[names]) for names in sorted(groups))


def _total(names: tuple[str, ...], faults: list[FaultRow]) -> FaultTotal:
    return FaultTotal(
        names=names,
        faults=len(faults),
        to_correct=sum(fault.severity != "info" for fault in faults),
        rows_left_out=len({(fault.file, fault.row) for fault in faults if fault.left_out_of and fault.row}),
        new=sum(fault.months_open == 0 for fault in faults),
        months_open=max((fault.months_open or 0 for fault in faults), default=0),
    )
