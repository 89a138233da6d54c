"""What is wrong with a definition is told before data is read; and which months a figure covers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from perfpipe import measures
from perfpipe.dates.months import Month
from perfpipe.measures import BY_ID, MEASURES
from perfpipe.measures.checks import problems_of
from perfpipe.measures.counts import Estimate, Statistic, Unit
from perfpipe.measures.definition import Measure, Period, Table, last_of_each
from perfpipe.measures.placement_groups import placed_in
from perfpipe.measures.where_defined import where_defined
from tests.measure_builders import changed

COUNT, SHARE, EVENTS = BY_ID["children_looked_after"], BY_ID["in_foster_care"], BY_ID["missing_episodes"]


def alone(measure: Measure, **changes: object) -> list[str]:
    """The problems of one changed definition, without what it says of other measures."""
    return problems_of((changed(measure, same_total_as=None, table=None, **changes),))


def test_the_catalogue_has_no_problem() -> None:
    assert problems_of(MEASURES) == []


@pytest.mark.parametrize(
    ("measure", "changes", "said"),
    [
        (COUNT, {"id": "Children"}, "the id must be lower_case words"),
        (COUNT, {"id": "all"}, "the id must be lower_case words"),
        (COUNT, {"title": " "}, "title is empty"),
        (COUNT, {"owner": ""}, "owner is empty"),
        (COUNT, {"title": "TBD"}, "title: expected a text in words, not a placeholder; found 'TBD'"),
        (COUNT, {"owner": "-"}, "owner: expected a text in words, not a placeholder; found '-'"),
        (COUNT, {"definition": "TODO"}, "definition: expected a text in words, not a placeholder; found 'TODO'"),
        (COUNT, {"definition": "todo: count them"}, "definition: expected a text in words"),
        (COUNT, {"source": "tbc"}, "source: expected a text in words, not a placeholder; found 'tbc'"),
        (COUNT, {"source": "to be confirmed"}, "source: expected a text in words"),
        (COUNT, {"why_it_matters": "."}, "why_it_matters: expected a text in words, not a placeholder; found '.'"),
        (COUNT, {"why_it_matters": "Children matter"}, "why_it_matters: expected why it matters, in at least 3 words"),
        (COUNT, {"unit": Unit.PERCENT}, "a count has no denominator"),
        (SHARE, {"unit": Unit.COUNT}, "a count has no denominator"),
        (SHARE, {"numerator": lambda rows: rows["nowhere"]}, "numerator: unknown column 'nowhere'; expected one of "),
        (
            SHARE,
            {"numerator": lambda rows: rows["plcement_code"] == "U1"},
            "numerator: unknown column 'plcement_code'; did you mean placement_code",
        ),
        (SHARE, {"numerator": lambda rows: rows[["placement_code", "agee"]].any(axis=1)}, "unknown column 'agee'"),
        (
            SHARE,
            {"numerator": lambda rows: rows.nowhere},
            "numerator: cannot be evaluated on empty rows: AttributeError",
        ),
        (SHARE, {"not_yet_due": lambda rows: rows["nowhere"]}, "not_yet_due: unknown column 'nowhere'"),
        (
            COUNT,
            {"needs": ("leggal_status_code",)},
            "needs: unknown column 'leggal_status_code'; did you mean legal_",
        ),
        (COUNT, {"distinct": "nobody"}, "distinct: unknown column 'nobody'"),
        (COUNT, {"weight": "fte"}, "weight: unknown column 'fte'"),
        (COUNT, {"numerator_weight": "cases"}, "numerator_weight: unknown column 'cases'"),
        (EVENTS, {"month_of": "gone_at"}, "month_of: unknown column 'gone_at'"),
        (COUNT, {"breakdowns": EVENTS.shown.breakdowns}, "breakdowns: unknown column 'looked_after'"),
        (SHARE, {"statistic": Statistic(("hours",), lambda _: Estimate(1.0))}, "statistic: unknown column 'hours'"),
        (EVENTS, {"periods": (Period.MONTH, Period.LAST_90_DAYS)}, "last_90_days is for events"),
        (COUNT, {"periods": (Period.LAST_90_DAYS,)}, "last_90_days is for events"),
        (COUNT, {"periods": ()}, "periods are (); expected one or more of month, month_end, last_90_days"),
        (COUNT, {"periods": None}, "periods are None; expected one or more of month"),
        (COUNT, {"periods": "month"}, "periods are 'month'; expected one or more of month"),
    ],
)
def test_a_broken_definition_is_told(measure: Measure, changes: dict[str, object], said: str) -> None:
    problems = alone(measure, **changes)
    assert len(problems) == 1
    assert said in problems[0]
    assert "measure " in problems[0]


def test_all_that_cannot_be_evaluated_is_told_at_once() -> None:
    """One repair at a time would take as many starts as there are faults."""
    problems = alone(
        SHARE,
        numerator=lambda rows: rows["plcement_code"] == "U1",
        denominator=lambda rows: rows["legal_statuss"].notna(),
        needs=("sex", "genderr"),
        distinct="chid_id",
    )
    told = [problem.partition("): ")[2].partition(";")[0] for problem in problems]
    assert told == [
        "numerator: unknown column 'plcement_code'",
        "denominator: unknown column 'legal_statuss'",
        "needs: unknown column 'sex'",
        "needs: unknown column 'genderr'",
        "distinct: unknown column 'chid_id'",
    ]


def test_one_condition_for_both_ends_of_a_share_is_told_once() -> None:
    def both(rows: pd.DataFrame) -> pd.Series:
        return rows["casses"] > 0

    (problem,) = alone(SHARE, numerator=both, denominator=both)
    assert "numerator and denominator: unknown column 'casses'" in problem


def test_short_titles_and_reasons_of_three_words_are_definitions() -> None:
    assert alone(COUNT, title="Turnover", why_it_matters="Every child matters", source="DfE", owner="Xander") == []


@pytest.mark.slow
def test_two_measures_share_neither_id_nor_code() -> None:
    (problem,) = problems_of((COUNT, replace(COUNT, id="another", title="Another")))
    assert problem == "measure another (PL-01): 'PL-01' is already used by children_looked_after"
    assert len(problems_of((COUNT, COUNT))) == 2


def test_two_measures_on_pages_or_in_one_table_share_no_title() -> None:
    said = "title: ' children looked After' is already the title of children_looked_after; say how they differ"
    other = replace(COUNT, id="another", code="X", title=" children looked After")
    assert COUNT.title == "Children looked after"
    assert problems_of((COUNT, other)) == [f"measure another (X): {said}"]
    opening, late = BY_ID["stock_opening"], BY_ID["stock_late"]
    alike = [changed(each, table=Table("t", "T", ""), same_total_as=None) for each in (opening, late)]
    (problem,) = problems_of((alike[0], replace(alike[1], title=opening.title)))
    assert "is already the title of stock_opening" in problem
    elsewhere = changed(late, table=Table("u", "U", ""), same_total_as=None)
    assert problems_of((alike[0], replace(elsewhere, title=opening.title))) == []


def test_a_placement_code_that_is_not_on_the_list_is_refused() -> None:
    (problem,) = alone(SHARE, numerator=placed_in("U1", "U9"))
    assert problem.endswith("ValueError: placed_in: no placement code 'U9'")


@pytest.mark.parametrize("changes", [{"left_out_by": ("x",)}, {"needs": ("x",)}, {"definition": "TODO"}])
@pytest.mark.parametrize("name", ["in_foster_care", "funnel_children_due", "retained_12_months", "stock_late"])
def test_a_problem_names_the_file_and_line_of_the_definition(name: str, changes: dict[str, object]) -> None:
    problem, *_ = alone(BY_ID[name], **changes)
    place, _, said = problem.partition(": ")
    file, _, line = place.rpartition(" line ")
    assert said.startswith(f"measure {name} (")
    source = (Path(measures.__file__).parents[1] / file).read_text(encoding="utf-8").splitlines()
    near = "".join(source[int(line) - 1 : int(line) + 4])
    assert f'"{name}"' in near or 'f"' in near


@pytest.mark.soak
@pytest.mark.slow
def test_every_measure_is_found_in_its_file() -> None:
    assert [measure.id for measure in MEASURES if not where_defined(measure)] == []
    assert where_defined(replace(COUNT, id="nowhere")) == ""


def test_what_a_measure_says_of_others_must_be_there() -> None:
    sums = Table("t", "T", "", (("whole", ("one", "-other")),))
    problems = problems_of((COUNT, changed(COUNT, id="whole", code="X", table=sums, same_total_as="nobody")))
    assert [problem.rpartition(" ")[2] for problem in problems] == ["'nobody'", "'one'", "'other'"]


@pytest.mark.parametrize(
    ("period", "month", "first", "count"),
    [
        (Period.MONTH, "2017-05", "2017-05", 1),
        (Period.MONTH_END, "2017-05", "2017-05", 1),
        (Period.QUARTER, "2017-06", "2017-04", 3),
        (Period.QUARTER, "2018-03", "2018-01", 3),
        (Period.YEAR_TO_DATE, "2017-04", "2017-04", 1),
        (Period.YEAR_TO_DATE, "2018-03", "2017-04", 12),
        (Period.LAST_90_DAYS, "2017-04", "2017-01", 4),  # 90 days to 30 April begin on 31 January
        (Period.ROLLING_12, "2017-02", "2016-03", 12),  # definitions 2.2: they start on 1 March 2016
    ],
)
def test_the_months_that_a_figure_covers(period: Period, month: str, first: str, count: int) -> None:
    months = period.months_to(Month.parse(month))
    assert (str(months[0]), str(months[-1]), len(months)) == (first, month, count)


def test_a_quarter_has_a_figure_only_for_the_month_that_ends_it() -> None:
    assert [month for month in range(1, 13) if Period.QUARTER.months_to(Month(2017, month))] == [3, 6, 9, 12]


def test_how_far_back_a_measure_looks() -> None:
    assert replace(EVENTS, periods=(Period.MONTH,)).reach == 1
    assert replace(EVENTS, periods=(Period.MONTH, Period.QUARTER)).reach == 3
    assert replace(EVENTS, periods=(Period.MONTH, Period.YEAR_TO_DATE)).reach == 12
    assert COUNT.reach == 1
    assert BY_ID["stock_opening"].reach == 2
    assert BY_ID["adopters_stage_1_in_time"].reach == 14  # 12 months, and 2 by which a stage falls due after its end
    assert BY_ID["retained_24_months"].reach == 37


def test_a_count_is_divided_by_nothing() -> None:
    assert COUNT.counts.is_count
    assert not SHARE.counts.is_count
    assert not BY_ID["children_looked_after_rate"].counts.is_count


def test_of_rows_that_are_alike_the_last_stays_and_blanks_come_first() -> None:
    rows = pd.DataFrame({"who": ["a", "a", "b", "b"], "at": [2.0, 1.0, float("nan"), 5.0]}, index=[7, 8, 9, 10])
    assert last_of_each(rows, ["who"], ["at"]).index.tolist() == [7, 10]
