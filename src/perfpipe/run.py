"""The spine: one run of one month, from received files to a published pack.

    receive -> read -> validate -> compute -> assess -> publish

`run_month` is the whole of it. The flows call the same stages, each wrapped as a task.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from perfpipe.assess.assess import SEEN, assess, with_revisions
from perfpipe.compute.consistency import disagreements
from perfpipe.compute.figure_cache import figures_of
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.datasets import DATASETS
from perfpipe.datasets.definition import Severity
from perfpipe.dates.months import Month
from perfpipe.job.job import Job, Sources, StoppingFaults, open_job
from perfpipe.ledger.hold import WorkspaceInUse, hold
from perfpipe.ledger.ledger import Ledger
from perfpipe.packs.charts.drawing_processes import Drawers
from perfpipe.publish.editions import AUDIENCE, Outcome, edition_folder
from perfpipe.publish.publish import publish, same_as_before
from perfpipe.receive.receive import Receipt, receive
from perfpipe.reconcile.action_reports import actions_not_in_plan
from perfpipe.reconcile.between_extracts import between_datasets, between_extracts
from perfpipe.reconcile.corrections_still_needed import standing_faults
from perfpipe.reconcile.speaks_for import authority_of, needed_months
from perfpipe.reconcile.usable_readings import usable_readings
from perfpipe.settings.settings import population_at
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.reading import faults_of

Progress = Callable[[str], None]

__all__ = [
    "Job",
    "Outcome",
    "Sources",
    "StoppingFaults",
    "WorkspaceInUse",
    "assess_figures",
    "compute_figures",
    "edition_folder",
    "hold",
    "last_seen",
    "open_job",
    "publish",
    "read_extracts",
    "receive_files",
    "run_month",
    "same_as_before",
    "speaking",
]  # fmt: skip


def run_month(
    workspace: Workspace, month: Month, *, reason: str = "", plan_of: str = "", progress: Progress = lambda _: None
) -> Outcome:
    """Run one month: receive, read, validate, compute, assess, publish.

    `plan_of`: a day or a hash, to publish with the plan of its time. Raises SettingsError, StoppingFaults or
    WorkspaceInUse; then nothing of the run exists.
    """
    # those that draw get ready while extracts are read
    with open_job(workspace, month, plan_of=plan_of) as job, Drawers() as drawers:
        progress("receive: looking for new files")
        received = receive_files(job)
        progress(f"receive: {received.new_deliveries} new deliveries")
        sources = read_extracts(job, received, progress)
        unchanged = same_as_before(job, sources, reason)
        if unchanged:
            return unchanged
        progress(f"compute: {len(job.measures)} measures, {len(job.months)} months")
        figures = compute_figures(job, sources)
        assessed = assess_figures(job, figures)
        progress("publish: charts and workbook")
        return publish(job, sources, assessed, reason, drawers)


def receive_files(job: Job) -> Receipt:
    """Take in what has been delivered. Raises StoppingFaults."""
    received = receive(job.workspace, job.settings, job.ledger)
    stops = [fault for fault in received.faults if fault.severity is Severity.STOP]
    if stops:
        raise StoppingFaults(stops)
    return received


def read_extracts(job: Job, received: Receipt, progress: Progress = lambda _: None) -> Sources:
    """Readings of all known extracts, made or from the cache, and who speaks for which month. Raises StoppingFaults."""
    readings, between = usable_readings(
        job.workspace,
        job.settings,
        job.plan,
        job.ledger,
        job.cut,
        lambda done, of: progress(f"read: {done} of {of} extracts"),
        earlier=job.plan_of is not None,
    )
    months = needed_months(job.measures, job.months)
    authorities = {dataset.id: authority_of(dataset, readings, months) for dataset in DATASETS}
    for authority in authorities.values():
        between += between_extracts(job.settings, authority, readings, job.month)
    between += between_datasets(job.settings, authorities, readings, job.month)
    between += actions_not_in_plan(job.plan, authorities, job.month, job.settings)
    if job.cut is None:  # what was known on a day is read with today's corrections, some of them of later records
        between += standing_faults(job.workspace, job.settings, job.ledger, readings)
    speaking_now = [
        authority.speaks[job.month].id for authority in authorities.values() if job.month in authority.speaks
    ]
    set_to_stop = [fault for fault in faults_of(job.ledger, speaking_now) if fault.severity is Severity.STOP]
    stops = [fault for fault in between if fault.severity is Severity.STOP] + set_to_stop
    if stops:
        raise StoppingFaults(stops)
    return Sources(readings, authorities, [*received.faults, *between])


def compute_figures(job: Job, sources: Sources) -> pd.DataFrame:
    """Figures of all measures for the months of the run; months for which nothing changed come from the last run.

    Raises StoppingFaults where two of them disagree about what must be one number.
    """
    kept_in = job.workspace.processed / "figures"
    figures = figures_of(speaking(job, sources), job.measures, kept_in, job.plan.how_it_counts)
    if stops := disagreements(figures, job.measures):
        raise StoppingFaults(stops)
    return figures


def speaking(job: Job, sources: Sources) -> MeasureRows:
    """The rows that speak for the months of the run."""
    declared = ((str(month), population_at(job.settings, month)) for month in job.months)
    population = {month: each.children for month, each in declared if each}
    return MeasureRows(sources.authorities, job.months, job.settings.authority.names, population, job.places)


def assess_figures(job: Job, figures: pd.DataFrame) -> pd.DataFrame:
    """Figures with status, direction, and whether they differ from what the audience last saw."""
    return with_revisions(
        assess(figures, job.plan, job.measures, job.settings.control_limits), last_seen(job.ledger, job.months)
    )


def last_seen(ledger: Ledger, months: Sequence[Month], before_run: int | None = None) -> pd.DataFrame | None:
    """What the audience saw last (before a run) of some months: the newest edition's figures with `KEY` and `SEEN`."""
    editions = [pack for pack in ledger.packs(AUDIENCE) if before_run is None or pack["run_id"] < before_run]
    if not editions:
        return None
    newest = editions[-1]
    first, last = max(str(months[0]), newest["first_month"]), min(str(months[-1]), newest["month"])
    return ledger.figures_as_of(newest["run_id"], first, last, SEEN)
