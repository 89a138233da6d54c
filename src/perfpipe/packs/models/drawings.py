"""What a picture shows: plain numbers and finished labels. Whoever draws places them, and calculates no figure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from perfpipe.packs.models.chart import Axis, Bar, Chart, Gap, Point
from perfpipe.packs.models.plan import ProgressChart


class Tone(StrEnum):
    """The colour that a part of a picture has, by what it means."""

    PLAIN = "plain"
    FOCUS = "focus"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    FIFTH = "fifth"
    SIXTH = "sixth"
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True)
class Sparkline:
    """Up to 24 months as a small line, on its own scale; None is a month without a figure, which breaks the line."""

    values: tuple[float | None, ...]
    targets: tuple[float | None, ...]  # the target in each month; for a range, the end that is nearer
    least_height: float  # so much of the value axis at least, that chance stays flat
    tone: Tone  # of the last dot
    hollow: bool  # the last figure is provisional


@dataclass(frozen=True)
class ControlLine:
    """Months of one measure with the target, and its expected range or median where there is one."""

    axis: Axis
    points: tuple[Point, ...]
    ticks: tuple[tuple[int, str], ...]
    gaps: tuple[Gap, ...]
    latest: str  # March 47%
    target: str  # target 60%
    middle: str  # average 50%, median 45%; empty without
    band: str  # expected range; empty without
    remark: str  # higher since January 2017
    remark_from: int | None  # position of the first point that it is about
    tone: Tone  # of the newest point, and of those that the remark is about


@dataclass(frozen=True)
class PanelLine:
    """One small chart among several on one scale."""

    title: str
    values: tuple[float | None, ...]
    targets: tuple[float | None, ...]
    first: str  # beside the first value; empty: not said
    latest: str
    target: str
    filled: bool = False  # the area under the line
    tone: Tone = Tone.FOCUS


@dataclass(frozen=True)
class Panels:
    """Small charts side by side on one scale."""

    axis: Axis
    panels: tuple[PanelLine, ...]
    ticks: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class FunnelStep:
    """One bar: how many (None: there is no figure), and what share of those who could be here."""

    label: str
    count: float | None
    shown: str
    share: str
    tone: Tone = Tone.SECOND


@dataclass(frozen=True)
class Funnel:
    """Steps as bars below each other, with counts and shares in two columns."""

    steps: tuple[FunnelStep, ...]
    count_header: str
    share_header: str


@dataclass(frozen=True)
class BridgeStep:
    """One bar of a bridge: from where to where it stands, and its number."""

    label: tuple[str, ...]  # a line each
    bottom: float
    top: float
    shown: str
    tone: Tone


@dataclass(frozen=True)
class Bridge:
    """From one stock to another: what came and went. `bracket`: from which step to which, and their sum in words."""

    steps: tuple[BridgeStep, ...]
    bracket: tuple[int, int, str] | None


@dataclass(frozen=True)
class DumbbellRow:
    """Then and now of one measure, on the axis of its own unit."""

    label: str
    then: float | None
    now: float | None
    then_shown: str
    now_shown: str
    tone: Tone


@dataclass(frozen=True)
class Dumbbells:
    """Then and now, a row each, on one axis."""

    axis: Axis
    rows: tuple[DumbbellRow, ...]
    then_label: str
    now_label: str


@dataclass(frozen=True)
class DotRow:
    """One value with its interval, if it has one."""

    label: str
    value: float | None
    shown: str
    lower: float | None = None
    upper: float | None = None
    tone: Tone = Tone.THIRD


@dataclass(frozen=True)
class Dots:
    """Values as dots, a row each: a measure beside its neighbours, or at several points of time."""

    axis: Axis
    rows: tuple[DotRow, ...]
    reference: float | None = None  # a line through all rows
    reference_label: str = ""


@dataclass(frozen=True)
class SurvivalStep:
    """The share still there from a point of time on, with its interval, and how many were looked at."""

    months: int
    share: float
    lower: float
    upper: float
    at_risk: int


@dataclass(frozen=True)
class Survival:
    """A survival curve with its band, and the numbers at risk under it."""

    axis: Axis
    steps: tuple[SurvivalStep, ...]
    axis_label: str
    at_risk_label: str
    marks: tuple[tuple[int, str], ...]  # month and what is said there


@dataclass(frozen=True)
class StackedPart:
    """One layer of a stack."""

    label: str
    values: tuple[float, ...]
    tone: Tone


@dataclass(frozen=True)
class Stack:
    """Groups of a stock over the months, on top of each other, the first at the bottom."""

    axis: Axis
    parts: tuple[StackedPart, ...]
    ticks: tuple[tuple[int, str], ...]
    total: str


@dataclass(frozen=True)
class BarPairs:
    """Two bars a row, as faults opened and cleared in a month."""

    axis: Axis
    bars: tuple[Bar, ...]
    now_label: str
    before_label: str


Drawing = (
    ControlLine | Panels | Funnel | Bridge | Dumbbells | Dots | Survival | Stack | BarPairs | Chart | ProgressChart
)
