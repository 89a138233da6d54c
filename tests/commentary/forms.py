"""Workbooks of commentary as owners fill them in, by the headers of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.commentary.form import COLUMNS, HEADER_ROW, SHEET, FormRow
from perfpipe.commentary.form_row import MayHold
from perfpipe.commentary.read_form import FormReading, read_form
from perfpipe.dates.months import Month

MARCH = Month(2018, 3)
FILE = "commentary/2018-03/a.xlsx"
LEAD, HEAD = "Lead for Missing and Exploitation", "Head of Social Work"
WITHIN, TURNOVER = ("rhi_within_72h", "month"), ("turnover_12_months", "rolling_12")
ROWS = (
    FormRow(LEAD, "R1-01 Interviews within 72 hours", "Yes: missed", True, "March 2018: 23% (14 of 62)",
            "Interviews: 23%.", "", WITHIN, "23%", "missed"),
    FormRow(HEAD, "S3-05 Turnover", "Only if there is something to add", False, "15%", "Turnover: 15%.", "", TURNOVER,
            "15%", "met"),
)  # fmt: skip
WELL = {
    "cause": "Interviews out of area wait for the other council.",
    "action": "Agree with two providers",
    "by_when": date(2018, 6, 30),
    "question": "Will the Board write to neighbours?",
    "written_on": date(2018, 4, 12),
}


def expected(**changed: object) -> MayHold:
    """What the workbook of March may hold, taken in on 20 April."""
    usual = {
        "month": MARCH,
        "places": {WITHIN, TURNOVER},
        "roles": {each.casefold(): each for each in (LEAD, HEAD)} | {"missing_lead": LEAD},
        "today": date(2018, 4, 20),
        "identifiers": frozenset({"c1042"}),
    }
    return MayHold(**usual | changed)  # type: ignore[arg-type]


def page_of(path: Path) -> Worksheet:
    page = load_workbook(path)[SHEET]
    assert isinstance(page, Worksheet)
    return page


def place_of(key: str) -> int:
    return next(place for place, column in enumerate(COLUMNS, 1) if column.key == key)


def fill(path: Path, filled: Mapping[int, Mapping[str, object]]) -> Path:
    """Fill in rows, counted from 1, as a program of spreadsheets would: text stays text."""
    workbook = load_workbook(path)
    for row, values in filled.items():
        for key, value in values.items():
            cell = workbook[SHEET].cell(HEADER_ROW + row, place_of(key))
            cell.value = value
            if isinstance(value, str) and not value.startswith("=SUM("):
                cell.data_type = "s"
    workbook.save(path)
    return path


def read(path: Path, **changed: object) -> FormReading:
    return read_form(path.read_bytes(), FILE, expected(**changed))


def told(reading: FormReading) -> list[tuple[str, str, str]]:
    """Each fault: where, by which rule, what was found."""
    return [(fault.address.removeprefix(f"{FILE}, "), fault.rule, fault.found) for fault in reading.faults]
