"""What two extracts say of the same child: the cross checks of `datasets.cross_checks` between those of a month."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import pandas as pd

from perfpipe.datasets.comparable_rows import ComparableRows
from perfpipe.datasets.cross_checks import BEFORE, CROSS_CHECKS, MISSING, PLACED, CrossCheck
from perfpipe.datasets.definition import Selects
from perfpipe.dates.months import Month, local_month
from perfpipe.faults.fault import COMPARED, Address, Fault, fault_of
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.rules.between import CROSS_CHECKS_NOT_MADE
from perfpipe.validate.reading import Reading, extract_before

ALL_OPEN_IN_SPAN = (Selects.OVERLAP, Selects.ENDED)  # a source that selects so holds every record open in its span


def cross_check_faults(
    speaks_for: Mapping[str, SpeaksFor], readings: Sequence[Reading], month: Month, our_names: frozenset[str]
) -> list[Fault]:
    """The faults between the extracts used for a month, each with the address of the row to correct.

    Missing episodes of children for whom another authority is responsible are not compared, nor those that began in
    months which the placements extract does not cover. Checks that cannot be made are reported (`info`).
    """
    missing, placed = (speaks_for[name].by_month.get(month) for name in (MISSING, PLACED))
    if placed is None:
        return [_not_made(PLACED, MISSING, month, _no_extract(PLACED, month))] if missing else []
    before = extract_before(placed, readings)
    faults: list[Fault] = []
    if missing is None:
        faults.append(_not_made(MISSING, PLACED, month, _no_extract(MISSING, month)))
    elif placed.selects_by not in ALL_OPEN_IN_SPAN:
        holds = f"{placed.name} does not hold every placement open in its months"
        faults.append(_not_made(PLACED, MISSING, month, holds))
        missing = None
    placements = placed.rows()
    compared = ComparableRows(
        missing=_comparable(missing.rows(), placed, our_names) if missing else speaks_for[MISSING].dataset.empty(),
        placements=placements,
        placements_before=before.rows() if before else placements.head(0),
    )
    for check in CROSS_CHECKS:
        ready = before if check.against == BEFORE else missing
        source = placed if check.of == PLACED else missing
        if ready and source:
            rows = compared.placements if check.of == PLACED else compared.missing
            broken = check.finds(compared)
            other = before if check.against == BEFORE else placed
            beside = _rows_beside(check, compared, other, broken) if other else {}
            faults += [
                fault_of(check.rule, source.at(int(row), check.column), check.found + beside.get(index, ""))
                for index, row in rows.loc[broken, "source_row"].items()
            ]
    return faults


def _rows_beside(
    check: CrossCheck, compared: ComparableRows, other: Reading, broken: pd.Series[bool]
) -> dict[Hashable, str]:
    """By the index of each row that breaks a rule, words for the row of the other extract."""
    if check.other_row is None:
        return {}
    found = check.other_row(compared)[broken].dropna()
    places = {index: other.at(int(row)) for index, row in found.items()}
    return {
        index: f"{COMPARED}{at.file}{f', sheet {at.sheet}' if at.sheet else ''}, row {at.row}"
        for index, at in places.items()
    }


def _comparable(rows: pd.DataFrame, placed: Reading, our_names: frozenset[str]) -> pd.DataFrame:
    """Episodes of our own children that began in the months of the placements extract."""
    names = rows["responsible_la"].str.strip().str.casefold()
    months = local_month(rows["missing_from"])
    covered = months.between(str(placed.first_month), str(placed.last_month))
    ours: pd.DataFrame = rows[covered & (names.isna() | names.isin(our_names))]
    return ours


def _no_extract(dataset: str, month: Month) -> str:
    return f"no extract of {dataset} that can be used for {month}"


def _not_made(lacking: str, other: str, month: Month, why: str) -> Fault:
    return fault_of(CROSS_CHECKS_NOT_MADE, Address(lacking, ""), why, lacking=lacking, other=other, month=month)
