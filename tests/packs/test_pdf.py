"""The PDF: every block and drawing on A4, tagged, in letters that are large enough; the same bytes each time."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import outloud
import pymupdf
import pytest

from perfpipe.packs.charts.svg import pictures_on
from perfpipe.packs.models.blocks import (
    Block,
    BoardPage,
    DataTable,
    ItemList,
    Paragraph,
    SideBySide,
    Sign,
    TableCell,
    TableRows,
    TallyOf,
    Terms,
)
from perfpipe.packs.pdf.board_pdf import pdf_of, write_pdf
from perfpipe.storage.failures import MachineFailure
from tests import board_page_builders as build

LEAST = 9.0  # points
FALSE_WARNINGS = {"TBL-014"}  # a cell without a header of its row: typst tags none, and the first column names the row


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "pack.pdf"
    write_pdf(build.FRAME, build.pages(), pictures_on(build.pages()), path)
    return path


@pytest.fixture(scope="module")
def sheets(pdf: Path) -> list[pymupdf.Page]:
    return list(pymupdf.open(pdf))


def spans(sheet: pymupdf.Page) -> list[dict[str, object]]:
    blocks = sheet.get_text("dict")["blocks"]
    return [span for block in blocks for line in block.get("lines", ()) for span in line["spans"]]


def one_page(*blocks: Block) -> bytes:
    page = BoardPage("only", 1, "Topic", "Heading", blocks)
    return pdf_of(build.FRAME, (page,), pictures_on((page,)))


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.get_text() for page in pymupdf.open("pdf", content)).split())


@pytest.mark.slow
def test_it_is_tagged_and_a_second_checker_finds_no_fault(pdf: Path) -> None:
    result = outloud.check(str(pdf))
    assert b"pdfuaid" in pdf.read_bytes()
    assert [finding for finding in result.findings if finding.rule not in FALSE_WARNINGS] == []


def test_every_sheet_is_a4_and_says_whose_it_is_how_old_its_data_are_and_which_of_how_many(
    sheets: list[pymupdf.Page],
) -> None:
    for sheet in sheets:
        assert (round(sheet.rect.width), round(sheet.rect.height)) == (595, 842)
        said = " ".join(sheet.get_text().split())
        for words in (build.FRAME.authority, build.FRAME.pack, build.FRAME.data_age, build.FRAME.audience):
            assert words in said
    assert "1 of " in sheets[0].get_text()


def test_no_letter_is_smaller_than_nine_points_and_every_font_is_in_the_file(sheets: list[pymupdf.Page]) -> None:
    for sheet in sheets:
        assert min(float(str(span["size"])) for span in spans(sheet) if str(span["text"]).strip()) >= LEAST
        for _, kind, _, name, *_ in sheet.get_fonts():
            assert "SourceSansPro" in name
            assert kind != "n/a"


def test_nothing_stands_outside_the_margins(sheets: list[pymupdf.Page]) -> None:
    for sheet in sheets:
        for span in spans(sheet):
            left, top, right, bottom = span["bbox"]  # type: ignore[misc]
            assert left > 30, span["text"]
            assert right < 595 - 30, span["text"]
            assert top > 20
            assert bottom < 842 - 18


@pytest.mark.soak
def test_the_same_pages_give_the_same_bytes_in_another_process(pdf: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.packs import test_pdf as t\n"
        "pages = t.build.pages()\n"
        "t.write_pdf(t.build.FRAME, pages, t.pictures_on(pages), Path(sys.argv[1]))"
    )
    root = Path(__file__).parents[2]
    environment = {"PYTHONPATH": os.pathsep.join((str(root / "src"), str(root))), "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "again.pdf")], check=True, env=environment)
    assert (tmp_path / "again.pdf").read_bytes() == pdf.read_bytes()
    assert pdf.stat().st_size < 5_000_000


def test_what_typst_works_out_ends_with_its_process(pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pdf.read_bytes().startswith(b"%PDF")
    assert "typst" not in sys.modules  # which keeps it as long as the process lives
    monkeypatch.setattr("perfpipe.packs.pdf.board_pdf.FONTS", Path("/nowhere"))
    with pytest.raises(RuntimeError, match="the PDF could not be made"):
        one_page()
    monkeypatch.setattr("perfpipe.packs.pdf.board_pdf.sys.executable", "false")
    with pytest.raises(RuntimeError, match="the PDF could not be made"):
        one_page()


@pytest.mark.skipif(sys.platform == "win32", reason="no signal ends a process there")
def test_a_process_that_is_killed_is_the_machine_s_doing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed = tmp_path / "python"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o755)
    monkeypatch.setattr("perfpipe.packs.pdf.board_pdf.sys.executable", str(killed))
    with pytest.raises(MachineFailure, match="was killed from outside"):
        one_page()


def test_headings_are_bookmarks_and_the_title_and_language_are_set(pdf: Path) -> None:
    document = pymupdf.open(pdf)
    assert [title for level, title, _ in document.get_toc() if level == 1] == [page.heading for page in build.pages()]
    assert document.metadata["title"] == f"{build.FRAME.authority}: {build.FRAME.pack}"
    assert document.metadata["creationDate"] in ("", None)
    assert b"/Lang (en-GB)" in pdf.read_bytes() or document.xref_get_key(document.pdf_catalog(), "Lang")[1] == "en-GB"


def test_links_go_to_pages_and_the_web_and_what_is_not_in_the_pdf_is_words_alone(sheets: list[pymupdf.Page]) -> None:
    links = [link for sheet in sheets for link in sheet.get_links()]
    assert {link["uri"] for link in links if "uri" in link} == {"https://www.gov.uk/"}
    assert len([link for link in links if "uri" not in link]) >= 2
    assert not any(link.get("file") for link in links)


def test_words_are_never_read_as_markup() -> None:
    odd = "#panic() *not bold* $x$ @label <b> \\ // `raw` — 50% 😀"
    said = words_of(one_page(Paragraph(build.text(odd))))
    assert odd.replace("😀", "?") in said


def test_a_scorecard_of_29_measures_with_names_of_two_lines_stands_on_one_sheet() -> None:
    def usual(row: tuple[TableCell, ...]) -> tuple[TableCell, ...]:
        name, line, value, ago, target, *rest = row
        name, value = replace(name, text=build.NAMES[0]), replace(value, below="31 of 66")
        return (name, line, value, ago, replace(target, text="at least 60%"), *rest)

    card = build.scorecard(29)
    groups = tuple(replace(group, rows=tuple(usual(row) for row in group.rows)) for group in card.groups)
    assert len(pymupdf.open("pdf", one_page(replace(card, groups=groups)))) == 1


def test_more_rows_than_fit_go_on_under_the_same_header() -> None:
    sheets = list(pymupdf.open("pdf", one_page(build.scorecard(60))))
    assert len(sheets) > 1
    for sheet in sheets:
        assert "months met" in " ".join(sheet.get_text().split())
    assert ["continued" in sheet.get_text() for sheet in sheets] == [False, *[True] * (len(sheets) - 1)]
    assert all("1 of 1" in sheet.get_text() for sheet in sheets)


def test_every_sign_can_be_drawn_and_is_no_text() -> None:
    rows = tuple((TableCell(sign.value, sign=sign), TableCell(), TableCell()) for sign in Sign)
    said = words_of(one_page(replace(build.SMALL_TABLE, groups=(TableRows("", rows),))))
    assert all(sign.value in said for sign in Sign)


def test_blocks_without_anything_in_them_are_no_fault() -> None:
    nothing: tuple[Block, ...] = (
        replace(build.TILES, tiles=()),
        TallyOf(()),
        ItemList(()),
        Paragraph(()),
        Terms(()),
        Terms((("What", ()),)),
        SideBySide((), ()),
        replace(build.SMALL_TABLE, groups=(TableRows("Nothing", ()),)),
    )
    for block in nothing:
        assert "Heading" in words_of(one_page(block)), block
    assert "Heading" in words_of(one_page(*nothing))
    assert pymupdf.open("pdf", pdf_of(build.FRAME, (), {})).page_count == 1


def test_a_head_of_many_words_stands_above_the_page_and_over_nothing() -> None:
    frame = replace(
        build.FRAME,
        authority="The County Borough Council of Sir Gaerfyrddin and the District of Exampleshire",
        marking="Draft, not for the Board: this month is signed off",
    )
    page = BoardPage("only", 1, "Topic", "Heading", ())
    (sheet,) = pymupdf.open("pdf", pdf_of(frame, (page,), {}))
    heights = sorted({(round(span["bbox"][1]), round(span["bbox"][3])) for span in spans(sheet)})  # type: ignore[index]
    assert heights[0][0] > 10
    assert len(heights) >= 4
    assert all(upper[1] - lower[0] < 4 for upper, lower in pairwise(heights))  # no more than the air of letters


def test_an_empty_table_and_a_draft_are_printed_too() -> None:
    nothing = DataTable("none", "Nothing to show", build.SMALL_TABLE.columns, ())
    frame = replace(build.FRAME, marking="Draft: not an edition")
    page = BoardPage("only", 1, "Topic", "Heading", (nothing,))
    said = words_of(pdf_of(frame, (page,), {}))
    assert "Draft: not an edition" in said
    assert "Nothing to show" in said
