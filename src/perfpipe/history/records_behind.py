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


@dataclass
class RecordsBehind:
    """Compares the records behind figures of one dataset, by inputs then and now."""

    dataset: Dataset
    then: InputFigures
    now: InputFigures
    _counted: dict[tuple[str, Period, str], pd.DataFrame] = field(default_factory=dict)

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
        old, new = self._speakers(self._looked_at(measure, month))
        changes = [self.versions.change(record, old, new) for record in moved]
        if any(each.cause in BY_CELLS and self._is_ambiguous(each, before) for each in changes):
            found = (self._of_variant(measure, period, month, key, then=then) for then in (False, True))
            unfilled, as_then = found
            changes = [
                weighed(each, after.get(each.record), unfilled.get(each.record), as_then.get(each.record))
                if each.cause in BY_CELLS and self._is_ambiguous(each, before)
                else each
                for each in changes
            ]
        return self._with_reasons(changes, old, new)

    def _is_ambiguous(self, change: RecordChange, before: Shares) -> bool:
        """Whether more than its differences can have made a record count otherwise, or not all of them did.

        It did not count then, and may have become due; or cells were filled and others changed.
        """
        pair = self._pairs.get(change.record)
        if pair is None:
            return False
        return change.record not in before or change.record in self._of_both_kinds

    @cached_property
    def _pairs(self) -> dict[int, tuple[int, int]]:
        """Both versions of each record that has two."""
        spoken = (each.speaks_for[self.dataset.id].by_month for each in (self.then, self.now))
        old, new = self._speakers(sorted({month for each in spoken for month in each}))
        pairs = ((record, self.versions.pair(record, old, new)) for record in self.versions.records)
        return {record: pair for record, pair in pairs if pair is not None}

    @cached_property
    def _of_both_kinds(self) -> set[int]:
        both = self.versions.have_both_kinds(list(self._pairs.values()))
        return {record for record, is_both in zip(self._pairs, both.tolist(), strict=True) if is_both}

    @cached_property
    def _cells(self) -> CellsThatMatter:
        readings = self.now.speaks_for[self.dataset.id].readings
        return CellsThatMatter(self.now.rows, readings, self.versions, self._pairs)

    def _of_variant(self, measure: Measure, period: Period, month: Month, key: FigureKey, *, then: bool) -> Shares:
        rows = self._cells.as_then if then else self._cells.as_unfilled
        named = (measure.id, period, f"variant {then}")
        if named not in self._counted:
            self._counted[named] = self._count(rows, measure, period)
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

    def _speakers(self, months: Sequence[Month]) -> tuple[list[Reading], list[Reading]]:
        """The readings that spoke for some months and do no more, then those that do now; each the latest last.

        After the first come, of no effect unless none of these has a record, those that spoke then.
        """
        then, now = (each.speaks_for[self.dataset.id].by_month for each in (self.then, self.now))
        changed = [m for m in months if (then[m].id if m in then else "") != (now[m].id if m in now else "")]
        displaced = {then[m].id: then[m] for m in changed if m in then}
        others = {then[m].id: then[m] for m in months if m in then and then[m].id not in displaced}
        new = {now[m].id: now[m] for m in changed if m in now}
        by_time = [sorted(each.values(), key=lambda r: r.extracted_at) for each in (others, displaced, new)]
        return [*by_time[0], *by_time[1]], by_time[2]

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
