"""Which records make the difference between a figure by two sets of inputs, and how each of them differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from perfpipe.compute.compute import selection_of
from perfpipe.compute.figure_cache import months_looked_at
from perfpipe.compute.measure_rows import MeasureRows, looks_back, sums_months
from perfpipe.datasets.definition import Dataset
from perfpipe.dates.months import Month, month_range
from perfpipe.history.cells_that_matter import CellsThatMatter, weighed
from perfpipe.history.input_figures import InputFigures
from perfpipe.history.record_versions import RecordVersions
from perfpipe.history.revision import Cause, FigureKey, RecordChange
from perfpipe.measures.definition import Measure, Period
from perfpipe.validate.reading import Reading

BY_CELLS = (Cause.LATE, Cause.CORRECTED, Cause.REOPENED)
Shares = Mapping[int, int]  # of each record that counts in a figure, how: alike where it counts alike
Change = tuple[tuple[str, ...], tuple[str, ...]]  # the readings that spoke for some months, and those that do now
KEPT = 2  # changes of readings, each with two copies of the rows


@dataclass
class RecordsBehind:
    """Compares the records behind figures of one dataset, by inputs then and now."""

    dataset: Dataset
    then: InputFigures
    now: InputFigures
    _counted: dict[tuple[object, ...], pd.DataFrame] = field(default_factory=dict)
    _cells: dict[Change, CellsThatMatter] = field(default_factory=dict)

    def changes(self, key: FigureKey) -> list[RecordChange]:
        """The records that count otherwise in a figure now than then."""
        measure = next(each for each in self.now.measures if each.id == key[0])
        if all(each.id != key[0] for each in self.then.measures):
            return []
        period, month = Period(key[2]), Month.parse(key[1])
        before, after = (self._shares(measure, period, month, key, is_now=is_now) for is_now in (False, True))
        moved = sorted(record for record in {*before, *after} if before.get(record) != after.get(record))
        if not moved:
            return []
        others, displaced, new = self._speakers(self._looked_at(measure, month))
        old = [*others, *displaced]
        changes = [self.versions.change(record, old, new) for record in moved]
        by_cells = {each.record for each in changes if each.cause in BY_CELLS}
        if by_cells and displaced:
            cells = self._compared(displaced, new)
            doubted = {each for each in by_cells if cells.is_ambiguous(each, counted=each in before)}
            if doubted:
                unfilled, as_then = (
                    self._of_variant(cells, measure, period, month, key, then=t) for t in (False, True)
                )
                changes = [
                    weighed(each, after.get(each.record), unfilled.get(each.record), as_then.get(each.record))
                    if each.record in doubted
                    else each
                    for each in changes
                ]
        return self._with_reasons(changes, old, new)

    def _compared(self, displaced: Sequence[Reading], new: Sequence[Reading]) -> CellsThatMatter:
        """The cells of the records that stand in some readings and in those that displaced them.

        Of a figure's own readings alone, so that its causes are the same whichever others are explained with it.
        """
        change = tuple(each.id for each in displaced), tuple(each.id for each in new)
        if change not in self._cells:
            while len(self._cells) >= KEPT:
                del self._cells[next(iter(self._cells))]
            readings = self.now.speaks_for[self.dataset.id].readings
            pairs = self.versions.pairs(displaced, new)
            self._cells[change] = CellsThatMatter(change, self.now.rows, readings, self.versions, pairs)
        return self._cells[change]

    def _of_variant(
        self, cells: CellsThatMatter, measure: Measure, period: Period, month: Month, key: FigureKey, *, then: bool
    ) -> Shares:
        named = (measure.id, period, then, cells.change)
        if named not in self._counted:
            self._counted[named] = self._count(cells.as_then if then else cells.as_unfilled, measure, period)
        return _in_cell(self._counted[named], measure, period, month, key)

    def _with_reasons(
        self, changes: Sequence[RecordChange], old: Sequence[Reading], new: Sequence[Reading]
    ) -> list[RecordChange]:
        """A record that is as it was may count otherwise for what another one says of the same child or worker."""
        found = {each.record: each for each in changes if each.cause is not Cause.DUE}
        for each in changes:
            if each.cause is Cause.DUE:
                others = [self.versions.change(other, old, new) for other in self.versions.of_same_owner(each.record)]
                differ = [other for other in others if other.cause is not Cause.DUE]
                found.update({other.record: other for other in differ or [each]})
        return list(found.values())

    @cached_property
    def versions(self) -> RecordVersions:
        """The records of all extracts that speak for some month, then or now."""
        readings = {**self.then.speaks_for[self.dataset.id].readings, **self.now.speaks_for[self.dataset.id].readings}
        return RecordVersions(self.dataset, sorted(readings.values(), key=lambda each: each.extracted_at))

    def gained(self, key: FigureKey) -> bool:
        """Whether a figure looks at months that no extract spoke for then, and one does now."""
        month = Month.parse(key[1])
        measure = next(each for each in self.now.measures if each.id == key[0])
        then, now = (each.speaks_for[self.dataset.id].by_month for each in (self.then, self.now))
        period = Period(key[2])
        back = measure.reach if looks_back(measure, period) and measure.basis.month_of is None else 0
        needed = {*period.months_to(month), *month_range(month - back, month)}
        return any(each not in then for each in needed if each in now)

    def _looked_at(self, measure: Measure, month: Month) -> list[Month]:
        """The months whose extracts a figure looks at, then or now."""
        ahead = 1 if measure.basis.ahead_days else 0
        both = (each.speaks_for[self.dataset.id] for each in (self.then, self.now))
        return sorted({each for spoken in both for each in months_looked_at(spoken, measure.reach, ahead, month)})

    def _speakers(self, months: Sequence[Month]) -> list[list[Reading]]:
        """The readings that spoke for some months and still do, those that do no more, those that do now.

        Each the latest last. The first have no effect unless none of the second has a record.
        """
        then, now = (each.speaks_for[self.dataset.id].by_month for each in (self.then, self.now))
        changed = [m for m in months if (then[m].id if m in then else "") != (now[m].id if m in now else "")]
        displaced = {then[m].id: then[m] for m in changed if m in then}
        others = {then[m].id: then[m] for m in months if m in then and then[m].id not in displaced}
        new = {now[m].id: now[m] for m in changed if m in now}
        return [sorted(each.values(), key=lambda r: r.extracted_at) for each in (others, displaced, new)]

    def _shares(self, measure: Measure, period: Period, month: Month, key: FigureKey, *, is_now: bool) -> Shares:
        source = self.now if is_now else self.then
        own = next(each for each in source.measures if each.id == measure.id)
        named = (measure.id, period, "now" if is_now else "then")
        if named not in self._counted:
            self._counted[named] = self._count(source.rows, own, period)
        return _in_cell(self._counted[named], own, period, month, key)

    def _count(self, measure_rows: MeasureRows, measure: Measure, period: Period) -> pd.DataFrame:
        """The rows that count in a measure: month, record, a number for how it counts, and its groups."""
        chosen = selection_of(measure_rows, measure, period)
        counts, rows = measure.counts, chosen.seen.rows
        counting = chosen.top | chosen.bottom
        columns: dict[str, Any] = {"top": chosen.top[counting], "bottom": chosen.bottom[counting]}
        names = [*(counts.statistic.columns if counts.statistic else ())]
        names += [each for each in (counts.weight, counts.numerator_weight) if each]
        part = rows[counting]
        columns |= {name: part[name].to_numpy() for name in names}
        share = pd.util.hash_pandas_object(pd.DataFrame(columns), index=False).to_numpy().astype(np.uint64) >> 8
        groups = {}
        for breakdown in measure.shown.breakdowns:
            written = [*breakdown.groups]
            groups[breakdown.id] = [written[place] for place in chosen.seen.group_of(breakdown)[counting]]
        record = self.versions.records_at(part["reading_id"], part["source_row"])
        months = part["month"].astype("object").to_numpy()
        return pd.DataFrame({"month": months, "record": record, "share": share.astype(np.int64), **groups})


def _in_cell(rows: pd.DataFrame, measure: Measure, period: Period, month: Month, key: FigureKey) -> Shares:
    """How each record counts in one figure, of the rows that count in a measure."""
    covered = period.months_to(month) if sums_months(measure, period) else [month]
    chosen = rows["month"].isin([str(each) for each in covered]).to_numpy(copy=True)
    if key[3] != "all":
        chosen &= (rows[key[3]] == key[4]).to_numpy()
    part = rows[chosen]
    shares: dict[int, int] = {}
    for record, share in zip(part["record"].tolist(), part["share"].tolist(), strict=True):
        shares[record] = shares.get(record, 0) + share
    return shares
