"""Figures as they were known on a day, and the job that says so: from the extracts that had been received by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

import pandas as pd

from perfpipe.assess.assess import assess
from perfpipe.dates.months import Month
from perfpipe.job.job import Job, Sources
from perfpipe.ledger.column_types import iso
from perfpipe.ledger.hold import Tell, hold_or_look
from perfpipe.measures.definition import Measure
from perfpipe.questions.printed_figures import CONTRACT, PRINTED, place_of
from perfpipe.receive.receive import Receipt, receive
from perfpipe.reconcile.speaks_for import MONTHS_SHOWN
from perfpipe.rules.rule import STOP
from perfpipe.run import compute_figures, cut_of, open_job, sources_of
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace


def figures_as_known(
    workspace: Workspace, day: date, month: Month | None = None, tell: Tell = lambda _: None
) -> pd.DataFrame:
    """Figures from deliveries received by a day alone, with today's layouts, plan and definitions. Not stored.

    Same columns; `run_id` is missing, `known_at` is the last receipt used. `tell` hears if files could not be received.
    Raises SettingsError, StoppingFaults.
    """
    with job_as_known(workspace, day, month, tell) as (job, sources):
        figures = compute_figures(job, sources)
        assessed = assess(figures, job.plan, job.measures, job.settings.control_limits)
        if month:
            assessed = assessed[assessed["month"] == str(month)]
        return _printed(assessed, sources.known_at, job.measures)


def _printed(assessed: pd.DataFrame, known_at: datetime | None, measures: Sequence[Measure]) -> pd.DataFrame:
    """Assessed figures as `PRINTED`, in the order in which they are printed."""
    moment = iso(known_at) if known_at else None
    unknown = assessed.assign(run_id=None, known_at=pd.Series(moment, index=assessed.index, dtype="str"))
    printed = unknown[[*CONTRACT]].astype({"run_id": "Int64"})
    place, rows = place_of(measures), list(printed.itertuples(index=False, name=None))
    order = sorted(range(len(rows)), key=lambda number: place(rows[number]))
    return PRINTED.checked(printed.iloc[order].reset_index(drop=True))


@contextmanager
def job_as_known(
    workspace: Workspace, day: date | None, month: Month | None, tell: Tell = lambda _: None
) -> Iterator[tuple[Job, Sources]]:
    """A job over the deliveries received by a day (None: all of them), after new files have been received.

    For one month alone, or (None) for the latest there is and all those that packs show with it. While a run is in
    progress it looks at the workspace and changes nothing there. `tell` hears that, and if files could not be received.
    """
    cut = cut_of(day)
    months_back = 0 if month else MONTHS_SHOWN - 1
    latest = month or _latest_month(workspace, cut)
    with open_job(workspace, latest, cut, months_back, tell=tell, look=True) as job:
        waiting = [fault for fault in receive(job.workspace, job.settings, job.ledger).faults if fault.severity == STOP]
        if waiting:
            tell(f"not received: {', '.join(fault.file for fault in waiting)}; `perfpipe check` says why")
        yield job, sources_of(job, Receipt(0, []))


def _latest_month(workspace: Workspace, cut: datetime | None) -> Month:
    from perfpipe.validate.months_covered import folder_months

    settings = workspace.settings()
    with hold_or_look(workspace) as (looked_at, ledger):
        receive(looked_at, settings, ledger)
        known = ledger.extracts_known(cut)
    if not known:
        what = "nothing had been received by then; a delivery note can say when files came"
        raise SettingsError([f"{workspace.root}: {what}"])
    return max(folder_months(extract.folder, settings)[1] for extract in known)
