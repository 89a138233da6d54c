"""What owners wrote, as a pack shows it: in PDF, page and workbook the same, with role, day, and stale or not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from html import unescape
from pathlib import Path

import pymupdf
import pytest
from openpyxl import load_workbook

from perfpipe.commentary.comment import Comment, Commentary
from perfpipe.measures.definition import Measure, Period
from perfpipe.packs.charts.svg import pictures_on
from perfpipe.packs.content.assessed_rows import Rows
from perfpipe.packs.content.board_pack import DataBehind, PackHead, build_content
from perfpipe.packs.content.commentary import asks, shown_commentary
from perfpipe.packs.content.pages.commentary_page import commentary_page
from perfpipe.packs.content.pages.exceptions import exception
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.content.series import Scene
from perfpipe.packs.models.blocks import Terms
from perfpipe.packs.models.commentary import OwnersCommentary
from perfpipe.packs.pdf.board_pdf import pdf_of
from perfpipe.packs.web.board_page import page_of
from perfpipe.packs.workbooks.board_book import write_workbook
from perfpipe.plan import PackName, measures_shown
from tests import pack_builders as made
from tests.runs import EMPTY_PICTURE, one_small_picture

CAUSE = "=Interviews <b>wait</b> for the other council & it rarely says when"
ROLE = "Lead for Missing and Exploitation"


def comment(measure: str = "rhi_within_72h", period: str = "month", **changed: object) -> Comment:
    usual: dict[str, object] = {
        "role": ROLE, "written_on": date(2017, 9, 12), "cause": CAUSE, "action": "Agree with two providers",
        "by_when": date(2017, 10, 31), "question": "Will the Board write to neighbours?", "shown": "40%",
        "status": "missed",
    }  # fmt: skip
    return Comment(measure, period, **usual | changed)  # type: ignore[arg-type]


@cache
def scene() -> Scene:
    return Scene(Rows(made.assessed()), made.MONTH, "Coventry City Council", made.plan(), 20)


def chosen() -> tuple[Measure, ...]:
    return measures_shown(scene().plan, made.MEASURES, PackName.BOARD)


def shown(*comments: Comment, left_out: int = 0, audience: PackName = PackName.BOARD) -> OwnersCommentary:
    return shown_commentary(scene(), chosen(), Commentary(comments, left_out=left_out), audience)


def now() -> dict[str, str]:
    """The figure and the status of the measure as they are."""
    (row,) = [row for row in asks(scene(), chosen(), {}) if row.place == ("rhi_within_72h", "month")]
    return {"shown": row.shown, "status": row.status}


def test_words_stand_on_their_page_in_the_order_of_an_exception() -> None:
    page = commentary_page(shown(comment(**now())), 13)
    assert page is not None
    (terms,) = [block for block in page.blocks if isinstance(block, Terms)]
    assert [term for term, _ in terms.terms] == [
        "What", "For the child", "Cause", "Action", "Owner, by when", "Question to put",
    ]  # fmt: skip
    assert terms.note == f"Written by {ROLE}, 12 September 2017."
    assert [said[0].text for term, said in terms.terms if term == "Owner, by when"] == [f"{ROLE}, 31 October 2017"]


def test_words_of_another_figure_are_marked_and_counted() -> None:
    is_now = f"{now()['shown']} ({now()['status']})"
    old = shown(comment(shown="7%", status="met"))
    assert old.words[0].stale == (
        f"The figure has changed since this was written: it was 7% (met), and is now {is_now}."
    )
    assert old.words[0].note == f"Written by {ROLE}, 12 September 2017. {old.words[0].stale}"
    assert old.note.endswith("one was written before its figure changed.")
    assert shown(comment(**now() | {"status": "met"})).words[0].stale  # by its status alone
    assert shown(comment(**now() | {"shown": "7%"})).words[0].stale
    same = shown(comment(**now()))
    assert (same.words[0].stale, "before its figure" in same.note) == ("", False)


def test_without_words_there_is_a_line_and_no_page() -> None:
    none = shown()
    assert none.note == "No commentary by the owners of measures has come for August 2017."
    assert commentary_page(none, 13) is None
    assert none.without
    left_out = shown(left_out=2)
    assert left_out.note == f"{none.note} Two rows of words cannot be shown."


def test_words_that_count_few_people_are_in_the_pack_of_the_board_and_in_none_for_the_public() -> None:
    few = comment(cause="Three girls waited.")
    assert [each.cause for each in shown(few).words] == ["Three girls waited."]
    public = shown(few, audience=PackName.PUBLIC)
    assert public.words == ()
    assert "One row of words cannot be shown." in public.note


def test_an_exception_has_its_owners_cause_action_and_question_before_what_the_plan_says() -> None:
    measure = next(each for each in chosen() if each.id == "rhi_within_72h")
    subject = Subject(scene(), measure, Period.MONTH)
    (words,) = shown(comment()).words
    told = exception(subject, "", words, "What keeps them late?")
    said = {term: text[0].text for term, text in reversed(told.terms)}
    assert (said["Cause"], said["Action"]) == (CAUSE, "Agree with two providers")
    assert [term for term, _ in told.terms][:5] == ["What", "For the child", "Cause", "Action", "Owner, by when"]
    assert said["Owner, by when"] == f"{ROLE}, 31 October 2017"
    assert [text[0].text for term, text in told.terms if term == "Question to put"] == [words.question]
    assert told.note == words.note
    (long,) = shown(comment(cause="word " * 60)).words
    told = exception(subject, "", long, "What keeps them late?")
    assert dict(told.terms)["Cause"][0].link == "commentary"  # where they stand in full
    assert (told.terms[-1][1][0].text, told.note) == ("What keeps them late?", "")
    alone = exception(subject, "", None, "What keeps them late?")
    assert dict(alone.terms)["Cause"][0].text == "Its owner has not yet said why."
    assert alone.terms[-1][1][0].text == "What keeps them late?"


@pytest.mark.soak
def test_pdf_page_and_workbook_show_the_same_words(tmp_path: Path) -> None:
    known = datetime(2017, 9, 6, 11, 0, tzinfo=UTC)
    head = PackHead(made.MONTH, "Coventry City Council", "board", "3f9a" * 16, known)
    leavers = comment("leavers", "rolling_12", cause="Pay in the next council", action="", by_when=None)
    data = DataBehind(made.faults(), made.delivered(), commentary=Commentary((comment(), leavers)))
    content = build_content(made.assessed(), head, made.plan(), made.MEASURES, data)
    assert content.frame is not None
    assert [page.number for page in content.board_pages] == [*range(1, 13)]  # none on practice: no measure is of it
    pages = content.board_pages[-1:]
    words = content.commentary.words
    drawn = {chart.name: EMPTY_PICTURE for chart in content.charts} | pictures_on(content.board_pages)
    pdf = _plain(" ".join(page.get_text() for page in pymupdf.open("pdf", pdf_of(content.frame, pages, {}))))
    html = _plain(unescape(re.sub(r"<[^>]+>", " ", page_of(content, drawn))))
    assert html.count(CAUSE) == 3  # on the page of owners' words, in the exception, and with the measure
    assert html.count(content.commentary.note) == 2  # on the first page, and on that of owners' words
    for each in words:
        for _, said in each.terms:
            assert said in pdf
            assert said in html
        assert each.note in pdf
        assert each.note in html
    charts = {chart.name: one_small_picture(chart) for chart in content.headline_charts}
    write_workbook(content, charts, tmp_path / "pack.xlsx")
    book = load_workbook(tmp_path / "pack.xlsx")
    rows = [[cell.value for cell in row] for row in book["Commentary"].iter_rows(min_row=6, max_row=7)]
    assert [row[3] for row in rows] == [each.cause for each in words]
    assert [row[7] for row in rows] == [each.said_by.removeprefix("Written by ") for each in words]
    assert [row[8] for row in rows] == [each.stale or "No" for each in words]
    cover = {row[0].value: row[1].value for row in book["Cover"].iter_rows(max_col=2)}
    assert cover["Owners’ words"] == content.commentary.note


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_every_measure_with_a_target_is_asked_for_those_off_target_first() -> None:
    before = {("rhi_within_72h", "month"): (comment(written_on=date(2017, 8, 10)), made.MONTH - 1)}
    rows = asks(scene(), chosen(), before)
    targeted = {(measure.id, period.value) for measure in chosen() for period in measure.periods
                if (target := scene().plan.target_of(measure, period)) and target.step_for(made.MONTH)}  # fmt: skip
    assert {row.place for row in rows} == targeted
    by_owner: dict[str, list[bool]] = {}
    for row in rows:
        by_owner.setdefault(row.owner, []).append(row.is_asked)
    assert list(by_owner) == list(dict.fromkeys(row.owner for row in rows))
    assert all(asked == sorted(asked, reverse=True) for asked in by_owner.values())
    row = next(row for row in rows if row.place == ("rhi_within_72h", Period.MONTH.value))
    assert row.figures.startswith("August 2017: ")
    assert row.before == (
        f"July 2017, {ROLE}: {CAUSE}\nAction: Agree with two providers\nBy when: 31 October 2017\n"
        "Question: Will the Board write to neighbours?"
    )
