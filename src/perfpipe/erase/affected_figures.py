"""Which published figures would change with the rows that go: they are kept as they were published."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from perfpipe.compute.compute import compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month
from perfpipe.job.job import Job, Sources, measure_rows
from perfpipe.ledger.erasures import FigureOfMonth
from perfpipe.ledger.ledger import Ledger
from perfpipe.measures.definition import Measure
from perfpipe.measures.figure import FIGURES, KEY
from perfpipe.reconcile.speaks_for import needed_months, speaks_for_each
from perfpipe.reconcile.usable_readings import usable_readings
from perfpipe.validate.erased_people import People, person_hash
from perfpipe.validate.reading import rows_of

OF_MONTH = ["measure_id", "month", "period"]


def newest_run(ledger: Ledger) -> int:
    """The id of the newest run that published; 0 where there is none."""
    return max((run.id for run in ledger.runs() if run.is_done), default=0)


def published_months(ledger: Ledger) -> list[Month]:
    """The first and the last month of which figures were published; empty where none were."""
    runs = [run for run in ledger.runs() if run.is_done]
    return [min(run.first_month for run in runs), max(run.month for run in runs)] if runs else []


def published_figures(ledger: Ledger, measures: Sequence[Measure]) -> set[FigureOfMonth]:
    """The figures of some measures that were published, the newest of each."""
    span = published_months(ledger)
    if not span:
        return set()
    known = ledger.figures_as_of(newest_run(ledger), span[0], span[1], ["state"])
    mine = known[known["measure_id"].isin([each.id for each in measures])]
    return _figures_in(mine)


def sources_as_they_are(job: Job) -> Sources:
    """What figures are made from, whatever faults there are: an erasure does not wait for others to correct them."""
    readings = usable_readings(job.workspace, job.settings, job.plan, job.ledger).readings
    return Sources(readings, speaks_for_each(readings, needed_months(job.measures, job.months), job.measures), [])


def figures_with_rows_of(job: Job, sources: Sources, datasets: Collection[str], people: People) -> set[FigureOfMonth]:
    """The published figures that are others without the rows of some people in some datasets."""
    measures = [m for m in job.measures if any(each.id in datasets for each in m.basis.datasets)]
    if not measures or not published_months(job.ledger):
        return set()
    rows = measure_rows(job, sources)
    with_them, without = compute(rows, measures), compute(_without(rows, datasets, people), measures)
    names = [name for name in FIGURES.names if name not in KEY]
    both = with_them.merge(without, on=KEY, how="outer", suffixes=("", "_without"), indicator=True)
    same = both["_merge"] == "both"
    for name in names:
        one, other = both[name], both[f"{name}_without"]
        same &= (one == other) | (one.isna() & other.isna())
    return _figures_in(both[~same]) & published_figures(job.ledger, measures)


def _figures_in(figures: pd.DataFrame) -> set[FigureOfMonth]:
    chosen = figures[OF_MONTH].drop_duplicates()
    return {(str(a), Month.parse(str(b)), str(c)) for a, b, c in chosen.itertuples(index=False, name=None)}


def _without(rows: MeasureRows, datasets: Collection[str], people: People) -> MeasureRows:
    chosen = {name: rows.speaks_for[name] for name in datasets if rows.speaks_for[name].readings}
    usable = {
        name: others_rows(rows_of(list(each.readings.values())), each.dataset, people) for name, each in chosen.items()
    }
    left_out = {
        name: others_rows(rows.left_out(each.dataset), each.dataset, people).reset_index(drop=True)
        for name, each in chosen.items()
    }
    return rows.with_rows(usable, left_out)


def others_rows(rows: pd.DataFrame, dataset: Dataset, people: People) -> pd.DataFrame:
    """Typed rows without those of some people."""
    assert dataset.person is not None
    kind, column = dataset.person
    ids = rows[column].astype("object")
    gone = {each for each in ids.dropna().unique() if person_hash(people.key, kind, str(each)) in people.hashes}
    kept: pd.DataFrame = rows[~ids.isin(gone)].reset_index(drop=True)
    return kept
