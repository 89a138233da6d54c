"""What each figure lost to faults: how many records, why, and whether so many that it is withheld (definitions 2.6).

Records are lost in two ways. A row that cannot be used, or not where a certain cell is needed, is counted where any
value that its faulty cells could have had would put it (`possible_rows.py`), if it is not there as it is. A row with a
defect is left out of the measures that name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.compute.group_counts import Bools, GroupCells, NumberedRows, RowSelection, Whole, most_frequent
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.compute.possible_rows import SAME_ROW, left_out_rows, possible_rows
from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month
from perfpipe.measures.counts import Mask
from perfpipe.measures.definition import Breakdown, Measure, Period
from perfpipe.measures.left_out_words import shown_text, withheld_because

TOO_MANY, LEAST_TOO_MANY = 0.1, 3  # of its records; and how many at least
SAME_TEXT, SAME_TEXT_SHARE = 5, 0.5  # cells with the same text; and their share of the faulty ones
OF_A_LOSS = ["record", "because", "cell_text", "accepted", "usable"]
PLACED = [*SAME_ROW, "because"]


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

    def columns(self, known: Bools) -> dict[str, npt.NDArray[np.generic]]:
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
        """Rows that cannot be used, or lack a cell, as they might have been.

        What lacks a cell counts as not meeting a count, unless the count leaves such rows out itself.
        """
        dataset = measure.basis.dataset
        possible = self._possible_of(dataset)
        if possible is None:
            return pd.DataFrame()
        view = possible.view(measure, period)
        lost = self._unusable[dataset.id]
        at = _places(lost).get_indexer(_places(view))
        taken = lost.iloc[at[at >= 0]][OF_A_LOSS].reset_index(drop=True)
        rows = view[at >= 0].reset_index(drop=True).assign(**{name: taken[name] for name in OF_A_LOSS})
        if not measure.counts.is_count:
            return rows
        named = set(measure.left_out_by or ())
        left_out = [not named.isdisjoint(str(marks).split()) for marks in lost["defects"].iloc[at[at >= 0]]]
        return rows[~rows["usable"].astype(bool) | np.array(left_out, dtype=np.bool_)]

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
        named = {place: name for lost in self._unusable.values() for place, name in self._names_in(lost)}
        return rows.assign(
            record=[named.get(place, place) for place in _places(rows)],
            because=[meaning[name] for name in first],
            cell_text="",
            accepted=accepted,
            usable=False,
        )

    @staticmethod
    def _names_in(lost: pd.DataFrame) -> Iterator[tuple[str, str]]:
        return zip(_places(lost), lost["record"], strict=True)

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
    if not found:
        return Losses(np.zeros(cells, np.int64), _texts(cells), _texts(cells), own)
    lost = pd.concat([_in_cells(rows, measure, covered, breakdown, counted) for rows in found])
    lost = lost.drop_duplicates(["cell", "record"])
    number = np.bincount(lost["cell"], minlength=cells).astype(np.int64)
    because, _ = most_frequent(lost, "because", cells)
    return Losses(number, because, _withheld(lost[~lost["accepted"].astype(bool)], number + own), number + own)


def lost_by_one(
    found: Sequence[pd.DataFrame],
    measure: Measure,
    covered: Sequence[Month],
    counted: RowSelection,
    of: tuple[Breakdown, str] | None,
) -> pd.DataFrame:
    """`PLACED` of the rows that the figure of one group (None: of the whole) lost over some months, of those that
    `LeftOut.rows` found.
    """
    breakdown = of[0] if of else None
    cells = GroupCells.of(counted, [covered], breakdown)
    place = cells.groups.index(of[1]) if of else 0
    lost = [_in_cells(rows, measure, [covered], breakdown, cells) for rows in found]
    if not lost:
        return pd.DataFrame(columns=PLACED)
    all_lost = pd.concat(lost)
    return all_lost.loc[all_lost["cell"] == place, PLACED].drop_duplicates()


def _in_cells(
    rows: pd.DataFrame,
    measure: Measure,
    covered: Sequence[Sequence[Month]],
    breakdown: Breakdown | None,
    counted: GroupCells,
) -> pd.DataFrame:
    """`OF_A_LOSS` and `PLACED` of rows for each `cell` that lost them; of a usable one, where it is not counted."""
    top, bottom = (mask_of(mask, rows) for mask in (measure.counts.numerator, measure.counts.denominator))
    selection = RowSelection(NumberedRows(rows), top, bottom, np.zeros(len(rows), np.bool_))
    cells = GroupCells.of(selection, covered, breakdown)
    cell, position = cells.pairs(_stands_in(selection, measure))
    lost = rows[[*OF_A_LOSS, *SAME_ROW]].iloc[position].assign(cell=cell, figure=cell // len(cells.groups))
    usable = lost["usable"].astype(bool)
    if usable.any():
        own = counted.counted.seen.rows
        near = own["source_row"].isin(lost["source_row"][usable]).to_numpy(dtype=np.bool_)
        there, at = counted.pairs(_stands_in(counted.counted, measure) & near)
        there_in = set(zip(there // len(counted.groups), _places(own.iloc[at]), strict=True))
        is_there = [each in there_in for each in zip(lost["figure"], _places(lost), strict=True)]
        lost = lost[~(usable & np.array(is_there, dtype=np.bool_))]
    return lost


def _stands_in(selection: RowSelection, measure: Measure) -> Bools:
    """The rows that a figure counts: those above the line of a count, of a share those below it."""
    if measure.counts.is_count:
        return selection.top
    return selection.bottom if measure.counts.nested else selection.bottom | selection.top


def _withheld(lost: pd.DataFrame, of: Whole) -> npt.NDArray[np.object_]:
    """For every cell why its figure, which lost some of its records, cannot be shown; empty where it can."""
    cells = len(of)
    number = np.bincount(lost["cell"], minlength=cells)
    because, _ = most_frequent(lost, "because", cells)
    text, same = most_frequent(lost[lost["cell_text"].fillna("") != ""], "cell_text", cells)
    alike = (same >= SAME_TEXT) & (same > SAME_TEXT_SHARE * number)
    too_many = (number >= LEAST_TOO_MANY) & (number > TOO_MANY * of)
    withheld = _texts(cells)
    for cell in np.flatnonzero(alike | too_many).tolist():
        shown = (shown_text(text[cell]),) if alike[cell] else ()
        withheld[cell] = withheld_because(int(number[cell]), int(of[cell]), because[cell], *shown)
    return withheld


def _places(rows: pd.DataFrame) -> pd.Index:
    """Where each row stands: its extract and its row there."""
    return pd.Index(rows["reading_id"].astype("str") + " " + rows["source_row"].astype("str"))


def _texts(number: int) -> npt.NDArray[np.object_]:
    return np.full(number, "", dtype=object)
