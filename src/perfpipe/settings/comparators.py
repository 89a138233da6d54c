"""`[comparators]` of `perfpipe.toml`: a published file, how it is laid out, what matches, and when it was released."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from perfpipe.dates.months import Month
from perfpipe.settings.layouts import Names
from perfpipe.toml_files.models import PathText, Problem, Strict

NATIONAL_YEARS = {"Financial Year": 3, "Annual": 3, "Annual (end of Sept)": 9}  # as the national tool names them
FEWEST_NEIGHBOURS = 8  # of the ten; a quarter of fewer says nothing

Named = Annotated[  # columns and the names to show; a list shows the columns' own
    dict[str, str],
    BeforeValidator(lambda value: {name: name for name in value} if isinstance(value, list) else value),
]
Part = Literal["own", "areas", "neighbours"]
LikeAYear = Literal["month_end", "rolling_12", "cohort"]  # the periods that a published year equals (definitions 2.1)


class FileColumns(Strict):
    """Which column of the file holds what; empty text for what it does not have. A row is a `key` in one year."""

    key: str = "short"
    year: str = "year"
    year_type: str = "year_type"
    polarity: str = "polarity"
    title: str = "measure"
    own: str = ""
    areas: Named = Field(default_factory=dict)
    ignore: Names = ()


class Neighbours(Strict):
    """One set of statistical neighbours, from a month on: the mean as published, or each one's own column, or both."""

    name: str = Field(min_length=1)
    from_month: str = Field(default="1900-01", alias="from")
    mean: str | None = None
    count: str | None = None
    members: tuple[str, ...] = ()

    @field_validator("from_month")
    @classmethod
    def _month(cls, month: str) -> str:
        return str(Month.parse(month))

    @model_validator(mode="after")
    def _something(self) -> Neighbours:
        if not self.mean and not self.members:
            raise ValueError("expected a column with the mean, the members' columns, or both")
        return self


class Match(Strict):
    """A measure of ours, over one period, that a key of the file defines alike."""

    measure: str
    period: LikeAYear
    key: str = Field(min_length=1)
    given_in: Literal["percent", "proportion", "number"] = "number"
    year_ends: int | None = Field(default=None, ge=1, le=12, strict=True)
    show: tuple[Part, ...] = ("areas", "neighbours", "own")
    note: str = ""


class Release(Strict):
    """The day on which a year was first published, of one key or of every key with a type of year."""

    key: str | None = None
    year_type: str | None = None
    year: int = Field(ge=1900, le=2200, strict=True)
    released: date

    @model_validator(mode="after")
    def _one_of_two(self) -> Release:
        if (self.key is None) == (self.year_type is None):
            raise ValueError("expected either key or year_type")
        return self


class ComparatorSettings(Strict):
    """All of `[comparators]`."""

    file: PathText
    source: str = Field(min_length=1)
    vintage: str = Field(min_length=1)
    absent: Names = ("-",)
    columns: FileColumns = FileColumns()
    neighbours: tuple[Neighbours, ...] = ()
    quartile_from: int = Field(default=FEWEST_NEIGHBOURS, ge=4, strict=True)
    year_ends: dict[str, Annotated[int, Field(ge=1, le=12, strict=True)]] = Field(
        default_factory=lambda: dict(NATIONAL_YEARS)
    )
    match: tuple[Match, ...] = ()
    releases: tuple[Release, ...] = ()

    @field_validator("file")
    @classmethod
    def _in_the_workspace(cls, file: str) -> str:
        path = PurePosixPath(file.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise ValueError("expected a path inside the workspace, such as data/comparators/published.csv")
        return path.as_posix()

    @property
    def wanted_columns(self) -> Iterator[tuple[list[str], str]]:
        """The keys that lead to each declared column, and its name in the file."""
        for role in ("key", "year", "year_type", "polarity", "title", "own"):
            if name := getattr(self.columns, role):
                yield ["comparators", "columns", role], name
        for name in self.columns.areas:
            yield ["comparators", "columns", "areas"], name
        for number, each in enumerate(self.neighbours):
            at = ["comparators", "neighbours", str(number)]
            for role, names in (("mean", [each.mean]), ("count", [each.count]), ("members", each.members)):
                for member in names:
                    if member:
                        yield [*at, role], member

    @property
    def count_columns(self) -> tuple[str, ...]:
        """The columns that say of how many neighbours a mean is."""
        return tuple(each.count for each in self.neighbours if each.count)

    @property
    def number_columns(self) -> tuple[str, ...]:
        """The columns of the file that hold published values."""
        names: list[str | None] = [self.columns.own, *self.columns.areas]
        for each in self.neighbours:
            names += [each.mean, each.count, *each.members]
        return tuple(dict.fromkeys(name for name in names if name))


def comparator_problems(settings: ComparatorSettings) -> list[Problem]:
    """What is wrong with the settings by themselves; the file and the measures are asked later."""
    problems: list[Problem] = []
    for number, match in enumerate(settings.match):
        if (match.measure, match.period) in [(x.measure, x.period) for x in settings.match[:number]]:
            at = ["comparators", "match", str(number), "measure"]
            problems.append((at, f"{match.measure!r} over {match.period} is matched twice"))
        others = [(x.given_in, x.year_ends) for x in settings.match[:number] if x.key == match.key]
        if any(other != (match.given_in, match.year_ends) for other in others):
            at = ["comparators", "match", str(number), "key"]
            problems.append((at, f"{match.key!r} is already matched with a different given_in or year_ends"))
    for number, release in enumerate(settings.releases):
        at, of = ["comparators", "releases", str(number)], (release.key, release.year_type, release.year)
        if of in [(x.key, x.year_type, x.year) for x in settings.releases[:number]]:
            problems.append(([*at, "year"], f"the release of {release.year} is listed twice"))
        if release.year_type is not None and release.year_type not in settings.year_ends:
            known = ", ".join(settings.year_ends) or "none"
            problems.append(([*at, "year_type"], f"{release.year_type!r} is not in year_ends; expected one of {known}"))
    for number, (earlier, later) in enumerate(pairwise(settings.neighbours), 1):
        if later.from_month <= earlier.from_month:
            what = f"{later.from_month} does not follow {earlier.from_month}; expected the oldest set first"
            problems.append((["comparators", "neighbours", str(number), "from"], what))
    return problems
