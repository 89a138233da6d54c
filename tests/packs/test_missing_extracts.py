"""Pages about topics whose extracts did not arrive: what is missing, who owes it, and what was known last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from perfpipe.dates.months import Month
from perfpipe.measures.definition import Period
from perfpipe.measures.words import State, Status
from perfpipe.packs.content.pages import interviews_over_time, quality_of_practice, workforce
from perfpipe.packs.content.pages.missing_extracts import with_what_is_missing
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topics import PAGES
from perfpipe.packs.models.blocks import BoardPage, DataTable, Paragraph, Picture, Terms
from perfpipe.packs.models.row import Row
from perfpipe.packs.models.sources import ExtractUse
from tests.page_builders import MARCH, given
from tests.topic_builders import blocks_in, said, shares, topic_figures

IN_TIME = FigureOf("rhi_within_72h", Period.MONTH)
JANUARY = Month(2018, 1)


def not_here(dataset: str, last: Month | None = MARCH - 1, owner: str = "") -> ExtractUse:
    return ExtractUse(dataset, None, None, (), None, last_month=last, owner=owner)


def lost(of: FigureOf, month: Month = MARCH) -> Row:
    gone: dict[str, object] = {"value": None, "numerator": None, "denominator": None}
    state = {"state": State.NOT_AVAILABLE, "state_reason": "extract missing", "status": Status.NO_DATA}
    return given(of.measure_id, month=str(month), period=of.period.value, **gone, **state)


def without(rows: Iterable[Row], *missing: ExtractUse) -> TopicFigures:
    return replace(topic_figures(rows), missing=missing)


def terms(page: BoardPage) -> dict[str, str]:
    (found, *_) = [block for block in page.blocks if isinstance(block, Terms)]
    return {term: "".join(words.text for words in text) for term, text in found.terms}


def last_known(page: BoardPage) -> list[list[str]]:
    table = next(block for block in page.blocks if isinstance(block, DataTable) and block.id.endswith("last-known"))
    return [[cell.text for cell in row] for group in table.groups for row in group.rows]


def over_time(figures: TopicFigures) -> BoardPage:
    page = interviews_over_time.over_time_page(figures, 6)
    return with_what_is_missing(page, figures, interviews_over_time.ABOUT)


def before(*counts: tuple[int, int], **fields: object) -> list[Row]:
    """Interviews in time, the last in February, and none in March."""
    rows = shares(IN_TIME, *counts, (0, 1), **fields)
    return [*(row for row in rows if row.month != str(MARCH)), lost(IN_TIME)]


def test_a_page_without_its_extract_says_what_is_missing_since_when_and_whose_it_is() -> None:
    owner = "Head of Missing and Exploitation"
    page = over_time(without(before((30, 60), (15, 60)), not_here("return_home_interviews", owner=owner)))
    assert said(page)[0] == "No figures for March 2018: the extract 'Return home interviews' did not arrive."
    assert terms(page) == {
        "Missing": "Return home interviews: nothing for March 2018; the last extract ran to February 2018.",
        "Who owes it": f"{owner}.",
        "Cannot be known": "Whether anything has changed since February 2018, and whether one target was met in "
        "March 2018.",
        "Question to put": "Why did this extract not arrive, and when will it?",
    }


def test_the_last_known_figures_stand_with_their_month_and_the_key_of_that_month() -> None:
    figures = without(
        before((30, 60), (15, 60), target="0.6", status=Status.MISSED), not_here("return_home_interviews")
    )
    page = over_time(figures)
    rows = last_known(page)
    assert [(row[0], row[2], row[5], row[6]) for row in rows] == [
        ("Return home interviews completed within 72 hours", "25%", "Missed", "Feb 2018")
    ]
    table = next(block for block in page.blocks if isinstance(block, DataTable))
    assert table.groups[0].rows[0][2].key == ("rhi_within_72h", "2018-02", "month", "all", "all")


def test_an_extract_that_is_missing_for_months_says_since_when() -> None:
    rows = [row for row in shares(IN_TIME, (30, 60), (15, 60), (1, 1), (1, 1)) if row.month <= str(JANUARY)]
    rows += [lost(IN_TIME, MARCH - 1), lost(IN_TIME)]
    page = over_time(without(rows, not_here("return_home_interviews", JANUARY)))
    assert terms(page)["Missing"] == (
        "Return home interviews: nothing since February 2018; the last extract ran to January 2018."
    )
    assert [row[6] for row in last_known(page)] == ["Jan 2018"]


def test_what_never_came_has_no_last_figures_and_no_empty_table() -> None:
    page = over_time(without([lost(IN_TIME)], not_here("return_home_interviews", None)))
    assert terms(page)["Missing"] == "Return home interviews: no extract has arrived yet."
    assert not [block for block in page.blocks if isinstance(block, DataTable)]


def test_where_nobody_is_named_the_owner_of_the_figures_is() -> None:
    page = over_time(without(before((30, 60)), not_here("return_home_interviews")))
    assert terms(page)["Who owes it"] == (
        "The settings name nobody for this extract; the figures belong to: Missing and exploitation team."
    )


def test_a_page_with_half_of_its_extracts_keeps_the_other_half_and_each_figure_stands_once() -> None:
    turnover = [*shares(workforce.TURNOVER, (40, 270), (55, 276))]
    vacant = [*(row for row in shares(workforce.VACANT, (60, 340), (1, 1)) if row.month != str(MARCH))]
    figures = without([*turnover, *vacant, lost(workforce.VACANT)], not_here("workforce_monthly"))
    page = with_what_is_missing(workforce.workforce_page(figures, 10), figures, workforce.ABOUT)
    kinds = [type(block) for block in page.blocks]
    assert kinds[:3] == [Paragraph, Terms, DataTable]  # under the lede
    assert "20%" in said(page)[0]
    tables = {block.id: block for block in page.blocks if isinstance(block, DataTable)}
    shown = [row[0].text for group in tables["workforce-measures"].groups for row in group.rows]
    assert "Social worker turnover in 12 months" in shown
    assert "Social worker posts that are vacant" not in shown
    assert [row[0] for row in last_known(page)] == ["Social worker posts that are vacant"]
    assert [each for each in page.blocks if isinstance(each, Picture)]


@pytest.mark.parametrize("place", range(len(PAGES)))
def test_no_page_is_empty_without_its_extracts(place: int) -> None:
    page, datasets, every = PAGES[place]
    about = [of for of in every if topic_figures([]).has(of)]
    known = [given(of.measure_id, month="2018-02", period=of.period.value) for of in about]
    figures = without([*known, *(lost(of) for of in about)], *map(not_here, sorted({*datasets, "placements"})))
    made = with_what_is_missing(page(figures, 5), figures, about)
    assert terms(made).keys() == {"Missing", "Who owes it", "Cannot be known", "Question to put"}
    assert len(last_known(made)) == len(about)
    assert not [text for text in said(made) if "#" in text or "[x]" in text]
    assert "no figure" in made.heading
    assert "0" not in made.heading.replace("2018", "")


def test_a_figure_that_is_lost_for_another_reason_leaves_the_page_as_it_is() -> None:
    figures = without(before((30, 60)))
    assert over_time(figures) == interviews_over_time.over_time_page(figures, 6)


def test_a_page_of_practice_without_any_figure_does_not_say_that_nothing_changed() -> None:
    page = quality_of_practice.quality_page(topic_figures([]), 11)
    assert page.heading == "Quality of practice: no figures for March 2018"
    assert not [block for block in blocks_in(page.blocks) if isinstance(block, Picture)]
