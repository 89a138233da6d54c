"""Fingerprint: what decides every figure of a run, as one hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

from perfpipe import __version__
from perfpipe.job.job import Job, Sources
from perfpipe.ledger.tables import iso
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.settings.settings import Settings
from perfpipe.validate.apply_corrections import correction_id
from perfpipe.validate.fault_identity import identity_key


def fingerprint_of(job: Job, sources: Sources) -> str:
    """What decides every figure of a run: readings and the months they speak for, plan, definitions, code."""
    spoken = {name: _months_spoken(speaks_for) for name, speaks_for in sources.speaks_for.items()}
    content = {
        "month": str(job.month),
        "readings": spoken,
        "between": sorted(json.dumps(asdict(fault), sort_keys=True) for fault in sources.faults),
        "plan": job.plan_sha256,
        "authority": job.settings.authority.model_dump(mode="json"),
        "places": job.places.sha256 if job.places else None,
        "low_base": job.settings.low_base,
        "population": [entry.model_dump(mode="json") for entry in job.settings.population],
        "comparators": job.comparators.identity if job.comparators else None,
        "control_limits": _declared_limits(job.settings),
        "owners": job.settings.owners,
        "corrections": [correction_id(each, identity_key(job.workspace)) for each in job.settings.corrections],
        "definitions": {measure.id: measure.version for measure in job.measures},
        "code": code_version(),
        "known_at": iso(sources.known_at) if sources.known_at else None,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _declared_limits(settings: Settings) -> dict[str, object]:
    return settings.model_dump(mode="json", include={"rebases", "baselines", "least_cases_for_limits"})


def _months_spoken(speaks_for: SpeaksFor) -> dict[str, str]:
    return {str(month): reading.id for month, reading in speaks_for.by_month.items()}


@cache
def code_version() -> str:
    """The version and a hash of the package's own source, so that changed code is never called unchanged."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"
