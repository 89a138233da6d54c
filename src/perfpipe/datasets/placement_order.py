"""Which of a child's episodes of care follow each other, and where a new placement begins (definitions 4.5, 4.6).

An episode is a placement only if the carer is new: legal changes, moves with the same carer and temporary placements
(T0 to T4) with the return from them are part of the placement that goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from perfpipe.datasets.in_order import latest_so_far
from perfpipe.datasets.placement_codes import TEMPORARY
from perfpipe.frames.libraries import np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Flags = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[np.int64]

NEW_CARER = ("S", "P", "B")  # reasons for a new episode that say the carer changed
STARTED_CARE = "S"
OPEN = 2**40  # the day number of an end that has not come
NONE = -1
LATEST = ("placement_code", "provider_code", "legal_status_code")  # of several that start together the last counts


@dataclass(frozen=True, eq=False)
class Care:
    """Some episodes sorted by whose they are, start, end and codes; the order of the rows given does not matter.

    All arrays are in sorted order: `order` has the positions of the rows, `whose` a number for each child, `start` and
    `end` are day numbers.
    """

    rows: pd.DataFrame
    order: Numbers
    whose: Numbers
    start: Numbers
    end: Numbers

    @classmethod
    def of(cls, rows: pd.DataFrame, whose: Sequence[str], among: Flags) -> Care:
        """Sort the episodes `among` the rows; those alike in the columns `whose` are one child's."""
        number = numbers_of(rows, whose)
        order = in_order(rows, number, np.flatnonzero(among), ("ceased_on", *LATEST))
        start, end = day_numbers(rows["started_on"]), day_numbers(rows["ceased_on"])
        return cls(rows, order, number[order], start[order], end[order])

    @cached_property
    def follows(self) -> Flags:
        """True where the episode before is the same child's."""
        return np.append(False, self.whose[1:] == self.whose[:-1])[: len(self.order)]

    @cached_property
    def goes_on(self) -> Flags:
        """True where the child was looked after until the episode began: no gap before it."""
        latest = latest_so_far(self.whose, self.end)
        follows = np.flatnonzero(self.follows)
        goes_on = np.zeros(len(self.order), dtype=np.bool_)
        goes_on[follows] = self.start[follows] <= latest[follows - 1]
        return goes_on

    @cached_property
    def temporary(self) -> Flags:
        """True for temporary placements."""
        return self.has("placement_code", TEMPORARY)

    @cached_property
    def lasting_before(self) -> Numbers:
        """The place in the order of the latest earlier episode of the child that is not temporary, or NONE."""
        if not len(self.order):
            return self.order
        place = np.arange(len(self.order))
        latest = np.maximum.accumulate(np.where(self.temporary, NONE, place))
        before = np.append(NONE, latest[:-1])
        return np.where((before >= 0) & (self.whose[before] == self.whose), before, NONE)

    @cached_property
    def interrupted(self) -> Numbers:
        """For each temporary placement the place of the one it interrupts, in the same period of care, or NONE."""
        if not len(self.order):
            return self.order
        period, before = np.cumsum(~self.goes_on), self.lasting_before
        return np.where(self.temporary & (before != NONE) & (period[before] == period), before, NONE)

    @cached_property
    def begins_placement(self) -> Flags:
        """True for each episode with which a placement begins (definitions 4.6): with another carer, not temporary.

        A child who comes back after a temporary placement, without a gap, to the same type and postcode is in the
        placement of before. Where no reason for the episode is given, a gap or another type, provider or postcode tell.
        """
        before = self.lasting_before
        names = ("placement_code", "placement_postcode", "provider_code")
        same_type, same_postcode, same_provider = (self._as_at(name, before) for name in names)
        stays = same_type & same_postcode & same_provider & self.goes_on
        no_reason = self.rows["new_episode_reason_code"].isna().to_numpy()[self.order]
        moved = self.has("new_episode_reason_code", NEW_CARER) | (no_reason & ~stays)
        after_temporary = np.append(False, self.temporary[:-1])[: len(self.order)]
        came_back = after_temporary & self.goes_on & same_type & same_postcode
        came_back &= ~self.has("new_episode_reason_code", (STARTED_CARE,))
        begins: Flags = ~self.temporary & ((before == NONE) | (moved & ~came_back))
        return begins

    def has(self, name: str, values: Collection[str]) -> Flags:
        """Where a column has one of some values, in order."""
        found: Flags = self.rows[name].isin(values).to_numpy(dtype=np.bool_)[self.order]
        return found

    def as_given(self, flags: Flags) -> Flags:
        """Flags in sorted order, put beside the rows given; False for rows that are not among the sorted."""
        given = np.zeros(len(self.rows), dtype=np.bool_)
        given[self.order] = flags
        return given

    def _as_at(self, name: str, place: Numbers) -> Flags:
        """True where a column is the same as at another place in the order; two blanks are the same."""
        import pandas as pd

        value = pd.factorize(self.rows[name])[0][self.order]
        known: Flags = place != NONE
        return known & np.equal(value, value[place]) if len(value) else known


def in_order(rows: pd.DataFrame, whose: Numbers, among: Numbers, then_by: Sequence[str] = LATEST) -> Numbers:
    """The positions `among` rows sorted by whose they are and start; of those that start together by more columns.

    Blank codes come first, a blank end last. Few episodes start together, and only of those more is looked at.
    """
    starts = day_numbers(rows["started_on"])
    order = among[np.lexsort((starts[among], whose[among]))]
    start, number = starts[order], whose[order]
    same = (start[1:] == start[:-1]) & (number[1:] == number[:-1])
    tied = np.append(False, same)[: len(order)] | np.append(same, False)[: len(order)]
    if tied.any():
        few = rows.iloc[order[tied]]
        keys = [_rank(few[name]) for name in reversed(then_by)]
        order[tied] = order[tied][np.lexsort((*keys, start[tied], number[tied]))]
    return order


def last_places(whose: Numbers, order: Numbers) -> Numbers:
    """Of positions sorted by whose they are, the last of each."""
    is_last: Flags = np.append(whose[order][1:] != whose[order][:-1], True)[: len(order)]
    return order[is_last]


def numbers_of(rows: pd.DataFrame, names: Sequence[str]) -> Numbers:
    """A number for each combination of values of some columns."""
    import pandas as pd

    number = np.zeros(len(rows), dtype=np.int64)
    for name in names:
        values, different = pd.factorize(rows[name])
        number = number * (len(different) + 1) + values + 1
    return number


def day_numbers(days: pd.Series[pd.Timestamp]) -> Numbers:
    """Dates as numbers of days; OPEN for none."""
    values = days.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(values), OPEN, values.astype("int64"))


def _rank(values: pd.Series[Any]) -> Numbers:
    import pandas as pd

    if values.dtype.kind == "M":
        return day_numbers(values)
    rank: Numbers = pd.factorize(values, sort=True)[0].astype("int64")
    return rank
