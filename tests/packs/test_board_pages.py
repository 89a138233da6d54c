"""What the pages of a board pack share: frame, signs, cells and small lines, from rows made by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from perfpipe.dates.months import Month, month_range
from perfpipe.measures import BY_ID
from perfpipe.measures.definition import Period
from perfpipe.measures.words import Assurance, Movement, MovementBy, State, Status
from perfpipe.packs.content.pages import cells, signs
from perfpipe.packs.content.pages.frame import data_age
from perfpipe.packs.content.pages.sparklines import sparkline
from perfpipe.packs.content.pages.subject import Subject
from perfpipe.packs.models.blocks import Sign, SignedWord
from perfpipe.packs.models.drawings import Tone
from tests.pack_builders import plan
from tests.page_builders import MARCH, given, scene, subject


def test_a_pack_of_a_meeting_is_as_old_as_at_the_meeting_and_another_as_when_received() -> None:
    received = datetime(2018, 4, 6, 9, 0, tzinfo=UTC)
    assert data_age(plan(), Month(2018, 3), received) == "Data to 31 March 2018, 6 days old when received"
    # the Board's meeting of 25 April 2018 is shown February: 56 days after the 28th
    assert data_age(plan(), Month(2018, 2), received) == "Data to 28 February 2018, 56 days old at the meeting"
    assert data_age(plan(), Month(2018, 3), None) == "Data to 31 March 2018"


@pytest.mark.parametrize(
    ("measure", "fields", "word"),
    [
        ("rhi_within_72h", {"movement": Movement.BETTER, "movement_by": MovementBy.RUN, "movement_is_sure": True,
                            "movement_since": "2017-01"}, SignedWord("Better", Sign.BETTER_UP, "since Jan 2017")),
        ("rhi_within_72h", {"movement": Movement.WORSE, "movement_by": MovementBy.STEP, "movement_is_sure": True,
                            "movement_since": "2017-01"}, SignedWord("Worse", Sign.WORSE_DOWN, "since Jan 2017")),
        ("in_childrens_homes", {"movement": Movement.WORSE, "movement_by": MovementBy.YEAR, "movement_is_sure": True},
         SignedWord("Worse", Sign.WORSE_UP, "than a year ago")),
        ("in_childrens_homes", {"movement": Movement.BETTER, "movement_by": MovementBy.YEAR, "movement_is_sure": True},
         SignedWord("Better", Sign.BETTER_DOWN, "than a year ago")),
        ("children_looked_after", {"movement": Movement.WORSE, "movement_by": MovementBy.YEAR, "value": 653.0,
                                   "year_value": 617.0, "movement_is_sure": True},
         SignedWord("Worse", Sign.WORSE_UP, "than a year ago")),
        ("long_term_stability", {"movement": Movement.BETTER, "movement_by": MovementBy.YEAR, "movement_is_sure": True,
                                 "year_month": "2016-03"}, SignedWord("Better", Sign.BETTER_UP, "than in Mar 2016")),
        ("retained_12_months", {"movement": Movement.LOWER, "movement_by": MovementBy.YEAR},
         SignedWord("Lower", Sign.LOWER, "could be chance")),
        ("rhi_within_72h", {"movement": Movement.NO_CLEAR_CHANGE}, SignedWord("No clear change", Sign.NO_CLEAR_CHANGE)),
        ("rhi_within_72h", {"movement_reason": "no year before"},
         SignedWord("Not tested", Sign.NOT_TESTED, "no year before")),
    ],
)  # fmt: skip
def test_a_movement_is_a_word_with_the_direction_of_the_figure(
    measure: str, fields: dict[str, object], word: SignedWord
) -> None:
    assert signs.movement_word(subject(measure, **fields)) == word


def test_a_doubtful_figure_has_its_doubt_under_the_status_and_no_outlook() -> None:
    judged = {"target": "0.60", "status": Status.MISSED, "numerator": 31.0, "denominator": 66.0, "value": 31 / 66}
    sure = subject("rhi_within_72h", **judged, assurance=Assurance.HIT_AND_MISS)
    early = subject("rhi_within_72h", **judged, assurance=Assurance.HIT_AND_MISS, provisional=True)
    few = subject("rhi_within_72h", **judged | {"numerator": 1.0, "denominator": 2.0, "value": 0.5})
    assert signs.status_word(sure) == SignedWord("Missed", Sign.MISSED, "hit or miss")
    assert signs.status_word(early) == SignedWord("Missed", Sign.MISSED, "provisional")
    assert signs.status_word(few) == SignedWord("Missed", Sign.MISSED, "few cases")


def test_what_is_not_there_has_its_marker_and_its_reason() -> None:
    lost = subject("rhi_within_72h", state=State.NOT_AVAILABLE, state_reason="extract missing", value=None)
    cell = cells.latest_cell(lost)
    assert (cell.text, cell.below, cell.number, cell.state) == ("[x]", "", None, State.NOT_AVAILABLE)
    assert signs.status_word(lost) == SignedWord("No data", Sign.NO_DATA, "extract missing")


def test_a_zero_is_a_number_with_its_counts() -> None:
    cell = cells.latest_cell(subject("rhi_within_72h", numerator=0.0, denominator=41.0, value=0.0))
    assert (cell.text, cell.below, cell.number, cell.percent) == ("0%", "0 of 41", 0.0, True)


def test_a_line_has_24_months_with_gaps_and_the_end_of_the_range_that_is_nearer() -> None:
    months = [str(month) for month in month_range(MARCH - 29, MARCH)]
    rows = [
        given("children_looked_after", month=month, value=600.0 + place, numerator=600.0 + place, target="580..630")
        for place, month in enumerate(months)
        if place != 20
    ]
    line = sparkline(Subject(scene(rows), BY_ID["children_looked_after"], Period.MONTH_END))
    assert line is not None
    assert len(line.values) == len(line.targets) == 24
    assert (line.values[0], line.values[14], line.values[-1]) == (606.0, None, 629.0)
    assert (line.targets[0], line.targets[14], line.targets[-1]) == (630.0, None, 630.0)
    assert line.least_height == pytest.approx(0.08 * 629)
    assert (line.tone, line.hollow) == (Tone.PLAIN, False)


def test_a_first_month_has_no_line() -> None:
    assert sparkline(subject("rhi_within_72h")) is None
    assert cells.line_cell(subject("rhi_within_72h")).text == "too few months"
