"""Page 9, new social workers: who is still here after 6, 12 and 24 months, newly qualified or experienced."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.compute.staying_curve import StayingPoint
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period
from perfpipe.measures.shown_numbers import scaled
from perfpipe.measures.social_workers import EXPERIENCE
from perfpipe.packs.content.pages.headings import headline
from perfpipe.packs.content.pages.texts import paragraph
from perfpipe.packs.content.pages.topic_drawings import WIDE, latest_label
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_tables import measure_table
from perfpipe.packs.content.pages.topic_words import level, nothing_to_draw, standing
from perfpipe.packs.models.blocks import Block, BoardPage, Manner, Picture, Terms, Words
from perfpipe.packs.models.chart import Axis
from perfpipe.packs.models.drawings import DotRow, Dots, Survival, SurvivalStep, Tone
from perfpipe.packs.wording.numbers import show_interval

AFTER = (6, 12, 24)
YEAR = FigureOf("retained_12_months", Period.COHORT)
KINDS = list(EXPERIENCE.groups.items())[:2]
WHOLE = Axis(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0), "Percentage", True)
SAME = 1e-9
ROW = 7.0  # mm
ENDS = 11.0
JOINED = FigureOf("new_appointments", Period.ROLLING_12)
LEFT = FigureOf("leavers", Period.ROLLING_12)
WAITING = FigureOf("not_yet_12_months", Period.COHORT)
ESTIMATE = FigureOf("retention_estimate_12_months", Period.COHORT)
TABLE = (JOINED, LEFT, FigureOf("stability_index", Period.ROLLING_12))
ABOUT = (*(FigureOf(f"retained_{months}_months", Period.COHORT) for months in AFTER), *TABLE)
METHOD = (
    "The share of all who came in three years is a Kaplan-Meier estimate: those still here count for the time so far."
)


def new_workers_page(figures: TopicFigures, number: int) -> BoardPage:
    """Who of those newly appointed stays."""
    return BoardPage(
        "new-social-workers",
        number,
        "New social workers",
        headline(figures, YEAR, "New social workers still here after a year"),
        (
            paragraph(_lede(figures), Manner.LEDE),
            _retained(figures),
            _by_experience(figures),
            _curve(figures) or _estimates(figures),
            measure_table(figures, "new-worker-measures", "Who came and who left",
                          [("", TABLE)]),
            *_closing(figures),
        ),
    )  # fmt: skip


def _lede(figures: TopicFigures) -> str:
    joined = figures.figure(JOINED)
    came = f"{joined.alone} were newly appointed in the 12 months." if joined.value is not None else ""
    return " ".join(filter(None, (standing(figures, YEAR), came)))


def _row(figures: TopicFigures, of: FigureOf, label: str, tone: Tone = Tone.THIRD) -> DotRow:
    figure, row = figures.figure(of), figures.row(of)
    unit = Unit.PERCENT
    interval = (row.lower, row.upper) if figure.value is not None else (None, None)
    lower, upper = (None if end is None else float(scaled(end, unit)) for end in interval)
    counts = "" if figure.numerator is None or figures.measure(of).counts.statistic else (
        f" ({figure.numerator:,.0f} of {figure.denominator:,.0f})"
    )  # fmt: skip
    return DotRow(label, figure.plotted, f"{latest_label(figure)}{counts}", lower, upper, tone)


def _dots(
    figures: TopicFigures,
    id_: str,
    heading: str,
    of_whom: str,
    caption: str,
    rows: Sequence[tuple[FigureOf, str, Tone]],
) -> Block:
    drawn = [(of, label, tone) for of, label, tone in rows if figures.has(of)]
    if all(figures.figure(of).value is None for of, _, _ in drawn):
        return nothing_to_draw(figures, rows[0][0], of_whom)
    dots = tuple(_row(figures, of, label, tone) for of, label, tone in drawn)
    said = "; ".join(f"{dot.label}: {dot.shown}" for dot in dots)
    within = "; ".join(
        f"{label} {show_interval(figures.row(of).lower, figures.row(of).upper, Unit.PERCENT)}"
        for of, label, _ in drawn
        if figures.figure(of).value is not None and figures.row(of).lower is not None
    )
    return Picture(
        id=id_,
        heading=heading,
        caption=caption,
        alt=f"Dots on a line from 0% to 100%. {said}.",
        description=f"{said}." + (f" 95% intervals: {within}." if within else ""),
        drawing=Dots(WHOLE, dots),
        width=WIDE,
        height=ENDS + ROW * len(dots),
        keys=tuple(figures.figure(of).key for of, _, _ in drawn),
    )


def _retained(figures: TopicFigures) -> Block:
    rows = [(FigureOf(f"retained_{months}_months", Period.COHORT), f"After {months} months",
             Tone.FOCUS if months == 12 else Tone.THIRD) for months in AFTER]  # fmt: skip
    return _dots(
        figures,
        "retained-chart",
        _stayed(
            figures,
            [(FigureOf(f"retained_{months}_months", Period.COHORT), f"After {months} months") for months in AFTER[1:]],
        )
        or "Still here after 6, 12 and 24 months",
        "who is still here after 6, 12 and 24 months",
        f"% of those who came to that point in the year to {figures.month.label}, with 95% interval and counts",
        rows,
    )


def _stayed(figures: TopicFigures, among: Sequence[tuple[FigureOf, str]]) -> str:
    """`Newly qualified: 16 of 17 stayed; experienced: 32 of 41`, of those that have figures."""
    there = [(figures.figure(of), label) for of, label in among]
    words = [f"{label.lower()} {figure.numerator:,.0f} of {figure.denominator:,.0f}" for figure, label in there
             if figure.numerator is not None and figure.denominator is not None]  # fmt: skip
    return f"Still here: {', '.join(words)}" if words else ""


def _chance(figures: TopicFigures) -> str:
    year = figures.figure(ESTIMATE)
    if year.value is None:
        return "Of all who came in three years: the chance to stay"
    return f"Of all who came in three years, about {year.shown} stay a year"


def _by_experience(figures: TopicFigures) -> Block:
    return _dots(
        figures,
        "retained-by-experience-chart",
        _stayed(figures, [(YEAR.within(EXPERIENCE.id, group), label) for group, label in KINDS])
        or "After a year: newly qualified and experienced",
        "who is still here after a year, newly qualified or experienced",
        f"% still here after 12 months, by experience when appointed, with 95% interval and counts{_unknown(figures)}",
        [(YEAR.within(EXPERIENCE.id, group), label, Tone.THIRD) for group, label in KINDS],
    )


def _unknown(figures: TopicFigures) -> str:
    """How many are in neither, as it is not recorded what they were; empty where all are in one."""
    of = [figures.figure(YEAR.within(EXPERIENCE.id, group)).denominator for group in list(EXPERIENCE.groups)[2:]]
    there = [f"{number:,.0f}" for number in of if number]
    return f"; not recorded for {' and '.join(there)}" if there else ""


def _estimates(figures: TopicFigures) -> Block:
    return _dots(
        figures,
        "retention-estimate-chart",
        _chance(figures),
        "how long all who came in three years stay",
        "Share still in post, counting those whose time is not up as far as they have come, with 95% interval",
        [(FigureOf(f"retention_estimate_{months}_months", Period.COHORT), f"{months} months", Tone.THIRD)
         for months in AFTER],
    )  # fmt: skip


def _curve(figures: TopicFigures) -> Picture | None:
    """The survival curve, where it goes through the figures of the estimates; else they stand as dots."""
    points = figures.staying
    estimates = [(months, FigureOf(f"retention_estimate_{months}_months", Period.COHORT)) for months in AFTER]
    known = {months: figures.figure(of) for months, of in estimates if figures.figure(of).value is not None}
    shares = {point.months: point.share for point in points}
    if not known or any(abs(shares.get(months, -1.0) - (each.value or 0.0)) > SAME for months, each in known.items()):
        return None
    at_risk = "; ".join(f"{point.months} months {point.at_risk}" for point in points if point.months % 6 == 0)
    said = "; ".join(f"{months} months {figure.shown}" for months, figure in known.items())
    return Picture(
        id="staying-curve",
        heading=_chance(figures),
        caption="Share still in post by months since appointment, of those appointed in the 36 months to "
        f"{figures.month.label}; the shade is the 95% interval",
        alt=f"Curve that falls from 100%: {said}.",
        description=f"{said}. People counted at each point: {at_risk}.",
        drawing=Survival(WHOLE, tuple(map(_step, points)), "months since appointment", "people counted at each point",
                         tuple((months, f"{months} months {figure.shown}") for months, figure in known.items())),
        width=WIDE,
        height=46.0,
        keys=tuple(figure.key for figure in known.values()),
    )  # fmt: skip


def _step(point: StayingPoint) -> SurvivalStep:
    share, lower, upper = (float(scaled(end, Unit.PERCENT)) for end in (point.share, point.lower, point.upper))
    return SurvivalStep(point.months, share, lower, upper, point.at_risk)


def _closing(figures: TopicFigures) -> tuple[Block, ...]:
    if figures.figure(YEAR).value is None:
        return ()
    newly = YEAR.within(EXPERIENCE.id, KINDS[0][0])
    said = f"Newly qualified, after a year: {level(figures.figure(newly), figures.measure(YEAR))}."
    waiting = figures.figure(WAITING)
    if waiting.value is not None:
        said += f" A further {waiting.alone} have not yet been here for 12 months."
    question = "What do those who left within a year say about why, and what has been changed since?"
    terms = (("To note", (Words(said),)), ("Question to put", (Words(question, strong=True),)))
    return (Terms(terms, note=METHOD if figures.has(ESTIMATE) else ""),)
