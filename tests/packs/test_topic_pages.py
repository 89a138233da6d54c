"""The pages about topics: their findings, drawings and sentences, from rows made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from perfpipe.compute.staying_curve import StayingPoint
from perfpipe.dates.months import Month
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Period
from perfpipe.measures.words import Movement, MovementBy, State, Status
from perfpipe.packs.charts.look import TONES
from perfpipe.packs.content.assessed_rows import months_named
from perfpipe.packs.content.pages.assembly import board_pages
from perfpipe.packs.content.pages.flow_and_stability import flow_page
from perfpipe.packs.content.pages.interview_funnel import funnel_page
from perfpipe.packs.content.pages.interviews_over_time import over_time_page
from perfpipe.packs.content.pages.new_social_workers import new_workers_page
from perfpipe.packs.content.pages.quality_of_practice import quality_page
from perfpipe.packs.content.pages.stock_bridge import REASONS, YearOfStock, bridge_of, year_of_stock
from perfpipe.packs.content.pages.topic_drawings import (
    TopicLine,
    axis_for,
    control_line,
    marked,
    panels_of,
    since_first,
    told,
)
from perfpipe.packs.content.pages.topic_figures import FigureOf, TopicFigures
from perfpipe.packs.content.pages.topic_words import SPACE, level, standing
from perfpipe.packs.content.pages.topics import PAGES
from perfpipe.packs.content.pages.where_children_live import layers_of, where_page
from perfpipe.packs.content.pages.workforce import workforce_page
from perfpipe.packs.content.series import series_of
from perfpipe.packs.models.blocks import BoardPage, DataTable
from perfpipe.packs.models.drawings import BridgeStep, Dots, Funnel, Panels, Stack, Survival, SurvivalStep, Tone
from perfpipe.packs.models.row import Row
from tests.pack_builders import content
from tests.page_builders import MARCH, material
from tests.topic_builders import blocks_in, counted, once, pictures, said, shares, topic_figures

Page = Callable[[TopicFigures, int], BoardPage]
IN_TIME = FigureOf("rhi_within_72h", Period.MONTH)
RETURNED = FigureOf("funnel_returned", Period.ROLLING_12)


# --- a month without any data ---------------------------------------------------------------------


@pytest.mark.parametrize("page", [page for page, _, _ in PAGES])
def test_a_page_without_figures_says_so_and_draws_nothing(page: Page) -> None:
    made = page(topic_figures([]), 5)
    assert pictures(made) == {}
    assert made.number == 5
    assert any("no figure" in text or "not yet" in text or "no chart" in text.lower() for text in said(made))
    assert "0" not in made.heading.replace("2018", "")


def test_one_figure_makes_no_line() -> None:
    made = over_time_page(topic_figures(shares(IN_TIME, (31, 66))), 6)
    assert pictures(made) == {}
    assert "No chart of interviews within 72 hours yet: March 2018 is its first figure." in said(made)


# --- the bridge -----------------------------------------------------------------------------------


def a_year(late: tuple[int, ...] = (0,) * 11 + (2,), closing: int = 653) -> Iterator[Row]:
    """617 children; 21 come a month, in the last 25: 256; 222 leave, all in two months; 2 records were late."""
    started = (21,) * 11 + (25,)
    left = {"returned_home": 63, "independent": 64, "special_guardianship": 35, "adopted": 29, "other": 30,
            "not_known": 1}  # fmt: skip
    yield from counted(FigureOf("stock_opening", Period.MONTH), 617, *(600,) * 11)
    yield from counted(FigureOf("stock_closing", Period.MONTH), *(600,) * 11, closing)
    yield from counted(FigureOf("stock_started", Period.MONTH), *started)
    yield from counted(FigureOf("stock_late", Period.MONTH), *late)
    ended = FigureOf("stock_ended", Period.MONTH)
    yield from counted(ended, 100, 122, *(0,) * 10)
    for group, many in left.items():
        first = many if group in ("returned_home", "adopted") else 8 if group == "other" else 0
        yield from counted(ended.within("why_ended", group), first, many - first, *(0,) * 10)


def test_the_bridge_of_a_year_adds_up_step_by_step() -> None:
    year = year_of_stock(topic_figures(a_year()))
    assert isinstance(year, YearOfStock)
    assert (year.opening, year.started, year.left, year.late, year.closing) == (617, 256, (63, 64, 35, 29, 31), 2, 653)
    bridge = bridge_of(year)
    assert bridge.steps[0] == BridgeStep(("31 March", "2017"), 0.0, 617.0, "617", Tone.FOCUS)
    assert [step.shown for step in bridge.steps] == [
        "617", "+256", "\u221263", "\u221264", "\u221235", "\u221229", "\u221231", "+2", "653",
    ]  # fmt: skip
    # 617 + 256 = 873, less 63 is 810, and so on down to 651, and 2 up
    assert [(step.bottom, step.top) for step in bridge.steps[1:-1]] == [
        (617, 873), (810, 873), (746, 810), (711, 746), (682, 711), (651, 682), (651, 653),
    ]  # fmt: skip
    assert bridge.bracket == (2, 6, "Left care: 222")
    assert len(REASONS) == 5


def test_a_bridge_that_does_not_add_up_is_not_drawn() -> None:
    assert "do not add up" in str(year_of_stock(topic_figures(a_year(closing=654))))
    made = flow_page(topic_figures(a_year(closing=654)), 8)
    assert pictures(made) == {}
    assert any(text.startswith("No bridge of the year to March 2018") for text in said(made))


def test_a_bridge_with_a_month_missing_says_which() -> None:
    rows = [row for row in a_year() if row.month != "2017-08"]
    assert year_of_stock(topic_figures(rows)) == "there is no figure for August 2017"


def test_the_heading_of_the_flow_says_how_many_came_and_left() -> None:
    made = flow_page(topic_figures(a_year()), 8)
    assert made.heading == "In a year 256 came and 222 left"
    assert len(pictures(made)["stock-bridge-chart"].keys) == 12 * 11  # five steps and six reasons


# --- the funnel -----------------------------------------------------------------------------------


def a_funnel(period: Period) -> list[Row]:
    numbers = {
        "returned": 73, "impossible": 2, "not_required": 5, "eligible": 66, "not_yet_due": 0, "due": 66, "offered": 49,
        "not_offered": 12, "offer_not_recorded": 5, "accepted": 38, "declined_child": 6, "declined_parent": 2,
        "other_outcome": 3, "completed": 32, "not_completed": 34, "within_72h": 31, "late": 1, "mistimed": 0,
        "children_returned": 50, "children_due": 46, "children_completed": 27, "children_within_72h": 26,
    }  # fmt: skip
    rows = [once(f"funnel_{step}", period, number) for step, number in numbers.items()]
    rows += shares(FigureOf("rhi_within_72h", period), (31, 66), target="0.60", status=Status.MISSED,
                   status_since="2017-10")  # fmt: skip
    rows += shares(FigureOf("rhi_offered", period), (49, 66))
    rows += shares(FigureOf("rhi_completed", period), (33, 66))  # other returns than the bar's
    return rows


def test_the_funnel_shows_counts_and_only_shares_of_the_same_returns() -> None:
    made = funnel_page(topic_figures(a_funnel(Period.QUARTER)), 5)
    assert made.heading == "Of 73 returns, 32 were interviewed, 31 in time"
    drawing = pictures(made)["interview-funnel-chart"].drawing
    assert isinstance(drawing, Funnel)
    assert [(step.label, step.count, step.share) for step in drawing.steps] == [
        ("Returned", 73, ""), ("Interview due", 66, ""), ("Offered", 49, "74%"), ("Accepted", 38, ""),
        ("Interviewed", 32, ""), ("Within 72 hours", 31, "47%"),
    ]  # fmt: skip


def test_numbers_of_the_funnel_that_differ_or_do_not_add_up_say_why() -> None:
    year = Period.YEAR_TO_DATE
    rows = [row for row in a_funnel(year) if row.measure_id != "rhi_within_72h"]
    rows += [*shares(FigureOf("rhi_within_72h", year), (31, 62)), *counted(RETURNED.within("area", "not_known"), 3)]
    tables = {block.id: block.note for block in blocks_in(funnel_page(topic_figures(rows, Month(2017, 3)), 5).blocks)
              if isinstance(block, DataTable)}  # fmt: skip
    assert "is of 62, not of the 66 due: 4 with an interview at an impossible time" in tables["interview-children"]
    assert (
        tables["interview-losses"] == "The two areas do not add up to 12 months: of 3 returns the area is not recorded."
    )
    whole = funnel_page(topic_figures(a_funnel(Period.QUARTER)), 5)
    notes = [block.note for block in blocks_in(whole.blocks) if isinstance(block, DataTable)]
    assert notes == ["A child who returned several times is one child.", ""]


@pytest.mark.parametrize(
    ("seen_to", "period"),
    [
        (None, Period.QUARTER),  # three months at least
        (Month(2018, 2), Period.MONTH),
        (Month(2017, 12), Period.QUARTER),
        (Month(2017, 11), Period.YEAR_TO_DATE),  # April to March
    ],
)
def test_the_funnel_covers_the_months_since_the_board_met(seen_to: Month | None, period: Period) -> None:
    made = funnel_page(topic_figures(a_funnel(period), seen_to), 5)
    key = pictures(made)["interview-funnel-chart"].keys[0]
    assert key == ("funnel_returned", "2018-03", period.value, "all", "all")


def test_no_loss_is_named_where_there_is_none() -> None:
    steps = ("returned", "due", "offered", "accepted", "completed", "within_72h")
    rows = [once(f"funnel_{step}", Period.QUARTER, 4) for step in steps]
    made = funnel_page(topic_figures(rows), 5)
    assert pictures(made)["interview-funnel-chart"].heading == "Nothing was lost on the way"
    assert not any("largest loss" in text for text in said(made))


def test_a_loss_of_the_whole_year_is_said_once() -> None:
    rows = [*a_funnel(Period.YEAR_TO_DATE), once("funnel_not_offered", Period.ROLLING_12, 12)]
    made = funnel_page(topic_figures(rows, Month(2017, 11)), 5)
    assert "The largest loss: no interview offered, after 12 returns." in said(made)
    quarter = funnel_page(topic_figures([*a_funnel(Period.QUARTER), rows[-1]]), 5)
    assert "The largest loss: no interview offered, after 12 returns. In 12 months it was 12." in said(quarter)


def test_the_largest_loss_is_named_with_a_question() -> None:
    made = funnel_page(topic_figures(a_funnel(Period.QUARTER)), 5)
    assert "The largest loss: no interview offered, after 12 returns." in said(made)
    losses = next(each for each in blocks_in(made.blocks) if isinstance(each, DataTable) and "losses" in each.id)
    shown = {row[0].text: row[1].text for group in losses.groups for row in group.rows}
    assert shown["Not offered"] == "12"
    assert shown["Interviewed at an impossible time"] == "0"  # a zero is a number
    year = {row[0].text: row[4].text for group in losses.groups for row in group.rows}
    assert year["Not offered"] == "[x]"


# --- where children live --------------------------------------------------------------------------

GROUPS = {"foster_ifa": 226, "foster_inhouse": 180, "foster_connected": 74, "childrens_home": 93,
          "supported_semi_independent": 24, "with_parents": 20, "other": 36}  # fmt: skip


def a_stock(total: int = 653) -> Iterator[Row]:
    of = FigureOf("children_by_placement_group", Period.MONTH_END)
    every = next(each for each in topic_figures([]).measure(of).shown.breakdowns).groups
    for group in every:
        yield from counted(of.within("placement_group", group), GROUPS.get(group, 0) + 1, GROUPS.get(group, 0))
    yield from counted(FigureOf("children_looked_after", Period.MONTH_END), 653 + len(every), total)


def test_the_groups_of_a_stock_add_up_with_all_others_in_one() -> None:
    months = [MARCH - 1, MARCH]
    layers = layers_of(topic_figures(a_stock()), months)
    assert [(each.label, each.values[-1]) for each in layers] == [
        ("Agency carers", 226), ("Own carers", 180), ("Connected carers", 74), ("Children's homes", 93),
        ("Supported living", 24), ("All other", 56),
    ]  # fmt: skip
    drawn = pictures(where_page(topic_figures(a_stock()), 7))
    stack = drawn["where-children-live-chart"].drawing
    assert isinstance(stack, Stack)
    assert sum(part.values[-1] for part in stack.parts) == 653
    assert stack.total == "653 in all"
    assert drawn["where-children-live-chart"].heading == "The largest group: agency carers, 226"


def test_the_layers_of_the_stack_are_told_apart_in_grey_print_too() -> None:
    stack = pictures(where_page(topic_figures(a_stock()), 7))["where-children-live-chart"].drawing
    assert isinstance(stack, Stack)
    greys = [luminance(TONES[part.tone]) for part in stack.parts]
    assert len({part.tone for part in stack.parts}) == len(stack.parts)
    contrasts = [(max(pair) + 0.05) / (min(pair) + 0.05) for pair in pairwise(greys)]
    assert min(contrasts) > 2.5


def luminance(colour: str) -> float:
    """WCAG's relative luminance of `#12436D`."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_month_whose_groups_do_not_add_up_to_the_stock_is_a_gap() -> None:
    figures = topic_figures(a_stock(total=654))
    assert [layer.values[-1] for layer in layers_of(figures, [MARCH - 1, MARCH])] == [None] * 6
    assert "where-children-live-chart" not in pictures(where_page(figures, 7))


# --- new social workers ---------------------------------------------------------------------------


def test_who_stayed_is_dots_with_counts_and_intervals() -> None:
    rows = [
        *shares(FigureOf("retained_6_months", Period.COHORT), (54, 61), lower=0.782, upper=0.943),
        *shares(FigureOf("retained_12_months", Period.COHORT), (37, 45), lower=0.687, upper=0.907, target="0.85",
                status=Status.NEAR, status_since="2018-02"),
        *shares(FigureOf("retained_24_months", Period.COHORT), (3, 8), lower=0.137, upper=0.694),
    ]  # fmt: skip
    made = new_workers_page(topic_figures(rows), 9)
    dots = pictures(made)["retained-chart"].drawing
    assert isinstance(dots, Dots)
    assert [(row.label, row.shown) for row in dots.rows] == [
        ("After 6 months", "89% (54 of 61)"), ("After 12 months", "82% (37 of 45)"),
        ("After 24 months", "38% (3 of 8)"),
    ]  # fmt: skip
    lower, upper = dots.rows[1].lower, dots.rows[1].upper
    assert [round(end or 0.0, 1) for end in (lower, upper)] == [68.7, 90.7]
    assert made.heading == "New social workers still here after a year: 82%, just below the 85% target"
    assert "retention-estimate-chart" not in pictures(made)  # no estimate, no empty chart


def test_the_curve_is_drawn_where_it_goes_through_the_figures() -> None:
    of = FigureOf("retention_estimate_12_months", Period.COHORT)
    points = tuple(StayingPoint(months, 1.0 if months < 4 else 0.75, 0.5, 0.9, 20 - months) for months in range(13))
    rows = list(shares(of, (3, 4)))
    curve = pictures(new_workers_page(replace(topic_figures(rows), staying=points), 9))["staying-curve"]
    drawing = curve.drawing
    assert isinstance(drawing, Survival)
    assert drawing.steps[12] == SurvivalStep(12, 75.0, 50.0, 90.0, 8)
    assert drawing.marks == ((12, "12 months 75%"),)
    other = pictures(new_workers_page(replace(topic_figures(shares(of, (4, 5))), staying=points), 9))
    assert "staying-curve" not in other
    assert "retention-estimate-chart" in other


# --- lines side by side ---------------------------------------------------------------------------


def test_panels_share_a_scale_and_mark_what_is_provisional() -> None:
    drawn = [TopicLine(FigureOf("vacancy_rate", Period.MONTH_END), "Vacant posts"),
             TopicLine(FigureOf("agency_rate", Period.MONTH_END), "Agency workers")]  # fmt: skip
    rows = [*shares(drawn[0].of, (10, 100), (20, 100), target="0.17", provisional=True),
            *shares(drawn[1].of, (12, 100), (15, 100))]  # fmt: skip
    panels = panels_of(topic_figures(rows), drawn, [MARCH - 2, MARCH - 1, MARCH])
    vacant, agency = panels.panels
    assert (vacant.values, vacant.targets) == ((None, 10.0, 20.0), (None, 17.0, 17.0))
    assert (vacant.latest, vacant.target) == ("20% [p]", "target 17%")
    assert (agency.latest, agency.target) == ("15%", "")
    assert (panels.axis.bottom, panels.axis.top, panels.axis.marks) == (0.0, 20.0, (0.0, 10.0, 20.0))


def test_lines_begin_where_the_first_of_them_has_a_figure() -> None:
    drawn = [TopicLine(FigureOf("vacancy_rate", Period.MONTH_END), "Vacant posts"),
             TopicLine(FigureOf("agency_rate", Period.MONTH_END), "Agency workers")]  # fmt: skip
    figures = topic_figures([*shares(drawn[0].of, (10, 100)), *shares(drawn[1].of, (12, 100), (15, 100))])
    assert since_first(figures, drawn, figures.last(36)) == [MARCH - 1, MARCH]
    assert len(since_first(topic_figures([]), drawn, figures.last(36))) == 36


def test_what_was_left_out_is_a_mark_in_a_drawing_and_words_in_a_sentence() -> None:
    lost = {"left_out": 8, "left_out_of": 324, "left_out_why": "the FTE is blank"}
    figures = topic_figures(shares(IN_TIME, (32, 66), (31, 66), **lost))
    assert marked(figures.figure(IN_TIME)) == "47% [i]"
    assert "8 of 324" in level(figures.figure(IN_TIME), figures.measure(IN_TIME))
    assert told(figures, IN_TIME, [MARCH - 1, MARCH]) == "Feb 2018 48% [i], Mar 2018 47% [i]"


def test_the_backlog_stands_beside_the_interviews_in_time() -> None:
    rows = [*shares(IN_TIME, (31, 66)), *counted(FigureOf("rhi_backlog", Period.ROLLING_12), 208)]
    lede = said(over_time_page(topic_figures(rows), 6))[0].replace(SPACE, " ")
    assert "Of the returns in the 12 months to March 2018, 208 interviews are overdue." in lede


def test_who_is_missing_now_adds_up_with_those_whose_area_is_not_recorded() -> None:
    of = FigureOf("missing_at_month_end", Period.MONTH_END)
    rows = [*counted(of, 4), *counted(of.within("area", "in"), 3), *counted(of.within("area", "not_known"), 1)]
    told = "4 still missing at the end of March 2018: 3 in the area, 1 area not recorded."
    assert told in said(over_time_page(topic_figures(rows), 6))


def test_a_reason_names_months_as_readers_write_them() -> None:
    assert months_named("history missing: 2015-10 to 2017-03") == "history missing: Oct 2015 to Mar 2017"
    assert months_named("made on 2017-03-05") == "made on 2017-03-05"


def test_who_is_missing_now_without_a_figure_is_said_with_the_reason() -> None:
    of = FigureOf("missing_at_month_end", Period.MONTH_END)
    gone = {"state": State.NOT_AVAILABLE, "state_reason": "extract missing"}
    rows = [row for row in counted(of, 4, *(5,) * 12) if row.month != "2018-03"]
    made = over_time_page(topic_figures([*rows, *counted(of, 0, **gone)]), 6)
    assert "No figure for March 2018: extract missing; a year ago 4." in said(made)


def test_no_axis_of_a_share_goes_above_100() -> None:
    axis = axis_for([97.0], topic_figures([]).measure(IN_TIME).counts.unit)
    assert (axis.top, axis.marks) == (100.0, (0.0, 50.0, 100.0))


def test_a_page_of_the_workforce_draws_only_what_has_figures() -> None:
    rows = shares(FigureOf("agency_rate", Period.MONTH_END), (12, 100), (15, 100))
    made = workforce_page(topic_figures(rows), 10)
    panels = pictures(made)["workforce-rates-chart"].drawing
    assert isinstance(panels, Panels)
    assert [panel.title for panel in panels.panels] == ["Agency workers"]
    assert made.heading == "Social worker turnover: no figure for March 2018"


@pytest.mark.parametrize(
    ("over", "question"), [(7, "above the ceiling"), (0, "Which teams lose most"), (None, "Which teams lose most")]
)
def test_the_question_about_the_workforce_is_about_what_there_is(over: int | None, question: str) -> None:
    rows = [*shares(FigureOf("turnover_12_months", Period.ROLLING_12), (20, 100))]
    rows += counted(FigureOf("over_caseload_ceiling", Period.MONTH_END), over)
    assert question in said(workforce_page(topic_figures(rows), 10))[-1]


# --- sentences ------------------------------------------------------------------------------------

BELOW = {"target": "0.60", "status": Status.MISSED, "status_since": "2017-10"}
BETTER = {"movement": Movement.BETTER, "movement_by": MovementBy.LIMITS, "movement_since": "2017-01",
          "movement_is_sure": True}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (BELOW | BETTER, "47% (31 of 66) in March 2018, below the 60% target since October 2017. "
                                "Better since January 2017; a year ago 45%."),
        (BELOW | {"provisional": True}, "47% (31 of 66, provisional) in March 2018, below the 60% target since "
                                        "October 2017."),
        ({"movement": Movement.NO_CLEAR_CHANGE}, "47% (31 of 66) in March 2018. No clear change."),
        ({"movement": Movement.LOWER}, "47% (31 of 66) in March 2018. Lower, which could be chance."),
        (BETTER | {"movement_by": MovementBy.YEAR, "movement": Movement.WORSE, "movement_since": ""},
         "47% (31 of 66) in March 2018. Worse than a year ago (45%)."),
        (BETTER | {"movement_by": MovementBy.STEP, "year_movement": Movement.NO_CLEAR_CHANGE},
         "47% (31 of 66) in March 2018. Better since January 2017; a year ago 45%: no clear change."),
        ({"movement": Movement.LOWER, "movement_by": MovementBy.YEAR},
         "47% (31 of 66) in March 2018. Lower than a year ago (45%), which could be chance."),
        ({"movement_reason": "no year before"},
         "47% (31 of 66) in March 2018. Change not tested: no year before."),
        ({"target": "0.40", "status": Status.MET}, "47% (31 of 66) in March 2018, at or above the 40% target."),
        ({"state": State.NOT_AVAILABLE, "state_reason": "extract missing", "status": Status.NO_DATA},
         "no figure for March 2018 (extract missing)."),
    ],
)  # fmt: skip
def test_one_sentence_says_level_target_direction_and_a_year_ago(fields: dict[str, object], words: str) -> None:
    before = [row for row in shares(IN_TIME, (28, 62), *[(1, 2)] * 12) if "a year ago" in words][:1]
    words_said = standing(topic_figures([*before, *shares(IN_TIME, (31, 66), **fields)]), IN_TIME)
    assert words_said.replace(SPACE, " ") == f"Return home interviews completed within 72 hours: {words}"


def test_few_cases_are_said_beside_what_they_are_judged_by() -> None:
    words_said = standing(topic_figures(shares(IN_TIME, (3, 8), **BELOW)), IN_TIME)
    assert "38% (3 of 8, few cases) in" in words_said


# --- the control line and the biggest mover -------------------------------------------------------


def test_a_control_line_says_what_has_changed_and_since_when() -> None:
    rows = list(shares(IN_TIME, (30, 100), (32, 100), (50, 100), (47, 100), **BELOW,
                       **BETTER | {"movement_since": "2018-02"}))  # fmt: skip
    figures = topic_figures(rows)
    series = series_of(figures.scene, figures.measure(IN_TIME), Period.MONTH, "")
    line = control_line(figures, IN_TIME, series)
    assert (line.latest, line.target, line.tone) == ("March 47%", "target 60%", Tone.BETTER)
    assert line.remark.replace(SPACE, " ") == "better since February 2018"
    assert line.remark_from is not None
    assert line.points[line.remark_from].month == "2018-02"
    assert line.points[-1].month == "2018-03"  # nothing after the report month


def test_the_biggest_mover_is_sure_and_of_enough_cases() -> None:
    worse = {"movement": Movement.WORSE, "movement_by": MovementBy.YEAR, "movement_is_sure": True}
    rows = [
        *shares(FigureOf("chronologies_good", Period.ROLLING_12), (43, 100), **worse, year_value=0.55),
        *shares(FigureOf("plans_good", Period.ROLLING_12), (40, 100), **worse, year_value=0.70),
        *shares(FigureOf("assessments_good", Period.ROLLING_12), (10, 100), **worse | {
            "movement": Movement.NO_CLEAR_CHANGE}, year_value=0.70),
        *shares(FigureOf("reaudits_improved", Period.ROLLING_12), (1, 10), **worse, year_value=0.90),
    ]  # fmt: skip
    made = quality_page(topic_figures(rows), 11)
    assert made.heading == "Plans graded good or better in audits: 40%, worse than a year ago"


def test_a_topic_that_the_authority_has_no_dataset_of_has_no_page() -> None:
    only = tuple(each for each in MEASURES if each.basis.dataset.id == "return_home_interviews")
    pages = board_pages(material([], measures=only, content=replace(content(), pages=())))
    assert [page.id for page in pages[4:]] == ["interview-funnel", "interviews-over-time", "trust-in-the-figures"]
    assert [page.number for page in pages] == list(range(1, 8))
    tables = [block for page in pages for block in blocks_in(page.blocks) if isinstance(block, DataTable)]
    assert all(any(rows.rows for rows in table.groups) for table in tables)
