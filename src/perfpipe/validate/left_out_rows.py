"""Rows that cannot be used: kept beside the others, so that each figure can say what it lost (definitions 2.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from perfpipe.datasets.definition import Dataset
from perfpipe.frames import Frame, FrameColumn
from perfpipe.read.raw_cells import NOTHING
from perfpipe.read.raw_table import RawTable
from perfpipe.settings.layouts import as_compared

SUFFIXES = {"_on": " date", "_at": " time", "_from": " from", "_code": " code"}
WHY = (
    FrameColumn("faulty_columns", "str", "the columns that cannot be used, separated by blanks"),
    FrameColumn("rule", "str", "the first rule that it breaks"),
    FrameColumn("because", "str", "the same in words"),
    FrameColumn("cell_text", "str", "what stands in the first of these columns; restricted, as the rows are"),
)


def left_out_frame(dataset: Dataset) -> Frame:
    """The rows that cannot be used: the columns of the dataset, any of which may be blank, and those of `WHY`."""
    own = tuple(
        FrameColumn(name, dtype, "as the dataset has it", blanks=True) for name, dtype in dataset.dtypes.items()
    )
    return Frame(f"rows of {dataset.id} left out", (*own, *WHY), ("source_row",))


def in_words(column: str) -> str:
    """The name of a column as one reads it: `interview_at` is the interview time."""
    ending = next((suffix for suffix in SUFFIXES if column.endswith(suffix)), "")
    return (column.removesuffix(ending) + SUFFIXES.get(ending, "")).replace("_", " ")


@dataclass
class LeftOutRows:
    """Collects, while an extract is validated, which of its rows cannot be used, and why."""

    table: RawTable
    dataset: Dataset
    _found: dict[int, list[tuple[str, str, str]]] = field(default_factory=dict)

    def add(self, positions: Iterable[int], column: str, rule: str, because: str) -> None:
        """Rows that a fault of a column takes out of every figure."""
        for position in positions:
            self._found.setdefault(position, []).append((column, rule, because))

    def frame(self, every: pd.DataFrame) -> pd.DataFrame:
        """Those rows of all (by position) as `left_out_frame`."""
        if not self._found:
            return left_out_frame(self.dataset).empty()
        positions = sorted(self._found)
        first = [self._found[position][0] for position in positions]
        rows = every.loc[positions].assign(
            faulty_columns=[" ".join(dict.fromkeys(c for c, _, _ in self._found[each])) for each in positions],
            rule=[rule for _, rule, _ in first],
            because=[because for _, _, because in first],
            cell_text=[self._text(position, column) for position, (column, _, _) in zip(positions, first, strict=True)],
        )
        wanted = left_out_frame(self.dataset)
        return wanted.checked(rows.astype(wanted.dtypes).reset_index(drop=True))

    def _text(self, position: int, column: str) -> str:
        cells = self.table.columns.get(column)
        _, text = cells[position] if cells else NOTHING
        return as_compared(text)
