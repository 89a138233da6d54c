"""Publish: the pack of a run written beside, committed with its figures in one transaction, and put in place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from perfpipe.commentary.take_in import keep_commentary
from perfpipe.compute.staying_curve import staying_at
from perfpipe.history.last_meeting import last_meeting
from perfpipe.history.reasons import REASONS
from perfpipe.history.revision import Revision
from perfpipe.job.fingerprint import fingerprint_of
from perfpipe.job.job import Job, Sources, is_delivered, measure_rows
from perfpipe.ledger.editions import MANIFEST, TO_SEND, next_edition
from perfpipe.ledger.figure_frames import CHANGED_FIGURES
from perfpipe.ledger.history_tables import CELLS
from perfpipe.ledger.hold import Tell
from perfpipe.ledger.records import EditionKind, EditionRecord, PackAudience, RunState
from perfpipe.packs.charts.drawing_processes import Drawers, Pictures
from perfpipe.packs.content.shown_figures import shown_cells
from perfpipe.packs.models.pack import PackContent
from perfpipe.plan.write import keep_copy
from perfpipe.publish.changes import changes_since_last_run
from perfpipe.publish.commentary_changes import commentary_changes
from perfpipe.publish.editions import (
    EVERY_RUN,
    FAULTS_BOOK,
    LISTS_BOOK,
    REVISIONS_BOOK,
    STATES,
    TEAMS_BOOK,
    Outcome,
    edition_folders,
    kind_of,
    marking_of,
    runs_to_repeat,
    standing_edition,
    written_beside,
)
from perfpipe.publish.fault_content import correction_lines, faults_book, histories
from perfpipe.publish.known_figures import figures_known_by, moves_of
from perfpipe.publish.owner_books import owner_books
from perfpipe.publish.revisions import revisions_book, revisions_of_job
from perfpipe.publish.run_record import changed_figures, manifest_of, published_event, readings_used, record_of
from perfpipe.publish.summaries import (
    all_faults,
    extracts_used,
    fault_counts_of,
    fault_summary,
    missing_datasets,
    parts_missing,
    revision_of,
)
from perfpipe.reconcile.action_reports import plan_reported
from perfpipe.reconcile.fault_history import FaultHistory
from perfpipe.settings.kept_settings import keep_settings
from perfpipe.storage.failures import storing
from perfpipe.storage.files import sync_tree


def same_as_before(job: Job, sources: Sources, reason: str, tell: Tell = lambda _: None) -> Outcome | None:
    """If the month's newest run had the same fingerprint and its packs stand as published, record *unchanged*.

    Else None; `tell` hears what was changed in a pack.
    """
    fingerprint = fingerprint_of(job, sources)
    same = [run for run in runs_to_repeat(job, kind_of(job)) if run.fingerprint == fingerprint]
    if not same or not (folders := standing_edition(job, same[-1], tell)):
        return None
    with job.ledger.writing():
        run_id = job.ledger.add_run(record_of(job, sources, reason, RunState.UNCHANGED, same[-1].id), {}, [])
    return _outcome(job, sources, run_id, folders, 0, changed=False)


def publish(job: Job, sources: Sources, assessed: pd.DataFrame, reason: str, drawers: Drawers | None = None) -> Outcome:
    """Write the packs beside, commit run, figures and editions in one transaction, and put the packs in place."""
    ledger, kind = job.ledger, kind_of(job)
    edition = next_edition(job.workspace, ledger, job.month, EVERY_RUN, kind)
    folders = edition_folders(job, edition, kind)
    with (
        written_beside(job.workspace, ledger, folders) as partials,
        nullcontext(drawers) if drawers else Drawers() as ready,
    ):
        over_time = histories(job, sources)
        pictures = Pictures(ready)  # drawn by child processes while all else is worked out and written
        revisions = revisions_of_job(job, sources, assessed)
        content = _content(job, sources, assessed, over_time, pictures, revisions, reason, edition)
        with storing(partials[0].parent):
            _write_packs(job, sources, content, pictures, over_time, edition, partials, revisions)
        keep_copy(job.workspace.plan_file, job.plan_content)
        keep_settings(job.workspace, job.settings_content)
        keep_commentary(job.workspace, sources.commentary)
        for partial in partials:
            sync_tree(partial)
        # a draft's figures are in its pack alone: what is current, and what anybody saw, stays as it is
        is_edition = kind is EditionKind.EDITION
        changed = changed_figures(job, sources, assessed) if is_edition else CHANGED_FIGURES.empty()
        cells = shown_cells(content, assessed) if is_edition else CELLS.empty()
        record = record_of(job, sources, reason, STATES[kind], None)
        events = [
            *changes_since_last_run(ledger, job.workspace, record),
            *(commentary_changes(ledger, job.workspace, record, sources.commentary.comments) if is_edition else ()),
            published_event(record, kind, edition, job.role),
        ]
        with ledger.writing():
            run_id = ledger.add_run(record, readings_used(sources), sources.faults)
            for event in events:
                ledger.add_event(event)
            ledger.add_figures(run_id, changed)
            for audience, partial in zip(EVERY_RUN, partials, strict=True):
                manifest = hashlib.sha256((partial / MANIFEST).read_bytes()).hexdigest()
                pack_id = ledger.add_pack(EditionRecord(run_id, job.month, audience, edition, manifest, kind))
                ledger.add_cells(pack_id, cells if audience is PackAudience.BOARD else CELLS.empty())
    return _outcome(job, sources, run_id, folders, len(changed), changed=True)


def _outcome(
    job: Job, sources: Sources, run_id: int, folders: Sequence[Path], figures_written: int, *, changed: bool
) -> Outcome:
    board, analyst = folders
    return Outcome(
        run_id,
        changed,
        board / "board_pack.xlsx",
        analyst / FAULTS_BOOK,
        figures_written,
        fault_counts_of(job, sources),
        missing_datasets(job, sources),
        parts_missing(sources),
        tuple(sorted((board / TO_SEND).glob("*"))),
        len(sources.commentary.comments),
        sources.commentary.left_out,
        kind_of(job) is EditionKind.DRAFT,
    )


def _write_packs(
    job: Job,
    sources: Sources,
    content: PackContent,
    pictures: Pictures,
    over_time: Mapping[str, FaultHistory],
    edition: int,
    folders: Sequence[Path],
    revisions: Sequence[Revision],
) -> None:
    """The analyst's workbooks of faults, lists and revisions, not for the board's folder, and the board's pack."""
    from perfpipe.packs.edition import write_edition, write_manifest
    from perfpipe.packs.workbooks.faults_book import write_faults_book
    from perfpipe.packs.workbooks.lists_book import write_lists_book
    from perfpipe.packs.workbooks.revisions_sheet import write_revisions_book
    from perfpipe.packs.workbooks.team_book import write_team_book
    from perfpipe.publish.service_lists import lists_book
    from perfpipe.publish.team_lists import team_book

    board, analyst = folders
    for folder in folders:
        folder.mkdir(parents=True)
    manifest = manifest_of(job, sources, edition, kind_of(job), content.reason)
    faults = faults_book(job, sources, over_time, analyst)
    write_faults_book(faults, analyst / FAULTS_BOOK)
    by_owner = owner_books(faults)
    for path, book in by_owner.items():
        (analyst / path).parent.mkdir(exist_ok=True)
        write_faults_book(book, analyst / path)
    write_lists_book(lists_book(job, sources), analyst / LISTS_BOOK)
    write_team_book(team_book(job, sources), analyst / TEAMS_BOOK)
    write_revisions_book(revisions_book(job, content, revisions), analyst / REVISIONS_BOOK)
    books = [analyst / name for name in (FAULTS_BOOK, LISTS_BOOK, TEAMS_BOOK, REVISIONS_BOOK, *by_owner)]
    write_manifest(analyst, manifest | {"audience": PackAudience.ANALYST}, books)
    write_edition(content, board, manifest, pictures)


def _content(
    job: Job,
    sources: Sources,
    assessed: pd.DataFrame,
    over_time: Mapping[str, FaultHistory],
    pictures: Pictures,
    revisions: Sequence[Revision],
    reason: str,
    edition: int,
) -> PackContent:
    from perfpipe.packs.content.board_pack import DataBehind, PackHead, build_content

    head = PackHead(
        month=job.month,
        authority=job.settings.authority.name,
        audience=PackAudience.BOARD,
        fingerprint=fingerprint_of(job, sources),
        known_at=sources.known_at,
        low_base=job.settings.low_base,
        marking=marking_of(job),
        reason=REASONS.get(reason, reason),
        edition=f"{kind_of(job).replace('_', ' ')} {edition}",
    )
    data = DataBehind(
        faults=fault_summary(all_faults(job, sources)),
        extracts=extracts_used(job, sources),
        histories=over_time,
        corrections=correction_lines(job, sources),
        last_meeting=last_meeting(
            job.ledger, job.plan, job.month, sources.known_at, job.seen, partial(figures_known_by, job, sources)
        ),
        revisions=revisions if job.seen else None,
        moves=moves_of(job, assessed),
        staying=staying_at(measure_rows(job, sources), job.month),
        commentary=sources.commentary,
    )
    plan = plan_reported(job.plan, sources.speaks_for, job.month)
    delivered = tuple(each for each in job.measures if is_delivered(job, sources.speaks_for[each.basis.dataset.id]))
    content = build_content(assessed, head, plan, delivered, data, comparators=job.comparators, begin=pictures.begin)
    return replace(content, plan_title=f"{content.plan_title}, {revision_of(job)}") if job.plan_of else content
