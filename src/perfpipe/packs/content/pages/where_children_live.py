"""Page 7, where children live: the stock by placement group, who cares for those in foster care, and homes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from perfpipe.dates.months import Month
from perfpipe.measures.counts import Unit
from perfpipe.measures.definition import Period
from perfpipe.measures.words import NOT_AVAILABLE
from perfpipe.packs.content.pages.levels import against
from perfpipe.packs.content.pages.texts import paragraph
from perfpipe.packs.content.pages.topic_drawings import (
    WIDE,
    axis_for,
    latest_label,
    year_ticks,
)
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_tables import measure_table
from perfpipe.packs.content.pages.topic_words import SPACE, nothing_to_draw, standing
from perfpipe.packs.models.blocks import Block, BoardPage, FigureKey, Manner, Picture, Terms, Words
from perfpipe.packs.models.drawings import PanelLine, Panels, Stack, StackedPart, Tone
from perfpipe.packs.wording.numbers import short_month

TOTAL = FigureOf("children_looked_after", Period.MONTH_END)
BY_GROUP = FigureOf("children_by_placement_group", Period.MONTH_END)
BREAKDOWN = "placement_group"
OTHERS = "All other"
LAYERS = (  # group, how it is called, colour: dark and pale in turn, so that grey print tells them apart
    ("foster_ifa", "Agency carers", Tone.FOCUS),
    ("foster_inhouse", "Own carers", Tone.FOURTH),
    ("foster_connected", "Connected carers", Tone.PLAIN),
    ("childrens_home", "Children's homes", Tone.FIFTH),
    ("supported_semi_independent", "Supported living", Tone.SECOND),
)
HOMES = FigureOf("in_childrens_homes", Period.MONTH_END)
MEASURES = (
    "in_foster_care", "with_own_carers", "with_own_or_connected_carers", "with_connected_carers", "in_childrens_homes",
    "in_supported_accommodation",
)  # fmt: skip
ABOUT = (TOTAL, *(FigureOf(name, Period.MONTH_END) for name in MEASURES))
MONTHS = 36


@dataclass(frozen=True)
class Layer:
    """One group of the stock, or all that have no layer of their own."""

    label: str
    tone: Tone
    groups: tuple[str, ...]
    values: tuple[float | None, ...]


def where_page(figures: TopicFigures, number: int) -> BoardPage:
    """Where the children live who are looked after."""
    months = figures.last(MONTHS)
    return BoardPage(
        "where-children-live",
        number,
        "Where children live",
        _heading(figures),
        (
            paragraph(_lede(figures), Manner.LEDE),
            *_drawn(figures, months),
            measure_table(
                figures,
                "where-measures",
                f"Who cares for them: % at the end of {figures.month.label}",
                [("", ABOUT[1:])],
            ),
            *_closing(figures),
        ),
    )


def _heading(figures: TopicFigures) -> str:
    figure, before = figures.figure(TOTAL), figures.figure(TOTAL, figures.month - 12)
    if figure.value is None:
        return f"Where children live: no figure for {figures.month.label}"
    year = f"; a year ago {before.shown}" if before.value is not None else ""
    return f"{figure.shown} children looked after{year}"


def _lede(figures: TopicFigures) -> str:
    homes = FigureOf("children_in_childrens_homes", Period.MONTH_END)
    figure, before = figures.figure(homes), figures.figure(homes, figures.month - 12)
    in_homes = ""
    if figure.value is not None:
        year = f", a year ago {before.alone}" if before.value is not None else ""
        in_homes = f"In children's homes: {figure.alone}{year}."
    return " ".join(filter(None, (standing(figures, TOTAL), in_homes)))


def layers_of(figures: TopicFigures, months: Sequence[Month]) -> tuple[Layer, ...]:
    """The stock by group over the months; a month in which its groups do not add up to the stock has none."""
    if not figures.has(BY_GROUP):
        return ()
    every = next(each for each in figures.measure(BY_GROUP).shown.breakdowns if each.id == BREAKDOWN).groups
    named = [(group, label, tone) for group, label, tone in LAYERS if group in every]
    rest = tuple(group for group in every if group not in {group for group, _, _ in named})
    values = {group: figures.values(BY_GROUP.within(BREAKDOWN, group), months) for group in every}
    totals = figures.values(TOTAL if figures.has(TOTAL) else BY_GROUP, months)
    adds_up = [_adds_up([values[group][place] for group in every], total) for place, total in enumerate(totals)]

    def summed(groups: Sequence[str]) -> tuple[float | None, ...]:
        return tuple(sum(values[group][place] or 0.0 for group in groups) if whole else None
                     for place, whole in enumerate(adds_up))  # fmt: skip

    layers = [Layer(label, tone, (group,), summed([group])) for group, label, tone in named]
    return (*layers, Layer(OTHERS, Tone.SIXTH, rest, summed(rest)))


def _adds_up(parts: Sequence[float | None], total: float | None) -> bool:
    there = [part for part in parts if part is not None]
    return total is not None and len(there) == len(parts) and sum(there) == total


def _drawn(figures: TopicFigures, months: Sequence[Month]) -> tuple[Block, ...]:
    layers = layers_of(figures, months)
    first = next((place for place in range(len(months)) if layers and layers[0].values[place] is not None), None)
    if first is None or first == len(months) - 1:
        return (nothing_to_draw(figures, BY_GROUP, "where children live"),)
    shown = months[first:]
    layers = tuple(Layer(each.label, each.tone, each.groups, each.values[first:]) for each in layers)
    keys = tuple(key for layer in layers for group in layer.groups
                 for key in figures.keys(BY_GROUP.within(BREAKDOWN, group), shown))  # fmt: skip
    panels = _panels(figures, layers, shown, keys)
    whole = all(value is not None for layer in layers for value in layer.values)
    gap = paragraph("The stack is left out: in some months there is no figure for a group.", Manner.NOTE)
    return (_stack(figures, layers, shown, keys) if whole else gap, panels)


def _stack(
    figures: TopicFigures, layers: Sequence[Layer], months: Sequence[Month], keys: tuple[FigureKey, ...]
) -> Picture:
    parts = tuple(
        StackedPart(f"{each.label} {each.values[-1]:,.0f}", tuple(value or 0.0 for value in each.values), each.tone)
        for each in layers
    )
    tops = [sum(part.values[place] for part in parts) for place in range(len(months))]
    said = ", ".join(part.label for part in parts)
    most = max(layers[:-1], key=lambda each: each.values[-1] or 0.0)
    return Picture(
        id="where-children-live-chart",
        heading=f"The largest group: {most.label.lower()}, {most.values[-1]:,.0f}",
        caption=f"Children looked after at the end of each month, {short_month(str(months[0]))} to "
        f"{short_month(str(months[-1]))}, by placement group",
        alt=f"Stacked areas. {figures.month.label}: {said}.",
        description=" ".join(f"{each.label}: {_told(each, months)}." for each in layers),
        drawing=Stack(axis_for(tops, Unit.COUNT), parts, year_ticks(months), f"{figures.figure(TOTAL).shown} in all"),
        width=WIDE,
        height=62.0,
        keys=(*keys, *figures.keys(TOTAL, months[-1:])),
    )


def _told(layer: Layer, months: Sequence[Month]) -> str:
    places = sorted({0, *range(len(months) - 1, -1, -12)})
    return ", ".join(f"{short_month(str(months[at]))} {layer.values[at]:,.0f}" for at in places
                     if layer.values[at] is not None)  # fmt: skip


def _panels(
    figures: TopicFigures, layers: Sequence[Layer], months: Sequence[Month], keys: tuple[FigureKey, ...]
) -> Picture:
    nothing = tuple(None for _ in months)
    heights = [value for layer in layers for value in layer.values if value is not None]
    mark = latest_label(figures.figure(BY_GROUP)).partition(" ")[2]
    lines = tuple(
        PanelLine(
            layer.label,
            layer.values,
            nothing,
            "" if None in (layer.values[0], layer.values[-1]) else f"{layer.values[0]:,.0f}",
            NOT_AVAILABLE if layer.values[-1] is None else f"{layer.values[-1]:,.0f} {mark}".strip(),
            "",
            filled=True,
        )
        for layer in layers
    )
    return Picture(
        id="placement-groups-chart",
        heading=_furthest(lines),
        caption=f"Children at the end of each month, {short_month(str(months[0]))} to {short_month(str(months[-1]))}, "
        "on one scale",
        alt=f"Small lines by group, first and last: "
        f"{'; '.join(f'{line.title} {line.first} and {line.latest}' for line in lines)}.",
        description=" ".join(f"{each.label}: {_told(each, months)}." for each in layers),
        drawing=Panels(axis_for(heights, Unit.COUNT), lines, year_ticks(months)),
        width=WIDE,
        height=46.0,
        keys=keys,
    )


def _closing(figures: TopicFigures) -> tuple[Block, ...]:
    figure = figures.figure(HOMES)
    if figure.value is None or not figures.has(HOMES):
        return ()
    said = ", ".join(filter(None, (f"In children's homes {figure.full}", against(figures.subject(HOMES)))))
    question = f"Which of these children could live in a family, and who will find{SPACE}one?"
    return (Terms((("To note", (Words(f"{said}."),)), ("Question to put", (Words(question, strong=True),)))),)


def _furthest(lines: Sequence[PanelLine]) -> str:
    """The group whose first and last numbers lie furthest apart."""
    known = [(line, line.values[0], line.values[-1]) for line in lines]
    apart = [(abs(last - first), line) for line, first, last in known if first is not None and last is not None]
    if not apart:
        return "Each group on its own"
    line = max(apart, key=lambda each: each[0])[1]
    return f"{line.title} moved most: from {line.first} to {line.latest}"
