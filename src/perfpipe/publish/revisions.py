"""The revisions of a run that publishes, and of an edition that is published, with their causes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from perfpipe.assess.assess import with_revisions
from perfpipe.dates.months import Month, month_range
from perfpipe.history.causes import PresentFigures, revisions_of
from perfpipe.history.inputs import ErasedError, Inputs, ReadingMaker, inputs_of_run
from perfpipe.history.revision import Revision
from perfpipe.history.seen import last_shown, seen_by_run
from perfpipe.job.fingerprint import code_version
from perfpipe.job.job import Job, Sources, open_job
from perfpipe.ledger.records import PackAudience
from perfpipe.measures.definition import Measure
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.models.revisions import RevisionsBook
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace


@dataclass(frozen=True)
class EditionRevisions:
    """Of an edition the figures that differ from what was seen; `seen`: whether anything ever was."""

    month: Month
    edition: int
    seen: bool
    revisions: Sequence[Revision]
    measures: Sequence[Measure]


def revisions_of_job(job: Job, sources: Sources, assessed: pd.DataFrame) -> list[Revision]:
    """Every figure of a run that is marked as revised, and why. Without extracts read again where none is needed."""
    if not job.seen or not assessed["revised"].any():
        return []
    with ReadingMaker.of(job.workspace, job.ledger, job.settings) as maker:
        maker.already(job.settings, sources.readings)
        extracts = frozenset((each.extract_id, each.folder) for each in sources.readings)
        present = PresentFigures(Inputs(extracts, job.settings, job.plan, job.places), code_version(), assessed)
        shown = last_shown(job.ledger, job.seen, job.months)
        return revisions_of(maker, present, shown, job.measures, code_version(), job.explained)


def revisions_book(job: Job, content: PackContent, revisions: Sequence[Revision]) -> RevisionsBook:
    """The analyst's workbook: every revision, also of measures that the Board is not shown, and the rows behind."""
    from perfpipe.packs.content.board_pack import AUDIENCES
    from perfpipe.packs.content.revisions import record_lines, revision_table

    return RevisionsBook(
        authority=content.authority,
        month_label=content.month_label,
        audience=AUDIENCES["analyst"],
        fingerprint=content.fingerprint,
        table=revision_table(revisions if job.seen else None, job.measures),
        records=record_lines(revisions),
    )


def revisions_of_edition(workspace: Workspace, month: Month) -> EditionRevisions:
    """The revisions of a month's newest edition against what the Board had seen when its run started.

    While a run is in progress it looks at the workspace and changes nothing. Raises SettingsError.
    """
    with open_job(workspace, month, look=True) as job:
        editions = job.ledger.packs(PackAudience.BOARD, month)
        if not editions:
            raise SettingsError([f"{month} has no edition yet; `perfpipe run {month}` makes one"])
        run = job.ledger.run(editions[-1].run_id)
        months = month_range(run.first_month, run.month)
        seen = seen_by_run(job.ledger, job.plan, run.id)
        shown = last_shown(job.ledger, seen, months)
        figures = with_revisions(job.ledger.figures_as_of(run.id, months[0], months[-1]), shown)
        with ReadingMaker.of(job.workspace, job.ledger, job.settings) as maker:
            try:
                inputs = inputs_of_run(job.workspace, maker, run)
            except ErasedError:
                inputs = None
            present = PresentFigures(inputs, run.code_version, figures)
            found = revisions_of(maker, present, shown, job.measures, code_version())
        return EditionRevisions(month, editions[-1].edition, bool(seen), found, job.measures)
