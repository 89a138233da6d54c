"""The content of a pack: finished strings for readers, and plain numbers for charts and cells.

Nothing here is computed later: charts and workbooks only place what stands in these classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from perfpipe.packs.models.blocks import BoardPage, PageFrame
from perfpipe.packs.models.chart import Chart, Figure, Point
from perfpipe.packs.models.commentary import OwnersCommentary, OwnersWords
from perfpipe.packs.models.data_quality import ClearanceLine, CorrectionLine, ExtractLine, FaultLine
from perfpipe.packs.models.plan import PlanPages, ProgressChart
from perfpipe.packs.models.revisions import RevisionTable
from perfpipe.packs.models.since import SinceMeeting


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
    words: OwnersWords | None = None  # of its owner


def is_headline(series: Series) -> bool:
    """Whether a series has a target in the report month: then its chart stands in the workbook, too."""
    return series.latest.target_band is not None


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
    traced_by: str  # the command that lists the rows behind the month's figure
    serves: tuple[str, ...]  # the recommendations and topics
    is_count: bool
    longer: tuple[PeriodLine, ...]
    series: tuple[Series, ...]
    topic: str = ""  # under which of few headings it stands with others


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
    topic: str = ""


@dataclass(frozen=True)
class PlanLine:
    """One measure's latest figure under a recommendation and its actions; without a measure, words that say so."""

    recommendation: str
    title: str
    actions: str  # 3 of 5 done, 1 overdue
    measure_id: str
    code: str
    measure: str
    latest: str
    target: str
    status: str
    variation: str
    sentence: str


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
    marking: str  # on every page, where it is no edition
    reason: str  # why the month was run again; empty where nobody said
    plan_title: str
    fingerprint: str
    known_at: str
    since: SinceMeeting | None  # None: no meeting with data has been
    revisions: RevisionTable
    pages: tuple[MeasurePage, ...]
    tables: tuple[TablePage, ...]
    plan: tuple[PlanLine, ...]
    progress: PlanPages
    extracts: tuple[ExtractLine, ...]
    faults: tuple[FaultLine, ...]
    fault_rules: tuple[ClearanceLine, ...]
    fault_months: tuple[ClearanceLine, ...]  # oldest first, the report month last
    corrections: tuple[CorrectionLine, ...]
    notes: tuple[Note, ...]
    commentary: OwnersCommentary
    frame: PageFrame | None = None
    board_pages: tuple[BoardPage, ...] = ()  # need to know first

    @property
    def charts(self) -> tuple[Chart | ProgressChart, ...]:
        """Every chart of the pack."""
        plan = (self.progress.chart,) if self.progress.chart else ()
        return (*plan, *(series.chart for page in self.pages for series in page.series))

    @property
    def headline_charts(self) -> tuple[Chart | ProgressChart, ...]:
        """The charts that stand in the workbook: of the plan, and of measures with a target."""
        plan = (self.progress.chart,) if self.progress.chart else ()
        return (*plan, *(series.chart for page in self.pages for series in page.series if is_headline(series)))
