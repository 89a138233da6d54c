"""The same figure on page and in workbook: read back by place, and held against the cells that are published."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from html import unescape
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.cell.cell import Cell

from perfpipe.measures.figure import KEY
from perfpipe.measures.words import STATE_WORDS, STATUS_WORDS, Status, capital
from perfpipe.packs.charts.svg import pictures_on, svg_of
from perfpipe.packs.content.keys_on_pages import keys_in
from perfpipe.packs.content.pages.cells import figure_cell
from perfpipe.packs.content.shown_figures import figures_in, shown_cells
from perfpipe.packs.models.blocks import BoardPage, DataTable, SideBySide, TableCell, TableColumn, TableRows
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.web.board_page import page_of
from perfpipe.packs.workbooks.board_book import write_workbook
from tests import pack_builders as build
from tests.packs.test_tables import _png

pytestmark = pytest.mark.slow
Place = tuple[str, ...]
MARKS = re.compile(r"( \[[prui]\])+$")  # beside a figure: provisional, revised, unreliable, incomplete


@pytest.fixture(scope="module")
def content() -> PackContent:
    return build.content()


@pytest.fixture(scope="module")
def published(content: PackContent) -> pd.DataFrame:
    """What the ledger keeps of the edition, by measure, month, period, breakdown and group."""
    return shown_cells(content, build.assessed()).set_index(list(KEY))


@pytest.fixture(scope="module")
def on_page(content: PackContent) -> Mapping[Place, list[str]]:
    drawn = {chart.name: svg_of(chart, 184, 70) for chart in content.charts}
    page = page_of(content, {**drawn, **pictures_on(content.board_pages)})
    found: dict[Place, list[str]] = defaultdict(list)
    for key, inner in re.findall(r'data-figure="([^"]+)">(.*?)</span>', page):
        found[tuple(unescape(key).split("|"))].append(unescape(re.sub(r"<[^>]+>", "", inner)).strip())
    return found


@pytest.fixture(scope="module")
def in_book(content: PackContent, tmp_path_factory: pytest.TempPathFactory) -> Mapping[Place, dict[str, Cell]]:
    path = tmp_path_factory.mktemp("book") / "pack.xlsx"
    write_workbook(content, {chart.name: _png() for chart in content.charts}, path)
    return read_book(path)


def read_book(path: Path) -> dict[Place, dict[str, Cell]]:
    """The rows of the sheet Data, by the figure that each has."""
    sheet = openpyxl.load_workbook(path)["Data"]
    headers, *rows = sheet[sheet.tables["Data"].ref]
    names = [cell.value for cell in headers]
    lines = [dict(zip(names, row, strict=True)) for row in rows]
    return {_place(line): line for line in lines}


def _place(line: Mapping[str, Cell]) -> Place:
    month = line["Month"].value
    rest = (str(line[name].value) for name in ("Period", "Breakdown", "Group"))
    return (str(line["Measure id"].value), f"{month:%Y-%m}", *rest)


def in_pictures_alone(content: PackContent) -> set[Place]:
    """Figures that are drawn, and written nowhere: they have no cell to read back."""
    every = {key for page in content.board_pages for block in page.blocks for key in keys_in(block)}
    return every - {figure.key for figure in figures_in(content)}


def as_displayed(cell: Cell) -> str:
    """A cell as a spreadsheet shows it, without the markers that its format adds."""
    if isinstance(cell.value, str):
        return cell.value
    shown = cell.number_format.partition('"')[0]
    percent = shown.endswith("%")
    places = Decimal(1).scaleb(-len(shown.rstrip("%").partition(".")[2]))
    number = (Decimal(repr(cell.value)) * (100 if percent else 1)).quantize(places, ROUND_HALF_UP)
    return f"{number:,}{'%' if percent else ''}"


def test_the_sheet_data_has_every_published_figure_as_it_is_shown_and_no_other(
    content: PackContent, published: pd.DataFrame, in_book: Mapping[Place, dict[str, Cell]]
) -> None:
    assert set(in_book) == set(published.index) - in_pictures_alone(content)
    differ = {
        key: (as_displayed(line["Value"]), published.loc[key, "shown"])
        for key, line in in_book.items()
        if as_displayed(line["Value"]) != published.loc[key, "shown"]
    }
    assert differ == {}


def test_the_page_shows_every_published_figure_wherever_it_stands_and_no_other(
    content: PackContent, published: pd.DataFrame, on_page: Mapping[Place, list[str]]
) -> None:
    assert set(on_page) == set(published.index) - in_pictures_alone(content)
    differ = {
        key: (shown, published.loc[key, "shown"])
        for key, every in on_page.items()
        for shown in every
        if MARKS.sub("", shown) != published.loc[key, "shown"]
    }
    assert differ == {}


def test_a_figure_that_stands_on_a_board_page_alone_is_kept_and_is_in_the_sheet_data(
    content: PackContent, tmp_path: Path
) -> None:
    key = ("missing_episodes", "2017-08", "year_to_date", "area", "out")
    last = content.pages[0].series[0].latest.figure
    alone = replace(last, key=key, exact=Fraction(7), value=7.0, shown="7", provisional=False)
    line = (TableCell("Out of area"), figure_cell(alone), TableCell("9", key=("missing_episodes", "2017-01", *key[2:])))
    table = DataTable("t", "Words", (TableColumn("Of", 1.0),) * 3, (TableRows("", (line,)),))
    page = BoardPage("only", 1, "Topic", "Heading", (SideBySide((table,), ()),))
    pack = replace(content, board_pages=(page,))
    assert alone in list(figures_in(pack))
    write_workbook(pack, {chart.name: _png() for chart in pack.charts}, tmp_path / "pack.xlsx")
    assert as_displayed(read_book(tmp_path / "pack.xlsx")[key]["Value"]) == "7"
    made = page_of(pack, {chart.name: svg_of(chart, 184, 70) for chart in pack.charts})
    assert 'data-figure="missing_episodes|2017-08|year_to_date|area|out">7<' in made
    assert 'data-figure-then="missing_episodes|2017-01|year_to_date|area|out">9<' in made  # as it was shown then


def test_states_and_statuses_are_those_that_are_published(
    published: pd.DataFrame, in_book: Mapping[Place, dict[str, Cell]]
) -> None:
    for key, line in in_book.items():
        state, status = published.loc[key, "state"], published.loc[key, "status"]
        assert str(line["State"].value).partition(":")[0] == STATE_WORDS.get(state, "available"), key
        if key[3] == "all" and str(line["Variation"].value) != "[z]":
            assert line["Status"].value == capital(STATUS_WORDS[Status(status)]), key


def test_zero_missing_not_applicable_and_suppressed_are_told_apart_in_both(
    published: pd.DataFrame, in_book: Mapping[Place, dict[str, Cell]], on_page: Mapping[Place, list[str]]
) -> None:
    for shown in ("0", "[x]", "[z]", "[c]"):
        keys = list(published.index[published["shown"] == shown])
        assert keys, shown
        for key in keys:
            assert in_book[key]["Value"].value == (0 if shown == "0" else shown)
            assert {MARKS.sub("", each) for each in on_page[key]} == {shown}
