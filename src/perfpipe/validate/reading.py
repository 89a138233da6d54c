"""A reading: one validated extract, and its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from perfpipe.datasets import BY_ID
from perfpipe.datasets.definition import Dataset, Selects
from perfpipe.datasets.extract_part import ExtractPart, part_and_row
from perfpipe.datasets.seen_column import SeenColumn
from perfpipe.dates.months import Month
from perfpipe.faults.fault import Address
from perfpipe.ledger.records import ExtractInFolder, ReadingRecord, StoredFile, was_known
from perfpipe.storage.failures import storing

if TYPE_CHECKING:
    import pandas as pd

    from perfpipe.settings.corrections import Correction
    from perfpipe.settings.layouts import Layout
    from perfpipe.settings.settings import Settings

SMALL = 20  # records: a shorter list may well be the same two months running


@dataclass(frozen=True)
class ReadingBasis:
    """What a reading is made from, and the name that follows from all of it.

    `files`: the main one first, or the parts in their order; `months`: the first and the last that the folder is named
    for; `corrections`: those that apply, by their ids; `people`: the keyed hashes of those whose records were erased;
    `before_erasure`: the months that it covered before rows of it were erased, if they were.
    """

    reading_id: str
    extract: ExtractInFolder
    files: tuple[StoredFile, ...]
    layout: Layout
    months: tuple[Month, Month]
    settings: Settings
    corrections: Mapping[str, Correction]
    people: frozenset[str] = frozenset()
    before_erasure: tuple[Month, Month] | None = None


@dataclass(frozen=True)
class Reading:
    """One validated extract: when its source made it, which months it covers, how it selects its records."""

    id: str
    extract_id: str
    dataset: Dataset
    folder: str
    files: tuple[str, ...]
    sheet: str
    extracted_at: datetime
    first_month: Month
    last_month: Month
    selects_by: Selects
    declared: bool
    row_count: int
    received_at: datetime
    path: Path
    taken_in_at: datetime  # by this program: the order of deliveries, whatever they say of themselves
    replaced: bool  # another file has since come under its name
    content: str = ""  # the hash of its records, in any order
    layout: str = ""  # its name, and from when it is in force
    columns: tuple[SeenColumn, ...] = ()
    time_from: str = ""  # what says when it was made: note, cell, file_name, or nothing but its folder
    unfinished: bool = False  # a CSV file whose last line has no end
    accepted: tuple[str, ...] = ()  # the rules whose faults in it have been accepted
    parts: tuple[ExtractPart, ...] = ()  # of an extract in parts, where each is
    withdrawn_at: datetime | None = None  # its extract; one of the past, then
    turned: bool = False  # its records stand side by side: what it calls rows are the file's columns
    silenced: frozenset[Month] = frozenset()  # months of a later extract that was erased: no other speaks for them

    @property
    def values_path(self) -> Path:
        """What stood in the cells of its faults, with the names of their records: restricted, as the rows are."""
        return values_beside(self.path)

    def was_known(self, at: datetime) -> bool:
        """Whether its extract was known at an instant (definitions 1.5)."""
        return was_known(self.received_at, self.taken_in_at, self.withdrawn_at, at)

    @property
    def name(self) -> str:
        """Its file, as people call it: folder and name; of parts all of them."""
        files = dict.fromkeys(part.file.rpartition("/")[2] for part in self.parts)
        return f"{self.folder}/{', '.join(files) or self.files[0]}"

    def at(self, row: int = 0, column: str = "") -> Address:
        """The address of a fault in it; `row` as its typed rows have it, `column`: a canonical one."""
        part, number = part_and_row(self.parts, row)
        if part and row:
            at = Address(self.dataset.id, part.file, part.sheet, number, part.columns.get(column, column))
        else:
            at = Address(self.dataset.id, self.name, self.sheet, row, self.address_of(column) if column else "")
        if not self.turned:
            return at
        from perfpipe.read.turned_sheet import place_in_source

        row, column = place_in_source(at.row, at.column)
        return replace(at, row=row, column=column)

    def address_of(self, column: str) -> str:
        """The place of a canonical column in the source: letter and header; its own name where there is none."""
        return next((seen.address for seen in self.columns if seen.column == column), column)

    def rows(self) -> pd.DataFrame:
        """The typed rows, with the columns and dtypes of `Dataset.dtypes`. Read once: not to be changed."""
        return self._rows

    @cached_property
    def _rows(self) -> pd.DataFrame:
        return rows_of([self]).drop(columns="reading_id")


def reading_of(record: ReadingRecord, extract: ExtractInFolder, path: Path) -> Reading:
    """The reading of an extract that came into a folder, as the ledger has both. `path`: where its rows are saved."""
    assert record.content_sha256 is not None  # only readings made before these were kept have none, by another name
    assert record.notes is not None
    return Reading(
        id=record.id,
        extract_id=extract.id,
        dataset=BY_ID[extract.dataset],
        folder=extract.folder,
        files=tuple(file.name for file in extract.files),
        sheet=record.sheet,
        extracted_at=record.extracted_at,
        first_month=record.first_month,
        last_month=record.last_month,
        selects_by=record.selects_by,
        declared=record.declared,
        row_count=record.rows,
        received_at=extract.delivery.received_at,
        path=path,
        taken_in_at=extract.delivery.recorded_at,
        replaced=extract.replaced,
        withdrawn_at=extract.withdrawn_at,
        content=record.content_sha256,
        layout=record.notes.layout,
        columns=record.notes.seen,
        time_from=record.notes.time_from,
        unfinished=record.notes.unfinished,
        accepted=record.notes.accepted,
        parts=record.notes.parts,
        turned=record.notes.turned,
    )


def rows_of(readings: Sequence[Reading]) -> pd.DataFrame:
    """The typed rows of several readings of one dataset, one after the other, with `reading_id` (category)."""
    return _one_after_the_other(readings, [reading.path for reading in readings], readings[0].dataset.dtypes)


def left_out_of(readings: Sequence[Reading]) -> pd.DataFrame:
    """Their rows that cannot be used, as `left_out_rows.left_out_frame`, with `reading_id` (category)."""
    from perfpipe.validate.left_out_rows import left_out_frame

    paths = [left_out_beside(reading.path) for reading in readings]
    return _one_after_the_other(readings, paths, left_out_frame(readings[0].dataset).dtypes)


def _one_after_the_other(readings: Sequence[Reading], paths: Sequence[Path], dtypes: dict[str, str]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = []
    for path in paths:
        with storing(path, "read"), pq.ParquetFile(path) as file:
            tables.append(file.read(use_threads=False))
    frame: pd.DataFrame = pa.concat_tables(tables).to_pandas(use_threads=False)
    restore = {name: dtype for name, dtype in dtypes.items() if str(frame[name].dtype) != dtype}
    frame = frame.astype(restore) if restore else frame
    number = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    ids = pd.Index([reading.id for reading in readings])
    return frame.assign(reading_id=pd.Categorical.from_codes(number, categories=ids))


def extract_before(current: Reading, readings: Sequence[Reading]) -> Reading | None:
    """The extract of the same dataset that was made last before this one."""
    own = [r for r in readings if r.dataset is current.dataset and r.extracted_at < current.extracted_at]
    return max(own, key=lambda reading: (reading.extracted_at, reading.extract_id), default=None)


def files_at(path: Path) -> tuple[Path, ...]:
    """All files of a reading whose rows are at a path."""
    return path, values_beside(path), left_out_beside(path)


def left_out_beside(path: Path) -> Path:
    """Where the rows of a reading that cannot be used are, beside the others."""
    return path.with_suffix(".left_out.parquet")


def values_beside(path: Path) -> Path:
    """Where the values of a reading's faults are, beside its rows."""
    return path.with_suffix(".faults.parquet")
