"""Figures as readers see them, and what a chart shows of them: finished strings and plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

PROVISIONAL, REVISED, UNRELIABLE, INCOMPLETE = "[p]", "[r]", "[u]", "[i]"  # the markers beside a value


class Mark(StrEnum):
    """How a point outside normal variation is marked: what it means, or where neither way is better, its side."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True)
class Figure:
    """One figure as every output shows it.

    `value` is set only when there is a figure to show; `marker` says why not: `[x]`, `[z]` or `[c]`.
    `shown` is the value alone (`41%`) or the marker; `full` has counts, interval and markers with it.
    """

    value: float | None  # proportions 0 to 1
    exact: Fraction | None  # the same, unrounded
    plotted: float | None  # what a chart draws: percentages 0 to 100
    decimals: int
    percent: bool
    marker: str
    reason: str
    shown: str
    full: str
    numerator: float | None
    denominator: float | None
    lower: float | None
    upper: float | None
    plotted_interval: tuple[float, float] | None
    provisional: bool
    revised: bool
    low_base: bool
    left_out: str  # what it lost to faults, where that is to be said
    key: tuple[str, str, str, str, str]  # which figure it is: measure, month, period, breakdown, group

    @classmethod
    def absent(
        cls,
        marker: str,
        reason: str,
        key: tuple[str, str, str, str, str],
        *,
        percent: bool = False,
        provisional: bool = False,
        revised: bool = False,
    ) -> Figure:
        """A figure that is not there: its marker stands in its place, with the reason."""
        return cls(
            value=None,
            exact=None,
            plotted=None,
            decimals=0,
            percent=percent,
            marker=marker,
            reason=reason,
            shown=marker,
            full=f"{marker} {reason}".strip(),
            numerator=None,
            denominator=None,
            lower=None,
            upper=None,
            plotted_interval=None,
            provisional=provisional,
            revised=revised,
            low_base=False,
            left_out="",
            key=key,
        )

    @property
    def marks(self) -> tuple[str, ...]:
        """The markers beside a value: `[p]` provisional, `[r]` revised, `[u]` of a low base, `[i]` incomplete."""
        marks = (
            (PROVISIONAL, self.provisional),
            (REVISED, self.revised),
            (UNRELIABLE, self.low_base),
            (INCOMPLETE, bool(self.left_out)),
        )
        return tuple(mark for mark, is_on in marks if is_on)

    @property
    def alone(self) -> str:
        """What stands for the figure where nothing is beside it: where it is to be read with care, in full."""
        return self.full if self.low_base or self.left_out else " ".join((self.shown, *self.marks))


@dataclass(frozen=True)
class Lines:
    """Mean and limits of normal variation as a chart draws them, not below 0 nor above 100%."""

    mean: float
    lower: float
    upper: float
    is_trial: bool


@dataclass(frozen=True)
class Point:
    """A figure in one month of a series, against the target in force in that month."""

    month: str
    label: str  # Aug 2017
    figure: Figure
    target: str  # at least 50%, 580 to 630, No target
    target_value: float | None  # of a single target, as the value is kept
    target_decimals: int  # as it was agreed
    target_band: tuple[float, float] | None  # as a chart draws it; both the same for a single target
    status: str
    in_words: str
    variation: str  # in short, with its icon
    mark: Mark | None  # None within normal variation
    lines: Lines | None
    median: float | None  # as a chart draws it, of a run chart
    rebased: str  # why new lines begin in this month

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval that a chart draws: on a low base, and where no limits show what chance does."""
        return self.figure.plotted_interval if self.figure.low_base or self.lines is None else None


@dataclass(frozen=True)
class Gap:
    """Months next to each other that have no figure, for one reason."""

    first: int  # positions among the charted points
    last: int
    label: str


@dataclass(frozen=True)
class Axis:
    """The value axis of a chart."""

    bottom: float
    top: float
    marks: tuple[float, ...]  # where it has gridlines and numbers
    label: str
    percent: bool


@dataclass(frozen=True)
class Bar:
    """One group of a bar chart: now, and the same month a year earlier."""

    label: str
    now: float | None
    now_shown: str
    before: float | None
    before_shown: str


@dataclass(frozen=True)
class Chart:
    """All that one picture shows. `kind` is `line`, `columns` or `groups`."""

    name: str  # <measure_id>_<period>
    kind: str
    title: str
    subtitle: str
    caption: str
    alt_text: str
    axis: Axis
    points: tuple[Point, ...]
    ticks: tuple[tuple[int, str], ...]
    gaps: tuple[Gap, ...]
    target_label: str
    line_labels: tuple[tuple[float, str], ...]  # the height and words of the mean and limits, or the median, at the end
    bars: tuple[Bar, ...]
    now_label: str
    before_label: str
