"""Read and check the file of published comparators: every fault of it in one go, before any data is read."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Measure, Polarity
from perfpipe.settings.comparators import ComparatorSettings, Match
from perfpipe.settings.settings import Settings, SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.toml_files.models import Problem, problem_lines

NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
POLARITIES = {"high": Polarity.HIGHER_IS_BETTER, "low": Polarity.LOWER_IS_BETTER}


@dataclass(frozen=True)
class PublishedYear:
    """One row: a key in one year, with its values by column; None where nothing was published."""

    year: int
    ended: Month
    title: str
    released: date | None
    values: Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Comparators:
    """The declared file as it was read: its years by key, oldest first, and its hash."""

    settings: ComparatorSettings
    sha256: str
    years: Mapping[str, tuple[PublishedYear, ...]]

    @property
    def identity(self) -> dict[str, object]:
        """What decides everything that is shown of the file: its hash and its settings."""
        return {"sha256": self.sha256, "settings": self.settings.model_dump(mode="json")}

    def match_of(self, measure_id: str, period: str) -> Match | None:
        """What stands beside a measure over a period, if anything was matched."""
        return next((x for x in self.settings.match if (x.measure, x.period) == (measure_id, period)), None)


def load_comparators(workspace: Workspace, settings: Settings, measures: Sequence[Measure]) -> Comparators | None:
    """The file that `[comparators]` declares, checked against measures; None where none is declared.

    Raises SettingsError with a line for each thing that is wrong, in the settings and in the file.
    """
    declared = settings.comparators
    if declared is None:
        return None
    lines = problem_lines(workspace.settings_file, _match_problems(declared, {m.id: m for m in measures}))
    path = workspace.root / declared.file
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except FileNotFoundError:
        raise SettingsError([*lines, f"{path}: not found, and `comparators.file` of the settings names it"]) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError([*lines, f"{path}: cannot be read as CSV in UTF-8 ({type(error).__name__})"]) from None
    header, *body = rows or [[]]
    missing = _header_problems(declared, header)
    lines += problem_lines(workspace.settings_file, missing)
    lines += [f"{path}, row 1: {what}" for what in _unexpected(declared, header)]
    if missing:
        raise SettingsError(lines)
    table = _Table(declared, header, {m.id: m for m in measures})
    for number, cells in enumerate(body, 2):
        table.take(number, cells)
    lines += [
        f"{path}, row {row}{f', column {column}' if column else ''}: {what}" for row, column, what in table.faults
    ]
    lines += problem_lines(workspace.settings_file, table.unknown_keys())
    if lines:
        raise SettingsError(lines)
    return Comparators(declared, hashlib.sha256(content).hexdigest(), table.by_key())


def _match_problems(declared: ComparatorSettings, measures: Mapping[str, Measure]) -> list[Problem]:
    problems: list[Problem] = []
    for number, match in enumerate(declared.match):
        at, measure = ["comparators", "match", str(number)], measures.get(match.measure)
        if measure is None:
            problems.append(([*at, "measure"], f"no measure {match.measure!r}; `perfpipe measures` lists them"))
            continue
        if match.period not in measure.periods:
            what = f"{match.period!r} is not computed; expected one of {', '.join(measure.periods)}"
            problems.append(([*at, "period"], what))
        if (measure.counts.unit is Unit.PERCENT) == (match.given_in == "number"):
            fits = "percent or proportion" if measure.counts.unit is Unit.PERCENT else "number"
            what = f"{match.given_in!r} does not fit a measure shown as {measure.counts.unit}; expected {fits}"
            problems.append(([*at, "given_in"], what))
        if not declared.columns.year_type and match.year_ends is None:
            problems.append(([*at, "year_ends"], "is missing, as the file has no column with the type of year"))
    return problems


def _header_problems(declared: ComparatorSettings, header: Sequence[str]) -> list[Problem]:
    there = f"the file's columns are {', '.join(header) or 'none'}"
    return [(keys, f"no column {name!r}; {there}") for keys, name in declared.wanted_columns if name not in header]


def _unexpected(declared: ComparatorSettings, header: Sequence[str]) -> list[str]:
    known = {*(name for _, name in declared.wanted_columns), *declared.columns.ignore}
    faults = [f"unknown column {name!r}; declare it, or name it in `ignore`" for name in header if name not in known]
    twice = sorted({name for name in header if header.count(name) > 1})
    return faults + [f"column {name!r} is listed twice" for name in twice]


class _Table:
    """The rows of matched keys, taken one by one; what is wrong with them is kept with row and column."""

    def __init__(self, declared: ComparatorSettings, header: Sequence[str], measures: Mapping[str, Measure]) -> None:
        self.declared, self.columns = declared, declared.columns
        self.header = list(header)
        self.matches: dict[str, list[Match]] = {}
        for match in declared.match:
            self.matches.setdefault(match.key, []).append(match)
        self.measures = measures
        self.faults: list[tuple[int, str, str]] = []
        self.years: dict[str, dict[int, PublishedYear]] = {key: {} for key in self.matches}
        self.seen: dict[tuple[str, int], int] = {}
        self.keys: set[str] = set()

    def take(self, row: int, cells: Sequence[str]) -> None:
        """Take one row of the file; a blank line is none."""
        if not any(cell.strip() for cell in cells):
            return
        if len(cells) != len(self.header):
            self.faults.append((row, "", f"{len(cells)} cells; expected {len(self.header)}, as the header has"))
            return
        cell = {name: text.strip() for name, text in zip(self.header, cells, strict=True)}
        key = cell[self.columns.key]
        self.keys.add(key)
        if key not in self.matches:
            return
        before = len(self.faults)
        year, ends = self._year(row, cell), self._year_ends(row, cell, key)
        self._polarity(row, cell, key)
        values = {name: self._number(row, name, cell[name], key) for name in self.declared.number_columns}
        if year is not None and (key, year) in self.seen:
            what = f"{key!r} in {year} is listed twice; first in row {self.seen[key, year]}"
            self.faults.append((row, self.columns.year, what))
        if year is None or ends is None or len(self.faults) > before:
            return
        self.seen[key, year] = row
        ended = Month(year, ends)
        title = cell[self.columns.title] if self.columns.title else key
        released = self._released(row, cell, key, year, ended)
        self.years[key][year] = PublishedYear(year, ended, title, released, values)

    def _year(self, row: int, cell: Mapping[str, str]) -> int | None:
        text = cell[self.columns.year]
        if re.fullmatch(r"(19|20|21)\d\d", text):
            return int(text)
        self.faults.append((row, self.columns.year, f"found {text!r}; expected the year in which it ended, as in 2017"))
        return None

    def _year_ends(self, row: int, cell: Mapping[str, str], key: str) -> int | None:
        declared = {match.year_ends for match in self.matches[key]} - {None}
        if declared:
            return declared.pop()
        if not self.columns.year_type:
            return None  # told already, of the settings
        text = cell[self.columns.year_type]
        if text in self.declared.year_ends:
            return self.declared.year_ends[text]
        expected = f"expected one of {', '.join(self.declared.year_ends)}, or another in `year_ends`"
        self.faults.append((row, self.columns.year_type, f"found {text!r}; {expected}"))
        return None

    def _polarity(self, row: int, cell: Mapping[str, str], key: str) -> None:
        if not self.columns.polarity:
            return
        text = cell[self.columns.polarity]
        theirs = POLARITIES.get(text.casefold())
        for match in self.matches[key]:
            ours = self.measures[match.measure].shown.polarity if match.measure in self.measures else None
            if theirs and ours in POLARITIES.values() and ours is not theirs:
                what = f"found {text!r}, and our {match.measure} says {ours}: the two do not count alike"
                self.faults.append((row, self.columns.polarity, what))

    def _number(self, row: int, column: str, text: str, key: str) -> Decimal | None:
        if not text or text in self.declared.absent:
            return None
        if not NUMBER.fullmatch(text):
            absent = ", ".join(self.declared.absent) or "nothing"
            self.faults.append((row, column, f"found {text!r}; expected a number such as 15.1, or {absent} for none"))
            return None
        value = Decimal(text.replace(",", ""))
        units = {match.given_in for match in self.matches[key]}
        proportion = "proportion" in units and column not in self.declared.count_columns
        if value < 0 or (proportion and value > 1):
            expected = "a proportion, 0 to 1" if proportion else "at least 0"
            self.faults.append((row, column, f"found {text!r}; expected {expected}"))
            return None
        return value

    def _released(self, row: int, cell: Mapping[str, str], key: str, year: int, ended: Month) -> date | None:
        year_type = cell[self.columns.year_type] if self.columns.year_type else None
        of_year = [release for release in self.declared.releases if release.year == year]
        own = [release.released for release in of_year if release.key == key]
        shared = [release.released for release in of_year if year_type and release.year_type == year_type]
        released = next(iter(own + shared), None)
        if released is not None and released <= ended.last_day:
            what = f"the year ended on {ended.last_day}, and `releases` says {released}: before it had ended"
            self.faults.append((row, self.columns.year, what))
        return released

    def unknown_keys(self) -> list[Problem]:
        """Keys of the settings that no row of the file has."""
        asked = [(["comparators", "match", str(n), "key"], x.key) for n, x in enumerate(self.declared.match)]
        asked += [
            (["comparators", "releases", str(n), "key"], x.key)
            for n, x in enumerate(self.declared.releases)
            if x.key is not None
        ]
        return [
            (keys, f"no row of {self.declared.file} has the key {key!r}") for keys, key in asked if key not in self.keys
        ]

    def by_key(self) -> dict[str, tuple[PublishedYear, ...]]:
        """The years of each matched key, oldest first."""
        return {key: tuple(years[year] for year in sorted(years)) for key, years in self.years.items()}
