"""The web page: every block in a real browser, by keyboard, at 400% zoom, checked by axe-core; nothing is fetched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from perfpipe.measures import BY_ID
from perfpipe.measures.words import State
from perfpipe.packs.charts.svg import pictures_on, svg_of
from perfpipe.packs.models.blocks import BoardPage, DataTable, Paragraph, TableCell, TableColumn, TableRows
from perfpipe.packs.models.pack import PackContent
from perfpipe.packs.web.board_page import page_of, write_page
from tests import board_page_builders as pages
from tests import browsers, pack_builders

pytestmark = pytest.mark.slow


def content() -> PackContent:
    """Every block, and every kind of measure."""
    return replace(pack_builders.content(), board_pages=pages.pages(), frame=pages.FRAME)


def pictures(pack: PackContent) -> dict[str, str]:
    return pictures_on(pack.board_pages) | {chart.name: svg_of(chart, 184, 70) for chart in pack.charts}


def one_page(*blocks: object, marking: str = "") -> str:
    page = BoardPage("only", 1, "Topic", "Heading", blocks)  # type: ignore[arg-type]
    pack = replace(content(), board_pages=(page,), pages=(), tables=(), frame=replace(pages.FRAME, marking=marking))
    return page_of(pack, {})


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web") / "pack.html"
    write_page(content(), pictures(content()), path)
    return path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chrome]:
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture
def browser(chromium: Chrome, file: Path) -> Iterator[Chrome]:
    browsers.set_width(chromium, 1280)
    chromium.get(file.as_uri())
    yield chromium
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def shown_rows(browser: Chrome) -> list[WebElement]:
    rows = browser.find_elements(By.CSS_SELECTOR, "#scorecard-table tbody tr:not(.group)")
    return [row for row in rows if row.is_displayed()]


def column(browser: Chrome, place: int) -> list[str]:
    cells = "[...document.querySelectorAll('#scorecard-table tbody tr:not(.group)')].map(r => r.cells[%d].innerText)"
    return list(browser.execute_script(f"return {cells % place}"))


def header(browser: Chrome, words: str) -> WebElement:
    heads = browser.find_elements(By.CSS_SELECTOR, "#scorecard-table thead th")
    return next(head for head in heads if head.text == words)


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_violation(browser: Chrome, width: int) -> None:
    browsers.set_width(browser, width)
    browser.execute_script("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert browsers.violations(browser) == []


def test_at_400_per_cent_nothing_but_a_wide_table_scrolls_sideways(browser: Chrome) -> None:
    browsers.set_width(browser, 320)
    browser.execute_script("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    wide, window = browser.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= window
    scrolled = browser.find_elements(By.CSS_SELECTOR, ".scroll[tabindex='0']")
    assert scrolled
    assert all(each.get_attribute("aria-label") for each in scrolled)


def test_on_a_narrow_screen_figures_come_before_the_small_lines(browser: Chrome) -> None:
    cells = "return [...document.querySelectorAll('table.lines tbody tr:not(.group)')].map(row => row.cells[1])"
    hidden = f"{cells}.map(cell => getComputedStyle(cell).display === 'none')"
    for width, expected in ((1280, False), (400, True)):
        browsers.set_width(browser, width)
        found = browser.execute_script(hidden)
        assert found
        assert set(found) == {expected}


def test_nothing_is_fetched_and_the_browser_has_nothing_to_complain_of(browser: Chrome, file: Path) -> None:
    assert (
        browser.execute_script(
            "return performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')).length"
        )
        == 0
    )
    assert browser.execute_script("return [...document.fonts].every((font) => font.status !== 'error')")
    written = file.read_text(encoding="utf-8")
    assert re.findall(r"""(?:src|href)=["']?(?!#|data:|https://www\.gov\.uk/)[^"' >]+""", written) == []
    assert "default-src 'none'" in written
    assert file.stat().st_size < 5_000_000


def test_the_first_stop_is_the_way_past_the_contents(browser: Chrome) -> None:
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    stop = browser.switch_to.active_element
    assert (stop.text, stop.is_displayed()) == ("Skip to the pack", True)
    stop.send_keys(Keys.ENTER)
    assert browser.switch_to.active_element.get_attribute("id") == "main"


def test_headings_are_in_order_under_one_first_and_the_language_is_set(browser: Chrome) -> None:
    heads = browser.find_elements(By.CSS_SELECTOR, "h1, h2, h3, h4, h5, h6")
    levels = [int(each.tag_name[1]) for each in heads]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(level <= before + 1 for before, level in pairwise(levels))
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en-GB"
    assert browser.title == f"{pages.FRAME.authority}: {pages.FRAME.pack}"


def test_a_column_is_sorted_by_keyboard_up_down_and_back(browser: Chrome) -> None:
    before = column(browser, 0)
    head = header(browser, "Status, outlook")
    button = head.find_element(By.TAG_NAME, "button")
    button.send_keys(Keys.ENTER)
    assert head.get_attribute("aria-sort") == "ascending"
    met, near, missed = (
        [words.split("\n")[0] for words in column(browser, 5)].index(w) for w in ("Met", "Near", "Missed")
    )
    assert met < near < missed
    button.send_keys(Keys.ENTER)
    assert head.get_attribute("aria-sort") == "descending"
    assert column(browser, 5)[0].startswith("No data")
    button.send_keys(Keys.ENTER)
    assert head.get_attribute("aria-sort") == "none"
    assert column(browser, 0) == before


def test_numbers_sort_as_numbers_and_what_is_not_there_comes_last(chromium: Chrome, tmp_path: Path) -> None:
    shown = [("9%", 0.09), ("100%", 1.0), ("[x]", None), ("0%", 0.0), ("12%", 0.12)]
    cells = [
        TableCell(text, number=number, state=State.OK if number is not None else State.NOT_AVAILABLE)
        for text, number in shown
    ]
    rows = tuple((TableCell(f"Row {n}"), cell, pages.scorecard().groups[0].rows[0][5]) for n, cell in enumerate(cells))
    columns = (TableColumn("Measure", 1), TableColumn("Now", 1), TableColumn("Status", 1))
    table = DataTable(
        "scorecard-table", "A few", columns, (TableRows("One", rows[:3]), TableRows("Two", rows[3:])), is_dense=True
    )
    (tmp_path / "few.html").write_text(one_page(table), encoding="utf-8")
    chromium.get((tmp_path / "few.html").as_uri())
    button = header(chromium, "Now").find_element(By.TAG_NAME, "button")
    button.send_keys(Keys.ENTER)
    assert column(chromium, 1) == ["0%", "9%", "12%", "100%", "[x]\nnot available"]
    button.send_keys(Keys.ENTER)
    assert column(chromium, 1) == ["100%", "12%", "9%", "0%", "[x]\nnot available"]


def test_rows_are_chosen_by_status_change_topic_and_words_and_counted_aloud(browser: Chrome) -> None:
    form = browser.find_element(By.CSS_SELECTOR, "form.tools")
    said = form.find_element(By.CSS_SELECTOR, "[role=status]")
    assert said.text == "25 of 25 measures shown"
    Select(form.find_element(By.NAME, "status")).select_by_visible_text("Missed")
    assert {row.find_elements(By.TAG_NAME, "td")[4].text.split("\n")[0] for row in shown_rows(browser)} == {"Missed"}
    assert said.text == f"{len(shown_rows(browser))} of 25 measures shown" == "5 of 25 measures shown"
    Select(form.find_element(By.NAME, "topic")).select_by_visible_text("Adopters")
    assert len(shown_rows(browser)) == 1
    groups = browser.find_elements(By.CSS_SELECTOR, "#scorecard-table tr.group")
    assert [group.text for group in groups if group.is_displayed()] == ["Adopters"]
    form.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    assert browser.execute_script("return new Promise((done) => setTimeout(() => done(true)))")
    assert len(shown_rows(browser)) == 25
    form.find_element(By.NAME, "words").send_keys("20 MILES outside")
    assert {"over 20 miles" in row.text for row in shown_rows(browser)} == {True}
    form.find_element(By.NAME, "words").send_keys(Keys.ENTER)
    assert browser.current_url.startswith("file:")
    Select(form.find_element(By.NAME, "change")).select_by_visible_text("Better")
    assert said.text == "0 of 25 measures shown"


def test_without_script_everything_is_there_and_no_tool_is(browser: Chrome, file: Path) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(file.as_uri())
    assert len(shown_rows(browser)) == 25
    assert not browser.find_element(By.CSS_SELECTOR, "form.tools").is_displayed()
    assert browser.find_elements(By.CSS_SELECTOR, "#scorecard-table thead button") == []


def test_a_sign_is_never_read_out_and_always_beside_its_word(browser: Chrome) -> None:
    signs = browser.find_elements(By.CSS_SELECTOR, "svg.sign")
    assert signs
    assert {sign.get_attribute("aria-hidden") for sign in signs} == {"true"}
    drawn = browser.execute_script(
        "return [...document.querySelectorAll('svg.sign use')].every((use) => document.querySelector(use.href.baseVal))"
    )
    assert drawn


def test_a_change_for_better_or_worse_stands_out_and_no_change_stays_back(browser: Chrome) -> None:
    looks = {
        (each.text, each.value_of_css_property("font-weight"), each.value_of_css_property("color"))
        for each in browser.find_elements(By.CSS_SELECTOR, ".better, .worse, .quiet")
        if each.text
    }
    of_word = {word: (weight, colour) for word, weight, colour in looks}
    assert len(of_word) == len(looks)  # a word looks the same wherever it stands
    assert {word for word, (weight, _) in of_word.items() if weight == "700"} == {"Better", "Worse"} & set(of_word)
    assert len({colour for _, colour in of_word.values()}) == len(set(of_word) - {"Not tested"})


def test_pictures_have_words_in_their_stead(browser: Chrome) -> None:
    pictures = browser.find_elements(By.CSS_SELECTOR, "figure.picture > svg")
    assert len(pictures) > len(content().charts) - 2
    assert all(each.get_attribute("role") == "img" and each.get_attribute("aria-label") for each in pictures)


def test_figures_say_which_they_are_and_the_states_are_told_apart_in_words(file: Path) -> None:
    written = file.read_text(encoding="utf-8")
    cells = {
        unescape(key): (shown, after)
        for key, shown, after in re.findall(r'data-figure="([^"]+)">([^<]*)</span>([^\n]*)', written)
    }
    assert cells["rhi_accepted|2017-03|month|all|all"][0] == "[z]"
    assert "not applicable: nothing to count" in cells["rhi_accepted|2017-03|month|all|all"][1]
    assert cells["rhi_accepted|2016-10|month|all|all"][0] == "[x]"
    assert "not available: extract missing" in cells["rhi_accepted|2016-10|month|all|all"][1]
    period = BY_ID["retained_12_months"].periods[0]
    assert cells[f"retained_12_months|2016-05|{period}|all|all"][0] == "[c]"
    assert "suppressed: small numbers" in cells[f"retained_12_months|2016-05|{period}|all|all"][1]
    assert cells["new_appointments|2017-08|month|all|all"][0] == "0"
    assert "No target" in cells["new_appointments|2017-08|month|all|all"][1]


def test_every_measure_says_where_its_figure_comes_from(file: Path) -> None:
    written = unescape(file.read_text(encoding="utf-8"))
    for page in content().pages:
        assert f'id="{page.measure_id}"' in written
        for words in (page.definition, page.data, page.traced_by):
            assert words in written


def test_words_are_never_read_as_markup_nor_as_style() -> None:
    odd = '<b>bold</b> "quoted" </style><script>alert(1)</script> \\ {{ 7 * 7 }}'
    made = one_page(Paragraph(pages.text(odd)), marking=odd)
    assert made.count("<script>") == 1
    assert made.count("</style>") == 1
    assert "{{ 7 * 7 }}" in made


def test_a_draft_says_so_at_the_top_and_on_each_printed_sheet() -> None:
    made = one_page(marking="Draft: not an edition")
    assert "<strong>Draft: not an edition</strong>" in made
    assert re.search(r'@bottom-left \{ content: "Draft: not an edition', made)


@pytest.mark.soak
def test_the_same_content_gives_the_same_bytes_in_another_process(file: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.packs import test_web as t\n"
        "t.write_page(t.content(), t.pictures(t.content()), Path(sys.argv[1]))"
    )
    root = Path(__file__).parents[2]
    environment = {"PYTHONPATH": os.pathsep.join((str(root / "src"), str(root))), "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "again.html")], check=True, env=environment)
    assert (tmp_path / "again.html").read_bytes() == file.read_bytes()
