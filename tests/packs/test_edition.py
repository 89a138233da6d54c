"""Editions: charts, the workbook read back, the manifest, and the same bytes twice."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl import Workbook
from PIL import Image

from perfpipe.packs.charts.draw import draw
from perfpipe.packs.charts.drawing_processes import Drawers, Pictures
from perfpipe.packs.charts.shape import shape_of
from perfpipe.packs.content.pages.scorecard import GROUPS
from perfpipe.packs.edition import name_to_send, write_edition
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.workbooks.board_book import sheet_names
from perfpipe.packs.workbooks.cells import CellEntry, put
from perfpipe.packs.workbooks.commentary_sheet import COMMENTARY
from tests import pack_builders as build
from tests.pack_builders import MEASURES

pytestmark = pytest.mark.slow  # each makes whole runs or packs
LINES = len(MEASURES) + 1  # leavers have a target over 12 months, and so a chart over them
CHARTS = LINES + 1  # and that of the plan

MANIFEST = {"run": "2017-08", "fingerprint": "3f9a", "month": "2017-08", "edition": 3, "kind": "edition"}
NAMED = "to_send/Coventry-City-Council_improvement-board_2017-08_edition-3_not-for-publication"
FRONT = [
    "Cover",
    "Need to know",
    "Since you met",
    "Plan",
    "Scorecard",
    "Actions and decisions",
    "Progress over time",
    "Measures",
]
TOPICS = ["Return home interviews", "Children looked after", "Social workers"]
BACK = ["Revisions", "Data quality", "Definitions", "Data", "Notes"]
WITH_TARGET = 9  # of the builders' measures; their charts are in the workbook, and that of the plan


@pytest.fixture(scope="module")
def content() -> PackContent:
    return build.content()


@pytest.fixture(scope="module")
def edition(content: PackContent, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edition") / "board"
    write_edition(content, folder, MANIFEST)
    return folder


@pytest.fixture(scope="module")
def workbook(edition: Path) -> Workbook:
    return openpyxl.load_workbook(edition / "board_pack.xlsx")


def cells(sheet: object) -> list[object]:
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]  # type: ignore[attr-defined]


def table(workbook: Workbook, sheet: str, name: str) -> list[dict[str, object]]:
    rows = [[cell.value for cell in row] for row in workbook[sheet][workbook[sheet].tables[name].ref]]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_an_edition_is_a_pdf_a_page_a_workbook_under_names_of_their_own_charts_and_a_manifest(
    edition: Path, content: PackContent
) -> None:
    charts = {f"charts/{chart.name}.svg" for chart in content.charts}
    in_workbook = {f"charts/{chart.name}.png" for chart in content.headline_charts}
    found = {path.relative_to(edition).as_posix() for path in edition.rglob("*") if path.is_file()}
    packs = {f"{name}.{kind}" for name in ("board_pack", NAMED) for kind in ("xlsx", "pdf", "html")}
    assert found == {"manifest.json", *packs, *charts, *in_workbook}
    for kind in ("xlsx", "pdf", "html"):
        assert (edition / f"{NAMED}.{kind}").read_bytes() == (edition / f"board_pack.{kind}").read_bytes()
    assert len(charts) == CHARTS


@pytest.mark.parametrize(
    ("authority", "manifest", "name"),
    [
        ("Exampleshire", {}, "Exampleshire_improvement-board_2018-03_edition-1_not-for-publication"),
        (
            "St. Mary: Hill/Dale?",
            {"kind": "draft", "edition": 2},
            "St-Mary-Hill-Dale_improvement-board_2018-03_draft-2_not-for-publication",
        ),
        ("Sir Gâr", {"kind": "as_known"}, "Sir-Gâr_improvement-board_2018-03_as-known-1_not-for-publication"),
        ("***", {"audience": "public"}, "authority_scrutiny-board_2018-03_edition-1_for-publication"),
    ],
)
def test_a_file_names_itself_in_letters_that_every_system_takes(
    authority: str, manifest: dict[str, object], name: str
) -> None:
    usual = {"month": "2018-03", "edition": 1, "kind": "edition", "audience": "board"}
    assert name_to_send(authority, usual | manifest) == name


def test_the_manifest_keeps_what_it_was_given_and_proves_the_files(edition: Path) -> None:
    manifest = json.loads((edition / "manifest.json").read_text())
    assert {name: manifest[name] for name in MANIFEST} == MANIFEST
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((edition / name).read_bytes()).hexdigest() == digest
    assert "board_pack.xlsx" in manifest["outputs"]


@pytest.mark.soak
def test_the_same_content_gives_the_same_bytes_in_another_process(edition: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests import pack_builders as b\n"
        "from perfpipe.packs.edition import write_edition\n"
        f"write_edition(b.content(), Path(sys.argv[1]), {MANIFEST!r})"
    )
    root = Path(__file__).parents[2]
    environment = {"PYTHONPATH": os.pathsep.join((str(root / "src"), str(root))), "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, env=environment)
    assert (tmp_path / "manifest.json").read_bytes() == (edition / "manifest.json").read_bytes()


def pictures(edition: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((edition / "charts").glob("*.png"))}


def test_charts_are_pictures_with_something_on_them(edition: Path) -> None:
    for name, png in pictures(edition).items():
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert b"Software" not in png
        colours = Image.open(BytesIO(png)).convert("RGB").getcolors(1 << 20)
        assert (0x12, 0x43, 0x6D) in {colour for _, colour in colours or []}, name


def test_a_chart_is_as_large_as_was_said_before_it_was_drawn(edition: Path, content: PackContent) -> None:
    drawn = pictures(edition)
    assert {getattr(chart, "kind", "plan") for chart in content.charts} >= {"line", "columns", "groups"}
    for chart in content.headline_charts:
        assert Image.open(BytesIO(drawn[chart.name])).size == shape_of(chart).pixels, chart.name


def test_the_workbook_holds_the_charts_of_measures_with_a_target_and_of_the_plan(
    edition: Path, content: PackContent
) -> None:
    with ZipFile(edition / "board_pack.xlsx") as package:
        held = [package.read(name) for name in package.namelist() if name.startswith("xl/media/")]
    series = [each for page in content.pages for each in page.series if each.latest.target_band]
    wanted = {each.chart.name for each in series} | {content.progress.chart.name}  # type: ignore[union-attr]
    assert sorted(held) == sorted(png for name, png in pictures(edition).items() if name in wanted)
    assert len(held) == WITH_TARGET + 1


def test_a_chart_without_any_figure_can_be_drawn() -> None:
    empty = build.content(build.assessed().iloc[:0])
    assert all(draw(page.series[0].chart).startswith(b"\x89PNG") for page in empty.pages)


def test_no_ink_runs_off_a_chart(edition: Path) -> None:
    for name, png in pictures(edition).items():
        picture = Image.open(BytesIO(png)).convert("L")
        width, height = picture.size
        edges = [(0, 0, 2, height), (width - 2, 0, width, height), (0, height - 2, width, height)]
        assert all(picture.crop(edge).getextrema() == (255, 255) for edge in edges), name


@pytest.mark.soak
def test_a_child_that_was_killed_is_replaced_and_every_chart_drawn(content: PackContent) -> None:
    with Drawers() as drawers:
        pictures = Pictures(drawers)
        for child in drawers.children:
            child.kill()
        for chart in content.charts:
            pictures.begin(chart)
        assert list(pictures) == [chart.name for chart in content.charts]
        assert all(pictures[name].startswith(b"\x89PNG") for name in pictures)


def test_sheets_are_few_and_named_uniquely_and_briefly(workbook: Workbook) -> None:
    assert workbook.sheetnames == [*FRONT, *TOPICS, *BACK]
    assert len({*FRONT, COMMENTARY, *GROUPS.values(), *BACK}) < 20  # with owners' words, and a sheet for each topic
    assert all(len(name) <= 31 for name in workbook.sheetnames)


def test_sheet_names_survive_awkward_codes() -> None:
    awkward = ["A/B:1", "a b 1", "x" * 40, "x" * 41, "Cover", "'quoted'", "Data"]
    names = list(sheet_names([(f"m{n}", code) for n, code in enumerate(awkward)]).values())
    assert len({name.casefold() for name in [*names, *FRONT]}) == len(awkward) + len(FRONT)
    assert sheet_names([("practice", "Quality and timeliness of practice")])["practice"] == "Quality and timeliness"
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in names)


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@x", "#N/A", "#REF!", "=cmd|' /C calc'!A0", "bell\x07"])
def test_no_text_becomes_a_formula_or_an_error(text: str, tmp_path: Path) -> None:
    made = Workbook()
    put(made.active, 1, 1, text)
    made.save(tmp_path / "x.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx").active["A1"]
    assert (cell.data_type, cell.value) == ("s", text.replace("\x07", ""))


def test_the_whole_workbook_has_no_formula_and_no_error(workbook: Workbook) -> None:
    kinds = {cell.data_type for sheet in workbook for cell in cells(sheet)}  # type: ignore[attr-defined]
    assert kinds <= {"s", "n", "d"}
    assert "=Mend the code at source" in [cell.value for cell in cells(workbook["Data quality"])]  # type: ignore[attr-defined]


def test_numbers_are_numbers_and_the_other_states_are_markers(workbook: Workbook, content: PackContent) -> None:
    months = [row for row in table(workbook, "Data", "Data") if row["Measure id"] == "rhi_accepted"]
    by_month = {row["Month"]: row for row in months if row["Group"] == "all" and row["Period"] == "month"}
    latest = by_month[datetime(2017, 8, 1)]
    page = next(page for page in content.pages if page.code == "RHI-04")
    assert latest["Value"] == page.series[0].latest.figure.value
    assert isinstance(latest["Numerator"], int | float)
    assert by_month[datetime(2017, 3, 1)]["Value"] == "[z]"
    assert by_month[datetime(2017, 3, 1)]["State"] == "not applicable: nothing to count"
    assert by_month[datetime(2016, 10, 1)]["Value"] == "[x]"
    assert by_month[datetime(2016, 10, 1)]["State"] == "not available: extract missing"
    assert (latest["State"], latest["Target"], latest["Status"]) == ("available", "No target", "No target")
    assert months[0]["Month"] > months[-1]["Month"]  # type: ignore[operator]
    assert not any(value is None for row in months for value in row.values())


def formats(workbook: Workbook, code: str) -> set[str]:
    sheet = workbook["Data"]
    place = [cell.value for cell in sheet[sheet.tables["Data"].ref][0]].index("Value")
    return {row[place].number_format for row in sheet.iter_rows() if row[0].value == code}


def test_number_formats_show_percentages_decimals_and_markers(workbook: Workbook) -> None:
    assert {"0%", '0%" [p]"', '0%" [r]"'} <= formats(workbook, "RHI-06")
    assert "0.0%" in formats(workbook, "SW-06")  # near the target: one decimal more


def test_a_topic_has_its_measures_month_by_month_newest_first(workbook: Workbook, content: PackContent) -> None:
    lines = table(workbook, "Return home interviews", "Months_1")
    codes = [page.code for page in content.pages if page.topic == "Return home interviews"]
    assert [line["Code"] for line in lines] == codes
    _, _, _, _, _, *months = lines[0]
    assert (months[:2], months[-1]) == (["Aug 2017", "Jul 2017"], "Aug 2016")
    page = next(page for page in content.pages if page.code == "RHI-06")
    interviews = next(line for line in lines if line["Code"] == "RHI-06")
    for point in page.series[0].points[-13:]:
        figure = point.figure
        assert interviews[point.label] == (figure.marker if figure.value is None else pytest.approx(figure.value))
    staying = next(line for line in table(workbook, "Social workers", "Months_3") if line["Code"] == "SW-03")
    assert "of 17; low base, 95% interval" in str(staying["Jul 2017"])  # no number stands alone


def test_definitions_say_where_a_figure_comes_from(workbook: Workbook, content: PackContent) -> None:
    lines = {line["Code"]: line for line in table(workbook, "Definitions", "Definitions")}
    page = next(page for page in content.pages if page.code == "RHI-06")
    assert lines["RHI-06"]["Definition"] == page.definition
    assert lines["RHI-06"]["Command to trace the figures"] == "perfpipe explain rhi_within_72h 2017-08"
    assert lines["RHI-06"]["Data"] == page.data


def test_the_workbook_is_small(edition: Path) -> None:
    assert (edition / "board_pack.xlsx").stat().st_size < 3_000_000


def test_every_table_is_a_real_one_with_unique_headers(workbook: Workbook) -> None:
    names = [name for sheet in workbook for name in sheet.tables]
    assert len(names) == len(set(names))
    assert {"Scorecard", "Improvement_Plan", "Contents", "Extracts", "Faults", "Notes"} <= set(names)
    for sheet in workbook:
        for made in sheet.tables.values():
            headers = [cell.value for cell in sheet[made.ref][0]]
            assert headers == [column.name for column in made.tableColumns]
            assert len(set(headers)) == len(headers)
        assert not sheet.merged_cells.ranges


def test_all_measures_have_a_line_for_each_period(workbook: Workbook) -> None:
    lines = table(workbook, "Measures", "Measures")
    assert len(lines) == LINES
    interviews = next(line for line in lines if line["Code"] == "RHI-06")
    assert interviews["Latest"] == "37% (22 of 60) [p]"
    assert interviews["Status"] == "Missed"
    assert interviews["Target from"].endswith("(illustrative)")  # type: ignore[attr-defined]
    assert {line["Status"] for line in lines} == {"Met", "Near", "Missed", "No target", "No data"}


def test_a_status_has_both_a_word_and_a_fill(workbook: Workbook) -> None:
    fills = {
        cell.value: cell.fill.fgColor.rgb
        for row in workbook["Measures"].iter_rows(min_row=5, min_col=7, max_col=7)
        for cell in row
    }
    assert len(set(fills.values())) == len(fills) == 5


def test_all_measures_say_variation_and_assurance_in_words_with_an_icon(workbook: Workbook) -> None:
    lines = table(workbook, "Measures", "Measures")
    appointed = next(line for line in lines if line["Code"] == "SW-01")
    assert appointed["Variation"] == "\u25cf Normal variation since September 2014"
    assert appointed["Assurance"] == "No target"
    retained = next(line for line in lines if line["Code"] == "SW-03")
    assert retained["Variation"] == "Not judged: neighbouring points overlap, so there are no limits"
    assert str(retained["Jul 2017"]).startswith("71%")
    assert "of 17; low base, 95% interval" in str(retained["Jul 2017"])  # no number stands alone


def test_the_months_of_a_measure_with_limits_say_their_variation(workbook: Workbook) -> None:
    lines = table(workbook, "Data", "Data")
    whole = [line for line in lines if line["Group"] == "all"]
    assert {line["Variation"] for line in whole if line["Code"] == "SW-01"} == {"\u25cf Normal variation"}
    assert not any("variation" in str(line["Variation"]) for line in whole if line["Code"] == "SW-06")


def test_pictures_have_alternative_text(edition: Path) -> None:
    with ZipFile(edition / "board_pack.xlsx") as archive:
        drawings = [archive.read(name).decode() for name in archive.namelist() if "drawings/drawing" in name]
    described = re.findall(r'descr="([^"]+)"', "".join(drawings))
    assert len(described) == WITH_TARGET + 1
    assert all(text.startswith(("Line chart.", "Column chart.", "Bar chart.")) for text in described)


def test_links_lead_to_sheets_that_exist(workbook: Workbook) -> None:
    links = [cell.hyperlink for sheet in workbook for cell in cells(sheet) if cell.hyperlink]  # type: ignore[attr-defined]
    targets = {re.fullmatch(r"'(.+)'!A\d+", link.location)[1] for link in links}  # type: ignore[index]
    assert targets == set(workbook.sheetnames)
    assert all(link.target is None for link in links)


def test_the_cover_says_for_whom_and_as_known_when_and_no_clock(workbook: Workbook, content: PackContent) -> None:
    said = [cell.value for cell in cells(workbook["Cover"])]  # type: ignore[attr-defined]
    for words in ("Improvement Board: restricted", content.fingerprint, "6 September 2017, 12:00"):
        assert words in said
    said = [cell.value for cell in cells(workbook["Need to know"])]  # type: ignore[attr-defined]
    assert any("no extract yet" in str(words) for words in said)


def test_document_properties_and_printing(workbook: Workbook) -> None:
    assert workbook.properties.language == "en-GB"
    assert workbook.properties.title == "Children's services performance, August 2017: Coventry City Council"
    assert workbook.active.title == "Cover"
    assert workbook.active.sheet_view.selection[0].activeCell == "A1"
    for sheet in workbook:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows


def test_an_entry_with_a_number_keeps_its_format() -> None:
    cell = put(Workbook().active, 1, 1, CellEntry(0.625, "0%"))
    assert (cell.data_type, cell.value, cell.number_format) == ("n", 0.625, "0%")
