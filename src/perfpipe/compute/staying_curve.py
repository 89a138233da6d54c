"""How many new social workers are still in post, month by month since their appointment (definitions 5.6)."""

from __future__ import annotations

from dataclasses import replace
from math import isnan
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from perfpipe.compute.measure_rows import MeasureRows
from perfpipe.dates.months import Month
from perfpipe.measures import BY_ID
from perfpipe.measures.definition import Period
from perfpipe.measures.retention import retention_on, started_in_36_months
from perfpipe.measures.social_workers import DAYS_OF_A_MONTH

MOST_MONTHS = 24
ESTIMATE = BY_ID[f"retention_estimate_{MOST_MONTHS}_months"]


class StayingPoint(NamedTuple):
    """The share still in post after so many months, its 95% interval, and how many were seen in post so long."""

    months: int
    share: float
    lower: float
    upper: float
    at_risk: int


def staying_curve(survived: npt.NDArray[np.int64], has_left: npt.NDArray[np.bool_]) -> tuple[StayingPoint, ...]:
    """The curve of which the estimates after 6, 12 and 24 months are points; it ends where they would."""
    points: list[StayingPoint] = []
    for months in range(MOST_MONTHS + 1):
        found = retention_on(survived, has_left, months)
        if isnan(found.value):
            break
        lower, upper = (found.value if isnan(end) else end for end in (found.lower, found.upper))
        points.append(
            StayingPoint(months, found.value, lower, upper, int((survived >= months * DAYS_OF_A_MONTH).sum()))
        )
    return tuple(points)


def staying_at(measure_rows: MeasureRows, month: Month) -> tuple[StayingPoint, ...]:
    """The curve of those appointed in the 36 months to a month's end, from the rows of the estimates."""
    if ESTIMATE.basis.dataset.id not in measure_rows.speaks_for:
        return ()
    rows = replace(measure_rows, months=[month], answers=[]).view(ESTIMATE, Period.COHORT)
    rows = rows[(rows["month"] == str(month)).to_numpy(dtype=bool)]
    rows = rows[started_in_36_months(rows).to_numpy(dtype=bool)]
    return staying_curve(rows["survived"].to_numpy(dtype="int64"), rows["has_left"].to_numpy(dtype=bool))
