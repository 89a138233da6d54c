"""Rows that faults keep out of figures: kept beside the others, so that each figure can say what it lost.

Some cannot be used at all. Others are only kept out of figures that need a cell which cannot be read or is missing, as
an audit without its grade (definitions 2.6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from perfpipe.datasets.definition import Dataset
from perfpipe.frames.frame import Frame, FrameColumn
from perfpipe.read.raw_cells import NOTHING
from perfpipe.read.raw_table import RawTable
from perfpipe.settings.layouts import as_compared

NAMES = {"dob": "date of birth", "fte": "FTE"}
SUFFIXES = {"_on": " date", "_at": " time", "_from": " from", "_code": " code"}
WHY = (
    FrameColumn("faulty_columns", "str", "the columns that cannot be used, separated by blanks"),
    FrameColumn("rule", "str", "the rules that it breaks, separated by blanks"),
    FrameColumn("because", "str", "the same in words"),
    FrameColumn("cell_text", "str", "what stands in the first of these columns; restricted, as the rows are"),
    FrameColumn("usable", "bool", "whether it is in figures that do not need these columns"),
)


def left_out_frame(dataset: Dataset) -> Frame:
    """Rows that faults keep out of figures: the columns of the dataset, any of which may be blank, and `WHY`."""
    own = tuple(
        FrameColumn(name, dtype, "as the dataset has it", blanks=True) for name, dtype in dataset.dtypes.items()
    )
    return Frame(f"rows of {dataset.id} left out", (*own, *WHY), ("source_row",))


def in_words(column: str) -> str:
    """The name of a column as one reads it: `interview_at` is the interview time."""
    ending = next((suffix for suffix in SUFFIXES if column.endswith(suffix)), "")
    if column in NAMES:
        return NAMES[column]
    return (column.removesuffix(ending) + SUFFIXES.get(ending, "")).replace("_", " ")


Why = tuple[str, str, str]  # a column, the rule that is broken there, and the same in words


@dataclass
class LeftOutRows:
    """Collects, while an extract is validated, which of its rows are kept out of figures, and why."""

    table: RawTable
    dataset: Dataset
    _found: dict[int, list[Why]] = field(default_factory=dict)
    _doubtful: dict[int, list[Why]] = field(default_factory=dict)

    def add(self, positions: Iterable[int], column: str, rule: str, because: str) -> None:
        """Rows that a fault of a column takes out of every figure."""
        for position in positions:
            self._found.setdefault(position, []).append((column, rule, because))

    def doubt(self, positions: Iterable[int], column: str, rule: str, because: str) -> None:
        """Rows without a value in a column because of a fault, or an impossible one: out of figures that need it."""
        for position in positions:
            self._doubtful.setdefault(position, []).append((column, rule, because))

    def frame(self, every: pd.DataFrame, usable: pd.DataFrame) -> pd.DataFrame:
        """Those of all rows, and of the usable ones with their defects (both by position), as `left_out_frame`."""
        doubtful = {position: why for position, why in self._doubtful.items() if position in usable.index}
        if not self._found and not doubtful:
            return left_out_frame(self.dataset).empty()
        found = sorted(self._found.items()) + sorted(doubtful.items())
        rows = pd.concat([every.loc[sorted(self._found)], usable.loc[sorted(doubtful)]])
        rows = rows.assign(
            faulty_columns=[" ".join(dict.fromkeys(column for column, _, _ in why)) for _, why in found],
            rule=[" ".join(dict.fromkeys(rule for _, rule, _ in why)) for _, why in found],
            because=[why[0][2] for _, why in found],
            cell_text=[self._text(position, why[0][0]) for position, why in found],
            usable=[position in doubtful for position, _ in found],
        )
        wanted = left_out_frame(self.dataset)
        return wanted.checked(rows.astype(wanted.dtypes).reset_index(drop=True))

    def _text(self, position: int, column: str) -> str:
        cells = self.table.columns.get(column)
        _, text = cells[position] if cells else NOTHING
        return as_compared(text)
