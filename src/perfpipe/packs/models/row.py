"""One row of the assessed frame, typed."""

from __future__ import annotations

from dataclasses import dataclass

from perfpipe.measures.words import Assurance, Movement, MovementBy, State, Status, Variation


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
    movement: Movement = Movement.NOT_TESTED  # the one to say first: by limits, else by the run, else by the year
    movement_by: MovementBy = MovementBy.NONE
    movement_since: str = ""  # YYYY-MM
    movement_is_sure: bool = False  # by a signal or at 99%
    movement_reason: str = ""  # why nothing was tested
    movement_month: str = ""  # YYYY-MM, of the newest settled figure that a provisional one is told of
    year_movement: Movement = Movement.NOT_TESTED  # against a year earlier, or a window earlier where that is longer
    year_month: str = ""  # YYYY-MM, of the figure that it is compared with
    year_value: float | None = None
    year_numerator: float | None = None
    year_denominator: float | None = None
    year_lower: float | None = None  # the 95% interval of the difference, now less then, as values are kept
    year_upper: float | None = None
    year_reason: str = ""  # why it was not tested
    year_is_sure: bool = False  # at 99%
    status_since: str = ""  # YYYY-MM, since when the status of every figure is on this side of the target
    months_met: int = 0  # of the last 12
    months_judged: int = 0

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """Which figure it is, as `measures.figure.KEY`."""
        return self.measure_id, self.month, self.period, self.breakdown, self.group
