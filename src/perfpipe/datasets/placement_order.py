"""Which of a child's episodes of care follow each other, and where a new placement begins (`domain.md` 2.5, 2.6).

An episode is a placement only if the carer is new: legal changes, moves with the same carer and temporary placements
(T0 to T4) with the return from them are part of the placement that goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from perfpipe.datasets.placement_codes import TEMPORARY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Flags = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[np.int64]

NEW_CARER = ("S", "P", "B")  # reasons for a new episode that say the carer changed
STARTED_CARE = "S"
OPEN = 2**40  # the day number of an end that has not come
NONE = -1


@dataclass(frozen=True, eq=False)
class Care:
    """Episodes sorted by whose they are, start, end and codes; the order of the rows given does not matter.

    All arrays are in sorted order: `order` has the positions of the rows, `whose` a number for each child,
    `start` and `end` are day numbers.
    """

    rows: pd.DataFrame
    order: Numbers
    whose: Numbers
    start: Numbers
    end: Numbers

    @classmethod
    def of(cls, rows: pd.DataFrame, whose: Sequence[str]) -> Care:
        """Sort episodes; those alike in the columns `whose` are one child's."""
        number = numbers_of(rows, whose)
        start, end = day_numbers(rows["started_on"]), day_numbers(rows["ceased_on"])
        codes = [_alphabetical(rows[name]) for name in ("provider_code", "legal_status_code", "placement_code")]
        order = np.lexsort((*codes, end, start, number))
        return cls(rows, order, number[order], start[order], end[order])

    def follows(self) -> Flags:
        """True where the episode before is the same child's."""
        same = np.zeros(len(self.order), dtype=np.bool_)
        same[1:] = self.whose[1:] == self.whose[:-1]
        return same

    def latest_end_before(self) -> Numbers:
        """The latest end of the child's earlier episodes; NONE for the first."""
        ends, rank = np.unique(self.end, return_inverse=True)
        base = self.whose * (len(ends) + 1)  # each child's ends rank above those of the child before
        latest = np.maximum.accumulate(base + rank) - base
        before = np.full(len(self.order), NONE, dtype=np.int64)
        same = self.follows()
        before[same] = ends[latest[:-1][same[1:]]]
        return before

    def goes_on(self) -> Flags:
        """True where the child was looked after until the episode began: no gap before it."""
        return self.follows() & (self.start <= self.latest_end_before())

    def temporary(self) -> Flags:
        """True for temporary placements."""
        return self.column("placement_code").isin(TEMPORARY).to_numpy()

    def lasting_before(self) -> Numbers:
        """The place in the order of the latest earlier episode of the child that is not temporary, or NONE."""
        if not len(self.order):
            return self.order
        place = np.arange(len(self.order))
        latest = np.maximum.accumulate(np.where(self.temporary(), NONE, place))
        before = np.concatenate([[NONE], latest[:-1]])
        return np.where((before >= 0) & (self.whose[before] == self.whose), before, NONE)

    def begins_placement(self) -> Flags:
        """True for each episode with which a placement begins (2.6): with another carer, and not a temporary one.

        A child who comes back after a temporary placement, without a gap, to the same type and postcode is in the
        placement of before. Where no reason for the episode is given, another type, provider or postcode tells.
        """
        reason = self.column("new_episode_reason_code")
        lasting, before = ~self.temporary(), self.lasting_before()
        names = ("placement_code", "placement_postcode", "provider_code")
        same_type, same_postcode, same_provider = (self._as_at(name, before) for name in names)
        elsewhere = ~(same_type & same_postcode & same_provider)
        goes_on = self.goes_on()
        moved = reason.isin(NEW_CARER).to_numpy() | (reason.isna().to_numpy() & (elsewhere | ~goes_on))
        after_temporary = np.concatenate([[False], ~lasting[:-1]]) if len(lasting) else lasting
        came_back = after_temporary & goes_on & same_type & same_postcode
        came_back &= (reason != STARTED_CARE).to_numpy()
        begins: Flags = lasting & ((before == NONE) | (moved & ~came_back))
        return begins

    def column(self, name: str) -> pd.Series[Any]:
        """A column's values, in order."""
        return self.rows[name].iloc[self.order]

    def as_given(self, sorted_values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Values in sorted order, put in the order of the rows given."""
        given = np.empty_like(sorted_values)
        given[self.order] = sorted_values
        return given

    def _as_at(self, name: str, place: Numbers) -> Flags:
        """True where a column is the same as at another place in the order; two blanks are the same."""
        import pandas as pd

        value = pd.factorize(self.column(name))[0]
        return (place != NONE) & (value == value[place]) if len(value) else place != NONE


def numbers_of(rows: pd.DataFrame, names: Sequence[str]) -> Numbers:
    """A number for each combination of values of some columns."""
    import pandas as pd

    number = np.zeros(len(rows), dtype=np.int64)
    for name in names:
        values, different = pd.factorize(rows[name])
        number = number * (len(different) + 1) + values + 1
    return number


def day_numbers(days: pd.Series[Any]) -> Numbers:
    """Dates as numbers of days; OPEN for none."""
    values = days.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(values), OPEN, values.astype("int64"))


def _alphabetical(codes: pd.Series[Any]) -> Numbers:
    import pandas as pd

    return pd.factorize(codes, sort=True)[0].astype("int64")
