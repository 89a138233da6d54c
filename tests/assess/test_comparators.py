"""Comparators: the right year, only once released, in the measure's own unit, and every fault of the file at once."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfpipe.assess.comparators import Comparators, Comparison, comparison_of, load_comparators, quartile_of
from perfpipe.check.check import check_workspace
from perfpipe.dates.months import Month
from perfpipe.job.fingerprint import fingerprint_of
from perfpipe.job.job import Sources, open_job
from perfpipe.measures import BY_ID, MEASURES
from perfpipe.measures.definition import Period, Polarity
from perfpipe.settings.settings import SettingsError
from perfpipe.settings.workspace import Workspace
from tests.measure_builders import changed
from tests.workspaces import new_workspace

TURNOVER, LOOKED_AFTER, FOSTERED = (BY_ID[x] for x in ("turnover_12_months", "children_looked_after", "in_foster_care"))
OCTOBER_2017 = date(2017, 10, 18)
NEIGHBOURS = [f"N{number}" for number in range(1, 11)]
SETTINGS = """
[comparators]
file = "data/comparators/published.csv"
source = "DfE"
vintage = "April 2026"

[comparators.columns]
own = "Ours"
areas = ["England", "West Midlands"]

[[comparators.neighbours]]
name = "Neighbours"
mean = "SN_mean"
count = "SN_n"

[[comparators.match]]
measure = "turnover_12_months"
period = "rolling_12"
key = "TO"
given_in = "percent"

[[comparators.match]]
measure = "children_looked_after"
period = "month_end"
key = "LACnum"
show = ["own"]

[[comparators.releases]]
year_type = "Annual (end of Sept)"
year = 2016
released = 2017-02-16

[[comparators.releases]]
year_type = "Annual (end of Sept)"
year = 2017
released = 2018-02-15

[[comparators.releases]]
key = "LACnum"
year = 2017
released = 2017-09-28
"""
HEADER = "short,measure,polarity,year_type,year,Ours,West Midlands,England,SN_mean,SN_n\n"
ROWS = """\
TO,Turnover,Low,Annual (end of Sept),2016,17.8,15.4,15.1,16.41,10
TO,Turnover,Low,Annual (end of Sept),2017,13.9,14,13.4,13.87,9
LACnum,Number,-,Annual,2017,620,9490,72610,566.9,10
Other,Not matched,-,Academic Year,2017,c,x,n/a,-,-
"""


def load(root: Path, text: str = HEADER + ROWS, settings: str = SETTINGS) -> Comparators:
    workspace = new_workspace(root)
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write(settings)
    (root / "data" / "comparators").mkdir(parents=True)
    (root / "data" / "comparators" / "published.csv").write_text(text, encoding="utf-8")
    loaded = load_comparators(workspace, workspace.settings(), MEASURES)
    assert loaded is not None
    return loaded


def problems(root: Path, text: str = HEADER + ROWS, settings: str = SETTINGS) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(root, text, settings)
    return [problem.replace(f"{root}/", "") for problem in caught.value.problems]


def beside(
    comparators: Comparators, month: str, known_on: date, measure: object = TURNOVER, period: Period = Period.ROLLING_12
) -> Comparison:
    found = comparison_of(comparators, measure, period, Month.parse(month), known_on, "Exampleshire")  # type: ignore[arg-type]
    assert found is not None
    return found


def shown(comparison: Comparison) -> dict[str, Decimal | None]:
    return {each.who: each.value for each in comparison.values}


def test_on_18_october_2017_the_workforce_comparator_is_2016(tmp_path: Path) -> None:
    found = beside(load(tmp_path), "2017-09", OCTOBER_2017)
    assert (found.year, found.when) == (2016, "2016 (12 months to September 2016)")
    assert shown(found) == {
        "England": Decimal("0.151"),
        "West Midlands": Decimal("0.154"),
        "Neighbours, mean of 10": Decimal("0.1641"),
        "Exampleshire, as published": Decimal("0.178"),
    }
    assert [each.decimals for each in found.values] == [1, 1, 2, 1]
    assert (found.released, found.title, found.key) == (date(2017, 2, 16), "Turnover", "TO")


@pytest.mark.parametrize(("known_on", "year"), [(date(2018, 2, 14), 2016), (date(2018, 2, 15), 2017)])
def test_a_year_is_shown_from_the_day_of_its_release(known_on: date, year: int, tmp_path: Path) -> None:
    assert beside(load(tmp_path), "2018-03", known_on).year == year


def test_a_figure_of_march_2018_stands_beside_the_year_to_september_2017(tmp_path: Path) -> None:
    found = beside(load(tmp_path), "2018-03", date(2018, 4, 6))
    assert found.when == "2017 (12 months to September 2017)"
    assert shown(found)["England"] == Decimal("0.134")
    assert "Neighbours, mean of 9" in shown(found)


@pytest.mark.parametrize(("month", "year"), [("2017-08", 2016), ("2017-09", 2017)])
def test_a_year_that_has_not_ended_by_the_figures_month_is_not_shown_however_late_it_is_known(
    month: str, year: int, tmp_path: Path
) -> None:
    assert beside(load(tmp_path), month, date(2020, 1, 1)).year == year


def test_before_anything_was_released_nothing_is_shown_and_that_is_said(tmp_path: Path) -> None:
    found = beside(load(tmp_path), "2017-01", date(2017, 2, 15))
    assert (found.year, found.values) == (None, ())
    assert found.notes == ("Nothing that was published by 15 February 2017 can stand beside this measure.",)


def test_without_a_stated_release_a_value_is_not_shown_and_that_is_said(tmp_path: Path) -> None:
    more = "TO,Turnover,Low,Annual (end of Sept),2018,18.3,15.8,15.1,15.01,10\n"
    older = "TO,Turnover,Low,Annual (end of Sept),2015,18.3,15.8,15.1,15.01,10\n"
    found = beside(load(tmp_path, HEADER + ROWS + more + older), "2018-12", date(2026, 4, 8))
    assert found.year == 2017
    assert "Not shown, as the settings state no day of release: 2018." in found.notes


def test_a_snapshot_is_beside_the_day_the_year_ended(tmp_path: Path) -> None:
    found = beside(load(tmp_path), "2017-08", OCTOBER_2017, LOOKED_AFTER, Period.MONTH_END)
    assert found.when == "2017 (at the end of March 2017)"
    assert shown(found) == {"Exampleshire, as published": Decimal(620)}


def test_the_release_of_a_key_goes_before_that_of_its_type_of_year(tmp_path: Path) -> None:
    own = '\n[[comparators.releases]]\nkey = "TO"\nyear = 2017\nreleased = 2017-12-01\n'
    assert beside(load(tmp_path, settings=SETTINGS + own), "2018-03", date(2017, 12, 1)).year == 2017


def test_only_what_was_matched_over_that_period_is_compared(tmp_path: Path) -> None:
    comparators, month = load(tmp_path), Month(2017, 9)
    assert comparison_of(comparators, FOSTERED, Period.MONTH_END, month, OCTOBER_2017, "x") is None
    assert comparison_of(comparators, TURNOVER, Period.COHORT, month, OCTOBER_2017, "x") is None


@pytest.mark.parametrize(
    ("given_in", "text", "value", "decimals"),
    [
        ("percent", "15.1", "0.151", 1),
        ("percent", "14", "0.14", 0),
        ("percent", "0.7", "0.007", 1),
        ("percent", "100", "1", 0),
        ("proportion", "0.151", "0.151", 1),
        ("proportion", "0.1", "0.1", 0),
        ("proportion", "1", "1", 0),
    ],
)
def test_percentages_become_proportions_exactly(
    given_in: str, text: str, value: str, decimals: int, tmp_path: Path
) -> None:
    settings = SETTINGS.replace('"percent"', f'"{given_in}"')
    rows = f"TO,Turnover,Low,Annual (end of Sept),2016,-,-,{text},-,10\nLACnum,Number,-,Annual,2017,620,-,-,-,-\n"
    england = beside(load(tmp_path, HEADER + rows, settings), "2017-09", OCTOBER_2017).values[0]
    assert (england.value, england.decimals) == (Decimal(value), decimals)


def test_an_absent_value_is_none_and_the_others_stay(tmp_path: Path) -> None:
    found = beside(load(tmp_path, HEADER + ROWS.replace("2016,17.8,15.4", "2016,-,")), "2017-09", OCTOBER_2017)
    values = shown(found)
    assert values["Exampleshire, as published"] is None
    assert values["West Midlands"] is None
    assert values["England"] == Decimal("0.151")


def test_a_year_without_any_value_gives_way_to_the_one_before(tmp_path: Path) -> None:
    text = ROWS.replace("2017,13.9,14,13.4,13.87,9", "2017,-,-,-,-,-")
    assert beside(load(tmp_path, HEADER + text), "2018-03", date(2018, 4, 6)).year == 2016


def test_a_number_may_have_commas_between_its_thousands(tmp_path: Path) -> None:
    found = load(tmp_path, HEADER + ROWS.replace(",620,", ',"1,620",'))
    assert shown(beside(found, "2017-08", OCTOBER_2017, LOOKED_AFTER, Period.MONTH_END)) == {
        "Exampleshire, as published": Decimal(1620)
    }


def test_nothing_published_and_nothing_at_all_are_two_things(tmp_path: Path) -> None:
    found = load(tmp_path, HEADER + ROWS.replace("2016,17.8,15.4", "2016,0,"))
    values = shown(beside(found, "2017-09", OCTOBER_2017))
    assert (values["Exampleshire, as published"], values["West Midlands"]) == (0, None)


@pytest.mark.parametrize(
    ("year_type", "when"),
    [
        ("Financial Year", "2016 (12 months to March 2016)"),
        ("Annual", "2016 (12 months to March 2016)"),
        ("Annual (end of Sept)", "2016 (12 months to September 2016)"),
    ],
)
def test_types_of_year_end_where_the_national_tool_ends_them(year_type: str, when: str, tmp_path: Path) -> None:
    release = '\n[[comparators.releases]]\nkey = "TO"\nyear = 2016\nreleased = 2017-02-16\n'
    text = HEADER + ROWS.replace("Annual (end of Sept),2016", f"{year_type},2016")
    assert beside(load(tmp_path, text, SETTINGS + release), "2017-09", OCTOBER_2017).when == when


# -- Neighbours ------------------------------------------------------------------------------------------------

EIGHT = [Decimal(x) for x in ("10", "12", "14", "16", "18", "20", "22", "24")]  # quartiles at 13.5, 17 and 20.5


@pytest.mark.parametrize(
    ("own", "low", "high"),
    [("9", "A", "D"), ("13.5", "A", "D"), ("13.6", "B", "C"), ("17", "B", "B"), ("17.1", "C", "B"), ("20.5", "C", "A"),
     ("20.4", "C", "B"), ("20.6", "D", "A"), ("13.4", "A", "D"), ("24", "D", "A")],
)  # fmt: skip
def test_quartiles_by_hand(own: str, low: str, high: str) -> None:
    assert quartile_of(Decimal(own), EIGHT, Polarity.LOWER_IS_BETTER) == low
    if own != "13.5":
        assert quartile_of(Decimal(own), EIGHT, Polarity.HIGHER_IS_BETTER) == high


def test_a_value_on_a_boundary_is_in_the_better_quarter() -> None:
    on_it = Decimal("13.5")
    assert quartile_of(on_it, EIGHT, Polarity.LOWER_IS_BETTER) == "A"
    assert quartile_of(on_it, EIGHT, Polarity.HIGHER_IS_BETTER) == "C"


numbers = st.decimals(0, 100, places=1)


@given(st.lists(numbers, min_size=8, max_size=12), numbers)
def test_a_quartile_turns_with_the_polarity_and_does_not_depend_on_order(others: list[Decimal], own: Decimal) -> None:
    low = quartile_of(own, others, Polarity.LOWER_IS_BETTER)
    assert low == quartile_of(own, others[::-1], Polarity.LOWER_IS_BETTER)
    assert low == quartile_of(-own, [-x for x in others], Polarity.HIGHER_IS_BETTER)
    assert quartile_of(min(others), others, Polarity.LOWER_IS_BETTER) == "A"


MEMBERS = SETTINGS.replace('mean = "SN_mean"\ncount = "SN_n"', f"members = {NEIGHBOURS}")
MEMBERS_HEADER = f"short,measure,polarity,year_type,year,Ours,West Midlands,England,{','.join(NEIGHBOURS)}\n"
LAC_ROW = "LACnum,Number,-,Annual,2017,620,9490,72610" + ",500" * 10 + "\n"


def turnover_row(own: str, values: list[str]) -> str:
    return f"TO,Turnover,Low,Annual (end of Sept),2016,{own},15.4,15.1,{','.join(values)}\n" + LAC_ROW


def test_with_values_of_eight_neighbours_there_is_a_quartile_and_their_mean(tmp_path: Path) -> None:
    values = [*(str(x) for x in EIGHT), "-", "-"]
    found = beside(load(tmp_path, MEMBERS_HEADER + turnover_row("13.5", values), MEMBERS), "2017-09", OCTOBER_2017)
    assert found.quartile == "A"
    assert found.notes == ("Quartile A among 8 neighbours by our own published value; A is best, D worst.",)
    assert shown(found)["Neighbours, mean of 8"] == Decimal("0.170")  # 136 / 8


def test_a_mean_of_our_own_has_one_decimal_more_and_is_rounded_half_up(tmp_path: Path) -> None:
    values = ["10.1"] * 3 + ["10.2"] + ["-"] * 6  # 10.125
    found = beside(load(tmp_path, MEMBERS_HEADER + turnover_row("13.5", values), MEMBERS), "2017-09", OCTOBER_2017)
    mean = next(each for each in found.values if each.who == "Neighbours, mean of 4")
    assert (mean.value, mean.decimals) == (Decimal("0.1013"), 2)


def test_seven_neighbours_are_too_few_for_a_quartile(tmp_path: Path) -> None:
    values = [*(str(x) for x in EIGHT[:7]), "-", "-", "-"]
    found = beside(load(tmp_path, MEMBERS_HEADER + turnover_row("13.5", values), MEMBERS), "2017-09", OCTOBER_2017)
    assert found.quartile == ""
    assert found.notes == ("No quartile: 7 of the neighbours have a value; 8 are needed.",)


def test_without_our_own_published_value_there_is_no_quartile(tmp_path: Path) -> None:
    row = turnover_row("-", ["10"] * 10)
    found = beside(load(tmp_path, MEMBERS_HEADER + row, MEMBERS), "2017-09", OCTOBER_2017)
    assert (found.quartile, found.notes) == ("", ("No quartile: the file has no value of our own for the year.",))


def test_with_the_mean_alone_there_is_no_quartile_and_that_is_said(tmp_path: Path) -> None:
    found = beside(load(tmp_path), "2017-09", OCTOBER_2017)
    assert found.quartile == ""
    assert found.notes == ("No quartile: the file has only the neighbours' mean, not each one's value.",)


def test_where_neighbours_are_not_shown_there_is_no_word_of_a_quartile(tmp_path: Path) -> None:
    settings = MEMBERS.replace('given_in = "percent"', 'given_in = "percent"\nshow = ["areas"]')
    comparators = load(tmp_path, MEMBERS_HEADER + turnover_row("13.5", ["10"] * 10), settings)
    found = beside(comparators, "2017-09", OCTOBER_2017)
    assert (list(shown(found)), found.quartile, found.notes) == (["England", "West Midlands"], "", ())


def test_where_neither_way_is_better_there_is_no_quartile(tmp_path: Path) -> None:
    settings = MEMBERS.replace('show = ["own"]', "")
    comparators = load(tmp_path, MEMBERS_HEADER + turnover_row("13.5", ["10"] * 10), settings)
    found = beside(comparators, "2017-08", OCTOBER_2017, LOOKED_AFTER, Period.MONTH_END)
    assert (found.quartile, found.notes) == ("", ("No quartile: neither high nor low is better.",))


def test_the_neighbours_are_those_of_the_time_that_the_year_ended(tmp_path: Path) -> None:
    newer = '\n[[comparators.neighbours]]\nname = "New set"\nfrom = "2017-09"\nmean = "West Midlands"\n'
    comparators = load(tmp_path, settings=SETTINGS + newer)
    assert "Neighbours, mean of 10" in shown(beside(comparators, "2017-09", OCTOBER_2017))
    assert shown(beside(comparators, "2018-03", date(2018, 4, 6)))["New set, mean"] == Decimal("0.14")


# -- Faults, all in one go ---------------------------------------------------------------------------------------


def test_every_fault_of_the_file_is_told_at_once_with_row_and_column(tmp_path: Path) -> None:
    text = (
        HEADER
        + "TO,Turnover,High,Annual (end of Sept),2016,17.8,15.4 %,15.1,16.41,10\n"
        + "TO,Turnover,Low,Annual (end of Sept),2017,13.9,14,-1,13.87,9\n"
        + "TO,Turnover,Low,Annual (end of Sept),2018,13.9,14,1,13.87,9\n"
        + "TO,Turnover,Low,Annual (end of Sept),2018,13.9,14,1,13.87,9\n"
        + "TO,Turnover,Low,Calendar,2019,13.9,14,1,13.87,9\n"
        + "TO,Turnover,Low,Annual (end of Sept),2016-17,13.9,14,1,13.87,9\n"
        + "\n"
        + "TO,Turnover,Low\n"
    )
    at = "data/comparators/published.csv, row"
    found = problems(tmp_path, text)
    assert found[:-2] == [
        f"{at} 2, column polarity: found 'High', and our turnover_12_months says low: the two do not count alike",
        f"{at} 2, column West Midlands: found '15.4 %'; expected a number such as 15.1, or - for none",
        f"{at} 3, column England: found '-1'; expected at least 0",
        f"{at} 5, column year: 'TO' in 2018 is listed twice; first in row 4",
        f"{at} 6, column year_type: found 'Calendar'; expected one of Financial Year, Annual, Annual (end of Sept), "
        "or another in `year_ends`",
        f"{at} 7, column year: found '2016-17'; expected the year in which it ended, as in 2017",
        f"{at} 9: 3 cells; expected 10, as the header has",
    ]
    unknown = "no row of data/comparators/published.csv has the key 'LACnum'"
    assert [problem.partition(": ")[2] for problem in found[-2:]] == [
        f"comparators.match.1.key: {unknown}",
        f"comparators.releases.2.key: {unknown}",
    ]
    assert all(problem.startswith("perfpipe.toml, line ") for problem in found[-2:])


def test_columns_of_the_settings_and_of_the_file_must_be_the_same(tmp_path: Path) -> None:
    text = HEADER.replace("England", "Engalnd").replace("SN_n", "West Midlands") + ROWS
    found = problems(tmp_path, text)
    assert len(found) == 4
    assert "comparators.columns.areas: no column 'England'; the file's columns are short, measure," in found[0]
    assert "comparators.neighbours.0.count: no column 'SN_n'" in found[1]
    assert found[2].endswith("row 1: unknown column 'Engalnd'; declare it, or name it in `ignore`")
    assert found[3].endswith("row 1: column 'West Midlands' is listed twice")


def test_a_column_that_is_ignored_may_be_there(tmp_path: Path) -> None:
    settings = SETTINGS.replace('own = "Ours"', 'own = "Ours"\nignore = "Notes"')
    text = "\n".join(f"{line},x" for line in (HEADER.replace("\n", ",Notes\n") + ROWS).splitlines()[1:])
    assert load(tmp_path, HEADER.replace("\n", ",Notes\n") + text, settings)


def test_a_missing_file_and_a_wrong_match_are_told_together(tmp_path: Path) -> None:
    settings = SETTINGS.replace("published.csv", "nowhere.csv").replace("turnover_12_months", "turn_over")
    found = problems(tmp_path, settings=settings)
    assert len(found) == 2
    assert found[0].endswith("no measure 'turn_over'; `perfpipe measures` lists them")
    assert found[1] == "data/comparators/nowhere.csv: not found, and `comparators.file` of the settings names it"


def test_check_tells_the_faults_of_the_file_too(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "data" / "comparators" / "published.csv").unlink()
    with pytest.raises(SettingsError, match=r"not found, and `comparators\.file`"):
        check_workspace(Workspace(tmp_path), None, lambda _: None)


@pytest.mark.parametrize("content", [b"\xff\xfe", b'short,"meas\n', b""])
def test_a_file_that_is_no_csv_is_told(content: bytes, tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "data" / "comparators" / "published.csv").write_bytes(content)
    with pytest.raises(SettingsError), open_job(Workspace(tmp_path), Month(2017, 9)):
        pass


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('period = "rolling_12"', 'period = "month"'), "period: expected 'month_end', 'rolling_12' or 'cohort'"),
        (('period = "rolling_12"', 'period = "cohort"'), "period: 'cohort' is not computed; expected one of"),
        (('given_in = "percent"', ""), "given_in: 'number' does not fit a measure shown as percent"),
        (('show = ["own"]', 'given_in = "percent"'), "'percent' does not fit a measure shown as count"),
        (('"TO"\ngiven', '"LACnum"\ngiven'), "'LACnum' is already matched with a different given_in or year_ends"),
        (('"children_looked_after"\nperiod = "month_end"', '"turnover_12_months"\nperiod = "rolling_12"'), "twice"),
        (("released = 2017-02-16", "released = 2016-09-30"), "the year ended on 2016-09-30, and `releases` says"),
        (("released = 2017-02-16", 'released = "soon"'), "releases.0.released:"),
        (('key = "LACnum"\nyear = 2017', "year = 2017"), "releases.2: expected either key or year_type"),
        (('year_type = "Annual (end of Sept)"\nyear = 2017', 'year_type = "Sept"\nyear = 2017'), "is not in year_ends"),
        (("year = 2017\nreleased = 2018-02-15", "year = 2016\nreleased = 2018-02-15"), "of 2016 is listed twice"),
        (('file = "data', 'file = "../data'), "expected a path inside the workspace"),
        (('file = "data', 'file = "/data'), "expected a path inside the workspace"),
        (('file = "data', 'file = "C:\\\\data'), "expected a path inside the workspace"),
        (('mean = "SN_mean"\n', ""), "expected a column with the mean, the members' columns, or both"),
        (('vintage = "April 2026"\n', ""), "comparators.vintage: is missing"),
        (('vintage = "April 2026"\n', 'vintage = "April 2026"\nyear_ends = { "Annual" = 13 }\n'), "year_ends.Annual"),
        (('own = "Ours"', 'own = "Ours"\nyear_type = "kind"'), "no column 'kind'"),
        (
            ("[[comparators.match]]", '[[comparators.neighbours]]\nname = "x"\nmean = "SN_n"\n\n[[comparators.match]]'),
            "1900-01 does not follow 1900-01",
        ),
    ],
)  # fmt: skip
def test_wrong_settings_are_told_with_their_place(change: tuple[str, str], words: str, tmp_path: Path) -> None:
    assert change[0] in SETTINGS
    found = problems(tmp_path, settings=SETTINGS.replace(*change, 1))
    assert any(words in problem for problem in found), found


def test_a_proportion_above_one_is_a_fault_but_a_count_of_neighbours_is_not(tmp_path: Path) -> None:
    found = problems(tmp_path, settings=SETTINGS.replace('"percent"', '"proportion"'))
    assert len(found) == 8  # of four areas in two years
    assert all("expected a proportion, 0 to 1" in problem for problem in found)


def test_a_file_without_types_of_year_has_them_in_the_match(tmp_path: Path) -> None:
    rows = "short,year,England\nTO,2016,15.1\n"
    settings = (
        SETTINGS.partition("[comparators.columns]")[0]
        + '[comparators.columns]\nyear_type = ""\npolarity = ""\ntitle = ""\nareas = { England = "All of England" }\n'
        + '[[comparators.match]]\nmeasure = "turnover_12_months"\nperiod = "rolling_12"\nkey = "TO"\n'
        + 'given_in = "percent"\nyear_ends = 9\n'
        + '[[comparators.releases]]\nkey = "TO"\nyear = 2016\nreleased = 2017-02-16\n'
    )
    found = beside(load(tmp_path / "a", rows, settings), "2017-09", OCTOBER_2017)
    assert (found.when, found.title) == ("2016 (12 months to September 2016)", "TO")
    assert shown(found) == {"All of England": Decimal("0.151")}
    (problem,) = problems(tmp_path / "b", rows, settings.replace("year_ends = 9\n", ""))
    assert problem.endswith("year_ends: is missing, as the file has no column with the type of year")


# -- What the docs and templates say ----------------------------------------------------------------------------

ROOT = Path(__file__).parents[2]


def test_the_example_of_the_how_to_is_read_as_it_stands(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "comparators.md").read_text(encoding="utf-8")
    blocks = [dedent(block) for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)]
    assert len(blocks) == 4
    workspace = new_workspace(tmp_path)
    with open(workspace.settings_file, "a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(blocks))
    (example,) = re.findall(r"```\n( +short.*?)```", page, re.DOTALL)
    (tmp_path / "data" / "comparators").mkdir()
    (tmp_path / "data" / "comparators" / "lait.csv").write_text(dedent(example), encoding="utf-8")
    comparators = load_comparators(workspace, workspace.settings(), MEASURES)
    assert comparators is not None
    assert [each.who for each in beside(comparators, "2017-09", OCTOBER_2017).values] == [
        "England", "Our Region", "Statistical neighbours, mean of 10", "Exampleshire, as published",
    ]  # fmt: skip


def test_the_example_of_the_template_is_read_without_its_marks(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    text = workspace.settings_file.read_text(encoding="utf-8")
    head, mark, rest = text.partition("# [[population]]")
    lines = [line.removeprefix("#").removeprefix(" ") for line in (mark + rest).splitlines()]
    workspace.settings_file.write_text(head + "\n".join(lines), encoding="utf-8")
    settings = workspace.settings()
    assert settings.comparators is not None
    assert settings.comparators.match[0].measure in BY_ID
    assert settings.population[0].children == 75200


# -- What the file decides --------------------------------------------------------------------------------------


def fingerprint(root: Path) -> str:
    with open_job(Workspace(root), Month(2017, 9)) as job:
        return fingerprint_of(job, Sources([], {}, []))


@pytest.mark.soak
def test_a_changed_file_changed_settings_and_a_changed_population_are_another_fingerprint(tmp_path: Path) -> None:
    load(tmp_path)
    path, settings = tmp_path / "data" / "comparators" / "published.csv", tmp_path / "perfpipe.toml"
    seen = [fingerprint(tmp_path), fingerprint(tmp_path)]
    assert seen[0] == seen[1]
    path.write_text(HEADER + ROWS.replace("15.1", "15.2"), encoding="utf-8")
    seen.append(fingerprint(tmp_path))
    settings.write_text(settings.read_text(encoding="utf-8").replace("2018-02-15", "2018-02-16"), encoding="utf-8")
    seen.append(fingerprint(tmp_path))
    with open(settings, "a", encoding="utf-8") as file:
        file.write('\n[[population]]\nfrom = "2016-04"\nchildren = 75200\nsource = "ONS, mid-2016"\n')
    seen.append(fingerprint(tmp_path))
    assert len(set(seen)) == 4


def test_without_comparators_nothing_is_loaded(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    assert load_comparators(workspace, workspace.settings(), MEASURES) is None


def test_a_note_of_the_match_is_shown(tmp_path: Path) -> None:
    settings = SETTINGS.replace('given_in = "percent"', 'given_in = "percent"\nnote = "2016 is of the older census."')
    found = beside(load(tmp_path, settings=settings), "2017-09", OCTOBER_2017)
    assert found.notes[-1] == "2016 is of the older census."


def test_polarities_that_agree_or_are_not_stated_pass(tmp_path: Path) -> None:
    comparators = load(tmp_path, HEADER + ROWS.replace("Low", "NA"))
    assert beside(comparators, "2017-09", OCTOBER_2017).year == 2016
    other = changed(TURNOVER, polarity=Polarity.NEITHER)
    assert beside(comparators, "2017-09", OCTOBER_2017, other).notes == (
        "No quartile: neither high nor low is better.",
    )
