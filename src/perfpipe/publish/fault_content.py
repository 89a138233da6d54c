"""What the packs say about faults and corrections: counts for the board, each with its values for the analyst."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from perfpipe.datasets import BY_ID
from perfpipe.faults.fault import Fault
from perfpipe.job.fingerprint import fingerprint_of
from perfpipe.job.job import Job, Sources
from perfpipe.packs.content.board_pack import AUDIENCES
from perfpipe.packs.models.data_quality import CorrectionLine
from perfpipe.packs.models.faults import CorrectedRecords, FaultRow, FaultsBook
from perfpipe.packs.wording.numbers import count_of, short_month
from perfpipe.reconcile.fault_history import FaultHistory, fault_history, months_from
from perfpipe.settings.corrections import Correction
from perfpipe.validate.apply_corrections import APPLIED, correction_id
from perfpipe.validate.fault_identity import identity_key
from perfpipe.validate.reading import Reading


def histories(job: Job, sources: Sources) -> dict[str, FaultHistory]:
    """The faults over time, as known to the run, of every dataset that is sent or should be."""
    return {
        name: fault_history(job.ledger, authority, sources.readings, job.month)
        for name, authority in sources.authorities.items()
        if authority.is_expected
    }


@dataclass(frozen=True)
class _CorrectionUse:
    """A correction, and in how many of the extracts that speak for some month it was applied."""

    correction: Correction
    extracts: int


def _applied(job: Job, sources: Sources) -> list[_CorrectionUse]:
    if not job.settings.corrections:
        return []
    used = [reading for authority in sources.authorities.values() for reading in authority.readings]
    met = job.ledger.corrections_met(used)
    counts: dict[str, int] = {}
    for row in met:
        if row["outcome"] == APPLIED:
            counts[row["correction"]] = counts.get(row["correction"], 0) + 1
    key = identity_key(job.workspace)
    return [_CorrectionUse(each, counts.get(correction_id(each, key), 0)) for each in job.settings.corrections]


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
    for name, authority in sources.authorities.items():
        reading = authority.speaks.get(job.month)
        if reading is None:
            continue
        for fault, record, found in _with_values(job, reading):
            rows.append(_row(job, fault, record, found, over_time[name], folder))
            for measure in _measures_of(job, fault):
                left_out.setdefault(measure, set()).add((fault["file"], fault["row"]))
    rows += [_row(job, _fields(fault), "", "", FaultHistory(), folder) for fault in sources.faults]
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
        left_out=tuple((m.code, m.title, len(left_out[m.id])) for m in job.measures if m.id in left_out),
        cleared=tuple(cleared),
        corrections=tuple(_corrected(each) for each in _applied(job, sources)),
    )


def _fields(fault: Fault) -> dict[str, Any]:
    return {**fault.__dict__, "severity": fault.severity.value}


def _with_values(job: Job, reading: Reading) -> Iterable[tuple[dict[str, Any], str, str]]:
    """Each fault of a reading as a record, the names of its row, and what stood in its cell."""
    values = pd.read_parquet(reading.values_path).set_index("identity")
    faults = job.ledger.faults_of([reading.id])
    known = values.reindex(faults["identity"]).fillna("")
    for fault, record, found in zip(faults.to_dict("records"), known["record"], known["found"], strict=True):
        yield {str(name): value for name, value in fault.items()}, record, found


def _row(job: Job, fault: Mapping[str, Any], record: str, found: str, history: FaultHistory, folder: Path) -> FaultRow:
    since = history.since.get(fault["identity"])
    months_open = months_from(since, job.month) if since else None
    dataset = BY_ID.get(fault["dataset"])
    letter = re.match(r"([A-Z]{1,3})(?: \(|$)", fault["column"])
    return FaultRow(
        owner=job.settings.owner_of(fault["dataset"], fault["rule"]),
        severity=fault["severity"],
        dataset=dataset.title if dataset else "Settings, names and folders",
        rule=fault["rule"],
        file=fault["file"],
        sheet=fault["sheet"],
        row=fault["row"],
        column=fault["column"],
        letter=letter[1] if letter else "",
        link=_link(job, fault["file"], folder),
        record=record,
        found=found or fault["found"],
        expected=fault["expected"],
        what_to_do=fault["what_to_do"],
        left_out_of=", ".join(code for code in _codes(job, fault)),
        state=_state(fault, months_open),
        first_seen=short_month(str(since)) if since else "",
        months_open=months_open,
        identity=fault["identity"],
    )


def _state(fault: Mapping[str, Any], months_open: int | None) -> str:
    if months_open is None:
        return "For information" if fault["severity"] == "info" else "Between extracts"
    return "New" if months_open == 0 else f"Open for {count_of(months_open, 'month')}"


def _measures_of(job: Job, fault: Mapping[str, Any]) -> list[str]:
    named: list[str] = fault["excludes_from"].split()
    if "*" in named:
        pages = (measure for measure in job.measures if measure.table is None)  # the steps of a table follow them
        return [measure.id for measure in pages if measure.dataset.id == fault["dataset"]]
    return named


def _codes(job: Job, fault: Mapping[str, Any]) -> list[str]:
    ids = set(_measures_of(job, fault))
    return [measure.code for measure in job.measures if measure.id in ids]


def _link(job: Job, file: str, folder: Path) -> str:
    """The way from the workbook to the file as delivered; empty where it is there no more."""
    path = job.workspace.raw / file
    return quote(Path(os.path.relpath(path, folder)).as_posix()) if file and path.is_file() else ""


def _corrected(each: _CorrectionUse) -> CorrectedRecords:
    one = each.correction
    record = ", ".join(f"{name} {value}" for name, value in one.key.items())
    title = BY_ID[one.dataset].title
    return CorrectedRecords(
        title, record, one.column, one.wrong, one.right, one.reason, one.by, one.date.isoformat(), each.extracts
    )
