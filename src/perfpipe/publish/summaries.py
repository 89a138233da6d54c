"""Faults and extracts of a run, summed up for its packs."""

from __future__ import annotations

import pandas as pd

from perfpipe.datasets import DATASETS
from perfpipe.faults.fault import fault_frame
from perfpipe.job.job import Job, Sources
from perfpipe.reconcile.speaks_for import in_use


def revision_of(job: Job) -> str:
    """In words, that a run was made with an earlier revision of the plan; empty for the present one."""
    return f"as it was: {job.plan_of.named}, not the present plan" if job.plan_of else ""


def all_faults(job: Job, sources: Sources) -> pd.DataFrame:
    """The faults of the extracts that speak for the reporting month, and those found between extracts."""
    used = in_use(sources.speaks_for, job.month)
    return pd.concat([job.ledger.faults_of(used), fault_frame(sources.faults)], ignore_index=True)


def fault_summary(faults: pd.DataFrame) -> pd.DataFrame:
    """Faults counted by dataset and rule: no address, no shape."""
    by = ["dataset", "rule", "severity", "expected", "what_to_do", "excludes_from"]
    without_row = faults.assign(what_to_do=faults["what_to_do"].str.replace(r" Row \d+ is used\.", "", regex=True))
    return without_row.groupby(by, sort=True).size().rename("rows").reset_index()


def extracts_used(job: Job, sources: Sources) -> pd.DataFrame:
    """For each dataset, the extract that speaks for the reporting month, or that it is missing."""
    rows = []
    for dataset in DATASETS:
        speaks_for = sources.speaks_for[dataset.id]
        if not speaks_for.is_expected:
            continue
        reading = speaks_for.by_month.get(job.month)
        months = [m for m, r in speaks_for.by_month.items() if r is reading and reading]
        rows.append(
            {
                "dataset": dataset.id,
                "state": "received" if reading else "missing",
                "extracted_at": reading.extracted_at if reading else None,
                "months": f"{months[0]} to {months[-1]}" if months else "",
                "files": ", ".join(reading.files) if reading else "",
                "rows": reading.row_count if reading else None,
            }
        )
    frame = pd.DataFrame(rows)
    frame["extracted_at"] = pd.to_datetime(frame["extracted_at"], utc=True)
    return frame.astype({"rows": "Int64"})


def missing_datasets(job: Job, sources: Sources) -> tuple[str, ...]:
    """The datasets without an extract for the reporting month."""
    every = [sources.speaks_for[dataset.id] for dataset in DATASETS]
    return tuple(each.dataset.id for each in every if each.is_expected and job.month not in each.by_month)


def fault_counts_of(job: Job, sources: Sources) -> dict[str, int]:
    """How many faults there are of each severity."""
    return {str(k): int(v) for k, v in all_faults(job, sources)["severity"].value_counts().items()}
