"""The pages of a pack as plain data for the typst template: a text is handed over as a string, never as markup."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from perfpipe.packs.charts.letters import readable
from perfpipe.packs.charts.sparkline import sparkline
from perfpipe.packs.models.blocks import (
    Block,
    BoardPage,
    DataTable,
    Heading,
    ItemList,
    PageFrame,
    Paragraph,
    Picture,
    SideBySide,
    SignedWord,
    TableCell,
    TallyOf,
    Terms,
    Text,
    Tile,
    Tiles,
)
from perfpipe.packs.models.drawings import Sparkline
from perfpipe.packs.models.links import ON_THE_WEB, ids_on

Data = dict[str, object]


def pack_data(frame: PageFrame, pages: Sequence[BoardPage], pictures: Mapping[str, str]) -> Data:
    """What the template places. `pictures`: the SVG of every picture by its id."""
    hand_over = _HandOver(frozenset(ids_on(pages)), pictures)
    return {
        "frame": {
            "authority": readable(frame.authority),
            "pack": readable(frame.pack),
            "data_age": readable(frame.data_age),
            "audience": readable(frame.audience),
            "marking": readable(frame.marking),
        },
        "last": max((page.number for page in pages), default=0),
        "pages": [hand_over.page(page) for page in pages],
    }


@dataclass(frozen=True)
class _HandOver:
    """Blocks into data. A link to what is not in the PDF, as a measure's own page, is its words alone."""

    ids: frozenset[str]
    pictures: Mapping[str, str]

    def page(self, page: BoardPage) -> Data:
        return {
            "id": page.id,
            "number": page.number,
            "topic": readable(page.topic),
            "heading": readable(page.heading),
            "blocks": [self.block(block) for block in page.blocks],
        }

    def block(self, block: Block) -> Data:
        return {"kind": type(block).__name__} | _BLOCKS[type(block)](self, block)

    def link(self, link: str) -> str:
        return link if link in self.ids or link.startswith(ON_THE_WEB) else ""

    def words(self, text: Text) -> list[Data]:
        return [{"text": readable(w.text), "strong": w.strong, "link": self.link(w.link)} for w in text]

    def heading(self, block: Heading) -> Data:
        return {"text": readable(block.text), "level": block.level, "id": block.id}

    def paragraph(self, block: Paragraph) -> Data:
        return {"text": self.words(block.text), "manner": block.manner.value}

    def items(self, block: ItemList) -> Data:
        return {
            "title": readable(block.title),
            "items": [self.words(item) for item in block.items],
            "numbered": block.numbered,
            "boxed": block.boxed,
        }

    def tiles(self, block: Tiles) -> Data:
        headers = [readable(header) for header in block.headers]
        return {"headers": headers, "tiles": [self.tile(tile) for tile in block.tiles]}

    def tile(self, tile: Tile) -> Data:
        return {
            "title": readable(tile.title),
            "link": self.link(tile.link),
            "movement": _signed(tile.movement),
            "shown": readable(tile.shown),
            "counts": readable(tile.counts),
            "sentence": readable(tile.sentence),
            "status": _signed(tile.status),
        } | _line(tile.sparkline, tile.title)

    def tally(self, block: TallyOf) -> Data:
        parts = [{"word": readable(p.word), "sign": p.sign.value, "count": p.count} for p in block.parts]
        return {"parts": parts}

    def table(self, block: DataTable) -> Data:
        return {
            "id": block.id,
            "caption": readable(block.caption),
            "note": readable(block.note),
            "dense": block.is_dense,
            "columns": [
                {"header": readable(c.header), "width": c.width, "align": c.align.value} for c in block.columns
            ],
            "groups": [
                {
                    "title": readable(group.title),
                    "rows": [[self.cell(cell, row[0]) for cell in row] for row in group.rows],
                }
                for group in block.groups
            ],
        }

    def cell(self, cell: TableCell, first: TableCell) -> Data:
        return {
            "text": readable(cell.text),
            "below": readable(cell.below),
            "sign": cell.sign.value if cell.sign else "",
            "link": self.link(cell.link),
            "strong": cell.strong,
        } | _line(cell.sparkline, first.text)

    def picture(self, block: Picture) -> Data:
        return {
            "id": block.id,
            "heading": readable(block.heading),
            "caption": readable(block.caption),
            "alt": readable(f"{block.alt} {block.description}".strip()),  # a PDF has one text for both
            "svg": self.pictures[block.id],
            "width": block.width,
        }

    def terms(self, block: Terms) -> Data:
        return {
            "heading": readable(block.heading),
            "terms": [[readable(term), self.words(said)] for term, said in block.terms],
            "note": readable(block.note),
        }

    def side_by_side(self, block: SideBySide) -> Data:
        return {"left": [self.block(each) for each in block.left], "right": [self.block(each) for each in block.right]}


_BLOCKS: dict[type, Callable[..., Data]] = {
    Heading: _HandOver.heading,
    Paragraph: _HandOver.paragraph,
    ItemList: _HandOver.items,
    Tiles: _HandOver.tiles,
    TallyOf: _HandOver.tally,
    DataTable: _HandOver.table,
    Picture: _HandOver.picture,
    Terms: _HandOver.terms,
    SideBySide: _HandOver.side_by_side,
}


def _signed(word: SignedWord) -> Data:
    return {"word": readable(word.word), "sign": word.sign.value if word.sign else "", "below": readable(word.below)}


def _line(line: Sparkline | None, of: str) -> Data:
    if line is None or all(value is None for value in line.values):
        return {"spark": "", "spark_alt": ""}
    return {"spark": _drawn(line), "spark_alt": readable(f"{of}: line of {len(line.values)} months")}


@cache
def _drawn(line: Sparkline) -> str:
    return sparkline(line)
