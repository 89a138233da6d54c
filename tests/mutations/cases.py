"""Valid extracts: parts of the sample authority in four forms, and small workspaces that hold the months before.

Local workbooks (title lines, a totals row, the source's own words), the standard layout as workbook and as CSV,
and the national SSDA903 files. The records behind them are known, so what perfpipe should read is too.
"""

from __future__ import annotations

import csv
import random
import shutil
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from perfpipe.cli.new_workspace import write_workspace
from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Kind
from perfpipe.dates.months import Month
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import COMPARATORS_FILE, COMPARATORS_PLACE, LAST_MONTH, SETTINGS_FILE
from perfpipe_sample import PLAN_FILE as PLAN
from perfpipe_sample.columns import BOOKS
from perfpipe_sample.extracts import rows_of
from perfpipe_sample.knowledge import Extract
from perfpipe_sample.simulated_authority import SimulatedAuthority, simulate
from tests.mutations.books import Cell, Row, Table, data_of

MONTH = Month(2017, 11)
FORMS = ("local", "xlsx", "csv")
PARTS = {"return_home_interviews": 12, "placements": 12, "social_workers": 8, "workforce_monthly": 1}
NATIONAL = {
    "child_id": "CHILD", "started_on": "DECOM", "new_episode_reason_code": "RNE", "legal_status_code": "LS",
    "need_code": "CIN", "placement_code": "PLACE", "provider_code": "PLACE_PROVIDER", "ceased_on": "DEC",
    "cease_reason_code": "REC", "change_reason_code": "REASON_PLACE_CHANGE", "home_postcode": "HOME_POST",
    "placement_postcode": "PL_POST", "urn": "URN",
}  # fmt: skip
TEXTS = {
    "method": "Caf\u00e9 visit \u2013 child\u2019s choice",
    "team": "Children\u2019s team \u00a31",
    "need_code": "N1",
}
Record = dict[str, Cell]


@dataclass(frozen=True)
class Case:
    """One valid extract: its dataset, form, month's folder, table, companions, and what its records are."""

    id: str
    dataset: str
    form: str
    folder: str
    table: Table
    records: list[Record]
    before: Table  # the extract of the month before
    companions: dict[str, bytes] = field(default_factory=dict)

    @property
    def date_columns(self) -> list[str]:
        """The columns of dates and times that some record fills."""
        kinds = (Kind.DATE, Kind.INSTANT)
        return [c.name for c in BY_ID[self.dataset].columns if c.kind in kinds and self.filled(c.name)]

    def filled(self, column: str) -> list[int]:
        """The numbers of the records that have a value in a column."""
        if column not in self.table.columns:
            return []
        position = self.table.at(column)
        return [n for n, row in enumerate(self.table.records) if row[position] not in (None, "")]

    def of_kind(self, *kinds: Kind) -> list[str]:
        """The filled columns of some kinds."""
        return [c.name for c in BY_ID[self.dataset].columns if c.kind in kinds and self.filled(c.name)]

    @property
    def required(self) -> list[str]:
        """The columns that the source must have."""
        return [c.name for c in BY_ID[self.dataset].columns if c.required and c.name in self.table.columns]


@cache
def authority() -> SimulatedAuthority:
    """The sample authority; parts of it, by child or worker, are small authorities of their own."""
    return simulate(1, LAST_MONTH)


def _part(dataset: str, month: Month, part: int) -> list[object]:
    extract = Extract(dataset, month, month.last_day)
    rows = rows_of(authority(), extract)
    parts = PARTS[dataset]
    person = "worker_id" if dataset == "social_workers" else "child_id"
    if parts == 1:
        return rows
    return [row for row in rows if zlib.crc32(str(getattr(row, person)).encode()) % parts == part % parts]


@cache
def _fields(dataset: str) -> Mapping[str, str]:
    """By canonical column, the field of the sample's record."""
    layout = _local_layouts()[dataset][-1]
    book = BOOKS[dataset]
    every = (*book.columns, *(column for _, column in book.changed))
    fields = {shown.header: shown.field for shown in every if shown.field}
    return {column: fields[header] for column, header in layout.items()}


@cache
def _local_layouts() -> Mapping[str, list[Mapping[str, str]]]:
    """By dataset the columns of each layout, oldest first."""
    import tomllib

    layouts = tomllib.loads(SETTINGS_FILE.read_text(encoding="utf-8"))["layouts"]
    return {dataset: [each["columns"] for each in declared] for dataset, declared in layouts.items()}


def _records(dataset: str, month: Month, part: int) -> list[Record]:
    """The records by canonical column; ids of digits with leading zeros, and some letters beyond ASCII."""
    key = BY_ID[dataset].key
    records: dict[tuple[Cell, ...], Record] = {}
    for number, row in enumerate(_part(dataset, month, part)):
        record: Record = {column: getattr(row, name) for column, name in _fields(dataset).items()}
        if not _known_by(record, dataset, month):
            continue
        for column in BY_ID[dataset].columns:
            value = record.get(column.name)
            if column.kind is Kind.ID and isinstance(value, str) and column.name != "urn":
                record[column.name] = "00" + "".join(letter for letter in value if letter.isdigit())
            if column.name in TEXTS and number % 7 == 0 and value is not None:
                record[column.name] = TEXTS[column.name]
        records[tuple(record[name] for name in key)] = record  # a source without faults of its own
    return [record for record in records.values() if not _ends_too_early(dataset, record)]


def _known_by(record: Record, dataset: str, month: Month) -> bool:
    """Blank what happens after the month, when a standard extract is made; False if the record had not begun."""
    for name, value in record.items():
        if isinstance(value, date) and (value.year, value.month) > (month.year, month.number):
            record[name] = None
            if name == "ceased_on":
                record |= {"cease_reason_code": None, "change_reason_code": None}
            if name == "left_on":
                record |= {"leaving_reason": None, "leaving_destination": None}
    return record[BY_ID[dataset].start] is not None


def _ends_too_early(dataset: str, record: Record) -> bool:
    end = BY_ID[dataset].end
    started, ended = record[BY_ID[dataset].start], record.get(end) if end else None
    return isinstance(started, date) and isinstance(ended, date) and ended < started


def _standard(dataset: str, form: str, month: Month, part: int) -> tuple[Table, list[Record]]:
    records = _records(dataset, month, part)
    columns = tuple(_fields(dataset))
    rows: list[Row] = [[record[name] for name in columns] for record in records]
    if form == "xlsx":
        return Table("xlsx", f"{dataset}.xlsx", "Records", columns, list(columns), rows), records
    return Table("csv", f"{dataset}.csv", "", columns, list(columns), rows), records


def _local(dataset: str, month: Month, part: int) -> tuple[Table, list[Record]]:
    """A local workbook as the sample writes it, without its made-up faults."""
    book, rng = BOOKS[dataset], random.Random(f"{dataset}/{month}/{part}")
    shown = book.columns_in(month)
    header_of = {header: column for layout in _local_layouts()[dataset] for column, header in layout.items()}
    records = list(
        {row: row for row in (replace(r, copies=1) if hasattr(r, "copies") else r for r in _part(dataset, month, part))}
    )
    records = [
        r for r in records if not _ends_too_early(dataset, {c: getattr(r, f) for c, f in _fields(dataset).items()})
    ]
    rows: list[Row] = [[column.style(rng, column.value_of(row)) for column in shown] for row in records]
    made = Extract(dataset, month, month.last_day).extracted_at
    made_cell: Cell = made if rng.random() < 0.5 else made.strftime("%d/%m/%Y %H:%M")
    above: list[Row] = [[book.title], ["Extracted", made_cell], ["Month", month.label], []]
    columns = tuple(header_of.get(column.header, "") for column in shown)
    headers: Row = [column.header for column in shown]
    below: list[Row] = [[f"Total records: {len(rows)}"]]
    return Table("xlsx", book.file_name(month), book.sheet(month), columns, headers, rows, above, below), []


def _national(year_end: Month, part: int) -> tuple[Table, list[Record], dict[str, bytes]]:
    records = _records("placements", year_end, part)
    rows: list[Row] = [[record[name] for name in NATIONAL] for record in records]
    born = {str(r["child_id"]): r["dob"] for r in records}
    assert all(isinstance(day, date) for day in born.values())
    lines = [f"{child},1,{day:%d/%m/%Y},WBRI,,,," for child, day in born.items()]
    header = "\r\n".join(["CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB,UASC", *lines, ""]).encode()
    table = Table("csv", "episodes.csv", "", tuple(NATIONAL), list(NATIONAL.values()), rows)
    return table, records, {"header.csv": header}


def extract_of(dataset: str, form: str, month: Month, part: int) -> tuple[Table, list[Record], dict[str, bytes]]:
    """One extract of a part of the authority: the table, the records behind it (not of the local form), companions."""
    if form == "national":
        return _national(month, part)
    if form == "local":
        return *_local(dataset, month, part), {}
    return *_standard(dataset, form, month, part), {}


def months_of(form: str) -> tuple[Month, Month, Month]:
    """The month of the extract to be damaged, last, and the two before."""
    return (Month(2016, 3), Month(2017, 3), Month(2018, 3)) if form == "national" else (MONTH - 2, MONTH - 1, MONTH)


def folder_of(form: str, month: Month) -> str:
    """The delivery folder of a month."""
    return f"{month.year - 1}-{month.year % 100:02d}" if form == "national" else str(month)


@cache
def case(dataset: str, form: str, part: int) -> Case:
    """One valid extract."""
    _, last, month = months_of(form)
    table, records, companions = extract_of(dataset, form, month, part)
    before = extract_of(dataset, form, last, part)[0]
    name = f"{form}/{dataset}/{part}"
    return Case(name, dataset, form, folder_of(form, month), table, records, before, companions)


def cases(parts: int) -> Iterator[Case]:
    """Every dataset in every form, from so many parts of the authority."""
    for part in range(parts):
        for form in FORMS:
            for dataset in PARTS:
                yield case(dataset, form, part)
        yield case("placements", "national", part)


def empty_workspace(root: Path, form: str) -> Workspace:
    """A workspace whose settings know a form."""
    write_workspace(root, "ssda903" if form == "national" else "local")
    shutil.copyfile(PLAN, root / "plan.toml")
    if form == "local":
        shutil.copyfile(SETTINGS_FILE, root / "perfpipe.toml")
        (root / COMPARATORS_PLACE).parent.mkdir()
        shutil.copyfile(COMPARATORS_FILE, root / COMPARATORS_PLACE)
    else:
        settings = root / "perfpipe.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("Our Council", "Exampleshire"))
    return Workspace(root)


def put(workspace: Workspace, folder: str, files: Mapping[str, bytes]) -> None:
    """Files into a delivery folder."""
    path = workspace.raw / folder
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name).write_bytes(content)


def deliver(workspace: Workspace, dataset: str, form: str, month: Month, part: int) -> None:
    """One valid extract into its folder."""
    table, _, companions = extract_of(dataset, form, month, part)
    put(workspace, folder_of(form, month), {table.name: data_of(table), **companions})


def true_rows(case: Case) -> pd.DataFrame:
    """The typed rows that the records of a standard extract stand for, worked out without perfpipe's parsers."""
    dataset = BY_ID[case.dataset]
    given = [c for c in dataset.columns if c.name in case.table.columns or c.name == "dob"]
    return pd.DataFrame({c.name: [_true(c.kind, r[c.name], c.last_reading) for r in case.records] for c in given})


def _true(kind: Kind, value: Cell, last_reading: bool) -> object:
    if value is None:
        return None
    if kind is Kind.MONTH and isinstance(value, date):
        return f"{value.year:04d}-{value.month:02d}"
    if kind is Kind.INSTANT and isinstance(value, datetime):
        return pd.Timestamp(value.replace(tzinfo=ZoneInfo("Europe/London"), fold=int(last_reading))).tz_convert("UTC")
    if kind is Kind.DATE:
        return pd.Timestamp(value)  # type: ignore[arg-type]
    return float(value) if kind in (Kind.NUMBER, Kind.COUNT) else value  # type: ignore[arg-type]


def csv_rows(data: bytes) -> list[list[str]]:
    """A CSV file's rows, for mutations of its companions."""
    return list(csv.reader(data.decode().splitlines()))
