"""Which rows faults keep out of a measure's figures, and why (definitions 2.6).

Records are lost in two ways. A row that cannot be used, or not where a certain cell is needed, is counted where any
value that its faulty cells could have had would put it (`possible_rows.py`), if it is not there as it is. A row with a
defect is left out of the measures that name it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.compute.group_counts import Bools, NumberedRows, Whole
from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.compute.possible_rows import possible_rows
from perfpipe.datasets.definition import Dataset
from perfpipe.measures.definition import Measure, Period

Texts = npt.NDArray[np.object_]
NOWHERE = -1  # among the rows that cannot be used


@dataclass(frozen=True)
class LossDetails:
    """What is said of rows if a figure lost them, an array each.

    `record`: a number that is alike for all versions of a record; `cell_text`: what its faulty cell says; `usable`: it
    may be counted as it is, too.
    """

    record: Whole
    because: Texts
    cell_text: Texts
    accepted: Bools
    usable: Bools

    def at(self, rows: Whole) -> LossDetails:
        """The same of some of the rows, by their positions."""
        return LossDetails(
            self.record[rows], self.because[rows], self.cell_text[rows], self.accepted[rows], self.usable[rows]
        )


@dataclass(frozen=True)
class LostRows:
    """Rows as a measure sees them that figures may have lost. `place`: a number for its extract and its row there."""

    seen: NumberedRows
    place: Whole
    said: LossDetails


@dataclass(frozen=True)
class _Unusable:
    """The rows of a dataset that cannot be used. `defects`: of each those by which measures may leave it out."""

    dataset: Dataset
    beside: MeasureRows
    rows: pd.DataFrame
    places: pd.Index
    said: LossDetails
    defects: list[frozenset[str]]
    views: dict[int, tuple[LostRows, Whole]] = field(default_factory=dict)  # by the identity of the view, which is kept

    @cached_property
    def as_they_might_be(self) -> MeasureRows:
        """What measures would see of them, with any of the values that their faulty cells could have had."""
        versions = possible_rows(self.beside.speaks_for[self.dataset.id], self.rows)
        return self.beside.with_rows({self.dataset.id: versions})


@dataclass(frozen=True)
class LeftOut:
    """The rows that faults keep out of the figures of some measure rows."""

    measure_rows: MeasureRows
    _unusable: dict[str, _Unusable | None] = field(default_factory=dict)
    _defective: dict[tuple[NumberedRows, frozenset[str]], LostRows | None] = field(default_factory=dict)

    def rows(self, measure: Measure, period: Period, seen: NumberedRows) -> list[tuple[LostRows, Bools]]:
        """The rows that a measure's figures of a period lost, in both ways: rows, and which of them. `seen`: its view.

        What lacks a cell counts as not meeting a count, unless the count leaves such rows out itself.
        """
        found = [self._without(measure, period), self._with_defects(measure, seen)]
        return [(rows, chosen) for rows, chosen in filter(None, found) if chosen.any()]

    def places(self, seen: NumberedRows) -> Whole:
        """For each row a number for its extract and its row there."""
        number, readings = seen.numbered("reading_id")
        of_reading = np.array([*(self._numbers[str(each)] for each in readings), 0], dtype=np.int64)
        place: Whole = (of_reading[number] << 32) + seen.rows["source_row"].to_numpy(dtype=np.int64)
        return place

    @cached_property
    def _numbers(self) -> dict[str, int]:
        ids = (name for each in self.measure_rows.speaks_for.values() for name in each.readings)
        return {name: number for number, name in enumerate(dict.fromkeys(ids))}

    def _without(self, measure: Measure, period: Period) -> tuple[LostRows, Bools] | None:
        """Rows that cannot be used, or lack a cell, as they might have been."""
        unusable = self._unusable_of(measure.basis.dataset)
        if unusable is None:
            return None
        view = unusable.as_they_might_be.view(measure, period)
        if id(view) not in unusable.views:
            unusable.views[id(view)] = self._among(unusable, view)
        rows, at = unusable.views[id(view)]
        if not measure.counts.is_count:
            return rows, np.ones(len(at), dtype=np.bool_)
        names = set(measure.left_out_by or ())
        left_out = np.array([not names.isdisjoint(marks) for marks in unusable.defects], dtype=np.bool_)
        return rows, ~rows.said.usable | left_out[at]

    def _among(self, unusable: _Unusable, view: pd.DataFrame) -> tuple[LostRows, Whole]:
        """Of a view the rows that cannot be used, and which each is."""
        at = unusable.places.get_indexer(pd.Index(self.places(NumberedRows(view))))
        there = np.flatnonzero(at != NOWHERE)
        seen, at = NumberedRows(view.iloc[there].reset_index(drop=True)), at[there]
        return LostRows(seen, unusable.places.to_numpy()[at], unusable.said.at(at)), at

    def _unusable_of(self, dataset: Dataset) -> _Unusable | None:
        if dataset.id not in self._unusable:
            lost = self.measure_rows.left_out(dataset)
            self._unusable[dataset.id] = self._described(dataset, lost) if len(lost) else None
        return self._unusable[dataset.id]

    def _described(self, dataset: Dataset, lost: pd.DataFrame) -> _Unusable:
        key = lost[list(dataset.follow_by or dataset.key)]
        places = self.places(NumberedRows(lost))
        named = key.notna().all(axis=1).to_numpy(dtype=np.bool_)
        record = np.full(len(lost), NOWHERE, dtype=np.int64)
        record[named] = key[named].groupby(list(key), sort=False).ngroup()
        return _Unusable(
            dataset,
            self.measure_rows,
            lost,
            pd.Index(places),
            LossDetails(
                np.where(named, record, _unnamed(places)),
                lost["because"].to_numpy(dtype=object),
                lost["cell_text"].fillna("").to_numpy(dtype=object),
                lost["accepted"].to_numpy(dtype=np.bool_),
                lost["usable"].to_numpy(dtype=np.bool_),
            ),
            [frozenset(str(marks).split()) for marks in lost["defects"]],
        )

    def _with_defects(self, measure: Measure, seen: NumberedRows) -> tuple[LostRows, Bools] | None:
        """Rows with a defect that the measure leaves out."""
        names = frozenset(measure.left_out_by or ())
        key = (seen, names)
        if key not in self._defective:
            self._defective[key] = self._marked(measure, names, seen)
        rows = self._defective[key]
        return None if rows is None else (rows, np.ones(len(rows.place), dtype=np.bool_))

    def _marked(self, measure: Measure, names: frozenset[str], seen: NumberedRows) -> LostRows | None:
        number, marks = seen.numbered("defects")
        own = [sorted(names & frozenset(str(mark).split())) for mark in marks]
        if not any(own):
            return None
        marked = np.flatnonzero(np.array([*(bool(each) for each in own), False])[number])
        first = np.array([*(each[0] if each else "" for each in own), ""], dtype=object)[number[marked]]
        meaning = {
            name: defect.meaning for dataset in measure.basis.datasets for name, defect in dataset.defects.items()
        }
        rows = NumberedRows(seen.rows.iloc[marked].reset_index(drop=True))
        place = self.places(rows)
        record = _unnamed(place)
        for unusable in filter(None, (self._unusable_of(dataset) for dataset in measure.basis.datasets)):
            at = unusable.places.get_indexer(pd.Index(place))
            record = np.where(at == NOWHERE, record, unusable.said.record[at])
        readings = rows.rows["reading_id"].astype("str")
        accepted = [(reading, defect) in self._accepted for reading, defect in zip(readings, first, strict=True)]
        because = np.array([meaning[name] for name in first], dtype=object)
        none = np.full(len(place), "", dtype=object)
        said = LossDetails(record, because, none, np.array(accepted, np.bool_), np.zeros(len(place), np.bool_))
        return LostRows(rows, place, said)

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


def _unnamed(places: Whole) -> Whole:
    """Numbers of records without a name, by their places: none that another has."""
    return -1 - places
