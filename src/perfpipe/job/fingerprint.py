"""Fingerprint: all that can change the figures or packs of a run, and nothing else, as one hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import reduce
from operator import getitem

from perfpipe import __version__
from perfpipe.faults.fault import Fault
from perfpipe.job.job import Job, Sources
from perfpipe.ledger.column_types import iso
from perfpipe.reconcile.fault_history import readings_followed
from perfpipe.reconcile.speaks_for import SpeaksFor
from perfpipe.settings.settings import Settings
from perfpipe.source_code import own_source, source_identity
from perfpipe.validate.apply_corrections import correction_id
from perfpipe.validate.fault_identity import identity_key
from perfpipe.validate.reading import extract_before

MADE_BY = "perfpipe.run"  # the module from which on code makes figures and packs
WORDING = ("found", "expected", "what_to_do")  # of a fault: it follows from the code and from what is compared

SETTINGS_AS_THEY_ARE = (
    "arrivals.row_count_share",  # stands in the words of `row_count_moved`
    "authority",
    "bank_holidays",
    "baselines",
    "least_cases_for_limits",
    "low_base",
    "owners",
    "population",
    "rebases",
)
SETTINGS_SEEN_OTHERWISE = {
    "access": "decides who may read files, not what is in them",
    "accepted": "decides the names of readings, and its reasons count where such a fault is shown",
    "arrivals.may_be_empty": "decides the names of readings",
    "closure_days": "move the due days of deliveries, which makes no figure",
    "comparators": "counts with the content of its file",
    "earlier_packs": "decides what was seen, which makes no figure and no month stale",
    "expected": "counts by its datasets: who sends them, and by when, makes no figure",
    "first_figures_due_days": "decides which first figures are kept, which makes no figure and no month stale",
    "folders": "decides the names of readings, and faults",
    "ignore_files": "decides which files are taken in and which are faults",
    "layouts": "decides which files are taken in and the names of readings",
    "limits": "decides whether a file is read at all; one that is not stops the run",
    "notify": "decides who is told",
    "open_ends": "decides the names of readings",
    "places": "counts by the content of its file",
    "retention": "decides what is erased; figures whose rows went stay as they were published",
    "severities": "decides the names of readings, and the severity of faults",
}
"""Why the other settings need not count by themselves. A test holds both lists to the fields of `Settings`."""


def fingerprint_of(job: Job, sources: Sources) -> str:
    """What decides every figure of a run, and all else that its packs show."""
    content = {
        "code": source_identity(MADE_BY),
        "months": [str(job.months[0]), str(job.month)],
        "readings": {name: _months_spoken(each) for name, each in sources.speaks_for.items()},
        "compared": {name: _compared(job, sources, each) for name, each in sources.speaks_for.items()},
        "faults": sorted(json.dumps(_without_wording(fault), sort_keys=True) for fault in sources.faults),
        "settings": _settings(job.settings),
        "delivered": sorted(job.settings.delivered),
        "accepted": _reasons_shown(job.settings, sources.faults),
        "corrections": [correction_id(each, identity_key(job.workspace)) for each in job.settings.corrections],
        "plan": job.plan_sha256,
        "plan_of_its_time": job.plan_of is not None,
        "places": job.places.sha256 if job.places else None,
        "comparators": job.comparators.identity if job.comparators else None,
        "known_at": iso(sources.known_at) if sources.known_at else None,
        "commentary": sources.commentary.sha256,
    }
    if job.cut:
        content["as_known"] = iso(job.cut)  # stands on the pack
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _months_spoken(speaks_for: SpeaksFor) -> dict[str, str]:
    return {str(month): reading.id for month, reading in speaks_for.by_month.items()}


def _compared(job: Job, sources: Sources, speaks_for: SpeaksFor) -> list[str]:
    """The readings that the month's is compared with: the one made before, and those in which faults are followed."""
    current = speaks_for.by_month.get(job.month)
    before = extract_before(current, sources.readings) if current else None
    followed = readings_followed(speaks_for, sources.readings, job.month)
    return [*([before.id] if before else []), *(f"{month} {reading.id}" for month, reading in sorted(followed.items()))]


def _without_wording(fault: Fault) -> dict[str, object]:
    """Rule, address, identity and effect."""
    return {name: value for name, value in asdict(fault).items() if name not in WORDING}


def _settings(settings: Settings) -> dict[str, object]:
    declared = settings.model_dump(mode="json")
    return {name: reduce(getitem, name.split("."), declared) for name in SETTINGS_AS_THEY_ARE}


def _reasons_shown(settings: Settings, faults: list[Fault]) -> list[dict[str, object]]:
    """What was accepted of rules whose faults the packs show, with the reason that they print."""
    shown = {fault.rule for fault in faults}
    return [accepted.model_dump() for accepted in settings.accepted if accepted.rule in shown]


def code_version(made_by: str = MADE_BY) -> str:
    """The version of this package and the beginning of the identity of the code that is run from a module on."""
    return f"{__version__}+{source_identity(made_by)[:12]}"


def library_versions(made_by: str = MADE_BY) -> dict[str, str]:
    """The versions of the libraries of that code."""
    return own_source().libraries(made_by)
