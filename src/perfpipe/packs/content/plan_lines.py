"""The plan's recommendations and topics, each beside its measures of the pack."""

from __future__ import annotations

from perfpipe.measures.words import NOTHING
from perfpipe.packs.models.pack import MeasurePage, PlanLine, Series
from perfpipe.packs.models.plan import RecommendationLine
from perfpipe.plan import Plan

EVIDENCE_ONLY = "No measure yet: evidence only"
NOT_SHOWN = "Its measures have no page in this pack"


def plan_lines(
    plan: Plan, pages: tuple[MeasurePage, ...], progress: tuple[RecommendationLine, ...]
) -> tuple[PlanLine, ...]:
    """Every recommendation and topic with its actions and its measures of the pack, in the pack's order.

    `progress` has a line for each recommendation of the plan, in its order.
    """
    lines: list[PlanLine] = []
    for recommendation, line in zip(plan.recommendations, progress, strict=True):
        ids = plan.measures_of(recommendation)
        shown = [page for page in pages if page.measure_id in ids]
        of_it = [_plan_line(line, page, series) for page in shown for series in page.series]
        without = (NOT_SHOWN, line.sentence) if ids else (EVIDENCE_ONLY, line.evidence)
        lines += of_it or [_without_measure(line, *without)]
    return tuple(lines)


def _plan_line(line: RecommendationLine, page: MeasurePage, series: Series) -> PlanLine:
    period = f" ({series.period_title[0].lower()}{series.period_title[1:]})" if len(page.series) > 1 else ""
    latest = series.latest
    return PlanLine(
        recommendation=line.name,
        title=line.title,
        actions=line.in_brief,
        measure_id=page.measure_id,
        code=page.code,
        measure=f"{page.title}{period}",
        latest=latest.in_words,
        target=latest.target,
        status=latest.status,
        variation=series.variation,
        sentence=series.finding,
    )


def _without_measure(line: RecommendationLine, words: str, sentence: str) -> PlanLine:
    return PlanLine(
        recommendation=line.name,
        title=line.title,
        actions=line.in_brief,
        measure_id="",
        code=NOTHING,
        measure=words,
        latest=NOTHING,
        target=NOTHING,
        status=NOTHING,
        variation=NOTHING,
        sentence=sentence,
    )
