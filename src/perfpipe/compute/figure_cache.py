"""Figures of months for which nothing has changed since the last run, kept so that they are not computed again.

A month's figures follow from the readings that speak for the months its measures look at, whose children are ours, the
population, the table of places, bank holidays that settings add, what the plan says of counting, the measures, and the
source of what computes: under the same key they are the same. The file can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from perfpipe.compute.compute import compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import Month
from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.ledger.cached_files import hashes_of, is_cached, write_cached
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures.definition import Measure
from perfpipe.measures.figure import FIGURES, KEY
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.settings.workspace import Workspace
from perfpipe.source_code import source_identity

MADE_BY = ("perfpipe.compute.figure_cache", "perfpipe.measures", "perfpipe.plan.manual_measures")
"""The modules from which on code computes figures: what computes, and what makes the measures."""

MADE_FROM = FrameColumn("made_from", "str", "a hash of what it was made from")
CACHED = Frame("cached figures", (*FIGURES.columns, MADE_FROM), FIGURES.key)


class _Store:
    """The files of figures that are kept, one for each dataset. One that is not as it was written counts as none."""

    def __init__(self, workspace: Workspace, ledger: Ledger) -> None:
        self._workspace, self._ledger = workspace, ledger
        self._hashes = ledger.cached_files()

    def read(self, dataset_id: str) -> pd.DataFrame:
        """What is kept; nothing where there is no file, or one that is damaged or of another version."""
        path = self._path(dataset_id)
        if not is_cached(self._workspace, path, self._hashes):
            return CACHED.empty()
        try:
            return pd.read_parquet(path)[CACHED.names].astype(CACHED.dtypes)
        except (OSError, ValueError, KeyError):
            return CACHED.empty()

    def write(self, figures: pd.DataFrame, dataset_id: str) -> None:
        """Keep figures in place of those before. Raises MachineFailure."""
        path = self._path(dataset_id)
        write_cached(figures, path)
        with self._ledger.writing():
            self._ledger.add_cached_files(hashes_of(self._workspace, path))

    def _path(self, dataset_id: str) -> Path:
        return self._workspace.processed / "figures" / f"{dataset_id}.parquet"


def figures_of(
    measure_rows: MeasureRows, measures: Sequence[Measure], workspace: Workspace, how_it_counts: str, ledger: Ledger
) -> pd.DataFrame:
    """`FIGURES` as `compute` makes them, sorted by key.

    Kept in `data/processed/figures` of the workspace, with their hashes in the ledger. `how_it_counts`: what the plan
    says of counting (`Plan.how_it_counts`).
    """
    store = _Store(workspace, ledger)
    decided = [source_identity(*MADE_BY), how_it_counts, *map(str, sorted(measure_rows.bank_holidays))]
    datasets = {measure.basis.dataset.id: measure.basis.dataset for measure in measures}
    parts = [
        _of_dataset(measure_rows, dataset, [m for m in measures if m.basis.dataset is dataset], store, decided)
        for dataset in datasets.values()
    ]
    return FIGURES.checked(pd.concat(parts).sort_values(KEY, ignore_index=True))


def _of_dataset(
    measure_rows: MeasureRows, dataset: Dataset, measures: Sequence[Measure], store: _Store, decided: Sequence[str]
) -> pd.DataFrame:
    beside = {measure.basis.beside.id for measure in measures if measure.basis.beside}
    sources = [measure_rows.speaks_for[name] for name in (dataset.id, *sorted(beside))]
    back = max(measure.reach for measure in measures)
    ahead = 1 if any(measure.basis.ahead_days for measure in measures) else 0
    looked_at = {
        month: [months_looked_at(each, back, ahead, month) for each in sources] for month in measure_rows.months
    }
    made_by = [*decided, *(f"{measure.id} {measure.code} {measure.version}" for measure in measures)]
    keys = {str(month): _key(measure_rows, sources, looked_at[month], month, made_by) for month in measure_rows.months}
    kept = store.read(dataset.id)
    known = kept[kept["month"].map(keys) == kept["made_from"]]
    months_known = set(known["month"])
    again = [month for month in measure_rows.months if str(month) not in months_known]
    if not again:
        return known[FIGURES.names]
    only = {}
    for number, speaks_for in enumerate(sources):
        seen = {month for reporting in again for month in looked_at[reporting][number]}
        by_month = {month: reading for month, reading in speaks_for.by_month.items() if month in seen}
        only[speaks_for.dataset.id] = SpeaksFor(speaks_for.dataset, by_month, [])
    ours = (measure_rows.our_names, measure_rows.population, measure_rows.places, measure_rows.bank_holidays)
    made = compute(MeasureRows(only, again, *ours), measures)
    elsewhere = kept[~kept["month"].isin(keys)]
    told = made.assign(made_from=made["month"].map(keys))
    store.write(pd.concat([elsewhere, known, told], ignore_index=True), dataset.id)
    return pd.concat([known[FIGURES.names], made])


def months_looked_at(speaks_for: SpeaksFor, back: int, ahead: int, month: Month) -> list[Month]:
    """The month, those `back` before it and those `ahead` of it; all before it where a source selects by start.

    A record of such a source is spoken for by the month it started in, whatever month its event is in.
    """
    if any(reading.selects_by is Selects.STARTED for reading in speaks_for.readings.values()):
        return [m for m in speaks_for.by_month if m <= month + ahead]
    first = month - back
    return [m for m in speaks_for.by_month if first <= m <= month + ahead]


def _key(
    measure_rows: MeasureRows,
    sources: Sequence[SpeaksFor],
    months: Sequence[Sequence[Month]],
    month: Month,
    made_by: Sequence[str],
) -> str:
    readings = [
        [(str(each), speaks_for.by_month[each].id) for each in sorted(looked_at)]
        for speaks_for, looked_at in zip(sources, months, strict=True)
    ]
    places = measure_rows.places.sha256 if measure_rows.places else ""
    content = json.dumps(
        [made_by, sorted(measure_rows.our_names), measure_rows.population.get(str(month)), places, readings]
    )
    return hashlib.sha256(content.encode()).hexdigest()[:32]
