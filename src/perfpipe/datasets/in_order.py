"""The records of one child or worker in the order in which they started: what came before and after each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from perfpipe.frames.libraries import np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Positions = npt.NDArray[np.intp]

Ends = TypeVar("Ends", bound="np.generic")
FAR_AWAY = "2200-01-01"  # the end of an open record
A_CHILDS_DAYS = 2**22  # more days than any record is away from any other
NONE = -1  # the position of a neighbour that is not there


@dataclass(frozen=True, eq=False)
class InOrder:
    """Rows sorted by whose they are, start and source row; all answers are in the order of the rows given."""

    rows: pd.DataFrame
    order: Positions  # positions of the rows, sorted
    whose: npt.NDArray[np.intp]  # a number for the child or worker of each row, in sorted order

    @classmethod
    def of(cls, rows: pd.DataFrame, whose: str, start: str) -> InOrder:
        """Sort by the columns `whose` and `start`; neither has blanks."""
        import pandas as pd

        number = pd.factorize(rows[whose])[0]
        starts = rows[start].to_numpy(dtype="datetime64[us]")
        order = np.lexsort((rows["source_row"].to_numpy(dtype="int64"), starts, number))
        return cls(rows, order, number[order])

    def rank(self) -> pd.Series[int]:
        """The place of each row in the order."""
        return self._as_given(np.arange(len(self.order)))

    def positions(self, step: int) -> Positions:
        """The position of the record `step` places on of the same child or worker, or NONE."""
        found = np.full(len(self.order), NONE, dtype=np.intp)
        if step < 0:
            same = self.whose[-step:] == self.whose[:step]
            found[-step:] = np.where(same, self.order[:step], NONE)
        else:
            same = self.whose[step:] == self.whose[:-step]
            found[:-step] = np.where(same, self.order[step:], NONE)
        return self._spread(found)

    def last_before(self, wanted: npt.NDArray[np.bool_]) -> Positions:
        """The position of the latest earlier record of the same child or worker that is wanted, or NONE."""
        number = np.arange(len(self.order))
        latest = np.maximum.accumulate(np.where(wanted[self.order], number, NONE)) if len(number) else number
        before = np.concatenate([[NONE], latest[:-1]]).astype(np.intp)[: len(number)]
        same = (before >= 0) & (self.whose[before] == self.whose) if len(number) else number.astype(np.bool_)
        return self._spread(np.where(same, self.order[before], NONE).astype(np.intp))

    def at(self, column: str, positions: Positions) -> pd.Series[Any]:
        """A column's values at those positions, blank at NONE."""
        import pandas as pd

        values = self.rows[column].array.take(positions, allow_fill=True)
        return pd.Series(values, index=self.rows.index)

    def latest_end_before(self, end: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
        """The latest end of the earlier records of the same child or worker; open is far away, blank if first."""
        import pandas as pd

        moments = end.fillna(pd.Timestamp(FAR_AWAY, tz=getattr(end.dtype, "tz", None)))
        latest = latest_so_far(self.whose, moments.to_numpy(dtype="datetime64[us]")[self.order])
        before = np.full(len(latest), np.datetime64("NaT"), dtype="datetime64[us]")
        same = self.whose[1:] == self.whose[:-1]
        before[1:][same] = latest[:-1][same]
        found = pd.Series(self._spread(before), index=self.rows.index)
        return found.dt.tz_localize("UTC") if isinstance(end.dtype, pd.DatetimeTZDtype) else found

    def _spread(self, found: npt.NDArray[Any]) -> npt.NDArray[Any]:
        spread = np.empty_like(found)
        spread[self.order] = found
        return spread

    def _as_given(self, found: npt.NDArray[Any]) -> pd.Series[Any]:
        import pandas as pd

        return pd.Series(self._spread(found), index=self.rows.index)


def latest_so_far(whose: npt.NDArray[np.integer], ends: npt.NDArray[Ends]) -> npt.NDArray[Ends]:
    """For each of some records, sorted by whose they are, the latest end of that child or worker up to it."""
    values, ranks = np.unique(ends, return_inverse=True)
    number = np.cumsum(np.diff(whose, prepend=whose[:1]) != 0)
    base = number * len(values)  # each one's ends rank above those of the one before
    latest: npt.NDArray[Ends] = values[np.maximum.accumulate(ranks + base) - base]
    return latest


def runs(continues: pd.Series[bool]) -> pd.Series[int]:
    """A number for each run of rows, given in order, where `continues` says that a row goes on with the one before."""
    return (~continues).astype("int64").cumsum()


def days_in_year_before(
    whose: pd.Series[str], start: pd.Series[pd.Timestamp], end: pd.Series[pd.Timestamp]
) -> pd.Series[int]:
    """For each spell, the days that all spells of the same child have in the 12 months to its end, its own included.

    Spells given in order and not overlapping; a day is counted from the start, the end is not. 12 months are 365 days
    before the end, 366 where they hold a 29 February.
    """
    import pandas as pd

    first = start.to_numpy(dtype="datetime64[D]").astype("int64")
    last = np.maximum(end.to_numpy(dtype="datetime64[D]").astype("int64"), first)
    year_before = (end - pd.DateOffset(years=1)).to_numpy(dtype="datetime64[D]").astype("int64")
    number = pd.factorize(whose)[0].astype("int64")
    lasted = last - first
    total = np.cumsum(lasted)
    base = number * A_CHILDS_DAYS
    at = np.searchsorted(base + first, base + year_before, side="right") - 1  # the latest spell begun by then
    same = (at >= 0) & (number[at] == number) if len(at) else np.zeros(0, dtype=np.bool_)
    earlier = total[at] - lasted[at] + np.minimum(lasted[at], year_before - first[at]) if len(at) else lasted
    before_child = pd.Series(total - lasted).groupby(number).transform("first").to_numpy()
    return pd.Series(total - np.where(same, earlier, before_child), index=start.index)
