"""Editions: where they stand, written beside and put in place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from perfpipe.dates.months import Month
from perfpipe.job.job import Job
from perfpipe.ledger.records import PackAudience
from perfpipe.settings.workspace import Workspace

EVERY_RUN = (PackAudience.BOARD, PackAudience.ANALYST)  # an edition for each, of one number
FAULTS_BOOK, LISTS_BOOK = "faults.xlsx", "lists.xlsx"


@dataclass(frozen=True)
class Outcome:
    """What a run did: its number, whether anything changed, the pack that is current now, faults by severity.

    `faults_book` is the analyst's workbook of faults; it stands outside the folder of the board. `missing`: datasets
    without an extract; `parts_missing`: the parts for want of which, in words.
    """

    run_id: int
    changed: bool
    pack: Path
    faults_book: Path
    figures_written: int
    fault_counts: Mapping[str, int]
    missing: tuple[str, ...]
    parts_missing: tuple[str, ...] = ()


@contextmanager
def written_beside(folders: Sequence[Path]) -> Iterator[list[Path]]:
    """Folders beside those of new editions, to be written and put in their place; gone afterwards, whatever happens.

    What an edition that never committed has left is taken away before: no row of the ledger knows it.
    """
    partials = [folder.with_name(f".{folder.name}.partial") for folder in folders]
    for leftover in (*partials, *folders):
        if leftover.exists():
            shutil.rmtree(leftover)
    try:
        yield partials
    finally:
        for partial in partials:
            shutil.rmtree(partial, ignore_errors=True)


def edition_folder(
    workspace: Workspace, month: Month, edition: int, audience: PackAudience = PackAudience.BOARD
) -> Path:
    """Where an edition stands: `reports/<month>/<audience>/<edition>`."""
    return workspace.reports / str(month) / audience / str(edition)


def edition_folders(job: Job, edition: int) -> list[Path]:
    """The board's and the analyst's: both have one number."""
    return [edition_folder(job.workspace, job.month, edition, audience) for audience in EVERY_RUN]
