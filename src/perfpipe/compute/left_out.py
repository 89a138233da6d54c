"""What each figure lost to faults: how many records, why, and whether so many that it is withheld (definitions 2.6).

Records are lost in two ways. A row that cannot be used is in no figure: it is counted where any value that its faulty
cells could have had would put it (`possible_rows.py`). A row with a defect is left out of the measures that name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.compute.group_counts import Bools, GroupCells, NumberedRows, RowSelection
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.compute.possible_rows import left_out_rows, possible_rows
from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month
from perfpipe.measures.counts import Mask
from perfpipe.measures.definition import Breakdown, Measure, Period
from perfpipe.measures.left_out_words import shown_text, withheld_because

TOO_MANY, LEAST_TOO_MANY = 0.1, 3  # of its records; and how many at least
SAME_TEXT, SAME_TEXT_SHARE = 5, 0.5  # cells with the same text; and their share of the faulty ones
OF_A_LOSS = ["record", "because", "cell_text", "accepted"]
PLACED = ["reading_id", "source_row", "because"]


def mask_of(mask: Mask | None, rows: pd.DataFrame) -> Bools:
    """True for the rows that a mask of a measure takes; of no mask none."""
    if mask is None:
        return np.zeros(len(rows), dtype=np.bool_)
    return mask(rows).fillna(False).to_numpy(dtype=np.bool_, copy=True)


@dataclass(frozen=True)
class Losses:
    """For every cell of a figure how many records it lost, why most of them, and why it is withheld ("": it is not)."""

    number: npt.NDArray[np.int64]
    because: npt.NDArray[np.object_]
    withheld: npt.NDArray[np.object_]
    of: npt.NDArray[np.int64]

    def columns(self, known: Bools) -> dict[str, npt.NDArray[Any]]:
        """The columns of figures that say so, where the figure is not absent for another reason."""
        return {
            "left_out": np.where(known, self.number, 0),
            "left_out_of": np.where(known & (self.number > 0), self.of, 0),
            "left_out_why": np.where(known, self.because, ""),
        }


@dataclass(frozen=True)
class LeftOut:
    """The records that faults keep out of the figures of some measure rows."""

    measure_rows: MeasureRows
    _possible: dict[str, MeasureRows | None] = field(default_factory=dict)
    _unusable: dict[str, pd.DataFrame] = field(default_factory=dict)

    def rows(self, measure: Measure, period: Period, seen: NumberedRows) -> list[pd.DataFrame]:
        """The rows that a measure's figures of a period lost, in both ways; `seen`: its view."""
        return [rows for rows in (self._without(measure, period), self._defective(measure, seen)) if len(rows)]

    def _without(self, measure: Measure, period: Period) -> pd.DataFrame:
        """Rows that cannot be used, as they might have been."""
        dataset = measure.basis.dataset
        possible = self._possible_of(dataset)
        if possible is None:
            return pd.DataFrame()
        view = possible.view(measure, period)
        lost = self._unusable[dataset.id]
        at = _places(lost).get_indexer(_places(view))
        taken = lost.iloc[at[at >= 0]][OF_A_LOSS].reset_index(drop=True)
        rows = view[at >= 0].reset_index(drop=True)
        return rows.assign(**{name: taken[name] for name in OF_A_LOSS})

    def _possible_of(self, dataset: Dataset) -> MeasureRows | None:
        if dataset.id not in self._possible:
            speaks_for = self.measure_rows.speaks_for[dataset.id]
            lost = left_out_rows(speaks_for)
            if len(lost):
                key = lost[list(dataset.follow_by or dataset.key)]
                named = key.astype("str").fillna("").agg(" ".join, axis=1)
                place = _places(lost).to_series(index=lost.index)  # of a record without a name
                self._unusable[dataset.id] = lost.assign(record=named.where(key.notna().all(axis=1), place))
            self._possible[dataset.id] = (
                self.measure_rows.with_rows({dataset.id: possible_rows(speaks_for, lost)}) if len(lost) else None
            )
        return self._possible[dataset.id]

    def _defective(self, measure: Measure, seen: NumberedRows) -> pd.DataFrame:
        """Rows with a defect that the measure leaves out."""
        names = set(measure.left_out_by or ())
        number, marks = seen.numbered("defects")
        own = [sorted(names.intersection(str(mark).split())) for mark in marks]
        if not any(own):
            return pd.DataFrame()
        view = seen.rows
        marked = np.array([*(bool(each) for each in own), False])[number]
        first = np.array([*(each[0] if each else "" for each in own), ""], dtype=object)[number][marked]
        rows = view[marked].reset_index(drop=True)
        meaning = {
            name: defect.meaning for dataset in measure.basis.datasets for name, defect in dataset.defects.items()
        }
        readings = rows["reading_id"].astype("str")
        accepted = [(reading, defect) in self._accepted for reading, defect in zip(readings, first, strict=True)]
        return rows.assign(
            record=_places(rows),
            because=[meaning[name] for name in first],
            cell_text="",
            accepted=accepted,
        )

    @cached_property
    def _accepted(self) -> set[tuple[str, str]]:
        """Reading and defect, where a rule that marks the defect has been accepted."""
        return {
            (reading.id, check.rule.defect.id)
            for speaks_for in self.measure_rows.speaks_for.values()
            for reading in speaks_for.readings.values()
            for check in speaks_for.dataset.checks
            if check.rule.defect and check.rule.id in reading.accepted
        }


def losses(
    found: Sequence[pd.DataFrame],
    measure: Measure,
    covered: Sequence[Sequence[Month]],
    breakdown: Breakdown | None,
    counted: GroupCells,
) -> Losses:
    """What each cell of a measure's figures lost, of the rows that `LeftOut.rows` found; the cells count `counted`."""
    kept, cells = counted.counted, counted.count
    own = counted.sums(kept.top if measure.counts.is_count else kept.bottom).astype(np.int64)
    number, because, withheld = np.zeros(cells, np.int64), _texts(cells), _texts(cells)
    if found:
        lost = pd.concat([_in_cells(rows, measure, covered, breakdown) for rows in found])
        lost = lost.drop_duplicates(["cell", "record"])
        number = np.bincount(lost["cell"], minlength=cells).astype(np.int64)
        for cell in np.flatnonzero(number).tolist():
            part = lost[lost["cell"] == cell]
            because[cell] = part["because"].mode().iloc[0]
            withheld[cell] = _withheld(part[~part["accepted"].astype(bool)], int(number[cell] + own[cell]))
    return Losses(number, because, withheld, number + own)


def lost_by_one(found: Sequence[pd.DataFrame], measure: Measure, covered: Sequence[Month]) -> pd.DataFrame:
    """`PLACED` of the rows that the figure of the whole lost over some months, of those that `LeftOut.rows` found."""
    lost = [_in_cells(rows, measure, [covered], None, PLACED) for rows in found]
    return pd.concat(lost)[PLACED].drop_duplicates() if lost else pd.DataFrame(columns=PLACED)


def _in_cells(
    rows: pd.DataFrame,
    measure: Measure,
    covered: Sequence[Sequence[Month]],
    breakdown: Breakdown | None,
    columns: list[str] = OF_A_LOSS,
) -> pd.DataFrame:
    counts = measure.counts
    top = mask_of(counts.numerator, rows)
    in_it = top if counts.is_count else mask_of(counts.denominator, rows)
    if not counts.is_count and not counts.nested:
        in_it |= top
    selection = RowSelection(NumberedRows(rows), top, in_it, np.zeros(len(rows), np.bool_))
    cell, position = GroupCells.of(selection, covered, breakdown).pairs(in_it)
    return rows[columns].iloc[position].assign(cell=cell)


def _withheld(lost: pd.DataFrame, of: int) -> str:
    """Why a figure that lost some of its records cannot be shown; empty where it can."""
    because = str(lost["because"].mode().iloc[0]) if len(lost) else ""
    texts = lost.loc[lost["cell_text"] != "", "cell_text"].value_counts()
    if len(texts) and texts.iloc[0] >= SAME_TEXT and texts.iloc[0] > SAME_TEXT_SHARE * len(lost):
        return withheld_because(len(lost), of, because, shown_text(str(texts.index[0])))
    if len(lost) >= LEAST_TOO_MANY and len(lost) > TOO_MANY * of:
        return withheld_because(len(lost), of, because)
    return ""


def _places(rows: pd.DataFrame) -> pd.Index:
    """Where each row stands: its extract and its row there."""
    return pd.Index(rows["reading_id"].astype("str") + " " + rows["source_row"].astype("str"))


def _texts(number: int) -> npt.NDArray[np.object_]:
    return np.full(number, "", dtype=object)
