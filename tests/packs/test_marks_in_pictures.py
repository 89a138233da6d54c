"""Pictures read with a ruler: every dot, bar and point stands at the number that is written beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from perfpipe.compute.staying_curve import StayingPoint
from perfpipe.dates.months import Month
from perfpipe.measures.definition import Period
from perfpipe.packs.charts.svg import svg_of
from perfpipe.packs.content.pages.flow_and_stability import flow_page
from perfpipe.packs.content.pages.new_social_workers import new_workers_page
from perfpipe.packs.content.pages.stock_bridge import MONTHS
from perfpipe.packs.content.pages.topic_figures import FigureOf
from perfpipe.packs.content.pages.where_children_live import LAYERS, OTHERS, where_page
from perfpipe.packs.models.blocks import Picture
from perfpipe.packs.models.drawings import Drawing
from tests import drawing_builders as build
from tests.packs.test_topic_pages import a_stock, a_year
from tests.page_builders import MARCH
from tests.picture_reading import Drawn, misread, number_of
from tests.topic_builders import counted, pictures, shares, topic_figures

ESTIMATES = [FigureOf(f"retention_estimate_{months}_months", Period.COHORT) for months in (6, 12)]


def wrong(drawing: Drawing, like: str) -> list[str]:
    _, width, height = build.DRAWINGS[like]
    return misread(drawing, svg_of(drawing, width, height))


def read(picture: Picture) -> list[str]:
    return misread(picture.drawing, svg_of(picture.drawing, picture.width, picture.height))


@pytest.mark.parametrize("name", build.DRAWINGS)
def test_every_mark_stands_at_the_number_beside_it(name: str) -> None:
    assert wrong(build.DRAWINGS[name][0], name) == []


def test_a_dot_at_another_place_is_found() -> None:
    dots = build.DOTS
    moved = replace(dots.rows[1], value=10.9)
    assert wrong(replace(dots, rows=(dots.rows[0], moved, *dots.rows[2:])), "dots") == ["England (March 2017)"]


def test_a_now_or_then_at_another_place_is_found() -> None:
    both = build.DUMBBELLS
    for moved in (replace(both.rows[1], now=69), replace(both.rows[1], then=84)):
        found = wrong(replace(both, rows=(both.rows[0], moved, *both.rows[2:])), "dumbbells")
        assert len(found) == 1


def test_a_step_of_another_height_or_that_begins_elsewhere_is_found() -> None:
    bridge = build.bridge()
    step = bridge.steps[2]
    for moved, name in (
        (replace(step, top=step.top - 3), step.shown), (replace(step, top=step.top + 3, bottom=step.bottom + 3), "−63"),
        (replace(step, shown="−53"), "−53"),
    ):  # fmt: skip
        assert name in wrong(replace(bridge, steps=(*bridge.steps[:2], moved, *bridge.steps[3:])), "bridge")
    last = replace(bridge.steps[-1], shown="655")
    assert wrong(replace(bridge, steps=(*bridge.steps[:-1], last)), "bridge") == ["655"]


def test_a_point_of_a_curve_at_another_height_is_found() -> None:
    curve = build.SURVIVAL
    steps = tuple(replace(each, share=each.share - 3) if each.months == 12 else each for each in curve.steps)
    assert wrong(replace(curve, steps=steps), "survival") == ["81% after a year"]


def test_a_bar_of_another_length_is_found() -> None:
    funnel = build.FUNNEL
    moved = replace(funnel.steps[2], count=52)
    assert wrong(replace(funnel, steps=(*funnel.steps[:2], moved, *funnel.steps[3:])), "funnel") == ["49"]


def test_a_newest_point_at_another_height_is_found() -> None:
    line = build.CONTROL
    points = (*line.points[:-1], replace(line.points[-1], figure=build.figure(49.0)))
    assert wrong(replace(line, points=points), "control") == ["March 47%"]
    panels = build.AREAS
    moved = replace(panels.panels[1], values=(*panels.panels[1].values[:-1], 21.0))
    assert wrong(replace(panels, panels=(panels.panels[0], moved)), "area") == ["18%"]


def test_the_bridge_on_its_page_says_the_sums_of_the_figures_of_twelve_months() -> None:
    rows = list(a_year())
    picture = pictures(flow_page(topic_figures(rows), 8))["stock-bridge-chart"]
    assert read(picture) == []
    by_key = {row.key: row.value or 0.0 for row in rows}
    keys = [key for key in picture.keys if key in by_key]
    assert len(keys) == len(set(keys)) == MONTHS * 11  # what is summed is named, each once

    def total(measure: str, *groups: str) -> float:
        return sum(by_key[key] for key in keys if key[0] == measure and key[4] in groups)

    drawn = Drawn(svg_of(picture.drawing, picture.width, picture.height))
    numbers = [number_of(each.words.replace("+", "")) for each in drawn.texts if each.bold][:-1]  # not the bracket's
    ended = ("returned_home", "independent", "special_guardianship", "adopted")
    first, last = str(MARCH - 11), str(MARCH)
    assert numbers == [
        by_key["stock_opening", first, "month", "all", "all"],
        total("stock_started", "all"),
        *(-total("stock_ended", group) for group in ended),
        -total("stock_ended", "other", "not_known"),
        total("stock_late", "all"),
        by_key["stock_closing", last, "month", "all", "all"],
    ]
    assert number_of(drawn.texts[-1].words.partition(": ")[2]) == total("stock_ended", "all")


def test_groups_of_the_stock_say_their_figures_and_all_other_the_sum_of_the_rest() -> None:
    rows = list(a_stock())
    page = pictures(where_page(topic_figures(rows), 7))
    by_key = {row.key: row.value or 0.0 for row in rows}
    named = {label: group for group, label, _ in LAYERS}
    for name in ("where-children-live-chart", "placement-groups-chart"):
        picture = page[name]
        assert read(picture) == []
        last = {key[4]: by_key[key] for key in picture.keys if key[1] == str(MARCH) and key[4] != "all"}
        rest = {group: number for group, number in last.items() if group not in named.values()}
        assert len(rest) > 1
        drawn = Drawn(svg_of(picture.drawing, picture.width, picture.height))
        said = [each.words for each in drawn.texts]
        if name == "where-children-live-chart":
            assert {f"{label} {last[group]:,.0f}" for label, group in named.items()} <= set(said)
            assert f"{OTHERS} {sum(rest.values()):,.0f}" in said
            assert f"{sum(last.values()):,.0f} in all" in said
        else:  # beside the newest points, from the left
            bold = sorted((each for each in drawn.texts if each.bold and each.words.isdigit()), key=lambda each: each.x)
            assert [number_of(each.words) for each in bold] == [
                *(last[group] for group in named.values()),
                sum(rest.values()),
            ]


def test_the_curve_on_its_page_stands_at_the_figures() -> None:
    rows = [*shares(ESTIMATES[0], (9, 10)), *shares(ESTIMATES[1], (3, 4))]
    points = tuple(
        StayingPoint(months, 1.0 if months < 4 else 0.9 if months < 10 else 0.75, 0.5, 0.95, 20 - months)
        for months in range(13)
    )
    picture = pictures(new_workers_page(replace(topic_figures(rows), staying=points), 9))["staying-curve"]
    assert read(picture) == []
    drawn = Drawn(svg_of(picture.drawing, picture.width, picture.height))
    assert [each.words for each in drawn.texts if each.bold] == ["6 months 90%", "12 months 75%"]
    scale = drawn.upwards()
    assert [round(scale(disc.y)) for disc in drawn.discs] == [90, 75]
    at_risk = [each.words for each in drawn.texts if each.y == max(one.y for one in drawn.texts)]
    assert at_risk == ["20", "14", "8"]  # in months 0, 6 and 12


def test_dots_of_the_retained_stand_at_their_figures() -> None:
    of = [FigureOf(f"retained_{months}_months", Period.COHORT) for months in (6, 12, 24)]
    rows = [
        row for each, counts in zip(of, ((55, 61), (50, 61), (37, 68)), strict=True) for row in shares(each, counts)
    ]
    rows += list(counted(FigureOf("new_appointments", Period.ROLLING_12), 67))
    picture = pictures(new_workers_page(topic_figures(rows, month=Month(2018, 3)), 9))["retained-chart"]
    assert read(picture) == []
    drawn = Drawn(svg_of(picture.drawing, picture.width, picture.height))
    scale = drawn.across()
    assert [round(scale(disc.x), 1) for disc in drawn.discs] == [90.2, 82.0, 54.4]
