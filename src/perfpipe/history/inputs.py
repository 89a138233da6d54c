"""What the figures of a run were made from, to be made again: its extracts, settings, plan and places."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from perfpipe.ledger.ledger import Ledger
from perfpipe.ledger.records import ExtractInFolder, ReadingRecord, RunRecord, RunState
from perfpipe.measures import MEASURES
from perfpipe.plan import Plan, load_plan
from perfpipe.plan.revisions import load_revision
from perfpipe.plan.write import EARLIER
from perfpipe.read.read_file import Parser
from perfpipe.receive.store import sound_copy
from perfpipe.reconcile.usable_readings import silenced
from perfpipe.settings.kept_settings import PLACES, hashes_of_settings, kept_file, kept_settings, settings_read_once
from perfpipe.settings.places import Places, read_places
from perfpipe.settings.settings import Settings, SettingsError
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.reading import Reading
from perfpipe.validate.reading_cache import read_and_validate

Extract = tuple[str, str]  # its id, and the folder that it came into


class ErasedError(Exception):
    """Something that figures were made from is no more there."""


@dataclass(frozen=True)
class Inputs:
    """All that decides figures, but for the program. `extracts`: those known, by which `readings` are made."""

    extracts: frozenset[Extract]
    settings: Settings
    plan: Plan
    places: Places | None
    settings_kept: bool = True


@dataclass
class ReadingMaker:
    """Makes readings of extracts by any settings, or takes them from the cache; also of withdrawn extracts."""

    workspace: Workspace
    ledger: Ledger
    parser: Parser
    present: frozenset[Extract] = frozenset()  # those that are not withdrawn
    _known: dict[Extract, ExtractInFolder] = field(default_factory=dict)
    _made_before: dict[str, ReadingRecord] = field(default_factory=dict)
    _hashes: Mapping[str, str] = field(default_factory=dict)
    _made: dict[tuple[Extract, int], Reading | None] = field(default_factory=dict)
    _settings: list[Settings] = field(default_factory=list)

    @classmethod
    @contextmanager
    def of(cls, workspace: Workspace, ledger: Ledger, settings: Settings) -> Iterator[ReadingMaker]:
        """One for a workspace."""
        with Parser(settings.limits) as parser:
            present = frozenset((each.id, each.folder) for each in ledger.extracts_known(None))
            maker = cls(workspace, ledger, parser, present)
            maker._known = {(each.id, each.folder): each for each in ledger.extracts_ever()}
            maker._made_before, maker._hashes = ledger.readings_known(), ledger.cached_files()
            yield maker

    @property
    def extracts(self) -> Mapping[Extract, ExtractInFolder]:
        """Every extract that ever came, withdrawn ones too."""
        return self._known

    def already(self, settings: Settings, readings: Collection[Reading]) -> None:
        """Note readings that were made by some settings."""
        for reading in readings:
            self._made[(reading.extract_id, reading.folder), self._number(settings)] = reading

    def readings(self, inputs: Inputs, datasets: Collection[str]) -> list[Reading]:
        """The readings of the extracts of some datasets. Raises ErasedError."""
        chosen = [each for each in inputs.extracts if each in self._known and self._known[each].dataset in datasets]
        made = [each for name in sorted(chosen) if (each := self._reading(name, inputs.settings)) is not None]
        every = silenced(made, [self._known[name] for name in chosen], self._made_before)
        return [each for each in every if isinstance(each, Reading)]

    def _reading(self, extract: Extract, settings: Settings) -> Reading | None:
        key = extract, self._number(settings)
        if key not in self._made:
            found = self._known[extract]
            made = read_and_validate(
                self.workspace, settings, self.ledger, self.parser, found, self._made_before, self._hashes
            )
            if not isinstance(made, Reading) and not all(
                sound_copy(self.workspace, file, found.folder, found.kept_of(file)) for file in found.files
            ):
                raise ErasedError
            self._made[key] = made if isinstance(made, Reading) else None
        return self._made[key]

    def _number(self, settings: Settings) -> int:
        """A number for some settings: equal ones have the same."""
        for number, each in enumerate(self._settings):
            if each is settings or (each == settings and each.corrections == settings.corrections):
                return number
        self._settings.append(settings)
        return len(self._settings) - 1


def inputs_of_run(workspace: Workspace, maker: ReadingMaker, run: RunRecord) -> Inputs:
    """What the figures of a run were made from; today's settings where it kept none. Raises ErasedError."""
    today, contents = settings_read_once(workspace)
    settings, places_file = today, workspace.root / today.places if today.places else None
    if run.kept and dict(run.kept) != hashes_of_settings(contents):
        try:
            settings = kept_settings(workspace, run.kept)
        except SettingsError:
            raise ErasedError from None
        places_file = kept_file(workspace, PLACES, run.kept[PLACES]) if PLACES in run.kept else None
    try:
        places = read_places(places_file, settings.authority.names) if places_file and settings.places else None
    except SettingsError:
        raise ErasedError from None
    return Inputs(_extracts_of(maker, run), settings, _plan_of(workspace, run), places, bool(run.kept))


def _extracts_of(maker: ReadingMaker, run: RunRecord) -> frozenset[Extract]:
    """The extracts that a run knew: those that it used, and what came no later and is not withdrawn.

    Of what an older pack had shown: those received by then.
    """
    if run.state is RunState.IMPORTED:
        by = run.known_at or run.run_at
        return frozenset(name for name in maker.present if maker.extracts[name].delivery.received_at <= by)
    used = {each.reading.extract_id for each in maker.ledger.readings_of(run.id)}
    came = {name: each.delivery.recorded_at for name, each in maker.extracts.items()}
    if not used <= {name for name, _ in came}:
        raise ErasedError
    last = max((min(at for name, at in came.items() if name[0] == each) for each in used), default=run.run_at)
    return frozenset(name for name, at in came.items() if at <= last and (name[0] in used or name in maker.present))


def _plan_of(workspace: Workspace, run: RunRecord) -> Plan:
    """The plan that a run used. Raises ErasedError where its copy is gone."""
    content = workspace.plan_file.read_bytes() if workspace.plan_file.exists() else b""
    if run.state is RunState.IMPORTED or hashlib.sha256(content).hexdigest() == run.plan_sha256:
        return load_plan(workspace.plan_file, MEASURES)
    copy = workspace.plan_file.parent / EARLIER / f"{run.plan_sha256}.toml"
    if not copy.is_file():
        raise ErasedError
    return load_revision(copy, MEASURES)
