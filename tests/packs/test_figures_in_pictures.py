"""The figures beside the lines, bars and dots of pictures: published under the picture's keys, and drawn as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape

import pandas as pd
import pytest

from perfpipe.packs.charts.svg import pictures_on
from perfpipe.packs.models.blocks import Block, Picture, SideBySide
from perfpipe.packs.models.drawings import Bridge, ControlLine, Dots, Dumbbells, Funnel, Panels, Stack, Survival, Tone
from perfpipe.packs.models.pack import PackContent

pytestmark = pytest.mark.slow
TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)
OTHERS = "All other"  # a sum of groups, which is no figure of its own
NUMBER = re.compile(r"[\d,]*\d(?:\.\d+)?%?")


def pictures_of(blocks: Sequence[Block]) -> Iterator[Picture]:
    for block in blocks:
        if isinstance(block, SideBySide):
            yield from pictures_of((*block.left, *block.right))
        elif isinstance(block, Picture) and block.keys:
            yield block


def labels_of(picture: Picture) -> list[str]:
    """What stands beside a figure of this pack, where a drawing has it; else nothing."""
    drawing = picture.drawing
    match drawing:
        case ControlLine():
            said = [drawing.latest]
        case Panels():
            said = [each for panel in drawing.panels if panel.title != OTHERS for each in (panel.first, panel.latest)]
        case Funnel():
            said = [step.shown for step in drawing.steps]
        case Dumbbells():
            said = [row.now_shown for row in drawing.rows]
        case Stack():
            said = [*(part.label for part in drawing.parts), drawing.total]
        case Dots():  # where there are others, ours are said to be
            ours = [row for row in drawing.rows if len(picture.keys) == len(drawing.rows) or row.tone is Tone.FOCUS]
            said = [row.shown.partition(" (")[0] for row in ours]
        case Survival():
            said = [words for _, words in drawing.marks]
        case Bridge():  # the stocks; what came and went are sums, held in test_marks_in_pictures
            said = [drawing.steps[0].shown, drawing.steps[-1].shown]
        case _:
            said = []
    return [label for label in said if NUMBER.search(label) and not label.startswith(OTHERS)]


def numbers_in(label: str) -> str:
    """The figure of a label: its last number, as `March 37%` and `Own carers 182` have it."""
    return str(NUMBER.findall(label)[-1])


def wrong(picture: Picture, published: pd.Series[str]) -> list[str]:
    shown = {str(published[key]) for key in picture.keys if key in published.index}
    return [label for label in labels_of(picture) if numbers_in(label) not in shown]


def every(content: PackContent) -> list[Picture]:
    return [picture for page in content.board_pages for picture in pictures_of(page.blocks)]


def test_labels_of_pictures_are_published_figures_of_the_picture(
    content: PackContent, published: pd.Series[str]
) -> None:
    pictures = every(content)
    assert len([picture for picture in pictures if labels_of(picture)]) >= 3
    assert {picture.id: wrong(picture, published) for picture in pictures if wrong(picture, published)} == {}


def test_labels_are_text_in_the_drawn_picture(content: PackContent) -> None:
    drawn = pictures_on(content.board_pages)
    for picture in every(content):
        texts = " ".join(unescape(re.sub(r"<[^>]+>", "", text)) for text in TEXT.findall(drawn[picture.id]))
        for label in labels_of(picture):
            assert " ".join(label.split()) in " ".join(texts.split()), picture.id


def test_another_figure_beside_a_line_is_found(content: PackContent, published: pd.Series[str]) -> None:
    picture = next(each for each in every(content) if isinstance(each.drawing, ControlLine))
    assert isinstance(picture.drawing, ControlLine)
    other = replace(picture, drawing=replace(picture.drawing, latest="March 98.7%"))
    assert wrong(other, published) == ["March 98.7%"]
