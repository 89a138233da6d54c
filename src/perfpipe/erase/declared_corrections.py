"""Declared corrections of records that go: out of `corrections.toml` and of the copies that runs kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from perfpipe.datasets import BY_ID
from perfpipe.ledger.erasure_records import ErasedCorrection, ErasureRecord
from perfpipe.ledger.ledger import Ledger
from perfpipe.settings.corrections import FILE, Correction
from perfpipe.settings.kept_settings import kept_file
from perfpipe.settings.workspace import Workspace
from perfpipe.storage.failures import storing
from perfpipe.storage.files import write_whole
from perfpipe.validate.apply_corrections import correction_id
from perfpipe.validate.erased_people import People, as_id, person_hash
from perfpipe.validate.fault_identity import keyed_hash

TABLE = "corrections"
STAYING = "corrections that stay"  # among the records of an erasure by age: those that figures still need


def record_hash(key: bytes, dataset: str, name: str) -> str:
    """The keyed hash of what names a record, by which a killed erasure still knows its corrections."""
    return keyed_hash(key, "record", dataset, as_id(name))


@dataclass(frozen=True)
class GoingCorrections:
    """Which corrections an erasure takes away."""

    erasure: ErasureRecord
    people: People

    def takes(self, correction: Correction) -> bool:
        """Whether a correction is of one of the people's records, names one of them, or is too old."""
        work = self.erasure.work
        if work.corrections_before:
            stays = correction_id(correction, self.people.key) in work.records.get(STAYING, ())
            return correction.date < date.fromisoformat(work.corrections_before) and not stays
        if not self.people.hashes:
            return False
        dataset = BY_ID[correction.dataset]
        for column, value in correction.key.items():
            if dataset.person and column == dataset.person[1]:
                if person_hash(self.people.key, dataset.person[0], value) in self.people.hashes:
                    return True
            elif record_hash(self.people.key, dataset.id, value) in work.records.get(dataset.id, ()):
                return True
        return any(next(self.people.spans_in(text), None) for text in (correction.wrong, correction.right))


def files_of_corrections(workspace: Workspace) -> list[Path]:
    """`corrections.toml`, and the copies of it that runs kept."""
    kept = sorted(workspace.earlier_settings.glob("*.toml")) if workspace.earlier_settings.is_dir() else []
    own = workspace.root / FILE
    return [*([own] if own.is_file() else []), *(path for path in kept if _document(path) is not None)]


def _document(path: Path) -> tomlkit.TOMLDocument | None:
    """The file, where it is one of corrections."""
    try:
        found = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    except (TOMLKitError, ValueError):
        return None
    return found if TABLE in found and not set(found) - {TABLE} else None


def going(path: Path, chosen: GoingCorrections) -> list[Correction]:
    """The corrections of a file that go."""
    document = _document(path)
    return [each for _, each in _entries(document) if chosen.takes(each)] if document is not None else []


def _entries(document: tomlkit.TOMLDocument) -> Iterator[tuple[int, Correction]]:
    entries: Any = document[TABLE]
    for number, entry in enumerate(entries):
        try:
            yield number, Correction.model_validate(entry.unwrap())
        except ValidationError:  # a file that is wrong stops every run and is looked at then
            continue


def erase_corrections(workspace: Workspace, ledger: Ledger, chosen: GoingCorrections) -> None:
    """Take them out of every file, and from the ledger what each met. Done twice it changes nothing more."""
    for path in files_of_corrections(workspace):
        gone = going(path, chosen)
        own = path.name == FILE
        before = path.read_bytes()
        after = _without(before.decode("utf-8-sig"), chosen)
        if not gone and after.encode() == before:
            continue
        ids = [correction_id(each, chosen.people.key) for each in gone]
        with ledger.writing():
            ledger.forget_corrections_met(ids)
            if own and not _is_recorded(ledger, chosen.erasure):
                ledger.add_erased_corrections(_what_stays(each, chosen) for each in gone)
        if own:
            write_whole(path, after.encode())
        else:
            _replace_copy(workspace, ledger, path, after.encode(), chosen.erasure.id)


def _is_recorded(ledger: Ledger, erasure: ErasureRecord) -> bool:
    return any(each.erasure_id == erasure.id for each in ledger.erased_corrections())


def _what_stays(correction: Correction, chosen: GoingCorrections) -> ErasedCorrection:
    named = {"dataset": correction.dataset, "column": correction.column, "declared_on": correction.date}
    reason, role = (chosen.people.without(text) for text in (correction.reason, correction.by))
    return ErasedCorrection(erasure_id=chosen.erasure.id, reason=reason, role=role, **named)  # type: ignore[arg-type]


def _without(text: str, chosen: GoingCorrections) -> str:
    """A file of corrections without those that go, and without the people's names in what stays.

    Where one goes the comments go, too: nobody can tell which of them were about it.
    """
    document = tomlkit.parse(text)
    going_ones = {number for number, each in _entries(document) if chosen.takes(each)}
    if going_ones:
        entries = [each for number, each in enumerate(document.unwrap()[TABLE]) if number not in going_ones]
        text = tomlkit.dumps({TABLE: entries}) if entries else ""
    return chosen.people.without(text)


def _replace_copy(workspace: Workspace, ledger: Ledger, path: Path, content: bytes, erasure_id: int) -> None:
    """The copy under the hash of what is left of it, to which the runs that used it now refer."""
    before, after = path.stem, hashlib.sha256(content).hexdigest()
    write_whole(kept_file(workspace, FILE, after), content)
    with ledger.writing():
        if before not in ledger.files_erased_by(erasure_id):
            ledger.add_erased_file(before, erasure_id, after)
        ledger.replace_kept_settings(FILE, before, after)
    with storing(path, "removed"):
        path.unlink()
