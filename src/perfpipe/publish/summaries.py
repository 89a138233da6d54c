"""Faults and extracts of a run, summed up for its packs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from perfpipe.datasets import DATASETS
from perfpipe.faults.fault import Fault
from perfpipe.job.job import Job, Sources, is_delivered
from perfpipe.packs.models.sources import ExtractUse, FaultCount
from perfpipe.reconcile.speaks_for import in_use
from perfpipe.rules.arrivals import PART_MISSING

ROW_USED = re.compile(r" (?:Row \d+(?: of .*?)?|Column [A-Z]+) is used\.")


def revision_of(job: Job) -> str:
    """In words, that a run was made with an earlier revision of the plan; empty for the present one."""
    return f"as it was: {job.plan_of.named}, not the present plan" if job.plan_of else ""


def all_faults(job: Job, sources: Sources) -> list[Fault]:
    """The faults of the extracts that speak for the reporting month, and those found between extracts."""
    return [*job.ledger.faults_of(in_use(sources.speaks_for, job.month)), *sources.faults]


def fault_summary(faults: Sequence[Fault]) -> tuple[FaultCount, ...]:
    """Faults counted by all that they say alike, in the order of their datasets and rules: no address, no shape."""
    counts = Counter(
        (
            fault.dataset,
            fault.rule,
            fault.severity.value,
            fault.expected,
            ROW_USED.sub("", fault.what_to_do),
            fault.defect,
        )
        for fault in faults
    )
    return tuple(FaultCount(*alike, rows=rows) for alike, rows in sorted(counts.items()))


def extracts_used(job: Job, sources: Sources) -> tuple[ExtractUse, ...]:
    """For each dataset, the extract that speaks for the reporting month, or that it is missing."""
    used = []
    for dataset in DATASETS:
        speaks_for = sources.speaks_for[dataset.id]
        if not is_delivered(job, speaks_for):
            continue
        reading = speaks_for.by_month.get(job.month)
        months = [m for m, r in speaks_for.by_month.items() if r is reading and reading]
        used.append(
            ExtractUse(
                dataset=dataset.id,
                extracted_at=reading.extracted_at if reading else None,
                months=(months[0], months[-1]) if months else None,
                files=reading.files if reading else (),
                rows=reading.row_count if reading else None,
                last_month=max((m for m, r in speaks_for.by_month.items() if r and m <= job.month), default=None),
                owner=job.settings.owners.get(dataset.id, ""),
            )
        )
    return tuple(used)


def missing_datasets(job: Job, sources: Sources) -> tuple[str, ...]:
    """The datasets without an extract for the reporting month."""
    every = [sources.speaks_for[dataset.id] for dataset in DATASETS]
    return tuple(each.dataset.id for each in every if is_delivered(job, each) and job.month not in each.by_month)


def parts_missing(sources: Sources) -> tuple[str, ...]:
    """The parts of extracts that have not come, where and which."""
    return tuple(f"{each.address}: {each.found}" for each in sources.faults if each.rule == PART_MISSING.id)


def fault_counts_of(job: Job, sources: Sources) -> dict[str, int]:
    """How many faults there are of each severity."""
    return dict(Counter(fault.severity.value for fault in all_faults(job, sources)).most_common())
