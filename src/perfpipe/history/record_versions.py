"""The versions of records in several extracts of one dataset, and how one differs from another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.datasets.definition import Dataset
from perfpipe.history.revision import Cause, RecordChange
from perfpipe.validate.reading import Reading, left_out_of, rows_of


class RecordVersions:
    """The rows of some readings, oldest first, with a number for each record: what names it from extract to extract.

    Those that cannot be used are there, too.
    """

    def __init__(self, dataset: Dataset, readings: Sequence[Reading]) -> None:
        self.dataset = dataset
        self._readings = list(readings)
        self._place = {reading.id: place for place, reading in enumerate(self._readings)}
        self._changes: dict[tuple[int, int | None, int | None], RecordChange] = {}

    @cached_property
    def _rows(self) -> pd.DataFrame:
        names = [*self.dataset.dtypes, "reading_id"]
        parts = [
            rows_of(self._readings)[names].assign(unusable=False),
            left_out_of(self._readings)[names].assign(unusable=True),
        ]
        rows = pd.concat([part.astype({"reading_id": "object"}) for part in parts], ignore_index=True)
        named = list(self.dataset.follow_by or self.dataset.key)
        number = rows.groupby(named, sort=False, dropna=False).ngroup()
        owner = rows.groupby(named[0], sort=False, dropna=False).ngroup()
        return rows.assign(record=number.to_numpy(), owner=owner.to_numpy())

    @cached_property
    def _at(self) -> dict[tuple[int, int], int]:
        """The position of each record's row in a reading, by the place of the reading and the record; its last row."""
        places = [self._place[reading] for reading in self._rows["reading_id"]]
        return {pair: at for at, pair in enumerate(zip(places, self._rows["record"].tolist(), strict=True))}

    @cached_property
    def _by_row(self) -> dict[tuple[str, int], int]:
        ids, rows = self._rows["reading_id"].tolist(), self._rows["source_row"].tolist()
        return dict(zip(zip(ids, rows, strict=True), self._rows["record"].tolist(), strict=True))

    def records_at(self, reading_ids: pd.Series, source_rows: pd.Series) -> npt.NDArray[np.int64]:
        """The records that stand in some rows of readings."""
        pairs = zip(reading_ids.astype("object").tolist(), source_rows.tolist(), strict=True)
        return np.array([self._by_row[pair] for pair in pairs], dtype=np.int64)

    def of_same_owner(self, record: int) -> list[int]:
        """The records of the same child or worker."""
        owner = self._rows["owner"].to_numpy()
        same = self._rows["record"].to_numpy()[owner == owner[self._first(record)]]
        return sorted({int(each) for each in same} - {record})

    def _first(self, record: int) -> int:
        return int(np.flatnonzero(self._rows["record"].to_numpy() == record)[0])

    def change(self, record: int, then: Sequence[Reading], now: Sequence[Reading]) -> RecordChange:
        """How a record's version in the last of some readings that has it differs from that in the last of others."""
        before, after = (self._last(record, readings) for readings in (then, now))
        if not now and before is not None:
            after = before
        key = record, before, after
        if key not in self._changes:
            at = [self._address(each) for each in (before, after)]
            cause = self._cause(before, after)
            cells = self._differing(before, after)
            self._changes[key] = RecordChange(cause, self.dataset.id, record, *at[0], *at[1], cells)
        return self._changes[key]

    def pairs(self, then: Sequence[Reading], now: Sequence[Reading]) -> list[tuple[int, int, int]]:
        """Records, the position of each in the last of some readings that has it, and in each of others, in order.

        Those alone that can be used in both.
        """
        found = []
        for record in self.records:
            before = self._last(record, then)
            if before is not None and not self._unusable[before]:
                after = (self._at.get((self._place[reading.id], record)) for reading in now)
                found += [(record, before, each) for each in after if each is not None and not self._unusable[each]]
        return found

    def have_both_kinds(self, pairs: Sequence[tuple[int, int]]) -> npt.NDArray[np.bool_]:
        """For each two versions whether cells that were blank have been filled, and others have changed."""
        then, now = (self.cells([pair[side] for pair in pairs]) for side in (0, 1))
        was_blank, is_blank = self.blank(then), self.blank(now)
        filled, changed = (np.zeros(len(pairs), dtype=np.bool_) for _ in range(2))
        for name in self._names:
            same = (then[name] == now[name]).fillna(False).to_numpy(dtype=np.bool_)
            of_it = (was_blank[name] & ~is_blank[name]).to_numpy()
            filled |= of_it
            changed |= then[name].notna().to_numpy() & ~same & ~of_it
        return filled & changed

    def blank(self, cells: pd.DataFrame) -> pd.DataFrame:
        """For each cell of some rows whether it says nothing: blank, or a code that says that it is not known yet."""
        found = cells.isna()
        for name, codes in self._not_yet.items():
            found[name] |= cells[name].isin(codes)
        return found

    @cached_property
    def _not_yet(self) -> dict[str, tuple[str, ...]]:
        """Of each column that has some the codes that say that it is not known yet."""
        return {each.name: each.codes.not_yet for each in self.dataset.columns if each.codes and each.codes.not_yet}

    def cells(self, positions: Sequence[int]) -> pd.DataFrame:
        """The cells of some rows, numbered from 0."""
        return self._rows[self._names].iloc[list(positions)].reset_index(drop=True)

    def place(self, position: int) -> tuple[str, int]:
        """The reading of a row, and its number there."""
        return str(self._rows["reading_id"].iloc[position]), int(self._rows["source_row"].iloc[position])

    @property
    def records(self) -> range:
        """The numbers of all records."""
        return range(int(self._rows["record"].max()) + 1 if len(self._rows) else 0)

    @cached_property
    def _unusable(self) -> npt.NDArray[np.bool_]:
        return self._rows["unusable"].to_numpy(dtype=np.bool_)

    @property
    def _names(self) -> list[str]:
        return [name for name in self.dataset.dtypes if name not in ("as_at", "source_row", "defects")]

    def _last(self, record: int, readings: Sequence[Reading]) -> int | None:
        found = (self._at.get((self._place[reading.id], record)) for reading in reversed(readings))
        return next((each for each in found if each is not None), None)

    def _address(self, position: int | None) -> tuple[str, str, int]:
        if position is None:
            return "", "", 0
        row = self._rows.iloc[position]
        at = self._readings[self._place[str(row["reading_id"])]].at(int(row["source_row"]))
        return at.file, at.sheet, at.row

    def _cause(self, before: int | None, after: int | None) -> Cause:
        """Where a cell that was blank has a value the rest of the record came with it: entered late."""
        if before is None:
            return Cause.LATE if after is not None else Cause.DUE
        if after is None:
            return Cause.DELETED
        old, new = (self._rows.iloc[each] for each in (before, after))
        if old["unusable"] != new["unusable"]:
            return Cause.CORRECTED
        had, has = (self._said(each) for each in (old, new))
        own = {column.name for column in self.dataset.columns}
        if (has - had) & own:
            return Cause.LATE
        if (had - has) & {self.dataset.end, self.dataset.end_fallback}:
            return Cause.REOPENED
        return Cause.CORRECTED if self._differing(before, after) else Cause.DUE

    def _said(self, row: pd.Series) -> set[str | None]:
        """The columns in which a row says something."""
        there = {name for name in self._names if not pd.isna(row[name])}
        return {name for name in there if row[name] not in self._not_yet.get(name, ())}

    def _differing(self, before: int | None, after: int | None) -> tuple[str, ...]:
        """The columns in which two rows differ; none where there is one row."""
        if before is None or after is None or before == after:
            return ()
        old, new = (self._rows.iloc[each] for each in (before, after))
        blank = {name: (pd.isna(old[name]), pd.isna(new[name])) for name in self._names}
        return tuple(
            name for name in self._names
            if (blank[name] == (False, False) and old[name] != new[name]) or blank[name][0] != blank[name][1]
        )  # fmt: skip
