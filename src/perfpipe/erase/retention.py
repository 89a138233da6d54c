"""Retention: what is older than `[retention]` keeps it, and what of that figures still need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from perfpipe.datasets.definition import Selects
from perfpipe.dates.months import LONDON, Month, month_range
from perfpipe.erase.affected_figures import published_figures, published_months, sources_as_they_are
from perfpipe.erase.carry_out import faults_going
from perfpipe.erase.declared_corrections import STAYING, GoingCorrections, files_of_corrections, going
from perfpipe.erase.erasure_plan import AGE, ErasurePlan, FileFate
from perfpipe.erase.restricted_workbooks import named_editions, restricted_editions, workbooks_left
from perfpipe.job.job import Job, Sources
from perfpipe.ledger.erasure_records import ErasureKind, ErasureRecord, ErasureWork
from perfpipe.ledger.erasures import FigureOfMonth
from perfpipe.ledger.records import CorrectionResult, ExtractInFolder
from perfpipe.reconcile.speaks_for import needed_months, speaks_for_each
from perfpipe.settings.corrections import FILE
from perfpipe.storage.access import login
from perfpipe.validate.erased_people import People
from perfpipe.validate.fault_identity import identity_key


@dataclass(frozen=True)
class OldExtracts:
    """Extracts that are older than they are kept: those that go, and the names of those that figures still need."""

    going: list[ExtractInFolder]
    needed: tuple[str, ...]


def plan_retention(job: Job, also_needed: bool = False) -> ErasurePlan:
    """What goes by its age at the time of the job. `also_needed`: also what the months that packs show still need."""
    kept, sources = job.settings.retention, sources_as_they_are(job)
    old = _old_extracts(job, sources, day_before(job, kept.extracts), also_needed)
    work = _work(job, sources, old.going)
    record = ErasureRecord(ErasureKind.RETENTION, "", AGE, "", login(), job.started_at, work=work)
    chosen = GoingCorrections(record, People((), identity_key(job.workspace)))
    corrections = {path: len(going(path, chosen)) for path in files_of_corrections(job.workspace)}
    return ErasurePlan(
        ErasureKind.RETENTION,
        AGE,
        work,
        frozenset(_figures_of(job, sources, old.going)),
        files=tuple(
            FileFate(f"{each.folder}/{file.name}", (each.dataset,), 0, True)
            for each in old.going
            for file in each.files
            if file.sha256 in work.files
        ),
        faults=len(faults_going(job.ledger, work)),
        corrections=sum(count for path, count in corrections.items() if path.name == FILE),
        correction_copies=sum(bool(count) for path, count in corrections.items() if path.name != FILE),
        workbooks=named_editions(job.workspace, job.ledger, work.packs),
        refused=old.needed,
        measures=job.measures,
    )


def day_before(job: Job, months: int | None) -> date | None:
    """The day before which things are older than so many months; None where they are kept for ever."""
    if months is None:
        return None
    today = job.started_at.astimezone(LONDON).date()
    month = Month.of(today) - months
    return month.first_day.replace(day=min(today.day, month.last_day.day))


def _old_extracts(job: Job, sources: Sources, before: date | None, also_needed: bool) -> OldExtracts:
    if before is None:
        return OldExtracts([], ())
    every = [each for each in job.ledger.extracts_ever() if not each.is_gone]
    came: dict[str, date] = {}
    for each in every:
        day = each.delivery.received_at.astimezone(LONDON).date()
        came[each.id] = max(day, came.get(each.id, day))
    needed = {r.extract_id for speaks_for in sources.speaks_for.values() for r in speaks_for.readings.values()}
    old = [each for each in every if came[each.id] < before]
    going = [each for each in old if also_needed or each.id not in needed]
    refused = [f"{each.folder}/{each.delivery.main_file}" for each in old if each not in going]
    return OldExtracts(going, tuple(sorted(dict.fromkeys(refused))))


def _work(job: Job, sources: Sources, extracts: Sequence[ExtractInFolder]) -> ErasureWork:
    ids = {each.id for each in extracts}
    staying = {f.sha256 for each in job.ledger.extracts_ever() if each.id not in ids for f in each.files}
    files = sorted({file.sha256 for each in extracts for file in each.files} - staying)
    kept = job.settings.retention
    before, workbooks_before = day_before(job, kept.corrections), day_before(job, kept.restricted_workbooks)
    packs = []
    for each in restricted_editions(job.ledger) if workbooks_before else ():
        made_on = job.ledger.run(each.run_id).run_at.astimezone(LONDON).date()
        if workbooks_before and made_on < workbooks_before and workbooks_left(job.workspace, each):
            packs.append(each.id)
    return ErasureWork(
        files=tuple(files),
        whole=tuple(files),
        extracts=tuple(sorted(ids)),
        rows=tuple((each.id, f"{each.folder}/{file.name}", "", -1) for each in extracts for file in each.files),
        records={STAYING: _corrections_in_use(job, sources, ids)},
        packs=tuple(packs),
        corrections_before=before.isoformat() if before else "",
    )


def _corrections_in_use(job: Job, sources: Sources, going_extracts: Iterable[str]) -> tuple[str, ...]:
    """The corrections without which an extract that stays would give other figures, by their ids."""
    gone = set(going_extracts)
    readings = [each.id for each in sources.readings if each.extract_id not in gone]
    met = job.ledger.corrections_met(readings)
    applied = {o.correction for outcomes in met.values() for o in outcomes if o.outcome is CorrectionResult.APPLIED}
    return tuple(sorted(applied))


def _figures_of(job: Job, sources: Sources, extracts: Sequence[ExtractInFolder]) -> set[FigureOfMonth]:
    """The published figures that look at a month for which one of the extracts speaks."""
    span = published_months(job.ledger)
    found: set[FigureOfMonth] = set()
    if not span:
        return found
    spoken = _months_spoken(job, sources, span, {each.id for each in extracts})
    for measure in job.measures:
        months = [month for dataset in measure.basis.datasets for month in spoken.get(dataset.id, ())]
        if months:
            ahead, back = (1 if measure.basis.ahead_days else 0), measure.reach
            found |= {
                each
                for each in published_figures(job.ledger, [measure])
                if any(month - ahead <= each[1] <= (each[1] if ever else month + back) for month, ever in months)
            }
    return found


def _months_spoken(
    job: Job, sources: Sources, span: Sequence[Month], extracts: set[str]
) -> Mapping[str, set[tuple[Month, bool]]]:
    """By dataset the months that some extracts speak for, and whether every later month may look there."""
    months = needed_months(job.measures, month_range(span[0], span[-1]))
    return {
        name: {
            (month, reading.selects_by is Selects.STARTED)
            for month, reading in each.by_month.items()
            if reading.extract_id in extracts
        }
        for name, each in speaks_for_each(sources.readings, months, job.measures).items()
    }
