"""Make a reading: one extract's files read, corrected, validated, and judged by its own dates."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import Month, to_utc
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.faults.severity import accepted_of, judged, of_erased
from perfpipe.ledger.records import CorrectionOutcome, ExtractInFolder, ReadingNotes, ReadingRecord, StoredFile
from perfpipe.read.parts import joined, overlaps, placed, read_parts
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import Parser, date_in_name, read_file, with_companion
from perfpipe.read.turned_sheet import in_source
from perfpipe.receive.store import sound_copy
from perfpipe.rules.arrivals import PART_MISSING
from perfpipe.rules.cells import COLUMN_UNREADABLE, TIME_UNREADABLE
from perfpipe.rules.extracts import (
    EMPTY_EXTRACT,
    EXTRACT_TIME_MISSING,
    NO_RECORDS_IN_MONTH,
    NO_USABLE_ROWS,
    ROWS_ERASED,
    STORED_COPY_LOST,
)
from perfpipe.rules.rule import Severity
from perfpipe.rules.tables import LAST_LINE_UNFINISHED
from perfpipe.settings.layouts import Layout
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.apply_corrections import corrected
from perfpipe.validate.cell_parsers import Bad, date_reader, local_time
from perfpipe.validate.declared_span import span_faults
from perfpipe.validate.erased_people import People, without_people
from perfpipe.validate.extract_dates import (
    ExtractOrigin,
    arrived_as,
    content_of,
    made_after_delivery,
    made_before,
    own_faults,
)
from perfpipe.validate.fault_identity import FaultIdentities, identified, identity_key
from perfpipe.validate.faults_beneath import faults_beneath
from perfpipe.validate.months_covered import covered_months
from perfpipe.validate.reading import ReadingBasis
from perfpipe.validate.validate import validate

FOLLOW_FROM_ERASURE = (EMPTY_EXTRACT.id, NO_RECORDS_IN_MONTH.id)  # where the rows that went were the only ones
EARLIEST = "1900-01"  # the `since` of a layout that declares none


@dataclass(frozen=True)
class NewReading:
    """What a reading consists of: its record for the ledger, rows, rows left out, faults with values, corrections."""

    record: ReadingRecord
    rows: pd.DataFrame
    left_out: pd.DataFrame
    found: FaultIdentities
    met: list[CorrectionOutcome]


def make_reading(basis: ReadingBasis, workspace: Workspace, parser: Parser) -> NewReading | list[Fault]:
    """Read and validate the files of an extract; or the faults that keep it out."""
    made = _made(basis, workspace, parser)
    if not basis.layout.turned:
        return made
    if isinstance(made, list):
        return [in_source(fault) for fault in made]
    found = dataclasses.replace(made.found, faults=[in_source(fault) for fault in made.found.faults])
    return dataclasses.replace(made, found=found)


def _made(basis: ReadingBasis, workspace: Workspace, parser: Parser) -> NewReading | list[Fault]:
    extract, layout, settings = basis.extract, basis.layout, basis.settings
    dataset = BY_ID[extract.dataset]
    copies = copies_of(extract, basis.files, workspace)
    if lost := [_lost(dataset, extract, name) for name, copy in copies.items() if copy is None]:
        return lost
    tables = read_tables(layout, extract, {name: copy for name, copy in copies.items() if copy}, parser)
    extracted_at, problems = _made_at(extract, tables, layout, basis.months[1], dataset)
    table = joined(tables)
    if basis.before_erasure and table.columns:
        table, problems = dataclasses.replace(table, faults=of_erased(table.faults)), of_erased(problems)
    if kept_out := [fault for fault in [*table.faults, *problems] if _keeps_out(fault)]:
        stops = [_naming_layout(fault, layout) for fault in placed(kept_out, table.parts)]
        return [*stops, *_judged(faults_beneath(tables, dataset, layout, extracted_at), basis)]
    table, erased = _without_erased(basis, table, identity_key(workspace))
    table, met = corrected(table, dataset, layout, basis.corrections)
    validated = validate(table, dataset, layout, extracted_at)
    if validated.rows.empty and table.rows:
        return placed([_nothing_usable(table, dataset), *validated.faults], table.parts)
    told = _judged(validated.faults, basis)
    unreadable = any(fault.rule == COLUMN_UNREADABLE.id and fault.severity is Severity.STOP for fault in told)
    arrived = arrived_as(extract, dataset, layout, table, basis.months, extracted_at)
    if unreadable:  # what its rows say of the extract cannot be trusted
        own = made_before(arrived)
    else:
        own = own_faults(arrived, validated.rows, settings) or span_faults(arrived, validated.rows)
    own = [fault for fault in own if not erased or fault.rule not in FOLLOW_FROM_ERASURE]
    own = _judged([*made_after_delivery(arrived), *own, *overlaps(table, dataset), *erased], basis)
    if unreadable or any(fault.severity is Severity.STOP for fault in own):
        return placed([*own, *told], table.parts)
    record = _record(basis, table, validated.rows, arrived)
    faults = identified(told + own, table, dataset, layout, identity_key(workspace))
    faults.faults[:] = placed(faults.faults, table.parts)
    return NewReading(record, validated.rows, validated.left_out, faults, met)


def _judged(faults: Iterable[Fault], basis: ReadingBasis) -> list[Fault]:
    """Faults with the severities of the settings; what is left after rows were erased stops nothing."""
    found = judged(faults, basis.settings, basis.extract.id)
    return of_erased(found) if basis.before_erasure else found


def _without_erased(basis: ReadingBasis, table: RawTable, key: bytes) -> tuple[RawTable, list[Fault]]:
    """The table without rows of people whose records were erased, and what is said of that and of rows that went."""
    dataset = BY_ID[basis.extract.dataset]
    left, faults = without_people(table, dataset, basis.layout, People(basis.people, key))
    if days := {f"{each.erased_at:%Y-%m-%d}" for each in basis.extract.erased.values()}:
        found = f"rows of it were erased on {' and '.join(sorted(days))}"
        faults.append(fault_of(ROWS_ERASED, Address(dataset.id, table.file, table.sheet), found))
    return left, faults


def copies_of(extract: ExtractInFolder, files: Sequence[StoredFile], workspace: Workspace) -> dict[str, Path | None]:
    """The sound copy of each file of an extract by its name, or of what is kept of it; None where it is lost."""
    return {file.name: sound_copy(workspace, file, extract.folder, extract.kept_of(file)) for file in files}


def _keeps_out(fault: Fault) -> bool:
    return fault.severity is Severity.STOP or fault.rule == PART_MISSING.id


def _lost(dataset: Dataset, extract: ExtractInFolder, name: str) -> Fault:
    at = Address(dataset.id, f"{extract.folder}/{name}")
    return fault_of(STORED_COPY_LOST, at, "its copy is missing or was changed, and the folder has it no more")


def read_tables(layout: Layout, extract: ExtractInFolder, copies: Mapping[str, Path], parser: Parser) -> list[RawTable]:
    """The cells of an extract: of its parts, or of its main file, the first, with those of the files beside it."""
    dataset = BY_ID[extract.dataset]
    main, *companions = ((copy, f"{extract.folder}/{name}") for name, copy in copies.items())
    if layout.parts or layout.sheet_parts:
        return read_parts([main, *companions], dataset, layout, parser)
    table = read_file(*main, dataset, layout, parser)
    for path, name in companions:
        table = with_companion(table, path, name, dataset, layout, parser)
    return [table]


def _record(basis: ReadingBasis, table: RawTable, rows: pd.DataFrame, arrived: ExtractOrigin) -> ReadingRecord:
    """What the ledger keeps of a reading, beside its faults."""
    layout = basis.layout
    first, last = covered_months(arrived.dataset, layout.covers, basis.months, rows)
    if basis.before_erasure:  # what an extract speaks for does not change with the rows that went
        first, last = min(first, basis.before_erasure[0]), max(last, basis.before_erasure[1])
    return ReadingRecord(
        id=basis.reading_id,
        extract_id=arrived.extract_id,
        dataset=arrived.dataset.id,
        layout=layout.name,
        extracted_at=arrived.extracted_at,
        first_month=first,
        last_month=last,
        selects_by=layout.covers.selects_by if layout.covers else Selects.OVERLAP,
        declared=layout.covers is not None,
        sheet=table.sheet,
        rows=len(rows),
        content_sha256=content_of(rows),
        notes=ReadingNotes(
            layout=f"{layout.name} {layout.since}",
            time_from=arrived.time_from,
            unfinished=any(fault.rule == LAST_LINE_UNFINISHED.id for fault in table.faults),
            seen=table.seen,
            accepted=tuple(sorted(each.rule for each in accepted_of(basis.settings, basis.extract.id))),
            parts=table.parts,
            turned=layout.turned,
        ),
    )


def _naming_layout(fault: Fault, layout: Layout) -> Fault:
    """The fault with the layout that was tried, where the settings declare several."""
    if layout.is_standard:
        tried = f"Tried: the built-in layout {layout.name!r}."
    else:
        since = "the beginning" if layout.since == EARLIEST else layout.since
        tried = f"Tried: the layout {layout.name!r} in force since {since}."
    return dataclasses.replace(fault, what_to_do=f"{fault.what_to_do} {tried}")


def _made_at(
    extract: ExtractInFolder, tables: Sequence[RawTable], layout: Layout, last: Month, dataset: Dataset
) -> tuple[datetime, list[Fault]]:
    """When the extract was made: of parts the first time at which one was, as the others know no more than that."""
    each = [_extracted_at(extract, table.unused or table, layout, last, dataset) for table in tables]
    return min(at for at, _ in each), [fault for _, faults in each for fault in faults]


def _extracted_at(
    extract: ExtractInFolder, table: RawTable, layout: Layout, last: Month, dataset: Dataset
) -> tuple[datetime, list[Fault]]:
    """When the source made the extract: the delivery note, a cell, the file name, else the folder's last second."""
    if extract.delivery.declared_at:
        return extract.delivery.declared_at, []
    where = layout.extracted_at
    if where is None or (table.faults and not table.columns):
        return last.end_at, []
    local: datetime | None = None
    if where.cell:
        try:
            read = date_reader("extracted_at", layout)
            local = local_time(*(table.extracted_at or ("-", "")), TIME_UNREADABLE, read).moment
        except Bad:
            local = None
    elif where.file_name:
        local = date_in_name(table.file.rpartition("/")[2], where.file_name)
    if local is not None:
        return to_utc(local), []
    place = f"cell {where.cell}" if where.cell else "the file name"
    at = Address(dataset.id, table.file, table.sheet)
    return last.end_at, [fault_of(EXTRACT_TIME_MISSING, at, f"no date and time in {place}")]


def _nothing_usable(table: RawTable, dataset: Dataset) -> Fault:
    at = Address(dataset.id, table.file, table.sheet)
    return fault_of(NO_USABLE_ROWS, at, f"{len(table.rows)} rows, none of them usable")
