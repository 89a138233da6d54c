"""Which files of a delivery folder make which extracts, and what is told of those that make none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfpipe.datasets import DATASETS, Dataset
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.receive.delivery_folders import Folder
from perfpipe.receive.delivery_note import arrival_fault
from perfpipe.receive.match_layout import match_layouts, matches, names_by_part
from perfpipe.rules.arrivals import FILE_NOT_RECOGNISED, NO_FILE_RECOGNISED, PART_MISSING, PART_REPEATED, PART_UNKNOWN
from perfpipe.rules.containers import SPREADSHEETS, TEXTS
from perfpipe.settings.layouts import Layout
from perfpipe.settings.settings import Settings

TABLES = {*SPREADSHEETS, *TEXTS} - {".txt"}  # a .txt that no layout names may well be a note


@dataclass(frozen=True)
class ExtractFiles:
    """The files of one extract in a folder, the one that it is named by first.

    `in_parts`: each is a part of it; `wrong`: why there is no extract, as a part is missing or there is one too many.
    """

    dataset: Dataset
    names: tuple[str, ...]
    in_parts: bool = False
    wrong: tuple[Fault, ...] = ()


def extract_files(settings: Settings, folder: Folder, names: Sequence[str]) -> tuple[list[ExtractFiles], list[Fault]]:
    """The extracts among the files of a folder, and a fault for each file that belongs to none."""
    found = list(_extracts(settings, folder, names))
    claimed = {name for extract in found for name in extract.names}
    unknown = [name for name in names if name not in claimed]
    tables = [name for name in unknown if not found and Path(name).suffix.lower() in TABLES]
    faults = [_unknown_file(folder, name) for name in unknown if name not in tables]
    if tables:
        what = f"{len(tables)} spreadsheets or CSV files, none with a name that matches a layout: {', '.join(tables)}"
        faults.append(arrival_fault(NO_FILE_RECOGNISED, folder.path.name, what))
    return found, faults


def _extracts(settings: Settings, folder: Folder, names: Sequence[str]) -> Iterator[ExtractFiles]:
    seen: set[str] = set()
    for name in names:
        for dataset, layout in match_layouts(settings, folder.last_month, name):
            if layout.parts:
                if dataset.id not in seen:
                    yield _in_parts(settings, folder, names, dataset, layout)
                seen.add(dataset.id)
                continue
            companions = [n for n in names if n != name and matches(n, layout.companions)]
            yield ExtractFiles(dataset, (name, *companions))


def _in_parts(
    settings: Settings, folder: Folder, names: Sequence[str], dataset: Dataset, layout: Layout
) -> ExtractFiles:
    """The parts of an extract in the order of its layout, or what is wrong with them."""
    own = [name for name in names if (dataset, layout) in match_layouts(settings, folder.last_month, name)]
    by_part = names_by_part(layout.parts, own)
    wrong = []
    for name in own:
        parts = [part for part, fitting in by_part.items() if name in fitting]
        at = Address(dataset.id, f"{folder.path.name}/{name}")
        if not parts:
            found = f"a file of the layout {layout.name!r} that is none of {', '.join(map(repr, layout.parts))}"
            wrong.append(fault_of(PART_UNKNOWN, at, found))
        elif len(parts) > 1:
            wrong.append(fault_of(PART_REPEATED, at, f"a name that fits {' and '.join(map(repr, parts))}"))
        elif name != by_part[parts[0]][0]:
            found = f"a second file for the part {parts[0]!r}; the first is {by_part[parts[0]][0]}"
            wrong.append(fault_of(PART_REPEATED, at, found))
    for part, fitting in by_part.items():
        if not fitting:
            found = f"no file for the part {part!r} ({' or '.join(layout.parts[part])}); there is {', '.join(own)}"
            wrong.append(fault_of(PART_MISSING, Address(dataset.id, folder.path.name), found, part=part))
    in_order = own if wrong else [fitting[0] for fitting in by_part.values()]
    return ExtractFiles(dataset, tuple(in_order), in_parts=True, wrong=tuple(wrong))


def _unknown_file(folder: Folder, name: str) -> Fault:
    names = ", ".join(f"{dataset.id}.xlsx" for dataset in DATASETS)
    at = Address("", f"{folder.path.name}/{name}")
    return fault_of(FILE_NOT_RECOGNISED, at, "a file whose name matches no layout", names=names)
