"""Page 10, the workforce: turnover on both bases, vacancies, agency workers and caseloads, and those of others."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period
from perfpipe.packs.content.comparisons import in_words
from perfpipe.packs.content.pages.headings import headline
from perfpipe.packs.content.pages.texts import paragraph, plain, strong
from perfpipe.packs.content.pages.topic_drawings import (
    WIDE,
    TopicLine,
    axis_for,
    keys_of,
    marked,
    moved,
    panels_of,
    since_first,
    told_panels,
)
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_tables import measure_table
from perfpipe.packs.content.pages.topic_words import level, standing
from perfpipe.packs.models.blocks import Block, BoardPage, Manner, Picture, Terms
from perfpipe.packs.models.drawings import DotRow, Dots, Tone
from perfpipe.packs.models.pack import ComparatorLine, ComparatorTable
from perfpipe.packs.wording.numbers import short_month

TURNOVER = FigureOf("turnover_12_months", Period.ROLLING_12)
VACANT = FigureOf("vacancy_rate", Period.MONTH_END)
AGENCY = FigureOf("agency_rate", Period.MONTH_END)
CASELOAD = FigureOf("average_caseload", Period.MONTH_END)
RATES = (
    TopicLine(TURNOVER, "Turnover, FTE"),
    TopicLine(FigureOf("turnover_hr_basis", Period.ROLLING_12), "Turnover, all leavers"),
    TopicLine(VACANT, "Vacant posts"),
    TopicLine(AGENCY, "Agency workers"),
)
BESIDE = ((TURNOVER, "Turnover"), (VACANT, "Vacancies"), (AGENCY, "Agency"))
KINDS = (("newly_qualified", "Newly qualified"), ("experienced", "Experienced"), ("agency", "Agency"))
TABLE = (TURNOVER, VACANT, AGENCY, CASELOAD)
OVER = FigureOf("over_caseload_ceiling", Period.MONTH_END)
ABOUT = (*TABLE, OVER)
QUESTION = "What is done for each social worker above the ceiling, and for the children on that caseload?"
QUESTION_OF_LEAVERS = "Which teams lose most social workers, and what do those who leave say about why?"
MONTHS = 36
OF_RATES = (
    "% on one scale. Turnover in 12 months: by FTE, as published nationally; and all leavers over the average in post"
)


def workforce_page(figures: TopicFigures, number: int) -> BoardPage:
    """Turnover, vacancies, agency workers and caseloads."""
    months = figures.last(MONTHS)
    caseloads, others = _caseloads(figures, months), _beside_others(figures)
    title = f"The workforce in figures, {figures.month.label}"
    table = measure_table(figures, "workforce-measures", title, [("", list(TABLE))])
    are_drawn = all(isinstance(each, Picture) for each in (caseloads, *others))
    return BoardPage(
        "workforce",
        number,
        "Workforce",
        headline(figures, TURNOVER, "Social worker turnover"),
        (
            paragraph(" ".join(filter(None, (standing(figures, TURNOVER), standing(figures, CASELOAD)))), Manner.LEDE),
            _lines(figures, "workforce-rates-chart", "Turnover, vacancies and agency workers", RATES, months, OF_RATES),
            caseloads,
            *others,
            *(() if are_drawn else (table,)),  # there is room for two of the three
            *_closing(figures),
        ),
    )


def _lines(
    figures: TopicFigures, id_: str, heading: str, among: Sequence[TopicLine], months: Sequence[Month], caption: str
) -> Block:
    drawn = [each for each in among if figures.has(each.of) and figures.is_a_line(each.of, months)]
    if not drawn:
        return paragraph(f"No chart of {heading[0].lower()}{heading[1:]}: there are not yet two months with figures.",
                     Manner.NOTE)  # fmt: skip
    months = since_first(figures, drawn, months)
    latest = "; ".join(
        f"{each.title} {level(figures.figure(each.of), figures.measure(each.of))}" for each in drawn
    )  # fmt: skip
    return Picture(
        id=id_,
        heading=moved(figures, drawn, heading),
        caption=caption,
        alt=f"Small lines to {figures.month.label}: {latest}.",
        description=f"{short_month(str(months[0]))} to {short_month(str(months[-1]))}. "
        f"{told_panels(figures, drawn, months)}",
        drawing=panels_of(figures, drawn, months),
        width=WIDE,
        height=40.0,
        keys=keys_of(figures, drawn, months),
    )


def _caseloads(figures: TopicFigures, months: Sequence[Month]) -> Block:
    drawn = [TopicLine(CASELOAD, "All social workers")]
    if figures.has(CASELOAD):
        groups = {group: each.id for each in figures.measure(CASELOAD).shown.breakdowns for group in each.groups}
        drawn += [TopicLine(CASELOAD.within(groups[group], group), title) for group, title in KINDS if group in groups]
    caption = "Cases for each full-time equivalent at the end of the month"
    return _lines(figures, "caseload-chart", "Average caseload", drawn, months, caption)


def _beside_others(figures: TopicFigures) -> tuple[Block, ...]:
    """Ours beside what was published; nothing where nothing was matched."""
    rows: list[DotRow] = []
    said, keys = [], []
    for of, title in BESIDE:
        table = figures.published(of)
        figure = figures.figure(of)
        others = _first_and_last(table, figures.scene.authority) if table else []
        if not others or figure.value is None:
            continue
        rows.append(DotRow(f"{title}, ours", figure.plotted, marked(figure), tone=Tone.FOCUS))
        rows += [_published(each) for each in others]
        said += [f"{title}: {marked(figure)}", *map(in_words, others)]
        keys.append(figure.key)
    if not rows:
        return (paragraph("Nothing that others published can stand beside these figures yet.", Manner.NOTE),)
    return (
        Picture(
            id="workforce-others-chart",
            heading=f"{rows[0].label}: {rows[0].shown}; {rows[1].label}: {rows[1].shown}",
            caption="%, ours as in this pack; others as last published, of other times",
            alt=f"Dots in rows. {'; '.join(f'{row.label} {row.shown}' for row in rows)}.",
            description=f"{'; '.join(said)}.",
            drawing=Dots(axis_for([row.value or 0.0 for row in rows], Unit.PERCENT), tuple(rows)),
            width=WIDE,
            height=8.0 + 5.5 * len(rows),
            keys=tuple(keys),
        ),
    )


def _first_and_last(table: ComparatorTable, ours: str) -> list[ComparatorLine]:
    """Of the published values of others the first, of the country, and the last, of those most like us."""
    there = [each for each in table.lines[1:] if each.value is not None and not each.who.startswith(ours)]
    return [there[0], *there[-1:]] if len(there) > 1 else there


def _published(line: ComparatorLine) -> DotRow:
    value = None if line.value is None else line.value * 100
    return DotRow(f"{line.who.split(',')[0]} {line.year.split(' ')[0]}", value, line.shown)


def _closing(figures: TopicFigures) -> tuple[Block, ...]:
    figure = figures.figure(OVER)
    terms = []
    if figure.value is not None:
        said = f"{figures.measure(OVER).title}: {level(figure, figures.measure(OVER))}."
        terms.append(("To note", plain(said)))
    elif figures.figure(TURNOVER).value is None:
        return ()
    terms.append(("Question to put", (strong(QUESTION if figure.value else QUESTION_OF_LEAVERS),)))
    return (Terms(tuple(terms)),)
