"""Page 11, quality of practice: what audits, reviews and the handling of contacts and allegations show."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period
from perfpipe.measures.words import Movement
from perfpipe.packs.content.pages.exceptions import exception
from perfpipe.packs.content.pages.levels import with_counts
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.pages.texts import paragraph, strong
from perfpipe.packs.content.pages.topic_drawings import WIDE, control_line, key_to_signals, told
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_tables import measure_table
from perfpipe.packs.content.pages.topic_words import movement, standing
from perfpipe.packs.models.blocks import Block, BoardPage, Manner, Picture, Terms

GROUPS = (
    (
        "Audits, 12 months",
        tuple(FigureOf(name, Period.ROLLING_12) for name in (
            "audits_good", "reaudits_improved", "plans_with_risk_statement", "chronologies_good", "assessments_good",
            "plans_good",
        )),
    ),
    (
        "Contacts, assessments and reviews, in the month",
        tuple(FigureOf(name, Period.MONTH) for name in (
            "contacts_decided_1_day", "assessments_within_45_days", "children_seen_in_assessment", "reviews_on_time",
        )),
    ),
    (
        "Allegations and private fostering, in the quarter",
        tuple(FigureOf(name, Period.QUARTER) for name in ("allegations_concluded", "private_fostering_visits")),
    ),
    (
        "Adopters, 12 months",
        tuple(FigureOf(name, Period.ROLLING_12) for name in (
            "adopters_stage_1_in_time", "adopters_stage_2_in_time",
        )),
    ),
)  # fmt: skip
ABOUT = tuple(of for _, every in GROUPS for of in every)
AUDITS = FigureOf("audits_good", Period.ROLLING_12)
QUESTIONS = {
    Movement.WORSE: "What has changed in this work, and who is doing what about it?",
    Movement.BETTER: "What was done that others could do, too?",
}
QUESTION = "Which of these matters most to children, and what would it take to move it?"
MONTHS = 36


def quality_page(figures: TopicFigures, number: int) -> BoardPage:
    """Practice measures as one table, and the one that moved most as a chart."""
    groups = [(title, [of for of in every if figures.has(of)]) for title, every in GROUPS]
    mover = _mover(figures, [of for _, every in groups for of in every])
    return BoardPage(
        "quality-of-practice",
        number,
        "Quality of practice",
        _heading(figures, mover),
        (
            *_lede(figures, mover),
            measure_table(figures, "practice-measures", f"Practice in figures, {figures.month.label}", groups),
            *(_chart(figures, mover) if mover else ()),
            *_closing(figures, mover),
        ),
    )  # fmt: skip


def _mover(figures: TopicFigures, among: Sequence[FigureOf]) -> FigureOf | None:
    """Of those that became better or worse, and are not to be doubted, the one that moved furthest in a year."""
    found = [figures.subject(of) for of in among]
    moved = [each for each in found if each.row.movement in QUESTIONS and not each.is_doubtful and _moved(each)]
    most = max(moved, key=_moved, default=None)
    return FigureOf(most.measure.id, most.period) if most else None


def _moved(subject: Subject) -> float:
    row = subject.row
    if subject.measure.counts.unit is not Unit.PERCENT or row.value is None or row.year_value is None:
        return 0.0
    return abs(row.value - row.year_value)


def _heading(figures: TopicFigures, mover: FigureOf | None) -> str:
    if mover is None and all(figures.figure(of).value is None for of in ABOUT):
        return f"Quality of practice: no figures for {figures.month.label}"
    if mover is None:
        return "Quality of practice: nothing clearly better or worse"
    subject = figures.subject(mover)
    since = movement(subject.row)
    return f"{subject.title}: {subject.figure.shown}, {since}"


def _lede(figures: TopicFigures, mover: FigureOf | None) -> tuple[Block, ...]:
    """None where the exception says it, at the foot of the page."""
    if mover and _is_worse(figures, mover):
        return ()
    told = [standing(figures, of) for of in (mover or AUDITS,) if of and figures.has(of)]
    said = " ".join(dict.fromkeys(told)) or f"No measure of practice has a figure for {figures.month.label}."
    return (paragraph(said, Manner.LEDE),)


def _is_worse(figures: TopicFigures, of: FigureOf) -> bool:
    return figures.row(of).movement is Movement.WORSE


def _chart(figures: TopicFigures, of: FigureOf) -> tuple[Block, ...]:
    subject, series = figures.subject(of), figures.series(of)
    months = [Month.parse(row.month) for row in subject.rows]
    if series is None or not figures.is_a_line(of, months):
        return ()
    drawing = control_line(figures, of, series)
    return (
        Picture(
            id="practice-mover-chart",
            heading=f"The biggest mover: from {subject.year_ago.shown} to {subject.figure.shown} in a year",
            caption=f"{subject.title}, {series.period_title.lower()}, %; {with_counts(subject)} in "
            f"{figures.month.label}{key_to_signals(drawing.points)}",
            alt=f"Line to {figures.month.label}: {told(figures, of, months)}.",
            description=series.chart.alt_text,
            drawing=drawing,
            width=WIDE,
            height=34.0,
            keys=figures.keys(of, months),
        ),
    )


def _closing(figures: TopicFigures, mover: FigureOf | None) -> tuple[Block, ...]:
    question = QUESTIONS[figures.row(mover).movement] if mover else QUESTION
    if mover and _is_worse(figures, mover):
        series = figures.series(mover)
        return (
            exception(figures.subject(mover), "Exception: what is worse", series.words if series else None, question),
        )
    return (Terms((("Question to put", (strong(question),)),)),)
