"""What stands before the measures: need to know, what cannot be said, the plan, and faults by rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from perfpipe.datasets import BY_ID
from perfpipe.measures.definition import Measure
from perfpipe.measures.words import NOTHING, Movement, Status
from perfpipe.packs.models.chart import Mark
from perfpipe.packs.models.data_quality import ExtractLine, FaultLine
from perfpipe.packs.models.pack import MeasurePage, PlanLine, Remark, Series
from perfpipe.packs.models.plan import RecommendationLine
from perfpipe.packs.models.sources import FaultCount
from perfpipe.packs.wording.numbers import listed
from perfpipe.plan import Plan
from perfpipe.rules.rule import UNUSABLE

EVIDENCE_ONLY = "No measure yet: evidence only"
NOT_SHOWN = "Its measures have no page in this pack"
OF_STATUS = {
    Status.MISSED: "Target missed",
    Status.NEAR: "Just short of the target",
    Status.MET: "Target met",
}
OF_MARKS = {
    (Mark.CONCERN,): "Outside normal variation: a concern",
    (Mark.IMPROVEMENT,): "Outside normal variation: an improvement",
    (Mark.HIGH, Mark.LOW): "Outside normal variation: neither good nor bad",
}
OF_MOVEMENT = {Movement.WORSE: "Worse", Movement.BETTER: "Better"}
NO_FIGURE = "No figure this month, and why"
LEFT_OUT = "Incomplete: records left out because of data faults"
EFFECTS = {  # the worst first
    "stop": "The run stops until it is corrected",
    "exclude": "Rows left out of {measures}",
    "warn": "Rows stay in the figures; to be checked",
    "info": "For information; figures are not affected",
}


def need_to_know(pages: tuple[MeasurePage, ...]) -> tuple[Remark, ...]:
    """What is off target, out of its usual range, worse, better, on target and unknown; without any, it says so."""
    every = [(page, series) for page in pages for series in page.series]
    remarks: list[Remark] = []
    for status in (Status.MISSED, Status.NEAR):
        chosen = [(page, series) for page, series in every if series.status == status]
        remarks += _remarks(OF_STATUS[status], chosen)
    for marks, heading in OF_MARKS.items():
        marked = [(page, series) for page, series in every if series.latest.mark in marks]
        remarks += _remarks(heading, marked, _varied)
    for movement, heading in OF_MOVEMENT.items():
        changed = [(page, series) for page, series in every if movement in series.moved and _may_lead(series)]
        remarks += _remarks(heading, changed, _changed)
    met = [(page, series) for page, series in every if series.status == Status.MET]
    remarks += _remarks(OF_STATUS[Status.MET], met)
    unknown = [(page, series) for page, series in every if series.latest.figure.value is None]
    lossy = [(page, series) for page, series in every if series.latest.figure.left_out]
    remarks += _remarks(LEFT_OUT, lossy)
    return (*remarks, *_remarks(NO_FIGURE, unknown))


def _may_lead(series: Series) -> bool:
    """Not what is still to change, and not what rests on few cases."""
    return not series.latest.figure.provisional and not series.latest.figure.low_base


def _finding(page: MeasurePage, series: Series) -> str:
    return series.finding


def _changed(page: MeasurePage, series: Series) -> str:
    return f"{page.title}: {series.latest.figure.full}, {series.change[0].lower()}{series.change[1:]}."


def _varied(page: MeasurePage, series: Series) -> str:
    return f"{page.title}: {series.latest.figure.full}. {series.variation}."


def _remarks(
    heading: str,
    chosen: list[tuple[MeasurePage, Series]],
    words: Callable[[MeasurePage, Series], str] = _finding,
) -> list[Remark]:
    if not chosen:
        return [Remark(heading, "", "None")]
    return [Remark(heading, page.measure_id, words(page, series)) for page, series in chosen]


def cannot_be_said(
    pages: tuple[MeasurePage, ...],
    extracts: tuple[ExtractLine, ...],
    measures: tuple[Measure, ...],
    month_label: str,
) -> tuple[str, ...]:
    """One line for each extract that is missing, and one for each measure without a figure."""
    lines = []
    for extract in extracts:
        if extract.state == "Missing":
            lost = [measure.code for measure in measures if measure.basis.dataset.title == extract.dataset]
            follows = f"; {listed(lost)} cannot be computed" if lost else ""
            lines.append(f"The extract '{extract.dataset}' for {month_label} is missing{follows}.")
    for page in pages:
        lines += [series.finding for series in page.series if series.latest.figure.value is None]
    return tuple(lines)


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


def fault_lines(faults: Sequence[FaultCount], measures: tuple[Measure, ...]) -> tuple[FaultLine, ...]:
    """Data faults, most serious first, with what they do to the figures."""
    lines = []
    for each in faults:
        known = BY_ID.get(each.dataset)
        title = known.title if known else each.dataset
        effect = EFFECTS[each.severity].format(measures=_left_out_of(each.defect, each.dataset, title, measures))
        lines.append(FaultLine(title, each.rule, each.severity, each.rows, each.expected, each.what_to_do, effect))
    worst = {severity: place for place, severity in enumerate(EFFECTS)}
    return tuple(sorted(lines, key=lambda line: (worst[line.severity], line.dataset, line.rule)))


def _left_out_of(defect: str, dataset: str, title: str, measures: tuple[Measure, ...]) -> str:
    if defect in ("", UNUSABLE.id):
        return f"every measure of '{title}'"
    shown = [measure.code for measure in measures if measure.leaves_out(dataset, defect)]
    return listed(shown) or "measures that are not in this pack"
