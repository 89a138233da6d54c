"""What each measure has done, as tests allow it to be said (definitions 7.7): the first thing to say, and of the year.

A signal of control limits goes before a run, a run before the year, that before a step longer ago; what is sure goes
before what could be chance, and that before no clear change.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from perfpipe.measures.definition import Measure, Polarity
from perfpipe.measures.figure import KEY
from perfpipe.measures.shown_numbers import target_ends
from perfpipe.measures.words import Movement, MovementBy, State, Variation

Numbers = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

LATEST = 3  # months that a settled figure is told of
CARRIED = ("movement", "movement_by", "movement_since", "movement_is_sure")
OF_VARIATION = {
    Variation.COMMON: Movement.NO_CLEAR_CHANGE,
    Variation.IMPROVEMENT_HIGH: Movement.BETTER,
    Variation.IMPROVEMENT_LOW: Movement.BETTER,
    Variation.CONCERN_HIGH: Movement.WORSE,
    Variation.CONCERN_LOW: Movement.WORSE,
    Variation.NEUTRAL_HIGH: Movement.HIGHER,
    Variation.NEUTRAL_LOW: Movement.LOWER,
}


def with_movement(assessed: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Rows with `movement`, `movement_by`, `movement_since`, `movement_is_sure`, `movement_reason`, `year_movement`.

    Takes what `with_variation` and `with_year_before` found.
    """
    value, year = assessed["value"].to_numpy("float64"), _year(assessed, measures)
    limits = assessed["variation"].map(OF_VARIATION).fillna(Movement.NOT_TESTED).to_numpy(dtype=object)
    side = assessed["run_side"].to_numpy("int64")
    run = _named(side, _gain(assessed, measures, value, assessed["run_median"].to_numpy("float64")))
    run = np.where(assessed["run_tested"].to_numpy(dtype=bool), run, Movement.NOT_TESTED)
    sure = assessed["year_sure"].to_numpy(dtype=bool)
    quiet = (Movement.NO_CLEAR_CHANGE, Movement.NOT_TESTED)
    signal, in_a_row, of_year = (~np.isin(each.astype(str), quiet) for each in (limits, run, year))
    held, long = (assessed[name].to_numpy(dtype=bool) for name in ("signal_sure", "run_sure"))
    limits = np.where(signal & ~held, _high_or_low(assessed["variation"].str.endswith("high").to_numpy(bool)), limits)
    run = np.where(in_a_row & ~long, _high_or_low(side > 0), run)
    step = _step(assessed, measures)
    stepped = step != Movement.NOT_TESTED
    tested = [each != Movement.NOT_TESTED for each in (limits, run, year)]
    certain = [signal & held, in_a_row & long, sure, stepped]
    order = [*certain, signal, in_a_row, of_year, tested[0], tested[2], tested[1]]
    movement = np.select(order, [(limits, run, year, step)[each] for each in TESTS], Movement.NOT_TESTED)
    by = np.select(order, [OF_ORDER[each] for each in TESTS], MovementBy.NONE)
    since = [assessed[name].to_numpy(dtype=object) for name in SINCE.values()]
    said = {
        "movement": movement,
        "movement_by": by,
        "movement_since": np.select([by == each for each in SINCE], since, ""),
        "movement_reason": np.where(movement == Movement.NOT_TESTED, assessed["year_reason"], ""),
        "year_movement": year,
    }
    texts = {name: pd.Series(column, index=assessed.index, dtype="str") for name, column in said.items()}
    told = assessed.assign(**texts, movement_is_sure=np.logical_or.reduce(certain), year_is_sure=sure)
    return _of_the_newest_settled(told)


def _of_the_newest_settled(told: pd.DataFrame) -> pd.DataFrame:
    """A provisional figure says what the newest settled one of its series does, up to `movement_month`."""
    told = told.assign(movement_month=pd.Series("", index=told.index, dtype="str"))
    late = (told["provisional"] & told["state"].eq(State.OK)).to_numpy(dtype=bool)
    if not late.any():
        return told
    settled = told[~told["provisional"].astype(bool) & told["state"].eq(State.OK)]
    month = settled["month"].to_numpy(dtype="datetime64[M]").astype("int64")
    for months in range(LATEST, 0, -1):  # the nearest last, so that it stands
        later = np.datetime_as_string((month + months).astype("datetime64[M]"))
        before = settled[[*KEY, *CARRIED]].assign(
            movement_month=settled["month"], month=pd.array(later.astype(object), dtype="str")
        )
        found = told[KEY].merge(before, on=KEY, how="left")
        there = found["movement"].notna() & found["movement"].ne(Movement.NOT_TESTED)
        here = late & there.to_numpy(dtype=bool)
        for name in (*CARRIED, "movement_month"):
            carried = np.where(here, found[name].to_numpy(dtype=object), told[name].to_numpy(dtype=object))
            told[name] = pd.Series(carried, index=told.index).astype(told[name].dtype)
    moved = told["movement_month"].ne("")
    return told.assign(movement_reason=told["movement_reason"].where(~moved, ""))


OF_ORDER = (MovementBy.LIMITS, MovementBy.RUN, MovementBy.YEAR, MovementBy.STEP)
TESTS = (0, 1, 2, 3, 0, 1, 2, 0, 2, 1)  # whose finding each of the order is
SINCE = {MovementBy.LIMITS: "signals_since", MovementBy.RUN: "run_since", MovementBy.STEP: "step_since"}


def _high_or_low(high: Bools) -> Texts:
    return np.where(high, Movement.HIGHER, Movement.LOWER).astype(object)


def _year(assessed: pd.DataFrame, measures: Mapping[str, Measure]) -> Texts:
    """Against the year before: better or worse at 99%, higher or lower at 95%."""
    now, then = (assessed[name].to_numpy("float64") for name in ("value", "year_value"))
    clear, sure = (assessed[name].to_numpy(dtype=bool) for name in ("year_clear", "year_sure"))
    side = np.where(clear | sure, np.sign(np.nan_to_num(now - then)), 0).astype("int64")
    gain = np.where(sure, _gain(assessed, measures, now, then), 0.0)
    not_tested = assessed["year_reason"].ne("").to_numpy()
    return np.where(not_tested, Movement.NOT_TESTED, _named(side, gain)).astype(object)


def _step(assessed: pd.DataFrame, measures: Mapping[str, Measure]) -> Texts:
    """The level since a step against the one before it; not tested where there is none."""
    side, before = assessed["step_side"].to_numpy("int64"), assessed["step_before"].to_numpy("float64")
    gain = _gain(assessed, measures, assessed["step_level"].to_numpy("float64"), before)
    return np.where(side == 0, Movement.NOT_TESTED, _named(side, gain)).astype(object)


def _named(side: npt.NDArray[np.int64], gain: Numbers) -> Texts:
    found = np.select(
        [side == 0, gain > 0, gain < 0, side > 0],
        [Movement.NO_CLEAR_CHANGE, Movement.BETTER, Movement.WORSE, Movement.HIGHER],
        Movement.LOWER,
    )
    return found.astype(object)


def _gain(assessed: pd.DataFrame, measures: Mapping[str, Measure], now: Numbers, then: Numbers) -> Numbers:
    """By how much values are better than others; 0 where neither way is. Of a range, nearer to it is better."""
    polarity = assessed["measure_id"].map({name: m.shown.polarity.value for name, m in measures.items()}).to_numpy()
    ends = {target: tuple(map(float, target_ends(target))) for target in assessed["target"].dropna().unique()}
    low, high = (assessed["target"].map({t: e[side] for t, e in ends.items()}).to_numpy("float64") for side in (0, 1))
    outside = [np.maximum(np.maximum(low - value, value - high), 0) for value in (now, then)]
    nearer = np.round(outside[1] - outside[0], 12)
    kinds = (Polarity.HIGHER_IS_BETTER, Polarity.LOWER_IS_BETTER, Polarity.RANGE_IS_BEST)
    gains = [now - then, then - now, nearer]
    gain: Numbers = np.nan_to_num(np.select([polarity == kind.value for kind in kinds], gains, 0.0))
    return gain
