"""Measures side by side: a table has the figures of its measures, says what adds up, and takes their pages away."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from perfpipe.dates.months import month_range
from perfpipe.measures import BY_ID
from perfpipe.measures.definition import Measure, Period, Table
from perfpipe.measures.return_home_interviews import AREA, LOOKED_AFTER
from perfpipe.packs.content.board_pack import DataBehind, PackHead, build_content
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.workbooks.board_book import write_workbook
from tests.measure_builders import changed
from tests.pack_builders import MONTH, delivered, faults, plan, row

MISSING_EPISODES = BY_ID["missing_episodes"]
FUNNEL = Table("funnel", "The way to an interview", "Every return, step by step.", (("back", ("due", "early")),))


def step(name: str, code: str, title: str) -> Measure:
    periods = (Period.MONTH, Period.ROLLING_12)
    return changed(MISSING_EPISODES, id=name, code=code, title=title, table=FUNNEL, periods=periods)


STEPS = (step("back", "F1", "Returns"), step("due", "F2", "Due"), step("early", "F3", "Not yet due"))
AMOUNTS = {"back": 30.0, "due": 26.0, "early": 4.0}


@pytest.fixture(scope="module")
def content() -> PackContent:
    rows = []
    for each in STEPS:
        for month in month_range(MONTH - 12, MONTH):
            amount = AMOUNTS[each.id] + (month.number if each.id != "early" else 0)
            rows.append(row(each, month, Period.MONTH, value=amount, numerator=amount))
        rows.append(row(each, MONTH, Period.ROLLING_12, value=12 * AMOUNTS[each.id], numerator=12 * AMOUNTS[each.id]))
        area = {"breakdown": "area", "group": "out", "value": 0.0, "numerator": 0.0}
        rows.append(row(each, MONTH, Period.MONTH, **area))
    head, data = PackHead(MONTH, "Exampleton", "board", "f" * 64, None), DataBehind(faults(), delivered())
    return build_content(pd.DataFrame(rows), head, plan(), (MISSING_EPISODES, *STEPS), data)


def test_the_steps_of_a_table_have_no_pages_of_their_own(content: PackContent) -> None:
    assert [page.code for page in content.pages] == ["RHI-01"]
    (table,) = content.tables
    assert [line[0] for line in table.definitions] == ["F1", "F2", "F3"]
    assert table.sums == ("Returns = Due + Not yet due",)


def test_a_table_has_months_longer_periods_and_shared_groups(content: PackContent) -> None:
    months, *by_group = content.tables[0].parts
    assert months.headers[0] == "Aug 2016"
    assert months.headers[-2:] == ("Aug 2017", "12 months to month end")
    assert [line.figures[-2].shown for line in months.rows] == ["38", "34", "4"]
    assert [line.figures[-1].shown for line in months.rows] == ["360", "312", "48"]
    assert [part.id for part in by_group] == [LOOKED_AFTER.id, AREA.id]
    assert by_group[1].headers == ("All", "In area", "Out of area", "Not known")
    assert [figure.shown for figure in by_group[1].rows[0].figures] == ["38", "[x]", "0", "[x]"]


def test_a_table_stands_on_the_sheet_of_its_topic(content: PackContent, tmp_path: Path) -> None:
    charts = {chart.name: _png() for chart in content.charts}
    write_workbook(content, charts, tmp_path / "pack.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "pack.xlsx")["Return home interviews"]
    texts = [cell.value for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert "Returns = Due + Not yet due" in texts
    assert 38 in texts
    assert set(sheet.tables) == {"Months_1", "Table_funnel_months", "Table_funnel_looked_after", "Table_funnel_area"}


def test_each_code_leads_to_what_the_measure_counts(content: PackContent, tmp_path: Path) -> None:
    write_workbook(content, {chart.name: _png() for chart in content.charts}, tmp_path / "pack.xlsx")
    book = openpyxl.load_workbook(tmp_path / "pack.xlsx")
    cells = [line[0] for line in book["Return home interviews"].iter_rows(min_row=3) if line[0].hyperlink]
    assert {cell.value for cell in cells} == {"RHI-01", "F1", "F2", "F3"}
    for cell in cells:
        sheet, _, place = cell.hyperlink.location.partition("!")
        assert book[sheet.strip("'")][place].value == cell.value


def _png() -> bytes:
    from io import BytesIO

    from PIL import Image

    made = BytesIO()
    Image.new("RGB", (100, 50)).save(made, "PNG")
    return made.getvalue()
