"""Raw cells: a (kind, text) pair each, held column by column with every distinct cell once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
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
class Cells(Sequence[Cell]):
    """One column: its distinct cells, the blank one first, and for each row the number of its cell."""

    distinct: list[Cell]
    numbers: Index

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> Cells:
        """Any cells in this form."""
        if isinstance(cells, Cells):
            return cells
        numbers = {NOTHING: 0} | {cell: n for n, cell in enumerate(dict.fromkeys([NOTHING, *cells]))}
        return cls(list(numbers), np.fromiter((numbers[cell] for cell in cells), np.int32, len(cells)))

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> Cells:
        """Texts in this form; a text of spaces only is blank."""
        distinct, numbers = [NOTHING], {}
        for text in dict.fromkeys(texts):
            numbers[text] = len(distinct) if text.strip() else 0
            distinct += [(TEXT, text)] if text.strip() else []
        return cls(distinct, np.fromiter(map(numbers.__getitem__, texts), np.int32, len(texts)))

    @property
    def filled(self) -> Mask:
        """True where the cell is not blank."""
        filled: Mask = self.numbers != 0
        return filled

    def take(self, rows: npt.NDArray[np.int64]) -> Cells:
        """The cells of some rows, by their numbers from 0."""
        return Cells(self.distinct, self.numbers[rows])

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
class Sheet:
    """One sheet, or one CSV file: its columns from A and its rows from 1 on.

    `widths`: of a CSV file, how many values each row has; rows of a sheet are all alike.
    """

    file: str
    name: str
    height: int
    columns: list[Cells]
    visible: bool = True
    widths: npt.NDArray[np.int64] | None = None

    @classmethod
    def of_texts(cls, file: str, rows: Sequence[Sequence[str]]) -> Sheet:
        """A CSV file's rows, which may differ in width."""
        widths = np.fromiter(map(len, rows), np.int64, len(rows))
        even = len(rows) > 0 and bool((widths == widths[0]).all())
        columns: Iterable[tuple[str, ...]] = zip(*rows, strict=True) if even else zip_longest(*rows, fillvalue="")
        return cls(file, "", len(rows), [Cells.of_texts(column) for column in columns], widths=widths)

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
