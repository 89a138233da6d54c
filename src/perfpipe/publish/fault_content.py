"""What the packs say about faults and corrections: counts for the board, each with its values for the analyst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from perfpipe.datasets import BY_ID
from perfpipe.faults.fault import Fault
from perfpipe.job.fingerprint import fingerprint_of
from perfpipe.job.job import Job, Sources, is_delivered
from perfpipe.ledger.records import CorrectionResult
from perfpipe.packs.content.board_pack import AUDIENCES
from perfpipe.packs.models.data_quality import CorrectionLine
from perfpipe.packs.models.faults import CorrectedRecords, FaultRow, FaultsBook
from perfpipe.packs.wording.numbers import short_month
from perfpipe.phrases.counted_nouns import count_of
from perfpipe.publish.fault_rows import FaultOverTime, fault_row, link_to, measures_without
from perfpipe.publish.fault_totals import fault_totals
from perfpipe.reconcile.fault_history import FaultHistory, fault_history, months_from
from perfpipe.settings.corrections import Correction
from perfpipe.storage.failures import storing
from perfpipe.validate.apply_corrections import correction_id
from perfpipe.validate.fault_identity import identity_key
from perfpipe.validate.reading import Reading


def histories(job: Job, sources: Sources) -> dict[str, FaultHistory]:
    """The faults over time, as known to the run, of every dataset that is sent or should be."""
    return {
        name: fault_history(job.ledger, speaks_for, sources.readings, job.month)
        for name, speaks_for in sources.speaks_for.items()
        if is_delivered(job, speaks_for)
    }


@dataclass(frozen=True)
class _CorrectionUse:
    """A correction, and in how many of the extracts that speak for some month it was applied."""

    correction: Correction
    extracts: int


def _applied(job: Job, sources: Sources) -> list[_CorrectionUse]:
    if not job.settings.corrections:
        return []
    used = [reading for speaks_for in sources.speaks_for.values() for reading in speaks_for.readings]
    met = (outcome for outcomes in job.ledger.corrections_met(used).values() for outcome in outcomes)
    counts = Counter(each.correction for each in met if each.outcome is CorrectionResult.APPLIED)
    key = identity_key(job.workspace)
    return [_CorrectionUse(each, counts[correction_id(each, key)]) for each in job.settings.corrections]


def correction_lines(job: Job, sources: Sources) -> tuple[CorrectionLine, ...]:
    """Corrections in the extracts that speak, counted by dataset, column, reason, by and date: no record is named."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for each in _applied(job, sources):
        one = each.correction
        if each.extracts:
            title = BY_ID[one.dataset].title
            groups.setdefault((title, one.column, one.reason, one.by, one.date.isoformat()), []).append(each.extracts)
    return tuple(
        CorrectionLine(title, column, len(extracts), max(extracts), reason, by, day)
        for (title, column, reason, by, day), extracts in groups.items()
    )


def faults_book(job: Job, sources: Sources, over_time: Mapping[str, FaultHistory], folder: Path) -> FaultsBook:
    """The analyst's workbook for the extracts that speak for the report month. `folder`: where it will stand."""
    rows: list[FaultRow] = []
    left_out: dict[str, set[tuple[str, int]]] = {}
    for name, speaks_for in sources.speaks_for.items():
        reading = speaks_for.by_month.get(job.month)
        if reading is None:
            continue
        for fault, record, found in _with_values(job, reading):
            rows.append(_row(job, fault, record, found, over_time[name], folder))
            for measure in measures_without(fault, job.measures):
                left_out.setdefault(measure.id, set()).add((fault.file, fault.row))
    rows += [_row(job, fault, "", "", FaultHistory(), folder) for fault in sources.faults]
    cleared = [
        (BY_ID[name].title, rule, found.cleared)
        for name, history in over_time.items()
        for rule, found in history.rules.items()
        if found.cleared
    ]
    return FaultsBook(
        authority=job.settings.authority.name,
        month_label=job.month.label,
        audience=AUDIENCES["analyst"],
        fingerprint=fingerprint_of(job, sources),
        faults=tuple(rows),
        by_owner=fault_totals(rows, lambda fault: (fault.owner,)),
        by_rule=fault_totals(rows, lambda fault: (fault.owner, fault.rule)),
        left_out=tuple((m.code, m.title, len(left_out[m.id])) for m in job.measures if m.id in left_out),
        cleared=tuple(cleared),
        corrections=tuple(_corrected(each) for each in _applied(job, sources)),
    )


def _with_values(job: Job, reading: Reading) -> Iterable[tuple[Fault, str, str]]:
    """Each fault of a reading, the names of its row, and what stood in its cell."""
    with storing(reading.values_path, "read"):
        values = pd.read_parquet(reading.values_path).set_index("identity")
    faults = job.ledger.faults_of([reading.id])
    known = values.reindex([fault.identity for fault in faults]).fillna("")
    yield from zip(faults, known["record"], known["found"], strict=True)


def _row(job: Job, fault: Fault, record: str, found: str, history: FaultHistory, folder: Path) -> FaultRow:
    since = history.since.get(fault.identity)
    months_open = months_from(since, job.month) if since else None
    over_time = FaultOverTime(_state(fault, months_open), short_month(str(since)) if since else "", months_open)
    link = link_to(job.workspace.raw / fault.file, folder)
    return fault_row(fault, record, found, link, over_time, job.settings, job.measures)


def _state(fault: Fault, months_open: int | None) -> str:
    if months_open is None:
        return "For information" if fault.severity == "info" else "Between extracts"
    return "New" if months_open == 0 else f"Open for {count_of(months_open, 'month')}"


def _corrected(each: _CorrectionUse) -> CorrectedRecords:
    one = each.correction
    record = ", ".join(f"{name} {value}" for name, value in one.key.items())
    title = BY_ID[one.dataset].title
    return CorrectedRecords(
        title, record, one.column, one.wrong, one.right, one.reason, one.by, one.date.isoformat(), each.extracts
    )
