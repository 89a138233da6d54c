"""What pages about topics are made from: rows of many months made by hand, and the blocks of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfpipe.dates.months import Month, month_range
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Period
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.models.blocks import Block, BoardPage, Paragraph, Picture, SideBySide, Terms
from perfpipe.packs.models.row import Row
from tests.page_builders import MARCH, given, scene


def topic_figures(rows: Iterable[Row], seen_to: Month | None = None, month: Month = MARCH) -> TopicFigures:
    """Every measure that there is, and these rows of them."""
    return TopicFigures(scene(rows, month), {each.id: each for each in MEASURES}, {}, seen_to)


def counted(of: FigureOf, *numbers: int | None, **fields: object) -> Iterator[Row]:
    """A count in each of the months up to March 2018; None: a month without a figure."""
    for month, number in zip(month_range(MARCH - (len(numbers) - 1), MARCH), numbers, strict=True):
        if number is not None:
            yield given(
                of.measure_id, month=str(month), period=of.period.value, breakdown=of.breakdown, group=of.group,
                value=float(number), numerator=float(number), denominator=None, **fields,
            )  # fmt: skip


def shares(of: FigureOf, *counts: tuple[int, int], **fields: object) -> Iterator[Row]:
    """A share in each of the months up to March 2018."""
    for month, (part, whole) in zip(month_range(MARCH - (len(counts) - 1), MARCH), counts, strict=True):
        yield given(
            of.measure_id, month=str(month), period=of.period.value, breakdown=of.breakdown, group=of.group,
            value=part / whole, numerator=float(part), denominator=float(whole), **fields,
        )  # fmt: skip


def once(measure_id: str, period: Period, number: int, **fields: object) -> Row:
    """One count of the report month."""
    return next(counted(FigureOf(measure_id, period), number, **fields))


def blocks_in(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block, those side by side too."""
    for block in blocks:
        if isinstance(block, SideBySide):
            yield from blocks_in((*block.left, *block.right))
        else:
            yield block


def pictures(page: BoardPage) -> dict[str, Picture]:
    """The pictures of a page by id."""
    return {block.id: block for block in blocks_in(page.blocks) if isinstance(block, Picture)}


def said(page: BoardPage) -> list[str]:
    """The paragraphs of a page, and what is said of each term."""
    texts: list[str] = []
    for block in blocks_in(page.blocks):
        if isinstance(block, Paragraph):
            texts.append("".join(words.text for words in block.text))
        if isinstance(block, Terms):
            texts += ["".join(words.text for words in text) for _, text in block.terms]
    return texts
