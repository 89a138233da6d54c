"""The same figure in the PDF: read back by page, table, row and column, and held against the cells that are published.

And zero, missing, not applicable, withheld and no target, told apart in PDF, page and workbook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.measures.words import MARKERS, STATE_WORDS, State, Status
from perfpipe.packs.charts.svg import pictures_on
from perfpipe.packs.content.pages.cells import (
    figure_cell,
    latest_cell,
    name_cell,
    status_cell,
    target_cell,
    text_cell,
)
from perfpipe.packs.models.blocks import (
    Block,
    BoardPage,
    DataTable,
    FigureKey,
    SideBySide,
    TableCell,
    TableColumn,
    TableRows,
    Tiles,
)
from perfpipe.packs.models.chart import Figure
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.pdf.board_pdf import write_pdf
from perfpipe.packs.web.board_page import page_of
from perfpipe.packs.workbooks.board_book import write_workbook
from tests.packs.test_page_sheet import placed
from tests.packs.test_same_figures import MARKS, as_displayed, read_book
from tests.packs.test_tables import _png
from tests.page_builders import subject
from tests.pdf_tables import Lines, PdfTable, tables_of

pytestmark = pytest.mark.slow
IN_WORDS = "In words"  # the column of tiles that says which measure it is
Place = tuple[str, str, str]  # table of which page, row, column
Shown = tuple[FigureKey, str, bool]  # which figure, in which words, and whether it is of this pack


@pytest.fixture(scope="module")
def tables(content: PackContent, tmp_path_factory: pytest.TempPathFactory) -> list[PdfTable]:
    return in_pdf(content, tmp_path_factory.mktemp("pdf") / "pack.pdf")


def in_pdf(content: PackContent, path: Path) -> list[PdfTable]:
    assert content.frame is not None
    write_pdf(content.frame, content.board_pages, pictures_on(content.board_pages), path)
    return tables_of(path)


def read(tables: Sequence[PdfTable]) -> dict[Place, Lines]:
    """The lines of each cell by its place. A row is named by its first cell, a tile by its words."""
    found: dict[Place, Lines] = {}
    for number, table in enumerate(tables):
        named = table.headers.index(IN_WORDS) if IN_WORDS in table.headers else 0
        for row in table.rows:
            for header, lines in zip(table.headers, row, strict=True):
                found[f"{number} {table.page}", " ".join(row[named]), header] = lines
    return found


def meant(content: PackContent) -> Iterator[tuple[Place, Shown]]:
    """Where the content has which figure, in the words of its cell."""
    every = [(page, block) for page in content.board_pages for block in _tables_in(page.blocks)]
    for number, (page, block) in enumerate(every):
        table = f"{number} {page.heading}"
        if isinstance(block, Tiles):
            for tile in block.tiles:
                place = (table, f"{tile.title} {tile.sentence}", block.headers[1])
                yield place, (tile.figure.key, tile.shown, True)
            continue
        for row in (row for group in block.groups for row in group.rows):
            named = " ".join(filter(None, (row[0].text, row[0].below)))
            for column, cell in zip(block.columns, row, strict=True):
                if cell.key:
                    yield (table, named, column.header), (cell.key, cell.text, cell.figure is not None)


def different(content: PackContent, published: pd.Series[str], found: Mapping[Place, Lines]) -> list[Place]:
    """The places in which the PDF does not say what was published, or to another meeting, what was shown then."""
    return [
        place
        for place, (key, words, is_of_this_pack) in meant(content)
        if found[place][0] != words or (is_of_this_pack and MARKS.sub("", found[place][0]) != published[key])
    ]


def _tables_in(blocks: Sequence[Block]) -> Iterator[DataTable | Tiles]:
    for block in blocks:
        if isinstance(block, SideBySide):
            yield from _tables_in((*block.left, *block.right))
        elif isinstance(block, DataTable | Tiles):
            yield block


def test_every_figure_of_a_table_or_tile_stands_in_the_pdf_in_its_place_as_it_is_published(
    content: PackContent, published: pd.Series[str], tables: list[PdfTable]
) -> None:
    assert len(list(meant(content))) > 30
    assert different(content, published, read(tables)) == []


def test_a_figure_that_another_stands_in_the_place_of_is_found(
    content: PackContent, published: pd.Series[str], tables: list[PdfTable]
) -> None:
    (first, _), (second, _) = list(meant(content))[:2]
    found = read(tables)
    swapped = found | {first: found[second], second: found[first]}
    assert different(content, published, swapped) == [first, second]


def test_a_tile_has_its_words_and_its_status_beside_its_figure(content: PackContent, tables: list[PdfTable]) -> None:
    (tiles,) = [block for block in content.board_pages[0].blocks if isinstance(block, Tiles)]
    for row, tile in zip(tables[0].rows, tiles.tiles, strict=True):
        assert row[1][0] == tile.shown
        assert " ".join(row[2]) == f"{tile.title} {tile.sentence}"
        assert " ".join(row[3]) == f"{tile.status.word} {tile.status.below}"


# --- zero, missing, not applicable, withheld, no target ---------------------------------------------


def of_every_state(usual: Figure) -> dict[str, Figure]:
    """A figure of each state, each of a measure's own month that the pack shows nowhere else."""
    zero = replace(usual, key=("leavers", "2001-01", "month", "all", "all"), value=0.0, exact=Fraction(0), shown="0",
                   plotted=0.0, decimals=0, percent=False, provisional=False, revised=False)  # fmt: skip
    found = {"0": zero}
    for number, (state, marker) in enumerate(MARKERS.items(), 2):
        key = ("leavers", f"2001-{number:02}", "month", "all", "all")
        found[marker] = Figure.absent(marker, f"why {state}", key)
    return found


def test_zero_missing_not_applicable_and_withheld_are_told_apart_in_all_three(
    content: PackContent, tmp_path: Path
) -> None:
    every = of_every_state(content.pages[-1].series[0].latest.figure)
    rows = tuple(
        (text_cell(f"Row {shown}"), figure_cell(figure), text_cell("No target")) for shown, figure in every.items()
    )
    columns = tuple(TableColumn(header, 1 / 3) for header in ("Row", "Figure", "Target"))
    table = DataTable("states", "States", columns, (TableRows("", rows),))
    pack = replace(content, board_pages=(BoardPage("only", 1, "Topic", "Heading", (table,)),), pages=(), tables=())
    found = read(in_pdf(pack, tmp_path / "pack.pdf"))
    web = page_of(pack, {})
    write_workbook(pack, {content.progress.chart.name: _png()} if content.progress.chart else {}, tmp_path / "p.xlsx")
    book = read_book(tmp_path / "p.xlsx")
    for shown, figure in every.items():
        assert found["0 Heading", f"Row {shown}", "Figure"] == (shown,)
        assert found["0 Heading", f"Row {shown}", "Target"] == ("No target",)
        cell = re.search(rf'data-figure="{re.escape("|".join(figure.key))}">([^<]*)</span>(.*?)</td>', web, re.DOTALL)
        assert cell is not None
        assert unescape(cell[1]) == shown
        line = book[figure.key]
        assert as_displayed(line["Value"]) == shown
        assert line["Target"].value == "No target"
        words = next((STATE_WORDS[state] for state, marker in MARKERS.items() if marker == shown), "")
        assert words in cell[2]
        assert str(line["State"].value).partition(":")[0] == (words or "available")
    assert isinstance(book[every["0"].key]["Value"].value, int | float)


def rows_of_measures() -> dict[str, tuple[tuple[TableCell, ...], tuple[str, str, str]]]:
    """A measure's cells of a board page, and what figure, target and status must say: no two of them alike."""
    gone = {"value": None, "numerator": None, "denominator": None, "status": Status.NO_DATA}
    missing = gone | {"state": State.NOT_AVAILABLE, "state_reason": "extract missing"}
    nobody = gone | {"state": State.NOT_APPLICABLE, "state_reason": "nothing to count"}
    nil = {"value": 0.0, "numerator": 0.0}
    chosen = (
        (subject("missing_episodes", **nil), ("0", "No target", "No target")),
        (subject("retained_12_months", **nil, target="0.65", status=Status.MISSED), ("0%", "at least 65%", "Missed")),
        (subject("rhi_offered", **missing, target="0.95"), ("[x]", "at least 95%", "No data")),
        (subject("rhi_accepted", **missing), ("[x]", "No target", "No data")),
        (subject("rhi_completed", **nobody, target="0.75"), ("[z]", "at least 75%", "No data")),
    )
    kinds = (name_cell, latest_cell, target_cell, status_cell)
    return {each.title: (tuple(kind(each) for kind in kinds), said) for each, said in chosen}


def test_no_target_is_told_from_no_figure_and_from_a_target_that_nought_misses_in_all_three(
    content: PackContent, tmp_path: Path
) -> None:
    rows = rows_of_measures()
    headers = ("Measure", "Latest", "Target", "Status")
    columns = tuple(TableColumn(header, 1 / 4) for header in headers)
    table = DataTable("states", "States", columns, (TableRows("", tuple(cells for cells, _ in rows.values())),))
    page = BoardPage("only", 1, "Topic", "Heading", (table,))
    pack = replace(content, board_pages=(page,), pages=(), tables=())
    in_the_pdf = read(in_pdf(pack, tmp_path / "pack.pdf"))
    on_the_page = re.findall(r"<tr[^>]*>(.*?)</tr>", page_of(pack, {}), re.DOTALL)
    sheet = placed(page)
    in_the_book = {str(row[0].value): row for row in sheet[sheet.tables["states"].ref][1:]}
    for title, (_, said) in rows.items():
        assert tuple(in_the_pdf["0 Heading", title, header][0] for header in headers[1:]) == said
        (line,) = [each for each in on_the_page if f">{title}<" in each]
        cells = [re.sub(r"<[^>]+>", "\n", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)]
        first = [unescape(cell).strip().split("\n")[0] for cell in cells]
        assert tuple(first[-3:]) == said
        latest, target, status = in_the_book[title][1:]
        assert (as_displayed(latest), str(target.value), str(status.value).partition(",")[0]) == said
