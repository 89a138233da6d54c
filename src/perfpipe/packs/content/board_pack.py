"""Build the one content model of a pack: what stands in any of its outputs is decided here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pandas as pd

from perfpipe.assess.comparators import Comparators
from perfpipe.commentary.comment import NO_COMMENTARY, Commentary
from perfpipe.compute.staying_curve import StayingPoint
from perfpipe.datasets import BY_ID
from perfpipe.dates.months import LONDON, Month
from perfpipe.history.first_figures import MeanRevision
from perfpipe.history.last_meeting import LastMeeting, pack_day
from perfpipe.history.revision import Revision
from perfpipe.measures.definition import Measure
from perfpipe.measures.words import GOOD_IS, capital
from perfpipe.packs.content.assessed_rows import Rows
from perfpipe.packs.content.commentary import shown_commentary, with_words
from perfpipe.packs.content.comparisons import Comparing
from perfpipe.packs.content.fault_lines import fault_lines
from perfpipe.packs.content.faults_over_time import month_lines, rule_lines
from perfpipe.packs.content.pages.assembly import board_pages
from perfpipe.packs.content.pages.frame import data_age, page_frame
from perfpipe.packs.content.pages.material import Material
from perfpipe.packs.content.pages.scorecard import topic_of
from perfpipe.packs.content.plan_lines import plan_lines
from perfpipe.packs.content.plan_pages import plan_pages
from perfpipe.packs.content.revisions import revision_table
from perfpipe.packs.content.series import Scene, period_line, series_of
from perfpipe.packs.content.since_meeting import since_meeting
from perfpipe.packs.content.tables import table_pages
from perfpipe.packs.models.blocks import PageFrame
from perfpipe.packs.models.chart import Chart
from perfpipe.packs.models.commentary import OwnersCommentary
from perfpipe.packs.models.data_quality import CorrectionLine, ExtractLine
from perfpipe.packs.models.pack import MeasurePage, PackContent, is_headline
from perfpipe.packs.models.plan import PlanPages, ProgressChart
from perfpipe.packs.models.sources import ExtractUse, FaultCount
from perfpipe.packs.wording.notes import notes
from perfpipe.plan import PackName, Plan, measures_shown
from perfpipe.reconcile.fault_history import FaultHistory

AUDIENCES = {
    "board": "Improvement Board: restricted",
    "public": "Scrutiny Board: public",
    "analyst": "Performance team: restricted",
}


@dataclass(frozen=True)
class PackHead:
    """Which pack it is: for which month and audience (a `PackName`), whose, by which run, and what was known to it.

    Percentages of fewer than `low_base` never stand alone. `marking` stands on every page, as that it is a draft.
    """

    month: Month
    authority: str
    audience: str
    fingerprint: str
    known_at: datetime | None
    low_base: int = 20
    marking: str = ""
    reason: str = ""  # why the month was run again
    edition: str = ""  # edition 1, draft 2


@dataclass(frozen=True)
class DataBehind:
    """What the figures were made of: faults by rule, extracts, faults over time by dataset, corrections.

    And what the last meeting was shown, what differs from what was seen, how far first figures move later, and what
    owners wrote of their measures.
    """

    faults: Sequence[FaultCount]
    extracts: Sequence[ExtractUse]
    histories: Mapping[str, FaultHistory] = field(default_factory=dict)
    corrections: tuple[CorrectionLine, ...] = ()
    last_meeting: LastMeeting | None = None
    staying: tuple[StayingPoint, ...] = ()  # of new social workers, by months since appointment
    revisions: Sequence[Revision] | None = None  # None: nothing was ever seen
    moves: Mapping[tuple[str, str], MeanRevision] = field(default_factory=dict)
    commentary: Commentary = NO_COMMENTARY


def build_content(
    assessed: pd.DataFrame,
    head: PackHead,
    plan: Plan,
    measures: tuple[Measure, ...],
    data: DataBehind,
    *,
    comparators: Comparators | None = None,
    begin: Callable[[Chart | ProgressChart], None] = lambda _: None,
) -> PackContent:
    """Everything that a pack shows.

    `assessed` has a row per (measure_id, month, period, breakdown, group) for the month and the 35 before; a figure
    without a row is shown as not available. `measures` are all that have figures: which of them the audience sees, in
    which order and by which titles, is the plan's to say. `plan` has the statuses of actions as they were reported, and
    is shown as at the last day of the month. Of `comparators` only what had been released by `known_at` is shown.
    `begin` is given each chart as soon as it is known.
    """
    month = head.month
    scene = Scene(Rows(assessed), month, head.authority, plan, head.low_base, data.moves)
    lines = _extract_lines(data.extracts)
    chosen = measures_shown(plan, measures, PackName(head.audience))
    commentary = shown_commentary(scene, chosen, data.commentary, PackName(head.audience))
    comparing = Comparing(comparators, month, head.authority, head.known_at)
    pages = with_words(_pages(scene, chosen, lines, comparing, begin), commentary)
    progress = plan_pages(plan, assessed, month, measures, chosen, head.authority)
    if progress.chart:
        begin(progress.chart)
    content = _content(head, data, scene, chosen, lines, pages, progress, commentary)
    day = pack_day(plan, month, head.known_at)
    material = Material(scene, chosen, content, day, data.extracts, data.last_meeting, data.staying)
    return replace(content, board_pages=board_pages(material))


def _content(
    head: PackHead,
    data: DataBehind,
    scene: Scene,
    chosen: tuple[Measure, ...],
    extracts: tuple[ExtractLine, ...],
    pages: tuple[MeasurePage, ...],
    progress: PlanPages,
    commentary: OwnersCommentary,
) -> PackContent:
    month = head.month
    return PackContent(
        title=f"Children's services performance, {month.label}",
        authority=head.authority,
        month=str(month),
        month_label=month.label,
        audience="; ".join(filter(None, (AUDIENCES.get(head.audience, head.audience), head.marking))),
        marking=head.marking,
        reason=head.reason,
        plan_title=scene.plan.title,
        fingerprint=head.fingerprint,
        known_at=_instant(head.known_at) if head.known_at else "as known now: every delivery received",
        since=since_meeting(data.last_meeting, scene.plan, month, pages),
        revisions=revision_table(data.revisions, chosen),
        pages=pages,
        tables=table_pages(scene, chosen),
        plan=plan_lines(scene.plan, pages, progress.lines),
        progress=progress,
        extracts=extracts,
        faults=fault_lines(data.faults, chosen),
        fault_rules=rule_lines(data.histories),
        fault_months=month_lines(data.histories, month),
        corrections=data.corrections,
        notes=notes(head.low_base),
        commentary=commentary,
        frame=_frame(head, scene.plan),
    )


def _frame(head: PackHead, plan: Plan) -> PageFrame:
    age = data_age(plan, head.month, head.known_at)
    return page_frame(head.authority, PackName(head.audience), head.month, head.edition, age, head.marking)


def _pages(
    scene: Scene,
    chosen: tuple[Measure, ...],
    extracts: tuple[ExtractLine, ...],
    comparing: Comparing,
    begin: Callable[[Chart | ProgressChart], None],
) -> tuple[MeasurePage, ...]:
    """A page for each measure that has one; charts of headlines are begun before the next page is made."""
    pages: list[MeasurePage] = []
    for measure in chosen:
        if measure.shown.table is None and scene.plan.shows(measure):
            pages.append(_page(scene, measure, extracts, comparing))
            for series in filter(is_headline, pages[-1].series):
                begin(series.chart)
    return tuple(pages)


def _page(scene: Scene, measure: Measure, extracts: tuple[ExtractLine, ...], comparing: Comparing) -> MeasurePage:
    data = _data_of(measure, extracts)
    charted = [each for each in measure.periods if each is measure.periods[0] or scene.plan.target_of(measure, each)]
    over = [(period, series_of(scene, measure, period, data)) for period in charted]
    return MeasurePage(
        measure_id=measure.id,
        code=measure.code,
        title=measure.title,
        definition=measure.definition,
        why_it_matters=measure.why_it_matters,
        good_is=capital(GOOD_IS[measure.shown.polarity]),
        owner=measure.owner,
        source=measure.source,
        data=capital(data),
        traced_by=f"perfpipe explain {measure.id} {scene.month}",
        serves=tuple(
            each.title if each.topic else f"Recommendation {each.id}: {each.title}"
            for each in scene.plan.recommendations
            if measure.id in scene.plan.measures_of(each)
        ),
        is_count=measure.counts.is_count,
        longer=tuple(period_line(scene, measure, each) for each in measure.periods if each not in charted),
        series=tuple(replace(each, comparators=comparing.table_of(measure, period, each)) for period, each in over),
        topic=topic_of(measure),
    )


def _data_of(measure: Measure, extracts: tuple[ExtractLine, ...]) -> str:
    title = measure.basis.dataset.title
    line = next((line for line in extracts if line.dataset == title), None)
    if line is None or line.state != "Received":
        return f"extract '{title}', not received for this month"
    return f"extract '{title}' of {line.extracted_at}"


def _instant(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local.day} {Month.of(local.date()).label}, {local:%H:%M}"


def _extract_lines(extracts: Sequence[ExtractUse]) -> tuple[ExtractLine, ...]:
    return tuple(
        ExtractLine(
            dataset=BY_ID[each.dataset].title,
            state="Received" if each.extracted_at else "Missing",
            extracted_at=_instant(each.extracted_at) if each.extracted_at else "",
            months=f"{each.months[0]} to {each.months[1]}" if each.months else "",
            files=", ".join(each.files),
            rows=each.rows,
        )
        for each in extracts
    )
