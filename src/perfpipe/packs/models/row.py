"""One row of the assessed frame, typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One row of `assess.assessed_figures.ASSESSED`, by its columns; what the frame has as NaN is None here."""

    measure_id: str
    month: str
    period: str
    breakdown: str
    group: str
    numerator: float | None
    denominator: float | None
    value: float | None
    state: str
    state_reason: str
    target: str
    status: str
    lower: float | None
    upper: float | None
    revised: bool
    provisional: bool
    definition_version: int
    direction: str
    previous: float | None
    variation: str = ""
    variation_reason: str = ""
    assurance: str = ""
    mean: float | None = None
    lower_limit: float | None = None
    upper_limit: float | None = None
    trial_limits: bool = False
    within_since: str = ""
    median: float | None = None
    rebased: str = ""
