"""What the ledger and the manifest record of a run."""

from __future__ import annotations

import pandas as pd

from perfpipe.dates.months import Month
from perfpipe.history.frozen_figures import without_frozen
from perfpipe.job.fingerprint import code_version, fingerprint_of, library_versions
from perfpipe.job.job import Job, Sources
from perfpipe.ledger.column_types import iso
from perfpipe.ledger.figure_frames import CHANGED_FIGURES
from perfpipe.ledger.history_records import EventKind, EventRecord
from perfpipe.ledger.records import EditionKind, PackAudience, RunRecord, RunState
from perfpipe.measures.figure import CHANCE, KEY
from perfpipe.publish.summaries import revision_of
from perfpipe.settings.kept_settings import hashes_of_settings
from perfpipe.storage.access import login

NOT_KEPT = (*CHANCE, "lower", "upper")  # of all figures by older versions


def record_of(job: Job, sources: Sources, reason: str, state: RunState, same_as: int | None) -> RunRecord:
    """What the ledger keeps of a run."""
    return RunRecord(
        month=job.month,
        first_month=job.months[0],
        state=state,
        fingerprint=fingerprint_of(job, sources),
        same_as=same_as,
        known_at=sources.known_at,
        run_at=job.started_at,
        reason="; ".join(words for words in (reason, job.plan_of and f"plan {revision_of(job)}") if words),
        code_version=code_version(),
        plan_sha256=job.plan_sha256,
        kept=hashes_of_settings(job.settings_content),
        seen=job.seen,
        backfill_id=job.backfill_id,
        commentary_sha256=sources.commentary.sha256,
        login=login(),
    )


MADE = {
    EditionKind.EDITION: EventKind.PUBLISHED,
    EditionKind.DRAFT: EventKind.DRAFTED,
    EditionKind.AS_KNOWN: EventKind.MADE_AS_KNOWN,
}


def published_event(run: RunRecord, kind: EditionKind, edition: int, role: str = "") -> EventRecord:
    """That a run published, or made a draft or a pack as known."""
    is_edition = kind is EditionKind.EDITION
    about = f"{PackAudience.BOARD} edition {edition}" if is_edition else f"{PackAudience.BOARD} {kind}-{edition}"
    return EventRecord(run.run_at, role, run.login, MADE[kind], run.month, about, run.reason)


def readings_used(sources: Sources) -> dict[str, tuple[Month, ...]]:
    """The readings that a run used, by their ids, each with the months that it spoke for."""
    used: dict[str, tuple[Month, ...]] = {}
    for speaks_for in sources.speaks_for.values():
        for month, reading in speaks_for.by_month.items():
            used[reading.id] = (*used.get(reading.id, ()), month)
    return used


def changed_figures(job: Job, sources: Sources, assessed: pd.DataFrame) -> pd.DataFrame:
    """`CHANGED_FIGURES`: those that are new or differ from what the ledger knows, and those that are no more.

    That older versions did not say how far chance moves a figure makes it no other. Those whose rows were erased stay.
    """
    payload = [name for name in CHANGED_FIGURES.names if name not in (*KEY, "known_at", "retracted")]
    newest = max((run.id for run in job.ledger.runs()), default=0)
    known = job.ledger.figures_as_of(newest, job.months[0], job.months[-1], payload)
    both = assessed[KEY + payload].merge(known, on=KEY, how="outer", suffixes=("", "_known"), indicator=True)
    same = both["_merge"] == "both"
    for name in payload:
        now, then = both[name], both[f"{name}_known"]
        same &= (now == then) | (now.isna() & then.isna()) | (then.isna() & (name in NOT_KEPT))
    changed = without_frozen(both[~same], job.ledger)
    changed = changed.assign(
        provisional=changed["provisional"].eq(True),
        definition_version=changed["definition_version"].fillna(0),  # of a figure that is no more
        known_at=sources.known_at,
        retracted=changed["_merge"] == "right_only",
    )
    dtypes = CHANGED_FIGURES.dtypes
    return CHANGED_FIGURES.checked(changed[list(dtypes)].astype(dtypes).reset_index(drop=True))


def manifest_of(job: Job, sources: Sources, edition: int, kind: EditionKind, reason: str) -> dict[str, object]:
    """What the pack was made from: input hashes, versions, plan, cut. The output hashes are added on writing."""
    inputs = {
        reading.id: {
            "dataset": reading.dataset.id,
            "folder": reading.folder,
            "extract": reading.extract_id,
            "files": {file.name: file.sha256 for file in job.ledger.files_of(reading.extract_id)},
        }
        for speaks_for in sources.speaks_for.values()
        for reading in speaks_for.readings.values()
    }
    return {
        "month": str(job.month),
        "audience": PackAudience.BOARD,
        "edition": edition,
        "kind": kind,
        "reason": reason,
        **({"as_known": iso(job.cut)} if job.cut else {}),
        "fingerprint": fingerprint_of(job, sources),
        "known_at": iso(sources.known_at) if sources.known_at else None,
        "plan_sha256": job.plan_sha256,
        "plan_revised_on": job.plan.revised_on,
        "plan_of_its_time": job.plan_of is not None,
        "commentary_sha256": sources.commentary.sha256 or None,
        "code_version": code_version(),
        "libraries": library_versions(),
        "definitions": {measure.id: measure.version for measure in job.measures},
        "inputs": inputs,
        "population": [entry.model_dump(mode="json") for entry in job.settings.population],
        "comparators": job.comparators.identity if job.comparators else None,
    }
