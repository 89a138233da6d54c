"""Small builders that tests share: extracts from dict rows, workspaces, raw tables, figures without packs."""

from __future__ import annotations

import atexit
import csv
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pandas as pd
from openpyxl import Workbook

from perfpipe.cli.new_workspace import write_workspace
from perfpipe.datasets import BY_ID
from perfpipe.faults.fault import Fault
from perfpipe.ledger.ledger import Ledger
from perfpipe.read.raw_table import RawTable
from perfpipe.read.read_file import Parser, read_file
from perfpipe.receive.receive import Receipt, receive
from perfpipe.rules.rule import Severity
from perfpipe.settings.layouts import Layout, standard_layouts
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.validate import ValidationResult, validate
from tests.small_plan import small_plan

Records = Sequence[Mapping[str, object]]
AS_AT = datetime(2017, 7, 31, 22, 59, 59, tzinfo=UTC)  # the last second of July 2017 in London

EPISODE = {
    "episode_id": "E1", "child_id": "C1", "category": "M", "missing_from": "01/05/2017 20:00",
    "returned_at": "02/05/2017 10:00", "offered": "Y", "outcome": "accepted", "interview_at": "03/05/2017 10:00",
}  # fmt: skip
PLACEMENT = {
    "child_id": "C1", "dob": "01/06/2005", "started_on": "01/05/2017", "new_episode_reason_code": "S",
    "legal_status_code": "C2", "placement_code": "U6", "provider_code": "PR1", "ceased_on": "",
}  # fmt: skip
WORKER = {
    "worker_id": "W1", "contract": "permanent", "fte": "1", "started_on": "01/05/2016", "left_on": "",
}  # fmt: skip
WORKFORCE = {"month": "2017-05", "vacancies_fte": "10.5", "agency_fte": "4"}
ASSESSMENT = {
    "assessment_id": "A1", "child_id": "C1", "dob": "01/06/2005", "referral_on": "01/05/2017",
    "started_on": "02/05/2017", "authorised_on": "05/06/2017", "child_seen": "Y", "seen_on": "09/05/2017",
    "outcome": "child_in_need",
}  # fmt: skip
AUDIT = {
    "audit_id": "Q1", "child_id": "C1", "audited_on": "01/06/2017", "overall_grade": "good", "chronology_grade": "good",
}  # fmt: skip
HOUSEHOLD = {
    "household_id": "H1", "registered_on": "04/01/2017", "fast_track": "N", "stage1_ended_on": "01/03/2017",
    "stage2_started_on": "06/03/2017", "approved_on": "03/07/2017", "matched_on": "", "withdrawn_on": "",
}  # fmt: skip
TYPED = {
    "measure_id": "reviews_on_time", "month": "2017-05", "numerator": "48", "denominator": "60", "source": "Log",
    "entered_by": "A. Typist",
}  # fmt: skip
ACTION = {"action_id": "1.1", "status": "green", "status_on": "01/05/2017", "note": "On its way"}
RECORD = {
    "return_home_interviews": EPISODE,
    "placements": PLACEMENT,
    "social_workers": WORKER,
    "workforce_monthly": WORKFORCE,
    "assessments": ASSESSMENT,
    "audits": AUDIT,
    "adopters": HOUSEHOLD,
    "actions": ACTION,
    "manual_measures": TYPED,
}


def episode(**changes: object) -> dict[str, object]:
    """A missing episode without faults, changed."""
    return EPISODE | changes


def placement(**changes: object) -> dict[str, object]:
    """An open foster placement without faults, changed."""
    return PLACEMENT | changes


def worker(**changes: object) -> dict[str, object]:
    """A social worker in post without faults, changed."""
    return WORKER | changes


def headers_of(records: Records) -> list[str]:
    """Every key of the records, in the order of its first use."""
    return list(dict.fromkeys(key for record in records for key in record))


def write_csv(path: Path, records: Records, encoding: str = "utf-8") -> Path:
    """Records as a CSV file with a header row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    headers = headers_of(records)
    with open(path, "w", newline="", encoding=encoding) as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows([["" if r.get(h) is None else r.get(h) for h in headers] for r in records])
    return path


def write_xlsx(path: Path, records: Records, sheet: str = "Records", above: Iterable[Sequence[object]] = ()) -> Path:
    """Records as a workbook of one sheet, with rows above the header."""
    return write_sheets(path, {sheet: [*above, *table_of(records)]})


def table_of(records: Records) -> list[list[object]]:
    """Header row and rows of values."""
    headers = headers_of(records)
    return [list(headers), *([record.get(header) for header in headers] for record in records)]


def write_rows(path: Path, rows: Iterable[Sequence[object]], merged: Iterable[str] = ()) -> Path:
    """A workbook of one sheet, with cells merged."""
    return write_sheets(path, {"Sheet": rows}, merged)


def write_sheets(path: Path, sheets: Mapping[str, Iterable[Sequence[object]]], merged: Iterable[str] = ()) -> Path:
    """A workbook of several sheets, each a list of rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in merged:
            sheet.merge_cells(cells)
    workbook.save(path)
    return path


def only_stop(table: RawTable) -> Fault:
    """The one fault of a file that could not be read, for which it is refused."""
    assert (table.rows, table.columns) == ([], {})
    assert [fault.severity for fault in table.faults] == [Severity.STOP]
    return table.faults[0]


def change_member(path: Path, member: str, change: Callable[[str], str]) -> Path:
    """Rewrite one text member of a workbook, as no library would write it."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    changed = change(parts[member].decode()).encode()
    assert changed != parts[member], "the change changed nothing"
    parts[member] = changed
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def layout_of(dataset: str, **changes: object) -> Layout:
    """A declared layout with a dataset's own column names and the day first, changed."""
    columns = {column.name: column.name for column in BY_ID[dataset].columns if column.required}
    declared = {"name": "local", "files": ["*"], "columns": columns, "date_order": "day_first"}
    return Layout.model_validate(declared | changes)


@cache
def one_parser() -> Parser:
    """The parser of a test process, which takes file after file as that of a run does."""
    parser = Parser()
    atexit.register(parser.__exit__)
    return parser


def read(path: Path, dataset: str, layout: Layout | None = None) -> RawTable:
    """Read one file, by the standard layout unless another is given."""
    return read_file(path, path.name, BY_ID[dataset], layout or standard(dataset), one_parser())


def standard(dataset: str) -> Layout:
    """The standard layout of a dataset."""
    return standard_layouts(BY_ID[dataset])[0]


def checked(path: Path, dataset: str, layout: Layout | None = None, as_at: datetime = AS_AT) -> ValidationResult:
    """Read and validate one file."""
    table = read(path, dataset, layout)
    return validate(table, BY_ID[dataset], layout or standard(dataset), as_at)


def check_records(folder: Path, dataset: str, records: Records, layout: Layout | None = None) -> ValidationResult:
    """Validate dict rows by way of a CSV file."""
    return checked(write_csv(folder / f"{dataset}.csv", records), dataset, layout)


def rules(faults: Iterable[Fault]) -> list[str]:
    """The rules of faults, in order."""
    return [fault.rule for fault in faults]


def make_workspace(root: Path, settings: str | None = None, plan: str | None = None) -> Workspace:
    """An empty workspace with a small plan, or with other settings or another plan where given."""
    write_workspace(root, "local")
    workspace = Workspace(root)
    if settings is not None:
        workspace.settings_file.write_text(settings, encoding="utf-8")
    workspace.plan_file.write_text(small_plan() if plan is None else plan, encoding="utf-8")
    return workspace


def deliver(workspace: Workspace, folder: str, dataset: str, records: Records) -> Path:
    """Put an extract in the standard layout into a delivery folder."""
    return write_csv(workspace.raw / folder / f"{dataset}.csv", records)


def receive_now(workspace: Workspace, settings: Settings | None = None) -> Receipt:
    """Receive what has been delivered, into the workspace's ledger."""
    ledger = Ledger.open(workspace.processed)
    try:
        return receive(workspace, settings or workspace.settings(), ledger)
    finally:
        ledger.close()


def figure(figures: pd.DataFrame, measure: str, month: str, group: str = "all") -> pd.Series:
    """One figure of a measure, for its first period."""
    chosen = figures[(figures["measure_id"] == measure) & (figures["month"] == month) & (figures["group"] == group)]
    return chosen.iloc[0]
