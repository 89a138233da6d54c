"""Page 8, flow and stability: who came and left in a year, and how settled and how near to home children are."""

from __future__ import annotations

from collections.abc import Sequence

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Period
from perfpipe.packs.content.comparisons import in_words
from perfpipe.packs.content.pages.stock_bridge import YearOfStock, bridge_of, year_of_stock
from perfpipe.packs.content.pages.texts import paragraph
from perfpipe.packs.content.pages.topic_drawings import (
    WIDE,
    TopicLine,
    keys_of,
    moved,
    panels_of,
    since_first,
    told_panels,
)
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_tables import measure_table
from perfpipe.packs.content.pages.topic_words import level, standing
from perfpipe.packs.models.blocks import Block, BoardPage, Manner, Picture, Terms, Words
from perfpipe.packs.wording.numbers import short_month

STOCK = FigureOf("children_looked_after", Period.MONTH_END)
MOVES = FigureOf("three_or_more_placements", Period.ROLLING_12)
PANELS = (
    TopicLine(MOVES, "Three or more placements"),
    TopicLine(FigureOf("far_from_home", Period.MONTH_END), "Far from home"),
    TopicLine(FigureOf("in_childrens_homes", Period.MONTH_END), "In children's homes"),
)
UNPLANNED = FigureOf("unplanned_endings", Period.ROLLING_12)
TABLE = (
    MOVES,
    FigureOf("long_term_stability", Period.ROLLING_12),
    FigureOf("far_from_home", Period.MONTH_END),
    UNPLANNED,
)
ABOUT = (STOCK, *TABLE)
MONTHS = 36


def flow_page(figures: TopicFigures, number: int) -> BoardPage:
    """The bridge of the year and the stability of placements."""
    year = year_of_stock(figures)
    return BoardPage(
        "flow-and-stability",
        number,
        "Flow and stability",
        _heading(figures, year),
        (
            paragraph(_lede(figures), Manner.LEDE),
            _bridge(figures, year),
            *_panels(figures, figures.last(MONTHS)),
            measure_table(figures, "stability-measures", f"Stability in figures, {figures.month.label}",
                          [("", list(TABLE))]),
            *_closing(figures),
        ),
    )  # fmt: skip


def _heading(figures: TopicFigures, year: YearOfStock | str) -> str:
    if isinstance(year, YearOfStock):
        return f"In a year {year.started:,} came and {year.ended:,} left"
    figure = figures.figure(STOCK)
    if figure.value is None:
        return f"Flow and stability: no figure for {figures.month.label}"
    return f"{figure.shown} children looked after"


def _lede(figures: TopicFigures) -> str:
    """How settled the children are; how many they are stands on the page before, and in the bridge."""
    return standing(figures, MOVES) or standing(figures, STOCK)


def _bridge(figures: TopicFigures, year: YearOfStock | str) -> Block:
    if isinstance(year, str):
        return paragraph(f"No bridge of the year to {figures.month.label}: {year}.", Manner.NOTE)
    drawing = bridge_of(year)
    steps = "; ".join(f"{' '.join(step.label)} {step.shown}" for step in drawing.steps)
    from_day, to_day = (" ".join(drawing.steps[at].label) for at in (0, -1))
    return Picture(
        id="stock-bridge-chart",
        heading=f"From {year.opening:,} to {year.closing:,} in a year",
        caption=f"Children looked after on {from_day} and on {to_day}, and who came and left between, each time",
        alt=f"Bridge of bars: from {year.opening:,} children, with {year.started:,} who came and {year.ended:,} who "
        f"left, to {year.closing:,}.",
        description=f"{steps}. Sums of the 12 months to {year.last.label}.",
        drawing=drawing,
        width=WIDE,
        height=64.0,
        keys=year.keys,
    )


def _panels(figures: TopicFigures, months: Sequence[Month]) -> tuple[Block, ...]:
    drawn = [each for each in PANELS if figures.has(each.of) and figures.is_a_line(each.of, months)]
    if not drawn:
        return (paragraph("No charts of stability: there are not yet two months with figures.", Manner.NOTE),)
    months = since_first(figures, drawn, months)
    latest = "; ".join(
        f"{each.title.lower()} {level(figures.figure(each.of), figures.measure(each.of))}" for each in drawn
    )
    return (
        Picture(
            id="stability-chart",
            heading=moved(figures, drawn, "Stability and distance"),
            caption="% of children looked after. Three or more placements: in 12 months. Far from home: over 20 miles "
            "and outside the boundary",
            alt=f"Small lines to {figures.month.label}: {latest}.",
            description=f"{short_month(str(months[0]))} to {short_month(str(months[-1]))}. "
            f"{told_panels(figures, drawn, months)}",
            drawing=panels_of(figures, drawn, months),
            width=WIDE,
            height=42.0,
            keys=keys_of(figures, drawn, months),
        ),
    )


def _closing(figures: TopicFigures) -> tuple[Block, ...]:
    figure = figures.figure(MOVES)
    if figure.value is None:
        return ()
    said = f"Three or more placements: {level(figure, figures.measure(MOVES))}"
    published = figures.published(MOVES)
    others = [in_words(each) for each in published.lines[1:] if each.value is not None] if published else []
    beside = f"; {others[0]}." if others else "."
    question = "Which moves could have been avoided, and what did each child say about it?"
    return (Terms((("To note", (Words(said + beside),)), ("Question to put", (Words(question, strong=True),)))),)
