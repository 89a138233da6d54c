"""Figures of months for which nothing has changed since the last run, kept so that they are not computed anew.

A month's figures follow from the readings that speak for the months its measures look at, whose children are ours, the
population, the table of places, what the plan says of counting, the measures, and the source of what computes: under
the same key they are the same. The file can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from perfpipe.compute.compute import FIGURE_COLUMNS, KEY, compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import Month
from perfpipe.measures.definition import Measure
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.source_code import source_identity

MADE_BY = ("perfpipe.compute.figure_cache", "perfpipe.measures", "perfpipe.plan.manual_measures")
"""The modules from which on code computes figures: what computes, and what makes the measures."""


def figures_of(speaking: MeasureRows, measures: Sequence[Measure], folder: Path, how_it_counts: str) -> pd.DataFrame:
    """As `compute`, sorted by key.

    `folder`: where figures are kept; `how_it_counts`: what the plan says of counting (`Plan.how_it_counts`).
    """
    decided = [source_identity(*MADE_BY), how_it_counts]
    datasets = {measure.dataset.id: measure.dataset for measure in measures}
    parts = [
        _of_dataset(speaking, dataset, [m for m in measures if m.dataset is dataset], folder, decided)
        for dataset in datasets.values()
    ]
    return pd.concat(parts).sort_values(KEY, ignore_index=True)


def _of_dataset(
    speaking: MeasureRows, dataset: Dataset, measures: Sequence[Measure], folder: Path, decided: Sequence[str]
) -> pd.DataFrame:
    beside = {measure.beside.id for measure in measures if measure.beside}
    authorities = [speaking.authorities[name] for name in (dataset.id, *sorted(beside))]
    back = max(measure.reach for measure in measures)
    looked_at = {
        month: [_months_looked_at(authority, back, month) for authority in authorities] for month in speaking.months
    }
    made_by = [*decided, *(f"{measure.id} {measure.code} {measure.version}" for measure in measures)]
    keys = {str(month): _key(speaking, authorities, looked_at[month], month, made_by) for month in speaking.months}
    path = folder / f"{dataset.id}.parquet"
    kept = _read(path)
    known = kept[kept["month"].map(keys) == kept["made_from"]]
    months_known = set(known["month"])
    anew = [month for month in speaking.months if str(month) not in months_known]
    if not anew:
        return known[list(FIGURE_COLUMNS)]
    only = {}
    for number, authority in enumerate(authorities):
        seen = {month for reporting in anew for month in looked_at[reporting][number]}
        speaks = {month: reading for month, reading in authority.speaks.items() if month in seen}
        only[authority.dataset.id] = SpeaksFor(authority.dataset, speaks, [])
    made = compute(MeasureRows(only, anew, speaking.our_names, speaking.population, speaking.places), measures)
    elsewhere = kept[~kept["month"].isin(keys)]
    _write(pd.concat([elsewhere, known, made.assign(made_from=made["month"].map(keys))], ignore_index=True), path)
    return pd.concat([known[list(FIGURE_COLUMNS)], made])


def _months_looked_at(authority: SpeaksFor, back: int, month: Month) -> list[Month]:
    """The month and those `back` before it; all before it where a source selects by the start of its records.

    A record of such a source is spoken for by the month it started in, whatever month its event is in.
    """
    if any(reading.selects_by is Selects.STARTED for reading in authority.readings.values()):
        return [m for m in authority.speaks if m <= month]
    first = month - back
    return [m for m in authority.speaks if first <= m <= month]


def _key(
    speaking: MeasureRows,
    authorities: Sequence[SpeaksFor],
    months: Sequence[Sequence[Month]],
    month: Month,
    made_by: Sequence[str],
) -> str:
    readings = [
        [(str(each), authority.speaks[each].id) for each in sorted(looked_at)]
        for authority, looked_at in zip(authorities, months, strict=True)
    ]
    places = speaking.places.sha256 if speaking.places else ""
    content = json.dumps([made_by, sorted(speaking.our_names), speaking.population.get(str(month)), places, readings])
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _read(path: Path) -> pd.DataFrame:
    """What is kept; nothing where there is no file, or one that cannot be read or is of another version."""
    columns = {**FIGURE_COLUMNS, "made_from": "str"}
    try:
        return pd.read_parquet(path)[list(columns)].astype(columns)
    except (OSError, ValueError, KeyError):
        return _nothing()


@cache
def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=[*FIGURE_COLUMNS, "made_from"]).astype({**FIGURE_COLUMNS, "made_from": "str"})


def _write(figures: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.part")
    figures.to_parquet(beside, index=False)
    os.replace(beside, path)
