"""Which spells of a social worker are one employment (definitions 5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from perfpipe.datasets.in_order import latest_so_far
from perfpipe.frames.libraries import np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

BREAK_DAYS = 28  # a shorter break between two spells is no break
STILL_IN_POST = date(2200, 1, 1)


@dataclass(frozen=True, eq=False)
class Employments:
    """Spells of which those of one worker that overlap, or follow within `BREAK_DAYS`, are one employment.

    `order`: the positions of the spells, sorted so that those of an employment stand together, the earliest first;
    all answers are in that order. `starts`: where in it each employment begins.
    """

    order: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]

    @classmethod
    def of(cls, spells: pd.DataFrame, whose: tuple[str, ...]) -> Employments:
        """From spells with `started_on` and `left_on`; the columns `whose` say which may belong together."""
        import pandas as pd

        number = np.zeros(len(spells), dtype=np.int64)
        for column in whose:
            codes, known = pd.factorize(spells[column])
            number = number * (len(known) + 1) + codes
        started, ended = days_of(spells["started_on"]), or_still(days_of(spells["left_on"]))
        order = np.lexsort((spells["source_row"].to_numpy(dtype="int64"), started, number))
        number, started, ended = number[order], started[order], ended[order]
        begins = np.ones(len(spells), dtype=np.bool_)
        if len(spells):
            latest = latest_so_far(number, ended)[:-1]
            begins[1:] = (number[1:] != number[:-1]) | (started[1:] - latest > np.timedelta64(BREAK_DAYS, "D"))
        return cls(order, np.flatnonzero(begins))

    @property
    def first(self) -> npt.NDArray[np.bool_]:
        """True for the first spell of each employment."""
        first = np.zeros(len(self.order), dtype=np.bool_)
        first[self.starts] = True
        return first

    def earliest(self, days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
        """For each spell the earliest of the days of its employment."""
        return self._over(np.minimum, days)

    def latest(self, days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
        """For each spell the latest of the days of its employment."""
        return self._over(np.maximum, days)

    def any(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """For each spell whether the mask holds for any of its employment."""
        return self._over(np.logical_or, mask)

    def only_first(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Of the spells in a mask the first of each employment."""
        before: npt.NDArray[np.int64] = np.cumsum(mask) - mask
        first: npt.NDArray[np.bool_] = mask & (before == np.repeat(before[self.starts], self._lengths()))
        return first

    def _over(self, ufunc: np.ufunc, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.repeat(ufunc.reduceat(values, self.starts), self._lengths()) if len(values) else values

    def _lengths(self) -> npt.NDArray[np.intp]:
        return np.diff(np.append(self.starts, len(self.order)))


def days_of(column: pd.Series[pd.Timestamp]) -> npt.NDArray[np.datetime64]:
    """A column of dates as an array."""
    days: npt.NDArray[np.datetime64] = column.to_numpy(dtype="datetime64[us]")
    return days


def or_still(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
    """Days, STILL_IN_POST for a blank."""
    return np.where(np.isnat(days), np.datetime64(STILL_IN_POST, "us"), days)


def with_appointment(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with `appointed_on`: the first day of the employment of a directly employed spell, by its own extract.

    `reading_id` says which extract a row is of; without it, all are of one.

    As far back as the extract goes: where an earlier spell is not in it, the employment seems to begin later.
    """
    employed = np.flatnonzero((rows["contract"] == "permanent").to_numpy(dtype=bool))
    whose = tuple(name for name in ("reading_id", "worker_id") if name in rows)
    spells = rows[[*whose, "started_on", "left_on", "source_row"]].iloc[employed]
    made = Employments.of(spells, whose)
    appointed = np.full(len(rows), np.datetime64("NaT"), dtype="datetime64[us]")
    appointed[employed[made.order]] = made.earliest(days_of(spells["started_on"])[made.order])
    return rows.assign(appointed_on=appointed)
