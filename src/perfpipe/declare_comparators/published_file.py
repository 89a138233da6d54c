"""A published file as it was downloaded: its columns, which of them are what, and the years of its keys."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from perfpipe.phrases.near_names import meant
from perfpipe.settings.comparators import FileColumns
from perfpipe.settings.settings import SettingsError
from perfpipe.storage.failures import failure_of
from perfpipe.toml_files.not_found import not_found

COUNTRY_AND_REGIONS = (
    "England", "East Midlands", "East of England", "Inner London", "London", "North East", "North West",
    "Outer London", "South East", "South West", "West Midlands", "Yorkshire and The Humber",
)  # fmt: skip
NEIGHBOURS = re.compile(r"(?:SN|stat\w* neighbours?)[ _]?(?P<set>\d{4})?[ _]?(?P<what>mean|average|n|count)", re.I)
ABSENT = ("-", "..", ":", "c", "x", "z", "n/a")  # as national statistics write that there is no value
NEEDED, OF_A_ROW = ("key", "year"), ("key", "year", "year_type", "polarity", "title")


@dataclass(frozen=True)
class PublishedFile:
    """The content, the header, and each row by column."""

    path: Path
    content: bytes
    header: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Wanted:
    """What somebody said of the columns; empty: what the file and the authority's name say."""

    own: str = ""
    areas: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()


def published_file(path: Path) -> PublishedFile:
    """Read a file as it was downloaded. Raises SettingsError where it is no table in CSV and UTF-8."""
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise SettingsError([not_found(path)]) from None
    except IsADirectoryError:
        raise SettingsError([f"{path}: is a folder; expected the file that was downloaded"]) from None
    except OSError as error:
        raise failure_of(error, path, "read") from None
    try:
        header, *body = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError):
        what = "is no table in CSV and UTF-8; of a workbook, save the sheet as `CSV UTF-8`"
        raise SettingsError([f"{path}: {what}"]) from None
    rows = tuple(dict(zip(header, map(str.strip, cells), strict=False)) for cells in body)
    return PublishedFile(path, content, tuple(header), rows)


def columns_of(file: PublishedFile, wanted: Wanted, authority: str, earlier: Mapping[str, Any]) -> dict[str, Any]:
    """`[comparators.columns]` and `neighbours` for a file: as the settings had them where the file still has these.

    Raises SettingsError where it lacks a column that it must have, or which column is the authority's own is open.
    """
    before = earlier.get("columns", {})
    named = {role: str(before.get(role, FileColumns.model_fields[role].default)) for role in OF_A_ROW}
    roles = {role: name if name in file.header else "" for role, name in named.items()}
    missing = [f"no column {named[role]!r}" for role in NEEDED if not roles[role]]
    missing += [
        f"no column {name!r}; {meant(name, file.header)}".rstrip("; ")
        for name in filter(None, (wanted.own, *wanted.areas, *wanted.neighbours))
        if name not in file.header
    ]
    if missing:
        expected = f"the columns are {', '.join(file.header)}. Expected a row for each key and year, a column an area"
        raise SettingsError([f"{file.path}, row 1: {what}; {expected}" for what in missing])
    sets = _neighbours(file.header, wanted.neighbours, earlier)
    of_sets = {name for each in sets for name in (each.get("mean"), each.get("count"), *each.get("members", ()))}
    left = [name for name in file.header if name not in roles.values() and name not in of_sets]
    areas = _areas(left, wanted, before.get("areas", {}))
    candidates = [name for name in left if name not in areas]
    own = wanted.own or _own(candidates, authority, str(before.get("own", "")))
    if not own:
        what = f"none of {', '.join(candidates) or 'its columns'} is named as {authority!r} is; say which with --own"
        raise SettingsError([f"{file.path}, row 1: {what}"])
    ignored = [name for name in left if name != own and name not in areas]
    unused = {"ignore": ignored} if ignored or before.get("ignore") else {}
    return {"columns": {**roles, "own": own, "areas": areas, **unused}, "neighbours": sets}


def _own(left: Sequence[str], authority: str, before: str) -> str:
    """The authority's own column: as before, or the one whose name the authority's holds, or the only one."""
    if before in left:
        return before
    named = [name for name in left if re.search(rf"\b{re.escape(name)}\b", authority, re.I)]
    found = named or left
    return found[0] if len(found) == 1 else ""


def _areas(left: Iterable[str], wanted: Wanted, before: Mapping[str, str] | Sequence[str]) -> Any:
    """The areas to show, in order: those said, else those of the settings, else the country and its regions."""
    if wanted.areas:
        return list(wanted.areas)
    there = [name for name in left if name != wanted.own]
    if before and all(name in there for name in before):
        return before
    return [name for name in COUNTRY_AND_REGIONS if name in there]


def _neighbours(header: Sequence[str], members: Sequence[str], earlier: Mapping[str, Any]) -> list[dict[str, Any]]:
    before: list[dict[str, Any]] = list(earlier.get("neighbours", ()))
    if before and not members and all(name in header for each in before for name in _columns_of_set(each)):
        return before
    found = [(name, match) for name in header if (match := NEIGHBOURS.fullmatch(name.strip()))]
    means = [(name, match["set"]) for name, match in found if match["what"].casefold() in ("mean", "average")]
    counts = {match["set"]: name for name, match in found if match["what"].casefold() in ("n", "count")}
    if members:
        return [{"name": "Statistical neighbours", "members": list(members)}]
    name, of_year = means[-1] if means else ("", None)
    if not name:
        return []
    each = {"name": f"Statistical neighbours{f' of {of_year}' if of_year else ''}", "mean": name}
    count = counts.get(of_year, counts.get(None))
    return [each | ({"count": count} if count else {})]


def _columns_of_set(each: Mapping[str, Any]) -> Iterator[str]:
    yield from filter(None, (each.get("mean"), each.get("count"), *each.get("members", ())))


def absent_signs(file: PublishedFile, keys: Iterable[str], key_column: str, value_columns: Iterable[str]) -> list[str]:
    """The signs for no value that stand beside some keys."""
    known, columns = set(keys), list(value_columns)
    found = {row.get(name, "") for row in file.rows if row.get(key_column) in known for name in columns}
    return [sign for sign in ABSENT if sign in found]
