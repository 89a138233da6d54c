"""The content model: states, gaps, markers, targets, the plan, faults, and what cannot be said."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from perfpipe.measures import BY_ID, MEASURES
from perfpipe.measures.definition import Period
from perfpipe.months import month_range
from perfpipe.pack.front import EVIDENCE_ONLY
from perfpipe.pack.model import MeasurePage, PackContent, Series
from tests import pack_builders as build


@cache
def content() -> PackContent:
    return build.content()


def page(measure_id: str, pack: PackContent | None = None) -> MeasurePage:
    return next(page for page in (pack or content()).pages if page.measure_id == measure_id)


def series(measure_id: str) -> Series:
    return page(measure_id).series[0]


def test_every_measure_and_period_has_a_series_of_36_months() -> None:
    assert [page.measure_id for page in content().pages] == [measure.id for measure in MEASURES]
    for shown, measure in zip(content().pages, MEASURES, strict=True):
        assert [each.period for each in shown.series] == [period.value for period in measure.periods]
        for each in shown.series:
            assert [p.month for p in each.points] == [
                str(month) for month in month_range(build.MONTH - 35, build.MONTH)
            ]


def test_the_same_frame_gives_the_same_content_in_any_order_of_rows() -> None:
    frame = build.assessed()
    assert build.content(frame.sample(frac=1, random_state=3)) == build.content(frame)


def test_a_figure_without_a_row_is_not_available_and_never_zero() -> None:
    frame = build.assessed()
    frame = frame[~((frame["measure_id"] == "rhi_offered") & (frame["month"] == "2017-08"))]
    latest = page("rhi_offered", build.content(frame)).series[0].latest
    assert (latest.figure.shown, latest.figure.value, latest.status) == ("[x]", None, "No data")


def test_an_empty_frame_still_makes_a_pack_that_says_so() -> None:
    empty = build.content(build.assessed().iloc[:0])
    assert all(each.latest.figure.marker == "[x]" for page in empty.pages for each in page.series)
    assert len(empty.cannot_be_said) >= len(MEASURES)


def test_states_are_told_apart_in_the_months() -> None:
    shown = {point.month: point.in_words for point in series("rhi_accepted").points}
    assert shown["2016-10"] == "[x] extract missing"
    assert shown["2017-03"] == "[z] nothing to count"
    hidden = {point.month: point.in_words for point in series("retained_12_months").points}
    assert hidden["2016-05"] == "[c] small numbers"
    assert series("new_appointments").latest.in_words == "0"


def test_gaps_of_a_chart_are_named_and_joined_when_alike() -> None:
    chart = series("rhi_accepted").chart
    assert [(gap.last - gap.first + 1, gap.label) for gap in chart.gaps] == [
        (2, "[x]"),
        (1, "[x]"),
        (1, "[z]"),
    ]
    assert all(chart.points[gap.first].figure.plotted is None for gap in chart.gaps)


def test_a_long_gap_says_what_it_is_in_words() -> None:
    frame = build.assessed()
    early = (frame["measure_id"] == "in_foster_care") & (frame["month"] < "2017-04")
    for name, value in build.absent("not_available", "extract missing").items():
        frame.loc[early, name] = value
    chart = page("in_foster_care", build.content(frame)).series[0].chart
    assert [gap.label for gap in chart.gaps] == ["[x] not available"]
    assert len(chart.points) == 24  # the months before the first figure are cut, to no fewer than 24


def test_provisional_and_revised_months_are_marked() -> None:
    points = {point.month: point for point in series("rhi_within_72h").points}
    assert points["2017-08"].figure.marks == ("[p]",)
    assert points["2017-06"].figure.marks == ("[r]",)
    assert "[p] provisional" in series("rhi_within_72h").chart.caption


def test_targets_follow_the_month() -> None:
    points = {point.month: point for point in series("children_looked_after").points}
    assert points["2016-03"].target == "No target"
    assert (points["2016-04"].target, points["2016-04"].target_band) == ("580 to 630", (580.0, 630.0))
    assert series("rhi_within_72h").target_source.endswith("(illustrative)")
    assert series("rhi_within_72h").target_source.count("illustrative") == 1


def test_proportions_are_plotted_as_percentages_on_an_axis_from_zero() -> None:
    chart = series("rhi_within_72h").chart
    latest = chart.points[-1].figure
    assert latest.plotted == pytest.approx(100 * (latest.value or 0))
    assert (chart.axis.bottom, chart.axis.percent) == (0.0, True)
    assert chart.axis.top >= max(p.figure.plotted or 0 for p in chart.points)


def test_an_axis_that_does_not_start_at_zero_says_so() -> None:
    axis = series("children_looked_after").chart.axis
    assert axis.bottom > 0
    assert f"starts at {axis.bottom:g}" in axis.label


def test_kinds_of_chart() -> None:
    kinds = {each.chart.name: each.chart.kind for page in content().pages for each in page.series}
    assert kinds["children_by_placement_group_month_end"] == "groups"
    assert kinds["new_appointments_month"] == "columns"
    assert kinds["new_appointments_rolling_12"] == kinds["rhi_within_72h_month"] == "line"


def test_every_chart_has_words_for_those_who_cannot_see_it() -> None:
    for page_ in content().pages:
        for each in page_.series:
            assert page_.title in each.chart.alt_text
            assert len(each.chart.alt_text) > 80
            assert "nan" not in each.chart.alt_text


def test_groups_show_zero_as_zero_and_a_missing_group_as_missing() -> None:
    frame = build.assessed()
    gone = (frame["group"] == "temporary") & (frame["month"] == "2017-08")
    table = page("children_by_placement_group", build.content(frame[~gone])).series[0].groups[0]
    shown = {row.label: row.now.shown for row in table.rows}
    assert shown["Temporary, placement not known"] == "[x]"
    assert shown["Not known"] == "0"
    assert len(shown) == 13


def test_the_plan_names_every_recommendation_and_topic() -> None:
    names = list(dict.fromkeys(line.recommendation for line in content().plan))
    assert names == [*(f"Recommendation {n}" for n in range(1, 10)), "Scrutiny topic"]
    bare = [line for line in content().plan if line.measure == EVIDENCE_ONLY]
    assert [line.recommendation[-1] for line in bare] == ["2", "4", "5", "6", "7", "8", "9"]
    assert {line.status for line in bare} == {"[z]"}


def test_what_cannot_be_said_names_missing_extracts_and_figures() -> None:
    said = " ".join(content().cannot_be_said)
    assert "Workforce, authority level" in said
    assert "Children who went missing in the month: not available [x]" in said


def test_a_missing_extract_names_the_measures_it_takes() -> None:
    extracts = build.delivered()
    extracts.loc[extracts["dataset"] == "placements", ["state", "extracted_at"]] = ["missing", pd.NaT]
    lines = build.content(extracts=extracts).cannot_be_said
    expected = "The extract 'Placements of children looked after' for August 2017 is missing; PL-01, "
    assert lines[0].startswith(expected)


def test_need_to_know_has_every_heading_even_without_a_measure() -> None:
    empty = build.content(build.assessed().iloc[:0])
    headings = {remark.heading: remark.text for remark in empty.need_to_know}
    assert headings["Target missed"] == "None"
    assert set(headings) == {remark.heading for remark in content().need_to_know}


def test_faults_are_ordered_by_severity_and_name_the_measures_by_code() -> None:
    assert [fault.severity for fault in content().faults] == ["exclude", "exclude", "warn", "info"]
    effects = [fault.effect for fault in content().faults]
    assert effects[0] == "Rows left out of every measure of 'Children's social workers'"
    assert effects[1] == "Rows left out of RHI-05 and RHI-06"


def test_times_are_shown_as_in_london() -> None:
    assert content().known_at == "6 September 2017, 12:00"  # 11:00 UTC, in summer time
    placements = next(line for line in content().extracts if line.dataset.startswith("Placements"))
    assert placements.extracted_at == "5 September 2017, 00:05"


def test_a_new_definition_version_is_said_in_the_month_it_begins() -> None:
    frame = build.assessed()
    frame.loc[(frame["measure_id"] == "in_foster_care") & (frame["month"] >= "2017-05"), "definition_version"] = 2
    words = {p.month: p.in_words for p in page("in_foster_care", build.content(frame)).series[0].points}
    assert words["2017-05"].endswith("definition version 2 from here")
    assert "definition version" not in words["2017-06"]


def test_the_period_is_part_of_the_finding() -> None:
    findings = {each.period: each.finding for each in page("new_appointments").series}
    assert "in August 2017" in findings[Period.MONTH]
    assert "in the 12 months to August 2017" in findings[Period.ROLLING_12]


def test_the_builder_covers_every_measure() -> None:
    assert set(build.assessed()["measure_id"]) == set(BY_ID)
