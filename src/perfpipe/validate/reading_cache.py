"""Readings: an extract, read by its layout and validated, with the months it can be used for. Cached.

A reading is named by all that decides it: the extract, its folder and the months that this is named for, the layout,
the settings and corrections that apply, the version of the dataset, and the source of what makes readings. With the
same name it is the same rows, so a cached one is never out of date, and can be made again from the store at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.faults.severity import judged
from perfpipe.ledger.cached_files import hashes_of, is_cached, write_cached
from perfpipe.ledger.records import ExtractInFolder, ReadingRecord, StoredFile
from perfpipe.receive.match_layout import matches, names_by_part, reading_layout
from perfpipe.rules.arrivals import PART_MISSING
from perfpipe.rules.extracts import LAYOUT_GONE, SAME_FILE_AGAIN
from perfpipe.rules.rule import Scope
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.source_code import source_identity
from perfpipe.validate.fault_identity import identity_key
from perfpipe.validate.months_covered import folder_months

if TYPE_CHECKING:
    from perfpipe.ledger.ledger import Ledger
    from perfpipe.read.read_file import Parser
    from perfpipe.settings.corrections import Correction
    from perfpipe.validate.make_reading import NewReading
from perfpipe.faults.rule_catalogue import RULES
from perfpipe.faults.severity import accepted_of
from perfpipe.validate.reading import SMALL, Reading, ReadingBasis, files_at, left_out_beside, reading_of, values_beside

MADE_BY = "perfpipe.validate.reading_cache"  # the module from which on code makes readings


def read_and_validate(
    workspace: Workspace,
    settings: Settings,
    ledger: Ledger,
    parser: Parser,
    extract: ExtractInFolder,
    known: Mapping[str, ReadingRecord],
    hashes: Mapping[str, str],
) -> Reading | list[Fault]:
    """The reading of one extract (of `Ledger.extracts_known`), or the faults that keep it out: none if it was erased.

    It comes from the cache where `known` has it (`Ledger.readings_known`) and `hashes` its files; else it is made now.
    """
    if extract.is_gone:
        return []
    dataset = BY_ID[extract.dataset]
    first, last = folder_months(extract.folder, settings)
    found = files_and_layout(settings, extract, last)
    if isinstance(found, list):
        return judged(found, settings, extract.id)
    files, layout = found
    again = _sent_before(extract, first)
    if again and layout.extracted_at:
        return judged([_sent_again(dataset, extract, files[0].name)], settings, extract.id)
    corrections = _corrections_for(workspace, settings, dataset, last)
    reading_id = _reading_id(extract, dataset, layout, settings, corrections)
    basis = ReadingBasis(reading_id, extract, tuple(files), layout, (first, last), settings, corrections)
    path = workspace.processed / dataset.id / f"{reading_id}.parquet"
    record = known.get(reading_id)
    if record is None or not all(is_cached(workspace, each, hashes) for each in files_at(path)):
        parser.start()  # its process gets ready while the modules below are imported
        from perfpipe.validate.make_reading import make_reading

        made = make_reading(_with_erasures(basis, ledger, known.values()), workspace, parser)
        if isinstance(made, list):
            return judged(made, settings, extract.id)
        record = _stored(workspace, ledger, made, path)
    if again and record.rows >= SMALL:
        return judged([_sent_again(dataset, extract, files[0].name)], settings, extract.id)
    return reading_of(record, extract, path)


def _with_erasures(basis: ReadingBasis, ledger: Ledger, known: Iterable[ReadingRecord]) -> ReadingBasis:
    """What a reading is made from, with who is left out of it and what it covered before rows of it were erased."""
    before = months_before_erasure(basis.extract, known) if basis.extract.erased else None
    return replace(basis, people=ledger.erased_people(), before_erasure=before)


def months_before_erasure(extract: ExtractInFolder, known: Iterable[ReadingRecord]) -> tuple[Month, Month] | None:
    """The months that an extract covered by its readings so far; None without one."""
    own = [each for each in known if each.extract_id == extract.id]
    return (min(each.first_month for each in own), max(each.last_month for each in own)) if own else None


def files_and_layout(
    settings: Settings, extract: ExtractInFolder, month: Month
) -> tuple[list[StoredFile], Layout] | list[Fault]:
    """The files of an extract as they are read, the main one first or the parts in their order, and their layout."""
    dataset = BY_ID[extract.dataset]
    fitting = [(f, each) for f in extract.files if (each := reading_layout(settings, month, dataset, f.name))]
    if not fitting:
        return [] if extract.given_to_another else [_no_layout(dataset, extract)]
    main, layout = fitting[0]
    if not layout.parts:
        several = any(not matches(file.name, layout.companions) for file, _ in fitting[1:])
        others = [file for file in extract.files if file is not main]
        return [_no_layout(dataset, extract)] if several else ([main, *others], layout)
    by_part = names_by_part(layout.parts, [file.name for file in extract.files])
    for part, names in by_part.items():
        if len(names) != 1:
            found = f"{', '.join(file.name for file in extract.files)}: received without the part {part!r}"
            return [fault_of(PART_MISSING, Address(dataset.id, extract.folder), found, part=part)]
    named = {file.name: file for file in extract.files}
    return [named[names[0]] for names in by_part.values()], layout


def _stored(workspace: Workspace, ledger: Ledger, made: NewReading, path: Path) -> ReadingRecord:
    """The record of a new reading, once its rows, faults and corrections are stored."""
    write_cached(made.rows, path)
    write_cached(made.found.frame(), values_beside(path))
    write_cached(made.left_out, left_out_beside(path))
    with ledger.writing():
        ledger.add_reading(made.record, made.found.faults, made.met)
        ledger.add_cached_files(hashes_of(workspace, *files_at(path)))
    return made.record


def _corrections_for(workspace: Workspace, settings: Settings, dataset: Dataset, month: Month) -> dict[str, Correction]:
    """The declared corrections that apply to an extract delivered for a month, by their ids."""
    from perfpipe.validate.apply_corrections import correction_id

    chosen = [each for each in settings.corrections if each.dataset == dataset.id and each.applies_to(month)]
    return {correction_id(each, identity_key(workspace)): each for each in chosen}


def _reading_id(
    extract: ExtractInFolder, dataset: Dataset, layout: Layout, settings: Settings, corrections: Iterable[str]
) -> str:
    months = [str(month) for month in folder_months(extract.folder, settings)]
    named = [extract.id, extract.folder, *months, str(extract.delivery.declared_at), dataset.id, dataset.version]
    named += [each.kept_sha256 for _, each in sorted(extract.erased.items())]
    decided = [source_identity(MADE_BY), layout.model_dump(mode="json"), decides_reading(settings, extract)]
    content = json.dumps([[*named, *corrections], *decided], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _sent_before(extract: ExtractInFolder, first: Month) -> bool:
    """Whether an extract came into an earlier folder already, and no note says that it was made again for this one."""
    declared_at = extract.delivery.declared_at
    made_anew = declared_at is not None and Month.of(declared_at.date()) >= first
    return extract.folder != extract.first_folder and not made_anew


def _no_layout(dataset: Dataset, extract: ExtractInFolder) -> Fault:
    names = ", ".join(file.name for file in extract.files)
    at = Address(dataset.id, f"{extract.folder}/{names}")
    return fault_of(LAYOUT_GONE, at, "no layout matches these names any more", extract=extract.id[:12])


def _sent_again(dataset: Dataset, extract: ExtractInFolder, name: str) -> Fault:
    folder, first = extract.folder, extract.first_folder
    at = Address(dataset.id, f"{folder}/{name}")
    named = {"folder": folder, "first": first, "extract": extract.id[:12]}
    return fault_of(SAME_FILE_AGAIN, at, f"the same file as in {first}", **named)


def decides_reading(settings: Settings, extract: ExtractInFolder) -> list[str]:
    """The settings that decide the faults saved with a reading, as texts: they are part of its name."""
    set_to = [(rule, severity) for rule, severity in settings.severities.items()]
    set_to += [(accepted.rule, accepted.reason) for accepted in accepted_of(settings, extract.id)]
    empty = ["may be empty"] if extract.dataset in settings.arrivals.may_be_empty else []
    return sorted([*(f"{rule} {to}" for rule, to in set_to if RULES[rule].scope is Scope.READING), *empty])
