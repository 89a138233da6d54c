"""One row of the assessed frame, typed."""

from __future__ import annotations

from dataclasses import dataclass

from perfpipe.measures.words import Assurance, Change, State, Status, Variation


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
    state: State
    state_reason: str
    target: str
    status: Status
    lower: float | None
    upper: float | None
    revised: bool
    provisional: bool
    definition_version: int
    direction: Change
    previous: float | None
    variation: Variation = Variation.NONE
    variation_reason: str = ""
    assurance: Assurance = Assurance.NONE
    mean: float | None = None
    lower_limit: float | None = None
    upper_limit: float | None = None
    trial_limits: bool = False
    within_since: str = ""
    median: float | None = None
    rebased: str = ""
    left_out: int = 0
    left_out_of: int = 0
    left_out_why: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """Which figure it is, as `measures.figure.KEY`."""
        return self.measure_id, self.month, self.period, self.breakdown, self.group
