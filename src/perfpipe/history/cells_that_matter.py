"""Which differences of a record a figure counts: it is counted again without some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.history.record_versions import RecordVersions
from perfpipe.history.revision import Cause, RecordChange
from perfpipe.validate.reading import Reading, rows_of


@dataclass(frozen=True)
class CellsThatMatter:
    """The rows of today's readings as they would be if some cells were as they were then.

    `change`: the readings compared, by their ids; `pairs`: records with the positions of both versions among those of
    `versions`, of each record all that it has now, the last last.
    """

    change: tuple[tuple[str, ...], tuple[str, ...]]
    rows: MeasureRows
    readings: Mapping[str, Reading]
    versions: RecordVersions
    pairs: Sequence[tuple[int, int, int]]

    def is_ambiguous(self, record: int, *, counted: bool) -> bool:
        """Whether more than its differences can have made a record count otherwise, or not all of them did.

        It did not count then, and may have become due; or cells were filled and others changed.
        """
        return record in self._of_both_kinds and (not counted or self._of_both_kinds[record])

    @cached_property
    def _of_both_kinds(self) -> dict[int, bool]:
        both = self.versions.have_both_kinds([pair[1:] for pair in self.pairs])
        return dict(zip((pair[0] for pair in self.pairs), both.tolist(), strict=True))

    @cached_property
    def as_unfilled(self) -> MeasureRows:
        """With the cells as they were that said nothing then."""
        then, now = self._both
        return self._with(now.where(~self.versions.blank(then), then))

    @cached_property
    def as_then(self) -> MeasureRows:
        """With every cell as it was, at the time of today's extract."""
        return self._with(self._both[0])

    @cached_property
    def _both(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        then, now = (self.versions.cells([pair[side] for pair in self.pairs]) for side in (1, 2))
        return then, now

    def _with(self, cells: pd.DataFrame) -> MeasureRows:
        rows = rows_of(list(self.readings.values()))
        named = zip(rows["reading_id"].astype("object"), rows["source_row"], strict=True)
        at = {name: place for place, name in enumerate(named)}
        places = [at.get(self.versions.place(pair[2]), -1) for pair in self.pairs]
        there = np.array([place >= 0 for place in places], dtype=bool)
        target = np.array(places, dtype=np.int64)[there]
        changed = {}
        for name in cells:
            column = rows[name].copy()
            column.iloc[target] = cells[name][there].astype(column.dtype).array
            changed[str(name)] = column
        return self.rows.with_rows({self.versions.dataset.id: rows.assign(**changed)})


def weighed(change: RecordChange, now: int | None, unfilled: int | None, then: int | None) -> RecordChange:
    """A change by what of it counts: how its record counts today, with blanks unfilled, and as it was then."""
    if now == then:
        return replace(change, cause=Cause.DUE)
    if change.cause is Cause.LATE and now == unfilled:
        return replace(change, cause=Cause.CORRECTED)
    return change
