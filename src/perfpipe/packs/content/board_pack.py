"""Build the one content model of a pack: what stands in any of its outputs is decided here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from perfpipe.assess.comparators import Comparators
from perfpipe.datasets import BY_ID
from perfpipe.dates.months import LONDON, Month
from perfpipe.measures.definition import Measure
from perfpipe.packs.content.assessed_rows import Rows
from perfpipe.packs.content.comparisons import Comparing
from perfpipe.packs.content.faults_over_time import month_lines, rule_lines
from perfpipe.packs.content.front import cannot_be_said, fault_lines, need_to_know, plan_lines
from perfpipe.packs.content.plan_pages import plan_pages
from perfpipe.packs.content.series import Scene, period_line, series_of
from perfpipe.packs.content.tables import table_pages
from perfpipe.packs.models.chart import Chart
from perfpipe.packs.models.pack import CorrectionLine, ExtractLine, MeasurePage, PackContent
from perfpipe.packs.models.plan import ProgressChart
from perfpipe.packs.models.sources import ExtractUse, FaultCount
from perfpipe.packs.wording.notes import notes
from perfpipe.packs.wording.numbers import GOOD_IS
from perfpipe.plan import PackName, Plan, measures_shown
from perfpipe.reconcile.fault_history import FaultHistory

AUDIENCES = {
    "board": "Improvement Board: restricted",
    "public": "Scrutiny Board: public",
    "analyst": "Performance team: restricted",
}


def build_content(
    assessed: pd.DataFrame,
    *,
    month: Month,
    authority: str,
    audience: str,
    measures: tuple[Measure, ...],
    plan: Plan,
    faults: Sequence[FaultCount],
    extracts: Sequence[ExtractUse],
    fingerprint: str,
    known_at: datetime | None,
    low_base: int = 20,
    histories: Mapping[str, FaultHistory] | None = None,
    corrections: tuple[CorrectionLine, ...] = (),
    comparators: Comparators | None = None,
    begin: Callable[[Chart | ProgressChart], None] = lambda _: None,
) -> PackContent:
    """Everything that a pack for one month and audience shows.

    `assessed` has a row per (measure_id, month, period, breakdown, group) for the month and the 35 before;
    a figure without a row is shown as not available. `measures` are all that have figures: which of them the audience
    (a `PackName`) sees, in which order and by which titles, is the plan's to say. `plan` has the statuses of actions
    as they were reported, and is shown as at the last day of the month. `histories` has the faults over time, by
    dataset. Of `comparators` only what had been released by `known_at` is shown. `begin` is given each chart as soon as
    it is known.
    """
    scene = Scene(Rows(assessed), month, authority, plan, low_base)
    lines = _extract_lines(extracts)
    comparing = Comparing(comparators, month, authority, known_at)
    chosen = measures_shown(plan, measures, PackName(audience))
    with_page = [measure for measure in chosen if measure.table is None and plan.shows(measure)]
    made = []
    for measure in with_page:
        made.append(_page(scene, measure, lines, comparing))
        for series in made[-1].series:
            begin(series.chart)
    pages = tuple(made)
    progress = plan_pages(plan, assessed, month, measures, chosen, authority)
    if progress.chart:
        begin(progress.chart)
    return PackContent(
        title=f"Children's services performance, {month.label}",
        authority=authority,
        month=str(month),
        month_label=month.label,
        audience=AUDIENCES.get(audience, audience),
        plan_title=plan.title,
        fingerprint=fingerprint,
        known_at=_instant(known_at) if known_at else "as known now: every delivery received",
        need_to_know=need_to_know(pages),
        cannot_be_said=cannot_be_said(pages, lines, chosen, month.label),
        pages=pages,
        tables=table_pages(scene, chosen),
        plan=plan_lines(plan, pages, progress.lines),
        progress=progress,
        extracts=lines,
        faults=fault_lines(faults, chosen),
        fault_rules=rule_lines(histories or {}),
        fault_months=month_lines(histories or {}, month),
        corrections=corrections,
        notes=notes(low_base),
    )


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
        good_is=GOOD_IS[measure.polarity],
        owner=measure.owner,
        source=measure.source,
        data=f"{data[0].upper()}{data[1:]}",
        serves=tuple(
            each.title if each.topic else f"Recommendation {each.id}: {each.title}"
            for each in scene.plan.recommendations
            if measure.id in scene.plan.measures_of(each)
        ),
        is_count=measure.is_count,
        longer=tuple(period_line(scene, measure, each) for each in measure.periods if each not in charted),
        series=tuple(replace(each, comparators=comparing.table_of(measure, period, each)) for period, each in over),
    )


def _data_of(measure: Measure, extracts: tuple[ExtractLine, ...]) -> str:
    title = measure.dataset.title
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


__all__ = ["AUDIENCES", "PackContent", "build_content"]
