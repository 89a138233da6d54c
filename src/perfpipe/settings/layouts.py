"""Layouts: how a source lays a dataset out, declared in `perfpipe.toml` or built in."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.dates.date_formats import DateFormat
from perfpipe.dates.months import Month
from perfpipe.dates.written_dates import DateOrder
from perfpipe.rules.containers import SPREADSHEETS, TEXTS
from perfpipe.toml_files.models import Strict

ENDINGS = (*SPREADSHEETS, *TEXTS)
STANDARD_NAMES = ("standard", "ssda903")


def _one_or_several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _of_all(value: object) -> object:
    return {ALL: value} if isinstance(value, str) else value


def _known_format(text: str) -> str:
    DateFormat.parse(text)
    return text


ALL = "all"
TIME_OF = "time of "  # before the name of a column whose time of day stands in another
NO_HEADER = "(no header)"  # what a blank corner above the names of a turned sheet is called, in a layout ""
DateOrders = Annotated[dict[str, DateOrder], BeforeValidator(_of_all)]  # by column; one text is that of all columns
DateFormats = Annotated[dict[str, Annotated[str, AfterValidator(_known_format)]], BeforeValidator(_of_all)]
DecimalSigns = Annotated[dict[str, Literal[".", ","]], BeforeValidator(_of_all)]
Names = Annotated[tuple[str, ...], BeforeValidator(_one_or_several)]  # one text, or a list of texts


def _of_names(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        if "/" in pattern or "\\" in pattern or not pattern.isprintable():
            raise ValueError(f"expected patterns of file names, without folders; found {pattern!r}")
    return patterns


FileNames = Annotated[Names, AfterValidator(_of_names)]  # of files in a delivery folder, with * and ? for any letters


def as_compared(text: str) -> str:
    """A cell's text as `blank` and `values` compare it: case and spaces do not count."""
    return " ".join(text.split()).casefold()


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
    header_rows: int = Field(default=1, ge=1, le=5)
    turned: bool = Field(default=False, strict=True)
    columns: dict[str, Names] = Field(default_factory=dict)
    times: dict[str, Names] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    blank: Names = ()
    open_ends: tuple[date, ...] = ()
    ignore: Names = ()
    totals_row: str | None = None
    covers: Covers | None = None
    extracted_at: ExtractedAt | None = None
    date_only: Names = ()
    left_on_is: Literal["last_day_worked", "first_day_not_in_post"] = "last_day_worked"
    date_order: DateOrders = Field(default_factory=dict)
    date_format: DateFormats = Field(default_factory=dict)
    decimal: DecimalSigns = Field(default_factory=dict)
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
        every = None if column in self.date_format else self.date_order.get(ALL)
        return self.date_order.get(column, every)

    def format_of(self, column: str) -> DateFormat | None:
        """The declared form of a column's dates that are text; None: not declared."""
        text = self.date_format.get(column, None if column in self.date_order else self.date_format.get(ALL))
        return DateFormat.parse(text) if text else None

    def decimal_of(self, column: str) -> str | None:
        """The declared sign before the decimals of a column's numbers that are text; None: not declared."""
        return self.decimal.get(column, self.decimal.get(ALL))

    def blank_words(self, column: str) -> frozenset[str]:
        """The texts, as `as_compared`, that mean blank in a column."""
        own = (text for text, code in self.values.get(column, {}).items() if not code)
        return frozenset(map(as_compared, (*self.blank, *own)))

    def headers(self, column: str) -> tuple[str, ...]:
        """The headers of a canonical column; empty if the layout does not map it."""
        return self.columns.get(column, ())

    @property
    def apart(self) -> dict[str, Names]:
        """The headers of the times that stand in columns of their own, by names that no dataset has."""
        return {f"{TIME_OF}{column}": names for column, names in self.times.items()}


def standard_layouts(dataset: Dataset) -> list[Layout]:
    """The layouts that need no settings: `<dataset>.xlsx` or `.csv`, and for placements the national return.

    The national return is either CSV files or one workbook with a sheet for each table. Dates that are text have the
    day first, as the national format and the templates document.
    """
    known = _standard.get(dataset.id)
    if known is None or known[0] is not dataset:
        known = _standard[dataset.id] = (dataset, _standard_layouts(dataset))
    return known[1]


_standard: dict[str, tuple[Dataset, list[Layout]]] = {}  # they are asked for with the name of every file


def _standard_layouts(dataset: Dataset) -> list[Layout]:
    headers = {column.name: (column.name, *column.aliases) for column in dataset.columns}
    files = tuple(f"{dataset.id}{ending}" for ending in ENDINGS)
    standard = [Layout(name="standard", files=files, columns=headers, date_order={ALL: "day_first"})]
    if dataset.id == "placements":
        ssda903 = Layout(
            name="ssda903",
            files=("episodes.csv", *(f"ssda903*{ending}" for ending in SPREADSHEETS)),
            companions=("header.csv",),
            companion_sheet=("Header",),
            columns=headers,
            covers=Covers(span="financial_year", selects_by=Selects.OVERLAP),
            date_order={ALL: "day_first"},
        )
        standard.append(ssda903)
    return standard
