"""What the plan says of counting changes the figures it should, and no others."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from perfpipe.compute.compute import compute
from perfpipe.datasets.interview_codes import INTERVIEWS_SETTLE_DAYS
from perfpipe.datasets.interview_rules import MATURE
from perfpipe.datasets.placement_codes import PLACEMENT, PROVIDER
from perfpipe.dates.months import Month
from perfpipe.measures import MEASURES
from perfpipe.measures.checks import problems_of
from perfpipe.measures.definition import Measure
from perfpipe.measures.figure import KEY
from perfpipe.measures.in_force import measures_in_force
from perfpipe.measures.local_choices import AS_USUAL, PLACEMENT_GROUPS, Counting, PlacementGroup, grouping_problems
from perfpipe.measures.placement_groups import group_of
from perfpipe.plan.workbook.counting_sheets import COUNTING_SHEETS
from perfpipe.settings.settings import SettingsError
from perfpipe_sample import PLAN_FILE as SAMPLE_PLAN
from tests import care
from tests.interview_worlds import RHI, missing, world
from tests.plan_builders import PLAN, load
from tests.workspaces import deliver, episode, figures_of, new_workspace, one, placement, spell

MAY = "2018-05"
BACK = {"returned_at": "02/05/2018 10:00", "offered": "Y", "outcome": "accepted"}


Groups = tuple[PlacementGroup, ...]


def in_force(counting: Counting = AS_USUAL, groups: Groups = PLACEMENT_GROUPS) -> dict[str, Measure]:
    return {measure.code: measure for measure in measures_in_force(counting, groups)}


def changed(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
    """The codes of measures that do not have the same figures."""
    columns = ["numerator", "denominator", "value", "state", "provisional"]
    both = before.merge(after, on=[*KEY, "code"], how="outer", suffixes=("", "_now")).map(str)
    differ = pd.concat([both[name] != both[f"{name}_now"] for name in columns], axis=1).any(axis=1)
    return set(both.loc[differ, "code"])


def interviews(folder: Path, counting: Counting, *records: dict[str, object], days: int = 36) -> pd.DataFrame:
    rows = world({MAY: records}, [Month.parse(MAY)], folder, days)
    return compute(rows, [m for m in in_force(counting).values() if m.basis.dataset is RHI])


def of(figures: pd.DataFrame, code: str, period: str = "month", group: str = "all") -> tuple[float, float]:
    chosen = figures[(figures["code"] == code) & (figures["group"] == group) & (figures["period"] == period)]
    assert len(chosen) == 1
    return chosen.iloc[0]["numerator"], chosen.iloc[0]["denominator"]


def test_how_long_interviews_keep_coming_is_one_setting() -> None:
    assert INTERVIEWS_SETTLE_DAYS == AS_USUAL.interviews_settle_days == 28
    assert timedelta(days=INTERVIEWS_SETTLE_DAYS) == MATURE
    assert in_force()["RHI-05"].mature.after_hours == 28 * 24
    (column,) = (each for each in COUNTING_SHEETS[0].columns if each.key == "interviews_settle_days")
    assert column.help.endswith("28 when blank")


def test_without_an_entry_measures_are_what_they_are() -> None:
    for usual, measure in zip(MEASURES, in_force().values(), strict=True):
        for name in ("id", "title", "definition", "periods", "shown"):
            assert getattr(measure, name) == getattr(usual, name)
        assert measure.mature.after_hours == usual.mature.after_hours
        assert measure.basis.made_within_days == usual.basis.made_within_days
    assert measures_in_force(AS_USUAL, PLACEMENT_GROUPS) is measures_in_force(Counting(), PLACEMENT_GROUPS)


def test_any_choice_makes_sound_definitions() -> None:
    counting = Counting(
        interview_not_required=("other",), interviews_settle_days=10, missing_often_episodes=6, caseload_ceiling=20,
        unplanned_reasons=("CLOSE",), caseload_known_days=0,
    )  # fmt: skip
    places = [{"codes": [*PLACEMENT.by_code]}]
    one_group = PlacementGroup.model_validate({"id": "any_place", "title": "Any place", "places": places})
    assert problems_of(measures_in_force(counting, (one_group,))) == []


@pytest.mark.slow
def test_only_listed_reasons_take_a_return_out(tmp_path: Path) -> None:
    rows = [
        missing(1, **BACK, interview_at="03/05/2018 10:00"),
        missing(2, **BACK, rhi_required="N", not_required_reason="died"),
        missing(3, **BACK, rhi_required="N", not_required_reason="aged_18"),
        missing(4, **BACK, rhi_required="N", not_required_reason="other"),
        missing(5, **BACK, rhi_required="Y", not_required_reason="aged_18"),
    ]
    usual = interviews(tmp_path, AS_USUAL, *rows)
    assert of(usual, "RHI-06") == (1, 3)
    assert [of(usual, "RHI-F03", group=reason)[0] for reason in ("died", "aged_18")] == [1, 1]
    ours = Counting(interview_not_required=("other", "died"))
    figures = interviews(tmp_path, ours, *rows)
    assert of(figures, "RHI-06") == (1, 3)  # 3 is in now, and 4 is out
    assert [of(figures, "RHI-F03", group=reason)[0] for reason in ("died", "other")] == [1, 1]
    assert "aged_18" not in set(figures["group"])
    figures = interviews(tmp_path, Counting(interview_not_required=("died",)), *rows)
    assert of(figures, "RHI-06") == (1, 4)
    assert of(figures, "RHI-05") == (1, 4)
    assert of(figures, "RHI-F04")[0] == 4
    other = {"RHI-01", "RHI-01c", "RHI-02", "RHI-11a", "RHI-F01", "RHI-F02", "RHI-F13"}
    assert changed(usual, figures).isdisjoint(other)
    assert in_force(ours)["RHI-F03"].definition == (
        "Returns with rhi_required = N for a listed reason: died, other reason. Any other reason leaves the return in."
    )


@pytest.mark.slow
def test_interviews_settle_after_the_days_of_the_plan(tmp_path: Path) -> None:
    """The extract is made on 6 June, 13:00 here: 35 days and 3 hours after the return."""
    row = missing(1, **BACK, interview_at="03/05/2018 10:00")
    usual = interviews(tmp_path, AS_USUAL, row, days=6)
    for days, settled in ((35, 1), (36, 0)):
        figures = interviews(tmp_path, Counting(interviews_settle_days=days), row, days=6)
        assert of(figures, "RHI-05") == (settled, settled)
        assert changed(usual, figures) <= {"RHI-05", "RHI-07", "RHI-09", "RHI-09p", "RHI-09d", "RHI-10"}
    measures = in_force(Counting(interviews_settle_days=42))
    assert measures["RHI-05"].mature.after_hours == 42 * 24
    assert "at least 42 days old" in measures["RHI-10"].definition


@pytest.mark.parametrize(
    ("least", "times", "number"),
    [(2, "twice", "two"), (3, "three times", "three"), (4, "four times", "four"), (5, "five times", "five"),
     (6, "six times", "six")],
)  # fmt: skip
def test_how_often_is_often_is_said_in_words(least: int, times: str, number: str) -> None:
    measures = measures_in_force(Counting(missing_often_episodes=least), PLACEMENT_GROUPS)
    (measure,) = (each for each in measures if each.id == "missing_often")
    assert measure.title == f"Children missing {times} or more in 90 days"
    assert measure.definition.startswith(f"Different children with {number} or more missing episodes")


@pytest.mark.slow
def test_how_many_episodes_are_often(tmp_path: Path) -> None:
    rows = [missing(n, child_id="A", returned_at=f"0{n}/05/2018 23:00") for n in (1, 2)]
    assert of(interviews(tmp_path, AS_USUAL, *rows), "RHI-02", "last_90_days")[0] == 0
    twice = Counting(missing_often_episodes=2)
    figures = interviews(tmp_path, twice, *rows)
    assert of(figures, "RHI-02", "last_90_days")[0] == 1
    assert changed(interviews(tmp_path, AS_USUAL, *rows), figures) == {"RHI-02"}
    assert in_force(twice)["RHI-02"].title == "Children missing twice or more in 90 days"


def placements(counting: Counting, groups: Groups, *rows: care.Row) -> pd.DataFrame:
    measures = [m for m in in_force(counting, groups).values() if m.basis.dataset.id == "placements"]
    return compute(care.measure_rows([("2017-03", MAY, rows)], MAY, MAY), measures)


def test_which_endings_are_unplanned() -> None:
    rows = [
        care.stay("2018-01-01", "2018-05-03", child_id="A", change_reason_code="ALLEG"),
        care.stay("2018-05-03", child_id="A", new_episode_reason_code="P"),
        care.stay("2018-01-01", "2018-05-04", child_id="B", change_reason_code="CLOSE"),
        care.stay("2018-05-04", child_id="B", new_episode_reason_code="P"),
    ]
    usual = placements(AS_USUAL, PLACEMENT_GROUPS, *rows)
    assert of(usual, "PL-11")[0] == 1
    ours = Counting(unplanned_reasons=("ALLEG", "CLOSE"))
    figures = placements(ours, PLACEMENT_GROUPS, *rows)
    assert of(figures, "PL-11")[0] == 2
    assert changed(usual, figures) == {"PL-11"}
    assert in_force(ours)["PL-11"].definition == (
        "Placements that ended in the month for one of these reasons: allegation (section 47) (ALLEG); resignation of "
        "the carer or closure of the provision (CLOSE)."
    )


def regrouped() -> Groups:
    """As usual, but secure homes by themselves, and another authority's carers with the agencies'."""
    held = {group.id: group.model_dump(by_alias=True) for group in PLACEMENT_GROUPS}
    held["childrens_home"]["places"][0]["codes"] = ("K2",)
    held["foster_ifa"]["places"][0]["providers"] = ("PR2", "PR4", "PR5")
    del held["foster_other_la"]
    secure = {"id": "secure", "title": "Secure homes", "places": [{"codes": ["K1"]}]}
    return tuple(PlacementGroup.model_validate(group) for group in (secure, *held.values()))


def test_groups_of_placements_change_what_is_shown_by_group_and_nothing_else() -> None:
    rows = [
        care.stay("2018-01-01", "2018-05-03", child_id="A", placement_code="K1"),
        care.stay("2018-05-03", child_id="A", placement_code="K2", new_episode_reason_code="P"),
        care.stay("2018-01-01", child_id="B", placement_code="U4", provider_code="PR2"),
        care.stay("2018-01-01", child_id="C", placement_code="U5", provider_code="PR4"),
        care.stay("2018-01-01", child_id="D", placement_code="U6", provider_code="PR1"),
        care.stay("2018-01-01", child_id="E", placement_code="U6", provider_code=None),
        care.stay("2018-01-01", child_id="F", placement_code=None),
    ]
    usual, figures = (placements(AS_USUAL, groups, *rows) for groups in (PLACEMENT_GROUPS, regrouped()))
    [grouped] = in_force(groups=regrouped())["PL-01g"].shown.breakdowns
    shown = {group: of(figures, "PL-01g", "month_end", group)[0] for group in grouped.groups}
    filled = {"foster_inhouse": 1, "foster_ifa": 2, "foster_unknown": 1, "childrens_home": 1, "not_known": 1}
    assert {group: number for group, number in shown.items() if number} == filled
    assert next(iter(shown)) == "secure"
    assert "foster_other_la" not in set(figures["group"])
    assert of(usual, "PL-01s4")[0] == 0  # from K1 to K2 is a move within homes
    assert (of(figures, "PL-01s4", group="childrens_home")[0], of(figures, "PL-01s5", group="secure")[0]) == (1, 1)
    assert changed(usual, figures) == {"PL-01g", "PL-11", "PL-12", *(f"PL-01s{n}" for n in range(1, 8))}
    totals = [frame[frame["breakdown"] == "all"] for frame in (usual, figures)]
    assert changed(*totals) == {"PL-01s4", "PL-01s5"}  # a move is from one group to another


def test_every_code_and_provider_has_its_group_at_any_time() -> None:
    pairs = [(code, provider) for code in PLACEMENT.by_code for provider in (*PROVIDER.by_code, None)]
    place, provider = (pd.Series(column, dtype="str") for column in zip(*pairs, strict=True))
    for month in ("1990-01", "2023-09", "2023-10", "2030-01"):
        found = group_of(place, provider, pd.Series(month, index=place.index))
        assert "not_known" not in set(found)
        assert set(found[place == "P2"]) == {"supported_semi_independent" if month < "2023-10" else "other"}
    place, provider = (pd.Series(pair, dtype="str") for pair in ([None, "U4"], [None, "PR3"]))
    unknown = group_of(place, provider, pd.Series([MAY, MAY]))
    assert list(unknown) == ["not_known", "foster_unknown"]


def independent_living(supported: dict[str, str], other: dict[str, str]) -> list[str]:
    """What is wrong with the usual groups when P2 is supported in some months, and another placement in others."""
    held = {group.id: group.model_dump(by_alias=True) for group in PLACEMENT_GROUPS}
    held["supported_semi_independent"]["places"] = [{"codes": ["H5", "K3"]}, {"codes": ["P2"], **supported}]
    held["other"]["places"] = [{"codes": ["P3", "Z1", "Z11", "Z12", "Z13", "Z14"]}, {"codes": ["P2"], **other}]
    groups = tuple(PlacementGroup.model_validate(group) for group in held.values())
    return [what for _, what in grouping_problems(groups)]


def test_an_entry_holds_in_its_last_month() -> None:
    assert independent_living({"to": "2023-09"}, {"from": "2023-10"}) == []
    [twice] = independent_living({"to": "2023-09"}, {"from": "2023-09"})
    assert twice.startswith("in a group already at the same time: P2 (in 'supported_semi_independent')")
    [without] = independent_living({"to": "2023-08"}, {"from": "2023-10"})
    assert without.startswith("in no group: P2 (from 2023-09)")


def test_an_entry_may_hold_for_one_month_and_not_end_before_it_begins() -> None:
    [without] = independent_living({"from": "2023-09", "to": "2023-09"}, {"from": "2023-10"})
    assert without.startswith("in no group: P2 (before 2023-09)")
    [before] = independent_living({"from": "2023-09", "to": "2023-08"}, {"from": "2023-09"})
    assert before == "2023-08 is before 2023-09; expected that month or a later one"


WRONG = {
    "[counting]\ncaseload_ceiling = true\n": "counting.caseload_ceiling: expected a whole number; found True",
    "[counting]\ncaseload_ceiling = 25.0\n": "counting.caseload_ceiling: expected a whole number; found 25.0",
    "[counting]\nceiling = 25\n": "counting.ceiling: unknown key; did you mean caseload_ceiling?",
    "[counting]\ninterview_not_required = []\n": "counting.interview_not_required: names nothing; expected some of",
    '[[placement_groups]]\nid = "x"\ntitle = "X"\nplaces = [{ codes = ["U1"] }]\n': "in no group: U2, U3",
}


@pytest.mark.parametrize(("text", "told"), WRONG.items(), ids=[text.splitlines()[-1] for text in WRONG])
def test_wrong_entries_are_told_by_key(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)) as caught:
        load(tmp_path, f"{PLAN}\n{text}")
    assert len(caught.value.problems) == 1
    assert re.search(r"plan\.toml, line \d+: ", caught.value.problems[0])


@pytest.mark.soak
@pytest.mark.slow
def test_a_run_counts_as_its_plan_says_and_computes_anew_when_that_changes(tmp_path: Path) -> None:
    workspace = new_workspace(tmp_path)
    workers = [spell("A", "01/01/2015", cases="22"), spell("B", "01/01/2015", cases="26")]
    deliver(workspace, MAY, "social_workers", workers)
    deliver(workspace, MAY, "placements", [placement("C1", "01/02/2018")])
    deliver(workspace, MAY, "return_home_interviews", [episode(1, returned_at="02/05/2018 10:00")])
    given = SAMPLE_PLAN.read_text(encoding="utf-8")
    workspace.plan_file.write_text(given, encoding="utf-8")
    without = given.replace("[counting]\ncaseload_ceiling = 25", "[counting]")
    assert without != given
    usual = figures_of(workspace, MAY)
    workspace.plan_file.write_text(without, encoding="utf-8")
    pd.testing.assert_frame_equal(figures_of(workspace, MAY), usual)
    assert one(usual, "SW-12b", MAY)["value"] == 1
    lower = without.replace("[counting]", "[counting]\ncaseload_ceiling = 20")
    workspace.plan_file.write_text(lower, encoding="utf-8")
    figures = figures_of(workspace, MAY)
    assert one(figures, "SW-12b", MAY)["value"] == 2
    assert changed(usual, figures) == {"SW-12b"}
