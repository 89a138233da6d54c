"""What the ledger and the manifest record of a run."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from perfpipe.job.fingerprint import code_version, fingerprint_of, library_versions
from perfpipe.job.job import Job, Sources
from perfpipe.ledger.tables import FIGURE_FIELDS, FIGURE_KEY, iso
from perfpipe.publish.editions import AUDIENCE
from perfpipe.publish.summaries import revision_of


def record_of(job: Job, sources: Sources, reason: str, state: str, same_as: int | None) -> dict[str, Any]:
    """What the ledger keeps of a run."""
    return {
        "month": str(job.month),
        "first_month": str(job.months[0]),
        "state": state,
        "fingerprint": fingerprint_of(job, sources),
        "same_as": same_as,
        "known_at": sources.known_at,
        "run_at": datetime.now(UTC),
        "reason": "; ".join(words for words in (reason, job.plan_of and f"plan {revision_of(job)}") if words),
        "code_version": code_version(),
        "plan_sha256": job.plan_sha256,
    }


def readings_used(sources: Sources) -> list[dict[str, Any]]:
    """The readings that a run used, each with its months."""
    used: dict[str, list[str]] = {}
    for authority in sources.authorities.values():
        for month, reading in authority.speaks.items():
            used.setdefault(reading.id, []).append(str(month))
    return [{"reading_id": reading_id, "months": " ".join(months)} for reading_id, months in used.items()]


def fault_records(sources: Sources) -> list[dict[str, Any]]:
    """The faults between extracts, as the ledger keeps them."""
    return [asdict(fault) for fault in sources.faults]


def changed_figures(job: Job, sources: Sources, assessed: pd.DataFrame) -> list[dict[str, Any]]:
    """The figures that are new or differ from what the ledger knows, and marks for those that are no more."""
    key = list(FIGURE_KEY)
    payload = [name for name in FIGURE_FIELDS if name != "known_at"]
    newest = max((run["id"] for run in job.ledger.runs()), default=0)
    known = job.ledger.figures_as_of(newest, str(job.months[0]), str(job.months[-1]), payload)
    both = assessed[key + payload].merge(known, on=key, how="outer", suffixes=("", "_known"), indicator=True)
    same = both["_merge"] == "both"
    for name in payload:
        now, then = both[name], both[f"{name}_known"]
        same &= (now == then) | (now.isna() & then.isna())
    changed = both[~same]
    rows = changed[key + payload].astype(object).where(changed[key + payload].notna(), None)
    gone = (changed["_merge"] == "right_only").to_numpy()
    fallback, known_at = {"provisional": False, "definition_version": 0}, sources.known_at
    return [
        {
            **{str(k): v for k, v in row.items()},
            **(fallback if retracted else {}),
            "known_at": known_at,
            "retracted": bool(retracted),
        }
        for row, retracted in zip(rows.to_dict("records"), gone, strict=True)
    ]


def manifest_of(job: Job, sources: Sources, edition: int) -> dict[str, Any]:
    """What the pack was made from: input hashes, versions, plan, cut. The output hashes are added on writing."""
    inputs = {
        reading.id: {
            "dataset": reading.dataset.id,
            "folder": reading.folder,
            "extract": reading.extract_id,
            "files": {file["name"]: file["sha256"] for file in job.ledger.files_of(reading.extract_id)},
        }
        for authority in sources.authorities.values()
        for reading in authority.readings.values()
    }
    return {
        "month": str(job.month),
        "audience": AUDIENCE,
        "edition": edition,
        "fingerprint": fingerprint_of(job, sources),
        "known_at": iso(sources.known_at) if sources.known_at else None,
        "plan_sha256": job.plan_sha256,
        "plan_revised_on": job.plan.revised_on,
        "plan_of_its_time": job.plan_of is not None,
        "code_version": code_version(),
        "libraries": library_versions(),
        "definitions": {measure.id: measure.version for measure in job.measures},
        "inputs": inputs,
        "population": [entry.model_dump(mode="json") for entry in job.settings.population],
        "comparators": job.comparators.identity if job.comparators else None,
    }
