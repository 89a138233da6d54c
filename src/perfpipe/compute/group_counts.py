"""Tally: counted rows into cells, one for every month of a period and group of a breakdown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Breakdown

NO_MONTH = -1

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


class NumberedRows:
    """The rows of a view, with the numbers of the values in a column: made once, for all measures that look at it."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self._numbers: dict[str, tuple[Whole, list[str]]] = {}
        self._groups: dict[str, Whole] = {}
        self._without: dict[tuple[bool, ...], NumberedRows] = {}

    def numbered(self, column: str) -> tuple[Whole, list[str]]:
        """A number for each row's value in a column (-1: blank), and the values by their numbers."""
        if column not in self._numbers:
            number, values = pd.factorize(self.rows[column])
            self._numbers[column] = number, list(values)
        return self._numbers[column]

    def without(self, defects: Collection[str]) -> NumberedRows:
        """The rows that have none of some defects."""
        number, marks = self.numbered("defects")
        out = (*(not set(defects).isdisjoint(str(mark).split()) for mark in marks), False)
        if not any(out):
            return self
        if out not in self._without:  # most measures leave out the same rows
            self._without[out] = NumberedRows(self.rows[~np.array(out)[number]])
        return self._without[out]

    @cached_property
    def month(self) -> Whole:
        """The number of each row's month; of no month for a blank."""
        number, months = self.numbered("month")
        return np.array([*(Month.parse(month).index for month in months), NO_MONTH], dtype=np.int64)[number]

    def group_of(self, breakdown: Breakdown) -> Whole:
        """For each row the place of its group in the breakdown; blanks are in the one for what is not known."""
        if breakdown.id not in self._groups:
            places = {group: place for place, group in enumerate(breakdown.groups)}
            number, found = self.numbered(breakdown.id)
            unlisted = [group for group in found if group not in places]
            if unlisted:
                raise AssertionError(f"rows with {len(unlisted)} groups that {breakdown.id} does not list")
            place_of = np.array([*(places[group] for group in found), places[breakdown.not_known]], dtype=np.int64)
            self._groups[breakdown.id] = place_of[number]  # a blank is number -1: the last
        return self._groups[breakdown.id]


@dataclass(frozen=True)
class RowSelection:
    """Rows, and which of them are in the numerator, in the denominator, and not yet due."""

    seen: NumberedRows
    top: Bools
    bottom: Bools
    waiting: Bools

    def column(self, name: str) -> npt.NDArray[np.generic]:
        """A column of the rows."""
        return self.seen.rows[name].to_numpy()


@dataclass(frozen=True)
class GroupCells:
    """Which rows stand in which cell: one for every month of a period, and group of a breakdown.

    A row stands in the cells of all months whose period holds its own month. `first`, `last`: the first and the last
    of these months for each figure, as places among `known` months; `at`: the place of each row's month, -1 for none.
    """

    counted: RowSelection
    groups: list[str]
    group: Whole
    known: int
    first: Whole
    last: Whole
    at: Whole

    @classmethod
    def of(cls, counted: RowSelection, covered: Sequence[Sequence[Month]], breakdown: Breakdown | None) -> GroupCells:
        """The cells of figures, each of which covers some months, oldest first; without a breakdown one group, all."""
        first, last = (np.array([months[end].index for months in covered]) for end in (0, -1))
        begin, known = first.min(), int(last.max() - first.min()) + 1
        month = counted.seen.month
        at = np.where((month >= begin) & (month <= last.max()), month - begin, -1)
        if breakdown is None:
            return cls(counted, ["all"], np.zeros(len(at), dtype=np.int64), known, first - begin, last - begin, at)
        group = counted.seen.group_of(breakdown)
        return cls(counted, list(breakdown.groups), group, known, first - begin, last - begin, at)

    @property
    def count(self) -> int:
        """How many cells there are."""
        return len(self.first) * len(self.groups)

    def sums(self, mask: Bools, weights: Floats | None = None) -> Floats:
        """For every cell how many of the rows in a mask it holds, or the sum of their weights."""
        chosen = mask & (self.at >= 0)
        by_month = np.bincount(
            self.at[chosen] * len(self.groups) + self.group[chosen],
            None if weights is None else weights[chosen],
            minlength=self.known * len(self.groups),
        ).reshape(self.known, len(self.groups))
        up_to = np.vstack([np.zeros(len(self.groups)), by_month.cumsum(axis=0)])
        sums: Floats = (up_to[self.last + 1] - up_to[self.first]).ravel()
        return sums if weights is None else sums.round(6)  # FTE come with at most a few decimals: no float dust

    def pairs(self, mask: Bools) -> tuple[Whole, Whole]:
        """Cells and the positions of the rows of a mask that stand in them; a row of several cells once for each."""
        chosen = np.flatnonzero(mask & (self.at >= 0))
        chosen = chosen[np.argsort(self.at[chosen], kind="stable")]
        starts = np.searchsorted(self.at[chosen], self.first, "left")
        ends = np.searchsorted(self.at[chosen], self.last, "right")
        figure = np.repeat(np.arange(len(self.first)), ends - starts)
        position = chosen[np.concatenate([np.arange(*span) for span in zip(starts, ends, strict=True)]).astype(int)]
        return figure * len(self.groups) + self.group[position], position

    def different(self, mask: Bools, column: str) -> Floats:
        """For every cell how many different values of a column the rows of a mask have."""
        cell, position = self.pairs(mask)
        number, values = self.counted.seen.numbered(column)
        found = np.unique(cell * (len(values) + 1) + number[position] + 1)
        return np.bincount(found // (len(values) + 1), minlength=self.count).astype("float64")


def most_frequent(cell: Whole, texts: npt.NDArray[np.object_], cells: int) -> tuple[npt.NDArray[np.object_], Whole]:
    """For every cell the text that most of its rows have, of several the first; and of how many.

    Without rows an empty text and none.
    """
    place, words = pd.factorize(texts, sort=True)
    pairs, times = np.unique(cell * len(words) + place, return_counts=True)
    found_in, word = np.divmod(pairs, max(len(words), 1))
    order = np.lexsort((word, -times, found_in))
    found, first = np.unique(found_in[order], return_index=True)
    frequent, most = np.full(cells, "", dtype=object), np.zeros(cells, np.int64)
    frequent[found] = np.asarray(words, dtype=object)[word[order][first]]
    most[found] = times[order][first]
    return frequent, most
