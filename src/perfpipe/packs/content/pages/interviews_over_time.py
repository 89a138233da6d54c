"""Page 6, interviews within 72 hours over time: in and out of area, who is missing now, and who goes missing often."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Period
from perfpipe.measures.return_home_interviews import AREA
from perfpipe.measures.words import Status
from perfpipe.packs.content.pages.exceptions import exception
from perfpipe.packs.content.pages.headings import headline
from perfpipe.packs.content.pages.levels import a_year_ago, with_counts
from perfpipe.packs.content.pages.texts import paragraph, plain, strong
from perfpipe.packs.content.pages.topic_drawings import (
    WIDE,
    TopicLine,
    control_line,
    key_to_signals,
    keys_of,
    marked,
    panels_of,
    since_first,
    told,
    told_panels,
)
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_words import SPACE, level, movement, nothing_to_draw, standing
from perfpipe.packs.models.blocks import Block, BoardPage, Manner, Picture, Terms, Text

IN_TIME = FigureOf("rhi_within_72h", Period.MONTH)
OF_YEAR = FigureOf("rhi_within_72h", Period.ROLLING_12)
BACKLOG = FigureOf("rhi_backlog", Period.ROLLING_12)
MISSING = FigureOf("missing_at_month_end", Period.MONTH_END)
OFTEN = FigureOf("missing_often", Period.LAST_90_DAYS)
ABOUT = (IN_TIME, OF_YEAR, BACKLOG, MISSING, OFTEN)
IN_AREA, OUT_OF_AREA = list(AREA.groups)[:2]
AREAS = ((IN_AREA, "Living in the area"), (OUT_OF_AREA, "Living out of the area"))
WHERE = ((IN_AREA, "in the area"), (OUT_OF_AREA, "out of area"), ("not_known", "area not recorded"))
QUESTION = "What would it take to interview children out of area as fast as those who live here?"
QUESTION_OF_ALL = "What keeps the interviews that are late from being done in three days?"


def over_time_page(figures: TopicFigures, number: int) -> BoardPage:
    """Interviews within 72 hours: 36 months, by area, and the children who are missing."""
    months = figures.last(36)
    return BoardPage(
        "interviews-over-time",
        number,
        "Interviews over time",
        headline(figures, IN_TIME, "Interviews in time"),
        (
            paragraph(_lede(figures), Manner.LEDE),
            _line(figures, months),
            _by_area(figures, months),
            *_missing(figures),
        ),
    )


def _lede(figures: TopicFigures) -> str:
    return " ".join(filter(None, (standing(figures, IN_TIME), _overdue(figures))))


def _overdue(figures: TopicFigures) -> str:
    """`315 interviews of these 12 months are overdue; a year ago 364, no clear change.`"""
    if not figures.has(BACKLOG) or figures.figure(BACKLOG).value is None:
        return ""
    subject, month = figures.subject(BACKLOG), figures.month.label.replace(" ", SPACE)
    many = "interview is" if figures.count(BACKLOG) == 1 else "interviews are"
    said = "; ".join(filter(None, (movement(subject.row), a_year_ago(subject))))
    return f"Of the returns in the 12 months to {month}, {with_counts(subject)} {many} overdue" + (
        f": {said}." if said else "."
    )


def _line(figures: TopicFigures, months: Sequence[Month]) -> Block:
    series = figures.series(IN_TIME)
    if series is None or not figures.is_a_line(IN_TIME, months):
        return nothing_to_draw(figures, IN_TIME, "interviews within 72 hours")
    drawing = control_line(figures, IN_TIME, series)
    return Picture(
        id="interviews-in-time-chart",
        heading=f"Interviews in time: {drawing.remark}" if drawing.remark else "Interviews in time, month by month",
        caption=f"Returns with an interview within 72 hours, % of those due, by month of return; "
        f"{with_counts(figures.subject(IN_TIME))} in {figures.month.label}"
        f"{key_to_signals(drawing.points)}",
        alt=f"Line of the months to {figures.month.label}: {told(figures, IN_TIME, months[-25:])}.",
        description=series.chart.alt_text,
        drawing=drawing,
        width=WIDE,
        height=54.0,
        keys=figures.keys(IN_TIME, [Month.parse(point.month) for point in drawing.points]),
    )


def _by_area(figures: TopicFigures, months: Sequence[Month]) -> Block:
    drawn = [TopicLine(OF_YEAR.within(AREA.id, group), title) for group, title in AREAS]
    drawn = [each for each in drawn if figures.has(OF_YEAR) and figures.is_a_line(each.of, months)]
    if not drawn:
        return paragraph("No chart in and out of area: there are not yet two months with figures.", Manner.NOTE)
    months = since_first(figures, drawn, months)
    latest = "; ".join(
        f"{each.title.lower()} {level(figures.figure(each.of), figures.measure(OF_YEAR))}" for each in drawn
    )
    return Picture(
        id="interviews-by-area-chart",
        heading=_finding_by_area(figures),
        caption=f"% within 72 hours, in the 12 months to each month end. {figures.month.label}: {latest}",
        alt=f"Two small lines on one scale. 12 months to {figures.month.label}: {latest}.",
        description=told_panels(figures, drawn, months),
        drawing=panels_of(figures, drawn, months),
        width=WIDE,
        height=40.0,
        keys=keys_of(figures, drawn, months),
    )


def _finding_by_area(figures: TopicFigures) -> str:
    """Whether the intervals of the year lie apart; no test is made here."""
    here, away = (figures.row(OF_YEAR.within(AREA.id, group)) for group, _ in AREAS)
    if None in (here.lower, here.upper, away.lower, away.upper):
        return "In the area and out of it"
    if (away.upper or 0) < (here.lower or 0):
        return "Out of area, fewer are in time"
    more = (away.lower or 0) > (here.upper or 0)
    return "Out of area, more are in time" if more else "In and out of area: no clear difference"


def _missing(figures: TopicFigures) -> tuple[Block, ...]:
    """Who is missing now and who often."""
    terms = []
    if figures.has(MISSING):
        area = [(figures.count(MISSING.within(AREA.id, group)), title) for group, title in WHERE]
        where = ", ".join(f"{number:,} {title}" for number, title in area if number)
        said = f"at the end of {figures.month.label}" + (f": {where}" if where else "")
        terms.append(("Missing now", _counted(figures, MISSING, f"still missing {said}")))
    if figures.has(OFTEN):
        said = "children went missing three times or more in 90 days"
        terms.append(("Repeats", _counted(figures, OFTEN, said)))
    return (Terms(tuple(terms)), *_closing(figures)) if terms else _closing(figures)


def _counted(figures: TopicFigures, of: FigureOf, what: str) -> Text:
    """So many, and how many a year ago; without a figure, why."""
    figure, before = figures.figure(of), figures.figure(of, figures.month - 12)
    year = f"; a year ago {marked(before)}" if before.value is not None else ""
    if figure.value is None:
        return plain(f"No figure for {figures.month.label}: {figure.reason or 'none was computed'}{year}.")
    return plain(f"{marked(figure)} {what}{year}.")


def _closing(figures: TopicFigures) -> tuple[Block, ...]:
    """The exception, where the target is missed, and a question to put."""
    if figures.figure(IN_TIME).value is None:
        return ()
    question = _question(figures)
    if figures.has(IN_TIME) and figures.row(IN_TIME).status is Status.MISSED:
        series = figures.series(IN_TIME)
        words = series.words if series else None
        return (exception(figures.subject(IN_TIME), "Exception: interviews within 72 hours", words, question),)
    return (Terms((("Question to put", (strong(question),)),)),)


def _question(figures: TopicFigures) -> str:
    """About those out of area where their interval is below that of the others, else about all."""
    here, away = (figures.row(OF_YEAR.within(AREA.id, group)) for group, _ in AREAS)
    clear = away.upper is not None and here.lower is not None and away.upper < here.lower
    return QUESTION if clear else QUESTION_OF_ALL
