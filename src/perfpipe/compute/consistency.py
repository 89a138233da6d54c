"""One number everywhere in a pack: totals that must be the same, and tables that must add up (definitions 1.8).

A pack in which two sheets disagree about the number looked after cannot be published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.measures.definition import Measure, Table
from perfpipe.measures.figure import KEY
from perfpipe.measures.words import State
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.rules.between import TABLE_DOES_NOT_ADD_UP, TOTALS_DIFFER

CLOSE = 1e-6  # sums of FTE


def disagreements(figures: pd.DataFrame, measures: Sequence[Measure]) -> list[Fault]:
    """A fault that stops for each pair of measures, and each sum of a table, that does not hold; months are named.

    `figures` are `FIGURES`. Only figures that are there are compared.
    """
    by_id = {measure.id: measure for measure in measures}
    pairs = [(measure, by_id[measure.shown.same_total_as]) for measure in measures if measure.shown.same_total_as]
    tables = {measure.shown.table.id: measure.shown.table for measure in measures if measure.shown.table}
    involved = {measure.id for pair in pairs for measure in pair} | _in_sums(tables.values())
    there = figures[figures["measure_id"].isin(involved) & (figures["state"] == State.OK)]
    whole = there[there["breakdown"] == "all"]
    faults = [fault for one, other in pairs for fault in _different_totals(whole, one, other)]
    for table in tables.values():
        faults += [fault for total, parts in table.adds_up for fault in _broken_sum(there, table, by_id, total, parts)]
    return faults


def _in_sums(tables: Iterable[Table]) -> set[str]:
    return {name.lstrip("-") for table in tables for total, parts in table.adds_up for name in (total, *parts)}


def _totals(figures: pd.DataFrame, measure: Measure) -> pd.Series:
    """The total of the whole authority, by month: the number counted, or all of whom a share is, and those left out."""
    own = figures[figures["measure_id"] == measure.id]
    own = own[own["period"] == measure.periods[0].value].set_index("month")
    return own["numerator" if measure.counts.denominator is None else "denominator"] + own["left_out"]


def _different_totals(figures: pd.DataFrame, one: Measure, other: Measure) -> list[Fault]:
    both = pd.DataFrame({"one": _totals(figures, one), "other": _totals(figures, other)}).dropna()
    months = sorted(both.index[(both["one"] - both["other"]).abs() > CLOSE])
    if not months:
        return []
    what = f"{one.code} counts otherwise than {other.code} in {_some(months)}"
    return [fault_of(TOTALS_DIFFER, Address(one.basis.dataset.id, ""), what, expected="one number in both")]


def _broken_sum(
    figures: pd.DataFrame, table: Table, measures: dict[str, Measure], total: str, parts: tuple[str, ...]
) -> list[Fault]:
    wanted = (total, *(part.lstrip("-") for part in parts))
    own = figures[figures["measure_id"].isin(wanted)]
    cells = own.set_index(KEY)["value"].unstack("measure_id").reindex(columns=list(wanted)).dropna()
    signs = np.array([-1 if part.startswith("-") else 1 for part in parts])
    gap = cells[total].to_numpy() - cells[list(wanted[1:])].to_numpy() @ signs
    months = sorted(set(cells.index.get_level_values("month")[np.abs(gap) > CLOSE]))
    if not months:
        return []
    sum_in_words = f"{measures[total].code} = {written_sum(parts, {m.id: m.code for m in measures.values()})}"
    at = Address(measures[total].basis.dataset.id, "")
    return [fault_of(TABLE_DOES_NOT_ADD_UP, at, f"{table.title}: not so in {_some(months)}", expected=sum_in_words)]


def written_sum(parts: Sequence[str], names: dict[str, str]) -> str:
    """The parts of a sum by their names: `RHI-F3 + RHI-F4 - RHI-F5`."""
    words = [("- " if part.startswith("-") else "+ ") + names[part.lstrip("-")] for part in parts]
    return " ".join(words).removeprefix("+ ")


def _some(months: Sequence[str]) -> str:
    earlier = f" and {count_of(len(months) - 3, 'earlier month')}" if len(months) > 3 else ""
    return ", ".join(months[-3:]) + earlier
