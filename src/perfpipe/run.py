"""The spine: one run of one month, from received files to a published pack.

    receive -> read -> validate -> reconcile -> compute -> assess -> publish

`spine` is the whole of it and the one place that says which stage follows which. `run_month` runs its stages one after
the other; the monthly flow runs the same ones, each as a task that is tried again when files fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import date, datetime
from typing import Protocol, TypeVar

import pandas as pd

from perfpipe.assess.assess import assess
from perfpipe.commentary.comment import Commentary
from perfpipe.compute.consistency import disagreements
from perfpipe.compute.figure_cache import figures_of
from perfpipe.dates.months import LONDON, Month, end_of_day, month_range
from perfpipe.erase.commands import continue_erasures
from perfpipe.faults.stopping import StoppingFaults, stop_on
from perfpipe.history.first_figures import AGES, IN_A_RUN, FiguresBasis, keep_first_figures
from perfpipe.history.frozen_figures import frozen_in, with_published
from perfpipe.history.seen import last_shown
from perfpipe.job.job import Backfill, Job, Sources, ever_known, measure_rows, open_job, population_of
from perfpipe.ledger.records import EditionKind
from perfpipe.packs.charts.drawing_processes import Drawers
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.publish.editions import Outcome, kind_of
from perfpipe.publish.powerbi import write_powerbi
from perfpipe.publish.publish import publish, same_as_before
from perfpipe.receive.receive import Receipt, receive
from perfpipe.reconcile.commentary_known import commentary_known
from perfpipe.reconcile.corrections_still_needed import corrections_still_needed
from perfpipe.reconcile.faults_between import faults_between
from perfpipe.reconcile.speaks_for import SpeaksFor, in_use, needed_months, speaks_for_each
from perfpipe.reconcile.usable_readings import UsableReadings, usable_readings
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace

T = TypeVar("T")
Progress = Callable[[str], None]

__all__ = ["Outcome", "StoppingFaults", "open_job", "run_month", "spine"]


class StageRunner(Protocol):
    """How a stage is run: told its name and what to say of it, does its work once or, if that fails, again."""

    def __call__(self, name: str, words: str, work: Callable[[], T], /) -> T:
        """Run a stage. Returns what the work returns and raises what it raises."""


def run_month(
    workspace: Workspace,
    month: Month,
    *,
    reason: str = "",
    plan_of: str = "",
    as_known: date | None = None,
    progress: Progress = lambda _: None,
    started_at: datetime | None = None,
    backfill: Backfill | None = None,
    drawers: Drawers | None = None,
    allow_empty: bool = False,
) -> Outcome:
    """Run one month, and publish its pack unless nothing has changed since the last run.

    `plan_of`: a day or a hash, to publish with the plan of its time; `as_known`: from what had been received by a day,
    which makes a pack and no edition; `started_at`: the clock of the run, else now; `backfill`: the one that it belongs
    to; `drawers`: those of several runs, which it leaves as they are; `allow_empty`: also a month that has not
    ended, or of which nothing was delivered.
    Raises SettingsError, StoppingFaults or WorkspaceInUse; then nothing of the run exists.
    """

    def at_once(name: str, words: str, work: Callable[[], T]) -> T:
        progress(f"{name}: {words}")
        return work()

    continue_erasures(workspace, progress)
    # drawing processes start while extracts are read
    with (
        open_job(
            workspace, month, cut_of(as_known), plan_of=plan_of, tell=progress, started_at=started_at, backfill=backfill
        ) as job,
        nullcontext(drawers) if drawers else Drawers() as ready,
    ):
        return spine(job, at_once, progress, reason, ready, allow_empty)


def cut_of(day: date | None) -> datetime | None:
    """The last second of a day in London; None for none. Raises SettingsError for a day to come."""
    if day and day > datetime.now(LONDON).date():
        raise SettingsError([f"{day} has not come yet, so nothing can be as known on it"])
    return end_of_day(day) if day else None


def spine(
    job: Job,
    stage: StageRunner,
    progress: Progress,
    reason: str = "",
    drawers: Drawers | None = None,
    allow_empty: bool = False,
) -> Outcome:
    """All stages of a run in order, each run by `stage`; a run that would find nothing new ends before it computes.

    `progress` is told how far reading has come. `reason`: why the month is run again. Without `drawers`, publishing
    starts its own. Raises StoppingFaults, and SettingsError for a month without data, unless `allow_empty`.
    """
    received = stage("receive", "looking for new files", lambda: receive_files(job))
    new = count_of(received.new_deliveries, "new delivery")
    usable = stage("read and validate", new, lambda: read_extracts(job, progress))
    between = count_of(len(usable.readings), "extract")
    sources = stage("reconcile", between, lambda: reconcile_extracts(job, received, usable))
    if not allow_empty:
        refuse_empty(job, sources)
    unchanged = same_as_before(job, sources, reason, progress)
    if unchanged:
        write_powerbi(job, progress)
        return unchanged
    figures = stage("compute", f"{len(job.measures)} measures, {count_of(len(job.months), 'month')}",
                    lambda: compute_figures(job, sources))  # fmt: skip
    if words := frozen_in(job.ledger, job.months):
        progress(f"compute: {words}")
    assessed = stage("assess", f"{len(figures)} figures", lambda: assess_figures(job, figures))
    keep_what_was_known(job, sources)
    published = stage("publish", "charts and workbook", lambda: publish(job, sources, assessed, reason, drawers))
    if kind_of(job) is EditionKind.EDITION:
        write_powerbi(job, progress, published.run_id, assessed)
    return published


def refuse_empty(job: Job, sources: Sources) -> None:
    """Raise SettingsError for a month that has not ended, and for one of which no extract was delivered."""
    if why := why_refused(job, sources):
        known = f" --as-known {_day_of(job.cut)}" if job.cut else ""
        asked = f"to make its pack nevertheless: `perfpipe run {job.month}{known} --allow-empty`"
        raise SettingsError([f"{job.month}: {why}; {asked}"])


def why_refused(job: Job, sources: Sources) -> str:
    """Why a month would make an empty pack; nothing where it would not."""
    if job.month.end_at >= job.started_at:
        return "the month has not ended"
    if in_use(sources.speaks_for, job.month):
        return ""
    return f"no extract of this month {f'had come by {_day_of(job.cut)}' if job.cut else 'was delivered'}"


def _day_of(cut: datetime) -> date:
    return cut.astimezone(LONDON).date()


def receive_files(job: Job) -> Receipt:
    """Take in what has been delivered. What is wrong with files stops with all else, in `reconcile_extracts`."""
    return receive(job.workspace, job.settings, job.ledger)


def read_extracts(job: Job, progress: Progress = lambda _: None) -> UsableReadings:
    """Read and validate all known extracts, or take what was made of them from the cache."""
    return usable_readings(
        job.workspace,
        job.settings,
        job.plan,
        job.ledger,
        job.cut,
        lambda done, of: progress(f"read and validate: {done} of {of} extracts"),
        earlier=job.plan_of is not None,
    )


def reconcile_extracts(job: Job, received: Receipt, usable: UsableReadings) -> Sources:
    """Which extract speaks for which month, and what is wrong between them. Raises StoppingFaults.

    Faults of all stages so far stop together, so that they can be corrected together: of files as they arrived, of
    extracts that cannot be used, between extracts, and of the rows of those that speak for the month.
    """
    readings = usable.readings
    speaks_for = speaks_for_each(readings, needed_months(job.measures, job.months), job.measures)
    faults = [*usable.kept_out, *faults_between(job.settings, job.plan, speaks_for, readings, job.month)]
    if job.cut is None:  # what was known on a day is read with today's corrections, some of them of later records
        faults += corrections_still_needed(job.workspace, job.settings, job.ledger, readings)
    stop_on([*received.faults, *faults, *job.ledger.faults_of(in_use(speaks_for, job.month))])
    arrived = received.faults if job.cut is None else []  # of files as they lie there now
    commentary = _commentary(job, speaks_for)
    return Sources(readings, speaks_for, [*arrived, *faults, *commentary.faults], commentary)


def _commentary(job: Job, speaks_for: Mapping[str, SpeaksFor]) -> Commentary:
    """What owners wrote of the month; of a pack as known on a day what they had written by then, and no faults."""
    today = job.started_at.astimezone(LONDON).date()
    known = commentary_known(job.workspace, job.settings, job.plan, job.month, today, speaks_for)
    if job.cut is None:
        return known
    until = job.cut.astimezone(LONDON).date()
    return Commentary(tuple(each for each in known.comments if each.written_on <= until))


def sources_of(job: Job, received: Receipt) -> Sources:
    """What figures are made from, read and reconciled: for a question that is no run. Raises StoppingFaults."""
    return reconcile_extracts(job, received, read_extracts(job))


def compute_figures(job: Job, sources: Sources) -> pd.DataFrame:
    """Figures of all measures for the months of the run; months for which nothing changed come from the last run.

    Those whose rows were erased are as they were published.
    Raises StoppingFaults where two of them disagree about what must be one number.
    """
    rows = measure_rows(job, sources)
    figures = figures_of(rows, job.measures, job.workspace, job.plan.how_it_counts, job.ledger)
    stop_on(disagreements(figures, job.measures))
    return with_published(figures, job.ledger, job.cut)


def keep_what_was_known(
    job: Job, sources: Sources, at_most: int = IN_A_RUN, progress: Progress = lambda _: None
) -> int:
    """Keep the first figures of months that have become due (definitions 7.9); returns of how many.

    The runs of a backfill keep none: each would cost as much again as its own figures, and what its packs say of first
    figures would depend on how many there were.
    """
    if job.cut is not None or job.plan_of is not None or job.backfill_id is not None:
        return 0
    back = min((reading.first_month for reading in sources.readings), default=job.month)
    population = population_of(job, month_range(back - AGES, max(Month.of(job.started_at.date()), back)))
    holidays = frozenset(job.settings.bank_holidays)
    basis = FiguresBasis(job.settings.authority.names, population, job.places, holidays)
    days = job.settings.first_figures_due_days
    return keep_first_figures(
        job.ledger, ever_known(job, sources), job.measures, basis, job.started_at, days, at_most,
        lambda done, of: progress(f"first figures: {done} of {of} months"),
    )  # fmt: skip


def assess_figures(job: Job, figures: pd.DataFrame) -> pd.DataFrame:
    """Figures with status, what tests allow to be said, and whether they differ from what the audience last saw."""
    return assess(
        figures, job.plan, job.measures, job.settings.control_limits, last_shown(job.ledger, job.seen, job.months)
    )
