"""A page of the pack as a sheet of the workbook: the same blocks, in the same order, with figures as numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfpipe.packs.models.blocks import BoardPage, Tiles
from perfpipe.packs.workbooks.page_sheet import add_page_sheet
from tests import board_page_builders as build
from tests.pack_builders import content


def placed(page: BoardPage) -> Worksheet:
    sheet = Workbook().active
    add_page_sheet(sheet, page, "Cover", {page.measure_id: "Topic" for page in content().pages})
    return sheet


@pytest.fixture(scope="module")
def need_to_know() -> BoardPage:
    return content().board_pages[0]


@pytest.mark.slow
def test_the_first_page_leads_with_the_same_measures_asks_and_doubts_as_on_paper(need_to_know: BoardPage) -> None:
    sheet = placed(need_to_know)
    (tiles,) = [block for block in need_to_know.blocks if isinstance(block, Tiles)]
    _, *rows = sheet[sheet.tables["need_to_know"].ref]
    assert [(row[2].value, row[1].value, row[6].value) for row in rows] == [
        (tile.title, tile.figure.value, tile.sentence) for tile in tiles.tiles
    ]
    assert {row[2].hyperlink.location for row in rows} == {"'Topic'!A1"}
    said = [cell.value for (cell,) in sheet.iter_rows(max_col=1) if cell.value]
    assert sheet["A1"].value == f"Need to know: {need_to_know.heading}"
    headings = [
        "What we ask of the Board at its meeting on 18 October 2017",
        "What changed, and what did not",
        "What cannot be said",
    ]
    assert [words for words in said if words in headings] == headings
    assert any(str(words).startswith("1. ") for words in said)


def test_every_block_has_its_place_and_a_figure_that_is_not_there_its_marker() -> None:
    words = " ".join(
        str(cell.value) for page in build.pages() for row in placed(page).iter_rows() for cell in row if cell.value
    )
    for said in (build.SMALL_TABLE.caption, build.TILES.tiles[0].sentence, "[x]"):
        assert said in words


def test_an_empty_page_is_a_sheet_with_its_heading() -> None:
    page = replace(build.pages()[0], blocks=())
    assert placed(page)["A1"].value == f"{page.topic}: {page.heading}"
