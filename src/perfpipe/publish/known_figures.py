"""Figures of one month as they were known at an instant, by today's definitions, plan and layouts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pandas as pd

from perfpipe.assess.assess import assess
from perfpipe.compute.compute import compute
from perfpipe.dates.months import Month
from perfpipe.job.job import Job, Sources, known_by, measure_rows


def figures_known_by(job: Job, sources: Sources, until: datetime, month: Month) -> pd.DataFrame:
    """`ASSESSED` of a month, from the extracts that had been received by an instant."""
    then = replace(job, month=month, months_back=0)
    figures = compute(measure_rows(then, known_by(then, sources, until)), then.measures)
    return assess(figures, then.plan, then.measures)
