"""The content of a pack: finished strings for readers, and plain numbers for charts and cells.

Nothing here is computed later: charts and workbooks only place what stands in these classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Figure:
    """One figure as every output shows it.

    `value` is set only when there is a figure to show; `marker` says why not: `[x]`, `[z]` or `[c]`.
    `shown` is the value alone (`41%`) or the marker; `full` has counts, interval and markers with it.
    """

    value: float | None  # proportions 0 to 1
    plotted: float | None  # what a chart draws: percentages 0 to 100
    decimals: int
    unit: str  # of `measures.definition.Unit`
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

    @property
    def percent(self) -> bool:
        """True for a proportion."""
        return self.unit == "percent"

    @property
    def marks(self) -> tuple[str, ...]:
        """The markers beside a shown value: `[p]` provisional, `[r]` revised, `[u]` unreliable for its low base."""
        marks = (("[p]", self.provisional), ("[r]", self.revised), ("[u]", self.low_base))
        return tuple(mark for mark, is_on in marks if is_on)

    @property
    def alone(self) -> str:
        """What stands for the figure where nothing is beside it: on a low base with counts and interval."""
        return self.full if self.low_base else " ".join((self.shown, *self.marks))


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
    target_band: tuple[float, float] | None  # as a chart draws it; both the same for a single target
    status: str
    in_words: str
    variation: str  # in short, with its icon
    signal: str  # improvement, concern, neutral; empty within normal variation
    is_high: bool  # of a signal
    lines: Lines | None
    median: float | None  # as a chart draws it, of a run chart
    rebased: str  # why the lines begin anew in this month

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


@dataclass(frozen=True)
class GroupRow:
    """One group of a breakdown: the report month, and 12 months earlier."""

    label: str
    now: Figure
    before: Figure


@dataclass(frozen=True)
class GroupTable:
    """One breakdown of a series."""

    id: str
    title: str
    now_label: str
    before_label: str
    rows: tuple[GroupRow, ...]


@dataclass(frozen=True)
class ComparatorLine:
    """Somebody's published value beside ours. `released` and `vintage` are empty for our own figure of this pack."""

    who: str
    year: str
    value: float | None  # proportions 0 to 1; None: not published
    shown: str
    decimals: int
    percent: bool
    released: date | None
    vintage: str


@dataclass(frozen=True)
class ComparatorTable:
    """What was published about a measure and could be known; without `lines`, `notes` says why there is nothing."""

    lines: tuple[ComparatorLine, ...]
    brief: str  # England 2016 (12 months to September 2016): 15.1%
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Series:
    """One measure over one period: its months, its chart, its groups and what to say about it."""

    period: str
    period_title: str
    finding: str
    target_source: str
    latest: Point
    against_target: str
    variation: str
    assurance: str
    change: str
    points: tuple[Point, ...]  # oldest first, the report month last
    groups: tuple[GroupTable, ...]
    chart: Chart
    comparators: ComparatorTable | None = None  # None: nothing published was matched with the measure


@dataclass(frozen=True)
class PeriodLine:
    """The latest figure of a measure over a longer period: which, up to which month."""

    title: str
    figure: Figure


@dataclass(frozen=True)
class MeasurePage:
    """One measure: its definition, its series (most have one) and its latest figures over longer periods."""

    measure_id: str
    code: str
    title: str
    definition: str
    why_it_matters: str
    good_is: str
    owner: str
    source: str
    data: str  # which extract, as at when
    serves: tuple[str, ...]  # the recommendations and topics
    is_count: bool
    longer: tuple[PeriodLine, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class StepRow:
    """One line of a table: a measure, and a figure under each header."""

    code: str
    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class TablePart:
    """The lines of a table over months, or over the groups of a breakdown."""

    id: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[StepRow, ...]


@dataclass(frozen=True)
class TablePage:
    """Measures side by side that have no page of their own, as the steps of a funnel; `sums` says what adds up."""

    table_id: str
    title: str
    note: str
    sums: tuple[str, ...]
    definitions: tuple[tuple[str, str, str], ...]  # code, title, definition
    parts: tuple[TablePart, ...]


@dataclass(frozen=True)
class PlanLine:
    """One measure's latest figure under a recommendation; without a measure, words that say so."""

    recommendation: str
    title: str
    topic: bool
    measure_id: str
    code: str
    measure: str
    latest: str
    target: str
    status: str
    change: str


@dataclass(frozen=True)
class FaultLine:
    """One rule that the report month's extracts broke, and how often."""

    dataset: str
    rule: str
    severity: str
    rows: int
    expected: str
    what_to_do: str
    effect: str


@dataclass(frozen=True)
class ClearanceLine:
    """How many faults are open, and what became of those of the extract before: of a rule, or of a month's extracts."""

    dataset: str  # of a rule; of a month, the datasets without an extract sent for it
    name: str  # the rule, or the month as YYYY-MM
    open: int
    new: int
    cleared: int
    unseen: int
    long_open: int
    rows_left_out: int


@dataclass(frozen=True)
class CorrectionLine:
    """Corrections of one column for one reason; no record is named."""

    dataset: str
    column: str
    records: int
    extracts: int
    reason: str
    by: str
    date: str


@dataclass(frozen=True)
class ExtractLine:
    """The extract that speaks for the report month, of one dataset."""

    dataset: str
    state: str
    extracted_at: str
    months: str
    files: str
    rows: int | None


@dataclass(frozen=True)
class Remark:
    """One line of the first page: under which heading, about which measure (empty: none), in words."""

    heading: str
    measure_id: str
    text: str


@dataclass(frozen=True)
class Note:
    """One term or symbol and what it means."""

    term: str
    meaning: str


@dataclass(frozen=True)
class PackContent:
    """One pack, for one audience and month."""

    title: str
    authority: str
    month: str
    month_label: str
    audience: str
    plan_title: str
    fingerprint: str
    known_at: str
    need_to_know: tuple[Remark, ...]
    cannot_be_said: tuple[str, ...]
    pages: tuple[MeasurePage, ...]
    tables: tuple[TablePage, ...]
    plan: tuple[PlanLine, ...]
    extracts: tuple[ExtractLine, ...]
    faults: tuple[FaultLine, ...]
    fault_rules: tuple[ClearanceLine, ...]
    fault_months: tuple[ClearanceLine, ...]  # oldest first, the report month last
    corrections: tuple[CorrectionLine, ...]
    notes: tuple[Note, ...]
