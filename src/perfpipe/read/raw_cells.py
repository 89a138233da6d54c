"""Raw cells: a (kind, text) pair each, held column by column with every distinct cell once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np
import numpy.typing as npt

BLANK, TEXT, NUMBER, DATE, DATETIME, TIME, BOOL, ERROR, FORMULA = "-", "t", "n", "d", "D", "T", "b", "e", "f"
Cell = tuple[str, str]
Row = list[Cell]
NOTHING: Cell = (BLANK, "")
Index = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ColumnCells(Sequence[Cell]):
    """One column: its distinct cells, the blank one first, and for each row the number of its cell."""

    distinct: list[Cell]
    numbers: Index

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> ColumnCells:
        """Any cells in this form."""
        if isinstance(cells, ColumnCells):
            return cells
        numbers = {NOTHING: 0} | {cell: n for n, cell in enumerate(dict.fromkeys([NOTHING, *cells]))}
        return cls(list(numbers), np.fromiter((numbers[cell] for cell in cells), np.int32, len(cells)))

    @property
    def filled(self) -> Mask:
        """True where the cell is not blank."""
        filled: Mask = self.numbers != 0
        return filled

    def take(self, rows: npt.NDArray[np.int64]) -> ColumnCells:
        """The cells of some rows, by their numbers from 0."""
        return ColumnCells(self.distinct, self.numbers[rows])

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Cell]:
        return map(self.distinct.__getitem__, self.numbers.tolist())

    @overload
    def __getitem__(self, row: int) -> Cell: ...
    @overload
    def __getitem__(self, row: slice) -> list[Cell]: ...
    def __getitem__(self, row: int | slice) -> Cell | list[Cell]:
        if isinstance(row, slice):
            return [self.distinct[number] for number in self.numbers[row]]
        return self.distinct[int(self.numbers[row])]


@dataclass(frozen=True, eq=False)
class HiddenSigns:
    """Where a column had signs that nobody sees, taken out by now, and which they were."""

    rows: Mask
    names: str


@dataclass(frozen=True, eq=False)
class RawSheet:
    """One sheet, or one CSV file: its columns from A and its rows from 1 on.

    `widths`: of a CSV file, how many values each row has; rows of a sheet are all alike. `merged`: first row, first
    column, last row, last column of each merged range; `hidden_rows`, `hidden_columns`: all counted from 0. `notes`:
    ids of rules that the file as a whole has met. `signs`: by the position of a column, what it held that nobody sees.
    `source`: of a sheet that was turned, the sheet as it came.
    """

    file: str
    name: str
    height: int
    columns: list[ColumnCells]
    visible: bool = True
    widths: npt.NDArray[np.int64] | None = None
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    notes: Sequence[str] = ()
    signs: Mapping[int, HiddenSigns] = field(default_factory=dict)
    source: RawSheet | None = None

    def row(self, number: int) -> Row:
        """The cells of one row, by its number from 0."""
        return [column[number] for column in self.columns]

    @property
    def rows(self) -> list[Row]:
        """All cells, row by row."""
        return [self.row(number) for number in range(self.height)]

    @property
    def filled(self) -> Mask:
        """True for each row that has a cell which is not blank."""
        filled = np.zeros(self.height, dtype=np.bool_)
        for column in self.columns:
            filled |= column.filled
        return filled
