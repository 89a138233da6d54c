"""Figures on social workers alone, for one month, from a staff list and workforce totals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from perfpipe.compute.compute import compute
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.dates.months import Month
from perfpipe.measures import caseloads, retention, turnover, workforce_rates
from perfpipe.measures.definition import Measure
from perfpipe.run import open_job, receive_files, sources_of
from perfpipe.settings.workspace import Workspace
from tests.workspaces import Row, deliver, new_workspace, spell

MEASURES = (*retention.MEASURES, *turnover.MEASURES, *workforce_rates.MEASURES, *caseloads.MEASURES)
M = "2017-09"
OLD = spell("OLD", "01/01/2010", cases="0")  # gives the list its history
EXCLUSIVE = (
    '[[layouts.social_workers]]\nname = "hr"\ndate_order = "day_first"\nfiles = ["people.csv"]\n'
    'left_on_is = "first_day_not_in_post"\n[layouts.social_workers.columns]\n'
)


def staff_figures(workspace: Workspace, *months: str, measures: Sequence[Measure] = MEASURES) -> pd.DataFrame:
    """The figures of every measure of social workers, unless others are named, for one month or some."""
    asked = [Month.parse(month) for month in months or (M,)]
    with open_job(workspace, asked[-1]) as job:
        sources = sources_of(job, receive_files(job))
        return compute(MeasureRows(sources.speaks_for, asked, job.settings.authority.names), measures)


def workforce(
    root: Path, *rows: Row, month: str = M, totals: Sequence[Row] = (), first_day_not_in_post: bool = False
) -> pd.DataFrame:
    """The figures for a month from the staff list of its extract, and from workforce totals where given.

    `first_day_not_in_post`: what the list's end dates are, in place of the last day worked.
    """
    workspace = new_workspace(root)
    if first_day_not_in_post:
        columns = "".join(f'{"cases_count" if c == "cases" else c} = "{c}"\n' for c in {**OLD, **rows[0]})
        with open(workspace.settings_file, "a", encoding="utf-8") as file:
            file.write(EXCLUSIVE + columns)
    headers = {name: "" for row in rows for name in row}
    listed = [headers | row for row in (OLD, *rows)]
    deliver(workspace, month, "social_workers", listed, name="people.csv" if first_day_not_in_post else None)
    if totals:
        deliver(workspace, month, "workforce_monthly", totals)
    return staff_figures(workspace, month)


def full_time_equivalents(name: str, fte: str, start: str, end: str = "", **values: str) -> list[Row]:
    """As many full-time workers as fit, and one for what is left of the FTE."""
    whole, _, part = fte.partition(".")
    shares = ["1"] * int(whole) + ([f"0.{part}"] if part else [])
    return [spell(f"{name}{number}", start, end, fte=share, **values) for number, share in enumerate(shares)]
