"""Delivered files and what would be kept of each without some people's records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from perfpipe.datasets import BY_ID
from perfpipe.erase.file_regions import ExtractPlaces, Region, places_of
from perfpipe.erase.kept_sheets import mentions, without_records
from perfpipe.ledger.records import ExtractInFolder, StoredFile
from perfpipe.read.kept_cells import kept_cells
from perfpipe.read.raw_cells import RawSheet
from perfpipe.read.read_file import Parser, Unreadable, companion_sheets, delivered_sheets
from perfpipe.receive.store import sound_copy
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.erased_people import People


class RememberingParser(Parser):
    """A parser that remembers the file that it read last: several datasets may be in one."""

    _last: tuple[object, list[RawSheet]] = (None, [])

    def sheets(self, path: Path, name: str, password: str = "") -> list[RawSheet]:
        """Every worksheet of a workbook."""
        if self._last[0] != (path, name, password):
            self._last = ((path, name, password), super().sheets(path, name, password))
        return self._last[1]

    def texts(self, path: Path, name: str, layout: Layout, tabs: bool, headers: Sequence[Sequence[str]]) -> RawSheet:
        """A CSV file as one sheet of texts."""
        asked = (path, name, layout.model_dump_json(), tabs, str(headers))
        if self._last[0] != asked:
            self._last = (asked, [super().texts(path, name, layout, tabs, headers)])
        return self._last[1][0]


@dataclass(frozen=True)
class FileUse:
    """One file as a file of one extract: where that has its records."""

    places: ExtractPlaces
    file: StoredFile

    @property
    def regions(self) -> list[Region]:
        """Its tables."""
        return self.places.regions.get(self.file.name, [])

    @property
    def place(self) -> str:
        """Folder and name."""
        return f"{self.places.extract.folder}/{self.file.name}"


@dataclass
class DeliveredFiles:
    """The files of some extracts, by their hashes, and who is to go from them."""

    workspace: Workspace
    settings: Settings
    people: People
    parser: Parser
    uses: dict[str, list[FileUse]]

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        settings: Settings,
        people: People,
        parser: Parser,
        extracts: Iterable[ExtractInFolder],
        progress: Callable[[int], None] = lambda _: None,
    ) -> DeliveredFiles:
        """Those of some extracts; not of those that are gone. `progress` hears how many have been read."""
        uses: dict[str, list[FileUse]] = {}
        for number, extract in enumerate((each for each in extracts if not each.is_gone), 1):
            places = places_of(extract, workspace, settings, parser, people)
            for file in extract.files:
                uses.setdefault(file.sha256, []).append(FileUse(places, file))
            progress(number)
        return cls(workspace, settings, people, parser, uses)

    @cached_property
    def extracts(self) -> list[ExtractPlaces]:
        """What each extract holds."""
        return list({id(use.places): use.places for uses in self.uses.values() for use in uses}.values())

    def path_of(self, sha256: str) -> Path | None:
        """The stored copy of a file, or of what is kept of it; None where it is lost."""
        use = self.uses[sha256][0]
        extract = use.places.extract
        return sound_copy(self.workspace, use.file, extract.folder, extract.kept_of(use.file))

    def is_concerned(self, sha256: str) -> bool:
        """Whether a layout reads the file and it holds a record of the people, or names one of them."""
        sheets = self._sheets(sha256)
        return sheets is not None and mentions(sheets, self._regions(sha256), self.people)

    def is_read(self, sha256: str) -> bool:
        """Whether some layout reads the file."""
        return bool(self._regions(sha256)) and self._sheets(sha256) is not None

    def kept(self, sha256: str) -> bytes:
        """What is kept of a file; nothing where no layout reads it."""
        sheets = self._sheets(sha256)
        if sheets is None:
            return b""
        return kept_cells(without_records(sheets, self._regions(sha256), self.people))

    def _regions(self, sha256: str) -> list[Region]:
        return [region for use in self.uses[sha256] for region in use.regions]

    def _sheets(self, sha256: str) -> list[RawSheet] | None:
        path = self.path_of(sha256)
        for use in self.uses[sha256]:
            layout, extract = use.places.layout, use.places.extract
            if path is None or layout is None or not use.regions:
                continue
            is_main = layout.parts or use.file.name == use.places.first_read
            try:
                if is_main:
                    return delivered_sheets(path, use.place, BY_ID[extract.dataset], layout, self.parser)
                return companion_sheets(path, use.place, layout, self.parser)
            except Unreadable:
                continue
        return None


def rows_in(files: DeliveredFiles) -> Iterator[tuple[str, str, str, int]]:
    """The places of the people's rows: extract, file, sheet and row; of a turned sheet all places in it, as row -1."""
    for places in files.extracts:
        for name, regions in places.regions.items():
            where = f"{places.extract.folder}/{name}"
            for region in regions:
                if region.turned and region.gone:
                    yield places.extract.id, where, region.sheet, -1
                for row in () if region.turned else region.gone:
                    yield places.extract.id, where, region.sheet, row + 1


def records_in(files: DeliveredFiles) -> Mapping[str, set[str]]:
    """What names the people's records, by dataset."""
    found: dict[str, set[str]] = {}
    for places in files.extracts:
        found.setdefault(places.extract.dataset, set()).update(places.records)
    return found
