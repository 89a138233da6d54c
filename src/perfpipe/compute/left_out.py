"""What each figure lost to faults: how many records, why, and whether so many that it is withheld (definitions 2.6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.compute.group_counts import Bools, GroupCells, NumberedRows, RowSelection, Whole, most_frequent
from perfpipe.compute.lost_rows import LossDetails, LostRows, Texts
from perfpipe.dates.months import Month
from perfpipe.measures.counts import Mask
from perfpipe.measures.definition import Breakdown, Measure
from perfpipe.measures.left_out_words import shown_text, withheld_because

TOO_MANY, LEAST_TOO_MANY = 0.1, 3  # of its records; and how many at least
SAME_TEXT, SAME_TEXT_SHARE = 5, 0.5  # cells with the same text; and their share of the faulty ones
Kind = TypeVar("Kind", bound=np.generic)

PLACED = ["reading_id", "source_row", "because"]


def mask_of(mask: Mask | None, rows: pd.DataFrame) -> Bools:
    """True for the rows that a mask of a measure takes; of no mask none."""
    if mask is None:
        return np.zeros(len(rows), dtype=np.bool_)
    return mask(rows).fillna(False).to_numpy(dtype=np.bool_, copy=True)


@dataclass(frozen=True)
class Losses:
    """For every cell of a figure how many records it lost, why most of them, and why it is withheld ("": it is not)."""

    number: Whole
    because: Texts
    withheld: Texts
    of: Whole

    def columns(self, known: Bools) -> dict[str, npt.NDArray[np.generic]]:
        """The columns of figures that say so, where the figure is not absent for another reason."""
        return {
            "left_out": np.where(known, self.number, 0),
            "left_out_of": np.where(known & (self.number > 0), self.of, 0),
            "left_out_why": np.where(known, self.because, ""),
        }


@dataclass(frozen=True)
class LostFromFigures:
    """The rows that the figures of a measure, each of some months, lost: each row once for every figure.

    `figure`: its place; `parts`: rows as the figure would count them, and the positions of those that it lost.
    """

    counts_top: bool  # of a count, those above the line
    figure: Whole
    parts: tuple[tuple[NumberedRows, Whole], ...]
    said: Sequence[LossDetails]

    @classmethod
    def of(
        cls,
        found: Sequence[tuple[LostRows, Bools]],
        measure: Measure,
        covered: Sequence[Sequence[Month]],
        counted: RowSelection,
        places: Callable[[NumberedRows], Whole],
    ) -> LostFromFigures:
        """Of the rows that `LeftOut.rows` found; of one that may be counted as it is, only where it is not."""
        taken = []
        for rows, chosen in found:
            selection = _as_counted(rows.seen, measure)
            figure, position = GroupCells.of(selection, covered, None).pairs(_stands_in(selection, measure) & chosen)
            if rows.said.usable[position].any():
                own = GroupCells.of(counted, covered, None)
                gone = ~(rows.said.usable[position] & _is_counted(figure, rows.place[position], own, measure, places))
                figure, position = figure[gone], position[gone]
            taken.append((rows, figure, position))
        return cls(
            measure.counts.is_count,
            _joined([figure for _, figure, _ in taken], np.int64),
            tuple((rows.seen, position) for rows, _, position in taken),
            [rows.said.at(position) for rows, _, position in taken],
        )

    def losses(self, counted: GroupCells, breakdown: Breakdown | None) -> Losses:
        """What each cell lost; the cells, of groups of a breakdown, count `counted`."""
        kept, cells = counted.counted, counted.count
        own = counted.sums(kept.top if self.counts_top else kept.bottom).astype(np.int64)
        if not len(self.figure):
            return Losses(np.zeros(cells, np.int64), _texts(cells), _texts(cells), own)
        cell = self.figure * len(counted.groups) + self._group(breakdown)
        number_of, records = self._records
        _, once = np.unique(cell * records + number_of, return_index=True)
        number = np.bincount(cell[once], minlength=cells).astype(np.int64)
        because, _ = most_frequent(cell[once], self._because[once], cells)
        told = once[~_joined([each.accepted for each in self.said], np.bool_)[once]]
        text = _joined([each.cell_text for each in self.said], np.object_)
        withheld = _withheld(cell[told], self._because[told], text[told], number + own)
        return Losses(number, because, withheld, number + own)

    def placed(self, breakdown: Breakdown | None, group: int) -> pd.DataFrame:
        """`PLACED` of the rows that the figure of one group lost."""
        here = self._group(breakdown) == group
        rows = [seen.rows[PLACED[:2]].iloc[position] for seen, position in self.parts]
        lost = pd.concat(rows).assign(because=self._because) if rows else pd.DataFrame(columns=PLACED)
        found: pd.DataFrame = lost[here].drop_duplicates()
        return found

    def _group(self, breakdown: Breakdown | None) -> Whole:
        """For each lost row the place of its group."""
        if breakdown is None:
            return np.zeros(len(self.figure), np.int64)
        return _joined([seen.group_of(breakdown)[position] for seen, position in self.parts], np.int64)

    @cached_property
    def _because(self) -> Texts:
        return _joined([each.because for each in self.said], np.object_)

    @cached_property
    def _records(self) -> tuple[Whole, int]:
        """A number for each row, alike for versions of one record, and how many there are."""
        number, records = pd.factorize(_joined([each.record for each in self.said], np.int64))
        return number, len(records)


def _as_counted(seen: NumberedRows, measure: Measure) -> RowSelection:
    top, bottom = (mask_of(mask, seen.rows) for mask in (measure.counts.numerator, measure.counts.denominator))
    return RowSelection(seen, top, bottom, np.zeros(len(seen.rows), np.bool_))


def _stands_in(selection: RowSelection, measure: Measure) -> Bools:
    """The rows that a figure counts: those above the line of a count, of a share those below it."""
    if measure.counts.is_count:
        return selection.top
    return selection.bottom if measure.counts.nested else selection.bottom | selection.top


def _is_counted(
    figure: Whole, place: Whole, own: GroupCells, measure: Measure, places: Callable[[NumberedRows], Whole]
) -> Bools:
    """Of rows, each of a figure, whether the figure counts them as they are."""
    own_place = places(own.counted.seen)
    there, at = own.pairs(_stands_in(own.counted, measure) & np.isin(own_place, place))
    number, _ = pd.factorize(np.concatenate([place, own_place[at]]))
    pair = np.concatenate([figure, there]) * len(number) + number
    return np.isin(pair[: len(place)], pair[len(place) :])


def _withheld(cell: Whole, because: Texts, cell_text: Texts, of: Whole) -> Texts:
    """For every cell why its figure, which lost some of its records, cannot be shown; empty where it can."""
    cells = len(of)
    number = np.bincount(cell, minlength=cells)
    reason, _ = most_frequent(cell, because, cells)
    told = cell_text != ""
    text, same = most_frequent(cell[told], cell_text[told], cells)
    alike = (same >= SAME_TEXT) & (same > SAME_TEXT_SHARE * number)
    too_many = (number >= LEAST_TOO_MANY) & (number > TOO_MANY * of)
    withheld = _texts(cells)
    for each in np.flatnonzero(alike | too_many).tolist():
        shown = (shown_text(text[each]),) if alike[each] else ()
        withheld[each] = withheld_because(int(number[each]), int(of[each]), reason[each], *shown)
    return withheld


def _joined(parts: Sequence[npt.NDArray[Kind]], dtype: type[Kind]) -> npt.NDArray[Kind]:
    return np.concatenate([np.zeros(0, dtype), *parts])


def _texts(number: int) -> Texts:
    return np.full(number, "", dtype=object)
