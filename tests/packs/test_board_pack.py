"""The content model: states, gaps, markers, targets, the plan, faults, and what cannot be said."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from perfpipe.assess.variation import Verdict, with_variation
from perfpipe.dates.months import month_range
from perfpipe.measures.definition import Period
from perfpipe.packs.content.plan_lines import NOT_SHOWN
from perfpipe.packs.content.series import months_of
from perfpipe.packs.models.blocks import BoardPage, ItemList, Paragraph
from perfpipe.packs.models.pack import MeasurePage, PackContent, Series
from perfpipe.settings.control_limits import NOTHING_DECLARED, ControlLimits, Rebase
from tests import pack_builders as build
from tests.pack_builders import MEASURES


@cache
def content() -> PackContent:
    return build.content()


def page(measure_id: str, pack: PackContent | None = None) -> MeasurePage:
    return next(page for page in (pack or content()).pages if page.measure_id == measure_id)


def words_on(page: BoardPage) -> str:
    """The lists and paragraphs of a page."""
    texts = [text for block in page.blocks if isinstance(block, ItemList) for text in block.items]
    texts += [block.text for block in page.blocks if isinstance(block, Paragraph)]
    return " ".join("".join(each.text for each in text) for text in texts)


def series(measure_id: str) -> Series:
    return page(measure_id).series[0]


def test_every_measure_and_period_has_a_series_of_36_months() -> None:
    assert [page.measure_id for page in content().pages] == [measure.id for measure in MEASURES]
    for shown, measure in zip(content().pages, MEASURES, strict=True):
        charted = measure.periods[: 2 if measure.id == "leavers" else 1]  # the first, and what has a target
        assert [each.period for each in shown.series] == [period.value for period in charted]
        assert len(shown.longer) == len(measure.periods) - len(charted)
        for each in shown.series:
            assert [p.month for p in each.points] == [
                str(month) for month in month_range(build.MONTH - 35, build.MONTH)
            ]


def test_every_page_names_the_command_that_traces_its_figures() -> None:
    pack = content()
    assert page("rhi_within_72h", pack).traced_by == f"perfpipe explain rhi_within_72h {pack.month}"
    assert [each.traced_by.split()[2] for each in pack.pages] == [each.measure_id for each in pack.pages]
    assert "Command to trace the figures" in [note.term for note in pack.notes]


def test_longer_periods_without_a_target_are_lines_of_a_table() -> None:
    (line,) = page("rhi_offered").longer
    assert line.title == "Financial year to month end, Aug 2017"
    assert line.figure.full == series("rhi_offered").latest.figure.full  # made of the same numbers here


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
    assert ": no figure was computed." in words_on(empty.board_pages[0])


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
    assert kinds["new_appointments_month"] == "line"  # it has control limits
    assert kinds["leavers_rolling_12"] == kinds["rhi_within_72h_month"] == "line"


def few_figures(measure_id: str, number: int) -> pd.DataFrame:
    """The builder's frame, in which a measure has its last figures alone."""
    frame = build.assessed().drop(columns=list(Verdict._fields))
    early = (frame["measure_id"] == measure_id) & (frame["month"] < str(build.MONTH - (number - 1)))
    for name, value in build.absent("not_available", "extract missing").items():
        frame.loc[early, name] = value
    return with_variation(frame, MEASURES, NOTHING_DECLARED)


def test_monthly_counts_without_control_limits_are_columns() -> None:
    few = page("new_appointments", build.content(few_figures("new_appointments", 5))).series[0]
    assert few.chart.kind == "columns"
    assert few.variation == "Not judged: fewer than 6 figures"
    assert "No control limits: fewer than 6 figures." in few.chart.caption
    trial = page("new_appointments", build.content(few_figures("new_appointments", 6))).series[0]
    assert trial.chart.kind == "line"
    assert "Trial limits are made from fewer than 12 figures." in trial.chart.caption
    assert "(trial limits)" in trial.finding
    assert [words.split()[0] for _, words in trial.chart.line_labels] == ["Mean", "Trial"]  # the other is below 0


def test_a_chart_with_limits_names_mean_and_limits_and_marks_signals() -> None:
    steady = page("missing_episodes", build.content(build.steady())).series[0]
    chart = steady.chart
    assert steady.variation == "\u25cf Normal variation since January 2017"
    lines = chart.points[-1].lines
    assert lines is not None
    assert chart.axis.top >= lines.upper
    assert [height for height, _ in chart.line_labels] == [lines.mean, lines.lower, lines.upper]
    assert "Shaded: limits of normal variation." in chart.caption
    (outside,) = [point for point in chart.points if point.mark]
    assert (outside.label, outside.mark) == ("Dec 2016", "high")
    assert outside.variation == "\u25b2 Change, high"
    assert "Outside normal variation: \u25b2\u00a0high." in chart.caption
    assert "Outside normal variation in Dec 2016." in chart.alt_text
    assert "Lines at mean " in chart.alt_text


def test_limits_are_drawn_no_lower_than_nothing_and_no_higher_than_all() -> None:
    frame = build.steady()
    whole = frame["mean"].notna() & (frame["measure_id"] == "missing_episodes")
    frame.loc[whole, "lower_limit"] = -5.0
    lines = page("missing_episodes", build.content(frame)).series[0].latest.lines
    assert lines is not None
    assert lines.lower == 0
    offered = frame["measure_id"] == "rhi_offered"
    frame.loc[offered, ["mean", "lower_limit", "upper_limit"]] = [0.9, 0.7, 1.1]
    chart = page("rhi_offered", build.content(frame)).series[0].chart
    assert [height for height, _ in chart.line_labels] == [90.0, 70.0]  # an end of the scale has no name


def test_where_limits_are_refused_a_run_chart_says_why() -> None:
    refused = page("turnover_12_months").series[0]
    assert refused.variation == "Not judged: neighbouring points overlap, so there are no limits"
    assert refused.assurance == "Not judged"
    assert "No control limits: neighbouring points overlap, so there are no limits." in refused.chart.caption
    assert [words.split()[0] for _, words in refused.chart.line_labels] == ["Median"]
    assert all(point.median is not None for point in refused.chart.points)
    assert "Shaded: 95% interval." in series("in_foster_care").chart.caption  # a proportion keeps its interval


def test_a_rebase_is_drawn_with_its_reason() -> None:
    rebase = Rebase.model_validate({"measure": "missing_episodes", "from": "2016-09", "reason": "A new duty team."})
    rebased = page("missing_episodes", build.content(build.steady(ControlLimits((rebase,))))).series[0]
    assert [point.label for point in rebased.chart.points if point.rebased] == ["Sep 2016"]
    assert "Limits are recalculated from Sep 2016: A new duty team." in rebased.chart.caption
    assert len({point.lines.mean for point in rebased.points if point.lines}) == 2


def test_a_low_base_stands_nowhere_alone() -> None:
    retained = page("retained_12_months").series[0]  # of 17
    assert retained.latest.figure.low_base
    assert "low base, 95% interval" in retained.finding
    assert "low base, 95% interval" in retained.chart.alt_text.split("Highest")[1]
    shown = [row.now for group in retained.groups for row in group.rows if row.now.low_base]
    assert shown
    assert all("low base" in figure.alone for figure in shown)
    assert "Upright lines: 95% intervals on a low base." in retained.chart.caption
    assert "Shaded" not in retained.chart.caption
    assert retained.change == "No clear change from a year earlier"  # which was on a low base too


def test_quarters_are_charted_by_the_months_that_end_them() -> None:
    months = months_of(Period.QUARTER, build.MONTH)
    assert [str(month) for month in months[-3:]] == ["2016-12", "2017-03", "2017-06"]
    assert len(months) == 12
    assert len(months_of(Period.MONTH, build.MONTH)) == 36


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
    bare = [line for line in content().plan if line.measure == NOT_SHOWN]
    assert [line.recommendation[-1] for line in bare] == ["2", "4", "5", "6", "7", "8", "9"]
    assert {line.status for line in bare} == {"[z]"}


def test_what_cannot_be_said_names_the_extract_that_is_missing() -> None:
    assert "Workforce, authority level: no extract yet, " in words_on(content().board_pages[0])


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
    findings = {each.period: each.finding for each in page("leavers").series}
    assert "in August 2017" in findings[Period.MONTH]
    assert "in the 12 months to August 2017" in findings[Period.ROLLING_12]


def after_losses(**fields: object) -> PackContent:
    """The pack where the share of interviews offered lost records in its latest month."""
    frame = build.assessed()
    latest = (frame["month"] == "2017-08") & (frame["measure_id"] == "rhi_offered") & (frame["breakdown"] == "all")
    for name, value in fields.items():
        frame.loc[latest, name] = value
    return build.content(frame)


@pytest.mark.slow
def test_what_a_figure_lost_is_said_wherever_it_is_shown() -> None:
    told = "3 of 40 records left out: interview time unreadable"
    pack = after_losses(left_out=3, left_out_of=40, left_out_why="interview time unreadable", status="not_decided")
    shown = page("rhi_offered", pack).series[0]
    assert told in shown.latest.figure.full
    assert "[i]" in shown.latest.figure.marks
    assert shown.latest.figure.alone == shown.latest.figure.full
    assert told in shown.finding
    assert "not decided" in shown.finding or "depends on records left out" in shown.finding
    assert "Not decided, because records are left out: return home interviews offered" in words_on(pack.board_pages[0])
    (line,) = [each for each in pack.plan if each.measure.startswith("RHI-03") or "offered" in each.measure]
    assert line.status.lower() == "not decided"
    few = after_losses(left_out=1, left_out_of=40, left_out_why="interview time unreadable")
    assert page("rhi_offered", few).series[0].latest.figure.left_out == ""
    assert "records are left out" not in words_on(few.board_pages[0])
    some = after_losses(left_out=3, left_out_of=40, left_out_why="interview time unreadable")
    assert "Incomplete, because records are left out: return home interviews offered" in words_on(some.board_pages[0])


def test_a_figure_that_is_withheld_says_why_wherever_it_would_be() -> None:
    why = "10 of 40 records left out: interview time unreadable (most of these cells say N/A)"
    pack = after_losses(left_out=10, left_out_of=40, **build.absent("not_available", why))
    assert why in page("rhi_offered", pack).series[0].latest.figure.full
    assert f"No figure for return home interviews offered: {why}." in words_on(pack.board_pages[0])
