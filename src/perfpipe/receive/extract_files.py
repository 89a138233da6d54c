"""Which files of a delivery folder make which extracts, and what is told of those that make none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfpipe.datasets import DATASETS, Dataset
from perfpipe.faults.fault import Address, Fault, fault_of
from perfpipe.receive.delivery_folders import Folder
from perfpipe.receive.delivery_note import arrival_fault
from perfpipe.receive.match_layout import match_layouts, matches
from perfpipe.rules.arrivals import FILE_NOT_RECOGNISED, NO_FILE_RECOGNISED
from perfpipe.rules.containers import SPREADSHEETS, TEXTS
from perfpipe.settings.settings import Settings


@dataclass(frozen=True)
class ExtractFiles:
    """The files of one extract in a folder, the one that it is named by first."""

    dataset: Dataset
    names: tuple[str, ...]


def extract_files(settings: Settings, folder: Folder, names: Sequence[str]) -> tuple[list[ExtractFiles], list[Fault]]:
    """The extracts among the files of a folder, and a fault for each file that belongs to none."""
    found = list(_extracts(settings, folder, names))
    claimed = {name for extract in found for name in extract.names}
    unknown = [name for name in names if name not in claimed]
    tables = [name for name in unknown if not found and Path(name).suffix.lower() in (*SPREADSHEETS, *TEXTS)]
    faults = [_unknown_file(folder, name) for name in unknown if name not in tables]
    if tables:
        what = f"{len(tables)} spreadsheets or CSV files, none with a name that matches a layout: {', '.join(tables)}"
        faults.append(arrival_fault(NO_FILE_RECOGNISED, folder.path.name, what))
    return found, faults


def _extracts(settings: Settings, folder: Folder, names: Sequence[str]) -> Iterator[ExtractFiles]:
    for name in names:
        for dataset, layout in match_layouts(settings, folder.last_month, name):
            companions = [n for n in names if n != name and matches(n, layout.companions)]
            yield ExtractFiles(dataset, (name, *companions))


def _unknown_file(folder: Folder, name: str) -> Fault:
    names = ", ".join(f"{dataset.id}.xlsx" for dataset in DATASETS)
    at = Address("", f"{folder.path.name}/{name}")
    return fault_of(FILE_NOT_RECOGNISED, at, "a file whose name matches no layout", names=names)
