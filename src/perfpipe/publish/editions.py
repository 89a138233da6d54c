"""Editions of a run: written beside, put in place, and whether the newest still stands as it was published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from perfpipe.dates.months import LONDON, Month
from perfpipe.history.seen import is_signed_off
from perfpipe.job.job import Job
from perfpipe.ledger.editions import (
    FINISHES,
    UnplacedEdition,
    edition_folder,
    edition_problems,
    folder_of,
    partial_of,
    settle_editions,
)
from perfpipe.ledger.hold import Tell
from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import EditionKind, PackAudience, RunRecord, RunState
from perfpipe.settings.workspace import Workspace

STATES = {
    EditionKind.EDITION: RunState.DONE,
    EditionKind.DRAFT: RunState.DRAFT,
    EditionKind.AS_KNOWN: RunState.AS_KNOWN,
}
EVERY_RUN = (PackAudience.BOARD, PackAudience.ANALYST)  # an edition for each, of one number
FAULTS_BOOK, LISTS_BOOK, REVISIONS_BOOK, TEAMS_BOOK = "faults.xlsx", "lists.xlsx", "revisions.xlsx", "teams.xlsx"


@dataclass(frozen=True)
class Outcome:
    """What a run did: its number, whether anything changed, the pack that is current now, faults by severity.

    `pack` is its workbook; `to_send` are its files under names that say whose and which they are, none in an edition
    from before there were any.
    `faults_book` is the analyst's workbook of faults; it stands outside the folder of the board. `missing`: datasets
    without an extract; `parts_missing`: those that lack a part, and which, in words; `comments`: how many measures
    owners wrote of, and `comments_left_out`, how many rows of theirs have faults. `is_draft`: it is no edition, as the
    month is signed off.
    """

    run_id: int
    changed: bool
    pack: Path
    faults_book: Path
    figures_written: int
    fault_counts: Mapping[str, int]
    missing: tuple[str, ...]
    parts_missing: tuple[str, ...] = ()
    to_send: tuple[Path, ...] = ()
    comments: int = 0
    comments_left_out: int = 0
    is_draft: bool = False


@contextmanager
def written_beside(workspace: Workspace, ledger: Ledger, folders: Sequence[Path]) -> Iterator[list[Path]]:
    """Folders beside those of new editions, to be written, synced to disk and committed.

    Afterwards, whatever happened, what was committed is in its place and the rest is gone. Raises MachineFailure.
    """
    partials = [partial_of(folder) for folder in folders]
    try:
        yield partials
    except BaseException:
        with suppress(OSError):  # the next run does it; what happened first is what is told
            settle_editions(workspace, ledger)
        raise
    settle_editions(workspace, ledger)
    for folder, partial in zip(folders, partials, strict=True):
        if partial.exists() and not folder.exists():
            place = folder.relative_to(workspace.root).as_posix()
            raise UnplacedEdition(
                f"The edition is published, but {place} could not be put in its place: it could not be read again. "
                f"Check the disk or the network share. {FINISHES}"
            )


def kind_of(job: Job) -> EditionKind:
    """What a run makes: as known on a day no edition; of a month that is signed off for a meeting to come a draft."""
    if job.cut is not None:
        return EditionKind.AS_KNOWN
    if is_signed_off(job.ledger, PackAudience.BOARD, job.month, job.started_at):
        return EditionKind.DRAFT
    return EditionKind.EDITION


def marking_of(job: Job) -> str:
    """What stands on every page of a pack that is no edition; empty for one that is."""
    if job.cut is not None:
        day = job.cut.astimezone(LONDON)
        return f"As known on {day.day} {Month.of(day.date()).label}: not as published"
    if kind_of(job) is EditionKind.DRAFT:
        return "Draft, not for the Board: this month is signed off"
    return ""


def edition_folders(job: Job, edition: int, kind: EditionKind) -> list[Path]:
    """The board's and the analyst's: both have one number."""
    return [edition_folder(job.workspace, job.month, edition, audience, kind) for audience in EVERY_RUN]


def runs_to_repeat(job: Job, kind: EditionKind) -> list[RunRecord]:
    """The runs of the month after which one of a kind may find nothing new: the newest edition, and for a draft or the
    like the newest of its kind.
    """
    done = [run for run in job.ledger.runs(month=job.month) if run.is_done]
    of_kind = [run for run in job.ledger.runs(month=job.month) if run.state is STATES[kind]]
    return list({run.id: run for run in (*done[-1:], *of_kind[-1:])}.values())


def standing_edition(job: Job, run: RunRecord, tell: Tell) -> list[Path]:
    """The folders of what a run published; empty where there is none, or it is not as it was published.

    `tell` hears what was changed in it.
    """
    newest: list[Path] = []
    of_run = {each.audience: each for each in job.ledger.editions() if each.run_id == run.id}
    for audience in EVERY_RUN:
        edition = of_run.get(audience)
        if edition is None:
            return []
        newest.append(folder := folder_of(job.workspace, edition))
        if problems := edition_problems(folder, edition.manifest_sha256):
            place = folder.relative_to(job.workspace.root).as_posix()
            found = "; ".join(problems)
            tell(f"{place} is not as it was published: {found}. It stays as it is, and a new edition is made.")
            return []
    return newest
