"""Placement stability: three or more placements in a year, and the same placement for two years (definitions 4.6, 4.7).

DfE's definitions, by their last published wording: every placement of 24 hours or more in the 12 months counts, those
open at either end too; a change is a change of carer; temporary placements and short breaks are none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from perfpipe.datasets.placement_order import NONE, Care, day_numbers, in_order, last_places
from perfpipe.datasets.placements import PLACEMENTS
from perfpipe.dates.months import add_months, window_start
from perfpipe.frames.libraries import np
from perfpipe.measures.counts import share
from perfpipe.measures.definition import Basis, Display, Measure, Period, Polarity
from perfpipe.measures.placement_groups import ADOPTION, OWNER, in_care, looked_after

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.int64]

MANY = 3
UNDER = 16
CARE_MONTHS, PLACEMENT_MONTHS = 30, 24
NAMED = ["month", "month_end", "child_id", "dob", "reading_id", "source_row", "defects"]


def children_and_placements(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per child looked after at each month end, with `placements`, `in_care_since` and `placed_since`.

    Takes the episodes that a look-back sees at each `month`. `placements`: how many had any day in the 12 months.
    `in_care_since`: start of the unbroken chain of episodes to the month end. `placed_since`: start of the present
    placement, for a child placed for adoption of the one before it; blank where it is not known. Day numbers.
    """
    ordered = Care.of(rows, ["month", "child_id"], in_care(rows))
    placed = _Placements.of(ordered)
    is_open = ordered.end > day_numbers(rows["month_end"])[ordered.order]
    place = np.full(len(rows), NONE)
    place[ordered.order] = np.arange(len(ordered.order))
    whose = np.zeros(len(rows), dtype=np.int64)
    whose[ordered.order] = ordered.whose
    children = last_places(whose, in_order(rows, whose, ordered.order[is_open]))
    at = place[children]
    return (
        rows[NAMED]
        .iloc[children]
        .assign(
            placements=placed.in_the_year(ordered.whose[at]),
            in_care_since=_chain_start(ordered)[at],
            placed_since=placed.present_since(at),
        )
    )


def _chain_start(ordered: Care) -> Numbers:
    """For each episode, when the unbroken chain of episodes that it is part of began."""
    first = np.where(ordered.goes_on, 0, np.arange(len(ordered.order)))
    return ordered.start[np.maximum.accumulate(first)] if len(first) else ordered.start


class _Placements:
    """The placements that episodes make up. Arrays have one value a placement, but for `of_episode`."""

    def __init__(self, ordered: Care, first: Numbers, of_episode: Numbers, until: Numbers) -> None:
        self.ordered, self.first, self.of_episode, self.until = ordered, first, of_episode, until
        self.start, self.whose = ordered.start[first], ordered.whose[first]

    @classmethod
    def of(cls, ordered: Care) -> _Placements:
        number = np.cumsum(ordered.begins_placement) - 1
        first = np.flatnonzero(ordered.begins_placement)
        lasting, interrupted = ~ordered.temporary, ordered.interrupted
        of_episode = np.where(lasting, number, NONE)  # a temporary one is part of what it interrupts
        of_episode[interrupted != NONE] = number[interrupted[interrupted != NONE]]
        until = np.full(len(first), NONE, dtype=np.int64)
        np.maximum.at(until, number[lasting], ordered.end[lasting])
        return cls(ordered, first, of_episode, until)

    def in_the_year(self, whose: Numbers) -> Numbers:
        """For each child, the placements of a day or more that overlap the 12 months.

        One that ended on their first day does not (definitions 4.6, case g).
        """
        window_from = day_numbers(self.ordered.rows["window_from"])[self.ordered.order[self.first]]
        counts = self.whose[(self.until > window_from) & (self.until > self.start)]
        return np.searchsorted(counts, whose, "right") - np.searchsorted(counts, whose, "left")

    def present_since(self, episode: Numbers) -> npt.NDArray[np.float64]:
        """When the placement of each episode began; of one for adoption, the one that it followed without a gap."""
        if not len(self.first):
            return np.full(len(episode), np.nan)
        joined = (self.ordered.has("placement_code", ADOPTION) & self.ordered.goes_on)[self.first]
        before = np.concatenate([[0], np.arange(len(self.first) - 1)])
        since = np.where(joined & (self.whose[before] == self.whose), self.start[before], self.start)
        number = self.of_episode[episode]
        return np.where(number == NONE, np.nan, since[number])


def many_placements(rows: pd.DataFrame) -> pd.Series[bool]:
    """Three or more placements in the 12 months to the month end."""
    many: pd.Series[bool] = rows["placements"] >= MANY
    return many


def long_in_care(rows: pd.DataFrame) -> pd.Series[bool]:
    """Aged under 16 at the month end, and looked after without a break for two and a half years."""
    born_after = _of_month_end(rows, lambda day: add_months(day, -12 * UNDER))
    young: pd.Series[bool] = rows["dob"].notna() & (day_numbers(rows["dob"]) > born_after)
    return young & (rows["in_care_since"] < _of_month_end(rows, lambda day: window_start(day, CARE_MONTHS)))


def settled(rows: pd.DataFrame) -> pd.Series[bool]:
    """In the same placement, or in it and the adoptive one that followed, for two years."""
    day = _of_month_end(rows, lambda day: window_start(day, PLACEMENT_MONTHS))
    long_enough: pd.Series[bool] = rows["placed_since"] < day
    return long_enough


def _of_month_end(rows: pd.DataFrame, of: Callable[[date], date]) -> npt.NDArray[Any]:
    """For each row the day number of a day that follows from the month end."""
    days = rows["month_end"].unique()
    numbers = {day: np.datetime64(of(day.date()), "D").astype("int64") for day in days}
    return rows["month_end"].map(numbers).to_numpy(dtype="float64")


LOOKING_BACK = Basis(PLACEMENTS, rows=children_and_placements)
_looking_back = partial(Measure, basis=LOOKING_BACK, periods=(Period.ROLLING_12,), owner=OWNER, left_out_by=())

THREE_OR_MORE_PLACEMENTS = _looking_back(
    id="three_or_more_placements",
    code="PL-07",
    title="Children with three or more placements in 12 months",
    basis=replace(LOOKING_BACK, lookback_months=12),
    counts=share(many_placements, of=looked_after),
    shown=Display(Polarity.LOWER_IS_BETTER, same_total_as="children_looked_after"),
    why_it_matters="Every move costs a child a family, often a school and friends.",
    definition="Of children looked after at month end, those with three or more placements of 24 hours or more in "
    "the 12 months; legal changes, stays with the same carer, and temporary placements do not count as a move.",
    source="DfE, LAIT LACStable_2016on (former NI 62)",
)
LONG_TERM_STABILITY = _looking_back(
    id="long_term_stability",
    code="PL-08",
    title="Children long in care who are in the same placement for two years",
    basis=replace(LOOKING_BACK, lookback_months=CARE_MONTHS, window_months=CARE_MONTHS, needs=("dob",)),
    counts=share(settled, of=long_in_care),
    shown=Display(Polarity.HIGHER_IS_BETTER),
    why_it_matters="Children who cannot go home need a family that lasts.",
    definition="Of children under 16 looked after without a break for two and a half years at month end, those in the "
    "same placement for two years, or placed for adoption where both placements together last two years. Years and "
    "months run from month end to month end: at 28 February, those in care since 31 August or before have been for two "
    "and a half years.",
    source="DfE, LAIT LAC_LongStable% (former NI 63)",
)

MEASURES = (THREE_OR_MORE_PLACEMENTS, LONG_TERM_STABILITY)
