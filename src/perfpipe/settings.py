"""The workspace and its settings: `perfpipe.toml` read into models that refuse what they do not know.

Errors name the file, the line, the key, what was found and what was expected, all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, field_validator, model_validator

from perfpipe.corrections import FILE, Correction, load_corrections
from perfpipe.datasets import BY_ID, DATASETS, Dataset
from perfpipe.datasets.definition import Selects
from perfpipe.months import Month
from perfpipe.rules import RULES, no_such_rule, setting_problem
from perfpipe.toml_models import Problem, SettingsError, Strict, load_toml, raise_problems

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv")
STANDARD_NAMES = ("standard", "ssda903")
SETTINGS_OWNER = "settings"  # the key in `owners` of who mends settings, names and folders
RULES_OF_SETTINGS = (  # of a dataset, and yet mended in settings or by withdrawing
    "layout_gone", "equal_claim", "correction_not_needed", "correction_no_record", "correction_several",
)  # fmt: skip


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


class Authority(Strict):
    """Whose children: the name, and the other spellings that extracts use for it."""

    name: str = Field(min_length=1)
    also_written: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every spelling, in the form in which names are compared."""
        return frozenset(name.strip().casefold() for name in (self.name, *self.also_written))


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
    """Where the time of an extract stands: a cell of its sheet (`B2`), or a pattern in the file's name.

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

    @property
    def is_standard(self) -> bool:
        """True for the layouts that need no settings, whose optional columns may be absent."""
        return self.name in STANDARD_NAMES

    def order_of(self, column: str) -> DateOrder | None:
        """The declared order of day and month in a column's dates that are text; None: not declared."""
        return self.date_order.get(column, self.date_order.get(ALL))

    def headers(self, column: str) -> tuple[str, ...]:
        """The headers that stand for a canonical column; empty if the layout does not map it."""
        return self.columns.get(column, ())


class Arrivals(Strict):
    """What is usual for extracts as they arrive.

    `row_count_share`: the share by which the number of records may move from one month's extract to the next. By
    default a quarter: honest moves of rolling extracts stay below a tenth, and half an export lies far above.
    `may_be_empty`: the datasets of which an extract without a single record is right.
    """

    row_count_share: float = Field(default=0.25, gt=0, le=10)
    may_be_empty: Names = ()


class Accepted(Strict):
    """One extract's fault that somebody has looked at and lets pass: it warns where it would stop."""

    extract: str = Field(pattern=r"^[0-9a-f]{12,64}$")
    rule: str
    reason: str = Field(min_length=1)


class Limits(Strict):
    """What one file may take before it is refused. The defaults bear an extract of 300,000 rows."""

    memory_mb: int = Field(default=1536, ge=256, le=65_536, strict=True)
    seconds: int = Field(default=30, ge=1, le=3600, strict=True)
    unpacked_mb: int = Field(default=1024, ge=1, le=65_536, strict=True)
    rows: int = Field(default=400_000, ge=100, le=1_048_576, strict=True)
    columns: int = Field(default=500, ge=10, le=16_384, strict=True)
    cells: int = Field(default=20_000_000, ge=1000, le=1_000_000_000, strict=True)

    @property
    def of_child(self) -> dict[str, int]:
        """As the child process takes them, in bytes."""
        counts = {"rows": self.rows, "columns": self.columns, "cells": self.cells}
        return counts | {"memory_bytes": self.memory_mb * 2**20, "unpacked_bytes": self.unpacked_mb * 2**20}


class Settings(Strict):
    """All of `perfpipe.toml`."""

    authority: Authority
    folders: Literal["month", "financial_year"] = "month"
    ignore_files: FileNames = ()
    low_base: int = Field(default=20, ge=0)
    owners: dict[str, str] = Field(default_factory=dict)
    limits: Limits = Limits()
    layouts: dict[str, tuple[Layout, ...]] = Field(default_factory=dict)
    arrivals: Arrivals = Arrivals()
    severities: dict[str, str] = Field(default_factory=dict)
    accepted: tuple[Accepted, ...] = ()

    _corrections: tuple[Correction, ...] = PrivateAttr(())

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What `corrections.toml` declares."""
        return self._corrections

    def owner_of(self, dataset_id: str, rule: str = "") -> str:
        """Who mends a fault of a dataset: its declared owner, else whoever sends it.

        What is wrong with settings, names and folders is the performance team's.
        """
        if dataset_id not in BY_ID or rule in RULES_OF_SETTINGS:
            return self.owners.get(SETTINGS_OWNER, "Performance team")
        return self.owners.get(dataset_id, f"Whoever sends '{BY_ID[dataset_id].title}'")

    def layouts_of(self, dataset: Dataset, folder_month: Month) -> list[Layout]:
        """The layouts a delivery of that month may have: the declared ones in force, then the standard ones."""
        declared = [x for x in self.layouts.get(dataset.id, ()) if Month.parse(x.since) <= folder_month]
        newest: dict[str, Layout] = {}
        for layout in sorted(declared, key=lambda x: x.since):
            newest[layout.name] = layout
        return [*newest.values(), *standard_layouts(dataset)]


def _problems(settings: Settings) -> list[Problem]:
    """What is wrong with settings that fit their form: all of it."""
    problems = _rule_problems(settings)
    problems += [
        (["owners", name], f"no such dataset; expected some of {', '.join((*BY_ID, SETTINGS_OWNER))}")
        for name in settings.owners
        if name not in (*BY_ID, SETTINGS_OWNER)
    ]
    for dataset_id, layouts in settings.layouts.items():
        dataset = BY_ID.get(dataset_id)
        if dataset is None:
            what = f"no such dataset; expected one of {', '.join(BY_ID)}"
            problems.append((["layouts", dataset_id, "0"], what))
            continue
        for number, layout in enumerate(layouts):
            at = ["layouts", dataset_id, str(number)]
            problems += [([*at, *keys], what) for keys, what in _layout_problems(dataset, layout)]
            earlier = [x for x in layouts[:number] if (x.name, x.since) == (layout.name, layout.since)]
            if earlier:
                what = f"{layout.name!r} from {layout.since} is there twice; give one another name or `since`"
                problems.append(([*at, "name"], what))
    return problems


def _rule_problems(settings: Settings) -> list[Problem]:
    found = ((["severities", rule], setting_problem(rule, severity)) for rule, severity in settings.severities.items())
    problems = [(keys, what) for keys, what in found if what]
    for number, accepted in enumerate(settings.accepted):
        what = no_such_rule(accepted.rule)
        if accepted.rule in RULES:
            lets_pass = [rule.id for rule in RULES.values() if {"stop", "warn"} <= set(rule.may_be)]
            what = "" if accepted.rule in lets_pass else f"{accepted.rule!r} cannot be let pass, as it cannot warn"
        problems += [(["accepted", str(number), "rule"], what)] if what else []
    for dataset in settings.arrivals.may_be_empty:
        if dataset not in BY_ID:
            what = f"no dataset {dataset!r}; expected some of {', '.join(BY_ID)}"
            problems.append((["arrivals", "may_be_empty"], what))
    return problems


def _layout_problems(dataset: Dataset, layout: Layout) -> list[Problem]:
    problems: list[Problem] = []
    if layout.is_standard:
        problems.append((["name"], f"{layout.name!r} is the name of a built-in layout; expected another"))
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
                what = f"no column {column!r}; expected some of {', '.join(dataset.by_name)}"
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


@dataclass(frozen=True)
class Workspace:
    """A folder with settings, plan, `data/raw`, `data/processed` and `reports`."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """`perfpipe.toml`."""
        return self.root / "perfpipe.toml"

    @property
    def plan_file(self) -> Path:
        """`plan.toml`."""
        return self.root / "plan.toml"

    @property
    def raw(self) -> Path:
        """Where extracts are delivered."""
        return self.root / "data" / "raw"

    @property
    def store(self) -> Path:
        """The content-addressed copies of every delivered file."""
        return self.raw / ".store"

    @property
    def processed(self) -> Path:
        """The ledger and the cache of typed rows."""
        return self.root / "data" / "processed"

    @property
    def reports(self) -> Path:
        """Published editions."""
        return self.root / "reports"

    def settings(self) -> Settings:
        """Read and check `perfpipe.toml` and `corrections.toml`. Raises SettingsError."""
        settings = load_toml(self.settings_file, Settings)
        raise_problems(self.settings_file, _problems(settings))
        settings._corrections = load_corrections(self.root / FILE)
        return settings


__all__ = [
    "DATASETS",
    "Accepted",
    "Arrivals",
    "Covers",
    "Layout",
    "Settings",
    "SettingsError",
    "Strict",
    "Workspace",
    "load_toml",
]
