"""A raw table: the records of one file as raw cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from perfpipe.datasets.extract_part import ExtractPart, part_and_row
from perfpipe.datasets.seen_column import SeenColumn
from perfpipe.faults.fault import Fault
from perfpipe.read.raw_cells import Cell


@dataclass(frozen=True, eq=False)
class RawTable:
    """The records of one file as raw cells.

    `columns` has, for each canonical column that the layout maps, one (kind, text) per record; `rows` the row
    number of each record in the source; `headers` the header that was found; `letters` its column letter; `seen` all
    columns with a header in the order of the file, ignored ones too. `parts`: of an extract in parts, whose rows are
    numbered as `extract_part.py` says. `unused`: of a file that its headers, or some of its rows, keep out the records
    that can be read all the same: to be checked, so that all faults are told at once, and in no figure. Of its
    columns `unsure` nothing can be said.
    """

    file: str
    sheet: str
    rows: list[int]
    columns: dict[str, Sequence[Cell]]
    headers: dict[str, str]
    letters: dict[str, str]
    extracted_at: Cell | None = None
    faults: list[Fault] = field(default_factory=list)
    seen: tuple[SeenColumn, ...] = ()
    parts: tuple[ExtractPart, ...] = ()
    unused: RawTable | None = None
    unsure: frozenset[str] = frozenset()

    def place_of(self, number: int) -> str:
        """A row as messages name it: `5`, in an extract in parts `5 of rhi_south.xlsx, sheet May`."""
        part, row = part_and_row(self.parts, number)
        sheet = f", sheet {part.sheet}" if part and part.sheet else ""
        return f"{row} of {part.file}{sheet}" if part else str(row)

    def address_of(self, column: str) -> str:
        """Where a column is, as one reads it: `H (Returned)`; its own name where the source has no such column."""
        header = self.headers.get(column)
        return f"{self.letters[column]} ({header})" if header else column
