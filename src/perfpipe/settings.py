"""The workspace and its settings: `perfpipe.toml` read into models that refuse what they do not know.

Errors name the file, the line, the key, what was found and what was expected, all of them at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from perfpipe.datasets import BY_ID, DATASETS, Dataset
from perfpipe.datasets.definition import Kind, Selects
from perfpipe.months import Month


T = TypeVar("T", bound=BaseModel)


class SettingsError(Exception):
    """Wrong settings, plan or use. `problems` has one line each, ready to be shown."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Strict(BaseModel):
    """A settings model that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Authority(Strict):
    """Whose children: the name, and the other spellings that extracts use for it."""

    name: str = Field(min_length=1)
    also_written: tuple[str, ...] = ()


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
        if self.file_name and not {"year", "month", "day"} <= set(re.compile(self.file_name).groupindex):
            raise ValueError("expected a pattern with groups (?P<year>..), (?P<month>..) and (?P<day>..)")
        return self


class Layout(Strict):
    """How one source lays a dataset out, from one delivery month on."""

    name: str
    since: str = "1900-01"
    files: tuple[str, ...]
    companions: tuple[str, ...] = ()
    sheet: tuple[str, ...] | str | None = None
    header_row: int | None = Field(default=None, ge=1)
    columns: dict[str, tuple[str, ...] | str] = {}
    values: dict[str, dict[str, str]] = {}
    ignore: tuple[str, ...] = ()
    totals_row: str | None = None
    covers: Covers | None = None
    extracted_at: ExtractedAt | None = None
    date_only: tuple[str, ...] = ()
    left_on_is: Literal["last_day_worked", "first_day_not_in_post"] = "last_day_worked"
    encoding: str = "utf-8-sig"
    delimiter: str = Field(default=",", min_length=1, max_length=1)

    @field_validator("since")
    @classmethod
    def _month(cls, month: str) -> str:
        return str(Month.parse(month))

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names the sheet may have; empty: the sheet whose headers match."""
        return (self.sheet,) if isinstance(self.sheet, str) else self.sheet or ()

    def headers(self, column: str) -> tuple[str, ...]:
        """The headers that stand for a canonical column; empty if the layout does not map it."""
        headers = self.columns.get(column, ())
        return (headers,) if isinstance(headers, str) else headers


class Settings(Strict):
    """All of `perfpipe.toml`."""

    authority: Authority
    folders: Literal["month", "financial_year"] = "month"
    ignore_files: tuple[str, ...] = ()
    owners: dict[str, str] = {}
    low_base: int = Field(default=20, ge=0)
    layouts: dict[str, tuple[Layout, ...]] = {}

    @model_validator(mode="after")
    def _layouts_fit(self) -> Settings:
        for dataset_id, layouts in self.layouts.items():
            dataset = BY_ID.get(dataset_id)
            if dataset is None:
                raise ValueError(f"layouts.{dataset_id}: no such dataset; expected one of {', '.join(BY_ID)}")
            for layout in layouts:
                _check_layout(dataset, layout)
        return self

    def layouts_of(self, dataset: Dataset, folder_month: Month) -> list[Layout]:
        """The layouts a delivery of that month may have: the declared ones in force, then the standard ones."""
        declared = [x for x in self.layouts.get(dataset.id, ()) if Month.parse(x.since) <= folder_month]
        newest: dict[str, Layout] = {}
        for layout in sorted(declared, key=lambda x: x.since):
            newest[layout.name] = layout
        return [*newest.values(), *standard_layouts(dataset)]


def _check_layout(dataset: Dataset, layout: Layout) -> None:
    where = f"layouts.{dataset.id} ({layout.name})"
    for column in [*layout.columns, *layout.values, *layout.date_only]:
        if column not in dataset.by_name:
            expected = ", ".join(dataset.by_name)
            raise ValueError(f"{where}: no column {column!r}; expected some of {expected}")
    missing = [column.name for column in dataset.columns if column.required and not layout.headers(column.name)]
    if missing:
        raise ValueError(f"{where}: columns has no entry for {', '.join(missing)}")
    for column, mapping in layout.values.items():
        codes = dataset.by_name[column].codes
        unknown = [code for code in mapping.values() if codes is None or code not in codes.by_code]
        if unknown:
            raise ValueError(f"{where}: values.{column} maps to {', '.join(unknown)}, not on its code list")


def standard_layouts(dataset: Dataset) -> list[Layout]:
    """The layouts that need no settings: `<dataset>.xlsx` or `.csv`, and for placements the national files."""
    headers = {column.name: (column.name, *column.aliases) for column in dataset.columns}
    standard = [Layout(name="standard", files=(f"{dataset.id}.xlsx", f"{dataset.id}.csv"), columns=headers)]
    if dataset.id == "placements":
        covers = Covers(span="financial_year", selects_by=Selects.OVERLAP)
        files, companions = ("episodes.csv",), ("header.csv",)
        standard.append(
            Layout(name="ssda903", files=files, companions=companions, columns=headers, covers=covers)
        )
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
        """Read and check `perfpipe.toml`. Raises SettingsError."""
        return load_toml(self.settings_file, Settings)


def load_toml(path: Path, model: type[T]) -> T:
    """Read a TOML file into a settings model. Raises SettingsError with one line per problem."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        message = f"{path}: not found. Is this a workspace? `perfpipe init {path.parent}` makes one."
        raise SettingsError([message]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"{path}: cannot be read as UTF-8 text ({type(error).__name__})"]) from None
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{path}: not valid TOML: {error}"]) from None
    except ValidationError as error:
        raise SettingsError([_problem(path, text, dict(e)) for e in error.errors()]) from None


def _problem(path: Path, text: str, error: Mapping[str, Any]) -> str:
    keys = [str(part) for part in error["loc"] if not str(part).startswith("function-")]
    line = line_of(text, keys)
    found = error.get("input")
    shown = "" if isinstance(found, dict | list) or error["type"] == "missing" else f"; found {found!r}"
    message = str(error["msg"]).removeprefix("Value error, ")
    at = f"{path}, line {line}" if line else f"{path}"
    return f"{at}: {'.'.join(keys) or 'settings'}: {message}{shown}"


def line_of(text: str, keys: list[str]) -> int | None:
    """The line where a dotted key stands, as near as its table and name can be found; None if nowhere."""
    lines = text.splitlines()
    start, tables = 0, [key for key in keys if not key.isdigit()]
    positions = [int(key) for key in keys if key.isdigit()]
    for depth in range(len(tables), 0, -1):
        header = r"^\s*\[\[?\s*" + r"\s*\.\s*".join(re.escape(t) for t in tables[:depth]) + r"\s*\]\]?"
        hits = [number for number, line in enumerate(lines) if re.match(header, line)]
        if hits:
            start = hits[min(positions[0] if positions else 0, len(hits) - 1)]
            if depth == len(tables):
                return start + 1
            break
    for key in reversed(tables):
        for number, line in enumerate(lines[start:], start):
            if re.match(rf'^\s*"?{re.escape(key)}"?\s*[=.]', line):
                return number + 1
    return start + 1 if start else None


def columns_of_kind(dataset: Dataset, kind: Kind) -> list[str]:
    """The names of a dataset's columns of one kind."""
    return [column.name for column in dataset.columns if column.kind is kind]


__all__ = ["DATASETS", "Covers", "Layout", "Settings", "SettingsError", "Workspace", "load_toml"]
