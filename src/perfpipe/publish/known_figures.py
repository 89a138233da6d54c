"""Figures as they were known at an instant, by today's definitions, plan and layouts, and how far they moved since."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pandas as pd

from perfpipe.assess.assess import assess
from perfpipe.compute.compute import compute
from perfpipe.dates.months import Month
from perfpipe.history.first_figures import MeanRevision, due_at, mean_revisions
from perfpipe.history.frozen_figures import with_published
from perfpipe.history.input_figures import only
from perfpipe.job.job import Job, Sources, known_by, measure_rows
from perfpipe.measures.words import State


def figures_known_by(job: Job, sources: Sources, until: datetime, month: Month) -> pd.DataFrame:
    """`ASSESSED` of a month, from the extracts that had been received by an instant.

    Of the whole authority, of measures with a target: all of them take a fifth of a run. Of every measure where none of
    these has a figure.
    """
    then = replace(job, month=month, months_back=0)
    rows = measure_rows(then, known_by(then, sources, until))
    figures = compute(rows, [only(each) for each in then.measures if each.id in then.plan.targets])
    if not (figures["state"] == State.OK).any():
        figures = compute(rows, then.measures)
    here = set(figures["breakdown"])
    figures = with_published(figures, job.ledger, until)
    figures = figures[figures["breakdown"].isin(here)].reset_index(drop=True)
    return assess(figures, then.plan, then.measures)


def moves_of(job: Job, assessed: pd.DataFrame) -> dict[tuple[str, str], MeanRevision]:
    """How far figures of a run's months moved from the first to those of the run, by measure and period.

    As known on a day only by what was due by then.
    """
    kept = job.ledger.first_figures()
    days = job.settings.first_figures_due_days
    late = {cut for cut in set(kept["cut"]) if due_at(Month.parse(cut), days) > (job.cut or job.started_at)}
    return mean_revisions(kept[~kept["cut"].isin(late)], assessed)
