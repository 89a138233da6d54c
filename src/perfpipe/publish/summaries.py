"""Faults and extracts of a run, summed up for its packs."""

from __future__ import annotations

import pandas as pd

from perfpipe.datasets import DATASETS
from perfpipe.faults.fault import fault_frame
from perfpipe.job.job import Job, Sources


def revision_of(job: Job) -> str:
    """In words, that a run was made with an earlier revision of the plan; empty for the present one."""
    return f"as it was: {job.plan_of.named}, not the present plan" if job.plan_of else ""


def all_faults(job: Job, sources: Sources) -> pd.DataFrame:
    """The faults of the extracts that speak for the reporting month, and those found between extracts."""
    speaking_now = [a.speaks[job.month].id for a in sources.authorities.values() if job.month in a.speaks]
    return pd.concat([job.ledger.faults_of(speaking_now), fault_frame(sources.faults)], ignore_index=True)


def fault_summary(faults: pd.DataFrame) -> pd.DataFrame:
    """Faults counted by dataset and rule: no address, no shape."""
    by = ["dataset", "rule", "severity", "expected", "what_to_do", "defect"]
    without_row = faults.assign(what_to_do=faults["what_to_do"].str.replace(r" Row \d+ is used\.", "", regex=True))
    return without_row.groupby(by, sort=True).size().rename("rows").reset_index()


def extracts_used(job: Job, sources: Sources) -> pd.DataFrame:
    """For each dataset, the extract that speaks for the reporting month, or that it is missing."""
    rows = []
    for dataset in DATASETS:
        if not sources.authorities[dataset.id].is_expected:
            continue
        reading = sources.authorities[dataset.id].speaks.get(job.month)
        months = [m for m, r in sources.authorities[dataset.id].speaks.items() if r is reading and reading]
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
    authorities = [sources.authorities[dataset.id] for dataset in DATASETS]
    return tuple(each.dataset.id for each in authorities if each.is_expected and job.month not in each.speaks)


def fault_counts_of(job: Job, sources: Sources) -> dict[str, int]:
    """How many faults there are of each severity."""
    return {str(k): int(v) for k, v in all_faults(job, sources)["severity"].value_counts().items()}
