"""Compare: what a run would change, before anything is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from perfpipe.assess.assess import with_revisions
from perfpipe.dates.months import Month, month_range
from perfpipe.history.frozen_figures import frozen_in
from perfpipe.history.last_meeting import as_cells
from perfpipe.history.revision import FigureKey
from perfpipe.history.seen import last_shown
from perfpipe.ledger.records import EditionKind, RunState
from perfpipe.measures.figure import KEY
from perfpipe.packs.wording.revision_words import why
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.publish.editions import kind_of
from perfpipe.publish.revisions import revisions_of_job
from perfpipe.publish.run_record import changed_figures
from perfpipe.run import assess_figures, compute_figures, open_job, read_extracts, receive_files, reconcile_extracts
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace

Progress = Callable[[str], None]
NOT_THERE = ("", "")


@dataclass(frozen=True)
class FigureChange:
    """A figure that a run would change: what is current, what it would be; empty where there is or was none.

    `seen`: whether it differs from what the board saw last, so that packs would mark it `[r]`. `why`: then the causes.
    """

    measure_id: str
    code: str
    month: str
    period: str
    breakdown: str
    group: str
    before: str
    after: str
    status_before: str
    status_after: str
    seen: bool
    why: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether a reader sees the change; else only digits behind those that are shown moved."""
        return (self.before, self.status_before) != (self.after, self.status_after)


def compare(workspace: Workspace, first: Month, last: Month, progress: Progress = lambda _: None) -> list[FigureChange]:
    """What runs of the months from `first` to `last` would change, in them and in the 35 months before.

    Receives, reads and computes; publishes nothing and records no run. Raises SettingsError, StoppingFaults,
    WorkspaceInUse.
    """
    if last < first:
        raise SettingsError([f"{first} to {last}: the first month is after the last"])
    with open_job(workspace, last, tell=progress) as of_last:
        job = replace(of_last, months_back=of_last.months_back + len(month_range(first, last)) - 1)
        for month in month_range(first, last):
            if kind_of(job.of_month(month)) is EditionKind.DRAFT:
                progress(f"{month} is signed off: a run of it makes a draft, and changes no figure")
        received = receive_files(job)
        sources = reconcile_extracts(job, received, read_extracts(job, progress))
        progress(f"compute: {len(job.measures)} measures, {count_of(len(job.months), 'month')}")
        if words := frozen_in(job.ledger, job.months):
            progress(f"compute: {words}")
        assessed = assess_figures(job, compute_figures(job, sources))
        changed = changed_figures(job, sources, assessed)
        newest = max((run.id for run in job.ledger.runs() if run.state is RunState.DONE), default=0)
        known = job.ledger.figures_as_of(newest, job.months[0], job.months[-1])
        shown = last_shown(job.ledger, job.seen, job.months)
        order = {measure.id: place for place, measure in enumerate(job.measures)}
        marked = with_revisions(assessed, shown)
        reasons = {each.key: why(each) for each in revisions_of_job(job, sources, marked)}
        found = _changes(changed, known, assessed, marked, reasons)
    return sorted(found, key=lambda each: (each.month, order.get(each.measure_id, len(order)), each.period))


def _changes(
    changed: pd.DataFrame,
    known: pd.DataFrame,
    assessed: pd.DataFrame,
    marked: pd.DataFrame,
    reasons: Mapping[FigureKey, str],
) -> list[FigureChange]:
    keys = changed[[*KEY, "code"]]
    before, after = _cells(known, keys), _cells(assessed, keys)
    seen = set(marked.loc[marked["revised"], KEY].itertuples(index=False, name=None))
    changes = []
    for *key, code in keys.itertuples(index=False, name=None):
        place = tuple(key)
        (was, status_was), (now, status_now) = before.get(place, NOT_THERE), after.get(place, NOT_THERE)
        measure, month, period, breakdown, group = key
        changes.append(
            FigureChange(
                measure,
                code,
                month,
                period,
                breakdown,
                group,
                was,
                now,
                status_was,
                status_now,
                place in seen,
                reasons.get((measure, month, period, breakdown, group), ""),
            )
        )
    return changes


def _cells(figures: pd.DataFrame, keys: pd.DataFrame) -> dict[tuple[str, ...], tuple[str, str]]:
    """What is shown of some figures, and their status, by their keys."""
    cells = as_cells(figures.merge(keys[KEY], on=KEY, how="inner"))
    places = cells[KEY].itertuples(index=False, name=None)
    return dict(zip(places, zip(cells["shown"], cells["status"], strict=True), strict=True))


@dataclass(frozen=True)
class ChangeCounts:
    """How many figures would change: known ones, of them as they are shown, in their status; new ones; and `[r]`."""

    known: int
    shown: int
    statuses: int
    new: int
    seen: int

    @classmethod
    def of(cls, changes: Sequence[FigureChange]) -> ChangeCounts:
        """Those of some changes."""
        statuses = {"met", "near", "missed", "not_decided"}
        shown = [each for each in changes if each.before and each.is_shown]
        turned = [
            each
            for each in shown
            if each.status_before != each.status_after and {each.status_before, each.status_after} & statuses
        ]
        new = sum(not each.before for each in changes)
        return cls(len(changes) - new, len(shown), len(turned), new, sum(each.seen for each in changes))


def counts_of(changes: Sequence[FigureChange]) -> str:
    """In words, how many figures and statuses would change."""
    counts = ChangeCounts.of(changes)
    changed = (
        f"{count_of(counts.known, 'figure')} would change, {counts.shown:,} of them as they are shown, "
        f"{counts.statuses:,} in their status"
        if counts.known
        else "No known figure would change"
    )
    return f"{changed}; {counts.new:,} are new; {counts.seen:,} differ from what the board saw last"
