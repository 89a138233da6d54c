"""The figures that sentences say: those of the content are published, and page and PDF say them in the same place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.packs.charts.svg import pictures_on
from perfpipe.packs.models.blocks import Block, BoardPage, ItemList, Paragraph, SideBySide, Terms, Text, Tile, Tiles
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.pdf.board_pdf import write_pdf
from perfpipe.packs.web.board_page import page_of
from tests.pdf_tables import texts_of

pytestmark = pytest.mark.slow
PERCENTAGES = re.compile(r"(?<![\d.,])\d+(?:\.\d+)?%")
COUNTS = re.compile(r"\((\d[\d,.]*) of (\d[\d,.]*\b)")
TARGETS = re.compile(r"(?<=the )[\d.]+%(?= target)|(?<=now )[\d.]+%|(?<=planned )[\d.]+% to [\d.]+%")
SAYS = re.compile(r'data-says="([^"]+)">(.*?)</span>', re.DOTALL)


@dataclass(frozen=True)
class Said:
    """A sentence that says figures, and on which page."""

    page: str
    text: str
    figures: tuple[Figure, ...]

    @property
    def places(self) -> str:
        return ";".join("|".join(figure.key) for figure in self.figures)


def said_in(content: PackContent) -> list[Said]:
    return [each for page in content.board_pages for block in page.blocks for each in _said(page, block)]


def _said(page: BoardPage, block: Block) -> Iterator[Said]:
    match block:
        case Tiles():
            yield from (Said(page.heading, tile.sentence, tile.figures) for tile in block.tiles if tile.figures)
        case Paragraph():
            yield from _pieces(page, [block.text])
        case ItemList():
            yield from _pieces(page, block.items)
        case Terms():
            yield from _pieces(page, [text for _, text in block.terms])
        case SideBySide():
            for each in (*block.left, *block.right):
                yield from _said(page, each)


def _pieces(page: BoardPage, texts: Sequence[Text]) -> Iterator[Said]:
    for piece in (piece for text in texts for piece in text if piece.figures):
        yield Said(page.heading, piece.text, piece.figures)


def wrong(said: Said, published: pd.Series[str]) -> list[str]:
    """What a sentence lacks of its published figures, and which shares and counts it says that are none of them."""
    shown = [str(published[figure.key]) for figure in said.figures]
    counts = {(f"{figure.numerator:,g}", f"{figure.denominator:,g}") for figure in said.figures if figure.denominator}
    rest = TARGETS.sub("", said.text)
    lacks = [each for each in shown if not re.search(rf"(?<![\d.,]){re.escape(each)}(?!\d|[.,]\d)", rest)]
    others = [each for each in PERCENTAGES.findall(rest) if each not in shown]
    return [*lacks, *others, *(" of ".join(pair) for pair in COUNTS.findall(said.text) if pair not in counts)]


def test_sentences_know_which_figures_they_say(content: PackContent, published: pd.Series[str]) -> None:
    every = said_in(content)
    first = content.board_pages[0].heading
    assert {each.page for each in every} > {first}
    assert [each for each in every if wrong(each, published)] == []


def test_no_tile_or_ask_says_a_percentage_that_it_does_not_know_of(content: PackContent) -> None:
    known = {each.text for each in said_in(content)}
    for page in content.board_pages[:4]:
        for block in page.blocks:
            match block:
                case Tiles():
                    unknown = [tile for tile in block.tiles if tile.sentence not in known]
                    assert [tile for tile in unknown if PERCENTAGES.search(TARGETS.sub("", tile.sentence))] == []
                case ItemList() | Paragraph():
                    texts = block.items if isinstance(block, ItemList) else (block.text,)
                    pieces = [piece.text for text in texts for piece in text if not piece.figures]
                    assert [text for text in pieces if PERCENTAGES.search(text)] == []


def test_another_figure_in_a_sentence_is_found(content: PackContent, published: pd.Series[str]) -> None:
    said = next(each for each in said_in(content) if each.figures[0].percent)
    shown = str(published[said.figures[0].key])
    other = Said(said.page, said.text.replace(shown, "98.7%"), said.figures)
    assert wrong(other, published) == [shown, "98.7%"]


def test_page_and_pdf_say_them_in_the_same_place(content: PackContent, tmp_path: Path) -> None:
    every = said_in(content)
    web = page_of(content, pictures_on(content.board_pages) | dict.fromkeys((c.name for c in content.charts), "<svg/>"))
    found = [(unescape(places), _plain(inner)) for places, inner in SAYS.findall(web)]
    assert [(each.places, _plain(each.text)) for each in every if (each.places, _plain(each.text)) not in found] == []
    assert content.frame is not None
    write_pdf(content.frame, content.board_pages, pictures_on(content.board_pages), tmp_path / "pack.pdf")
    texts = texts_of(tmp_path / "pack.pdf")
    missing = [
        each.text for each in every if not any(_plain(each.text) in _plain(text) for text in texts.get(each.page, ()))
    ]
    assert missing == []


def _plain(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())


def test_a_tile_without_a_figure_a_year_before_says_none(content: PackContent) -> None:
    tiles: list[Tile] = [
        tile for block in content.board_pages[0].blocks if isinstance(block, Tiles) for tile in block.tiles
    ]
    assert tiles
    for tile in tiles:
        assert bool(tile.figures) is ("ago" in tile.sentence or " in " in tile.sentence.partition(". ")[2])
