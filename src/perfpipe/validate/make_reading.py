"""Make a reading: one extract's files read, corrected, validated, and judged by its own dates."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Dataset, Selects, Severity
from perfpipe.dates.months import Month, to_utc
from perfpipe.faults.fault import Fault
from perfpipe.faults.severity import judged
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import Parser, date_in_name, read_file, with_companion
from perfpipe.receive.receive import stored_path
from perfpipe.settings.corrections import Correction
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.apply_corrections import CorrectionOutcome, corrected
from perfpipe.validate.extract_dates import ExtractOrigin, arrived_as, content_of, own_faults
from perfpipe.validate.fault_identity import FaultIdentities, identified, identity_key
from perfpipe.validate.months_covered import covered_months
from perfpipe.validate.validate import Bad, local_time, validate

EARLIEST = "1900-01"  # the `since` of a layout that declares none


@dataclass(frozen=True)
class NewReading:
    """What a reading consists of: its record for the ledger, typed rows, faults with values, and corrections met."""

    record: dict[str, Any]
    rows: pd.DataFrame
    found: FaultIdentities
    met: list[CorrectionOutcome]


def make_reading(
    workspace: Workspace,
    settings: Settings,
    layout: Layout,
    extract: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]],
    folder_months: tuple[Month, Month],
    parser: Parser,
    corrections: Mapping[str, Correction],
) -> NewReading | list[Fault]:
    """Read and validate the files of an extract, its main one first; or the faults that keep it out."""
    dataset = BY_ID[extract["dataset"]]
    table = _read(workspace, layout, extract, files, parser)
    extracted_at, problem = _extracted_at(extract, table, layout, folder_months[1], dataset)
    stops = [fault for fault in [*table.faults, *problem] if fault.severity is Severity.STOP]
    if stops:
        return [_naming_layout(fault, layout) for fault in stops]
    table, met = corrected(table, dataset, layout, corrections)
    validated = validate(table, dataset, layout, extracted_at)
    if validated.rows.empty and table.rows:
        return [_nothing_usable(table, dataset), *validated.faults]
    told = judged(validated.faults, settings, extract["id"])
    if any(fault.rule == "column_unreadable" and fault.severity is Severity.STOP for fault in told):
        return told
    arrived = arrived_as(extract, dataset, layout, table, folder_months, extracted_at)
    own = judged(own_faults(arrived, validated.rows, settings), settings, extract["id"])
    stops = [fault for fault in own if fault.severity is Severity.STOP]
    if stops:
        return stops
    record = _record(dataset, layout, table, validated.rows, arrived, folder_months)
    faults = identified(told + own, table, dataset, layout, identity_key(workspace))
    return NewReading(record, validated.rows, faults, met)


def _read(
    workspace: Workspace, layout: Layout, extract: Mapping[str, Any], files: Sequence[Mapping[str, Any]], parser: Parser
) -> RawTable:
    """The cells of an extract's main file, the first, with those of the files that belong to it."""
    dataset = BY_ID[extract["dataset"]]
    main, *companions = (
        (stored_path(workspace, file["sha256"]), f"{extract['folder']}/{file['name']}") for file in files
    )
    table = read_file(*main, dataset, layout, parser)
    for path, name in companions:
        table = with_companion(table, path, name, dataset, layout, parser)
    return table


def _record(
    dataset: Dataset,
    layout: Layout,
    table: RawTable,
    rows: pd.DataFrame,
    arrived: ExtractOrigin,
    folder_months: tuple[Month, Month],
) -> dict[str, Any]:
    """What the ledger keeps of a reading, beside its faults."""
    first, last = covered_months(dataset, layout.covers, folder_months, rows)
    return {
        "dataset": dataset.id,
        "layout": layout.name,
        "extracted_at": arrived.extracted_at,
        "first_month": str(first),
        "last_month": str(last),
        "selects_by": (layout.covers.selects_by if layout.covers else Selects.OVERLAP).value,
        "declared": layout.covers is not None,
        "sheet": table.sheet,
        "rows": len(rows),
        "content_sha256": content_of(rows),
        "columns": {
            "layout": f"{layout.name} {layout.since}",
            "time_from": arrived.time_from,
            "unfinished": any(fault.rule == "last_line_unfinished" for fault in table.faults),
            "seen": [dataclasses.astuple(column) for column in table.seen],
        },
    }


def _naming_layout(fault: Fault, layout: Layout) -> Fault:
    """The fault with the layout that was tried, where the settings declare several."""
    if layout.is_standard:
        tried = f"Tried: the built-in layout {layout.name!r}."
    else:
        since = "the beginning" if layout.since == EARLIEST else layout.since
        tried = f"Tried: the layout {layout.name!r} in force since {since}."
    return dataclasses.replace(fault, what_to_do=f"{fault.what_to_do} {tried}")


def _extracted_at(
    extract: Mapping[str, Any], table: RawTable, layout: Layout, last: Month, dataset: Dataset
) -> tuple[datetime, list[Fault]]:
    """When the source made the extract: the delivery note, a cell, the file name, else the folder's last second."""
    if extract["declared_at"]:
        return extract["declared_at"], []
    where = layout.extracted_at
    if where is None or (table.faults and not table.columns):
        return last.end_at, []
    local: datetime | None = None
    if where.cell:
        try:
            order = layout.order_of("extracted_at") or "day_first"
            local = local_time(*(table.extracted_at or ("-", "")), "time_unreadable", order)[0]
        except Bad:
            local = None
    elif where.file_name:
        local = date_in_name(table.file.rpartition("/")[2], where.file_name)
    if local is not None:
        return to_utc(local), []
    place = f"cell {where.cell}" if where.cell else "the file name"
    fault = Fault(
        dataset.id, table.file, table.sheet, 0, "", "extract_time_missing", Severity.STOP,
        f"no date and time in {place}", "the time when the source made the extract",
        "Restore it, or declare extracted_at in delivery.toml.",
    )  # fmt: skip
    return last.end_at, [fault]


def _nothing_usable(table: RawTable, dataset: Dataset) -> Fault:
    return Fault(
        dataset.id, table.file, table.sheet, 0, "", "no_usable_rows", Severity.STOP,
        f"{len(table.rows)} rows, none of them usable", "records", "Mend the faults listed and send the file again.",
    )  # fmt: skip
