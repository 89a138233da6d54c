"""Layouts: how a source lays a dataset out, declared in `perfpipe.toml` or built in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.months import Month
from perfpipe.toml_files.models import Problem, Strict

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv")
STANDARD_NAMES = ("standard", "ssda903")


def _one_or_several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


DateOrder = Literal["day_first", "month_first", "iso"]  # of dates written as text
ALL = "all"
DateOrders = Annotated[  # by column; one text is that of all columns
    dict[str, DateOrder], BeforeValidator(lambda value: {ALL: value} if isinstance(value, str) else value)
]
Names = Annotated[tuple[str, ...], BeforeValidator(_one_or_several)]  # one text, or a list of texts


def _of_names(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        if "/" in pattern or "\\" in pattern or not pattern.isprintable():
            raise ValueError(f"expected patterns of file names, without folders; found {pattern!r}")
    return patterns


FileNames = Annotated[Names, AfterValidator(_of_names)]  # of files in a delivery folder, with * and ? for any letters


class Covers(Strict):
    """What an extract holds: its span of months, ending with its folder's, and the date it selects by."""

    span: str
    selects_by: Selects
    goes_back_to: str | None = None

    @field_validator("span")
    @classmethod
    def _known_span(cls, span: str) -> str:
        known = ("month", "financial_year_to_date", "financial_year", "all")
        if span not in known and not re.fullmatch(r"last_[1-9]\d{0,2}_months", span):
            raise ValueError(f"expected one of {', '.join(known)}, or last_N_months")
        return span

    @field_validator("goes_back_to")
    @classmethod
    def _month(cls, month: str | None) -> str | None:
        return str(Month.parse(month)) if month else None


class ExtractedAt(Strict):
    """Where the time of an extract is: a cell of its sheet (`B2`), or a pattern in the file's name.

    The pattern has groups year, month, day and, where there is one, hour and minute.
    """

    cell: str | None = Field(default=None, pattern=r"^[A-Z]{1,3}[1-9]\d{0,6}$")
    file_name: str | None = None

    @model_validator(mode="after")
    def _one(self) -> ExtractedAt:
        if (self.cell is None) == (self.file_name is None):
            raise ValueError("expected either cell or file_name")
        return self

    @field_validator("file_name")
    @classmethod
    def _pattern(cls, pattern: str | None) -> str | None:
        try:
            groups = re.compile(pattern or "").groupindex
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        if pattern is not None and not {"year", "month", "day"} <= set(groups):
            raise ValueError("expected a pattern with groups (?P<year>..), (?P<month>..) and (?P<day>..)")
        return pattern


class Layout(Strict):
    """How one source lays a dataset out, from one delivery month on."""

    name: str = Field(min_length=1)
    since: str = "1900-01"
    files: FileNames = Field(min_length=1)
    companions: FileNames = ()
    companion_sheet: Names = ()
    sheet: Names = ()
    ignore_sheets: Names = ()
    parts: dict[str, FileNames] = Field(default_factory=dict)
    sheet_parts: dict[str, Names] = Field(default_factory=dict)
    header_row: int | None = Field(default=None, ge=1)
    columns: dict[str, Names] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    ignore: Names = ()
    totals_row: str | None = None
    covers: Covers | None = None
    extracted_at: ExtractedAt | None = None
    date_only: Names = ()
    left_on_is: Literal["last_day_worked", "first_day_not_in_post"] = "last_day_worked"
    date_order: DateOrders = Field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    quote: str | None = Field(default=None, max_length=1)
    password_env: str = "PERFPIPE_PASSWORD"

    @field_validator("since")
    @classmethod
    def _month(cls, month: str) -> str:
        return str(Month.parse(month))

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str | None) -> str | None:
        try:
            "".encode(encoding or "utf-8")
        except LookupError:
            raise ValueError("expected an encoding such as utf-8-sig, cp1252 or utf-16") from None
        return encoding

    @field_validator("delimiter")
    @classmethod
    def _known_delimiter(cls, delimiter: str | None) -> str | None:
        if delimiter and delimiter in '"\r\n':
            raise ValueError("expected a delimiter such as a comma, a semicolon or a tab")
        return delimiter

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names the sheet may have; empty: the sheet whose headers match."""
        return self.sheet

    @model_validator(mode="after")
    def _parts(self) -> Layout:
        parts = self.parts or self.sheet_parts
        if len(parts) == 1 or (self.parts and self.sheet_parts):
            raise ValueError("expected the names of two parts or more in either parts (files) or sheet_parts (sheets)")
        if parts and (self.companions or self.companion_sheet or (self.sheet_parts and self.sheet)):
            raise ValueError("a layout with parts can have no companions, and with sheet_parts no sheet")
        return self

    @property
    def sheet_patterns(self) -> tuple[str, ...]:
        """Patterns of the sheets that it names, that of the national header table among them; none: it names none."""
        named = (*self.sheet, *self.companion_sheet) if self.sheet else ()
        escaped = (re.sub(r"([*?[])", r"[\1]", name) for name in named)
        return (*escaped, *(pattern for patterns in self.sheet_parts.values() for pattern in patterns))

    @property
    def is_standard(self) -> bool:
        """True for the layouts that need no settings, whose optional columns may be absent."""
        return self.name in STANDARD_NAMES

    def order_of(self, column: str) -> DateOrder | None:
        """The declared order of day and month in a column's dates that are text; None: not declared."""
        return self.date_order.get(column, self.date_order.get(ALL))

    def headers(self, column: str) -> tuple[str, ...]:
        """The headers of a canonical column; empty if the layout does not map it."""
        return self.columns.get(column, ())


def layout_problems(dataset: Dataset, layout: Layout) -> list[Problem]:
    """What is wrong with a layout that fits its form: all of it, by the keys within the layout."""
    problems: list[Problem] = []
    if layout.is_standard:
        problems.append((["name"], f"{layout.name!r} is the name of a built-in layout; expected another name"))
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", layout.password_env):  # not shown: it may be the password
        problems.append((["password_env"], "expected the name of an environment variable that holds the password"))
    named: dict[str, Iterable[str]] = {
        "columns": layout.columns,
        "values": layout.values,
        "date_only": layout.date_only,
        "date_order": [name for name in layout.date_order if name not in (ALL, "extracted_at")],
    }
    for key, columns in named.items():
        for column in columns:
            if column not in dataset.by_name:
                what = f"no column {column!r}; expected one of {', '.join(dataset.by_name)}"
                problems.append(([key, column], what))
    missing = [column.name for column in dataset.columns if column.required and not layout.headers(column.name)]
    if missing:
        problems.append((["columns"], f"no entry for {', '.join(missing)}, which {dataset.id} needs"))
    for column, mapping in layout.values.items():
        codes = dataset.by_name[column].codes if column in dataset.by_name else None
        for text, code in mapping.items():
            if column in dataset.by_name and (codes is None or code not in codes.by_code):
                expected = f"expected one of {', '.join(codes.by_code)}" if codes else "the column holds no codes"
                problems.append((["values", column, text], f"{code!r} is not on its code list; {expected}"))
    return problems


def standard_layouts(dataset: Dataset) -> list[Layout]:
    """The layouts that need no settings: `<dataset>.xlsx` or `.csv`, and for placements the national return.

    The national return is either CSV files or one workbook with a sheet for each table. Dates that are text have the
    day first, as the national format and the templates document.
    """
    headers = {column.name: (column.name, *column.aliases) for column in dataset.columns}
    files = tuple(f"{dataset.id}{ending}" for ending in ENDINGS)
    standard = [Layout(name="standard", files=files, columns=headers, date_order={ALL: "day_first"})]
    if dataset.id == "placements":
        ssda903 = Layout(
            name="ssda903",
            files=("episodes.csv", *(f"ssda903*{ending}" for ending in ENDINGS if ending not in (".csv", ".tsv"))),
            companions=("header.csv",),
            companion_sheet=("Header",),
            columns=headers,
            covers=Covers(span="financial_year", selects_by=Selects.OVERLAP),
            date_order={ALL: "day_first"},
        )
        standard.append(ssda903)
    return standard
