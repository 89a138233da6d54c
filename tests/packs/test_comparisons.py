"""Comparators in the pack: a small table on each matched sheet, a column on the scorecard, nothing where none is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from perfpipe.assess.comparators import Comparators, load_comparators
from perfpipe.measures import MEASURES
from perfpipe.packs.content.board_pack import DataBehind, PackHead, build_content
from perfpipe.packs.content.comparisons import in_words
from perfpipe.packs.models.pack import ComparatorTable, PackContent
from perfpipe.packs.workbooks.board_book import write_workbook
from perfpipe.settings.workspace import Workspace
from perfpipe_sample import write_settings
from tests import pack_builders as build

KNOWN_AT = datetime(2017, 9, 27, 23, 30, tzinfo=UTC)  # 28 September in London, half an hour past midnight


@pytest.fixture(scope="module")
def comparators(tmp_path_factory: pytest.TempPathFactory) -> Comparators:
    root = tmp_path_factory.mktemp("compared")
    write_settings(root)
    loaded = load_comparators(Workspace(root), Workspace(root).settings(), MEASURES)
    assert loaded is not None
    return loaded


def content(comparators: Comparators | None, known_at: datetime | None = KNOWN_AT) -> PackContent:
    head = PackHead(build.MONTH, "Exampleshire", "board", "3f9a" * 16, known_at)  # August 2017
    data = DataBehind(build.faults(), build.delivered())
    return build_content(build.assessed(), head, build.plan(), MEASURES, data, comparators=comparators)


def table_of(made: PackContent, measure_id: str) -> ComparatorTable | None:
    return next(page for page in made.pages if page.measure_id == measure_id).series[0].comparators


def test_the_lines_of_a_measure_are_in_plain_words(comparators: Comparators) -> None:
    table = table_of(content(comparators), "turnover_12_months")
    assert table is not None
    assert [in_words(line) for line in table.lines] == [
        "Exampleshire, this pack, 12 months to August 2017: 14.2%",
        "Example country 2016 (12 months to September 2016): 14.7%",
        "Example region 2016 (12 months to September 2016): 16.3%",
        "Example neighbours, mean of 9, 2016 (12 months to September 2016): 15.82%",
        "Exampleshire, as published, 2016 (12 months to September 2016): 16.2%",
    ]
    assert table.brief == "Example country 2016 (12 months to September 2016): 14.7%"
    assert table.notes == (
        "Quartile C among 9 neighbours by our own published value; A is best, D worst.",
        "Source: made up for the sample, published by nobody, 'Social worker turnover (%)' (turnover), "
        "as revised up to April 2018.",
    )
    assert [line.released for line in table.lines] == [None, *[date(2017, 2, 16)] * 4]


@pytest.mark.slow
def test_the_day_known_is_the_local_one(comparators: Comparators) -> None:
    """The year to March 2017 was released on 28 September: at 23:30 UTC the day before it is that day in London."""
    years = {}
    for known_at in (KNOWN_AT, KNOWN_AT.replace(hour=22)):
        table = table_of(content(comparators, known_at), "children_looked_after")
        assert table is not None
        years[known_at.hour] = table.lines[1].year[:4]
    assert years == {23: "2017", 22: "2016"}


@pytest.mark.soak
def test_what_nothing_was_matched_with_has_no_table(comparators: Comparators) -> None:
    made = content(comparators)
    assert table_of(made, "rhi_within_72h") is None
    without = [content(None), content(comparators, None)]
    assert all(series.comparators is None for each in without for page in each.pages for series in page.series)


@pytest.fixture(scope="module")
def picture() -> bytes:
    from io import BytesIO

    from PIL import Image

    drawn = BytesIO()
    Image.new("RGB", (1, 1)).save(drawn, format="png")
    return drawn.getvalue()


def workbook(made: PackContent, folder: Path, picture: bytes) -> Workbook:
    charts = {chart.name: picture for chart in made.charts}
    write_workbook(made, charts, folder / "pack.xlsx")
    return load_workbook(folder / "pack.xlsx")


def cells_of(book: Workbook, sheet: str, table: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in book[sheet][book[sheet].tables[table].ref]]


def comparators_of(book: Workbook) -> str:
    (name,) = (name for name in book["Social workers"].tables if name.startswith("Comparators"))
    return str(name)


@pytest.mark.soak
@pytest.mark.slow
def test_the_sheet_has_the_table_and_the_scorecard_a_column(
    comparators: Comparators, tmp_path: Path, picture: bytes
) -> None:
    book = workbook(content(comparators), tmp_path, picture)
    header, ours, country, *_ = cells_of(book, "Social workers", comparators_of(book))
    assert header == ["Code", "Who", "Year", "Value", "Released", "Vintage"]
    assert ours[:2] == ["SW-06", "Exampleshire, this pack"]
    assert ours[4:] == ["[z]", "[z]"]
    when = "2016 (12 months to September 2016)"
    assert country == ["SW-06", "Example country", when, 0.147, datetime(2017, 2, 16), "April 2018"]
    scorecard = {row[0]: row[-1] for row in cells_of(book, "Measures", "Measures")}
    assert scorecard["Code"] == "Compared with"
    assert scorecard["SW-06"] == "Example country 2016 (12 months to September 2016): 14.7%"
    assert scorecard["RHI-06"] == "[z]"


@pytest.mark.soak
@pytest.mark.slow
def test_what_was_not_released_is_said_on_the_sheet(comparators: Comparators, tmp_path: Path, picture: bytes) -> None:
    book = workbook(content(comparators, datetime(2014, 1, 1, tzinfo=UTC)), tmp_path, picture)
    texts = [cell.value for row in book["Social workers"].iter_rows() for cell in row]
    assert "SW-06: Nothing that was published by 1 January 2014 can stand beside this measure." in texts
    assert {row[0]: row[-1] for row in cells_of(book, "Measures", "Measures")}["SW-06"] == "[x]"


@pytest.mark.soak
@pytest.mark.slow
def test_without_comparators_the_scorecard_has_no_such_column(tmp_path: Path, picture: bytes) -> None:
    book = workbook(content(None), tmp_path, picture)
    assert cells_of(book, "Measures", "Measures")[0][-1] == "Target from"
    assert not [name for sheet in book for name in sheet.tables if name.startswith("Comparators")]


def test_an_absent_value_is_shown_as_not_available(comparators: Comparators) -> None:
    years = comparators.years["turnover"]
    values = {**years[1].values, "Country": None}
    changed = replace(comparators, years={**comparators.years, "turnover": (replace(years[1], values=values),)})
    table = table_of(content(changed), "turnover_12_months")
    assert table is not None
    assert (table.lines[1].shown, table.lines[1].value) == ("[x]", None)
    assert table.brief.startswith("Example region 2016")


def test_what_decides_the_comparison_can_be_written_into_a_manifest(comparators: Comparators) -> None:
    identity = json.loads(json.dumps(comparators.identity))
    assert len(identity["sha256"]) == 64
    assert identity["settings"]["vintage"] == "April 2018"
