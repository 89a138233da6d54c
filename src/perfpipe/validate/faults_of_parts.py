"""What is wrong with the rows of parts that came, of an extract that is not taken in as another part is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from perfpipe.dates.months import Month
from perfpipe.faults.fault import Fault
from perfpipe.faults.severity import judged
from perfpipe.read.parts import read_parts
from perfpipe.read.read_file import Parser
from perfpipe.receive.delivery_folders import Folder, delivery_folders, file_names
from perfpipe.receive.extract_files import ExtractFiles, extract_files
from perfpipe.receive.match_layout import reading_layout
from perfpipe.rules.arrivals import PART_MISSING, PART_REPEATED, PART_UNKNOWN
from perfpipe.settings.settings import Settings
from perfpipe.settings.workspace import Workspace
from perfpipe.validate.faults_beneath import faults_beneath

OF_PARTS = {rule.id for rule in (PART_MISSING, PART_REPEATED, PART_UNKNOWN)}


def faults_of_parts(workspace: Workspace, settings: Settings, arrived: Sequence[Fault]) -> list[Fault]:
    """Faults of the files that lie in the folders of such extracts, by what was found as files arrived."""
    told = {(fault.dataset, fault.rule, fault.file) for fault in arrived if fault.rule in OF_PARTS}
    if not told:
        return []
    faults: list[Fault] = []
    with Parser(settings.limits) as parser:
        for folder in delivery_folders(workspace, settings)[0]:
            for extract in extract_files(settings, folder, file_names(folder, settings)[0])[0]:
                if any((fault.dataset, fault.rule, fault.file) in told for fault in extract.wrong):
                    faults += judged(_of_files(extract, folder, settings, parser), settings)
    return faults


def _of_files(extract: ExtractFiles, folder: Folder, settings: Settings, parser: Parser) -> Iterator[Fault]:
    month: Month = folder.last_month
    for name in extract.names:
        layout = reading_layout(settings, month, extract.dataset, name)
        if layout is None:
            continue
        files: list[tuple[Path, str]] = [(folder.path / name, f"{folder.path.name}/{name}")]
        tables = read_parts(files, extract.dataset, layout, parser)
        yield from (fault for table in tables for fault in table.faults)
        yield from faults_beneath(tables, extract.dataset, layout, month.end_at)
