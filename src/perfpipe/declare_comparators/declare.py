"""The settings of a published file: proposed, tried as a run will read them, and then written with the file."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from perfpipe.assess.comparator_file import load_comparators
from perfpipe.declare_comparators.national_keys import NATIONAL_MATCHES, NATIONAL_TOOL
from perfpipe.declare_comparators.published_file import PublishedFile, Wanted, absent_signs, columns_of, published_file
from perfpipe.declare_comparators.settings_text import with_comparators
from perfpipe.measures.definition import Measure
from perfpipe.settings.comparators import Match
from perfpipe.settings.corrections import FILE as CORRECTIONS
from perfpipe.settings.settings import SettingsError, load_settings
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.files import sha256_of, write_whole
from perfpipe.storage.private_folder import private_folder

FOLDER = PurePosixPath("data/comparators")


@dataclass(frozen=True)
class Said:
    """What somebody said of a file; None and empty: as the settings, or the file itself, have it."""

    columns: Wanted = field(default_factory=Wanted)
    source: str = ""
    vintage: str = ""
    released: date | None = None


@dataclass(frozen=True)
class Proposal:
    """What would be written: the file's content and place, the settings whole, and what to tell of them.

    `added`: matches that the settings did not have; `kept`: those they had; `without_key`: measures that could be
    matched, with the key that the file lacks; `unmatched`: how many keys of the file no measure is matched with;
    `new_days`: years that get a day of release; `no_day`: years of matched keys without one.
    """

    place: str
    content: bytes
    before: bytes
    settings: bytes
    table: Mapping[str, Any]
    added: tuple[Match, ...]
    kept: tuple[str, ...]
    without_key: tuple[Match, ...]
    unmatched: int
    new_days: tuple[str, ...]
    no_day: tuple[str, ...]


def propose(workspace: Workspace, path: Path, said: Said, measures: Sequence[Measure]) -> Proposal:
    """What a published file needs in `perfpipe.toml`, tried whole. Raises SettingsError with every fault of it."""
    file, authority = published_file(path), workspace.settings().authority.name
    before = workspace.settings_file.read_bytes()
    earlier: dict[str, Any] = tomllib.loads(before.decode("utf-8-sig")).get("comparators", {})
    table = earlier | columns_of(file, said.columns, authority, earlier)
    columns = table["columns"]
    keys = {row.get(columns["key"], "") for row in file.rows if any(row.values())}
    had = {(each["measure"], each["period"]) for each in earlier.get("match", ())}
    known = {each.id for each in measures}
    open_matches = [x for x in NATIONAL_MATCHES if x.measure in known and (x.measure, x.period) not in had]
    added = tuple(x for x in open_matches if x.key in keys)
    matches = [*earlier.get("match", ()), *(each.model_dump(exclude_defaults=True) for each in added)]
    if not matches:
        what = "holds no key that a measure here is known to match; write the first [[comparators.match]] yourself"
        raise SettingsError([f"{path}: {what} (docs/comparators.md, step 3)"])
    matched = {str(each["key"]) for each in matches}
    values = [columns["own"], *columns["areas"], *(x for each in table["neighbours"] for x in _columns(each))]
    signs = absent_signs(file, matched, columns["key"], values)
    days, no_day = _releases(file, columns, matched, earlier.get("releases", ()), said.released)
    table |= {
        "file": _place(workspace, file),
        "source": said.source or earlier.get("source") or (NATIONAL_TOOL if added else ""),
        "vintage": said.vintage or _vintage(said.released) or _vintage_before(workspace, file, earlier),
        "match": matches,
        "releases": [*earlier.get("releases", ()), *days],
    }
    if new_signs := [sign for sign in signs if sign not in earlier.get("absent", ["-"])]:
        table["absent"] = [*earlier.get("absent", ["-"]), *new_signs]
    _all_said(table)
    text = with_comparators(before, table)
    _tried(workspace, file, str(table["file"]), text, measures)
    is_national = any(each.key in keys for each in NATIONAL_MATCHES)
    without = tuple(each for each in open_matches if is_national and each.key not in keys)
    new_days = tuple(f"{each.get('year_type') or each['key']} {each['year']}" for each in days)
    kept = tuple(f"{measure} ({period})" for measure, period in sorted(had))
    return Proposal(str(table["file"]), file.content, before, text, table, added, kept, without,
                    len(keys - matched), new_days, no_day)  # fmt: skip


def write_proposal(workspace: Workspace, proposal: Proposal) -> None:
    """Copy the file, then write the settings. Raises SettingsError where they were changed meanwhile."""
    if workspace.settings_file.read_bytes() != proposal.before:
        raise SettingsError([f"{workspace.settings_file}: was changed meanwhile; nothing was written. Run it again"])
    place = workspace.root / proposal.place
    if not place.exists():
        write_whole(place, proposal.content)
    write_whole(workspace.settings_file, proposal.settings)


def _columns(each: Mapping[str, Any]) -> Iterable[str]:
    return filter(None, (each.get("mean"), each.get("count"), *each.get("members", ())))


def _place(workspace: Workspace, file: PublishedFile) -> str:
    """Where the file goes: under its own name, or with its hash where another has that name, as editions used it."""
    digest = hashlib.sha256(file.content).hexdigest()
    plain = FOLDER / file.path.name
    there = sha256_of(workspace.root / plain)
    named = plain if there in (None, digest) else FOLDER / f"{file.path.stem}-{digest[:8]}{file.path.suffix}"
    return named.as_posix()


def _vintage(released: date | None) -> str:
    return f"{released:%B %Y}" if released else ""


def _vintage_before(workspace: Workspace, file: PublishedFile, earlier: Mapping[str, Any]) -> str:
    """The vintage of the settings, which is that of the same content alone."""
    same = (
        "file" in earlier
        and sha256_of(workspace.root / str(earlier["file"])) == hashlib.sha256(file.content).hexdigest()
    )
    return str(earlier["vintage"]) if same else ""


def _all_said(table: Mapping[str, Any]) -> None:
    lines = []
    if not table["source"]:
        lines.append("who published the file is not known; say it with --source")
    if not table["vintage"]:
        lines.append("when the file was taken is not known; say it with --released DAY, or in words with --vintage")
    if lines:
        raise SettingsError(lines)


def _releases(
    file: PublishedFile,
    columns: Mapping[str, Any],
    matched: set[str],
    earlier: Sequence[Mapping[str, Any]],
    released: date | None,
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Entries for the years of matched keys that have no day yet, and without a day to give them, which they are."""
    by_type = bool(columns["year_type"])
    years: dict[tuple[str, int], None] = {}
    for row in file.rows:
        key, year = row.get(columns["key"], ""), row.get(columns["year"], "")
        if key in matched and year.isdecimal():
            of_type = row.get(columns["year_type"], "") if by_type else key
            has_day = any(
                each["year"] == int(year) and (each.get("key") == key or (by_type and each.get("year_type") == of_type))
                for each in earlier
            )
            years |= {} if has_day else {(of_type, int(year)): None}
    if released is None:
        return [], tuple(f"{of} {year}" for of, year in sorted(years))
    what = "year_type" if by_type else "key"
    return [{what: of, "year": year, "released": released} for of, year in sorted(years)], ()


def _tried(workspace: Workspace, file: PublishedFile, place: str, text: bytes, measures: Sequence[Measure]) -> None:
    """Read file and settings as a run will, elsewhere."""
    with private_folder() as folder:
        trial = Workspace(folder)
        trial.settings_file.write_bytes(text)
        (folder / place).parent.mkdir(parents=True)
        (folder / place).write_bytes(file.content)
        try:
            load_comparators(trial, load_settings(trial.settings_file, workspace.root / CORRECTIONS), measures)
        except SettingsError as error:
            told = [line.replace(str(folder / place), str(file.path)) for line in error.problems]
            told = [line.replace(str(trial.settings_file), f"{workspace.settings_file.name} to be") for line in told]
            raise SettingsError([*told, "nothing was written"]) from None
