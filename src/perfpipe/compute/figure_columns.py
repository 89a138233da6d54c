"""The columns of figures that name them, and those that say whether each has a value and what it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Breakdown, Measure, Period
from perfpipe.measures.figure import CHANCE
from perfpipe.measures.words import State

NUMBERS = ("numerator", "denominator", "value", "lower", "upper", *CHANCE)

Columns = dict[str, npt.NDArray[Any]]


def naming_columns(measure: Measure, period: Period, breakdown: Breakdown | None, months: Sequence[Month]) -> Columns:
    """The columns that say of which group and month each figure is, and what is alike for all of them."""
    groups = list(breakdown.groups) if breakdown else ["all"]
    same = {
        "measure_id": measure.id,
        "code": measure.code,
        "period": period.value,
        "breakdown": breakdown.id if breakdown else "all",
        "unit": measure.counts.unit.value,
        "definition_version": measure.version,
    }
    number = len(months) * len(groups)
    return {
        **{name: np.full(number, value, dtype=object) for name, value in same.items()},
        "month": np.repeat(np.array([str(month) for month in months], dtype=object), len(groups)),
        "group": np.array(groups * len(months), dtype=object),
    }


def absent_columns(
    measure: Measure,
    period: Period,
    breakdown: Breakdown | None,
    months: Sequence[Month],
    reasons: npt.NDArray[np.object_],
) -> Columns:
    """The columns of `FIGURES` where no month can be computed, each for a reason: no row is looked at."""
    unavailable = np.repeat(reasons, len(breakdown.groups) if breakdown else 1)
    none = np.zeros(len(unavailable), dtype=np.int64)
    nothing = np.full(len(unavailable), np.nan)
    totals = {**dict.fromkeys((*NUMBERS, "why"), nothing), "waiting": none}
    return {
        **naming_columns(measure, period, breakdown, months),
        **with_states(totals, unavailable, none.astype(np.bool_)),
        "left_out": none,
        "left_out_of": none,
        "left_out_why": np.full(len(none), "", dtype=object),
    }


def with_states(totals: Columns, unavailable: npt.NDArray[np.object_], early: npt.NDArray[np.bool_]) -> Columns:
    """Totals with `state`, `state_reason` and `provisional`; no number where there is none."""
    absent = unavailable != ""
    nothing = np.isnan(totals["value"]) & ~absent
    waiting = nothing & (totals["waiting"] > 0)
    not_applicable = nothing & ~waiting
    reason = np.where(absent, unavailable, "").astype(object)
    reason[waiting] = "not yet due"
    reason[not_applicable] = np.where(totals["why"] == "", "nothing to count", totals["why"])[not_applicable]
    state = np.full(len(reason), State.OK.value, dtype=object)
    state[absent | waiting], state[not_applicable] = State.NOT_AVAILABLE.value, State.NOT_APPLICABLE.value
    return {
        **{name: np.where(absent, np.nan, totals[name]) for name in NUMBERS},
        "state": state,
        "state_reason": reason,
        "provisional": early & ~absent & ~not_applicable,
    }
