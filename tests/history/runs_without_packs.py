"""Runs that publish no pack: their figures, and what an edition would have shown, are in the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import partial

import pandas as pd

from perfpipe.compute.compute import compute
from perfpipe.dates.months import Month
from perfpipe.history.causes import PresentFigures, revisions_of
from perfpipe.history.explained import Explained
from perfpipe.history.inputs import Extract, Inputs, ReadingMaker
from perfpipe.history.last_meeting import as_cells
from perfpipe.history.revision import Revision
from perfpipe.history.seen import last_shown
from perfpipe.job.fingerprint import code_version
from perfpipe.job.job import Job, Sources, measure_rows
from perfpipe.ledger.history_records import ReleasedBy, ReleaseRecord
from perfpipe.ledger.records import EditionRecord, PackAudience, RunState
from perfpipe.plan.write import keep_copy
from perfpipe.publish.run_record import changed_figures, readings_used, record_of
from perfpipe.run import assess_figures, open_job, receive_files, sources_of
from perfpipe.settings.kept_settings import keep_settings
from perfpipe.settings.workspace import Workspace

BOARD = PackAudience.BOARD
FEW = {"missing_episodes", "rhi_accepted", "rhi_within_72h", "rhi_completed", "rhi_median_hours",
       "children_looked_after", "three_or_more_placements", "in_foster_care"}  # fmt: skip


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


@contextmanager
def assessed(workspace: Workspace, month: Month, day: date, back: int) -> Iterator[tuple[Job, Sources, pd.DataFrame]]:
    """A job of a day with the assessed figures of a few measures whose dataset has been sent."""
    with open_job(workspace, month, months_back=back, started_at=noon(day)) as job:
        sources = sources_of(job, receive_files(job))
        sent = {reading.dataset.id for reading in sources.readings}
        measures = [measure for measure in job.measures if measure.basis.dataset.id in sent and measure.id in FEW]
        yield job, sources, assess_figures(job, compute(measure_rows(job, sources), measures))


def release_run(workspace: Workspace, month: Month, day: date, back: int = 5) -> pd.DataFrame:
    """Run a month on a day and release what it shows on the same day; gives the figures."""
    with assessed(workspace, month, day, back) as (job, sources, figures):
        record_released(job, sources, figures, day)
        return figures


def record_released(job: Job, sources: Sources, figures: pd.DataFrame, day: date) -> None:
    """Record a run, the edition that it would have published, and that the Board saw it that day."""
    ledger = job.ledger
    keep_copy(job.workspace.plan_file, job.plan_content)
    keep_settings(job.workspace, job.settings_content)
    changed = changed_figures(job, sources, figures)
    number = len(ledger.packs(BOARD, job.month)) + 1
    release = partial(ReleaseRecord, audience=BOARD, released_on=day, released_by=ReleasedBy.PERSON)
    with ledger.writing():
        run_id = ledger.add_run(record_of(job, sources, "", RunState.DONE, None), readings_used(sources), [])
        ledger.add_figures(run_id, changed)
        pack = ledger.add_pack(EditionRecord(run_id, job.month, BOARD, number, "0" * 64))
        ledger.add_cells(pack, as_cells(figures))
        ledger.add_release(release(pack, role="performance", login="me", note="", recorded_at=noon(day)))


def inputs_of(job: Job, sources: Sources) -> Inputs:
    extracts: frozenset[Extract] = frozenset((each.extract_id, each.folder) for each in sources.readings)
    return Inputs(extracts, job.settings, job.plan, job.places)


def revisions_on(workspace: Workspace, month: Month, day: date, back: int = 5) -> list[Revision]:
    """The revisions that a run of a day would find, with their causes."""
    with assessed(workspace, month, day, back) as (job, sources, figures):
        return explained(job, sources, figures)


def explained(job: Job, sources: Sources, figures: pd.DataFrame, before: Explained | None = None) -> list[Revision]:
    with ReadingMaker.of(job.workspace, job.ledger, job.settings) as maker:
        maker.already(job.settings, sources.readings)
        present = PresentFigures(inputs_of(job, sources), code_version(), figures)
        shown = last_shown(job.ledger, job.seen, job.months)
        return revisions_of(maker, present, shown, job.measures, code_version(), before)
