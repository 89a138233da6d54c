"""What people type: months and days in other forms than asked for, groups and periods of a measure."""

from __future__ import annotations

import pytest

from perfpipe.cli.words import day_of, month_meant, month_of
from perfpipe.dates.months import Month
from perfpipe.measures import MEASURES
from perfpipe.measures.definition import Period
from perfpipe.questions.explain_figure import group_named, periods_named
from perfpipe.settings.settings import SettingsError

RHI_05 = next(each for each in MEASURES if each.code == "RHI-05")


@pytest.mark.parametrize(
    "typed",
    ["2018-3", "2018/03", "201803", "03/2018", "3-2018", "March 2018", "Mar-18", "mar 2018", "2018 March", "“2018-3”",
     "2018-03-31", "March, 2018"],
)  # fmt: skip
def test_another_form_of_a_month_is_proposed_and_not_taken(typed: str) -> None:
    assert month_meant(typed) == Month(2018, 3)
    with pytest.raises(SettingsError, match="write the month as 2018-03"):
        month_of(typed)


@pytest.mark.parametrize("typed", ["", "March", "2018", "13/2018", "2018-00", "last", "ma 2018", "maybe 2018"])
def test_what_could_be_any_month_is_not_guessed(typed: str) -> None:
    assert month_meant(typed) is None
    with pytest.raises(SettingsError, match="is not a month; expected YYYY-MM"):
        month_of(typed)


def test_a_day_in_british_form_is_told_how_to_be_written() -> None:
    with pytest.raises(SettingsError, match="write 31/03/2018 as 2018-03-31"):
        day_of("14/06/2017")


def test_a_group_is_named_by_its_breakdown_or_alone_where_that_is_clear() -> None:
    for name in ("in", "area:in", "AREA: in"):
        breakdown, group = group_named(RHI_05, name)
        assert (breakdown.id, group) == ("area", "in")
    with pytest.raises(SettingsError, match="several breakdowns; say which: looked_after:not_known or area:not_known"):
        group_named(RHI_05, "not_known")
    with pytest.raises(SettingsError, match="no group 'inn'; did you mean area:in"):
        group_named(RHI_05, "inn")


def test_a_period_is_one_of_the_measure_s_that_has_a_figure_for_the_month() -> None:
    march = Month(2018, 3)
    assert periods_named(RHI_05, march, "rolling 12", split=False) == [Period.ROLLING_12]
    assert periods_named(RHI_05, march, "", split=False) == list(RHI_05.periods)
    with pytest.raises(SettingsError, match="RHI-05: no period 'yearly'"):
        periods_named(RHI_05, march, "yearly", split=False)
    with pytest.raises(SettingsError, match="a quarter ends in March, June, September or December"):
        periods_named(RHI_05, Month(2018, 2), "quarter", split=False)
